"""Read feeds.toml into a frozen Config."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, NamedTuple, get_origin
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from msgspec import Struct, field
from msgspec.structs import FieldInfo, fields, replace

from feeds import handwritten, vocab
from feeds.model import ConfigError
from feeds.text import shown

FORMATS = ("atom", "rss", "json")
CONTENTS = ("full", "summary")
ENCODINGS = ("gz", "br")
FOLDERS = ("topics", "countries", "regions", "mixes")  # what slugs begin with, but for ALONE
ALONE = ("all", "status")


class Key(NamedTuple):
    """What is said of a key: one line that says what it means, and what it may hold.

    The README's table, the file that `feeds init` writes and the JSON Schema say it in these words.
    """

    meaning: str
    choices: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @classmethod
    def of(cls, field: FieldInfo) -> Key:
        """Give what is said of the key that a field holds."""
        key: Key = field.type.__metadata__[0]
        return key


def keys(kind: type[Struct]) -> tuple[FieldInfo, ...]:
    """Give the keys of a table's struct: all of its fields but what stands in the table's name."""
    return tuple(field for field in fields(kind) if get_origin(field.type) is Annotated)


def holds(key: FieldInfo) -> type[Any]:
    """Give what a key holds: str, int, bool, or a tuple of strings."""
    kind: type[Any] = key.type.__origin__
    return get_origin(kind) or kind


class Site(Struct, frozen=True):
    """What the feeds say about themselves; section [site]."""

    title: Annotated[str, Key("the site's name")] = "Feeds"
    subtitle: Annotated[str, Key("one line below it")] = "Captured news, by topic and by country"
    base_url: Annotated[
        str, Key("where the output is served; also `--base-url`; without it links are relative")
    ] = ""
    id: Annotated[
        str, Key("the key of the feeds' ids; by default the first `base_url` that a build saw, for good")
    ] = ""
    author: Annotated[str, Key("who publishes the feeds; by default the title")] = ""
    rights: Annotated[str, Key("a line on rights")] = "The rights in each article remain with its publisher."
    language: Annotated[str, Key("of titles and pages (BCP 47)")] = "en"
    time_zone: Annotated[str, Key("of printed dates that name no zone (IANA)")] = "UTC"
    article_pages: Annotated[
        bool,
        Key("a page for each article; without, an entry leads to its publisher's page, where that is known"),
    ] = True
    hub: Annotated[str, Key("a WebSub hub that the feeds name and `feeds ping` tells")] = ""
    precompress: Annotated[
        tuple[str, ...],
        Key(
            'write compressed siblings, too: `"gz"`, and `"br"` with the extra `feeds[brotli]`',
            choices=ENCODINGS,
        ),
    ] = ()


class Selection(Struct, frozen=True):
    """Which entries stand in a feed; section [feeds]."""

    limit: Annotated[int, Key("newest entries in a feed", least=1, most=1_000_000)] = 50
    mentions: Annotated[bool, Key("country feeds also hold articles that only mention the country")] = False
    regions: Annotated[
        tuple[str, ...], Key('UN M49 codes of regions that get a feed, such as `["150", "145"]`')
    ] = ()
    formats: Annotated[
        tuple[str, ...],
        Key('also `"rss"` (RSS 2.0) and `"json"` (JSON Feed 1.1); Atom is always written', choices=FORMATS),
    ] = ("atom",)
    content: Annotated[str, Key('or `"summary"`: entries without the article\'s text', choices=CONTENTS)] = (
        "full"
    )
    include: Annotated[
        tuple[str, ...],
        Key('only the feeds of these slugs, such as `["countries/*", "topics/politics-and-government"]`'),
    ] = ()
    exclude: Annotated[tuple[str, ...], Key("not the feeds of these")] = ()
    min_articles: Annotated[
        int,
        Key("a topic or country gets its feed with so many articles, and keeps it", least=1, most=1_000_000),
    ] = 1
    partition: Annotated[bool, Key("each article in the topic feed that suits it best, and in no other")] = (
        False
    )
    archives: Annotated[bool, Key("each feed pages back through its months (RFC 5005)")] = True
    status: Annotated[bool, Key("a feed, `status.atom`, about what goes wrong")] = False
    heartbeat: Annotated[
        int,
        Key(
            "with `status`, an entry after so many days that all is at work; 0 for none", least=0, most=36_500
        ),
    ] = 0


class OwnTopic(Struct, frozen=True):
    """A topic of the user's own; section [topics.SLUG].

    Terms are words or phrases; a star at the end of one stands for any ending.
    """

    slug: str
    label: Annotated[str, Key("its name")]
    any: Annotated[
        tuple[str, ...], Key("words or phrases, one of which has to be there; a star is any ending")
    ] = ()
    all: Annotated[tuple[str, ...], Key("each of them has to be there")] = ()
    none: Annotated[tuple[str, ...], Key("and none of these")] = ()
    countries: Annotated[
        tuple[str, ...], Key("the article has to be about one of them; ISO 3166-1 alpha-2")
    ] = ()
    parent: Annotated[str, Key("a Media Topic that it belongs to, such as `medtop:20000638`")] = ""


class Mix(Struct, frozen=True):
    """A feed from a condition; one of [[mixes]]. Each key that is given has to hold."""

    slug: Annotated[str, Key("its name in `mixes/SLUG.atom`")]
    title: Annotated[str, Key("its title")]
    countries: Annotated[tuple[str, ...], Key("about one of them; ISO 3166-1 alpha-2")] = ()
    topics: Annotated[
        tuple[str, ...], Key("about one of them: medtop codes, or slugs of your own topics")
    ] = ()
    agencies: Annotated[tuple[str, ...], Key("from one of them, as credited")] = ()
    languages: Annotated[tuple[str, ...], Key("in one of them (BCP 47)")] = ()
    any: Annotated[tuple[str, ...], Key("one of these words or phrases has to be there")] = ()
    all: Annotated[tuple[str, ...], Key("each of these has to be there")] = ()
    none: Annotated[tuple[str, ...], Key("and none of these")] = ()


class Config(Struct, frozen=True):
    """feeds.toml, checked."""

    site: Site = field(default_factory=Site)
    feeds: Selection = field(default_factory=Selection)
    sources: Mapping[str, str] = field(default_factory=dict)  # host or folder -> home country
    topics: tuple[OwnTopic, ...] = ()
    mixes: tuple[Mix, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)  # old slug of a feed -> its new one

    def served_at(self, base_url: str) -> Config:
        """Give the same configuration with another base URL; raise ConfigError where it is none."""
        if hint := _no_web_address(base_url):
            raise ConfigError(f"--base-url: {hint}")
        return replace(self, site=replace(self.site, base_url=base_url))

    def zone(self) -> ZoneInfo:
        """Give the zone of printed dates that name none."""
        return ZoneInfo(self.site.time_zone)


def load(path: Path) -> Config:
    """Read a configuration file; raise ConfigError naming its line and key where it can't be used."""
    try:
        text = handwritten.read(path)
    except FileNotFoundError as error:
        raise ConfigError(f"{shown(path)}: {error.strerror}") from error
    reader = _Reader(shown(path), text)
    try:
        data = handwritten.parse(text)
    except handwritten.TomlError as error:
        raise reader.unreadable(str(error)) from error
    return reader.config(data)


