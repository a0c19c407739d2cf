"""What the feeds need of each shard of a backfill, and how two such results are one."""

from __future__ import annotations

import gzip
import heapq
import json
import os
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import NamedTuple

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
    words: str  # the rest, as shard.py writes it


@dataclass(frozen=True, slots=True)
class Tally:
    """What a shard gave, counted, and what was wrong there."""

    documents: int = 0
    articles: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ShardResult:
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


def save(path: Path, result: ShardResult) -> None:
    """Write a result in one step."""
    rows = {sighting: number for number, sighting in enumerate(_unique(result))}
    data = {
        "held": result.held,
        "sightings": list(rows),
        "feeds": {name: [rows[one] for one in held] for name, held in result.feeds.items()},
        "tallies": {shard: asdict(tally) for shard, tally in result.tallies.items()},
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    temporary.write_bytes(gzip.compress(text.encode("utf-8", "surrogatepass"), 1, mtime=0))
    temporary.replace(path)


def _unique(result: ShardResult) -> list[Sighting]:
    return list(dict.fromkeys(one for held in result.feeds.values() for one in held))


def load(path: Path) -> ShardResult | None:
    """Read what `save` wrote; None where there is none that is whole."""
    try:
        data = json.loads(gzip.decompress(path.read_bytes()).decode("utf-8", "surrogatepass"))
        sightings = [Sighting(*row) for row in data["sightings"]]
        tallies = {
            shard: Tally(
                tally["documents"], tally["articles"], tuple(Problem(**one) for one in tally["problems"])
            )
            for shard, tally in data["tallies"].items()
        }
        feeds = {name: tuple(sightings[row] for row in rows) for name, rows in data["feeds"].items()}
        return ShardResult(data["held"], feeds, tallies)
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, zlib.error):
        return None
