"""What the feeds need of each shard of a backfill, and how two such results are one."""

from __future__ import annotations

import gzip
import heapq
import json
import os
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct, field
from msgspec.structs import asdict

from feeds.disk import naming
from feeds.model import Problem


class Sighting(NamedTuple):
    """An article as one document gave it. Of two in a feed, the greater one stands nearer to its head."""

    time: str  # by which feeds sort: when it appeared, else when it was first seen; ISO 8601, UTC
    id: str  # as it is minted: a function of its words alone
    text: str  # a digest of its headline and first paragraph, under which copies of it are told
    captured: str  # when its document was taken, ISO 8601, UTC; "" where that is not stated
    file: str
    place: int  # of its document in the file
    number: int  # of the article in its document
    dated: bool
    words: bytes  # the rest, as shard.py packs it


class Tally(Struct, frozen=True):
    """What a shard gave, counted, and what was wrong there."""

    documents: int = 0
    articles: int = 0
    problems: tuple[Problem, ...] = ()


class ShardResult(Struct, frozen=True):
    """The newest articles of each feed, newest first, and the tally of each shard that they come from.

    A feed is named by its category's scheme and term, that of all articles by "". `held` is how many
    articles are held for each.
    """

    held: int
    feeds: Mapping[str, tuple[Sighting, ...]] = field(default_factory=dict)
    tallies: Mapping[str, Tally] = field(default_factory=dict)


def newest(sightings: Iterable[Sighting], held: int) -> tuple[Sighting, ...]:
    """Give the newest articles, each text once: in the version that dates it latest, or was taken last.

    An agency's text that fifty papers print is one article. An undated version does not stand in for a dated
    one, nor hide it: the store will choose. What is cut off is older than all that is left, so that
    cutting early and cutting late are the same.
    """
    versions: dict[tuple[str, bool], Sighting] = {}
    for one in sightings:
        key = (one.text, one.dated)
        versions[key] = max(one, versions.get(key, one))
    return tuple(heapq.nlargest(held, versions.values()))


def merge(one: ShardResult, other: ShardResult) -> ShardResult:
    """Give the result of the shards of both.

    It is associative, commutative and idempotent: any engine may merge in any order, and twice.
    """
    if one.held != other.held:
        raise ValueError(f"results that hold {one.held} and {other.held} articles of each feed")
    feeds = {
        name: newest((*one.feeds.get(name, ()), *other.feeds.get(name, ())), one.held)
        for name in sorted({*one.feeds, *other.feeds})
    }
    tallies = dict(one.tallies)
    for shard, tally in other.tallies.items():
        tallies[shard] = max(tally, tallies.get(shard, tally), key=repr)
    return ShardResult(one.held, feeds, tallies)


# --- as a file ------------------------------------------------------------------------------------


def save(path: Path, result: ShardResult, beside: Mapping[str, Any] | None = None) -> None:
    """Write a result in one step, and what else belongs to it: lines of JSON, of which memory holds one."""
    rows = {sighting: number for number, sighting in enumerate(_unique(result))}
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with naming(path), temporary.open("wb") as file, gzip.GzipFile("", "wb", 1, file, mtime=0) as packed:
        for line in _lines(result, rows, beside or {}):
            text = json.dumps(line, ensure_ascii=False, separators=(",", ":"), default=asdict)
            packed.write(f"{text}\n".encode("utf-8", "surrogatepass"))
    temporary.replace(path)


def _lines(result: ShardResult, rows: Mapping[Sighting, int], beside: Mapping[str, Any]) -> Iterator[Any]:
    yield {"held": result.held, "sightings": len(rows), "beside": beside}
    for one in rows:
        yield (*one[:-1], b64encode(one.words).decode())
    yield {name: [rows[one] for one in held] for name, held in result.feeds.items()}
    yield dict(result.tallies)


def _unique(result: ShardResult) -> list[Sighting]:
    return list(dict.fromkeys(one for held in result.feeds.values() for one in held))


def load(path: Path) -> ShardResult | None:
    """Read what `save` wrote; None where there is none that is whole."""
    found = load_with(path)
    return found[0] if found else None


def load_with(path: Path) -> tuple[ShardResult, dict[str, Any]] | None:
    """Read what `save` wrote, with what else belongs to it; None where there is none that is whole."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", errors="surrogatepass", newline="\n") as lines:
            head = json.loads(next(lines))
            rows = (json.loads(line) for line in islice(lines, head["sightings"]))
            sightings = [Sighting._make((*row[:-1], b64decode(row[-1]))) for row in rows]
            feeds = {
                name: tuple(sightings[row] for row in held) for name, held in json.loads(next(lines)).items()
            }
            tallies = {
                shard: Tally(
                    tally["documents"], tally["articles"], tuple(Problem(**one) for one in tally["problems"])
                )
                for shard, tally in json.loads(next(lines)).items()
            }
            lines.read()  # to its end, where the checksum stands
        return ShardResult(head["held"], feeds, tallies), head["beside"]
    except (OSError, EOFError, StopIteration, ValueError, KeyError, TypeError, IndexError, zlib.error):
        return None
