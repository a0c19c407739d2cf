"""Run the shards of a backfill: on the cores of this machine, or on a Dask cluster."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from feeds.backfill.results import ShardResult, Tally, merge
from feeds.backfill.shard import Work, map_shard
from feeds.jobs import Died, Pool
from feeds.model import FeedsError, Problem

RETRIES = 3  # of a shard: a worker may be lost, or a document may have to be found out

Told = Callable[[str, int], None]  # hears of each shard that is done, and how many articles it gave


def on_cores(shards: Mapping[str, int], work: Work, workers: int, told: Told) -> ShardResult:
    """Give the result of shards, which come with their sizes, from processes of this machine."""
    total = ShardResult(work.held)
    left = _largest_first(shards)
    for _ in range(RETRIES + 1):
        died = []
        pool = Pool(partial(_read, work=work), workers, batch=1)
        for shard, done in pool.map(left):
            if isinstance(done, Died):
                died.append(shard)
            else:
                result = map_shard(shard, work)  # as it is kept
                told(shard, result.tallies[shard].articles)
                total = merge(total, result)
        if not died:
            return total
        left = died
    return merge(total, _lost(dict.fromkeys(left, "it ended each process that read it"), work))


def _read(shard: str, work: Work) -> None:
    """Have the result of a shard kept; to hand it over, several at once, would take memory."""
    map_shard(shard, work)


def on_dask(shards: Mapping[str, int], work: Work, scheduler: str, told: Told) -> ShardResult:
    """Give the result of shards from the workers of a Dask cluster, merged there, two by two."""
    try:
        from distributed import Client, as_completed
    except ImportError as error:
        raise FeedsError(f"{scheduler}: Dask is not installed (pip install 'feeds[dask]')") from error
    left = _largest_first(shards)
    with Client(scheduler) as client:
        futures = client.map(partial(map_shard, work=work), left, retries=RETRIES, pure=False)
        names = {future.key: shard for future, shard in zip(futures, left, strict=True)}
        finished, half, lost = as_completed(futures), None, {}
        del futures  # so that the cluster forgets what has been merged
        for future in finished:
            shard = names.pop(future.key, None)
            if shard is not None:
                told(shard, 0)
            if shard is not None and future.status == "error":
                lost[shard] = str(future.exception())
            elif half is None:
                half = future
            else:
                finished.add(client.submit(merge, half, future, retries=RETRIES, pure=False))
                half = None
        total = half.result() if half is not None else ShardResult(work.held)
    return merge(total, _lost(lost, work))


def _largest_first(shards: Mapping[str, int]) -> list[str]:
    """Begin with what takes longest, so that nobody waits for it alone at the end."""
    return sorted(shards, key=lambda shard: (-shards[shard], shard))


def _lost(reasons: Mapping[str, str], work: Work) -> ShardResult:
    """Give the tallies of shards that were given up, which say why."""
    tallies = {
        shard: Tally(problems=(Problem(shard, None, " ".join(f"not read: {why}".split())),))
        for shard, why in reasons.items()
    }
    return ShardResult(work.held, {}, tallies)
