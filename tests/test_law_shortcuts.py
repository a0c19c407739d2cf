"""The law of shortcuts: what is looked at first, to save a search, changes nothing of what is found."""

from __future__ import annotations

import math
import re
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feeds import calendars
from feeds.extract import words, writers
from feeds.extract.lines import FEATURES
from feeds.extract.segment import _TELLING, GAPS, ROLES, Scores, possible, weights

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
BITS = st.lists(
    st.builds(
        lambda gap, some: gap | sum({1 << place for place in some} - set(GAPS)),
        st.sampled_from(sorted(GAPS)),
        st.lists(st.integers(0, len(FEATURES) - 1), min_size=1, max_size=9),
    ),
    max_size=30,
)


@cache
def _scores(plain: bool) -> tuple[Scores, Scores]:
    """Give the scores as they are, and such as follow every reading that is not hopeless."""
    full = Scores(weights(), plain)
    full._leads = ((math.inf,) * len(ROLES),) * len(ROLES)
    return Scores(weights(), plain), full


@settings(max_examples=300, deadline=None)
@given(BITS, st.dictionaries(st.integers(0, 29), st.sampled_from((-24.0, 0.5, 20.0))), st.booleans())
def test_no_reading_that_is_left_out_early_would_have_been_the_best(
    bits: list[int], leanings: dict[int, float], plain: bool
) -> None:
    """A role that trails by more than it can gain leads to no better reading."""
    short, full = _scores(plain)

    assert short.read(bits, leanings) == full.read(bits, leanings)


@settings(max_examples=300, deadline=None)
@given(BITS)
def test_the_features_that_tell_the_roles_are_all_looked_at(several: list[int]) -> None:
    """A line may play the roles that it may play by the features that are looked at."""
    for bits in several:
        assert possible(bits) == possible(bits & _TELLING)


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
def test_no_line_of_agencies_is_passed_over(text: str) -> None:
    """A line whose first word begins no agency names none alone."""
    bare = text.strip(" ()[]（）【】.")
    if source := words._SOURCE.match(bare):
        bare = bare[source.end() :]

    assert words.agency_alone(text) == (words._agency_of(bare) if len(text) <= 70 else None)
