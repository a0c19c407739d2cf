"""Have each system call fail by which a build changes something, and look at what is left.

    python bench/reliability/faults.py [--long] [--seed 1]

For each state-changing call of a build, as a plain run under strace shows them, and each of SIGKILL, ENOSPC,
EIO and EROFS, the build is run with that call failing; and for each write, with the disk full from there on.
Then each file of the output has to be as it was before or as it is to be; an error has to be one line and
exit code 74; and the next run has to give the very bytes of an undisturbed one. The control writes its
files in place. The short form is a sample.

The undisturbed runs show, too, what a power failure could take: a file has to be on the disk before it takes
its name, and all names before the manifest takes its own. Needs strace.
"""

from __future__ import annotations

import ctypes
import gzip
import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import NamedTuple

from campaign import Tally, arguments, verdict
from inplace import in_place
from newsroom import BEGIN, Build, Newsroom, Output, Program, main, scratch

from feeds import MANIFEST

FAULTS = {
    "SIGKILL": "signal=SIGKILL",
    "ENOSPC": "error=ENOSPC",
    "EIO": "error=EIO",
    "EROFS": "error=EROFS",
}
FULL = "a full disk"  # no write after this one, not even of what is to be said, can be done
WRITES = ("write", "pwrite64")
SHORT, CONTROL = 60, 20  # injections
TRIES = 5  # to hit a call; its number may move by one, where a file's time is right by chance
MISSED = 0.1  # of the calls, at most, that may not be met again
LATER = BEGIN + timedelta(hours=30)
EX_IOERR = 74
CALLS = (
    "openat|close|write|writev|pwrite64|pwritev|ftruncate|truncate|fallocate|fsync|fdatasync|syncfs|"
    "sync_file_range|rename|renameat|renameat2|unlink|unlinkat|rmdir|mkdir|mkdirat|link|linkat|symlink|"
    "symlinkat|chmod|fchmod|fchmodat|chown|fchown|utimensat|flock|copy_file_range|sendfile"
)
LINE = re.compile(r"\d+ +(?P<name>\w+)\((?P<arguments>.*)\) += (?P<result>.*)")
NAMED = re.compile(r'[<"]([^<>"]+)[>"]')
PR_SET_PTRACER, ANYONE = 0x59616D61, -1  # prctl(2): whom Yama lets trace this process


class Call(NamedTuple):
    """A system call of a build: its name, the how manieth of that name it is, and the file it is about.

    `writes` has the number of the next write of each kind, from this call on.
    """

    name: str
    number: int
    file: str
    writes: tuple[int, ...]

    def failing(self, fault: str) -> list[str]:
        """Give what strace is to inject."""
        if fault == FULL:
            pairs = zip(WRITES, self.writes, strict=True)
            return [f"{name}:error=ENOSPC:when={number}+" for name, number in pairs]
        return [f"{self.name}:{FAULTS[fault]}:when={self.number}"]


# --- a build under strace ------------------------------------------------------------------------


class Traced:
    """A program that waits for strace before it runs; strace sees nothing of how it was loaded."""

    def __init__(self, program: Program) -> None:
        """Take the program."""
        self._program = program
        self._here, self._there = socket.socketpair()

    def __call__(self, options: Sequence[str]) -> None:
        """Run it; this is the build's process."""
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYONE)
        self._there.send(b".")
        self._there.recv(1)
        self._program(options)

    def attend(self, build: Build, log: Path, inject: Sequence[str]) -> int:
        """Trace a build to its end; give its exit code."""
        command = ["strace", "-f", "-y", "-s0", "-o", str(log), f"-etrace=/^({CALLS})$"]
        command += [f"-einject={one}" for one in inject]
        self._here.recv(1)
        with subprocess.Popen([*command, "-p", str(build.pid)], stderr=subprocess.PIPE) as strace:
            while "TracerPid:\t0\n" in Path(f"/proc/{build.pid}/status").read_text():
                if strace.poll() is not None and strace.stderr:
                    raise SystemExit(strace.stderr.read().decode())
                time.sleep(0.001)
            self._here.send(b".")
            code = build.end()
        self._here.close()
        self._there.close()
        return code


def trace(room: Newsroom, program: Program, inject: Sequence[str] = ()) -> tuple[int, str]:
    """Build under strace, in one process; give the exit code and the calls."""
    log = room.root / "calls.txt"
    traced = Traced(program)
    code = traced.attend(room.build("-j1", now=LATER, program=traced), log, inject)
    return code, log.read_text()


