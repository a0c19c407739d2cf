"""Decide when an article appeared, from what it prints about itself.

A date that it states is taken as stated. One is inferred only where the article's own furniture gives
an absolute date and its lead names a weekday that agrees. Body text, file times and neighbours date
nothing: a wrong date is worse than none. The day of capture bounds everything.
"""

from __future__ import annotations

import datetime as calendar
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta, timezone, tzinfo
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from feeds.calendars import (
    PrintedDate,
    ago,
    ascii_digits,
    clock,
    month_first,
    months_by_language,
    printed_dates,
    short_dates,
    weekdays,
    zone_after,
)
from feeds.model import DateKind, Dating, Precision, RawArticle, StatedDate
from feeds.tables import toml

_GRACE = timedelta(days=1)  # a date line in another time zone may be a day ahead of the capture
_NEAR = timedelta(days=3)  # between the dates that one article prints
_ORDER = {"metadata": 0, "date line": 1, "dateline": 2}
_MONTH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAY = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class _Read(Struct, frozen=True):
    """A stated date, understood: the moment, how exactly it is known, and what states it."""

    moment: datetime
    precision: Precision
    stated: StatedDate
    counted: str | None = None  # what a relative time was counted from
    unsure: str = ""  # why a time of day that is printed is left out, or what its zone is taken for


def date(raw: RawArticle, captured: datetime | None, zone: tzinfo = UTC) -> Dating:
    """Give the article's date with its precision and basis.

    `captured` is an upper bound; `zone` is the outlet's, for times that are printed without one.
    Never an error: an article without a good date gets none, and the basis says so.
    """
    read = tuple(_read_all(raw, captured, zone))
    kept = [found for found in read if not _is_late(found.moment, captured)]
    updated = max((found.moment for found in kept if found.stated.kind == "updated"), default=None)
    published = _first(kept, "published")
    if published is not None:
        later = updated if updated and updated >= published.moment else None
        return Dating(
            published.moment,
            published.precision,
            _stated_basis(published),
            inferred=published.counted is not None,
            updated=later,
        )
    if updated is not None:
        stated = next(found for found in kept if found.moment == updated)
        return Dating(
            None, None, f"It says only when it was updated: {_quoted(stated.stated)}.", updated=updated
        )
    return _inferred(raw, captured) or Dating(None, None, _why_none(raw, read))


def _first(read: list[_Read], kind: DateKind) -> _Read | None:
    """The best statement of that kind: the place that says most for it, then the one printed first."""
    fitting = [found for found in read if found.stated.kind == kind]
    return min(fitting, key=lambda found: _ORDER[found.stated.place], default=None)


def _is_late(moment: datetime, captured: datetime | None) -> bool:
    return captured is not None and moment > captured + _GRACE


def _read_all(raw: RawArticle, captured: datetime | None, zone: tzinfo) -> Iterator[_Read]:
    for stated in raw.dates:
        found = (
            _read_iso(stated, captured, zone)
            or _read_printed(stated, raw, captured, zone)
            or _read_ago(stated, captured, zone)
        )
        if found is not None:
            yield found


_ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)(?:[Tt\s]{1,3}(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d)"
    r"(?::?(?P<second>[0-5]\d)(?:[.,]\d{1,12})?)?(?P<zone>.{0,40}))?"
)


def _read_iso(stated: StatedDate, captured: datetime | None, zone: tzinfo) -> _Read | None:
    """Read a machine-readable date (ISO 8601); one in a mail header's form is read as printed."""
    match = _ISO.fullmatch(stated.text.strip()) if stated.place == "metadata" else None
    if match is None:
        return None
    try:
        day = calendar.date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    if match["hour"] is None:
        return _Read(_at_noon(day, captured), "day", stated)
    told = time(int(match["hour"]), int(match["minute"]), int(match["second"] or 0))
    return _at(day, told, match["zone"], stated, captured, zone)


def _read_printed(
    stated: StatedDate, raw: RawArticle, captured: datetime | None, zone: tzinfo
) -> _Read | None:
    """Read a printed date, with the time of day beside it."""
    text = ascii_digits(stated.text)[:300]
    found = next((found for found in printed_dates(text) if found.year), None)
    found = found or next(short_dates(text), None)
    day = _settled(found, raw, text, captured, zone) if found else None
    if found is None or day is None or not 1800 <= day.year <= 2200:
        return None
    if stated.place != "metadata" and _is_other_day(day, found, text):
        return None
    around = text[: found.start] + " " + text[found.end :]
    told = clock(around) if stated.place != "dateline" else None
    if told is None:
        return _Read(_at_noon(day, captured), "day", stated)
    hour, minute, _, end = told
    return _at(day, time(hour, minute), around[end:], stated, captured, zone)


