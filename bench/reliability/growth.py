"""Make what is read twice as long, and see that it takes no more than about twice the time.

    python bench/reliability/growth.py [--long] [--seed 1]

Every regular expression of the program, also those that are put together from tables, meets strings that are
made of its own parts: repeated, with a beginning before and something that does not fit behind. And the
whole way from a document to feeds and pages meets documents of one repeated piece, and what opens archives
meets archives of one repeated member. Each is measured at n and at 2n, in seconds of a core, the best of
several; broken is what grows more than 2.5 times, or takes more than 2 s, or 10 s for a document. The control
has patterns that are known to be bad, of which each has to be seen. In short, a pattern meets shorter and
fewer strings, and a document is of 60,000 characters, not of a million.
"""

from __future__ import annotations

import contextlib
import gc
import gzip
import importlib
import io
import logging
import pkgutil
import random
import re
import re._constants as sre
import re._parser as parser
import signal
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import FrameType, ModuleType
from typing import Any

from campaign import Tally, arguments, verdict

import feeds
from feeds.config import Config, Selection, Site
from feeds.containers import Limits, members
from feeds.model import Document, Problem
from feeds.read import MAX_BYTES
from feeds.text import legal
from feeds.understand import understand

MOST = 2.5  # times as long for twice as much
LENGTHS = (4_000, 10_000)  # characters that a pattern meets at first, in short and in long
SOME = 0.01  # seconds that are measured well enough
PATTERN, DOCUMENT = 2.0, 10.0  # seconds after which a measure is given up
NOW = datetime(2026, 1, 2, tzinfo=UTC)
CONFIG = Config(Site(base_url="https://news.example/"), Selection(formats=("atom", "rss", "json")))
TRIES = 5  # at each bad pattern: on a busy machine one measure may miss what grows just too fast
BAD = (
    r"(a+)+$",
    r"(a|a)*b",
    r"^(\w+\s?)*$",
    r"\s+$",
    r"<[^>]*>x",
    r"(.*),(.*),(.*)!",
    r"a.*b.*c",
    r"\d+\d+x",
)


class SlowError(BaseException):
    """It takes too long to be measured."""


def _stop(number: int, frame: FrameType | None) -> None:
    raise SlowError


def seconds(work: Callable[[], object], limit: float, times: int = 3) -> float:
    """Give the shortest time that a piece of work takes; the limit where it takes longer than that."""
    best = limit
    for _ in range(times):
        signal.setitimer(signal.ITIMER_VIRTUAL, limit)
        begin = time.process_time()
        try:
            work()
            best = min(best, time.process_time() - begin)
        except SlowError:
            return limit
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if best > SOME * 50:
            break
    return best


def grows(once: Callable[[int], Callable[[], object]], length: int, longest: int, limit: float) -> str | None:
    """Say how a work grows that is made for a length, where it grows too much.

    It is made longer until it takes long enough to be measured; a growth that is seen is measured again,
    for the machine has other work too.
    """
    short = seconds(once(length), limit)
    while short < SOME and length * 2 <= longest:
        length *= 2
        short = seconds(once(length), limit)
    if short < SOME:
        return None
    if short >= limit:
        return f"more than {limit:.0f} s for {length:,}"
    for _ in range(3):
        long = seconds(once(2 * length), limit)
        short = max(short, seconds(once(length), limit))
        if long < limit and long <= MOST * short:
            return None
        if long >= limit:
            break
    return f"{short:.3f} s for {length:,}, {long:.3f} s for twice as many"


# --- patterns --------------------------------------------------------------------------------------


_USED = re.compile(r"\bre\.(?:match|fullmatch|search|findall|finditer|sub|split)\((_?[A-Z]\w*),")


