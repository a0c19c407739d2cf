"""The status feed says what went wrong, once, and keeps silent about what is usual."""

from __future__ import annotations

import sqlite3
from datetime import timedelta

import feedparser
import pytest

from feeds.config import Site
from feeds.model import Problem
from feeds.status import LISTED, MIGRATION, Event, Facts, Pulse, events, feed, keep, kept, note_run, runs
from feeds.write.atom import AtomWriter
from feeds.write.links import Links
from tests.conftest import NOW

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def pulse(gap: timedelta, silence: timedelta, articles: int = 12, slug: str = "countries/ir") -> Pulse:
    """Give a feed with an article every so often, and then none."""
    return Pulse(slug, "Iran", tuple(NOW - silence - n * gap for n in range(articles)))


def titles(facts: Facts, past: tuple[Event, ...] = ()) -> list[str]:
    """Give what is reported."""
    return [event.title for event in events(facts, past)]


def test_a_run_without_faults_reports_nothing() -> None:
    """No noise."""
    runs = tuple(NOW - n * HOUR for n in range(20, 0, -1))

    assert titles(Facts(NOW)) == []
    assert (
        titles(Facts(NOW, pulses=(pulse(DAY, DAY),), runs=runs, untagged=(1, 50), untagged_before=(1, 50)))
        == []
    )


def test_each_bad_document_is_named() -> None:
    """What it is, and the line that the run printed."""
    problems = (
        Problem("seeds/a.txt", None, "empty"),
        Problem("seeds/b.warc", None, "damaged at byte 7"),
        Problem("seeds/c.txt", 41, "a date that can't be"),
    )
    found = events(Facts(NOW, problems, barren=frozenset({"seeds/a.txt", "seeds/b.warc"})), ())

    assert [(e.title, e.text) for e in found] == [
        ("a.txt gave no article", "seeds/a.txt: empty"),
        ("b.warc gave no article", "seeds/b.warc: damaged at byte 7"),
        ("c.txt can't be read in full", "seeds/c.txt:41: a date that can't be"),
    ]


def test_very_many_bad_documents_are_counted() -> None:
    """A broken disk does not fill the reader."""
    problems = tuple(Problem(f"seeds/{n}.txt", None, "empty") for n in range(500))
    found = events(Facts(NOW, problems), ())

    assert len(found) == LISTED + 1
    assert found[-1].title == "480 more documents are newly bad"


@pytest.mark.parametrize(
    ("gap", "silence", "articles", "said"),
    [
        (DAY, 9 * DAY, 12, ["countries/ir has been quiet for 9 days"]),
        (DAY, 4 * DAY - HOUR, 12, []),
        (HOUR, 2 * DAY, 12, []),
        (HOUR, 3 * DAY, 12, ["countries/ir has been quiet for 3 days"]),
        (7 * DAY, 27 * DAY, 12, []),
        (7 * DAY, 28 * DAY, 12, ["countries/ir has been quiet for 28 days"]),
        (HOUR, 90 * DAY, 7, []),
    ],
)
def test_a_feed_is_quiet_by_its_own_measure(
    gap: timedelta, silence: timedelta, articles: int, said: list[str]
) -> None:
    """Four times its usual gap, three days at least, and only where there is a usual gap."""
    assert titles(Facts(NOW, pulses=(pulse(gap, silence, articles),))) == said


def test_a_feed_of_bursts_is_not_quiet_between_them() -> None:
    """Nor is one whose last pause was as long."""
    bursts = tuple(NOW - 6 * DAY - week * 7 * DAY - n * HOUR for week in range(5) for n in range(9))

    assert titles(Facts(NOW, pulses=(Pulse("topics/arrest", "Arrest", bursts),))) == []
    assert titles(Facts(NOW + 9 * DAY, pulses=(Pulse("topics/arrest", "Arrest", bursts),))) != []


def test_a_newsroom_that_is_quiet_is_one_entry() -> None:
    """Not one for each of its feeds."""
    feeds = [pulse(DAY, 9 * DAY, slug=f"countries/{n}") for n in range(99)]

    assert titles(Facts(NOW, pulses=(*feeds, pulse(DAY, 9 * DAY, slug="all")))) == [
        "all has been quiet for 9 days"
    ]


def test_a_batch_of_articles_is_one_beat() -> None:
    """Twenty that one run read do not make a gap of nothing usual."""
    once = Pulse("all", "All", (NOW - 9 * DAY,) * 20)

    assert titles(Facts(NOW, pulses=(once,))) == []


