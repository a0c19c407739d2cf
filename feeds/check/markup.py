"""Check the HTML that an entry holds: what readers drop, and what a reader that does not would run."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ELEMENT = re.compile(r"<(script|style|iframe|object|embed|form|input|link|meta|base)\b", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"<[a-z][^<>]{0,2000}?\s(on[a-z]{1,20}|style|srcdoc)\s?=", re.IGNORECASE)
_ADDRESS = re.compile(
    r"""<[a-z][^<>]{0,2000}?\s(?:href|src)\s?=\s?["']?\s{0,9}(javascript|data|file|vbscript):""",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"""<(?:a|img|source|video|audio)(?:\s[^<>]{0,2000}?)?\s(?:href|src)="(?!https?:|mailto:)"""
)


def check_markup(html: str | None) -> Iterator[str]:
    """Say what the W3C validator calls a security risk, and which addresses a reader can't resolve."""
    for pattern, said in (
        (_ELEMENT, "its content holds the element {}"),
        (_ATTRIBUTE, "its content holds the attribute {}"),
        (_ADDRESS, "its content holds an address of {}"),
    ):
        found = pattern.search(html or "")
        if found:
            yield said.format(found[1].lower())
    if _RELATIVE.search(html or ""):
        yield "its content holds a relative address"
