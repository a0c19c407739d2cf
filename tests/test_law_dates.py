"""The law: a date is read as it was printed or not at all, and it is never past its capture."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.calendars import ago, clock, date_line, printed_dates, short_dates, zone_after
from feeds.dates import date
from feeds.model import DateKind, DatePlace, RawArticle, StatedDate

TABLE = tomllib.loads((resources.files("feeds.data") / "calendar.toml").read_text("utf-8"))
MONTHS = [
    (language, number, spelling)
    for language, names in TABLE["months"].items()
    for number, spellings in enumerate(names, 1)
    for spelling in spellings.split("|")
    if spelling and spelling not in TABLE["months_by_language"]
]
PIECES = st.sampled_from(
    [
        *"0123456789:/.-, '|()",
        "2025",
        "May",
        "3",
        "ago",
        "hours",
        "Updated",
        "مايو",
        "年",
        "月",
        "Uhr",
        "GMT+",
        "1404",
        "am",
    ]
)


@pytest.mark.parametrize(("language", "number", "spelling"), MONTHS)
def test_each_months_name_is_read_in_any_case(language: str, number: int, spelling: str) -> None:
    """No name of a month means another one in another language, however it is written."""
    upper = spelling.upper() if len(spelling.upper()) == len(spelling) else spelling
    for text in (f"3 {spelling} 2025", f"3. {spelling.capitalize()} 2025", f"03 {upper} 2025"):
        assert [(d.year, d.month, d.day) for d in printed_dates(text)] == [(2025, number, 3)], text


def test_solar_years_are_turned_into_ours_by_their_own_calendar() -> None:
    """Known first days of Iranian years."""
    march = {
        1395: 20,
        1396: 21,
        1399: 20,
        1400: 21,
        1401: 21,
        1402: 21,
        1403: 20,
        1404: 21,
        1408: 20,
        1409: 21,
    }

    for year, day in march.items():
        (found,) = printed_dates(f"1 فروردین {year}")
        assert (found.year, found.month, found.day) == (year + 621, 3, day)


@given(
    st.lists(
        st.tuples(
            st.text(max_size=20) | st.lists(PIECES, max_size=30).map("".join),
            st.sampled_from(["published", "updated"]),
            st.sampled_from(["metadata", "date line", "dateline"]),
        ),
        max_size=3,
    ),
    st.integers(631_152_000, 2_051_222_400).map(lambda second: datetime.fromtimestamp(second, UTC)),
    st.sampled_from([None, "en", "en-US", "fr", "fa", "hr"]),
)
@settings(max_examples=300)
def test_no_date_is_past_its_capture(
    stated: list[tuple[str, DateKind, DatePlace]], captured: datetime, language: str | None
) -> None:
    """Whatever an article says of its time, it is dated by its capture at the latest, and in UTC."""
    dates = tuple(StatedDate(text, kind, place, None, captured.isoformat()) for text, kind, place in stated)

    found = date(RawArticle("Lamp out", ("The lamp is out.",), dates=dates, language=language), captured)

    for moment in filter(None, (found.published, found.updated)):
        assert moment.utcoffset() == timedelta(0)
        assert moment <= captured
    assert found.basis.endswith(".")


@given(st.text(max_size=300) | st.lists(PIECES, max_size=120).map("".join))
@settings(max_examples=300)
def test_any_line_is_read_or_refused(text: str) -> None:
    """No line is an error, and what is found stands within it."""
    for found in (*printed_dates(text), *short_dates(text)):
        assert 0 <= found.start < found.end <= len(text)
    line = date_line(text)
    ago(text)
    clock(text)
    zone_after(text)

    assert line is None or line.stated is not None