def patterns() -> dict[re.Pattern[str], str]:
    """Give every pattern of the program with its place: in modules, tables, and what functions keep."""
    for part in pkgutil.walk_packages(feeds.__path__, "feeds."):
        if not part.name.endswith("__main__"):
            importlib.import_module(part.name)
    found: dict[re.Pattern[str], str] = {}
    for name in sorted(sys.modules):
        if name.partition(".")[0] == "feeds":
            module = sys.modules[name]
            for key, value in vars(module).items():
                _collect(value, f"{name}.{key}", found, 0)
            for key in _USED.findall(_source(module)):  # a text that is compiled where it is used
                found.setdefault(re.compile(getattr(module, key)), f"{name}.{key}")
    # Also what was put together where it is used, and is kept by the module `re` or in a cache.
    understand(
        Document("a", "text/plain", "Lamp\n\nLamp is out in Oslo, 22 December 2025.\n" * 5, NOW, ""),
        CONFIG,
        NOW,
    )
    kept = [value for value in gc.get_objects() if isinstance(value, (dict, list, tuple, set))]
    ours = {compiled for holder in kept for compiled in _inside(holder)}
    sources = "\n".join(_source(module) for name, module in sys.modules.items() if name.startswith("feeds"))
    for compiled in ours - set(found):
        if isinstance(compiled.pattern, str) and compiled.pattern in sources:
            found[compiled] = "used in a function"
    return found


def _collect(value: object, place: str, found: dict[re.Pattern[str], str], depth: int) -> None:
    if isinstance(value, re.Pattern):
        found.setdefault(value, place)
    elif depth < 4 and isinstance(value, Mapping):
        for key, member in list(value.items())[:5_000]:
            _collect(member, f"{place}[{key!r:.30}]", found, depth + 1)
    elif depth < 4 and isinstance(value, (list, tuple, set, frozenset)):
        for number, member in enumerate(list(value)[:5_000]):
            _collect(member, f"{place}[{number}]", found, depth + 1)
    elif (
        callable(value)
        and hasattr(value, "cache_info")
        and getattr(value, "__module__", "").startswith("feeds")
    ):
        with contextlib.suppress(Exception):  # a table that is made when it is first asked for
            _collect(value(), f"{place}()", found, depth + 1)
    elif depth < 3 and type(value).__module__.startswith("feeds") and not isinstance(value, type):
        for key in (*getattr(type(value), "__slots__", ()), *getattr(value, "__dict__", ())):
            _collect(getattr(value, key, None), f"{place}.{key}", found, depth + 1)


def _inside(holder: Any) -> Iterator[re.Pattern[Any]]:
    values = holder.values() if isinstance(holder, dict) else holder
    try:
        yield from (value for value in values if isinstance(value, re.Pattern))
    except RuntimeError:  # it changed meanwhile
        return


def _source(module: ModuleType) -> str:
    import inspect

    try:
        return inspect.getsource(module)
    except (OSError, TypeError):
        return ""


class Parts:
    """Makes strings from the parts of a pattern."""

    def __init__(self, pattern: re.Pattern[Any], chance: random.Random) -> None:
        self._chance = chance
        self.units: list[str] = []  # what repeated parts match
        text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
        self.tree = parser.parse(
            text, pattern.flags & ~re.DEBUG & ~(re.UNICODE if isinstance(pattern.pattern, bytes) else 0)
        )
        self._collect(self.tree)

    def _collect(self, tree: Any) -> None:
        for op, value in tree:
            if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
                self.units.append(self.example(value[2]))
                if value[1] is sre.MAXREPEAT or value[1] > 20:
                    self.units.append(self.example(value[2]) * 5)
            for part in _below(op, value):
                self._collect(part)

    def example(self, tree: Any) -> str:
        """Give a string that a part of a pattern matches, in short."""
        return "".join(self._one(op, value) for op, value in tree)

    def _one(self, op: Any, value: Any) -> str:
        if op is sre.LITERAL:
            return chr(value)
        if op is sre.NOT_LITERAL:
            return "a" if value != ord("a") else "b"
        if op is sre.ANY:
            return "a"
        if op is sre.IN:
            return _member(value)
        if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            return self.example(value[2]) * max(value[0], min(1, int(value[1])))
        if op is sre.BRANCH:
            return self.example(self._chance.choice(value[1]))
        if op is sre.SUBPATTERN:
            return self.example(value[3])
        if op is sre.ATOMIC_GROUP:
            return self.example(value)
        return ""


