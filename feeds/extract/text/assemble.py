"""Make articles of the lines of a text capture and the roles that they play."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from feeds.extract import wrapped
from feeds.extract.text import roles as known
from feeds.extract.text.credits import agency, writers
from feeds.extract.text.glued import Parted, parted
from feeds.extract.text.headlines import cleaned
from feeds.extract.text.items import Item, Part, items
from feeds.extract.text.observed import Seen
from feeds.extract.text.printed import Line
from feeds.extract.text.stated import dates
from feeds.extract.words import credit_after
from feeds.model import Caption, RawArticle, StatedDate


def articles(lines: Sequence[Line], seen: Sequence[Seen], roles: Sequence[str]) -> tuple[RawArticle, ...]:
    """Return the articles of a page, in the order in which they stand there; one without a headline
    has "".
    """
    found = list(items(lines, seen, roles))
    headed = [item.headline.seen.plain for item in found if item.headline]
    shown = iter(cleaned(headed))
    headlines = [next(shown) if item.headline else "" for item in found]
    glued = iter(parted([item.parts[item.first].seen.plain for item in found if not item.headline]))
    parts = [None if item.headline else next(glued) for item in found]
    stated = dates(found, headlines, lines, seen, roles)
    return tuple(map(_article, found, headlines, parts, stated))


def _article(item: Item, headline: str, glued: Parted | None, stated: tuple[StatedDate, ...]) -> RawArticle:
    line = item.parts[item.head].line.number
    body = _body(item)
    if glued:
        headline, body[0] = glued.headline, glued.text
        if glued.date:
            stated = (StatedDate(glued.date, "published", "date line", line),)
    return RawArticle(
        headline=headline,
        body=tuple(body),
        standfirst=" ".join(part.seen.plain for part in item.played("S")) or None,
        captions=tuple(_captions(item)),
        byline=writers(item),
        agency=agency(item),
        dateline=item.dateline.place if item.dateline else None,
        dates=stated,
        line=line,
    )


def _body(item: Item) -> list[str]:
    """Return the paragraphs, those that were broken joined."""
    found: list[str] = []
    for part in item.parts[item.first : item.last + 1]:
        if part.role == known.MORE and found:
            found[-1] = wrapped.joined(found[-1], part.line.text)
        elif part.role in (known.OPENING, known.BODY, known.MORE):
            found.append(part.line.text)
    return found


def _captions(item: Item) -> Iterator[Caption]:
    """Return the captions in order, each once, the credit apart."""
    once = {part.seen.key: part for part in item.played("C")}
    yield from map(_caption, once.values())


def _caption(part: Part) -> Caption:
    text = part.seen.plain
    credit = part.seen.credit or credit_after(text)
    bare = text.rstrip(" .")
    if credit and bare.endswith((f"({credit})", f"（{credit}）", f"[{credit}]")):
        text = bare[: -len(credit) - 2].rstrip() or text
    return Caption(text, credit)
