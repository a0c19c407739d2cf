"""Extract the articles of a text capture: a page's words, one printed line each, whatever its layout.

Three steps, one module each: lines.py sees what each line looks like, segment.py finds the best
reading of the whole page, and this module makes articles of the reading.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise, repeat

from msgspec import Struct

from feeds.calendars import weekdays
from feeds.extract import amend, credited, headed, heads, markdown, records, segment
from feeds.extract.lines import BIT, Line, is_plain, lines
from feeds.extract.markup import is_marked_up
from feeds.model import Caption, Document, DocumentError, Extraction, Problem, RawArticle, StatedDate

NAME = "text capture"

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|article|div|p|meta|rss|feed|rdf|\?xml|nitf|newsitem)\b", re.IGNORECASE
)
_JSON = re.compile(r"\s{0,99}(?:\{\s{0,99}[\"}]|\[\s{0,99}[\[{\"])")
_ARCHIVE = "WARC/"
HEADLESS = "headless body"  # the role of a text that opens with a dateline and stands under no headline
_BODY = ("body", HEADLESS)


class Explained(Struct, frozen=True):
    """One line of a capture with the role that it was given, and why."""

    line: int  # 1-based
    text: str
    role: str
    why: str


class _Block(Struct, frozen=True):
    """The lines of one article with their roles."""

    above: tuple[Line, ...]  # date lines and captions that stand above the headline
    headline: Line | None  # None where none is printed
    rest: tuple[tuple[Line, str], ...]
    roles: frozenset[str]  # that the rest plays

    def played(self, *roles: str) -> Iterable[Line]:
        return () if self.roles.isdisjoint(roles) else [line for line, role in self.rest if role in roles]

    @property
    def opening(self) -> Line | None:
        """The first line of its text."""
        return next((line for line, role in self.rest if role in _BODY), None)

    @property
    def body(self) -> tuple[str, ...]:
        return tuple(line.text for line in self.played(*_BODY, "crosshead"))

    @property
    def line(self) -> int:
        """Where it begins: its headline, or else its text."""
        return (self.headline or self.rest[0][0]).number


def claims(document: Document) -> bool:
    """Say whether a document is plain text: no markup, no feed, no JSON, no archive."""
    start = document.text[:2000].lstrip("\ufeff \n\t")
    if start.startswith(("<", _ARCHIVE)) and (
        start.startswith(_ARCHIVE) or _MARKUP.search(start) or is_marked_up(document.text)
    ):
        return False
    return not _JSON.match(start) and document.media_type.startswith("text/") and not _is_page(start)


def _is_page(start: str) -> bool:
    return len(_MARKUP.findall(start)) >= 3


def extract(document: Document) -> Extraction:
    """Give the articles of a text capture, in the order in which they stand there.

    What the header of a capture tool states goes into them. A text that opens with a dateline is an article
    though no headline stands above it: it has none then, and its line is named. Raises DocumentError where no
    article is found.
    """
    return headed.read(document, _read)


def _read(document: Document) -> Extraction:
    """Give the articles of a text without a header."""
    found = _lines(document.text)
    if not found:
        raise DocumentError(document.source, "an article was expected, but nothing is written there")
    blocks = tuple(_blocks(found, _roles(found)))
    items = heads.numbers(found)
    problems = tuple(
        Problem(document.source, block.line, "a headline was expected above this text")
        for block in blocks
        if block.headline is None
    )
    if not blocks:
        raise DocumentError(document.source, "no headline with a text below it was found", found[0].number)
    headings = [
        own or above for own, above in zip(_fields(found, blocks), _day_headings(blocks), strict=True)
    ]
    articles = tuple(_article(block, headings[place], items) for place, block in enumerate(blocks))
    return Extraction(articles, problems)


def explain(document: Document) -> tuple[Explained, ...]:
    """Give each line that is not blank with its role and the evidence for it; of a header its headline."""
    found = _lines(headed.shown(document.text))
    reading, plain = _roles(found), is_plain(found)
    stated = headed.titles(document.text)
    return tuple(
        Explained(stated.get(line.number, line.number), line.text, role, _why(line, role, plain))
        for line, role in zip(found, reading, strict=True)
    )


def _lines(text: str) -> list[Line]:
    """Give the lines of a capture as they are shown."""
    return lines(markdown.plain(text) if markdown.is_marked(text) else text)


def _why(line: Line, role: str, plain: bool) -> str:
    if role == HEADLESS:
        return "a dateline opens this text, and no headline stands above it"
    return segment.reasons(line, role, plain)


_LOOSE = ("page", "body date", "body furniture")  # what a date line above a headline may be taken for


def _roles(found: Sequence[Line]) -> list[str]:
    """Give the best reading of the page, in which also texts without a headline are texts.

    A date line that a headline follows at once, parted from what is above it, is the headline's.
    """
    reading = list(segment.roles(found))
    for place, (line, below) in enumerate(pairwise(found)):
        if reading[place + 1] == "headline" and _stands_over(line, below) and reading[place] in _LOOSE:
            reading[place] = "date above"
    amend.amend(found, reading)
    credited.put_right(found, reading)
    headless = False
    for place, (line, role) in enumerate(zip(found, reading, strict=True)):
        reads = role == "page" and line.long and bool(line.bits & BIT["reads like text"])
        headless = reads and (headless or line.dateline is not None)
        if headless:
            reading[place] = HEADLESS
    return reading


def _blocks(found: Sequence[Line], reading: Sequence[str]) -> Iterator[_Block]:
    above: list[Line] = []
    headline: Line | None = None
    rest: list[tuple[Line, str]] = []
    for line, role in zip(found, reading, strict=True):
        begins = line.dateline is not None if role == HEADLESS else role in segment.START
        if begins and (headline or rest):
            yield _block(above, headline, rest)
            above, headline, rest = [], None, []
        if role == "headline":
            headline = line
        elif role == "page":
            above = []
        elif headline is None and role != HEADLESS:
            above.append(line)
        else:
            rest.append((line, role))
    if headline or rest:
        yield _block(above, headline, rest)


def _block(above: list[Line], headline: Line | None, rest: list[tuple[Line, str]]) -> _Block:
    return _Block(tuple(above), headline, tuple(rest), frozenset([role for _, role in rest]))


def _article(block: _Block, heading: Line | None, items: frozenset[int]) -> RawArticle:
    opening = block.opening
    dateline = opening.dateline if opening else None
    return RawArticle(
        headline=_headline(block.headline, items) if block.headline else "",
        body=block.body,
        standfirst=" ".join(line.plain for line in block.played("standfirst")) or None,
        captions=tuple(_captions(block)),
        byline=credited.writers(block.rest, block.headline.key if block.headline else None),
        agency=credited.agency(block.rest),
        dateline=dateline.place if dateline else None,
        dates=tuple(_dates(block, heading)),
        line=block.line,
    )


_LAST_NAMED = 3  # of the numbers that names begin with, as in "1. FC Lindau" and "3. Liga"


def _headline(line: Line, items: frozenset[int]) -> str:
    """Give a headline without its bullet or number, but with one that a name begins with."""
    number = heads.number_of(line)
    named = number is not None and number <= _LAST_NAMED and items.isdisjoint((number - 1, number + 1))
    return line.text if named and not line.bits & _REPEATED else line.plain


_REPEATED = BIT["comes again soon"] | BIT["came before"]


def _captions(block: _Block) -> Iterator[Caption]:
    """The captions in order, each once, the credit apart."""
    seen: set[str] = set()
    above = [line for line in block.above if not line.date]
    for line in (*above, *block.played("head caption", "body caption")):
        if line.key not in seen:
            seen.add(line.key)
            caption = _caption(line)
            if caption.text:
                yield caption


def _caption(line: Line) -> Caption:
    text, credit = line.plain, line.credit
    if credit and text.rstrip(" .").endswith((f"({credit})", f"（{credit}）", f"[{credit}]")):
        text = text.rstrip(" .")[: -len(credit) - 2].rstrip()
    return Caption(text, credit)


def _dates(block: _Block, heading: Line | None) -> Iterator[StatedDate]:
    """The dates that the article prints about itself: beside its head, at its end, in its dateline."""
    opening = block.opening
    for line in (*block.played("head date", "head byline"), *_body_dates(block)):
        for found in line.date.stated if line.date else ():
            yield StatedDate(found.text, found.label, "date line", line.number)
    if opening and opening.dateline and opening.dateline.date:
        yield StatedDate(opening.dateline.date, "published", "dateline", opening.number)
    if heading and heading.date:
        for found in heading.date.dates:
            yield StatedDate(found.text, found.label, "date line", heading.number)


def _body_dates(block: _Block) -> Iterator[Line]:
    """Date lines near the text's beginning or below its end; one in its midst belongs to something else."""
    if block.roles.isdisjoint(("body date", "body byline")):
        return
    texts = 0
    last = max((place for place, (_, role) in enumerate(block.rest) if role == "body"), default=0)
    for place, (line, role) in enumerate(block.rest):
        texts += role == "body"
        if role in ("body date", "body byline") and line.date and (texts <= 2 or place > last):
            yield line


