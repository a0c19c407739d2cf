"""Put values into the store's columns and back."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from feeds.model import Dating, RawArticle, StoreError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(RawArticle)


def listed(numbers: Iterable[int]) -> str:
    """Give numbers, however many, as one value of a statement: for `IN (SELECT value FROM json_each(?))`."""
    return f"[{','.join(map(str, numbers))}]"


def iso(moment: datetime | None) -> str:
    """Give a time in whole seconds, UTC, as text that sorts as times do."""
    return f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}+00:00" if moment else ""


def time(text: str) -> datetime:
    """Read what `iso` gave; raise StoreError where it is something else."""
    try:
        return datetime.fromisoformat(text)
    except (ValueError, TypeError) as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> StoreError:
    return StoreError(f"the store holds a damaged row: {error} (see feeds doctor and feeds rebuild)")


def unfit(what: str) -> StoreError:
    """Say that a row does not fit its checksum."""
    return _damaged(ValueError(f"{what} does not fit its checksum"))


def rank(newest: datetime | str, iri: str) -> str:
    """Give the text by which an entry stands in its feeds: its time, then a part of its id."""
    return f"{newest if isinstance(newest, str) else iso(newest)} {iri[9:17]}"


def raw_to_json(raw: RawArticle) -> str:
    """Give an article's words as JSON, without the empty fields."""
    return _ENCODER.encode(raw).decode()


def raw_from_json(text: str) -> RawArticle:
    """Read what `raw_to_json` gave."""
    try:
        return _DECODER.decode(text)
    except (msgspec.MsgspecError, ValueError) as error:
        raise _damaged(error) from error


def dating_to_json(dating: Dating) -> str:
    """Give an article's dates as JSON, without the empty fields; times as RFC 3339."""
    values = ((name, getattr(dating, name)) for name in dating.__struct_fields__)
    fields = {name: value for name, value in values if value not in (None, False)}
    return json.dumps(fields, ensure_ascii=False, default=iso, separators=(",", ":"))


def dating_from_json(text: str) -> Dating:
    """Read what `dating_to_json` gave."""
    try:
        data = json.loads(text)
        return Dating(
            published=time(data["published"]) if "published" in data else None,
            precision=data.get("precision"),
            basis=data["basis"],
            inferred=data.get("inferred", False),
            updated=time(data["updated"]) if "updated" in data else None,
        )
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged(error) from error


def key_hash(key: str) -> str:
    """Give the name under which an article is found again, as it is kept."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def row_checksum(values: Iterable[object]) -> str:
    """Give a digest of a row's columns, by which damage shows."""
    return hashlib.sha256("\x1f".join(map(str, values)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
