"""Read archives of any size into the feeds of their newest articles, on one machine or many.

A shard is read into the few articles that the feeds may need of it, whoever reads it; such results are
merged, and what is left goes through the store to the files, as in a build.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from feeds import selection
from feeds.backfill.engines import on_cores, on_dask
from feeds.backfill.results import ShardResult, Sighting, merge
from feeds.backfill.shard import Work, feed_name, is_done, is_remote, is_shard, map_shard, unpack
from feeds.backfill.watch import Watch
from feeds.glance import program
from feeds.job import Job, Progress, Report, Silent
from feeds.pipeline import bring_up_to_date
from feeds.scan import Scan
from feeds.store import Store
from feeds.tag.rules import Rules
from feeds.understand import seen_at

__all__ = ["Backfill", "ShardResult", "Work", "backfill", "map_shard", "merge", "publish"]


class Backfill(Struct, frozen=True):
    """One backfill: a build's job, whose roots may be URIs, where it works, and who does it."""

    job: Job
    sources: Sequence[str]
    folder: Path
    scheduler: str | None = None

    @property
    def work(self) -> Work:
        """Give what the reading of each shard depends on."""
        return Work(
            self.job.config,
            self.job.now,
            os.path.abspath(self.folder),  # noqa: PTH100  # not resolved: workers see it under this name
            dict(sorted(self.job.fixes.items())),
            find_spec("pyarrow") is not None,
            program(),
        )


def backfill(given: Backfill, progress: Progress | None = None) -> Report:
    """Read what was not read before, and publish the feeds of the newest articles."""
    shards, work = dict(_shards(given)), given.work
    done = {shard for shard in shards if is_done(shard, work)}
    shown = progress or Silent()
    with Watch(shards, done, work, shown) as watch:
        if given.scheduler:
            total = on_dask(shards, work, given.scheduler, watch.done)
        else:
            total = on_cores(shards, work, given.job.jobs, watch.done)
    report = publish(total, given, shown)
    articles = sum(tally.articles for tally in total.tallies.values())
    report.notices.append(f"shards: {len(shards)}, of which read before: {len(done)}; articles: {articles:,}")
    if not work.parquet:
        report.notices.append("articles are not kept as Parquet: pyarrow is not installed (feeds[dask])")
    return report


def publish(total: ShardResult, given: Backfill, progress: Progress | None = None) -> Report:
    """Bring the merged result of all shards into the store, and write the feeds that it changes."""
    report = bring_up_to_date(given.job, partial(_take, total, given), progress or Silent())
    report.documents = report.read = sum(tally.documents for tally in total.tallies.values())
    return report


def _shards(given: Backfill) -> Iterator[tuple[str, int]]:
    """Give each shard with its bytes, those of a URI being unknown."""
    yield from ((source, 0) for source in given.sources if is_remote(source))
    local = [source for source in given.sources if not is_remote(source)]
    own = os.fsencode(os.path.join(given.work.folder, ""))  # noqa: PTH118
    for look in Scan(local, 0, leave_out=given.job.output).looks():
        if os.path.join(os.path.abspath(look.folder), b"").startswith(own):  # noqa: PTH100, PTH118
            continue
        loose = 0
        for found in look.files:
            if is_shard(found) or os.fsencode(found.path) == look.folder:
                yield found.path, found.size
            else:
                loose += found.size
        if loose:
            yield os.fsdecode(look.folder), loose


def _take(total: ShardResult, given: Backfill, store: Store, report: Report) -> None:
    """Bring the articles into the store as a build would, in the order of their sources."""
    job = given.job
    rules = Rules.of(job.config, job.fixes)
    store.check()
    for shard, tally in sorted(total.tallies.items()):
        signature = store.documents.known(shard)[0]  # a build may have read it, too
        store.documents.see(shard, signature, None, tally.problems)
    place = _order(given.sources)
    sightings = sorted({one for held in total.feeds.values() for one in held}, key=place)
    for _, group in groupby(sightings, key=lambda one: (one.file, one.place)):
        unpacked = [unpack(one.words) for one in group]
        document = unpacked[0][0]
        store.documents.see(document.source, "", document, ())
        report.changed += store.articles.keep(
            document,
            store.documents.number(document.source),
            [article for _, article in unpacked],
            seen_at(document, job.now),
            reread=False,
            rules=rules.apply,
            lanes=partial(selection.lanes, config=job.config),
        )
    report.notices += _short(total, store, job.config.feeds.limit)


def _short(total: ShardResult, store: Store, limit: int) -> Iterator[str]:
    """Name the feeds of which too many of the articles that were held turned out to be the same."""
    labels = {feed_name(count.category): count.category.label for count in store.shelves.counts()}
    for name, held in total.feeds.items():
        if len(held) == total.held:
            different = len(store.articles.by_keys(one.text for one in held))
            if different < limit:
                label = labels.get(name, "All articles")
                yield f"{label}: its newest {len(held)} articles are {different} different ones"


Place = tuple[int, tuple[tuple[bool, bytes], ...], int, int]


def _order(sources: Sequence[str]) -> Callable[[Sighting], Place]:
    """Give the order in which a scan meets what was sighted: files by name, then the folders beside them."""
    numbers = {source: number for number, source in enumerate(sources)}
    folders = [(os.path.join(source, ""), numbers[source]) for source in sources if os.path.isdir(source)]  # noqa: PTH112, PTH118

    def place(one: Sighting) -> Place:
        number = numbers.get(one.file)
        if number is None:
            number = next((n for folder, n in folders if one.file.startswith(folder)), len(sources))
        *parents, name = os.fsencode(one.file).split(b"/")
        return number, (*((True, parent) for parent in parents), (False, name)), one.place, one.number

    return place
