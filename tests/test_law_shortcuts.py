"""The law of shortcuts: what is looked at first, to save a search, changes nothing of what is found."""

from __future__ import annotations

import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds import calendars
from feeds.extract import words, writers

PIECES = (
    *(
        "Ana",
        "Ruiz",
        "O'Neil",
        "de",
        "and",
        "y",
        "und",
        "(and)",
        "AFP",
        "Reuters",
        "via",
        "von",
        "la",
        "the",
        "ran",
    ),
    *(
        "/",
        " / ",
        ",",
        ";",
        "&",
        " - ",
        "-AB",
        "–",
        "|",
        "+",
        " ",
        "  ",
        "\xa0",
        ".",
        ":",
        "(",
        ")",
        "é",
        "Ж",
        "मई",
    ),
    *("3", "2025", "31.", "12/05/2025", "10:15", "10.15", "5 p.m.", "午後 3:20", "令和元年5月3日", "٣"),
    *(
        "May",
        "мая",
        "Dezember",
        "mayo",
        "Septembre",
        "x" * 14,
        "x" * 15,
        "th",
        "'25",
        " in ",
        "Twitter",
        "@ana",
    ),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=12).map("".join) | st.lists(
    st.sampled_from(PIECES), max_size=9
).map(" ".join)


@settings(max_examples=500, deadline=None)
@given(TEXTS, st.sampled_from(((calendars._DATE, calendars._BEFORE_DIGIT), (calendars._CLOCK, 3))))
@example(f"{'x' * 14}.  3, 2025", (calendars._DATE, calendars._BEFORE_DIGIT))
@example("午後 3:20", (calendars._CLOCK, 3))
def test_a_date_is_found_from_its_digit(text: str, sought: tuple[re.Pattern[str], int]) -> None:
    """To begin some characters before the first digit misses nothing."""
    folded = calendars.ascii_digits(text)
    pattern, before = sought

    quick, slow = calendars._from_digit(pattern, folded, 0, before), pattern.search(folded)

    assert (quick and (quick.span(), quick.groups())) == (slow and (slow.span(), slow.groups()))


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_names_are_parted_where_they_were(text: str) -> None:
    """A text that seems to hold no separator is one that the search would not have parted."""
    assert words._listed(text) == words._LIST.split(text)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
@example("Ana Ruiz/Ana Ruiz/Ana Ruiz and Ana Ruiz und Ana Ruiz")  # marks hold names together
def test_no_line_of_names_is_passed_over(text: str) -> None:
    """Where most words can't be names, no names are found that make up half of the line."""
    bare = text.strip()
    whole = sum(len(name.split()) for name in writers._alone(bare).names)

    if bare[:1].isupper() and not writers._may_be_names(bare.split()):
        assert whole <= len(bare.split()) * 0.5


@settings(max_examples=500, deadline=None)
@given(TEXTS)
@example("/-AB(and)AFP")
def test_no_line_of_agencies_is_passed_over(text: str) -> None:
    """A line whose first word begins no agency names none alone."""
    bare = text.strip(" ()[]（）【】.")
    if source := words._SOURCE.match(bare):
        bare = bare[source.end() :]

    assert words.agency_alone(text) == (words._agency_of(bare) if len(text) <= 70 else None)
