"""Damage stores in every way that disks and hands do, and count what is lost, changed or published.

    python bench/reliability/stores.py [--long] [--seed 1]

Each store is a copy of one whose articles were edited or captured twice, and have partly lost their captures.
It is damaged, then a build is run with something new to read. Either that is refused, with one line and
exit code 78, and `feeds rebuild` makes it anew; or what was damaged does not matter. In the end each article
stands there once, with the id, the words and the times that it had. The control looks at no checksum and for
no damage.
"""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from campaign import Tally, arguments, verdict
from newsroom import BASE_URL, BEGIN, Build, Newsroom, Output, Program, main, scratch

from feeds.store import Store
from feeds.store import articles as store_articles

LONG_EACH, SHORT_EACH, CONTROL_EACH = 20, 2, 2
ARTICLES = 9
PAGE = 4096
NOW = BEGIN + timedelta(days=30)
REFUSED, DONE = 78, (0, 1)

Damage = Callable[[Path, random.Random], None]


def _bytes(change: Callable[[bytearray, random.Random], bytes | bytearray]) -> Damage:
    """Make a damage of a change of the file's bytes."""

    def damage(store: Path, chance: random.Random) -> None:
        store.write_bytes(change(bytearray(store.read_bytes()), chance))

    return damage


def _sql(*statements: str) -> Damage:
    """Make a damage of an edit by hand."""

    def damage(store: Path, chance: random.Random) -> None:
        with closing(sqlite3.connect(store)) as db:
            db.executescript(chance.choice(statements))

    return damage


