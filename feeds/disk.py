"""Make sure that files are on the disk, many at the cost of one."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

FEW = 4  # for so many files it costs less to ask for each
# statfs(2): the file systems whose syncfs(2) gives the promise of fsync(2) for each of their files. What is
# layered over another one, or far away, may pass it on in part.
_WHOLE = {0xEF53: "ext4", 0x58465342: "xfs", 0x9123683E: "btrfs", 0xF2F52010: "f2fs", 0x01021994: "tmpfs"}
_TELLS = (5, 8)  # the Linux from which on syncfs says that a file could not be written; syncfs(2), Versions


def sync(handles: Iterable[int]) -> None:
    """Have what was written to these open files or folders outlive a crash; raise OSError where it can't.

    An fsync has the disk empty its own cache each time, a millisecond or more, while syncfs does that once
    for all that a file system holds. Where it is known to promise as much, it is asked instead.
    """
    open_files = list(handles)
    devices: dict[int, list[int]] = {}
    for handle in open_files:
        devices.setdefault(os.fstat(handle).st_dev, []).append(handle)
    for together in devices.values():
        if len(together) > FEW and _whole(together[0]):
            continue
        for handle in together:  # syncfs failed, perhaps for a file of somebody else: this says so of ours
            os.fsync(handle)


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Have an OSError say of which file it is, where the system only knew a handle."""
    try:
        yield
    except OSError as error:
        if error.filename is None:
            error.filename = str(path)
        raise


def _whole(handle: int) -> bool:
    """Write all that the file system of a file holds; say whether that is done, and is a promise."""
    library = _library()
    if library is None:
        return False
    import ctypes

    known = ctypes.create_string_buffer(512)  # more than any struct statfs
    if library.fstatfs(handle, known) != 0:
        return False
    kind = ctypes.c_long.from_buffer(known).value  # f_type, the first field
    return kind in _WHOLE and library.syncfs(handle) == 0


@cache
def _library() -> Any:
    """Give the C library, where it has what Python does not offer; else None."""
    if os.uname().sysname != "Linux" or _release() < _TELLS:
        return None
    import ctypes

    library = ctypes.CDLL(None)
    return library if hasattr(library, "syncfs") and hasattr(library, "fstatfs") else None


def _release() -> tuple[int, ...]:
    """Give the first two numbers of the kernel's release."""
    parts = os.uname().release.split(".")[:2]
    return tuple(int(part) if part.isdigit() else 0 for part in parts)
