"""Read one shard of a backfill into what the feeds need of it.

A shard is a file, or a folder, which stands for the files in it that are no shards themselves.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct, field

from feeds import selection
from feeds.backfill.results import ShardResult, Sighting, Tally, load, load_with, newest, save
from feeds.config import Config
from feeds.containers import ENDINGS
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
from feeds.understand import lasting, seen_at, understand, unexpected

RESULTS, ARTICLES = "results", "articles"
_LARGE = 8_000_000  # bytes of a file that is a shard of its own
_ENDS = 2  # processes that may end at a document before it is passed over
_SLACK = 2  # times as many sightings as are held are gathered before the rest is dropped
LAST = 8_000  # documents after which what a reading came to is kept
MOST_PROBLEMS = 20  # of one shard that a result names: a crawl has thousands, and the driver gets them all


class Work(Struct, frozen=True):
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
    again, also where the reading was ended in its midst, and a document at which the process ended twice
    is passed over and named.
    """
    if not work.folder:
        return _Reading(uri, work).result("")
    path = work.result_path(uri)
    if (done := load(path)) is not None:
        return done
    path.parent.mkdir(parents=True, exist_ok=True)
    stem = stem_of(path)
    part = stem.with_name(f"{stem.name}.part")
    with _journal(stem) as (condemned, note):
        before = load_with(part)
        written = before[1]["written"] if before else {}
        with _partitions(work, stem.name, written) as articles:
            reading = _Reading(uri, work, _Desk(condemned, note, articles, part))
            if before:
                reading.go_on(*before)
            result = reading.result(f", all of them in {RESULTS}/{stem.name}.problems")
    if len(reading.problems) > MOST_PROBLEMS:
        lines = "".join(f"{problem}\n" for problem in reading.problems)
        stem.with_name(f"{stem.name}.problems").write_text(lines, "utf-8", "backslashreplace")
    save(path, result)
    part.unlink(missing_ok=True)
    return result


def is_done(uri: str, work: Work) -> bool:
    """Say whether the result of a shard is kept already."""
    return work.result_path(uri).exists()


def stem_of(path: Path) -> Path:
    """Give what the names of all files of a shard begin with, from that of its result."""
    return path.with_name(path.name.partition(".")[0])


def how_far(stem: Path) -> tuple[int, int] | None:
    """Give how many bytes of a shard that is being read were read, and how many articles they gave."""
    try:
        position, articles = stem.with_name(f"{stem.name}.at").read_bytes().split(b"\n")[1].split()
        return int(position), int(articles)
    except (OSError, ValueError, IndexError):
        return None


Note = Callable[[str, int, int], None]  # takes a document's source, the bytes and the articles before it


class Articles(Protocol):
    """Keeps all articles of a shard."""

    def add(
        self, document: Document, name: str, raw: RawArticle, dating: Dating, tags: tuple[Tag, ...]
    ) -> None:
        """Take an article."""

    def flush(self) -> dict[str, int]:
        """Make what was taken last; give how many files of each month there are."""


def _partitions(work: Work, name: str, written: Mapping[str, int]) -> Any:
    if not work.parquet:
        return nullcontext(None)
    from feeds.backfill.parquet import partitions

    return partitions(Path(work.folder, ARTICLES), name, written)


@contextmanager
def _journal(stem: Path) -> Iterator[tuple[frozenset[str], Note]]:
    """Note which document is being read, so that one that ends the process is known to the next."""
    at, ended = stem.with_name(f"{stem.name}.at"), stem.with_name(f"{stem.name}.ended")
    if at.exists():
        with ended.open("ab") as file:
            file.write(at.read_bytes().partition(b"\n")[0] + b"\n")
    ends = Counter(ended.read_bytes().splitlines() if ended.exists() else ())
    condemned = frozenset(source.decode() for source, count in ends.items() if source and count >= _ENDS)
    handle = os.open(at, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)

    def note(source: str, position: int, articles: int) -> None:
        os.pwrite(handle, f"{source}\n{position} {articles}\n".encode(), 0)

    try:
        yield condemned, note
        ended.unlink(missing_ok=True)
    finally:  # not reached where the process ends
        os.close(handle)
        at.unlink(missing_ok=True)


class _Desk(Struct, frozen=True):
    """What a reading has beside the shard: documents to pass over, and where it keeps what it came to."""

    condemned: frozenset[str] = frozenset()
    note: Note = lambda *_: None
    articles: Articles | None = None
    part: Path | None = None  # what it came to, so that another one can go on


