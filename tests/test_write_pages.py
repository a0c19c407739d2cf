"""The pages and the OPML say what the feeds say, and run nothing."""

from __future__ import annotations

import feedparser
from lxml import etree, html

from feeds.config import Site
from feeds.model import Caption, History, Related
from feeds.selection import FOLDER_TITLES
from feeds.write import opml
from feeds.write.atom import AtomWriter
from feeds.write.links import Links
from feeds.write.moved import moved
from feeds.write.pages import PageWriter
from tests.values import UNDATED, WHEN, entry, feed

EVERYTHING = feed(slug="all", category=None, title="All", total=3)
PAGES = PageWriter(Site(title="T & Co"), Links())


def test_the_index_leads_to_every_feed_with_its_count() -> None:
    """Each has its page, its Atom link and the number of its articles."""
    page = html.fromstring(
        PAGES.index([EVERYTHING, feed(entry(), total=7)], FOLDER_TITLES, [entry()]).decode()
    )

    assert page.xpath("//li[a/@href='countries/no.html']/span/text()") == ["7"]
    assert "countries/no.atom" in page.xpath("//a/@href")
    assert "feeds.opml" in page.xpath("//a/@href")
    assert page.xpath("//link[@rel='alternate']/@href") == ["all.atom"]
    assert page.xpath("//ol[@class='entries']/li/a/text()") == ["Norway Opens a New Harbour"]


def test_the_index_stands_without_a_feed_of_all() -> None:
    """As where the configuration leaves it out, or there are feeds of no category beside it."""
    status = feed(slug="status", category=None, title="Status")
    page = html.fromstring(PAGES.index([status, feed(entry())], FOLDER_TITLES, []).decode())

    assert page.xpath("//link[@rel='alternate']") == []
    assert page.xpath("string(//p[@class='figures'])") == "1 country"


def test_an_articles_page_says_how_it_is_dated_and_why_it_is_tagged() -> None:
    """Basis, evidence and source document stand on it."""
    slugs = {("http://cvx.iptc.org/iso3166-1a2/", "NO"): "countries/no"}
    page = html.fromstring(PAGES.article(entry(dating=UNDATED), slugs).decode())
    words = page.text_content()

    assert "Undated. It prints no date of its own." in words
    assert '"Norway" in the headline' in words
    assert "seeds/a.txt" in words
    assert "../countries/no.html" in page.xpath("//table//a/@href")


