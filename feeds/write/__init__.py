"""Write feeds, pages and lists as bytes; one module for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds.config import Config

if TYPE_CHECKING:
    from feeds.write.atom import AtomWriter
    from feeds.write.jsonfeed import JsonWriter
    from feeds.write.pages import PageWriter
    from feeds.write.rss import RssWriter

    Writer = AtomWriter | RssWriter | JsonWriter


def writers(config: Config) -> tuple[Writer, ...]:
    """Give a writer for each format that is configured: always Atom, then RSS, then JSON Feed."""
    from feeds.write.atom import AtomWriter
    from feeds.write.links import Links

    site, full = config.site, config.feeds.content == "full"
    links = Links.of(site.base_url, site.article_pages)
    found: list[Writer] = [AtomWriter(site, links, full)]
    if "rss" in config.feeds.formats:
        from feeds.write.rss import RssWriter

        found.append(RssWriter(site, links, full))
    if "json" in config.feeds.formats:
        from feeds.write.jsonfeed import JsonWriter

        found.append(JsonWriter(site, links, full))
    return tuple(found)


def page_writer(config: Config) -> PageWriter:
    """Give the writer of the pages, which link to each format that is configured."""
    from feeds.write.links import Links
    from feeds.write.pages import PageWriter

    site = config.site
    return PageWriter(site, Links.of(site.base_url, site.article_pages), ("atom", *config.feeds.formats))
