"""Read the surfaces that name countries: CLDR's names, the curated table, the generated cities."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from feeds import vocab
from feeds.tables import DATA, kept
from feeds.tag.context import WORDS
from feeds.tag.index import Words, by_first

NO_COUNTRY = "-"
SHARED = "shared"
# What a mention is worth: a name says most, a town least.
VALUES = {
    "name": 1.0,
    "people": 0.9,
    SHARED: 1.0,
    "capital": 0.8,
    "leader": 0.8,
    "institution": 0.8,
    "local": 0.8,
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
    SHARED: 10.0,
    "capital": 10.0,
    "region": 6.0,
    "city": 4.0,
    "county": 8.0,
    "town": 0.6,
}
PRIOR = 3.0  # of the other kinds
RARER = {"?": 0.15, "~": 0.5}  # what a claim ends with: a rarer sense, a city that nobody looked at
SHORT, SHORT_DOTTED, SHORT_CAPITALS = 6, 6, 4  # "Tex." and "ICE" are words, too, in some places
EVERY_KIND = frozenset([*VALUES, "outlet", "other", "person"])
INTERNATIONAL = frozenset(
    ["capital", "leader", "club", "city", "company", "outlet", "person"]
)  # spelt so in most languages
LONGEST_WHOLE, CASE_ENDINGS = 5, "аейоуыьюя"  # letters of a Russian name that may change with the case
LATIN = frozenset(["da", "de", "es", "fr", "it", "nb", "nl", "pt", "sv", "tr"])
LINE = re.compile(r"((?:[A-Z]{2}|-) ([a-z]+)): (.+)")
YEARS = re.compile(r" \((?P<years>[\d, -]+)\)$")


class Sense(Struct, frozen=True, eq=False):
    """One country that a surface may mean."""

    code: str
    kind: str
    value: float
    prior: float
    years: str = ""


class Place(Struct, frozen=True, eq=False):
    """A surface with its senses; none where it must not be read as a country."""

    text: str
    senses: tuple[Sense, ...]
    none: str = ""  # what it is where it names no country: outlet, person, other
    strict: bool = False  # it may not stand everywhere, see countries.fits
    shared: bool = False  # its last words name another country, too: "North and South Korea"
    kind: str = ""  # of its first sense


def places(language: str) -> Words[Place]:
    """Give every surface of a language, with the senses of all tables together."""
    return Words(
        kept(f"places_{language}", _sources(language), lambda: by_first(_surfaces(language))), _place
    )


def _sources(language: str) -> tuple[str, ...]:
    code = ("tag/gazetteer.py", "tag/index.py", "tag/text.py", "vocab.py")
    curated = [f"data/gazetteer_{name}.txt" for name in dict.fromkeys((language, "en"))]
    return (*code, "data/countries.json", "data/cities.json", *curated)


def _place(text: str, claims: Sequence[str]) -> Place:
    """Make a surface of what the tables say; one under "-" means no country, whatever else claims it."""
    strict = _is_strict(text)
    senses: dict[str, Sense] = {}
    for claim in claims:
        sense = _sense(claim)
        if sense.code == NO_COUNTRY:
            return Place(text, (), sense.kind, strict)
        senses.setdefault(sense.code, sense)
    kinds = [sense.kind for sense in senses.values()]
    return Place(text, tuple(senses.values()), "", strict, SHARED in kinds, kinds[0])


def _sense(claim: str) -> Sense:
    """Read a claim: "GE region", "US region ?" for a rarer sense, "US leader 2021-2025" with years."""
    code, kind, more = (*claim.split(" ", 2), "")[:3]
    prior = PRIORS.get(kind, PRIOR) * RARER.get(more, 1.0)
    return Sense(code, kind, VALUES.get(kind, 0.0), prior, "" if more in RARER else more)


def _is_strict(text: str) -> bool:
    if text.endswith("."):
        return text.count(".") == 1 and len(text) < SHORT_DOTTED
    if text.lower() in WORDS["wordlike"]:
        return True
    return text == "County" or (text.isupper() and text.isalpha() and len(text) < SHORT_CAPITALS)


def _surfaces(language: str) -> Iterator[tuple[str, str]]:
    """Give each surface with what a table claims for it."""
    yield from _curated(f"gazetteer_{language}.txt", EVERY_KIND)
    yield from _names(language)
    if language == "en":
        yield from _cities(("city", "town"))
    elif language in LATIN:
        yield from _curated("gazetteer_en.txt", INTERNATIONAL)
        yield from _cities(("city",))


def _names(language: str) -> Iterator[tuple[str, str]]:
    """Give CLDR's names as texts decline them, with "and" for "&" and without what stands in brackets."""
    declined = DECLINED.get(language, _as_it_is)
    for code, names in vocab.country_names().items():
        name = names.get(language, names["en"])
        claim = f"{code} name"
        yield name, claim
        if name.isalpha() and (other := declined(name)) != name:
            yield other, claim
        if "&" in name:
            yield name.replace(" & ", " and "), claim
        if "(" in name:
            yield re.sub(r" \(.*\)", "", name), claim


def _as_it_is(name: str) -> str:
    return name


def _genitive(name: str) -> str:
    """Give what belongs to a country in German: "Kenias", but no other form of "Laos"."""
    return name if name[-1] in "sxz" else f"{name}s"


def _stem(name: str) -> str:
    """Give what all cases of a Russian name begin with; a short stem would begin other words, too.

    >>> _stem("Молдавия"), _stem("Индия")
    ('Молдави*', 'Индия')
    """
    return f"{name.rstrip(CASE_ENDINGS)}*" if len(name) > LONGEST_WHOLE else name


DECLINED: Mapping[str, Callable[[str], str]] = {"de": _genitive, "ru": _stem}


def _curated(file: str, kinds: frozenset[str]) -> Iterator[tuple[str, str]]:
    for line in (DATA / file).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        match = LINE.fullmatch(line)
        if not match:
            raise ValueError(f"{file}: not CODE kind: surfaces: {line[:60]}")
        claim, kind, surfaces = match.groups()
        if kind in kinds:
            for item in _items(surfaces):
                yield from _forms(item, claim, kind)


def _items(surfaces: str) -> list[str]:
    """Split at commas, but not inside the brackets with the years."""
    return re.split(r", (?![\d, -]*\))", surfaces) if "(" in surfaces else surfaces.split(", ")


def _forms(text: str, claim: str, kind: str) -> Iterator[tuple[str, str]]:
    if text.endswith(")") and (years := YEARS.search(text)):
        text = text[: years.start()]
        claim = f"{claim} {years['years']}"
    if text.endswith("?"):
        text = text[:-1]
        claim = f"{claim} ?"
    yield text, claim
    if "-" in text:
        yield text.replace("-", " "), claim
    if kind == "people" and text.isascii() and text[-1] in "nikteadbcrouy" and not text.endswith("men"):
        yield text + "s", claim


def _cities(kinds: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the generated cities, the largest of a name first."""
    table = json.loads((DATA / "cities.json").read_text(encoding="utf-8"))["cities"]
    for code, sizes in table.items():
        for kind in kinds:
            claim = f"{code} {kind}" + (" ~" if kind == "city" else "")
            for name in sizes.get(kind, ()):
                yield name, claim
