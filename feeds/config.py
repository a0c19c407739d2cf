"""Read feeds.toml into a frozen Config."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds import vocab
from feeds.model import ConfigError

FORMATS = ("atom", "rss", "json")
CONTENTS = ("full", "summary")


@dataclass(frozen=True, slots=True)
class Site:
    """What the feeds say about themselves; section [site]."""

    title: str = "Feeds"
    subtitle: str = "Captured news, by topic and by country"
    base_url: str = ""  # where output/ is served; empty: links are relative, and there is no self link
    id: str = ""  # the key of the feeds' ids; empty: the first base_url that a build saw
    author: str = ""  # who publishes the feeds; empty: the title
    rights: str = "The rights in each article remain with its publisher."
    language: str = "en"  # of titles and pages; BCP 47
    time_zone: str = "UTC"  # of printed dates that name no zone; IANA name
    hub: str = ""  # a WebSub hub that readers may subscribe at, and that `feeds ping` tells


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries stand in a feed; section [feeds]."""

    limit: int = 50  # newest entries in a feed
    mentions: bool = False  # country feeds also hold articles that only mention the country
    regions: tuple[str, ...] = ()  # UN M49 codes of the regions that get a feed
    formats: tuple[str, ...] = ("atom",)  # each feed is written in these: atom (always), rss, json
    content: str = "full"  # what an entry holds: the full text, or its summary alone
    include: tuple[str, ...] = ()  # only the feeds of these slugs, such as countries/*; empty: all
    exclude: tuple[str, ...] = ()  # not those of these
    min_articles: int = 1  # a topic or country gets its feed with so many articles
    partition: bool = False  # each article in the topic feed that suits it best, and in no other
    archives: bool = True  # each feed pages back through its months (RFC 5005)
    status: bool = False  # a feed, status.atom, about what goes wrong


@dataclass(frozen=True, slots=True)
class OwnTopic:
    """A topic of the user's own; section [topics.SLUG].

    Terms are words or phrases; a star at the end of one stands for any ending.
    """

    slug: str
    label: str
    any: tuple[str, ...] = ()  # one of them has to be in the article
    all: tuple[str, ...] = ()  # each of them has to be
    none: tuple[str, ...] = ()  # none of them may be
    countries: tuple[str, ...] = ()  # it has to be about one of them; ISO 3166-1 alpha-2
    parent: str = ""  # a Media Topic that it belongs to, such as medtop:20000638


@dataclass(frozen=True, slots=True)
class Mix:
    """A feed from a condition; one of [[mixes]]. Each key that is given has to hold."""

    slug: str
    title: str
    countries: tuple[str, ...] = ()  # about one of them
    topics: tuple[str, ...] = ()  # about one of them: medtop codes, or slugs of own topics
    agencies: tuple[str, ...] = ()  # from one of them, as credited
    languages: tuple[str, ...] = ()  # in one of them, BCP 47
    any: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """feeds.toml, checked."""

    site: Site = field(default_factory=Site)
    feeds: Selection = field(default_factory=Selection)
    sources: Mapping[str, str] = field(default_factory=dict)  # host or folder -> home country
    topics: tuple[OwnTopic, ...] = ()
    mixes: tuple[Mix, ...] = ()

    def served_at(self, base_url: str) -> Config:
        """Give the same configuration with another base URL; raise ConfigError where it is none."""
        if not _is_web_address(base_url):
            raise ConfigError(f"--base-url: expected an http or https URL, not {base_url!r}")
        return replace(self, site=replace(self.site, base_url=base_url))

    def zone(self) -> ZoneInfo:
        """Give the zone of printed dates that name none."""
        return ZoneInfo(self.site.time_zone)


def load(path: Path) -> Config:
    """Read a configuration file; raise ConfigError naming its line and key where it can't be used."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: not UTF-8 at byte {error.start}, expected a TOML file") from error
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    return _Reader(str(path), text).config(data)


def _is_web_address(url: str) -> bool:
    """Say whether pages can be served at a URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)


