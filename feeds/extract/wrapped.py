"""Tell where lines were broken at a column, as text browsers and mail programs print a text.

Where a line was broken, the next word did not fit: the column lies behind the line's end, and before the end
that this word would have given it. In a text that was broken, the breaks that follow one another agree on a
column; lines that stand for themselves, such as headlines in a list, do not. A document may hold texts that
were broken at several columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

NARROWEST, WIDEST = 40, 120  # columns between which a text is broken
_FEWEST = 3  # breaks that can tell
_AGREE = 0.7  # of the breaks, with one beside them
_GO_ON = 0.5  # of those, in the midst of a sentence
_NEAR = 8  # columns by which a line may be longer than those beside it
_SENTENCE_ENDS = ".!?:。！？："
UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]"  # scripts that part no words
_HELD_TOGETHER = 3  # signs that such a script may keep off the end of a line, or off the beginning of one


class Break(NamedTuple):
    """Where one line ends, and another follows it without a blank one."""

    end: int  # the column of the first line's end
    needed: int  # the column to which the next word would have come
    goes_on: bool  # in the midst of a sentence, as far as it shows


def between(line: str, end: int, following: str) -> Break:
    """Look at the break between two lines, the first of which ends at a column.

    >>> between("to protest against new quotas", 29, "that they say")
    Break(end=29, needed=34, goes_on=True)
    """
    word = following.partition(" ")[0]
    if not word.isascii() and re.search(
        UNSPACED, word
    ):  # any sign may end a line where no spaces are written
        return Break(end, end + _HELD_TOGETHER, line[-1:] not in _SENTENCE_ENDS)
    if len(word) > 3 and not any(map(str.isalnum, word)):  # a rule across the page
        return Break(end, end, False)
    goes_on = line[-1:] not in _SENTENCE_ENDS and word[:1].isalpha() and not word[:1].isupper()
    return Break(end, end + 1 + len(word), goes_on)


def joined(line: str, following: str) -> str:
    """Join two lines, the first of which was broken.

    What a hyphen parts at the end of a line is one word, with or without it; some scripts write no spaces.

    >>> joined("a coal-", "fired plant"), joined("the north", "of Chile")
    ('a coal-fired plant', 'the north of Chile')
    """
    parted = line[-1] == "-" and line[-2:-1].isalpha() and following[0].islower()
    return f"{line}{'' if parted or _is_unspaced(line, following) else ' '}{following}"


def _is_unspaced(line: str, following: str) -> bool:
    words = line.rpartition(" ")[2], following.partition(" ")[0]
    return not following.isascii() and all(re.search(UNSPACED, word) for word in words)


def goes_on(breaks: Sequence[Break | None]) -> list[bool]:
    """Say of each place between two lines whether a line was broken there; None stands where none was."""
    runs = list(_runs(breaks))
    agreeing = [breaks[place] for run in runs if len(run) > 1 for place in run]
    known = sum(one is not None for one in breaks)
    inside = sum(one is not None and one.goes_on for one in agreeing)
    found = [False] * len(breaks)
    if len(agreeing) < _AGREE * known or inside < max(_FEWEST, _GO_ON * len(agreeing)):
        return found
    column = max(one.end for one in agreeing if one)
    for run in runs:
        if len(run) > 1:
            column = max(one.end for place in run if (one := breaks[place]))
        for place in run:
            one = breaks[place]
            found[place] = one is not None and one.end <= column + _NEAR and column < one.needed
    return found


def _runs(breaks: Sequence[Break | None]) -> Iterator[list[int]]:
    """Give the places of breaks that follow one another and agree on a column."""
    run: list[int] = []
    low, high = 0, WIDEST + 1
    for place, one in enumerate(breaks):
        if one is None:
            continue
        if max(low, one.end) >= min(high, one.needed) and run:
            yield run
            run, low, high = [], 0, WIDEST + 1
        if one.end < min(high, one.needed):
            run.append(place)
            low, high = max(low, one.end), min(high, one.needed)
    if run:
        yield run
