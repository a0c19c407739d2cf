"""Find thousands of surfaces in tokens by a table of first words.

A surface is one or more words that stand for something: a country, a topic. The longest one that
begins at a token wins. What a token can begin is looked up once for each spelling and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, NamedTuple, TypeVar

from feeds.tag.text import TOKEN, fold

Meaning = TypeVar("Meaning")
REMEMBERED = 200_000  # spellings; beyond it the memory is cleared: an adversary's text can't fill it
SHORTEST_PREFIX = 3


class Surface(NamedTuple, Generic[Meaning]):
    """The folded words after the first, and what the whole means."""

    rest: tuple[str, ...]
    open_end: bool  # the last word is a prefix
    meaning: Meaning


class Cell(NamedTuple):
    """What a token is compared as, and which surfaces it can begin, the longest first."""

    folded: str
    countries: tuple[Surface[Any], ...]
    topics: tuple[Surface[Any], ...]


class _Entry(NamedTuple, Generic[Meaning]):
    surface: Surface[Meaning]
    case: Callable[[str], bool]


def _any_case(token: str) -> bool:
    return True


def _capital(token: str) -> bool:
    return token[0].isupper()


class Words(Generic[Meaning]):
    """The surfaces of one vocabulary, by their first word or by the prefix of it.

    >>> words = Words([("White House", "US"), ("sanction*", "sanctions")])
    >>> [surface.meaning for surface in words.begun_by("Sanctioned", "sanctioned")]
    ['sanctions']
    >>> words.begun_by("white", "white")
    ()
    """

    def __init__(self, surfaces: Iterable[tuple[str, Meaning]]) -> None:
        self._whole: dict[str, list[_Entry[Meaning]]] = {}
        self._prefixes: dict[str, list[_Entry[Meaning]]] = {}
        for text, meaning in surfaces:
            self._add(text, meaning)

    def _add(self, text: str, meaning: Meaning) -> None:
        open_end = text.endswith("*")
        tokens: list[str] = TOKEN.findall(text.removesuffix("*"))
        first, *rest = tokens
        surface = Surface(tuple(map(fold, rest)), open_end and bool(rest), meaning)
        entry = _Entry(surface, _case_of(first))
        table = self._prefixes if open_end and not rest else self._whole
        table.setdefault(fold(first), []).append(entry)

    def begun_by(self, token: str, folded: str) -> tuple[Surface[Meaning], ...]:
        """Give the surfaces that a token in this spelling can begin, the longest first."""
        entries = [*self._whole.get(folded, ()), *self._by_prefix(folded)]
        fitting = [entry.surface for entry in entries if entry.case(token)]
        return tuple(sorted(fitting, key=lambda surface: -len(surface.rest)))

    def _by_prefix(self, folded: str) -> Iterable[_Entry[Meaning]]:
        for end in range(len(folded), SHORTEST_PREFIX - 1, -1):
            yield from self._prefixes.get(folded[:end], ())


def _case_of(word: str) -> Callable[[str], bool]:
    """Say how a first word must be spelt: an acronym in capitals, a name with one, others as they like."""
    if len(word) > 1 and word.isupper() and "." not in word:
        return str.isupper
    return _capital if word[0].isupper() else _any_case


class Index(dict[str, Cell]):
    """Cells by token, each made at the first look-up.

    `variants` gives other foldings to try in turn where a token begins nothing, such as an Arabic
    word without its article.
    """

    def __init__(
        self,
        countries: Words[Any],
        topics: Words[Any],
        variants: Callable[[str], Iterable[str]] = lambda folded: (),
    ) -> None:
        super().__init__()
        self._countries, self._topics, self._variants = countries, topics, variants

    def __missing__(self, token: str) -> Cell:
        if len(self) >= REMEMBERED:
            self.clear()
        folded = fold(token)
        cell = Cell(
            folded, self._begun(self._countries, token, folded), self._begun(self._topics, token, folded)
        )
        self[token] = cell
        return cell

    def _begun(self, words: Words[Any], token: str, folded: str) -> tuple[Surface[Any], ...]:
        found = words.begun_by(token, folded)
        for variant in self._variants(folded):
            if found:
                break
            found = words.begun_by(token, variant)
        return found
