"""Extract the articles of a text capture: a page's words, one printed line each, whatever its layout.

The steps stand in feeds/extract/text, one module each: the lines as they are printed, what each says, its
features, its role by a learned model, and the articles that the roles make.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from feeds.extract import comments, headed, markdown, records
from feeds.extract.markup import is_marked_up
from feeds.extract.text import model
from feeds.extract.text.features import features
from feeds.extract.text.model import Reading, confidence
from feeds.extract.text.observed import Seen, observed
from feeds.extract.text.printed import Line, count, printed
from feeds.extract.text.roles import ABOVE, BODY, HEADLINE, OPENING, PAGE
from feeds.model import Document, DocumentError, Extraction, Problem, RawArticle

NAME = "text capture"

_MARKUP = re.compile(
    r"<(?:!doctype|html|head|body|article|div|p|meta|rss|feed|rdf|\?xml|nitf|newsitem)\b", re.IGNORECASE
)
_JSON = re.compile(r"\s{0,99}(?:\{\s{0,99}[\"}]|\[\s{0,99}[\[{\"])")
_ARCHIVE = "WARC/"
UNSURE = 0.5  # a chance below which a capture is named; of unseen ones 1 in 20 is, half of these read wrongly


_HEAD = 4  # lines below a border in which nothing is of the article above it


class Explained(Struct, frozen=True):
    """One line of a capture with the role that it was given, and why."""

    line: int  # 1-based
    text: str
    role: str
    why: str


class _Read(Struct, frozen=True):
    """The lines of a capture, what is known of each, and their roles."""

    lines: list[Line]
    seen: list[Seen]
    features: list[list[str]]
    reading: Reading


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
    """Return the articles of a text capture, in the order in which they stand there.

    What the header of a capture tool states goes into them. An article that prints no headline has none. A
    capture of which the number of articles is unsure is named. Raises DocumentError where no article
    is found.
    """
    return headed.read(document, _extract)


def _extract(document: Document) -> Extraction:
    """Return the articles of a text without a header."""
    from feeds.extract.text.assemble import articles

    read = _read(document.text)
    if not read.lines:
        raise DocumentError(document.source, "an article was expected, but nothing is written there")
    # A headline without a text is a link to one.
    found = tuple(one for one in articles(read.lines, read.seen, read.reading.roles) if one.body)
    if not found:
        raise DocumentError(document.source, "no article was found", read.lines[0].number)
    sure = [*_confidences(read, found)]
    found = tuple(
        replace(article, confidence=round(own, 3)) for article, own in zip(found, sure, strict=True)
    )
    return Extraction(found, tuple(_problems(document, read, found)))


def _problems(document: Document, read: _Read, found: Sequence[RawArticle]) -> Iterator[Problem]:
    if (whole := confidence(read.reading)) < UNSURE:
        many = f"{len(found)} articles" if len(found) > 1 else "1 article"
        yield Problem(document.source, None, f"read as {many}, unsure ({whole:.2f})")


def _confidences(read: _Read, found: Sequence[RawArticle]) -> Iterator[float]:
    """Return how sure each article's borders are: those of the lines from its own to the next one's."""
    numbers = {line.number: place for place, line in enumerate(read.lines)}
    starts = [numbers.get(article.line or 0, 0) for article in found]
    for start, end in pairwise([*starts, len(read.lines)]):
        yield confidence(read.reading, start, max(end, start) + 1)


def explain(document: Document) -> tuple[Explained, ...]:
    """Return each line that is not blank with its role and the evidence for it; of a header its headline."""
    from feeds.extract.text.explain import why
    from feeds.extract.text.roles import NAMES

    read = _read(headed.shown(document.text))
    stated = headed.titles(document.text)
    return tuple(
        Explained(
            stated.get(line.number, line.number),
            line.text,
            NAMES[role],
            why(read.features, read.reading, place),
        )
        for place, (line, role) in enumerate(zip(read.lines, read.reading.roles, strict=True))
    )


def _read(text: str) -> _Read:
    """Return the lines of a text as they are shown, with the best reading of them."""
    lines = printed(markdown.plain(text) if markdown.is_marked(text) else text)
    fixed = _fixed(lines)
    seen = observed(lines)
    for place in comments.places([one.key for one in seen]):
        fixed[place] = (PAGE,)
    for place in range(1, len(lines)):
        if _begins(lines[place - 1], seen[place - 1], lines[place], seen[place]):
            fixed.setdefault(place, (OPENING, PAGE))
    found = features(lines, seen)
    return _Read(lines, seen, found, model.read(found, fixed))


_TEXT = 20  # words


def _begins(above: Line, over: Seen, line: Line, seen: Seen) -> bool:
    """Say whether a text right below another one opens with place, and date or agency, as that one does."""
    return all(
        one.words > _TEXT
        and own.dateline
        and own.dateline.place
        and (own.dateline.date or own.dateline.agency)
        for one, own in ((above, over), (line, seen))
    )


# What the fields of a database's export may be; it says so itself, so there is nothing to learn.
_FIELDS = {
    records.HEADLINE: (HEADLINE,),
    records.STANDFIRST: ("mS",),
    records.NAMING: ("mD", "mY"),
    records.FIELD: (PAGE,),
    records.BORDER: (PAGE,),
}


def _fixed(lines: list[Line]) -> dict[int, tuple[str, ...]]:
    """Return the roles that the lines of an export may play, by place; take the labels off their texts."""
    found: dict[int, tuple[str, ...]] = {}
    marks = records.marks([line.text for line in lines])
    for place, (kind, start) in marks.items():
        found[place] = _FIELDS[kind]
        if kind == records.BORDER:  # what stands below it is of the next article
            for below in range(place + 1, min(place + _HEAD + 1, len(lines))):
                if below in marks:
                    break
                found[below] = (*ABOVE, HEADLINE, OPENING, BODY, PAGE)
        if start:
            lines[place].text = lines[place].text[start:]
            lines[place].words = count(lines[place].text)
    return found
