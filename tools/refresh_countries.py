"""Rebuild the table of countries from Unicode CLDR, as the installed babel carries it.

    python tools/refresh_countries.py [FOLDER]

Writes countries.json into FOLDER, feeds/data if none is named: every officially assigned ISO 3166-1
alpha-2 code with its everyday English name and its names in the other languages that articles come
in. The same babel gives the same bytes. CLDR is under the Unicode License v3, babel under
BSD-3-Clause.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

DATA = Path(__file__).parent.parent / "feeds" / "data"
LANGUAGES = ("ar", "da", "de", "es", "fa", "fr", "it", "nb", "nl", "pt", "ru", "sv", "tr", "zh")

# ISO 3166/MA reserves these for others than the 249 countries and areas; CLDR names them all the same.
RESERVED = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "TA", "UN", "QO", "XA", "XB", "ZZ"])
USER_ASSIGNED = frozenset({"XK"})  # Kosovo has no code in ISO 3166-1; all of CLDR, the EU and the IMF use XK

# The everyday name, where CLDR's is made for lists: "Congo - Kinshasa", "Hong Kong SAR China".
EVERYDAY = {
    "BQ": "Caribbean Netherlands",
    "CC": "Cocos Islands",
    "CD": "DR Congo",
    "CG": "Congo-Brazzaville",
    "HK": "Hong Kong",
    "MM": "Myanmar",
    "MO": "Macao",
    "PS": "Palestine",
    "UM": "US Outlying Islands",
    "VI": "US Virgin Islands",
}


def main(folder: Path = DATA) -> None:
    """Write the table, sorted by code."""
    import babel
    from babel import Locale

    names = {language: Locale(language).territories for language in ("en", *LANGUAGES)}
    codes = sorted(code for code in names["en"] if len(code) == 2 and code not in RESERVED)
    if len(set(codes) - USER_ASSIGNED) != 249:
        raise SystemExit(f"ISO 3166-1 has 249 codes, CLDR gives {len(codes)}: look at RESERVED")
    about = {
        "name": "ISO 3166-1 alpha-2 codes with names from Unicode CLDR",
        "version": f"CLDR as in babel {babel.__version__}",
        "source": "https://cldr.unicode.org/",
        "licence": "Unicode License v3",
        "refresh": "python tools/refresh_countries.py",
    }
    columns = ["code", "status", "en", *LANGUAGES]
    rows = [
        [code, "user" if code in USER_ASSIGNED else "iso", english(code, names["en"][code])]
        + [names[language][code] for language in LANGUAGES]
        for code in codes
    ]
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    body = ",\n".join(json.dumps(row, **compact) for row in rows)
    head = f'"about":{json.dumps(about, **compact)},\n"columns":{json.dumps(columns, **compact)}'
    (folder / "countries.json").write_text(f'{{{head},\n"countries":[\n{body}\n]}}\n', encoding="utf-8")


def english(code: str, name: str) -> str:
    """Give the English name as a newspaper writes it."""
    return EVERYDAY.get(code) or name.replace(" & ", " and ").replace("St. ", "St ").replace("’", "'")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