_BORDER = BIT[records.BORDER]


def _fields(found: Sequence[Line], blocks: Sequence[_Block]) -> Iterator[Line | None]:
    """Give for each article of a database's export the one date that its record states, if any.

    It stands in a field of the record, or between the border above it and its headline.
    """
    borders = [line.number for line in found if line.bits & _BORDER]
    if not borders:
        yield from repeat(None, len(blocks))
        return
    dated = [line for line in found if line.date and line.date.dates]
    ends = [*(block.line for block in blocks[1:]), found[-1].number + 1]
    for block, last in zip(blocks, ends, strict=True):
        start = max((number for number in borders if number < block.line), default=0)
        end = min((number for number in borders if number > block.line), default=last)
        own = [
            line
            for line in dated
            if start < line.number < (end if line.bits & BIT[records.NAMING] else block.line)
        ]
        yield own[0] if len(own) == 1 and not _prints_a_date(block) else None


def _day_headings(blocks: Sequence[_Block]) -> list[Line | None]:
    """Give for each article the day heading that it stands under, if any.

    A date above a headline may be the day of the articles below it or the page's own clock. It counts
    where the lead of one of them names its weekday, and none of them prints a date of its own; or where
    each article of several has one.
    """
    each = [_date_over(block) for block in blocks]
    if len(each) > 1 and all(each) and not any(map(_prints_a_date, blocks)):
        return each
    found: list[Line | None] = [None] * len(blocks)
    heading: Line | None = None
    start = 0
    for place, block in enumerate((*blocks, None)):
        above = next((line for line in block.above if line.date and line.date.dates), None) if block else None
        if block is None or above is not None:
            under = blocks[start:place]
            if heading is not None and _is_day_of(heading, under):
                found[start:place] = [heading] * len(under)
            heading, start = above, place
    return found


def _date_over(block: _Block) -> Line | None:
    """The date line right over a headline, parted from what stands above it."""
    last = block.above[-1] if block.above else None
    return last if last and block.headline and _stands_over(last, block.headline) else None


def _stands_over(line: Line, headline: Line) -> bool:
    dated = line.date is not None and bool(line.date.dates)
    return dated and line.above > 0 and not headline.above


def _prints_a_date(block: _Block) -> bool:
    return any(line.date for line in block.played("head date", "body date"))


def _is_day_of(heading: Line, blocks: Sequence[_Block]) -> bool:
    if any(map(_prints_a_date, blocks)):
        return False
    days = weekdays(heading.text)
    leads = [day for block in blocks for day in weekdays(" ".join(block.body[:2]))[:1]]
    return bool(days) and days[0] in leads
