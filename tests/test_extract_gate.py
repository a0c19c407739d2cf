"""Whatever a document says, what passes into the store can be kept, written and shown."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html import escape

import pytest
from lxml import etree, html

from feeds.extract import extract
from feeds.extract.gate import let_through
from feeds.model import Document, Enclosure, RawArticle, SourceFeed
from feeds.text import closed
from tests.conftest import Newsroom
from tests.values import raw

NASTY = "\x00\x07\x1b[31m\x85\ud800\ufffe"
DEAD = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "//x",
)


def ninjs(headline: str, body: str) -> str:
    """Give an article as ninjs, in which any character can be written as an escape."""
    fields = {
        "uri": "https://a.example/1",
        "type": "text",
        "version": "1",
        "versioncreated": "2025-12-20T10:00:00Z",
    }
    return json.dumps({**fields, "headline": headline, "body_text": body})


def test_characters_that_no_feed_may_hold_cost_nothing_but_themselves(newsroom: Newsroom) -> None:
    """A lone surrogate made the whole build fail."""
    newsroom.add(
        "a.json", ninjs(f"Norway {NASTY}opens a harbour", f"Norway opened{NASTY} a harbour in Bergen.")
    )
    newsroom.build()

    (entry,) = newsroom.feed().entries
    assert entry.title == "Norway [31m ?opens a harbour"
    for path, data in newsroom.files().items():
        assert not set(data.decode()) & set(NASTY) - set("[31m"), path
    assert "\x1b" not in newsroom.run("list", "articles").stdout
    assert "\x1b" not in newsroom.run("show", "seeds").stdout


@pytest.mark.parametrize(
    ("text", "tail"),
    [
        ("a\u202eb", "\u202c"),
        ("a\u202eb\u202c", ""),
        ("\u2067a\u202bb", "\u202c\u2069"),
        ("\u2067a\u202bb\u2069", ""),
        ("\u202c\u2069 nothing open", ""),
        ("plain", ""),
    ],
)
def test_a_change_of_direction_ends_with_its_text(text: str, tail: str) -> None:
    """Else it turns round all that follows it in a list."""
    assert closed(text) == text + tail


def test_no_field_leaves_a_direction_open(newsroom: Newsroom) -> None:
    """In none of the formats and on no page."""
    newsroom.add(
        "a.json", ninjs("Norway \u202eopens", "Norway \u2067opened a harbour in Bergen.\n\nIt \u202bwas.")
    )
    (newsroom.root / "feeds.toml").write_text('[feeds]\nformats = ["rss", "json"]\n')
    newsroom.build()

    texts = [
        element.text
        for path in ("all.atom", "all.rss")
        for element in etree.fromstring(newsroom.files()[path]).iter()
        if element.text
    ]
    page = next(data for path, data in newsroom.files().items() if path.startswith("articles/"))
    texts += [element.text for element in html.fromstring(page.decode()).iter() if element.text]
    texts += [
        value for value in json.loads(newsroom.files()["all.json"])["items"][0].values() if type(value) is str
    ]
    assert any("\u2067" in text for text in texts)
    assert all(closed(text) == text for text in texts)


@pytest.mark.parametrize("address", DEAD)
def test_an_address_that_no_reader_may_follow_is_none(address: str) -> None:
    """Wherever a link can stand."""
    feed = SourceFeed("urn:x", "T", url=address, page=address)
    one = raw(url=address, image=address, enclosures=(Enclosure(address, "audio/mpeg"),), source_feed=feed)

    passed = let_through(one)

    assert (passed.url, passed.image, passed.enclosures) == (None, None, ())
    assert passed.source_feed == SourceFeed("urn:x", "T")


@pytest.mark.parametrize("address", DEAD)
def test_no_format_links_to_such_an_address(newsroom: Newsroom, address: str) -> None:
    """Entries, pictures, files, sources, pages and lists."""
    link, quoted = escape(address), escape(escape(address))
    newsroom.add(
        "a.xml",
        f'<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>T</title><link>{link}</link>'
        f"<item><title>Norway opens a harbour</title><link>{link}</link><guid>{link}</guid>"
        f'<description>Norway opened a harbour in Bergen. &lt;a href="{quoted}"&gt;It&lt;/a&gt;. '
        f'&lt;img src="{quoted}"&gt;</description><enclosure url="{link}" type="audio/mpeg" length="1"/>'
        f'<media:content url="{link}" medium="image"/><source url="{link}">S</source></item></channel></rss>',
    )
    (newsroom.root / "feeds.toml").write_text('[feeds]\nformats = ["rss", "json"]\n')
    newsroom.build("--base-url", "https://news.example/")

    seen = 0
    for path, data in newsroom.files().items():
        if path.endswith((".atom", ".rss", ".opml", ".html")):
            root = html.fromstring(data) if path.endswith(".html") else etree.fromstring(data)
            for element in root.iter(etree.Element):
                named = [
                    element.get(name, "") for name in ("href", "src", "url", "xmlUrl", "htmlUrl", "content")
                ]
                named += [element.text or ""] if etree.QName(element).localname == "link" else []
                seen += len(named)
                assert address not in named, (path, element.tag)
    assert seen > 100
    item = json.loads(newsroom.files()["all.json"])["items"][0]
    assert {"attachments", "image"}.isdisjoint(item)
    assert item["url"].startswith("https://news.example/articles/")


def test_what_is_sound_passes_as_it_is() -> None:
    """And costs no copy."""
    one = raw(url="https://a.example/1", image="https://a.example/1.jpg")

    assert let_through(one) == one


@pytest.mark.parametrize("levels", [300, 5000, 100_000])
@pytest.mark.parametrize("kind", ["text/html", "application/xml", "application/json"])
def test_deep_nesting_costs_time_in_proportion_and_no_recursion(levels: int, kind: str) -> None:
    """Of what is nested beyond all reason the words are kept, or it is refused in one line."""
    from feeds.model import DocumentError

    words = "Norway opened a new harbour in Bergen this week, after years of talks with the city council."
    opened, shut = {
        "text/html": ("<div>", "</div>"),
        "application/xml": ("<a>", "</a>"),
        "application/json": ("[", "]"),
    }[kind]
    inside = f'"{words}"' if kind.endswith("json") else f"<h1>Norway opens a harbour</h1><p>{words}</p>"
    text = f"{opened * levels}{inside}{shut * levels}"
    try:
        found: tuple[RawArticle, ...] = extract(
            Document("a", kind, text, datetime(2025, 12, 20, tzinfo=UTC), "1")
        ).articles
    except DocumentError as error:
        assert "\n" not in str(error)
        return
    assert all(article.headline for article in found)
