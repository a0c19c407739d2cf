"""Read JSON documents, and know the lines that their values begin on."""

from __future__ import annotations

import json
import re
from typing import Any

from feeds.model import Document, DocumentError

# An escape in a string: of a whole character in two halves, of a half alone (1), or any other.
_ESCAPE = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_SPACE = " \t\n\r,"


def load_json(document: Document, what: str) -> Any:
    """Give the value of a JSON document; raise DocumentError, with the line, where it is damaged."""
    try:
        return parse_json(document.text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        told = f"{what} that is not well-formed: {error.msg}"
        raise DocumentError(document.source, told, error.lineno) from None
    except (ValueError, RecursionError) as error:
        raise DocumentError(document.source, f"{what} that can't be read: {error}") from None


def parse_json(text: str, *, strict: bool = True) -> Any:
    """Give the value of a JSON text; half a character, as RFC 8259 section 8.2 foresees it, becomes "?".

    >>> parse_json(r'["\\ud83d\\ude00 \\ud83d \\\\ud83d"]') == ["\U0001f600 ? " + r"\\ud83d"]
    True
    """
    if "\\ud" in text or "\\uD" in text:
        text = _ESCAPE.sub(_whole, text)
    return json.loads(text, strict=strict)


def _whole(match: re.Match[str]) -> str:
    return "?" if match[1] else match[0]


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
