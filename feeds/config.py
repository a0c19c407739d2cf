"""Read feeds.toml into a frozen Config."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from feeds.model import ConfigError


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


@dataclass(frozen=True, slots=True)
class Selection:
    """Which entries stand in a feed; section [feeds]."""

    limit: int = 50  # newest entries in a feed
    mentions: bool = False  # country feeds also hold articles that only mention the country


@dataclass(frozen=True, slots=True)
class Config:
    """feeds.toml, checked."""

    site: Site = field(default_factory=Site)
    feeds: Selection = field(default_factory=Selection)
    sources: Mapping[str, str] = field(default_factory=dict)  # host or folder -> home country

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


class _Reader:
    """Checks one parsed file; keeps its text to name lines, which tomllib forgets."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.lines = text.splitlines()

    def config(self, data: dict[str, Any]) -> Config:
        self._known(data, [f.name for f in fields(Config)], "")
        site = self._section(data, "site", Site)
        selection = self._section(data, "feeds", Selection)
        self._check_site(site)
        if selection.limit < 1:
            raise self._error("feeds.limit", f"expected 1 or more, not {selection.limit}")
        return Config(site, selection, self._sources(data.get("sources", {})))

    def _section(self, data: dict[str, Any], name: str, kind: type[Any]) -> Any:
        values = data.get(name, {})
        if not isinstance(values, dict):
            raise self._error(name, "expected a table")
        defaults = {f.name: getattr(kind(), f.name) for f in fields(kind)}
        self._known(values, list(defaults), f"{name}.")
        for key, value in values.items():
            wanted = type(defaults[key])
            if type(value) is not wanted:
                expected = {str: "a string", int: "a whole number", bool: "true or false"}[wanted]
                raise self._error(f"{name}.{key}", f"expected {expected}, not {value!r}")
        return kind(**values)

    def _check_site(self, site: Site) -> None:
        if not site.title.strip():
            raise self._error("site.title", "expected some text")
        if site.base_url:
            parts = urlsplit(site.base_url)
            if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
                raise self._error("site.base_url", f"expected an http or https URL, not {site.base_url!r}")
        if not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", site.language):
            raise self._error("site.language", f"expected a BCP 47 tag such as en-GB, not {site.language!r}")
        try:
            ZoneInfo(site.time_zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise self._error("site.time_zone", f"expected an IANA zone, not {site.time_zone!r}") from error

    def _sources(self, values: Any) -> dict[str, str]:
        if not isinstance(values, dict):
            raise self._error("sources", "expected a table")
        for key, code in values.items():
            if not isinstance(code, str) or not re.fullmatch(r"[A-Z]{2}", code):
                raise self._error(f"sources.{key}", f"expected an ISO 3166-1 alpha-2 code, not {code!r}")
        return values

    def _known(self, values: dict[str, Any], names: list[str], prefix: str) -> None:
        for key in values:
            if key not in names:
                near = difflib.get_close_matches(key, names, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"expected one of {', '.join(names)}"
                raise self._error(f"{prefix}{key}", f"unknown key, {hint}")

    def _error(self, key: str, message: str) -> ConfigError:
        return ConfigError(f"{self.name}:{self._line(key)}: {key}: {message}")

    def _line(self, key: str) -> int:
        """Find the line of a dotted key: within its section, else of the section, else 1."""
        section, _, name = key.partition(".") if "." in key else ("", "", key)
        inside, opened = not section, 1
        for number, line in enumerate(self.lines, 1):
            text = line.strip()
            if text.startswith("["):
                header = text.strip("[] ")
                inside = header == section if section else False
                if header in (section, key):
                    opened = number
            elif inside and text.split("=")[0].strip().strip("\"'") == name:
                return number
        return opened
