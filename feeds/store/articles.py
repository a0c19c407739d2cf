"""The articles of a store: each once, under an id that never changes, with what it is about."""

from __future__ import annotations

import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from enum import IntEnum, IntFlag
from typing import Any

from msgspec.structs import replace

from feeds.identity import Version, digest, keys, mint, replaces, resembles
from feeds.model import Category, Dating, Document, Entry, FeedsError, RawArticle, Role, Tag
from feeds.store.records import PUBLISHED, Record, Row
from feeds.store.search import Search
from feeds.store.seconds import Seconds
from feeds.store.values import (
    EPOCH,
    dating_to_json,
    iso,
    key_hash,
    listed,
    rank,
    raw_from_json,
    raw_to_json,
    time,
    unfit,
)

ALL = 0  # the number of the category of all articles
SUBJECT, MENTIONED, ELSEWHERE = 1, 0, 2  # lanes: how an article stands in the feed of a category
_WITHDRAWN = 10  # what is taken from the lanes of an article that is withdrawn
_PARTIAL_KEYS = ("lead ",)
_AT_ONCE = 100  # rows that are read together
# The columns that `checksum` is over (values.row_checksum).
CHECKED = (
    "iri, raw, dating, rank, first_seen, updated, digest, captured, bound, source, withdrawn, "
    "(SELECT group_concat(category || ' ' || lane || ' ' || score || ' ' || evidence, char(10)) "
    "FROM (SELECT * FROM tags WHERE article = articles.id ORDER BY position))"
)
_FITS = f"checksum = checksum_of({CHECKED})"
_ROW = "id, iri, raw, dating, first_seen, updated, captured, source"  # what a Row has of the table

Settle = Callable[[str, RawArticle, tuple[Tag, ...]], tuple[Tag, ...]]
Lanes = Callable[[Sequence[Tag]], Sequence[int]]


def plain_lanes(tags: Sequence[Tag]) -> Sequence[int]:
    """Give the lane of each tag by its role alone."""
    return [SUBJECT if tag.role == "subject" else MENTIONED for tag in tags]


class Recovering(IntEnum):
    """Whether documents are read for the first time by a store that was made anew from an output.

    Other words in the document of an article are an edit where the output is by this version of the
    program; another version may only have read them otherwise.
    """

    NOT, SAME_VERSION, OTHER_VERSION = range(3)


class Withdrawn(IntFlag):
    """Why an article stands in no feed: a better reading did not find it, or the site's owner says so."""

    NOT, UNREAD, BY_HAND = 0, 1, 2


