"""Read a text capture as lines: broken paragraphs joined, spaces folded, blank lines counted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from msgspec import Struct

from feeds.calendars import printed_dates
from feeds.extract import wrapped

_BULLETS = "•·▪◦●■►▶*»›–—-0123456789"
_BULLET = re.compile(r"(?:[•·▪◦●■►▶*»›–—-]\s+|\d{1,2}[.)]\s+)+")
_UNSPACED = re.compile(wrapped.UNSPACED)


class Line(Struct):
    """One printed line; `text` is stripped, its spaces folded, its bullet kept."""

    number: int  # 1-based, in the capture
    text: str
    words: int  # a third of the characters where a script writes no spaces
    above: int  # blank lines above it
    start: int = 0  # the columns at which it began and ended as it was printed
    end: int = 0

    @property
    def plain(self) -> str:
        """The text without its bullet or number."""
        return unbulleted(self.text)


def unbulleted(text: str) -> str:
    """Return a text without the bullet or number that it begins with.

    >>> unbulleted("• A harbour opens"), unbulleted("2. A ferry sinks"), unbulleted("4. Dezember 2025")
    ('A harbour opens', 'A ferry sinks', '4. Dezember 2025')
    """
    bullet = _BULLET.match(text) if text[:1] in _BULLETS else None
    if bullet is None or (text[0].isdigit() and any(found.start == 0 for found in printed_dates(text[:40]))):
        return text
    return text[bullet.end() :] or text


def printed(text: str) -> list[Line]:
    """Return the lines of a text that are not blank; a paragraph broken at a column is one line."""
    found: list[Line] = []
    blank = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = " ".join(raw.split())
        if not line:
            blank += 1
            continue
        start = len(raw) - len(raw.lstrip())
        found.append(Line(number, line, count(line), blank, start, len(raw.rstrip())))
        blank = 0
    found = _unwrapped(found)
    if "[" in text and _REFERENCES.search(text):
        _drop_numbers(found)
    return found


def count(line: str) -> int:
    """Return how many words a line has; where no spaces are written, a third of its characters.

    >>> count("A new harbour"), count("市議会は新しい港を開いた")
    (3, 4)
    """
    spaced = line.count(" ") + 1
    if line.isascii() or spaced * 9 > len(line) or not _UNSPACED.search(line[:80]):
        return spaced
    return max(spaced, len(line) // 3)


_LONG_ENOUGH = 40  # words of a paragraph after which the end of a sentence ends it, if nothing else does


def _unwrapped(found: list[Line]) -> list[Line]:
    """Join the lines of paragraphs that were broken at a column; see wrapped.py."""
    broken = wrapped.goes_on([_break(early, late) for early, late in pairwise(found)])
    if not any(broken):
        return found
    spaced = _are_spaced(found, broken)
    whole = found[:1]
    for is_broken, late in zip(broken, found[1:], strict=True):
        last = whole[-1]
        if is_broken and (spaced or last.words < _LONG_ENOUGH or not _may_part(last.text, late.text)):
            last.text = wrapped.joined(last.text, late.text)
            last.words += late.words
        else:
            whole.append(late)
    return whole


def _are_spaced(found: Sequence[Line], broken: Sequence[bool]) -> bool:
    """Say whether blank lines stand between paragraphs; where none does, one may end with a full line."""
    return any(
        late.above and goes_on and early.text[-1] in ".!?"
        for (early, late), goes_on in zip(pairwise(found), broken[1:], strict=False)
    )


def _may_part(early: str, late: str) -> bool:
    return early.rstrip("\"'”’»“)]")[-1:] in (".", "!", "?", "۔", "।", "。", "！") and not late[0].islower()


_ITEM = re.compile(r"[•·▪*+] |\d{1,3}\. \S+$")  # what begins an item of a list, such as one of links


def _break(early: Line, late: Line) -> wrapped.Break | None:
    """Look at two lines that follow one another; None where the second surely begins something."""
    if late.above or early.end < wrapped.NARROWEST or late.end > wrapped.WIDEST:
        return None
    if late.start > early.start and early.text[0] not in _BULLETS:  # the first line of a paragraph stands in
        return None
    if _ITEM.match(late.text) or early.text == late.text:
        return None
    return wrapped.between(early.text, early.end, late.text)


# Where a text browser lists the links that it numbered, at the end.
_REFERENCES = re.compile(
    r"^ {0,8}(?:References|Visible links|Hidden links|Links):?[ \t]*\n\s{0,80}1\. \S", re.MULTILINE
)
_LINK_NUMBER = re.compile(r"\[\d{1,4}\](?=\S)|^\[[\w.%-]{1,80}\.(?:jpe?g|png|gif|webp|svg)\] ?")


def _drop_numbers(found: list[Line]) -> None:
    """Take away the numbers of links, and the names of pictures, that a text browser put into lines."""
    for line in found:
        if "[" in line.text:
            line.text = _LINK_NUMBER.sub("", line.text) or line.text
            line.words = count(line.text)
