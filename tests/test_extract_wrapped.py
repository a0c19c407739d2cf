"""Texts whose lines were broken at a column are put together again, and others left as they are."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.extract.lines import lines

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
    return [line.text for line in lines(text)]


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
