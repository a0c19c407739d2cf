"""A build that is broken on purpose: it writes its files in place, a piece at a time."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from functools import partialmethod

from feeds.cli import main
from feeds.publish import Publisher

PIECES = 40
PAUSE = 0.0005  # seconds between two pieces


def _put(self: Publisher, path: str, data: bytes, pause: float) -> None:
    target = self._target(path)
    self._note(path, hashlib.sha256(data).digest())
    if target.exists() and target.read_bytes() == data:
        return
    size = max(len(data) // PIECES, 1)
    with target.open("wb", buffering=0) as file:
        for start in range(0, len(data), size):
            file.write(data[start : start + size])
            time.sleep(pause)
    self._touched(path, target)


def in_place(arguments: Sequence[str], pause: float = PAUSE) -> None:
    """Run the command with a publisher that is broken."""
    Publisher.put = partialmethod(_put, pause=pause)  # type: ignore[assignment]
    main(arguments)
