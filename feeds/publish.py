"""Put files into place: only those whose bytes changed, each in one step, the manifest last."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from feeds import MANIFEST, compress, disk
from feeds.model import FeedsError

BATCH = 256  # files that wait for the disk together: a quarter of those that a process may have open
_BATCH_BYTES = 32_000_000
NAMED = 10_000
TEMPORARY = ".feeds-tmp-"
_OWN_NAMES = 2  # of a folder: that above, and its own dot; each folder in it has one more for it
# In the first bytes of what this program writes; a lost manifest must not make our files foreign.
_MARKS = (
    b"<generator version=",
    b"<generator>feeds ",
    b'<meta name="generator" content="feeds ',
    b"written by feeds",
    b'"generator": "feeds',
)
_MARK_WITHIN = 8192


class PublishError(FeedsError):
    """The output folder can't be written as it is."""


class Manifest(Struct, frozen=True):
    """What a run left in the output: facts that must outlive the store, and where readers begin.

    `files` has SHA-256 digests by path, of all but the articles' pages and the archives, whose number
    grows without end; the store knows those. `redirects` has the present path of what has moved.
    """

    files: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    redirects: Mapping[str, str] = field(default_factory=dict)

    @property
    def generation(self) -> int:
        """The state of the store that the files show; 0 where the manifest does not say."""
        number = self.facts.get("generation", "")
        return int(number) if isinstance(number, str) and number.isdecimal() else 0

    @classmethod
    def load(cls, output: Path) -> Manifest | None:
        """Read the manifest of an output folder; None where there is none that can be read."""
        try:
            data = json.loads((output / MANIFEST).read_bytes())
            return cls(dict(data["files"]), dict(data["facts"]), dict(data.get("redirects", {})))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def dump(self) -> bytes:
        """Give the manifest's bytes, the same for the same content."""
        data: dict[str, object] = {"generator": "feeds", "facts": self.facts, "files": self.files}
        if self.redirects:
            data["redirects"] = dict(self.redirects)
        return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


class _Waiting(Struct):
    """A file that is written under another name and has to be moved into place.

    A compressed sibling names its file in `plain`, which is in place before it.
    """

    path: str
    target: Path
    temporary: Path
    digest: bytes
    handle: int
    plain: Path | None = None


