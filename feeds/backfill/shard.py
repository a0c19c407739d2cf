"""Read one shard of a backfill into what the feeds need of it.

A shard is a file, or a folder, which stands for the files in it that are no shards themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from feeds import selection
from feeds.backfill.results import ShardResult, Sighting, Tally, load, newest, save
from feeds.config import Config
from feeds.fixes import Fix
from feeds.identity import mint, text_key
from feeds.model import Category, Dating, Document, DocumentError, Problem, RawArticle, Tag
from feeds.read import read, read_stream
from feeds.scan import Found, Scan
from feeds.scan import files as scan_files
from feeds.store.values import (
    dating_from_json,
    dating_to_json,
    iso,
    key_hash,
    raw_from_json,
    raw_to_json,
    time,
)
from feeds.tag.rules import Rules
from feeds.understand import seen_at, understand, unexpected

RESULTS, ARTICLES = "results", "articles"
_LARGE = 8_000_000  # bytes of a file that is a shard of its own
_ARCHIVES = (".warc", ".wet", ".gz", ".wacz", ".zip", ".tar", ".tgz")
_ENDS = 2  # processes that may end at a document before it is passed over
_SLACK = 4  # times as many sightings as are held are gathered before the rest is dropped
MOST_PROBLEMS = 20  # of one shard that a result names: a crawl has thousands, and the driver gets them all


@dataclass(frozen=True, slots=True)
class Work:
    """All that the reading of a shard depends on beside the shard: the same throughout a backfill."""

    config: Config
    now: datetime
    folder: str = ""  # where results and articles are kept; without it nothing is written
    fixes: Mapping[str, Fix] = field(default_factory=dict)
    parquet: bool = False  # keep all articles, too
    version: str = ""  # of the program: the results of another one are not taken for this one's

    @property
    def held(self) -> int:
        """Twice what a feed shows: articles that turn out to be one leave enough of the others."""
        return max(2 * self.config.feeds.limit, self.config.feeds.min_articles)

    def result_path(self, uri: str) -> Path:
        """Give where the result of a shard is kept: elsewhere where anything but the clock changed."""
        config = self.config
        read_by = (self.version, self.held, self.parquet, config.site.time_zone, config.sources, self.fixes)
        feeds = (config.topics, config.mixes, config.feeds.regions, config.feeds.partition)
        parts = (*(found.signature for found in files(uri)), repr((read_by, feeds, config.feeds.mentions)))
        return Path(self.folder, RESULTS, f"{_digest(uri)}-{_digest(*parts)}.json.gz")


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def map_shard(uri: str, work: Work) -> ShardResult:
    """Give the newest articles of each feed in a shard, with its tally.

    The same for the same shard and work. With a folder to work in, what was done before is not done
    again, and a document at which the process ended twice is passed over and named.
    """
    if not work.folder:
        return _Reading(uri, work).result("")
    path = work.result_path(uri)
    if (done := load(path)) is not None:
        return done
    path.parent.mkdir(parents=True, exist_ok=True)
    stem = path.with_name(path.name.partition(".")[0])
    with _journal(stem) as (condemned, note), _partitions(work, stem.name) as keep:
        reading = _Reading(uri, work, condemned, note, keep)
        result = reading.result(f", all of them in {RESULTS}/{stem.name}.problems")
    if len(reading.problems) > MOST_PROBLEMS:
        lines = "".join(f"{problem}\n" for problem in reading.problems)
        stem.with_name(f"{stem.name}.problems").write_text(lines, "utf-8", "backslashreplace")
    save(path, result)
    return result


def is_done(uri: str, work: Work) -> bool:
    """Say whether the result of a shard is kept already."""
    return work.result_path(uri).exists()


Keep = Callable[[Document, str, RawArticle, Dating, tuple[Tag, ...]], None]


def _partitions(work: Work, name: str) -> Any:
    if not work.parquet:
        return nullcontext(None)
    from feeds.backfill.parquet import partitions

    return partitions(Path(work.folder, ARTICLES), name)


@contextmanager
def _journal(stem: Path) -> Iterator[tuple[frozenset[str], Callable[[str], None]]]:
    """Note which document is being read, so that one that ends the process is known to the next."""
    at, ended = stem.with_name(f"{stem.name}.at"), stem.with_name(f"{stem.name}.ended")
    if at.exists():
        with ended.open("ab") as file:
            file.write(at.read_bytes().partition(b"\n")[0] + b"\n")
    ends = Counter(ended.read_bytes().splitlines() if ended.exists() else ())
    condemned = frozenset(source.decode() for source, count in ends.items() if source and count >= _ENDS)
    handle = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        yield condemned, lambda source: _write_at_beginning(handle, source)
        ended.unlink(missing_ok=True)
    finally:  # not reached where the process ends
        os.close(handle)
        at.unlink(missing_ok=True)


def _write_at_beginning(handle: int, source: str) -> None:
    os.pwrite(handle, f"{source}\n".encode(), 0)


class _Reading:
    """One reading of a shard."""

    def __init__(
        self,
        uri: str,
        work: Work,
        condemned: frozenset[str] = frozenset(),
        note: Callable[[str], None] = lambda _: None,
        keep: Keep | None = None,
    ) -> None:
        self._uri, self._work, self._condemned, self._note, self._keep = uri, work, condemned, note, keep
        self._rules = Rules.of(work.config, work.fixes)
        self._feeds: dict[str, list[Sighting]] = defaultdict(list)
        self.problems: list[Problem] = []
        self._documents = self._articles = 0

    def result(self, where: str) -> ShardResult:
        """Read it; `where` says where problems are that the result does not name."""
        for found in files(self._uri):
            for place, document in enumerate(self._read(found)):
                self._documents += 1
                judged = understand(document, self._work.config, self._work.now)
                self.problems += judged.problems
                for number, article in enumerate(judged.articles):
                    self._add(found.source, place, number, document, *article)
        held = self._work.held
        feeds = {name: newest(found, held) for name, found in sorted(self._feeds.items())}
        problems = self.problems[:MOST_PROBLEMS]
        if left := len(self.problems) - len(problems):
            problems.append(Problem(self._uri, None, f"{left} more problems{where}"))
        return ShardResult(held, feeds, {self._uri: Tally(self._documents, self._articles, tuple(problems))})

    def _read(self, found: Found) -> Iterator[Document]:
        """Give the documents of a file; what is wrong is noted."""
        if self._is_condemned(found.source):
            return
        try:
            with _opened(found, self._is_condemned) as items:
                for item in items:
                    if isinstance(item, Problem):
                        self.problems.append(item)
                    else:
                        yield item
        except DocumentError as error:
            self.problems.append(error.problem)
        except Exception as error:
            self.problems.append(unexpected(found.source, error))

    def _is_condemned(self, source: str) -> bool:
        """Note that a document is about to be read, or else say that it ended too many processes."""
        if source in self._condemned:
            message = f"it ended the process that read it {_ENDS} times and is passed over"
            self.problems.append(Problem(source, None, message))
            return True
        self._note(source)
        return False

    def _add(
        self,
        file: str,
        place: int,
        number: int,
        document: Document,
        raw: RawArticle,
        dating: Dating,
        tags: tuple[Tag, ...],
    ) -> None:
        self._articles += 1
        name = mint(raw)
        final = self._rules.apply(name, raw, tags)
        if self._keep:
            self._keep(document, name, raw, dating, final)
        captured = iso(document.captured) if document.captured_stated else ""
        moment = iso(dating.published or seen_at(document, self._work.now))
        words = _pack(document, raw, dating, tags)
        dated = dating.published is not None
        text = key_hash(text_key(raw))
        one = Sighting(moment, name, text, captured, file, place, number, dated, words)
        for feed in ("", *map(feed_name, selection.standing(final, self._work.config))):
            found = self._feeds[feed]
            found.append(one)
            if len(found) > _SLACK * self._work.held:
                found[:] = newest(found, self._work.held)


def feed_name(category: Category) -> str:
    """Give the name under which a category's articles are held."""
    return f"{category.scheme}{category.term}"


