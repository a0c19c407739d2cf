"""Let through of an article what a store and a feed may hold, whatever its document says."""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feeds.model import RawArticle
from feeds.text import closed, legal
from feeds.urls import web_url


def let_through(raw: RawArticle) -> RawArticle:
    """Give an article with the characters that XML allows, and the addresses that a reader may follow.

    A document is decoded so; but JSON and XML can name any character, which is there only afterwards. A
    change of direction ends with the text that opens it.
    """
    return _without_dead_links(_clean(raw))


def _without_dead_links(raw: RawArticle) -> RawArticle:
    feed = raw.source_feed
    if raw.url is None and raw.image is None and feed is None and not raw.enclosures:
        return raw
    return replace(
        raw,
        url=_followed(raw.url),
        image=_followed(raw.image),
        enclosures=tuple(enclosure for enclosure in raw.enclosures if web_url(enclosure.url)),
        source_feed=feed and replace(feed, url=_followed(feed.url), page=_followed(feed.page)),
    )


def _followed(url: str | None) -> str | None:
    return url if web_url(url) else None


def _clean(value: Any) -> Any:
    if not value:
        return value
    if isinstance(value, str):  # most are printable, and need no look at each character
        return value if value.isprintable() else closed(legal(value))
    if isinstance(value, tuple):
        return tuple(map(_clean, value))
    changed = {
        name: new for name in _names(value.__class__) if (new := _clean(old := getattr(value, name))) != old
    }
    return replace(value, **changed) if changed else value


@cache
def _names(kind: type[Any]) -> tuple[str, ...]:
    """The names of what a value of this kind holds."""
    return kind.__struct_fields__ if issubclass(kind, Struct) else ()
