"""Check a JSON Feed against version 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from feeds.check.links import Place
from feeds.check.markup import check_markup
from feeds.model import Problem
from feeds.text import shown

_CLOCKS_DIFFER = timedelta(minutes=10)
_FEED: Mapping[str, type] = {
    "version": str,
    "title": str,
    "home_page_url": str,
    "feed_url": str,
    "description": str,
    "user_comment": str,
    "next_url": str,
    "icon": str,
    "favicon": str,
    "authors": list,
    "language": str,
    "expired": bool,
    "hubs": list,
    "items": list,
}
_ITEM: Mapping[str, type] = {
    "id": str,
    "url": str,
    "external_url": str,
    "title": str,
    "content_html": str,
    "content_text": str,
    "summary": str,
    "image": str,
    "banner_image": str,
    "date_published": str,
    "date_modified": str,
    "authors": list,
    "tags": list,
    "language": str,
    "attachments": list,
}


def check_json(path: Path, root: Path | None, now: datetime, ids: list[str]) -> Iterator[Problem]:
    """Give what is wrong with the feed in a file; add its items' ids to `ids`."""
    name = shown(path)
    try:
        feed = json.loads(path.read_bytes().decode("utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        yield Problem(name, None, f"no JSON: {error}")
        return
    if not isinstance(feed, dict):
        yield Problem(name, None, "expected an object")
        return
    faults = list(_head(feed))
    yield from (Problem(name, None, fault) for fault in faults)
    if faults:
        return
    place = Place.of(path, root, feed.get("feed_url"))
    yield from place.refutes(feed.get("feed_url"))
    for what in ("home_page_url", "next_url", "feed_url"):
        if what in feed:
            yield from place.check(feed[what])
    for number, item in enumerate(feed["items"], 1):
        yield from (Problem(name, None, f"item {number}: {fault}") for fault in _item(item, now))
    items = [item for item in feed["items"] if isinstance(item, dict)]
    for item in items:
        if isinstance(item.get("url"), str):
            yield from place.check(item["url"])
    ids.extend(str(item.get("id")) for item in items)
    yield from (Problem(name, None, f"several items of the id {i}") for i, n in Counter(ids).items() if n > 1)


def _head(feed: Mapping[str, Any]) -> Iterator[str]:
    yield from _members(feed, _FEED, ("version", "title", "items"))
    yield from _people(feed)
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield f"its version is {feed.get('version')!r}, expected that of JSON Feed 1.1"
    for hub in _list(feed, "hubs"):
        if not (isinstance(hub, dict) and hub.get("type") and hub.get("url")):
            yield "a hub without type and url"
    if "next_url" in feed and feed["next_url"] == feed.get("feed_url"):
        yield "its next_url is its own"


def _members(value: Mapping[str, Any], known: Mapping[str, type], needed: tuple[str, ...]) -> Iterator[str]:
    yield from (f"no {key}" for key in needed if key not in value)
    for key, member in value.items():
        if key.startswith("_"):  # an extension's
            if not isinstance(member, dict):
                yield f"the extension {key} is no object"
        elif key not in known:
            yield f"{key} is no member of JSON Feed 1.1"
        elif not isinstance(member, known[key]):
            yield f"{key} is not of the type that JSON Feed 1.1 gives it"


def _list(value: Mapping[str, Any], key: str) -> list[Any]:
    """Give a member that should be a list; what is none was named already."""
    member = value.get(key)
    return member if isinstance(member, list) else []


def _people(value: Mapping[str, Any]) -> Iterator[str]:
    for author in _list(value, "authors"):
        if not isinstance(author, dict) or not any(author.get(key) for key in ("name", "url", "avatar")):
            yield "an author without name, url and avatar"


def _item(item: Any, now: datetime) -> Iterator[str]:
    if not isinstance(item, dict):
        yield "no object"
        return
    yield from _members(item, _ITEM, ("id",))
    yield from _people(item)
    if not ("content_html" in item or "content_text" in item):
        yield "neither content_html nor content_text"
    if not all(isinstance(tag, str) for tag in _list(item, "tags")):
        yield "a tag that is no string"
    yield from check_markup(str(item.get("content_html", "")))
    for attachment in _list(item, "attachments"):
        if not isinstance(attachment, dict) or not (attachment.get("url") and attachment.get("mime_type")):
            yield "an attachment without url or mime_type"
    for what in ("date_published", "date_modified"):
        if what in item:
            yield from _date(str(item[what]), what, now)


def _date(text: str, what: str, now: datetime) -> Iterator[str]:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        yield f"{what} is no date of RFC 3339: {text}"
        return
    if moment.tzinfo is None or "T" not in text:
        yield f"{what} is no date of RFC 3339: {text}"
    elif moment.year < 1970 or moment > now + _CLOCKS_DIFFER:
        yield f"an implausible {what}: {text}"
