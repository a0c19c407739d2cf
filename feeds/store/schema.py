"""Make the tables of a store, and bring those of an older one up to date."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from importlib import resources
from pathlib import Path

from feeds.model import StoreError

APPLICATION_ID = 0x66656564  # "feed", in the file's header (sqlite.org/fileformat section 1.3.16)
MIGRATIONS = ("0001.sql", "0002.sql", "0003.sql", "0004.sql", "0005.sql", "0006.sql")


def migrate(db: sqlite3.Connection, path: Path) -> None:
    """Give a store the tables of this version, in one transaction and with a copy of it as it was.

    Raises StoreError where the file is another program's, or made by a newer version.
    """
    version, application, tables = (
        db.execute(sql).fetchone()[0]
        for sql in ("PRAGMA user_version", "PRAGMA application_id", "SELECT count(*) FROM sqlite_master")
    )
    if (application, version) == (APPLICATION_ID, len(MIGRATIONS)):
        return
    if application != APPLICATION_ID and (tables or application or version):
        raise StoreError(f"{path}: not a store of feeds, expected one or a new name")
    if version > len(MIGRATIONS):
        raise StoreError(f"{path}: made by a newer version of feeds (schema {version})")
    if version:
        _back_up(db, path, version)
    scripts = (
        resources.files("feeds.migrations").joinpath(name).read_text("utf-8") for name in MIGRATIONS[version:]
    )
    db.executescript(
        f"PRAGMA foreign_keys=OFF; BEGIN EXCLUSIVE; {'; '.join(scripts)};"
        f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={len(MIGRATIONS)}; COMMIT;"
        "PRAGMA foreign_keys=ON;"
    )


def _back_up(db: sqlite3.Connection, path: Path, version: int) -> None:
    """Copy the store as it is before its schema changes."""
    target = path.with_name(f"{path.name}.schema-{version}")
    temporary = target.with_name(f"{target.name}.tmp")
    temporary.unlink(missing_ok=True)
    with closing(sqlite3.connect(temporary)) as copy:
        db.backup(copy)
    handle = os.open(temporary, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    temporary.replace(target)
