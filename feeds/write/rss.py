"""Write a feed as RSS 2.0, with feedgen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from msgspec import Struct

from feeds import __version__
from feeds.config import Site
from feeds.model import Article, Category, Entry, Feed
from feeds.urls import web_url
from feeds.write import told
from feeds.write.content import content, summary
from feeds.write.links import Links, history_links, page_path
from feeds.write.media import MEDIA_NAMESPACE, add_media
from feeds.write.told import plain

MEDIA_TYPE = "application/rss+xml"
_ATOM = "http://www.w3.org/2005/Atom"
_DC = "http://purl.org/dc/elements/1.1/"
_HISTORY = "http://purl.org/syndication/history/1.0"  # RFC 5005
_NAMESPACES = {
    "atom": _ATOM,
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": _DC,
    "media": MEDIA_NAMESPACE,
}
_END = b"  </channel>\n</rss>\n"


class _ItemPart(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen leaves out of an item: names without e-mail addresses, the time of the last change."""

    def __init__(self) -> None:
        self.article: Article | None = None
        self.updated: datetime | None = None
        self.language: str | None = None

    def extend_rss(self, item: Any) -> Any:
        """Add them as Dublin Core, Atom and Media RSS."""
        from lxml import etree

        if self.article is None or self.updated is None:
            return item
        for name in told.authors(self.article):
            etree.SubElement(item, f"{{{_DC}}}creator").text = name
        if self.language:
            etree.SubElement(item, f"{{{_DC}}}language").text = self.language
        etree.SubElement(item, f"{{{_ATOM}}}updated").text = self.updated.isoformat()
        add_media(item, self.article)
        return item


class _ChannelPart(BaseExtension):  # type: ignore[misc]
    """What feedgen leaves out of a channel: links of other kinds than self, and RFC 5005."""

    def __init__(self) -> None:
        self.links: list[dict[str, str]] = []
        self.publisher = ""
        self.is_archive = False

    def extend_ns(self) -> dict[str, str]:
        """Declare what is used; always the same, but for an archive."""
        return {**_NAMESPACES, **({"fh": _HISTORY} if self.is_archive else {})}

    def extend_rss(self, root: Any) -> Any:
        """Add the links, who publishes it, and the mark of an archive."""
        from lxml import etree

        (channel,) = root
        for link in self.links:
            etree.SubElement(channel, f"{{{_ATOM}}}link", link)
        etree.SubElement(channel, f"{{{_DC}}}creator").text = self.publisher
        if self.is_archive:
            etree.SubElement(channel, f"{{{_HISTORY}}}archive")
        return root


class RssWriter(Struct, frozen=True):
    """Writes the feeds of one site, with the same ids as in Atom; see AtomWriter."""

    site: Site
    links: Links
    full: bool = True  # items hold the whole text, not the summary alone

    suffix = ".rss"
    media_type = MEDIA_TYPE

    def path(self, slug: str) -> str:
        """Give where a feed stands under output/."""
        return f"{slug}{self.suffix}"

    def write(self, feed: Feed) -> bytes:
        """Give the bytes of a feed: its entries in their order, its `updated` as it is given."""
        here = self.path(feed.slug)
        return self.feed(feed, (self.entry(entry, here) for entry in feed.entries))

    def feed(self, feed: Feed, entries: Iterable[bytes]) -> bytes:
        """Give the bytes of a feed whose entries are serialised already, in the order given."""
        head: bytes = self.head(feed).rss_str(pretty=True)
        return b"".join((head.removesuffix(_END), *entries, _END, b"\n"))

    def entry(self, entry: Entry, here: str) -> bytes:
        """Give the bytes of an entry as it stands in the feeds of the folder of `here`."""
        from lxml import etree

        root = etree.Element("rss", nsmap=_NAMESPACES)
        etree.SubElement(root, "channel").append(self.part(entry, here).rss_entry())
        written: bytes = etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=False)
        return written[written.index(b"    <item>") : -len(_END)]

    def head(self, feed: Feed) -> FeedGenerator:
        """Give a feed without its entries, for feedgen to write."""
        here = self.path(feed.slug)
        page = self.links.to(page_path(feed.slug), here)
        generator = FeedGenerator()
        generator.title(plain(feed.title))
        generator.description(plain(feed.subtitle) or plain(feed.title))
        generator.updated(feed.updated)
        generator.language(self.site.language)
        generator.copyright(plain(self.site.rights))
        generator.generator(f"feeds {__version__}")
        if self.links.base_url:
            generator.link(href=self.links.to(here, here), rel="self", type=MEDIA_TYPE)
        generator.link(href=page, rel="alternate", type="text/html")
        if feed.category:
            generator.category(_category(feed.category))
        is_archive = bool(feed.history and feed.history.is_archive)
        generator.register_extension("feeds", _ChannelPart, atom=False)
        own = generator.feeds
        own.is_archive = is_archive
        own.publisher = plain(self.site.author or self.site.title)
        if self.site.hub and not is_archive:
            own.links.append({"href": self.site.hub, "rel": "hub"})
        own.links += [
            {"href": self.links.to(self.path(slug), here), "rel": rel, "type": MEDIA_TYPE}
            for rel, slug in history_links(feed)
        ]
        return generator

    def part(self, entry: Entry, here: str) -> FeedEntry:
        """Give an entry for feedgen to write."""
        article = entry.article
        original, page = told.addresses(article, self.links, here)
        written = FeedEntry()
        written.register_extension("feeds", _ItemPart, atom=False)
        written.guid(article.id, permalink=False)
        title = told.title(article)
        # RSS does not say whether a title is HTML, and readers differ: a < has to be harmless in both.
        written.title(escape(title, quote=False) if "<" in title else title)
        if original or page:
            written.link(href=original or page, rel="alternate")
        if article.dating.published:
            written.published(article.dating.published)
        written.category([_category(category) for category in told.categories(article)])
        words = summary(article)
        if words:
            written.summary(escape(words, quote=False))  # what a description holds is HTML
        if self.full or not words:
            written.content(content(article), type="html")
        for url, enclosure in list(told.enclosures(article))[:1]:  # RSS 2.0 takes one
            written.enclosure(url, str(enclosure.length), enclosure.media_type)
        source = article.raw.source_feed
        address = web_url(source.url) if source else None
        if source and address:
            written.source(address, plain(source.title))
        written.feeds.article = article
        written.feeds.updated = entry.updated
        written.feeds.language = told.language(entry, self.site)
        return written


def _category(category: Category) -> dict[str, str]:
    return {"term": category.term, "scheme": category.scheme, "label": plain(category.label)}
