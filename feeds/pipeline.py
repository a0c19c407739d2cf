"""Run the steps in their order; the only place that catches what goes wrong in one document."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from feeds import MANIFEST, __version__, selection, site, status, volume
from feeds.config import Config
from feeds.fixes import Fix
from feeds.glance import DUE, PENDING, UNTOLD, program, stamp
from feeds.model import Dating, Document, DocumentError, Problem, RawArticle, Tag
from feeds.publish import Manifest, sweep
from feeds.scan import BUDGET, Found, Look, Scan
from feeds.scan import files as scan_files
from feeds.store import Store
from feeds.store.articles import Recovering
from feeds.store.records import Record

if TYPE_CHECKING:
    from feeds.tag.rules import Rules

SOME_FILES = 32  # fewer are read in this process: to start others costs more
_TO_RECONSIDER = "to-reconsider"  # the fact that articles have to be dated and tagged again
_RECOVERING = "recovering"  # the fact that documents are read anew by a store that was taken back
ALONE = (
    1_000_000  # bytes: a larger file may be a container, and is opened by the process that keeps the order
)
LAST = 2000  # documents after which what was read is made to last

LOOK_AGAIN = timedelta(hours=1)  # a build with a status feed looks by itself, though nothing is new
PULSES = timedelta(days=90)  # of which the status feed knows how each feed moves
RECENT, COMPARED = timedelta(days=7), timedelta(days=28)  # whose shares of untagged articles it compares

log = logging.getLogger("feeds")
Understood = tuple[RawArticle, Dating, tuple[Tag, ...]]


class Progress(Protocol):
    """Shows how a build gets on."""

    def start(self, files: int, size: int) -> None:
        """Begin with so many files to read, of so many bytes."""

    def step(self, size: int, articles: int) -> None:
        """Note that so many bytes were read, and how many articles a document gave."""

    def end(self) -> None:
        """Note that all were read."""


class Silent:
    """Shows nothing."""

    def start(self, files: int, size: int) -> None:
        """Show nothing."""

    def step(self, size: int, articles: int) -> None:
        """Show nothing."""

    def end(self) -> None:
        """Show nothing."""


@dataclass(frozen=True, slots=True)
class Job:
    """One build: what is read, where it goes, and the clock."""

    roots: Sequence[Path]
    output: Path
    store: Path
    config: Config
    now: datetime
    fixes: Mapping[str, Fix] = field(default_factory=dict)  # by article id
    full: bool = False  # read every document and write every file again
    verify: bool = False  # look at every file, also in folders that did not change
    jobs: int = 1  # processes that extract and tag
    told: str = ""  # all that the build depends on beside captures and store; see glance.py


@dataclass(slots=True)
class Report:
    """What a build did. `problems` are the new ones, `known_problems` counts those reported before."""

    documents: int = 0
    read: int = 0
    changed: int = 0
    articles: int = 0
    feeds: int = 0
    files: list[str] = field(default_factory=list)  # that were written or removed, the first of them
    written: int = 0  # how many those are
    problems: list[Problem] = field(default_factory=list)
    known_problems: int = 0
    is_first: bool = False  # nothing was written there before
    notices: list[str] = field(default_factory=list)


def build(job: Job, progress: Progress | None = None) -> Report:
    """Read what is new, remember it, and publish the feeds that it changes."""
    return bring_up_to_date(job, lambda store, report: Intake(store, job, report, progress or Silent()).run())


def bring_up_to_date(job: Job, take: Callable[[Store, Report], None]) -> Report:
    """Have articles taken into the store, and publish the feeds that they change.

    The store is committed before anything is written, with what is still to be written, so that a run
    that is killed loses nothing: the next one writes it.
    """
    report = Report()
    manifest = Manifest.load(job.output)
    report.is_first = manifest is None
    store = Store(job.store)
    try:
        with store:
            _warn_of_network(store, job, report)
            _take_back(store, job, manifest, report)
            _changed(store, job)
            store.articles.recovering = Recovering(int(store.fact(_RECOVERING) or 0))
            take(store, report)
            store.remember(_RECOVERING, None)
            if store.fact(_TO_RECONSIDER):
                _reconsider(store, job)
                store.remember(_TO_RECONSIDER, None)
            _settle_site(store, job, manifest)
            _note_status(store, job, report)
        whole = job.full or site.is_behind(store, manifest, job.output)
        if whole or store.shelves.is_dirty() or store.fact(UNTOLD):
            sweep(job.output)
            with store:
                report.files, report.written, report.feeds = site.write(
                    store, job.config, job.output, job.now, whole=whole, jobs=job.jobs
                )
        else:
            report.feeds = int(store.fact("feeds") or 0)
        report.articles = store.shelves.total()
        _remember(store, job, report)
    finally:
        store.close()
    return report


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

    rules, taken, met = _rules(job), 0, set[str]()
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


def _note_status(store: Store, job: Job, report: Report) -> None:
    """Keep what the status feed has to tell of this run, if there is to be one, and when to look again."""
    if not job.config.feeds.status:
        store.remember(DUE, None)
        return
    now, told = job.now, store.events
    week, before = now - RECENT, now - RECENT - COMPARED
    facts = status.Facts(
        now,
        tuple(report.problems),
        told.barren(problem.source for problem in report.problems),
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
    rules = _rules(job)
    for entry, bound in store.articles.untagged():
        raw = entry.article.raw
        dating, tags = judge(raw, entry.article.source, bound, job.config)
        final = rules.apply(entry.article.id, raw, tags)
        store.articles.reconsider(entry, dating, final, selection.lanes(final, job.config))


def _rules(job: Job) -> Rules:
    from feeds.tag.rules import Rules

    return Rules.of(job.config, job.fixes)


# --- from files to the store ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A document of a file, what is wrong with it, or (None) its end; without a file, a folder's end.

    Where the item is the file itself, it was not opened yet, and nothing of it follows.
    """

    look: Look
    found: Found | None
    item: Document | Problem | Found | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What a document gave, dated and tagged, and what was wrong."""

    articles: tuple[Understood, ...]
    problems: tuple[Problem, ...]


@dataclass(slots=True)
class Intake:
    """Brings a store up to date with the files under a job's roots."""

    store: Store
    job: Job
    report: Report
    progress: Progress
    _rules: Rules | None = None
    _containers: set[str] = field(default_factory=set)  # that are being read
    _places: dict[str, int] = field(default_factory=dict)  # how far those were read
    _problems: list[Problem] = field(default_factory=list)  # of the file that is being read
    _looked: list[tuple[bytes, int, int]] = field(default_factory=list)  # folders, as they were found

    def run(self) -> None:
        """Find what is new, read it and keep what it gives."""
        scan = self._scan()
        files, size, few = self._survey(scan)
        if files:
            self.store.check()
            self._rules = _rules(self.job)
            self.progress.start(files, size)
            several = self.job.jobs > 1 and (files >= SOME_FILES or size >= SOME_FILES * 65536)
            if few is None:  # they were too many to keep: look again
                self._looked.clear()
                scan = self._scan()
            self._read(self.job.jobs if several else 1, scan.looks() if few is None else few)
            self.progress.end()
        self._settle(scan)
        self.report.known_problems = self.store.documents.problem_count() - len(self.report.problems)

    def _scan(self) -> Scan:
        known = self.store.documents.folders()
        return Scan(self.job.roots, time.time_ns(), known, self.job.output, self.job.verify)

    def _survey(self, scan: Scan) -> tuple[int, int, list[Look] | None]:
        """Give how many files are to be read, their bytes and, where they are few, their folders.

        Notes what is gone.
        """
        files = size = 0
        few: list[Look] = []
        for look in scan.looks():
            new, gone = self._compare(look)
            self.store.documents.mark_gone(gone)
            files += len(new)
            size += sum(found.size for found in new)
            if not new:
                self._note(look)
            elif files <= LAST:
                few.append(look)
        for folder in scan.gone():
            self.store.documents.drop_folder(folder)
        self.report.documents = scan.files
        return files, size, few if files <= LAST else None

    def _compare(self, look: Look) -> tuple[list[Found], list[str]]:
        """Give the files of a folder that are new or changed, and the sources that are gone."""
        known = self.store.documents.in_folder(look.folder)
        new = [found for found in look.files if known.get(found.source) != found.signature]
        if len(known) == len(look.files) and not new:
            return new, []
        met = {found.source for found in look.files}
        return new, [source for source in known if source not in met]

    def _note(self, look: Look) -> None:
        self._looked.append((look.folder, look.changed, len(look.files)))

    def _settle(self, scan: Scan) -> None:
        """Keep how the folders were found, where that saves a later run something.

        Only when all is read: a folder that is known is looked into no more, and those in it that are not
        known yet would be missed, by a second look or by the run after one that was killed.
        """
        for folder, changed, files in self._looked:
            seen = scan.known.get(folder)
            moved = seen and seen.changed != changed and scan.files > BUDGET
            if seen is None or moved or seen.files != files:
                self.store.documents.file_folder(folder, changed, files)

    def _read(self, workers: int, looks: Iterable[Look]) -> None:
        """Read what is new, folder by folder, and make it last now and then."""
        judged_pieces = self._judged_alone(looks) if workers == 1 else self._judged(looks, workers)
        for count, (piece, judged) in enumerate(judged_pieces, 1):
            if piece.found:
                self._take(piece, piece.found, judged)
            else:
                self._note(piece.look)
            if count % LAST == 0:
                self.store.commit()

    def _judged_alone(self, looks: Iterable[Look]) -> Iterator[tuple[Piece, Judged | None]]:
        """Give each piece of the new files, a document with what it gave."""
        for look in looks:
            for found in self._compare(look)[0]:
                yield from self._opened(look, found)
            yield Piece(look, None, None), None

    def _opened(self, look: Look, found: Found) -> Iterator[tuple[Piece, Judged | None]]:
        """Give the pieces of a file, each document with what it gave."""
        work = partial(understand, config=self.job.config, now=self.job.now)
        for piece in self._pieces(look, found):
            yield piece, work(piece.item) if isinstance(piece.item, Document) else None

    def _judged(self, looks: Iterable[Look], workers: int) -> Iterator[tuple[Piece, Judged | None]]:
        """Do as `_judged_alone` does with the help of other processes, in the same order.

        They open the small files, too. What turns out to be a container is read here: it has an order, and
        may hold much.
        """
        from feeds.jobs import Died, Pool

        _warm_up()
        waiting: deque[Piece] = deque()  # in this process: a worker gets the item alone

        def items() -> Iterator[Document | Found | None]:
            for piece in self._unopened(looks):
                waiting.append(piece)
                yield None if isinstance(piece.item, Problem) else piece.item

        pool = Pool(partial(_understand_any, config=self.job.config, now=self.job.now), workers)
        for item, result in pool.map(items()):
            if isinstance(result, Died):
                message = "it ended the process that read it, such as for want of memory"
                fatal = Problem(item.source if item else "", None, message)
                yield from self._told(waiting.popleft(), fatal)
            else:
                yield from self._told(waiting.popleft(), result)

    def _unopened(self, looks: Iterable[Look]) -> Iterator[Piece]:
        """Give the pieces of the new files, small files as they are."""
        for look in looks:
            for found in self._compare(look)[0]:
                if found.size <= ALONE:
                    yield Piece(look, found, found)
                else:
                    yield from self._pieces(look, found)
            yield Piece(look, None, None)

    def _told(
        self, piece: Piece, result: tuple[Document, Judged] | Problem | None
    ) -> Iterator[tuple[Piece, Judged | None]]:
        """Give a piece with what another process made of it, a file with its end."""
        if isinstance(piece.item, Found):
            if result is None:
                yield from self._opened(piece.look, piece.item)
                return
            document, judged = (result, None) if isinstance(result, Problem) else result
            yield replace(piece, item=document), judged
            yield replace(piece, item=None), None
        elif isinstance(result, Problem):
            yield piece, Judged((), (result,))
        else:
            yield piece, result[1] if result else None

    def _pieces(self, look: Look, found: Found) -> Iterator[Piece]:
        """Give the documents of a file, what is wrong with it, and its end."""
        from feeds.read import read

        try:
            for item in read(found, partial(self._is_kept, found), partial(self._moved, found)):
                yield Piece(look, found, item)
        except DocumentError as error:
            yield Piece(look, found, error.problem)
        except Exception as error:
            yield Piece(look, found, unexpected(found.source, error))
        yield Piece(look, found, None)

    def _is_kept(self, found: Found, source: str) -> bool:
        """Say whether a member of an archive was taken in by a run that did not come to the archive's end."""
        return source != found.source and self.store.documents.known(source)[0] == found.signature

    def _moved(self, found: Found, place: int) -> None:
        """Tell how far the reading of an archive came."""
        self.progress.step(place - self._places.get(found.source, 0), 0)
        self._places[found.source] = place

    def _take(self, piece: Piece, found: Found, judged: Judged | None) -> None:
        """Keep what a piece of a file gives."""
        item = piece.item
        if isinstance(item, Problem):
            self._problems.append(item)
        elif isinstance(item, Document) and judged is not None:
            self._take_document(found, piece.look.folder, item, judged)
            self.progress.step(0, len(judged.articles))
        else:
            self._end(found, piece.look.folder)

    def _end(self, found: Found, folder: bytes) -> None:
        self.report.read += 1
        if found.source in self._containers or self._problems or not self._is_known(found):
            self._see(found, folder, None, self._problems)
        self._containers.discard(found.source)
        self._problems = []
        self.progress.step(found.size - self._places.pop(found.source, 0), 0)

    def _is_known(self, found: Found) -> bool:
        return self.store.documents.known(found.source)[0] == found.signature

    def _see(
        self, found: Found, folder: bytes, document: Document | None, problems: Sequence[Problem]
    ) -> None:
        new = self.store.documents.see(found.source, found.signature, document, problems, folder=folder)
        self.report.problems.extend(new)

    def _take_document(self, found: Found, folder: bytes, document: Document, judged: Judged) -> None:
        """Keep a document's articles and what was wrong with it."""
        documents, articles = self.store.documents, self.store.articles
        same = document.digest == documents.known(document.source)[1]
        self.report.notices.extend(f"{document.source}: {notice}" for notice in document.notices)
        if document.source == found.source:
            self._see(found, folder, document, judged.problems)
        else:
            if found.source not in self._containers:  # its members refer to it
                documents.see(found.source, "", None, [], folder=folder)
                self._containers.add(found.source)
            new = documents.see(
                document.source, found.signature, document, judged.problems, container=found.source
            )
            self.report.problems.extend(new)
        assert self._rules is not None
        self.report.changed += articles.keep(
            document,
            documents.number(document.source),
            judged.articles,
            seen_at(document, self.job.now),
            reread=same,
            rules=self._rules.apply,
            lanes=partial(selection.lanes, config=self.job.config),
        )


