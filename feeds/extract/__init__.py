"""Extract the articles of a document.

Each kind of document is one module here and one line in `kinds`. A kind says which documents it
claims, by their content first and their media type second, and gives their articles; it knows no
clock, no disk, no categories and no feeds. Kinds import their parsers inside their functions, so
that a run that meets no web page pays for no HTML parser.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from datetime import time
from functools import cache
from itertools import accumulate
from typing import Protocol
from urllib.parse import urlsplit

from msgspec.structs import replace

from feeds.calendars import ago
from feeds.extract import plaintext
from feeds.extract.gate import let_through
from feeds.extract.markup import http_url
from feeds.extract.rich import LARGEST
from feeds.extract.unread import refusal, unclaimed
from feeds.languages import language_of, writes
from feeds.model import Document, DocumentError, Extraction, Problem, RawArticle, StatedDate

_LONGEST_PROLOG, _LOOKED_AT = 100_000, 2_000  # characters in which a kind looks for its root, for elements


class Kind(Protocol):
    """What a module must offer to be an input kind."""

    NAME: str

    def claims(self, document: Document) -> bool:
        """Say whether this document is of this kind; cheap, and never an error."""
        ...

    def extract(self, document: Document) -> Extraction:
        """Give its articles in order; raise DocumentError where there is none."""
        ...


@cache
def kinds() -> tuple[Kind, ...]:
    """Give all kinds of input."""
    from feeds.extract import columns, feedfile, newsmlg2, ninjs, nitf, webpage

    return (
        plaintext,
        webpage,
        feedfile,
        newsmlg2,
        nitf,
        ninjs,
        columns,
    )


def extract(document: Document) -> Extraction:
    """Give the articles of a document by the one kind that claims it.

    Raises DocumentError where no kind or more than one claims it, or where it holds no article, and
    says what it is instead.
    """
    if other := refusal(document):
        raise DocumentError(document.source, other)
    possible = (plaintext,) if _is_bare(document.text) else kinds()
    claimants = [kind for kind in possible if kind.claims(document)]
    if not claimants:
        raise unclaimed(document)
    if len(claimants) > 1:
        rivals = " and ".join(kind.NAME for kind in claimants)
        raise DocumentError(document.source, f"claimed by more than one kind of input: {rivals}")
    extraction = claimants[0].extract(document)
    articles = tuple(_with_capture(_with_language(let_through(raw)), document) for raw in extraction.articles)
    if claimants == [plaintext] and len(articles) == 1 and (address := _own_address(document.url)):
        articles = (replace(articles[0], url=articles[0].url or address),)
    problems = tuple(
        Problem(
            document.source, raw.line, f"an article of more than {LARGEST:,} characters: the rest is left out"
        )
        for raw in articles
        if sum(map(len, raw.body)) > LARGEST
    )
    return Extraction(tuple(map(_bounded, articles)), (*extraction.problems, *problems))


def _is_bare(text: str) -> bool:
    """Say whether no kind but plain text can claim a text: a run that reads no other loads no other."""
    start = text[:_LONGEST_PROLOG].lstrip("\ufeff \t\r\n").lstrip()
    return not start.startswith(("<", "{", "[")) and bool(start) and "<" not in text[:_LOOKED_AT]


def _bounded(raw: RawArticle) -> RawArticle:
    """Keep as much of a text as a reader can show: no honest article is as long as a novel."""
    if sum(map(len, raw.body)) <= LARGEST:
        return raw
    ends = list(accumulate(map(len, raw.body)))
    kept = bisect_right(ends, LARGEST)  # paragraphs that are whole
    left = LARGEST - (ends[kept - 1] if kept else 0)
    return replace(raw, body=(*raw.body[:kept], f"{raw.body[kept][:left]}…"), markup=raw.markup[:kept])


def _own_address(url: str | None) -> str | None:
    """Give the address that a text was captured from, if it is one article's: its end is a number or a title.

    The text under the address of a front page or a section is another one each time.
    """
    address = http_url(url)
    end = urlsplit(address).path.rstrip("/").rpartition("/")[2] if address else ""
    return address if _NUMBER.search(end) or end.count("-") + end.count("_") > 2 else None


_NUMBER = re.compile(r"\d{5}")


def _with_language(raw: RawArticle) -> RawArticle:
    """Put in the language that the words tell, where none is stated or the stated one is not written so."""
    texts = (raw.headline, raw.standfirst or "", *raw.body)
    if raw.language and writes(raw.language, texts):
        return raw
    return replace(raw, language=language_of(texts))


def _with_capture(raw: RawArticle, document: Document) -> RawArticle:
    """Put in when the document was taken, where it says so and the article counts its age from then."""
    if document.captured is None or not document.captured_stated:
        return raw
    if not any(_counts_back(stated) for stated in raw.dates):
        return raw
    captured = document.captured
    # A name with a day alone stands for its last second: no moment to count hours from.
    day_only = captured.time().replace(tzinfo=None) == time(23, 59, 59)
    seen = captured.date().isoformat() if day_only else captured.isoformat()
    dates = (replace(stated, seen=seen) if _counts_back(stated) else stated for stated in raw.dates)
    return replace(raw, dates=tuple(dates))


def _counts_back(stated: StatedDate) -> bool:
    return stated.place != "metadata" and ago(stated.text[:300]) is not None
