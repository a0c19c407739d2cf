"""Measure how fast each kind of document is read, beside the libraries that read the same.

    python bench/extract.py [PAGES_FOLDER]

A row is a kind: how many documents, how large, how many of them `feeds` reads in a second, the same for the
reader beside it, and how many times as fast `feeds` is. All in one process and one run, by processor time,
the best of three rounds. Without a folder of web pages our own fixtures are read, as for all other kinds.
Where no library reads the kind, the parser that anyone would need stands beside it, as the least it can cost.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from msgspec.structs import replace

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # as it stands here, installed or not

from feeds import containers  # noqa: E402
from feeds.calendars import date_line  # noqa: E402
from feeds.config import Config  # noqa: E402
from feeds.dates import date  # noqa: E402
from feeds.extract import extract, feedfile, newsmlg2, ninjs, nitf, plaintext, webpage  # noqa: E402
from feeds.languages import language_of  # noqa: E402
from feeds.model import Document, DocumentError  # noqa: E402
from feeds.understand import understand  # noqa: E402

FIXTURES = ROOT / "tests" / "fixtures"
HEADER = f"{'kind':22} {'docs':>5} {'kB':>6} {'feeds':>10} {'ms':>8}   {'beside':24} {'':>9} {'times':>6}"


def documents(paths: Iterable[Path], times: int = 1) -> list[Document]:
    """Read the documents as text, once, before any clock runs."""
    found = [Document(str(p), "text/plain", p.read_text("utf-8", "replace"), None, "") for p in sorted(paths)]
    return found * times


def rate(read: Callable[[Document], object], given: list[Document]) -> float:
    """Give how many of these documents are read in a second of processor time: the best of three rounds."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for document in given:
            try:
                read(document)
            except DocumentError:
                continue
        best = max(best, len(given) / (time.process_time() - start))
    return best


def row(
    name: str,
    given: list[Document],
    ours: Callable[[Document], object],
    other: str = "",
    theirs: Callable[[Document], object] | None = None,
) -> None:
    """Print one line of the table."""
    size = sum(len(document.text) for document in given) / len(given) / 1000
    mine = rate(ours, given)
    line = f"{name:22} {len(given):5} {size:6.1f} {mine:8.0f}/s {1000 / mine:8.3f}"
    if theirs is not None:
        rival = rate(theirs, given)
        line += f"   {other:24} {rival:7.0f}/s {mine / rival:5.1f}x"
    print(line)


def understood(document: Document) -> object:
    """Read a document, date and tag its articles: all of what a build does before its store."""
    return understand(document, Config(), datetime.now(UTC))


def pages(folder: Path) -> None:
    """Print the rows of web pages: against trafilatura with and without its fallbacks."""
    given = documents(folder.glob("*.html"))
    try:
        import trafilatura
    except ImportError:
        row("web page", given, webpage.extract)
        return
    row("web page", given, webpage.extract, "trafilatura", lambda d: trafilatura.bare_extraction(d.text))
    row(
        "",
        given,
        webpage.extract,
        "trafilatura, fast",
        lambda d: trafilatura.bare_extraction(d.text, fast=True),
    )


def archives() -> None:
    """Print the rows of containers: records a second, beside unpacking alone."""
    head = b"WARC/1.1\r\nWARC-Type: conversion\r\nContent-Length: 8000\r\n\r\n"
    record = head + b"Lamp out" * 1000 + b"\r\n\r\n"
    packed = gzip.compress(record) * 2_000
    for name, data in (("WET record", record * 2_000), ("WET record, packed", packed)):
        start = time.process_time()
        count = sum(1 for _ in containers.members(io.BytesIO(data), name="bench"))
        mine = count / (time.process_time() - start)
        line = f"{name:22} {count:5} {8.0:6.1f} {mine:8.0f}/s {1000 / mine:8.3f}"
        if data is packed:
            start = time.process_time()
            gzip.decompress(data)
            rival = count / (time.process_time() - start)
            line += f"   {'gzip alone':24} {rival:7.0f}/s {mine / rival:5.1f}x"
        print(line)


def main() -> None:
    """Print the table."""
    import feedparser
    from lxml import etree

    def parse_feed(document: Document) -> object:
        return feedparser.parse(io.BytesIO(document.text.encode()))

    def parse_xml(document: Document) -> object:
        return etree.fromstring(document.text.encode(), etree.XMLParser(recover=True))

    def parse_json(document: Document) -> object:
        return json.loads(document.text)

    print(HEADER)
    texts = documents((ROOT / "seeds").glob("*.txt"), 20)
    row("text capture", texts, plaintext.extract)
    row("text capture, tagged", texts, understood)
    pages(Path(sys.argv[1]) if len(sys.argv) > 1 else FIXTURES / "layouts")
    feeds = documents((FIXTURES / "feedfile").glob("*.xml"), 50)
    row("feed", feeds, feedfile.extract, "feedparser", parse_feed)
    row(
        "JSON Feed",
        documents((FIXTURES / "feedfile").glob("*.json"), 100),
        feedfile.extract,
        "json alone",
        parse_json,
    )
    wire = FIXTURES / "newswire"
    row("NITF", documents(wire.glob("*.nitf.xml"), 100), nitf.extract, "lxml alone", parse_xml)
    row("NewsML-G2", documents(wire.glob("*.g2.xml"), 100), newsmlg2.extract, "lxml alone", parse_xml)
    row("ninjs", documents(wire.glob("*.json"), 100), ninjs.extract, "json alone", parse_json)
    archives()
    raw = extract(texts[0]).articles
    row("an article's date", texts, lambda d: [date(article, None) for article in raw])
    row("an article's language", texts, lambda d: language_of(raw[0].body))
    line = [replace(texts[0], text="Published 3 May 2025, 10:15 GMT")] * 500
    row("a date line", line, lambda d: date_line(d.text))


if __name__ == "__main__":
    main()
