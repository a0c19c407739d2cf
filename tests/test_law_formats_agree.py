"""Law: each format says the same of an article, and a page of it can be read, whatever the article holds."""

from __future__ import annotations

import json
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html
from msgspec.structs import asdict

from feeds.config import Site
from feeds.model import Dating, Enclosure, RawArticle, SourceFeed
from feeds.write.atom import AtomWriter
from feeds.write.jsonfeed import JsonWriter
from feeds.write.links import Links
from feeds.write.pages import PageWriter
from feeds.write.rss import RssWriter
from tests.test_law_any_text import RAWS, WORDS
from tests.values import WHEN, entry, feed

BASE = "https://news.example/"
SITE, LINKS = Site(base_url=BASE), Links.of(BASE)
PAGES = PageWriter(SITE, LINKS)
ATOM = "{http://www.w3.org/2005/Atom}"
CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
SOURCES = st.none() | st.builds(SourceFeed, st.just("tag:a.example,2024:f"), WORDS, st.none() | WORDS)
FILES = st.lists(st.builds(Enclosure, WORDS, st.just("audio/mpeg"), st.integers(0, 9)), max_size=2)


@settings(max_examples=150)
@given(RAWS, SOURCES, FILES)
def test_each_format_says_the_same(
    raw: RawArticle, source: SourceFeed | None, files: list[Enclosure]
) -> None:
    """Ids, titles, links, authors and words; and an entry composed is an entry written."""
    given_fields = asdict(raw) | {"source_feed": source, "enclosures": tuple(files)}
    one = feed(entry(dating=Dating(WHEN, "day", "It says so."), **given_fields))
    atom, rss, written = AtomWriter(SITE, LINKS), RssWriter(SITE, LINKS), JsonWriter(SITE, LINKS)

    (ours,) = etree.fromstring(atom.write(one)).iterfind(f"{ATOM}entry")
    (item,) = etree.fromstring(rss.write(one)).iterfind("channel/item")
    (member,) = json.loads(written.write(one))["items"]

    link = ours.find(f"{ATOM}link")
    assert link is not None
    full = item.findtext(CONTENT) or item.findtext("description")
    told = [
        (ours.findtext(f"{ATOM}id"), item.findtext("guid"), member["id"]),
        (ours.findtext(f"{ATOM}title"), member["title"]),
        (ours.findtext(f"{ATOM}content"), full, member["content_html"]),
        (ours.findtext(f"{ATOM}summary") or "", member.get("summary", "")),
        (link.get("href"), item.findtext("link"), member["url"]),
        (
            [a.findtext(f"{ATOM}name") for a in ours.iterfind(f"{ATOM}author")],
            [c.text for c in item.iterfind(CREATOR)],
            [a["name"] for a in member.get("authors", [])],
        ),
    ]
    title, description = item.findtext("title") or "", item.findtext("description") or ""
    assert member["title"] == (unescape(title) if "<" in member["title"] else title)
    assert member.get("summary") in (None, unescape(description))
    assert "<" not in title and ("<" not in description or "summary" not in member)
    for same in told:
        assert all(each == same[0] for each in same), same
    whole = atom.head(one, has_media=bool(raw.image))
    whole.add_entry(atom.part(one.entries[0], atom.path(one.slug)), order="append")
    assert whole.atom_str(pretty=True) + b"\n" == atom.write(one)

    page = html.fromstring(PAGES.article(one.entries[0], {}).decode())
    assert page.xpath("string(//article/h1)") == member["title"]
    assert not page.xpath("//script | //@onerror | //@style")
