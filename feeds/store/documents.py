"""What the store knows of files: which were seen, as what, and what was wrong with them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from enum import IntEnum

from feeds.model import Document, Problem
from feeds.scan import Seen
from feeds.store.values import iso


class Told(IntEnum):
    """Who has heard of a problem: nobody yet, the status feed, or who reads what a run prints."""

    NOBODY, STATUS_FEED, READER = range(3)


class Documents:
    """The documents of one store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the store's connection."""
        self._db = db
        self._folders: dict[bytes, int] = {}

    def folders(self) -> dict[bytes, Seen]:
        """Give every folder that a scan met."""
        rows = self._db.execute("SELECT path, changed, files FROM folders")
        return {path: Seen(changed, files) for path, changed, files in rows}

    def in_folder(self, path: bytes) -> dict[str, str]:
        """Give the signatures of the files of a folder that were there, by source."""
        sql = (
            "SELECT source, signature FROM documents WHERE folder = (SELECT id FROM folders WHERE path = ?) "
            "AND gone = 0"
        )
        return dict(self._db.execute(sql, (path,)))

    def file_folder(self, path: bytes, changed: int, files: int) -> None:
        """Keep how a folder was found."""
        self._db.execute(
            "INSERT INTO folders (path, changed, files) VALUES (?, ?, ?) ON CONFLICT (path) "
            "DO UPDATE SET changed = excluded.changed, files = excluded.files",
            (path, changed, files),
        )

    def drop_folder(self, path: bytes) -> bool:
        """Note a folder that is no longer there, with its files; say whether it had any."""
        sources = list(self.in_folder(path))
        self.mark_gone(sources)
        self._db.execute(
            "UPDATE documents SET folder = NULL WHERE folder = (SELECT id FROM folders WHERE path = ?)",
            (path,),
        )
        self._db.execute("DELETE FROM folders WHERE path = ?", (path,))
        self._folders.pop(path, None)
        return bool(sources)

    def forget_signatures(self) -> None:
        """Have every document read again by the next scan, as after an upgrade."""
        self._db.execute("UPDATE documents SET signature = ''")
        self._db.execute("UPDATE folders SET changed = 0")

    def mark_gone(self, sources: Sequence[str]) -> None:
        """Note files that are no longer there: their articles stay, their problems go."""
        for source in sources:
            row = self.number(source)
            inside = "SELECT id FROM documents WHERE ? IN (id, container)"
            self._db.execute(f"DELETE FROM problems WHERE document IN ({inside})", (row,))  # noqa: S608
            self._db.execute(
                "UPDATE documents SET gone = 1, signature = '' WHERE ? IN (id, container)", (row,)
            )

    def known(self, source: str) -> tuple[str, str | None]:
        """Give the signature of a document and the digest of its bytes; "" and None where it is new."""
        row = self._db.execute(
            "SELECT signature, digest FROM documents WHERE source = ?", (source,)
        ).fetchone()
        return (row[0], row[1]) if row else ("", None)

    def see(
        self,
        source: str,
        signature: str,
        document: Document | None,
        problems: Sequence[Problem],
        *,
        folder: bytes | None = None,
        container: str | None = None,
    ) -> None:
        """Note a document with its problems, which are as new as they were if its bytes are the same.

        A container is noted without a document; its members name it.
        """
        bytes_digest = document.digest if document else None
        captured = iso(document.captured) if document and document.captured_stated else None
        known = self._db.execute("SELECT id, digest FROM documents WHERE source = ?", (source,)).fetchone()
        told: dict[tuple[str | None, int | None, str], int] = {}
        if known and known[1] == bytes_digest:
            sql = "SELECT source, line, message, told FROM problems WHERE document = ?"
            told = {tuple(one): level for *one, level in self._db.execute(sql, (known[0],))}
        self._db.execute(
            "INSERT INTO documents (source, signature, digest, captured, container, folder) "
            "VALUES (?, ?, ?, ?, ?, ?) "
            "ON CONFLICT (source) DO UPDATE SET signature = excluded.signature, digest = excluded.digest, "
            "captured = excluded.captured, container = excluded.container, folder = excluded.folder, "
            "gone = 0",
            (
                source,
                signature,
                bytes_digest,
                captured,
                self.number(container) if container else None,
                self._folder(folder) if folder is not None else None,
            ),
        )
        if known or problems:
            row = known[0] if known else self.number(source)
            self._db.execute("DELETE FROM problems WHERE document = ?", (row,))
            found = [(p.source if p.source != source else None, p.line, p.message) for p in problems]
            self._db.executemany(
                "INSERT INTO problems (document, source, line, message, told) VALUES (?, ?, ?, ?, ?)",
                [(row, *one, told.get(one, Told.NOBODY)) for one in found],
            )

    def open(self, container: str, folder: bytes) -> None:
        """Note a container that is going to be read, for its members to refer to; `see` comes at its end."""
        self._db.execute(
            "INSERT INTO documents (source, signature, folder) VALUES (?, '', ?) ON CONFLICT (source) "
            "DO UPDATE SET signature = '', folder = excluded.folder, gone = 0",
            (container, self._folder(folder)),
        )

    def _folder(self, path: bytes) -> int:
        if path not in self._folders:
            self._db.execute("INSERT OR IGNORE INTO folders (path, changed, files) VALUES (?, 0, 0)", (path,))
            row = self._db.execute("SELECT id FROM folders WHERE path = ?", (path,)).fetchone()
            self._folders[path] = int(row[0])
        return self._folders[path]

    def problems(self) -> Iterator[Problem]:
        """Give what is wrong with the documents that are there, in the order of their sources."""
        return self._problems("ORDER BY 1, 2, 3")

    def untold(self, whom: Told) -> list[Problem]:
        """Give the problems of which somebody has not heard yet, in the order in which they were found."""
        return list(self._problems("WHERE told < ? ORDER BY problems.rowid", whom))

    def tell(self, whom: Told) -> None:
        """Note that somebody has heard of all problems."""
        self._db.execute("UPDATE problems SET told = ? WHERE told < ?", (whom, whom))

    def _problems(self, which: str, *values: object) -> Iterator[Problem]:
        rows = self._db.execute(
            "SELECT coalesce(problems.source, documents.source), line, message FROM problems "  # noqa: S608
            f"JOIN documents ON id = document {which}",
            values,
        )
        return (Problem(*row) for row in rows)

    def problem_count(self) -> int:
        """Give how many problems are known."""
        return int(self._db.execute("SELECT count(*) FROM problems").fetchone()[0])

    def number(self, source: str) -> int:
        """Give the row of a document that was seen."""
        return int(self._db.execute("SELECT id FROM documents WHERE source = ?", (source,)).fetchone()[0])
