"""Mend the reading of a page where the lines around one tell what it is.

The best reading of a whole page leaves a line here and there to the page that a reader would not: a short
last paragraph, one below an advertisement, what leads in to a text, a caption whose supplier is not known.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from feeds.calendars import printed_dates
from feeds.extract import heads, records, words
from feeds.extract.lines import BIT, Line

_REACH = 8  # lines between a headline and its text
_ENOUGH = 2  # long lines that make a text
_LEAST = 4  # words of a headline, or of a short sentence
_ENDS = BIT["ends a sentence"] | BIT["ends with a question"] | BIT["ends cut off"] | BIT["reads like text"]
_READS = BIT["ends a sentence"] | BIT["reads like text"]
_PICTURED = {"head furniture": "head caption", "body furniture": "body caption"}
_NO_HEAD = BIT["furniture words"] | BIT["writer's name"]
_UNTOLD = ("page", "head furniture", "body furniture", "body")
_LEFT = ("page", "body furniture")
_NO_TEXT = (
    BIT["furniture words"]
    | BIT["furniture beginning"]
    | BIT["opens other articles"]
    | BIT["web address"]
    | BIT["date line"]
    | BIT["byline"]
    | BIT["writer's name"]
    | BIT["agency"]
    | BIT["photo words"]
    | BIT["picture credit"]
    | BIT["ends in brackets"]
    | BIT["came before"]
    | BIT["comes again soon"]
    | BIT["begins with a bullet"]
    | BIT["begins with a number"]
)


_NO_CAPTION = _NO_TEXT & ~(
    BIT["photo words"]
    | BIT["picture credit"]
    | BIT["ends in brackets"]
    | BIT["came before"]
    | BIT["comes again soon"]
)
_AFTER_LEAD = {"head caption": "body caption", "head furniture": "body furniture"}
_STORY = ("headline", "standfirst", "body", "crosshead")
_PAGE_WORDS = BIT["furniture words"] | BIT["furniture beginning"]
_BETWEEN = 4  # lines that may stand between two paragraphs of a text
_FAR = 80  # lines between a byline and what is said of the writer
_PROMOTION = re.compile(
    r"newsletter|sign up|subscri|cookie|datenschutz|abonn|suscr[ií]b|inscreva|iscriv|подпи[сш]|whatsapp"
    r"|telegram|app store|google play|copyright|[@©]|einverstanden|servis edil",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 50  # words


def amend(found: Sequence[Line], reading: list[str]) -> None:
    """Put better roles into a reading, where there are any."""
    _take_in(found, reading)
    _below_days(found, reading)
    _date(found, reading)
    _picture(found, reading)
    _resume(found, reading)
    _go_on(found, reading)
    _lead_in(found, reading)
    _lead(found, reading)


def _take_in(found: Sequence[Line], reading: list[str]) -> None:
    """Take a text in that was left to the page, though a date stands over it, and a headline over that.

    So it is with an article that follows a list of others without a blank line.
    """
    place = 0
    while place < len(found):
        end = place
        while end < len(found) and reading[end] == "page" and _reads(found[end], begun=end > place):
            end += 1
        if end - place >= _ENOUGH and (head := _head_over(found, reading, place)) is not None:
            reading[head] = "headline"
            for above in range(head + 1, place):
                reading[above] = "head date" if found[above].date else "head furniture"
            reading[place:end] = ["body"] * (end - place)
        place = max(end, place + 1)


def _head_over(found: Sequence[Line], reading: Sequence[str], text: int) -> int | None:
    """Give the place of the headline of a text, over a date with a year or under one, if there is any."""
    dated, head = False, None
    for place in range(text - 1, max(text - 1 - _REACH, -1), -1):
        line = found[place]
        if reading[place] != "page" or line.bits & BIT["opens other articles"]:
            break
        if heads.has_year(line):
            dated = True
        elif _may_head(line) and (dated or _is_dated(found, place)):
            head = place
        elif head is not None:
            break
        if line.above:
            break
    return head


def _may_head(line: Line) -> bool:
    return line.words >= _LEAST and not line.byline.names and not line.bits & _NO_HEAD


def _is_dated(found: Sequence[Line], place: int) -> bool:
    """Say whether a date stands right over a line, and opens its block."""
    above = found[place - 1] if place and not found[place].above else None
    return above is not None and above.above > 0 and heads.has_year(above)


def _reads(line: Line, *, begun: bool) -> bool:
    """Say whether a line is of a text, which may hold short sentences when it has begun."""
    return bool(line.bits & _READS) and (line.long or (begun and line.words > _LEAST and not line.above))


def _below_days(found: Sequence[Line], reading: list[str]) -> None:
    """Take the sentences for a text, however short, that follow a headline over nothing but a day.

    They go on as far as they stand no further apart than the first two.
    """
    for place, day in enumerate(found[:-2]):
        head = heads.over_day(found, place) if day.bits & BIT["nothing but a date"] else None
        if head is None or reading[head] != "headline":
            continue
        gap = max(day.above, found[place + 1].above, found[place + 2].above)
        for below in range(place + 1, len(found)):
            line = found[below]
            if reading[below] == "standfirst":
                continue
            told = reading[below] in _UNTOLD and line.above <= gap and heads.is_told(line)
            if not told or _is_quoted(found, below):
                break
            reading[below] = "body"


def _date(found: Sequence[Line], reading: list[str]) -> None:
    """Take what is nothing but a day for the article's, in its head."""
    for place, line in enumerate(found):
        is_day = line.bits & BIT["nothing but a date"] and heads.has_year(line)
        if reading[place] == "head furniture" and is_day:
            reading[place] = "head date"


