"""Find thousands of surfaces in tokens by a table of first words.

A surface is one or more words that stand for something: a country, a topic. The longest one that
begins at a token wins. What a token can begin is looked up once for each spelling and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Generic, TypeVar

from feeds.tag.text import fold, tokens_of

Meaning = TypeVar("Meaning")
REMEMBERED = 200_000  # spellings; beyond it the memory is cleared: an adversary's text can't fill it
LEAD, LEAD_OF_COUNTRIES = 18, 7  # surfaces that stand in the lead, of both vocabularies or of one
LONGEST_REMEMBERED = 40  # characters: a text without spaces is cut anew each time
SHORTEST_PREFIX, LONGEST_PREFIX = 3, 30  # letters


@dataclass(frozen=True, slots=True, eq=False)
class Surface(Generic[Meaning]):
    """The folded words after the first, and what the whole means."""

    rest: tuple[str, ...]
    open_end: bool  # the last word is a prefix
    meaning: Meaning
    length: int  # in tokens


@dataclass(frozen=True, slots=True, eq=False)
class Begun:
    """The surfaces that a token can begin: by itself, by the word after it, by the beginning of that word.

    `followed` has, for a next word, those that need more words, and those that stand for certain, the longest
    first, with `alone` behind them.
    """

    alone: tuple[Surface[Any], ...]
    followed: Mapping[str, tuple[tuple[Surface[Any], ...], tuple[Surface[Any], ...]]]
    opened: tuple[Surface[Any], ...]
    single: bool  # none has a second word


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What a token is compared as, and which surfaces it can begin, None where none."""

    folded: str
    countries: Begun | None
    topics: Begun | None
    text: str = ""  # as it is spelt
    starts: frozenset[str] | bool = False  # whether a surface may stand here, or which words must follow


END = Cell("", None, None)  # what stands after the last token of a row


def standing(begun: Begun, row: Sequence[Cell], start: int) -> Sequence[Surface[Any]]:
    """Give the surfaces that stand in a row of cells at this place, the longest first."""
    after = row[start + 1].folded
    if begun.opened:
        return _standing_opened(begun, row, start, after)
    if after not in begun.followed:
        return begun.alone
    longer, certain = begun.followed[after]
    for surface in longer:
        if _follows(surface, row, start):
            return (*(surface for surface in longer if _follows(surface, row, start)), *certain)
    return certain


def _standing_opened(begun: Begun, row: Sequence[Cell], start: int, after: str) -> Sequence[Surface[Any]]:
    longer, certain = begun.followed.get(after, ((), begun.alone))
    found = [surface for surface in longer if _follows(surface, row, start)]
    found += certain[: len(certain) - len(begun.alone)]
    found += [surface for surface in begun.opened if after.startswith(surface.rest[0])]
    return [*found, *begun.alone]


def beginnings(row: Sequence[Cell]) -> list[int]:
    """Give the places in a row, which ends with END, where a surface of either vocabulary may stand.

    Most common words begin some phrase or other; what comes after rules nearly all of them out at once.
    """
    return [
        start
        for start, cell in enumerate(row)
        if (starts := cell.starts) and (starts is True or row[start + 1].folded in starts)
    ]


def lead_end(row: Sequence[Cell], starts: Iterable[int], left: int) -> int:
    """Give where the lead ends in the row of a body: what a reader has learned who stops early.

    It is as long as it takes to say `left` things, not so many letters: a sentence that says nothing may
    come or go, and the rest stands where it stood.
    """
    for start in starts:
        cell = row[start]
        if (cell.countries and standing(cell.countries, row, start)) or (
            cell.topics and standing(cell.topics, row, start)
        ):
            if not left:
                return start
            left -= 1
    return len(row) - 1


def _starts(countries: Begun | None, topics: Begun | None) -> frozenset[str] | bool:
    """Say whether a token may begin something by itself, or else before which words."""
    begun = [found for found in (countries, topics) if found]
    if any(found.alone or found.opened for found in begun):
        return True
    return frozenset(word for found in begun for word in found.followed) or False


def _follows(surface: Surface[Any], row: Sequence[Cell], start: int) -> bool:
    """Say whether the words of a surface stand behind its first."""
    rest = surface.rest
    last = start + surface.length - 1
    if last >= len(row):
        return False
    place = start + 1
    for word in rest[:-1]:
        if row[place].folded != word:
            return False
        place += 1
    return row[last].folded.startswith(rest[-1]) if surface.open_end else row[last].folded == rest[-1]


def _any_case(token: str) -> bool:
    return True


def _capital(token: str) -> bool:
    return token[0].isupper()