def _flip(data: bytearray, chance: random.Random) -> bytearray:
    for _ in range(chance.choice((1, 1, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return data


def _pages(data: bytearray) -> int:
    return len(data) // PAGE


def _fill(data: bytearray, chance: random.Random) -> bytearray:
    first = chance.randrange(_pages(data)) * PAGE
    size = PAGE * chance.randrange(1, 4)
    filling = chance.choice((b"\0", b"\xff")) * size
    data[first : first + size] = filling[: len(data) - first]
    return data


def _noise(data: bytearray, chance: random.Random) -> bytearray:
    first = chance.randrange(_pages(data)) * PAGE
    data[first : first + PAGE] = chance.randbytes(PAGE)
    return data


def _swap(data: bytearray, chance: random.Random) -> bytearray:
    one, other = (n * PAGE for n in chance.sample(range(1, _pages(data)), 2))
    first = bytes(data[one : one + PAGE])
    data[one : one + PAGE] = data[other : other + PAGE]
    data[other : other + PAGE] = first
    return data


def _cut(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(1, len(data))]


def _cut_at_page(data: bytearray, chance: random.Random) -> bytearray:
    return data[: chance.randrange(1, _pages(data)) * PAGE]


def _grow(data: bytearray, chance: random.Random) -> bytearray:
    return data + chance.randbytes(chance.choice((1, PAGE, 3 * PAGE)))


def _header(data: bytearray, chance: random.Random) -> bytearray:
    data[chance.randrange(100)] ^= 1 << chance.randrange(8)
    return data


def _foreign(store: Path, chance: random.Random) -> None:
    store.unlink()
    _sql("CREATE TABLE articles (id, iri)", "CREATE TABLE notes (x); INSERT INTO notes VALUES (1)")(
        store, chance
    )


def _journal(store: Path, chance: random.Random) -> None:
    store.with_name(f"{store.name}-journal").write_bytes(chance.randbytes(5000))


DAMAGES: dict[str, Damage] = {
    "bits flipped": _bytes(_flip),
    "bits flipped in the header": _bytes(_header),
    "pages filled": _bytes(_fill),
    "a page of noise": _bytes(_noise),
    "pages swapped": _bytes(_swap),
    "cut short": _bytes(_cut),
    "cut short at a page": _bytes(_cut_at_page),
    "more behind it": _bytes(_grow),
    "another application's id": _sql("PRAGMA application_id = 0", "PRAGMA application_id = 1196444487"),
    "a newer version": _sql("PRAGMA user_version = 6; PRAGMA user_version = 99", "PRAGMA user_version = 77"),
    "another program's database": _foreign,
    "nothing in it": _bytes(lambda _, __: b""),
    "text": _bytes(lambda _, chance: b"I keep my notes here.\n" * chance.randrange(1, 900)),
    "words edited by hand": _sql(
        "UPDATE articles SET raw = replace(raw, 'harbour', 'airport')",
        "UPDATE articles SET updated = '2031-01-01T00:00:00+00:00' WHERE id = 3",
        "UPDATE articles SET iri = 'urn:uuid:00000000-0000-5000-8000-000000000000' WHERE id = 2",
    ),
    "tags edited by hand": _sql(
        "UPDATE tags SET evidence = 'hearsay'", "UPDATE tags SET lane = 0 WHERE lane = 1", "DELETE FROM tags"
    ),
    "facts edited by hand": _sql(
        "UPDATE facts SET value = 'https://other.example/' WHERE name = 'site'",
        "UPDATE facts SET value = '7000' WHERE name = 'generation'",
    ),
    "a table gone": _sql("DROP TABLE keys", "DROP TABLE sightings", "DROP TABLE facts", "DROP TABLE tags"),
    "the journal of another file": _journal,
}


def template(root: Path) -> tuple[Newsroom, Output]:
    """Make a newsroom with a past: edits, copies, captures that are gone."""
    room = Newsroom(root)
    for number in range(ARTICLES):
        room.capture(number)
    room.capture(1, copy="-copy")
    room.build(now=NOW).end()
    for number in (1, 4):
        room.capture(number, "words that were chosen with more care")
    room.build(now=NOW + timedelta(days=1)).end()
    for number in (0, 4):
        room.capture(number).unlink()
    room.build(now=NOW + timedelta(days=2)).end()
    return room, room.look()


def put_to_the_test(room: Newsroom, expected: Output, program: Program, *options: str) -> list[str]:
    """Build on a damaged store, rebuild where that is refused, and give what was lost or changed."""
    store = room.root / "feeds.db"
    damaged = store.read_bytes()
    room.capture(ARTICLES)
    now = NOW + timedelta(days=3)
    code = room.build(*options, now=now, program=program).end()
    said = room.said()
    broken = []
    if code == REFUSED:
        if said.count("\n") != 1 or not re.search(r"feeds\.db|the store", said):
            broken.append(f"not one clear line: {said[-200:]!r}")
        if "can't be used" in said and store.read_bytes() != damaged:
            broken.append("a store that was refused was written to")
        broken += [f"{name} is not whole" for name in room.look().torn()]
        damaged = store.read_bytes()  # a row may be found out when what is new was kept
        build = Build(room.root, ("rebuild", "-q", "--base-url", BASE_URL), now, program)
        if build.end() not in DONE:
            return [*broken, f"rebuild failed: {room.said()[-200:]!r}"]
        kept = next(room.root.glob("feeds.db.set-aside-*[0-9Z]"), None)
        if kept is None or kept.read_bytes() != damaged:
            broken.append("the damaged store was not kept")
    elif code not in DONE:
        return [f"it ended with {code}: {said[-200:]!r}"]
    return broken + changes(expected, room.look())


def changes(before: Output, after: Output) -> list[str]:
    """Give what became of the articles that were published, beside the one that is new."""
    old = {entry.number: entry for entry in before.entries()}
    found = after.entries()
    new = {entry.number: entry for entry in found}
    broken = [f"article {n} is lost" for n in range(ARTICLES + 1) if n not in new]
    broken += [
        f"article {n} was {entry}, is {new[n]}" for n, entry in old.items() if n in new and new[n] != entry
    ]
    ids = Counter(number for number, _ in {(entry.number, entry.id) for entry in found})
    broken += [f"article {n} stands there {times} times" for n, times in ids.items() if times > 1]
    pages = [name for name in before.files if name.startswith("articles/")]
    broken += [f"{name} changed" for name in pages if after.files.get(name) != before.files[name]]
    return broken


def unchecked(options: Sequence[str]) -> None:
    """Run the command with a store that looks at no checksum and for no damage."""
    Store.check = lambda _: None  # type: ignore[method-assign]
    store_articles._FITS = "checksum = ifnull(checksum, 0)"  # true where it is compared, and no change
    Store.fact = lambda self, name: self._value("SELECT value FROM facts WHERE name = ?", name)  # type: ignore[method-assign]
    main(options)


def campaign(each: int, seed: int, program: Program = main) -> Tally:
    """Damage so many stores in each way."""
    tally = Tally()
    with scratch() as folder:
        room, expected = template(Path(folder) / "template")
        for name, damage in DAMAGES.items():
            for number in range(each):
                chance = random.Random(f"{seed} {name} {number}")
                copy = shutil.copytree(room.root, Path(folder) / "copy")
                damage(copy / "feeds.db", chance)
                full = ("--full",) * (number % 2)  # which meets each row
                broken = put_to_the_test(Newsroom(copy), expected, program, *full)
                tally.count += 1
                tally.broken += [f"{name} {number}: {line}" for line in broken]
                shutil.rmtree(copy)
    return tally


if __name__ == "__main__":
    options = arguments(__doc__)
    real = campaign(LONG_EACH if options.long else SHORT_EACH, options.seed)
    sys.exit(verdict("stores", "damaged stores", real, campaign(CONTROL_EACH, options.seed, unchecked)))
