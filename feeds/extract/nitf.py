"""Read NITF, the format in which news agencies have sent texts since the nineties.

https://iptc.org/standards/nitf/
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from feeds.extract.byline import agency_name, split_byline
from feeds.extract.caption import split_credit
from feeds.extract.markup import (
    SILENT,
    blocks,
    breaks_off,
    http_url,
    line_of,
    parse_xml,
    root_name,
    squeeze,
    words_of,
)
from feeds.extract.pagestated import date_text, language
from feeds.extract.rich import marked_up
from feeds.extract.subjects import stated_subject, topic_of_subject_code, unique
from feeds.model import Caption, Document, DocumentError, Extraction, RawArticle, StatedDate, StatedSubject

if TYPE_CHECKING:
    from lxml import etree

NAME = "NITF"

_NO_TEXT = SILENT | {
    "media",
    "media-caption",
    "media-producer",
    "nitf-table",
    "media-metadata",
    "media-reference",
}


def claims(document: Document) -> bool:
    """Claim what begins with the root of NITF."""
    return (root_name(document.text) or "").rpartition(":")[2] == "nitf"


def extract(document: Document) -> Extraction:
    """Give the one article of the document, with its stated codes, writers, place and date."""
    if (line := breaks_off(document.text)) is not None:
        raise DocumentError(document.source, "a NITF document that is not well-formed: it breaks off", line)
    root = parse_xml(document.text)
    article = read_nitf(root) if root is not None else None
    if article is None:
        raise DocumentError(document.source, "a NITF document without a headline")
    return Extraction((article,))


def read_nitf(root: etree._Element) -> RawArticle | None:
    """Give the article under a `nitf` element freed of its namespace; None where it has no headline."""
    heading = next((e for name in ("hl1", "hedline", "title") for e in root.iter(name) if words_of(e)), None)
    if heading is None:
        return None
    content = next(root.iter("body.content"), None)
    bylines = [words_of(element) for element in root.iter("byline")]
    persons = [words_of(person) for line in root.iter("byline") for person in line.iter("person")]
    byline, agency = split_byline(persons or bylines)
    supplier = agency or split_byline(bylines)[1] or _distributor(root)
    found = [] if content is None else blocks(content, _NO_TEXT)
    body = tuple(block.text for block in found)
    return RawArticle(
        headline=words_of(heading),
        body=body,
        markup=marked_up(body, found, None),
        standfirst=first_words(root, "abstract", "hl2"),
        captions=tuple(_captions(root)),
        byline=byline,
        agency=supplier,
        dateline=_dateline(root),
        guid=next((text for text in (e.get("id-string") for e in root.iter("doc-id")) if text), None),
        image=_image(root),
        language=_language(root),
        dates=tuple(_dates(root)),
        subjects=unique(list(_subjects(root))),
        line=line_of(heading),
    )


def first_words(root: etree._Element, *names: str) -> str | None:
    """Give the words of the first of these elements that has any, the names in order."""
    for name in names:
        for element in root.iter(name):
            if text := words_of(element):
                return text
    return None


def _distributor(root: etree._Element) -> str | None:
    stated = [first_words(root, "distributor"), *(element.get("regsrc") for element in root.iter("doc-id"))]
    return next((agency for text in stated if text and (agency := agency_name(text))), None)


def _dateline(root: etree._Element) -> str | None:
    for dateline in root.iter("dateline"):
        return first_words(dateline, "location") or words_of(dateline) or None
    return None


def _language(root: etree._Element) -> str | None:
    return language(root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("lang"))


def _dates(root: etree._Element) -> Iterator[StatedDate]:
    stated = [
        element.get("norm")
        for name in ("date.issue", "story.date", "date.release")
        for element in root.iter(name)
    ]
    stated += [element.get("date.publication") for element in root.iter("pubdata")]
    if date := next((date for text in stated if (date := date_text(text))), None):
        yield StatedDate(date, "published", "metadata")


def _subjects(root: etree._Element) -> Iterator[StatedSubject | None]:
    for element in root.iter("tobject.subject"):
        code = element.get("tobject.subject.refnum") or element.get("tobject.subject.code")
        yield stated_subject(code) or topic_of_subject_code(code) or stated_subject(code, "medtop")
    for element in root.iter("classifier"):
        yield stated_subject(element.get("value"), element.get("type")) or stated_subject(
            element.get("idsrc")
        )
    for element in root.iter("evloc", "country"):
        yield stated_subject(element.get("iso-cc"), "country")


def _captions(root: etree._Element) -> Iterator[Caption]:
    for media in root.iter("media"):
        credit = first_words(media, "media-producer")
        for caption in media.iter("media-caption"):
            if text := words_of(caption):
                found = split_credit(text)
                yield Caption(found.text, credit or found.credit)


def _image(root: etree._Element) -> str | None:
    for reference in root.iter("media-reference"):
        if (url := http_url(reference.get("source"))) and _is_picture(reference):
            return url
    return None


def _is_picture(reference: etree._Element) -> bool:
    parent = reference.getparent()
    kinds = (
        reference.get("mime-type") or "",
        "" if parent is None else squeeze(parent.get("media-type") or ""),
    )
    return any(kind.startswith(("image", "photo")) for kind in kinds)