def calls(log: str) -> Iterator[tuple[Call, str, str]]:
    """Give each call of a log, with its arguments and its result."""
    numbers: Counter[str] = Counter()
    for line in log.splitlines():
        if found := LINE.fullmatch(line):
            name = found["name"]
            numbers[name] += 1
            named = NAMED.findall(found["arguments"])
            writes = tuple(numbers[write] + (write != name) for write in WRITES)
            call = Call(name, numbers[name], named[-1] if named else "", writes)
            yield call, found["arguments"], found["result"]


def changing(log: str) -> Iterator[Call]:
    """Give the calls that change something: files that are only read do not count."""
    writing = set()
    for call, given, result in calls(log):
        if call.name == "openat":
            if not re.search("O_WRONLY|O_RDWR|O_CREAT", given):
                continue
            writing.add(result.partition("<")[0])
        if call.name == "close":
            handle = given.partition("<")[0]
            if handle not in writing:
                continue
            writing.remove(handle)
        yield call


# --- what is disturbed ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Scenario:
    """A build that is disturbed: what stands before it, and what it leaves when nothing disturbs it."""

    name: str
    room: Newsroom
    before: dict[str, bytes]
    after: dict[str, bytes]
    articles: list[tuple[str, ...]]
    calls: tuple[Call, ...]
    unsafe: tuple[str, ...]  # what a power failure could take

    @classmethod
    def of(cls, name: str, room: Newsroom, program: Program) -> Scenario:
        """Run it once undisturbed."""
        before = room.look().files
        tomorrow = time.time() + 86400  # each file that is replaced needs its time set then
        for path in before:
            os.utime(room.output / path, (tomorrow, tomorrow))
        with copied(room) as copy:
            code, log = trace(copy, program)
            if code:
                raise SystemExit(f"{name}: {copy.said()}")
            made, loose = tuple(changing(log)), tuple(unsafe(log, copy))
            return cls(name, room, before, copy.look().files, stored(copy), made, loose)


def first(room: Newsroom) -> None:
    """Nothing stands there yet."""
    for number in range(3):
        room.capture(number)


def news(room: Newsroom, configuration: str = "") -> None:
    """Feeds stand there; a capture is new, one was edited, one deleted."""
    (room.root / "feeds.toml").write_text(configuration)
    first(room)
    room.build(now=BEGIN).end()
    room.capture(3)
    room.capture(0, "other words")
    (room.seeds / "1.txt").unlink()


def reconfigured(room: Newsroom) -> None:
    """Feeds stand there; all of it has to be written anew, and some of it goes."""
    first(room)
    room.build(now=BEGIN).end()
    (room.root / "feeds.toml").write_text('[site]\ntitle = "News"\n[feeds]\nexclude = ["countries/se"]\n')


SCENARIOS: dict[str, Callable[[Newsroom], None]] = {
    "first build": first,
    "news": news,
    "news in three formats, compressed": partial(
        news, configuration='[site]\nprecompress = ["gz"]\n[feeds]\nformats = ["atom", "rss", "json"]\n'
    ),
    "another configuration": reconfigured,
}


@contextmanager
def copied(room: Newsroom) -> Iterator[Newsroom]:
    """Give a copy of a newsroom, always at the same place."""
    place = room.root.with_name("copy")
    shutil.copytree(room.root, place)
    try:
        yield Newsroom(place)
    finally:
        shutil.rmtree(place)


def stored(room: Newsroom) -> list[tuple[str, ...]]:
    """Give what the store says of each article."""
    with closing(sqlite3.connect(room.root / "feeds.db")) as db:
        return db.execute("SELECT iri, first_seen, updated, digest FROM articles ORDER BY iri").fetchall()


# --- what is promised ----------------------------------------------------------------------------


def disturb(scenario: Scenario, call: Call, fault: str, program: Program) -> list[str] | None:
    """Run a build with a call failing, and the next one; tell how promises were broken.

    Gives None where the call was not met again, as on a machine that is so busy that files count as settled.
    """
    for _ in range(TRIES):
        with copied(scenario.room) as room:
            code, log = trace(room, program, call.failing(fault))
            if not (met := hit(log)):
                continue
            left = room.look()
            broken = half_written(scenario, left)
            if fault != "SIGKILL":
                broken += ill_told(scenario, code, None if fault == FULL else room.said(), left)
            code = room.build("-j1", now=LATER, program=program).end()
            broken += [f"the next run ended with {code}: {room.said()}"] * (code != 0)
            broken += unlike(scenario, room)
        where = f"{scenario.name}: {fault} at {call.name} {met.number} of {Path(met.file).name}"
        return [f"{where}: {line}" for line in broken]
    return None


