"""Find thousands of surfaces in tokens by a table of first words.

A surface is one or more words that stand for something: a country, a topic. The longest one that
begins at a token wins. What a token can begin is looked up once for each spelling and remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

from msgspec import Struct

from feeds.tag.text import fold, tokens_of

Meaning = TypeVar("Meaning")
REMEMBERED = 25_000  # spellings; beyond it those that were not met since are forgotten: a crawl has millions
LEAD, LEAD_OF_COUNTRIES = 18, 7  # surfaces that stand in the lead, of both vocabularies or of one
LONGEST_REMEMBERED = 40  # characters: a text without spaces is cut anew each time
WORDS_AFTER = 250  # that are remembered behind each word, beside those of phrases
SHORTEST_PREFIX, LONGEST_PREFIX = 3, 30  # letters


class Surface(Struct, Generic[Meaning], frozen=True, eq=False):
    """The folded words after the first, and what the whole means."""

    rest: tuple[str, ...]
    open_end: bool  # the last word is a prefix
    meaning: Meaning
    length: int  # in tokens

    def is_open(self, depth: int) -> bool:
        """Say whether a prefix is to stand behind so many words of it."""
        return self.open_end and self.length == depth + 1

    def goes_on(self, depth: int, word: str) -> bool:
        """Say whether this word, behind so many of it, may be its next one; True behind all of them."""
        if self.length <= depth:
            return True
        wanted = self.rest[depth - 1]
        return word.startswith(wanted) if self.is_open(depth) else word == wanted


# The surfaces of countries and those of topics that stand at one place, the longest first.
Both = tuple[tuple[Surface[Any], ...], tuple[Surface[Any], ...]]
# Where they stand in a row of cells, and they. A bare tuple, as an article has up to thousands.
Stand = tuple[int, Both]


class Begun:
    """What stands where some words of surfaces were read, as the next word tells.

    `get` gives it by that word: both, None for nothing, or the Begun that the word after it tells. Before
    words that it does not know stands `other`. A word is read where it is first met: until then it gives
    the Begun itself. `alone` is what stands whatever comes.
    """

    __slots__ = ("_after", "_depth", "_surfaces", "alone", "get", "other")

    def __init__(self, surfaces: Both, depth: int) -> None:
        self._surfaces, self._depth = surfaces, depth
        going = [surface for surface in chain(*surfaces) if surface.length > depth]
        words = [surface.rest[depth - 1] for surface in going if not surface.is_open(depth)]
        self.alone = _both(surfaces, lambda surface: surface.length <= depth)
        self._after: dict[str, Both | Begun | None] = dict.fromkeys(words, self)
        self.get = self._after.get
        self.other = self.alone if len(words) == len(going) else self

    def read(self, row: Sequence[Cell], start: int) -> Both | None:
        """Give what stands before the words of a row from here on."""
        word = row[start].folded
        found = self.get(word, self.other)
        if found is self:
            both = _both(self._surfaces, lambda surface: surface.goes_on(self._depth, word))
            found = _begun(both, self._depth + 1)
            if word in self._after or len(self._after) < WORDS_AFTER:
                self._after[word] = found
        return found.read(row, start + 1) if isinstance(found, Begun) else found


def _begun(both: Both | None, depth: int) -> Both | Begun | None:
    if both and any(surface.length > depth for surface in chain(*both)):
        return Begun(both, depth)
    return both


def _both(surfaces: Both, fits: Callable[[Surface[Any]], bool]) -> Both | None:
    countries, topics = (tuple(filter(fits, found)) for found in surfaces)
    return (countries, topics) if countries or topics else None


class Cell(Struct, frozen=True, eq=False):
    """What a token is compared as, and which surfaces it can begin, None where none."""

    folded: str
    begun: Begun | None
    text: str = ""  # as it is spelt


# What stands after the last token of a row. No token is folded to it, as one of marks alone is to nothing:
# a vowel sign within a surface.
END = Cell("\0", None)


def stands(row: Sequence[Cell]) -> list[Stand]:
    """Give what stands in a row, which ends with END, from the left.

    Most common words begin some phrase or other; what comes after rules nearly all of them out at once.
    """
    found: list[Stand] = []
    for start, cell in enumerate(row):
        if begun := cell.begun:
            both = begun.get(row[start + 1].folded, begun.other)
            if type(both) is tuple:
                found.append((start, both))
            elif both is not None and (told := begun.read(row, start + 1)):
                found.append((start, told))
    return found


def at_lead_end(row: list[Cell], left: int) -> tuple[list[list[Cell]], list[list[Stand]]]:
    """Cut the row of a body into lead and rest; give both, and what stands in each.

    The lead is what a reader has learned who stops early. It is as long as it takes to say `left` things,
    not so many letters: a sentence that says nothing may come or go, and the rest stands where it stood.
    """
    found = stands(row)
    end = found[left][0] if left < len(found) else len(row) - 1
    lead, in_lead = [*row[:end], END], found[:left]
    if any(start + surface.length > end for start, both in in_lead for surface in chain(*both)):
        in_lead = stands(lead)
    return [lead, row[end:]], [in_lead, [(start - end, both) for start, both in found[left:]]]


def _any_case(token: str) -> bool:
    return True


def _capital(token: str) -> bool:
    return token[0].isupper()


# Surfaces with their claims by their first words, by the prefixes of these, and by the endings of single
# words: surface, claim, surface, claim as one text, as ten thousand lists would take longer to load.
ByFirst = tuple[dict[str, str], dict[str, str], dict[str, str]]
BETWEEN = "\0"  # no text holds it


def by_first(surfaces: Iterable[tuple[str, str]]) -> ByFirst:
    """Put surfaces, each with a claim, in order by what they begin with."""
    whole: dict[str, str] = {}
    prefixes: dict[str, str] = {}
    endings: dict[str, str] = {}
    for text, claim in surfaces:
        if BETWEEN in text:
            continue
        first = text.partition(" ")[0]
        word, rest = first.strip("*"), False
        if not (word.isascii() and word.isalpha()):
            word, *others = tokens_of(text.strip("*"))
            word, rest = fold(word), bool(others)
        table = whole
        if not rest and first.endswith("*"):
            table = prefixes
        elif not rest and first.startswith("*"):
            table = endings
        key = word.lower()
        item = f"{text}{BETWEEN}{claim}"
        table[key] = f"{table[key]}{BETWEEN}{item}" if key in table else item
    return whole, prefixes, endings


class Words(Generic[Meaning]):
    """The surfaces of one vocabulary, by their first word, by the prefix of it, or by its ending.

    Each comes with a claim: what one line of a table says of it. `read` makes a meaning of a surface and
    all that is claimed for it. That, like the cutting, is done where the first word is met: a run meets few.

    >>> tables = by_first([("White House", "US"), ("sanction*", "sanctions")])
    >>> words = Words(tables, lambda text, claims: claims)
    >>> words.begun_by("Sanctioned", "sanctioned")[0].meaning
    ['sanctions']
    >>> words.begun_by("white", "white")
    ()

    An ending, as in "*wahl", is where a compound has its sense; it counts where nothing else fits the word.
    """

    def __init__(self, tables: ByFirst, read: Callable[[str, Sequence[str]], Meaning]) -> None:
        self._whole, self._prefixes, self._endings = tables
        self._read, self._meanings = read, dict[str, Meaning]()

    def __bool__(self) -> bool:
        """Say whether there are any."""
        return any((self._whole, self._prefixes, self._endings))

    def meanings(self) -> Iterator[Meaning]:
        """Give what every surface means."""
        for items in (*self._whole.values(), *self._prefixes.values(), *self._endings.values()):
            yield from (self._meaning(text, claims) for text, claims in _by_surface([items]).items())

    def _meaning(self, text: str, claims: Sequence[str]) -> Meaning:
        """Give what a surface means, the same value each time."""
        if text not in self._meanings:
            self._meanings[text] = self._read(text, claims)
        return self._meanings[text]

    def begun_by(self, token: str, folded: str) -> tuple[Surface[Meaning], ...]:
        """Give the surfaces that a token in this spelling can begin, the longest first."""
        fitting = [
            _surface(text, self._meaning(text, claims))
            for text, claims in _by_surface(self._beginning(folded)).items()
            if _case_of(text)(token)
        ]
        return tuple(sorted(fitting, key=lambda surface: (-surface.length, surface.is_open(1))))

    def _beginning(self, folded: str) -> Iterator[str]:
        if items := self._whole.get(folded):
            yield items
        for end in range(min(len(folded), LONGEST_PREFIX), SHORTEST_PREFIX - 1, -1):
            if items := self._prefixes.get(folded[:end]):
                yield items
        if self._endings:
            for start in range(max(1, len(folded) - LONGEST_PREFIX), len(folded) - SHORTEST_PREFIX + 1):
                if items := self._endings.get(folded[start:]):
                    yield items


def _by_surface(tables: Iterable[str]) -> dict[str, list[str]]:
    claims: dict[str, list[str]] = {}
    for table in tables:
        items = table.split(BETWEEN)
        for text, claim in zip(items[::2], items[1::2], strict=True):
            claims.setdefault(text, []).append(claim)
    return claims


def _surface(text: str, meaning: Meaning) -> Surface[Meaning]:
    """Cut a surface into words."""
    open_end = text.endswith("*")
    _, *rest = tokens_of(text.strip("*"))
    return Surface(tuple(map(fold, rest)), open_end and bool(rest), meaning, 1 + len(rest))


def _case_of(text: str) -> Callable[[str], bool]:
    """Say how a first word must be spelt: an acronym in capitals, a name with one, others as they like."""
    word = tokens_of(text.strip("*"))[0]
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
        self._older: dict[str, tuple[Cell, ...]] = {}  # what is met again comes back from there
        self._cells: dict[str, Cell] = {}
        self.lead = LEAD if topics else LEAD_OF_COUNTRIES

    def row(self, text: str) -> list[Cell]:
        """Give the cells of a text, in order, with END behind them."""
        return [*chain.from_iterable(map(self.__getitem__, text.split(" "))), END]

    def __missing__(self, chunk: str) -> tuple[Cell, ...]:
        cells = self._older.pop(chunk, None) or tuple(map(self._cell, tokens_of(chunk)))
        if len(chunk) <= LONGEST_REMEMBERED:
            if len(self) >= REMEMBERED:
                self._older = dict(self)
                self.clear()
            self[chunk] = cells
        return cells

    def _cell(self, token: str) -> Cell:
        if token not in self._cells:
            if len(self._cells) >= REMEMBERED:
                self._cells.clear()
            folded = fold(token)
            both = self._begun(self._countries, token, folded), self._begun(self._topics, token, folded)
            self._cells[token] = Cell(folded, Begun(both, 1) if any(both) else None, token)
        return self._cells[token]

    def _begun(self, words: Words[Any], token: str, folded: str) -> tuple[Surface[Any], ...]:
        found = words.begun_by(token, folded)
        for variant in () if found else self._variants(folded):
            found = found or words.begun_by(token, variant)
        return found
