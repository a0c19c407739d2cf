"""The store keeps ids for good, and moves `updated` only when the words change."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from feeds.identity import mint
from feeds.model import Dating, Document, Entry, Problem, RawArticle, StoreError
from feeds.store import Store
from feeds.store.documents import Told
from feeds.store.schema import APPLICATION_ID
from feeds.store.shelves import SUBJECTS, WITH_MENTIONS
from feeds.vocab import country, topic
from tests.conftest import ROOT
from tests.values import DATED, UNDATED, WHEN, raw, tags

NOW = datetime(2025, 12, 24, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Give an empty store."""
    with closing(Store(tmp_path / "feeds.db")) as store:
        yield store


def keep(
    store: Store,
    *articles: RawArticle,
    source: str = "a.txt",
    digest: str = "1",
    now: datetime = NOW,
    dating: Dating = UNDATED,
    reread: bool = False,
    captured: datetime | None = None,
) -> int:
    """Keep what a document gives."""
    document = Document(source, "text/plain", "", captured, digest, captured_stated=captured is not None)
    with store:
        store.documents.see(source, f"signature {digest}", document, [])
        found = [(a, dating, tags()) for a in articles]
        row = store.documents.number(source)
        return store.articles.keep(document, row, found, now, reread=reread)


def entries(store: Store) -> list[Entry]:
    """Give all entries."""
    return list(store.articles.entries())


def test_what_is_kept_is_given_back(store: Store) -> None:
    """Every field survives."""
    one = raw(standfirst="S", language="en", url="https://a.example/", line=3)
    keep(store, one, dating=DATED)
    (entry,) = entries(store)

    assert entry.article.raw == one
    assert entry.article.dating == DATED
    assert entry.article.tags == tags()
    assert (entry.updated, entry.article.first_seen, entry.article.source) == (WHEN, NOW, "a.txt")


def test_the_same_article_in_another_capture_is_one_entry(store: Store) -> None:
    """Nothing of it changes."""
    keep(store, raw())
    before = entries(store)

    assert keep(store, raw(), source="b.txt", now=LATER) == 0
    assert entries(store) == before


@pytest.mark.parametrize("source", ["a.txt", "b.txt"])
@pytest.mark.parametrize(
    "edit",
    [
        {"headline": "Norway Opens a New Harbour at Last"},
        {"body": ("Norway opened a new harbour in Bergen on Monday, late.", *raw().body[1:])},
    ],
)
def test_an_edited_article_keeps_its_id_and_moves_its_updated(
    store: Store, source: str, edit: dict[str, str]
) -> None:
    """In the same capture and in a later one; this long a first paragraph is its own name."""
    long = (
        "Norway opened a new harbour in Bergen this week, after years of talks with the city.",
        "A.",
        "B.",
    )
    original = raw(body=long)
    edited = raw(**{"body": long, **edit}) if "headline" in edit else raw(body=(*long[:1], "Other.", "B."))
    keep(store, original)
    (before,) = entries(store)

    assert keep(store, edited, source=source, digest="2", now=LATER) == 1
    (after,) = entries(store)

    assert after.article.id == before.article.id
    assert after.article.raw == edited
    assert (before.updated, after.updated) == (NOW, LATER)
    assert after.article.first_seen == NOW


def test_quotes_and_spaces_move_nothing(store: Store) -> None:
    """The better words are taken over, and no reader is told of a change."""
    keep(store, raw(headline="Norway's  harbour"))
    keep(store, raw(headline="Norway’s harbour"), digest="2", now=LATER)
    (after,) = entries(store)

    assert after.updated == NOW
    assert after.article.raw.headline == "Norway’s harbour"


def test_an_older_capture_found_late_changes_nothing(store: Store) -> None:
    """Its words were replaced long ago."""
    lead = "Norway opened a new harbour in Bergen this week, after years of talks with the city."
    new, old = raw(body=(lead, "Three ships came on the first day.")), raw(body=(lead, "Two ships came."))
    keep(store, new, captured=NOW)

    assert keep(store, old, source="b.txt", now=LATER, captured=NOW - timedelta(days=1)) == 0
    assert entries(store)[0].article.raw == new


