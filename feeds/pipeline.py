"""Run the steps in their order; the only place that catches what goes wrong in one document."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import feeds
from feeds import dates, read, selection
from feeds.config import Config
from feeds.extract import extract
from feeds.fixes import Fix
from feeds.identity import feed_id
from feeds.model import Dating, Document, DocumentError, Feed, Problem, RawArticle, Tag
from feeds.publish import Manifest, complete, publish, sweep
from feeds.store import Store
from feeds.tag import tag
from feeds.tag.rules import Rules

INDEX_ENTRIES = 20  # newest articles on the index page

log = logging.getLogger("feeds")
Progress = Callable[[Iterable[read.Found], int], Iterable[read.Found]]
Understood = tuple[RawArticle, Dating, tuple[Tag, ...]]


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


@dataclass(slots=True)
class Report:
    """What a build did. `problems` are the new ones, `known_problems` counts those reported before."""

    documents: int = 0
    read: int = 0
    changed: int = 0
    articles: int = 0
    feeds: int = 0
    files: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    known_problems: int = 0
    is_first: bool = False  # nothing was written there before
    notices: list[str] = field(default_factory=list)


def build(job: Job, progress: Progress = lambda items, _: items) -> Report:
    """Read what is new, remember it, and publish the feeds that it changes.

    The store is committed before anything is written, so that a run that is killed loses nothing:
    the next one sees by the manifest that the files are behind the store, and writes them.
    """
    report = Report()
    sweep(job.output)
    manifest = Manifest.load(job.output)
    report.is_first = manifest is None
    fresh = not job.store.exists()
    if fresh and manifest:
        report.notices.append(
            f"{job.store}: no store there, but {job.output} was written before; made anew, ids stay"
        )
    store = Store(job.store)
    try:
        with store:
            reading, rules = _changed(store, job)
            own = Rules.of(job.config, job.fixes)
            changed = _take_in(store, job, own, report, progress)
            if reading or rules:
                _reconsider(store, job, own)
            if _other_site(store, job) or reading or rules or changed:
                _advance(store)
            facts = _facts(store, job, manifest)
            behind = manifest is None or manifest.facts != facts or not complete(manifest, job.output)
            shells = _plan(store, job, facts["site"]) if behind or job.full else []
        report.articles = store.total()
        report.feeds = len(shells) or len(
            [p for p in manifest.files if p.endswith(".atom")] if manifest else []
        )
        if shells:
            report.files = publish(_render(store, job, shells), job.output, facts)
    finally:
        store.close()
    return report


def _changed(store: Store, job: Job) -> tuple[bool, bool]:
    """Say whether documents have to be read again, and whether the user's rules are others.

    The first is so for another version of the program or its tables, and for what the configuration
    says of sources and zones.
    """
    config = job.config
    reading = _note(store, "reading", [_program(), config.site.time_zone, repr(config.sources)]) or job.full
    rules = _note(
        store, "rules", [repr((config.topics, config.mixes, config.feeds.regions, dict(job.fixes)))]
    )
    if reading:
        store.forget_signatures()
    return reading, rules


def _other_site(store: Store, job: Job) -> bool:
    """Say whether the configuration would write the same entries otherwise."""
    return _note(store, "site-configuration", [_program(), repr(job.config)])


def _note(store: Store, name: str, parts: list[str]) -> bool:
    """Keep a fingerprint; say whether it is another one."""
    fingerprint = hashlib.sha256("\n".join(parts).encode()).hexdigest()
    if store.fact(name) == fingerprint:
        return False
    store.remember(name, fingerprint)
    return True


@cache
def _program() -> str:
    """Name this version of the program and its tables, by their files' sizes and times."""
    root = Path(feeds.__file__).parent
    parts = [feeds.__version__]
    for path in sorted(root.rglob("*")):
        if path.suffix != ".pyc" and path.is_file():
            info = path.stat()
            parts.append(f"{path.relative_to(root)} {info.st_size} {info.st_mtime_ns}")
    return "\n".join(parts)


def _reconsider(store: Store, job: Job, rules: Rules) -> None:
    """Date and tag the articles of which no document was read, after a change of tables or rules.

    Their words and their `updated` stay as they are.
    """
    for entry, bound in store.untagged():
        raw = entry.article.raw
        dating, tags = judge(raw, entry.article.source, bound, job.config)
        store.reconsider(entry, dating, rules.apply(entry.article.id, raw, tags))


