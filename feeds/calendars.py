"""Find the dates and weekdays that a text prints, in the languages of feeds/data/calendar.toml.

What is found here is words only: which of it says when an article appeared is for others to decide.
Every pattern is bounded, so that a hostile line costs no more than its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Literal
from unicodedata import combining, normalize

from msgspec import Struct

from feeds.tables import toml

Label = Literal["published", "updated"]

# A Turkish capital I with its dot folds to two characters, which would move every place behind it.
_DIGITS = str.maketrans(
    "٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹०१२३४५६७८९০১২৩৪৫৬৭৮৯０１２３４５６７８９İ", "0123456789" * 5 + "i"
)
_OTHER_DIGITS = re.compile(f"[{''.join(map(chr, _DIGITS))}]")
# The vowel signs of Devanagari and Bengali are no letters to re.
_WORD = r"(?:[^\W\d_]|[\u093a-\u094f\u0900-\u0903\u0981-\u0983\u09bc-\u09cd]){1,14}"
_YEAR = r"(?:19|20)\d\d(?=\d{1,2}(?::\d\d|\s[^\W\d_]{3})|\D|$)|1[34]\d\d(?!\d)"
_DATE = re.compile(
    rf"""
    (?:令和\s?(?P<era>\d{{1,2}}|元)年\s?(?P<m7>\d{{1,2}})月\s?(?P<d7>\d{{1,2}})日)
    |(?<!\d)(?P<d6>\d{{1,2}})\stháng\s(?P<m6>\d{{1,2}})[\s,/]{{1,3}}(?:năm\s)?(?P<y6>(?:19|20)\d\d)(?!\d)
    |(?<!\d)(?P<y1>{_YEAR})\s?[-/.年년]\s?(?P<m1>\d{{1,2}})\s?[-/.月월]\s?(?P<d1>\d{{1,2}})(?!\d(?!\d?:))[日일]?
    |(?<![\d.])(?P<d2>\d{{1,2}})(?P<sep>[./-])\s?(?P<m2>\d{{1,2}})(?P=sep)\s?(?P<y2>(?:19|20)\d\d)(?!\d(?!\d?:))
    |(?<![\d:.,])(?P<d3>\d{{1,2}})(?:st|nd|rd|th|er|[.ºª°])?[\s,/-]{{0,3}}(?:de\s|of\s|d['’])?
        (?P<m3>{_WORD}(?:[\s/-]{_WORD}){{0,4}})(?:[\s,./-]{{0,3}}(?P<y3>{_YEAR})|(?:-|\s?['’])(?P<s3>\d\d)(?![\d:.]))?
    |(?P<y8>{_YEAR})\.\sgada\s(?P<d8>\d{{1,2}})\.\s(?P<m8>{_WORD})
    |(?P<y5>{_YEAR})\.?\s(?:m\.\s)?(?P<m5>{_WORD})\s(?P<d5>\d{{1,2}})(?!\d)
    |(?<![^\W\d_])(?P<m4>{_WORD})\.?\s{{0,2}}(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])
        (?:[\s,]{{0,3}}(?P<y4>{_YEAR})|,?\s?['’](?P<s4>\d\d)(?![\d:.]))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE_DIGIT = 17  # characters of a date that may stand before its first digit: a word, its dot, two spaces
_CLOCK = re.compile(
    r"(?<![\d.:])(?P<before>午前|午後|上午|下午|오전|오후)?\s?(?:"
    r"(?P<hour>[01]?\d|2[0-3])(?:[:.h]|\sh\s|[時时点點]|시\s?)(?P<minute>[0-5]\d)(?!\d)(?::[0-5]\d)?"
    r"(?:\.\d{1,6})?[分분]?\s?(?P<half>[ap]\.?\s?m\b\.?|[مص](?!\w)|مساء|صباحا)?"
    r"|(?P<hour2>1[0-2]|0?[1-9])\s?(?P<half2>[ap]\.m\.|[ap]m\b))",
    re.IGNORECASE,
)
_SHORT_YEAR = re.compile(
    r"(?<![\d./:])(?P<a>\d{1,2})(?P<sep>[./])(?P<b>\d{1,2})(?P=sep)(?P<y>\d\d)(?![\d./:]\d|\d)"
)
_WORDS = re.compile(r"[^\W\d_]+(?:[-\u200c'’][^\W\d_]+)*")
_A_DIGIT = re.compile(r"\d")
_OF = frozenset(("de", "del", "of", "the"))


class PrintedDate(Struct, frozen=True):
    """A date as printed, with its place in the text; `year` is None where none is printed."""

    year: int | None
    month: int
    day: int
    start: int
    end: int
    ambiguous: bool = False  # 03/04/2025: day and month may be the other way round

    def on(self, year: int) -> date | None:
        """Give the date in that year, or None where the calendar has no such day."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None


class LabelledDate(Struct, frozen=True):
    """A date on a line of its own, with what the line says it is; `text` is its part of the line."""

    label: Label
    printed: PrintedDate | None
    text: str


class DateLine(Struct, frozen=True):
    """A line that tells a time; `rest` is what else stands on it, such as a writer's name."""

    dates: tuple[LabelledDate, ...]
    rest: str
    labelled: bool
    relative: bool  # "3 hours ago"
    text: str = ""
    around: str = ""  # the text with a bar in the place of each date, time and label

    @property
    def stated(self) -> tuple[LabelledDate, ...]:
        """The dates, or else the line's own words where it counts from the moment of its capture."""
        return self.dates or ((LabelledDate("published", None, self.text),) if self.relative else ())


class Ago(Struct, frozen=True):
    """How long before its capture a text says that it appeared: between two spans, or some days before."""

    least: timedelta
    most: timedelta
    days: int | None = None  # 0 for "today", 1 for "yesterday"


@cache
def _tables() -> dict[str, Any]:
    return toml("calendar.toml")


def _numbered(table: dict[str, list[str]]) -> dict[str, int]:
    return {
        spelling: number
        for names in table.values()
        for number, spellings in enumerate(names)
        for spelling in spellings.split("|")
        if spelling
    }


@cache
def _months() -> dict[str, int]:
    months = {name: number + 1 for name, number in _numbered(_tables()["months"]).items()}
    return months | {
        _bare(name): number for name, number in months.items() if "\u0370" <= name[0] <= "\u03ff"
    }


def _bare(name: str) -> str:
    """A Greek name without accents, as capitals are written."""
    return "".join(letter for letter in normalize("NFD", name) if not combining(letter))


@cache
def _solar_months() -> dict[str, int]:
    return {name: number + 1 for name, number in _numbered(_tables()["solar_months"]).items()}


@cache
def _weekdays() -> dict[str, int]:
    return _numbered(_tables()["weekdays"])


@cache
def _sure_weekdays() -> dict[str, int]:
    """The names that mean a weekday wherever they stand: no abbreviations, no Portuguese ordinals."""
    ordinals = {"segunda", "terça", "quarta", "quinta", "sexta", "ہفتہ", "پیر", "minggu", "pazar"}
    ordinals |= {"неделя", "недеља", "τρίτη", "τετάρτη", "πέμπτη", "streda", "ahad"}
    return {
        name: number
        for name, number in _weekdays().items()
        if name not in ordinals and (len(name) >= 5 or not name.isascii())
    }


def ascii_digits(text: str) -> str:
    """Write the digits of every script as 0 to 9; the length stays the same."""
    return text if text.isascii() or not _OTHER_DIGITS.search(text) else text.translate(_DIGITS)


def weekdays(text: str) -> tuple[int, ...]:
    """Give the weekdays that a text names, Monday as 0, in the order of first mention.

    >>> weekdays("Russia on Monday said, after talks on Sunday")
    (0, 6)
    """
    names = _sure_weekdays()
    found = (names.get(word) for word in _WORDS.findall(text.lower()))
    return tuple(dict.fromkeys(number for number in found if number is not None))


def printed_dates(text: str) -> Iterator[PrintedDate]:
    """Give the dates of a text in order, those without a year too.

    >>> [(d.year, d.month, d.day) for d in printed_dates("on December 21, 2025, and 3 Jan")]
    [(2025, 12, 21), (None, 1, 3)]
    """
    text = ascii_digits(text)
    place = 0
    while match := _from_digit(_DATE, text, place, _BEFORE_DIGIT):
        found = _read(match)
        if found is not None:
            yield found
        place = found.end if found is not None else match.start() + 1


def _from_digit(pattern: re.Pattern[str], text: str, place: int, before: int) -> re.Match[str] | None:
    """Search for what holds a digit after so many characters at the most: no digit, no search."""
    digit = _A_DIGIT.search(text, place)
    return pattern.search(text, max(place, digit.start() - before)) if digit else None


def _read(match: re.Match[str]) -> PrintedDate | None:
    if match["m3"]:
        return _day_first(match)
    if match["m4"] or match["m5"] or match["m8"]:
        return _month_first(match, "4" if match["m4"] else "5" if match["m5"] else "8")
    if match["m7"]:
        reiwa = 1 if match["era"] == "元" else int(match["era"])
        return _checked(2018 + reiwa, int(match["m7"]), int(match["d7"]), match.start(), match.end())
    if match["m6"]:
        return _checked(int(match["y6"]), int(match["m6"]), int(match["d6"]), match.start(), match.end())
    if match["y1"]:
        return _checked(int(match["y1"]), int(match["m1"]), int(match["d1"]), match.start(), match.end())
    return _numeric(match)


def _month_first(match: re.Match[str], which: str) -> PrintedDate | None:
    """Read `May 3, 2025`, `2025. május 3`, and `2025. gada 3. maijā`."""
    month = _months().get(match["m" + which].lower())
    if month is None:
        return None
    year = match["y" + which]
    if short := match["s4"]:
        return _checked(_century(short), month, int(match["d4"]), match.start(), match.end("s4"))
    end = max(match.end(part + which) for part in "ymd")
    return _checked(int(year) if year else None, month, int(match["d" + which]), match.start(), end)


def _century(short: str) -> int:
    """The year that two digits stand for; news on the web is not older than 1970."""
    return int(short) + (2000 if int(short) < 70 else 1900)


def _numeric(match: re.Match[str]) -> PrintedDate | None:
    first, second, year = int(match["d2"]), int(match["m2"]), int(match["y2"])
    if second > 12:
        return _checked(year, first, second, match.start(), match.end())
    unsure = match["sep"] != "." and first <= 12 and first != second
    return _checked(year, second, first, match.start(), match.end(), unsure)


def _day_first(match: re.Match[str]) -> PrintedDate | None:
    """Read `3 May 2025`, `3 de mayo de 2025`, and an Arabic month by both of its names."""
    words = [word for word in re.split(r"[\s/-]", match["m3"].lower()) if word]
    used, month, solar = _month_of(words)
    if not month:
        return None
    named_only = all(word in _OF or word in _months() or word in ("الثاني", "الأول") for word in words[used:])
    year = int(match["y3"]) if match["y3"] and named_only else None
    end = match.end("y3") if year else match.start("m3") + len(" ".join(words[:used]))
    if match["s3"] and used >= len(words):
        year, end = _century(match["s3"]), match.end("s3")
    if solar:
        return _from_solar(year, month, int(match["d3"]), match.start(), end)
    return _checked(year, month, int(match["d3"]), match.start(), end)


def _month_of(words: list[str]) -> tuple[int, int, bool]:
    for used in (2, 1):
        name = " ".join(words[:used])
        if name in _months():
            return used, _months()[name], False
        if name in _solar_months():
            return used, _solar_months()[name], True
    return 0, 0, False


def _checked(
    year: int | None, month: int, day: int, start: int, end: int, ambiguous: bool = False
) -> PrintedDate | None:
    if year is not None and 1300 <= year < 1500:
        # 1416 and later are years of the Islamic calendar, whose months begin with a sighting of the moon.
        return _from_solar(year, month, day, start, end) if year < 1416 and 1 <= month <= 12 else None
    try:
        date(year or 2000, month, day)
    except ValueError:
        return None
    return PrintedDate(year, month, day, start, end, ambiguous)


def _from_solar(year: int | None, month: int, day: int, start: int, end: int) -> PrintedDate | None:
    """Turn a date of the Iranian solar calendar into a Gregorian one, by its 33-year cycle of leap years."""
    if year is None or not 1300 <= year < 1416 or not 1 <= day <= (31 if month <= 6 else 30):
        return None
    leaps = sum(1 for y in range(1300, year) if y % 33 in (1, 5, 9, 13, 17, 22, 26, 30))
    days = (year - 1300) * 365 + leaps + (month - 1) * 30 + min(month - 1, 6) + day - 1
    there = date(1921, 3, 21) + timedelta(days=days)  # 1 Farvardin 1300
    return PrintedDate(there.year, there.month, there.day, start, end)


def short_dates(text: str) -> Iterator[PrintedDate]:
    """Give the dates such as 3.4.25 of a date line; in other texts these may be anything.

    >>> [(d.year, d.month, d.day, d.ambiguous) for d in short_dates("03.04.25, 10:15")]
    [(2025, 4, 3, False)]
    """
    for match in _SHORT_YEAR.finditer(ascii_digits(text)):
        first, second, year = int(match["a"]), int(match["b"]), _century(match["y"])
        if second > 12:
            first, second = second, first
            unsure = False
        else:
            unsure = match["sep"] != "." and first <= 12 and first != second
        found = _checked(year, second, first, match.start(), match.end(), unsure)
        if found is not None:
            yield found


def months_by_language(text: str) -> dict[str, int] | None:
    """Give the months, by language, that a month's name in a printed date means, where it means several.

    >>> months_by_language("3. listopada 2025")["hr"]
    10
    """
    table: dict[str, dict[str, int]] = _tables()["months_by_language"]
    return next((table[word] for word in _WORDS.findall(text.lower()) if word in table), None)


def clock(text: str) -> tuple[int, int, int, int] | None:
    """Give hour, minute, and where they start and end, of the first time of day that a text prints.

    >>> clock("at 12:05 a.m. on Friday")[:2], clock("5 p.m. ET")[:2]
    ((0, 5), (17, 0))
    """
    text = ascii_digits(text)
    match = _from_digit(_CLOCK, text, 0, 3)  # the half of the day in two characters, and a space
    if match is None:
        return None
    hour, minute = int(match["hour"] or match["hour2"]), int(match["minute"] or 0)
    half = (match["half"] or match["half2"] or match["before"] or "").lower()
    if half and hour <= 12:
        late = half[0] in "pم" or half in ("午後", "下午", "오후")
        hour = hour % 12 + (12 if late else 0)
    return hour, minute, match.start(), match.end()


def ago(text: str) -> Ago | None:
    """Read how long ago a text says that it appeared; None where it does not tell to the day.

    >>> ago("vor 2 Stunden").most
    datetime.timedelta(seconds=10800)
    >>> ago("3 weeks ago") is None, ago("yesterday at 10:15").days
    (True, 1)
    """
    folded = ascii_digits(text).lower()
    match = _ago_in(folded)
    if match is None:
        day = _relative_day().search(folded)
        days = None if day is None else int(day[0] in _tables()["relative"]["yesterday"])
        return None if days is None else Ago(timedelta(days), timedelta(days + 1), days)
    if alone := match["alone"] or match["alone2"]:
        pairs = _tables()["relative_pairs"]
        unit = _units().get(pairs.get(alone, alone))
        return None if unit is None else Ago(unit * (1 + (alone in pairs)), unit * (2 + (alone in pairs)))
    unit = _units().get(match["unit"] or match["unit2"])
    if unit is None:
        return None
    count = match["count"] or match["count2"]
    least = unit * (int(count) if count.isdigit() else _tables()["relative_counts"][count])
    if match["more"]:
        larger = _units().get(match["more_unit"])
        if larger is None or larger <= unit:
            return None
        least += larger * int(match["more"])
    return Ago(least, least + unit)


def month_first(language: str | None, zone: str) -> bool | None:
    """Say whether 03/04/2025 is the fourth of March; None where neither language nor zone tells.

    `zone` is the outlet's, by its name in the time zone database.

    >>> month_first("en-US", "UTC"), month_first("fr", "UTC"), month_first("en", "UTC")
    (True, False, None)
    """
    orders = _tables()["orders"]
    for tag in (language or "en", (language or "en").split("-")[0]):
        for name, answer in (("month_first", True), ("day_first", False)):
            if tag in orders[name]:
                return answer
        if tag in orders["unsure"]:
            break
    else:
        return False
    if zone.startswith(tuple(orders["zones_month_first"])):
        return True
    return False if zone.startswith(tuple(orders["zones_day_first"])) else None


class PrintedZone(Struct, frozen=True):
    """A time zone printed after a time of day; `hours` from UTC, or None where several are called so."""

    name: str
    hours: float | None
    american: bool = False  # with an hour more in summer


def zone_after(text: str) -> PrintedZone | None:
    """Read the zone at the beginning of a text that follows a time of day.

    >>> zone_after(" GMT+3, London").hours, zone_after("(IST)").hours, zone_after(" by Ana") is None
    (3.0, None, True)
    """
    head = text.lstrip(" \t,(|")[:40].lower()
    head = head.removeprefix("uhr").removeprefix("hrs").removeprefix("г.").lstrip(" ,(|")
    if offset := _OFFSET.match(head):
        hours = int(offset["hours"]) + int(offset["minutes"] or 0) / 60
        return PrintedZone(offset[0], hours if offset["sign"] == "+" else -hours) if hours <= 14 else None
    match = _zones().match(head)
    if match is None:
        return None
    name, tables = match[0], _tables()
    if name in tables["zones_of_two_times"]:
        return PrintedZone(name, tables["zones_of_two_times"][name], american=True)
    return PrintedZone(name, tables["zones"].get(name))


_OFFSET = re.compile(
    r"(?:utc|gmt)?\s?(?P<sign>[+−-])(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?(?![\d/.-])"
)


@cache
def _zones() -> re.Pattern[str]:
    tables = _tables()
    names = (*tables["zones"], *tables["zones_of_two_times"], *tables["zone_names"]["unsure"])
    return re.compile(rf"(?:{_alternatives(names)})(?![^\W\d_])")


@cache
def _labels() -> tuple[re.Pattern[str], frozenset[str]]:
    labels = _tables()["labels"]
    names = _alternatives((*labels["published"], *labels["updated"]))
    pattern = rf"(?<![^\W\d_])(?:{names})(?![^\W\d_])"
    return re.compile(pattern, re.IGNORECASE), frozenset(labels["updated"])


@cache
def _fillers() -> frozenset[str]:
    return frozenset(word for name in _tables()["labels"]["filler"] for word in name.split())


_SPANS = {
    "second": timedelta(seconds=1),
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "long": None,
}


@cache
def _units() -> dict[str, timedelta | None]:
    table = _tables()["relative"]
    return {name: span for kind, span in _SPANS.items() for name in table[kind]}


def _alternatives(names: Iterable[str]) -> str:
    """A pattern of any of the names, the longest first, by first letters: most are passed over at once."""
    begun: dict[str, list[str]] = {}
    for name in sorted(set(names), key=lambda name: (-len(name), name)):
        begun.setdefault(name[0], []).append(re.escape(name[1:]))
    return "|".join(f"{re.escape(first)}(?:{'|'.join(rest)})" for first, rest in begun.items())


@cache
def _strange() -> tuple[str, ...]:
    """The labels of dates that are no article's."""
    return tuple(_tables()["labels"]["strange"])


@cache
def _relative() -> re.Pattern[str]:
    ago_, unit = _alternatives(_tables()["relative"]["ago"]), _alternatives(_units())
    spelled = _alternatives(_tables()["relative_counts"])
    alone = _alternatives((*_tables()["relative"]["alone"], *_tables()["relative_pairs"]))
    return re.compile(
        rf"(?<![^\W\d_])(?:(?:{ago_})\s+(?P<count>\d{{1,3}}|(?:{spelled}))\s?(?P<unit>{unit})(?:[.]|(?![^\W\d_]))"
        rf"|(?:(?P<more>(?<!\d)\d{{1,3}})\s?(?P<more_unit>{unit})[.,]?\s(?:and\s|und\s|et\s|y\s|e\s)?)?"
        rf"(?P<count2>(?<!\d)\d{{1,3}}|\b(?:{spelled}))\s?(?P<unit2>{unit})[.]?\s?(?:{ago_})(?![^\W\d_])"
        rf"|(?:{ago_})\s(?P<alone>{alone})(?![^\W\d_])|(?P<alone2>{alone})\s(?:{ago_})(?![^\W\d_]))",
        re.IGNORECASE,
    )


@cache
def _folded(kinds: tuple[str, ...], ascii_alone: bool) -> tuple[str, ...]:
    """The words of these kinds that a text is looked through for, without those that hold another."""
    words = [word.casefold() for kind in kinds for word in _tables()["relative"][kind]]
    words = [word for word in words if word.isascii() or not ascii_alone]
    return tuple(
        word for word in dict.fromkeys(words) if not any(other in word for other in words if other != word)
    )


def _holds(text: str, *kinds: str) -> bool:
    """Say whether a word of these kinds is in a text: much faster than a search for all that it may mean."""
    folded = text.casefold()
    return any(map(folded.__contains__, _folded(kinds, folded.isascii())))


def _ago_in(text: str) -> re.Match[str] | None:
    return _relative().search(text) if _holds(text, "ago") else None


@cache
def _relative_day() -> re.Pattern[str]:
    table = _tables()["relative"]
    return re.compile(
        rf"(?<![^\W\d_])(?:{_alternatives((*table['today'], *table['yesterday']))})(?![^\W\d_])",
        re.IGNORECASE,
    )


def date_line(text: str) -> DateLine | None:
    """Read a line that tells when its article appeared, or None where the line is about something else.

    >>> date_line("Updated 02 May 2025").dates[0].label
    'updated'
    >>> date_line("He was born on 2 May 2025 in a small town of the north, they said") is None
    True
    """
    if len(text) > 200 or text.casefold().startswith(_strange()):
        return None
    folded = ascii_digits(text)
    if not (_A_DIGIT.search(folded) or (len(folded) < 40 and _ago_in(folded))):
        return None
    printed = [found for found in printed_dates(folded) if found.year or _near_start(folded, found)]
    if not any(found.year for found in printed):
        printed = list(short_dates(folded)) or printed
    time = clock(folded)
    relative = _ago_in(folded) is not None or (
        time is not None and not printed and _relative_day().search(folded.lower()) is not None
    )
    if not printed and not relative and time is None:
        return None
    if "°" in text or (printed and _is_clock_of_page(folded)):
        return None
    labels = list(_labels()[0].finditer(folded))
    left = _left(folded, printed, labels)
    rest = " ".join(_words_beside(left))
    if not _is_about_time(rest, labels, printed) and not _is_parted(text, folded, left, printed):
        return None
    around = "".join(old if new == same else new for old, same, new in zip(text, folded, left, strict=True))
    return DateLine(
        tuple(_labelled(text, folded, printed, labels)), rest, bool(labels), relative, text, around
    )


def _is_clock_of_page(text: str) -> bool:
    """Say whether a line tells the day on which its page was printed: `Сегодня 4 декабря 2025`."""
    return text.casefold().startswith(tuple(_tables()["relative"]["today"]))


@cache
def _life() -> frozenset[str]:
    return frozenset(_tables()["labels"]["life"])


def is_update(text: str) -> bool:
    """Say whether a line's first label says that its date is one of a change."""
    match = _labels()[0].search(text)
    return match is not None and match[0].lower() in _labels()[1]


def _label_after(
    text: str, found: PrintedDate, labels: list[re.Match[str]], dates: int
) -> re.Match[str] | None:
    """The label of `3 May 2025 (updated)`; in `3 May 2025 Updated at 16:01` it labels the time alone."""
    if dates != 1 or len(labels) != 1 or clock(text[labels[0].end() :]):
        return None
    return labels[0]


def _near_start(text: str, found: PrintedDate) -> bool:
    return len(text) <= 40 or found.start <= 10


_SAID = re.compile(r"[^\s|/·•()\[\],،、;:–—-][^\s|/·•()\[\],،、;:–—]*")


# A day's name in the Islamic lunar calendar, behind ours: `21 نوفمبر 2026 م ـ 01 جمادى الآخرة 1448 هـ`.
_LUNAR = re.compile(r"(?:م\s)?[ـ/–-]?\s?\d{1,2}\s[^\W\d_]{2,9}(?:\s[^\W\d_]{2,9})?\s1[34]\d\d\s?هـ")


def _left(text: str, printed: list[PrintedDate], labels: list[re.Match[str]]) -> str:
    """The line with a bar, and spaces to its length, in the place of each date, time and label."""
    chars = list(text)
    for start, end in [(found.start, found.end) for found in printed] + [_span(label) for label in labels]:
        chars[start:end] = "|".ljust(end - start)
    left = _CLOCK.sub(_bar, "".join(chars))
    if "هـ" in left:
        left = _LUNAR.sub(_bar, left)
    if not _SAID.search(left):
        return left
    if _holds(left, "ago"):
        left = _relative().sub(_bar, left)
    if _holds(left, "today", "yesterday"):
        left = _relative_day().sub(_bar, left)
    return left


def _span(label: re.Match[str]) -> tuple[int, int]:
    """Where a label stands, without the "by" of `Posted by Ana Ruiz`."""
    return label.start(), label.end() - (2 if label[0].lower().endswith(" by") else 0)


def _words_beside(left: str) -> list[str]:
    return [word for word in _SAID.findall(left) if not says_nothing(word)]


_MARKS = re.compile("[|·•]")
_LETTERS = 4  # of an agency, or of who edits
_SHORT_PARTS, _FEW_PARTS = 4, 3  # words of a part, and parts, that may stand beside a date


def _is_parted(text: str, folded: str, left: str, printed: list[PrintedDate]) -> bool:
    """Say whether marks part a line into a date and few words: `Source: Ana | 3 May 2025 | Editor: Bo`."""
    if text[-1] in ".?!" or not any(found.year for found in printed) or not _MARKS.search(text):
        return False
    kept = "".join(same if new == same else " " for same, new in zip(folded, left, strict=True))
    parts = [len(_words_beside(part)) for part in _MARKS.split(kept)]
    return max(parts) <= _SHORT_PARTS and sum(map(bool, parts)) <= _FEW_PARTS


def _bar(match: re.Match[str]) -> str:
    return "|".ljust(len(match[0]))


def says_nothing(word: str) -> bool:
    """Say whether a word beside a date says nothing of its own: a number, a weekday, "at", a zone."""
    folded = word.strip(".'’\"").lower()
    return not folded or folded.isdigit() or folded in _fillers() or folded in _weekdays()


def _is_about_time(rest: str, labels: list[re.Match[str]], printed: list[PrintedDate]) -> bool:
    words = len(rest.split())
    if not words:
        return True
    if not _life().isdisjoint(rest.casefold().split()):
        return False
    if not labels and not any(found.year for found in printed):
        return False
    if (
        not labels
        and words > 1
        and not any(word[0].isupper() or not word[0].isascii() for word in rest.split())
        and any(len(word) > _LETTERS for word in rest.split())  # `dpa/mk`
    ):
        return False  # `The club was founded on 3 May 1925`
    return words <= (6 if labels and labels[0].start() <= 3 else 4) and not rest.endswith((".", "?", "!"))


def _labelled(
    text: str, folded: str, printed: list[PrintedDate], labels: list[re.Match[str]]
) -> Iterator[LabelledDate]:
    """Each date with the label before it, or after it where the line opens with the date."""
    updated = _labels()[1]
    for place, found in enumerate(printed):
        before = [label for label in labels if label.start() <= found.start]
        label = before[-1] if before else _label_after(folded, found, labels, len(printed))
        kind: Label = "updated" if label and label[0].lower() in updated else "published"
        start = min(label.start(), found.start) if label else (0 if place == 0 else found.start)
        following = [other.start() for other in labels if other.start() > found.end]
        end = min([*following, *(other.start for other in printed[place + 1 :]), len(text)])
        yield LabelledDate(kind, found, text[start:end].strip(" \t|,;·•-–—/"))
    if not printed and labels:
        kind = "updated" if labels[0][0].lower() in updated else "published"
        yield LabelledDate(kind, None, text.strip())
