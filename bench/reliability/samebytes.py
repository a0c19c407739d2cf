"""Build the same captures in other surroundings, and compare every byte.

    python bench/reliability/samebytes.py [--long] [--seed 1]

The surroundings are the time zone, the locale (one of them not of Unicode, one with a dotless i), the umask,
the order in which the captures were created, the hash seed and the number of processes. Each build has to
give the bytes and the modes of the first, and to say nothing. The control reads files in the order of
the folder, and leaves modes to the umask. The long form is all combinations; the short one a few in which
each value occurs. Needs Debian's `locales`.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

from campaign import Tally, arguments, verdict
from newsroom import BASE_URL, BEGIN, Newsroom, scratch

# The first of each makes the build that the others are compared with.
SURROUNDINGS: Mapping[str, tuple[str, ...]] = {
    "TZ": ("UTC", "America/St_Johns", "Asia/Kathmandu", "Pacific/Chatham"),
    "LC_ALL": ("C.UTF-8", "C", "tr_TR.UTF-8", "de_DE.ISO-8859-1", "fa_IR.UTF-8"),
    "umask": ("022", "077", "000"),
    "order": ("0", "1"),
    "PYTHONHASHSEED": ("0", "1"),
    "jobs": ("1", "2"),
}
SHORT, CONTROL = 10, 4  # builds
LATER = BEGIN + timedelta(days=20)
CAPTURES = 40  # enough for several processes to share
NAMES = ("Tromsø", "İstanbul", "تهران", "a name with spaces")
COMMAND = "from feeds.cli import main; main()"
BROKEN = f"""
import os, feeds.publish, feeds.scan
feeds.scan.sorted = lambda entries, key: list(entries)
feeds.publish.os.fchmod = lambda *_: None
{COMMAND}"""


def locales(folder: Path) -> None:
    """Make the locales that are no part of every system."""
    for name in SURROUNDINGS["LC_ALL"]:
        language, _, charset = name.partition(".")
        if "_" in language:
            subprocess.run(["localedef", "-i", language, "-f", charset, folder / name], check=True)


def chosen(count: int | None, seed: int) -> Iterator[dict[str, str]]:
    """Give so many surroundings, each value in some of them; or all there are."""
    if count is None:
        for values in itertools.product(*SURROUNDINGS.values()):
            yield dict(zip(SURROUNDINGS, values, strict=True))
        return
    chance = random.Random(seed)
    columns = []
    for values in SURROUNDINGS.values():
        column = [values[i % len(values)] for i in range(count)]
        columns.append(chance.sample(column, count))
    for row in zip(*columns, strict=True):
        yield dict(zip(SURROUNDINGS, row, strict=True))


def build(root: Path, where: Mapping[str, str], program: str) -> dict[str, tuple[int, bytes]]:
    """Build a newsroom of its own; give the mode and the bytes of each file of its output."""
    room = Newsroom(root)
    numbers = list(range(CAPTURES))
    random.Random(where["order"]).shuffle(numbers)
    for number in numbers:
        path = room.capture(number, copy=f" {NAMES[number % len(NAMES)]}")
        os.utime(path, (BEGIN.timestamp(),) * 2)
    with tarfile.open(room.seeds / "archive.tar", "w", encoding="utf-8") as archive:
        for number in range(CAPTURES, CAPTURES + len(NAMES)):
            path = room.capture(number)
            archive.add(path, f"{NAMES[number - CAPTURES]}/{path.name}")
            path.unlink()
    os.utime(room.seeds / "archive.tar", (BEGIN.timestamp(),) * 2)
    environment = {name: where[name] for name in ("TZ", "LC_ALL", "PYTHONHASHSEED")}
    environment |= {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
    environment |= {"LOCPATH": str(root.parent), "SOURCE_DATE_EPOCH": str(int(LATER.timestamp()))}
    options = ["build", "-q", "-j", where["jobs"], "--base-url", BASE_URL]
    command = [sys.executable, "-c", program, *options]
    done = subprocess.run(
        command, cwd=root, env=environment, umask=int(where["umask"], 8), capture_output=True, check=False
    )
    found = {}
    for path in room.output.rglob("*"):
        data = path.read_bytes() if path.is_file() else b""
        found[str(path.relative_to(room.output))] = path.stat().st_mode, data
    return found | {"(exit code, what it said)": (done.returncode, done.stdout + done.stderr)}


def campaign(count: int | None, seed: int, program: str = COMMAND) -> Tally:
    """Build in so many surroundings, or in all."""
    tally = Tally()
    first = {name: values[0] for name, values in SURROUNDINGS.items()}
    with scratch() as folder:
        root = Path(folder)
        locales(root)
        expected = build(root / "first", first, COMMAND)
        for where in chosen(count, seed):
            found = build(root / "other", where, program)
            shutil.rmtree(root / "other")
            tally.count += 1
            differ = sorted(n for n in found.keys() | expected.keys() if found.get(n) != expected.get(n))
            if differ:
                tally.broken.append(f"{' '.join(where.values())}: {len(differ)} differ, such as {differ[0]}")
    return tally


if __name__ == "__main__":
    options = arguments(__doc__)
    real = campaign(None if options.long else SHORT, options.seed)
    sys.exit(verdict("samebytes", "builds", real, campaign(CONTROL, options.seed, BROKEN)))
