"""The contract of input kinds: each document is claimed by exactly one, or a clear line says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import asdict

from feeds.extract import extract, kinds
from feeds.extract.unread import refusal
from feeds.model import Document, DocumentError

FIXTURES = Path(__file__).parent / "fixtures"
SEED = next((Path(__file__).parent.parent / "seeds").glob("000_*.txt"))
KIND_OF = {
    "webpage": "web page",
    "feedfile": "feed",
    "bridge.g2.xml": "NewsML-G2",
    "bridge.nitf.xml": "NITF",
    "bridge.ninjs2.json": "ninjs",
}
OURS = [p for folder in ("feedfile", "newswire", "webpage") for p in sorted((FIXTURES / folder).iterdir())]
PROSE = (
    "Lamp out in the harbour\n\nThe lamp on the old pier went out on Monday, the port authority said.\n\n"
    "It will be replaced within the week, and ships are told to keep away from the rocks until then.\n"
)
NINJS = '{"uri": "urn:a", "headline": "Out", "body_text": "The lamp is out.", "versioncreated": "2025-05-03"}'


def document(text: str, media_type: str = "text/plain") -> Document:
    """A document of that text, called what its name's ending says."""
    return Document("a", media_type, text, None, "")


def claimants(text: str, media_type: str = "text/plain") -> list[str]:
    """Which kinds want a document."""
    return [kind.NAME for kind in kinds() if kind.claims(document(text, media_type))]


@pytest.mark.parametrize("path", [*OURS, SEED], ids=lambda path: path.name)
@pytest.mark.parametrize("media_type", ["text/plain", "text/html", "application/xml", "application/json"])
@pytest.mark.parametrize("mark", ["", "\ufeff", "\n \n"])
def test_content_decides_before_the_name(path: Path, media_type: str, mark: str) -> None:
    """Whatever a document is called, and whatever blank stands before it, the same kind claims it."""
    if path == SEED and not media_type.startswith("text/"):
        return  # plain text has no content of its own to be known by
    kind = KIND_OF.get(path.name) or KIND_OF.get(path.parent.name) or "text capture"

    assert claimants(mark + path.read_text("utf-8"), media_type) == [kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (PROSE, "text capture"),
        ("# Lamp out\n\n**The lamp** is [out](https://a.example/).\n\n- one\n- two\n", "text capture"),
        ("<3 this lamp\n\n" + PROSE, "text capture"),
        ("<AP> The lamp is out, the port authority said on Monday.", "text capture"),
        ("<image>\n\n" + PROSE, "text capture"),
        ("<image>The lamp on the pier</image>\n\n" + PROSE, "text capture"),
        ('<ad id="3"/>\n\n' + PROSE, "text capture"),
        ("[Update] The lamp is out, the port authority said on Monday.", "text capture"),
        ("{The lamp} is out, the port authority said on Monday.", "text capture"),
        ("<h1>Lamp out</h1>\nThe lamp is out.", "web page"),
        ("<h1>Lamp out", "web page"),
        ("<b>Lamp</b> out", "web page"),
        ("<p>The lamp is out.", "web page"),
        ("<!doctype html>Lamp", "web page"),
        ("<html><body><rss version='2.0'><channel></channel></rss></body></html>", "web page"),
        ("Notice: undefined in page.php\n<!DOCTYPE html><html><head><title>A</title><body><p>B", "web page"),
        ("<?xml version='1.0'?>\n<!-- c -->\n<rss version='2.0'></rss>", "feed"),
        ("<a:feed xmlns:a='http://www.w3.org/2005/Atom'></a:feed>", "feed"),
        ('{"version": "https://jsonfeed.org/version/1.1", "items": []}', "feed"),
        (NINJS, "ninjs"),
        (NINJS.replace("The lamp is out.", "See https://jsonfeed.org/version/1 for more."), "ninjs"),
        (f"[{NINJS}]", "ninjs"),
    ],
)
def test_odd_documents_have_one_claimant(text: str, kind: str) -> None:
    """Markdown, fragments, a server's notice before a page, a feed within a page, namespaces."""
    assert claimants(text) == [kind]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ('{"a": 1}', "JSON that is neither ninjs nor a JSON Feed", None),
        ('{"a": 1,\n "b": }', "JSON that is damaged: Expecting value", 2),
        ('{"a": 1}\n{"a": 2}\n', "JSON in lines", None),
        (
            '{"version": "https://jsonfeed.org/version/1",\n"items": [',
            "a JSON Feed that is not well-formed",
            2,
        ),
        (NINJS[:-1], "a ninjs document that is not well-formed", 1),
        ("<?xml version='1.0'?><NewsML><NewsItem/></NewsML>", "NewsML 1, which is not read", None),
        ("<urlset><url/></urlset>", "a sitemap", None),
        ("<opml version='2.0'></opml>", "OPML, which lists feeds", None),
        ("<?xml version='1.0'?><order><item/></order>", "XML that begins with <order>", None),
        ("<order><item/></order>\n<!-- made by hand -->\n", "XML that begins with <order>", None),
        (
            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'></rdf:RDF>",
            "RDF that is no RSS",
            None,
        ),
        ("<!-- only this -->", "markup that can't be told", 1),
        (
            "<rss version='2.0'><channel>\n<title>A</title>\n",
            "a feed that breaks off before its first entry",
            2,
        ),
        ("<rss version='2.0'><channel></channel></rss>", "a feed without an entry", None),
        ("<nitf><head/>\n<body><hedline><hl1>A</hl1>", "a NITF document that is not well-formed", 2),
        ("<html><body><nav>Home</nav></body></html>", "a web page without a headline", None),
        ("<html><body><h1>Lamp out</h1></body></html>", "a web page without an article's text", None),
        ("id,name,town\n1,Ana,Oslo\n2,Bo,Bergen\n3,Cy,Bodo\n4,Di,Moss\n", "a table of values", None),
        ("编号,姓名,城市\n1,安娜,奥斯陆\n2,博,卑尔根\n3,西,博多\n4,迪,莫斯\n", "a table of values", None),
        ("id\tname\ttown\n1\tAna\tOslo\n2\tBo\tBergen\n3\tCy\tBodo\n", "a table of values", None),
        ("From: a@b.example\nTo: c@d.example\nSubject: Lamp\nDate: today\n\n" + PROSE, "an e-mail", None),
        ("{\\rtf1\\ansi Lamp out}", "an RTF document", None),
        ("WEBVTT\n\n00:00.000 --> 00:02.000\nLamp", "subtitles", None),
        ("#!/bin/sh\necho lamp\n", "a program", None),
    ],
)
def test_what_no_kind_reads_is_said_clearly(text: str, message: str, line: int | None) -> None:
    """One line names what the document is or where it is damaged."""
    with pytest.raises(DocumentError) as caught:
        extract(document(text))

    assert message in caught.value.problem.message
    assert caught.value.problem.line == line
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "Flags, new ones, rose.\nThey hang, all three, here.\nSo it is, says he, today.\nRed, white, blue\n",
        "港务局说,旧码头的灯周一熄灭,船只须远离礁石。\n灯将在本周内更换,费用由市政府承担,工程已开始。\n"
        "渔民说,他们等了很久,希望尽快修好。\n市长说,这是小事,很快会解决。\n",
        "It rained,the town said,for a third day in a row.\nIt poured,we saw,on the road to the north.\n"
        "It froze,they say,in the hills behind the town.\nIt snowed,too,in all of the islands.\n",
        "From: the harbour\n\n" + PROSE,
        "Date: 3 May 2025\nFrom: Oslo\n\n" + PROSE,
        PROSE,
    ],
)
def test_prose_is_no_table_and_no_mail(text: str) -> None:
    """Commas and colons in sentences are no fields."""
    assert claimants(text) == ["text capture"]
    assert refusal(document(text)) is None