def _at(
    day: calendar.date, told: time, rest: str, stated: StatedDate, captured: datetime | None, zone: tzinfo
) -> _Read:
    """Place a time of day by the zone printed after it, or else by the outlet's.

    Only the day is known where that zone's name means several, or where the time is past the capture.
    """
    moment = datetime.combine(day, told)
    printed = zone_after(rest)
    if printed is not None and printed.name.upper() != moment.replace(tzinfo=zone).tzname():
        if printed.hours is None:
            unsure = f"the hour is left out, for {printed.name.upper()} names several time zones"
            return _Read(_at_noon(day, captured), "day", stated, unsure=unsure)
        summer = printed.american and _is_american_summer(moment)
        zone = timezone(timedelta(hours=printed.hours + summer))
    taken = "" if printed else f"no zone is printed, and the hour is read as {zone}"
    found = _in_utc(moment, zone)
    if captured is not None and captured < found <= captured + _GRACE:
        unsure = "the hour is left out, for it is later than the capture"
        return _Read(_at_noon(day, captured), "day", stated, unsure=unsure)
    return _Read(found, "minute", stated, unsure=taken)


def _is_american_summer(moment: datetime) -> bool:
    """Say whether summer time holds: from the second Sunday of March to the first of November, at two."""
    march, november = datetime(moment.year, 3, 8, 2), datetime(moment.year, 11, 1, 2)  # noqa: DTZ001
    begin = march + timedelta(days=6 - march.weekday())
    return begin <= moment < november + timedelta(days=6 - november.weekday())


def _read_ago(stated: StatedDate, captured: datetime | None, zone: tzinfo) -> _Read | None:
    """Count a time such as "3 hours ago" from the stated capture; None where the day is unsure."""
    age = ago(stated.text[:300]) if stated.seen else None
    if age is None or stated.seen is None:
        return None
    seen = datetime.fromisoformat(stated.seen)
    if len(stated.seen) == len("2025-01-01"):
        if age.days is None and age.most > timedelta(hours=1):
            return None
        day = seen.date() - timedelta(days=age.days or 0)
        return _Read(_at_noon(day, captured), "day", stated, stated.seen)
    counted = f"{seen.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    if age.days is not None:
        if zone is UTC and not 8 <= seen.astimezone(UTC).hour < 15:  # elsewhere it may be another day
            return None
        day = seen.astimezone(zone).date() - timedelta(days=age.days)
        return _Read(_at_noon(day, captured), "day", stated, counted)
    newest, oldest = seen - age.least, seen - age.most
    if age.most - age.least <= timedelta(minutes=1):
        return _Read(newest.astimezone(UTC).replace(second=0, microsecond=0), "minute", stated, counted)
    days = {moment.astimezone(zone).date() for moment in (newest, oldest)}
    return _Read(_at_noon(days.pop(), captured), "day", stated, counted) if len(days) == 1 else None


def _is_other_day(day: calendar.date, found: PrintedDate, text: str) -> bool:
    """Say whether the weekday printed beside a date is not that day's: then one of the two is not its own."""
    beside = weekdays(f"{text[max(0, found.start - 14) : found.start]} {text[found.end : found.end + 14]}")
    return bool(beside) and day.weekday() not in beside


def _settled(
    found: PrintedDate, raw: RawArticle, text: str, captured: datetime | None, zone: tzinfo
) -> calendar.date | None:
    """The day that is meant.

    One like 03/04/2025 is settled by a weekday, by the day of capture, by another date of the article, by
    its language or the outlet's zone, or refused; so is a month whose name means two.
    """
    year = found.year or 0
    if meant := months_by_language(text[found.start : found.end]):
        month = meant.get((raw.language or "").split("-")[0])
        return replace(found, month=month).on(year) if month else None
    day = found.on(year)
    if not found.ambiguous or day is None:
        return day
    swapped = calendar.date(year, found.day, found.month)
    named = weekdays(text)
    if named and (day.weekday() in named) != (swapped.weekday() in named):
        return day if day.weekday() in named else swapped
    late = [_is_late(datetime.combine(d, time(12), tzinfo=UTC), captured) for d in (day, swapped)]
    if any(late):
        return None if all(late) else swapped if late[0] else day
    near = [_is_near(one, _other_days(raw, year)) for one in (day, swapped)]
    if near[0] != near[1]:
        return day if near[0] else swapped
    first = _order_elsewhere(raw)
    first = month_first(raw.language, str(zone)) if first is None else first
    return None if first is None else swapped if first else day


def _is_near(day: calendar.date, known: set[calendar.date]) -> bool:
    return any(abs(day - other) <= _NEAR for other in known)


