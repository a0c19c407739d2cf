"""What is written as RSS 2.0 says the same as Atom, without what feedgen's own RSS lacks."""

from __future__ import annotations

from typing import Any

import feedparser
from lxml import etree

from feeds.config import Site
from feeds.model import Feed
from feeds.write.atom import AtomWriter
from feeds.write.links import Links
from feeds.write.rss import RssWriter
from tests.values import UNDATED, entry, feed

BASE = "https://news.example/feeds"
NAMES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}


def write(one: Feed, base_url: str = BASE, **site: Any) -> bytes:
    """Write a feed of a site."""
    return RssWriter(Site(base_url=base_url, **site), Links.of(base_url)).write(one)


def test_a_feed_composed_of_items_is_what_feedgen_writes_for_the_whole() -> None:
    """An item is serialised once, and no byte differs for it."""
    entries = [entry(1), entry(2, image="https://paper.example/i.jpg"), entry(3, language="ar")]
    for chosen in (entries, []):
        one = feed(*chosen)
        writer = RssWriter(Site(base_url=BASE), Links.of(BASE))
        here = writer.path(one.slug)

        whole = writer.head(one)
        for each in chosen:
            whole.add_entry(writer.part(each, here), order="append")

        parts = [writer.entry(each, here) for each in chosen]
        assert writer.feed(one, parts) == writer.write(one) == whole.rss_str(pretty=True) + b"\n"


def test_a_reader_sees_in_rss_what_it_sees_in_atom() -> None:
    """The same ids, titles, links, dates, authors and words."""
    one = feed(
        entry(1, standfirst="A long wait is over."), entry(2, dating=UNDATED, url="https://p.example/2")
    )
    rss = feedparser.parse(write(one))
    atom = feedparser.parse(AtomWriter(Site(base_url=BASE), Links.of(BASE)).write(one))

    assert not rss.bozo
    assert rss.version == "rss20"
    for ours, theirs in zip(rss.entries, atom.entries, strict=True):
        for key in ("id", "title", "link", "author", "summary", "published_parsed", "updated_parsed"):
            assert ours.get(key) == theirs.get(key), key
        assert ours.content[0].value == theirs.content[0].value


def test_an_item_is_named_by_an_id_that_is_no_address() -> None:
    """isPermaLink=false, so that no reader opens a urn; the full text follows the description."""
    (item,) = etree.fromstring(write(feed(entry()))).iterfind("channel/item")
    guid = item.find("guid")

    assert guid is not None
    assert dict(guid.attrib) == {"isPermaLink": "false"}
    names = [etree.QName(child).localname for child in item]
    assert names.index("encoded") == names.index("description") + 1
    assert item.findtext("dc:creator", namespaces=NAMES) == "Kari Nordmann"
    assert [c.get("domain") for c in item.iterfind("category")] == [
        "http://cvx.iptc.org/iso3166-1a2/",
        "http://cv.iptc.org/newscodes/mediatopic/",
    ]


def test_a_channel_names_itself_its_page_and_when_it_changed() -> None:
    """lastBuildDate is the feed's `updated`, not the time of the build."""
    channel = etree.fromstring(write(feed(entry()), hub="https://hub.example/", author="A")).find("channel")

    assert channel is not None
    assert channel.findtext("link") == f"{BASE}/countries/no.html"
    assert channel.findtext("lastBuildDate") == "Mon, 22 Dec 2025 12:00:00 +0000"
    assert [(link.get("rel"), link.get("href")) for link in channel.iterfind("atom:link", NAMES)] == [
        ("self", f"{BASE}/countries/no.rss"),
        ("hub", "https://hub.example/"),
    ]


def test_words_are_never_markup() -> None:
    """A description is HTML, and a title may be taken for it: a script in a capture is shown, not run."""
    evil = "<script>alert(1)</script> & more"
    item = feedparser.parse(write(feed(entry(headline=evil, standfirst=evil, body=(evil,))))).entries[0]

    assert item.title == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"
    assert item.summary == "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more"
    assert "<script" not in item.content[0].value
