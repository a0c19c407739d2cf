"""Kill builds at random moments, and count what is lost, doubled or half-written.

    python bench/reliability/kill.py [--long] [--seed 1]

Each round adds or edits a capture, or adds many, which several processes then read. It starts a build, kills
it with SIGKILL at a random moment, looks at the output as a web server would see it then, and builds
again to the end. The control writes its files in place.
"""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from campaign import Tally, arguments, verdict
from inplace import in_place
from newsroom import BEGIN, Build, Newsroom, Program, main, scratch

SHORT, LONG, CONTROL = 30, 1000, 10  # kills
AT_MOST = 200  # kills of the control, where a machine that became busy has the first ones come too early
LONGER = 1.02  # by which the next build may take longer than those that were killed, as the feeds grow
BULK, BULKS = 40, 0.03  # captures that come at once, and how often they do


class Rounds:
    """One newsroom whose builds are killed over and over."""

    def __init__(self, root: Path, chance: random.Random, program: Program) -> None:
        """Take a folder, and the program that builds."""
        self.room, self.chance, self.program = Newsroom(root), chance, program
        self.tally = Tally()
        self.now = BEGIN
        self.captures = 0
        self.ids: dict[int, str] = {}
        self.length = 0.0  # seconds that a build may take, by those that came to their end

    def run(self, kills: int, to_break: int = 0) -> Tally:
        """Go on until so many builds were killed; until `to_break`, as long as nothing broke."""
        self.change()
        started = time.monotonic()
        self.settle()
        self.length = time.monotonic() - started
        while self.tally.count < (kills if self.tally.broken else max(kills, to_break)):
            self.change()
            started = time.monotonic()
            if self.build().kill(after=self.chance.uniform(0, 1.1) * self.length):
                self.length *= LONGER
                torn = self.room.look().torn()
                self.tally.count += 1
                self.tally.broken += [f"after a kill: {name} is not whole" for name in torn]
            else:
                self.length = time.monotonic() - started
            self.settle()
        return self.tally

    def change(self) -> None:
        """Add a capture or many, or edit one; some hours pass."""
        if self.captures and self.chance.random() < 0.5:
            numbers = [self.chance.randrange(self.captures)]
        else:
            many = self.chance.random() < BULKS
            numbers = [self.captures + i for i in range(BULK if many else 1)]
        for number in numbers:
            self.room.capture(number, f"version {self.chance.random()}")
        self.captures = max(self.captures, numbers[-1] + 1)
        self.now += timedelta(hours=self.chance.randrange(1, 12))

    def build(self) -> Build:
        """Start a build."""
        return self.room.build(now=self.now, program=self.program)

    def settle(self) -> None:
        """Build to the end, and see that nothing is lost, doubled or left over."""
        code = self.build().end()
        found = self.room.look()
        torn = found.torn()
        broken = [f"the next run ended with {code}"] * (code != 0)
        broken += [f"{name} is not whole" for name in torn]
        broken += [f"{name} was left" for name in found.temporary]
        entries = [] if torn else found.entries()
        numbers = Counter(entry.number for entry in entries)
        broken += [f"article {n} is lost" for n in range(self.captures) if n not in numbers and not torn]
        broken += [f"article {n} stands {times} times" for n, times in numbers.items() if times > 1]
        for entry in entries:
            if self.ids.setdefault(entry.number, entry.id) != entry.id:
                broken.append(f"the id of article {entry.number} changed")
        self.tally.broken += [f"after the next run: {line}" for line in broken]


def campaign(kills: int, seed: int, program: Program = main, to_break: int = 0) -> Tally:
    """Kill so many builds."""
    with scratch() as folder:
        return Rounds(Path(folder), random.Random(seed), program).run(kills, to_break)


if __name__ == "__main__":
    options = arguments(__doc__)
    real = campaign(LONG if options.long else SHORT, options.seed)
    sys.exit(verdict("kill", "kills", real, campaign(CONTROL, options.seed, in_place, AT_MOST)))
