"""Write a feed as Atom (RFC 4287), with feedgen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
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

MEDIA_TYPE = "application/atom+xml"
HISTORY_NAMESPACE = "http://purl.org/syndication/history/1.0"  # RFC 5005
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_END = b"</feed>\n"


class _EntryPart(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """What feedgen 1.0.0 leaves out of an entry.

    It writes an entry's link with its href alone where it knows the rel, and a source without its id;
    it knows no language of an entry, and no credit of a picture.
    """

    def __init__(self) -> None:
        self.links: list[dict[str, str]] = []
        self.language: str | None = None
        self.article: Article | None = None
        self.updated: datetime | None = None

    def extend_atom(self, entry: Any) -> Any:
        """Add the links, the source, the picture, and the language where it is not the feed's."""
        from lxml import etree

        for link in entry.findall("link"):
            entry.remove(link)
        for link in self.links:
            etree.SubElement(entry, "link", link)  # as feedgen's own: the root's xmlns holds for it
        if self.article:
            self._add_source(entry, self.article)
            add_media(entry, self.article)
        if self.language:
            entry.set(_XML_LANG, self.language)
        return entry

    def _add_source(self, entry: Any, article: Article) -> None:
        """Say which feed it came from; RFC 4287 section 4.2.11."""
        from lxml import etree

        feed = article.raw.source_feed
        if feed is None or self.updated is None:
            return
        source = etree.SubElement(entry, "source")
        etree.SubElement(source, "id").text = feed.id
        etree.SubElement(source, "title").text = plain(feed.title)
        # A feed is changed by each of its entries: when this one last changed, so did that feed. What
        # it said at the last poll would change the bytes of every entry with every poll.
        etree.SubElement(source, "updated").text = self.updated.isoformat()
        for rel, url, kind in (("self", feed.url, None), ("alternate", feed.page, "text/html")):
            href = web_url(url)
            if href:
                etree.SubElement(
                    source, "link", {"href": href, "rel": rel, **({"type": kind} if kind else {})}
                )


class _FeedPart(BaseExtension):  # type: ignore[misc]
    """What feedgen leaves out of a feed: links of other kinds than it knows, and RFC 5005."""

    def __init__(self) -> None:
        self.links: list[dict[str, str]] = []
        self.namespaces: dict[str, str] = {}
        self.is_archive = False

    def extend_ns(self) -> dict[str, str]:
        """Declare what is used."""
        return self.namespaces

    def extend_atom(self, feed: Any) -> Any:
        """Add the links, and the mark of an archive."""
        from lxml import etree

        for link in self.links:
            etree.SubElement(feed, "link", link)
        if self.is_archive:
            etree.SubElement(feed, f"{{{HISTORY_NAMESPACE}}}archive")
        return feed


