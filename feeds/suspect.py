"""Keep on the disk which document is being read, so that the next run knows at which one this ended."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from types import TracebackType

_END = b"\0"  # no path holds it; what stands behind it is of a longer name before
_FLAGS = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


class Suspect:
    """Names the document that is being read in a file beside the store, while one is.

    A process that ends as processes should, also by an error, takes the file away. So where one is found, the
    run before was killed, by the document or by chance: `source` names what it read then, "" otherwise. It is
    a hint; a disk that can't take it costs nothing.
    """

    def __init__(self, store: Path) -> None:
        """Take the path of the store."""
        self._path = store.with_name(f"{store.name}.reading")
        self._handle = -1
        self._named = ""
        self.source = ""

    def __enter__(self) -> Suspect:
        with suppress(OSError):
            self._handle = os.open(self._path, _FLAGS, 0o644)
            name, end, _ = os.read(self._handle, 65536).partition(_END)
            self.source = os.fsdecode(name) if end else ""
        return self

    def name(self, source: str) -> None:
        """Name what is going to be read."""
        if source != self._named and self._handle >= 0:
            self._named = source
            with suppress(OSError, UnicodeError):
                os.pwrite(self._handle, os.fsencode(source) + _END, 0)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
            with suppress(OSError):
                self._path.unlink()
