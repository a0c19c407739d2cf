"""Take bylines apart: names, and the agencies between them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources

from feeds.extract.agencies import agency_in_byline
from feeds.extract.markup import squeeze

_LONGEST = 80  # characters of a name; what is longer is a sentence
_SEPARATORS = re.compile(r"[,;|/·•\n]|\s[–—-]\s|\s&\s")
_DOMAIN = re.compile(r"\w\.[a-z]{2,6}$")
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
    between = _words("between")
    parts: list[str] = []
    for piece in _SEPARATORS.split(text):
        words: list[str] = []
        for word in [*piece.split(), None]:
            if word is None or word.casefold() in between:
                parts.append(_without_lead(" ".join(words)))
                words = []
            else:
                words.append(word)
    return [part for part in parts if part]


def _without_lead(text: str) -> str:
    words = text.split()
    for count in (4, 3, 2, 1):
        if " ".join(words[:count]).casefold() in _words("lead"):
            return " ".join(words[count:])
    return text.strip(" .:()")


def _is_name(text: str) -> bool:
    return (
        1 < len(text) <= _LONGEST
        and not _FORBIDDEN.search(text.replace("24", ""))
        and text.casefold() not in _words("duty")
        and any(character.isalpha() for character in text)
        and len(text.split()) <= 7
    )


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((resources.files("feeds.data") / "bylines.toml").read_text("utf-8"))


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(_table()["words"][kind])
