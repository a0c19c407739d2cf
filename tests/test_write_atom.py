"""What is written is an Atom feed that every reader takes, whatever the article holds."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import feedparser
from lxml import etree

from feeds.config import Site
from feeds.model import Dating, Enclosure, Feed, History, SourceFeed
from feeds.write.atom import AtomWriter
from feeds.write.links import Links
from tests.values import UNDATED, WHEN, entry, feed

BASE = "https://news.example/feeds"
ATOM = {
    "a": "http://www.w3.org/2005/Atom",
    "m": "http://search.yahoo.com/mrss/",
    "fh": "http://purl.org/syndication/history/1.0",
}


def write(one: Feed, base_url: str = BASE, **site: Any) -> bytes:
    """Write a feed of a site."""
    return AtomWriter(Site(base_url=base_url, **site), Links.of(base_url)).write(one)


def test_a_reader_sees_title_dates_author_categories_summary_and_content() -> None:
    """feedparser reads back what was put in."""
    parsed = feedparser.parse(write(feed(entry(standfirst="A long wait is over."))))
    (read,) = parsed.entries

    assert not parsed.bozo
    assert read.title == "Norway Opens a New Harbour"
    assert (read.published, read.updated) == ("2025-12-22T12:00:00+00:00",) * 2
    assert read.author == "Kari Nordmann"
    assert [(t.term, t.label) for t in read.tags] == [
        ("NO", "Norway"),
        ("04000000", "economy, business and finance"),
    ]
    assert read.tags[0].scheme == "http://cvx.iptc.org/iso3166-1a2/"
    assert read.summary == "A long wait is over."
    assert "<p>The mayor was glad.</p>" in read.content[0].value
    assert "<figcaption>Ships at the quay (Reuters)</figcaption>" in read.content[0].value


def test_a_feed_names_itself_its_page_its_author_and_its_rights() -> None:
    """RFC 4287 section 4.1.1: id, title and updated; an author always."""
    parsed = feedparser.parse(write(feed(), title="T", author="A", rights="R", language="en-GB"))

    assert parsed.feed.id == "urn:uuid:00000000-0000-5000-8000-ffffffffffff"
    assert {(link.rel, link.type, link.href) for link in parsed.feed.links} == {
        ("self", "application/atom+xml", f"{BASE}/countries/no.atom"),
        ("alternate", "text/html", f"{BASE}/countries/no.html"),
    }
    assert (parsed.feed.author, parsed.feed.rights, parsed.feed.language) == ("A", "R", "en-GB")
    assert parsed.feed.generator_detail.name == "feeds"
    assert parsed.feed.updated == "2025-12-22T12:00:00+00:00"


def test_an_entrys_link_keeps_its_rel_and_type() -> None:
    """feedgen drops them, and newsboat then opens the picture in place of the article."""
    tree = etree.fromstring(
        write(feed(entry(url="https://paper.example/ä b", image="https://paper.example/i.jpg")))
    )
    links = [dict(link.attrib) for link in tree.iterfind("a:entry/a:link", ATOM)]

    assert links[0] == {"href": "https://paper.example/%C3%A4%20b", "rel": "alternate", "type": "text/html"}
    assert links[1]["rel"] == "related"
    assert links[1]["href"] == f"{BASE}/articles/00000000-0000-5000-8000-000000000000.html"


def test_no_element_of_atom_has_a_prefix() -> None:
    """Readers that look for names as they are printed find every one of them."""
    data = write(feed(entry(language="ar", url="https://paper.example/")))

    assert b"ns0" not in data
    assert data.count(b"xmlns") == 1


def test_entries_stand_in_the_order_they_are_given() -> None:
    """feedgen's own default puts the last one first."""
    entries = [entry(i, updated=WHEN - timedelta(seconds=i), headline=f"Headline {i}") for i in range(5)]

    titles = [e.title for e in feedparser.parse(write(feed(*entries))).entries]

    assert titles == [f"Headline {i}" for i in range(5)]


def test_no_date_is_written_that_was_not_given() -> None:
    """An undated article has no `published`, and no time is the present."""
    data = write(feed(entry(dating=UNDATED)))

    assert b"<published>" not in data
    assert data == write(feed(entry(dating=UNDATED)))
    assert b"Undated. It prints no date of its own." in data


