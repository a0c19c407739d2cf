"""Read what the words beside a place's name say about it: the curated lists of context_en.txt."""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).parent.parent / "data" / "context_en.txt"


def _words() -> dict[str, frozenset[str]]:
    """Give the lists by their names."""
    lists: dict[str, list[str]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        name, colon, words = line.partition(": ")
        if colon and not line.startswith("#"):
            lists.setdefault(name, []).extend(words.split())
    return {name: frozenset(words) for name, words in lists.items()}


WORDS = _words()