def hit(log: str) -> Call | None:
    """Give the call that failed on purpose, if it changes something; a killed process made its last one."""
    made = [(call, result) for call, _, result in calls(log)]
    if log.rstrip().endswith("+++ killed by SIGKILL +++"):
        failed = made[-1][0]
    else:
        failed = next((call for call, result in made if result.endswith("(INJECTED)")), None)
    return failed if failed in set(changing(log)) else None


def unsafe(log: str, room: Newsroom) -> Iterator[str]:
    """Tell which files took their names before they were on the disk, and which names may be lost."""
    loose: set[Path] = set()  # files and folders of the output with something that is not on the disk
    for call, given, result in calls(log):
        named = [room.root / name for name in NAMED.findall(given) if room.output.name in name]
        if result.startswith("-1") or not (named or call.name == "syncfs"):
            continue
        if call.name == "syncfs":
            loose.clear()
        elif call.name in ("fsync", "fdatasync"):
            loose.discard(named[0])
        elif call.name == "write":
            loose.add(named[0])
        elif call.name in ("unlink", "mkdir"):
            loose.add(named[0].parent)
        elif call.name == "rename":
            if named[0] in loose:
                yield f"{named[1].name} takes its name before it is on the disk"
            if named[1].name == MANIFEST and loose:
                yield f"the manifest stands before {sorted(loose)[0].name} is on the disk"
            loose.add(named[1].parent)
    yield from (f"{path.name} may not be on the disk when the run is over" for path in sorted(loose))


def half_written(scenario: Scenario, left: Output) -> list[str]:
    """Tell which files are neither as they were nor as they are to be."""
    broken = []
    for name in scenario.before.keys() | scenario.after.keys() | left.files.keys():
        states = [scenario.before.get(name), scenario.after.get(name)]
        if name.endswith(".gz"):  # a sibling goes before its file changes
            states.append(None)
        if left.files.get(name) not in states:
            broken.append(f"{name} is neither old nor new")
    for name, plain in left.files.items():
        sibling = left.files.get(f"{name}.gz")
        if sibling and not broken and gzip.decompress(sibling) != plain:
            broken.append(f"{name}.gz holds something else than its file")
    return broken


def ill_told(scenario: Scenario, code: int, said: str | None, left: Output) -> list[str]:
    """Tell where a run that met an error neither made it good nor said so in one line, if it could."""
    broken = [f"{name} was left" for name in left.temporary]
    if code == 0:
        broken += ["it was passed over"] * (left.files != scenario.after)
        broken += [f"it was made good, and said: {said}"] * bool(said)
    elif code != EX_IOERR or not (said is None or re.fullmatch(r"feeds: .+\n", said)):
        broken.append(f"exit code {code}: {said}")
    return broken


def unlike(scenario: Scenario, room: Newsroom) -> list[str]:
    """Tell how a newsroom differs from one that was not disturbed."""
    now = room.look()
    names = sorted(
        n for n in now.files.keys() | scenario.after.keys() if now.files.get(n) != scenario.after.get(n)
    )
    broken = [f"{name} differs after the next run" for name in names]
    broken += [f"{name} was left after the next run" for name in now.temporary]
    if stored(room) != scenario.articles:
        broken.append("the store's articles differ after the next run")
    return broken


def campaign(injections: int | None, seed: int, program: Program = main) -> Tally:
    """Make so many injections, or all."""
    with scratch() as folder:
        every, loose = [], []
        for i, (name, make) in enumerate(SCENARIOS.items()):
            room = Newsroom(Path(folder) / str(i))
            make(room)
            scenario = Scenario.of(name, room, program)
            loose += [f"{name}: {line}" for line in scenario.unsafe]
            every += [(scenario, call, fault) for call in scenario.calls for fault in FAULTS]
            every += [(scenario, call, FULL) for call in scenario.calls if call.name in WRITES]
        chosen = random.Random(seed).sample(every, injections) if injections else every
        results = [disturb(*one, program) for one in chosen]
        missed = results.count(None)
        if missed > MISSED * len(chosen):
            loose.append(f"{missed} calls were not met again")
        broken = [line for lines in results for line in lines or ()]
        return Tally(len(chosen) - missed, loose + broken)


if __name__ == "__main__":
    options = arguments(__doc__)
    real = campaign(None if options.long else SHORT, options.seed)
    control = campaign(CONTROL, options.seed, partial(in_place, pause=0))
    sys.exit(verdict("faults", "faults of a system call", real, control))
