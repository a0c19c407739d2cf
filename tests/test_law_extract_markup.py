"""The law: no damage to a marked-up document makes its kind fail, and what comes out is plain text."""

import contextlib
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.extract import feedfile, newsmlg2, ninjs, nitf, webpage
from feeds.model import Document, DocumentError, RawArticle

FIXTURES = Path(__file__).parent / "fixtures"
KINDS = (feedfile, newsmlg2, nitf, ninjs, webpage)
WHOLE = tuple(
    path.read_text("utf-8")
    for folder in ("feedfile", "newswire", "webpage")
    for path in sorted((FIXTURES / folder).iterdir())
)
PIECES = st.text(max_size=20) | st.sampled_from(
    [
        "<",
        ">",
        "</p>",
        "<article>",
        '"',
        "{",
        "]",
        "<![CDATA[",
        "&l9;",
        "<script>",
        "<h1>A</h1>",
        "\u202e",
        ",",
    ]
)


def lines(article: RawArticle) -> list[str]:
    """Everything that an article says in one line each."""
    captions = [caption.text for caption in article.captions]
    return [article.headline, *article.body, *captions, *article.byline, article.standfirst or "x"]


@given(st.sampled_from(WHOLE), st.floats(0, 1), st.integers(0, 200), PIECES)
@settings(max_examples=400)
def test_damaged_documents_give_lines_or_an_error(whole: str, place: float, length: int, put: str) -> None:
    """A piece cut out of a document, and anything put in its place, costs no more than the document."""
    at = int(place * len(whole))
    document = Document("d", "text/plain", whole[:at] + put + whole[at + length :], None, "")
    claimants = [kind for kind in KINDS if kind.claims(document)]

    assert len(claimants) <= 1
    for kind in claimants:
        try:
            extraction = kind.extract(document)
        except DocumentError:
            continue
        assert extraction.articles or extraction.problems
        for article in extraction.articles:
            assert all(line and line == " ".join(line.split()) for line in lines(article))
            assert (article.url or "http").startswith("http")
            assert (article.image or "http").startswith("http")


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<p>Lamp out again, and the whole street dark for the third night in a row.</p>",
        "<h2><a href='/a'>Lamp out</a></h2>",
        "<!-- ",
        "<figcaption>(Foto: ",
        '<script type="application/ld+json">{"@graph":[',
        "<span class='byline'>By ",
        "&lt;",
        "<a href='x'>",
        " - ",
        "<br>",
        "<meta name='a' content='b'>",
    ],
)
def test_long_pages_are_read_in_time(unit: str) -> None:
    """Half a megabyte of anything is read in seconds, whatever comes of it."""
    document = Document("d", "text/html", "<html><h1>Lamp</h1>" + unit * (500_000 // len(unit)), None, "")
    start = time.process_time()

    with contextlib.suppress(DocumentError):
        webpage.extract(document)

    assert time.process_time() - start < 10
