"""See what each line of a text capture says by itself: dates, writers, suppliers, furniture."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from msgspec import Struct

from feeds.calendars import DateLine, clock, date_line, printed_dates
from feeds.extract import words
from feeds.extract.dateline import Dateline, dateline
from feeds.extract.text.printed import Line, unbulleted
from feeds.extract.writers import Byline, byline, credit_below

_SHORT = 25  # words; what is longer is no date line and no byline
_CAPTION = 120  # words of the longest caption
_LOOKED_AT = 3000  # characters of a paragraph whose words are compared
_QUOTES = str.maketrans("’‘“”„«»–—", '\'\'"""""--')


class Seen(Struct, frozen=True):
    """What one line says by itself; a line that is printed twice is looked at once."""

    plain: str  # without its bullet
    key: str  # the same, without case, style of quotes and marks at its ends
    date: DateLine | None
    byline: Byline
    agency: str | None  # of a line that names nothing but agencies
    credit: str | None  # the supplier of a picture
    dateline: Dateline | None
    captioned: bool  # it begins or ends as captions do
    furniture: bool  # it is nothing but the page's own words
    begins: bool  # it begins as share, sign-in, cookie and read-more lines do
    opens: bool  # it is the heading of a block about other articles
    credited: bool  # it says who wrote, as lines below a text do
    dated: bool  # it holds a date
    timed: bool  # it begins with a time of day
    content: frozenset[str]
    names: frozenset[str]
    small: frozenset[str]
    script: int


def observed(lines: Sequence[Line]) -> list[Seen]:
    """Return what each line says by itself, in their order."""
    return [_seen(line.text, line.words) for line in lines]


@lru_cache(8192)
def _seen(text: str, count: int) -> Seen:
    plain = unbulleted(text)
    key = folded(plain).strip(" .:…") or plain
    captioned = words.opens_caption(key) or words.closes_caption(plain)
    short = count <= _SHORT
    furniture = words.is_furniture(key)
    date = date_line(plain) if short and not words.opens_caption(key) else None
    if date and date.rest and (words.labels_picture(plain) or _tells_who_posted(text)):
        date = None
    around = date.around if date and date.rest else plain
    return Seen(
        plain=plain,
        key=key,
        date=date,
        byline=byline(around) if short and not _tells_who_posted(text) else Byline(),
        agency=words.agency_alone(plain) if short and not furniture else None,
        credit=words.credit(plain) if count <= _CAPTION else None,
        dateline=dateline(plain),
        captioned=captioned,
        furniture=furniture,
        begins=words.begins_as_furniture(key),
        opens=words.opens_others(key),
        credited=bool(credit_below(text)) if count < 40 else False,
        dated=any(True for _ in printed_dates(text[:200])),
        timed=clock(text[:60]) is not None,
        content=words.content(key[:_LOOKED_AT]),
        names=words.names(text),
        small=words.small(key),
        script=words.script(text),
    )


def _tells_who_posted(text: str) -> bool:
    """Say whether a line tells who wrote something that is quoted: `— Ana Ruiz (@ana) May 3, 2025`."""
    return text[0] in "–—―-" and "(@" in text


def folded(text: str) -> str:
    """Return a text without case and style of quotes and dashes."""
    return text.casefold().translate(_QUOTES)
