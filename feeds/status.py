"""Say in a feed of its own what goes wrong: from facts about a run to events; pure."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from msgspec import Struct

from feeds.model import Article, Dating, Entry, Event, Feed, Problem, RawArticle

SLUG = "status"
EVERYTHING = "all"
_NAMESPACE = uuid.UUID("3f0f8f2e-6f3b-5d54-9c0e-0d6b5a3f7c11")
QUIET_TIMES = 4  # a feed is quiet after so many of its usual gaps
QUIET_LONGEST = 1.5  # and after so many of the longest of those gaps
QUIET_LEAST = timedelta(days=3)
QUIET_GAPS = 7  # fewer gaps than that say nothing about what is usual
UNTAGGED_TIMES = 2.0
UNTAGGED_LEAST = 0.1  # of the articles; below that a doubling is chance
UNTAGGED_ARTICLES = 20  # in each of the two samples
UNTAGGED_AGAIN = timedelta(days=7)
LATE_TIMES = 6  # a run is late after so many of the usual pauses between runs
LATE_LEAST = timedelta(hours=24)
LATE_GAPS = 5
LISTED = 20  # problems of one run with an entry each; the others are counted in one


class Pulse(Struct, frozen=True):
    """How a feed moves: when its newest articles were first seen, in any order."""

    slug: str
    title: str
    seen: tuple[datetime, ...]


class Facts(Struct, frozen=True):
    """What one run knows of itself and of those before it."""

    now: datetime
    problems: tuple[Problem, ...] = ()  # new in this run
    barren: frozenset[str] = frozenset()  # the sources among them that gave no article
    pulses: tuple[Pulse, ...] = ()
    runs: tuple[datetime, ...] = ()  # earlier ones, the last of them last; some dozens are enough
    untagged: tuple[int, int] = (0, 0)  # of the articles first seen in the last 7 days: untagged, all
    untagged_before: tuple[int, int] = (0, 0)  # the same of the 28 days before those
    heartbeat: int = 0  # days; feeds.heartbeat


def events(facts: Facts, past: Iterable[Event]) -> tuple[Event, ...]:
    """Give what is to be reported now and was not yet, in a fixed order.

    What goes on is reported once: a feed that stays quiet, a document that stays unreadable. It is
    reported anew when it happens anew, after the feed had moved or the document was readable.
    """
    latest: dict[str, datetime] = {}
    for event in past:
        latest[event.sign] = max(event.time, latest.get(event.sign, event.time))
    found = [
        *_of_problems(facts),
        *_of_quiet(facts, latest),
        *_of_untagged(facts, latest),
        *_of_late_run(facts),
        *_of_heartbeat(facts, latest),
    ]
    return tuple(found)


def _of_problems(facts: Facts) -> Iterable[Event]:
    """Each document that is newly bad; of very many the rest in one entry."""
    problems = list(dict.fromkeys(facts.problems))
    for problem in problems[:LISTED]:
        what = "gave no article" if problem.source in facts.barren else "can't be read in full"
        name = problem.source.rpartition("/")[2]
        yield _event(facts.now, f"problem {problem}", f"{name} {what}", str(problem))
    more = problems[LISTED:]
    if more:
        text = "\n".join(str(problem) for problem in more[: 5 * LISTED])
        yield _event(facts.now, "problems", f"{len(more)} more documents are newly bad", text)


def _of_quiet(facts: Facts, latest: dict[str, datetime]) -> Iterable[Event]:
    """Each feed without a new article for much longer than is usual; only that of all where it is one."""
    quiet = [(pulse, gap) for pulse in facts.pulses if (gap := _silent_against(pulse, facts.now))]
    everything = [(pulse, gap) for pulse, gap in quiet if pulse.slug == EVERYTHING]
    for pulse, gap in (everything or quiet)[:LISTED]:
        newest = max(pulse.seen)
        sign = f"quiet {pulse.slug}"
        if latest.get(sign, newest) <= newest:
            text = f"The newest article of {pulse.title} came on {newest:%Y-%m-%d}. {_usual(gap)}"
            title = f"{pulse.slug} has been quiet for {_span(facts.now - newest)}"
            yield _event(facts.now, sign, title, text)


def _silent_against(pulse: Pulse, now: datetime) -> timedelta | None:
    """Give the usual gap of a feed that is silent for too long; None for any other.

    Articles come in bursts: one gap in sixteen of a random row is four times the median. So the silence
    has to be longer than any that the feed had lately, too.
    """
    gaps = _gaps(pulse.seen)
    if len(gaps) < QUIET_GAPS:
        return None
    usual = _median(gaps)
    silence = now - max(pulse.seen)
    return usual if silence >= max(QUIET_TIMES * usual, QUIET_LONGEST * max(gaps), QUIET_LEAST) else None


def _of_untagged(facts: Facts, latest: dict[str, datetime]) -> Iterable[Event]:
    """A share of articles without a topic or country that has at least doubled."""
    (none, every), (none_before, every_before) = facts.untagged, facts.untagged_before
    if min(every, every_before) < UNTAGGED_ARTICLES:
        return
    share, before = none / every, none_before / every_before
    told = latest.get("untagged")
    if share < max(UNTAGGED_LEAST, UNTAGGED_TIMES * before) or (told and facts.now - told < UNTAGGED_AGAIN):
        return
    text = (
        f"Of the articles of the last 7 days, {none} of {every} ({share:.0%}) have no topic and no country; "
        f"in the four weeks before it was {none_before} of {every_before} ({before:.0%}). "
        "A source may have changed its layout or its language."
    )
    yield _event(facts.now, "untagged", f"untagged articles rose from {before:.0%} to {share:.0%}", text)


def _of_late_run(facts: Facts) -> Iterable[Event]:
    """A pause between two runs that was much longer than usual: said by the run that ended it."""
    gaps = _gaps(facts.runs)
    if len(gaps) < LATE_GAPS:
        return
    last, usual = max(facts.runs), _median(gaps)
    if facts.now - last >= max(LATE_TIMES * usual, LATE_LEAST):
        text = f"There was no run between {last:%Y-%m-%d %H:%M} and {facts.now:%Y-%m-%d %H:%M} UTC. "
        title = f"feeds did not run for {_span(facts.now - last)}"
        yield _event(facts.now, "late", title, text + _usual(usual))


def _of_heartbeat(facts: Facts, latest: dict[str, datetime]) -> Iterable[Event]:
    """A sign of life, as often as is configured."""
    last = latest.get("heartbeat")
    if facts.heartbeat and (last is None or facts.now - last >= timedelta(days=facts.heartbeat)):
        next_one = facts.now + timedelta(days=facts.heartbeat)
        text = (
            f"The next such entry is due on {next_one:%Y-%m-%d}. If it does not come, feeds no longer runs."
        )
        yield _event(facts.now, "heartbeat", "feeds is at work", text)


def _median(gaps: Sequence[timedelta]) -> timedelta:
    """Give the gap in the middle, the upper one of two."""
    return sorted(gaps)[len(gaps) // 2]


def _gaps(times: Iterable[datetime]) -> list[timedelta]:
    """Give the gaps between times, of which those of one run are one."""
    return [later - earlier for earlier, later in pairwise(sorted(set(times)))]


def _usual(gap: timedelta) -> str:
    return f"Usually there is one every {_span(gap)}."


def _span(span: timedelta) -> str:
    """Say how long, in one unit.

    >>> _span(timedelta(days=9, hours=5)), _span(timedelta(hours=1)), _span(timedelta(seconds=5))
    ('9 days', '1 hour', '1 minute')
    """
    units = ((86400, "day", 2), (3600, "hour", 1), (60, "minute", 0))
    size, unit = next((s, unit) for s, unit, least in units if span.total_seconds() >= s * least)
    number = max(int(span.total_seconds() // size), 1)
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _event(time: datetime, sign: str, title: str, text: str) -> Event:
    time = time.astimezone(UTC).replace(microsecond=0)
    if len(sign) > 80:  # of a problem with a long text
        sign = f"{sign.partition(' ')[0]} {hashlib.sha256(sign.encode()).hexdigest()[:32]}"
    made = uuid.uuid5(_NAMESPACE, f"{sign} {time.isoformat()}")
    return Event(f"urn:uuid:{made}", time, title, text, sign)


# --- as a feed --------------------------------------------------------------------------------------


def feed(feed_id: str, site_title: str, newest: Sequence[Event], since: datetime, total: int) -> Feed:
    """Give the status feed of the newest of so many events; without any its `updated` is `since`.

    No two entries share an `updated`: of those of one run each later one takes the next free second.
    """
    entries = []
    free: datetime | None = None
    for event in sorted(newest, key=lambda e: (e.time, e.id)):
        free = event.time if free is None or event.time > free else free + timedelta(seconds=1)
        entries.append(_entry(event, free))
    shown = tuple(reversed(entries))
    updated = shown[0].updated if shown else since
    subtitle = "What goes wrong, as the runs found it"
    return Feed(feed_id, SLUG, title(site_title), subtitle, updated, None, shown, total)


def title(site_title: str) -> str:
    """Give the status feed's title."""
    return f"{site_title}: status"


def _entry(event: Event, updated: datetime) -> Entry:
    raw = RawArticle(event.title, tuple(event.text.split("\n")))
    dating = Dating(event.time, "minute", "The time of the run that found it.")
    return Entry(Article(event.id, raw, dating, (), "", event.time), updated)
