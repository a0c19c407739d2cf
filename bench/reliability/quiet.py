"""Build every five minutes for a day without news, and look at whether anything is touched.

    python bench/reliability/quiet.py [--long] [--seed 1]

After each run every file and folder of the newsroom, the store's among them, has to have the inode, size and
times that it had before. The control is told to write all again (`--full`). The short form is two hours.
"""

from __future__ import annotations

import sys
from datetime import timedelta
from pathlib import Path

from campaign import Tally, arguments, verdict
from newsroom import BEGIN, SAID, Newsroom, scratch

SHORT, LONG, CONTROL = 24, 288, 6  # runs
STEP = timedelta(minutes=5)
CAPTURES = 30


def stamps(room: Newsroom) -> dict[Path, tuple[int, ...]]:
    """Give what changes when a file or folder is touched; what a build says is the campaign's own file."""
    found = {path: path.stat() for path in room.root.rglob("*") if path.name != SAID}
    return {p: (s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for p, s in found.items()}


def campaign(runs: int, *options: str) -> Tally:
    """Build so often."""
    tally = Tally()
    with scratch() as folder:
        room = Newsroom(Path(folder))
        for number in range(CAPTURES):
            room.capture(number)
        (room.seeds / "bad.txt").write_bytes(b"\0\1\2")  # what is bad is known, too, and costs nothing
        room.build(now=BEGIN).end()
        before = stamps(room)
        for run in range(1, runs + 1):
            code = room.build(*options, now=BEGIN + run * STEP).end()
            after = stamps(room)
            touched = {path for path, _ in before.items() ^ after.items()}
            tally.count += 1
            tally.broken += [f"run {run} ended with {code}: {room.said()}"] * bool(code or room.said())
            tally.broken += [f"run {run} touched {path.relative_to(room.root)}" for path in sorted(touched)]
            before = after
    return tally


if __name__ == "__main__":
    options = arguments(__doc__)
    real = campaign(LONG if options.long else SHORT)
    sys.exit(verdict("quiet", "runs without news", real, campaign(CONTROL, "--full")))
