"""The smallest inputs that broke something once: each is read, or refused in a line, and in time."""

from __future__ import annotations

import gzip
import io
import time
import zipfile

import pytest

from feeds.check.markup import check_markup
from feeds.extract import extract
from feeds.extract.markup import parse_html
from feeds.model import Document, DocumentError
from tests.conftest import Newsroom, capture

DEEP = 20_000
RSS = "<rss><channel><item><title>Lamp {}</title></item></channel></rss>"
NITF = "<nitf><body.head><hedline><hl1>Lamp {}</hl1></hedline></body.head></nitf>"
RECORD = "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Date: {}\r\nContent-Length: 8\r\n\r\nLamp out\r\n\r\n"
FEED = '<feed><entry><title>Lamp</title><category term="a"/>{}</entry></feed>'


def zipped() -> bytes:
    """Give an archive of one capture."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lamp.txt", "Lamp out")
    return packed.getvalue()


HOSTILE: dict[str, str | bytes] = {
    "a charset that decodes nothing": b'<meta charset="undefined"><h1>Lamp</h1>\xe9\xff',
    "a charset that hides markup": b'<meta charset="utf-7"><h1>Lamp +ADw-script+AD4-</h1>\xe9\xff',
    "half a character in a feed": RSS.format("&#xD800;"),
    "half a character in NITF": NITF.format("&#55296;"),
    "half a character in a page": "<h1>Lamp &#xDFFF;</h1><p>It is out.</p>",
    "half a character in a JSON Feed": r'{"version": "https://jsonfeed.org/version/1.1", '
    r'"items": [{"id": "\ud800", "title": "Lamp \udfff", "image": "https://a.example/\ud83d"}]}',
    "half a character in ninjs": r'{"uri": "\ud800", "headline": "Lamp \uDC00", "body_text": "Out \ud83d."}',
    "half a character in JSON-LD": "<h1>Lamp</h1><p>It is out.</p><script type='application/ld+json'>"
    r'{"@type": "Article", "headline": "Lamp", "author": "\ud83d", "image": "https://a.example/\ud83d"}</script>',
    "a picture whose name is a list": "<h1>Lamp</h1><p>It is out.</p><script type='application/ld+json'>"
    '{"@type": "Article", "headline": "Lamp", "image": {"@id": [1], "url": "https://a.example/1.jpg"}}</script>',
    "a capture before all years": RECORD.format("0001-01-01T00:00:00+23:59"),
    "a message that can't be printed": "<title>\U0001fffeBefore you continue</title><p>So.</p>",
    "a zip of a later version": zipped().replace(b"PK\x01\x02\x14", b"PK\x01\x02\xd3"),
    "a page that has the commas of a table": "\n".join(
        ("<h1>Lamp, lamp, lamp</h1>", *('<p title="a,b,c">It is out.</p>' for _ in range(9)))
    ),
    "nested articles": "<article><h1>Lamp" * DEEP,
    "nested headings of one item each": "<h2><div>Lamp</div>" * DEEP,
    "nested dates": '<span itemprop="datePublished">Lamp' * DEEP,
    "nested captions in a feed": RSS.format("") + FEED.format("&lt;figcaption&gt;a" * DEEP),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_input_costs_only_itself(newsroom: Newsroom, what: str) -> None:
    """No fault of ours, no more than seconds, and what stands beside it is published."""
    data = HOSTILE[what]
    newsroom.add("a.txt", capture())
    newsroom.add("b", data)
    newsroom.add("c.gz", gzip.compress(data.encode() if isinstance(data, str) else data))
    begin = time.process_time()

    summary = newsroom.run("build", "--json")

    assert time.process_time() - begin < 5
    assert summary.exit_code in (0, 1)
    assert "unexpected" not in summary.output
    assert all(line.isprintable() for line in summary.output.splitlines())
    assert any(entry.title.startswith("Norway Opens") for entry in newsroom.feed().entries)
    assert newsroom.run("check").output == ""


def test_an_article_without_end_is_cut_and_said(newsroom: Newsroom) -> None:
    """A reader that is given megabytes in one entry shows none of the feed."""
    lines = "\n\n".join(f"The harbour board said on day {day} that the work goes on." for day in range(9_999))
    newsroom.add("a.txt", f"Norway Opens a New Harbour\n\n{lines}")
    newsroom.add("b.html", f"<h1>Sweden Builds a Bridge</h1><p>{'The bridge is long. ' * 99_999}</p>")

    summary = newsroom.build(code=1)

    assert [problem["message"] for problem in summary["problems"]] == [
        "an article of more than 262,144 characters: the rest is left out"
    ] * 2
    assert all(len(entry.content[0].value) < 400_000 for entry in newsroom.feed().entries)
    assert len(newsroom.feed().entries) == 2


def test_a_page_of_one_letter_a_line_is_read_to_its_end() -> None:
    """What seems the best reading at first may allow none of the lines that follow."""
    with pytest.raises(DocumentError, match="no article was found"):
        extract(Document("a.txt", "text/plain", "n\n" * 200, None, ""))


def test_a_control_character_by_number_below_all_levels_costs_nothing() -> None:
    """HTML may name what no tree of words may hold."""
    root = parse_html("<div>" * 400 + "<p>a&#1;b</p>")

    assert root is not None
    assert "".join(root.itertext()) == "ab"


def test_an_address_that_ends_like_an_attribute_is_no_other_address() -> None:
    """The check of entries looks at attributes, not at what stands in them."""
    assert list(check_markup('<a href="https://paper.example/1%20src=">a</a>')) == []
    assert list(check_markup('<a title="a" href="1">a</a><img src="i.png">')) == [
        "its content holds a relative address"
    ]
