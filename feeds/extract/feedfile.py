"""Read feeds as others publish them: RSS, Atom, RDF and JSON Feed; an entry is an article."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import Any

from msgspec.structs import replace

from feeds.extract.byline import split_byline
from feeds.extract.caption import split_credit
from feeds.extract.jsonfile import load_json, value_lines
from feeds.extract.markup import (
    breaks_off,
    http_url,
    paragraphs,
    parse_html,
    root_name,
    squeeze,
    told_paragraphs,
    without_surrogates,
    words_of,
)
from feeds.extract.pagestated import date_text, language, words
from feeds.extract.rich import marked_up_html
from feeds.extract.subjects import stated_subject, unique
from feeds.model import (
    Caption,
    DateKind,
    Document,
    DocumentError,
    Enclosure,
    Extraction,
    Problem,
    RawArticle,
    SourceFeed,
    StatedDate,
)

NAME = "feed"

_JSON_FEED = re.compile(r'"version"\s{0,9}:\s{0,9}"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/')
_DECLARATION = re.compile(r"^\ufeff?\s{0,100}<\?xml\b[^>]{0,500}\?>")
_ENTRY = re.compile(r"<(?:[\w.-]{1,40}:)?(item|entry)[\s>]")
_MEDIA_WORDS = re.compile(r"<(/?)media:description(?:\s[^<>]{0,300})?>")
_MAIL_AUTHOR = re.compile(
    r"<author>\s{0,20}[^<>@\s]{1,99}@[^<>@\s()]{1,99}\s{0,20}\(([^<>()]{1,200})\)\s{0,20}</author>"
)
_ENTRY_END = re.compile(r"</(?:[\w.-]{1,40}:)?(?:item|entry)\s*>")
_SITE_TAIL = re.compile(r"^The post .{1,400} (?:appeared first on|first appeared on) .{1,200}$")

_IRI = re.compile(r"""[A-Za-z][A-Za-z0-9+.-]{0,30}:[^\s<>"{}|\\^`]{1,2000}""")
_MEDIA_TYPE = re.compile(r"[A-Za-z0-9.+-]{1,60}/[A-Za-z0-9.+-]{1,100}")


def claims(document: Document) -> bool:
    """Claim what begins with the root of a feed, or names itself a JSON Feed."""
    if document.text.lstrip("\ufeff \t\n").startswith("{"):
        return is_json_feed(document.text)
    root = root_name(document.text) or ""
    if root == "rdf:rdf":
        return "purl.org/rss/" in document.text[:10_000]
    return root.rpartition(":")[2] in ("rss", "feed", "entry")


def is_json_feed(text: str) -> bool:
    """Say whether a JSON text names itself a JSON Feed."""
    return _JSON_FEED.search(text, 0, 200_000) is not None or _JSON_FEED.search(text[-2_000:]) is not None


def extract(document: Document) -> Extraction:
    """Give each entry as an article in the feed's order, with its id as `guid` and its link as `url`.

    An entry without a title costs itself, and so does the last one of a feed that breaks off. An entry
    of a title alone has an empty body.
    """
    is_json = document.text.lstrip("\ufeff \t\n").startswith("{")
    found = list(_json_entries(document) if is_json else _xml_entries(document))
    if not found:
        line = None if is_json else breaks_off(document.text)
        told = "a feed without an entry" if line is None else "a feed that breaks off before its first entry"
        raise DocumentError(document.source, told, line)
    articles = tuple(article for article in found if isinstance(article, RawArticle))
    return Extraction(articles, tuple(problem for problem in found if isinstance(problem, Problem)))


def _xml_entries(document: Document) -> Iterator[RawArticle | Problem]:
    text = _DECLARATION.sub("", document.text, count=1)  # the text is decoded: what it declares is past
    text = _MEDIA_WORDS.sub(r"<\1media:words>", text)  # feedparser takes a picture's words for the entry's
    text = _MAIL_AUTHOR.sub(r"<author>\1</author>", text)  # and half of some addresses for a name
    text = without_surrogates(text)
    if (root_name(text) or "").rpartition(":")[2] == "entry":
        text = f'<feed xmlns="http://www.w3.org/2005/Atom">{text}</feed>'
    feed = _parsed(text, document)
    lines = _lines(document.text, len(feed.entries))
    cut = _cut_off(document.text)
    for number, (entry, line) in enumerate(zip(feed.entries, lines, strict=True), 1):
        title = _plain(entry.get("title_detail") or {})
        if cut is not None and number == len(feed.entries):
            yield Problem(document.source, cut, "not well-formed: the feed breaks off within its last entry")
        elif title:
            yield _xml_article(entry, title, feed, line)
        else:
            yield Problem(document.source, line, "an entry without a title")


def _parsed(text: str, document: Document) -> Any:
    """Parse a feed with feedparser, which fails in a hundred ways on what is damaged badly."""
    import feedparser

    # A stream, because a string could be taken for an address or a file's name and be opened.
    stream = io.BytesIO(text.encode("utf-8", "replace"))
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": document.url or ""}
    try:
        return feedparser.parse(stream, response_headers=headers)
    except Exception as error:
        told = f"a feed that is damaged too badly to be read ({type(error).__name__})"
        raise DocumentError(document.source, told, breaks_off(document.text)) from error


