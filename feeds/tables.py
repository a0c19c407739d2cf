"""Keep what was made of the tables in feeds/data where Python keeps compiled modules.

To make it takes a small run a fifth of its time.
"""

from __future__ import annotations

import marshal
import os
import sys
from binascii import crc32
from collections.abc import Callable
from contextlib import suppress
from importlib.util import cache_from_source
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")
PACKAGE = Path(__file__).parent
DATA = PACKAGE / "data"
_SUM = 4  # bytes at the beginning of what is kept


def toml(name: str) -> dict[str, Any]:
    """Give what a TOML file of feeds/data holds; it is not to be changed."""

    def read() -> dict[str, Any]:
        import tomllib

        return tomllib.loads((DATA / name).read_text(encoding="utf-8"))

    return kept(name, (f"data/{name}",), read)


def kept(name: str, sources: tuple[str, ...], make: Callable[[], Value]) -> Value:
    """Give what `make` makes of some files, as it was kept if they are still the same.

    `sources` are the paths in the package of all that tells what is made, code and tables, also of those that
    may not be there. What is made are dicts, lists, tuples, strings and numbers. A file is the same while its
    size and time are, as for modules; and as for these, nothing is kept where Python may not write.
    """
    stamp = tuple(map(_stamp, sources))
    path = Path(cache_from_source(str(PACKAGE / "data" / f"{name}.py"))).with_suffix(".marshal")
    with suppress(OSError):
        data = path.read_bytes()
        if _sum(data[_SUM:]) == data[:_SUM]:
            found = marshal.loads(data[_SUM:])  # noqa: S302 - trusted as the compiled modules beside it
            if found[0] == stamp:
                value: Value = found[1]
                return value
    made = make()
    if not sys.dont_write_bytecode:
        with suppress(OSError):
            data = marshal.dumps((stamp, made))  # type: ignore[arg-type]
            _write(path, _sum(data) + data)
    return made


def _sum(data: bytes) -> bytes:
    """Give a checksum: a file that was damaged must end no run, nor pass for another table."""
    return crc32(data).to_bytes(_SUM, "big")


def _stamp(source: str) -> tuple[int, int] | None:
    try:
        seen = (PACKAGE / source).stat()
    except OSError:
        return None
    return seen.st_mtime_ns, seen.st_size


def _write(path: Path, data: bytes) -> None:
    """Write a file in one step: another process may be reading it."""
    path.parent.mkdir(exist_ok=True)
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        beside.write_bytes(data)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
