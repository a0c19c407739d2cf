"""Hold the lines of one article of a text capture, each with what it says and the role that it plays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from feeds.extract.dateline import Dateline
from feeds.extract.text import roles as known
from feeds.extract.text.observed import Seen
from feeds.extract.text.openings import opened
from feeds.extract.text.printed import Line

_TEXT = (known.OPENING, known.BODY, known.MORE)


class Part(NamedTuple):
    """One line of an article."""

    line: Line
    seen: Seen
    role: str


class Item(Struct, frozen=True):
    """One article: the lines that play a role in it, in their order."""

    start: int  # the place of its first line among those of the page
    end: int  # the place of its last line
    parts: tuple[Part, ...]
    head: int  # the place among the parts at which its headline, or its text, begins
    first: int  # the place of its first line of text among the parts; their number where it has none
    last: int  # the place of its last line of text
    dateline: Dateline | None  # what opens its text

    @property
    def headline(self) -> Part | None:
        """The line of its headline, if one is printed."""
        found = self.parts[self.head]
        return found if found.role == known.HEADLINE else None

    @property
    def opening(self) -> Part | None:
        """The first line of its text."""
        return self.parts[self.first] if self.first < len(self.parts) else None

    def played(self, letter: str) -> list[Part]:
        """Return the lines whose role ends with this letter, above the headline and below."""
        return [part for part in self.parts if part.role[-1] == letter]


def items(lines: Sequence[Line], seen: Sequence[Seen], roles: Sequence[str]) -> Iterator[Item]:
    """Return the articles that hold a headline or a text.

    Where the page's own lines stand between what is above a headline and the headline, both are one article;
    but a date above these lines is the page's own day.
    """
    above: list[int] = []
    for start, end in known.spans(roles):
        kept = [*above, *(place for place in range(start, end) if roles[place] != known.PAGE)]
        if any(roles[place] in (known.HEADLINE, known.OPENING, known.BODY) for place in kept):
            yield _item(kept, tuple(Part(lines[place], seen[place], roles[place]) for place in kept))
            above = []
        else:
            above = [place for place in kept if roles[place] != "aD"]


def _item(places: Sequence[int], parts: tuple[Part, ...]) -> Item:
    text = [at for at, part in enumerate(parts) if part.role in _TEXT]
    first, last = (text[0], text[-1]) if text else (len(parts), len(parts))
    head = next((at for at, part in enumerate(parts) if part.role == known.HEADLINE), first)
    dateline = opened(parts[first].line.text, parts[first].seen.dateline) if text else None
    return Item(places[0], places[-1], parts, head, first, last, dateline)
