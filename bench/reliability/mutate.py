"""Put mutated captures of every kind through the whole way, from bytes to feeds, and count what breaks.

    python bench/reliability/mutate.py [--long] [--seed 1]
    python bench/reliability/mutate.py --minimise FILE

A capture is read from a file, extracted, dated and tagged, as a build does; what a few hundred gave is
written as Atom, RSS and JSON Feed, and checked as `feeds check` does; and some hundreds are built into a
site. Broken is each fault of ours, each feed that does not pass, and each capture that takes more than
5 s of a core or makes the process pass 512 MB. The control reads and writes without leaving out what XML
does not allow. Captures that broke something are kept in a folder that is named.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from types import FrameType

from campaign import Tally, verdict
from mutations import LONGEST, mutated, seeds

from feeds import read, scan, text
from feeds.check import check
from feeds.config import Config, Selection, Site
from feeds.extract import gate
from feeds.identity import mint
from feeds.job import Job
from feeds.model import Article, Document, DocumentError, Entry, Feed, Problem
from feeds.pipeline import build
from feeds.understand import Understood, understand
from feeds.write import content, opml, told, writers

SHORT, LONG, CONTROL = 50_000, 1_000_000, 2_000
LENGTHS = (3_000, LONGEST)  # bytes of a capture at the most, in short and in long
SECONDS, MEGABYTES = 5, 512
HANGS = 600  # seconds by the clock, also of a busy machine, after which a capture is given up
LINE = 1_000  # characters of a message with the name of the capture
IN_FEED = 200  # captures whose articles make a feed
BUILT = 6_000  # captures after which as many as make a feed are built into a site
NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SITE = Site(base_url="https://news.example/")
CONFIG = Config(SITE, Selection(formats=("atom", "rss", "json"), status=True))


class TooLongError(BaseException):
    """A capture took too long; no `except Exception` on its way may hold it."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise TooLongError


@dataclass
class Bench:
    """What one process does: its folder, what it collects for the next feed, and what broke."""

    folder: Path
    broken: list[str] = field(default_factory=list)
    articles: list[tuple[Article, Path]] = field(default_factory=list)
    captures: list[tuple[str, bytes]] = field(default_factory=list)
    longest: float = 0.0

    def take(self, name: str, data: bytes) -> None:
        """Read a capture and keep what it gives for the next feed."""
        path = self.folder / "capture"
        path.write_bytes(data)
        begin = time.process_time()
        fault = self._faults(name)
        self.longest = max(self.longest, time.process_time() - begin)
        if fault:
            self._keep(fault, [(name, data)])
        self.captures.append((name, data))
        if len(self.captures) >= IN_FEED:
            self.feed()

    def _faults(self, name: str) -> str | None:
        signal.setitimer(signal.ITIMER_REAL, HANGS)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)
        try:
            for item in judged(self.folder / "capture", name):
                if isinstance(item, Problem):
                    if len(str(item)) > LINE or not str(item).isprintable():
                        return f"a message that is not one printable line: {str(item)!r}"
                    if item.message.startswith("unexpected"):
                        return item.message
                else:
                    self.articles += [(article, self.folder) for article in item]
        except TooLongError:
            return f"more than {SECONDS} s"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.setitimer(signal.ITIMER_REAL, 0)
        return None

    def feed(self) -> None:
        """Write what was collected as a feed in each format, and check it."""
        try:
            faults = written([article for article, _ in self.articles], self.folder / "site")
        except Exception as error:
            faults = [f"writing: {type(error).__name__}: {error}"]
        if faults:
            self._keep(faults[0], self.captures)
        self.articles.clear()
        self.captures.clear()

    def site(self, captures: list[tuple[str, bytes]]) -> None:
        """Build captures into a site, and check it."""
        with tempfile.TemporaryDirectory(dir=self.folder) as folder:
            root = Path(folder)
            (root / "seeds").mkdir()
            for number, (name, data) in enumerate(captures):
                (root / "seeds" / f"{number}-{name}").write_bytes(data)
            try:
                report = build(Job([root / "seeds"], root / "output", root / "feeds.db", CONFIG, NOW))
                faults = [str(p) for p in report.problems if p.message.startswith("unexpected")]
                faults += map(str, check(root / "output", NOW))
            except Exception as error:
                faults = [f"building: {type(error).__name__}: {error}"]
        if faults:
            self._keep(faults[0], captures)

    def _keep(self, fault: str, captures: list[tuple[str, bytes]]) -> None:
        kept = self.folder.parent / "kept" / f"{os.getpid()}-{len(self.broken)}"
        kept.mkdir(parents=True, exist_ok=True)
        for number, (name, data) in enumerate(captures[:IN_FEED]):
            (kept / f"{number}-{name}").write_bytes(data)
        self.broken.append(f"{text.shown(fault)[:300]} ({kept})")


def judged(path: Path, name: str) -> Iterator[list[Article] | Problem]:
    """Read a file under another name and give what its documents hold, and what is wrong."""
    source = text.shown(f"seeds/{name}")
    info = path.stat()
    found = scan.Found(str(path), source, "", info.st_size, info.st_mtime_ns)
    try:
        for item in read.read(found):
            if isinstance(item, Problem):
                yield item
                continue
            given = understand(item, CONFIG, NOW)
            yield from given.problems
            yield [_article(one, item) for one in given.articles]
    except DocumentError as error:
        yield error.problem


