"""Look for damage in a store, all of it, without writing to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from msgspec import Struct, field

from feeds.store.articles import CHECKED
from feeds.store.schema import APPLICATION_ID, MIGRATIONS
from feeds.store.values import row_checksum
from feeds.text import one_line

_HEADER = ("application_id", "user_version")
_NAMED = 3  # damaged rows that are named


class Examined(Struct):
    """What a store is found to hold, and the faults of it, each in one line."""

    faults: list[str] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)  # written paths with their SHA-256 in hex
    newest: str = ""  # the latest time at which it was written to, as `values.iso` gives it


def examine(path: Path) -> Examined:
    """Look at a store that no run is at work on."""
    found = Examined()
    try:
        uri = f"file:{quote(str(path.absolute()).encode('utf-8', 'surrogateescape'))}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, isolation_level=None)) as db:
            db.text_factory = lambda data: data.decode("utf-8", "backslashreplace")
            db.execute("PRAGMA trusted_schema=OFF")
            found.faults += _faults_of_header(db)
            if not found.faults:
                _look_at_content(db, found)
    except sqlite3.Error as error:
        found.faults.append(f"can't be read: {one_line(str(error))}")
    return found


def _faults_of_header(db: sqlite3.Connection) -> Iterator[str]:
    (application,), (version,) = (db.execute(f"PRAGMA {name}").fetchone() for name in _HEADER)
    if application != APPLICATION_ID:
        yield "not a store of feeds"
    elif version > len(MIGRATIONS):
        yield f"made by a newer version of feeds (schema {version})"
    elif version < len(MIGRATIONS):
        yield f"made by an older version of feeds (schema {version}): the next build brings it up to date"


def _look_at_content(db: sqlite3.Connection, found: Examined) -> None:
    damage = [one_line(row[0]) for row in db.execute("PRAGMA integrity_check(5)") if row[0] != "ok"]
    if damage:
        found.faults.append(f"damaged: {'; '.join(damage)}")
        return
    for check in (_unfit_rows, _unfit_facts, _dangling_rows):
        found.faults += check(db)
    found.facts = dict(db.execute("SELECT name, value FROM facts"))
    found.files = {path: digest.hex() for path, digest in db.execute("SELECT path, digest FROM files")}
    times = db.execute("SELECT max(first_seen) FROM articles UNION ALL SELECT max(time) FROM runs").fetchall()
    found.newest = max((moment for (moment,) in times if moment), default="")


def _unfit_rows(db: sqlite3.Connection) -> Iterator[str]:
    """Compare each article with its checksum: what was changed by hand or by the disk shows."""
    rows = db.execute(f"SELECT checksum, {CHECKED} FROM articles")  # noqa: S608  # our own words
    unfit = [row[0] for checksum, *row in rows if checksum != row_checksum(row)]
    if unfit:
        more = f" and {len(unfit) - _NAMED} more" if len(unfit) > _NAMED else ""
        named = ", ".join(unfit[:_NAMED])
        yield f"articles that do not fit their checksums, changed by hand or damaged: {named}{more}"


def _unfit_facts(db: sqlite3.Connection) -> Iterator[str]:
    for name, value, checksum in db.execute("SELECT name, value, checksum FROM facts ORDER BY name"):
        if checksum != row_checksum((name, value)):
            yield f"the fact {name} does not fit its checksum, changed by hand or damaged"


def _dangling_rows(db: sqlite3.Connection) -> Iterator[str]:
    tables = sorted({row[0] for row in db.execute("PRAGMA foreign_key_check")})
    if tables:
        yield f"damaged: rows that refer to none, in {', '.join(tables)}"
