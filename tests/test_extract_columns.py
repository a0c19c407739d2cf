"""Records of articles in JSON are read by the names of their columns."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from feeds.dates import date
from feeds.extract import extract, kinds
from feeds.model import Document, DocumentError, Extraction, RawArticle

TITLE = "Lamp out in the harbour"
LEAD = "The lamp on the old pier went out on Monday, the port authority said."
MORE = "It will be replaced within the week, and ships are told to keep away from the rocks."
URL = "https://post.example/2025/lamp-out"
HTML = f"<p>{LEAD}</p><figure><img src='/l.jpg'><figcaption>The pier (AFP)</figcaption></figure><p>{MORE}</p>"

RECORDS: dict[str, dict[str, Any]] = {
    "plain": {
        "url": URL,
        "title": TITLE,
        "text": f"{LEAD}\n\n{MORE}",
        "date": "2025-12-03",
        "author": "Jane Berg",
        "language": "en",
    },
    "wallabag": {
        "is_archived": 0,
        "tags": ["clippings"],
        "id": 7,
        "title": TITLE,
        "url": URL,
        "content": HTML,
        "created_at": "2025-12-05T08:00:00+0100",
        "updated_at": "2025-12-06T08:00:00+0100",
        "published_at": "2025-12-03T08:00:00+0100",
        "published_by": ["Jane Berg"],
        "language": "en",
    },
    "Karakeep": {
        "createdAt": "2025-12-05T08:00:00Z",
        "title": None,
        "content": {
            "type": "link",
            "url": URL,
            "title": TITLE,
            "htmlContent": HTML,
            "author": "Jane Berg",
            "datePublished": "2025-12-03T07:00:00Z",
        },
    },
    "Readability": {
        "title": TITLE,
        "byline": "By Jane Berg",
        "content": HTML,
        "textContent": LEAD,
        "url": URL,
        "publishedTime": "2025-12-03T07:00:00Z",
        "siteName": "The Post",
    },
    "news-please": {
        "authors": ["Jane Berg"],
        "date_download": "2025-12-05 08:00:00",
        "date_publish": "2025-12-03 08:00:00",
        "maintext": f"{LEAD}\n{MORE}",
        "title": TITLE,
        "url": URL,
        "source_domain": "post.example",
    },
    "trafilatura": {
        "title": TITLE,
        "author": "Jane Berg",
        "hostname": "post.example",
        "date": "2025-12-03",
        "filedate": "2025-12-05",
        "source": URL,
        "text": f"{LEAD}\n{MORE}",
    },
    "Firecrawl": {
        "markdown": f"# {TITLE}\n\n{LEAD}\n\n**It** will be [replaced](https://post.example/x){MORE[19:]}",
        "metadata": {
            "title": TITLE,
            "sourceURL": URL,
            "author": "Jane Berg",
            "article:published_time": "2025-12-03T07:00:00Z",
        },
    },
    "WordPress": {
        "date": "2025-12-03T08:00:00",
        "link": URL,
        "title": {"rendered": TITLE},
        "content": {"rendered": HTML},
        "author": 3,
        "_source": {"byline": {"name": "Jane Berg"}},
    },
    "a reader's interface": {
        "published": 1764745200,
        "title": TITLE,
        "canonical": [{"href": URL}],
        "summary": {"content": HTML},
        "content": {"content": HTML},
        "author": "Jane Berg",
    },
    "a whole page": {
        "url": URL,
        "title": TITLE,
        "author": "Jane Berg",
        "published": "2025-12-03",
        "html": f"<!doctype html><html><body><nav>Home</nav><h1>{TITLE}</h1>{HTML}<footer>Imprint</footer>",
    },
}


def read(text: str) -> Extraction:
    """What a document gives."""
    return extract(Document("a.json", "application/json", text, None, ""))


def day(article: RawArticle) -> str | None:
    """The day on which it appeared."""
    published = date(article, datetime(2026, 1, 1, tzinfo=UTC)).published
    return f"{published:%Y-%m-%d}" if published else None


@pytest.mark.parametrize("name", RECORDS)
def test_a_record_is_an_article(name: str) -> None:
    """With its address, headline, text, writer and date, whatever its columns are called."""
    (article,) = read(json.dumps(RECORDS[name])).articles

    assert (article.headline, article.url, article.byline) == (TITLE, URL, ("Jane Berg",))
    assert article.body == (LEAD, MORE)
    assert day(article) == "2025-12-03"


WRAPPERS = {
    "list": "[{}]",
    "list over lines": "[\n{}\n]\n",
    "entries": '{{"entries": [{}]}}',
    "found": '{{"took": 3, "hits": {{"total": 2, "hits": [{}]}}}}',
    "embedded": '{{"page": 1, "_embedded": {{"items": [{}]}}}}',
    "titled": '{{"title": "My articles", "version": 1, "bookmarks": [{}]}}',
}


@pytest.mark.parametrize("name", WRAPPERS)
def test_lists_of_records_are_read_however_they_are_wrapped(name: str) -> None:
    """Each record is an article; one without a text costs itself, and has its line."""
    bare = json.dumps({"title": "Bell back", "url": "https://post.example/bell"})
    rows = (json.dumps(RECORDS["plain"]), bare, json.dumps(RECORDS["wallabag"]))
    found = read(WRAPPERS[name].format(",\n".join(rows)))

    assert [article.headline for article in found.articles] == [TITLE, TITLE]
    assert found.articles[1].line == (found.articles[0].line or 0) + 2
    assert [problem.message for problem in found.problems] == ["a record without a text: Bell back"]


def test_lines_of_records_are_read() -> None:
    """JSON Lines, with or without blank lines; a damaged line costs itself."""
    row = json.dumps(RECORDS["plain"], ensure_ascii=False)
    found = read(f"{row}\n\n{row[:-9]}\n[1]\n{row}\n")

    assert [article.line for article in found.articles] == [1, 5]
    assert [(problem.line, problem.message.split(":")[0]) for problem in found.problems] == [
        (3, "a record that is not well-formed"),
        (4, "a record was expected on this line"),
    ]


def test_html_keeps_its_markup_and_captions() -> None:
    """As in feeds."""
    record = {"title": TITLE, "content": f"{HTML}<p>See <a href='/more'>more</a>.</p>", "url": URL}
    (article,) = read(json.dumps(record)).articles

    assert article.markup[2] == '<p>See <a href="https://post.example/more">more</a>.</p>'
    assert [(caption.text, caption.credit) for caption in article.captions] == [("The pier", "AFP")]
    assert article.image == "https://post.example/l.jpg"


def test_a_summary_stands_for_a_text_that_is_elsewhere() -> None:
    """As in feeds; Omnivore keeps the texts of what it exports in other files."""
    omnivore = {
        "id": "1",
        "slug": "lamp-out",
        "title": TITLE,
        "description": LEAD,
        "author": "Jane Berg",
        "url": URL,
        "savedAt": "2025-12-05T08:00:00Z",
        "publishedAt": "2025-12-03T08:00:00Z",
    }
    (article,) = read(json.dumps([omnivore])).articles
    whole = read(json.dumps({**omnivore, "text": MORE})).articles[0]

    assert (article.body, article.standfirst, day(article)) == ((LEAD,), None, "2025-12-03")
    assert (whole.body, whole.standfirst) == ((MORE,), LEAD)


def test_records_without_a_text_are_told_together() -> None:
    """An export of links may hold thousands."""
    links = [{"title": f"Link {n}", "url": f"https://post.example/{n}"} for n in range(1_200)]
    found = read(json.dumps([*links, RECORDS["plain"]]))

    assert [article.headline for article in found.articles] == [TITLE]
    assert [str(problem) for problem in found.problems] == [
        "a.json:1: a record without a text: Link 0 (and 1,199 more)"
    ]


def test_plain_text_is_parted_into_paragraphs() -> None:
    """At blank lines, where its lines were broken at a column; else at each line."""
    broken = "The lamp on the old pier in the harbour went out\non Monday, the port authority said."
    spaced = {"title": TITLE, "text": f"{TITLE}\n\n{broken}\n\n{MORE}"}
    listed = {"title": TITLE, "text": [LEAD, MORE]}

    assert read(json.dumps(spaced)).articles[0].body == (broken.replace("\n", " "), MORE)
    assert read(json.dumps(listed)).articles[0].body == (LEAD, MORE)


def test_when_a_record_was_saved_is_no_date_of_its_article() -> None:
    """Nor is when a server made its page."""
    saved = {"title": TITLE, "text": LEAD, "created_at": "2025-12-05", "timestamp": 1764745200}
    served = {"title": TITLE, "content": LEAD, "publishedTime": "Wed, 03 Dec 2025 10:15:00 GMT"}

    assert read(json.dumps(saved)).articles[0].dates == ()
    assert read(json.dumps({"code": 200, "data": served})).articles[0].dates == ()


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('[{"title": "Lamp out", "url": "https://a.example/b"}]', "a record without a text: Lamp out", 1),
        (
            '[{"url": "https://a.example/b", "title": "", "text": "It is out."}]',
            "a record without a title",
            1,
        ),
        ('[{"title": "Lamp out",\n "text": ]', "a document of records that is not well-formed", 2),
        ('{"entries": [], "title": "a", "text": ""}', "records were expected in this JSON", None),
        ('{"name": "lamp", "url": "https://a.example/"}', "JSON that is neither ninjs nor a JSON Feed", None),
    ],
)
def test_what_is_no_record_of_an_article_is_said(text: str, message: str, line: int | None) -> None:
    """In one line."""
    with pytest.raises(DocumentError) as caught:
        read(text)

    assert caught.value.problem.message.startswith(message)
    assert caught.value.problem.line == line


def test_deep_records_cost_only_themselves() -> None:
    """Whatever stands within whatever."""
    deep = '{"title": "Lamp", "text": ' + '{"content": ' * 3_000 + '"a"' + "}" * 3_001
    with pytest.raises(DocumentError):
        read(deep)


def test_json_of_other_kinds_is_left_to_them() -> None:
    """JSON Feed and ninjs have titles, too."""
    feed = (
        '{"version": "https://jsonfeed.org/version/1.1", "title": "a", "items": [{"title": "b", "url": "c"}]}'
    )
    ninjs = '{"uri": "urn:a", "headline": "Out", "body_text": "It is.", "versioncreated": "2025-05-03"}'
    for text in (feed, ninjs, f"[{ninjs}]", json.dumps(RECORDS["plain"])):
        claimants = [kind for kind in kinds() if kind.claims(Document("a", "text/plain", text, None, ""))]
        assert len(claimants) == 1, text