def _cut_off(text: str) -> int | None:
    """Give the last line of a feed that ends within an entry; None for any other."""
    line = breaks_off(text)
    begin = max((match.start() for match in _ENTRY.finditer(text)), default=-1)
    return line if begin >= 0 and _ENTRY_END.search(text, begin) is None else None


def _lines(text: str, count: int) -> list[int | None]:
    """Give the line that each entry begins on, when as many begin as were read."""
    places = [match.start() for match in _ENTRY.finditer(text)]
    if len(places) != count:
        return [None] * count
    lines: list[int | None] = []
    line, past = 1, 0
    for place in places:
        line += text.count("\n", past, place)
        past = place
        lines.append(line)
    return lines


def _xml_article(
    entry: Mapping[str, Any], title: str, feed: Mapping[str, Any], line: int | None
) -> RawArticle:
    contents = [_paragraphs(content) for content in entry.get("content", [])]
    summary = _paragraphs(entry.get("summary_detail") or {})
    body = max(contents, key=lambda paragraphs_: sum(map(len, paragraphs_)), default=()) or summary
    html = " ".join(str(content.get("value", "")) for content in entry.get("content", []))
    byline, agency = split_byline(
        str(author["name"]) for author in entry.get("authors", []) if author.get("name")
    )
    detail = entry.get("content", [{}])[0] if entry.get("content") else entry.get("title_detail") or {}
    captions, first_image = figures(html or str(entry.get("summary", "")))
    pictured = _pictured(entry)
    body = body or tuple(caption.text for caption in pictured)  # as feeds of videos have it
    url = http_url(entry.get("feedburner_origlink")) or http_url(entry.get("link"))
    return RawArticle(
        headline=title,
        body=body,
        markup=marked_up_html(body, html or str(entry.get("summary", "")), url),
        standfirst=_standfirst(summary, body),
        captions=captions or tuple(caption for caption in pictured if caption.text not in body),
        byline=byline,
        agency=agency,
        url=url,
        guid=squeeze(str(entry.get("id") or "")) or None,
        image=_media(entry) or first_image,
        language=language(detail.get("language")) or language(feed["feed"].get("language")),
        dates=tuple(_dates(entry, str(feed.get("version") or ""))),
        subjects=unique(
            [stated_subject(tag.get("term"), tag.get("scheme")) for tag in entry.get("tags", [])]
        ),
        line=line,
        source_feed=_source_feed(entry.get("source") or {}) or _source_feed(feed["feed"]),
        enclosures=_enclosures(
            (link.get("href"), link.get("type"), link.get("length")) for link in entry.get("enclosures", [])
        ),
    )


def _source_feed(feed: Mapping[str, Any]) -> SourceFeed | None:
    """Give what a feed, or an entry's atom:source, says that it is; None where it names itself badly."""
    links = feed.get("links", [])
    url = next((http_url(link.get("href")) for link in links if link.get("rel") == "self"), None)
    page = next((http_url(link.get("href")) for link in links if link.get("rel") == "alternate"), None)
    return _named_feed(feed.get("id"), _plain(feed.get("title_detail") or {}), url, page)


def _named_feed(id_: object, title: str, url: str | None, page: str | None) -> SourceFeed | None:
    stated = id_ if isinstance(id_, str) and _IRI.fullmatch(id_) else None
    name = stated or url or page
    return SourceFeed(name, title, url, page) if name and title else None


def _enclosures(stated: Iterable[tuple[object, object, object]]) -> tuple[Enclosure, ...]:
    """Give the files that an entry offers, where their address and type are stated."""
    found = []
    for href, kind, length in stated:
        url = http_url(href)
        # feedparser says text/html of a link that states no type.
        if url and isinstance(kind, str) and _MEDIA_TYPE.fullmatch(kind) and kind != "text/html":
            digits = str(length)
            size = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 16 else 0
            found.append(Enclosure(url, kind.lower(), size))
    return tuple(dict.fromkeys(found))


def _dates(entry: Mapping[str, Any], version: str) -> Iterator[StatedDate]:
    # Asked by get(), feedparser answers "updated" with "published" where there is none, and warns.
    published = date_text(entry["published"]) if "published" in entry else None
    updated = date_text(entry["updated"]) if "updated" in entry else None
    if not published and not version.startswith("atom"):
        published, updated = updated, None  # dc:date is when an item of RSS appeared
    if published:
        yield StatedDate(published, "published", "metadata")
    if updated:
        yield StatedDate(updated, "updated", "metadata")


def _plain(detail: Mapping[str, Any]) -> str:
    return " ".join(_paragraphs(detail))


def _paragraphs(detail: Mapping[str, Any]) -> tuple[str, ...]:
    value = str(detail.get("value") or "")
    if detail.get("type") == "text/plain":
        return _without_tails(told_paragraphs(value))
    return _without_tails(paragraphs(value))


