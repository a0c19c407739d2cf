"""Write a feed as JSON Feed 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from msgspec import Struct

from feeds import __version__
from feeds.config import Site
from feeds.model import Article, Entry, Feed
from feeds.text import legal
from feeds.urls import web_url
from feeds.write import told
from feeds.write.content import content, summary
from feeds.write.links import Links, page_path
from feeds.write.told import plain

VERSION = "https://jsonfeed.org/version/1.1"
MEDIA_TYPE = "application/feed+json"
_OPEN, _END = b'"items": [', b"\n ]\n}\n"


class JsonWriter(Struct, frozen=True):
    """Writes the feeds of one site, with the same ids as in Atom; see AtomWriter."""

    site: Site
    links: Links
    full: bool = True  # items hold the whole text, not the summary alone

    suffix = ".json"
    media_type = MEDIA_TYPE

    def path(self, slug: str) -> str:
        """Give where a feed stands under output/."""
        return f"{slug}{self.suffix}"

    def write(self, feed: Feed) -> bytes:
        """Give the bytes of a feed: its entries in their order."""
        here = self.path(feed.slug)
        return self.feed(feed, (self.entry(entry, here) for entry in feed.entries))

    def feed(self, feed: Feed, entries: Iterable[bytes]) -> bytes:
        """Give the bytes of a feed whose entries are serialised already, in the order given."""
        head = _dump({**self.head(feed), "items": []})
        items = b",\n".join(entries)
        if not items:
            return head
        return b"".join((head[: head.rindex(_OPEN) + len(_OPEN)], b"\n", items, _END))

    def entry(self, entry: Entry, here: str) -> bytes:
        """Give the bytes of an entry as it stands in the feeds of the folder of `here`."""
        return b"  " + _dump(self.part(entry, here))[:-1].replace(b"\n", b"\n  ")

    def head(self, feed: Feed) -> dict[str, Any]:
        """Give a feed without its items."""
        here = self.path(feed.slug)
        history = feed.history
        is_archive = bool(history and history.is_archive)
        return _filled(
            version=VERSION,
            title=plain(feed.title),
            home_page_url=self.links.to(page_path(feed.slug), here),
            feed_url=self.links.to(here, here) if self.links.base_url else None,
            description=plain(feed.subtitle),
            next_url=self.links.to(self.path(history.previous), here)
            if history and history.previous
            else None,
            language=self.site.language,
            authors=[{"name": plain(self.site.author or self.site.title)}],
            hubs=[{"type": "WebSub", "url": self.site.hub}] if self.site.hub and not is_archive else None,
            _feeds=_filled(
                generator=f"feeds {__version__}",
                id=feed.id,
                updated=feed.updated.isoformat(),
                rights=plain(self.site.rights),
                archive=is_archive or None,
            ),
        )

    def part(self, entry: Entry, here: str) -> dict[str, Any]:
        """Give an entry as an item."""
        article, raw = entry.article, entry.article.raw
        original, page = told.addresses(article, self.links, here)
        words = summary(article)
        published = article.dating.published
        return _filled(
            id=article.id,
            url=original or page,
            title=told.title(article),
            content_html=content(article) if self.full or not words else None,
            content_text=words if words and not self.full else None,
            summary=words if self.full else None,
            image=web_url(raw.image),
            date_published=published.isoformat() if published else None,
            date_modified=entry.updated.isoformat(),
            authors=[{"name": name} for name in told.authors(article)],
            tags=list(dict.fromkeys(plain(category.label) for category in told.categories(article))),
            language=told.language(entry, self.site),
            attachments=[
                _filled(url=url, mime_type=e.media_type, size_in_bytes=e.length or None)
                for url, e in told.enclosures(article)
            ],
            _feeds=_filled(page=page if original else None, **_understood(article)),
        )


def _understood(article: Article) -> dict[str, Any]:
    """Give what was understood of an article, and why: the extension that is ours."""
    return {
        "date_basis": legal(article.dating.basis),
        "date_inferred": article.dating.inferred or None,
        "date_precision": article.dating.precision,
        "categories": [
            {
                "scheme": tag.category.scheme,
                "term": tag.category.term,
                "label": plain(tag.category.label),
                "role": tag.role,
                "evidence": plain(tag.evidence),
            }
            for tag in article.tags
            if tag.category in set(told.categories(article)) or tag.role == "mentioned"
        ],
        "source_feed": _filled(id=article.raw.source_feed.id, title=plain(article.raw.source_feed.title))
        if article.raw.source_feed
        else None,
    }


def _filled(**members: Any) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value not in (None, "", [], {})}


def _dump(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
