"""Find the files that are new or changed, at a cost that follows what changed.

A file's signature is its size, times and inode. To look at every file of an archive on every run is
what costs, so a folder whose own ctime is as it was is not looked into: no name was added to it, removed
or replaced. What that misses is a file that was rewritten in place. So a part of these folders is looked
at anyway, another part on each run, about BUDGET files at a time; a smaller collection is looked at whole.
"""

from __future__ import annotations

import os
import stat
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

BUDGET = 2000  # files that a run looks at although their folder did not change
SETTLED = 2_000_000_000  # ns: a folder that changed so lately may change again under the same time
# The number of parts is a prime: runs at any usual interval come to each of them.
_PRIMES = (1, 2, 3, 5, 7, 11, 13, 17, 23, 29, 37, 47, 59, 73, 97, 127, 167, 223, 293, 389, 521, 701, 937)
_PAGES = ("html", "htm", "xhtml")
# What browsers add to a page's name, by their language, for the folder of what it is made of: the endings by
# which Windows keeps a page and its folder together (MSDN Magazine, November 2000, connected files).
_BESIDE = (
    "_files",
    ".files",
    "-Dateien",
    "_fichiers",
    "_archivos",
    "_arquivos",
    "_ficheiros",
    "_file",
    "_bestanden",
    "-filer",
    "_pliki",
    "_soubory",
    "_dosyalar",
    "_tiedostot",
    "_elemei",
    "_fajlovi",
    "_datoteke",
    "_failid",
    "_fails",
    "_bylos",
    "_fitxers",
    "_fitxategiak",
)


class Found(NamedTuple):
    """A file that a scan met; `signature` changes whenever the file may have changed."""

    path: str
    source: str  # the path as one printable line: its name in messages and in the store
    signature: str
    size: int
    mtime_ns: int
    refusal: str | None = None  # why it is not read at all
    is_root: bool = False  # named by the user, who may name a link


class Seen(NamedTuple):
    """A folder as the last scan left it; `changed` is its ctime in ns, 0 where it has to be looked at."""

    changed: int
    files: int


class Look(NamedTuple):
    """A folder that was looked at, with its files in the order of their names' bytes.

    `changed` is its ctime in ns, 0 where it changed too lately to be trusted.
    """

    folder: bytes
    changed: int
    files: tuple[Found, ...]


