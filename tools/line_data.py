"""Keep examples of line roles in a small file: which features each line has, and which role it plays.

The file is xz. Its first line is JSON: the names of the features, and of each example its kind and how many
lines it has. Then follow, as unsigned LEB128 numbers: the numbers of each line's features in rising order,
each as its distance from the one before, 0 at the end of a line; and one byte for the role of each line.
Features that fewer than `FEWEST` captures have are left out, so that no text of a capture is in the file.
"""

from __future__ import annotations

import json
import lzma
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from feeds.extract.text.roles import ROLES

FEWEST = 4  # captures that have a feature


@dataclass
class Example:
    """The lines of one capture: the features of each, by name or by number, and its role."""

    kind: str  # "capture", "varied", "page", "long" or "gallery"
    features: Sequence[Sequence[str]] | Sequence[Sequence[int]]
    roles: Sequence[str]


def write(path: Path, examples: Sequence[Example]) -> None:
    """Write examples whose features are named."""
    captures = [one for one in examples if one.kind == "capture"]
    counts = Counter(name for one in captures for name in {str(n) for row in one.features for n in row})
    # The commonest first: their numbers, and so the file, are small.
    names = [
        name
        for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        if count >= FEWEST
    ]
    number = {name: place for place, name in enumerate(names, 1)}
    head = {"features": names, "examples": [[one.kind, len(one.roles)] for one in examples]}
    data = bytearray(json.dumps(head, ensure_ascii=False).encode() + b"\n")
    for one in examples:
        for row in one.features:
            known = sorted(number[str(name)] for name in row if name in number)
            for distance in (b - a for a, b in zip([0, *known], known, strict=False)):
                _put(data, distance)
            data.append(0)
        data += bytes(ROLES.index(role) for role in one.roles)
    path.write_bytes(lzma.compress(bytes(data), preset=9 | lzma.PRESET_EXTREME))


def _put(data: bytearray, value: int) -> None:
    while value > 127:
        data.append(value & 127 | 128)
        value >>= 7
    data.append(value)


def read(path: Path) -> tuple[list[str], list[Example]]:
    """Return the names of the features, and examples whose features are the numbers of these, from 0."""
    data = lzma.decompress(path.read_bytes())
    first, _, rest = data.partition(b"\n")
    head = json.loads(first)
    numbers = iter(rest)
    examples = []
    for kind, count in head["examples"]:
        rows = [list(_row(numbers)) for _ in range(count)]
        examples.append(Example(kind, rows, [ROLES[next(numbers)] for _ in range(count)]))
    return head["features"], examples


def _row(numbers: Iterator[int]) -> Iterable[int]:
    last = -1
    while True:
        value = shift = 0
        while (byte := next(numbers)) & 128:
            value |= (byte & 127) << shift
            shift += 7
        value |= byte << shift
        if not value:
            return
        last += value
        yield last
