"""What feeds are made of: which categories there are, which articles stand in each, what changed."""

from __future__ import annotations

import heapq
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice, pairwise

from msgspec import Struct

from feeds.model import Category
from feeds.store.articles import ALL, ELSEWHERE, MENTIONED, SUBJECT
from feeds.store.values import iso, time

SUBJECTS = (SUBJECT,)
WITH_MENTIONS = (MENTIONED, SUBJECT, ELSEWHERE)
_LAST = "\x7f"  # above every rank


class Count(Struct, frozen=True):
    """How many articles are about a category, how many mention it, and how many its feed leaves out."""

    category: Category
    subjects: int
    mentions: int
    elsewhere: int = 0


class Shelf(Struct, frozen=True):
    """What is known of a feed that was written."""

    slug: str
    scheme: str
    term: str
    updated: datetime
    weeks: str  # as JSON


class Shelves:
    """The feeds' contents in one store."""

    def __init__(self, db: sqlite3.Connection, category: Callable[[Category], int]) -> None:
        """Take the store's connection, and what numbers its categories."""
        self._db = db
        self._number = category

    def number(self, category: Category | None) -> int:
        """Give the number of a category; None stands for all articles."""
        return ALL if category is None else self._number(category)

    def counts(self) -> list[Count]:
        """Give every category that an article or a feed has or had, with the number of its articles."""
        rows = self._db.execute(
            "SELECT scheme, term, label, total(articles * (lane = 1)), total(articles * (lane = 0)), "
            "total(articles * (lane = 2)) FROM categories LEFT JOIN months ON id = category WHERE id > 0 "
            "GROUP BY id ORDER BY scheme, term"
        )
        return [Count(Category(*row[:3]), *map(int, row[3:])) for row in rows]

    def total(self) -> int:
        """Give the number of articles."""
        return int(
            self._db.execute("SELECT total(articles) FROM months WHERE category = ?", (ALL,)).fetchone()[0]
        )

    def months(self, number: int, lanes: Sequence[int]) -> list[tuple[str, int]]:
        """Give the months in which a category has articles, with how many, oldest first."""
        marks = ", ".join("?" * len(lanes))
        return self._db.execute(
            f"SELECT month, sum(articles) FROM months WHERE category = ? AND lane IN ({marks}) "  # noqa: S608
            "GROUP BY month HAVING sum(articles) > 0 ORDER BY month",
            (number, *lanes),
        ).fetchall()

    def newest(self, number: int, lanes: Sequence[int], limit: int) -> list[int]:
        """Give the newest articles of a category by their rows, newest first."""
        return [article for _, article in islice(self._ranked(number, lanes), limit)]

    def parts(
        self, number: int, lanes: Sequence[int], month: str, size: int, wanted: Sequence[int]
    ) -> Iterator[list[int]]:
        """Give the wanted parts of a category's month, in their order: each so many articles, oldest first.

        The month is gone through once, however many parts it has.
        """
        place = (month, f"{month}{_LAST}", wanted[0] * size if wanted else 0)
        if number == ALL:
            rows = self._db.execute(
                "SELECT id FROM articles WHERE withdrawn = 0 AND rank >= ? AND rank < ? "
                "ORDER BY rank LIMIT -1 OFFSET ?",
                place,
            )
        else:
            marks = ", ".join("?" * len(lanes))
            rows = self._db.execute(
                f"SELECT article FROM tags WHERE category = ? AND lane IN ({marks}) "  # noqa: S608
                "AND rank >= ? AND rank < ? ORDER BY rank LIMIT -1 OFFSET ?",
                (number, *lanes, *place),
            )
        for before, part in pairwise((wanted[0] - 1, *wanted) if wanted else ()):
            passed = (part - before - 1) * size
            yield [article for (article,) in islice(rows, passed, passed + size)]

    def _ranked(self, number: int, lanes: Sequence[int]) -> Iterator[tuple[str, int]]:
        """Give the articles of a category with their ranks, newest first."""
        if number == ALL:
            yield from self._db.execute(
                "SELECT rank, id FROM articles WHERE withdrawn = 0 ORDER BY rank DESC"
            )
            return
        rows = [
            self._db.execute(
                "SELECT rank, article FROM tags WHERE category = ? AND lane = ? ORDER BY rank DESC",
                (number, lane),
            )
            for lane in lanes
        ]
        yield from rows[0] if len(rows) == 1 else heapq.merge(*rows, reverse=True)

    def count_between(self, number: int, lanes: Sequence[int], low: str, high: str) -> int:
        """Give how many articles of a category stand between two ranks."""
        if number == ALL:
            sql = "SELECT count(*) FROM articles WHERE withdrawn = 0 AND rank >= ? AND rank < ?"
            return int(self._db.execute(sql, (low, high)).fetchone()[0])
        marks = ", ".join("?" * len(lanes))
        sql = f"SELECT count(*) FROM tags WHERE category = ? AND lane IN ({marks}) AND rank >= ? AND rank < ?"  # noqa: S608
        return int(self._db.execute(sql, (number, *lanes, low, high)).fetchone()[0])

    def newest_rank(self) -> str:
        """Give the rank of the newest article, "" where there is none."""
        row = self._db.execute("SELECT max(rank) FROM articles WHERE withdrawn = 0").fetchone()
        return row[0] or ""

    # --- feeds -----------------------------------------------------------------------------------

    def all(self) -> list[Shelf]:
        """Give every feed that was ever written."""
        rows = self._db.execute(
            "SELECT slug, scheme, term, updated, weeks FROM feeds JOIN categories ON id = category "
            "ORDER BY slug"
        )
        return [
            Shelf(slug, scheme, term, time(updated), weeks) for slug, scheme, term, updated, weeks in rows
        ]

    def slugs(self) -> dict[tuple[str, str], str]:
        """Give the slug of every category that ever had a feed, by scheme and term."""
        return {(shelf.scheme, shelf.term): shelf.slug for shelf in self.all()}

    def put(self, slug: str, number: int, updated: datetime, weeks: str) -> None:
        """Keep what was written of a feed; it has no other slug any more."""
        self._db.execute("DELETE FROM feeds WHERE category = ? AND slug <> ?", (number, slug))
        self._db.execute(
            "INSERT INTO feeds VALUES (?, ?, ?, ?) "
            "ON CONFLICT (slug) DO UPDATE SET updated = excluded.updated, weeks = excluded.weeks",
            (slug, number, iso(updated), weeks),
        )

    # --- what is to be written -----------------------------------------------------------------------

    def dirty(self) -> dict[int, dict[str, str]]:
        """Give the lowest rank that changed in each month, by category."""
        found: dict[int, dict[str, str]] = {}
        for number, month, rank in self._db.execute("SELECT category, month, rank FROM dirty"):
            found.setdefault(number, {})[month] = rank
        return found

    def dirty_articles(self) -> Iterator[tuple[int, str, bool]]:
        """Give the articles whose page is to be written: row, id, and whether it is withdrawn."""
        rows = self._db.execute(  # a CROSS JOIN, or SQLite would go through all articles for the few
            "SELECT id, iri, withdrawn FROM dirty_articles CROSS JOIN articles ON id = article "
            "ORDER BY article"
        )
        return ((number, iri, bool(withdrawn)) for number, iri, withdrawn in rows)

    def stir(self, number: int) -> None:
        """Have all that names a category written again, as when it gets or loses its feed."""
        self._db.execute(
            "INSERT OR IGNORE INTO dirty_articles SELECT article FROM tags WHERE category = ?", (number,)
        )
        self._db.execute(
            "INSERT OR IGNORE INTO dirty SELECT DISTINCT others.category, substr(others.rank, 1, 7), ? "
            "FROM tags JOIN tags AS others ON others.article = tags.article WHERE tags.category = ?",
            (_LAST, number),
        )

    def is_dirty(self) -> bool:
        """Say whether the files are behind."""
        sql = "SELECT EXISTS (SELECT 1 FROM dirty) OR EXISTS (SELECT 1 FROM dirty_articles)"
        return bool(self._db.execute(sql).fetchone()[0])

    def clean(self) -> None:
        """Note that the files show what is here."""
        self._db.execute("DELETE FROM dirty")
        self._db.execute("DELETE FROM dirty_articles")