_Place = tuple[str | int, ...]
_EXPECTED = {"str": "a string", "int": "a whole number", "bool": "true or false"}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


class _Reader:
    """Checks one parsed file; keeps its text to name lines, which tomllib forgets."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()

    def config(self, data: dict[str, Any]) -> Config:
        self._known(data, [f.name for f in fields(Config)], ())
        site = self._table(data.get("site", {}), Site, ("site",))
        selection = self._table(data.get("feeds", {}), Selection, ("feeds",))
        self._check_site(site)
        if selection.limit < 1:
            raise self._error(("feeds", "limit"), f"expected 1 or more, not {selection.limit}")
        if selection.min_articles < 1:
            raise self._error(("feeds", "min_articles"), f"expected 1 or more, not {selection.min_articles}")
        self._among(selection.formats, FORMATS, ("feeds", "formats"), f"one of {', '.join(FORMATS)}")
        self._among([selection.content], CONTENTS, ("feeds", "content"), f"one of {', '.join(CONTENTS)}")
        self._among(selection.regions, vocab.regions(), ("feeds", "regions"), "a UN M49 region such as 150")
        topics = self._own_topics(data.get("topics", {}))
        return Config(
            site, selection, self._sources(data.get("sources", {})), topics, self._mixes(data, topics)
        )

    def _table(self, values: Any, kind: type[Any], place: _Place, **given: str) -> Any:
        """Read a table into a dataclass: known keys, each of its field's type."""
        if not isinstance(values, dict):
            raise self._error(place, "expected a table")
        known = {f.name: f for f in fields(kind) if f.name not in given}
        self._known(values, list(known), place)
        for name, needed in known.items():
            if name not in values and needed.default is MISSING and needed.default_factory is MISSING:
                raise self._error(place, f"expected a key {name!r}")
        return kind(
            **given, **{key: self._value(value, known[key], (*place, key)) for key, value in values.items()}
        )

    def _value(self, value: Any, wanted: Field[Any], place: _Place) -> Any:
        kind = str(wanted.type)
        if kind.startswith("tuple"):
            if not isinstance(value, list) or not all(
                isinstance(item, str) and item.strip() for item in value
            ):
                raise self._error(place, f"expected a list of strings, not {value!r}")
            return tuple(value)
        if type(value).__name__ != kind:
            raise self._error(place, f"expected {_EXPECTED[kind]}, not {value!r}")
        return value

    def _check_site(self, site: Site) -> None:
        if not site.title.strip():
            raise self._error(("site", "title"), "expected some text")
        if site.base_url:
            parts = urlsplit(site.base_url)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
                raise self._error(
                    ("site", "base_url"), f"expected an http or https URL, not {site.base_url!r}"
                )
        if site.hub and not _is_web_address(site.hub):
            raise self._error(("site", "hub"), f"expected an http or https URL, not {site.hub!r}")
        if not _LANGUAGE.fullmatch(site.language):
            raise self._error(
                ("site", "language"), f"expected a BCP 47 tag such as en-GB, not {site.language!r}"
            )
        try:
            ZoneInfo(site.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self._error(
                ("site", "time_zone"), f"expected an IANA zone, not {site.time_zone!r}"
            ) from error

    def _sources(self, values: Any) -> dict[str, str]:
        if not isinstance(values, dict):
            raise self._error(("sources",), "expected a table")
        for key, code in values.items():
            self._among([code], vocab.countries(), ("sources", key), "an ISO 3166-1 alpha-2 code")
        return values

    def _own_topics(self, values: Any) -> tuple[OwnTopic, ...]:
        if not isinstance(values, dict):
            raise self._error(("topics",), "expected tables such as [topics.nuclear-deal]")
        topics = []
        for slug, table in values.items():
            place: _Place = ("topics", slug)
            self._check_slug(slug, place)
            if slug in vocab.topic_slugs():
                found = vocab.topic_slugs()[slug]
                raise self._error(place, f"is the feed of medtop:{found} already, choose another slug")
            topic: OwnTopic = self._table(table, OwnTopic, place, slug=slug)
            self._among(
                topic.countries, vocab.countries(), (*place, "countries"), "an ISO 3166-1 alpha-2 code"
            )
            parents = [topic.parent.removeprefix("medtop:")] if topic.parent else []
            self._among(parents, vocab.topics(), (*place, "parent"), "a Media Topic such as medtop:20000638")
            if not (topic.any or topic.all):
                raise self._error(place, "expected terms under 'any' or 'all'")
            self._check_terms(topic, place)
            topics.append(topic)
        return tuple(topics)

    def _mixes(self, data: dict[str, Any], topics: tuple[OwnTopic, ...]) -> tuple[Mix, ...]:
        values = data.get("mixes", [])
        if not isinstance(values, list):
            raise self._error(("mixes",), "expected [[mixes]]")
        mixes: list[Mix] = []
        known = (
            {*(f"medtop:{term}" for term in vocab.topics()), *(t.slug for t in topics)} if values else set()
        )
        for number, table in enumerate(values):
            place: _Place = ("mixes", number)
            mix: Mix = self._table(table, Mix, place)
            self._check_slug(mix.slug, (*place, "slug"))
            self._among(mix.countries, vocab.countries(), (*place, "countries"), "an ISO 3166-1 alpha-2 code")
            self._among(
                mix.topics, known, (*place, "topics"), "medtop:20000638 or the slug of a topic of yours"
            )
            self._check_terms(mix, place)
            if mix.slug in (m.slug for m in mixes):
                raise self._error((*place, "slug"), f"a second mix of the slug {mix.slug!r}")
            if not any(getattr(mix, f.name) for f in fields(Mix)[2:]):
                raise self._error(place, "expected a condition")
            mixes.append(mix)
        return tuple(mixes)

    def _check_terms(self, rule: OwnTopic | Mix, place: _Place) -> None:
        for key in ("any", "all", "none"):
            for term in getattr(rule, key):
                letters = sum(character.isalnum() for character in term)
                if letters < (3 if term.endswith("*") else 1) or "*" in term[:-1]:
                    hint = "expected a word or phrase, with a star at its end alone and after three letters"
                    raise self._error((*place, key), f"{hint}, not {term!r}")

    def _check_slug(self, slug: str, place: _Place) -> None:
        if not _SLUG.fullmatch(slug) or len(slug) > 60:
            raise self._error(place, f"expected a slug of a-z, 0-9 and hyphens, not {slug!r}")

    def _among(self, values: Iterable[Any], known: Iterable[str], place: _Place, expected: str) -> None:
        for value in values:
            if value not in known:
                raise self._error(place, f"expected {expected}, not {value!r}")

    def _known(self, values: dict[str, Any], names: list[str], place: _Place) -> None:
        for key in values:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(names)}"
                raise self._error((*place, key), f"unknown key, {hint}")

    def _error(self, place: _Place, message: str) -> ConfigError:
        key = ".".join(str(part + 1) if isinstance(part, int) else part for part in place)
        return ConfigError(f"{self.name}:{self._line(place)}: {key}: {message}")

    def _line(self, place: _Place) -> int:
        """Find the line of a key: within its table, else of the table, else 1."""
        count = next((part for part in place if isinstance(part, int)), 0)
        path = [part for part in place if isinstance(part, str)]
        opened, table, seen = 1, [""], -1
        for number, line in enumerate(self.lines, 1):
            text = line.strip()
            if text.startswith("["):
                table = [part.strip(" \"'") for part in text.split("]")[0].strip("[ ").split(".")]
                seen += text.startswith("[[") and table == path[:1]
                if table in (path, path[:-1]) and seen in (-1, count):
                    opened = number
                continue
            name = text.split("=")[0].strip(" \"'")
            if name == path[-1] and seen in (-1, count) and table == (path[:-1] or [""]):
                return number
        return opened
