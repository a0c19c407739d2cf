"""What the reading of single lines leaves to the page is taken back where the lines around it tell."""

from __future__ import annotations

import pytest

from feeds.extract import words
from feeds.extract.amend import amend
from feeds.extract.lines import lines
from tests.test_extract_heads import ITEMS, TEXT, read

HEAD = "Reservoirs fall to lowest level in forty years"
LAST = "The reservoirs of the hills are to be watched each week, the companies said on Thursday."


@pytest.mark.parametrize("between", ["ADVERTISEMENT\n", "Read more: Ferry to the island runs aground\n"])
def test_a_text_goes_on_below_an_advertisement(between: str) -> None:
    """If it speaks of the same matter."""
    found = read(f"{HEAD}\n12 March 2025\n\n{TEXT}\n{between}{LAST}\n\nMost read\nFerry runs aground\n")

    assert [one.body for one in found] == [(*TEXT.split("\n"), LAST)]


@pytest.mark.parametrize("credit", ["Ada Lind/The Sentinel", "Ada Lind", "ICNF"])
def test_a_caption_is_known_by_the_name_behind_its_sentence(credit: str) -> None:
    """Also where nobody knows who supplied it."""
    said = f"A man walks over the dry bed of the reservoir near the old dam. {credit}"
    found = lines(f"{HEAD}\nBy Helen Marsh\n12 March 2025\nShare\n{said}\n{TEXT}\n")
    reading = ["headline", "head byline", "head date", "head furniture", "head furniture", "body", "body"]
    amend(found, reading)

    assert (reading[4], found[4].credit) == ("head caption", credit)


def test_a_text_begins_over_its_first_picture() -> None:
    """Also where its first paragraph was left to the head, if it speaks of the same matter."""
    lead, more = TEXT.split("\n")
    found = lines(
        f"{HEAD}\nShare\n{lead}\nThe reservoir on Tuesday. (Photo: Reuters)\n{lead[:-1]} again. {more}\n"
    )
    reading = ["headline", "head furniture", "head furniture", "head caption", "body"]
    amend(found, reading)

    assert reading == ["headline", "head furniture", "body", "body caption", "body"]


@pytest.mark.parametrize(
    "last",
    [
        "Helen Marsh is a reporter who writes about water and the companies that sell it.",
        "To read more about the reservoirs of the south, sign up for our weekly newsletter.",
    ],
)
def test_words_about_the_writer_and_the_paper_are_no_text(last: str) -> None:
    """Though they stand where a last paragraph may stand."""
    found = lines(f"{HEAD}\nBy Helen Marsh\n{TEXT}\n{last}\n")
    reading = ["headline", "head byline", "body", "body", "page"]
    amend(found, reading)

    assert reading[-1] == "page"


def test_blocks_on_several_matters_are_articles() -> None:
    """Where a blank line parts them and nothing else, as on the page of a printed paper."""
    blocks = [
        (title, (text, f"The {title.split()[0].lower()} is to be heard of again.")) for title, text in ITEMS
    ]
    found = read("\n\n".join("\n".join((title, *texts)) for title, texts in blocks))

    assert [(one.headline, one.body) for one in found] == blocks


def test_blocks_on_one_matter_are_parts_of_an_article() -> None:
    """They speak of the same names."""
    parts = [
        "How Sarrión brought back its school\nBy Ana Ruiz\n12 March 2025\n"
        "Sarrión had no school for eleven years. Since September it has one again, with nine children and a "
        "teacher from Teruel.\nThe village owes it to truffles, which have drawn young families to Sarrión.",
        "A harvest under the oaks\nIn the nineties the farmers planted oaks. Today Sarrión sells more black "
        "truffles than any other place near Teruel.\nThe harvest needs dogs and hands in winter.",
        "Nine children and a stove\nThe teacher drives forty kilometres from Teruel each morning. She has "
        "three classes in one room and would not change it.\nThey teach one another in Sarrión.",
    ]

    assert len(read("\n\n".join(parts))) == 1


@pytest.mark.parametrize(
    ("caption", "credit"),
    [
        ("三峡船闸恢复通航。 李明 摄", "李明"),
        ("高雄輕軌列車行經駁二。記者陳大同／攝影", "記者陳大同"),
        ("工事が続く羊蹄トンネル＝2024年11月、北海道倶知安町、佐々木健一撮影", "佐々木健一"),
        ("부산 북항 재개발 조감도. 부산시 제공", "부산시"),
        ("这座桥在市中心。", None),
    ],
)
def test_who_took_a_picture_may_stand_before_the_verb(caption: str, credit: str | None) -> None:
    """As in Chinese, Japanese and Korean."""
    assert words.credit(caption) == credit


def test_a_japanese_caption_ends_with_day_and_place() -> None:
    """Behind a sign of its own."""
    assert words.closes_caption("営業最終日を迎えた仮設商店街＝12日午後、石川県輪島市")
    assert not words.closes_caption("1＝2")


@pytest.mark.parametrize("head", [f"{HEAD}\n12 March 2025\n", f"12 March 2025\n{HEAD}\nHelen Marsh\n"])
def test_a_text_that_was_left_to_the_page_has_its_headline_over_or_under_a_date(head: str) -> None:
    """As the second of two short articles has, below the links of the first."""
    found = lines(f"Ferry runs aground\nHills burn\n\n{head}{TEXT}\n")
    reading = ["page"] * len(found)
    amend(found, reading)

    assert [line.text for line, role in zip(found, reading, strict=True) if role == "headline"] == [HEAD]
    assert reading[-2:] == ["body", "body"]


def test_short_paragraphs_follow_a_text_of_one_long_paragraph() -> None:
    """They stand no further off than the text does from what is above it."""
    long = (
        "Der Kanton hat im vergangenen Jahr so viele Velowege gebaut wie nie zuvor. Baudirektor Jon Caduff "
        "sprach am Montag von dreissig Kilometern, die meisten davon im Tal."
    )
    short = ("Weitere zwanzig Kilometer folgen demnach bis zum Herbst.", "Die Gemeinden begrüssten den Plan.")
    text = "\n\n".join(("Kanton baut Velowege", "Von Ida Frei", long, *short, "Quelle: Amt", "Anzeige"))
    (article,) = read(text)

    assert article.body == (long, *short)
