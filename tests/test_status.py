"""The status feed says what went wrong, once, and keeps silent about what is usual."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import feedparser
import pytest

from feeds.config import Site
from feeds.model import Event, Problem
from feeds.status import LISTED, Facts, Pulse, events, feed
from feeds.store import Store
from feeds.write.atom import AtomWriter
from feeds.write.links import Links
from tests.conftest import NOW, Newsroom

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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give a new store."""
    with closing(Store(tmp_path / "feeds.db")) as store:
        yield store


def test_events_stay(store: Store) -> None:
    """As they were reported, newest first, each once."""
    first = events(Facts(NOW, (Problem("seeds/a.txt", 3, "empty"),)), ())
    second = events(Facts(NOW + DAY, heartbeat=7), ())
    store.events.keep(first)
    store.events.keep((*first, *second))

    assert store.events.kept() == (*second, *first)
    assert store.events.kept(1) == second
    assert store.events.count() == 2


def test_the_last_runs_are_remembered(store: Store) -> None:
    """Some dozens, each once."""
    for n in range(60):
        store.events.note_run(NOW + n * HOUR)
        store.events.note_run(NOW + n * HOUR)

    assert store.events.runs() == tuple(NOW + n * HOUR for n in range(10, 60))


def test_the_feed_is_one_that_readers_take() -> None:
    """Entries with titles, texts and times of their own, written as every feed is."""
    past = events(
        Facts(NOW, tuple(Problem(f"seeds/{n}.txt", None, "empty") for n in range(3)), heartbeat=7), ()
    )
    one = feed("urn:uuid:00000000-0000-5000-8000-000000000000", "News", past, NOW, 4)
    parsed = feedparser.parse(AtomWriter(Site(), Links()).write(one))

    assert not parsed.bozo
    assert parsed.feed.title == "News: status"
    assert len(parsed.entries) == 4
    assert len({entry.updated for entry in parsed.entries}) == 4
    assert {entry.title for entry in parsed.entries} >= {"0.txt can't be read in full", "feeds is at work"}
    assert parsed.feed.updated == parsed.entries[0].updated


def test_a_feed_without_events_is_valid() -> None:
    """It is there from the first run."""
    one = feed("urn:uuid:00000000-0000-5000-8000-000000000000", "News", (), NOW, 0)

    assert (one.entries, one.updated) == ((), NOW)


# --- in a newsroom --------------------------------------------------------------------------------

PLACES = ["Bergen", "Oslo", "Malmo", "Turku", "Riga", "Gdansk", "Bilbao", "Porto", "Genoa", "Split"]
STATUS = '[site]\nbase_url = "https://news.example/"\n[feeds]\nstatus = true\nformats = ["rss", "json"]\n'
CAPTURE = """{headline}

By Kari Nordmann

Published on 2 January 2024

Norway opened a new harbour this week, the work of many years as the council said on its first day.

The board said that ships could use it from the spring on, and that the fishing fleet would follow.
"""


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Give a newsroom with a status feed, and one article."""
    (newsroom.root / "feeds.toml").write_text(STATUS)
    newsroom.add("a.txt", CAPTURE.format(headline="Norway Opens a New Harbour"))
    return newsroom


def told(room: Newsroom) -> list[str]:
    """Give the titles of the status feed."""
    parsed = feedparser.parse((room.output / "status.atom").read_bytes())
    assert not parsed.bozo
    return [entry.title for entry in parsed.entries]


def test_there_is_none_unless_it_is_asked_for(newsroom: Newsroom) -> None:
    """One line switches it on, and off again: its files go."""
    newsroom.add("a.txt", CAPTURE.format(headline="Norway Opens a New Harbour"))
    newsroom.build()
    assert not list(newsroom.output.glob("status.*"))

    (newsroom.root / "feeds.toml").write_text("[feeds]\nstatus = true\n")
    newsroom.build()
    assert sorted(path.name for path in newsroom.output.glob("status.*")) == ["status.atom", "status.html"]
    (newsroom.root / "feeds.toml").write_text("[feeds]\nstatus = false\n")
    newsroom.build()
    assert not list(newsroom.output.glob("status.*"))


def test_a_capture_without_an_article_is_told(room: Newsroom) -> None:
    """Once, in every format, with a page to link to; the list of feeds names it."""
    room.build()
    assert told(room) == []
    empty = (room.output / "status.atom").read_bytes()
    assert b"status.atom" in (room.output / "feeds.opml").read_bytes()
    assert b'href="status.html"' in (room.output / "index.html").read_bytes()

    room.add("empty.txt", "")
    room.build(now=NOW + HOUR, code=1)
    assert told(room) == ["empty.txt gave no article"]
    assert (room.output / "status.atom").read_bytes() != empty
    link = feedparser.parse((room.output / "status.rss").read_bytes()).entries[0].link
    page, _, mark = link.partition("#")
    assert page == "https://news.example/status.html"
    assert f'id="{mark}"' in (room.output / "status.html").read_text()
    assert "empty.txt gave no article" in (room.output / "status.json").read_text()

    room.build(now=NOW + 3 * HOUR)
    assert told(room) == ["empty.txt gave no article"]
    assert room.run("check", "output", "--now", (NOW + 4 * HOUR).isoformat()).output == ""


def test_a_build_looks_again_though_nothing_is_new(room: Newsroom) -> None:
    """What is quiet, or was not at work for long, shows in no file."""
    for day in range(10):
        room.add(
            f"{day}.txt",
            CAPTURE.format(headline=f"{PLACES[day]} Opens a New Harbour")
            .replace("Norway", PLACES[day])
            .replace("many years", f"{day + 2} years"),
        )
        room.build(now=NOW + day * DAY)
    assert told(room) == []
    for day in range(10, 25):
        room.build(now=NOW + day * DAY)
    assert told(room) == ["all has been quiet for 4 days"]

    room.build(now=NOW + 60 * DAY)
    assert "feeds did not run for 36 days" in told(room)


def test_what_was_told_outlives_a_kill(room: Newsroom) -> None:
    """It is kept before it is written; the next run writes it."""
    room.build()
    room.add("empty.txt", "")
    (room.output / "status.rss").unlink()
    (room.output / "status.rss").mkdir()  # the writing fails
    assert room.run("build", "--now", (NOW + HOUR).isoformat()).exit_code == 74
    (room.output / "status.rss").rmdir()

    assert [p["source"] for p in room.build(now=NOW + HOUR, code=1)["problems"]] == ["seeds/empty.txt"]
    assert told(room) == ["empty.txt gave no article"]


def test_the_list_of_feeds_names_it(room: Newsroom) -> None:
    """With how much it told."""
    room.add("empty.txt", "")
    room.build(code=1)

    assert room.run("list", "feeds").stdout.splitlines()[-1] == "status\tFeeds: status\t1\t0"


def test_a_heartbeat_comes_without_news(room: Newsroom) -> None:
    """As often as is configured."""
    (room.root / "feeds.toml").write_text(f"{STATUS}heartbeat = 7\n")
    for day in range(15):
        room.build(now=NOW + day * DAY)
    assert told(room) == ["feeds is at work"] * 3
