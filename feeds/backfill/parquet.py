"""Keep all articles of a backfill as Parquet, in a folder for each month, as engines read it."""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from feeds.model import Dating, Document, RawArticle, Tag
from feeds.vocab import COUNTRY_SCHEME

ROWS = 4_000  # that are gathered before they are written
UNDATED = "undated"


@contextmanager
def partitions(folder: Path, name: str, written: Mapping[str, int]) -> Iterator[Partitions]:
    """Give what takes articles; files are named by the shard, so that a second reading replaces them.

    `written` says how many files of each month an earlier reading made that this one goes on with.
    """
    _sweep(folder, name, written)
    writer = Partitions(folder, name, written)
    yield writer
    writer.flush()


def _sweep(folder: Path, name: str, written: Mapping[str, int]) -> None:
    """Remove what an earlier reading of this shard wrote; its part of the name stands first."""
    stay = {_path(folder, name, month, number) for month, count in written.items() for number in range(count)}
    for path in folder.glob(f"month=*/{name.partition('-')[0]}-*"):
        if path not in stay:
            path.unlink(missing_ok=True)


def _path(folder: Path, name: str, month: str, number: int) -> Path:
    return folder / f"month={month}" / f"{name}-{number}.parquet"


class Partitions:
    """Writes the articles of a shard."""

    def __init__(self, folder: Path, name: str, written: Mapping[str, int]) -> None:
        """Take where files go, what their names begin with, and how many of each month there are."""
        self._folder, self._name = folder, name
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._files = Counter(written)
        self._waiting = 0

    def add(
        self, document: Document, name: str, raw: RawArticle, dating: Dating, tags: tuple[Tag, ...]
    ) -> None:
        """Take an article."""
        month = dating.published.strftime("%Y-%m") if dating.published else UNDATED
        self._rows[month].append(row(document, name, raw, dating, tags))
        self._waiting += 1
        if self._waiting >= ROWS:
            self.flush()

    def flush(self) -> dict[str, int]:
        """Write what waits, each file in one step; give how many files of each month there are."""
        import pyarrow as pa
        from pyarrow import parquet as pq

        for month, rows in sorted(self._rows.items()):
            path = _path(self._folder, self._name, month, self._files[month])
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
            pq.write_table(pa.Table.from_pylist(rows, schema=schema()), temporary, compression="zstd")
            temporary.replace(path)
            self._files[month] += 1
        self._rows.clear()
        self._waiting = 0
        return dict(self._files)


@cache
def schema() -> Any:
    """Give the columns."""
    import pyarrow as pa

    moment = pa.timestamp("s", tz="UTC")
    texts = ("id", "headline", "standfirst", "agency", "dateline", "url", "image", "language", "source")
    tag = pa.struct(
        [("code", pa.string()), ("role", pa.string()), ("score", pa.float64()), ("evidence", pa.string())]
    )
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            *((name, pa.list_(pa.string())) for name in ("body", "byline")),
            *((name, moment) for name in ("published", "updated", "captured")),
            ("precision", pa.string()),
            ("basis", pa.string()),
            ("countries", pa.list_(tag)),
            ("topics", pa.list_(tag)),
        ]
    )


def row(
    document: Document, name: str, raw: RawArticle, dating: Dating, tags: tuple[Tag, ...]
) -> dict[str, Any]:
    """Give an article as a row; the user's own topics, regions and mixes are topics, too."""
    countries: list[dict[str, Any]] = []
    topics: list[dict[str, Any]] = []
    for tag in tags:
        told = {"code": tag.category.term, "role": tag.role, "score": tag.score, "evidence": tag.evidence}
        (countries if tag.category.scheme == COUNTRY_SCHEME else topics).append(told)
    plain = ("headline", "standfirst", "agency", "dateline", "url", "image", "language")
    return {
        "id": name,
        **{field: getattr(raw, field) for field in plain},
        "body": list(raw.body),
        "byline": list(raw.byline),
        "source": document.source,
        "published": dating.published,
        "updated": dating.updated,
        "captured": document.captured if document.captured_stated else None,
        "precision": dating.precision,
        "basis": dating.basis,
        "countries": countries,
        "topics": topics,
    }
