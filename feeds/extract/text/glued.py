"""Part the headline from the text where one line holds both, as lists of articles without markup do.

Only a border that recurs on the page is sure: a date between the two, a lost space, or a colon.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from msgspec import Struct

from feeds.calendars import clock, printed_dates
from feeds.extract.places import is_place

_SHORTEST, _LONGEST = 15, 180  # characters of a headline that stands on a line with its text
_FEWEST = 3  # words of it
_SENTENCE = re.compile(r"[a-zà-ÿа-я]{2}[.!?]\s")
_LETTERS = re.compile(r"(?<=[^\s(-])(?=[^\W\d_]{1,40}\s)")
_SPACED_COLON = re.compile(r"\s[:_](?:\s_){0,5}\s(?=[^\W\d_])")
_COLON = re.compile(r":\s(?=[^\W\d_])")
_BEHIND = re.compile(r"[\s/|,-]{0,4}")


class Parted(Struct, frozen=True):
    """A line that holds a headline, maybe a date, and a text."""

    headline: str
    date: str | None
    text: str


def parted(texts: Sequence[str]) -> list[Parted | None]:
    """Return how the lines that open the articles of a page are parted; None where that is not sure.

    >>> one = "A ferry sinks off Lamp City May 3, 2025 It was full."
    >>> parted([one, "A bridge has been closed May 2, 2025 It is old."])[0]
    Parted(headline='A ferry sinks off Lamp City', date='May 3, 2025', text='It was full.')
    """
    if len(texts) > 1:
        for part in (_by_date, _by_lost_space, _by_colon):
            found = list(map(part, texts))
            if sum(map(bool, found)) > max(1, len(texts) * _MOST[part]):
                return found
    return [None] * len(texts)


def _by_date(text: str) -> Parted | None:
    one = next((one for one in printed_dates(text[:_LONGEST]) if one.year), None)
    if one is None or not _is_headline(text[: one.start]):
        return None
    told = clock(text[one.end : one.end + 12])
    zone = re.compile(r"(?:\s[A-Z]{2,4}\b)?").match(text, one.end + told[3]) if told else None
    end = zone.end() if zone else one.end
    rest = text[_BEHIND.match(text, end).end() :]  # type: ignore[union-attr]
    if not rest[:1].isalpha() or rest[0].islower():
        return None
    return Parted(text[: one.start].rstrip(" -–—|"), text[one.start : end], rest)


def _by_lost_space(text: str) -> Parted | None:
    """Part where a capital follows a small letter, a digit or a closing quotation mark."""
    for match in _LETTERS.finditer(text, _SHORTEST, _LONGEST):
        at = match.start()
        last = text[at - 3 : at]
        if text[at].isupper() and (
            (last.isalpha() and last.islower()) or last.isdigit() or last[-1] in "”»!?"
        ):
            return Parted(text[:at], None, text[at:]) if _is_headline(text[:at]) else None
    return None


def _by_colon(text: str) -> Parted | None:
    colon = _SPACED_COLON.search(text, 0, _LONGEST) or _COLON.search(text, 0, _LONGEST)
    if colon is None:
        return None
    head = text[: colon.start()]
    if (
        len(head.split()) < 2
        or len(head) < _SHORTEST
        or is_place(head.split(",")[0])
        or _SENTENCE.search(head)
    ):
        return None
    return Parted(head, None, text[colon.end() :])


def _is_headline(text: str) -> bool:
    return len(text) >= _SHORTEST and len(text.split()) >= _FEWEST and not _SENTENCE.search(text)


# The share of the lines that have to have a border for it to be one.
_MOST: dict[Callable[[str], Parted | None], float] = {_by_date: 0.5, _by_lost_space: 0.5, _by_colon: 0.99}
