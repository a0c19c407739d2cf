"""Check a living installation: what is wrong, or will be, each in one line that says what to do."""

from __future__ import annotations

import hashlib
import ipaddress
import os
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from msgspec import Struct, field

from feeds import MANIFEST, recover, volume
from feeds.config import Config
from feeds.lock import is_held, lock_path
from feeds.publish import TEMPORARY, Manifest, folders
from feeds.store.examine import Examined, examine
from feeds.text import shown
from feeds.write.links import ALL

Kind = Literal["store", "permission", "output", "busy", "advice", "hint"]

LARGE = 15 * 1024 * 1024  # bytes: what some hosts and readers refuse, or fetch at each poll
FREE_BYTES, FREE_FILES = 100 * 1024 * 1024, 1000
_CLOCKS_DIFFER = timedelta(minutes=10)
_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)  # before this program was written
_NAMED = 3  # of many files, so many are named


class Finding(Struct, frozen=True):
    """One thing that is wrong; `kind` says how bad it is: "advice" still works, a "hint" may be as it is."""

    check: str
    kind: Kind
    message: str

    def __str__(self) -> str:
        return f"{self.check}: {self.message}"


class Installation(Struct):
    """What is looked at: a store, its output, its configuration, and the clock."""

    store: Path
    output: Path
    config: Config
    now: datetime
    examined: Examined = field(default_factory=Examined)  # filled by the check of the store
    files: Mapping[str, str] = field(default_factory=dict)  # that should be there, with their SHA-256


def findings(place: Installation) -> Iterator[Finding]:
    """Give what is wrong with an installation; nothing is written. Raises OSError."""
    if not place.store.exists() and not (place.output / MANIFEST).exists():
        yield Finding("store", "advice", f"{place.store}: not there, feeds build makes it")
        return
    if is_held(lock_path(place.store)):
        yield Finding("lock", "busy", f"{lock_path(place.store)}: a run is at work, look again when it ended")
        return
    for check in CHECKS:
        yield from check(place)


# --- the store ------------------------------------------------------------------------------------


def _check_store(place: Installation) -> Iterator[Finding]:
    manifest = Manifest.load(place.output)
    place.files = manifest.files if manifest else {}
    if not place.store.exists():
        yield Finding(
            "store", "store", f"{place.store}: not there; feeds build takes it back from {place.output}"
        )
        return
    journal = place.store.with_name(f"{place.store.name}-journal")
    if journal.exists():
        yield Finding("store", "advice", f"{journal}: a run was killed; the next feeds build undoes its half")
        return
    place.examined = examine(place.store)
    for fault in place.examined.faults:
        remedy = "" if fault.startswith("made by") else "; feeds rebuild makes it anew"
        yield Finding("store", "store", f"{place.store}: {fault}{remedy}")
    known = place.examined.facts.get("generation", "")
    if manifest and known.isdecimal() and manifest.generation > int(known):
        older = f"{place.store}: older than {place.output}; feeds build takes back what came since"
        yield Finding("store", "advice", older)
    else:
        place.files = place.examined.files or place.files


def _check_clock(place: Installation) -> Iterator[Finding]:
    """The clock went back where the store has seen a later time."""
    if place.now < _EARLIEST:
        yield Finding("clock", "advice", f"it says {place.now.isoformat()}, which is long ago")
    newest = place.examined.newest
    if newest and datetime.fromisoformat(newest) > place.now + _CLOCKS_DIFFER:
        yield Finding(
            "clock",
            "advice",
            f"it says {place.now.isoformat()}, the store was written to at {newest}: it is or was wrong",
        )


# --- the disk -------------------------------------------------------------------------------------


def _check_permissions(place: Installation) -> Iterator[Finding]:
    for path in (place.store, place.store.parent, place.output):
        if path.exists() and not os.access(path, os.W_OK):
            yield Finding("permissions", "permission", f"{shown(path)}: can't be written to")
    if place.store.exists() and place.store.stat().st_mode & stat.S_IWOTH:
        yield Finding("permissions", "permission", f"{shown(place.store)}: anyone may write to it; chmod o-w")
    hidden = [path for path in _written(place) if not _is_public(path)]
    if hidden:
        yield Finding(
            "permissions", "permission", f"a web server of another user can't read {_named(hidden)}"
        )