def _advance(store: Store) -> None:
    """Number the store's state, so that the manifest can say which one it shows."""
    store.remember("generation", str(int(store.fact("generation") or 0) + 1))


def _facts(store: Store, job: Job, manifest: Manifest | None) -> dict[str, str]:
    """Give what the manifest says of the site; the site's key is chosen once and then kept."""
    site = job.config.site
    kept = store.fact("site") or (manifest.facts.get("site") if manifest else None)
    key = site.id or kept or site.base_url or "feeds"
    if key != store.fact("site"):
        store.remember("site", key)
    return {"site": key, "generation": store.fact("generation") or "0"}


# --- from files to the store ----------------------------------------------------------------------


def _take_in(store: Store, job: Job, rules: Rules, report: Report, progress: Progress) -> bool:
    """Bring the store up to date with the files; say whether anything in it changed."""
    known = store.documents()
    found = list(read.scan(job.roots, leave_out=job.output))
    report.documents = len(found)
    fresh = [f for f in found if f.source not in known or known[f.source].signature != f.signature]
    met = {f.source for f in found}
    gone = [s for s, k in known.items() if not k.gone and s not in met and _under(s, job.roots)]
    store.mark_gone(gone)
    changed = False
    for item in progress(fresh, len(fresh)):
        changed |= _take_in_file(store, job, rules, item, report)
    report.known_problems = sum(1 for _ in store.problems()) - len(report.problems)
    return changed


def _under(source: str, roots: Sequence[Path]) -> bool:
    return any(source == str(root) or source.startswith(f"{root}/") for root in roots)


def _take_in_file(store: Store, job: Job, rules: Rules, found: read.Found, report: Report) -> bool:
    """Take in the document in a file, or those in a container; say whether anything changed."""
    report.read += 1
    changed = contains = False
    problems = []
    try:
        for item in read.read(found):
            if isinstance(item, Problem):
                problems.append(item)
            elif item.source == found.source:
                return _take_in_document(store, job, rules, item, found.signature, None, report)
            else:
                if not contains:  # its members refer to it
                    store.see(found.source, "", None, [])
                    contains = True
                changed |= _take_in_document(store, job, rules, item, "", found.source, report)
    except DocumentError as error:
        problems.append(error.problem)
    except Exception as error:
        problems.append(_unexpected(found.source, error))
    report.problems.extend(store.see(found.source, found.signature, None, problems))
    return changed


def _take_in_document(
    store: Store,
    job: Job,
    rules: Rules,
    document: Document,
    signature: str,
    container: str | None,
    report: Report,
) -> bool:
    """Keep a document's articles and what was wrong with it."""
    understood: list[Understood] = []
    try:
        problems = understand(document, job.config, job.now, understood)
    except DocumentError as error:
        problems = [error.problem]
    except Exception as error:
        problems = [_unexpected(document.source, error)]
        understood = []
    report.notices.extend(f"{document.source}: {notice}" for notice in document.notices)
    same = document.digest == store.bytes_digest(document.source)
    report.problems.extend(store.see(document.source, signature, document, problems, container))
    changed = store.keep(document, understood, job.now, reread=same, rules=rules.apply)
    report.changed += changed
    return bool(changed) or not same


def _unexpected(source: str, error: Exception) -> Problem:
    """Note a fault of ours: it must cost only this document."""
    log.exception("%s: unexpected", source)
    return Problem(source, None, f"unexpected {type(error).__name__}: {error}")


def understand(document: Document, config: Config, now: datetime, into: list[Understood]) -> list[Problem]:
    """Extract, date and tag the articles of a document; add them to `into`, give what was wrong."""
    extraction = extract(document)
    bound = min(document.captured or now, now)
    for raw in extraction.articles:
        into.append((raw, *judge(raw, document.source, bound, config)))
    return list(extraction.problems)


def judge(raw: RawArticle, source: str, bound: datetime, config: Config) -> tuple[Dating, tuple[Tag, ...]]:
    """Date and tag an article that can't be later than `bound`, before the user's own rules."""
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


