"""An article keeps its id through corrections, and two articles never share one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from feeds.identity import Version, canonical_url, digest, feed_id, keys, mint, replaces, resembles
from feeds.model import RawArticle

RAW = RawArticle(
    headline="Norway Opens a New Harbour",
    body=(
        "Norway opened a new harbour in Bergen this week.",
        "The mayor was glad, and so was the harbour board.",
    ),
)
EARLY = datetime(2025, 1, 1, tzinfo=UTC)


def test_an_id_is_the_same_for_ever() -> None:
    """This value was published: a change of it would double every entry in every reader."""
    assert mint(RAW) == "urn:uuid:b6d41ee7-44ca-54ad-9ac5-5c655835de4f"


def test_quotes_case_and_spaces_do_not_make_another_article() -> None:
    """Two captures of a page differ in such things."""
    other = RawArticle(headline="NORWAY  opens a new harbour", body=RAW.body)

    assert mint(other) == mint(RAW)
    assert digest(other) == digest(RAW)


@pytest.mark.parametrize(
    ("prefix", "dateline", "agency"),
    [
        ("OSLO (Reuters) - ", "OSLO", "Reuters"),
        ("Oslo, Norway (AP) -- ", "Oslo, Norway", "AP"),
        ("OSLO, 24 November – ", "OSLO", None),
        ("(AFP) — ", None, "AFP"),
    ],
)
def test_a_dateline_makes_no_other_article(prefix: str, dateline: str | None, agency: str | None) -> None:
    """One capture prints it, another does not; the id that either has stays what it was."""
    other = replace(RAW, body=(prefix + RAW.body[0], *RAW.body[1:]), dateline=dateline, agency=agency)
    unsaid = replace(other, dateline=None, agency=None)

    assert {*keys(RAW)} & {*keys(other)}
    assert mint(other) == mint(unsaid)
    assert not {*keys(RAW)} & {*keys(unsaid)}


def test_an_address_names_an_article_before_its_words() -> None:
    """A page keeps its id when all of its words change."""
    one = RawArticle(headline="A", body=("B",), url="https://News.example/1?utm_source=x#top")
    two = RawArticle(headline="C", body=("D",), url="https://news.example/1")

    assert mint(one) == mint(two)


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://Example.COM:80/a", "http://example.com/a"),
        ("https://example.com", "https://example.com/"),
        ("https://example.com/?b=2&fbclid=1&a=1", "https://example.com/?b=2&a=1"),
        ("https://example.com:8443/a?x=", "https://example.com:8443/a?x="),
    ],
)
def test_addresses_are_compared_without_what_does_not_name_the_page(url: str, canonical: str) -> None:
    """Tracking keys, fragments, default ports and the host's case go; the rest stays."""
    assert canonical_url(url) == canonical


def test_a_corrected_article_resembles_itself_and_no_other() -> None:
    """Half of the words under another headline are enough, a common sentence is not."""
    corrected = RawArticle(
        headline="Norway Opens Harbour in Bergen", body=(*RAW.body, "It cost a billion kroner.")
    )
    other = RawArticle(
        headline="Sweden Closes a School", body=("The school in Lund closes in June, the council said.",)
    )

    assert resembles(RAW, corrected)
    assert not resembles(RAW, other)


def test_only_new_words_of_a_newer_capture_replace_what_is_known() -> None:
    """A document that says what it always said, or that is older, changes nothing."""
    known = Version("b", EARLY + timedelta(days=1))

    assert replaces(Version("c", EARLY + timedelta(days=2)), known, None)
    assert replaces(Version("c", None), known, "a")
    assert not replaces(Version("b", None), known, None)
    assert not replaces(Version("a", None), known, "a")
    assert not replaces(Version("a", EARLY), known, None)


def test_a_feeds_id_depends_on_site_and_slug_alone() -> None:
    """Neither its title nor where it is served has a part in it."""
    assert feed_id("site", "topics/sport") == feed_id("site", "topics/sport")
    assert len({feed_id(site, slug) for site in ("a", "b") for slug in ("all", "countries/ir")}) == 4
