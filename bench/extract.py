"""Measure how fast each kind of document is read, beside the libraries that read the same.

    python bench/extract.py PAGES_FOLDER

Each row is a kind, the documents a second that `feeds` reads, the same for the other reader, and their ratio.
All in one process and one run, by processor time; the feeds and wires are our own fixtures.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable
from pathlib import Path

from feeds import containers
from feeds.extract import feedfile, newsmlg2, ninjs, nitf, webpage
from feeds.model import Document, DocumentError

FIXTURES = Path(__file__).parent.parent / "tests" / "fixtures"


def read_all(paths: list[Path]) -> list[Document]:
    """Read the documents as text, once, before any clock runs."""
    return [Document(str(p), "", p.read_text("utf-8", "replace"), None, "") for p in sorted(paths)]


def rate(read: Callable[[Document], object], documents: list[Document]) -> float:
    """Give how many of these documents are read in a second of processor time: the best of three rounds."""
    best = 0.0
    for _ in range(3):
        start = time.process_time()
        for document in documents:
            try:
                read(document)
            except DocumentError:
                continue
        best = max(best, len(documents) / (time.process_time() - start))
    return best


def row(name: str, ours: float, other: str = "", theirs: float = 0.0) -> None:
    """Print one line of the table."""
    print(
        f"{name:12} {ours:9.0f}/s"
        + (f"   {other:14} {theirs:9.0f}/s   {ours / theirs:5.1f}x" if theirs else "")
    )


def main() -> None:
    """Print the table."""
    import feedparser

    if len(sys.argv) > 1:
        import trafilatura

        pages = read_all(list(Path(sys.argv[1]).glob("*.html")))
        row(
            "web page",
            rate(webpage.extract, pages),
            "trafilatura",
            rate(lambda d: trafilatura.bare_extraction(d.text), pages),
        )
    feeds = read_all(list((FIXTURES / "feedfile").glob("*.xml"))) * 50
    others = rate(lambda d: feedparser.parse(io.BytesIO(d.text.encode())), feeds)
    row("feed", rate(feedfile.extract, feeds), "feedparser", others)
    for name, kind, pattern in (
        ("JSON Feed", feedfile, "feedfile/*.json"),
        ("NITF", nitf, "newswire/*.nitf.xml"),
        ("NewsML-G2", newsmlg2, "newswire/*.g2.xml"),
        ("ninjs", ninjs, "newswire/*.json"),
    ):
        row(name, rate(kind.extract, read_all(list(FIXTURES.glob(pattern))) * 100))
    record = (
        b"WARC/1.1\r\nWARC-Type: conversion\r\nContent-Length: 8000\r\n\r\n"
        + b"Lamp out" * 1000
        + b"\r\n\r\n"
    )
    start = time.process_time()
    count = sum(1 for _ in containers.members(io.BytesIO(record * 5_000), name="bench"))
    row("WET record", count / (time.process_time() - start))


if __name__ == "__main__":
    main()
