"""Write the site's pages: an index, one for each feed and one for each article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from feeds import __version__
from feeds.config import Site
from feeds.model import Entry, Feed
from feeds.text import one_line
from feeds.write.content import content, day, when
from feeds.write.links import Links, article_path, web_url

STYLE_PATH = "style.css"


class PageWriter:
    """Writes the pages of one site; every text is escaped, no page holds a script."""

    def __init__(self, site: Site, links: Links) -> None:
        """Take the site's words and addresses; read the templates."""
        self._links = links
        self._templates = Environment(
            loader=PackageLoader("feeds.write"),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._templates.globals.update(
            site=site, version=__version__, one_line=one_line, day=day, article_path=article_path
        )

    def style(self) -> bytes:
        """Give the one style sheet."""
        return resources.files("feeds.write").joinpath("templates/style.css").read_bytes()

    def index(self, feeds: Sequence[Feed], folders: Mapping[str, str], newest: Sequence[Entry]) -> bytes:
        """Give index.html: every feed with its count, by folder, and the newest entries."""
        listed = [
            (title, [f for f in feeds if f.slug.startswith(f"{name}/")]) for name, title in folders.items()
        ]
        everything = next(feed for feed in feeds if feed.category is None)
        return self._page("index.html", "index.html", everything=everything, newest=newest, folders=listed)

    def feed(self, feed: Feed) -> bytes:
        """Give the page of a topic or country."""
        return self._page("feed.html", f"{feed.slug}.html", feed=feed)

    def article(self, entry: Entry, slugs: Mapping[tuple[str, str], str]) -> bytes:
        """Give the page of an article: what it says, its date's basis, its tags' evidence, its document.

        `slugs` are those of the feeds that exist, by scheme and term.
        """
        article = entry.article
        tags = [(tag, slugs.get((tag.category.scheme, tag.category.term))) for tag in article.tags]
        return self._page(
            "article.html",
            article_path(article.id),
            article=article,
            raw=article.raw,
            content=Markup(content(article)),  # noqa: S704  # every word in it was escaped
            when=when(article),
            original=web_url(article.raw.url),
            tags=tags,
        )

    def _page(self, template: str, here: str, **values: object) -> bytes:
        # Pages link to one another by relative names, so that they work wherever they are copied to; a
        # feed's address is for readers to keep, so it is the one that it is served at.
        link, address = partial(Links().to, here=here), partial(self._links.to, here=here)
        return self._templates.get_template(template).render(link=link, address=address, **values).encode()
