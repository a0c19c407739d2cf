"""Dates: what an article states about itself, what may be inferred, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feeds.dates import date
from feeds.extract import plaintext
from feeds.model import Caption, Document, RawArticle, StatedDate

SEED = next((Path(__file__).parent.parent / "seeds").glob("000_*.txt"))


def article(
    *dates: StatedDate,
    lead: str = "The council met.",
    caption: str | None = None,
    language: str | None = None,
) -> RawArticle:
    captions = (Caption(caption),) if caption else ()
    return RawArticle("A headline", (lead,), captions=captions, dates=dates, language=language)


def line(text: str) -> StatedDate:
    return StatedDate(text, "published", "date line", 3)


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 12, tzinfo=UTC)


def test_the_seed_dates_one_of_its_four_articles() -> None:
    """Only the second has good evidence: its caption's Sunday and the Monday of its lead."""
    document = Document("a.txt", "text/plain", SEED.read_text(encoding="utf-8"), None, "")

    found = [date(raw, None) for raw in plaintext.extract(document).articles]

    assert [dating.published for dating in found] == [None, noon(2025, 12, 22), None, None]
    assert found[1].inferred
    assert found[1].precision == "day"
    assert (
        found[1].basis == "Inferred: its caption is dated Sunday 21 December 2025, and its lead says Monday."
    )
    assert found[0].basis == "It prints no date of its own."


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Friday, 31 March 2023", (2023, 3, 31)),
        ("June 20, 2023", (2023, 6, 20)),
        ("Publié le 3 août 2024", (2024, 8, 3)),
        ("28. Juli 2024", (2024, 7, 28)),
        ("5 de mayo de 2021", (2021, 5, 5)),
        ("12 Ağustos 2022", (2022, 8, 12)),
        ("7 сентября 2020", (2020, 9, 7)),
        ("29 يوليو 2025", (2025, 7, 29)),
        ("٢٩ تموز ٢٠٢٥", (2025, 7, 29)),
        ("۱ فروردین ۱۴۰۳", (2024, 3, 20)),
        ("2024年5月9日", (2024, 5, 9)),
        ("2024년 5월 9일", (2024, 5, 9)),
        ("16.04.2024", (2024, 4, 16)),
    ],
)
def test_dates_are_read_in_many_languages(text: str, day: tuple[int, int, int]) -> None:
    """A date line of its own is read as it is printed, to the day."""
    found = date(article(line(text)), None)

    assert found.published == noon(*day)
    assert found.precision == "day"
    assert found.basis.startswith("Line 3 states “")


def test_time_of_day_is_told_in_the_outlets_zone_or_the_printed_one() -> None:
    """A printed zone wins; without one the outlet's zone is used."""
    tokyo = timezone(timedelta(hours=9))

    assert date(article(line("17:41 JST, October 13, 2024")), None).published == datetime(
        2024, 10, 13, 8, 41, tzinfo=UTC
    )
    assert date(article(line("October 13, 2024 5:41 PM")), None, tokyo).published == datetime(
        2024, 10, 13, 8, 41, tzinfo=UTC
    )


def test_an_hour_without_a_zone_says_what_it_was_read_as() -> None:
    """The outlet's zone is an assumption: whoever reads the hour should know."""
    tokyo = ZoneInfo("Asia/Tokyo")
    told = [
        date(article(line("20 November 2026, 14:05")), None).basis,
        date(article(line("20 November 2026, 14:05")), None, tokyo).basis,
        date(article(line("20 November 2026, 14:05 GMT")), None, tokyo).basis,
        date(article(line("20 November 2026")), None, tokyo).basis,
    ]

    assert told == [
        "Line 3 states “20 November 2026, 14:05”; no zone is printed, and the hour is read as UTC.",
        "Line 3 states “20 November 2026, 14:05”; no zone is printed, and the hour is read as Asia/Tokyo.",
        "Line 3 states “20 November 2026, 14:05 GMT”.",
        "Line 3 states “20 November 2026”.",
    ]


def test_metadata_are_read_with_their_zone() -> None:
    """An ISO 8601 date of a page's metadata is exact."""
    stated = StatedDate("2024-02-03T04:05:06+02:00", "published", "metadata")

    found = date(article(line("1 January 2020"), stated), None)

    assert (found.published, found.precision) == (datetime(2024, 2, 3, 2, 5, 6, tzinfo=UTC), "minute")


def test_day_and_month_that_may_be_swapped_are_settled_or_refused() -> None:
    """03/04/2025 is two days; a weekday or a language with one order settles it."""
    assert date(article(line("03/04/2025")), None).published is None
    assert date(article(line("Thursday 03/04/2025")), None).published == noon(2025, 4, 3)
    assert date(article(line("Monday 03/04/2025")), None).published is None
    assert date(article(line("03/04/2025"), language="fr"), None).published == noon(2025, 4, 3)
    assert date(article(line("23/04/2025")), None).published == noon(2025, 4, 23)


def test_update_alone_is_no_publication() -> None:
    """An article that tells only its update has no date of publication."""
    found = date(article(StatedDate("Updated 2 May 2025", "updated", "date line", 3)), None)

    assert found.published is None
    assert found.updated == noon(2025, 5, 2)


def test_date_after_the_capture_is_refused() -> None:
    """The capture bounds every date, with a day's grace for other time zones."""
    captured = datetime(2025, 5, 1, 9, tzinfo=UTC)

    assert date(article(line("2 May 2025")), captured).published == captured
    refused = date(article(line("4 May 2025")), captured)
    assert refused.published is None
    assert (
        refused.basis == "It states “4 May 2025”, which is later than its capture, so that date is refused."
    )
    assert date(article(line("1 May 2025")), captured).published == captured


@pytest.mark.parametrize(
    ("lead", "caption"),
    [
        ("The ministers met on Monday.", "A file photo of the ministry, December 21, 2025."),
        ("The ministers met on Friday.", "The ministry, December 21, 2025."),
        ("The ministers met.", "The ministry, December 21, 2025."),
        ("The ministers met on Monday, after talks on Sunday.", "The ministry, December 21, 2025."),
        ("The ministers met on Monday, 22 December 2025.", "The ministry in winter."),
    ],
)
def test_weak_evidence_dates_nothing(lead: str, caption: str) -> None:
    """File photos, disagreeing weekdays, several weekdays and dates in the text give no date."""
    assert date(article(lead=lead, caption=caption), None).published is None


def test_relative_time_dates_nothing() -> None:
    """`3 hours ago` without a date is said to tell no day."""
    found = date(article(line("3 hours ago")), None)

    assert found.published is None
    assert found.basis == "It prints “3 hours ago”, which does not tell the day."
