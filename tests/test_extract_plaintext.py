"""Text captures: what is an article in them, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.extract import plaintext
from feeds.model import Caption, Document, DocumentError, RawArticle

SEED = next((Path(__file__).parent.parent / "seeds").glob("000_*.txt"))


def document(text: str, media_type: str = "text/plain") -> Document:
    return Document("a.txt", media_type, text, None, "")


def articles(text: str) -> tuple[RawArticle, ...]:
    return plaintext.extract(document(text)).articles


def test_the_seed_gives_four_articles_whole() -> None:
    """The seed's four articles come out with every body paragraph, and nothing else in their bodies."""
    found = articles(SEED.read_text(encoding="utf-8"))

    assert [(article.line, len(article.body)) for article in found] == [(1, 31), (76, 13), (114, 6), (138, 8)]
    assert found[3].headline == "Iran Arrests Norwegian-Iranian Dual Citizen"
    assert found[0].body[0].startswith("Russian President Vladimir Putin received at the Kremlin")


def test_the_seed_gives_captions_once_with_their_credits() -> None:
    """A caption that is printed four times is one caption, its credit apart; `TT` is no agency."""
    found = articles(SEED.read_text(encoding="utf-8"))

    assert [caption.credit for article in found for caption in article.captions] == [
        "AFP",
        "Reuters",
        "File/Reuters",
        "File photo: Reuters",
    ]
    assert found[3].captions[0].text == "Iran's Evin Prison"
    assert [article.agency for article in found] == [None] * 4


PLAIN = """\
Harbour bridge closes for repairs

By Ada Fisher
12 March 2024

OSLO: The old bridge across the harbour will close for three months, the city council said on Tuesday.

Engineers found cracks in two of the bridge's piers last year and asked for repairs.

Buses will take another way while the bridge is closed.


Bakers win the right to open on Sundays

By Karl Holm
13 March 2024

BERGEN: Bakers may open their shops on Sundays from next year, parliament decided late on Wednesday.

The bakers had asked for the right to open for more than a decade.
"""


def test_two_articles_with_bylines_and_dates() -> None:
    """Headline, byline, date line, dateline and body each find their field."""
    bridge, bakers = articles(PLAIN)

    assert bridge.headline == "Harbour bridge closes for repairs"
    assert bridge.byline == ("Ada Fisher",)
    assert bridge.dateline == "OSLO"
    assert [(date.text, date.kind, date.place, date.line) for date in bridge.dates] == [
        ("12 March 2024", "published", "date line", 4)
    ]
    assert len(bridge.body) == 3
    assert bakers.line == 13
    assert len(bakers.body) == 2


def planted(line: str) -> RawArticle:
    """Give the article of a page with a line between two of its paragraphs."""
    page = f"""
Council Votes to Plant Ten Thousand Trees

By Peter Jones
2 December 2025

The city council voted on Tuesday to plant ten thousand trees along its main roads over the next five years.

{line}

The first trees will be planted in March, and schools are invited to take care of them, the mayor said.
"""
    (article,) = articles(page)
    return article


@pytest.mark.parametrize(
    "line",
    [
        "READ MORE: Which trees do well beside roads?",
        "RELATED STORY: Roads that lost their trees",
        "Read also: Roads that lost their trees",
        "WATCH | Mayor plants the first tree",
        "LEER MÁS: Las calles que perdieron sus árboles",
    ],
)
def test_a_line_that_leads_elsewhere_is_no_part_of_a_text(line: str) -> None:
    """It stands within a text, and belongs to no article."""
    article = planted(line)

    assert len(article.body) == 2
    assert article.dateline is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Ver más allá de las cifras es necesario, dijo el alcalde de la ciudad el martes ante los vecinos.",
        "Leer más libros ayuda a los niños, dijo la ministra, que visitó una escuela cercana al puerto.",
        "Related story lines from the show were cut, said its writers, for the budget had been too small.",
    ],
)
def test_a_sentence_that_begins_as_such_a_line_is_part_of_its_text(sentence: str) -> None:
    """What leads elsewhere has a colon, or says about what."""
    article = planted(sentence)

    assert article.body[1] == sentence


def test_explanation_names_each_line_with_role_and_reason() -> None:
    """`feeds show --explain` has a line for each printed line, in order."""
    found = plaintext.explain(document(PLAIN))

    assert [line.line for line in found][:4] == [1, 3, 4, 6]
    assert [line.role for line in found][:4] == ["headline", "byline", "date", "body"]
    assert all(line.why for line in found)


def test_nothing_written_is_an_error_that_says_so() -> None:
    """A blank capture is bad input, with what was expected."""
    with pytest.raises(DocumentError, match="an article was expected, but nothing is written there"):
        articles(" \n\n ")


def test_text_without_a_headline_is_an_article_without_one() -> None:
    """Texts that open with a dateline each are articles, though no headline is printed."""
    text = "\n\nOSLO, 3 May (Reuters) - " + "The council met again and put off the vote until next week. " * 3
    second = "\n\nBERGEN, 4 May (Reuters) - " + "The harbour opened again after the storm of last week. " * 3

    extraction = plaintext.extract(document(text + second))

    assert [(a.headline, a.dateline, a.line) for a in extraction.articles] == [
        ("", "OSLO", 3),
        ("", "BERGEN", 5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "<!DOCTYPE html><html><body>",
        '<?xml version="1.0"?><rss>',
        '{"version": "1"}',
        '[{"a": 1}]',
        "WARC/1.0\r\n",
    ],
)
def test_markup_and_data_are_no_text_captures(text: str) -> None:
    """Pages, feeds, JSON and archives are left to their own kinds."""
    assert not plaintext.claims(document(text))


def test_prose_is_claimed_even_when_it_speaks_of_markup() -> None:
    """A text that begins with a bracket or names a tag is still a text."""
    assert plaintext.claims(document("The <p> tag turns thirty\n\nIt was born with the web."))
    assert plaintext.claims(document("[Update] Storm passes\n\nThe storm has passed."))


def test_caption_without_credit_keeps_its_words() -> None:
    """Only a credit in brackets is taken from a caption's text."""
    text = PLAIN.replace("\n\nOSLO", "\n\nThe bridge in winter (NTB)\nThe bridge in winter (NTB)\n\nOSLO")

    assert articles(text)[0].captions == (Caption("The bridge in winter", "NTB"),)
