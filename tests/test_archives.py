"""Archives from end to end: what a crawl of pages, feeds and texts gives, and what its damages cost."""

from __future__ import annotations

import gzip
import io
import random
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from feeds import intake, job, pipeline
from feeds.config import Config
from feeds.extract import extract
from feeds.model import Document, DocumentError, Problem
from feeds.read import read
from feeds.scan import files as scan
from feeds.understand import Judged, understand
from tests.conftest import NOW, Newsroom
from tests.test_containers import record, response
from tests.test_site import without_manifest

LAMP = "The lamp on the old pier went out on Monday, the port authority said in a statement to the town."
PAGE = (
    f"<html lang='en'><head><title>Lamp out</title></head><body><article><h1>Lamp out</h1><p>{LAMP}</p>"
    f"<p>{LAMP.replace('lamp', 'light')}</p></article></body></html>"
).encode()
FEED = (
    f"<rss version='2.0'><channel><item><title>Ferry late</title><link>https://post.example/f</link>"
    f"<description>{LAMP}</description></item></channel></rss>"
).encode()
CLOSED = "Harbour closed after the ferry hits a pier"
TEXT = (
    f"{CLOSED}\n\n{LAMP}\n\n"
    "Ships are told to keep away from the rocks until the end of the week, when a new lamp will be there.\n\n"
    "The ferry took no harm, its owner said, and nobody on board was hurt in the night of the accident.\n"
).encode()


def crawl() -> list[bytes]:
    """A page, a feed and a text as a crawler keeps them."""
    return [
        response(PAGE, kind="text/html; charset=utf-8"),
        response(FEED, kind="application/rss+xml"),
        record("conversion", TEXT, "https://post.example/t"),
    ]


def outcome(path: Path) -> tuple[list[str], list[str]]:
    """The headlines and the problems of a file."""
    headlines: list[str] = []
    problems: list[str] = []
    (found,) = scan([path])
    try:
        for item in read(found):
            if isinstance(item, Problem):
                problems.append(item.message)
                continue
            try:
                extraction = extract(item)
            except DocumentError as error:
                problems.append(error.problem.message)
                continue
            headlines += [article.headline for article in extraction.articles]
            problems += [problem.message for problem in extraction.problems]
    except DocumentError as error:
        problems.append(error.problem.message)
    return headlines, problems


def test_a_crawl_of_every_kind_is_read(tmp_path: Path) -> None:
    """Each record is the document that it holds, with the time and the address of its capture."""
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(map(gzip.compress, crawl())))

    (found,) = scan([path])
    documents = [item for item in read(found) if not isinstance(item, Problem)]

    assert outcome(path) == (["Lamp out", "Ferry late", CLOSED], [])
    assert {document.captured_stated for document in documents} == {True}
    assert [document.url for document in documents] == [
        "https://post.example/a",
        "https://post.example/a",
        "https://post.example/t",
    ]


@pytest.mark.parametrize(
    ("damage", "headlines", "problems"),
    [
        ("damaged", ["Lamp out", CLOSED], 1),
        ("truncated", ["Lamp out", "Ferry late"], 1),
        ("oversized", ["Lamp out", "Ferry late", CLOSED], 1),
        ("unreadable", ["Lamp out", "Ferry late", CLOSED], 1),
    ],
)
def test_a_bad_record_costs_itself(tmp_path: Path, damage: str, headlines: list[str], problems: int) -> None:
    """Damage in the middle, an end that is missing, a record too large, a page without an article."""
    parts = [gzip.compress(part) for part in crawl()]
    if damage == "damaged":
        parts[1] = parts[1][:60] + bytes(30) + parts[1][90:]
    elif damage == "truncated":
        parts[2] = parts[2][:-30]
    elif damage == "oversized":
        parts.insert(1, gzip.compress(record("conversion", bytes(17_000_000))))
    else:
        parts.insert(1, gzip.compress(response(b"<html><body>Not found</body></html>")))
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(parts))

    found = outcome(path)

    assert found[0] == headlines
    assert len(found[1]) == problems
    assert all("\n" not in message for message in found[1])


def test_packed_captures_are_read(tmp_path: Path) -> None:
    """A packed file, a zip and a packed tape archive give the captures in them."""
    captures = {"a.html": PAGE, "b.rss": FEED, "c.txt": TEXT}
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(PAGE))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        for name, data in captures.items():
            archive.writestr(name, data)
    with tarfile.open(tmp_path / "c.tar.gz", "w:gz") as tar:
        for name, data in captures.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))

    assert outcome(tmp_path / "a.html.gz") == (["Lamp out"], [])
    assert outcome(tmp_path / "b.zip") == (["Lamp out", "Ferry late", CLOSED], [])
    assert outcome(tmp_path / "c.tar.gz") == (["Lamp out", "Ferry late", CLOSED], [])


