"""Measure the runs from cron: with nothing new, and with one new capture, against a bare start of Python.

    python bench/scale/small.py [--articles 1000 10000] [--rounds 9] [--folder FOLDER]

At each size it makes a corpus in folders by day and builds its feeds, without pages of articles. Then it
runs in turn `python -c "import click, sqlite3"`, a build with nothing new, one that looks at every file
(--verify), and one with a new capture. Prints medians, seconds by the clock and of the processors, and the
ratios of both: to the bare start, and of one new to nothing new.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from peers import FEEDS, measured

BUILD = (sys.executable, "-m", "feeds", "build", "-q")
RUNS = {
    "a bare start": (sys.executable, "-c", "import click, sqlite3"),
    "nothing new": BUILD,
    "--verify": (*BUILD, "--verify"),
    "one new": BUILD,
}


def at_size(folder: Path, articles: int, rounds: int) -> dict[str, tuple[float, float]]:
    """Measure each run so often: give the medians of seconds, and of those of the processors."""
    counter = folder / "next"
    if not counter.exists():
        corpus.make(folder / "seeds", articles)
        (folder / "feeds.toml").write_text(FEEDS.format(round=0))
        counter.write_text(str(articles))
    number = int(counter.read_text())
    measured(BUILD, folder)
    measured(BUILD, folder)  # now all is compiled and settled
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in RUNS}
    for _ in range(rounds):
        for name, command in RUNS.items():
            if name == "one new":
                corpus.write(folder / "seeds", number)
                number += 1
            run = measured(command, folder)
            found[name].append((run.seconds, run.work))
    counter.write_text(str(number))
    return {name: (median(t for t, _ in times), median(w for _, w in times)) for name, times in found.items()}


def show(articles: int, found: dict[str, tuple[float, float]]) -> None:
    """Print a table."""
    bare, quiet = found["a bare start"], found["nothing new"]
    print(f"\n{f'{articles:,} captures':16}   seconds  processors   to a bare start")
    for name, (seconds, work) in found.items():
        print(f"{name:16}{seconds:10.3f}{work:12.3f}{seconds / bare[0]:10.2f}{work / bare[1]:8.2f}")
    seconds, work = (one / none for one, none in zip(found["one new"], quiet, strict=True))
    print(f"one new to nothing new: {seconds:.2f} by the clock, {work:.2f} by the processors")


def main() -> None:
    """Measure at each size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument(
        "--folder", type=Path, help="Where the corpora go, and stay  [default: a temporary one]"
    )
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        for articles in options.articles:
            folder = (options.folder or Path(temporary)) / str(articles)
            folder.mkdir(parents=True, exist_ok=True)
            show(articles, at_size(folder, articles, options.rounds))


if __name__ == "__main__":
    main()
