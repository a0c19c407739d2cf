"""Write the site's pages: an index, one for each feed and one for each article."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from html import unescape
from importlib import resources
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup, escape

from feeds import __version__
from feeds.config import Site
from feeds.model import Article, Entry, Feed, Related
from feeds.text import one_line
from feeds.urls import web_url
from feeds.vocab import COUNTRY_SCHEME, TOPIC_SCHEME, ancestors, regions, topics
from feeds.write import told
from feeds.write.content import day, direction, month, summary, text, when
from feeds.write.links import ALL, Links, anchor, article_path, page_path

STYLE_PATH = "style.css"
COUNTRIES_PATH = "countries.html"
ASSETS = (STYLE_PATH, "search.js", "icon.svg")
FORMATS = {
    "atom": ("Atom", ".atom", "application/atom+xml"),
    "rss": ("RSS", ".rss", "application/rss+xml"),
    "json": ("JSON", ".json", "application/feed+json"),
}
_MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(\d+))?")
# A text can't hold it: in a text a < is escaped.
_RECORD = re.compile("<article[^<>']* data-record='([^']*)'")
_WORDS = 180  # characters of a summary in a list
_ABOUT = 3  # countries and topics beside an entry in a list
_COUNTED = {"topics": ("topic", "topics"), "countries": ("country", "countries")}
_PLACES = {
    "topics": ("Topics", "index.html#topics"),
    "countries": ("Countries", COUNTRIES_PATH),
    "regions": ("Regions", "index.html#regions"),
    "mixes": ("Mixes", "index.html#mixes"),
}


class _Row(NamedTuple):
    """A feed in a list."""

    title: str
    page: str
    address: str
    number: str
    spark: Markup
    find: str  # what a search finds it by


class _Line(NamedTuple):
    """An entry in a list; `path` leads to its page under output/, or to the publisher's, or is empty."""

    path: str
    is_elsewhere: bool
    title: str
    attributes: Markup
    words: str
    date: Markup
    about: Sequence[tuple[str, str]] = ()