class Words(Generic[Meaning]):
    """The surfaces of one vocabulary, by their first word or by the prefix of it.

    Each comes with a claim: what one line of a table says of it. `read` makes a meaning of a surface and
    all that is claimed for it. That, like the cutting, is done where the first word is met: a run meets few.

    >>> words = Words([("White House", "US"), ("sanction*", "sanctions")], lambda text, claims: claims)
    >>> words.begun_by("Sanctioned", "sanctioned").alone[0].meaning
    ['sanctions']
    >>> words.begun_by("white", "white")
    """

    def __init__(
        self, surfaces: Iterable[tuple[str, str]], read: Callable[[str, Sequence[str]], Meaning]
    ) -> None:
        # Flat lists of surface, claim, surface, claim: ten thousand pairs would take longer to make.
        self._whole: dict[str, list[str]] = {}
        self._prefixes: dict[str, list[str]] = {}
        self._read, self._meanings = read, dict[str, Meaning]()
        whole, prefixes = self._whole, self._prefixes
        for text, claim in surfaces:
            first = text.partition(" ")[0]
            table = whole
            if first.endswith("*"):
                first, table = first[:-1], prefixes
            if not (first.isascii() and first.isalpha()):
                first, table = self._first(text)
            key = first.lower()
            if key in table:
                table[key] += (text, claim)
            else:
                table[key] = [text, claim]

    def _first(self, text: str) -> tuple[str, dict[str, list[str]]]:
        first, *rest = tokens_of(text.removesuffix("*"))
        return fold(first), self._whole if rest or not text.endswith("*") else self._prefixes

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return bool(self._whole or self._prefixes)

    def meanings(self) -> Iterator[Meaning]:
        """Give what every surface means."""
        for items in (*self._whole.values(), *self._prefixes.values()):
            yield from (self._meaning(text, claims) for text, claims in _by_surface(items).items())

    def _meaning(self, text: str, claims: Sequence[str]) -> Meaning:
        """Give what a surface means, the same value each time."""
        if text not in self._meanings:
            self._meanings[text] = self._read(text, claims)
        return self._meanings[text]

    def begun_by(self, token: str, folded: str) -> Begun | None:
        """Give the surfaces that a token in this spelling can begin, each group the longest first."""
        fitting = [
            _surface(text, self._meaning(text, claims))
            for text, claims in _by_surface([*self._whole.get(folded, ()), *self._by_prefix(folded)]).items()
            if _case_of(text)(token)
        ]
        if not fitting:
            return None
        fitting.sort(key=lambda surface: -surface.length)
        alone = tuple(surface for surface in fitting if surface.length == 1)
        opened = tuple(surface for surface in fitting if _is_opened(surface))
        followed = {
            word: (
                tuple(surface for surface in surfaces if surface.length > 2),
                (*(surface for surface in surfaces if surface.length == 2), *alone),
            )
            for word, surfaces in _by_second_word(fitting).items()
        }
        return Begun(alone, followed, opened, single=not (followed or opened))

    def _by_prefix(self, folded: str) -> Iterator[str]:
        for end in range(min(len(folded), LONGEST_PREFIX), SHORTEST_PREFIX - 1, -1):
            yield from self._prefixes.get(folded[:end], ())


def _by_surface(items: Sequence[str]) -> dict[str, list[str]]:
    claims: dict[str, list[str]] = {}
    for text, claim in zip(items[::2], items[1::2], strict=True):
        claims.setdefault(text, []).append(claim)
    return claims


def _by_second_word(surfaces: Iterable[Surface[Any]]) -> dict[str, list[Surface[Any]]]:
    found: dict[str, list[Surface[Any]]] = {}
    for surface in surfaces:
        if surface.rest and not _is_opened(surface):
            found.setdefault(surface.rest[0], []).append(surface)
    return found


def _surface(text: str, meaning: Meaning) -> Surface[Meaning]:
    """Cut a surface into words."""
    open_end = text.endswith("*")
    _, *rest = tokens_of(text.removesuffix("*"))
    return Surface(tuple(map(fold, rest)), open_end and bool(rest), meaning, 1 + len(rest))


def _is_opened(surface: Surface[Any]) -> bool:
    return surface.open_end and surface.length == 2


def _case_of(text: str) -> Callable[[str], bool]:
    """Say how a first word must be spelt: an acronym in capitals, a name with one, others as they like."""
    word = tokens_of(text.removesuffix("*"))[0]
    if len(word) > 1 and word.isupper() and "." not in word:
        return str.isupper
    return _capital if word[0].isupper() else _any_case


class Index(dict[str, tuple[Cell, ...]]):
    """The cells of what stands between two spaces, made at the first look-up of each spelling.

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
        self._cells: dict[str, Cell] = {}
        self.lead = LEAD if topics else LEAD_OF_COUNTRIES

    def row(self, text: str) -> list[Cell]:
        """Give the cells of a text, in order, with END behind them."""
        return [*chain.from_iterable(map(self.__getitem__, text.split(" "))), END]

    def __missing__(self, chunk: str) -> tuple[Cell, ...]:
        cells = tuple(map(self._cell, tokens_of(chunk)))
        if len(chunk) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self.clear()
            self[chunk] = cells
        return cells

    def _cell(self, token: str) -> Cell:
        if token not in self._cells:
            if len(self._cells) >= REMEMBERED:
                self._cells.clear()
            folded = fold(token)
            countries, topics = (
                self._begun(self._countries, token, folded),
                self._begun(self._topics, token, folded),
            )
            self._cells[token] = Cell(folded, countries, topics, token, _starts(countries, topics))
        return self._cells[token]

    def _begun(self, words: Words[Any], token: str, folded: str) -> Begun | None:
        found = words.begun_by(token, folded)
        for variant in self._variants(folded) if found is None else ():
            found = found or words.begun_by(token, variant)
        return found