def _article(understood: Understood, document: Document) -> Article:
    raw, dating, tags = understood
    return Article(mint(raw), raw, dating, tags, document.source, dating.published or NOW)


def written(articles: list[Article], folder: Path) -> list[str]:
    """Write articles as a feed in each format into a folder; give what is wrong with them."""
    (folder / "articles").mkdir(parents=True, exist_ok=True)
    unlike = {article.id: article for article in articles}
    entries = []
    for number, article in enumerate(unlike.values()):
        (folder / "articles" / f"{article.id.rpartition(':')[2]}.html").touch()
        entries.append(Entry(article, NOW - timedelta(seconds=number)))
    feed = Feed("urn:uuid:0", "all", "All", "", NOW, entries=tuple(entries))
    for writer in writers(CONFIG):
        (folder / writer.path("all")).write_bytes(writer.write(feed))
    (folder / "index.html").touch()
    faults = [str(problem) for problem in check(folder, NOW)]
    for path in (folder / "articles").iterdir():
        path.unlink()
    return faults


def work(
    count: int, longest: int, seed: int, folder: Path, answer: Connection, prepare: Callable[[], None]
) -> None:
    """Take so many captures, and answer with what broke, and the seconds of the longest."""
    prepare()
    logging.disable()
    signal.signal(signal.SIGPROF, _stop)
    # Of what is written, not of what is mapped: a thread's stack and a shared library count for nothing.
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES << 20, MEGABYTES << 20))
    chance, known, bench = random.Random(seed), seeds(), Bench(folder)
    some: list[tuple[str, bytes]] = []
    for number in range(1, count + 1):
        one = mutated(chance, known, longest)
        bench.take(*one)
        if number % BUILT > BUILT - IN_FEED:
            some.append(one)
        elif some:
            bench.site(some)
            some = []
    bench.feed()
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    if most > MEGABYTES:
        bench.broken.append(f"{most} MB at the most")
    answer.send((bench.broken, bench.longest, most))


def campaign(
    count: int, longest: int, seed: int, root: Path, prepare: Callable[[], None]
) -> tuple[Tally, float, int]:
    """Share captures among processes; one that dies is broken with the capture that killed it."""
    cores = len(os.sched_getaffinity(0))
    context = multiprocessing.get_context("fork")
    running = []
    for worker in range(cores):
        folder = root / str(worker)
        folder.mkdir(parents=True)
        here, there = context.Pipe(duplex=False)
        share = count // cores
        process = context.Process(
            target=work, args=(share, longest, seed * 1000 + worker, folder, there, prepare)
        )
        process.start()
        there.close()
        running.append((process, here, folder))
    tally, longest, most = Tally(count // cores * cores), 0.0, 0
    for process, here, folder in running:
        try:
            broken, seconds, memory = here.recv()
            tally.broken += broken
            longest, most = max(longest, seconds), max(most, memory)
        except EOFError:
            process.join()
            tally.broken.append(f"a process ended with {process.exitcode} ({folder / 'capture'})")
        process.join()
    return tally, longest, most


def let_through() -> None:
    """Break the program: nothing is left out that XML does not allow, and what can't be told is raised."""
    for module in (read, gate, told, content, opml):
        module.legal = lambda text: text  # type: ignore[attr-defined]


def minimise(path: Path) -> bytes:
    """Give the smallest piece of a capture that still breaks as it does."""
    with tempfile.TemporaryDirectory() as folder:
        signal.signal(signal.SIGPROF, _stop)
        logging.disable()
        name = path.name.partition("-")[2] or path.name

        def fault(data: bytes) -> str | None:
            bench = Bench(Path(folder) / "0")
            bench.folder.mkdir(exist_ok=True)
            bench.take(name, data)
            bench.feed()
            return bench.broken[0].partition(":")[0].partition(" (")[0] if bench.broken else None

        data = path.read_bytes()
        wanted = fault(data)
        print(f"{path}: {wanted}")
        size = max(len(data) // 2, 1)
        while wanted and size:
            at = 0
            while at < len(data):
                less = data[:at] + data[at + size :]
                if fault(less) == wanted:
                    data = less
                else:
                    at += size
            size //= 2
    return data


def main() -> int:
    """Run the campaign, or make one capture smaller."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--long", action="store_true", help="the whole campaign, not the sample that CI takes")
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--count", type=int, help="so many captures")
    cli.add_argument(
        "--minimise", type=Path, metavar="FILE", help="print the smallest piece that still breaks"
    )
    options = cli.parse_args()
    if options.minimise:
        print(minimise(options.minimise))
        return 0
    count = options.count or (LONG if options.long else SHORT)
    memory = Path("/dev/shm")  # where a file costs no disk
    root = Path(tempfile.mkdtemp(prefix="feeds-mutate-", dir=memory if memory.is_dir() else None))
    real, longest, most = campaign(count, LENGTHS[options.long], options.seed, root / "real", lambda: None)
    control, _, _ = campaign(CONTROL, LENGTHS[0], options.seed, root / "control", let_through)
    shutil.rmtree(root if not real.broken else root / "control")
    what = f"mutated captures (at most {longest:.1f} s and {most} MB each)"
    return verdict("mutate", what, real, control)


if __name__ == "__main__":
    sys.exit(main())