def _picture(found: Sequence[Line], reading: list[str]) -> None:
    """Take what ends as captions do for one, in the head of an article and beside its text."""
    for place, line in enumerate(found):
        role = _PICTURED.get(reading[place])
        if role is None or not _LEAST < line.words <= _LONGEST_CAPTION or line.bits & _NO_CAPTION:
            continue
        if line.credit is None and reading[place] == "head furniture":
            line.credit = words.credit_after(line.plain)
        if line.credit and _tells(line.plain.replace(line.credit, "")) and not line.credit[0].islower():
            reading[place] = role


def _tells(caption: str) -> bool:
    """Say whether a caption says more than names."""
    return any(word.isalpha() and not (word.istitle() or word.isupper()) for word in caption.split())


def _go_on(found: Sequence[Line], reading: list[str]) -> None:
    """Let a text go on with a short paragraph that was left to the page, no further off than the last was."""
    gap = 0
    for place in range(1, len(found)):
        line, role, above = found[place], reading[place], reading[place - 1]
        if role == "headline":
            gap = 0
        elif role == "body":
            gap = line.above if above in ("body", "crosshead") else max(gap, min(line.above, 1))
        elif role in _LEFT and above == "body" and line.above <= gap and _is_text(found, place):
            reading[place] = "body"


def _resume(found: Sequence[Line], reading: list[str]) -> None:
    """Let a text go on below an advertisement or a link to another article, on the same matter."""
    start, last = 0, None  # its headline, its last line so far
    opened = False  # whether a list was opened below that
    for place, line in enumerate(found):
        role = reading[place]
        if role == "headline":
            start, last = place, None
        elif last is not None and role in _LEFT and place - last <= _BETWEEN + 1:
            opened = opened or bool(line.bits & BIT["opens other articles"])
            if place - last > 1 and _resumes(found, place, opened=opened):
                told = (
                    words.content(found[one].key) for one in range(start, last + 1) if reading[one] in _STORY
                )
                if not words.content(line.key).isdisjoint(chain.from_iterable(told)):
                    reading[last + 1 : place] = ["body furniture"] * (place - last - 1)
                    role = reading[place] = "body"
        elif role not in _STORY:
            last = None
        if role == "body":
            last, opened = place, False


def _resumes(found: Sequence[Line], place: int, *, opened: bool) -> bool:
    """Say whether a line reads as a paragraph, and is no words about the link above it."""
    line, above = found[place], found[place - 1]
    parted = line.above > 0 if opened else bool(above.bits & _PAGE_WORDS)
    return parted and line.words > 2 * _LEAST and _is_text(found, place)


def _is_text(found: Sequence[Line], place: int) -> bool:
    """Say whether a line reads as a paragraph: no promotion, no one's words set apart, none on who wrote."""
    line = found[place]
    if not line.bits & BIT["ends a sentence"] or line.words <= _LEAST or line.bits & _NO_TEXT:
        return False
    if _is_quoted(found, place):
        return False
    return not _PROMOTION.search(line.text) and not _is_about_writer(found, place)


def _is_quoted(found: Sequence[Line], place: int) -> bool:
    """Say whether a line is one's words set apart, with who said them right below."""
    line, below = found[place], found[place + 1] if place + 1 < len(found) else None
    if below is None:
        return False
    named = line.above and not below.above and not below.long and not below.bits & _PAGE_WORDS
    return bool(named or below.bits & BIT["begins with a dash"])


def _is_about_writer(found: Sequence[Line], place: int) -> bool:
    key = found[place].key
    return any(
        key.startswith(name.casefold())
        for line in found[max(place - _FAR, 0) : place]
        if line.byline.labelled or line.byline.whole
        for name in line.byline.names
    )


def _is_followed(reading: Sequence[str], place: int) -> bool:
    return place + 1 < len(reading) and reading[place + 1] == "body"


def _lead_in(found: Sequence[Line], reading: list[str]) -> None:
    """Take what stands right under a headline, in a sentence's words, for what leads in to its text."""
    for place, line in enumerate(found):
        if line.bits & BIT[records.STANDFIRST] and reading[place] == "head furniture":
            reading[place] = "standfirst"
        if reading[place] == "body" and reading[place - 1] == "headline" and not line.bits & _ENDS:
            reading[place] = "head furniture" if not line.long and _is_followed(reading, place) else "body"
        if reading[place] == "head furniture" and reading[place - 1] in ("headline", "standfirst"):
            near = line.bits & BIT["shares words below"] or not line.above
            told = near and line.words > _LEAST + 1 and not line.bits & (_NO_TEXT | BIT["has separators"])
            if told and next(printed_dates(line.text), None) is None:
                reading[place] = "standfirst"


def _lead(found: Sequence[Line], reading: list[str]) -> None:
    """Let a text begin with the paragraph over its first picture, which was left to the head."""
    for place, line in enumerate(found):
        if reading[place] != "head furniture" or not line.long or not _is_text(found, place):
            continue
        end = place + 1
        while reading[end] in _AFTER_LEAD:
            end += 1
        shared = words.content(line.key) & words.content(found[end].key)
        if reading[end] == "body" and len(shared) >= _ENOUGH and "head caption" in reading[place:end]:
            reading[place] = "body"
            reading[place + 1 : end] = [_AFTER_LEAD[role] for role in reading[place + 1 : end]]