def _is_public(path: Path) -> bool:
    mode = path.stat().st_mode
    return bool(mode & stat.S_IROTH) and (not stat.S_ISDIR(mode) or bool(mode & stat.S_IXOTH))


def _check_room(place: Installation) -> Iterator[Finding]:
    needed = FREE_BYTES + (2 * place.store.stat().st_size if place.store.exists() else 0)
    for folder in dict.fromkeys((place.store.parent, place.output)):
        if not folder.is_dir():
            continue
        room = volume.room(folder)
        if room.free < needed:
            yield Finding(
                "space", "output", f"{shown(folder)}: {_size(room.free)} free, expected {_size(needed)}"
            )
        if room.files is not None and room.files < FREE_FILES:
            yield Finding("space", "output", f"{shown(folder)}: room for {room.files} more files alone")


def _check_file_system(place: Installation) -> Iterator[Finding]:
    for path in dict.fromkeys((place.store.parent, place.output)):
        kind = volume.network(path)
        if kind:
            yield Finding("file system", "advice", f"{shown(path)}: {volume.warning(kind)}")


def _check_temporaries(place: Installation) -> Iterator[Finding]:
    inside = [place.output / folder for folder in folders(place.output)]
    left = [path for folder in inside for path in folder.glob(f"{TEMPORARY}*")]
    left += place.store.parent.glob(f"{place.store.name}.*.tmp")
    if left:
        yield Finding("temporary files", "advice", f"a run was killed and left {_named(left)}")


# --- the output -----------------------------------------------------------------------------------


def _check_files(place: Installation) -> Iterator[Finding]:
    """What stands there is what was written."""
    if not place.files:
        return
    if Manifest.load(place.output) is None:
        yield Finding("output", "output", f"{place.output}/{MANIFEST}: can't be read; feeds build writes it")
    paths = [place.output / path for path in place.files if path != MANIFEST]
    missing = [path for path in paths if not path.is_file()]
    if missing:
        yield Finding("output", "output", f"feeds build writes again what is missing: {_named(missing)}")
    edited = [place.output / path for path, digest in place.files.items() if not _holds(place, path, digest)]
    if edited:
        yield Finding(
            "output", "output", f"feeds build --full writes again what was changed: {_named(edited)}"
        )


def _holds(place: Installation, path: str, digest: str) -> bool:
    file = place.output / path
    return not file.is_file() or hashlib.sha256(file.read_bytes()).hexdigest() == digest


def _check_sizes(place: Installation) -> Iterator[Finding]:
    for path in _written(place):
        size = path.stat().st_size
        if size > LARGE and path.is_file():
            yield Finding(
                "size", "advice", f"{shown(path)}: {_size(size)}; see feeds.limit and feeds.content"
            )


def _check_address(place: Installation) -> Iterator[Finding]:
    """The configured one, or else the one that the feeds were written with."""
    feed = next(recover.feeds(place.output, [f"{ALL}.atom"]), None)
    url = place.config.site.base_url or (feed and feed.address)
    if not url:
        message = "site.base_url is not set: links are relative, the feeds have no self link"
        yield Finding("address", "hint", message)
    elif _is_local(urlsplit(url).hostname or ""):
        yield Finding(
            "address", "advice", f"the feeds are served at {url}, which leads nowhere from elsewhere"
        )


def _is_local(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(
            (".localhost", ".local", ".internal", ".invalid", ".test")
        )


# The one that fills `examined` and `files` first.
CHECKS: tuple[Callable[[Installation], Iterator[Finding]], ...] = (
    _check_store,
    _check_clock,
    _check_permissions,
    _check_room,
    _check_file_system,
    _check_temporaries,
    _check_files,
    _check_sizes,
    _check_address,
)


def _written(place: Installation) -> Iterator[Path]:
    """Give the output's folders and the files of ours in it."""
    if place.output.is_dir():
        yield from (place.output / folder for folder in sorted(folders(place.output)))
        yield from (path for name in sorted(place.files) if (path := place.output / name).is_file())


def _named(paths: list[Path]) -> str:
    named = ", ".join(map(shown, sorted(paths)[:_NAMED]))
    more = len(paths) - _NAMED
    return f"{named} and {more} more" if more > 0 else named


def _size(number: int) -> str:
    return f"{number / 1024 / 1024:,.1f} MiB"
