"""Values for tests: an article, an entry, a feed, each with what a test does not care for filled in."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feeds import compress
from feeds.dates import date
from feeds.extract import extract
from feeds.model import Article, Caption, Dating, Document, DocumentError, Entry, Feed, RawArticle, Tag
from feeds.vocab import country, topic

WHEN = datetime(2025, 12, 22, 12, 0, tzinfo=UTC)
DATED = Dating(WHEN, "day", "The dateline says so.")
UNDATED = Dating(None, None, "It prints no date of its own.")


def raw(**fields: Any) -> RawArticle:
    """Give an article in a document's words."""
    defaults: dict[str, Any] = {
        "headline": "Norway Opens a New Harbour",
        "body": ("Norway opened a new harbour in Bergen.", "The mayor was glad."),
        "captions": (Caption("Ships at the quay", "Reuters"),),
        "byline": ("Kari Nordmann",),
    }
    return RawArticle(**{**defaults, **fields})


def tags() -> tuple[Tag, ...]:
    """Give what it is about."""
    return (
        Tag(country("NO"), "subject", 0.9, '"Norway" in the headline'),
        Tag(country("SE"), "mentioned", 0.2, '"Sweden" in the text'),
        Tag(topic("04000000"), "subject", 0.7, '"harbour"'),
    )


def entry(number: int = 0, *, dating: Dating = DATED, updated: datetime = WHEN, **fields: Any) -> Entry:
    """Give an entry; its number makes its id."""
    article = Article(
        id=f"urn:uuid:00000000-0000-5000-8000-{number:012d}",
        raw=raw(**fields),
        dating=dating,
        tags=tags(),
        source="seeds/a.txt",
        first_seen=WHEN,
    )
    return Entry(article, updated)


def feed(*entries: Entry, slug: str = "countries/no", **fields: Any) -> Feed:
    """Give a feed of these entries."""
    defaults: dict[str, Any] = {
        "id": "urn:uuid:00000000-0000-5000-8000-ffffffffffff",
        "slug": slug,
        "title": "Norway",
        "subtitle": "Articles about Norway",
        "updated": max((e.updated for e in entries), default=WHEN),
        "category": country("NO"),
        "entries": entries,
        "total": len(entries),
    }
    return Feed(**{**defaults, **fields})


def extracted(document: Document) -> str:
    """Give what a document gives, as the golden files of extraction write it."""
    try:
        extraction = extract(document)
    except DocumentError as error:
        return f"problem: {error}\n"
    found = "\n".join(told(article, document.captured) for article in extraction.articles)
    return found + "".join(f"problem: {problem}\n" for problem in extraction.problems)


def told(article: RawArticle, captured: datetime | None) -> str:
    """Give an article as a line for each thing that it says."""
    dating = date(article, captured)
    rows = {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "byline": ", ".join(article.byline),
        "agency": article.agency,
        "dateline": article.dateline,
        "language": article.language,
        "url": article.url,
        "image": article.image,
        "published": dating.published and f"{dating.published:%Y-%m-%d %H:%M} ({dating.precision})",
        "updated": dating.updated and f"{dating.updated:%Y-%m-%d %H:%M}",
    }
    lines = [f"{name}: {value}" for name, value in rows.items() if value]
    lines += [f"caption: {c.text}{f' ({c.credit})' if c.credit else ''}" for c in article.captions]
    lines += [f"  {paragraph}" for paragraph in article.body]
    return "".join(f"{line}\n" for line in lines)


def pack(target: Path, encoding: str) -> None:
    """Write the compressed sibling of a file, as a build does."""
    packed = compress.packed(target.name, target.read_bytes(), encoding)
    assert packed
    sibling = target.with_name(f"{target.name}.{encoding}")
    sibling.write_bytes(packed)
    time = target.stat().st_mtime_ns
    os.utime(sibling, ns=(time, time))


# Short articles, a headline and a text each.
ITEMS = (
    (
        "Senate votes to keep agencies open",
        "Senators voted 62-38 late on Monday to keep federal agencies open through the end of September, "
        "hours before money was due to run out.",
    ),
    (
        "Carmaker recalls 400,000 trucks",
        "The company said that a faulty camera may go dark while the driver reverses, and that dealers would "
        "put it right without charge.",
    ),
    (
        "Storm Hester reaches the coast of Kerry",
        "Winds of 130 kilometres an hour brought down trees, and about 60,000 homes were without electricity "
        "at dawn, the operator of the grid said.",
    ),
)


def read_capture(text: str) -> tuple[RawArticle, ...]:
    """Return the articles of a text capture that was taken on 12 March 2025."""
    return extract(Document("a.txt", "text/plain", text, datetime(2025, 3, 12, tzinfo=UTC), "")).articles
