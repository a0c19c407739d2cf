"""Measure extraction and tagging on labelled data, and hold the floors of tools/floors.toml.

    python tools/evaluate.py DATA [--raise] [--floors FILE]

DATA is a folder with extract/ (text/, html/, gold.jsonl), tag/ (*.jsonl) and the two scorers; where
it is not there, this says so and ends well. A floor is never lowered silently: --raise lifts those
that were passed and sets those that are missing, and nothing but an edit lowers one.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.toml"
LOWER_IS_BETTER = ("wrong", "leak", "junk", "byline_fp", "agency_fp")
ABOUT = """\
# The quality that may not be lost, by kind: what the labelled data gave when it was last raised.
# corpus*: tests/corpus, see score_corpus.py. Those of text captures were lowered once, with decision 22: the
# reading before it had been made over these very captures.

"""

Figures = dict[str, dict[str, float]]


def main(arguments: list[str]) -> int:
    """Print each figure beside its floor; give 1 where one is missed."""
    parser = argparse.ArgumentParser(description="Measure quality against its floors.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--raise", dest="lift", action="store_true", help="lift the floors that were passed")
    parser.add_argument("--floors", type=Path, default=FLOORS)
    given = parser.parse_args(arguments)
    if not given.data.is_dir():
        print(f"evaluate: no labelled data at {given.data}, nothing was measured")
        return 0
    figures = {**extraction(given.data), **tagging(given.data)}
    floors: Figures = tomllib.loads(given.floors.read_text("utf-8")) if given.floors.exists() else {}
    own = {kind: row for kind, row in floors.items() if not kind.startswith("corpus")}  # see score_corpus.py
    missed = list(compare(figures, own))
    if given.lift:
        write_floors(given.floors, {**floors, **lifted(figures, own)})
    for told in missed:
        print(f"evaluate: {told}", file=sys.stderr)
    return 1 if missed else 0


def compare(figures: Figures, floors: Figures) -> Iterator[str]:
    """Print each figure beside its floor, and name those that miss it or that were not measured."""
    for kind, row in figures.items():
        for name, value in row.items():
            floor = floors.get(kind, {}).get(name)
            holds = floor is None or not _is_worse(name, value, floor)
            told = "-" if floor is None else f"{floor}{'' if holds else '  MISSED'}"
            print(f"{kind:20} {name:12} {value:8.3f}  floor {told}")
            if not holds:
                yield f"{kind} {name} is {value}, its floor is {floor}"
    for kind, row in floors.items():
        for name in row:
            if name not in figures.get(kind, {}):
                yield f"{kind} {name} has a floor and was not measured"


def lifted(figures: Figures, floors: Figures) -> Figures:
    """Give the floors with those raised that were passed, and those added that are missing."""
    result = {kind: dict(row) for kind, row in floors.items()}
    for kind, row in figures.items():
        for name, value in row.items():
            floor = result.setdefault(kind, {}).setdefault(name, value)
            if not _is_worse(name, value, floor):
                result[kind][name] = value
    return result


def write_floors(path: Path, floors: Figures) -> None:
    """Write floors, a table for each kind."""
    path.write_text(ABOUT + "".join(_table(*pair) for pair in floors.items()), "utf-8")


def _is_worse(name: str, value: float, floor: float) -> bool:
    return value > floor if name in LOWER_IS_BETTER else value < floor


def _table(kind: str, row: dict[str, float]) -> str:
    return "\n".join([f"[{kind}]", *(f'"{name}" = {value}' for name, value in row.items()), "", ""])


def extraction(data: Path) -> Figures:
    """Give the figures of each kind of document."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as shown:
        folders = [str(data / "extract" / name) for name in ("text", "html")]
        subprocess.run([sys.executable, "-m", "feeds", "show", "--json", *folders], stdout=shown, check=False)
        shown.flush()
        out = _run(data / "score_extract.py", shown.name)
    rows = (line.partition(" ") for line in out.splitlines() if "{" in line)
    return {kind: _numbers(json.loads(row)) for kind, _, row in rows}


def tagging(data: Path) -> Figures:
    """Give the figures of countries and topics on each set."""
    figures: Figures = {}
    for gold in sorted((data / "tag").glob("*.jsonl")):
        with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as tagged, gold.open() as articles:
            subprocess.run([sys.executable, "-m", "feeds", "tag"], stdin=articles, stdout=tagged, check=True)
            tagged.flush()
            out = _run(data / "score_tags.py", str(gold), tagged.name)
        for line in out.splitlines():
            name, kind, row = line.split(" ", 2)
            figures[f"{name}-{kind}"] = _numbers(json.loads(row))
    return figures


def _run(*command: object) -> str:
    return subprocess.run(
        [sys.executable, *map(str, command)], capture_output=True, text=True, check=True
    ).stdout


def _numbers(row: dict[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in row.items() if value is not None and name not in ("docs", "n")}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