class Publisher:
    """Writes into one output folder; `count` says how many files it touched, `changed` names the first."""

    def __init__(
        self,
        output: Path,
        knows: Callable[[str], bool],
        note: Callable[[str, bytes | None], None],
        encodings: Sequence[str] = (),
    ) -> None:
        """Take the folder, what says whether a path in it was written by this program, and what keeps that.

        `note` gets each path that stands in the output with its SHA-256, or None where it was removed.
        `encodings` are those of the compressed siblings that files get; see compress.py.
        """
        self.output, self._knows, self._note, self._encodings = output, knows, note, encodings
        self.changed: list[str] = []
        self.count = 0
        self._folders: set[Path] = set()
        self._made: set[Path] = set()
        self._places: dict[str, Path] = {}  # the folders that were made sure of, by their paths in the output
        self._waiting: list[_Waiting] = []
        self._leaving: dict[str, None] = {}
        self._bytes = 0
        self._make_folder(output)

    def put(self, path: str, data: bytes) -> None:
        """Have a file hold these bytes; one that does already is not touched.

        Raises PublishError where the path is taken by somebody else's file, and OSError.
        """
        target = self._target(path)
        self._leaving.pop(path, None)
        digest = hashlib.sha256(data).digest()
        if _holds(target, data, self._knows(path) or path == MANIFEST):
            self._note(path, digest)
            wanting = [e for e in self._encodings if not self._has_sibling(path, target, e)]
        else:
            self._wait(path, target, data, digest)
            wanting = list(self._encodings)
            for suffix in compress.SUFFIXES:  # they go before their file does
                if self._knows(path + suffix):
                    self._note(path + suffix, None)
        for encoding in wanting:
            packed = compress.packed(target.name, data, encoding)
            if packed is not None:
                sibling = target.with_name(f"{target.name}.{encoding}")
                digest = hashlib.sha256(packed).digest()
                self._wait(f"{path}.{encoding}", sibling, packed, digest, target)
        if len(self._waiting) >= BATCH or self._bytes >= _BATCH_BYTES:
            self.flush()

    def _has_sibling(self, path: str, target: Path, encoding: str) -> bool:
        """Say whether the sibling of a file that did not change holds what that holds, and note it."""
        sibling = target.with_name(f"{target.name}.{encoding}")
        if not compress.fresh(target, sibling):
            return False
        self._note(f"{path}.{encoding}", hashlib.sha256(sibling.read_bytes()).digest())
        return True

    def _wait(self, path: str, target: Path, data: bytes, digest: bytes, plain: Path | None = None) -> None:
        """Write a file under another name."""
        # One name for each target, not a random one: a killed run leaves at most one of them.
        temporary = target.with_name(f"{TEMPORARY}{target.name}")
        handle = _new(temporary)
        self._waiting.append(_Waiting(path, target, temporary, digest, handle, plain))
        with disk.naming(target):
            _write_all(handle, data)
        os.fchmod(handle, 0o644)  # whatever the umask: a web server has to read it
        self._bytes += len(data)

    def flush(self) -> None:
        """Move what was written into place, when it is safe on the disk."""
        with disk.naming(self.output):
            disk.sync(one.handle for one in self._waiting)
        for one in self._waiting:
            _set_time(one)
            os.close(one.handle)
            one.handle = -1
            if one.plain is None:
                compress.remove(one.target)
            one.temporary.replace(one.target)
            self._note(one.path, one.digest)
            self._touched(one.path, one.target)
        self._waiting.clear()
        self._bytes = 0

    def remove(self, path: str) -> None:
        """Have a file that this program wrote go, when all that named it is written anew."""
        self._note(path, None)
        self._leaving[path] = None

    def _clear(self) -> None:
        for path in self._leaving:
            target = self._target(path, make=False)
            if not target.is_symlink() and target.exists():
                compress.remove(target)
                target.unlink()
                self._touched(path, target)
        self._leaving.clear()

    def _touched(self, path: str, target: Path) -> None:
        self.count += 1
        if self.count <= NAMED and path != MANIFEST:
            self.changed.append(path)
        self._folders.add(target.parent)

    def finish(self, manifest: Manifest) -> None:
        """Make all of it last, remove what has to go, then write the manifest."""
        self.flush()
        self._sync_folders()
        self._clear()
        self._sync_folders()
        self.put(MANIFEST, manifest.dump())
        self.flush()
        self._sync_folders()

    def abandon(self) -> None:
        """Remove what was not moved into place."""
        for one in self._waiting:
            if one.handle >= 0:
                os.close(one.handle)
            one.temporary.unlink(missing_ok=True)
        self._waiting.clear()

    def _sync_folders(self) -> None:
        waiting = sorted(self._folders)
        while waiting:
            with ExitStack() as stack:
                handles = []
                for folder in waiting[:BATCH]:
                    handles.append(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
                    stack.callback(os.close, handles[-1])
                with disk.naming(self.output):
                    disk.sync(handles)
            del waiting[:BATCH]
        self._folders.clear()

    def _target(self, path: str, *, make: bool = True) -> Path:
        """Give the place of a path; refuse one that would leave the output folder."""
        place, _, name = path.rpartition("/")
        folder = self._places.get(place)
        if folder is None:
            folder = self._folder(place, make=make)
        if path.startswith("/") or name in ("", ".", ".."):
            raise PublishError(f"{path}: leaves the output folder")
        return folder / name

    def _folder(self, place: str, *, make: bool) -> Path:
        """Give a folder of the output by its path there; make it, unless told not to."""
        parts = PurePosixPath(place).parts
        if PurePosixPath(place).is_absolute() or ".." in parts:
            raise PublishError(f"{place}: leaves the output folder")
        folder = self.output
        for part in parts:
            folder = folder / part
            if folder in self._made:
                continue
            if folder.is_symlink():
                raise PublishError(f"{folder}: a symbolic link, expected a folder of the output")
            if make:
                self._make_folder(folder)
        if make:
            self._places[place] = folder
        return folder

    def _make_folder(self, folder: Path) -> None:
        """Make a folder, and those above it, so that a web server of another user can enter it."""
        if not folder.is_dir():
            if folder.parent != folder:
                self._make_folder(folder.parent)
            folder.mkdir()
            folder.chmod(0o755)
            self._folders.add(folder.parent)
        self._made.add(folder)


def _holds(target: Path, data: bytes, ours: bool) -> bool:
    """Say whether a file holds these bytes; refuse one that somebody else wrote."""
    try:
        info = target.lstat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(info.st_mode):
        raise PublishError(f"{target}: not a regular file, expected one that feeds wrote")
    current = target.read_bytes() if info.st_size == len(data) or not ours else b""
    if current == data:
        return True
    if not ours and not any(mark in current[:_MARK_WITHIN] for mark in _MARKS):
        raise PublishError(f"{target}: not written by feeds, move it away or choose another output folder")
    return False


def _new(path: Path) -> int:
    """Open a file that nothing else has open; what stood there goes."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    try:
        return os.open(path, flags, 0o644)
    except FileExistsError:
        path.unlink()
        return os.open(path, flags, 0o644)


def _write_all(handle: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(handle, view) :]


def _set_time(one: _Waiting) -> None:
    """Let a file's time move, by which servers and siblings tell its versions apart."""
    now = os.fstat(one.handle).st_mtime_ns
    try:
        before = one.target.lstat().st_mtime_ns
    except FileNotFoundError:
        before = None
    time = one.plain.stat().st_mtime_ns if one.plain else compress.next_mtime(before, now)
    if time != now:
        os.utime(one.handle, ns=(time, time))


def ours(output: Path, known: Callable[[str], bool]) -> Iterator[str]:
    """Give the paths of the files that bear the mark of this program, but for those that are known."""
    for folder in sorted(folders(output)):
        for name in sorted(os.listdir(output / folder)):  # noqa: PTH208  # names alone, and fast
            path = f"{folder}/{name}".lstrip("/")
            if not known(path) and _is_marked(output / path):
                yield path


def _is_marked(path: Path) -> bool:
    if path.is_symlink() or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(_MARK_WITHIN)
    return any(mark in start for mark in _MARKS)


def folders(output: Path) -> dict[str, int]:
    """Give the output's folders that may hold files of ours, by path, with their ctime in ns."""
    found: dict[str, int] = {}
    waiting = [("", output, False)]
    while waiting:
        path, folder, counted = waiting.pop()
        try:
            info = folder.stat()
            found[path] = info.st_ctime_ns
            if counted and info.st_nlink == _OWN_NAMES:  # it holds no folder
                continue
            with os.scandir(folder) as entries:
                names = [e.name for e in entries if e.is_dir(follow_symlinks=False)]
        except OSError:
            continue
        counted = info.st_nlink == _OWN_NAMES + len(names)  # not so on Btrfs, nor over CIFS
        waiting += [
            (f"{path}/{name}".lstrip("/"), folder / name, counted)
            for name in names
            if not name.startswith(".")
        ]
    return found


def are_as_they_were(output: Path, known: dict[str, int]) -> bool:
    """Say whether no name was added to, or taken from, the folders of the output."""
    try:
        same = (os.stat(f"{output}/{path}").st_ctime_ns == then for path, then in known.items())  # noqa: PTH116
        return bool(known) and all(same)
    except OSError:
        return False


def is_missing(output: Path, paths: Iterable[str]) -> bool:
    """Say whether one of the paths is not there, by their names alone."""
    by_folder: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.rpartition("/")
        if folder not in by_folder:
            try:
                by_folder[folder] = set(os.listdir(output / folder))  # noqa: PTH208  # names alone, and fast
            except OSError:
                return True
        if name not in by_folder[folder]:
            return True
    return False


def sweep(output: Path) -> None:
    """Remove the temporary files that a killed run left; only one run is at work at a time."""
    for path in folders(output):
        for file in (output / path).glob(f"{TEMPORARY}*"):
            file.unlink(missing_ok=True)
