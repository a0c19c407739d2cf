"""Measure extraction and tagging on labelled data, and hold the floors of tools/floors.toml.

    python tools/evaluate.py DATA [--raise]

DATA is a folder with extract/ (text/, html/, gold.jsonl), tag/ (*.jsonl) and the two scorers; where
it is not there, this says so and ends well. A floor is never lowered silently: --raise lifts those
that were passed, and nothing but an edit lowers one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.toml"
LOWER_IS_BETTER = ("wrong", "leak", "junk", "byline_fp", "agency_fp")


def main(arguments: list[str]) -> int:
    """Print each figure beside its floor; give 1 where one is missed."""
    lift = "--raise" in arguments
    paths = [Path(a) for a in arguments if not a.startswith("--")]
    if len(paths) != 1 or not paths[0].is_dir():
        print(f"evaluate: no labelled data at {paths[0] if paths else 'DATA'}, nothing was measured")
        return 0
    figures = {**extraction(paths[0]), **tagging(paths[0])}
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8")) if FLOORS.exists() else {}
    missed = 0
    for kind, row in figures.items():
        for name, value in row.items():
            floor = floors.get(kind, {}).get(name)
            holds = floor is None or (value <= floor if name in LOWER_IS_BETTER else value >= floor)
            missed += not holds
            told = "-" if floor is None else f"{floor}{'' if holds else '  MISSED'}"
            print(f"{kind:20} {name:12} {value:8.3f}  floor {told}")
            better = floor is not None and holds and value != floor
            if lift and better:
                floors[kind][name] = value
    if lift:
        FLOORS.write_text("".join(_table(kind, row) for kind, row in floors.items()), encoding="utf-8")
    return 1 if missed else 0


def _table(kind: str, row: dict[str, float]) -> str:
    return "\n".join([f"[{kind}]", *(f"{name} = {value}" for name, value in row.items()), "", ""])


def extraction(data: Path) -> dict[str, dict[str, float]]:
    """Give the figures of each kind of document."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as shown:
        folders = [str(data / "extract" / name) for name in ("text", "html")]
        subprocess.run([sys.executable, "-m", "feeds", "show", "--json", *folders], stdout=shown, check=False)
        shown.flush()
        out = _run(data / "score_extract.py", shown.name)
    rows = (line.partition(" ") for line in out.splitlines() if "{" in line)
    return {kind: _numbers(json.loads(row)) for kind, _, row in rows}


def tagging(data: Path) -> dict[str, dict[str, float]]:
    """Give the figures of countries and topics on each set."""
    figures = {}
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
