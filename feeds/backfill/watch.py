"""Show how a backfill gets on, also within its shards: from what those who read them note on disk."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping
from types import TracebackType

from feeds.backfill.shard import Work, how_far, stem_of
from feeds.job import Progress, Silent

EVERY = 1.0  # seconds between two looks


class Watch:
    """Tells a progress of the bytes and articles of shards, until its `with` ends.

    It looks by itself, in a thread, where somebody is shown something: whoever reads a shard, on this machine
    or on another one, notes in the folder of the backfill where it is.
    """

    def __init__(
        self, shards: Mapping[str, int], done: Collection[str], work: Work, progress: Progress
    ) -> None:
        """Take the shards with their bytes, and which of them were read before."""
        self._sizes, self._progress = shards, progress
        self._before = done
        self._stems = {shard: stem_of(work.result_path(shard)) for shard in shards if shard not in done}
        self._told: dict[str, tuple[int, int]] = {}
        self._lock, self._ended = threading.Lock(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watch:
        self._progress.start(len(self._sizes), sum(self._sizes.values()))
        if not isinstance(self._progress, Silent):
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if self._thread.ident:
            self._thread.join()
        if kind is None:
            self._progress.end()

    def done(self, shard: str, articles: int) -> None:
        """Note that a shard was read, and how many articles it gave."""
        with self._lock:
            self._stems.pop(shard, None)
            # What was read before says nothing of how fast this backfill is.
            self._tell(shard, self._sizes[shard], 0 if shard in self._before else articles)

    def look(self) -> None:
        """Tell how far each shard is that is being read."""
        with self._lock:
            for shard, stem in self._stems.items():
                if found := how_far(stem):
                    self._tell(shard, *found)

    def _tell(self, shard: str, size: int, articles: int) -> None:
        then, articles_then = self._told.get(shard, (0, 0))
        size, articles = max(size, then), max(articles, articles_then)  # a shard may be begun anew
        self._told[shard] = size, articles
        self._progress.step(size - then, articles - articles_then)

    def _watch(self) -> None:
        while not self._ended.wait(EVERY):
            self.look()
