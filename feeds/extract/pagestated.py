"""Read what a page's markup states about its articles: JSON-LD, OpenGraph, meta elements."""

from __future__ import annotations

import re
import tomllib
from collections import deque
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from html import unescape
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from feeds.extract.jsonfile import parse_json
from feeds.extract.markup import fold, http_url, squeeze

if TYPE_CHECKING:
    from lxml import etree

_ARTICLE_TYPES = ("article", "posting", "report", "claimreview")
_LARGEST_SCRIPT = 4_000_000  # characters
_MOST_NODES = 20_000
_YEAR = re.compile(r"(?:19|20)\d\d")
_SHORT_YEAR = re.compile(r"((?:[A-Z][a-z]{2,8},?\s)?\d{1,2}\s[A-Z][a-z]{2})\s(\d\d)(?=\s\d\d?:)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$")
# Where an article's JSON-LD may stand below another node. A list of further stories stands elsewhere.
_WAYS_DOWN = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item", "hasPart", "about")


class Stated(Struct, frozen=True):
    """What markup states of one article; None or empty where it states nothing."""

    headline: str | None = None
    description: str | None = None
    body: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    updated: str | None = None
    url: str | None = None
    image: str | None = None
    language: str | None = None
    captions: tuple[str, ...] = ()
    site: str | None = None
    live: bool = False  # a running report with many updates, which is one article

    @property
    def key(self) -> str:
        """The headline's letters, by which two accounts of one article are told to be the same."""
        return fold(self.headline or "")


class PageStated(Struct, frozen=True):
    """What a page states: each article by JSON-LD, and the page as a whole by its meta elements."""

    articles: tuple[Stated, ...]
    page: Stated
    says_article: bool = False  # OpenGraph calls the page an article


@cache
def words(kind: str) -> tuple[str, ...]:
    """Give a row of the page table, such as the names of meta elements that state a date."""
    table: dict[str, list[str]] = tomllib.loads(
        (resources.files("feeds.data") / "webpage.toml").read_text("utf-8")
    )
    return tuple(table[kind])


def read_stated(root: etree._Element, base: str | None) -> PageStated:
    """Read all that the page's markup states; `base` is where the page was taken from."""
    meta = _meta(root)
    base = base or _link(root, "canonical") or meta.get("og:url")
    page = _page(root, meta, base)
    return PageStated(tuple(_json_ld(root, base)), page, meta.get("og:type", "").strip() == "article")


def _page(root: etree._Element, meta: dict[str, str], base: str | None) -> Stated:
    urls = [http_url(link, base) for link in (_link(root, "canonical"), meta.get("og:url")) if link]
    title = root.findtext(".//title")
    return Stated(
        site=squeeze(meta.get("og:site_name", "")) or None,
        headline=_first(meta, "headline") or (squeeze(title) if title else None) or None,
        description=_first(meta, "description"),
        authors=_meta_authors(meta),
        published=_first_date(meta, "published"),
        updated=_first_date(meta, "updated"),
        url=next((url for url in urls if url and urlsplit(url).path.strip("/")), None),
        image=http_url(_first(meta, "image"), base),
        language=language(
            root.get("lang")
            or root.get("{http://www.w3.org/XML/1998/namespace}lang")
            or _first(meta, "language")
        ),
    )


def _meta(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("http-equiv")
        if not name and next(element.iterancestors("body"), None) is None:
            name = element.get("itemprop")  # within the body it is of the item around it
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().casefold(), content)
    return found


def _first(meta: dict[str, str], kind: str) -> str | None:
    return next((text for name in words(kind) if (text := squeeze(unescape(meta.get(name, ""))))), None)


def _meta_authors(meta: dict[str, str]) -> tuple[str, ...]:
    names = [*words("author"), *(name for name in meta if name.endswith((".author", "-author")))]
    stated = (squeeze(unescape(meta.get(name, ""))) for name in names)
    return tuple([text for text in stated if text and "://" not in text and "@" not in text][:1])


def _first_date(meta: dict[str, str], kind: str) -> str | None:
    return best_date([meta[name] for name in words(kind) if name in meta])


def _link(root: etree._Element, relation: str) -> str | None:
    for element in root.iter("link"):
        if (element.get("rel") or "").strip().casefold() == relation:
            return str(element.get("href") or "")
    return None


def language(text: object) -> str | None:
    """Give a language tag in the form of BCP 47, or None.

    >>> language("pt_BR"), language("en-us"), language("english, of course")
    ('pt-BR', 'en-US', None)
    """
    if not isinstance(text, str) or not _LANGUAGE.match(text.strip()):
        return None
    first, *rest = text.strip().replace("_", "-").split("-")
    return "-".join([first.lower(), *(part.upper() if len(part) == 2 else part.title() for part in rest)])


def best_date(stated: list[Any]) -> str | None:
    """Give the first date of a list, or the first of the same day that has a time and a zone.

    >>> best_date(["2025-03-04", "2025-03-04T10:00:00+01:00"])
    '2025-03-04T10:00:00+01:00'
    """
    dates = [date for date in map(date_text, stated) if date]
    if not dates:
        return None
    same_day = [date for date in dates if date[:10] == dates[0][:10]]
    return max(same_day, key=_exactness)