def test_a_quiet_feed_is_reported_once() -> None:
    """And again when it fell quiet again."""
    facts = Facts(NOW, pulses=(pulse(DAY, 9 * DAY),))
    first = events(facts, ())
    later = Facts(NOW + 5 * DAY, pulses=facts.pulses)
    assert events(later, first) == ()

    again = Pulse("countries/ir", "Iran", (*facts.pulses[0].seen, NOW + DAY))
    (second,) = events(Facts(NOW + 20 * DAY, pulses=(again,)), first)
    assert second.id != first[0].id


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ((12, 40), (5, 100), ["untagged articles rose from 5% to 30%"]),
        ((3, 40), (1, 100), []),
        ((12, 40), (20, 100), []),
        ((12, 15), (5, 100), []),
        ((12, 40), (0, 10), []),
        ((12, 40), (0, 100), ["untagged articles rose from 0% to 30%"]),
    ],
)
def test_untagged_articles_that_double_are_reported(
    now: tuple[int, int], before: tuple[int, int], said: list[str]
) -> None:
    """Where there are enough of them for it to mean something."""
    facts = Facts(NOW, untagged=now, untagged_before=before)

    assert titles(facts) == said
    assert titles(Facts(NOW + DAY, untagged=now, untagged_before=before), events(facts, ())) == []


def test_a_run_after_a_long_pause_says_so() -> None:
    """The feed can't change while cron is silent, but it can tell afterwards."""
    runs = tuple(NOW - 3 * DAY - n * HOUR for n in range(9, -1, -1))

    assert titles(Facts(NOW, runs=runs)) == ["feeds did not run for 3 days"]
    assert titles(Facts(NOW - 3 * DAY + 20 * HOUR, runs=runs)) == []
    assert titles(Facts(NOW, runs=runs[:3])) == []


def test_a_heartbeat_beats_as_configured() -> None:
    """Its absence is what a reader notices."""
    first = events(Facts(NOW, heartbeat=7), ())

    assert [e.title for e in first] == ["feeds is at work"]
    assert "2025-12-31" in first[0].text
    assert titles(Facts(NOW + 6 * DAY, heartbeat=7), first) == []
    assert titles(Facts(NOW + 7 * DAY, heartbeat=7), first) == ["feeds is at work"]


def test_the_same_facts_give_the_same_events() -> None:
    """Ids are of what is reported and when."""
    facts = Facts(NOW, (Problem("a", None, "x" * 500),), pulses=(pulse(DAY, 9 * DAY),), heartbeat=7)

    assert events(facts, ()) == events(facts, ())
    assert len({event.id for event in events(facts, ())}) == 3


def test_events_stay() -> None:
    """As they were reported, newest first, each once."""
    db = sqlite3.connect(":memory:")
    db.executescript(MIGRATION)
    first = events(Facts(NOW, (Problem("seeds/a.txt", 3, "empty"),)), ())
    second = events(Facts(NOW + DAY, heartbeat=7), ())
    keep(db, first)
    keep(db, (*first, *second))

    assert kept(db) == (*second, *first)
    assert kept(db, 1) == second
    db.close()


def test_the_last_runs_are_remembered() -> None:
    """Some dozens, each once."""
    db = sqlite3.connect(":memory:")
    db.executescript(MIGRATION)
    for n in range(60):
        note_run(db, NOW + n * HOUR)
        note_run(db, NOW + n * HOUR)

    assert runs(db) == tuple(NOW + n * HOUR for n in range(10, 60))
    db.close()


def test_the_feed_is_one_that_readers_take() -> None:
    """Entries with titles, texts and times of their own, written as every feed is."""
    past = events(
        Facts(NOW, tuple(Problem(f"seeds/{n}.txt", None, "empty") for n in range(3)), heartbeat=7), ()
    )
    one = feed("urn:uuid:00000000-0000-5000-8000-000000000000", "News", past, NOW)
    parsed = feedparser.parse(AtomWriter(Site(), Links()).write(one))

    assert not parsed.bozo
    assert parsed.feed.title == "News: status"
    assert len(parsed.entries) == 4
    assert len({entry.updated for entry in parsed.entries}) == 4
    assert {entry.title for entry in parsed.entries} >= {"0.txt can't be read in full", "feeds is at work"}
    assert parsed.feed.updated == parsed.entries[0].updated


def test_a_feed_without_events_is_valid() -> None:
    """It is there from the first run."""
    one = feed("urn:uuid:00000000-0000-5000-8000-000000000000", "News", (), NOW)

    assert (one.entries, one.updated) == ((), NOW)
