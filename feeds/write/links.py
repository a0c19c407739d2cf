"""Give the addresses of what is written, absolute where the site's address is known."""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from feeds.model import Feed

ARTICLES = "articles"  # the folder of their pages
ALL = "all"  # the slug of the feed of all articles


class Links(Struct, frozen=True):
    """Turns a path under output/ into what a document at `here` links to."""

    base_url: str = ""  # ends with a slash, or is empty
    article_pages: bool = True  # there is a page for each article

    @classmethod
    def of(cls, base_url: str, article_pages: bool = True) -> Links:
        """Give the links of a site that is served at this URL; empty where that is not known."""
        return cls(base_url.rstrip("/") + "/" if base_url else "", article_pages)

    def to(self, target: str, here: str) -> str:
        """Link to a path under output/ from another.

        >>> Links().to("articles/a.html", "topics/politics.atom")
        '../articles/a.html'
        """
        if self.base_url:
            return self.base_url + quote(target)
        return quote(_relative(target, here))


def _relative(target: str, here: str) -> str:
    """Give the way from one path under output/ to another; os.path's would ask where the program runs."""
    there, folders = target.split("/"), here.split("/")[:-1]
    shared = 0
    while shared < min(len(folders), len(there) - 1) and folders[shared] == there[shared]:
        shared += 1
    return "../" * (len(folders) - shared) + "/".join(there[shared:])


def article_path(article_id: str) -> str:
    """Give the path of an article's page: its id without the `urn:uuid:`."""
    return f"{ARTICLES}/{anchor(article_id)}.html"


def anchor(article_id: str) -> str:
    """Give what marks an article's place on the page of its feed."""
    return article_id.rpartition(":")[2]


def page_path(slug: str) -> str:
    """Give the path of a feed's page; the page of the feed of all articles is the index.

    >>> page_path("all"), page_path("countries/ir")
    ('index.html', 'countries/ir.html')
    """
    return "index.html" if slug == ALL else f"{slug}.html"


def history_links(feed: Feed) -> list[tuple[str, str]]:
    """Give the links of RFC 5005 section 4 as (rel, slug)."""
    if feed.history is None:
        return []
    found = [("current", feed.history.current)] if feed.history.is_archive else []
    if feed.history.previous:
        found.append(("prev-archive", feed.history.previous))
    if feed.history.next:
        found.append(("next-archive", feed.history.next))
    return found
