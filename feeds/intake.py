"""Bring a store up to date with files: what is new is read, understood and kept."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from msgspec import Struct, field
from msgspec.structs import replace

from feeds import selection
from feeds.config import Config
from feeds.job import Job, Progress, Report
from feeds.jobs import Died, Pool, apart
from feeds.model import Document, DocumentError, Problem, RawArticle
from feeds.scan import BUDGET, Found, Look, Scan
from feeds.store import Store
from feeds.suspect import Suspect
from feeds.understand import Judged, judge, lasting, seen_at, understand, unexpected

if TYPE_CHECKING:
    from feeds.tag.rules import Rules

SOME_FILES = 32  # fewer are read in this process: to start others costs more
ALONE = 1_000_000  # bytes: a larger file may be a container, which the process opens that keeps the order
ENDED_IT = "it ended the process that read it, such as for want of memory"
LAST = 2000  # documents after which what was read is made to last


class Piece(Struct, frozen=True):
    """A document of a file, what is wrong with it, or (None) its end; without a file, a folder's end.

    Where the item is the file itself, it was not opened yet, and nothing of it follows.
    """

    look: Look
    found: Found | None
    item: Document | Problem | Found | None


class Intake(Struct):
    """Brings a store up to date with the files under a job's roots."""

    store: Store
    job: Job
    report: Report
    progress: Progress
    suspect: Suspect
    _rules: Rules | None = None
    _containers: set[str] = field(default_factory=set)  # that are being read
    _places: dict[str, int] = field(default_factory=dict)  # how far those were read
    _problems: list[Problem] = field(default_factory=list)  # of the file that is being read
    _looked: list[tuple[bytes, int, int]] = field(default_factory=list)  # folders, as they were found

    def run(self) -> None:
        """Find what is new, read it and keep what it gives."""
        scan = self._scan()
        files, size, few = self._survey(scan)
        if files:
            self.store.check()
            self._rules = self.job.rules()
            self.progress.start(files, size)
            several = self.job.jobs > 1 and (files >= SOME_FILES or size >= SOME_FILES * 65536)
            if few is None:  # they were too many to keep: look again
                self._looked.clear()
                scan = self._scan()
            with self.suspect:
                self._read(self.job.jobs if several else 1, scan.looks() if few is None else few)
            self.progress.end()
        self._settle(scan)

    def _scan(self) -> Scan:
        known = self.store.documents.folders()
        return Scan(self.job.roots, time.time_ns(), known, self.job.output, self.job.verify)

    def _survey(self, scan: Scan) -> tuple[int, int, list[Look] | None]:
        """Give how many files are to be read, their bytes and, where they are few, their folders.

        Notes what is gone.
        """
        files = size = 0
        few: list[Look] = []
        for look in scan.looks():
            new, gone = self._compare(look)
            self.store.documents.mark_gone(gone)
            files += len(new)
            size += sum(found.size for found in new)
            if not new:
                self._note(look)
            elif files <= LAST:
                few.append(look)
        for folder in scan.gone():
            self.store.documents.drop_folder(folder)
        self.report.documents = scan.files
        return files, size, few if files <= LAST else None

    def _compare(self, look: Look) -> tuple[list[Found], list[str]]:
        """Give the files of a folder that are new or changed, and the sources that are gone."""
        known = self.store.documents.in_folder(look.folder)
        new = [found for found in look.files if known.get(found.source) != found.signature]
        if len(known) == len(look.files) and not new:
            return new, []
        met = {found.source for found in look.files}
        return new, [source for source in known if source not in met]

    def _note(self, look: Look) -> None:
        self._looked.append((look.folder, look.changed, len(look.files)))

    def _settle(self, scan: Scan) -> None:
        """Keep how the folders were found, where that saves a later run something.

        Only when all is read: a folder that is known is looked into no more, and those in it that are not
        known yet would be missed, by a second look or by the run after one that was killed.
        """
        for folder, changed, files in self._looked:
            seen = scan.known.get(folder)
            moved = seen and seen.changed != changed and scan.files > BUDGET
            if seen is None or moved or seen.files != files:
                self.store.documents.file_folder(folder, changed, files)

    def _read(self, workers: int, looks: Iterable[Look]) -> None:
        """Read what is new, folder by folder, and make it last now and then."""
        judged_pieces = self._judged_alone(looks) if workers == 1 else self._judged(looks, workers)
        for count, (piece, judged) in enumerate(judged_pieces, 1):
            if piece.found:
                self._take(piece, piece.found, judged)
            else:
                self._note(piece.look)
            if count % LAST == 0:
                self.store.commit()

    def _judged_alone(self, looks: Iterable[Look]) -> Iterator[tuple[Piece, Judged | None]]:
        """Give each piece of the new files, a document with what it gave."""
        for look in looks:
            for found in self._compare(look)[0]:
                yield from self._opened(look, found)
            yield Piece(look, None, None), None

    def _opened(self, look: Look, found: Found) -> Iterator[tuple[Piece, Judged | None]]:
        """Give the pieces of a file, each document with what it gave."""
        for piece in self._pieces(look, found):
            yield piece, self._understood(piece.item) if isinstance(piece.item, Document) else None

    def _understood(self, document: Document) -> Judged:
        """Give what a document gave, also of one that ends the process that reads it."""
        work = partial(understand, config=self.job.config, now=self.job.now)
        if document.source == self.suspect.source:
            judged = apart(work, document)
            problem = Problem(document.source, None, ENDED_IT)
            return Judged((), (problem,)) if isinstance(judged, Died) else judged
        self.suspect.name(document.source)
        return work(document)

    def _judged(self, looks: Iterable[Look], workers: int) -> Iterator[tuple[Piece, Judged | None]]:
        """Do as `_judged_alone` does with the help of other processes, in the same order.

        They open the small files, too. A container is opened here, for it has an order and may hold much;
        what only turns out to be one, though its name does not say so, is understood here as well.
        """
        _warm_up()
        waiting: deque[Piece] = deque()  # in this process: a worker gets the item alone

        def items() -> Iterator[Document | Found | None]:
            for piece in self._unopened(looks):
                waiting.append(piece)
                yield None if isinstance(piece.item, Problem) else piece.item

        pool = Pool(partial(_understand_any, config=self.job.config, now=self.job.now), workers)
        for item, result in pool.map(items()):
            piece = waiting.popleft()
            if isinstance(result, Died):
                yield from self._told(piece, Problem(item.source if item else "", None, ENDED_IT))
            else:
                yield from self._told(piece, result)

    def _unopened(self, looks: Iterable[Look]) -> Iterator[Piece]:
        """Give the pieces of the new files, small files as they are."""
        from feeds.containers import ENDINGS

        for look in looks:
            for found in self._compare(look)[0]:
                if found.size <= ALONE and not found.path.casefold().endswith(ENDINGS):
                    yield Piece(look, found, found)
                else:
                    yield from self._pieces(look, found)
            yield Piece(look, None, None)

    def _told(
        self, piece: Piece, result: tuple[Document, Judged] | Problem | None
    ) -> Iterator[tuple[Piece, Judged | None]]:
        """Give a piece with what another process made of it, a file with its end."""
        if isinstance(piece.item, Found):
            if result is None:
                yield from self._opened(piece.look, piece.item)
                return
            document, judged = (result, None) if isinstance(result, Problem) else result
            yield replace(piece, item=document), judged
            yield replace(piece, item=None), None
        elif isinstance(result, Problem):
            yield piece, Judged((), (result,))
        else:
            yield piece, result[1] if result else None

    def _pieces(self, look: Look, found: Found) -> Iterator[Piece]:
        """Give the documents of a file, what is wrong with it, and its end."""
        from feeds.read import read

        try:
            if found.source == self.suspect.source and isinstance(apart(_read_through, found), Died):
                raise DocumentError(found.source, ENDED_IT)
            self.suspect.name(found.source)
            for item in read(found, partial(self._is_kept, found), partial(self._moved, found)):
                yield Piece(look, found, item)
                self.suspect.name(found.source)
        except DocumentError as error:
            yield Piece(look, found, error.problem)
        except Exception as error:
            yield Piece(look, found, unexpected(found.source, error))
        yield Piece(look, found, None)

    def _is_kept(self, found: Found, source: str) -> bool:
        """Say whether a member of an archive was taken in by a run that did not come to the archive's end."""
        return source != found.source and self.store.documents.known(source)[0] == found.signature

    def _moved(self, found: Found, place: int) -> None:
        """Tell how far the reading of an archive came."""
        self.progress.step(place - self._places.get(found.source, 0), 0)
        self._places[found.source] = place

    def _take(self, piece: Piece, found: Found, judged: Judged | None) -> None:
        """Keep what a piece of a file gives."""
        item = piece.item
        if isinstance(item, Problem):
            self._problems.append(item)
        elif isinstance(item, Document) and judged is not None:
            self._take_document(found, piece.look.folder, item, judged)
            self.progress.step(0, len(judged.articles))
        else:
            self._end(found, piece.look.folder)

    def _end(self, found: Found, folder: bytes) -> None:
        self.report.read += 1
        if found.source in self._containers or self._problems or not self._is_known(found):
            self.store.documents.see(found.source, found.signature, None, self._problems, folder=folder)
        self._containers.discard(found.source)
        self._problems = []
        self.progress.step(found.size - self._places.pop(found.source, 0), 0)

    def _is_known(self, found: Found) -> bool:
        return self.store.documents.known(found.source)[0] == found.signature

    def _take_document(self, found: Found, folder: bytes, document: Document, judged: Judged) -> None:
        """Keep a document's articles and what was wrong with it."""
        documents, articles = self.store.documents, self.store.articles
        same = document.digest == documents.known(document.source)[1]
        self.report.notices.extend(f"{document.source}: {notice}" for notice in document.notices)
        if document.source == found.source:
            documents.see(found.source, found.signature, document, judged.problems, folder=folder)
        else:
            if found.source not in self._containers:  # its members refer to it
                documents.open(found.source, folder)
                self._containers.add(found.source)
            documents.see(document.source, found.signature, document, judged.problems, container=found.source)
        assert self._rules is not None
        self.report.changed += articles.keep(
            document,
            documents.number(document.source),
            tuple((lasting(raw), dating, tags) for raw, dating, tags in judged.articles),
            seen_at(document, self.job.now),
            reread=same,
            rules=self._rules.apply,
            lanes=partial(selection.lanes, config=self.job.config),
        )


def _understand_any(
    item: Document | Found | None, config: Config, now: datetime
) -> tuple[Document, Judged] | Problem | None:
    """Give a document, without its text, with what it gave; or None, also for a file that is a container."""
    from feeds.read import read_alone

    try:
        document = read_alone(item) if isinstance(item, Found) else item
    except DocumentError as error:
        return error.problem
    except Exception as error:
        return unexpected(item.source if item else "", error)
    return (replace(document, text=""), understand(document, config, now)) if document else None


def _read_through(found: Found) -> None:
    """Read a file to its end, or to what is wrong with it."""
    from feeds.read import read

    with suppress(Exception):
        deque(read(found), maxlen=0)


def _warm_up() -> None:
    """Load what every worker needs before there are workers, so that they share it."""
    import feeds.extract
    import feeds.tag  # noqa: F401

    judge(RawArticle("Norway", ("Norway opened a harbour.",)), "", datetime(2000, 1, 1, tzinfo=UTC), Config())
