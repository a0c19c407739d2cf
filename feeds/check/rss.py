"""Check an RSS 2.0 feed: the specification's rules, and those of the readers and validators we know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from feeds.check.links import Place
from feeds.check.markup import check_markup
from feeds.model import Problem
from feeds.text import shown

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_CLOCKS_DIFFER = timedelta(minutes=10)


def check_rss(path: Path, root: Path | None, now: datetime, ids: list[str]) -> Iterator[Problem]:
    """Give what is wrong with the feed in a file; add its items' ids to `ids`."""
    from lxml import etree

    name = shown(path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        tree = etree.parse(path, parser)
    except (etree.XMLSyntaxError, OSError) as error:
        yield Problem(name, getattr(error, "lineno", None), f"not well-formed XML: {error}")
        return
    if tree.docinfo.internalDTD is not None:
        yield Problem(name, 1, "holds a DOCTYPE, expected none")
    rss = tree.getroot()
    channel = rss.find("channel")
    if rss.tag != "rss" or rss.get("version") != "2.0" or channel is None or len(rss) != 1:
        yield Problem(name, rss.sourceline, "expected rss of version 2.0 with one channel")
        return
    yield from _channel(channel, path, root, now)
    ids.extend(item.findtext("guid") or "" for item in channel.iterfind("item"))
    repeated = [guid for guid, n in Counter(ids).items() if n > 1]
    yield from (Problem(name, None, f"several items of the guid {guid}") for guid in repeated)


def _channel(channel: Any, path: Path, root: Path | None, now: datetime) -> Iterator[Problem]:
    name = shown(path)
    for what in ("title", "link", "description"):
        if len(channel.findall(what)) != 1 or not (channel.findtext(what) or "").strip():
            yield Problem(name, channel.sourceline, f"the channel has no {what}, or several")
    selves = [link.get("href") for link in channel.iterfind(f"{_ATOM}link") if link.get("rel") == "self"]
    place = Place.of(path, root, selves[0] if selves else None)
    yield from place.refutes(selves[0] if selves else None)
    yield from place.check(channel.findtext("link"), channel.sourceline)
    for link in channel.iterfind(f"{_ATOM}link"):
        yield from place.check(link.get("href"), link.sourceline)
    built = channel.find("lastBuildDate")
    if built is not None:
        yield from _date(built, name, now)
    for item in channel.iterfind("item"):
        yield from _item(item, place, now)


def _item(item: Any, place: Place, now: datetime) -> Iterator[Problem]:
    name, line = shown(place.path), item.sourceline
    yield from (Problem(name, line, fault) for fault in _parts(item))
    if item.find("link") is not None:
        yield from place.check(item.findtext("link"), line)
    date = item.find("pubDate")
    if date is not None:
        yield from _date(date, name, now)


def _parts(item: Any) -> Iterator[str]:
    """Say what is wrong with the parts of an item."""
    tags = [child.tag for child in item]
    for what in ("title", "link", "description", "guid", "pubDate", "source", "enclosure", _CONTENT):
        if tags.count(what) > 1:
            yield f"the item has several {what.rpartition('}')[2]}"
    if not (item.findtext("title") or "").strip():
        yield "the item's title is empty"
    if _CONTENT in tags and "description" in tags and tags.index(_CONTENT) < tags.index("description"):
        yield "content:encoded stands before the description"
    if not (item.findtext("description") or item.findtext(_CONTENT)):
        yield "the item has neither description nor content"
    if "author" in tags and _CREATOR in tags:
        yield "the item has both author and dc:creator"
    yield from check_markup(item.findtext(_CONTENT))
    yield from check_markup(item.findtext("description"))
    yield from _guid(item.find("guid"))
    enclosure = item.find("enclosure")
    if enclosure is not None and not (enclosure.get("type") and (enclosure.get("length") or "").isdigit()):
        yield "the enclosure states no type or no length"


def _guid(guid: Any) -> Iterator[str]:
    if guid is None or not guid.text:
        yield "the item has no guid"
    elif guid.get("isPermaLink") != "false" and not guid.text.startswith(("http://", "https://")):
        yield "the guid is no address, and does not say isPermaLink=false"


def _date(element: Any, name: str, now: datetime) -> Iterator[Problem]:
    """Check a date of RFC 822, with a year of four digits and a zone."""
    text = element.text or ""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        yield Problem(name, element.sourceline, f"no date of RFC 822: {text}")
        return
    if moment.tzinfo is None or text[-5:-4] not in ("+", "-"):
        yield Problem(name, element.sourceline, f"a date without a zone such as +0000: {text}")
    elif moment.year < 1970 or moment > now + _CLOCKS_DIFFER:
        yield Problem(name, element.sourceline, f"an implausible date: {text}")
    elif f"{moment:%a}" != text[:3]:
        yield Problem(name, element.sourceline, f"a date of another day of the week: {text}")