def _without_tails(body: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out the lines by which a site calls the reader back to itself."""
    return tuple(
        paragraph
        for paragraph in body
        if not _SITE_TAIL.match(paragraph)
        and not (len(paragraph) < 100 and len(body) > 1 and paragraph.casefold().startswith(words("away")))
    )


def _standfirst(summary: tuple[str, ...], body: tuple[str, ...]) -> str | None:
    """Give the summary where it says something that the text does not begin with."""
    text = " ".join(summary).rstrip(" .…[]")
    if not text or summary == body or " ".join(body).startswith(text):
        return None
    return " ".join(summary)


def figures(html: str, base: str | None = None) -> tuple[tuple[Caption, ...], str | None]:
    """Give the captions in a piece of HTML, and the address of its first picture."""
    root = parse_html(f"<div>{html}</div>") if "<" in html else None
    if root is None:
        return (), None
    texts = [text for element in root.iter("figcaption") if (text := words_of(element))]
    image = next((url for element in root.iter("img") if (url := http_url(element.get("src"), base))), None)
    return tuple(dict.fromkeys(map(split_credit, texts))), image


def _pictured(entry: Mapping[str, Any]) -> tuple[Caption, ...]:
    """Give the words of the entry's picture or film (Media RSS), with its credit."""
    text = " ".join(told_paragraphs(unescape(str(entry.get("media_words") or ""))))
    if not text:
        return ()
    named = [squeeze(str(credit.get("content") or "")) for credit in entry.get("media_credit", [])]
    found = split_credit(text)
    return (Caption(found.text, found.credit or next((name for name in named if name), None)),)


def _media(entry: Mapping[str, Any]) -> str | None:
    links = [
        *(media.get("url") for media in entry.get("media_content", []) if _is_image(media)),
        *(media.get("url") for media in entry.get("media_thumbnail", [])),
        *(link.get("href") for link in entry.get("enclosures", []) if _is_image(link)),
    ]
    return next((url for link in links if (url := http_url(link))), None)


def _is_image(media: Mapping[str, Any]) -> bool:
    return media.get("medium") == "image" or str(media.get("type", "")).startswith("image/")


def _json_entries(document: Document) -> Iterator[RawArticle | Problem]:
    feed = load_json(document, "a JSON Feed")
    items = feed.get("items") if isinstance(feed, dict) else None
    lines = value_lines(document.text, "items")
    for number, item in enumerate(items if isinstance(items, list) else []):
        line = lines[number] if number < len(lines) else None
        if not isinstance(item, dict) or not squeeze(_string(item, "title")):
            yield Problem(document.source, line, f"item {number + 1} without a title")
        else:
            yield replace(_json_article(item, feed), line=line)


def _json_article(item: dict[str, Any], feed: dict[str, Any]) -> RawArticle:
    html = _string(item, "content_html")
    text = told_paragraphs(_string(item, "content_text"))
    summary = told_paragraphs(_string(item, "summary"))
    body = _without_tails(paragraphs(html) or text) or summary
    authors = item.get("authors") or item.get("author") or feed.get("authors") or feed.get("author") or []
    listed = authors if isinstance(authors, list) else [authors]
    byline, agency = split_byline(_string(author, "name") for author in listed if isinstance(author, dict))
    base = _string(feed, "home_page_url")
    captions, first_image = figures(html)
    addresses = (http_url(_string(item, key), base) for key in ("url", "external_url"))
    url = next((address for address in addresses if address), None)
    images = (http_url(_string(item, key), base) for key in ("image", "banner_image"))
    tags = item.get("tags")
    attachments = item.get("attachments")
    return RawArticle(
        headline=squeeze(_string(item, "title")),
        body=body,
        markup=marked_up_html(body, html, url or base),
        standfirst=_standfirst(summary, body),
        captions=captions,
        byline=byline,
        agency=agency,
        url=url,
        guid=squeeze(str(item.get("id") or "")) or None,
        image=next((image for image in images if image), first_image),
        language=language(item.get("language")) or language(feed.get("language")),
        dates=tuple(
            StatedDate(date, kind, "metadata")
            for key, kind in _JSON_DATES
            if (date := date_text(item.get(key)))
        ),
        subjects=unique([stated_subject(tag) for tag in tags] if isinstance(tags, list) else []),
        source_feed=_json_source(feed),
        enclosures=_enclosures(
            (file.get("url"), file.get("mime_type"), file.get("size_in_bytes"))
            for file in (attachments if isinstance(attachments, list) else [])
            if isinstance(file, dict)
        ),
    )


def _json_source(feed: dict[str, Any]) -> SourceFeed | None:
    url, page = http_url(_string(feed, "feed_url")), http_url(_string(feed, "home_page_url"))
    return _named_feed(None, squeeze(_string(feed, "title")), url, page)


_JSON_DATES: tuple[tuple[str, DateKind], ...] = (
    ("date_published", "published"),
    ("date_modified", "updated"),
)


def _string(node: Mapping[str, Any], key: str) -> str:
    value = node.get(key)
    return value if isinstance(value, str) else ""
