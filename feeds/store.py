"""Remember what was seen and when its words changed, in one SQLite file."""

from __future__ import annotations

import errno
import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

from feeds.identity import Version, digest, keys, mint, replaces, resembles
from feeds.model import (
    Article,
    Caption,
    Category,
    Dating,
    Document,
    Enclosure,
    Entry,
    FeedsError,
    Problem,
    RawArticle,
    SourceFeed,
    StatedDate,
    StatedSubject,
    StoreError,
    Tag,
)

APPLICATION_ID = 0x66656564  # "feed", in the file's header (sqlite.org/fileformat section 1.3.16)
MIGRATIONS = ("0001.sql",)
_PARTIAL_KEYS = ("lead ",)


Settle = Callable[[str, RawArticle, tuple[Tag, ...]], tuple[Tag, ...]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a file: whether to look at it again, and what was wrong."""

    signature: str
    gone: bool


@dataclass(frozen=True, slots=True)
class Count:
    """How many articles carry a category as their subject."""

    category: Category
    subjects: int
    mentions: int


class Store:
    """The store of one site; a context manager that commits when all went well."""

    def __init__(self, path: Path) -> None:
        """Open or make the store; raise StoreError where it can't be used."""
        self.path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._db.executescript(
                "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON;"
                "PRAGMA journal_mode=DELETE; PRAGMA synchronous=EXTRA;"
            )
            self._migrate()
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{path}: can't be used as a store: {error}") from error
        # Where the search for a free second goes on: a thousand articles may bear one day's noon.
        self._earlier: dict[datetime, datetime] = {}
        self._later: dict[datetime, datetime] = {}
        self._tagged: set[int] = set()

    def __enter__(self) -> Store:
        self._db.execute("BEGIN IMMEDIATE")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> None:
        try:
            self._db.execute("COMMIT" if kind is None else "ROLLBACK")
        except sqlite3.Error as fault:
            error = error or fault
        if isinstance(error, sqlite3.Error):  # a full disk, a file that went bad under us
            raise OSError(errno.EIO, str(error), str(self.path)) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def _migrate(self) -> None:
        version = self._value("PRAGMA user_version")
        application = self._value("PRAGMA application_id")
        tables = self._value("SELECT count(*) FROM sqlite_master")
        if application != APPLICATION_ID and (tables or application or version):
            raise StoreError(f"{self.path}: not a store of feeds, expected one or a new name")
        if version > len(MIGRATIONS):
            raise StoreError(f"{self.path}: made by a newer version of feeds (schema {version})")
        for number, name in enumerate(MIGRATIONS[version:], version + 1):
            script = resources.files("feeds.migrations").joinpath(name).read_text("utf-8")
            self._db.executescript(
                f"BEGIN EXCLUSIVE; {script}; PRAGMA application_id={APPLICATION_ID};"
                f"PRAGMA user_version={number}; COMMIT;"
            )

    def _value(self, sql: str, *values: object) -> Any:
        row = self._db.execute(sql, values).fetchone()
        return row[0] if row else None

    # --- facts -----------------------------------------------------------------------------------

    def fact(self, name: str) -> str | None:
        """Give a remembered fact, such as the site's key."""
        value: str | None = self._value("SELECT value FROM facts WHERE name = ?", name)
        return value

    def remember(self, name: str, value: str | None) -> None:
        """Keep a fact, or forget it."""
        if value is None:
            self._db.execute("DELETE FROM facts WHERE name = ?", (name,))
        else:
            self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    # --- documents -------------------------------------------------------------------------------

    def documents(self) -> dict[str, Known]:
        """Give every known file by its source; not the documents within archives."""
        rows = self._db.execute("SELECT source, signature, gone FROM documents WHERE container IS NULL")
        return {source: Known(signature, bool(gone)) for source, signature, gone in rows}

    def forget_signatures(self) -> None:
        """Have every document read again by the next scan, as after an upgrade."""
        self._db.execute("UPDATE documents SET signature = ''")

    def mark_gone(self, sources: Iterable[str]) -> None:
        """Note files that are no longer there: their articles stay, their problems go."""
        for source in sources:
            row = self._document(source)
            inside = "SELECT id FROM documents WHERE ? IN (id, container)"
            self._db.execute(f"DELETE FROM problems WHERE document IN ({inside})", (row,))  # noqa: S608
            self._db.execute(
                "UPDATE documents SET gone = 1, signature = '' WHERE ? IN (id, container)", (row,)
            )

    def bytes_digest(self, source: str) -> str | None:
        """Give the digest of the bytes that a document had, None where it is not known."""
        found: str | None = self._value("SELECT digest FROM documents WHERE source = ?", source)
        return found

    def see(
        self,
        source: str,
        signature: str,
        document: Document | None,
        problems: Sequence[Problem],
        container: str | None = None,
    ) -> list[Problem]:
        """Note a document with its problems, and give those that were not known for these bytes.

        A container is noted without a document; its members name it.
        """
        bytes_digest = document.digest if document else None
        captured = _iso(document.captured) if document and document.captured_stated else None
        known = self._db.execute("SELECT id, digest FROM documents WHERE source = ?", (source,)).fetchone()
        old: set[tuple[int | None, str]] = set()
        if known and known[1] == bytes_digest:
            rows = self._db.execute("SELECT line, message FROM problems WHERE document = ?", (known[0],))
            old = {(line, message) for line, message in rows}
        self._db.execute(
            "INSERT INTO documents (source, signature, digest, captured, container) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (source) DO UPDATE SET signature = excluded.signature, digest = excluded.digest, "
            "captured = excluded.captured, container = excluded.container, gone = 0",
            (source, signature, bytes_digest, captured, self._document(container) if container else None),
        )
        row = self._document(source)
        self._db.execute("DELETE FROM problems WHERE document = ?", (row,))
        self._db.executemany(
            "INSERT INTO problems VALUES (?, ?, ?)",
            [(row, problem.line, problem.message) for problem in problems],
        )
        return [problem for problem in problems if (problem.line, problem.message) not in old]

    def problems(self) -> Iterator[Problem]:
        """Give what is wrong with the documents that are there, in the order of their sources."""
        rows = self._db.execute(
            "SELECT source, line, message FROM problems JOIN documents ON id = document "
            "ORDER BY source, line, message"
        )
        return (Problem(*row) for row in rows)

    def _document(self, source: str) -> int:
        return int(self._value("SELECT id FROM documents WHERE source = ?", source))

    # --- articles --------------------------------------------------------------------------------

    def keep(
        self,
        document: Document,
        found: Sequence[tuple[RawArticle, Dating, tuple[Tag, ...]]],
        now: datetime,
        *,
        reread: bool,
        rules: Settle = lambda _, __, tags: tags,
    ) -> int:
        """Keep the articles of a document that `see` has noted; give how many are new or changed.

        `rules` gives the final tags of an article by its id. `reread` says that the document's bytes are
        the ones it had: another reading of them may better an article, and withdraw one that only it
        gave, but moves no article's `updated`.
        """
        row = self._document(document.source)
        before = dict(self._db.execute("SELECT article, digest FROM sightings WHERE document = ?", (row,)))
        given: dict[int, str] = {}
        changed = 0
        for raw, dating, tags in found:
            article, new = self._find_or_add(raw, dating, document, now, [*before], given)
            words = digest(raw)
            if not new and article not in given:
                changed += self._revise(article, raw, dating, document, before.get(article), now, reread)
            changed += new
            self._tag_from(article, document.source, raw, tags, rules)
            given.setdefault(article, words)
            self._name(article, raw)
        self._sight(row, before, given, reread)
        return changed

    def _find_or_add(
        self,
        raw: RawArticle,
        dating: Dating,
        document: Document,
        now: datetime,
        before: Sequence[int],
        given: dict[int, str],
    ) -> tuple[int, bool]:
        """Give the row of an article, found by its keys or as a version of what the document gave."""
        for key in keys(raw):
            article = self._value("SELECT article FROM keys WHERE key = ?", _hash(key))
            if article is None:
                continue
            # A shared first paragraph alone may be a standing one: the rest must be alike, too.
            if not key.startswith(_PARTIAL_KEYS) or resembles(raw, self._raw(article)):
                return article, False
        for article in before:
            if article not in given and resembles(raw, self._raw(article)):
                return article, False
        return self._add(raw, dating, document, now), True

    def _raw(self, article: int) -> RawArticle:
        return _raw_from(self._value("SELECT raw FROM articles WHERE id = ?", article))

    def _add(self, raw: RawArticle, dating: Dating, document: Document, now: datetime) -> int:
        iri = mint(raw)
        while self._value("SELECT 1 FROM articles WHERE iri = ?", iri):  # its name was taken by a look-alike
            iri = f"urn:uuid:{_again(iri)}"
        stated = max(filter(None, (dating.updated, dating.published)), default=None)
        updated = self._free_second(stated or now, stated or _EPOCH)
        cursor = self._db.execute(
            "INSERT INTO articles (iri, raw, dating, newest, first_seen, updated, digest, captured, bound, "
            "source) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                iri,
                _to_json(raw),
                _to_json(dating),
                _iso(dating.published or updated),
                _iso(now if dating.published else updated),  # the articles of a page keep its order
                _iso(updated),
                digest(raw),
                _iso(document.captured) if document.captured_stated else None,
                _iso(document.captured or now),
                document.source,
            ),
        )
        return int(cursor.lastrowid or 0)

    def _revise(
        self,
        article: int,
        raw: RawArticle,
        dating: Dating,
        document: Document,
        before: str | None,
        now: datetime,
        reread: bool,
    ) -> bool:
        """Take over what a document says of a known article, where it counts; say whether it did."""
        old_raw, old_dating, old_digest, captured, source, first_seen, updated = self._db.execute(
            "SELECT raw, dating, digest, captured, source, first_seen, updated FROM articles WHERE id = ?",
            (article,),
        ).fetchone()
        stated = document.captured if document.captured_stated else None
        new = Version(digest(raw), stated)
        current = Version(old_digest, _time(captured) if captured else None)
        bettered = source == document.source and (reread or new.digest == old_digest)
        if not bettered and not replaces(new, current, before):
            return False  # the words that are known stand
        if (_to_json(raw), _to_json(dating)) == (old_raw, old_dating):
            return False
        moved = _time(updated)
        if new.digest != old_digest and not reread:
            moved = self._free_second(now, max(moved + timedelta(seconds=1), dating.published or moved))
        elif dating.published and moved < dating.published:
            moved = self._free_second(dating.published, dating.published)
        self._db.execute(
            "UPDATE articles SET raw = ?, dating = ?, newest = ?, updated = ?, digest = ?, captured = ?, "
            "bound = ?, source = ? WHERE id = ?",
            (
                _to_json(raw),
                _to_json(dating),
                _iso(dating.published) if dating.published else first_seen,
                _iso(moved),
                new.digest,
                _iso(stated) if stated else None,
                _iso(document.captured or now),
                document.source,
                article,
            ),
        )
        return True

    def _free_second(self, wanted: datetime, earliest: datetime) -> datetime:
        """Give a second that no entry has, near `wanted` and never before `earliest`.

        No two entries share one (the W3C validator's DuplicateUpdated). The search goes back in time
        first: a hundred articles that are first seen now must not lie in the future.
        """
        moment = self._earlier.get(wanted, wanted)
        while moment >= earliest and self._taken(moment):
            moment -= timedelta(seconds=1)
        if moment >= earliest:
            self._earlier[wanted] = moment
            return moment
        start = max(wanted, earliest)
        moment = self._later.get(start, start)
        while self._taken(moment):
            moment += timedelta(seconds=1)
        self._later[start] = moment
        return moment

    def _taken(self, moment: datetime) -> bool:
        return bool(self._value("SELECT 1 FROM articles WHERE updated = ?", _iso(moment)))

    def _tag_from(
        self, article: int, source: str, raw: RawArticle, tags: tuple[Tag, ...], rules: Settle
    ) -> None:
        """Tag an article, where its words come from this document."""
        iri, its_source = self._db.execute(
            "SELECT iri, source FROM articles WHERE id = ?", (article,)
        ).fetchone()
        if its_source == source:
            self._tag(article, rules(iri, raw, tags))

    def untagged(self) -> Iterator[tuple[Entry, datetime]]:
        """Give the entries that this run has not tagged, each with the latest time that it can be from."""
        rows = self._db.execute("SELECT id, iri, bound FROM articles ORDER BY id").fetchall()
        for number, iri, bound in rows:
            if number not in self._tagged:
                (entry,) = self._entries(f"{_ENTRY} WHERE iri = ?", (iri,))
                yield entry, _time(bound)

    def reconsider(self, entry: Entry, dating: Dating, tags: tuple[Tag, ...]) -> None:
        """Give an article another date or other tags, its words being the same; `updated` stays if it can."""
        iri = entry.article.id
        number = self._value("SELECT id FROM articles WHERE iri = ?", iri)
        if dating != entry.article.dating:
            moved = entry.updated
            if dating.published and moved < dating.published:
                moved = self._free_second(dating.published, dating.published)
            self._db.execute(
                "UPDATE articles SET dating = ?, newest = ?, updated = ? WHERE id = ?",
                (_to_json(dating), _iso(dating.published or entry.article.first_seen), _iso(moved), number),
            )
        self._tag(number, tags)

    def _tag(self, article: int, tags: Sequence[Tag]) -> None:
        self._tagged.add(article)
        self._db.execute("DELETE FROM tags WHERE article = ?", (article,))
        newest = self._value("SELECT newest FROM articles WHERE id = ?", article)
        self._db.executemany(
            "INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    article,
                    i,
                    t.category.scheme,
                    t.category.term,
                    t.category.label,
                    t.role,
                    t.score,
                    t.evidence,
                    newest,
                )
                for i, t in enumerate(tags)
            ],
        )

    def _name(self, article: int, raw: RawArticle) -> None:
        self._db.executemany(
            "INSERT OR IGNORE INTO keys VALUES (?, ?)", [(_hash(key), article) for key in keys(raw)]
        )

    def _sight(self, document: int, before: dict[int, str], given: dict[int, str], reread: bool) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO sightings VALUES (?, ?, ?)",
            [(document, article, words) for article, words in given.items()],
        )
        for article in given:
            self._db.execute("UPDATE articles SET withdrawn = 0 WHERE id = ? AND withdrawn", (article,))
        if not reread:
            return  # an edited document no longer holds an article: the article stays
        for article in before.keys() - given.keys():
            self._db.execute("DELETE FROM sightings WHERE document = ? AND article = ?", (document, article))
            if not self._value("SELECT 1 FROM sightings WHERE article = ?", article):
                self._db.execute("UPDATE articles SET withdrawn = 1 WHERE id = ?", (article,))

    # --- what the feeds are made of ----------------------------------------------------------------

    def counts(self) -> list[Count]:
        """Give every category that an article has, with the number of its articles."""
        rows = self._db.execute(
            "SELECT scheme, term, max(label), sum(role = 'subject'), sum(role = 'mentioned') FROM tags "
            "JOIN articles ON id = article WHERE withdrawn = 0 GROUP BY scheme, term ORDER BY scheme, term"
        )
        return [
            Count(Category(scheme, term, label), subjects, mentions)
            for scheme, term, label, subjects, mentions in rows
        ]

    def newest(self, category: Category | None, limit: int, *, mentions: bool = False) -> tuple[Entry, ...]:
        """Give the newest entries of a category, or of all, newest first."""
        return tuple(self._entries(*_newest(category, limit, mentions)))

    def newest_update(
        self, category: Category | None, limit: int, *, mentions: bool = False
    ) -> datetime | None:
        """Give the latest `updated` among the entries that `newest` would give."""
        sql, values = _newest(category, limit, mentions)
        latest = self._value(f"SELECT max(updated) FROM ({sql})", *values)  # noqa: S608  # our own words
        return _time(latest) if latest else None

    def entries(self) -> Iterator[Entry]:
        """Give every entry, newest first."""
        return self._entries(f"{_ENTRY} WHERE withdrawn = 0 ORDER BY newest DESC, iri", ())

    def find_one(self, text: str) -> Entry:
        """Give the one entry whose id holds this text; raise FeedsError where there is none or more."""
        part = text.removeprefix("urn:uuid:").replace("%", "").replace("_", "") or "?"
        rows = list(self._entries(f"{_ENTRY} WHERE iri LIKE '%' || ? || '%' ORDER BY iri LIMIT 100", (part,)))
        if len(rows) != 1:
            what = "no article" if not rows else f"{len(rows)} articles"
            raise FeedsError(f"{text}: {what} of that id, expected one (see feeds list articles)")
        return rows[0]

    def _entries(self, sql: str, values: tuple[object, ...]) -> Iterator[Entry]:
        for row in self._db.execute(sql, values):
            number, iri, raw, dating, first_seen, updated, source = row
            article = Article(
                id=iri,
                raw=_raw_from(raw),
                dating=_dating_from(dating),
                tags=self._tags(number),
                source=source,
                first_seen=_time(first_seen),
            )
            yield Entry(article, _time(updated))

    def _tags(self, article: int) -> tuple[Tag, ...]:
        rows = self._db.execute(
            "SELECT scheme, term, label, role, score, evidence FROM tags WHERE article = ? ORDER BY position",
            (article,),
        )
        return tuple(Tag(Category(scheme, term, label), *rest) for scheme, term, label, *rest in rows)

    def total(self) -> int:
        """Give the number of articles."""
        return int(self._value("SELECT count(*) FROM articles WHERE withdrawn = 0"))

    # --- feeds -----------------------------------------------------------------------------------

    def slugs(self) -> dict[tuple[str, str], str]:
        """Give the slug of every category that ever had a feed, by scheme and term."""
        rows = self._db.execute("SELECT scheme, term, slug FROM feeds ORDER BY slug")
        return {(scheme, term): slug for scheme, term, slug in rows}

    def feed_updated(
        self, slug: str, category: Category | None, newest: datetime | None, now: datetime
    ) -> datetime:
        """Give a feed's `updated`: its newest entry's, never earlier than it was; keep it."""
        old = self._value("SELECT updated FROM feeds WHERE slug = ?", slug)
        moment = max(filter(None, (_time(old) if old else None, newest)), default=now)
        scheme, term = (category.scheme, category.term) if category else ("", slug)
        self._db.execute(
            "INSERT INTO feeds VALUES (?, ?, ?, ?) "
            "ON CONFLICT (slug) DO UPDATE SET updated = excluded.updated",
            (slug, scheme, term, _iso(moment)),
        )
        return moment


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENTRY = "SELECT articles.id, iri, raw, dating, first_seen, updated, source FROM articles"


