"""Write the list of the feeds as OPML 2.0, for readers to import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from feeds.config import Site
from feeds.model import Feed
from feeds.text import legal
from feeds.write.links import Links, page_path

PATH = "feeds.opml"
# XML 1.0 section 3.3.3: a reader takes white space in an attribute for spaces, unless it is written so.
_IN_ATTRIBUTE = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)


def files(
    feeds: Sequence[Feed], folders: Mapping[str, str], site: Site, links: Links
) -> Iterator[tuple[str, bytes]]:
    """Give the list of all feeds, and one for each folder that holds any, as (path, bytes).

    `folders` are the folders' titles by their names; "" is the top.
    """
    yield PATH, write(feeds, folders, site, links)
    for folder, title in folders.items():
        inside = [feed for feed in feeds if feed.slug.rpartition("/")[0] == folder]
        if folder and inside:
            yield f"{folder}.opml", _document(f"{site.title}: {title}", _outlines(inside, links, "    "))


def write(feeds: Sequence[Feed], folders: Mapping[str, str], site: Site, links: Links) -> bytes:
    """Give the OPML of these feeds, in the folders whose titles are given by name; "" is the top.

    `xmlUrl` is required by OPML 2.0: without a base URL it is relative, which few readers take.
    """
    lines = []
    for folder, title in folders.items():
        inside = [feed for feed in feeds if feed.slug.rpartition("/")[0] == folder]
        if not inside:
            continue
        if not title:
            lines += _outlines(inside, links, "    ")
            continue
        lines.append(f"    <outline text={_quoted(title)} title={_quoted(title)}>")
        lines += _outlines(inside, links, "      ")
        lines.append("    </outline>")
    return _document(site.title, lines)


def _document(title: str, lines: list[str]) -> bytes:
    """Give a whole document; it names no owner and no date, so that its bytes stay."""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<opml version="2.0">',
        f"  <head><title>{escape(legal(title), quote=False)}</title></head>",
        "  <body>",
        *lines,
        "  </body>",
        "</opml>",
        "<!-- written by feeds -->",
        "",
    ]
    return "\n".join(parts).encode()


def _outlines(feeds: Sequence[Feed], links: Links, indent: str) -> list[str]:
    return [indent + _outline(feed, links) for feed in feeds]


def _outline(feed: Feed, links: Links) -> str:
    title = _quoted(legal(feed.title))
    feed_url = _quoted(links.to(f"{feed.slug}.atom", PATH))
    page_url = _quoted(links.to(page_path(feed.slug), PATH))
    return f'<outline type="rss" text={title} title={title} xmlUrl={feed_url} htmlUrl={page_url}/>'


def _quoted(text: str) -> str:
    return f'"{text.translate(_IN_ATTRIBUTE)}"'
