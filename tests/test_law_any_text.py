"""Any text gives articles or a DocumentError, and any article gives a feed that parses."""

from __future__ import annotations

from datetime import UTC, datetime

import feedparser
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds import dates
from feeds.config import Config, Site
from feeds.extract import extract
from feeds.model import Caption, Dating, Document, DocumentError, RawArticle
from feeds.tag import tag
from feeds.text import legal
from feeds.write.atom import AtomWriter
from feeds.write.links import Links
from tests.values import entry, feed

# What captures are made of, so that the texts come near to real ones.
LINES = st.sampled_from(
    [
        "",
        "",
        "TT",
        "Share",
        "Read more:",
        "By Kari Nordmann",
        "OSLO (Reuters) - Norway opened a new harbour in Bergen, the city's council said on Monday.",
        "Norway Opens a New Harbour",
        "December 21, 2025",
        "A ship in Bergen, December 21, 2025. (Reuters)",
        "The harbour board said that the work would take three years, and that ships could use it.",
        "افتتحت النرويج ميناء جديدا",
        "Norway's",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=400), st.lists(st.one_of(LINES, st.text(max_size=80)), max_size=40).map("\n".join)
)
NOW = datetime(2025, 12, 24, tzinfo=UTC)


@settings(max_examples=300)
@given(TEXTS)
def test_any_text_extracts_or_says_why_not(text: str) -> None:
    """And whatever is extracted can be dated and tagged, without a date of the future."""
    document = Document("a.txt", "text/plain", legal(text), NOW, "0")
    try:
        extraction = extract(document)
    except DocumentError as error:
        assert str(error).startswith("a.txt")
        return
    assert extraction.articles or extraction.problems
    for article in extraction.articles:
        assert article.headline.strip() or article.body
        dating = dates.date(article, NOW, Config().zone())
        assert dating.basis
        assert dating.published is None or dating.published <= NOW
        assert all(0 <= t.score <= 1 and t.evidence for t in tag(article))


WORDS = st.text(max_size=60)
RAWS = st.builds(
    RawArticle,
    headline=st.text(min_size=1, max_size=300),
    body=st.lists(WORDS, max_size=4).map(tuple),
    standfirst=st.none() | WORDS,
    captions=st.lists(st.builds(Caption, WORDS, st.none() | WORDS), max_size=2).map(tuple),
    byline=st.lists(WORDS, max_size=3).map(tuple),
    agency=st.none() | WORDS,
    dateline=st.none() | WORDS,
    url=st.none() | WORDS | st.just("https://a.example/é x?y=ü#z"),
    image=st.none() | st.just("https://a.example/i.jpg"),
    language=st.none() | st.sampled_from(["en", "ar", "pt-BR"]),
)


@settings(max_examples=200)
@given(RAWS)
def test_any_article_makes_a_feed_that_parses(raw: RawArticle) -> None:
    """With one entry, whose title is the headline."""
    from msgspec.structs import asdict

    one = entry(dating=Dating(None, None, "It prints no date of its own."), **asdict(raw))
    parsed = feedparser.parse(AtomWriter(Site(), Links()).write(feed(one)))

    assert not parsed.bozo
    assert len(parsed.entries) == 1
