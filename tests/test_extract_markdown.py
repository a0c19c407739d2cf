"""Captures in Markdown read as they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.calendars import date_line
from feeds.extract.markdown import is_marked, plain


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("# A bridge opens #", "A bridge opens"),
        ("## A course in C#", "A course in C#"),
        ("- - -", ""),
        ("-- a dash", "-- a dash"),
        (
            "By [Ana Costa](https://a.example/ana_(writer) 'Ana')",
            "By [Ana Costa](https://a.example/ana_(writer) 'Ana')",
        ),
        ('By [Ana Costa](https://a.example/ana_(writer) "Ana")', "By Ana Costa"),
        ("[![Logo](l.png)](/)", ""),
        ("![The bridge](b.jpg) *The bridge on Friday*", " The bridge on Friday"),
        ("It cost **two *million* euros**, he _said_.", "It cost two million euros, he said."),
        ("snake_case_names and 2 * 3 * 4 stay", "snake_case_names and 2 * 3 * 4 stay"),
        ("> a quotation", "a quotation"),
        ("a [note][1] and a lone [bracket]", "a note and a lone [bracket]"),
        ("[1]: https://a.example/", ""),
        ("1\\. March is no item", "1. March is no item"),
        ("* * *", ""),
        ("=====", ""),
        ("#hashtag", "#hashtag"),
    ],
)
def test_a_line_loses_its_marks(line: str, shown: str) -> None:
    """Links keep their words, pictures leave nothing."""
    assert plain(line) == shown


def test_only_what_has_several_marks_is_markdown() -> None:
    """A lone bracket, a hashtag or a number sign is none."""
    assert is_marked("[a](/a)\n[b](/b)\n[c](/c)\n")
    assert is_marked("# a\n\n## b\n\n**c**\n\n# d\n")
    assert not is_marked("He said [sic](and so on) that # 3 won.\n#one\n#two\n#three\n")


@given(st.text(st.sampled_from('ab1 \n#*_[]()!>`\\-=:/."'), max_size=200))
def test_every_line_stays_in_its_place(text: str) -> None:
    """A problem names a line of the document."""
    assert plain(text).count("\n") == text.count("\n")


def test_when_an_archive_took_a_text_in_is_no_date_of_it() -> None:
    """It is a day or more after it appeared."""
    assert date_line("LOAD-DATE: December 3, 2025") is None
