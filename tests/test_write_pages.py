"""The pages and the OPML say what the feeds say, and run nothing."""

from __future__ import annotations

from lxml import etree, html

from feeds.config import Site
from feeds.selection import FOLDER_TITLES
from feeds.write import opml
from feeds.write.links import Links
from feeds.write.pages import PageWriter
from tests.values import UNDATED, entry, feed

EVERYTHING = feed(slug="all", category=None, title="All", total=3)
PAGES = PageWriter(Site(title="T & Co"), Links())


def test_the_index_leads_to_every_feed_with_its_count() -> None:
    """Each has its page, its Atom link and the number of its articles."""
    page = html.fromstring(
        PAGES.index([EVERYTHING, feed(entry(), total=7)], FOLDER_TITLES, [entry()]).decode()
    )

    assert page.xpath("//li[a/@href='countries/no.html']/small/text()") == ["7"]
    assert "countries/no.atom" in page.xpath("//a/@href")
    assert "feeds.opml" in page.xpath("//a/@href")
    assert page.xpath("//link[@rel='alternate']/@href") == ["all.atom"]
    assert page.xpath("//ul[@class='entries']//a/text()") == ["Norway Opens a New Harbour"]


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
        assert not tree.xpath("//script | //img | //@onerror | //@style")
        assert "default-src 'none'" in " ".join(tree.xpath("//meta/@content"))
        assert "javascript:" not in " ".join(tree.xpath("//@href"))


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