def _no_web_address(url: str) -> str:
    """Say why no pages can be served at a URL; nothing where they can."""
    try:
        parts = urlsplit(url)
        port = 1 if parts.port is None else parts.port
    except ValueError:
        parts, port = urlsplit("http://x"), 0
    faults = {
        "": parts.scheme not in ("http", "https"),
        " with a host": not parts.hostname,
        " of a possible host and port": port < 1,
        " without a query (?)": bool(parts.query),
        " without a fragment (#)": bool(parts.fragment),
        " without a name and password (@)": "@" in parts.netloc,  # they would stand in every feed
        " without spaces, quotes and brackets": bool(_NO_ADDRESS.search(url)),
    }
    fault = next((what for what, is_so in faults.items() if is_so), None)
    return "" if fault is None else f"expected an http or https URL{fault}, not {url!r}"


_NO_ADDRESS = re.compile(r"""[\x00-\x20\x7f-\xa0<>"{}|\\^`]""")  # RFC 3986 section 2
_Place = tuple[str | int, ...]
_EXPECTED = {str: "a string", int: "a whole number", bool: "true or false"}
_FEED_SLUG = re.compile(r"(topics|countries|regions|mixes)/[a-z0-9]+(-[a-z0-9]+)*")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SECTIONS: dict[str, type[Any]] = {"site": Site, "feeds": Selection}
_GLOB = re.compile(r"([a-z0-9/*?-]|\[!?[a-z0-9-]{1,40}\])+")
_KEY_PART = re.compile(r"""\s{0,99}(?:"([^"]{0,999})"|'([^']{0,999})'|([A-Za-z0-9_-]{1,999}))\s{0,99}""")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)")


def near(word: object, known: Iterable[str]) -> str:
    """Give the words that suggest a known one in place of another, or nothing.

    >>> near("sumary", ["full", "summary"])
    ", did you mean 'summary'?"
    >>> near("xyz", ["full", "summary"])
    ''
    """
    folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(str(word).casefold(), folded, 1)
    return f", did you mean {folded[found[0]]!r}?" if found else ""