def seen_at(document: Document, now: datetime) -> datetime:
    """Give when a document's articles were first seen: by the crawler that recorded it, else now.

    What an old archive holds is no news: undated, it would stand at the head of every feed.
    """
    return min(document.captured, now) if document.recorded and document.captured else now


def _understand_any(
    item: Document | Found | None, config: Config, now: datetime
) -> tuple[Document, Judged] | Problem | None:
    """Give a document, without its text, with what it gave; or None, also for a file that is a container."""
    from feeds.read import read_alone

    try:
        document = read_alone(item) if isinstance(item, Found) else item
    except DocumentError as error:
        return error.problem
    except Exception as error:
        return unexpected(item.source if item else "", error)
    return (replace(document, text=""), understand(document, config, now)) if document else None


def _warm_up() -> None:
    """Load what every worker needs before there are workers, so that they share it."""
    import feeds.extract
    import feeds.tag  # noqa: F401

    judge(RawArticle("Norway", ("Norway opened a harbour.",)), "", datetime(2000, 1, 1, tzinfo=UTC), Config())


def understand(document: Document, config: Config, now: datetime) -> Judged:
    """Extract, date and tag the articles of a document."""
    from feeds.extract import extract

    try:
        extraction = extract(document)
        bound = min(document.captured or now, now)
        articles = tuple((raw, *judge(raw, document.source, bound, config)) for raw in extraction.articles)
        return Judged(articles, extraction.problems)
    except DocumentError as error:
        return Judged((), (error.problem,))
    except Exception as error:
        return Judged((), (unexpected(document.source, error),))


