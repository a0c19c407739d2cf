"""The law of headers: whatever stands above a text, it is read or refused in a line, and keeps its words."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.extract import extract
from feeds.extract.frontmatter import stated
from feeds.extract.headed import shown
from feeds.extract.markup import fold
from feeds.model import Document, DocumentError
from feeds.text import legal
from tests.test_law_captures import HEADLINES, TEXTS

VALUES = st.one_of(
    st.sampled_from(
        (
            *(
                "",
                "~",
                "[",
                "]",
                "[[",
                "|",
                ">-",
                "*a",
                "&a b",
                "'",
                '"',
                "'Lamp''s'",
                '"\\u00zz"',
                "- a",
                "# a",
            ),
            *(
                "https://a.example/lamp-out-in-the-harbour",
                "https://a.example/",
                "[Ana Ruiz, Bo]",
                "2025-12-03",
            ),
            *("[[Ana Ruiz]]", "Lamp out", HEADLINES[0], "{a: b}", "!!str a", "Wed, 03 Dec 2025 10:15:00 GMT"),
        )
    ),
    st.text(max_size=30),
)
KEYS = st.sampled_from(
    (
        "title",
        "Title",
        "URL",
        "source",
        "author",
        "date",
        "published",
        "URL Source",
        "tags",
        "Text",
        "**URL",
        "x",
    )
)
LINES = st.one_of(
    st.builds(lambda key, value: f"{key}: {value}", KEYS, VALUES),
    st.sampled_from(
        (
            "",
            "---",
            "  - a",
            "- b",
            "# Lamp",
            "> ## Excerpt",
            "Markdown Content:",
            "HTTP/1.1 200 OK",
            "### [a](http://[)",
            "## [b](http://a.example/2)",
        )
    ),
    st.text(max_size=20),
)
HEADERS = st.one_of(
    st.lists(LINES, max_size=9).map("\n".join),
    st.lists(LINES, max_size=9).map(lambda lines: "\n".join(("---", *lines, "---"))),
)
BODIES = st.lists(
    st.sampled_from([text for pair in TEXTS for text in pair]), min_size=1, max_size=4, unique=True
)


@settings(max_examples=300, deadline=None)
@given(HEADERS, st.text(max_size=200))
def test_any_header_and_any_text_are_read_or_refused(header: str, text: str) -> None:
    """What is shown of a text has as many lines as it, so that each keeps its number."""
    whole = legal(f"{header}\n\n{text}")
    found = stated(whole)

    assert found is None or 0 <= found.start <= len(whole)
    assert shown(whole).count("\n") == whole.count("\n")
    try:
        extract(Document("a.txt", "text/plain", whole, None, ""))
    except DocumentError as error:
        assert str(error).startswith("a.txt")


STATING = st.builds(
    lambda marks, title, url, rest: (
        "\n".join((*marks[:1], f"title: {title}", f"url: {url}", *rest, *marks[1:])) + "\n\n"
    ),
    st.sampled_from((("---", "---"), (), ("", ""))),
    st.sampled_from(("Lamp out in the harbour", '"Lamp out"', "Lamp: it is out | The Post")),
    st.just("https://a.example/2025/lamp-out-in-the-harbour"),
    st.lists(
        st.sampled_from(("author: Ana Ruiz", "date: 2025-12-03", "tags: lamp", "words: 300")), max_size=3
    ),
)


@settings(max_examples=150, deadline=None)
@given(STATING, BODIES, st.booleans())
def test_a_text_below_a_header_loses_none_of_its_words(header: str, body: list[str], marked: bool) -> None:
    """Each paragraph stands once in its one article, with whatever crossheads."""
    crosshead = "## What comes next\n\n" if marked else ""
    (article,) = extract(
        Document("a.txt", "text/plain", header + f"\n\n{crosshead}".join(body) + "\n", None, "")
    ).articles
    told = [fold(text) for text in (article.standfirst or "", *article.body)]

    assert article.headline.startswith("Lamp")
    assert article.url is not None
    assert [told.count(fold(paragraph)) for paragraph in body] == [1] * len(body)
