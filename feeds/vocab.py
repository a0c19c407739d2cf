"""Look up the categories that articles get: IPTC Media Topics and ISO 3166-1 countries.

The tables are read at the first look-up and kept. They are generated; each names its source,
version and refresh command, see feeds/data.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from feeds.model import Category

TOPIC_SCHEME = "http://cv.iptc.org/newscodes/mediatopic/"
COUNTRY_SCHEME = "http://cvx.iptc.org/iso3166-1a2/"
OWN_TOPIC_SCHEME = "urn:x-feeds:topic:"  # topics of the user's own, by their slugs
MIX_SCHEME = "urn:x-feeds:mix:"
REGION_SCHEME = "https://unstats.un.org/unsd/methodology/m49/"


class Topic(Struct, frozen=True):
    """A concept of the Media Topics tree.

    `broader` is the term above it, None at the top. `retired` is the day (ISO 8601) when IPTC
    withdrew it, None for a current one: old articles carry it, new ones should not get it.
    """

    category: Category
    broader: str | None
    definition: str
    retired: str | None = None

    @property
    def labels(self) -> Mapping[str, str]:
        """Its names by language (BCP 47), where they differ from the British English label."""
        term = self.category.term
        return {language: names[term] for language, names in _labels().items() if names.get(term)}


def topic(term: str) -> Category:
    """Give the Media Topic with this code; KeyError where there is none.

    >>> topic("20000638").label
    'international relations'
    """
    return topics()[term].category


def country(code: str) -> Category:
    """Give the country with this ISO 3166-1 alpha-2 code; KeyError where there is none.

    >>> country("IR")
    Category(scheme='http://cvx.iptc.org/iso3166-1a2/', term='IR', label='Iran')
    """
    return countries()[code]


@cache
def topics() -> Mapping[str, Topic]:
    """Give the whole tree by term, each concept after the one that is broader, retired ones too."""
    return MappingProxyType(
        {
            term: Topic(Category(TOPIC_SCHEME, term, label), broader, definition, retired)
            for term, broader, label, definition, retired in _table("mediatopics.json")["topics"]
        }
    )


@cache
def ancestors(term: str) -> tuple[str, ...]:
    """Give the terms above this one, the nearest first; none for a top-level concept.

    >>> ancestors("20000638")
    ('11000000',)
    """
    broader = topics()[term].broader
    return () if broader is None else (broader, *ancestors(broader))


@cache
def topic_slugs() -> Mapping[str, str]:
    """Give the codes of the Media Topics by the slugs that their feeds take, which no other feed may have.

    >>> topic_slugs()["international-relations"]
    '20000638'
    """
    return MappingProxyType(
        {
            re.sub("[^a-z0-9]+", "-", unicodedata.normalize("NFKD", found.category.label.casefold())).strip(
                "-"
            ): term
            for term, found in reversed([*topics().items()])  # the broader one has the plain slug
        }
    )


@cache
def countries() -> Mapping[str, Category]:
    """Give all 249 codes of ISO 3166-1 alpha-2, and XK for Kosovo, in the order of the codes."""
    rows = _table("countries.json")["countries"]
    return MappingProxyType({row[0]: Category(COUNTRY_SCHEME, row[0], row[2]) for row in rows})


@cache
def country_names() -> Mapping[str, Mapping[str, str]]:
    """Give each country's names by language: everyday English, else as CLDR has them."""
    table = _table("countries.json")
    return MappingProxyType(
        {row[0]: dict(zip(table["columns"][2:], row[2:], strict=True)) for row in table["countries"]}
    )


@cache
def user_assigned() -> frozenset[str]:
    """Give the codes of `countries` that ISO leaves to their users: XK, as CLDR, EU and IMF use it.

    >>> sorted(user_assigned())
    ['XK']
    """
    return frozenset(row[0] for row in _table("countries.json")["countries"] if row[1] == "user")


class Region(Struct, frozen=True):
    """A region of UN M49: its name, the code of the broader one, and all countries within it."""

    category: Category
    broader: str | None
    countries: frozenset[str]


@cache
def regions() -> Mapping[str, Region]:
    """Give the regions of UN M49 by their codes, each after the one that is broader.

    >>> sorted(regions()["053"].countries)
    ['AU', 'CC', 'CX', 'HM', 'NF', 'NZ']
    """
    rows = [
        [cell.strip() for cell in line.split("|")]
        for line in (Path(__file__).parent / "data" / "regions.txt").read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    within: dict[str, set[str]] = {code: set() for code, *_ in rows}
    for code, _, broader, members in reversed(rows):
        within[code].update(members.split())
        if broader:
            within[broader] |= within[code]
    return MappingProxyType(
        {
            code: Region(Category(REGION_SCHEME, code, name), broader or None, frozenset(within[code]))
            for code, name, broader, _ in rows
        }
    )


@cache
def _labels() -> Mapping[str, Mapping[str, str]]:
    return dict(_table("mediatopics-labels.json")["labels"])


def _table(name: str) -> Any:
    return json.loads((Path(__file__).parent / "data" / name).read_text(encoding="utf-8"))