def _exactness(date: str) -> int:
    time = date[10:]
    return (":" in time) + (time.endswith(("Z", "z", "GMT", "UTC")) or "+" in time or "-" in time)


def date_text(value: Any) -> str | None:
    """Give a stated date in one line, a Unix time as ISO 8601, or None where it is no date."""
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, list):
        value = value[0] if value else None
    text = squeeze(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if text.isascii() and text.isdigit() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if short := _SHORT_YEAR.match(text):  # RFC 822 had years of two digits
        century = "20" if short[2] < "70" else "19"
        text = f"{short[1]} {century}{short[2]}{text[short.end() :]}"
    return text if 8 <= len(text) <= 60 and _YEAR.search(text) else None


def _json_ld(root: etree._Element, base: str | None) -> Iterator[Stated]:
    nodes: list[dict[str, Any]] = []
    for element in root.iter("script"):
        if "ld+json" in (element.get("type") or "").casefold() and element.text:
            nodes.extend(_nodes(_load(element.text)))
    by_id = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1}
    for node in nodes:
        if _is_article(node):
            yield _article(node, by_id, base)


def _load(text: str) -> Any:
    if len(text) > _LARGEST_SCRIPT:
        return None
    text = text.strip().removeprefix("<!--").removeprefix("//<![CDATA[").removeprefix("<![CDATA[")
    text = text.removesuffix("-->").removesuffix("//]]>").removesuffix("]]>").strip().rstrip(";")
    for attempt in (text, _repaired(text)):
        try:
            return parse_json(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _repaired(text: str) -> str:
    """Cure what publishers' templates break most: a comma before a closing bracket, a stray escape."""
    text = re.sub(r",(?=\s{0,50}[}\]])", "", text)
    return re.sub(r'\\(?!["\\/bfnrtu])', r"\\\\", text)


def _nodes(tree: Any) -> list[dict[str, Any]]:
    """Give the tree's own nodes and those on the ways down from them, in order."""
    found: list[dict[str, Any]] = []
    queue = deque([tree])
    while queue and len(found) < _MOST_NODES:
        node = queue.popleft()
        if isinstance(node, list):
            queue.extendleft(reversed(node[:_MOST_NODES]))
        elif isinstance(node, dict):
            found.append(node)
            down = [node[way] for way in _WAYS_DOWN if isinstance(node.get(way), (dict, list))]
            queue.extendleft(reversed(down))
            queue.extend(author for author in _list(node.get("author")) if isinstance(author, dict))
    return found


def _is_article(node: dict[str, Any]) -> bool:
    types = [str(kind).casefold() for kind in _list(node.get("@type"))]
    return any(kind.endswith(_ARTICLE_TYPES) for kind in types) and bool(
        _text(node.get("headline") or node.get("name"))
    )


def _article(node: dict[str, Any], by_id: dict[str, dict[str, Any]], base: str | None) -> Stated:
    images = [
        by_id.get(str(image.get("@id")), image) if isinstance(image, dict) else image
        for image in _list(node.get("image"))
    ]
    page = node.get("mainEntityOfPage")
    links = [node.get("url"), page.get("@id") if isinstance(page, dict) else page, node.get("@id")]
    return Stated(
        headline=_text(node.get("headline") or node.get("name")),
        description=_text(node.get("description")),
        body=_body(node),
        authors=tuple(_authors(node, by_id)),
        published=best_date([node.get("datePublished"), node.get("dateCreated")]),
        updated=best_date([node.get("dateModified")]),
        url=next((url for link in links if link and (url := http_url(link, base))), None),
        image=next((url for image in images if (url := _image_url(image, base))), None),
        language=language(_text(node.get("inLanguage"))),
        captions=tuple(
            c for image in images if isinstance(image, dict) and (c := _text(image.get("caption")))
        ),
        live="liveblogposting" in [str(kind).casefold() for kind in _list(node.get("@type"))],
    )


def _body(node: dict[str, Any]) -> str | None:
    body = node.get("articleBody") or node.get("text")
    return unescape(body) if isinstance(body, str) and body.strip() else None


def _authors(node: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> Iterator[str]:
    for author in _list(node.get("author") or node.get("creator")):
        known = by_id.get(str(author.get("@id")), author) if _is_reference(author) else author
        for name in _list(known.get("name") if isinstance(known, dict) else known):
            if (text := _text(name)) and "://" not in text:
                yield text


def _is_reference(node: Any) -> bool:
    return isinstance(node, dict) and not node.get("name")


def _image_url(image: Any, base: str | None) -> str | None:
    link = image.get("url") or image.get("contentUrl") if isinstance(image, dict) else image
    return http_url(link[0] if isinstance(link, list) and link else link, base)


def _text(value: Any) -> str | None:
    """Give a stated text on one line, free of markup; publishers escape once more than they should."""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name")
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, str):
        return None
    text = unescape(value)
    if "<" in text and ">" in text:
        text = re.sub(r"</?[A-Za-z][^<>]{0,500}>", "", text)
    return squeeze(text) or None


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