def unexpected(source: str, error: Exception) -> Problem:
    """Note a fault of ours: it must cost only this document."""
    log.exception("%s: unexpected", source)
    return Problem(source, None, f"unexpected {type(error).__name__}: {error}")


def judge(raw: RawArticle, source: str, bound: datetime, config: Config) -> tuple[Dating, tuple[Tag, ...]]:
    """Date and tag an article that can't be later than `bound`, before the user's own rules."""
    from feeds import dates
    from feeds.tag import tag

    return dates.date(raw, bound, config.zone()), tag(raw, home=home(config.sources, source, raw.url))


def home(sources: Mapping[str, str], source: str, url: str | None) -> str | None:
    """Give the home country of an outlet as configured: by its URL's host, or by a folder of the source.

    >>> home({"news.example": "NO"}, "seeds/a.txt", "https://www.news.example/1")
    'NO'
    """
    host = (urlsplit(url).hostname or "") if url else ""
    for key, code in sources.items():
        if host == key or host.endswith(f".{key}") or source.startswith(f"{key.rstrip('/')}/"):
            return code
    return None


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
    its headline, by tabs.
    """
    from feeds.tag.rules import Rules

    rules = Rules.of(config, fixes)
    before, after, told = [], [], []
    for entry in store.articles.entries():
        article = entry.article
        _, tags = judge(article.raw, article.source, article.first_seen, config)
        before.append(article.tags)
        after.append(rules.apply(article.id, article.raw, tags))
        told.append(f"{article.id}\t{article.raw.headline}")
    known = store.shelves.slugs()
    slugs_before = selection.membership(before, known, current)
    slugs_after = selection.membership(after, known, config)
    for line, old, new in zip(told, slugs_before, slugs_after, strict=True):
        for sign, slugs in (("+", new - old), ("-", old - new)):
            yield from (f"{sign}\t{slug}\t{line}" for slug in sorted(slugs))


def utc_now() -> datetime:
    """Give the clock in whole seconds, UTC; called at the edge alone."""
    return datetime.now(UTC).replace(microsecond=0)
