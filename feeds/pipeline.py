"""Run the steps in their order: take in what is new, then write what that changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from feeds import MANIFEST, __version__, selection, site, status, volume
from feeds.config import Config
from feeds.fixes import Fix
from feeds.glance import DUE, PENDING, UNTOLD, program, stamp
from feeds.intake import Intake
from feeds.job import Job, Progress, Report, Silent
from feeds.model import Document, DocumentError, Problem, Tag
from feeds.publish import Manifest, are_as_they_were, sweep
from feeds.scan import files as scan_files
from feeds.store import Store
from feeds.store.articles import Recovering, Withdrawn
from feeds.store.documents import Told
from feeds.store.records import Record
from feeds.suspect import Suspect
from feeds.understand import Understood, home, judge, understand

if TYPE_CHECKING:
    from feeds.tag.rules import Rules

_TO_RECONSIDER = "to-reconsider"  # the fact that articles have to be dated and tagged again
_RECOVERING = "recovering"  # the fact that documents are read anew by a store that was taken back
LOOK_AGAIN = timedelta(hours=1)  # a build with a status feed looks by itself, though nothing is new
PULSES = timedelta(days=90)  # of which the status feed knows how each feed moves
RECENT, COMPARED = timedelta(days=7), timedelta(days=28)  # whose shares of untagged articles it compares


def build(job: Job, progress: Progress | None = None, report: Report | None = None) -> Report:
    """Read what is new, remember it, and publish the feeds that it changes; `report` is filled as it goes."""
    shown = progress or Silent()
    return bring_up_to_date(
        job, lambda store, report: Intake(store, job, report, shown, Suspect(job.store)).run(), shown, report
    )


def bring_up_to_date(
    job: Job, take: Callable[[Store, Report], None], progress: Progress, report: Report | None = None
) -> Report:
    """Have articles taken into the store, and publish the feeds that they change.

    The store is committed before anything is written, with what is still to be written, so that a run
    that is killed loses nothing: the next one writes it.
    """
    report = report or Report()
    manifest = Manifest.load(job.output)
    report.is_first = manifest is None
    store = Store(job.store)
    try:
        with store:
            _warn_of_network(store, job, report)
            store.articles.by_hand = {iri: fix.keys for iri, fix in job.fixes.items() if fix.withdrawn}
            _take_back(store, job, manifest, report)
            _changed(store, job)
            store.articles.recovering = Recovering(int(store.fact(_RECOVERING) or 0))
            take(store, report)
            store.remember(_RECOVERING, None)
            if store.fact(_TO_RECONSIDER):
                _reconsider(store, job)
                store.remember(_TO_RECONSIDER, None)
            _settle_site(store, job, manifest)
            _note_status(store, job)
        undisturbed = are_as_they_were(job.output, store.files.folders())
        if not undisturbed:  # before the folders are noted as they are: what was left there would stay
            sweep(job.output)
        whole = job.full or site.is_behind(store, manifest, job.output, undisturbed=undisturbed)
        if whole or store.shelves.is_dirty() or store.fact(UNTOLD):
            with store:
                report.files, report.written, report.feeds = site.write(
                    store, job.config, job.output, job.now, progress, whole=whole, jobs=job.jobs
                )
            if whole:
                report.notices += selection.unmet(store.shelves.slugs().values(), job.config)
        else:
            report.feeds = int(store.fact("feeds") or 0)
        report.articles = store.shelves.total()
        report.problems = store.documents.untold(Told.READER)
        report.known_problems = store.documents.problem_count() - len(report.problems)
        _remember(store, job, report)
    finally:
        store.close()
    return report


def note_told(job: Job) -> None:
    """Note that the problems of a build's report were printed: no later one names them as new.

    A build that fails, or is killed before it comes to this, leaves them to the next one that ends well.
    """
    with closing(Store(job.store)) as store, store:
        store.documents.tell(Told.READER)


def _remember(store: Store, job: Job, report: Report) -> None:
    """Note what a later run needs to see at once that nothing is new."""
    facts = {
        "told": job.told or None,
        "manifest": stamp(str(job.output / MANIFEST)),
        "articles": str(report.articles),
        "feeds": str(report.feeds),
        "problems": str(store.documents.problem_count()),
    }
    if any(store.fact(name) != value for name, value in facts.items()):
        with store:
            for name, value in facts.items():
                store.remember(name, value)


def _warn_of_network(store: Store, job: Job, report: Report) -> None:
    """Say once where the store or the output lies on a network file system."""
    kind = volume.network(job.store.parent) or volume.network(job.output)
    if kind and store.fact("network") != kind:
        report.notices.append(f"{job.store.parent} or {job.output}: {volume.warning(kind)}")
    store.remember("network", kind)


def _take_back(store: Store, job: Job, manifest: Manifest | None, report: Report) -> None:
    """Take over what the output has and the store has not, where the store is lost or an older copy.

    Made last before any document is read: a run that is killed goes on with what was taken back.
    """
    site, theirs = store.fact("site"), manifest.generation if manifest else 0
    ours = int(store.fact("generation") or 0)
    is_older = manifest is not None and site == manifest.facts.get("site") and ours < theirs
    if site is not None and not is_older:
        return
    from feeds import recover

    rules, taken, met = job.rules(), 0, set[str]()
    for record in recover.records(job.output):
        if isinstance(record, Problem):
            report.notices.append(str(record))
        else:
            met.add(record.id)
            taken += _restore(store, job, record, rules)
    for record in recover.entries(job.output, met):
        taken += _restore(store, job, record, rules)
    version = _take_back_feeds(store, job.output, manifest) if manifest else ""
    if not (taken or theirs):
        return
    store.remember("generation", str(max(theirs, ours)))
    if taken:
        same = version == __version__
        store.remember(_RECOVERING, str(Recovering.SAME_VERSION if same else Recovering.OTHER_VERSION))
    why = "older than the output" if is_older else "no store there, but the output was written before"
    report.notices.append(f"{job.store}: {why}; articles taken back from {job.output}: {taken}; ids stay")
    store.commit()


def _restore(store: Store, job: Job, record: Record, rules: Rules) -> bool:
    from feeds.tag import tag

    found = tag(record.raw, home=home(job.config.sources, record.source, record.raw.url))
    tags = rules.apply(record.id, record.raw, found)
    return store.articles.restore(record, tags, selection.lanes(tags, job.config))


def _take_back_feeds(store: Store, output: Path, manifest: Manifest) -> str:
    """Have each feed keep its slug and its `updated`; give the version that wrote them."""
    from feeds import recover

    known = store.shelves.slugs().values()
    version = ""
    for feed in recover.feeds(output, manifest.files):
        if f"{feed.slug}.atom" in manifest.redirects:
            store.remember(f"moved {feed.slug}", feed.updated.isoformat())
        elif (feed.category or feed.slug == selection.ALL) and feed.slug not in known:
            store.shelves.put(feed.slug, store.shelves.number(feed.category), feed.updated, "[]")
        if feed.slug == selection.ALL:
            version = feed.version
    return version


def _changed(store: Store, job: Job) -> None:
    """Note where documents have to be read again, or articles tagged again.

    The first is so for another version of the program or its tables, and for what the configuration
    says of sources and zones; the second also for the user's own rules.
    """
    config = job.config
    reading = _note(store, "reading", [program(), config.site.time_zone, repr(config.sources)]) or job.full
    own = (config.topics, config.mixes, config.feeds.regions, config.feeds.partition, dict(job.fixes))
    rules = _note(store, "rules", [repr(own)])
    if reading:
        store.documents.forget_signatures()
    if rules:
        store.articles.withdraw_by_hand()
    if (reading or rules) and store.shelves.total():
        store.remember(_TO_RECONSIDER, "1")


def _settle_site(store: Store, job: Job, manifest: Manifest | None) -> None:
    """Choose the site's key once, for good; note where the same entries have to be written otherwise."""
    own = job.config.site
    kept = store.fact("site") or (manifest.facts.get("site") if manifest else None)
    store.remember("site", own.id or kept or own.base_url or "feeds")
    restyled = _note(store, "site-configuration", [program(), repr(job.config)])
    if restyled or job.full:
        store.files.forget_entries()
    if restyled:
        store.remember(PENDING, "1")
        store.advance()


