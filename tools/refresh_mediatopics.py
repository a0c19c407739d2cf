"""Rebuild the Media Topics tables from IPTC's own spreadsheet.

    python tools/refresh_mediatopics.py IPTC-MediaTopic-NewsCodes.xlsx [FOLDER]

Writes mediatopics.json, the tree in the spreadsheet's order with English labels and definitions,
and mediatopics-labels.json, the labels in the other languages. They go into FOLDER, feeds/data if
none is named. The same spreadsheet gives the same bytes. IPTC publishes the vocabulary under CC BY
4.0.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

DATA = Path(__file__).parent.parent / "feeds" / "data"
LEVELS = tuple(f"Level{level}/NewsCode" for level in range(1, 7))
ENGLISH = "en-GB"
LANGUAGES = {  # the spreadsheet's name for a language: its BCP 47 tag
    "ar": "ar",
    "de": "de",
    "dk": "da",
    "en-US": "en-US",
    "es": "es",
    "fr": "fr",
    "no-NB": "nb",
    "no-NN": "nn",
    "pt-PT": "pt",
    "pt-BR": "pt-BR",
    "se": "sv",
    "zh-Hans": "zh-Hans",
}


def main(spreadsheet: Path, folder: Path = DATA) -> None:
    """Read the spreadsheet and write both tables."""
    import openpyxl

    rows = openpyxl.load_workbook(spreadsheet, read_only=True).worksheets[0].iter_rows(values_only=True)
    version = re.search(r"\d{4}-\d\d-\d\d", str(next(rows)[0]))
    header = next(rows)
    concepts = [dict(zip(header, row, strict=True)) for row in rows if row[1]]
    about = {
        "name": "IPTC Media Topic NewsCodes",
        "version": version.group() if version else "",
        "source": "http://cv.iptc.org/newscodes/mediatopic/",
        "licence": "CC BY 4.0, International Press Telecommunications Council (IPTC)",
        "refresh": "python tools/refresh_mediatopics.py FILE.xlsx",
    }
    columns = ["term", "broader", "label", "definition", "retired"]
    write(folder / "mediatopics.json", about, {"columns": columns}, "topics", tree(concepts))
    write(folder / "mediatopics-labels.json", about, {}, "labels", labels(concepts))


def tree(concepts: Iterable[dict[str, str | None]]) -> list[list[str | None]]:
    """Give one row for each concept; what is broader stands on the last row of the level above."""
    table, path = [], []
    for concept in concepts:
        level = next(number for number, column in enumerate(LEVELS) if concept[column])
        path = [*path[:level], term(concept)]
        retired = (concept["RetiredDate"] or "")[:10] or None
        label, definition = clean(concept[f"Name ({ENGLISH})"]), clean(concept[f"Definition ({ENGLISH})"])
        table.append([path[-1], path[-2] if level else None, label, definition, retired])
    return table


def labels(concepts: Iterable[dict[str, str | None]]) -> list[list[object]]:
    """Give, for each language, its labels by term; none where it is the English one."""
    return [
        [tag, {term(row): text for row in concepts if (text := clean(row[f"Name ({name})"])) != english(row)}]
        for name, tag in LANGUAGES.items()
    ]


def english(concept: dict[str, str | None]) -> str:
    return clean(concept[f"Name ({ENGLISH})"])


def term(concept: dict[str, str | None]) -> str:
    """Give the concept's code: the spreadsheet marks a retired one behind it."""
    found = re.search(r"\d{8}", str(concept["NewsCode-QCode (flat)"]))
    if not found:
        raise SystemExit(f"no NewsCode in {concept}")
    return found.group()


def clean(text: str | None) -> str:
    return " ".join((text or "").split())


def write(
    path: Path, about: dict[str, str], extra: dict[str, object], key: str, rows: Iterable[object]
) -> None:
    """Write a table as JSON that a diff can show: one row a line."""
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    head = "".join(
        f'"{name}":{json.dumps(value, **compact)},\n' for name, value in {"about": about, **extra}.items()
    )
    body = ",\n".join(json.dumps(row, **compact) for row in rows)
    path.write_text(f'{{{head}"{key}":[\n{body}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