def test_an_inferred_date_says_so_in_the_entry() -> None:
    """Who reads the entry sees how its date is known."""
    dating = Dating(WHEN, "day", "The caption is of the day before.", inferred=True)

    content = feedparser.parse(write(feed(entry(dating=dating)))).entries[0].content[0].value

    assert "Dated by inference 22 December 2025. The caption is of the day before." in content


def test_words_are_never_markup() -> None:
    """A script in a text capture is shown, not run."""
    evil = "<script>alert(1)</script> & <b>bold</b>"
    one = entry(headline=evil, body=(evil,), standfirst=evil, byline=(evil,))

    tree = etree.fromstring(write(feed(one)))
    content = tree.findtext("a:entry/a:content", namespaces=ATOM)

    assert tree.findtext("a:entry/a:title", namespaces=ATOM) == evil
    assert content is not None and "<script" not in content and "&lt;script&gt;" in content


def test_a_character_that_xml_forbids_costs_nothing() -> None:
    """feedgen gives up the whole feed at one of them."""
    one = entry(headline="A\x00B\x0b", body=("C\ufffe\x1b",), byline=("D\x08",), standfirst="\x01")

    parsed = feedparser.parse(write(feed(one)))

    assert not parsed.bozo
    assert parsed.entries[0].title == "AB"
    assert parsed.entries[0].author == "D"


def test_without_an_address_links_are_relative_and_there_is_no_self_link() -> None:
    """The feed works from a folder, and claims nothing that it does not know."""
    tree = etree.fromstring(write(feed(entry()), base_url=""))

    assert [link.get("rel") for link in tree.iterfind("a:link", ATOM)] == ["alternate"]
    href = tree.find("a:entry/a:link", ATOM)
    assert href is not None
    assert href.get("href") == "../articles/00000000-0000-5000-8000-000000000000.html"


def test_only_web_links_are_written() -> None:
    """A script or a local file can't hide behind an article's address."""
    for url in (
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "//x",
        "http://[",
        "https://",
    ):
        tree = etree.fromstring(write(feed(entry(url=url, image=url))))
        hrefs = [link.get("href") for link in tree.iterfind("a:entry/a:link", ATOM)]

        assert hrefs == [f"{BASE}/articles/00000000-0000-5000-8000-000000000000.html"]
        assert url not in (tree.findtext("a:entry/a:content", namespaces=ATOM) or "")


def test_another_language_is_named_on_the_entry() -> None:
    """A reader can hyphenate and speak it right."""
    tree = etree.fromstring(write(feed(entry(1, language="ar"), entry(2, language="en"), entry(3))))

    lang = "{http://www.w3.org/XML/1998/namespace}lang"
    assert [e.get(lang) for e in tree.iterfind("a:entry", ATOM)] == ["ar", None, None]


def test_an_empty_feed_is_valid() -> None:
    """A feed that lost its articles stays one that a reader can poll."""
    parsed = feedparser.parse(write(feed()))

    assert not parsed.bozo
    assert parsed.entries == []


def test_a_feed_composed_of_entries_is_what_feedgen_writes_for_the_whole() -> None:
    """An entry is serialised once, and no byte differs for it."""
    entries = [
        entry(1),
        entry(2, image="https://paper.example/i.jpg", url="https://paper.example/2"),
        entry(3, language="ar", body=("< & >", "\u00e9")),
    ]
    for chosen in (entries, entries[:1], []):
        one = feed(*chosen)
        writer = AtomWriter(Site(base_url=BASE), Links.of(BASE))
        here = writer.path(one.slug)

        whole = writer.head(one, has_media=len(chosen) > 1)
        for each in chosen:
            whole.add_entry(writer.part(each, here), order="append")

        parts = [writer.entry(each, here) for each in chosen]
        assert writer.feed(one, parts) == writer.write(one) == whole.atom_str(pretty=True) + b"\n"


def test_an_entry_is_the_same_in_every_feed() -> None:
    """It depends on the feed's folder alone, and not even that where links are absolute."""
    one = entry(url="https://paper.example/1")
    near, far = "countries/no.atom", "countries/no/2025-12.atom"
    absolute, relative = AtomWriter(Site(), Links.of(BASE)), AtomWriter(Site(), Links())

    assert absolute.entry(one, near) == absolute.entry(one, far)
    assert relative.entry(one, near) == relative.entry(one, "topics/politics.atom")
    assert relative.entry(one, near) != relative.entry(one, far)


