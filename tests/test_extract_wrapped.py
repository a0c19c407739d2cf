"""Texts whose lines were broken at a column are put together again, and others left as they are."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.extract.text import printed as capture

TEXTS = (
    "The Danish parliament voted on Thursday to close the last coal-fired power plant of the country by the "
    "end of next year, two years earlier than planned.",
    "The plant, which supplies heat to thirty thousand homes, will be replaced by heat pumps and a boiler "
    "that burns wood chips, the minister said after the vote in the capital.",
    "Opposition parties said that the government had not explained who is going to pay for the change, and "
    "that the users of the network would have to wait for an answer until the spring.",
)


def printed(text: str) -> list[str]:
    """Give the lines as they are read."""
    return [line.text for line in capture.printed(text)]


@given(st.integers(50, 100), st.sampled_from(["\n\n", "\n\n\n"]), st.sampled_from(["", "    "]))
def test_paragraphs_come_back_from_any_column(width: int, between: str, margin: str) -> None:
    """With a margin or without; some columns part "coal-fired" at its hyphen."""
    wrapped = between.join(textwrap.fill(text, width) for text in TEXTS)

    assert printed(textwrap.indent(wrapped, margin)) == [*TEXTS]


@given(st.integers(50, 100))
def test_paragraphs_that_stand_in_need_no_blank_lines(width: int) -> None:
    """Their first lines tell where they begin."""
    assert printed("\n".join(textwrap.fill(text, width, initial_indent="   ") for text in TEXTS)) == [*TEXTS]


def test_two_columns_in_one_document_are_both_seen() -> None:
    """As in letters that follow one another."""
    text = "\n\n".join(textwrap.fill(text, width) for width in (60, 74) for text in TEXTS)

    assert printed(text) == [*TEXTS, *TEXTS]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(
            f"{what} closes for repairs after the storm of the {day} of the month"
            for day, what in enumerate(
                ("Bridge", "Harbour museum", "School", "The old town hall", "Ferry"), 1
            )
        ),
        "\n".join(TEXTS),
        "\n\n".join(TEXTS),
    ],
)
def test_lines_that_stand_for_themselves_are_left_alone(text: str) -> None:
    """Headlines of a list, and paragraphs of one line each."""
    assert printed(text) == [line for line in text.split("\n") if line]


def test_numbers_of_links_and_names_of_pictures_are_taken_away() -> None:
    """Where a text browser lists the links at the end; elsewhere a number in brackets is a note."""
    text = "The [1]ministry said so.\n\n[a.jpg] A boat.\n"

    assert printed(text)[:2] == ["The [1]ministry said so.", "[a.jpg] A boat."]
    assert printed(f"{text}\nReferences\n\n   1. https://a.example/\n")[:2] == [
        "The ministry said so.",
        "A boat.",
    ]


JAPANESE = (
    "石川県輪島市の仮設商店街が12日、約1年間の営業を終えた。最終日は朝から多くの住民が訪れ、店主らに感謝の言葉をかけた。",
    "商店街は2024年の地震の後に市が整備し、食料品店や理髪店など14の店が入って、仮設住宅で暮らす人々の生活を支えてきた。",
    "市によると、半数の店は新しい場所で営業を再開する予定で、残る店も年内に行き先を決めたいとしている。",
)


def test_paragraphs_of_a_script_without_spaces_are_left_alone() -> None:
    """A line of it is no long word that did not fit."""
    assert printed("\n".join(JAPANESE)) == [*JAPANESE]


@given(st.integers(40, 45))
def test_paragraphs_of_a_script_without_spaces_come_back(width: int) -> None:
    """They are joined without a space."""
    cut = ("\n".join(text[at : at + width] for at in range(0, len(text), width)) for text in JAPANESE)

    assert printed("\n\n".join(cut)) == [*JAPANESE]


def test_a_paragraph_that_ends_with_a_full_line_ends_there() -> None:
    """Where no blank lines part paragraphs, and it is long enough to be one."""
    first = (
        "Several dozen trawlers closed the entrance to the harbour of Brest on\n"
        "Wednesday morning, in protest against catch limits that fishermen say\n"
        "will put half of the Breton fleet out of business by the end of spring.\n"
        "They want the minister to come.\n"
    )
    full = first.replace(
        "They want the minister to come.\n",
        "They want the minister to come and to talk with them on the quay today.\n",
    )
    second = (
        "Ministers of the European Union agreed in December to cut the catch of\n"
        "sole and pollack in the western Channel by a third. Scientists say that\n"
        "stocks there have fallen to a level from which they may not recover.\n"
    )

    for text in (first, full):
        assert printed(text + second) == [" ".join(text.split()), " ".join(second.split())]


def test_a_line_that_is_printed_twice_is_not_one_that_was_broken() -> None:
    """A picture's words stand in two lines where a page gives them to those who can't see it too."""
    caption = "مراكب صيد في ميناء صغير على الساحل الشمالي (رويترز)"
    other = "قوارب في مرسى قديم جنوب المدينة قبل العاصفة (أ.ف.ب)"
    text = f"{caption}\n{caption}\nالرباط:«الصباح»\n\n{other}\n{other}\n"

    assert [line.text for line in capture.printed(text)] == [
        caption,
        caption,
        "الرباط:«الصباح»",
        other,
        other,
    ]
