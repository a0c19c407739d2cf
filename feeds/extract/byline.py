"""Take bylines apart: names, and the agencies between them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from importlib import resources

from feeds.calendars import printed_dates, weekdays
from feeds.extract.agencies import agency_in_byline
from feeds.extract.markup import squeeze
from feeds.tables import toml

_LONGEST = 80  # characters of a name; what is longer is a sentence
_ITEMS = re.compile(r"[,;|·•،؛、，]")
_SEPARATORS = re.compile(r"[/()\[\]]|\s[–—-]\s|\s&\s")
_DOMAIN = re.compile(r"\w\.[a-z]{2,6}$")
_ADDRESS = re.compile(r"://|\bwww\.|\w@\w")
_FORBIDDEN = re.compile(r"[@\d<>{}\[\]]|https?:|www\.")


def split_byline(stated: Iterable[str], site: str | None = None) -> tuple[tuple[str, ...], str | None]:
    """Give the names in printed or stated bylines, each once, and the first agency among them.

    The name of the site itself stands only where no other does.

    >>> split_byline(["By Ana Ruiz and Bo Lind, Reuters"])
    (('Ana Ruiz', 'Bo Lind'), 'Reuters')
    >>> split_byline(["Ana Ruiz", "example.org"])
    (('Ana Ruiz',), None)
    """
    names: dict[str, str] = {}
    agency: str | None = None
    for text in stated:
        for part in _parts(squeeze(text[:500])):
            supplier = agency_name(part)
            agency = agency or supplier
            if supplier is None and _is_name(part):
                names.setdefault(part.casefold(), part)
    persons = tuple(
        name for key, name in names.items() if key != (site or "").casefold() and not _DOMAIN.search(key)
    )
    return persons or tuple(names.values()), agency


def agency_name(text: str) -> str | None:
    """Give the name of the news agency that a credit names, if it names one alone.

    >>> agency_name("The Associated Press")
    'AP'
    """
    return agency_in_byline(text)


def _parts(text: str) -> list[str]:
    """Part a byline where its names end: at commas and the like, at "and", at a label such as `Photo:`."""
    between = _words("between")
    parts: list[str] = []
    # What stands beside an address is an outlet, as in "Lamp News (www.lamp.example)".
    items = [_without_date(item) for item in _ITEMS.split(text) if not _ADDRESS.search(item)]
    for piece in (piece for item in items for piece in _SEPARATORS.split(item)):
        words: list[str] = []
        for word in [*piece.split(), None]:
            if word is None or word.casefold() in between or (words and word.endswith(":")):
                parts.append(_name_in(words))
                words = [word] if word is not None and word.endswith(":") else []
            elif not word.startswith("@"):
                words.append(word)
    return [part for part in parts if part]


def _without_date(item: str) -> str:
    found = next(printed_dates(item), None) if any(map(str.isdigit, item)) else None
    return item if found is None else item[: found.start]


def _name_in(words: list[str]) -> str:
    """Give the name among words, without what leads in to it and without what ends as a button or a duty."""
    if words and words[0].casefold().rstrip(":") in _words("others"):
        return ""
    if " ".join(words).casefold() in _words("duty"):
        return ""
    while len(words) > 2 and words[-1].casefold() in _words("duty"):
        words = words[:-1]
    return _without_lead(" ".join(words))


def _without_lead(text: str) -> str:
    """Leave out what leads in to a name, and the city that it is written from."""
    words = text.split()
    for count in (4, 3, 2, 1):
        if " ".join(words[:count]).casefold().rstrip(" :") in _words("lead"):
            words = words[count:]
            break
    for place in range(2, len(words) - 1):
        if words[place].casefold() in _words("from") and _is_city(" ".join(words[place + 1 :])):
            words = words[:place]
            break
    return " ".join(words).strip(" .:()")


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= _LONGEST
        and not _FORBIDDEN.search(text.replace("24", ""))
        and text.casefold() not in _words("duty")
        and not _is_city(text)
        and not (len(text.split()) == 1 and weekdays(text))
        and any(character.isalpha() for character in text)
        and len(text.split()) <= 7
    )


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return toml("bylines.toml")


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(word.rstrip(" :") for word in _table()["words"][kind])


@cache
def _cities() -> frozenset[str]:
    """The larger cities of the world and the countries, folded."""
    data = resources.files("feeds.data")
    cities = json.loads((data / "cities.json").read_text("utf-8"))["cities"].values()
    names = [name for table in cities for name in table.get("city", ())]
    return frozenset(name.casefold() for name in names)


def _is_city(text: str) -> bool:
    return text.casefold() in _cities()
