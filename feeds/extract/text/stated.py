"""Find the dates that each article of a page prints about itself, and the day headings that it stands under.

A date inside a text dates nothing. On which side of its article a date stands is the same on all the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feeds.calendars import printed_dates
from feeds.extract.text import roles as known
from feeds.extract.text.items import Item, Part
from feeds.extract.text.observed import Seen
from feeds.extract.text.printed import Line
from feeds.model import StatedDate

_BESIDE = 30  # characters behind a date in which a time of day stands


def dates(
    found: Sequence[Item], lines: Sequence[Line], seen: Sequence[Seen], roles: Sequence[str]
) -> list[tuple[StatedDate, ...]]:
    """Return the dates of each article, those on lines of its own first."""
    own = [tuple(_own(item)) for item in found]
    headings = _headings(found, own, lines, seen, roles)
    return [mine or heading for mine, heading in zip(own, headings, strict=True)]


def _own(item: Item) -> Iterator[StatedDate]:
    """Return the dates on an article's lines, and the one in its dateline if it has a year."""
    for letter in "DYX":
        for part in item.played(letter):
            yield from _stated(part.line, part.seen, letter == "D")
    opening = item.opening
    if opening and opening.seen.dateline and opening.seen.dateline.date:
        yield StatedDate(opening.seen.dateline.date, "published", "dateline", opening.line.number)


def _stated(line: Line, seen: Seen, surely: bool) -> Iterator[StatedDate]:
    """Return the dates of a line; of one that is surely a date line also what stands among other words."""
    if seen.date:
        for found in seen.date.stated:
            yield StatedDate(found.text, found.label, "date line", line.number)
    elif surely:
        for one in printed_dates(line.text[:300]):
            if one.year:
                yield StatedDate(line.text[one.start : one.end + _BESIDE], "published", "date line", line.number)
                return


def _headings(
    found: Sequence[Item],
    own: Sequence[tuple[StatedDate, ...]],
    lines: Sequence[Line],
    seen: Sequence[Seen],
    roles: Sequence[str],
) -> list[tuple[StatedDate, ...]]:
    """Return for each article the day heading that it stands under, if any."""
    given: list[tuple[StatedDate, ...]] = []
    heading: tuple[StatedDate, ...] = ()
    place = 0
    for item in found:
        for at in range(place, item.start):
            date = seen[at].date
            if roles[at] == known.PAGE and date and any(one.printed and one.printed.year for one in date.dates):
                heading = tuple(_stated(lines[at], seen[at], False))
        place = item.end + 1
        given.append(heading)
    return given
