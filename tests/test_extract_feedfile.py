"""Feeds as input: an entry is an article, in its own words and with its own evidence."""

from pathlib import Path

import pytest

from feeds.extract import feedfile
from feeds.model import (
    Caption,
    Document,
    DocumentError,
    Enclosure,
    Extraction,
    Problem,
    SourceFeed,
    StatedDate,
    StatedSubject,
)

FIXTURES = Path(__file__).parent / "fixtures" / "feedfile"
TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"


def document(text: str) -> Document:
    """A feed as the reader hands it on."""
    return Document("feed.xml", "application/octet-stream", text, None, "")


def read(name: str) -> Extraction:
    """What a fixture gives."""
    return feedfile.extract(document((FIXTURES / name).read_text("utf-8")))


def test_rss_item_is_an_article_as_stated() -> None:
    """Title, text, writers, date, id and code are the item's own; the feed gives the language."""
    article = read("rss.xml").articles[0]

    assert article.headline == "Harbour bridge reopens & ferries stop"
    assert article.body == ("PORTVIK: The bridge opened on Tuesday.", "The toll remains.")
    assert article.standfirst == "Ferries stop at noon, says the port."
    assert article.captions == (Caption("The bridge.", "Ola Berg"),)
    assert article.byline == ("Mara Lindqvist",)
    assert article.agency == "Reuters"
    assert article.url == "https://post.example/news/bridge?from=rss"
    assert article.guid == "post-4711"
    assert article.image == "https://post.example/i/bridge.jpg"
    assert article.language == "en-GB"
    assert article.dates == (StatedDate("Tue, 05 Mar 2024 08:30:00 +0100", "published", "metadata"),)
    assert article.subjects == (StatedSubject(TOPICS, "20000338"),)
    assert article.line == 7


def test_teaser_keeps_what_it_has() -> None:
    """A teaser's text is its summary; a script is no link; dc:date is when an item appeared."""
    article = read("rss.xml").articles[1]

    assert article.body == ("One sentence, no more.",)
    assert article.standfirst is None
    assert article.url is None
    assert article.dates == (StatedDate("2024-03-04T10:00:00Z", "published", "metadata"),)


def test_entry_without_a_title_costs_itself() -> None:
    """The item is named by its line, and its siblings live."""
    extraction = read("rss.xml")

    assert len(extraction.articles) == 2
    assert extraction.problems == (Problem("feed.xml", 26, "an entry without a title"),)


def test_atom_entry_is_an_article_as_stated() -> None:
    """Markup in a title goes, relative links are resolved, both dates are kept apart."""
    (article,) = read("atom.xml").articles

    assert article.headline == "Brua åpnet"
    assert article.body == ("Brua åpnet tirsdag.", "Bomavgiften består.")
    assert article.byline == ("Kari Moe", "Per Vik")
    assert article.url == "https://post.example/nyheter/brua"
    assert article.guid == "urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a"
    assert article.language == "nb"
    assert [(date.kind, date.text) for date in article.dates] == [
        ("published", "2024-03-05T08:30:00+01:00"),
        ("updated", "2024-03-05T09:00:00Z"),
    ]
    assert article.subjects == (StatedSubject("http://cvx.iptc.org/iso3166-1a2/", "NO"),)


def test_rdf_item_is_an_article() -> None:
    """RSS 1.0 keeps its items beside the channel."""
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        '<channel rdf:about="https://a.example/"><title>A</title></channel>'
        '<item rdf:about="https://a.example/1"><title>Lamp out</title><link>https://a.example/1</link></item>'
        "</rdf:RDF>"
    )

    (article,) = feedfile.extract(document(text)).articles

    assert (article.headline, article.url, article.body) == ("Lamp out", "https://a.example/1", ())


def test_json_feed_item_is_an_article_as_stated() -> None:
    """JSON Feed gives the same as its siblings in XML."""
    extraction = read("feed.json")
    first, second = extraction.articles

    assert first.body == ("The bridge opened on Tuesday.", "The toll remains.")
    assert first.standfirst == "Ferries stop at noon."
    assert first.url == "https://post.example/news/bridge"
    assert first.byline == ("Mara Lindqvist",)
    assert [date.kind for date in first.dates] == ["published", "updated"]
    assert first.subjects == (StatedSubject(TOPICS, "20000338"),)
    assert second.body == ("One.", "Two.")
    assert extraction.problems == (Problem("feed.xml", 19, "item 2 without a title"),)


