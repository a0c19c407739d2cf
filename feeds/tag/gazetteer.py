"""Read the surfaces that name countries: CLDR's names, the curated table, the generated cities."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from feeds import vocab

DATA = Path(__file__).parent.parent / "data"

# What a mention is worth: a name says most, a town least.
VALUES = {
    "name": 1.0,
    "people": 0.9,
    "capital": 0.8,
    "leader": 0.8,
    "institution": 0.8,
    "region": 0.75,
    "club": 0.7,
    "city": 0.65,
    "company": 0.4,
    "town": 0.3,
    "county": 0.7,
    "cue": 0.1,
}
# How likely a sense is before the rest of the article is read.
PRIORS = {
    "name": 10.0,
    "people": 10.0,
    "capital": 10.0,
    "region": 6.0,
    "city": 4.0,
    "county": 8.0,
    "town": 0.6,
}
RARER = 0.15
SHORT, SHORT_DOTTED, SHORT_CAPITALS = 6, 6, 4  # "Tex." and "ICE" are words, too, in some places
EVERY_KIND = frozenset([*VALUES, "outlet", "other", "person"])
INTERNATIONAL = frozenset(
    ["leader", "club", "city", "company", "outlet", "person"]
)  # spelt so in most languages
LATIN = frozenset(["de", "es", "fr", "pt", "tr"])
LINE = re.compile(r"(?P<code>[A-Z]{2}|-) (?P<kind>[a-z]+): (?P<surfaces>.+)")
YEARS = re.compile(r" \((?P<years>[\d, -]+)\)$")


class Sense(NamedTuple):
    """One country that a surface may mean."""

    code: str
    kind: str
    value: float
    prior: float
    years: str = ""


class Place(NamedTuple):
    """A surface with its senses; none where it must not be read as a country."""

    text: str
    senses: tuple[Sense, ...]
    person: bool = False
    strict: bool = False  # it may not stand everywhere, see countries.fits


@cache
def places(language: str) -> tuple[Place, ...]:
    """Give every surface of a language, each once, with the senses of all tables together."""
    table: dict[str, dict[str, Sense]] = {}
    for text, sense in _surfaces(language):
        senses = table.setdefault(text, {})
        senses.setdefault(sense.code, sense)
    return tuple(_place(text, senses) for text, senses in table.items())


def _place(text: str, senses: dict[str, Sense]) -> Place:
    """Make a surface; one under "-" means no country, whatever else claims it."""
    none = senses.get("-")
    strict = len(text) <= SHORT and _is_strict(text)
    if none:
        return Place(text, (), none.kind == "person", strict)
    return Place(text, tuple(senses.values()), False, strict)


def _is_strict(text: str) -> bool:
    if text.endswith("."):
        return text.count(".") == 1 and len(text) < SHORT_DOTTED
    return text == "County" or (text.isupper() and text.isalpha() and len(text) < SHORT_CAPITALS)


def _surfaces(language: str) -> Iterator[tuple[str, Sense]]:
    yield from _curated(f"gazetteer_{language}.txt", EVERY_KIND)
    yield from _names(language)
    if language == "en":
        yield from _cities(("city", "town"))
    elif language in LATIN:
        yield from _curated("gazetteer_en.txt", INTERNATIONAL)
        yield from _cities(("city",))


def _names(language: str) -> Iterator[tuple[str, Sense]]:
    """Give CLDR's names, with "and" for "&" and without what stands in brackets."""
    for code, names in vocab.country_names().items():
        name = names.get(language, names["en"])
        for text in {name: None, name.replace(" & ", " and "): None, re.sub(r" \(.*\)", "", name): None}:
            yield text, Sense(code, "name", VALUES["name"], PRIORS["name"])


def _curated(file: str, kinds: frozenset[str]) -> Iterator[tuple[str, Sense]]:
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match:
            raise ValueError(f"{file}: not CODE kind: surfaces: {line[:60]}")
        code, kind = match["code"], match["kind"]
        if kind not in kinds:
            continue
        for item in _items(match["surfaces"]):
            yield from _forms(item, code, kind)


def _items(surfaces: str) -> list[str]:
    """Split at commas, but not inside the brackets with the years."""
    return re.split(r", (?![\d, -]*\))", surfaces)


def _forms(item: str, code: str, kind: str) -> Iterator[tuple[str, Sense]]:
    years = YEARS.search(item)
    text = YEARS.sub("", item)
    prior = PRIORS.get(kind, 3.0) * (RARER if text.endswith("?") else 1.0)
    text = text.removesuffix("?")
    sense = Sense(code, kind, VALUES.get(kind, 0.0), prior, years["years"] if years else "")
    for form in _spellings(text, kind):
        yield form, sense


def _spellings(text: str, kind: str) -> Iterator[str]:
    yield text
    if "-" in text:
        yield text.replace("-", " ")
    if kind == "people" and text.isascii() and text[-1] in "nikteadbcrouy" and not text.endswith("men"):
        yield text + "s"


def _cities(kinds: tuple[str, ...]) -> Iterator[tuple[str, Sense]]:
    """Give the generated cities, the largest of a name first."""
    table = json.loads((DATA / "cities.json").read_text(encoding="utf-8"))["cities"]
    for code, sizes in table.items():
        for kind in kinds:
            names = sizes.get(kind, ())
            sense = Sense(code, kind, VALUES[kind], PRIORS[kind] * (0.5 if kind == "city" else 1.0))
            for name in names:
                yield name, sense
