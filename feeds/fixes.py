"""Read and write the corrections that are made by hand: a TOML file that people can edit and version."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from feeds import handwritten, vocab
from feeds.model import Category, ConfigError

FILE_NAME = "fixes.toml"  # beside feeds.toml
_HEADER = (
    "# Corrections by hand, kept by `feeds fix`; +CODE adds a category to an article, -CODE takes it away.\n"
)
_CODE = re.compile(r"([+-])(?:medtop:)?([A-Z]{2}|\d{8})")


class Fix(Struct, frozen=True):
    """What is added to an article's categories, and what is taken away."""

    added: tuple[Category, ...] = ()
    removed: tuple[Category, ...] = ()
    headline: str = ""  # for who reads the file; the id counts


def load(path: Path) -> dict[str, Fix]:
    """Read a file of fixes, by article id; none where there is no file.

    Raises ConfigError, with the line, where it can't be used.
    """
    try:
        text = handwritten.read(path)
    except FileNotFoundError:
        return {}
    try:
        data = handwritten.parse(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: {error}") from error
    return {article: _fix(path, text, article, table) for article, table in data.items()}


def _fix(path: Path, text: str, article: str, table: object) -> Fix:
    line = next((n for n, row in enumerate(text.splitlines(), 1) if article in row), 1)
    where = f"{path}:{line}: {article}"
    if not isinstance(table, dict) or table.keys() - {"headline", "categories"}:
        raise ConfigError(f"{where}: expected a table with categories and a headline")
    codes = table.get("categories", [])
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise ConfigError(f"{where}: expected categories as a list such as ['-GE', '+medtop:20000638']")
    try:
        return parse(codes, str(table.get("headline", "")))
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from error


def parse(codes: Iterable[str], headline: str = "") -> Fix:
    """Read codes such as -GE and +medtop:20000638; raise ValueError naming the one that is wrong.

    >>> [category.label for category in parse(["+IR", "-GE"]).removed]
    ['Georgia']
    """
    signed: dict[str, list[Category]] = {"+": [], "-": []}
    for code in codes:
        match = _CODE.fullmatch(code)
        term = match[2] if match else ""
        if not match:
            raise ValueError(f"expected a code such as -GE or +medtop:20000638, not {code!r}")
        if term not in vocab.countries() and term not in vocab.topics():
            kind = "country of ISO 3166-1" if term.isalpha() else "topic of the IPTC Media Topics"
            raise ValueError(f"{code}: no {kind} has that code")
        signed[match[1]].append(vocab.country(term) if term.isalpha() else vocab.topic(term))
    return Fix(tuple(signed["+"]), tuple(signed["-"]), headline)


def merge(old: Fix, new: Fix) -> Fix:
    """Give both fixes as one; where they differ, the new one counts."""
    added = (*(c for c in old.added if c not in new.removed and c not in new.added), *new.added)
    removed = (*(c for c in old.removed if c not in new.added and c not in new.removed), *new.removed)
    return Fix(added, removed, new.headline or old.headline)


def save(path: Path, fixes: Mapping[str, Fix]) -> None:
    """Write the file in one step: a kill leaves the old one or the new one."""
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(dump(fixes))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def dump(fixes: Mapping[str, Fix]) -> str:
    """Give the file's text, articles in the order of their ids."""
    parts = [_HEADER]
    for article in sorted(fixes):
        fix = fixes[article]
        codes = [f"+{_code(c)}" for c in fix.added] + [f"-{_code(c)}" for c in fix.removed]
        listed = ", ".join(f'"{code}"' for code in codes)
        headline = fix.headline.replace("\\", "\\\\").replace('"', '\\"')
        parts.append(f'\n["{article}"]\nheadline = "{headline}"\ncategories = [{listed}]\n')
    return "".join(parts)


def _code(category: Category) -> str:
    return category.term if category.scheme == vocab.COUNTRY_SCHEME else f"medtop:{category.term}"
