"""Extract the articles of a document.

Each kind of document is one module here and one line in KINDS. A kind says which documents it
claims, by their content first and their media type second, and gives their articles; it knows no
clock, no disk, no categories and no feeds. Kinds import their parsers inside their functions, so
that a run that meets no web page pays for no HTML parser.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from typing import Protocol

from feeds.calendars import ago
from feeds.extract import feedfile, newsmlg2, ninjs, nitf, plaintext, webpage
from feeds.extract.unread import refusal, unclaimed
from feeds.languages import language_of, writes
from feeds.model import Document, DocumentError, Extraction, RawArticle, StatedDate


class Kind(Protocol):
    """What a module must offer to be an input kind."""

    NAME: str

    def claims(self, document: Document) -> bool:
        """Say whether this document is of this kind; cheap, and never an error."""
        ...

    def extract(self, document: Document) -> Extraction:
        """Give its articles in order; raise DocumentError where there is none."""
        ...


KINDS: tuple[Kind, ...] = (
    plaintext,
    webpage,
    feedfile,
    newsmlg2,
    nitf,
    ninjs,
)


def extract(document: Document) -> Extraction:
    """Give the articles of a document by the one kind that claims it.

    Raises DocumentError where no kind or more than one claims it, or where it holds no article, and
    says what it is instead.
    """
    if other := refusal(document):
        raise DocumentError(document.source, other)
    claimants = [kind for kind in KINDS if kind.claims(document)]
    if not claimants:
        raise unclaimed(document)
    if len(claimants) > 1:
        rivals = " and ".join(kind.NAME for kind in claimants)
        raise DocumentError(document.source, f"claimed by more than one kind of input: {rivals}")
    extraction = claimants[0].extract(document)
    articles = (_with_capture(_with_language(raw), document) for raw in extraction.articles)
    return replace(extraction, articles=tuple(articles))


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