def look(
    roots: Sequence[Path], config: Config, now: datetime
) -> Iterator[tuple[Document, list[Understood]] | Problem]:
    """Give what would be read, without a store: each document with its articles, and each problem."""
    for found in read.scan(roots):
        try:
            for item in read.read(found):
                yield from [item] if isinstance(item, Problem) else _look_at(item, config, now)
        except DocumentError as error:
            yield error.problem


def _look_at(
    document: Document, config: Config, now: datetime
) -> Iterator[tuple[Document, list[Understood]] | Problem]:
    understood: list[Understood] = []
    try:
        yield from understand(document, config, now, understood)
    except DocumentError as error:
        yield error.problem
        return
    except Exception as error:
        yield _unexpected(document.source, error)
        return
    yield document, understood


def foresee(store: Store, config: Config, fixes: Mapping[str, Fix]) -> Iterator[str]:
    """Give a line for each entry that a configuration would add to a feed, or take from one.

    A line is the sign, the feed's slug, the article's id and its headline, by tabs.
    """
    rules = Rules.of(config, fixes)
    known = store.slugs()
    for entry in store.entries():
        article = entry.article
        _, tags = judge(article.raw, article.source, article.first_seen, config)
        before = {t.category for t in article.tags if t.role == "subject"}
        after = {t.category for t in rules.apply(article.id, article.raw, tags) if t.role == "subject"}
        for sign, categories in (("+", after - before), ("-", before - after)):
            for slug in sorted(selection.slug(category, known) for category in categories):
                yield f"{sign}\t{slug}\t{article.id}\t{article.raw.headline}"


# --- from the store to files ----------------------------------------------------------------------


def _plan(store: Store, job: Job, site_key: str) -> list[tuple[selection.Plan, Feed]]:
    """Choose the feeds and note their `updated`; their entries are filled in when they are written."""
    counts = {(c.category.scheme, c.category.term): c for c in store.counts()}
    known = store.slugs()
    categories = [(c.category, c.subjects, c.mentions) for c in counts.values()]
    categories += [(selection.category(*key), 0, 0) for key in known if key not in counts and key[0]]
    limit = job.config.feeds.limit
    shells = []
    for plan in selection.plan(categories, known, job.config):
        newest = store.newest_update(plan.category, limit, mentions=plan.mentions)
        updated = store.feed_updated(plan.slug, plan.category, newest, job.now)
        count = counts.get((plan.category.scheme, plan.category.term)) if plan.category else None
        total = store.total() if plan.category is None else 0
        if count:
            total = count.subjects + (count.mentions if plan.mentions else 0)
        feed = Feed(
            feed_id(site_key, plan.slug),
            plan.slug,
            plan.title,
            plan.subtitle,
            updated,
            plan.category,
            (),
            total,
        )
        shells.append((plan, feed))
    return shells


def _render(store: Store, job: Job, shells: list[tuple[selection.Plan, Feed]]) -> Iterator[tuple[str, bytes]]:
    """Give every file in the order in which it is to be written: feeds, pages, OPML, index."""
    from feeds.write import opml, page_writer, writers
    from feeds.write.links import Links, article_path
    from feeds.write.pages import COUNTRIES_PATH

    site, limit = job.config.site, job.config.feeds.limit
    links = Links.of(site.base_url)
    formats, pages = writers(job.config), page_writer(job.config)
    full = (replace(f, entries=store.newest(p.category, limit, mentions=p.mentions)) for p, f in shells)
    feed_pages = []
    for feed in full:
        for writer in formats:
            yield writer.path(feed.slug), writer.write(feed)
        if feed.category:
            feed_pages.append((f"{feed.slug}.html", pages.feed(feed)))
    yield from feed_pages
    slugs = store.slugs()
    for entry in store.entries():
        yield article_path(entry.article.id), pages.article(entry, slugs)
    all_feeds = [feed for _, feed in shells]
    yield from opml.files(all_feeds, selection.FOLDER_TITLES, site, links)
    yield from pages.assets()
    yield COUNTRIES_PATH, pages.countries(all_feeds)
    yield "index.html", pages.index(all_feeds, selection.FOLDER_TITLES, store.newest(None, INDEX_ENTRIES))


def utc_now() -> datetime:
    """Give the clock in whole seconds, UTC; called at the edge alone."""
    return datetime.now(UTC).replace(microsecond=0)
