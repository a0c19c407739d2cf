"""Understand documents: extract, date and tag their articles; a fault of ours costs one document."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feeds.config import Config
from feeds.model import Dating, Document, DocumentError, Problem, RawArticle, Tag

log = logging.getLogger("feeds")
Understood = tuple[RawArticle, Dating, tuple[Tag, ...]]


class Judged(Struct, frozen=True):
    """What a document gave, dated and tagged, and what was wrong."""

    articles: tuple[Understood, ...]
    problems: tuple[Problem, ...]


def understand(document: Document, config: Config, now: datetime) -> Judged:
    """Extract, date and tag the articles of a document."""
    from feeds.extract import extract

    try:
        extraction = extract(document)
        bound = min(document.captured or now, now)
        articles = tuple((raw, *judge(raw, document.source, bound, config)) for raw in extraction.articles)
        return Judged(articles, extraction.problems)
    except DocumentError as error:
        return Judged((), (error.problem,))
    except Exception as error:
        return Judged((), (unexpected(document.source, error),))


def lasting(raw: RawArticle) -> RawArticle:
    """Return what is kept of an article: how sure its reading was changes with each model that reads."""
    return raw if raw.confidence is None else replace(raw, confidence=None)


def unexpected(source: str, error: Exception) -> Problem:
    """Note a fault of ours: it must cost only this document."""
    log.exception("%s: unexpected", source)
    return Problem(source, None, f"unexpected {type(error).__name__}: {error}")


def judge(raw: RawArticle, source: str, bound: datetime, config: Config) -> tuple[Dating, tuple[Tag, ...]]:
    """Date and tag an article that can't be later than `bound`, before the user's own rules."""
    from feeds import dates
    from feeds.tag import tag

    return dates.date(raw, bound, config.zone()), tag(raw, home=home(config.sources, source, raw.url))


def home(sources: Mapping[str, str], source: str, url: str | None) -> str | None:
    """Give the home country of an outlet as configured: by its URL's host, or by a folder of the source.

    >>> home({"news.example": "NO"}, "seeds/a.txt", "https://www.news.example/1")
    'NO'
    """
    host = (urlsplit(url).hostname or "") if url else ""
    for key, code in sources.items():
        if host == key or host.endswith(f".{key}") or source.startswith(f"{key.rstrip('/')}/"):
            return code
    return None


def seen_at(document: Document, now: datetime) -> datetime:
    """Give when a document's articles were first seen: by the crawler that recorded it, else now.

    What an old archive holds is no news: undated, it would stand at the head of every feed.
    """
    return min(document.captured, now) if document.recorded and document.captured else now
