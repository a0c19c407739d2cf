"""Know the places that bylines and datelines name: cities, countries and regions of all tables."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from feeds.tables import DATA, kept

_KINDS = re.compile(r"[A-Z]{2} (?:name|capital|region|city|local): (.+)")
_YEARS_OR_STAR = re.compile(r"\s\([^)]*\)|[*?]")
_LONGEST = 40  # characters


def is_place(text: str) -> bool:
    """Say whether this is the name of a city, a country or a region, in any case.

    >>> is_place("NEW DELHI"), is_place("Frankfurt"), is_place("Ana Ruiz")
    (True, True, False)
    """
    return len(text) <= _LONGEST and text.casefold() in _places()


@cache
def _places() -> frozenset[str]:
    sources = (
        "extract/places.py",
        "data/cities.json",
        "data/countries.json",
        "data/regions.txt",
        *(f"data/{path.name}" for path in _gazetteers()),
    )
    return frozenset(kept("place_names", sources, lambda: sorted({name.casefold() for name in _names()})))


@cache
def _gazetteers() -> tuple[Path, ...]:
    return tuple(sorted(DATA.glob("gazetteer_*.txt")))


def _names() -> Iterator[str]:
    cities = json.loads((DATA / "cities.json").read_text(encoding="utf-8"))["cities"]
    for sizes in cities.values():
        for names in sizes.values():
            for name in names:
                yield name
                yield re.split(r" (?:am|an der|im|upon|on|sur|of|de la|do|del) ", name)[0]
    for _, _, *names in json.loads((DATA / "countries.json").read_text(encoding="utf-8"))["countries"]:
        yield from names
    for line in (DATA / "regions.txt").read_text(encoding="utf-8").splitlines():
        if "|" in line:
            yield line.split("|")[1].strip()
    for path in _gazetteers():
        for line in path.read_text(encoding="utf-8").splitlines():
            if match := _KINDS.fullmatch(line):
                yield from (_YEARS_OR_STAR.sub("", name).strip() for name in match[1].split(", "))
