"""Keep compressed siblings of published files, which a static host may send in their place."""

from __future__ import annotations

import gzip
import os
import stat
from pathlib import Path, PurePosixPath

# Pictures are compressed already; the manifest is for this program alone, and is written last.
COMPRESSIBLE = (".atom", ".rss", ".opml", ".json", ".html", ".css", ".js", ".xml", ".xsl", ".txt", ".svg")
NOT_COMPRESSED = ("manifest.json",)
SUFFIXES = (".gz", ".br")
LEAST = 512  # bytes; below it nothing is won


def compress(data: bytes, encoding: str) -> bytes:
    """Give the compressed bytes, the same for the same bytes: no name and no time is in them.

    `encoding` is "gz", or "br" where the brotli package is installed.

    >>> compress(b"a" * 1000, "gz") == compress(b"a" * 1000, "gz")
    True
    """
    if encoding == "br":
        import brotli

        packed: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=9)
        return packed
    packed = gzip.compress(data, compresslevel=9, mtime=0)
    # RFC 1952 section 2.3.1: the system that wrote it; zlib names the machine's, so say "unknown".
    return packed[:9] + b"\xff" + packed[10:]


def remove(target: Path) -> None:
    """Remove the siblings of a file; to be called before the file itself is replaced or removed."""
    for suffix in SUFFIXES:
        sibling = f"{target}{suffix}"
        try:
            info = os.lstat(sibling)
        except FileNotFoundError:
            continue
        if not stat.S_ISLNK(info.st_mode):
            os.unlink(sibling)  # noqa: PTH108  # for each file that is written: pathlib takes twice as long


def packed(name: str, data: bytes, encoding: str) -> bytes | None:
    """Give the bytes of the sibling of a file with these bytes; None where nothing is won by one.

    Its writer gives it the file's own mtime, by which a host and `fresh` tell that it belongs to it.
    """
    if not _is_worth_it(name, data):
        return None
    made = compress(data, encoding)
    return made if len(made) < len(data) else None


def fresh(target: Path, sibling: Path) -> bool:
    """Say whether a sibling belongs to the file as it is now: the same mtime, to the nanosecond."""
    try:
        info = sibling.lstat()
        return info.st_mtime_ns == target.stat().st_mtime_ns
    except OSError:
        return False


def next_mtime(old_ns: int | None, now_ns: int) -> int:
    """Give the mtime of a file that replaces another: later by a second at least.

    nginx makes its ETag of the seconds of the mtime and the size, so that two versions of one second and
    one size would have the same.

    >>> next_mtime(5_000_000_000, 5_400_000_000), next_mtime(None, 5_400_000_000)
    (6000000000, 5400000000)
    """
    return now_ns if old_ns is None else max(now_ns, old_ns + 1_000_000_000)


def _is_worth_it(name: str, data: bytes) -> bool:
    return PurePosixPath(name).suffix in COMPRESSIBLE and name not in NOT_COMPRESSED and len(data) >= LEAST
