"""Decide when an article appeared, from what it prints about itself.

A date that it states is taken as stated. One is inferred only where the article's own furniture gives
an absolute date and its lead names a weekday that agrees. Body text, file times and neighbours date
nothing: a wrong date is worse than none. The day of capture bounds everything.
"""

from __future__ import annotations

import datetime as calendar
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import cache
from pathlib import Path

from feeds.calendars import PrintedDate, ascii_digits, clock, printed_dates, weekdays
from feeds.model import DateKind, Dating, Precision, RawArticle, StatedDate

_GRACE = timedelta(days=1)  # a date line in another time zone may be a day ahead of the capture
_ORDER = {"metadata": 0, "date line": 1, "dateline": 2}
_MONTH = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAY = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

# The zones that date lines print, in hours from UTC; names that mean several zones are left out.
_ZONES: dict[str, float] = {
    "UTC": 0,
    "GMT": 0,
    "Z": 0,
    "WET": 0,
    "BST": 1,
    "CET": 1,
    "MEZ": 1,
    "CEST": 2,
    "MESZ": 2,
    "EET": 2,
    "SAST": 2,
    "EEST": 3,
    "MSK": 3,
    "TRT": 3,
    "EAT": 3,
    "GST": 4,
    "PKT": 5,
    "WIB": 7,
    "HKT": 8,
    "SGT": 8,
    "MYT": 8,
    "AWST": 8,
    "JST": 9,
    "KST": 9,
    "AEST": 10,
    "AEDT": 11,
    "NZST": 12,
    "NZDT": 13,
    "EST": -5,
    "EDT": -4,
    "CDT": -5,
    "MST": -7,
    "MDT": -6,
    "PST": -8,
    "PDT": -7,
}


@dataclass(frozen=True, slots=True)
class _Read:
    """A stated date, understood: the moment, how exactly it is known, and what states it."""

    moment: datetime
    precision: Precision
    stated: StatedDate


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
        return Dating(published.moment, published.precision, _stated_basis(published), updated=later)
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
        found = _read_iso(stated, captured, zone) or _read_printed(stated, raw, captured, zone)
        if found is not None:
            yield found


def _read_iso(stated: StatedDate, captured: datetime | None, zone: tzinfo) -> _Read | None:
    """Read a machine-readable date (ISO 8601) or one in a mail header's form (RFC 5322)."""
    text = stated.text.strip()
    if stated.place != "metadata" or len(text) > 64:
        return None
    from dateutil import parser

    try:
        moment = parser.isoparse(text) if text[:4].isdigit() else parser.parse(text, tzinfos=_tzinfos())
    except (ValueError, OverflowError, TypeError):
        return None
    if ":" not in text and "T" not in text:
        return _Read(_at_noon(moment.date(), captured), "day", stated)
    return _Read(_in_utc(moment, zone), "minute", stated)


def _read_printed(
    stated: StatedDate, raw: RawArticle, captured: datetime | None, zone: tzinfo
) -> _Read | None:
    """Read a printed date, with the time of day beside it."""
    text = ascii_digits(stated.text)[:300]
    found = next((found for found in printed_dates(text) if found.year), None)
    day = _settled(found, raw, text) if found else None
    if found is None or day is None or not 1800 <= day.year <= 2200:
        return None
    around = text[: found.start] + " " + text[found.end :]
    told = clock(around) if stated.place != "dateline" else None
    if told is None:
        return _Read(_at_noon(day, captured), "day", stated)
    hour, minute, _, end = told
    offset = _zone_after(around[end:])
    moment = _parsed(day, hour, minute, offset)
    return _Read(_in_utc(moment, zone), "minute", stated) if moment else None


def _parsed(day: calendar.date, hour: int, minute: int, offset: str | None) -> datetime | None:
    from dateutil import parser

    text = f"{day.isoformat()} {hour:02}:{minute:02} {offset or ''}".strip()
    try:
        return parser.parse(text, tzinfos=_tzinfos())
    except (ValueError, OverflowError):
        return None


def _zone_after(text: str) -> str | None:
    """The zone printed after a time of day, such as `JST` or `GMT+3`."""
    head = text.strip(" ,()|")[:6].upper()
    name = head[: next((place for place, char in enumerate(head) if not char.isalpha()), len(head))]
    return name if name in _ZONES else None


@cache
def _tzinfos() -> dict[str, int]:
    return {name: int(hours * 3600) for name, hours in _ZONES.items()}


def _settled(found: PrintedDate, raw: RawArticle, text: str) -> calendar.date | None:
    """The day that is meant.

    One like 03/04/2025 is settled by a weekday or by the article's language, or refused.
    """
    year = found.year or 0
    day = found.on(year)
    if not found.ambiguous or day is None:
        return day
    swapped = calendar.date(year, found.day, found.month)
    named = weekdays(text)
    if named and (day.weekday() in named) != (swapped.weekday() in named):
        return day if day.weekday() in named else swapped
    return day if raw.language and not raw.language.startswith(("en", "fa")) else None


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
    return f"{where} {_quoted(stated)}."


@cache
def _old_picture_words() -> tuple[str, ...]:
    with (Path(__file__).parent / "data" / "furniture.toml").open("rb") as file:
        table: dict[str, dict[str, list[str]]] = tomllib.load(file)
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