def test_an_article_that_left_an_edited_document_stays(store: Store) -> None:
    """A front page moves on; what it held is kept."""
    keep(store, raw(), raw(headline="Another", body=("Quite another text about a school in Lund.",)))
    keep(store, raw(), digest="2", now=LATER)

    assert len(entries(store)) == 2


def test_a_better_reading_of_the_same_bytes_moves_nothing(store: Store) -> None:
    """An upgrade of this program is no change of an article."""
    keep(store, raw(), raw(headline="Share this", body=("Furniture taken for an article.",)))
    better = raw(byline=("Ola Nordmann",), body=(*raw().body, "A paragraph that was overlooked."))

    keep(store, better, now=LATER, reread=True)
    (after,) = entries(store)

    assert after.article.raw == better
    assert after.updated in (NOW, NOW - timedelta(seconds=1))


def test_a_date_that_is_found_later_moves_updated_no_further_than_it_must(store: Store) -> None:
    """`updated` never lies below `published`."""
    keep(store, raw(), dating=UNDATED)
    keep(store, raw(), dating=DATED, reread=True, now=LATER)
    (after,) = entries(store)

    assert after.article.dating == DATED
    assert after.updated == NOW  # later than the date that was found


def test_no_two_entries_share_an_updated(store: Store) -> None:
    """The W3C validator warns of it; undated ones go back in time, dated ones forth."""
    undated = [raw(headline=f"Headline {i}", body=(f"Body {i}",)) for i in range(5)]
    dated = [raw(headline=f"Dated {i}", body=(f"Body {i} of a dated one",)) for i in range(5)]
    keep(store, *undated)
    keep(store, *dated, source="b.txt", dating=DATED)

    times = [entry.updated for entry in entries(store)]
    assert len(set(times)) == 10
    assert max(times) == NOW
    assert all(e.updated >= (e.article.dating.published or e.updated) for e in entries(store))


def test_the_newest_of_a_category_are_its_subjects(store: Store) -> None:
    """Mentions come on request."""
    keep(store, raw())

    def newest(code: str, lanes: tuple[int, ...]) -> int:
        return len(store.shelves.newest(store.shelves.number(country(code)), lanes, 10))

    assert (newest("NO", SUBJECTS), newest("SE", SUBJECTS)) == (1, 0)
    assert (newest("NO", WITH_MENTIONS), newest("SE", WITH_MENTIONS)) == (1, 1)
    assert {(c.category.label, c.subjects, c.mentions) for c in store.shelves.counts()} == {
        ("Norway", 1, 0),
        ("Sweden", 0, 1),
        (topic("04000000").label, 1, 0),
    }


def test_a_problem_is_new_until_its_bytes_change(store: Store) -> None:
    """It is reported once."""
    problem = Problem("a.txt", 3, "no headline")
    document = Document("a.txt", "text/plain", "", None, "1")
    changed = Document("a.txt", "text/plain", "", None, "2")
    with store:
        for signature, seen, untold in (
            ("1", document, [problem]),
            ("2", document, []),
            ("3", changed, [problem]),
        ):
            store.documents.see("a.txt", signature, seen, [problem])
            assert store.documents.untold(Told.READER) == untold
            store.documents.tell(Told.READER)
        assert list(store.documents.problems()) == [problem]
        store.documents.mark_gone(["a.txt"])
        assert list(store.documents.problems()) == []


def test_what_goes_wrong_in_a_run_leaves_the_store_as_it_was(store: Store) -> None:
    """One transaction a run."""
    with pytest.raises(ZeroDivisionError), store:
        store.remember("site", "x")
        raise ZeroDivisionError

    assert store.fact("site") is None