class Articles:
    """The articles of one store, and which feeds a change of them touches."""

    def __init__(self, db: sqlite3.Connection, search: Search) -> None:
        """Take the store's connection, and what finds articles by their words."""
        self._db, self._search = db, search
        self._categories: dict[tuple[str, str], int] = {}
        self._labels: dict[int, Category] = {}
        # What changed since the last commit.
        self._months: Counter[tuple[int, int, str]] = Counter()
        self._dirty: dict[tuple[int, str], str] = {}
        self._changed: set[int] = set()
        self._seconds = Seconds(self._taken)
        self._tagged = bytearray()  # by row: 1 for each article that this run tagged
        # Documents are read anew after the store was lost; what each said before is not known.
        self.recovering = Recovering.NOT
        self._by_source: dict[str, list[int]] | None = None
        # The ids of what is withdrawn by hand, with the names, hashed, under which each is found again.
        self.by_hand: Mapping[str, Sequence[str]] = {}

    def _value(self, sql: str, *values: object) -> Any:
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    def flush(self) -> bool:
        """Write what was counted since the last commit; say whether anything changed."""
        self._db.executemany(
            "INSERT INTO months VALUES (?, ?, ?, ?) ON CONFLICT (category, lane, month) "
            "DO UPDATE SET articles = articles + excluded.articles",
            [(*key, number) for key, number in self._months.items() if number],
        )
        self._db.executemany(
            "INSERT INTO dirty VALUES (?, ?, ?) ON CONFLICT (category, month) "
            "DO UPDATE SET rank = min(rank, excluded.rank)",
            [(*key, lowest) for key, lowest in self._dirty.items()],
        )
        self._db.executemany("INSERT OR IGNORE INTO dirty_articles VALUES (?)", [(a,) for a in self._changed])
        self._db.executemany(
            f"UPDATE articles SET {_FITS} WHERE id = ?",  # noqa: S608  # our own words
            [(a,) for a in self._changed],
        )
        self._db.executemany("DELETE FROM rendered WHERE article = ?", [(a,) for a in self._changed])
        changed = bool(self._changed)
        self._months.clear()
        self._dirty.clear()
        self._changed.clear()
        return changed

    def forget_changes(self) -> None:
        """Drop what was counted, as after a rollback."""
        self._months.clear()
        self._dirty.clear()
        self._changed.clear()
        self._categories.clear()
        self._labels.clear()

    # --- what documents give -----------------------------------------------------------------------

    def keep(
        self,
        document: Document,
        row: int,
        found: Sequence[tuple[RawArticle, Dating, tuple[Tag, ...]]],
        now: datetime,
        *,
        reread: bool,
        rules: Settle = lambda _, __, tags: tags,
        lanes: Lanes = plain_lanes,
    ) -> int:
        """Keep the articles of a document that stands in this row; give how many are new or changed.

        `rules` gives the final tags of an article by its id, `lanes` how it stands in the feed of each.
        `reread` says that the document's bytes are the ones it had: another reading of them may better an
        article, and withdraw one that only it gave, but moves no article's `updated`.
        """
        before = dict(self._db.execute("SELECT article, digest FROM sightings WHERE document = ?", (row,)))
        given: dict[int, str] = {}
        known: set[int] = set()  # of those, the ones that were there before
        former = before or self._recovered(document.source)
        changed = 0
        for raw, dating, tags in found:
            names, words = keys(raw), digest(raw)
            hashes = [key_hash(name) for name in names]
            article = self._find(raw, names, hashes, former, given)
            if article is None:
                article, iri, where = self._add(raw, words, dating, document, now)
                final = rules(iri, raw, tags)
                self._tag_new(article, where, final, lanes(final))
                changed += 1
            else:
                known.add(article)
                if article not in given:
                    version = Version(words, document.captured if document.captured_stated else None)
                    earlier = before.get(article)
                    changed += self._revise(article, raw, version, dating, document, earlier, now, reread)
                iri, source = self._db.execute(
                    "SELECT iri, source FROM articles WHERE id = ?", (article,)
                ).fetchone()
                if source == document.source:  # its words come from here
                    final = rules(iri, raw, tags)
                    self._tag(article, final, lanes(final))
            given.setdefault(article, words)
            self._name(article, hashes)
        for article in known:
            self._withdraw(article, Withdrawn.UNREAD, False)
        self._sight(row, before, given, reread)
        return changed

    def _name(self, article: int, hashes: Iterable[str]) -> None:
        """Have an article found by these keys, too; its page carries them."""
        cursor = self._db.executemany(
            "INSERT OR IGNORE INTO keys VALUES (?, ?)", [(one, article) for one in hashes]
        )
        if cursor.rowcount > 0:
            self._alter(article)

    def _find(
        self,
        raw: RawArticle,
        names: Sequence[str],
        hashes: Sequence[str],
        former: Iterable[int],
        given: Mapping[int, str],
    ) -> int | None:
        """Give the row of an article, found by its keys or as a version of what the document gave."""
        marks = ", ".join("?" * len(hashes))
        rows = self._db.execute(f"SELECT key, article FROM keys WHERE key IN ({marks})", hashes)  # noqa: S608
        known = dict(rows)
        for name, one in zip(names, hashes, strict=True):
            article: int | None = known.get(one)
            if article is None:
                continue
            # A shared first paragraph alone may be a standing one: the rest must be alike, too.
            if not name.startswith(_PARTIAL_KEYS) or resembles(raw, self._raw(article)):
                return article
        for article in former:
            if article not in given and resembles(raw, self._raw(article)):
                return article
        return None

    def _recovered(self, source: str) -> Sequence[int]:
        """Give the articles that were taken back with words from a document."""
        if not self.recovering:
            return ()
        if self._by_source is None:
            self._by_source = {}
            for article, its_source in self._db.execute("SELECT id, source FROM articles ORDER BY id"):
                self._by_source.setdefault(its_source, []).append(article)
        return self._by_source.get(source, ())

    def _raw(self, article: int) -> RawArticle:
        return raw_from_json(self._value("SELECT raw FROM articles WHERE id = ?", article))

    def _add(
        self, raw: RawArticle, words: str, dating: Dating, document: Document, now: datetime
    ) -> tuple[int, str, str]:
        """Keep an article that is new; give its row, its id and its rank."""
        iri = self._reserved(raw) or mint(raw)
        while self._value("SELECT 1 FROM articles WHERE iri = ?", iri):  # its name was taken by a look-alike
            iri = f"urn:uuid:{uuid.uuid5(uuid.UUID(iri.removeprefix('urn:uuid:')), 'again')}"
        stated = max(filter(None, (dating.updated, dating.published)), default=None)
        updated = self._seconds.free(stated or now, stated or EPOCH)
        seen = now if dating.published else updated  # the articles of a page keep its order
        captured = document.captured if document.captured_stated else None
        record = Record(iri, raw, dating, updated, seen, captured, document.source, ())
        article, where = self._insert(record, words, seen, document.captured or now)
        return article, iri, where

    def _reserved(self, raw: RawArticle) -> str | None:
        """Give the id that what was withdrawn by hand had in a store that was lost."""
        if not self.by_hand:
            return None
        hashes = {key_hash(name) for name in keys(raw) if not name.startswith(_PARTIAL_KEYS)}
        return next((iri for iri, names in self.by_hand.items() if hashes.intersection(names)), None)

    def _insert(self, record: Record, words: str, seen: datetime, bound: datetime) -> tuple[int, str]:
        """Write the row of an article; give it with its rank. `_tag_new` counts it in."""
        where = rank(record.dating.published or seen, record.id)
        cursor = self._db.execute(
            "INSERT INTO articles (iri, raw, dating, rank, first_seen, updated, digest, captured, bound, "
            "source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                record.id,
                raw_to_json(record.raw),
                dating_to_json(record.dating),
                where,
                iso(seen),
                iso(record.updated),
                words,
                iso(record.captured) or None,
                iso(bound),
                record.source,
            ),
        )
        article = int(cursor.lastrowid or 0)
        self._search.add(article, record.raw)
        return article, where

    def _revise(
        self,
        article: int,
        raw: RawArticle,
        new: Version,
        dating: Dating,
        document: Document,
        before: str | None,
        now: datetime,
        reread: bool,
    ) -> bool:
        """Take over what a document says of a known article, where it counts; say whether it did."""
        iri, old_raw, old_dating, old_digest, captured, source, first_seen, updated = self._db.execute(
            "SELECT iri, raw, dating, digest, captured, source, first_seen, updated FROM articles "
            "WHERE id = ?",
            (article,),
        ).fetchone()
        current = Version(old_digest, time(captured) if captured else None)
        if self.recovering and before is None:
            if source in (document.source, PUBLISHED):
                reread = reread or source == PUBLISHED or self.recovering == Recovering.OTHER_VERSION
            elif not (new.captured and current.captured and new.captured > current.captured):
                return False  # what was published is the newer one, as far as anyone can tell
        bettered = source in (document.source, PUBLISHED) and (reread or new.digest == old_digest)
        if not bettered and not replaces(new, current, before):
            return False  # the words that are known stand
        if (raw_to_json(raw), dating_to_json(dating)) == (old_raw, old_dating):
            return False
        moved = time(updated)
        if new.digest != old_digest and not reread:
            moved = self._seconds.free(now, max(moved + timedelta(seconds=1), dating.published or moved))
        elif dating.published and moved < dating.published:
            moved = self._seconds.free(dating.published, dating.published)
        record = Record(iri, raw, dating, moved, None, new.captured, document.source, ())
        self._rewrite(article, record, first_seen, document.captured or now)
        return True

    def _rewrite(self, article: int, record: Record, seen: datetime | str, bound: datetime) -> None:
        """Give an article other words, and what belongs to them."""
        self._touch(article, -1)
        self._search.take(article, self._raw(article))
        self._search.add(article, record.raw)
        self._db.execute(
            "UPDATE articles SET raw = ?, dating = ?, updated = ?, digest = ?, captured = ?, "
            "bound = ?, source = ? WHERE id = ?",
            (
                raw_to_json(record.raw),
                dating_to_json(record.dating),
                iso(record.updated),
                digest(record.raw),
                iso(record.captured) or None,
                iso(bound),
                record.source,
                article,
            ),
        )
        self._place(article, rank(record.dating.published or seen, record.id))
        self._touch(article, 1)

    def _place(self, article: int, where: str) -> None:
        """Put an article at another place in its feeds."""
        self._db.execute("UPDATE articles SET rank = ? WHERE id = ? AND rank <> ?", (where, article, where))
        self._db.execute("UPDATE tags SET rank = ? WHERE article = ? AND rank <> ?", (where, article, where))

    def _taken(self, moment: datetime) -> bool:
        return bool(self._value("SELECT 1 FROM articles WHERE updated = ?", iso(moment)))

    def _sight(self, document: int, before: dict[int, str], given: dict[int, str], reread: bool) -> None:
        self._db.executemany(
            "INSERT INTO sightings VALUES (?, ?, ?) ON CONFLICT (document, article) "
            "DO UPDATE SET digest = excluded.digest",
            [(document, article, words) for article, words in given.items() if before.get(article) != words],
        )
        if not reread:
            return  # an edited document no longer holds an article: the article stays
        for article in before.keys() - given.keys():
            self._db.execute("DELETE FROM sightings WHERE document = ? AND article = ?", (document, article))
            if not self._value("SELECT 1 FROM sightings WHERE article = ?", article):
                self._withdraw(article, Withdrawn.UNREAD, True)

    def withdraw_by_hand(self) -> None:
        """Take what `by_hand` names out of all feeds, and nothing else but what no document gives."""
        sql = "SELECT iri, id FROM articles WHERE withdrawn & ?"
        known = dict(self._db.execute(sql, (Withdrawn.BY_HAND,)))
        for iri in known.keys() - self.by_hand.keys():
            self._withdraw(known[iri], Withdrawn.BY_HAND, False)
        for iri in self.by_hand.keys() - known.keys():
            number = self.number(iri)
            if number is not None:
                self._withdraw(number, Withdrawn.BY_HAND, True)

    def withdrawn(self, iri: str) -> Withdrawn:
        """Give why an article stands in no feed, if it does not."""
        return Withdrawn(self._value("SELECT withdrawn FROM articles WHERE iri = ?", iri) or 0)

    def _withdraw(self, article: int, why: Withdrawn, withdrawn: bool) -> None:
        """Note one reason, or that it is none any more; an article stands in feeds when there is none."""
        before = self._value("SELECT withdrawn FROM articles WHERE id = ?", article)
        after = before | why if withdrawn else before & ~why
        if after == before:
            return
        if not before:
            self._touch(article, -1)
        self._alter(article)
        self._db.execute("UPDATE articles SET withdrawn = ? WHERE id = ?", (after, article))
        step = _WITHDRAWN * (bool(before) - bool(after))
        self._db.execute("UPDATE tags SET lane = lane + ? WHERE article = ?", (step, article))
        if not after:
            self._touch(article, 1)

    def restore(self, record: Record, tags: tuple[Tag, ...], lanes: Sequence[int]) -> bool:
        """Take an article back from its page, unless what is known of it is as new; say whether it was."""
        number = self.number(record.id)
        known = self.last_updated([number] if number else [])
        if known and known >= record.updated:
            return False
        updated = self._seconds.free(record.updated, record.updated)
        seen = record.first_seen or updated
        whole = replace(record, updated=updated)
        bound = record.captured or max(seen, updated)
        if number is None:
            number, where = self._insert(whole, digest(whole.raw), seen, bound)
            self._tag_new(number, where, tags, lanes)
        else:
            self._rewrite(number, whole, seen, bound)
            self._tag(number, tags, lanes)
        self._name(number, record.keys)
        return True

    # --- what articles are about -------------------------------------------------------------------

    def untagged(self) -> Iterator[tuple[Entry, datetime]]:
        """Give the entries that this run has not tagged, each with the latest time that it can be from."""
        after = 0
        while row := self._db.execute(
            "SELECT id, iri, bound FROM articles WHERE id > ? ORDER BY id LIMIT 1", (after,)
        ).fetchone():
            after = row[0]
            if not any(self._tagged[after : after + 1]):
                yield self.entry(after), time(row[2])

    def reconsider(self, entry: Entry, dating: Dating, tags: tuple[Tag, ...], lanes: Sequence[int]) -> None:
        """Give an article another date or other tags, its words being the same; `updated` stays if it can."""
        iri = entry.article.id
        number = self._value("SELECT id FROM articles WHERE iri = ?", iri)
        if dating != entry.article.dating:
            moved = entry.updated
            if dating.published and moved < dating.published:
                moved = self._seconds.free(dating.published, dating.published)
            self._touch(number, -1)
            self._db.execute(
                "UPDATE articles SET dating = ?, updated = ? WHERE id = ?",
                (dating_to_json(dating), iso(moved), number),
            )
            self._place(number, rank(dating.published or entry.article.first_seen, iri))
            self._touch(number, 1)
        self._tag(number, tags, lanes)

    def _tag(self, article: int, tags: Sequence[Tag], lanes: Sequence[int]) -> None:
        self._mark_tagged(article)
        where, withdrawn = self._db.execute(
            "SELECT rank, withdrawn FROM articles WHERE id = ?", (article,)
        ).fetchone()
        less = _WITHDRAWN * bool(withdrawn)
        rows = [
            (i, self.category(tag.category), lane - less, tag.score, tag.evidence)
            for i, (tag, lane) in enumerate(zip(tags, lanes, strict=True))
        ]
        old = self._db.execute(
            "SELECT position, category, lane, score, evidence FROM tags WHERE article = ? ORDER BY position",
            (article,),
        ).fetchall()
        if rows == old:
            return
        self._touch(article, -1)
        if old:
            self._db.execute("DELETE FROM tags WHERE article = ?", (article,))
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?)", [(article, *row, where) for row in rows]
        )
        self._touch(article, 1)

    def _tag_new(self, article: int, where: str, tags: Sequence[Tag], lanes: Sequence[int]) -> None:
        """Say what an article is about that was just added."""
        self._mark_tagged(article)
        numbers = [self.category(tag.category) for tag in tags]
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (article, i, numbers[i], lanes[i], tag.score, tag.evidence, where)
                for i, tag in enumerate(tags)
            ],
        )
        self._changed.add(article)
        self._count(where, zip(numbers, lanes, strict=True), 1)
        if self.by_hand and self._value("SELECT iri FROM articles WHERE id = ?", article) in self.by_hand:
            self._withdraw(article, Withdrawn.BY_HAND, True)

    def _mark_tagged(self, article: int) -> None:
        missing = article + 1 - len(self._tagged)
        if missing > 0:
            self._tagged.extend(bytes(missing + 4096))
        self._tagged[article] = 1

    def _touch(self, article: int, step: int) -> None:
        """Count an article in or out of its feeds, and note that they and it have to be written again."""
        self._alter(article)
        where, withdrawn = self._db.execute(
            "SELECT rank, withdrawn FROM articles WHERE id = ?", (article,)
        ).fetchone()
        if withdrawn:
            return
        rows = self._db.execute("SELECT category, lane FROM tags WHERE article = ?", (article,))
        self._count(where, rows, step)

    def _count(self, where: str, rows: Iterable[tuple[int, int]], step: int) -> None:
        """Count an article of this rank in or out of feeds, by category and lane, and that of all."""
        month = where[:7]
        for category, lane in (*rows, (ALL, SUBJECT)):
            self._months[category, lane, month] += step
            lowest = self._dirty.get((category, month))
            if lowest is None or where < lowest:
                self._dirty[category, month] = where

    def _alter(self, article: int) -> None:
        """Note that an article changes from here on, after a look whether it is as it was written."""
        if article not in self._changed:
            sql = f"SELECT iri, {_FITS} FROM articles WHERE id = ?"  # noqa: S608
            iri, fits = self._db.execute(sql, (article,)).fetchone()
            if not fits:
                raise unfit(iri)
            self._changed.add(article)

    def category(self, category: Category) -> int:
        """Give the number of a category, which it keeps; note its label."""
        key = (category.scheme, category.term)
        number = self._categories.get(key)
        if number is not None and self._labels.get(number) == category:
            return number
        number = self._value(
            "INSERT INTO categories (scheme, term, label) VALUES (?, ?, ?) ON CONFLICT (scheme, term) "
            "DO UPDATE SET label = excluded.label RETURNING id",
            *key,
            category.label,
        )
        self._categories[key] = number
        self._labels[number] = category
        return int(number)

    def _category(self, number: int) -> Category:
        found = self._labels.get(number)
        if found is None:
            row = self._db.execute(
                "SELECT scheme, term, label FROM categories WHERE id = ?", (number,)
            ).fetchone()
            found = self._labels[number] = Category(*row)
        return found

    # --- articles as entries -----------------------------------------------------------------------

    def entry(self, number: int) -> Entry:
        """Give the entry of a row."""
        return self.entries_of([number])[number]

    def entries_of(self, numbers: Iterable[int]) -> dict[int, Entry]:
        """Give the entries of some rows, by row."""
        return dict(self._entries("WHERE id IN (SELECT value FROM json_each(?))", (listed(numbers),)))

    def entries(self, but_for: Withdrawn = Withdrawn.NOT) -> Iterator[Entry]:
        """Give every entry that stands in feeds, or would but for a reason, newest first."""
        which = "(withdrawn & ~?) = 0" if but_for else "withdrawn = 0"  # the latter by its index
        found = self._entries(f"WHERE {which} ORDER BY rank DESC", (but_for,) if but_for else ())
        return (entry for _, entry in found)

    def entries_withdrawn_by_hand(self) -> Iterator[Entry]:
        """Give every entry that its owner keeps from all feeds, newest first."""
        which = "WHERE withdrawn & ? ORDER BY rank DESC"
        return (entry for _, entry in self._entries(which, (Withdrawn.BY_HAND,)))

    def last_updated(self, numbers: Iterable[int]) -> datetime | None:
        """Give the latest `updated` of the entries of some rows, None where there are none."""
        sql = "SELECT max(updated) FROM articles WHERE id IN (SELECT value FROM json_each(?))"
        found = self._value(sql, listed(numbers))
        return time(found) if found else None

    def subjects(self, numbers: Iterable[int]) -> Counter[Category]:
        """Give what some rows are about, with how many of them are."""
        rows = self._db.execute(
            "SELECT category, count(*) FROM tags WHERE article IN (SELECT value FROM json_each(?)) "
            "AND lane <> ? GROUP BY category",
            (listed(numbers), MENTIONED),
        )
        return Counter({self._category(category): count for category, count in rows})

    def number(self, iri: str) -> int | None:
        """Give the row of an article by its id."""
        found: int | None = self._value("SELECT id FROM articles WHERE iri = ?", iri)
        return found

    def keys_of(self, iri: str) -> list[str]:
        """Give the names, hashed, under which an article is found again."""
        number = self.number(iri)
        return [] if number is None else self._keys(listed([number])).get(number, [])

    def by_keys(self, hashes: Iterable[str]) -> set[int]:
        """Give the rows of the articles that are found again under these names, hashed by `key_hash`."""
        rows = (self._value("SELECT article FROM keys WHERE key = ?", one) for one in hashes)
        return {row for row in rows if row is not None}

    def find_one(self, text: str) -> Entry:
        """Give the one entry whose id holds this text; raise FeedsError where there is none or more."""
        part = text.removeprefix("urn:uuid:").replace("%", "").replace("_", "") or "?"
        found = self._entries("WHERE iri LIKE '%' || ? || '%' ORDER BY iri LIMIT 100", (part,))
        rows = [entry for _, entry in found]
        if len(rows) != 1:
            what = f"{len(rows)} articles have that in their id" if rows else "no article of that id"
            raise FeedsError(f"{text}: {what}, expected one (see feeds list articles)")
        return rows[0]

    def rows(self, numbers: Sequence[int] | None = None, *, keys: bool) -> Iterator[Row]:
        """Give what is kept of some rows, or of every article that stands in feeds, newest first.

        Those for pages have their keys; others are given only where no entry of them is kept.
        """
        which = "withdrawn = 0" if numbers is None else "id IN (SELECT value FROM json_each(?))"
        lacking = "" if keys else "AND NOT EXISTS (SELECT 1 FROM rendered WHERE article = id)"
        values = () if numbers is None else (listed(numbers),)
        return self._rows(f"WHERE {which} {lacking} ORDER BY rank DESC", values, keys=keys)

    def _entries(self, which: str, values: Iterable[object]) -> Iterator[tuple[int, Entry]]:
        return ((row.number, row.entry()) for row in self._rows(which, values))

    def _rows(self, which: str, values: Iterable[object], *, keys: bool = False) -> Iterator[Row]:
        sql = f"SELECT {_ROW}, {_FITS} FROM articles {which}"  # noqa: S608
        found = self._db.execute(sql, tuple(values))
        while rows := found.fetchmany(_AT_ONCE):
            numbers = listed(row[0] for row in rows)
            tags, names = self._tags(numbers), self._keys(numbers) if keys else {}
            for *columns, fits in rows:
                number, iri = columns[:2]
                if not (fits or number in self._changed):  # nothing that is damaged is ever published
                    raise unfit(iri)
                yield Row._make((*columns, tuple(tags.get(number, ())), tuple(names.get(number, ()))))

    def _keys(self, numbers: str) -> dict[int, list[str]]:
        found: dict[int, list[str]] = {}
        sql = "SELECT article, key FROM keys WHERE article IN (SELECT value FROM json_each(?))"
        for article, key in self._db.execute(sql, (numbers,)):
            found.setdefault(article, []).append(key)
        return found

    def _tags(self, numbers: str) -> dict[int, list[tuple[str, str, str, Role, float, str]]]:
        found: dict[int, list[tuple[str, str, str, Role, float, str]]] = {}
        rows = self._db.execute(
            "SELECT article, category, lane, score, evidence FROM tags "
            "WHERE article IN (SELECT value FROM json_each(?)) ORDER BY article, position",
            (numbers,),
        )
        for article, category, lane, score, evidence in rows:
            known = self._category(category)
            role: Role = "mentioned" if lane in (MENTIONED, MENTIONED - _WITHDRAWN) else "subject"
            found.setdefault(article, []).append(
                (known.scheme, known.term, known.label, role, score, evidence)
            )
        return found
