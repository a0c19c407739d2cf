"""Write what of a site changed: archives, feeds, pages, lists, and the manifest last.

What is to be written is known from the store: the months of each feed that changed since the files were
in step with it. A whole writing does the same for all of it, and removes what no longer belongs.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from feeds import MANIFEST, publish, selection, status
from feeds.config import Config
from feeds.glance import PENDING, UNTOLD
from feeds.identity import feed_id
from feeds.job import Progress
from feeds.jobs import Died, Pool
from feeds.model import Feed, History, Related
from feeds.press import LINE, USUAL, Made, Press
from feeds.publish import Manifest, Publisher
from feeds.store import Store
from feeds.store.records import Row
from feeds.store.shelves import SUBJECTS, WITH_MENTIONS
from feeds.write.links import Links, article_path, page_path

if TYPE_CHECKING:
    from feeds.write import Writer

INDEX_ENTRIES = 20  # newest articles on the index page
WEEKS = 12  # of which the index shows how many articles came
RELATED = 8  # feeds that a feed's page names as related
_LOWEST = ""  # below every rank
_SEVERAL = 200  # articles to write: more of them are worth other processes


def is_behind(store: Store, manifest: Manifest | None, output: Path, *, undisturbed: bool) -> bool:
    """Say whether all has to be written: another state of the output, or a file that is gone.

    `undisturbed` says that no name was added to its folders, or taken from them, since they were written.
    """
    if store.fact(PENDING) or manifest is None:
        return True
    if manifest.facts != {"site": store.fact("site"), "generation": store.fact("published")}:
        return True
    if undisturbed:
        return False
    if publish.is_missing(output, store.files.paths()):
        return True
    with store:
        store.files.set_folders(publish.folders(output))
    return False


def write(
    store: Store,
    config: Config,
    output: Path,
    now: datetime,
    progress: Progress,
    *,
    whole: bool,
    jobs: int = 1,
) -> tuple[list[str], int, int]:
    """Bring the output in step with the store; name the files that changed, count them, and the feeds.

    `jobs` is how many processes may make pages and entries.
    """
    files = store.files
    number = int(store.fact("round") or 0) + whole

    def note(path: str, digest: bytes | None) -> None:
        if digest is None:
            files.forget(path)
        else:
            files.note(path, digest, number)

    publisher = Publisher(output, files.knows, note, config.site.precompress)
    try:
        writing = _Writing(store, config, publisher, now, progress, whole, jobs)
        writing.run()
        progress.end()
        publisher.flush()
        if whole:
            _tidy(store, publisher, number)
        generation = store.fact("generation") or "0"
        facts = {"site": store.fact("site") or "", "generation": generation}
        heads = {path: digest for path, digest in files.heads().items() if path != MANIFEST}
        publisher.finish(Manifest(heads, facts, _redirects(config, writing.feeds)))
    except BaseException:
        publisher.abandon()
        raise
    store.shelves.clean()
    files.set_folders(publish.folders(output))
    for name, value in (
        ("published", generation),
        ("feeds", str(len(writing.feeds))),
        ("round", str(number)),
    ):
        store.remember(name, value)
    store.remember(PENDING, None)
    store.remember(UNTOLD, None)
    return publisher.changed, publisher.count, len(writing.feeds)


def _redirects(config: Config, feeds: Iterable[Feed]) -> dict[str, str]:
    """Give the present path of each file of a feed that was renamed, for hosts that can say so."""
    from feeds.write import writers

    slugs = {feed.slug for feed in feeds}
    paths = [writer.path for writer in writers(config)] + [page_path]
    moved = {old: selection.present_slug(old, config) for old in config.renamed if old not in slugs}
    return {path(old): path(new) for old, new in moved.items() if new in slugs for path in paths}


def _tidy(store: Store, publisher: Publisher, number: int) -> None:
    """Remove what a whole writing found no use for."""
    if store.fact("published") is None:  # a new store: what stands there was written by another one
        for path in list(publish.ours(publisher.output, store.files.knows)):
            if path != MANIFEST:
                publisher.remove(path)
    for path in store.files.left_over(number):
        if path != MANIFEST:
            publisher.remove(path)


class _Chain(Struct, frozen=True):
    """The documents of a feed's history: how many each month has, and how many articles one holds.

    An archive document is written when it is full, or when its month is over because the feed has an
    article of a later one; what is in none of them stands in the feed itself.
    """

    slug: str
    size: int
    parts: Mapping[str, int]  # how many documents each month has, by YYYY-MM, oldest first

    @classmethod
    def of(cls, slug: str, size: int, months: Sequence[tuple[str, int]]) -> _Chain:
        """Give the chain of a feed that has so many articles in each month, oldest first."""
        newest = months[-1][0] if months else ""
        counted = {
            month: articles // size if month == newest else -(-articles // size) for month, articles in months
        }
        return cls(slug, size, {month: parts for month, parts in counted.items() if parts})

    def name(self, month: str, part: int) -> str:
        """Give the slug of a document; the first of a month bears its name alone."""
        return f"{self.slug}/{month}{f'-{part + 1}' if part else ''}"


_Parts = Mapping[str, int]  # oldest month first


def _beside(parts: _Parts, month: str) -> tuple[tuple[str, int] | None, tuple[str, int] | None]:
    """Give the last document before a month, and the first one after it."""
    months = list(parts)
    before, after = months[: bisect_left(months, month)][-1:], months[bisect_right(months, month) :][:1]
    return next(((m, parts[m] - 1) for m in before), None), next(((m, 0) for m in after), None)


def _stale(parts: _Parts, old: _Parts, month: str, start: int) -> list[int]:
    """Give the documents of a month to be written: from one on, and those whose neighbours are others."""
    count, then = parts[month], old.get(month, 0)
    if count != then:
        start = min(start, max(min(count, then) - 1, 0))  # another one is the last
    chosen = set(range(start, count))
    before, after = _beside(parts, month)
    before_then, after_then = _beside(old, month)
    if before != before_then:
        chosen.add(0)
    if after != after_then:
        chosen.add(count - 1)
    return sorted(chosen)


class _Writing:
    """One writing of a site."""

    def __init__(
        self,
        store: Store,
        config: Config,
        publisher: Publisher,
        now: datetime,
        progress: Progress,
        whole: bool,
        jobs: int,
    ) -> None:
        from feeds.write import page_writer, writers

        self._store, self._config, self._publisher = store, config, publisher
        self._now, self._progress, self._whole, self._jobs = now, progress, whole, jobs
        self._made = 0
        self._writers: tuple[Writer, ...] = writers(config)
        self._links = Links.of(config.site.base_url, config.site.article_pages)
        self._pages = page_writer(config)
        self._press = Press(self._writers, self._pages)
        self._chains: dict[str, _Chain] = {}
        self._known = store.shelves.slugs()
        self._dirty = store.shelves.dirty()
        self._old = {shelf.slug: shelf for shelf in store.shelves.all()}
        self._last_week = _week(store.shelves.newest_rank())
        self._same_week = store.fact("week") == self._last_week.isoformat()
        self._site_key = store.fact("site") or ""
        self.feeds: list[Feed] = []

    def run(self) -> None:
        """Write what has to be, in the order in which things refer to one another."""
        store = self._store
        counts = {(c.category.scheme, c.category.term): c for c in store.shelves.counts()}
        plans = selection.plan(
            [(c.category, c.subjects, c.mentions) for c in counts.values()], self._known, self._config
        )
        self._stir(plans)
        slugs = {(p.category.scheme, p.category.term): p.slug for p in plans if p.category}
        dirty = [plan for plan in plans if self._is_dirty(plan)]
        archives = []
        if self._config.feeds.archives:
            self._make_entries()
            for plan in dirty:
                archives += [(plan, month, parts) for month, parts in self._write_archives(plan)]
        pages = []
        for plan in plans:
            total = store.shelves.total()
            if plan.category:
                count = counts.get((plan.category.scheme, plan.category.term))
                total = (count.subjects + (count.mentions if plan.mentions else 0)) if count else 0
            feed = self._shell(plan, total)
            if plan in dirty:
                feed, articles = self._write_feed(plan, feed, slugs)
                if plan.category:
                    pages.append((plan, feed, articles))
            self.feeds.append(feed)
        store.remember("week", self._last_week.isoformat())
        for plan, feed, articles in pages:
            self._put_page(feed, articles, self._months(plan))
        for plan, month, parts in archives:
            self._put_archive_pages(plan, month, parts)
        self._write_articles(slugs)
        self._write_status()
        if self._whole:
            self._write_pointers()
        self._write_lists()

    # --- feeds -------------------------------------------------------------------------------------

    def _stir(self, plans: tuple[selection.Plan, ...]) -> None:
        """Have what names a feed that is new written again, too."""
        new = [plan for plan in plans if plan.slug not in self._old and plan.category]
        if self._whole or not new:
            return
        for plan in new:
            self._store.shelves.stir(self._store.shelves.number(plan.category))
        self._dirty = self._store.shelves.dirty()

    def _is_dirty(self, plan: selection.Plan) -> bool:
        if self._whole or plan.slug not in self._old or not self._same_week:
            return True
        return self._store.shelves.number(plan.category) in self._dirty

    def _lanes(self, plan: selection.Plan) -> tuple[int, ...]:
        return WITH_MENTIONS if plan.mentions else SUBJECTS

    def _shell(self, plan: selection.Plan, total: int) -> Feed:
        """Give a feed without its entries; one that did not change as it was written."""
        old = self._old.get(plan.slug)
        number = self._store.shelves.number(plan.category)
        if old and not self._is_dirty(plan):
            weeks = tuple(json.loads(old.weeks))
        else:
            weeks = self._weeks(number, self._lanes(plan))
        updated = old.updated if old else self._now
        if old is None or old.weeks != json.dumps(weeks):
            self._store.shelves.put(plan.slug, number, updated, json.dumps(weeks))
        return Feed(
            feed_id(self._site_key, plan.first_slug),
            plan.slug,
            plan.title,
            plan.subtitle,
            updated,
            plan.category,
            (),
            total,
            weeks=weeks,
        )

    def _weeks(self, number: int, lanes: tuple[int, ...]) -> tuple[int, ...]:
        """Give how many articles came in each of the last weeks, which end with that of the newest one."""
        starts = [self._last_week - timedelta(weeks=WEEKS - 1 - i) for i in range(WEEKS + 1)]
        days = [start.isoformat() for start in starts]
        return tuple(
            self._store.shelves.count_between(number, lanes, low, high) for low, high in pairwise(days)
        )

    def _write_feed(
        self, plan: selection.Plan, feed: Feed, slugs: Mapping[tuple[str, str], str]
    ) -> tuple[Feed, list[int]]:
        """Write a feed in each format; give it with the rows of its articles."""
        store, limit = self._store, self._config.feeds.limit
        number = store.shelves.number(plan.category)
        articles = store.shelves.newest(number, self._lanes(plan), limit)
        newest = store.articles.last_updated(articles)
        old = self._old.get(plan.slug)
        updated = max(filter(None, (old.updated if old else None, newest)), default=self._now)
        store.shelves.put(plan.slug, number, updated, json.dumps(feed.weeks))
        feed = replace(
            feed,
            updated=updated,
            history=self._history(plan),
            related=self._related(plan, articles, slugs),
        )
        for writer in self._writers:
            self._put_feed(writer, feed, articles)
        return feed, articles

    def _put_feed(self, writer: Writer, feed: Feed, articles: Sequence[int]) -> None:
        path = writer.path(feed.slug)
        self._publisher.put(path, writer.feed(feed, self._written(articles, writer.suffix, path)))

    def _put_page(self, feed: Feed, articles: Sequence[int], archives: Sequence[str] = ()) -> None:
        path = page_path(feed.slug)
        self._publisher.put(path, self._pages.feed(feed, archives, self._written(articles, LINE, path)))

    def _written(self, articles: Sequence[int], form: str, here: str) -> list[bytes]:
        """Give entries in one of their forms, in the order given, as they stand in `here`."""
        found = self._store.files.entries(articles, form)
        missing = [article for article in articles if article not in found]
        if missing:
            self._make(missing)
            found |= self._store.files.entries(missing, form)
        entries = [found[article] for article in articles]
        if here.count("/") == USUAL.count("/") or (form != LINE and self._config.site.base_url):
            return [entry for entry, _ in entries]
        links, written = Links(), []
        for entry, iri in entries:
            # A relative link to its own page; no text can hold the id that is made from it.
            page = article_path(iri)
            written.append(entry.replace(links.to(page, USUAL).encode(), links.to(page, here).encode()))
        return written

    def _make(self, articles: Sequence[int]) -> None:
        """Make entries in all of their forms, as they stand where most feeds do, and keep them."""
        entries, press = self._store.articles.entries_of(articles), self._press
        self._store.files.keep_entries(
            (number, form, data) for number, entry in entries.items() for form, data in press.entries(entry)
        )

    def _make_entries(self) -> None:
        """Make what a feed's whole history is going to ask for, at once."""
        for row, made in self._pressed(self._press):
            self._store.files.keep_entries((row.number, form, data) for form, data in made.entries)

    def _related(
        self, plan: selection.Plan, articles: Sequence[int], slugs: Mapping[tuple[str, str], str]
    ) -> tuple[Related, ...]:
        """Give the feeds that hold most of the newest articles of a feed, other than itself."""
        known = [
            Related(slug, category.label, count)
            for category, count in self._store.articles.subjects(articles).items()
            if category != plan.category and (slug := slugs.get((category.scheme, category.term)))
        ]
        known.sort(key=lambda related: (-related.articles, related.slug))
        return tuple(known[:RELATED])

    # --- archives ------------------------------------------------------------------------------------

    def _chain(self, plan: selection.Plan) -> _Chain:
        if plan.slug not in self._chains:
            number = self._store.shelves.number(plan.category)
            months = self._store.shelves.months(number, self._lanes(plan))
            self._chains[plan.slug] = _Chain.of(plan.slug, self._config.feeds.limit, months)
        return self._chains[plan.slug]

    def _history(self, plan: selection.Plan) -> History | None:
        if not self._config.feeds.archives:
            return None
        chain = self._chain(plan)
        parts = chain.parts
        last = max(parts, default=None)
        return History(plan.slug, chain.name(last, parts[last] - 1) if last else None)

    def _months(self, plan: selection.Plan) -> list[str]:
        """Give the newest document of each month of a feed, newest month first."""
        if not self._config.feeds.archives:
            return []
        chain = self._chain(plan)
        return [chain.name(month, parts - 1) for month, parts in sorted(chain.parts.items(), reverse=True)]

    def _write_archives(self, plan: selection.Plan) -> Iterator[tuple[str, list[int]]]:
        """Write the archive documents that are new or changed, and those that link to them; name them.

        They are named by month, with the number of each.
        """
        chain = self._chain(plan)
        parts, old = chain.parts, self._store.files.archives(plan.slug)
        number = self._store.shelves.number(plan.category)
        dirty = dict.fromkeys(parts, _LOWEST) if self._whole else self._dirty.get(number, {})
        for month, count in parts.items():
            start = count
            if month in dirty:
                lanes = self._lanes(plan)
                before = self._store.shelves.count_between(number, lanes, month, dirty[month])
                start = before // chain.size
            if stale := _stale(parts, old, month, start):
                for feed, articles in self._archives(plan, month, stale):
                    for writer in self._writers:
                        self._put_feed(writer, feed, articles)
                yield month, stale
        if parts != old:
            self._store.files.set_archives(plan.slug, parts)
            for month, count in old.items():
                for part in range(parts.get(month, 0), count):
                    self._drop(chain.name(month, part))

    def _put_archive_pages(self, plan: selection.Plan, month: str, wanted: Sequence[int]) -> None:
        for feed, articles in self._archives(plan, month, wanted):
            self._put_page(feed, articles)

    def _archives(
        self, plan: selection.Plan, month: str, wanted: Sequence[int]
    ) -> Iterator[tuple[Feed, list[int]]]:
        """Give archive documents of a month without their entries, and the rows of those, newest first."""
        chain, number = self._chain(plan), self._store.shelves.number(plan.category)
        before, after = _beside(chain.parts, month)
        found = self._store.shelves.parts(number, self._lanes(plan), month, chain.size, wanted)
        for part, articles in zip(wanted, found, strict=True):
            previous = (month, part - 1) if part else before
            following = (month, part + 1) if part + 1 < chain.parts[month] else after
            history = History(
                plan.slug,
                chain.name(*previous) if previous else None,
                chain.name(*following) if following else None,
                is_archive=True,
            )
            feed = Feed(
                feed_id(self._site_key, plan.first_slug),
                chain.name(month, part),
                plan.title,
                plan.subtitle,
                self._store.articles.last_updated(articles) or self._now,
                plan.category,
                total=len(articles),
                history=history,
            )
            yield feed, articles[::-1]

    def _drop(self, slug: str) -> None:
        self._publisher.remove(page_path(slug))
        for writer in self._writers:
            self._publisher.remove(writer.path(slug))

    # --- pages ---------------------------------------------------------------------------------------

    def _write_articles(self, slugs: Mapping[tuple[str, str], str]) -> None:
        if self._links.article_pages:
            for row, made in self._pressed(Press(self._writers, self._pages, slugs)):
                if made.page:
                    self._publisher.put(article_path(row.iri), made.page)

    def _pressed(self, press: Press) -> Iterator[tuple[Row, Made]]:
        """Give what was made of each article that has to be written, in other processes if they are many."""
        rows, count = self._rows(keys=press.slugs is not None)
        alone = self._jobs < 2 or count < _SEVERAL
        pairs = ((row, press(row)) for row in rows) if alone else Pool(press, self._jobs).map(rows)
        of = count * (self._config.feeds.archives + self._links.article_pages)
        for row, made in pairs:
            if isinstance(made, Died):
                raise publish.PublishError(f"{row.iri}: to make its page ended the process that did it")
            self._made += 1
            self._progress.wrote(self._made, of)
            yield row, made

    def _rows(self, *, keys: bool) -> tuple[Iterator[Row], int]:
        """Give the articles that have to be written, and how many they are."""
        articles = self._store.articles
        if self._whole:
            return articles.rows(keys=keys), self._store.shelves.total()
        stay = []
        for number, iri, withdrawn in self._store.shelves.dirty_articles():
            if withdrawn:
                self._publisher.remove(article_path(iri))
            else:
                stay.append(number)
        return articles.rows(stay, keys=keys), len(stay)

    def _write_status(self) -> None:
        """Write the feed of what goes wrong, and its page, where there is to be one."""
        if not self._config.feeds.status:
            return
        store, name = self._store, "status since"
        since = store.fact(name) or self._now.isoformat()
        store.remember(name, since)
        events = store.events.kept(self._config.feeds.limit)
        feed = status.feed(
            feed_id(self._site_key, status.SLUG),
            self._config.site.title,
            events,
            datetime.fromisoformat(since),
            store.events.count(),
        )
        for writer in self._writers:
            self._publisher.put(writer.path(feed.slug), writer.write(feed))
        self._publisher.put(page_path(feed.slug), self._pages.feed(feed))
        self.feeds.append(replace(feed, entries=()))

    def _write_pointers(self) -> None:
        """Leave at the old slug of each feed that was renamed where it is now."""
        from feeds.write.moved import moved

        feeds = {feed.slug: feed for feed in self.feeds}
        for old in self._config.renamed:
            feed = feeds.get(selection.present_slug(old, self._config))
            if feed is None or old in feeds:
                continue
            name = f"moved {old}"
            when = self._store.fact(name) or self._now.isoformat()
            self._store.remember(name, when)
            pointer = moved(old, feed, datetime.fromisoformat(when), self._links)
            for writer in self._writers:
                self._publisher.put(writer.path(old), writer.write(pointer))
            self._publisher.put(page_path(old), self._pages.moved(old, feed))
            for entry in pointer.entries if self._links.article_pages else ():
                self._publisher.put(article_path(entry.article.id), self._pages.article(entry, {}))

    def _write_lists(self) -> None:
        from feeds.write import opml
        from feeds.write.pages import COUNTRIES_PATH

        titles = selection.FOLDER_TITLES
        for path, data in opml.files(self.feeds, titles, self._config.site, self._links):
            self._publisher.put(path, data)
        for path, data in self._pages.assets():
            self._publisher.put(path, data)
        self._publisher.put(COUNTRIES_PATH, self._pages.countries(self.feeds))
        newest = self._store.shelves.newest(0, SUBJECTS, INDEX_ENTRIES)
        found = self._store.articles.entries_of(newest)
        entries = [found[article] for article in newest]
        self._publisher.put("index.html", self._pages.index(self.feeds, titles, entries))


def _week(rank: str) -> date:
    """Give the Monday of the week of a rank."""
    day = date.fromisoformat(rank[:10]) if rank else datetime(1970, 1, 5, tzinfo=UTC).date()
    return day - timedelta(days=day.weekday())