class AtomWriter(Struct, frozen=True):
    """Writes the feeds of one site.

    An entry is serialised once; a feed is its head and the bytes of its entries, the same as feedgen
    would write for the whole.
    """

    site: Site
    links: Links
    full: bool = True  # entries hold the whole text, not the summary alone

    suffix = ".atom"
    media_type = MEDIA_TYPE

    def path(self, slug: str) -> str:
        """Give where a feed stands under output/."""
        return f"{slug}{self.suffix}"

    def write(self, feed: Feed) -> bytes:
        """Give the bytes of a feed: its entries in their order, its `updated` as it is given.

        >>> from datetime import datetime, UTC
        >>> feed = Feed("urn:uuid:0", "all", "All", "", datetime(2025, 1, 1, tzinfo=UTC))
        >>> AtomWriter(Site(), Links()).write(feed)[:38]
        b"<?xml version='1.0' encoding='UTF-8'?>"
        """
        here = self.path(feed.slug)
        return self.feed(feed, (self.entry(entry, here) for entry in feed.entries))

    def feed(self, feed: Feed, entries: Iterable[bytes]) -> bytes:
        """Give the bytes of a feed whose entries are serialised already, in the order given.

        Each is what `entry` gave for a document in the same folder; `feed.entries` are not looked at.
        """
        parts = list(entries)
        has_media = any(b"<media:" in part for part in parts)  # in a text, a < is escaped
        head: bytes = self.head(feed, has_media=has_media).atom_str(pretty=True)
        return b"".join((head.removesuffix(_END), *parts, _END, b"\n"))

    def entry(self, entry: Entry, here: str) -> bytes:
        """Give the bytes of an entry as it stands in the feeds of the folder of `here`."""
        from lxml import etree

        root = etree.Element("feed", nsmap={"media": MEDIA_NAMESPACE})
        root.append(self.part(entry, here).atom_entry())
        written: bytes = etree.tostring(root, pretty_print=True, encoding="UTF-8", xml_declaration=False)
        return written[written.index(b"\n") + 1 : -len(_END)]

    def head(self, feed: Feed, has_media: bool = False) -> FeedGenerator:
        """Give a feed without its entries, for feedgen to write."""
        here = self.path(feed.slug)
        generator = FeedGenerator()
        generator.id(feed.id)
        generator.title(plain(feed.title))
        if feed.subtitle:
            generator.subtitle(plain(feed.subtitle))
        generator.updated(feed.updated)
        generator.language(self.site.language)
        # RFC 4287 section 4.1.1: a feed has an author unless every entry has one.
        generator.author({"name": plain(self.site.author or self.site.title)})
        generator.rights(plain(self.site.rights))
        generator.generator("feeds", version=__version__)
        if self.links.base_url:
            generator.link(href=self.links.to(here, here), rel="self", type=MEDIA_TYPE)
        generator.link(href=self.links.to(page_path(feed.slug), here), rel="alternate", type="text/html")
        if feed.category:
            generator.category(_category(feed.category))
        generator.register_extension("feeds", _FeedPart, rss=False)
        own = generator.feeds
        if has_media:
            own.namespaces["media"] = MEDIA_NAMESPACE
        if feed.history and feed.history.is_archive:
            own.is_archive = True
            own.namespaces["fh"] = HISTORY_NAMESPACE
        if self.site.hub and not own.is_archive:  # an archive does not change
            own.links.append({"href": self.site.hub, "rel": "hub"})
        own.links += [
            {"href": self.links.to(self.path(slug), here), "rel": rel, "type": MEDIA_TYPE}
            for rel, slug in history_links(feed)
        ]
        return generator

    def part(self, entry: Entry, here: str) -> FeedEntry:
        """Give an entry for feedgen to write."""
        article = entry.article
        written = FeedEntry()
        written.register_extension("feeds", _EntryPart, rss=False)
        written.id(article.id)
        written.title(told.title(article))
        written.updated(entry.updated)  # feedgen stamps the present where this is not set
        if article.dating.published:
            written.published(article.dating.published)
        for name in told.authors(article):
            written.author({"name": name})
        written.category([_category(category) for category in told.categories(article)])
        words = summary(article)
        links = self._links(article, here)
        leads = any(link["rel"] == "alternate" for link in links)
        if words:
            written.summary(words)
        if self.full or not words or not leads:  # RFC 4287 section 4.1.2: an entry has one of the two
            written.content(content(article), type="html")
        written.feeds.links = links
        if links:
            written.link(links[0])  # feedgen refuses an entry without content or link
        written.feeds.language = told.language(entry, self.site)
        written.feeds.article = article
        written.feeds.updated = entry.updated
        return written

    def _links(self, article: Article, here: str) -> list[dict[str, str]]:
        """Give the publisher's page first where it is known; our own page is then a related one."""
        known = [address for address in told.addresses(article, self.links, here) if address]
        rels = ("alternate", "related")
        found = [{"href": known[i], "rel": rels[i], "type": "text/html"} for i in range(len(known))]
        for url, enclosure in told.enclosures(article):
            length = {"length": str(enclosure.length)} if enclosure.length else {}
            found.append({"href": url, "rel": "enclosure", "type": enclosure.media_type, **length})
        return found


def _category(category: Category) -> dict[str, str]:
    return {"term": category.term, "scheme": category.scheme, "label": plain(category.label)}