def test_no_page_runs_a_script_or_styles_of_an_article() -> None:
    """What an article holds is text on every page, and the policy forbids the rest."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    one = entry(headline=evil, body=(evil,), byline=(evil,), standfirst=evil, agency=evil, url="javascript:1")
    pages = [
        PAGES.index([EVERYTHING, feed(one)], FOLDER_TITLES, [one]),
        PAGES.feed(feed(one)),
        PAGES.article(one, {}),
    ]

    for page in map(bytes.decode, pages):
        tree = html.fromstring(page)
        assert tree.xpath("//script/@src") in ([], ["search.js"])
        assert not tree.xpath("//script[text()] | //img | //@onerror | //@style")
        assert "default-src 'none'" in " ".join(tree.xpath("//meta/@content"))
        assert "javascript:" not in " ".join(tree.xpath("//@href"))


def test_the_index_finds_feeds_with_a_script_of_its_own_and_works_without_it() -> None:
    """The search is hidden until the script is there; each row says what it is found by."""
    page = html.fromstring(PAGES.index([EVERYTHING, feed(entry())], FOLDER_TITLES, []).decode())

    assert page.xpath("//script/@src") == ["search.js"]
    assert page.xpath("//form[@role='search']/@hidden") == [""]
    assert page.xpath("//li/@data-find") == ["Norway NO"]
    assert "script-src 'self'" in " ".join(page.xpath("//meta/@content"))
    assert {path for path, _ in PAGES.assets()} == {"style.css", "search.js", "icon.svg"}


def test_a_feeds_page_links_each_format_where_readers_look_for_it() -> None:
    """By autodiscovery and by eye, at the address that is kept."""
    pages = PageWriter(Site(), Links.of("https://news.example"), ("atom", "rss", "json"))
    page = html.fromstring(pages.feed(feed(entry())).decode())

    assert page.xpath("//link[@rel='alternate']/@href") == [
        f"https://news.example/countries/no.{suffix}" for suffix in ("atom", "rss", "json")
    ]
    assert page.xpath("//ul[@class='addresses']/li/a/text()") == ["Atom", "RSS", "JSON"]
    assert page.xpath("//title/text()") == ["Norway – Feeds"]


def test_a_feeds_page_shows_the_last_weeks_and_what_is_near() -> None:
    """As bars that a screen reader can say, and links with how many articles are in both."""
    one = feed(weeks=(0, 3, 1), related=(Related("topics/sport", "Sport", 4),))
    page = html.fromstring(PAGES.feed(one).decode())

    assert page.xpath("//svg/@aria-label") == ["Articles in each of the last 3 weeks: 0, 3, 1"]
    assert page.xpath("//section[@aria-label='Related topics']//a/@href") == ["../topics/sport.html"]


def test_a_feeds_page_leads_back_month_by_month() -> None:
    """And each month to the one after it."""
    now = feed(history=History("countries/no", "countries/no/2025-11"))
    month = feed(slug="countries/no/2025-11", history=History("countries/no", None, None, is_archive=True))
    first = html.fromstring(PAGES.feed(now, ["countries/no/2025-11"]).decode())
    second = html.fromstring(PAGES.feed(month).decode())

    assert first.xpath("//nav[@class='pages']/a/@href") == ["../countries/no/2025-11.html"]
    assert first.xpath("//ul[@class='months']//a/text()") == ["November 2025"]
    assert second.xpath("//h1/text()") == ["Norway, November 2025"]
    assert second.xpath("//nav[@class='pages']/a/@href") == ["../../countries/no.html"]


def test_the_countries_stand_in_a_table_by_region() -> None:
    """As the United Nations part the world."""
    page = html.fromstring(PAGES.countries([EVERYTHING, feed(entry())]).decode())

    assert page.xpath("//h2/text()") == ["Europe"]
    assert page.xpath("//tbody//td[1]/text()") == ["Northern Europe"]
    assert page.xpath("//tbody//a/@href") == ["countries/no.html", "countries/no.atom"]


def test_an_article_from_right_to_left_says_so() -> None:
    """Its words run so, and what we say about it does not."""
    one = entry(headline="افتتاح ميناء جديد", language="ar")
    page = html.fromstring(PAGES.article(one, {}).decode())

    assert dict(page.xpath("//article")[0].attrib) == {"lang": "ar", "dir": "rtl"}
    assert not page.xpath("//section[@class='about']/@dir")


def test_the_first_caption_stands_above_the_text_and_the_others_below() -> None:
    """A page with fifteen of them begins with its words all the same."""
    captions = tuple(Caption(f"Picture {i}") for i in range(3))
    page = html.fromstring(PAGES.article(entry(captions=captions), {}).decode())

    assert [child.tag for child in page.xpath("//article/*")][2:] == ["figure", "p", "p", "figure", "figure"]


def test_a_feed_that_moved_leaves_a_pointer() -> None:
    """A page that leads on, and a feed of one entry that says where to."""
    links = Links.of("https://news.example")
    now = feed(slug="countries/nor")
    pointer = moved("countries/no", now, WHEN, links)
    page = html.fromstring(PageWriter(Site(), links).moved("countries/no", now).decode())
    (read,) = feedparser.parse(AtomWriter(Site(), links).write(pointer)).entries

    assert page.xpath("//meta[@http-equiv='refresh']/@content") == ["0; url=../countries/nor.html"]
    assert read.link == "https://news.example/countries/nor.html"
    assert "https://news.example/countries/nor.atom" in read.content[0].value
    assert pointer.id not in (now.id, moved("countries/xx", now, WHEN, links).id)
    assert moved("countries/no", now, WHEN, Links()).entries == ()


def test_opml_lists_the_feeds_in_their_folders() -> None:
    """OPML 2.0: each outline has type, text and xmlUrl."""
    feeds = [EVERYTHING, feed(title='A "B" & C')]
    data = opml.write(feeds, FOLDER_TITLES, Site(title="T & Co"), Links.of("https://n.example"))
    tree = etree.fromstring(data)

    assert tree.get("version") == "2.0"
    assert tree.findtext("head/title") == "T & Co"
    outline = tree.find("body/outline[@text='Countries']/outline")
    assert outline is not None
    assert dict(outline.attrib) == {
        "type": "rss",
        "text": 'A "B" & C',
        "title": 'A "B" & C',
        "xmlUrl": "https://n.example/countries/no.atom",
        "htmlUrl": "https://n.example/countries/no.html",
    }


def test_each_folder_has_a_list_of_its_own() -> None:
    """With the same outlines as in the list of all, and neither owner nor date."""
    files = dict(opml.files([EVERYTHING, feed()], FOLDER_TITLES, Site(title="T & Co"), Links()))

    assert set(files) == {"feeds.opml", "countries.opml"}
    tree = etree.fromstring(files["countries.opml"])
    assert tree.findtext("head/title") == "T & Co: Countries"
    assert [child.tag for child in tree.iterfind("head/*")] == ["title"]
    assert [outline.get("xmlUrl") for outline in tree.iterfind("body/outline")] == ["countries/no.atom"]
