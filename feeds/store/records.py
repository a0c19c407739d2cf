"""Carry an article in its page as data, from which a lost store is made anew."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feeds.model import Dating, RawArticle, StoreError
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


@dataclass(frozen=True, slots=True)
class Record:
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
            "dating": json.loads(dating_to_json(self.dating)),
            "article": json.loads(raw_to_json(self.raw)),
        }
        return _json({**data, "sum": row_checksum([_json(data)])})

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