def _note_status(store: Store, job: Job) -> None:
    """Keep what the status feed has to tell of this run, if there is to be one, and when to look again."""
    if not job.config.feeds.status:
        store.remember(DUE, None)
        return
    now, told = job.now, store.events
    problems = store.documents.untold(Told.STATUS_FEED)
    store.documents.tell(Told.STATUS_FEED)
    week, before = now - RECENT, now - RECENT - COMPARED
    facts = status.Facts(
        now,
        tuple(problems),
        told.barren(problem.source for problem in problems),
        tuple(status.Pulse(*row) for row in told.pulses(now - PULSES)),
        told.runs(),
        told.untagged(week, now + timedelta(seconds=1)),
        told.untagged(before, week),
        job.config.feeds.heartbeat,
    )
    new = status.events(facts, told.kept())
    told.keep(new)
    told.note_run(now)
    store.remember(DUE, (now + LOOK_AGAIN).isoformat())
    if new:
        store.remember(UNTOLD, "1")
        store.advance()


def _note(store: Store, name: str, parts: list[str]) -> bool:
    """Keep a fingerprint; say whether it is another one."""
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    if store.fact(name) == fingerprint:
        return False
    store.remember(name, fingerprint)
    return True


def _reconsider(store: Store, job: Job) -> None:
    """Date and tag the articles of which no document was read, after a change of tables or rules.

    Their words and their `updated` stay as they are.
    """
    rules = job.rules()
    for entry, bound in store.articles.untagged():
        raw = entry.article.raw
        dating, tags = judge(raw, entry.article.source, bound, job.config)
        final = rules.apply(entry.article.id, raw, tags)
        store.articles.reconsider(entry, dating, final, selection.lanes(final, job.config))


