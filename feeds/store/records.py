"""Carry an article: as its row, to another process; in its page as data, from which a lost store is made."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct

from feeds.model import Article, Category, Dating, Entry, RawArticle, Role, StoreError, Tag
from feeds.store.values import (
    dating_from_json,
    dating_to_json,
    iso,
    raw_from_json,
    raw_to_json,
    row_checksum,
    time,
)

# The source of an article that was taken back from a feed, in fewer words than its document had.
PUBLISHED = "(as it was published)"


class Record(Struct, frozen=True):
    """All of an article but what it is about, which is worked out again.

    `first_seen` is None where the article is dated, `captured` where no document states it: neither the
    clock nor the time of a file may show in a page. `keys` are the names, hashed, under which the article
    is found again, those of its former versions too.
    """

    id: str
    raw: RawArticle
    dating: Dating
    updated: datetime
    first_seen: datetime | None
    captured: datetime | None
    source: str
    keys: tuple[str, ...]

    def dump(self) -> str:
        """Give it as one line of JSON, with a checksum."""
        data = {
            "id": self.id,
            "updated": iso(self.updated),
            "first_seen": iso(self.first_seen),
            "captured": iso(self.captured),
            "source": self.source,
            "keys": sorted(self.keys),
        }
        dating, article = dating_to_json(self.dating), raw_to_json(self.raw)
        text = f'{_json(data)[:-1]},"dating":{dating},"article":{article}'
        return f'{text},"sum":"{row_checksum([text + "}"])}"}}'

    @classmethod
    def load(cls, text: str) -> Record:
        """Read what `dump` gave; raise StoreError where it is something else, or was changed by hand."""
        try:
            data = json.loads(text)
            if data.pop("sum") != row_checksum([_json(data)]):
                raise StoreError("it does not fit its checksum")
            return cls(
                id=data["id"],
                raw=raw_from_json(_json(data["article"])),
                dating=dating_from_json(_json(data["dating"])),
                updated=time(data["updated"]),
                first_seen=time(data["first_seen"]) if data["first_seen"] else None,
                captured=time(data["captured"]) if data["captured"] else None,
                source=data["source"],
                keys=tuple(data["keys"]),
            )
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StoreError(f"it is damaged: {error}") from error


def _json(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


class Row(NamedTuple):
    """An article as the store has it, not decoded yet: that can be done in another process."""

    number: int
    iri: str
    raw: str  # what `raw_to_json` gave
    dating: str  # what `dating_to_json` gave
    first_seen: str  # this and the next two: what `iso` gave
    updated: str
    captured: str | None
    source: str
    tags: tuple[tuple[str, str, str, Role, float, str], ...]  # scheme, term, label, role, score, evidence
    keys: tuple[str, ...]  # hashed; see Record

    def entry(self) -> Entry:
        """Give the entry of the article; raise StoreError where the row is damaged."""
        article = Article(
            id=self.iri,
            raw=raw_from_json(self.raw),
            dating=dating_from_json(self.dating),
            tags=tuple(Tag(Category(*tag[:3]), *tag[3:]) for tag in self.tags),
            source=self.source,
            first_seen=time(self.first_seen),
        )
        return Entry(article, time(self.updated))

    def record(self, entry: Entry) -> Record:
        """Give what the article's page carries; `entry` is what `entry` gave."""
        article = entry.article
        return Record(
            article.id,
            article.raw,
            article.dating,
            entry.updated,
            None if article.dating.published else article.first_seen,
            time(self.captured) if self.captured else None,
            article.source,
            self.keys,
        )
