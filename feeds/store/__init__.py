"""Remember what was seen and when its words changed, in one SQLite file.

The connection, its schema and its transactions stand here; what it holds has a module for each part:
documents, articles, shelves (what feeds are made of), files (what was written) and events (what was told).
"""

from __future__ import annotations

import errno
import os
import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from feeds.model import StoreError
from feeds.store.articles import Articles
from feeds.store.documents import Documents
from feeds.store.events import Events
from feeds.store.files import Files
from feeds.store.schema import migrate
from feeds.store.search import Search, headline_of, words_of
from feeds.store.shelves import Shelves
from feeds.store.values import row_checksum, unfit
from feeds.text import one_line

# Bytes of a store that is checked before it is written to, in a tenth of a second; `doctor` checks any.
CHECK_UP_TO = 64 * 1024 * 1024


# What SQLite says where the system refused something, and the store is as it was (sqlite.org/rescode).
_REFUSED = {
    sqlite3.SQLITE_BUSY: errno.EBUSY,
    sqlite3.SQLITE_CANTOPEN: errno.EIO,
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_LOCKED: errno.EBUSY,
    sqlite3.SQLITE_PERM: errno.EIO,
    sqlite3.SQLITE_READONLY: errno.EROFS,
}
_PRIMARY = 0xFF  # of an extended result code


def damaged(path: Path | str, error: object) -> StoreError:
    """Say that a store can't be used as it is."""
    return StoreError(f"{path}: can't be used as a store: {one_line(str(error))} (see feeds rebuild)")


def fault(path: Path | str, error: sqlite3.Error) -> OSError | StoreError:
    """Say what an error of SQLite means: that the system refused something, or that the store is damaged."""
    number = _REFUSED.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    return OSError(number, str(error), str(path)) if number else damaged(path, error)


def set_aside(path: Path, now: datetime) -> Path:
    """Give a store another name, beside its own, and make that last; give the name."""
    number, name = 1, f"{path.name}.set-aside-{now:%Y%m%dT%H%M%SZ}"
    target = path.with_name(name)
    while target.exists():
        number += 1
        target = path.with_name(f"{name}-{number}")
    journal = path.with_name(f"{path.name}-journal")
    if journal.exists():  # with what a killed run left to roll back; first, or it would fit the new store
        journal.replace(target.with_name(f"{target.name}-journal"))
    path.replace(target)
    handle = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return target


class Store:
    """The store of one site; a context manager that commits when all went well."""

    def __init__(self, path: Path) -> None:
        """Open or make the store; raise StoreError where it can't be used."""
        self.path = path
        hot = path.with_name(f"{path.name}-journal").exists()  # a run was killed: SQLite rolls back now
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            try:
                self._prepare(hot)
            except BaseException:
                self.close()
                raise
        except sqlite3.Error as error:
            raise fault(path, error) from error
        self.documents = Documents(self._db)
        self.search = Search(self._db)
        self.articles = Articles(self._db, self.search)
        self.shelves = Shelves(self._db, self.articles.category)
        self.files = Files(self._db)
        self.events = Events(self._db)

    def _prepare(self, hot: bool) -> None:
        self._db.executescript(
            "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON;"
            "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA; PRAGMA cache_size=-16000;"
        )
        self._db.create_function("checksum_of", -1, lambda *row: row_checksum(row), deterministic=True)
        for words in (headline_of, words_of):
            self._db.create_function(words.__name__, 1, words, deterministic=True)
        migrate(self._db, self.path)
        if hot:
            self.check()

    def __enter__(self) -> Store:
        self._db.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        try:
            if kind is None:
                if self.articles.flush():
                    self.advance()
                self._db.execute("COMMIT")
            else:
                self.articles.forget_changes()
                self._db.execute("ROLLBACK")
        except sqlite3.Error as other:
            error = error or other
        if isinstance(error, sqlite3.Error):
            raise fault(self.path, error) from error

    def commit(self) -> None:
        """Make what was kept so far last, and go on."""
        self.__exit__(None, None, None)
        self.__enter__()

    def advance(self) -> None:
        """Number the store's state, so that the manifest can say which one it shows."""
        self.remember("generation", str(int(self.fact("generation") or 0) + 1))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def check(self) -> None:
        """Look for damage in a store of a usual size; raise StoreError where there is some."""
        if self.path.stat().st_size > CHECK_UP_TO:
            return
        found = self._value("PRAGMA integrity_check(1)")
        if found != "ok":
            raise damaged(self.path, found)

    def _value(self, sql: str, *values: object) -> Any:
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    # --- facts -----------------------------------------------------------------------------------

    def fact(self, name: str) -> str | None:
        """Give a remembered fact, such as the site's key; raise StoreError where it was damaged."""
        row = self._db.execute("SELECT value, checksum FROM facts WHERE name = ?", (name,)).fetchone()
        if row and row[1] != row_checksum((name, row[0])):
            raise unfit(f"the fact {name}")
        return str(row[0]) if row else None

    def remember(self, name: str, value: str | None) -> None:
        """Keep a fact, or forget it."""
        if self.fact(name) == value:
            return
        if value is None:
            self._db.execute("DELETE FROM facts WHERE name = ?", (name,))
        else:
            self._db.execute(
                "INSERT OR REPLACE INTO facts VALUES (?, ?, ?)", (name, value, row_checksum((name, value)))
            )