# --- without a store ------------------------------------------------------------------------------


def look(
    roots: Sequence[Path], config: Config, now: datetime
) -> Iterator[tuple[Document, tuple[Understood, ...]] | Problem]:
    """Give what would be read, without a store: each document with its articles, and each problem."""
    from feeds.read import read

    for found in scan_files(roots):
        try:
            for item in read(found):
                if isinstance(item, Problem):
                    yield item
                    continue
                judged = understand(item, config, now)
                yield from judged.problems
                if judged.articles or not judged.problems:
                    yield item, judged.articles
        except DocumentError as error:
            yield error.problem


def foresee(store: Store, config: Config, fixes: Mapping[str, Fix], current: Config) -> Iterator[str]:
    """Give a line for each entry that a configuration would add to a feed, or take from one.

    `current` is the configuration that stands. A line is the sign, the feed's slug, the article's id and
    its headline, by tabs. What is beyond the newest `feeds.limit` leaves a feed for its archives.
    """
    from feeds.tag.rules import Rules

    rules = Rules.of(config, fixes)
    before: dict[str, Sequence[Tag]] = {}
    after: dict[str, Sequence[Tag]] = {}
    headlines = {}
    withdrawn = {entry.article.id for entry in store.articles.entries_withdrawn_by_hand()}
    for entry in store.articles.entries(but_for=Withdrawn.BY_HAND):
        article = entry.article
        headlines[article.id] = article.raw.headline
        if article.id not in withdrawn:
            before[article.id] = article.tags
        if not fixes.get(article.id, Fix()).withdrawn:
            _, tags = judge(article.raw, article.source, article.first_seen, config)
            after[article.id] = rules.apply(article.id, article.raw, tags)
    known = store.shelves.slugs()
    slugs_before, slugs_after = (
        dict(zip(tags, selection.membership([*tags.values()], known, by), strict=True))
        for tags, by in ((before, current), (after, config))
    )
    for article_id, headline in headlines.items():
        old, new = slugs_before.get(article_id, set()), slugs_after.get(article_id, set())
        for sign, slugs in (("+", new - old), ("-", old - new)):
            yield from (f"{sign}\t{slug}\t{article_id}\t{headline}" for slug in sorted(slugs))
