"""Mend the reading of a page where the lines around one tell what it is.

The best reading of a whole page leaves a line here and there to the page that a reader would not: a short
last paragraph, one below an advertisement, what leads in to a text, a caption whose supplier is not known.
"""

from __future__ import annotations

from collections.abc import Sequence

from feeds.calendars import printed_dates
from feeds.extract import records, words
from feeds.extract.lines import BIT, Line

_REACH = 8  # lines between a headline and its text
_ENOUGH = 2  # long lines that make a text
_LEAST = 4  # words of a headline, or of a short sentence
_READS = BIT["ends a sentence"] | BIT["reads like text"]
_HEAD = ("head date", "head byline", "head furniture", "standfirst")
_PICTURED = {"body": "head caption", "head furniture": "head caption", "body furniture": "body caption"}
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
)


_NO_CAPTION = _NO_TEXT & ~(
    BIT["photo words"]
    | BIT["picture credit"]
    | BIT["ends in brackets"]
    | BIT["came before"]
    | BIT["comes again soon"]
)
_LONGEST_CAPTION = 50  # words


def amend(found: Sequence[Line], reading: list[str]) -> None:
    """Put better roles into a reading, where there are any."""
    _take_in(found, reading)
    _date(found, reading)
    _picture(found, reading)
    _resume(found, reading)
    _go_on(found, reading)
    _lead_in(found, reading)


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
    """Give the place of the headline of a text, over a date with a year; None where there is none."""
    dated, head = False, None
    for place in range(text - 1, max(text - 1 - _REACH, -1), -1):
        line = found[place]
        if reading[place] != "page" or line.above > 0 or line.bits & BIT["opens other articles"]:
            break
        if line.date and any(one.printed and one.printed.year for one in line.date.dates):
            dated = True
        elif (
            dated and line.words >= _LEAST and not line.bits & (BIT["furniture words"] | BIT["writer's name"])
        ):
            head = place
        elif head is not None:
            break
    return head


def _reads(line: Line, *, begun: bool) -> bool:
    """Say whether a line is of a text, which may hold short sentences when it has begun."""
    return bool(line.bits & _READS) and (line.long or (begun and line.words > _LEAST and not line.above))


def _date(found: Sequence[Line], reading: list[str]) -> None:
    """Take what is nothing but a day for the article's, in its head."""
    for place, line in enumerate(found):
        dates = line.date.dates if line.date and line.bits & BIT["nothing but a date"] else ()
        if reading[place] == "head furniture" and any(one.printed and one.printed.year for one in dates):
            reading[place] = "head date"


def _picture(found: Sequence[Line], reading: list[str]) -> None:
    """Take what ends as captions do for one, in the head of an article and beside its text."""
    for place, line in enumerate(found):
        role = _PICTURED.get(reading[place])
        if role is None or not _LEAST < line.words <= _LONGEST_CAPTION or line.bits & _NO_CAPTION:
            continue
        in_text = reading[place] == "body"
        if in_text and (line.credit or reading[place - 1] not in _HEAD or not _is_followed(reading, place)):
            continue
        if line.credit is None and reading[place] != "body furniture":
            line.credit = words.credit_after(line.plain)
        if line.credit and _tells(line.plain.replace(line.credit, "")) and not line.credit[0].islower():
            reading[place] = role


def _tells(caption: str) -> bool:
    """Say whether a caption says more than names."""
    return any(word.isalpha() and not (word.istitle() or word.isupper()) for word in caption.split())


def _go_on(found: Sequence[Line], reading: list[str]) -> None:
    """Let a text go on with a short paragraph that was left to the page, no further off than the last was."""
    gap: int | None = None
    for place, line in enumerate(found):
        role = reading[place]
        if role == "headline":
            gap = None
        elif role == "body" and place and reading[place - 1] in ("body", "crosshead"):
            gap = line.above
        elif (
            role in _LEFT
            and place
            and reading[place - 1] == "body"
            and line.above <= (gap or 0)
            and _is_short_text(line)
            and not _heads_list(found, place)
        ):
            reading[place] = "body"


def _is_followed(reading: Sequence[str], place: int) -> bool:
    return place + 1 < len(reading) and reading[place + 1] == "body"


def _resume(found: Sequence[Line], reading: list[str]) -> None:
    """Let a text go on below an advertisement or a link to another article, on the same matter."""
    told: set[str] = set()
    last, opened = None, False
    for place, line in enumerate(found):
        role = reading[place]
        if role == "headline":
            told, last, opened = set(), None, False
        if role in ("headline", "standfirst", "body", "crosshead"):
            told |= words.content(line.key)
            last, opened = (place if role == "body" else last), False
        elif last is not None and role in _LEFT and place - last <= _BETWEEN + 1:
            opened = opened or bool(line.bits & BIT["opens other articles"])
            if (
                place > last + 1
                and _resumes(found, place, opened=opened)
                and not told.isdisjoint(words.content(line.key))
            ):
                reading[last + 1 : place] = ["body furniture"] * (place - last - 1)
                reading[place] = "body"
                told |= words.content(line.key)
                last, opened = place, False
        else:
            last = None


_BETWEEN = 4  # lines that may stand between two paragraphs of a text
_PAGE_WORDS = BIT["furniture words"] | BIT["furniture beginning"]


def _resumes(found: Sequence[Line], place: int, *, opened: bool) -> bool:
    """Say whether a line reads as a paragraph, and is no words about the link above it."""
    line, above = found[place], found[place - 1]
    parted = line.above > 0 if opened else bool(above.bits & _PAGE_WORDS)
    quoted = place + 1 < len(found) and found[place + 1].bits & BIT["begins with a dash"]
    return parted and not quoted and _is_short_text(line) and line.words > 2 * _LEAST


def _is_short_text(line: Line) -> bool:
    return bool(line.bits & BIT["ends a sentence"]) and line.words > _LEAST and not line.bits & _NO_TEXT


def _heads_list(found: Sequence[Line], place: int) -> bool:
    """Say whether what follows at once is the page's own words, or who is quoted, set apart from the text."""
    below = found[place + 1] if place + 1 < len(found) else None
    if below is None or below.above:
        return False
    return found[place].above > 0 and not below.long


def _lead_in(found: Sequence[Line], reading: list[str]) -> None:
    """Take what stands right under a headline, in a sentence's words, for what leads in to its text."""
    for place, line in enumerate(found):
        if line.bits & BIT[records.STANDFIRST] and reading[place] == "head furniture":
            reading[place] = "standfirst"
        if reading[place] == "body" and reading[place - 1] == "headline" and not _reads(line, begun=False):
            reading[place] = "head furniture" if _is_followed(reading, place) else "body"
        if reading[place] == "head furniture" and reading[place - 1] in ("headline", "standfirst"):
            near = line.bits & BIT["shares words below"] or not line.above
            told = near and line.words > _LEAST + 1 and not line.bits & (_NO_TEXT | BIT["has separators"])
            if told and next(printed_dates(line.text), None) is None:
                reading[place] = "standfirst"