def _below(op: Any, value: Any) -> list[Any]:
    if op in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
        return [value[2]]
    if op is sre.BRANCH:
        return list(value[1][:20])
    if op is sre.SUBPATTERN:
        return [value[3]]
    if op is sre.ATOMIC_GROUP:
        return [value]
    return [value[1]] if op in (sre.ASSERT, sre.ASSERT_NOT) else []


_CATEGORIES = {sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a"}


def _member(items: Any) -> str:
    """Give a character of a set."""
    if items[0][0] is sre.NEGATE:
        tried = [c for c in "a1 -.,\n\"'<é" if re.fullmatch(_set(items), c)]
        return tried[0] if tried else "ж"
    op, value = items[0]
    if op is sre.LITERAL:
        return chr(value)
    if op is sre.RANGE:
        return chr(value[0])
    return _CATEGORIES.get(value, "a" if value is not sre.CATEGORY_NOT_WORD else "-")


def _set(items: Any) -> str:
    classes = {
        "DIGIT": r"\d",
        "SPACE": r"\s",
        "WORD": r"\w",
        "NOT_DIGIT": r"\D",
        "NOT_SPACE": r"\S",
        "NOT_WORD": r"\W",
    }
    said = ""
    for op, value in items[1:]:
        if op is sre.LITERAL:
            said += re.escape(chr(value))
        elif op is sre.RANGE:
            said += f"{re.escape(chr(value[0]))}-{re.escape(chr(value[1]))}"
        elif op is sre.CATEGORY:
            said += classes[str(value).removeprefix("CATEGORY_")]
    return f"[^{said}]"


def strings(pattern: re.Pattern[Any], chance: random.Random, most: int) -> Iterator[tuple[str, str, str]]:
    """Give beginnings, what is repeated, and ends: parts of the pattern and what no pattern expects."""
    parts = Parts(pattern, chance)
    whole = parts.example(parts.tree)
    units = dict.fromkeys([*parts.units, whole, whole[: len(whole) // 2 + 1], whole[:1], whole[-1:], *_USUAL])
    units.pop("", None)
    made = [("", unit, "\x01") for unit in units]
    made += [(whole[: len(whole) // 2], unit, "\x01") for unit in units]
    made += [
        ("", one + other, "\x01") for one in list(units)[:4] for other in list(units)[:4] if one != other
    ]
    fixed, rest = made[: len(units)], made[len(units) :]
    yield from fixed
    yield from chance.sample(rest, min(most, len(rest)))


_USUAL = (" ", "a", "1", "\n", "<", "A ", "a, ", "(", "-", "a.", "é")


def of_pattern(
    pattern: re.Pattern[Any], chance: random.Random, most: int, length: int = LENGTHS[0]
) -> tuple[int, str | None]:
    """Count the strings that a pattern met, up to the first that it takes too long for."""
    count = 0
    for begin, unit, end in strings(pattern, chance, most):
        count += 1

        def once(length: int, begin: str = begin, unit: str = unit, end: str = end) -> Callable[[], object]:
            text: Any = begin + unit * (length // len(unit)) + end
            if isinstance(pattern.pattern, bytes):
                text = text.encode("utf-8", "replace")
            return lambda: pattern.sub(text[:0], text)  # from each place, as search and findall do

        if told := grows(once, length, 4 * length, PATTERN):
            return count, f"{pattern.pattern!r:.100} with {begin!r:.20} + {unit!r:.30} * n: {told}"
    return count, None


# --- documents -------------------------------------------------------------------------------------

PROSE = (
    "The lamp in the harbour of Bergen was out again on Monday, and the street was dark, the council said."
)
RSS = "<rss version='2.0'><channel><title>a</title>"
PAGE = f"<html><h1>Lamp</h1><p>{PROSE}</p>"
ITEM = "<newsItem><contentMeta><headline>Lamp</headline></contentMeta>"
LD = '<script type="application/ld+json">{}</script>'
NEWS = '{"@type": "NewsArticle", "headline": "Lamp out", "articleBody": "The lamp is out again."}'
# What is repeated between a beginning and an end, each n times a hundred characters long.
DOCUMENTS = {
    "one long line": ("", PROSE + " ", ""),
    "one long word": ("Lamp\n\n", "a", ""),
    "short lines": ("", "Lamp\n", ""),
    "empty lines": ("Lamp\n", "\n", "Lamp\n"),
    "paragraphs": ("Lamp Is Out in Bergen\n\n", PROSE + "\n\n", ""),
    "articles": ("", f"Lamp Is Out in Bergen\n\nA lamp (Reuters)\nA lamp (Reuters)\nTT\n\n{PROSE}\n\n", ""),
    "headlines": ("", "Lamp Is Out in Bergen Again\n\n", PROSE),
    "captions": ("Lamp Is Out in Bergen\n\n", "A lamp, December 21, 2025. (Reuters)\n", PROSE),
    "dates": ("Lamp Is Out\n\n", "December 21, 2025 10:15 GMT | 3 hours ago\n", PROSE),
    "bylines": ("Lamp Is Out\n\n", "By Kari Nordmann and Ola Hansen\n", PROSE),
    "credits": ("Lamp Is Out\n\n", "(Reuters) (AFP) ", "\n\n" + PROSE),
    "quotes": ("Lamp Is Out\n\n", '"', "\n\n" + PROSE),
    "names": ("Lamp Is Out\n\n", "Norway, Sweden, Oslo, ", ""),
    "capitals": ("Lamp Is Out\n\n", "United Nations Security ", "."),
    "arabic": ("مصباح\n\n", "افتتحت النرويج ميناء جديدا في بيرغن\n", ""),
    "chinese": ("灯\n\n", "挪威政府宣布卑尔根新港口正式启用。", ""),
    "divs": ("<html><h1>Lamp</h1>", "<div>", PROSE),
    "closed divs": ("<html><h1>Lamp</h1>", f"<div>{PROSE}</div>", ""),
    "breaks": ("<html><h1>Lamp</h1><div>", f"{PROSE}<br><br>", "</div>"),
    "marked up breaks": ("<html><h1>Lamp</h1><div>", f"<b>{PROSE}</b><br><br>", "</div>"),
    "links": (PAGE, "<a href='/a'>Lamp</a>", ""),
    "links in a text": ("<html><h1>Lamp</h1>", f"<p>{PROSE} <a href='/a'>Lamp</a></p>", ""),
    "nested articles": ("<html>", f"<article><h1>Lamp</h1><p>{PROSE}</p>", ""),
    "articles in a row": ("<html>", f"<article><h2><a href='/a'>Lamp</a></h2><p>{PROSE}</p></article>", ""),
    "main headings": ("<html>", f"<h1>Lamp</h1><p>{PROSE}</p>", ""),
    "headings alone": ("<html>", "<h2>Lamp</h2>", f"<p>{PROSE}</p>"),
    "nested headings": ("<html>", "<h1><div>Lamp", f"</h1><p>{PROSE}</p>"),
    "figures": (
        "<html><h1>Lamp</h1>",
        "<figure><img src='a'><figcaption>A lamp that is out</figcaption></figure>",
        "",
    ),
    "a figure of lines": (PAGE + "<figure>", "A lamp that is out<br><br>", "</figure>"),
    "parts of a picture": (PAGE + "<div class=picture>", "<div>A lamp that is out</div>", "</div>"),
    "times": (PAGE, "<time itemprop=datePublished datetime='2025-12-22'>x", ""),
    "writers": (PAGE, "<span class=author itemprop=author>x", ""),
    "meta": ("<html><head>", "<meta name='author' content='Kari'>", f"</head><h1>Lamp</h1><p>{PROSE}</p>"),
    "statements": (f"<html><h1>Lamp out</h1><p>{PROSE}</p>", LD.format(NEWS), ""),
    "one statement of many": (PAGE + f"<script type='application/ld+json'>[{NEWS}", f",{NEWS}", "]</script>"),
    "a statement that breaks off": (PAGE + "<script type='application/ld+json'>", '{"@graph":[', "</script>"),
    "table": (PAGE + "<table>", "<tr><td>Lamp<td>out", ""),
    "lists": (PAGE, f"<ul><li>{PROSE}</ul>", ""),
    "entities": ("<html><h1>Lamp</h1><p>", "&amp;&eacute;&#233;&lt;", "</p>"),
    "comments": (PAGE, "<!-- a -->", ""),
    "open comments": (PAGE, "<!-- a ", ""),
    "attributes": (PAGE + "<p ", "a='b' ", ">x</p>"),
    "classes": (PAGE + "<p class='", "author-name ", "'>x</p>"),
    "items": (RSS, f"<item><title>Lamp</title><description>{PROSE}</description></item>", "</channel></rss>"),
    "markup of an item": (
        RSS + "<item><title>Lamp</title><description>",
        "&lt;p&gt;Lamp&lt;br&gt;",
        "</description></item></channel></rss>",
    ),
    "categories": (RSS + "<item><title>Lamp</title>", "<category>lamp</category>", "</item></channel></rss>"),
    "nitf": (
        "<nitf><body><body.head><hl1>Lamp</hl1></body.head><body.content>",
        f"<p>{PROSE}</p>",
        "</body.content></body></nitf>",
    ),
    "newsml": (
        "<newsMessage><itemSet>",
        f"{ITEM}<subject qcode='a:b'/><inlineXML><p>{PROSE}</p></inlineXML></newsItem>",
        "</itemSet></newsMessage>",
    ),
    "schemes": (
        "<newsMessage>",
        f"<scheme alias='a' uri='b'/>{ITEM}</newsItem>",
        "</newsMessage>",
    ),
    "json items": (
        '{"version": "https://jsonfeed.org/version/1.1", "items": [{"title": "a"}',
        f',\n{{"title": "Lamp", "content_html": "<p>{PROSE}</p>"}}',
        "]}",
    ),
    "ninjs subjects": (
        '{"headline": "Lamp", "body_text": "Lamp.", "subject": [{"name": "a"}',
        ',{"code": "medtop:20000022", "name": "b"}',
        "]}",
    ),
    "unclosed tags in text": ("Lamp Is Out\n\n", "<", "\n\n" + PROSE),
    "addresses": ("Lamp Is Out\n\n", "https://news.example/a ", "\n\n" + PROSE),
    "digits": ("Lamp Is Out\n\n", "20251222", "\n\n" + PROSE),
    "dashes": ("Lamp Is Out\n\n", "OSLO - ", "\n\n" + PROSE),
    "marks": ("Lamp Is Out\n\n", "e\u0301\u0323", "\n\n" + PROSE),
}


def of_document(name: str, most: int) -> str | None:
    """Say where a document takes too much longer when it is twice as long."""
    begin, unit, end = DOCUMENTS[name]

    def once(length: int) -> Callable[[], object]:
        text = legal(begin + unit * (length // len(unit) + 1) + end)
        document = Document("seeds/a", "text/plain", text, NOW, "0")
        return lambda: _checked(document)

    told = grows(once, most // 4, most, DOCUMENT)
    return told and f"{name}: {told}"


def _checked(document: Document) -> None:
    from datetime import timedelta

    from feeds.identity import mint
    from feeds.model import Article, Entry, Feed
    from feeds.write import writers
    from feeds.write.links import Links
    from feeds.write.pages import PageWriter

    given = understand(document, CONFIG, NOW)
    assert not any(isinstance(p, Problem) and p.message.startswith("unexpected") for p in given.problems)
    entries = {
        mint(raw): Entry(Article(mint(raw), raw, dating, tags, "seeds/a", NOW), NOW - timedelta(seconds=n))
        for n, (raw, dating, tags) in enumerate(given.articles)
    }
    feed = Feed("urn:uuid:0", "all", "All", "", NOW, entries=tuple(entries.values()))
    for writer in writers(CONFIG):
        writer.write(feed)
    pages = PageWriter(CONFIG.site, Links.of(CONFIG.site.base_url))
    pages.feed(feed)
    for entry in list(entries.values())[:1]:
        pages.article(entry, {})


# --- archives --------------------------------------------------------------------------------------


def _record(head: str, body: bytes) -> bytes:
    return f"WARC/1.0\r\n{head}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body + b"\r\n\r\n"


def _zip(members_: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number in range(members_):
            archive.writestr(str(number), "Lamp")
    return packed.getvalue()


def _tar(members_: int) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for number in range(members_):
            archive.addfile(tarfile.TarInfo(str(number)))
    return packed.getvalue()


_LAMP = _record("WARC-Type: conversion\r\nContent-Type: text/plain", b"Lamp")
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
_CHUNK = b"1\r\na\r\n"
ARCHIVES: dict[str, Callable[[int], bytes]] = {
    "records": lambda n: _LAMP * n,
    "packed records": lambda n: gzip.compress(_LAMP) * n,
    "empty parts": lambda n: gzip.compress(_LAMP) + gzip.compress(b"") * n,
    "damaged parts": lambda n: gzip.compress(_LAMP) + (b"\x1f\x8b\x08" + b"x" * 20) * n,
    "wrong lengths": lambda n: b"WARC/1.0\r\nContent-Length: 16000000\r\n\r\nabc\n" * n,
    "headers": lambda n: b"WARC/1.0\r\n" + b"a: b\r\n" * n,
    "no line ends": lambda n: b"WARC/1.0" + b"a" * n * 10,
    "chunks": lambda n: _record(
        "WARC-Type: response\r\nWARC-Target-URI: http://a/", _ANSWER + b"1\r\na\r\n" * n
    ),
    "members of a zip": _zip,
    "members of a tar": _tar,
}


def of_archive(name: str, most: int) -> str | None:
    """Say where an archive takes too much longer when it has twice as many members."""

    def once(length: int) -> Callable[[], object]:
        data = ARCHIVES[name](length)
        return lambda: sum(1 for _ in members(io.BytesIO(data), Limits(member=MAX_BYTES), "a"))

    told = grows(once, most // 4, most, DOCUMENT)
    return told and f"{name}: {told}"


def main() -> int:
    """Run the campaign."""
    options = arguments(__doc__)
    logging.disable()
    signal.signal(signal.SIGVTALRM, _stop)
    chance = random.Random(options.seed)
    real, control = Tally(), Tally()
    found = patterns()
    for pattern, place in found.items():
        count, told = of_pattern(pattern, chance, 40 if options.long else 2, LENGTHS[options.long])
        real.count += count
        real.broken += [f"{place}: {told}"] if told else []
    for name in DOCUMENTS:
        real.count += 1
        if told := of_document(name, 1_000_000 if options.long else 60_000):
            real.broken.append(told)
    for name in ARCHIVES:
        real.count += 1
        if told := of_archive(name, 40_000 if options.long else 4_000):
            real.broken.append(told)
    for bad in BAD:
        for _ in range(TRIES):
            count, told = of_pattern(re.compile(bad), chance, 10)
            control.count += count
            if told:
                control.broken.append(told)
                break
    what = f"measures of {len(found)} patterns, {len(DOCUMENTS)} documents and {len(ARCHIVES)} archives"
    code = verdict("growth", what, real, control)
    return code or int(len(control.broken) < len(BAD))


if __name__ == "__main__":
    sys.exit(main())