def test_a_collection_of_a_crawl_is_read(tmp_path: Path) -> None:
    """A WACZ gives its crawl, and its indexes are no documents."""
    with zipfile.ZipFile(tmp_path / "a.wacz", "w") as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("pages/pages.jsonl", '{"a": 1}\n{"a": 2}\n')
        archive.writestr("archive/data.warc.gz", gzip.compress(response(PAGE)))

    assert outcome(tmp_path / "a.wacz") == (["Lamp out"], [])


@pytest.mark.parametrize(
    ("member", "what"),
    [("[Content_Types].xml", "an Office document"), ("META-INF/container.xml", "a book (EPUB)")],
)
def test_documents_that_are_archives_within_are_named(tmp_path: Path, member: str, what: str) -> None:
    """A DOCX is no archive of captures, although it is one by its form."""
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as archive:
        archive.writestr(member, "<Types/>")
        archive.writestr("word/document.xml", "<document/>")

    headlines, (problem,) = outcome(tmp_path / "a.docx")

    assert headlines == []
    assert problem.startswith(what)


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "a picture (JPEG)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document"),
        (b"BZh91AY&SY", "a file packed with bzip2"),
        (b"\0\1\2\3", "binary data"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\xef\xbb\xbf", "an article was expected"),
    ],
)
def test_what_is_no_text_is_named(tmp_path: Path, data: bytes, what: str) -> None:
    """A file that no text can be read from is told by its first bytes."""
    (tmp_path / "a.txt").write_bytes(data)

    headlines, (problem,) = outcome(tmp_path / "a.txt")

    assert headlines == []
    assert problem.startswith(what)


def news(number: int, day: int = 20) -> bytes:
    """The record of a text of its own, captured on a day of December."""
    headline = f"Norway opens harbour number {number} in Bergen"
    paragraph = f"Norway opened harbour number {number} in Bergen after years of talks with the city council."
    text = f"{headline}\n\n{paragraph}\n\n{LAMP}\n".encode()
    data = record("conversion", text, f"https://post.example/harbour-{number:05d}")
    return data.replace(b"2024-03-05T08:30:00Z", f"2025-12-{day:02}T10:00:{number % 60:02}Z".encode())


def crawled(newsroom: Newsroom, name: str, records: list[bytes]) -> Path:
    """An archive among the captures."""
    return newsroom.add(name, b"".join(map(gzip.compress, records)))


def test_what_an_old_archive_holds_is_no_news(newsroom: Newsroom) -> None:
    """An undated article was first seen when the crawler took it, not when the archive was found."""
    newsroom.add("today.txt", TEXT)
    newsroom.build()
    crawled(newsroom, "old.wet.gz", [news(1), news(2)])
    newsroom.build()

    entries = newsroom.feed().entries
    assert entries[0].title == CLOSED
    assert {entry.updated[:10] for entry in entries[1:]} == {"2025-12-20"}


def test_an_archive_that_was_read_in_part_is_gone_on_with(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next run reads the rest alone, and writes what an undisturbed one would have written."""
    records = [news(number) for number in range(20)]
    records.insert(9, record("conversion", b" "))  # a record that is a problem
    crawled(newsroom, "a.wet.gz", records)
    undisturbed = newsroom.build("--jobs", "1", code=1)
    files = without_manifest(newsroom)
    for path in ("feeds.db", "output"):
        (newsroom.root / path).rename(newsroom.root / f"{path}.undisturbed")

    read_now: list[str] = []

    def failing(document: Document, **rest: Any) -> Judged:
        read_now.append(document.source)
        if len(read_now) == 15:
            raise KeyboardInterrupt
        return understand(document, **rest)

    monkeypatch.setattr(intake, "LAST", 5)
    monkeypatch.setattr(intake, "understand", failing)
    newsroom.run("build", "--jobs", "1")
    first = len(read_now)
    resumed = newsroom.build("--jobs", "1", code=1)

    assert first == 15
    assert len(read_now) - first <= 20 - 10
    assert without_manifest(newsroom) == files
    assert resumed["problems"] == undisturbed["problems"]


def test_the_reading_of_an_archive_shows_how_far_it_came(newsroom: Newsroom) -> None:
    """In bytes of the file, on the way and not only at its end."""
    noise = random.Random(1)
    pictures = [record("resource", noise.randbytes(50_000), content_type="image/png") for _ in range(8)]
    path = crawled(
        newsroom, "a.warc.gz", [one for number in range(8) for one in (pictures[number], news(number))]
    )
    steps: list[int] = []

    class Watch(job.Silent):
        def step(self, size: int, articles: int) -> None:
            steps.append(size)

    task = job.Job([path], newsroom.output, newsroom.root / "feeds.db", Config(), NOW)
    pipeline.build(task, Watch())

    assert sum(steps) == path.stat().st_size
    assert min(steps) >= 0
    assert len([size for size in steps if size]) > 1