# --- the files of a shard -------------------------------------------------------------------------


def is_shard(found: Found) -> bool:
    """Say whether a file is a shard of its own: an archive, or a large one."""
    return not found.refusal and (found.size > _LARGE or found.path.casefold().endswith(_ARCHIVES))


def files(uri: str) -> Iterator[Found]:
    """Give the files of a shard in the order of their names."""
    if is_remote(uri):
        yield Found(uri, uri, "", 0, 0, is_root=True)
    elif os.path.isdir(uri):  # noqa: PTH112  # a str throughout
        look = next(iter(Scan([uri], 0).looks()))
        yield from (found for found in look.files if not is_shard(found))
    else:
        yield from scan_files([uri])


def is_remote(uri: str) -> bool:
    """Say whether a shard is named by a URI, which fsspec opens."""
    return "://" in uri


@contextmanager
def _opened(found: Found, is_known: Callable[[str], bool]) -> Iterator[Iterator[Document | Problem]]:
    if not is_remote(found.path):
        yield read(found, is_known)
        return
    import fsspec

    with fsspec.open(found.path, "rb") as file:
        yield read_stream(file, found, is_known)


# --- articles as words ----------------------------------------------------------------------------


def _pack(document: Document, raw: RawArticle, dating: Dating, tags: tuple[Tag, ...]) -> str:
    """Give an article with what the store asks of its document, as lines of JSON."""
    captured = iso(document.captured)
    told = (document.source, captured, document.captured_stated, document.recorded, document.digest)
    rows = [(*_fields(tag.category), tag.role, tag.score, tag.evidence) for tag in tags]
    return "\n".join((_json(told), raw_to_json(raw), dating_to_json(dating), _json(rows)))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _fields(category: Category) -> tuple[str, str, str]:
    return category.scheme, category.term, category.label


def unpack(words: str) -> tuple[Document, tuple[RawArticle, Dating, tuple[Tag, ...]]]:
    """Give an article and its document, without the document's text."""
    told, raw, dating, rows = words.split("\n")
    source, captured, stated, recorded, digest = json.loads(told)
    document = Document(
        source,
        "",
        "",
        time(captured) if captured else None,
        digest,
        captured_stated=stated,
        recorded=recorded,
    )
    tags = tuple(Tag(Category(*row[:3]), *row[3:]) for row in json.loads(rows))
    return document, (raw_from_json(raw), dating_from_json(dating), tags)
