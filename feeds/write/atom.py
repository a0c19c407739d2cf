"""Write a feed as Atom (RFC 4287), with feedgen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension
from feedgen.feed import FeedGenerator

from feeds import __version__
from feeds.config import Site
from feeds.model import Category, Entry, Feed, Tag
from feeds.text import legal, one_line
from feeds.vocab import MIX_SCHEME
from feeds.write.content import content, summary
from feeds.write.links import Links, article_path, web_url

UNTITLED = "Untitled"
MEDIA_TYPE = "application/atom+xml"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


class _EntryPart(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen 1.0.0 leaves out of an entry.

    It writes an entry's link with its href alone, so that newsboat opens the picture in place of the
    article, and knows no language of an entry.
    """

    def __init__(self) -> None:
        self.links: tuple[Mapping[str, str], ...] = ()
        self.language: str | None = None

    def extend_atom(self, entry: Any) -> Any:
        """Add the links, and the language where it is not the feed's."""
        from lxml import etree

        for link in self.links:
            etree.SubElement(entry, "link", dict(link))  # as feedgen's own: the root's xmlns holds for it
        if self.language:
            entry.set(_XML_LANG, self.language)
        return entry


@dataclass(frozen=True, slots=True)
class AtomWriter:
    """Writes the feeds of one site."""

    site: Site
    links: Links

    def path(self, feed: Feed) -> str:
        """Give where a feed stands under output/."""
        return f"{feed.slug}.atom"

    def write(self, feed: Feed) -> bytes:
        """Give the bytes of a feed: its entries in their order, its `updated` as it is given.

        >>> from datetime import datetime, UTC
        >>> feed = Feed("urn:uuid:0", "all", "All", "", datetime(2025, 1, 1, tzinfo=UTC))
        >>> AtomWriter(Site(), Links()).write(feed)[:38]
        b"<?xml version='1.0' encoding='UTF-8'?>"
        """
        here = self.path(feed)
        generator = FeedGenerator()
        generator.id(feed.id)
        generator.title(_text(feed.title))
        if feed.subtitle:
            generator.subtitle(_text(feed.subtitle))
        generator.updated(feed.updated)
        generator.language(self.site.language)
        # RFC 4287 section 4.1.1: a feed has an author unless every entry has one.
        generator.author({"name": _text(self.site.author or self.site.title)})
        generator.rights(_text(self.site.rights))
        generator.generator("feeds", version=__version__)
        if self.links.base_url:
            generator.link(href=self.links.to(here, here), rel="self", type=MEDIA_TYPE)
        page = self.links.to("index.html" if feed.category is None else f"{feed.slug}.html", here)
        generator.link(href=page, rel="alternate", type="text/html")
        if feed.category:
            generator.category(_category(feed.category))
        for entry in feed.entries:
            generator.add_entry(
                self._entry(entry, here), order="append"
            )  # feedgen's own default is to prepend
        xml: bytes = generator.atom_str(pretty=True)
        return xml + b"\n"

    def _entry(self, entry: Entry, here: str) -> FeedEntry:
        article, raw = entry.article, entry.article.raw
        written = FeedEntry()
        written.register_extension("feeds", _EntryPart, rss=False)
        written.id(article.id)
        # RFC 4287 section 4.2.14: an entry has a title; feedgen gives up the feed where it is empty.
        written.title(_text(one_line(raw.headline)) or _text(summary(article)) or UNTITLED)
        written.updated(entry.updated)  # feedgen stamps the present where this is not set
        if article.dating.published:
            written.published(article.dating.published)
        for name in filter(None, map(_text, raw.byline)):
            written.author({"name": name})
        written.category([_category(tag.category) for tag in article.tags if _is_public(tag)])
        words = summary(article)
        if words:
            written.summary(words)
        written.content(content(article), type="html")
        written.feeds.links = tuple(self._links(entry, here))
        if raw.language and raw.language != self.site.language:
            written.feeds.language = raw.language
        return written

    def _links(self, entry: Entry, here: str) -> list[Mapping[str, str]]:
        """Give the publisher's page first where it is known; our own page is then a related one."""
        article = entry.article
        page = self.links.to(article_path(article.id), here)
        original = web_url(article.raw.url)
        if original is None:
            return [{"href": page, "rel": "alternate", "type": "text/html"}]
        return [
            {"href": original, "rel": "alternate", "type": "text/html"},
            {"href": page, "rel": "related", "type": "text/html"},
        ]


def _is_public(tag: Tag) -> bool:
    """Say whether a reader should see a tag: what the article is about, not how its feeds are mixed."""
    return tag.role == "subject" and tag.category.scheme != MIX_SCHEME


def _category(category: Category) -> dict[str, str]:
    return {"term": category.term, "scheme": category.scheme, "label": _text(category.label)}


def _text(text: str) -> str:
    return legal(" ".join(text.split()))
