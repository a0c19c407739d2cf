"""See at once that nothing is new, as on most runs from cron.

All that a run depends on is compared with what the last one noted: the program and its tables, the
configuration, the options, the captures, and the output. Only then is the rest of the program loaded. What
can't be seen here, such as a store that is locked or damaged, is left to the build to say.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from typing import NamedTuple

from feeds import __version__
from feeds.scan import Scan, Seen

_MOST = 2 * 1024 * 1024  # bytes of a file that people write, twice what is read
# Facts that a build is due.
PENDING = "whole"  # all has to be written
UNTOLD = "untold"  # the status feed has to be written
DUE = "due"  # the time from which a build has to look, though nothing is new: what is quiet shows in no file


class Unchanged(NamedTuple):
    """What a run with nothing new has to say."""

    documents: int
    articles: int
    feeds: int
    problems: int


def told(files: tuple[str, ...], options: tuple[str, ...]) -> str:
    """Give all that a run depends on beside the captures and the store, as one text.

    That is the program with its tables, what is written in some files, and the options.
    """
    return "\n\0".join((program(), *options, *map(_content, files)))


def _content(path: str) -> str:
    try:
        # O_NONBLOCK: a FIFO must not hold the run. What is no file is left to the build to refuse.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return "no file"
            return file.read(_MOST).decode("utf-8", "backslashreplace")
    except OSError as error:
        return f"{error.errno}"


def program() -> str:
    """Name this version of the program and its tables, by their files' sizes and times."""
    parts = [__version__]
    folders = [os.path.dirname(__file__)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_dir() and entry.name != "__pycache__":
                    folders.append(entry.path)
                elif entry.is_file():
                    info = entry.stat()
                    parts.append(f"{entry.name} {info.st_size} {info.st_mtime_ns}")
    return "\n".join(parts)


def stamp(path: str) -> str:
    """Give what changes when a file is written or replaced, "" where there is none."""
    try:
        info = os.stat(path)
    except OSError:
        return ""
    return f"{info.st_size} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_ino}"


def unchanged(
    store: str, manifest: str, output: str, roots: tuple[str, ...], told_now: str, moment: int, now: str
) -> Unchanged | None:
    """Give what is known where nothing is new; None where the build has to see for itself.

    `moment` is the machine's clock in ns since 1970, `now` the build's clock as the store writes it.
    """
    if not os.path.exists(store) or os.path.exists(f"{store}-journal"):
        return None
    try:
        db = sqlite3.connect(store, isolation_level=None)
        try:
            db.execute("PRAGMA query_only=1")
            facts = dict(db.execute("SELECT name, value FROM facts"))
            if facts.get("told") != told_now or facts.get("manifest") != stamp(manifest):
                return None
            if facts.get(DUE, now) < now or _is_pending(db, facts):
                return None
            return _unchanged(db, facts, output, roots, moment)
        finally:
            db.close()
    except (sqlite3.Error, OSError, ValueError):
        return None


def _unchanged(
    db: sqlite3.Connection, facts: dict[str, str], output: str, roots: tuple[str, ...], moment: int
) -> Unchanged | None:
    for path, changed in db.execute("SELECT path, changed FROM output_folders"):
        if os.stat(f"{output}/{path}").st_ctime_ns != changed:
            return None
    rows = db.execute("SELECT path, changed, files FROM folders")
    known = {path: Seen(changed, files) for path, changed, files in rows}
    scan = Scan(roots, moment, known, output)
    for look in scan.looks():
        signatures = dict(
            db.execute(
                "SELECT source, signature FROM documents "
                "WHERE folder = (SELECT id FROM folders WHERE path = ?) AND gone = 0",
                (look.folder,),
            )
        )
        if len(signatures) != len(look.files) or any(
            signatures.get(found.source) != found.signature for found in look.files
        ):
            return None
    if scan.gone():
        return None
    return Unchanged(scan.files, *(int(facts[name]) for name in ("articles", "feeds", "problems")))


def _is_pending(db: sqlite3.Connection, facts: dict[str, str]) -> bool:
    """Say whether the store holds what isn't written or told yet, as after a run that failed in between."""
    pending = (
        "SELECT EXISTS (SELECT 1 FROM dirty) OR EXISTS (SELECT 1 FROM dirty_articles) "
        "OR EXISTS (SELECT 1 FROM problems WHERE told < 2)"
    )
    return PENDING in facts or UNTOLD in facts or bool(db.execute(pending).fetchone()[0])