def test_lone_atom_entry_is_read() -> None:
    """An entry document has no feed around it."""
    text = '<entry xmlns="http://www.w3.org/2005/Atom"><title>Lamp out</title><id>urn:x:1</id></entry>'

    (article,) = feedfile.extract(document(text)).articles

    assert article.guid == "urn:x:1"


def test_entities_are_not_expanded(tmp_path: Path) -> None:
    """Neither a file nor a bomb comes in by an entity."""
    (tmp_path / "secret").write_text("hidden words")
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = (
        f'<!DOCTYPE rss [<!ENTITY l0 "lol"><!ENTITY s SYSTEM "file://{tmp_path}/secret">{lol}]>'
        '<rss version="2.0"><channel><item><title>Lamp</title><description>A &s; &l9; Z</description>'
        "</item></channel></rss>"
    )

    (article,) = feedfile.extract(document(text)).articles

    assert "hidden" not in str(article)
    assert len(str(article)) < 2_000


@pytest.mark.parametrize(
    "text",
    [
        '<rss version="2.0"><channel></channel></rss>',
        '{"version": "https://jsonfeed.org/version/1", "items": []}',
        '{"version": "https://jsonfeed.org/version/1", "items":',
        '{"version": "https://jsonfeed.org/version/1", "items": ' + "[" * 100_000,
    ],
)
def test_feed_without_an_entry_is_refused(text: str) -> None:
    """A feed that gives nothing says so."""
    with pytest.raises(DocumentError, match="feed"):
        feedfile.extract(document(text))


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ('<?xml version="1.0"?><rss version="2.0">', True),
        ('<feed xmlns="http://www.w3.org/2005/Atom">', True),
        ('<rdf:RDF xmlns="http://purl.org/rss/1.0/">', True),
        ("<rdf:RDF>", False),
        ('{"version": "https://jsonfeed.org/version/1"}', True),
        ('{"headline": "Lamp"}', False),
        ("<html>", False),
        ("feed", False),
    ],
)
def test_claim_goes_by_content(text: str, claimed: bool) -> None:
    """A feed is told by its root or its version."""
    assert feedfile.claims(document(text)) is claimed


MEDIA = (
    '<media:content url="https://post.example/i.jpg" medium="image"><media:description type="plain">The lamp'
    " &amp; the pier.</media:description>"
    '<media:credit role="photographer">Ola Berg</media:credit></media:content>'
)


@pytest.mark.parametrize(
    "item",
    [
        f"<title>Lamp out</title><description>It broke.</description>{MEDIA}",
        f"{MEDIA}<title>Lamp out</title><description>It broke.</description>",
    ],
)
def test_words_of_a_picture_are_its_caption(item: str) -> None:
    """Media RSS describes pictures and films; what it says is not the entry's text."""
    text = (
        '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<item>{item}</item></channel></rss>"
    )

    (article,) = feedfile.extract(document(text)).articles

    assert article.body == ("It broke.",)
    assert article.captions == (Caption("The lamp & the pier.", "Ola Berg"),)


@pytest.mark.parametrize("author", ["ana@post.media (Ana Ruiz)", "ana@post.com (Ana Ruiz)", "Ana Ruiz"])
def test_mail_address_of_a_writer_is_not_a_name(author: str) -> None:
    """RSS wants an address for the author; the name stands in brackets behind it."""
    text = (
        f'<rss version="2.0"><channel><item><title>A</title><author>{author}</author></item></channel></rss>'
    )

    (article,) = feedfile.extract(document(text)).articles

    assert article.byline == ("Ana Ruiz",)


def test_an_article_names_the_feed_that_it_came_from() -> None:
    """By the feed's own id, or else by where it is; not at all where it has no name."""
    feed = "<title>The Post</title><link href='https://post.example/'/><id>{}</id>"
    text = (
        "<feed xmlns='http://www.w3.org/2005/Atom'>{}<entry><title>A</title><id>x:1</id>"
        "<link rel='enclosure' href='https://post.example/a.mp3' type='audio/mpeg' length='1200'/>"
        "<link rel='enclosure' href='https://post.example/b.mp3'/></entry></feed>"
    )
    (one,) = feedfile.extract(document(text.format(feed.format("tag:post.example,2024:feed")))).articles
    (other,) = feedfile.extract(document(text.format(feed.format("no id")))).articles
    (nameless,) = feedfile.extract(document(text.format(""))).articles

    assert one.source_feed == SourceFeed(
        "tag:post.example,2024:feed", "The Post", page="https://post.example/"
    )
    assert other.source_feed == SourceFeed("https://post.example/", "The Post", page="https://post.example/")
    assert nameless.source_feed is None
    assert one.enclosures == (Enclosure("https://post.example/a.mp3", "audio/mpeg", 1200),)
