"""Times that are told in words, and lines whose date is not the article's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feeds.calendars import ago, date_line
from feeds.extract.text.observed import observed
from feeds.extract.text.printed import printed


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("منذ ساعة", 1),
        ("قبل ساعتين", 2),
        ("تین گھنٹے قبل", 3),
        ("یک ساعت پیش", 1),
        ("час назад", 1),
        ("два часа назад", 2),
        ("bir saat önce", 1),
        ("vor drei Stunden", 3),
        ("hace dos horas", 2),
        ("há uma hora", 1),
        ("il y a deux heures", 2),
        ("due ore fa", 2),
    ],
)
def test_a_number_may_be_a_word_or_left_out(text: str, hours: int) -> None:
    """An hour ago is read in each language as it is said there."""
    found = ago(text)

    assert found is not None
    assert found.least == timedelta(hours=hours)


def test_a_sentence_about_a_day_is_no_date_line() -> None:
    """What happened on a day is told in small letters; names and sections beside a date are not."""
    assert date_line("The club was founded on 3 May 1925") is None
    assert date_line("Ada Fisher | 3 May 2025") is not None


def test_the_day_of_a_picture_dates_no_article() -> None:
    """A line that speaks of a photo is a caption, whatever date it ends with."""
    (seen,) = observed(printed("File photo: 3 May 2025"))

    assert seen.date is None
