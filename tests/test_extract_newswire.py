"""The news industry's own formats: NITF, NewsML-G2 and ninjs, taken as their suppliers state them."""

import json
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from feeds import vocab
from feeds.extract import kinds, newsmlg2, ninjs, nitf
from feeds.model import Caption, Document, DocumentError, Extraction, Problem, StatedDate, StatedSubject

FIXTURES = Path(__file__).parent / "fixtures" / "newswire"
TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
COUNTRIES = "http://cvx.iptc.org/iso3166-1a2/"


def document(text: str) -> Document:
    """A wire document as the reader hands it on."""
    return Document("wire", "application/octet-stream", text, None, "")


def fixture(name: str) -> Document:
    """A wire document of our own."""
    return document((FIXTURES / name).read_text("utf-8"))


def test_nitf_is_taken_as_stated() -> None:
    """Codes, place, writer, supplier and date come from the head; a caption keeps its credit."""
    (article,) = nitf.extract(fixture("bridge.nitf.xml")).articles

    assert article.headline == "Harbour bridge reopens"
    assert article.standfirst == "Ferries stop at noon"
    assert article.body == (
        "The harbour bridge opened on Tuesday—nine months late.",
        "The toll remains at 30 crowns.",
    )
    assert article.captions == (Caption("The bridge.", "Ola Berg"),)
    assert (article.byline, article.agency) == (("Mara Lindqvist",), "AP")
    assert article.dateline == "PORTVIK, Norway"
    assert article.guid == "ex-4711"
    assert article.image == "https://wire.example/b.jpg"
    assert article.language == "en"
    assert article.dates == (StatedDate("20240305T073000Z", "published", "metadata"),)
    assert article.subjects == (
        StatedSubject(TOPICS, "03000000"),
        StatedSubject(TOPICS, "20000337"),
        StatedSubject(COUNTRIES, "NO"),
    )
    assert article.line == 18


def newsml() -> Extraction:
    """What the NewsML-G2 fixture gives."""
    return newsmlg2.extract(fixture("bridge.g2.xml"))


def test_newsml_text_item_is_taken_as_stated() -> None:
    """Codes are read in the schemes that the document names; the version's time is the update."""
    (article,) = newsml().articles

    assert article.headline == "Hafenbrücke wieder offen"
    assert article.standfirst == "Die Fähren fahren nur noch bis Mittag."
    assert article.body == ("Die Brücke ist seit Dienstag offen.", "Die Maut bleibt.")
    assert (article.byline, article.agency) == (("Mara Lindqvist",), "dpa")
    assert article.dateline == "Portvik (dpa)"
    assert article.guid == "urn:newsml:wire.example:20240305:4711"
    assert article.url is None
    assert article.language == "de-DE"
    assert article.dates == (
        StatedDate("2024-03-05T08:30:00+01:00", "published", "metadata"),
        StatedDate("2024-03-05T11:00:00+01:00", "updated", "metadata"),
    )
    assert article.subjects == (
        StatedSubject(TOPICS, "20000338"),
        StatedSubject(TOPICS, "04000000"),
        StatedSubject(COUNTRIES, "NO"),
    )


def test_newsml_picture_gives_its_caption_to_the_text() -> None:
    """A picture item beside a text is no article of its own."""
    (article,) = newsml().articles

    assert article.captions == (Caption("Die Brücke am Dienstag.", "Ola Berg/dpa"),)


def test_cancelled_item_costs_itself() -> None:
    """What a supplier has taken back is not published."""
    assert newsml().problems == (Problem("wire", 34, "an item that its supplier has marked canceled"),)


def test_newsml_around_nitf_is_one_article() -> None:
    """The envelope's words come first, the text inside keeps what only it knows."""
    inner = (FIXTURES / "bridge.nitf.xml").read_text("utf-8").partition("<nitf")[2]
    text = (
        '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="urn:x:1"><itemMeta/><contentMeta>'
        "<headline>Bridge open again</headline></contentMeta><contentSet><inlineXML>"
        f'<nitf xmlns="http://iptc.org/std/NITF/2006-10-18/"{inner}</inlineXML></contentSet></newsItem>'
    )

    (article,) = newsmlg2.extract(document(text)).articles

    assert article.headline == "Bridge open again"
    assert article.dateline == "PORTVIK, Norway"
    assert len(article.body) == 2


