"""Build once an hour for a year, with a clock that jumps, and look at what time does to ids and dates.

    python bench/reliability/year.py [--long] [--seed 1]

The clock is the program's own; it begins before a leap day, goes through both changes of summer time, and is
now and then set back or ahead by hours or days. Captures come, are edited, set back to older words, copied,
touched and deleted; a third of the articles state a date, in the local time of their newsroom. The control
lets `updated` follow the clock wherever it goes. The short form is six weeks.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections import Counter
from collections.abc import Iterable
from contextlib import chdir
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch
from zoneinfo import ZoneInfo

from campaign import Tally, arguments, verdict
from lxml import etree
from newsroom import ATOM, BASE_URL, Entry, Newsroom, Output, scratch, warm_up

from feeds.check import check
from feeds.config import load
from feeds.job import Job
from feeds.pipeline import build, note_told
from feeds.store.seconds import Seconds
from feeds.store.values import EPOCH

SHORT, LONG, CONTROL = 24 * 42, 24 * 366, 24 * 28  # hours
ALL_OF_IT = 24  # hours between two looks at all of the output; what changed is looked at each time
ZONE = ZoneInfo("Europe/Berlin")
BEGIN = datetime(2024, 2, 20, 0, 30, tzinfo=UTC)
CONFIGURATION = f"""
[site]
base_url = "{BASE_URL}"
time_zone = "{ZONE.key}"
[feeds]
limit = 20
formats = ["atom", "rss", "json"]
"""
CAPTURES = 60  # that are there at once; then the oldest goes
SHARE = 0.25  # of the hours in which something happens
JUMP = 72  # hours by which a clock is wrong at most


class Year:
    """A newsroom whose clock runs, and what a subscriber knows of it."""

    def __init__(self, root: Path, chance: random.Random) -> None:
        """Take a folder."""
        self.room, self.chance, self.tally = Newsroom(root), chance, Tally()
        (root / "feeds.toml").write_text(CONFIGURATION)
        self.config = load(root / "feeds.toml")
        self.now = self.latest = BEGIN  # the clock, and the latest time that it ever showed
        self.captures: dict[Path, tuple[int, list[str]]] = {}  # the article of each, and the words it had
        self.dates: list[datetime] = []  # that the articles state, if they do
        self.entries: dict[str, Entry] = {}  # by id, as last seen
        self.ids: dict[int, str] = {}  # by the article's number
        self.feeds: dict[str, str] = {}  # the `updated` of each feed

    def run(self, hours: int) -> Tally:
        """Let so many hours pass."""
        events = {self.add: 8, self.edit: 5, self.revert: 1, self.copy: 2, self.touch: 2, self.delete: 4}
        wrong = timedelta()
        with chdir(self.room.root):
            for hour in range(hours):
                if self.chance.random() < (0.1 if wrong else 0.04):
                    wrong = timedelta() if wrong else timedelta(hours=self.chance.randint(-JUMP, JUMP))
                self.now = BEGIN + timedelta(hours=hour) + wrong
                self.latest = max(self.latest, self.now)
                if not self.captures:
                    self.add()
                elif self.chance.random() < SHARE:
                    self.chance.choices([*events], [*events.values()])[0]()
                self.build(whole=hour % ALL_OF_IT == 0)
            self.build(whole=True)
        return self.tally

    # --- what happens ----------------------------------------------------------------------------

    def add(self) -> None:
        """Capture a new article; its date may be an hour that the clocks leave out, or pass twice."""
        local = self.now.astimezone(ZONE) - timedelta(hours=self.chance.randrange(4))
        self.dates.append(local.replace(tzinfo=None))
        self.write(len(self.dates) - 1, "few words")
        if len(self.captures) > CAPTURES:
            self.delete()

    def edit(self) -> None:
        """Correct an article in its capture."""
        number, _ = self.captures[path := self.any()]
        self.write(number, f"words of {self.now}", path.stem.removeprefix(str(number)))

    def revert(self) -> None:
        """Put the first words of a capture back."""
        number, words = self.captures[path := self.any()]
        self.write(number, words[0], path.stem.removeprefix(str(number)))

    def copy(self) -> None:
        """Capture an article a second time, with words that it has or had."""
        number, words = self.captures[self.any()]
        self.write(number, self.chance.choice(words), f"-copy{self.chance.randrange(3)}")

    def touch(self) -> None:
        """Give a capture another time."""
        os.utime(self.any(), (self.now.timestamp(),) * 2)

    def delete(self) -> None:
        """Remove a capture, but not the newest, which no build may have seen."""
        if older := [*self.captures][:-1]:
            path = self.chance.choice(older)
            path.unlink()
            del self.captures[path]

    def any(self) -> Path:
        """Choose a capture."""
        return self.chance.choice([*self.captures])

    def write(self, number: int, words: str, copy: str = "") -> None:
        """Write a capture."""
        path = self.room.capture(number, words, copy, self.dates[number])
        os.utime(path, (self.now.timestamp(),) * 2)
        self.captures.setdefault(path, (number, []))[1].append(words)

    # --- what is promised ------------------------------------------------------------------------

    def build(self, *, whole: bool) -> None:
        """Build, and look at what changed, or at all of it."""
        job = Job([Path("seeds")], Path("output"), Path("feeds.db"), self.config, self.now)
        report = build(job)
        self.tally.count += 1
        self.say(str(problem) for problem in report.problems)
        if report.problems:
            note_told(job)
        if whole:
            self.look(self.room.look())
        elif report.written:
            self.follow(Output({"all.atom": (self.room.output / "all.atom").read_bytes()}, ()).entries())

    def say(self, faults: Iterable[str]) -> None:
        """Note what broke, with the time of the newsroom's clock."""
        self.tally.broken += [f"{self.now:%Y-%m-%d %H:%M}: {fault}" for fault in faults]

    def follow(self, entries: list[Entry]) -> None:
        """Compare entries with how they were seen before."""
        for entry in entries:
            before = self.entries.get(entry.id, entry)
            self.entries[entry.id] = entry
            name = f"article {entry.number}"
            if self.ids.setdefault(entry.number, entry.id) != entry.id or before.number != entry.number:
                self.say([f"{name} has another id"])
            if entry.updated < before.updated:
                self.say([f"{name}: updated went back from {before.updated} to {entry.updated}"])
            if entry.published and entry.updated < entry.published:
                self.say([f"{name}: updated {entry.updated} lies below published {entry.published}"])

    def look(self, found: Output) -> None:
        """Look at all of the output."""
        entries = found.entries()
        self.follow(entries)
        times = Counter(entry.updated for entry in entries)
        self.say(f"{count} entries share {updated}" for updated, count in times.items() if count > 1)
        numbers = Counter(entry.number for entry in entries)
        self.say(f"article {n} stands {numbers[n]} times" for n in range(len(self.dates)) if numbers[n] != 1)
        for name, data in found.files.items():
            if re.fullmatch(r"(\w+/)?[a-z-]+\.atom", name):  # no archive: an entry may leave one
                updated = etree.fromstring(data).findtext(f"{ATOM}updated") or ""
                if updated < self.feeds.get(name, ""):
                    self.say([f"{name}: updated went back to {updated}"])
                self.feeds[name] = updated
        self.say(str(problem) for problem in check(self.room.output, self.latest))


def campaign(hours: int, seed: int) -> Tally:
    """Build so often, in this process."""
    warm_up()
    with scratch() as folder:
        return Year(Path(folder), random.Random(seed)).run(hours)


if __name__ == "__main__":
    options = arguments(__doc__)
    real = campaign(LONG if options.long else SHORT, options.seed)
    free = Seconds.free
    with patch.object(Seconds, "free", lambda seconds, wanted, _: free(seconds, wanted, EPOCH)):
        control = campaign(CONTROL, options.seed)
    sys.exit(verdict("year", "hourly runs", real, control))
