"""Check what was written: each format against its specification, and against what readers showed us."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from feeds.model import Problem
from feeds.text import shown

SUFFIXES = (".atom", ".rss", ".json", ".opml")


def feed_files(output: Path) -> list[Path]:
    """Give the feeds and lists of an output folder, or the one file that is named.

    A .json file is a feed where an Atom feed of that name stands beside it, or where it says so.
    """
    if not output.is_dir():
        return [output]
    found = [path for suffix in SUFFIXES for path in output.rglob(f"*{suffix}")]
    return sorted(path for path in found if path.suffix != ".json" or _is_json_feed(path))


def check(output: Path, now: datetime) -> Iterator[Problem]:
    """Give what is wrong with each feed and list under a folder, with its line where it has one."""
    from feeds.check.atom import AtomChecker
    from feeds.check.jsonfeed import check_json
    from feeds.check.opml import check_opml
    from feeds.check.rss import check_rss

    root = output if output.is_dir() else None
    atom = AtomChecker(root, now)
    for path in feed_files(output):
        name = shown(path)
        ids: list[str] = []
        if path.suffix == ".rss":
            yield from check_rss(path, root, now, ids)
        elif path.suffix == ".json":
            yield from check_json(path, root, now, ids)
        elif path.suffix == ".opml":
            yield from check_opml(path, root)
        else:
            yield from atom.check(path)
        beside = atom.ids.get(path.with_suffix(".atom"))
        if beside is not None and path.suffix in (".rss", ".json") and ids != beside:
            yield Problem(name, None, f"its entries are not those of {path.with_suffix('.atom').name}")
    yield from atom.history()


def _is_json_feed(path: Path) -> bool:
    with path.open("rb") as file:
        return b"//jsonfeed.org/version/" in file.read(2000) or path.with_suffix(".atom").exists()