def test_ninjs_is_taken_as_stated() -> None:
    """The main headline and the marked-up body win; codes come as addresses."""
    (article,) = ninjs.extract(fixture("bridge.ninjs2.json")).articles

    assert article.headline == "Harbour bridge reopens"
    assert article.body == ("The bridge opened on Tuesday.", "The toll remains.")
    assert (article.byline, article.agency) == (("Mara Lindqvist",), "Reuters")
    assert article.dateline == "Portvik"
    assert article.url == "https://wire.example/items/4711"
    assert article.captions == (Caption("The bridge on Tuesday.", "Ola Berg"),)
    assert article.image == "https://wire.example/b.jpg"
    assert [(date.kind, date.text) for date in article.dates] == [
        ("published", "2024-03-05T07:30:00Z"),
        ("updated", "2024-03-05T10:00:00Z"),
    ]
    assert article.subjects == (StatedSubject(TOPICS, "20000338"), StatedSubject(COUNTRIES, "NO"))


def test_third_generation_of_ninjs_reads_as_the_second() -> None:
    """Keys in camel case mean the same."""
    second = json.loads((FIXTURES / "bridge.ninjs2.json").read_text("utf-8"))
    camel = {"versioncreated": "versionCreated", "firstcreated": "firstCreated", "pubstatus": "pubStatus"}
    third = {camel.get(key, key): value for key, value in second.items()}

    assert ninjs.extract(document(json.dumps(third))) == ninjs.extract(fixture("bridge.ninjs2.json"))


def test_withheld_ninjs_item_costs_itself() -> None:
    """What a supplier withholds is named and left out; its sibling lives."""
    item = json.loads((FIXTURES / "bridge.ninjs2.json").read_text("utf-8"))

    extraction = ninjs.extract(document(json.dumps([item, {**item, "pubstatus": "withheld"}])))

    assert len(extraction.articles) == 1
    assert "marked withheld" in extraction.problems[0].message


def test_entities_of_a_document_stay_closed(tmp_path: Path) -> None:
    """No file comes in by an external entity, no bomb by an internal one."""
    (tmp_path / "secret").write_text("hidden words")
    bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    text = (
        f'<!DOCTYPE nitf [<!ENTITY l0 "lol"><!ENTITY s SYSTEM "file://{tmp_path}/secret">{bomb}]><nitf><body>'
        "<hedline><hl1>Lamp &s; &l9; out</hl1></hedline>"
        "<body.content><p>A &s; &l9;</p></body.content></body></nitf>"
    )

    (article,) = nitf.extract(document(text)).articles

    assert article.headline == "Lamp out"
    assert article.body == ("A",)


@pytest.mark.parametrize("name", ["bridge.nitf.xml", "bridge.g2.xml", "bridge.ninjs2.json"])
def test_exactly_one_kind_claims_each(name: str) -> None:
    """The formats are told from one another, and from feeds and pages, by their content."""
    assert len([kind for kind in kinds() if kind.claims(fixture(name))]) == 1


@pytest.mark.parametrize("text", ["<nitf/>", "<newsMessage/>", "<newsItem"])
def test_document_without_an_article_is_refused(text: str) -> None:
    """A wire document that gives nothing says so, or names what was wrong with its item."""
    kind = nitf if "nitf" in text else newsmlg2
    with pytest.raises(DocumentError):
        extraction = kind.extract(document(text))
        if extraction.problems:
            raise DocumentError("wire", extraction.problems[0].message)


def test_countries_by_three_letters_are_understood() -> None:
    """Older wires state NOR for Norway; every country has its code of three letters."""
    text = (FIXTURES / "bridge.nitf.xml").read_text("utf-8").replace('iso-cc="NO"', 'iso-cc="NOR"')
    (article,) = nitf.extract(document(text)).articles
    codes = tomllib.loads((resources.files("feeds.data") / "alpha3.toml").read_text("utf-8"))

    assert StatedSubject(COUNTRIES, "NO") in article.subjects
    assert set(codes.values()) == set(vocab.countries())