class _Reader:
    """Checks one parsed file; keeps its text to name lines, which tomllib forgets."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()

    def config(self, data: dict[str, Any]) -> Config:
        """Check the parsed file."""
        self._known(data, Config.__struct_fields__, ())
        site: Site = self._table(data.get("site", {}), Site, ("site",))
        selection: Selection = self._table(data.get("feeds", {}), Selection, ("feeds",))
        self._check_site(site)
        self._among(selection.regions, vocab.regions(), ("feeds", "regions"), "a UN M49 region such as 150")
        for key in ("include", "exclude"):
            for pattern in getattr(selection, key):
                self._check_pattern(pattern, ("feeds", key))
        topics = self._own_topics(data.get("topics", {}))
        return Config(
            site,
            selection,
            self._sources(data.get("sources", {})),
            topics,
            self._mixes(data, topics),
            self._renamed(data.get("renamed", {})),
        )

    def unreadable(self, message: str) -> ConfigError:
        """Name the line of what is no TOML, and the key that stands there."""
        found = _TOML_PLACE.search(message)
        number = int(found[1]) if found and found[1] else max(len(self.lines), 1)
        what = _TOML_PLACE.sub("", message)
        column = f" at column {found[2]}" if found and found[2] else ", the file ends too early"
        path = next((path for line, path in self._places() if line == number), ())
        key = f"{_dotted(path)}: " if path else ""
        first = next((line for line, other in self._places() if other == path), number) if path else number
        before = f" (it stands in line {first}, too)" if first < number else ""
        return ConfigError(f"{self.name}:{number}: {key}not TOML: {what}{column}{before}")

    def _table(self, values: Any, kind: type[Any], place: _Place, **given: str) -> Any:
        """Read a table into a struct: known keys, each of its field's type."""
        if not isinstance(values, dict):
            raise self._error(place, "expected a table")
        known = {key.name: key for key in keys(kind)}
        self._known(values, list(known), place)
        for name, needed in known.items():
            if name not in values and needed.required:
                raise self._error(place, f"expected a key {name!r}")
        return kind(
            **given, **{key: self._value(value, known[key], (*place, key)) for key, value in values.items()}
        )

    def _value(self, value: Any, wanted: FieldInfo, place: _Place) -> Any:
        kind = holds(wanted)
        _, choices, least, most = Key.of(wanted)
        if kind is tuple:
            if not isinstance(value, list) or not all(
                isinstance(item, str) and item.strip() for item in value
            ):
                raise self._error(place, f"expected a list of strings, not {value!r}")
            self._among(value, choices or value, place, _one_of(choices))
            return tuple(value)
        if type(value) is not kind:
            raise self._error(place, f"expected {_EXPECTED[kind]}, not {value!r}")
        if choices:
            self._among([value], choices, place, _one_of(choices))
        if least is not None and value < least:
            raise self._error(place, f"expected {least} or more, not {value}")
        if most is not None and value > most:
            raise self._error(place, f"expected {most} or less, not {value}")
        return value

    def _check_site(self, site: Site) -> None:
        if not site.title.strip():
            raise self._error(("site", "title"), "expected some text")
        for key in ("base_url", "hub"):
            value = getattr(site, key)
            if value and (hint := _no_web_address(value)):
                raise self._error(("site", key), hint)
        if "br" in site.precompress and not find_spec("brotli"):
            hint = "'br' needs the extra: pip install 'feeds[brotli]'"
            raise self._error(("site", "precompress"), hint)
        if not _LANGUAGE.fullmatch(site.language):
            raise self._error(
                ("site", "language"), f"expected a BCP 47 tag such as en-GB, not {site.language!r}"
            )
        try:
            ZoneInfo(site.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self._error(
                ("site", "time_zone"),
                f"expected an IANA zone, not {site.time_zone!r}"
                + near(site.time_zone, available_timezones()),
            ) from error

    def _sources(self, values: Any) -> dict[str, str]:
        if not isinstance(values, dict):
            raise self._error(("sources",), "expected a table")
        for key, code in values.items():
            self._among([code], vocab.countries(), ("sources", key), "an ISO 3166-1 alpha-2 code")
        return values

    def _renamed(self, values: Any) -> dict[str, str]:
        """Read which feeds have other slugs now: each within its folder, and none in a circle."""
        if not isinstance(values, dict):
            raise self._error(("renamed",), "expected a table")
        for old, new in values.items():
            place: _Place = ("renamed", old)
            if not isinstance(new, str) or not _FEED_SLUG.fullmatch(old) or not _FEED_SLUG.fullmatch(new):
                raise self._error(place, 'expected slugs of feeds, such as "topics/old" = "topics/new"')
            if old.partition("/")[0] != new.partition("/")[0]:
                raise self._error(place, f"expected a slug in {old.partition('/')[0]}/, not {new!r}")
            seen, last = {old}, new
            while last in values and last not in seen:
                seen.add(last)
                last = values[last]
            if last in seen:
                raise self._error(place, "comes back to itself, expected a slug that is not renamed")
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
            if not any(getattr(mix, name) for name in Mix.__struct_fields__[2:]):
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

    def _check_pattern(self, pattern: str, place: _Place) -> None:
        """Refuse a pattern that can match no slug."""
        if not _GLOB.fullmatch(pattern):
            hint = f"expected a pattern over slugs such as countries/*, not {pattern!r}"
            plain = re.sub(r"\.[a-z]+$", "", pattern.strip().strip("/")).lower()
            raise self._error(place, hint + (f", did you mean {plain!r}?" if _GLOB.fullmatch(plain) else ""))
        folder, slash, name = pattern.partition("/")
        if any(character in "*?[" for character in folder):
            return
        if folder not in (FOLDERS if slash else ALONE):
            hint = f"expected a pattern that begins with {', '.join(f'{f}/' for f in FOLDERS)} or 'all'"
            near_by = near(folder, FOLDERS).replace("'?", f"/{name or '*'}'?")
            raise self._error(place, f"{hint}, not {pattern!r}{near_by}")
        if folder == "countries" and not any(character in "*?[" for character in name):
            self._among([name.upper()], vocab.countries(), place, "an ISO 3166-1 alpha-2 code")

    def _among(self, values: Iterable[Any], known: Iterable[str], place: _Place, expected: str) -> None:
        for value in values:
            if value not in known:
                raise self._error(
                    place, f"expected {expected}, not {value!r}{self._near_value(value, known)}"
                )

    def _near_value(self, value: object, known: Iterable[str]) -> str:
        """Suggest a code for a name, else the word that is nearest."""
        if known is vocab.countries():
            labels = {c.label.casefold(): code for code, c in vocab.countries().items()}
            code = labels.get(str(value).casefold()) or str(value).upper()
            return f", did you mean {code!r}?" if code in known else ""
        words = list(known)
        return near(value, words) if len(words) < 200 else ""

    def _known(self, values: dict[str, Any], names: Sequence[str], place: _Place) -> None:
        for key in values:
            if key not in names:
                raise self._error((*place, key), f"unknown key, {self._instead(key, names, place)}")

    def _instead(self, key: str, names: Sequence[str], place: _Place) -> str:
        """Say what an unknown key may be meant to be: one of this section, or one of another."""
        hint = near(key, names).removeprefix(", ")
        homes = [name for name, kind in _SECTIONS.items() if key in kind.__struct_fields__]
        if homes and (homes[0],) != place:
            return f"it belongs into [{homes[0]}]"
        return hint or f"expected one of {', '.join(names)}"

    def _error(self, place: _Place, message: str) -> ConfigError:
        return ConfigError(f"{self.name}:{self._line(place)}: {_dotted(place)}: {message}")

    def _line(self, place: _Place) -> int:
        """Find the line of a key: its own, else that of what holds it, else 1."""
        best, longest = 1, 0
        for number, path in self._places():
            shared = min(len(path), len(place))
            if path[:shared] == place[:shared] and shared > longest:
                best, longest = number, shared
        return best

    def _places(self) -> Iterator[tuple[int, _Place]]:
        """Give each line that names a key or a table, with the whole path to it."""
        table: _Place = ()
        counts: dict[str, int] = {}
        quoted = ""  # the quotes that a text of several lines began with
        for number, line in enumerate(self.lines, 1):
            text = line.strip()
            if quoted:
                quoted = "" if quoted in text else quoted
                continue
            quoted = next((q for q in ('"""', "'''") if text.count(q) % 2), "")
            if text.startswith("["):
                table = tuple(_key_parts(text.lstrip("[")))
                if text.startswith("[[") and table:
                    name = str(table[0])
                    counts[name] = counts.get(name, -1) + 1
                    table = (name, counts[name], *table[1:])
                yield number, table
            elif "=" in text and not text.startswith("#"):
                yield number, (*table, *_key_parts(text))


def _key_parts(text: str) -> Iterator[str]:
    """Read the dotted key that a line begins with.

    >>> list(_key_parts('sources."nrk.no" = "NO"'))
    ['sources', 'nrk.no']
    """
    at = 0
    while found := _KEY_PART.match(text, at):
        yield next(part for part in found.groups() if part is not None)
        if text[found.end() : found.end() + 1] != ".":
            return
        at = found.end() + 1


def _dotted(place: _Place) -> str:
    """Name a key as people do: what is counted, from one.

    >>> _dotted(("mixes", 0, "slug"))
    'mixes.1.slug'
    """
    return ".".join(str(part + 1) if isinstance(part, int) else shown(part) for part in place)


def _one_of(choices: Sequence[str] | None) -> str:
    return f"one of {', '.join(choices or ())}"
