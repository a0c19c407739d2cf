"""Put files into place: only those whose bytes changed, each in one step, the manifest last."""

from __future__ import annotations

import hashlib
import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from feeds.model import FeedsError

MANIFEST = "manifest.json"
_TEMPORARY = ".feeds-tmp-"
# In the first bytes of what this program writes; a lost manifest must not make our files foreign.
_MARKS = (
    b"<generator version=",
    b'<meta name="generator" content="feeds ',
    b"written by feeds",
    b'"generator": "feeds',
)
_MARK_WITHIN = 8192


class PublishError(FeedsError):
    """The output folder can't be written as it is."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What this program wrote: SHA-256 digests by path, and facts that must outlive the store."""

    files: dict[str, str] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, output: Path) -> Manifest | None:
        """Read the manifest of an output folder; None where there is none that can be read."""
        try:
            data = json.loads((output / MANIFEST).read_bytes())
            return cls(dict(data["files"]), dict(data["facts"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def dump(self) -> bytes:
        """Give the manifest's bytes, the same for the same content."""
        data = {"generator": "feeds", "facts": self.facts, "files": self.files}
        return (json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def complete(manifest: Manifest, output: Path) -> bool:
    """Say whether every file of the manifest is still there, by name alone."""
    folders: dict[str, set[str]] = {}
    for path in manifest.files:
        folder, _, name = path.rpartition("/")
        if folder not in folders:
            try:
                folders[folder] = set(os.listdir(output / folder))  # noqa: PTH208  # names alone, and fast
            except OSError:
                return False
        if name not in folders[folder]:
            return False
    return True


def publish(files: Iterable[tuple[str, bytes]], output: Path, facts: dict[str, str]) -> list[str]:
    """Write the files that changed, each in one step, and name them.

    Takes (path under output, bytes) in the order in which they are to be written. A file whose bytes
    are the same is not touched; one that this program wrote and that no longer belongs is removed;
    one that it did not write is never touched. The manifest is written last.
    Raises PublishError where a path is taken by somebody else's file, and OSError.
    """
    _make_folder(output)
    old = Manifest.load(output)
    known = old.files if old else {}
    written: dict[str, str] = {}
    changed = []
    folders: set[Path] = set()
    for path, data in files:
        target = _target(output, path)
        written[path] = hashlib.sha256(data).hexdigest()
        if _replace(target, data, path in known):
            changed.append(path)
            folders.add(target.parent)
    for path in sorted(known.keys() - written.keys()):
        target = _target(output, path)
        if target.exists() and not target.is_symlink():
            target.unlink()
            changed.append(path)
            folders.add(target.parent)
    for folder in sorted(folders):
        _sync_folder(folder)
    if _replace(output / MANIFEST, Manifest(written, facts).dump(), True):
        _sync_folder(output)
    return changed


def sweep(output: Path) -> None:
    """Remove the temporary files that a killed run left; only one run is at work at a time."""
    if not output.is_dir():
        return
    for folder in (output, *(path for path in output.iterdir() if path.is_dir() and not path.is_symlink())):
        for path in folder.glob(f"{_TEMPORARY}*"):
            path.unlink(missing_ok=True)


def _target(output: Path, path: str) -> Path:
    """Give the place of a path; refuse one that would leave the output folder."""
    parts = PurePosixPath(path).parts
    if PurePosixPath(path).is_absolute() or ".." in parts:
        raise PublishError(f"{path}: leaves the output folder")
    folder = output
    for part in parts[:-1]:
        folder = folder / part
        if folder.is_symlink():
            raise PublishError(f"{folder}: a symbolic link, expected a folder of the output")
        _make_folder(folder)
    return folder / parts[-1]


def _make_folder(folder: Path) -> None:
    """Make a folder, and those above it, so that a web server of another user can enter it."""
    if folder.is_dir():
        return
    _make_folder(folder.parent)
    folder.mkdir()
    folder.chmod(0o755)


def _replace(target: Path, data: bytes, ours: bool) -> bool:
    """Put the bytes in place in one step; say whether they differ from what was there."""
    try:
        info = target.lstat()
    except FileNotFoundError:
        pass
    else:
        if not stat.S_ISREG(info.st_mode):
            raise PublishError(f"{target}: not a regular file, expected one that feeds wrote")
        current = target.read_bytes() if info.st_size == len(data) or not ours else b""
        if current == data:
            return False
        if not ours and not any(mark in current[:_MARK_WITHIN] for mark in _MARKS):
            raise PublishError(
                f"{target}: not written by feeds, move it away or choose another output folder"
            )
    # One name for each target, not a random one: a killed run leaves at most one of them.
    temporary = target.with_name(f"{_TEMPORARY}{target.name}")
    try:
        temporary.unlink(missing_ok=True)
        handle = os.open(
            temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644
        )
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(handle, 0o644)  # whatever the umask: a web server has to read it
            os.fsync(handle)
        temporary.replace(target)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return True


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
