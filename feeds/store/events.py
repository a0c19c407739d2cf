"""What the status feed told, and what it is told from: the last runs, and how articles came."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from feeds.model import Event
from feeds.store.articles import ALL, SUBJECT
from feeds.store.values import iso, time

RUNS = 50


class Events:
    """The events of one store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the store's connection."""
        self._db = db

    def keep(self, new: Iterable[Event]) -> None:
        """Keep events; those that are there stay as they are."""
        rows = ((e.id, iso(e.time), e.title, e.text, e.sign) for e in new)
        self._db.executemany("INSERT OR IGNORE INTO events VALUES (?, ?, ?, ?, ?)", rows)

    def kept(self, limit: int | None = None) -> tuple[Event, ...]:
        """Give the events, newest first: all, or so many."""
        query = "SELECT id, time, title, text, sign FROM events ORDER BY time DESC, id LIMIT ?"
        rows = self._db.execute(query, (-1 if limit is None else limit,))
        return tuple(Event(iri, time(moment), *rest) for iri, moment, *rest in rows)

    def count(self) -> int:
        """Give how many events there are."""
        return int(self._db.execute("SELECT count(*) FROM events").fetchone()[0])

    def note_run(self, now: datetime) -> None:
        """Remember that a run was at work, and forget those beyond the last `RUNS`."""
        self._db.execute("INSERT OR IGNORE INTO runs VALUES (?)", (iso(now),))
        kept = "SELECT time FROM runs ORDER BY time DESC LIMIT ?"
        self._db.execute(f"DELETE FROM runs WHERE time NOT IN ({kept})", (RUNS,))  # noqa: S608

    def runs(self) -> tuple[datetime, ...]:
        """Give the last runs, the last of them last."""
        return tuple(time(moment) for (moment,) in self._db.execute("SELECT time FROM runs ORDER BY time"))

    def barren(self, sources: Iterable[str]) -> frozenset[str]:
        """Give those of the documents that gave no article, nor did any in them."""
        sql = (
            "SELECT 1 FROM sightings JOIN documents ON documents.id = document "
            "WHERE source = ? OR container = (SELECT id FROM documents WHERE source = ?) LIMIT 1"
        )
        return frozenset(s for s in sources if self._db.execute(sql, (s, s)).fetchone() is None)

    def pulses(self, since: datetime) -> Iterator[tuple[str, str, tuple[datetime, ...]]]:
        """Give each feed that got articles since a time: slug, label, and when, in order; a run's once."""
        sql = (
            "SELECT slug, label, first_seen FROM articles JOIN feeds ON category = ? "
            "JOIN categories ON categories.id = category "
            "WHERE withdrawn = 0 AND first_seen >= ? GROUP BY 1, 3 UNION ALL "
            "SELECT slug, label, first_seen FROM articles JOIN tags ON article = articles.id AND lane = ? "
            "JOIN feeds USING (category) JOIN categories ON categories.id = category "
            "WHERE withdrawn = 0 AND first_seen >= ? GROUP BY 1, 3 ORDER BY 1, 3"
        )
        rows = self._db.execute(sql, (ALL, iso(since), SUBJECT, iso(since)))
        for (slug, label), group in groupby(rows, lambda row: row[:2]):
            yield slug, label, tuple(time(moment) for _, _, moment in group)

    def untagged(self, since: datetime, until: datetime) -> tuple[int, int]:
        """Give how many of the articles that came between two times are about nothing, and of how many."""
        sql = (
            "SELECT total(NOT EXISTS (SELECT 1 FROM tags WHERE article = articles.id AND lane >= ?)), "
            "count(*) FROM articles WHERE withdrawn = 0 AND first_seen >= ? AND first_seen < ?"
        )
        none, every = self._db.execute(sql, (SUBJECT, iso(since), iso(until))).fetchone()
        return int(none), every
