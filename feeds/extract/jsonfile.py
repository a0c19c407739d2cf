"""Read JSON documents, and know the lines that their values begin on."""

from __future__ import annotations

import json
import re
from typing import Any

from feeds.model import Document, DocumentError

_SPACE = " \t\n\r,"


def load_json(document: Document, what: str) -> Any:
    """Give the value of a JSON document; raise DocumentError, with the line, where it is damaged."""
    try:
        return json.loads(document.text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        told = f"{what} that is not well-formed: {error.msg}"
        raise DocumentError(document.source, told, error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(document.source, f"{what} that can't be read: {error}") from None


def value_lines(text: str, key: str | None = None) -> list[int]:
    """Give the line that each value begins on in the first list under a key, or in the outermost list.

    >>> value_lines('{"items": [\\n{"id": 1},\\n{"id": 2}]}', "items")
    [2, 3]
    """
    begin = re.search(rf'"{key}"\s*:\s*\[' if key else r"\[", text)
    decoder = json.JSONDecoder()
    lines: list[int] = []
    at = begin.end() if begin else len(text)
    line, past = 1, 0
    while True:
        while at < len(text) and text[at] in _SPACE:
            at += 1
        if at >= len(text) or text[at] == "]":
            return lines
        line, past = line + text.count("\n", past, at), at
        lines.append(line)
        try:
            _, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return lines