def test_a_broken_feed_costs_its_last_entry() -> None:
    """What was read whole stays; the entry within which the feed breaks off is named with its line."""
    text = (
        "<rss version='2.0'><channel>\n<item><title>One</title><description>First.</description></item>\n"
        "<item><title>Two</title><description>Sec"
    )

    extraction = extract(document(text))

    assert [article.headline for article in extraction.articles] == ["One"]
    assert [str(problem) for problem in extraction.problems] == [
        "a:3: not well-formed: the feed breaks off within its last entry"
    ]


def test_ninjs_problems_and_articles_name_their_lines() -> None:
    """An item of a list is found by the line that it begins on."""
    text = f"[\n{NINJS},\n{NINJS.replace('headline', 'heading')}\n]"

    extraction = extract(document(text))

    assert [article.line for article in extraction.articles] == [2]
    assert [problem.line for problem in extraction.problems] == [3]


def test_each_article_has_a_language() -> None:
    """Stated or told by its words, in every kind; a stated one in another script is not believed."""
    for path in [*OURS, SEED]:
        for article in extract(document(path.read_text("utf-8"))).articles:
            assert article.language or len(" ".join(article.body)) < 40, (path.name, article.headline)
    page = (
        '<html lang="en"><body><article><h1>أغلق الميناء يوم الاثنين</h1><p>أغلق الميناء يوم الاثنين بعد أن '
        "اصطدمت عبارة بالرصيف القديم، وقال مدير الميناء إن التحقيق لا يزال جاريا.</p></article></body></html>"
    )

    (article,) = extract(document(page)).articles

    assert article.language == "ar"


def test_articles_hold_tuples_alone() -> None:
    """What every kind gives is frozen through and through."""
    for path in [*OURS, SEED]:
        for article in extract(document(path.read_text("utf-8"))).articles:
            values = asdict(article).values()
            assert not any(isinstance(value, (list, set, dict)) for value in values)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://post.example/2025/lamp-out-in-the-harbour", True),
        ("https://post.example/news/1234567.html", True),
        ("https://post.example/", False),
        ("https://post.example/world/", False),
        ("ftp://post.example/lamp-out-in-the-harbour", False),
        (None, False),
    ],
)
def test_text_of_one_article_has_the_address_of_its_capture(address: str | None, kept: bool) -> None:
    """An archive says where a text is from; a section's address is no article's."""
    lamp = PROSE + "\nThe ferry took no harm, its owner said, and nobody on board was hurt that night.\n"

    (article,) = extract(Document("a", "text/plain", lamp, None, "", address)).articles

    assert article.url == (address if kept else None)