class _Reading:
    """One reading of a shard."""

    def __init__(self, uri: str, work: Work, desk: _Desk | None = None) -> None:
        self._uri, self._work, self._desk = uri, work, desk or _Desk()
        self._rules = Rules.of(work.config, work.fixes)
        self._feeds: dict[str, list[Sighting]] = defaultdict(list)
        self.problems: list[Problem] = []
        self._documents = self._articles = 0
        # Where it is: the file, how many members and documents of it came before, bytes of the shard.
        self._file = self._members = self._place = self._position = 0
        self._passed = 0  # members at the beginning of the file that another reading has done
        self._last = 0  # documents when it was made last

    def go_on(self, result: ShardResult, beside: Mapping[str, Any]) -> None:
        """Go on where another reading was when it kept this."""
        self._feeds.update((name, list(held)) for name, held in result.feeds.items())
        tally = result.tallies[self._uri]
        self.problems = list(tally.problems)
        self._documents = self._last = tally.documents
        self._articles = tally.articles
        self._file, self._passed, self._place = beside["file"], beside["members"], beside["place"]

    def _keep(self) -> None:
        """Keep what it came to; all that was given before the next document is done."""
        if self._desk.part and self._documents - self._last >= LAST:
            self._desk.note("", self._position, self._articles)  # no document is being read
            written = self._desk.articles.flush() if self._desk.articles else {}
            for held in self._feeds.values():
                held[:] = newest(held, self._work.held)
            beside = {"file": self._file, "members": self._members, "place": self._place, "written": written}
            save(self._desk.part, self._result(self.problems), beside)
            self._last = self._documents

    def _result(self, problems: Sequence[Problem]) -> ShardResult:
        feeds = {name: newest(found, self._work.held) for name, found in sorted(self._feeds.items())}
        tally = Tally(self._documents, self._articles, tuple(problems))
        return ShardResult(self._work.held, feeds, {self._uri: tally})

    def result(self, where: str) -> ShardResult:
        """Read it; `where` says where problems are that the result does not name."""
        before = 0
        for number, found in enumerate(files(self._uri)):
            if number > self._file:
                self._file, self._members, self._place = number, 0, 0
            if number == self._file:
                for document in self._read(found, before):
                    self._documents += 1
                    judged = understand(document, self._work.config, self._work.now)
                    self.problems += judged.problems
                    for place, article in enumerate(judged.articles):
                        self._add(found.source, place, document, *article)
                    self._place += 1
            before += found.size
        problems = self.problems[:MOST_PROBLEMS]
        if left := len(self.problems) - len(problems):
            problems.append(Problem(self._uri, None, f"{left} more problems{where}"))
        return self._result(problems)

    def _read(self, found: Found, before: int) -> Iterator[Document]:
        """Give the documents of a file, `before` being the bytes before it; what is wrong is noted."""
        self._position = before
        if not self._passed:
            self._keep()
            if self._is_condemned(found.source):
                return

        def moved(place: int) -> None:
            self._position = before + place

        try:
            with _opened(found, self._is_passed, moved) as items:
                for item in items:
                    if not isinstance(item, Problem):
                        yield item
                    elif not self._passed:  # else it was noted before
                        self.problems.append(item)
        except DocumentError as error:
            self.problems.append(error.problem)
        except Exception as error:
            self.problems.append(unexpected(found.source, error))

    def _is_passed(self, source: str) -> bool:
        """Say whether a member of an archive is passed over: it is done, or ended too many processes."""
        if self._members < self._passed:
            self._members += 1
            self._desk.note("", self._position, self._articles)
            return True
        self._passed = 0
        self._keep()
        self._members += 1
        return self._is_condemned(source)

    def _is_condemned(self, source: str) -> bool:
        """Note that a document is about to be read, or else say that it ended too many processes."""
        if source in self._desk.condemned:
            message = f"it ended the process that read it {_ENDS} times and is passed over"
            self.problems.append(Problem(source, None, message))
            return True
        self._desk.note(source, self._position, self._articles)
        return False

    def _add(
        self,
        file: str,
        number: int,
        document: Document,
        raw: RawArticle,
        dating: Dating,
        tags: tuple[Tag, ...],
    ) -> None:
        self._articles += 1
        raw = lasting(raw)
        name = mint(raw)
        final = self._rules.apply(name, raw, tags)
        if self._desk.articles:
            self._desk.articles.add(document, name, raw, dating, final)
        captured = iso(document.captured) if document.captured_stated else ""
        moment = iso(dating.published or seen_at(document, self._work.now))
        words = _pack(document, raw, dating, tags)
        dated = dating.published is not None
        text = key_hash(text_key(raw))
        one = Sighting(moment, name, text, captured, file, self._place, number, dated, words)
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
    return not found.refusal and (found.size > _LARGE or found.path.casefold().endswith(ENDINGS))


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
def _opened(
    found: Found, is_known: Callable[[str], bool], moved: Callable[[int], None]
) -> Iterator[Iterator[Document | Problem]]:
    if not is_remote(found.path):
        yield read(found, is_known, moved)
        return
    import fsspec

    with fsspec.open(found.path, "rb") as file:
        yield read_stream(file, found, is_known, moved)


# --- articles as words ----------------------------------------------------------------------------


def _pack(document: Document, raw: RawArticle, dating: Dating, tags: tuple[Tag, ...]) -> bytes:
    """Give an article with what the store asks of its document, as lines of JSON, packed."""
    captured = iso(document.captured)
    told = (document.source, captured, document.captured_stated, document.recorded, document.digest)
    rows = [(*_fields(tag.category), tag.role, tag.score, tag.evidence) for tag in tags]
    lines = "\n".join((_json(told), raw_to_json(raw), dating_to_json(dating), _json(rows)))
    return zlib.compress(lines.encode("utf-8", "surrogatepass"), 1)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _fields(category: Category) -> tuple[str, str, str]:
    return category.scheme, category.term, category.label


def unpack(words: bytes) -> tuple[Document, tuple[RawArticle, Dating, tuple[Tag, ...]]]:
    """Give an article and its document, without the document's text."""
    told, raw, dating, rows = zlib.decompress(words).decode("utf-8", "surrogatepass").split("\n")
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
