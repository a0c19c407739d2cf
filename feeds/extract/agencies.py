"""Know the news agencies of the world by the names that they are credited with (feeds/data/agencies.toml)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from feeds.tables import toml

_SHORT = 4  # letters up to which a name counts only as it is spelt in the table


def agency(name: str) -> str | None:
    """Give the agency's name as we write it, or None.

    >>> agency("The Associated Press"), agency("ap")
    ('AP', None)
    """
    name = name.strip(" .,;:()[]/-–—©*")
    return _agencies().get(name) or _long_agencies().get(name.casefold())


def spellings() -> Iterable[str]:
    """Give all that `agency` knows, as it may be spelt."""
    return _agencies()


def agency_in_byline(name: str) -> str | None:
    """Give the agency that stands alone in a writer's place, where the case of a short name says less.

    >>> agency_in_byline("afp"), agency_in_byline("Sid"), agency_in_byline("Petra")
    ('AFP', None, None)
    """
    name = name.strip(" .,;:()[]/-–—©*")
    if name in _names_too() or (len(name) <= _SHORT and name.istitle() and name.isascii()):
        return None  # "Sid" is a man, "SID" supplies sports news
    return agency(name) or _short_agencies().get(name.casefold())


def supplies_pictures(name: str) -> bool:
    """Say whether this is a supplier of pictures that is no agency, such as Getty Images."""
    return name.casefold() in _suppliers()


@cache
def _table() -> dict[str, dict[str, Any]]:
    return toml("agencies.toml")


@cache
def _agencies() -> dict[str, str]:
    return {
        spelling: name for name, spellings in _table()["agencies"].items() for spelling in (name, *spellings)
    }


@cache
def _long_agencies() -> dict[str, str]:
    """Names that are an agency's in any case, because they are long enough to be no other word."""
    return {spelling.casefold(): name for spelling, name in _agencies().items() if len(spelling) > _SHORT}


@cache
def _short_agencies() -> dict[str, str]:
    return {spelling.casefold(): name for spelling, name in _agencies().items() if len(spelling) <= _SHORT}


@cache
def _names_too() -> frozenset[str]:
    return frozenset(_table()["names_too"]["names"])


@cache
def _suppliers() -> frozenset[str]:
    return frozenset(name.casefold() for name in _table()["picture_suppliers"]["names"])