def test_a_picture_is_media_with_its_caption_and_its_supplier() -> None:
    """And a figure in the content, which is what most readers show."""
    data = write(feed(entry(image="https://paper.example/i.jpg?w=600")))
    (picture,) = etree.fromstring(data).iterfind("a:entry/m:content", ATOM)

    assert dict(picture.attrib) == {
        "url": "https://paper.example/i.jpg?w=600",
        "type": "image/jpeg",
        "medium": "image",
    }
    assert picture.findtext("m:description", namespaces=ATOM) == "Ships at the quay"
    assert picture.findtext("m:credit", namespaces=ATOM) == "Reuters"
    read = feedparser.parse(data).entries[0]
    assert read.media_thumbnail == [{"url": "https://paper.example/i.jpg?w=600"}]
    assert '<figure><img alt="Ships at the quay" src="https://paper.example/i.jpg' in read.content[0].value


def test_an_entry_from_a_feed_names_it_as_its_source() -> None:
    """With the id, title and time that RFC 4287 asks for."""
    source = SourceFeed("tag:post.example,2024:feed", "The Post", "https://post.example/feed", None)
    (found,) = etree.fromstring(write(feed(entry(source_feed=source)))).iterfind("a:entry/a:source", ATOM)

    assert [(etree.QName(child).localname, child.text) for child in found][:3] == [
        ("id", "tag:post.example,2024:feed"),
        ("title", "The Post"),
        ("updated", "2025-12-22T12:00:00+00:00"),
    ]


def test_what_an_entry_offers_is_enclosed_with_its_type_and_length() -> None:
    """As the feed that it came from states them; a length that is not known is not written."""
    files = (Enclosure("https://p.example/a.mp3", "audio/mpeg", 9), Enclosure("https://p.example/b", "a/b"))
    links = etree.fromstring(write(feed(entry(enclosures=files)))).iterfind("a:entry/a:link", ATOM)

    assert [dict(link.attrib) for link in links][1:] == [
        {"href": "https://p.example/a.mp3", "rel": "enclosure", "type": "audio/mpeg", "length": "9"},
        {"href": "https://p.example/b", "rel": "enclosure", "type": "a/b"},
    ]


def test_a_feed_pages_back_through_its_archives() -> None:
    """RFC 5005 section 4: what does not change says so, and leads to what came before and after."""
    current = feed(history=History("countries/no", previous="countries/no/2025-11"))
    archive = feed(
        slug="countries/no/2025-11",
        history=History("countries/no", "countries/no/2025-10", None, is_archive=True),
    )
    hub = "https://hub.example/"
    now, then = (etree.fromstring(write(one, hub=hub)) for one in (current, archive))

    def rels(tree: etree._Element) -> dict[str, str]:
        return {
            link.get("rel"): link.get("href").removeprefix(BASE) for link in tree.iterfind("a:link", ATOM)
        }

    assert rels(now) == {
        "self": "/countries/no.atom",
        "alternate": "/countries/no.html",
        "hub": hub,
        "prev-archive": "/countries/no/2025-11.atom",
    }
    assert rels(then) == {
        "self": "/countries/no/2025-11.atom",
        "alternate": "/countries/no/2025-11.html",
        "current": "/countries/no.atom",
        "prev-archive": "/countries/no/2025-10.atom",
    }
    assert now.find("fh:archive", ATOM) is None
    assert then.find("fh:archive", ATOM) is not None


def test_a_summary_alone_leaves_the_text_to_its_publisher() -> None:
    """content = "summary" writes no content element."""
    writer = AtomWriter(Site(base_url=BASE), Links.of(BASE), full=False)
    (read,) = feedparser.parse(writer.write(feed(entry()))).entries

    assert read.summary == "Norway opened a new harbour in Bergen."
    assert "content" not in read


def test_text_that_runs_from_right_to_left_says_so() -> None:
    """Around the words; the sentence about its date is English."""
    (read,) = feedparser.parse(write(feed(entry(headline="افتتاح ميناء جديد", language="ar")))).entries

    assert read.content[0].value.startswith('<div dir="rtl">')
    assert '<p dir="ltr"><small>Published 22 December 2025.' in read.content[0].value


def test_a_headline_can_not_turn_round_what_follows_it() -> None:
    """A direction that it opens and leaves open would reach into the next headline of a list."""
    (read,) = feedparser.parse(write(feed(entry(headline="A\u202eB\u2066C")))).entries

    assert read.title == "ABC"
