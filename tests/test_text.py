"""Text is made fit for XML and for comparison."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.text import fold, legal, one_line


@given(st.text())
def test_legal_text_is_taken_by_lxml_and_stays_as_it_is(text: str) -> None:
    """Any text becomes one that XML can hold, and doing it twice changes nothing."""
    once = legal(text)

    etree.Element("a").text = once
    assert legal(once) == once
    assert "\r" not in once and "\ufffd" not in once


@given(st.text(), st.integers(5, 300))
def test_one_line_is_one_line_of_at_most_the_limit(text: str, limit: int) -> None:
    """A headline never breaks a list."""
    line = one_line(text, limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    """Ids hang on it: a folded text must be its own fold."""
    assert fold(fold(text)) == fold(text)
