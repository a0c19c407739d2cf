"""Do the same to many things on several cores, and give the results in order."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

# To load these takes as long as to read a few documents, which need no other process.
if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

In = TypeVar("In")
Out = TypeVar("Out")

BATCH = 16  # things that go to a worker at once
AHEAD = 3  # batches for each worker that wait or are done, so that memory stays flat


class Died:
    """Stands for the result of a thing at which a worker process ended."""


def cores() -> int:
    """Give how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Pool(Generic[In, Out]):
    """Workers that each do one thing at a time to what they are given."""

    def __init__(self, work: Callable[[In], Out], workers: int, batch: int = BATCH) -> None:
        """Take the work; nothing is started before there is something to do.

        Workers have it as it is when they start, by a fork where the system has that, with all that it holds.
        """
        self._work, self._workers, self._batch = work, workers, batch
        self._executor: ProcessPoolExecutor | None = None

    def map(self, things: Iterable[In]) -> Iterator[tuple[In, Out | Died]]:
        """Give each thing with what the work made of it, in their order.

        Where a thing ends its worker, `Died` stands in place of its result, and the others are done again.
        """
        from concurrent.futures.process import BrokenProcessPool

        batches = iter(things)
        waiting: deque[tuple[list[In], Future[list[Out]]]] = deque()
        try:
            while True:
                while len(waiting) < self._workers * AHEAD and (batch := list(islice(batches, self._batch))):
                    waiting.append((batch, self._submit(batch)))
                if not waiting:
                    return
                batch, future = waiting.popleft()
                try:
                    results: list[Out | Died] = [*future.result()]
                except BrokenProcessPool:
                    self._stop()
                    results = [apart(self._work, thing) for thing in batch]
                    waiting = deque((other, self._submit(other)) for other, _ in waiting)
                yield from zip(batch, results, strict=True)
        finally:
            self._stop()

    def _submit(self, batch: list[In]) -> Future[list[Out]]:
        from concurrent.futures.process import BrokenProcessPool

        if self._executor is None:
            self._executor = _executor(self._workers, self._work)
        try:
            return self._executor.submit(_each, batch)
        except BrokenProcessPool:  # it broke since the last look
            self._stop()
            self._executor = _executor(self._workers, self._work)
            return self._executor.submit(_each, batch)

    def _stop(self) -> None:
        if self._executor is not None:
            _shut_down(self._executor)
            self._executor = None


def _shut_down(executor: ProcessPoolExecutor) -> None:
    queue = getattr(executor, "_call_queue", None)
    if queue is not None and sys.version_info < (3, 11, 5):
        # Python waits there for ever for a dead worker to take what is being written for it; without a reader
        # that fails at once (github.com/python/cpython/issues/94777). The workers have readers of their own.
        queue._reader.close()
    executor.shutdown(wait=True, cancel_futures=True)


def apart(work: Callable[[In], Out], thing: In) -> Out | Died:
    """Do one thing in a process of its own, to see whether it is one that ends it."""
    from concurrent.futures.process import BrokenProcessPool

    with _executor(1, work) as executor:
        try:
            results: list[Out] = executor.submit(_each, [thing]).result()
            return results[0]
        except BrokenProcessPool:
            return Died()


def _executor(workers: int, work: Callable[[In], Out]) -> ProcessPoolExecutor:
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # A fork shares the tables that are loaded already, where the system has it.
    method = "fork" if "fork" in multiprocessing.get_all_start_methods() else "spawn"
    context = multiprocessing.get_context(method)
    return ProcessPoolExecutor(workers, mp_context=context, initializer=_begin, initargs=(work, os.getpid()))


_works: list[Callable[[Any], Any]] = []  # the last one is that of this process, where it is a worker


def _begin(work: Callable[[Any], Any], parent: int) -> None:
    import signal

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which stops its workers
    _works.append(work)
    _end_with(parent)


def _end_with(parent: int) -> None:
    """Have this process end when the one that started it is killed: nobody else would tell it."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _each(batch: list[Any]) -> list[Any]:
    return [_works[-1](thing) for thing in batch]