def _other_days(raw: RawArticle, year: int) -> set[calendar.date]:
    """The days that the article's address, its unmistakable dates and, in that year, its dateline name."""
    found = {
        day
        for stated in raw.dates
        for printed in printed_dates(stated.text[:300])
        if not printed.ambiguous and (printed.year or stated.place == "dateline")
        if (day := printed.on(printed.year or year))
    }
    if address := _ADDRESS_DAY.search((raw.url or "")[:2000]):
        with suppress(ValueError):
            found.add(calendar.date(int(address[1]), int(address[2]), int(address[3])))
    return found


_ADDRESS_DAY = re.compile(r"/(20\d\d)[/-]?(\d\d)[/-]?(\d\d)(?!\d)")


def _order_elsewhere(raw: RawArticle) -> bool | None:
    """Say whether the article's other dates in numbers put the month first; None where none tells."""
    orders = {
        int(match[1]) <= 12
        for stated in raw.dates
        for match in _NUMBERS.finditer(ascii_digits(stated.text[:300]))
        if (int(match[1]) > 12) != (int(match[2]) > 12)
    }
    return orders.pop() if len(orders) == 1 else None


_NUMBERS = re.compile(r"(?<![\d/.-])(\d{1,2})[/-](\d{1,2})[/-](?:20)?\d\d(?!\d)")


def _in_utc(moment: datetime, zone: tzinfo) -> datetime:
    """The moment in UTC; one without a zone is told in the outlet's."""
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)


def _at_noon(day: calendar.date, captured: datetime | None) -> datetime:
    """Noon UTC of a day, or the time of capture if that is earlier on that day or the day before."""
    noon = datetime.combine(day, time(12), tzinfo=UTC)
    if captured is not None and captured < noon <= captured + _GRACE + timedelta(hours=12):
        return captured.astimezone(UTC)
    return noon


def _quoted(stated: StatedDate) -> str:
    text = " ".join(stated.text.split())
    return f"“{text if len(text) <= 80 else text[:79] + '…'}”"


def _stated_basis(found: _Read) -> str:
    stated = found.stated
    where = {
        "metadata": "Its metadata state",
        "date line": "Its date line states" if stated.line is None else f"Line {stated.line} states",
        "dateline": "Its dateline states",
    }[stated.place]
    if found.counted:
        return f"{where} {_quoted(stated)}, counted from its capture, {found.counted}."
    return f"{where} {_quoted(stated)}{f'; {found.unsure}' if found.unsure else ''}."


@cache
def _old_picture_words() -> tuple[str, ...]:
    table: dict[str, dict[str, list[str]]] = toml("furniture.toml")
    return tuple(sorted({word for words in table.values() for word in words["file_photo"]}))


def _is_of_the_day(text: str) -> bool:
    folded = text.casefold()
    return not any(word in folded for word in (*_old_picture_words(), "handout"))


def _inferred(raw: RawArticle, captured: datetime | None) -> Dating | None:
    """Infer the date from a caption's absolute date and a weekday in the lead that agrees with it.

    The lead's weekday is that day or the next one: pictures are published fast.
    """
    lead = _lead_weekday(raw)
    if lead is None:
        return None
    days = tuple(_picture_days(raw))
    if not days or max(days) - min(days) > timedelta(days=3):
        return None
    newest = max(days)
    day = newest + timedelta(days=(lead - newest.weekday()) % 7)
    moment = _at_noon(day, captured)
    if day - newest > timedelta(days=1) or _is_late(moment, captured):
        return None
    pictured = f"{_WEEKDAY[newest.weekday()]} {_spelled(newest)}"
    basis = f"Inferred: its caption is dated {pictured}, and its lead says {_WEEKDAY[lead]}."
    return Dating(moment, "day", basis, inferred=True)


def _spelled(day: calendar.date) -> str:
    return f"{day.day} {_MONTH[day.month - 1]} {day.year}"


def _lead_weekday(raw: RawArticle) -> int | None:
    """The first weekday that the lead names, if it is the only one there."""
    named = weekdays(raw.body[0][:600]) if raw.body else ()
    return named[0] if len(named) == 1 else None


def _picture_days(raw: RawArticle) -> Iterator[calendar.date]:
    for caption in raw.captions:
        text = f"{caption.text} {caption.credit or ''}"[:1000]
        if not _is_of_the_day(text):
            continue
        found = [
            day
            for printed in printed_dates(text)
            if printed.year and not printed.ambiguous and (day := printed.on(printed.year))
        ]
        if len(found) == 1:
            yield found[0]


def _why_none(raw: RawArticle, read: tuple[_Read, ...]) -> str:
    if read:
        return (
            f"It states {_quoted(read[0].stated)}, which is later than its capture, so that date is refused."
        )
    if raw.dates:
        return f"It prints {_quoted(raw.dates[0])}, which does not tell the day."
    return "It prints no date of its own."
