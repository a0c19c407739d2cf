"""Read back from an output folder what its lost store knew: the articles, and the feeds."""

from __future__ import annotations

import re
import stat
from collections.abc import Container, Iterable, Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from feeds.extract import extract
from feeds.identity import keys
from feeds.model import (
    Category,
    Dating,
    Document,
    DocumentError,
    Precision,
    Problem,
    RawArticle,
    StoreError,
)
from feeds.store.records import PUBLISHED, Record
from feeds.store.values import key_hash
from feeds.text import shown
from feeds.write.links import ALL, ARTICLES, article_path
from feeds.write.pages import record_in

_ATOM = "{http://www.w3.org/2005/Atom}"
_SUFFIX = ".atom"
_DATELINE = 100  # characters that one may have
_PROVENANCE = re.compile(
    r"(Undated|Published [^.]+|Dated by inference [^.]+)\. (.+?)(?: Agency: (.+)\.)?", re.DOTALL
)


class KnownFeed(Struct, frozen=True):
    """What the file of a feed says of it; the feed of all articles has no category."""

    slug: str
    category: Category | None
    updated: datetime
    version: str  # of the program that wrote it
    address: str | None  # where it says that it is served


def records(output: Path) -> Iterator[Record | Problem]:
    """Give the article that each page carries, or what is wrong with the page, by name."""
    folder = output / ARTICLES
    for path in sorted(folder.glob("*.html")) if folder.is_dir() else ():
        try:
            found = record_in(_own(path).decode("utf-8"))
            if found is None:
                continue  # the page of a pointer, or somebody else's
            record = Record.load(found)
            if path != output / article_path(record.id):
                raise StoreError("it belongs to another page")
            yield record
        except (OSError, ValueError, StoreError) as error:
            yield Problem(shown(path), None, f"its article can't be taken back: {error}")


def entries(output: Path, met: Container[str]) -> Iterator[Record]:
    """Give the articles that stand in the feed of all or its archives, and were not met on a page.

    Read as any feed is: what an entry does not say, such as the lines of its document, is lost.
    """
    known = set[str]()
    for path in (output / f"{ALL}{_SUFFIX}", *sorted((output / ALL).glob(f"*{_SUFFIX}"))):
        try:
            document = Document(shown(path), "application/atom+xml", _own(path).decode("utf-8"), None, "")
            articles = extract(document).articles
        except (OSError, ValueError, DocumentError):
            continue
        for raw in articles:
            if raw.guid and raw.guid not in met and raw.guid not in known:
                known.add(raw.guid)
                if record := _published(raw, raw.guid):
                    yield record


def _published(raw: RawArticle, iri: str) -> Record | None:
    """Take apart what content.py put together."""
    moments = {stated.kind: datetime.fromisoformat(stated.text) for stated in raw.dates}
    if "updated" not in moments:
        return None
    said = _PROVENANCE.fullmatch(raw.body[-1]) if raw.body else None
    when, basis, agency = said.groups() if said else ("", "It was published so.", None)
    published = moments.get("published")
    precision: Precision = "minute" if "UTC" in when else "day"
    own = replace(
        raw,
        body=raw.body[:-1] if said else raw.body,
        markup=raw.markup[: len(raw.body) - 1] if said and any(raw.markup[:-1]) else (),
        url=None if raw.url and raw.url.endswith(article_path(iri)) else raw.url,
        agency=agency,
        guid=None,
        line=None,
        dates=(),
        subjects=(),
        source_feed=None,
    )
    dating = Dating(published, precision if published else None, basis, when.startswith("Dated by"))
    seen = None if published else moments["updated"]
    names = {key_hash(key) for one in (own, _without_dateline(own)) for key in keys(one)}
    return Record(iri, own, dating, moments["updated"], seen, None, PUBLISHED, tuple(names))


def _without_dateline(raw: RawArticle) -> RawArticle:
    """Give the article as its document may have begun: an entry has the dateline in its first paragraph."""
    before, dash, rest = raw.body[0].partition(" – ") if raw.body else ("", "", "")
    return replace(raw, body=(rest, *raw.body[1:])) if dash and len(before) < _DATELINE else raw


def feeds(output: Path, paths: Iterable[str]) -> Iterator[KnownFeed]:
    """Give each feed among these paths that can be read; the others are written again anyway."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    for path in paths:
        if not path.endswith(_SUFFIX):
            continue
        try:
            root = etree.fromstring(_own(output / path), parser)
            generator, category = root.find(f"{_ATOM}generator"), root.find(f"{_ATOM}category")
            yield KnownFeed(
                path.removesuffix(_SUFFIX),
                Category(category.get("scheme"), category.get("term"), category.get("label"))
                if category is not None
                else None,
                datetime.fromisoformat(root.findtext(f"{_ATOM}updated", "")),
                "" if generator is None else generator.get("version", ""),
                next((e.get("href") for e in root.iter(f"{_ATOM}link") if e.get("rel") == "self"), None),
            )
        except (OSError, ValueError, etree.XMLSyntaxError):
            continue


def _own(path: Path) -> bytes:
    """Read a file that this program wrote; nothing that took its place."""
    if not stat.S_ISREG(path.lstat().st_mode):
        raise OSError(f"{shown(path)}: not a regular file")
    return path.read_bytes()
