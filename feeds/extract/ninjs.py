"""Read ninjs, news in JSON, of the generations 1 to 3.

https://iptc.org/standards/ninjs/. The generations differ in the case of their keys and in single values
against lists: both are read alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from feeds.extract.byline import agency_name, split_byline
from feeds.extract.caption import split_credit
from feeds.extract.feedfile import is_json_feed
from feeds.extract.jsonfile import load_json, value_lines
from feeds.extract.markup import fold, http_url, paragraphs, squeeze, told_paragraphs
from feeds.extract.pagestated import date_text, language
from feeds.extract.rich import marked_up_html
from feeds.extract.subjects import stated_subject, topic_of_subject_code, unique
from feeds.model import (
    Caption,
    Document,
    DocumentError,
    Extraction,
    Problem,
    RawArticle,
    StatedDate,
    StatedSubject,
)

NAME = "ninjs"

_KEYS = re.compile(
    r'"(uri|headlines?|bodies|body_[a-z0-9]+|versioncreated|pubstatus|representationtype)"\s{0,9}:', re.I
)
_DEEPEST = 50


def claims(document: Document) -> bool:
    """Claim JSON that has an address and two more of the properties that ninjs gives to an item."""
    text = document.text.lstrip("\ufeff \t\n")
    if not text.startswith(("{", "[")) or is_json_feed(text):
        return False
    keys = {match.group(1).casefold() for match in _KEYS.finditer(text, 0, 200_000)}
    return "uri" in keys and len(keys) > 2


def extract(document: Document) -> Extraction:
    """Give each usable text item as an article, with its stated codes, writers, place and dates.

    An item that is withheld or cancelled, and one without a headline, cost themselves.
    """
    tree = load_json(document, "a ninjs document")
    lines = value_lines(document.text) if isinstance(tree, list) else [1]
    items = [
        (_lowered(item), lines[number] if number < len(lines) else None)
        for number, item in enumerate(tree if isinstance(tree, list) else [tree])
        if isinstance(item, dict)
    ]
    found = [
        _article(item, document.source, line)
        for item, line in items
        if item.get("type", "text") in ("text", "composite")
    ]
    if not found:
        raise DocumentError(document.source, "a ninjs document without a text item")
    articles = tuple(article for article in found if isinstance(article, RawArticle))
    return Extraction(articles, tuple(problem for problem in found if isinstance(problem, Problem)))


def _lowered(node: Any, depth: int = 0) -> Any:
    """Give a tree with its keys in lower case, down to a depth that no item reaches."""
    if isinstance(node, dict) and depth < _DEEPEST:
        return {str(key).casefold(): _lowered(value, depth + 1) for key, value in node.items()}
    if isinstance(node, list) and depth < _DEEPEST:
        return [_lowered(value, depth + 1) for value in node]
    return None if isinstance(node, (dict, list)) else node


def _article(item: dict[str, Any], source: str, line: int | None) -> RawArticle | Problem:
    name = squeeze(str(item.get("uri") or ""))
    status = item.get("pubstatus") or "usable"
    if status != "usable":
        return Problem(source, line, f"an item that its supplier has marked {status}: {name}")
    headline = _value(item, "headlines", "headline", "title")
    if not headline:
        return Problem(source, line, f"an item without a headline: {name}")
    byline, agency = split_byline(text for text in (_string(item, "by"), _string(item, "byline")) if text)
    suppliers = [_string(source, "name") for source in _list(item, "infosources", "infosource")]
    suppliers.append(_string(item, "copyrightholder"))
    pictures = list(_associated(item))
    body, html = _body(item, headline)
    summary = _value(item, "descriptions", "description_text", "description_html")
    return RawArticle(
        headline=headline,
        body=body or ((summary,) if summary else ()),
        standfirst=summary
        if body and summary and not " ".join(body).startswith(summary.rstrip(" .…"))
        else None,
        captions=tuple(dict.fromkeys(caption for picture in pictures for caption in _caption(picture))),
        byline=byline,
        agency=agency or next((found for text in suppliers if text and (found := agency_name(text))), None),
        dateline=_value(item, "datelines", "dateline") or squeeze(_string(item, "located")) or None,
        url=http_url(item.get("uri")),
        guid=name or None,
        markup=marked_up_html(body, html, http_url(item.get("uri"))),
        image=next((url for picture in pictures for url in _pictures(picture)), None),
        language=language(item.get("language")),
        dates=tuple(_dates(item)),
        subjects=unique(list(_subjects(item))),
        line=line,
    )


def _string(node: Any, key: str) -> str:
    value = node.get(key) if isinstance(node, dict) else None
    return value if isinstance(value, str) else ""


def _list(item: dict[str, Any], *names: str) -> list[Any]:
    """Give the values under the first of these names: of a list, of an object by name, or one."""
    for name in names:
        value = item.get(name)
        if isinstance(value, list):
            return value
        if isinstance(value, dict):
            return list(value.values()) if all(isinstance(part, dict) for part in value.values()) else [value]
        if value:
            return [value]
    return []


def _value(item: dict[str, Any], *names: str) -> str | None:
    """Give the first text under these names on one line; in a list, the main one goes first."""
    for name in names:
        values = sorted(_list(item, name), key=lambda part: _string(part, "role") != "main")
        for value in values:
            text = value if isinstance(value, str) else _string(value, "value")
            if line := " ".join(told_paragraphs(text)):
                return line
    return None


def _body(item: dict[str, Any], headline: str) -> tuple[tuple[str, ...], str]:
    """Give the text of the best rendition, without the headline at its head, and its HTML.

    What is marked up comes before what is plain, which has no HTML.
    """
    found = [(_string(part, "contenttype"), _string(part, "value")) for part in _list(item, "bodies")]
    found += [("text/html", _string(item, name)) for name in ("body_html", "body_html5", "body_xhtml")]
    found += [("text/plain", _string(item, "body_text"))]
    for kind in ("text/html", "application/xhtml+xml", "text/plain", ""):
        for stated, text in found:
            if stated.partition(";")[0] == kind and text.strip():
                is_html = "html" in kind
                body = paragraphs(text) if is_html else told_paragraphs(text)
                return _without_head(body, headline), text if is_html else ""
    return (), ""


def _without_head(body: tuple[str, ...], headline: str) -> tuple[str, ...]:
    if not body or fold(body[0]) != fold(headline):
        return body
    rest = body[1:]
    return rest[1:] if len(rest) > 1 and len(rest[0]) < 30 and not rest[0].endswith((".", "!", "?")) else rest


def _dates(item: dict[str, Any]) -> Iterator[StatedDate]:
    first, content, version = (
        date_text(item.get(k)) for k in ("firstcreated", "contentcreated", "versioncreated")
    )
    published = first or content or version
    if published:
        yield StatedDate(published, "published", "metadata")
    if version and version != published:
        yield StatedDate(version, "updated", "metadata")


def _subjects(item: dict[str, Any]) -> Iterator[StatedSubject | None]:
    for part in (*_list(item, "subjects", "subject"), *_list(item, "places", "place")):
        uri, code = _string(part, "uri"), _string(part, "code") or _string(part, "literal")
        scheme = _string(part, "scheme")
        yield (
            stated_subject(uri)
            or stated_subject(code, scheme)
            or stated_subject(code)
            or (topic_of_subject_code(code) if not uri and not scheme else None)
        )


def _associated(item: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for part in _list(item, "associations"):
        if isinstance(part, dict) and part.get("type") in ("picture", "graphic"):
            yield part


def _caption(picture: dict[str, Any]) -> Iterator[Caption]:
    if text := _value(picture, "descriptions", "description_text", "description_html"):
        found = split_credit(text)
        yield Caption(
            found.text, found.credit or _string(picture, "by") or _string(picture, "byline") or None
        )


def _pictures(picture: dict[str, Any]) -> Iterator[str]:
    for rendition in _list(picture, "renditions"):
        if url := http_url(_string(rendition, "href")):
            yield url