def test_a_file_that_is_no_store_is_refused(tmp_path: Path) -> None:
    """Neither text nor another program's database is written to."""
    (tmp_path / "text.db").write_text("this is no database, and long enough to be seen as none" * 20)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE mine (x)")

    for name in ("text.db", "other.db"):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(StoreError, match=name):
            Store(tmp_path / name)
        assert (tmp_path / name).read_bytes() == before


def test_a_store_that_is_refused_is_closed(tmp_path: Path) -> None:
    """An open file of SQLite's warns from Python 3.13 on, in whatever runs next."""
    path = tmp_path / "text.db"
    path.write_text("this is no database, and long enough to be seen as none" * 20)

    with pytest.raises(StoreError) as refused:
        Store(path)

    assert refused.value.__traceback__  # which holds all that stood where it was raised
    assert path not in [fd.resolve() for fd in Path("/proc/self/fd").iterdir()]


def test_a_full_disk_is_no_damage(tmp_path: Path) -> None:
    """What the system refuses is said as such; the store is as it was."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16384, before[1]))
    try:
        with pytest.raises(OSError, match="disk I/O error"):
            Store(tmp_path / "feeds.db")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    Store(tmp_path / "feeds.db").close()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    """An old program must not spoil what it does not know."""
    Store(tmp_path / "feeds.db").close()
    with closing(sqlite3.connect(tmp_path / "feeds.db")) as db:
        db.execute("PRAGMA user_version = 99")

    with pytest.raises(StoreError, match="made by a newer version of feeds"):
        Store(tmp_path / "feeds.db")


def test_a_store_of_an_older_version_is_brought_up_to_date(tmp_path: Path) -> None:
    """With its articles, tags and feeds; a copy of it as it was stays beside it."""
    path = tmp_path / "feeds.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((ROOT / "feeds/migrations/0001.sql").read_text())
        values = {
            "iri": "urn:uuid:00000000-0000-5000-8000-000000000001",
            "raw": '{"headline":"Norway opens a harbour","body":["It opened."]}',
            "dating": '{"basis":"It prints no date."}',
            "newest": "2025-12-24T09:00:00+00:00",
            "first_seen": "2025-12-24T09:00:00+00:00",
            "updated": "2025-12-24T09:00:00+00:00",
            "digest": "d",
            "bound": "2025-12-24T09:00:00+00:00",
            "source": "a.txt",
        }
        db.execute(
            f"INSERT INTO articles ({', '.join(values)}) VALUES ({', '.join('?' * 9)})", (*values.values(),)
        )
        no, now = country("NO"), values["newest"]
        tag = (1, 0, no.scheme, no.term, no.label, "subject", 0.9, "named", now)
        db.execute("INSERT INTO tags VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", tag)
        db.execute("INSERT INTO feeds VALUES (?, ?, ?, ?)", ("countries/no", no.scheme, no.term, now))
        db.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;")

    with closing(Store(path)) as store:
        (entry,) = entries(store)

        assert entry.article.tags[0].category == no
        assert store.shelves.slugs() == {(no.scheme, no.term): "countries/no"}
        assert store.shelves.total() == 1
        assert [(c.category, c.subjects) for c in store.shelves.counts()] == [(no, 1)]
        assert len(store.shelves.newest(store.shelves.number(no), SUBJECTS, 5)) == 1
    Store(path).close()
    with closing(sqlite3.connect(tmp_path / "feeds.db.schema-1")) as old:
        assert old.execute("SELECT newest FROM articles").fetchone() == (now,)


def test_the_store_is_opened_as_safely_as_sqlite_can(store: Store) -> None:
    """A journal that is deleted, and an fsync of the folder too; nothing in a schema is run."""
    values = [
        store._db.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "trusted_schema", "foreign_keys")
    ]

    assert values == ["delete", 3, 0, 1]


def test_a_migration_that_fails_leaves_the_store_as_it_was(tmp_path: Path) -> None:
    """It is one transaction, and a copy was made before it."""
    path = tmp_path / "feeds.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript((ROOT / "feeds/migrations/0001.sql").read_text())
        db.execute("INSERT INTO tags VALUES (7, 0, 's', 't', 'l', 'subject', 0.9, 'of no article', '')")
        db.execute("ALTER TABLE feeds RENAME COLUMN updated TO since")  # which the next version asks for
        db.executescript(f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = 1;")
    before = path.read_bytes()

    with pytest.raises(StoreError, match=r"feeds\.db"):
        Store(path)

    assert path.read_bytes() == before
    assert (tmp_path / "feeds.db.schema-1").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE articles SET raw = replace(raw, 'harbour', 'airport')",
        "UPDATE articles SET updated = '2031-01-01T00:00:00+00:00'",
        "UPDATE tags SET evidence = 'hearsay'",
    ],
)
def test_a_row_that_was_changed_by_hand_is_neither_published_nor_changed(store: Store, sql: str) -> None:
    """Its checksum tells; to change it would make the damage look sound."""
    keep(store, raw())
    store._db.execute(sql)

    with pytest.raises(StoreError, match="does not fit its checksum"):
        entries(store)
    with pytest.raises(StoreError, match="does not fit its checksum"):
        keep(store, raw(headline="Norway Opens Another Harbour"), digest="2", now=LATER)


def test_an_entry_that_is_kept_as_written_is_made_anew_where_it_was_damaged(store: Store) -> None:
    """It can be, so that is no reason to stop."""
    keep(store, raw())
    store.files.keep_entries([(1, ".atom", b"<entry/>")])
    assert [entry for entry, _ in store.files.entries([1], ".atom").values()] == [b"<entry/>"]
    store._db.execute("UPDATE rendered SET entry = CAST('<entri/>' AS BLOB)")

    assert store.files.entries([1], ".atom") == {}


def test_a_fact_that_was_changed_by_hand_is_refused(store: Store) -> None:
    """The ids of all feeds hang on one of them."""
    with store:
        store.remember("site", "https://news.example/")
    store._db.execute("UPDATE facts SET value = 'x'")

    with pytest.raises(StoreError, match="the fact site does not fit its checksum"):
        store.fact("site")


def harbours(count: int) -> list[RawArticle]:
    """Give so many articles."""
    return [raw(headline=f"Harbour Number {n} Opens", body=(f"Body {n}.",)) for n in range(count)]


def stepped(store: Store, ask: Callable[[], Iterable[Any]]) -> tuple[list[Any], int]:
    """Give what a store answers, and how many steps SQLite took for it."""
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    store._db.set_progress_handler(step, 1)
    found = list(ask())
    store._db.set_progress_handler(None, 0)
    return found, steps


def test_what_changed_is_found_without_a_look_at_the_rest(store: Store) -> None:
    """One article of three hundred."""
    keep(store, *harbours(300))
    store.shelves.clean()
    keep(store, raw(), source="b.txt")
    ((_, iri, withdrawn),), steps = stepped(store, store.shelves.dirty_articles)

    assert (iri, withdrawn) == (mint(raw()), False)
    assert steps < 50


@pytest.mark.parametrize("lanes", [SUBJECTS, WITH_MENTIONS])
@pytest.mark.parametrize("of_all", [True, False])
def test_a_month_is_gone_through_once_however_many_parts_it_has(
    store: Store, lanes: tuple[int, ...], of_all: bool
) -> None:
    """Its parts come in order, those that are not wanted left out, at the same price for each article."""
    size = 5
    keep(store, *harbours(1000), dating=DATED)
    number = store.shelves.number(None if of_all else tags()[0].category)
    month = f"{WHEN:%Y-%m}"
    whole, steps = stepped(store, lambda: store.shelves.parts(number, lanes, month, size, range(200)))

    assert sorted(chain.from_iterable(whole)) == sorted(store.shelves.newest(number, lanes, 1000))
    assert {len(part) for part in whole} == {size}
    assert steps < 40 * 1000
    chosen = [3, 4, 9, 199]
    assert list(store.shelves.parts(number, lanes, month, size, chosen)) == [whole[n] for n in chosen]
    assert list(store.shelves.parts(number, lanes, month, size, [])) == []