def _newest(category: Category | None, limit: int, mentions: bool) -> tuple[str, tuple[object, ...]]:
    """Give the query for the newest entries of a category, or of all, with its values."""
    if category is None:
        return f"{_ENTRY} WHERE withdrawn = 0 ORDER BY newest DESC, iri LIMIT ?", (limit,)
    roles = "" if mentions else "AND role = 'subject'"
    sql = (
        f"{_ENTRY} JOIN tags ON tags.article = articles.id WHERE scheme = ? AND term = ? {roles} "
        "AND withdrawn = 0 ORDER BY tags.newest DESC, iri LIMIT ?"
    )
    return sql, (category.scheme, category.term, limit)


def _iso(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S+00:00") if moment else ""


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _again(iri: str) -> str:
    import uuid

    return str(uuid.uuid5(uuid.UUID(iri.removeprefix("urn:uuid:")), "again"))


def _to_json(value: RawArticle | Dating) -> str:
    """Give a value as JSON without its empty fields; times as RFC 3339."""
    fields = {k: v for k, v in asdict(value).items() if v not in (None, (), False)}
    return json.dumps(fields, ensure_ascii=False, default=_iso, separators=(",", ":"))


def _raw_from(text: str) -> RawArticle:
    data = json.loads(text)
    data["body"] = tuple(data.get("body", ()))
    data["byline"] = tuple(data.get("byline", ()))
    for name, kind in (("captions", Caption), ("dates", StatedDate), ("subjects", StatedSubject)):
        data[name] = tuple(kind(**item) for item in data.get(name, ()))
    data["enclosures"] = tuple(Enclosure(**item) for item in data.get("enclosures", ()))
    if "source_feed" in data:
        data["source_feed"] = SourceFeed(**data["source_feed"])
    return RawArticle(**data)


def _dating_from(text: str) -> Dating:
    data = json.loads(text)
    times = {name: _time(data[name]) for name in ("published", "updated") if data.get(name)}
    return Dating(
        published=times.get("published"),
        precision=data.get("precision"),
        basis=data["basis"],
        inferred=data.get("inferred", False),
        updated=times.get("updated"),
    )
