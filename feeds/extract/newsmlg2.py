"""Read NewsML-G2, the envelope in which news agencies send texts with what they know about them.

https://iptc.org/standards/newsml-g2/
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feeds.extract.byline import agency_name, split_byline
from feeds.extract.markup import (
    blocks,
    breaks_off,
    http_url,
    line_of,
    parse_xml,
    root_name,
    told_paragraphs,
    words_of,
)
from feeds.extract.nitf import first_words, read_nitf
from feeds.extract.pagestated import date_text, language
from feeds.extract.rich import marked_up
from feeds.extract.subjects import stated_subject, unique
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

if TYPE_CHECKING:
    from lxml import etree

NAME = "NewsML-G2"

_ROOTS = frozenset(("newsmessage", "newsitem", "packageitem"))
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def claims(document: Document) -> bool:
    """Claim what begins with a message or an item of NewsML-G2."""
    return (root_name(document.text) or "").rpartition(":")[2] in _ROOTS


def extract(document: Document) -> Extraction:
    """Give each usable text item as an article; the captions of picture items stay with the first text.

    An item that its supplier withholds or has cancelled, and a text without a headline, cost themselves.
    """
    end = breaks_off(document.text)
    root = parse_xml(document.text)
    found: list[RawArticle | Problem] = []
    captions: list[Caption] = []
    schemes = _schemes(root)
    for item in root.iter("newsItem") if root is not None else ():
        kind = _code(item, "itemClass")
        if kind.startswith(("ninat:picture", "ninat:video", "ninat:audio", "ninat:graphic")):
            captions.extend(_caption(item))
        else:
            found.append(_article(item, schemes, document.source))
    if end is not None:  # the last item was open, and what it says may be half of it
        found[-1:] = [
            Problem(document.source, end, "not well-formed: the document breaks off within an item")
        ]
    articles = [article for article in found if isinstance(article, RawArticle)]
    problems = tuple(problem for problem in found if isinstance(problem, Problem))
    if not articles and not problems:
        raise DocumentError(document.source, "a NewsML-G2 document without a text item")
    if len(articles) == 1 and captions:
        articles[0] = replace(articles[0], captions=(*articles[0].captions, *captions))
    return Extraction(tuple(articles), problems)


def _article(item: etree._Element, schemes: Mapping[str, str], source: str) -> RawArticle | Problem:
    status = _code(item, "pubStatus").rpartition(":")[2]
    if status not in ("", "usable"):
        return Problem(source, line_of(item), f"an item that its supplier has marked {status}")
    inner = next(item.iter("nitf"), None)
    told = read_nitf(inner) if inner is not None else None
    headline = _meta(item, "headline") or (told.headline if told else None) or _meta(item, "title")
    if not headline:
        return Problem(source, line_of(item), "an item without a headline")
    told = told or _text(item, headline)
    byline, agency = _writers(item)
    repeats = int(told.body[:1] == (headline,))
    return replace(
        told,
        headline=headline,
        body=told.body[repeats:],
        markup=told.markup[repeats:],
        standfirst=_summary(item) or told.standfirst,
        byline=byline or told.byline,
        agency=agency or told.agency,
        dateline=_meta(item, "dateline") or told.dateline,
        url=http_url(item.get("guid")),
        guid=item.get("guid"),
        image=told.image or _image(item),
        language=_language(item) or told.language,
        dates=tuple(_dates(item)) or told.dates,
        subjects=tuple(dict.fromkeys((*_subjects(item, schemes), *told.subjects))),
        line=line_of(item),
    )


def _meta(item: etree._Element, name: str) -> str | None:
    for part in item.iter("contentMeta", "itemMeta"):
        if text := first_words(part, name):
            return text
    return None


def _code(item: etree._Element, name: str) -> str:
    element = next(item.iter(name), None)
    return "" if element is None else (element.get("qcode") or element.get("uri") or "").replace("/", ":")


def _writers(item: etree._Element) -> tuple[tuple[str, ...], str | None]:
    printed = [text for by in item.iter("by") if (text := words_of(by))]
    created = [name for creator in item.iter("creator") if (name := first_words(creator, "name"))]
    byline, agency = split_byline(printed or created)
    suppliers: list[str | None] = []
    for provider in item.iter("provider"):
        suppliers += [first_words(provider, "name"), provider.get("literal")]
        suppliers.append((provider.get("qcode") or "").rpartition(":")[2])
    named = (agency_name(text) for text in suppliers if text)
    return byline, agency or next((name for name in named if name), None)


def _summary(item: etree._Element) -> str | None:
    for description in item.iter("description"):
        if "summary" in (description.get("role") or "") and (text := words_of(description)):
            return text
    return None


def _caption(item: etree._Element) -> Iterator[Caption]:
    if text := _meta(item, "description"):
        yield Caption(text, _meta(item, "creditline") or first_words(item, "creditline"))


def _text(item: etree._Element, headline: str) -> RawArticle:
    """Give the text of the first rendition that has one: marked up, or plain."""
    for content in item.iter("inlineXML"):
        found = blocks(content)
        if body := tuple(block.text for block in found):
            return RawArticle(headline, body, markup=marked_up(body, found, None))
    for data in item.iter("inlineData"):
        if data.get("encoding") is None and (plain := told_paragraphs(str(data.text or ""))):
            return RawArticle(headline, plain)
    return RawArticle(headline, ())


def _language(item: etree._Element) -> str | None:
    stated = [element.get("tag") for element in item.iter("language")]
    inline = [element.get(_XML_LANG) for element in item.iter("inlineXML", "inlineData")]
    return next((tag for text in (*stated, *inline, item.get(_XML_LANG)) if (tag := language(text))), None)


def _dates(item: etree._Element) -> Iterator[StatedDate]:
    version = date_text(first_words(item, "versionCreated"))
    first = date_text(first_words(item, "firstCreated")) or date_text(first_words(item, "contentCreated"))
    if first or version:
        yield StatedDate(first or str(version), "published", "metadata")
    if first and version and version != first:
        yield StatedDate(version, "updated", "metadata")


def _schemes(root: etree._Element | None) -> dict[str, str]:
    """Give the addresses of the schemes that a catalogue inside the document names."""
    stated = root.iter("scheme") if root is not None else ()
    return {alias: uri for scheme in stated if (alias := scheme.get("alias")) and (uri := scheme.get("uri"))}


def _subjects(item: etree._Element, schemes: Mapping[str, str]) -> tuple[StatedSubject, ...]:
    """Give the codes of the subjects, in the document's own schemes too."""
    found: list[StatedSubject | None] = []
    for part in item.iter("subject"):
        for element in (part, *part.iter("sameAs")):
            alias, _, term = (element.get("qcode") or "").partition(":")
            found.append(
                stated_subject(term, schemes.get(alias) or alias) or stated_subject(element.get("uri"))
            )
    return unique(found)


def _image(item: etree._Element) -> str | None:
    for content in item.iter("remoteContent"):
        if (content.get("contenttype") or "").startswith("image/") and (url := http_url(content.get("href"))):
            return url
    return None
