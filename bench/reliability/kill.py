"""Kill builds at random moments, and count what is lost, doubled or half-written.

    python bench/reliability/kill.py [--runs 1000] [--seed 1] [--control]

Each round adds or edits a capture, starts a build, kills it with SIGKILL at a random moment, looks at
the output as a web server would see it then, and builds again to the end. --control runs a build that
writes its files in place and slowly, to show that the campaign can see what it looks for: there the
count must not be 0. Prints one line; exit code 1 where a promise was broken (or, in the control, none).
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lxml import etree

ATOM = "{http://www.w3.org/2005/Atom}"
BROKEN = """
import hashlib, sys, time
from feeds.publish import Publisher
def in_place(self, path, data):
    target = self._target(path)
    self._note(path, hashlib.sha256(data).digest())
    if target.exists() and target.read_bytes() == data:
        return
    step = max(len(data) // 40, 1)
    with open(target, "wb") as file:
        for start in range(0, len(data), step):
            file.write(data[start:start + step])
            file.flush()
            time.sleep(0.01 if path.endswith(".atom") else 0)
    self._touched(path, target)
Publisher.put = in_place
from feeds.cli import main
main(sys.argv[1:])
"""
CAPTURE = """{headline}

{place} opened a new harbour this week, the work of {number} years as the council said, in {version}.

The board said that ships could use it from the spring on, and that the fishing fleet would follow.
"""
PLACES = (
    "Norway",
    "Sweden",
    "Denmark",
    "Finland",
    "Iceland",
    "Estonia",
    "Latvia",
    "Poland",
    "Spain",
    "Portugal",
)


class Round:
    """One newsroom that is built and killed over and over."""

    def __init__(self, root: Path, control: bool) -> None:
        self.root = root
        self.command = [sys.executable, "-c", BROKEN] if control else [sys.executable, "-m", "feeds"]
        self.captures = 0
        self.ids: dict[str, str] = {}
        self.broken: list[str] = []
        (root / "seeds").mkdir()

    def change(self, chance: random.Random) -> None:
        """Add a capture, or edit one."""
        edit = self.captures and chance.random() < 0.5
        number = chance.randrange(self.captures) if edit else self.captures
        self.captures = max(self.captures, number + 1)
        text = CAPTURE.format(
            headline=f"{PLACES[number % 10]} Opens Harbour Number {number} After Long Talks",
            place=PLACES[number % 10],
            number=number + 2,
            version=f"version {chance.random()}",
        )
        (self.root / "seeds" / f"{number}.txt").write_text(text)

    def build(self) -> subprocess.Popen[bytes]:
        """Start a build."""
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.Popen(
            [*self.command, "build", "-q", "--base-url", "https://news.example/"],
            cwd=self.root,
            env=environment,
        )

    def look(self, when: str) -> None:
        """See whether each feed is whole, as a web server would find it."""
        for path in (self.root / "output").rglob("*.atom"):
            if path.name.startswith("."):
                continue  # a temporary file, which no web server shows; the next run removes it
            try:
                etree.parse(path)
            except etree.XMLSyntaxError as error:
                self.broken.append(f"{when}: {path.name} is not whole: {error}")

    def settle(self) -> None:
        """Build to the end, and see that nothing is lost, doubled or left over."""
        if self.build().wait() != 0:
            self.broken.append("the next run failed")
        self.look("after the next run")
        try:
            feed = etree.parse(self.root / "output" / "all.atom").getroot()
        except (OSError, etree.XMLSyntaxError) as error:
            self.broken.append(f"after the next run: no feed of all: {error}")
            return
        found = {
            e.findtext(f"{ATOM}title") or "": e.findtext(f"{ATOM}id") or "" for e in feed.iter(f"{ATOM}entry")
        }
        if len(list(feed.iter(f"{ATOM}entry"))) != min(self.captures, 50):
            self.broken.append(f"{len(found)} entries of {self.captures} captures")
        self.broken += [f"the id of {t} changed" for t, i in found.items() if self.ids.get(t, i) != i]
        self.ids.update(found)
        self.broken += [f"{path.name} was left" for path in (self.root / "output").rglob(".feeds-tmp-*")]


def main() -> int:
    """Run the campaign."""
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("--runs", type=int, default=1000)
    cli.add_argument("--seed", type=int, default=1)
    cli.add_argument("--control", action="store_true")
    options = cli.parse_args()
    chance = random.Random(options.seed)
    killed = 0
    with tempfile.TemporaryDirectory() as folder:
        room = Round(Path(folder), options.control)
        room.change(chance)
        start = time.monotonic()
        room.settle()
        length = time.monotonic() - start
        for _ in range(options.runs):
            room.change(chance)
            run = room.build()
            try:
                run.wait(timeout=chance.uniform(0.1, 1.1) * length)
            except subprocess.TimeoutExpired:
                run.send_signal(signal.SIGKILL)
                run.wait()
                killed += 1
                room.look("after a kill")
            room.settle()
    kind = "control" if options.control else "kill"
    print(f"{kind}: {options.runs} runs, {killed} killed, {len(room.broken)} broken promises")
    for line in room.broken[:5]:
        print(f"  {line}")
    return int(bool(room.broken) != options.control)


if __name__ == "__main__":
    sys.exit(main())
