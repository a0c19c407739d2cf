"""Read and write the corrections that are made by hand: a TOML file that people can edit and version."""

from __future__ import annotations

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from feeds import handwritten, vocab
from feeds.model import Category, ConfigError

FILE_NAME = "fixes.toml"  # beside feeds.toml
_HEADER = (
    "# Corrections by hand, kept by `feeds fix`; +CODE adds a category to an article, -CODE takes it away.\n"
    "# What is withdrawn is published no more; by the keys its captures are known, also to a new store.\n"
)
_KEYS = frozenset({"headline", "categories", "withdrawn", "keys"})
_CODE = re.compile(r"([+-])(?:medtop:)?([A-Z]{2}|\d{8})")


class Fix(Struct, frozen=True):
    """What is added to an article's categories, what is taken away, and whether it is all withdrawn."""

    added: tuple[Category, ...] = ()
    removed: tuple[Category, ...] = ()
    headline: str = ""  # for who reads the file; the id counts
    withdrawn: bool = False
    keys: tuple[str, ...] = ()  # of one that is withdrawn: the names under which it is found again, hashed


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
    except handwritten.TomlError as error:
        raise ConfigError(f"{path}: {error}") from error
    return {article: _fix(path, text, article, table) for article, table in data.items()}


def _fix(path: Path, text: str, article: str, table: object) -> Fix:
    line = next((n for n, row in enumerate(text.splitlines(), 1) if article in row), 1)
    where = f"{path}:{line}: {article}"
    if not isinstance(table, dict) or table.keys() - _KEYS:
        raise ConfigError(f"{where}: expected a table with categories, withdrawn, keys and a headline")
    codes, keys, withdrawn = (
        table.get(k, d) for k, d in (("categories", []), ("keys", []), ("withdrawn", False))
    )
    if not _are_texts(codes):
        raise ConfigError(f"{where}: expected categories as a list such as ['-GE', '+medtop:20000638']")
    if not _are_texts(keys) or not isinstance(withdrawn, bool):
        raise ConfigError(f"{where}: expected withdrawn as true or false, and keys as a list of texts")
    try:
        fix = parse(codes, str(table.get("headline", "")))
    except ValueError as error:
        raise ConfigError(f"{where}: {error}") from error
    return replace(fix, withdrawn=withdrawn, keys=tuple(keys))


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


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
    return replace(old, added=added, removed=removed, headline=new.headline or old.headline)


def idle(new: Fix, old: Fix, categories: Container[Category]) -> Iterator[str]:
    """Give the codes that a fix would take away from an article of these categories, and that it lacks."""
    for category in new.removed:
        if category not in categories and category not in (*old.added, *old.removed):
            yield f"-{_code(category)}"


def withdraw(old: Fix, keys: Iterable[str]) -> Fix:
    """Give a fix that withdraws its article, too, which is found again under these names."""
    return replace(old, withdrawn=True, keys=tuple(sorted(keys)))


def restore(old: Fix) -> Fix:
    """Give a fix that lets its article be published again."""
    return replace(old, withdrawn=False, keys=())


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
        if not (fix.added or fix.removed or fix.withdrawn):
            continue
        codes = [f"+{_code(c)}" for c in fix.added] + [f"-{_code(c)}" for c in fix.removed]
        listed = ", ".join(f'"{code}"' for code in codes)
        headline = fix.headline.replace("\\", "\\\\").replace('"', '\\"')
        parts.append(f'\n["{article}"]\nheadline = "{headline}"\ncategories = [{listed}]\n')
        if fix.withdrawn:
            keys = ", ".join(f'"{key}"' for key in fix.keys)
            parts.append(f"withdrawn = true\nkeys = [{keys}]\n")
    return "".join(parts)


def _code(category: Category) -> str:
    return category.term if category.scheme == vocab.COUNTRY_SCHEME else f"medtop:{category.term}"
