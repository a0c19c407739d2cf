"""Write the list of the feeds as OPML 2.0, for readers to import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from feeds.config import Site
from feeds.model import Feed
from feeds.text import legal
from feeds.write.links import Links

PATH = "feeds.opml"


def write(feeds: Sequence[Feed], folders: Mapping[str, str], site: Site, links: Links) -> bytes:
    """Give the OPML of these feeds, in the folders whose titles are given by name; "" is the top.

    `xmlUrl` is required by OPML 2.0: without a base URL it is relative, which few readers take.
    """
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{escape(legal(site.title))}</title></head>",
        "  <body>",
    ]
    for folder, title in folders.items():
        inside = [feed for feed in feeds if feed.slug.rpartition("/")[0] == folder]
        if not inside:
            continue
        indent = "    "
        if title:
            lines.append(f"    <outline text={quoteattr(title)} title={quoteattr(title)}>")
            indent = "      "
        lines.extend(indent + _outline(feed, links) for feed in inside)
        if title:
            lines.append("    </outline>")
    lines += ["  </body>", "</opml>", "<!-- written by feeds -->", ""]
    return "\n".join(lines).encode()


def _outline(feed: Feed, links: Links) -> str:
    title = quoteattr(legal(feed.title))
    feed_url = quoteattr(links.to(f"{feed.slug}.atom", PATH))
    page_url = quoteattr(links.to("index.html" if feed.category is None else f"{feed.slug}.html", PATH))
    return f'<outline type="rss" text={title} title={title} xmlUrl={feed_url} htmlUrl={page_url}/>'
