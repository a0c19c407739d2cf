"""Whatever the clock does, `updated` never goes back and never lies below `published`."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.model import Dating, Document, RawArticle
from feeds.store import Store
from tests.conftest import NOW, Newsroom, capture

START = datetime(2024, 2, 28, 22, 0, tzinfo=UTC)  # before a leap day
ARTICLES = 3


class Step(NamedTuple):
    """A capture of an article at some hour by the clock, in some words, with a date or none."""

    hours: int
    article: int
    words: int
    dated: int | None
    copy: bool
    stated: bool


STEPS = st.builds(
    Step,
    st.integers(-200, 200),
    st.integers(0, ARTICLES - 1),
    st.integers(0, 3),
    st.none() | st.integers(-300, 300),
    st.booleans(),
    st.booleans(),
)


def article(step: Step) -> RawArticle:
    """Give its words; the headline is the same in all versions, and so is how it begins."""
    lead = f"Norway opened harbour {step.article} this week, after long talks with the city of Bergen."
    return RawArticle(
        f"Norway opens harbour {step.article}", (lead, f"Version {step.words} of what was said.")
    )


@settings(max_examples=30, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=12))
def test_updated_never_goes_back_and_never_lies_below_published(steps: list[Step]) -> None:
    """Under clocks that jump, dates that come and go, edits, copies, and captures in any order."""
    with TemporaryDirectory() as folder, closing(Store(Path(folder) / "feeds.db")) as store:
        before: dict[str, datetime] = {}
        for number, step in enumerate(steps):
            now = START + timedelta(hours=step.hours)
            published = None if step.dated is None else min(START + timedelta(hours=step.dated), now)
            dating = Dating(published, "minute" if published else None, "It says so.")
            source = f"{step.article}{'copy' if step.copy else ''}.txt"
            document = Document(source, "text/plain", "", now, str(number), captured_stated=step.stated)
            with store:
                store.documents.see(source, str(number), document, [])
                row = store.documents.number(source)
                store.articles.keep(document, row, [(article(step), dating, ())], now, reread=False)
            after = {entry.article.id: entry for entry in store.articles.entries()}
            moments = [entry.updated for entry in after.values()]

            assert all(after[iri].updated >= moment for iri, moment in before.items())
            assert all(e.updated >= (e.article.dating.published or e.updated) for e in after.values())
            assert len(set(moments)) == len(moments)
            before = {iri: entry.updated for iri, entry in after.items()}


def test_a_clock_that_went_back_moves_no_feed_back(newsroom: Newsroom) -> None:
    """An edit under a clock of last week is still later than what it replaces."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = newsroom.feed()
    newsroom.add("a.txt", capture(headline="Norway Opens New Bergen Harbour After Long Talks"))
    newsroom.build(now=NOW - timedelta(days=7))
    after = newsroom.feed()

    assert after.entries[0].updated > before.entries[0].updated
    assert after.feed.updated >= after.entries[0].updated


@pytest.mark.parametrize("zone", ["Europe/Oslo", "America/St_Johns", "Pacific/Apia", "Asia/Tehran"])
@pytest.mark.parametrize("day", ["30 March 2025 02:30", "26 October 2025 02:30", "29 February 2024 23:59"])
def test_hours_that_a_zone_leaves_out_or_has_twice_are_dates_all_the_same(
    newsroom: Newsroom, zone: str, day: str
) -> None:
    """They are read within a day of what is printed; a day that there is not is no date."""
    headline = "Norway Opens a New Harbour in Bergen at Night"
    text = "Norway opened a new harbour in Bergen this week, after years of talks with the city council."
    newsroom.add("a.txt", f"{headline}\n\n{day}\n\n{text}\n\n{text} It said so.\n")
    newsroom.add(
        "b.txt", f"{headline.replace('Norway', 'Sweden')}\n\n29 February 2025\n\n{text} So it was.\n"
    )
    (newsroom.root / "feeds.toml").write_text(f'[site]\ntime_zone = "{zone}"\n')
    newsroom.build()

    entries = {entry.title.split()[0]: entry for entry in newsroom.feed().entries}
    printed = datetime.strptime(day, "%d %B %Y %H:%M").replace(tzinfo=UTC)
    published = datetime.fromisoformat(entries["Norway"].published)
    assert abs(published - printed) <= timedelta(hours=14)
    assert entries["Norway"].updated >= entries["Norway"].published
    assert "published" not in entries["Sweden"]


@pytest.mark.parametrize("moment", ["0001-01-01", "9999-12-31T23:59:59Z", "1969-12-31"])
def test_a_clock_that_no_machine_has_is_refused(newsroom: Newsroom, moment: str) -> None:
    """Times near it would not exist."""
    result = newsroom.run("build", "--now", moment)

    assert result.exit_code == 2
    assert "is not between 1970 and 9000" in result.stderr


@pytest.mark.parametrize("epoch", ["-1", "1e9", "253402300799", "9" * 30, "²"])
def test_a_source_date_epoch_that_is_none_is_refused(
    newsroom: Newsroom, epoch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In one line."""
    from click.testing import CliRunner

    from feeds.cli import main

    monkeypatch.chdir(newsroom.root)
    result = CliRunner().invoke(main, ["build"], env={"SOURCE_DATE_EPOCH": epoch})

    assert (result.exit_code, result.stderr.count("\n")) == (78, 1)
