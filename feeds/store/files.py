"""What stands in the output, and the entries as they are written there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from zlib import crc32

from feeds.store.values import listed


def is_head(path: str) -> bool:
    """Say whether a path is one that a reader or a person begins at."""
    return not path.startswith(("articles/", "all/")) and path.count("/") < 2


class Files:
    """The written files of one store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the store's connection."""
        self._db = db

    def knows(self, path: str) -> bool:
        """Say whether this program wrote a path."""
        return self._db.execute("SELECT 1 FROM files WHERE path = ?", (path,)).fetchone() is not None

    def paths(self) -> Iterator[str]:
        """Give every written path."""
        return (path for (path,) in self._db.execute("SELECT path FROM files ORDER BY path"))

    def digests(self) -> Iterator[tuple[str, str]]:
        """Give every written path with its SHA-256 in hex."""
        return ((path, digest.hex()) for path, digest in self._db.execute("SELECT path, digest FROM files"))

    def heads(self) -> dict[str, str]:
        """Give the written paths that a reader or a person begins at: no article's page and no archive."""
        rows = self._db.execute("SELECT path, digest FROM files WHERE head ORDER BY path")
        return {path: digest.hex() for path, digest in rows}

    def note(self, path: str, digest: bytes, number: int) -> None:
        """Keep that a file was written in this round."""
        self._db.execute(
            "INSERT INTO files VALUES (?, ?, ?, ?) ON CONFLICT (path) "
            "DO UPDATE SET digest = excluded.digest, round = excluded.round",
            (path, digest, is_head(path), number),
        )

    def forget(self, path: str) -> None:
        """Keep that a file was removed."""
        self._db.execute("DELETE FROM files WHERE path = ?", (path,))

    def left_over(self, number: int) -> list[str]:
        """Give the paths that a whole writing of this round did not write."""
        rows = self._db.execute("SELECT path FROM files WHERE round <> ? ORDER BY path", (number,))
        return [path for (path,) in rows]

    def folders(self) -> dict[str, int]:
        """Give the output's folders with their ctime in ns."""
        return dict(self._db.execute("SELECT path, changed FROM output_folders"))

    def set_folders(self, folders: Mapping[str, int]) -> None:
        """Keep the output's folders as they are now."""
        self._db.execute("DELETE FROM output_folders")
        self._db.executemany("INSERT INTO output_folders VALUES (?, ?)", folders.items())

    # --- archives ------------------------------------------------------------------------------------

    def archives(self, slug: str) -> dict[str, int]:
        """Give how many archive documents each month of a feed has."""
        return dict(
            self._db.execute("SELECT month, parts FROM archives WHERE slug = ? ORDER BY month", (slug,))
        )

    def set_archives(self, slug: str, months: Mapping[str, int]) -> None:
        """Keep how many archive documents each month of a feed has."""
        self._db.execute("DELETE FROM archives WHERE slug = ?", (slug,))
        self._db.executemany(
            "INSERT INTO archives VALUES (?, ?, ?)", [(slug, m, parts) for m, parts in months.items()]
        )

    # --- entries -------------------------------------------------------------------------------------

    def entries(self, articles: Iterable[int], suffix: str) -> dict[int, tuple[bytes, str]]:
        """Give entries as they were written, each with its id, by row; those to be made are
        missing."""
        rows = self._db.execute(
            "SELECT article, entry, iri, rendered.checksum FROM rendered JOIN articles ON id = article "
            "WHERE article IN (SELECT value FROM json_each(?)) AND suffix = ?",
            (listed(articles), suffix),
        )
        return {article: (entry, iri) for article, entry, iri, crc in rows if crc32(entry) == crc}

    def keep_entries(self, entries: Iterable[tuple[int, str, bytes]]) -> None:
        """Keep entries as they are written: the row, the suffix, the bytes."""
        self._db.executemany(
            "INSERT OR REPLACE INTO rendered VALUES (?, ?, ?, ?)", ((*one, crc32(one[2])) for one in entries)
        )

    def forget_entries(self) -> None:
        """Have every entry made anew, as after a change of what is said of the site."""
        self._db.execute("DELETE FROM rendered")
