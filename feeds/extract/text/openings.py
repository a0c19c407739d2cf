"""Read what opens or ends a text that is known to be one: its place, agency and writers.

A line that may be anything needs an agency, a date or capitals to be read as one with a dateline; the first
paragraph of an article does not: `Nairobi: Rain has ...`, `Ana Ruiz / Nairobi: Rain has ...`.
"""

from __future__ import annotations

import re

from feeds.calendars import printed_dates
from feeds.extract.agencies import agency, agency_in_byline
from feeds.extract.dateline import Dateline
from feeds.extract.places import is_place
from feeds.extract.words import HAN, agency_within
from feeds.extract.writers import byline

_REACH = 80  # characters in which an opening ends
_BEFORE = re.compile(r"[\s*•·▪–—-]{1,6}|\d{1,2}[./]\d{1,2}[./]\d{4}[,\s]{1,3}(?:\d{1,2}[:.]\d\d)?\s{0,2}")
_END = re.compile(r"\s?(?:[(（:：।;؛៖–—~|]|\s-{1,9}|-{1,9}\s|[.۔]\s|\d)")
_PARTS = re.compile(r"\s?[,/،፣]\s?")
_BRACKETED = re.compile(r"\s?[(（](.{2,45}?)[)）]{1,2}")
_REPORTER = re.compile(
    rf"[【(（\[](?:[^】)）\]]{{0,12}}?[/／]?)(?:記者|记者)(?P<names>[{HAN}]{{2,4}}(?:[、\s][{HAN}]{{2,4}}){{0,3}})[/／]"
    rf"(?P<place>[{HAN}]{{2,4}}?)(?:報導|报道|電|电)[】)）\]]"
)
_LONGEST_PLACE = 4  # words


def opened(text: str, known: Dateline | None) -> Dateline | None:
    """Return the place, the agency and the writers that open the first paragraph of an article, or None.

    `known` is what any line would be read as; a place in capitals alone has to be one.

    >>> opened("Nairobi: Rain has come.", None).place
    'Nairobi'
    >>> opened("Ana Ruiz / Nairobi: Rain has come.", None).writers
    ('Ana Ruiz',)
    """
    if known and (known.date or known.agency or _is_placed(known.place)):
        return known
    start = text[:_REACH]
    if not start.isascii() and (match := _REPORTER.match(start)):
        return Dateline(match["place"], None, None, match.end(), tuple(re.split(r"[、\s]", match["names"])))
    if before := _BEFORE.match(start):
        start = start[before.end() :]
    return _placed(start)


def _is_placed(place: str | None) -> bool:
    return place is not None and any(map(is_place, _PARTS.split(place)))


def _placed(start: str) -> Dateline | None:
    end = _END.search(start, 2)
    if end is None:
        return None
    parts = _PARTS.split(start[: end.start()].strip(" ,،"))
    mark = start[end.start() : end.end()].strip()
    if mark.isdigit():
        if not any(printed_dates(start)):
            return None
        parts = parts[:-1] if len(parts) > 1 and not is_place(parts[-1]) else parts
    names: tuple[str, ...] = ()
    if len(parts) > 1 and not is_place(parts[0]) and is_place(parts[-1]):
        names = byline(parts[0]).names
        if not names:
            return None
        parts = parts[-1:]
    if not is_place(parts[0]) or len(" ".join(parts).split()) > _LONGEST_PLACE:
        return None
    supplier = next(filter(None, map(agency, parts[1:])), None)
    if inside := _BRACKETED.search(start, max(end.start() - 1, 0)):
        supplier = supplier or agency_within(inside[1])
    places = [part for part in parts if not agency(part)]
    return Dateline(", ".join(places), None, supplier, end.end(), names)


_LAST = re.compile(r"[.!?»”\"'):…।]\s{0,2}(?:[-–—(/]{1,2}\s?)?([^\s.!?()–—-][^.!?()–—]{1,24})[).]{0,2}$")


def ended(text: str) -> str | None:
    """Return the agency whose name stands alone behind the last sentence of a text: `... she said. -- PTI`.

    >>> ended("It rained, she said. -- PTI"), ended("It rained, she told PTI.")
    ('PTI', None)
    """
    match = _LAST.search(text[-60:])
    if match is None:
        return None
    parts = re.split(r"\s?/\s?", match[1].strip())
    return next(filter(None, map(agency, parts)), None)


def supplier(text: str) -> str | None:
    """Return the agency that a line of one or two words names, in any case.

    >>> supplier("mti"), supplier("Forrás: mti")
    ('MTI', 'MTI')
    """
    name = text.rpartition(":")[2].strip(" |")
    return agency_in_byline(name.split()[0]) if name and len(set(name.split())) == 1 else None
