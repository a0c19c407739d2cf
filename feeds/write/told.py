"""Say what every format tells of an entry, before it is written as one of them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from feeds.config import Site
from feeds.model import Article, Category, Enclosure, Entry
from feeds.text import legal, one_line
from feeds.urls import web_url
from feeds.vocab import MIX_SCHEME
from feeds.write.content import summary
from feeds.write.links import Links, anchor, article_path

UNTITLED = "Untitled"
BEGINNING = 100  # characters of a text that stand for its headline
# UAX #9: one that is left open turns round all that follows it in a list of titles.
_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
# By the ending of its address: a picture's type is seldom stated, and a wrong one is worse than none.
_PICTURE_TYPES = {
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}


def plain(text: str) -> str:
    """Give a text on one line, of characters that XML allows."""
    return legal(" ".join(text.split()))


def title(article: Article) -> str:
    """Give the headline on one line, or how the text begins where none is printed.

    Never empty, since RFC 4287 section 4.2.14 asks for one.
    """
    words = one_line(article.raw.headline) or one_line(summary(article), BEGINNING)
    return plain(_DIRECTIONS.sub("", words)) or UNTITLED


def authors(article: Article) -> list[str]:
    """Give the names of who wrote it, most important first; or else the agency that it is from."""
    raw = article.raw
    names = [name for name in map(plain, raw.byline) if name]
    return names or [name for name in [plain(raw.agency or "")] if name]


def categories(article: Article) -> Iterator[Category]:
    """Give what a reader should see: what it is about, not what it mentions or how feeds are mixed."""
    for tag in article.tags:
        if tag.role == "subject" and tag.category.scheme != MIX_SCHEME:
            yield tag.category


def addresses(article: Article, links: Links, here: str) -> tuple[str | None, str | None]:
    """Give the address at the publisher, where it is known, and that of our page, where there is one.

    What comes from no document has no page of its own: its place on that of the feed stands for it.
    """
    if article.source:
        page = links.to(article_path(article.id), here) if links.article_pages else None
        return web_url(article.raw.url), page
    return None, f"{links.to(f'{posixpath.splitext(here)[0]}.html', here)}#{anchor(article.id)}"


def enclosures(article: Article) -> Iterator[tuple[str, Enclosure]]:
    """Give the files that it offers, each with its address."""
    for enclosure in article.raw.enclosures:
        url = web_url(enclosure.url)
        if url:
            yield url, enclosure


def language(entry: Entry, site: Site) -> str | None:
    """Give the language of an entry where it is not the site's."""
    stated = entry.article.raw.language
    return stated if stated and stated != site.language else None


def picture_type(url: str) -> str | None:
    """Give the media type of a picture by its address.

    >>> picture_type("https://paper.example/a.JPG?w=600")
    'image/jpeg'
    """
    path = url.partition("?")[0].partition("#")[0]
    return _PICTURE_TYPES.get(path.rpartition(".")[2].lower())
