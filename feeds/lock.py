"""Let one run at a time work on a store."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feeds.model import LockedError

_held: set[int] = set()


def _let_go() -> None:
    """Close the locks in a process that was forked from this one: they would outlive the run."""
    for handle in _held:
        os.close(handle)
    _held.clear()


os.register_at_fork(after_in_child=_let_go)


def lock_path(store: Path) -> Path:
    """Give the lock's file: beside the store, and never removed."""
    return store.with_name(f"{store.name}.lock")


def is_held(path: Path) -> bool:
    """Say whether a run is at work now."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def locked(path: Path, wait: float = 0) -> Iterator[None]:
    """Hold an flock on a file that is never removed; raise LockedError where another run holds it.

    `wait` is in seconds. The kernel lets go of the lock when the process ends, however it ends.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    try:
        deadline = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise LockedError(f"{path}: another run is at work") from None
                time.sleep(0.1)
        _held.add(handle)
        yield
    finally:
        _held.discard(handle)
        os.close(handle)