class _Compiled(FileSystemBytecodeCache):
    """Keeps compiled templates where Python keeps compiled modules, if it keeps any and may write there.

    To compile them takes a small run a tenth of its time.
    """

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep one."""
        if not sys.dont_write_bytecode:
            with suppress(OSError):
                super().dump_bytecode(bucket)


class PageWriter:
    """Writes the pages of one site; every text is escaped, and no page runs anything but our own script.

    Pages link to one another by relative names, so that they work wherever they are copied to; a
    feed's address is for readers to keep, so it is the one that it is served at.
    """

    def __init__(self, site: Site, links: Links, formats: Sequence[str] = ("atom",)) -> None:
        """Take the site's words and addresses, and the formats of its feeds."""
        self._links = links
        self._formats = [FORMATS[name] for name in FORMATS if name in formats]
        self._templates = Environment(
            loader=PackageLoader("feeds.write"),
            autoescape=True,
            auto_reload=False,
            bytecode_cache=_Compiled(str(Path(cache_from_source(__file__)).parent)),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._templates.globals.update(site=site, version=__version__)

    def style(self) -> bytes:
        """Give the one style sheet."""
        return dict(self.assets())[STYLE_PATH]

    def assets(self) -> Iterator[tuple[str, bytes]]:
        """Give the files that the pages need beside themselves: styles, the search, the icon."""
        folder = resources.files("feeds.write").joinpath("templates")
        for name in ASSETS:
            yield name, folder.joinpath(name).read_bytes()

    def index(self, feeds: Sequence[Feed], folders: Mapping[str, str], newest: Sequence[Entry]) -> bytes:
        """Give index.html: every feed with its count and last weeks, by folder, and the newest entries."""
        everything = next((feed for feed in feeds if feed.slug == ALL), None)
        inside = {
            name: [feed for feed in feeds if feed.slug.startswith(f"{name}/")] for name in folders if name
        }
        pages = {
            (feed.category.scheme, feed.category.term): page_path(feed.slug)
            for feed in feeds
            if feed.category
        }
        return self._page(
            "index",
            "index.html",
            everything=everything,
            count=f"{everything.total:,}" if everything else "",
            alone=[(f.title, page_path(f.slug)) for f in feeds if "/" not in f.slug and f.slug != ALL],
            addresses=self._addresses(ALL, "index.html") if everything else [],
            figures=[
                (one if len(inside[name]) == 1 else many, len(inside[name]), name)
                for name, (one, many) in _COUNTED.items()
                if inside.get(name)
            ],
            newest=[self._line(entry, pages) for entry in newest],
            opml=self._links.to("feeds.opml", "index.html"),
            lists=[
                (folders[name].lower(), self._links.to(f"{name}.opml", "index.html"))
                for name, found in inside.items()
                if found
            ],
            folders=[
                (folders[name], name, self._groups(name, found)) for name, found in inside.items() if found
            ],
        )

    def countries(self, feeds: Sequence[Feed]) -> bytes:
        """Give countries.html: a table of the countries that have a feed, by region."""
        found: dict[str, dict[str, list[_Row]]] = {}
        for feed in feeds:
            if feed.category and feed.category.scheme == COUNTRY_SCHEME:
                region, part = _regions().get(feed.category.term, ("Elsewhere", ""))
                found.setdefault(region, {}).setdefault(part, []).append(self._row(feed, COUNTRIES_PATH))
        groups = [(region, sorted(parts.items())) for region, parts in sorted(found.items())]
        return self._page("countries", COUNTRIES_PATH, groups=groups)

    def line(self, entry: Entry, root: str = "../") -> bytes:
        """Give an entry as it stands in the list of a page; `root` leads from there to the index."""
        line = self._line(entry, {}, with_words=True)
        title = f"<strong{line.attributes}>{escape(line.title)}</strong>"
        if line.path:
            there = line.path if line.is_elsewhere else f"{root}{line.path}"
            title = f'<a href="{escape(there)}"{line.attributes}>{escape(line.title)}</a>'
        # What comes from no document has its place here alone.
        mark = "" if entry.article.source else f' id="{anchor(entry.article.id)}"'
        said = f'<p class="words"{line.attributes}>{escape(line.words)}</p>\n' if line.words else ""
        return (f"<li{mark}>\n{title}\n{said}<p>{line.date}</p>\n</li>\n").encode()

    def feed(self, feed: Feed, archives: Sequence[str] = (), lines: Iterable[bytes] | None = None) -> bytes:
        """Give the page of a topic or country, or of one month of it.

        `archives` are the slugs of its archives, newest first, for a list of the months;
        `lines` are what `line` gave for each entry, where it was kept.
        """
        here = page_path(feed.slug)
        if lines is None:
            lines = [self.line(entry, "../" * here.count("/")) for entry in feed.entries]
        in_month = month_of(feed.slug) if feed.history and feed.history.is_archive else ""
        return self._page(
            "feed",
            here,
            feed=feed,
            month=in_month,
            title=f"{feed.title}, {in_month}" if in_month else feed.title,
            place=(feed.title, page_path(feed.history.current))
            if in_month and feed.history
            else _PLACES.get(feed.slug.partition("/")[0]),
            count=f"{feed.total:,}",
            nouns=("article", "articles") if feed.category or "/" in feed.slug else ("entry", "entries"),
            spark=_sparkline(feed.weeks, 160, 28, described=True),
            addresses=self._addresses(feed.slug, here),
            lines=Markup(b"".join(lines).decode()),  # noqa: S704  # every word in them was escaped
            pages=_neighbours(feed),
            related=[
                (title, found)
                for folder, title in (("countries", "Related countries"), ("topics", "Related topics"))
                if (found := [_near(one) for one in feed.related if one.slug.startswith(f"{folder}/")])
            ],
            months=[(month_of(slug) or slug, page_path(slug)) for slug in archives],
        )

    def article(self, entry: Entry, slugs: Mapping[tuple[str, str], str], record: str = "") -> bytes:
        """Give the page of an article: what it says, its date's basis, its tags' evidence, its document.

        `slugs` are those of the feeds that exist, by scheme and term; `record` is the article as data, for
        `record_in` to find again.
        """
        article = entry.article
        original = web_url(article.raw.url)
        source = article.raw.source_feed
        return self._page(
            "article",
            article_path(article.id),
            article=article,
            raw=article.raw,
            title=told.title(article),
            attributes=_attributes(article),
            byline=", ".join(told.authors(article)),
            date=when(article).rstrip("."),
            when=when(article),
            content=Markup("\n".join(text(article))),  # noqa: S704  # every word in it was escaped
            original=original,
            host=urlsplit(original).hostname if original else None,
            source_page=(web_url(source.page) or web_url(source.url)) if source else None,
            tags=[(tag, slugs.get((tag.category.scheme, tag.category.term))) for tag in article.tags],
            record=_record(record),
        )

    def moved(self, old_slug: str, feed: Feed) -> bytes:
        """Give the page that stands where a feed's page was, and leads to where it is."""
        here = page_path(old_slug)
        page = page_path(feed.slug)
        return self._page(
            "moved",
            here,
            feed=feed,
            page=page,
            canonical=self._links.to(page, here),
            addresses=self._addresses(feed.slug, here),
        )

    def _groups(self, name: str, feeds: Sequence[Feed]) -> list[tuple[str, _Row | None, list[_Row]]]:
        """Give the feeds of a folder in groups: heading, the row that stands for the group, rows."""
        if name == "topics":
            return self._topic_groups(feeds)
        if name == "countries":
            found: dict[str, list[_Row]] = {}
            for feed in feeds:
                code = feed.category.term if feed.category else ""
                found.setdefault(_regions().get(code, ("Elsewhere", ""))[0], []).append(
                    self._row(feed, "index.html")
                )
            return [(region, None, rows) for region, rows in sorted(found.items())]
        return [("", None, [self._row(feed, "index.html") for feed in feeds])]

    def _topic_groups(self, feeds: Sequence[Feed]) -> list[tuple[str, _Row | None, list[_Row]]]:
        """Give a group for each top concept of the Media Topics; the user's own topics come first."""
        found: dict[str, tuple[str, list[tuple[bool, _Row]]]] = {}
        for feed in feeds:
            category = feed.category
            top = ""
            if category and category.scheme == TOPIC_SCHEME and category.term in topics():
                top = (ancestors(category.term) or (category.term,))[-1]
            heading = topics()[top].category.label if top else "Own topics"
            is_head = bool(category) and bool(top) and category is not None and category.term == top
            found.setdefault(top, (heading, []))[1].append((is_head, self._row(feed, "index.html")))
        groups = []
        for top, (heading, marked) in sorted(found.items(), key=lambda item: (item[0] != "", item[1][0])):
            head = next((row for is_head, row in marked if is_head), None)
            rows = ([head] if head else []) + [row for is_head, row in marked if not is_head]
            shown = "" if head or (not top and len(found) == 1) else heading[:1].upper() + heading[1:]
            groups.append((shown, head, rows))
        return groups

    def _row(self, feed: Feed, here: str) -> _Row:
        code = feed.category.term if feed.category and feed.category.scheme == COUNTRY_SCHEME else ""
        return _Row(
            feed.title,
            page_path(feed.slug),
            self._links.to(f"{feed.slug}.atom", here),
            f"{feed.total:,}",
            _sparkline(feed.weeks, 48, 14),
            f"{feed.title} {code}".rstrip(),
        )

    def _line(self, entry: Entry, pages: Mapping[tuple[str, str], str], with_words: bool = False) -> _Line:
        article = entry.article
        title = told.title(article)
        words = one_line(summary(article), _WORDS) if with_words else ""
        about = []
        if pages:
            known = [(c.label, pages.get((c.scheme, c.term))) for c in told.categories(article)]
            about = [(label, page) for label, page in known if page][:_ABOUT]
        has_page = bool(article.source) and self._links.article_pages
        original = None if has_page else web_url(article.raw.url)
        return _Line(
            quote(article_path(article.id)) if has_page else original or "",
            bool(original),
            title,
            _attributes(article),
            "" if words == title else words,
            _date(article),
            about,
        )

    def _addresses(self, slug: str, here: str) -> list[tuple[str, str, str]]:
        """Give each format's name, address and media type."""
        return [
            (label, self._links.to(f"{slug}{suffix}", here), kind) for label, suffix, kind in self._formats
        ]

    def _page(self, template: str, here: str, **values: Any) -> bytes:
        root = "../" * here.count("/")
        return self._templates.get_template(f"{template}.html").render(root=root, **values).encode()


def record_in(page: str) -> str | None:
    """Give the article that a page carries as data; None where it carries none."""
    found = _RECORD.search(page)
    return unescape(found[1]) if found else None


def _record(record: str) -> Markup:
    if not record:
        return Markup("")
    safe = record.replace("&", "&amp;").replace("'", "&#39;").replace("<", "&lt;")
    return Markup(f" data-record='{safe}'")  # noqa: S704  # what could end the attribute was escaped


def month_of(slug: str) -> str:
    """Give the month that an archive holds, by its slug; "" where it names none.

    >>> month_of("countries/ir/2025-12")
    'December 2025'
    """
    found = _MONTH.fullmatch(slug.rpartition("/")[2])
    if not found:
        return ""
    part = f", part {found[3]}" if found[3] else ""
    return f"{month(int(found[2]))} {found[1]}{part}"


def _near(one: Related) -> tuple[str, str, int]:
    """Give a related feed's title, path and number of shared articles."""
    return one.title[:1].upper() + one.title[1:], page_path(one.slug), one.articles


def _neighbours(feed: Feed) -> list[tuple[str, str, str]]:
    """Give the links to the months before and after: rel, words, path."""
    history = feed.history
    if history is None:
        return []
    found = []
    if history.previous:
        found.append(("prev", f"← {month_of(history.previous) or 'Older'}", page_path(history.previous)))
    if history.is_archive:
        later = history.next or history.current
        found.append(("next", f"{month_of(later) or 'Newest'} →", page_path(later)))
    return found


def _attributes(article: Article) -> Markup:
    """Give the language and the direction of an article's words, as attributes."""
    language = article.raw.language
    stated = f' lang="{escape(language)}"' if language else ""
    return Markup(f'{stated} dir="{direction(article)}"')  # noqa: S704  # escaped, and "ltr" or "rtl"


def _date(article: Article) -> Markup:
    published = article.dating.published
    if published is None:
        return Markup(f"Undated, first seen {day(article.first_seen)}")  # noqa: S704  # a date alone
    inferred = " (inferred)" if article.dating.inferred else ""
    return Markup(  # noqa: S704  # dates alone
        f'<time datetime="{published.isoformat()}">{day(published)}</time>{inferred}'
    )


def _sparkline(weeks: Sequence[int], width: int, height: int, described: bool = False) -> Markup:
    """Draw the articles of the last weeks as bars; nothing where there were none."""
    highest = max(weeks, default=0)
    if not highest:
        return Markup("")
    step = width / len(weeks)
    heights = [max(2.5, n / highest * height) if n else 1 for n in weeks]  # a week without any is a dot
    bars = "".join(
        f"M{i * step:.4g} {height}v-{tall:.3g}h{step * 0.7:.3g}V{height}z" for i, tall in enumerate(heights)
    )
    label = f"Articles in each of the last {len(weeks)} weeks: {', '.join(map(str, weeks))}"
    said = f'role="img" aria-label="{escape(label)}"' if described else 'aria-hidden="true"'
    return Markup(  # noqa: S704  # numbers alone
        f'<svg class="spark" width="{width}" height="{height}" viewBox="0 0 {width} {height}" {said}>'
        f'<path d="{bars}"/></svg>'
    )


@cache
def _regions() -> Mapping[str, tuple[str, str]]:
    """Give each country's continent and the part of it, by the names of UN M49."""
    found: dict[str, tuple[str, str]] = {}
    for region in regions().values():  # the broader one first
        for code in region.countries:
            continent = found.get(code, ("", ""))[0]
            if region.broader is None:
                continue
            found[code] = (continent or region.category.label, region.category.label)
    return found
