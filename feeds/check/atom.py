"""Check an Atom feed: against the RFC 4287 schema, RFC 5005, and the rules that readers showed us."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from os.path import normpath
from pathlib import Path
from typing import Any

from msgspec import Struct

from feeds.check.links import Place
from feeds.check.markup import check_markup
from feeds.model import Problem
from feeds.text import shown

_ATOM = "{http://www.w3.org/2005/Atom}"
_HISTORY = "{http://purl.org/syndication/history/1.0}"
_CLOCKS_DIFFER = timedelta(minutes=10)  # as the W3C validator allows
_SCHEMA = Path(__file__).parent.parent / "data" / "atom.rng"  # RFC 4287 appendix B


class _Place(Struct, frozen=True):
    """What a feed says of its place in the history of a feed; each a file, or None."""

    name: str
    is_archive: bool
    current: Path | None
    previous: Path | None
    next: Path | None


class AtomChecker:
    """Checks the Atom feeds of a site, and keeps what has to agree between them."""

    def __init__(self, root: Path | None, now: datetime) -> None:
        """Take the site's folder, None for one feed alone, and the clock; read the schema."""
        from lxml import etree

        self._root, self._now = root, now
        self._schema = etree.RelaxNG(etree.parse(_SCHEMA))
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        self._entries: dict[str, tuple[str, bytes]] = {}
        self._places: dict[Path, _Place] = {}
        self.ids: dict[Path, list[str]] = {}  # of the entries of each file

    def check(self, path: Path) -> Iterator[Problem]:
        """Give what is wrong with the feed in a file."""
        from lxml import etree

        name = shown(path)
        try:
            tree = etree.parse(path, self._parser)
        except (etree.XMLSyntaxError, OSError) as error:
            yield Problem(name, getattr(error, "lineno", None), f"not well-formed XML: {error}")
            return
        if tree.docinfo.internalDTD is not None:
            yield Problem(name, 1, "holds a DOCTYPE, expected none")
        if not self._schema.validate(tree):
            for fault in self._schema.error_log:
                yield Problem(name, fault.line, f"RFC 4287: {fault.message}")
            return
        feed = tree.getroot()
        yield from _feed(feed, name, self._now)
        yield from self._links(feed, name, path)
        self.ids[path] = [entry.findtext(f"{_ATOM}id") for entry in feed.iterfind(f"{_ATOM}entry")]
        for entry in feed.iterfind(f"{_ATOM}entry"):
            yield from _same_everywhere(entry, name, self._entries)

    def history(self) -> Iterator[Problem]:
        """Check that archives lead to one another (RFC 5005 section 4), once every file was checked."""
        for path, place in self._places.items():
            if place.is_archive and place.current is None:
                yield Problem(place.name, None, "RFC 5005: an archive without a link to the current feed")
            if not place.is_archive and place.next:
                yield Problem(place.name, None, "RFC 5005: a next-archive of a feed that is no archive")
            before = self._places.get(place.previous) if place.previous else None
            if before is None:
                continue
            if not before.is_archive:
                yield Problem(place.name, None, f"RFC 5005: its prev-archive {before.name} is no archive")
            if place.is_archive and before.next != path:
                yield Problem(place.name, None, f"RFC 5005: {before.name} does not lead forward to it")
            yield from self._shared(path, place)

    def _shared(self, path: Path, place: _Place) -> Iterator[Problem]:
        """Check that no archived entry stands in two archives of one feed, where both are neighbours."""
        if place.is_archive and place.previous:
            both = set(self.ids.get(path, ())) & set(self.ids.get(place.previous, ()))
            yield from (Problem(place.name, None, f"{i} stands in two archives") for i in sorted(both))

    def _links(self, feed: Any, name: str, path: Path) -> Iterator[Problem]:
        """Check the links of the feed and its entries; note where it stands in its history."""
        links = {link.get("rel"): link.get("href") for link in feed.iterfind(f"{_ATOM}link")}
        place = Place.of(path, self._root, links.get("self"))
        yield from place.refutes(links.get("self"))
        for link in feed.iter(f"{_ATOM}link"):
            yield from place.check(link.get("href"), link.sourceline)

        def led(rel: str) -> Path | None:
            target = place.target(links[rel]) if rel in links else None
            return Path(normpath(target)) if target else None

        is_archive = feed.find(f"{_HISTORY}archive") is not None
        if is_archive and feed.find(f"{_HISTORY}complete") is not None:
            yield Problem(name, feed.sourceline, "RFC 5005: both complete and an archive")
        self._places[Path(normpath(path))] = _Place(
            name, is_archive, led("current"), led("prev-archive"), led("next-archive")
        )


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
        yield from _entry(entry, name)


def _entry(entry: Any, name: str) -> Iterator[Problem]:
    links = entry.findall(f"{_ATOM}link")
    alternates = [(k.get("type"), k.get("hreflang")) for k in links if k.get("rel") == "alternate"]
    if len(set(alternates)) < len(alternates):
        yield Problem(name, entry.sourceline, "two alternate links of one type and language")
    if not alternates:  # as where nothing is known to lead to
        links = [link for link in links if link.get("rel") != "enclosure"]
    if links and (links[0].get("rel") != "alternate" or links[0].get("type") != "text/html"):
        yield Problem(name, entry.sourceline, "the entry's first link is no alternate of type text/html")
    if not (entry.findtext(f"{_ATOM}summary") or entry.findtext(f"{_ATOM}content")):
        yield Problem(name, entry.sourceline, "the entry has neither summary nor content")
    for fault in check_markup(entry.findtext(f"{_ATOM}content")):
        yield Problem(name, entry.sourceline, fault)
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


def _same_everywhere(entry: Any, name: str, seen: dict[str, tuple[str, bytes]]) -> Iterator[Problem]:
    """Check that an entry is the same in each feed: titles and words, not the relative links."""
    words = "\n".join(
        entry.findtext(f"{_ATOM}{what}") or ""
        for what in ("title", "updated", "published", "summary", "content")
    ).encode()
    first, known = seen.setdefault(entry.findtext(f"{_ATOM}id"), (name, words))
    if known != words:
        yield Problem(name, entry.sourceline, f"the entry differs from the one of the same id in {first}")
