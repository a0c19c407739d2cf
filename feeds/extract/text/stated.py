"""Find the dates that each article of a page prints about itself, and the day headings that it stands under.

A date inside a text dates nothing. On which side of its article a date stands is the same on all the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feeds.calendars import printed_dates, weekdays
from feeds.extract.text import roles as known
from feeds.extract.text.items import Item
from feeds.extract.text.observed import Seen
from feeds.extract.text.printed import Line
from feeds.model import StatedDate

_OLDEST = 1980  # the year of the oldest page that is read as a day's news
_LEAD = 600  # characters of a text in which its lead names its weekday
_BESIDE = 30  # characters behind a date in which a time of day stands


def dates(
    found: Sequence[Item],
    headlines: Sequence[str],
    lines: Sequence[Line],
    seen: Sequence[Seen],
    roles: Sequence[str],
) -> list[tuple[StatedDate, ...]]:
    """Return the dates of each article, those on lines of its own first.

    `headlines` are those of the articles as they are shown: a date that is left out of one dates it.
    """
    own = [tuple(_own(item, headline)) for item, headline in zip(found, headlines, strict=True)]
    opening = _openings(found)
    own = [mine or first for mine, first in zip(own, opening, strict=True)]
    headings = _headings(found, own, lines, seen, roles)
    return [mine or heading for mine, heading in zip(own, headings, strict=True)]


def _own(item: Item, headline: str) -> Iterator[StatedDate]:
    """Return the dates on an article's lines, and the one in its dateline if it has a year."""
    below = [part for part in item.parts[item.last + 1 :] if part.role[-1] == "D"]
    listed = below if len(below) > 1 else []  # several dates below a text are those of other articles
    for letter in "DYX":
        for part in item.played(letter):
            if part in listed:
                continue
            if letter == "D" or (part.seen.date and not part.seen.date.rest):
                yield from _stated(part.line, part.seen)
    if item.headline and (date := _left_out(item.headline.line.text, headline)):
        yield StatedDate(date, "published", "date line", item.headline.line.number)
    if item.opening and item.dateline and item.dateline.date:
        yield StatedDate(item.dateline.date, "published", "dateline", item.opening.line.number)


def _left_out(line: str, headline: str) -> str | None:
    """Return the date on a headline's line that is no part of the headline as it is shown."""
    if not any(map(str.isdigit, line)) or line.endswith(headline) is line.startswith(headline):
        return None
    rest = line.replace(headline, "", 1)
    return next((rest[one.start :][: _BESIDE + 20] for one in printed_dates(rest) if one.year), None)


_GLUED = re.compile(r"(?<=[a-zà-ÿ])(?=[A-Z][a-z])")


def _stated(line: Line, seen: Seen) -> Iterator[StatedDate]:
    """Return the dates of a date line, also of one that says more."""
    if seen.date:
        for found in seen.date.stated:
            yield StatedDate(found.text, found.label, "date line", line.number)


_OPENING = 60  # characters of a text in which a date stands that dates it


def _openings(found: Sequence[Item]) -> list[tuple[StatedDate, ...]]:
    """Return the date that each text opens with, where that is the way of the page: several texts do so.

    Where the first text lacks one, the dates stand at the ends of the texts before them, or it can't be told.
    """
    given = [tuple(_opening(item)) for item in found]
    sure = given and given[0] and sum(map(bool, given)) > max(1, len(given) // 2)
    return given if sure else [()] * len(given)


def _opening(item: Item) -> Iterator[StatedDate]:
    text = item.opening.seen.plain[: _OPENING + _BESIDE] if item.opening else ""
    one = next((one for one in printed_dates(text) if one.year and one.start < _OPENING), None)
    if item.opening and one and all(word[0].isupper() for word in text[: one.start].split()):
        yield StatedDate(
            text[one.start : one.end + _BESIDE], "published", "dateline", item.opening.line.number
        )


def _headings(
    found: Sequence[Item],
    own: Sequence[tuple[StatedDate, ...]],
    lines: Sequence[Line],
    seen: Sequence[Seen],
    roles: Sequence[str],
) -> list[tuple[StatedDate, ...]]:
    """Return for each article the day heading that it stands under, if any."""
    if len(found) < 2:
        return [()] * len(found)
    given: list[tuple[StatedDate, ...]] = []
    heading: tuple[StatedDate, ...] = ()
    of_page = False
    place = 0
    most_are_undated = sum(map(bool, own)) * 2 <= len(own)
    last = found[-1].start
    # A day that ends the page may date the article above it: it can't be told which one dates which.
    most_are_undated &= not any(
        role != "aD" and _is_heading(one, True) for one, role in zip(seen[last:], roles[last:], strict=True)
    )
    for number, (item, mine) in enumerate(zip(found, own, strict=True)):
        if not of_page and item.start > place:  # what stands between ends what an article's first line says
            heading = ()
        for at in range(place, item.start):
            near = roles[at] == known.PAGE and (at < 2 or at + 1 == item.start)
            if near and _is_heading(seen[at], _agrees(seen[at], found[number:])):
                heading, of_page = tuple(_stated(lines[at], seen[at])), True
        if most_are_undated and item.parts[0].role == "aD" and _is_heading(item.parts[0].seen, True):
            heading, of_page = mine, False
        place = item.end + 1
        given.append(heading)
    return given


def _agrees(seen: Seen, below: Sequence[Item]) -> bool:
    """Say whether a text of those that stand below names the weekday of a line."""
    day = weekdays(seen.plain) if seen.date else ()
    leads = (weekdays(item.opening.line.text[:_LEAD])[:1] for item in below if item.opening)
    return bool(day) and any(lead == day for lead in leads)


def _is_heading(seen: Seen, alone: bool) -> bool:
    """Say whether a line is a day with the page's title, or, where that says enough, nothing but a day."""
    date = seen.date
    if date is None or seen.timed or not date.dates or date.dates[0].label == "updated":
        return False
    printed = date.dates[0].printed
    if not printed or not printed.year or printed.year < _OLDEST or len(weekdays(seen.plain)) > 1:
        return False
    return alone or (bool(date.rest) and seen.plain[0].isalnum())