class Scan:
    """One look over the roots; `files` and `met` are right when `looks` has ended.

    `known` is what the last one saw, by folder; `moment` is the clock in ns since 1970; `verify` has every
    file looked at.
    """

    def __init__(
        self,
        roots: Sequence[str | os.PathLike[str]],
        moment: int,
        known: Mapping[bytes, Seen] | None = None,
        leave_out: str | os.PathLike[str] | None = None,
        verify: bool = False,
    ) -> None:
        """Take what is looked at."""
        self.known = known or {}
        self.files = 0  # that are there
        self.met: set[bytes] = set()  # the folders that are there
        self._roots, self._moment, self._verify = [os.fspath(root) for root in roots], moment, verify
        self._children: dict[bytes, list[bytes]] = {}
        for folder in self.known:
            self._children.setdefault(folder.rpartition(b"/")[0], []).append(folder)
        total = sum(seen.files for seen in self.known.values())
        self._parts = next((prime for prime in _PRIMES if prime * BUDGET >= total), _PRIMES[-1])
        self._out: os.stat_result | None = None
        if leave_out and os.path.exists(leave_out):
            self._out = os.stat(leave_out)

    def looks(self) -> Iterator[Look]:
        """Look at the roots, in their order, and at the folders below them, in that of their names.

        Names that begin with a dot are left out, and the folder page_files of what a browser saved with
        page.html. So is the folder `leave_out`: where the feeds are written must not be read. A symbolic
        link is not followed: one that stays within its root names a file that is met anyway, one that leaves
        it is refused. A root itself may be a link.
        Raises OSError where a root can't be looked at.
        """
        infos = [(root, os.stat(root)) for root in self._roots]
        folders = [root for root, info in infos if stat.S_ISDIR(info.st_mode)]
        for root, info in infos:
            if stat.S_ISDIR(info.st_mode):
                yield from self._folder(root, info, os.path.realpath(root))
            elif not any(root.startswith(f"{folder.rstrip('/')}/") for folder in folders):
                self.files += 1
                self.met.add(os.fsencode(root))
                yield Look(os.fsencode(root), 0, (_found(root, info)._replace(is_root=True),))

    def gone(self) -> list[bytes]:
        """Give the known folders under the roots that are no longer there."""
        roots = [os.fsencode(root) for root in self._roots]
        return [
            folder
            for folder in self.known
            if folder not in self.met
            and any(folder == root or folder.startswith(root.rstrip(b"/") + b"/") for root in roots)
        ]

    def _folder(self, folder: str, info: os.stat_result, real_root: str) -> Iterator[Look]:
        name = os.fsencode(folder)
        if name in self.met or (self._out and os.path.samestat(info, self._out)):
            return
        self.met.add(name)
        seen = self.known.get(name)
        if seen and seen.changed == info.st_ctime_ns and not self._is_due(name):
            self.files += seen.files
            for child in sorted(self._children.get(name, ())):
                try:
                    child_info = os.lstat(child)  # bytes, and fast
                except FileNotFoundError:
                    continue
                if stat.S_ISDIR(child_info.st_mode):
                    yield from self._folder(os.fsdecode(child), child_info, real_root)
            return
        yield from self._listed(folder, info, real_root)

    def _is_due(self, folder: bytes) -> bool:
        """Say whether it is the turn of a folder that did not change."""
        return (
            self._verify or zlib.crc32(folder) % self._parts == self._moment // 60_000_000_000 % self._parts
        )

    def _listed(self, folder: str, info: os.stat_result, real_root: str) -> Iterator[Look]:
        changed = info.st_ctime_ns if info.st_ctime_ns < self._moment - SETTLED else 0
        try:
            with os.scandir(folder) as entries:
                listed = sorted(_own(entries), key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            refused = Found(
                folder, _printable(folder), f"error {error.errno}", 0, 0, f"can't be listed: {error.strerror}"
            )
            self.files += 1
            yield Look(os.fsencode(folder), 0, (refused,))
            return
        files, folders = [], []
        for entry in listed:
            try:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry)
                elif not entry.is_symlink():
                    files.append(_found(entry.path, entry.stat(follow_symlinks=False)))
                elif not _inside(entry.path, real_root):
                    refusal = "a symbolic link out of its folder"
                    files.append(_found(entry.path, entry.stat(follow_symlinks=False), refusal))
            except FileNotFoundError:  # it went away between the listing and the look
                continue
        self.files += len(files)
        yield Look(os.fsencode(folder), changed, tuple(files))
        for entry in folders:
            try:
                yield from self._folder(entry.path, entry.stat(follow_symlinks=False), real_root)
            except FileNotFoundError:
                continue


def files(roots: Sequence[str | os.PathLike[str]]) -> Iterator[Found]:
    """Give every file under the roots."""
    for look in Scan(roots, 0).looks():
        yield from look.files


def _own(entries: Iterable[os.DirEntry[str]]) -> Iterator[os.DirEntry[str]]:
    """Leave out hidden names, and the folder of what a browser saved beside a page."""
    shown = [entry for entry in entries if not entry.name.startswith(".")]
    pages: set[str] = set()
    if any(entry.name.endswith(_BESIDE) for entry in shown):
        parted = (entry.name.lower().rpartition(".") for entry in shown)
        pages = {stem for stem, _, ending in parted if ending in _PAGES}
    for entry in shown:
        ending = next(filter(entry.name.endswith, _BESIDE), "") if pages else ""
        of_page = ending and entry.name.removesuffix(ending).lower() in pages
        if not (of_page and entry.is_dir(follow_symlinks=False)):
            yield entry


def _inside(path: str, real_root: str) -> bool:
    return os.path.commonpath([os.path.realpath(path), real_root]) == real_root


def _found(path: str, info: os.stat_result, refusal: str | None = None) -> Found:
    if refusal is None and not stat.S_ISREG(info.st_mode):
        refusal = "not a regular file"
    signature = f"{info.st_size} {info.st_mtime_ns} {info.st_ctime_ns} {info.st_ino}"
    return Found(path, _printable(path), signature, info.st_size, info.st_mtime_ns, refusal)


def _printable(path: str) -> str:
    if path.isascii() and path.isprintable():
        return path
    from feeds.text import shown

    return shown(path)
