"""Write what describes feeds.toml, from its structs: its JSON Schema, and what `feeds init` writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

from msgspec import Struct
from msgspec.structs import FieldInfo

from feeds.config import Key, Mix, OwnTopic, Selection, Site, holds, keys

FILE_NAME = "feeds.schema.json"
_SCALARS = {str: "string", int: "integer", bool: "boolean"}
_SLUG = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 60}
_HEAD = f"""\
#:schema ./{FILE_NAME}
# What feeds reads and writes. Each key stands here with its default;
# take the # away from those that you change.
"""
_REST = """\
[sources]

# an outlet's home country, by its host or the folder of its captures
# "news.example" = "NO"

[renamed]

# the slug that a feed has now, by the one that it had: it keeps its id, and leaves a pointer
# "topics/old" = "topics/new"

# Topics of your own; any number of such tables.
#
# [topics.nuclear-deal]
{topics}

# Mixes: feeds from a condition, of which each key that is given has to hold.
#
# [[mixes]]
{mixes}
"""
_EXAMPLES: dict[str, Any] = {
    "label": "Iran nuclear deal",
    "slug": "gulf-energy",
    "title": "Energy in the Gulf",
}


def schema() -> dict[str, Any]:
    """Give the JSON Schema (2020-12) of feeds.toml.

    It says what a key is and may hold; that codes and zones exist is checked when the file is read.
    """
    topic, mix = _table(OwnTopic), _table(Mix)
    mix["properties"]["slug"] |= _SLUG
    topics = {
        "description": "Topics of your own",
        "type": "object",
        "propertyNames": _SLUG,
        "additionalProperties": topic,
    }
    sources = {
        "description": "An outlet's home country, by its host or folder",
        "type": "object",
        "additionalProperties": {"type": "string", "pattern": "^[A-Z]{2}$"},
    }
    renamed = {
        "description": "The slugs that feeds have now, by those that they had",
        "type": "object",
        "additionalProperties": {"type": "string"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "feeds.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "site": _table(Site),
            "feeds": _table(Selection),
            "sources": sources,
            "topics": topics,
            "mixes": {"description": "Feeds from a condition", "type": "array", "items": mix},
            "renamed": renamed,
        },
    }


def dump() -> bytes:
    """Give the schema's bytes, as they ship in feeds/data/."""
    return (json.dumps(schema(), indent=1, ensure_ascii=False) + "\n").encode()


def shipped() -> bytes:
    """Give the schema that ships with the package."""
    return resources.files("feeds.data").joinpath(FILE_NAME).read_bytes()


def commented() -> str:
    """Give a feeds.toml that changes nothing and holds every key with its meaning and its default."""
    parts = [_HEAD]
    for name, kind in (("site", Site), ("feeds", Selection)):
        lines = "\n\n".join(f"# {meaning(key)}\n# {_line(key)}" for key in keys(kind))
        parts.append(f"[{name}]\n\n{lines}\n")
    rows = {
        name: "\n".join(f"# {_line(key)}  # {meaning(key)}" for key in keys(kind))
        for name, kind in (("topics", OwnTopic), ("mixes", Mix))
    }
    parts.append(_REST.format(**rows))
    return "\n".join(parts)


def meaning(key: FieldInfo) -> str:
    """Say in one line what a key means."""
    return Key.of(key).meaning


def default(key: FieldInfo) -> str:
    """Write a key's default as TOML does."""
    value = _EXAMPLES.get(key.name) if key.required else key.default
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _line(key: FieldInfo) -> str:
    return f"{key.name} = {default(key)}"


def _table(kind: type[Struct]) -> dict[str, Any]:
    table: dict[str, Any] = {
        "description": (kind.__doc__ or "").partition(";")[0].partition("\n")[0].rstrip("."),
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: dict(_property(key)) for key in keys(kind)},
    }
    required = [key.name for key in keys(kind) if key.required]
    return table | ({"required": required} if required else {})


def _property(key: FieldInfo) -> Iterator[tuple[str, Any]]:
    said = Key.of(key)
    choices = list(said.choices)
    yield "description", said.meaning.replace("`", "")
    if holds(key) is tuple:
        yield "type", "array"
        yield "items", {"enum": choices} if choices else {"type": "string", "pattern": "\\S"}
    else:
        yield "type", _SCALARS[holds(key)]
        if choices:
            yield "enum", choices
    if said.least is not None:
        yield "minimum", said.least
    if said.most is not None:
        yield "maximum", said.most
    if not key.required:
        yield "default", list(key.default) if isinstance(key.default, tuple) else key.default
