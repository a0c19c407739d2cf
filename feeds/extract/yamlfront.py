"""Read the strings and lists of strings in YAML front matter.

A small reader of its own: of YAML front matter holds little else; dates and titles have to stay as they are
printed (`title: Lamp out: harbour dark` is an error in YAML); and no header may cost more than its length,
as aliases can in YAML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from feeds.extract.jsonfile import parse_json

_LONGEST = 5_000  # characters of a value
_KEY = re.compile(
    r"""(?:"([^"\n]{1,60})"|'([^'\n]{1,60})'|([^\W\d_][\w .:/?-]{0,60}?))\s{0,9}:(?:\s{1,99}(.*)|$)"""
)

Entry = tuple[int, str, str, list[str]]  # its line, its key, what stands behind it and what below


def entries(lines: Sequence[str]) -> list[Entry]:
    """Part front matter into its keys; return nothing where a line is none of it."""
    found: list[Entry] = []
    for place, line in enumerate(lines):
        if not line.strip() or line.startswith("#"):
            continue
        if line[0] in " \t" or line.startswith("- ") or line.rstrip() == "-":
            if not found:
                return []
            found[-1][3].append(line.strip())
        elif match := _KEY.match(line):
            found.append((place, match[1] or match[2] or match[3], (match[4] or "").strip(), []))
        else:
            return []
    return found


_BLOCK = re.compile(r"[|>][+\-0-9]{0,2}(?:\s{1,9}#.*)?$")
_PROPERTIES = re.compile(r"(?:[!&]\S{0,99}\s{1,9}){1,2}")


def values(first: str, rest: Sequence[str]) -> tuple[str, ...]:
    """Return the strings of a value: of a scalar, a list or the names in a list of persons."""
    first = _PROPERTIES.sub("", first, count=1) if first[:1] in ("!", "&") else first
    if _BLOCK.match(first):
        return (" ".join(rest)[:_LONGEST],)
    first = _without_comment(first) if first.startswith("#") else first
    if not first and rest:
        return tuple(value for item in _items(rest) for value in _value(_named(item)))
    return _value(" ".join((first, *rest))[:_LONGEST])


def _items(rest: Sequence[str]) -> Iterator[str]:
    """Yield the items of a list in lines; one value that is broken into lines is one item."""
    item: list[str] = []
    for line in rest:
        begins = line == "-" or line.startswith("- ")
        if (begins or _KEY.match(line)) and item:
            yield " ".join(item)
            item = []
        item.append(line[1:].strip() if begins else line)
    yield " ".join(item)


def _named(item: str) -> str:
    """Return the name in an item that is a record, `name: Ana Ruiz`; nothing of its other keys."""
    match = _KEY.match(item)
    if match is None:
        return item
    key = (match[1] or match[2] or match[3]).casefold()
    return (match[4] or "") if key in ("name", "title") else "" if key.isalpha() and key.isascii() else item


_DOUBLE = re.compile(r'"((?:[^"\\]|\\.){0,5000})"')
_SINGLE = re.compile(r"'((?:[^']|''){0,5000})'")
_LINK = re.compile(r"\[[^\[\]]{1,500}\]\(")
_FLOW = re.compile(r"""\s{0,99}(?:"((?:[^"\\]|\\.){0,500})"|'((?:[^']|''){0,500})'|([^,\[\]]{1,500}))""")
_COMMENT = re.compile(r"(?:^|\s)#(?:\s.*)?$")  # YAML wants no space behind; titles have `#1` and `#MeToo`


def _value(text: str) -> tuple[str, ...]:
    text = text.strip()[:_LONGEST]
    if match := _DOUBLE.match(text):
        return (_unescaped(match[1]),)
    if match := _SINGLE.match(text):
        return (match[1].replace("''", "'"),)
    if text.startswith("[") and not _LINK.match(text):
        return tuple(_flow(text))
    text = _without_comment(text)
    return () if text in ("", "~", "null", "Null", "NULL") or text[0] in "{*" else (text,)


def _flow(text: str) -> Iterator[str]:
    for match in _FLOW.finditer(text):
        if match[1] is not None:
            yield _unescaped(match[1])
        elif match[2] is not None:
            yield match[2].replace("''", "'")
        elif plain := match[3].strip():
            yield plain.partition("|")[2].strip() or plain


def _without_comment(text: str) -> str:
    match = _COMMENT.search(text) if "#" in text else None
    return text[: match.start()].rstrip() if match else text


def _unescaped(text: str) -> str:
    """Return a double-quoted string as it is meant: the escapes of YAML that JSON has, too."""
    try:
        return str(parse_json(f'"{text}"', strict=False)) if "\\" in text else text
    except ValueError:
        return text.replace('\\"', '"')
