"""Check written feeds: against the RFC 4287 schema, and against the rules that readers showed us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from feeds.model import Problem
from feeds.text import shown

_ATOM = "{http://www.w3.org/2005/Atom}"
_CLOCKS_DIFFER = timedelta(minutes=10)  # as the W3C validator allows
_SCHEMA = Path(__file__).parent / "data" / "atom.rng"  # RFC 4287 appendix B


def feed_files(output: Path) -> list[Path]:
    """Give the feeds of an output folder, or the one file that is named."""
    return sorted(output.rglob("*.atom")) if output.is_dir() else [output]


def check(output: Path, now: datetime) -> Iterator[Problem]:
    """Give what is wrong with each feed under a folder, with its line."""
    from lxml import etree

    schema = etree.RelaxNG(etree.parse(_SCHEMA))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    entries: dict[str, tuple[str, bytes]] = {}
    for path in feed_files(output):
        name = shown(path)
        try:
            tree = etree.parse(path, parser)
        except (etree.XMLSyntaxError, OSError) as error:
            yield Problem(name, getattr(error, "lineno", None), f"not well-formed XML: {error}")
            continue
        if tree.docinfo.internalDTD is not None:
            yield Problem(name, 1, "holds a DOCTYPE, expected none")
        if not schema.validate(tree):
            for fault in schema.error_log:
                yield Problem(name, fault.line, f"RFC 4287: {fault.message}")
            continue
        feed = tree.getroot()
        yield from _feed(feed, name, now)
        yield from _links(feed, name, path, output)
        for entry in feed.iter(f"{_ATOM}entry"):
            yield from _same_everywhere(entry, name, path, entries)


def _feed(feed: Any, name: str, now: datetime) -> Iterator[Problem]:
    """Check what the schema can't say of one feed."""
    entries = feed.findall(f"{_ATOM}entry")
    if feed.find(f"{_ATOM}author") is None:
        yield Problem(name, feed.sourceline, "the feed has no author")
    for what in ("id", "updated"):
        values = Counter(entry.findtext(f"{_ATOM}{what}") for entry in entries)
        yield from (
            Problem(name, None, f"{n} entries share the {what} {v}") for v, n in values.items() if n > 1
        )
    newest = max((_moment(entry, "updated") for entry in entries), default=None)
    if newest and newest > _moment(feed, "updated"):
        yield Problem(name, feed.sourceline, "the feed's updated is earlier than an entry's")
    for element in (feed, *entries):
        yield from _times(element, name, now)
    for entry in entries:
        links = entry.findall(f"{_ATOM}link")
        if not links or links[0].get("rel") != "alternate" or links[0].get("type") != "text/html":
            yield Problem(name, entry.sourceline, "the entry's first link is no alternate of type text/html")
        if not (entry.findtext(f"{_ATOM}summary") or entry.findtext(f"{_ATOM}content")):
            yield Problem(name, entry.sourceline, "the entry has neither summary nor content")
        if not (entry.findtext(f"{_ATOM}title") or "").strip():
            yield Problem(name, entry.sourceline, "the entry's title is empty")


def _times(element: Any, name: str, now: datetime) -> Iterator[Problem]:
    for what in ("published", "updated"):
        node = element.find(f"{_ATOM}{what}")
        if node is None:
            continue
        moment = datetime.fromisoformat(node.text)
        if moment.year < 1970 or moment > now + _CLOCKS_DIFFER:
            yield Problem(name, node.sourceline, f"an implausible {what} date: {node.text}")
    published = element.find(f"{_ATOM}published")
    if published is not None and _moment(element, "published") > _moment(element, "updated"):
        yield Problem(name, published.sourceline, "published is later than updated")


def _moment(element: Any, what: str) -> datetime:
    return datetime.fromisoformat(element.findtext(f"{_ATOM}{what}"))


def _links(feed: Any, name: str, path: Path, output: Path) -> Iterator[Problem]:
    """Check that links may be followed, and that those into the site lead to a file."""
    own = next((link.get("href") for link in feed.findall(f"{_ATOM}link") if link.get("rel") == "self"), None)
    root = output if output.is_dir() else path.parent
    base = _base(own, path, root)
    for link in feed.iter(f"{_ATOM}link"):
        href = link.get("href")
        parts = urlsplit(href)
        if parts.scheme not in ("", "http", "https", "mailto") or not href.isascii() or " " in href:
            yield Problem(name, link.sourceline, f"a link that readers can't follow: {href}")
        elif base and href.startswith(base):
            target = root / unquote(href[len(base) :])
            if not target.exists():
                yield Problem(name, link.sourceline, f"a link to a page that is not there: {href}")
        elif not parts.scheme and output.is_dir() and not (path.parent / unquote(parts.path)).exists():
            yield Problem(name, link.sourceline, f"a link to a page that is not there: {href}")


def _base(own: str | None, path: Path, root: Path) -> str | None:
    """Give the site's address from a feed's self link and its place in the folder."""
    place = path.relative_to(root).as_posix()
    return own[: -len(place)] if own and unquote(own).endswith(place) else None


def _same_everywhere(
    entry: Any, name: str, path: Path, seen: dict[str, tuple[str, bytes]]
) -> Iterator[Problem]:
    """Check that an entry is the same in each feed: titles and words, not the relative links."""
    words = "\n".join(
        entry.findtext(f"{_ATOM}{what}") or ""
        for what in ("title", "updated", "published", "summary", "content")
    ).encode()
    first, known = seen.setdefault(entry.findtext(f"{_ATOM}id"), (name, words))
    if known != words:
        yield Problem(name, entry.sourceline, f"the entry differs from the one of the same id in {first}")
