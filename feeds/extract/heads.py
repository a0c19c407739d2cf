"""Say which lines of a page are surely headlines, or surely none, by what stands around them.

What is learned of single lines can't see an order of several: items that are numbered, texts that are parted
by rules, a headline with its standfirst. Each function gives places with what a headline is worth more there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from feeds.extract import records, words
from feeds.extract.lines import BIT, Line, line_names
from feeds.extract.wrapped import UNSPACED

Leaning = tuple[int, float]  # a place, and what being a headline is worth more there

_SURELY = 40.0
_RATHER = 12.0
_NO_HEADLINE = (
    BIT["furniture words"]
    | BIT["furniture beginning"]
    | BIT["opens other articles"]
    | BIT["date line"]
    | BIT["byline"]
    | BIT["picture credit"]
    | BIT["photo words"]
    | BIT["only figures"]
    | BIT["web address"]
    | BIT["has separators"]
    | BIT["ends with a colon"]
    | BIT["dateline"]
    | BIT["words glued together"]
)
_NAMING = BIT["furniture beginning"] | BIT["furniture words"] | BIT["date line"] | BIT["byline"]
_SIGNED = BIT["byline"] | BIT["date line"] | BIT["tells a time"] | BIT["relative time"]
_ALIKE = 2  # words that two paragraphs on one matter share
_TURNED = BIT["the topic changes"] | BIT["shares many words below"] | BIT["above a long line"]
_PICTURED = BIT["photo words"] | BIT["picture credit"]
_REPEATED = BIT["comes again soon"] | BIT["came before"]
_TEXT = BIT["ends a sentence"] | BIT["reads like text"]
_ITEM = re.compile(r"(\d{1,2})[.)]\s+\S")
_TITLE = 4  # words of a headline on the mean, of a name fewer
_QUOTED = re.compile(r"[\"“”„«»]")
_RULES = "-_=*~─━—–"
_SHORTEST_RULE = 5  # signs
_BLOCKS = 3
_MOSTLY = 0.7
_SHARED = 0.15  # of the names in two blocks, where they are on one matter
_KICKER = 5  # words; what is longer stands for itself
_WHOLE = 8  # words; what is as long is a headline, whatever stands below it
_REACH = 13  # lines above a headline among which a better one may stand
_NAMED = BIT["byline"] | BIT["writer's name"]
_TOLD = _NAMED | BIT["date line"]
_SIGNS = 10  # of a headline where no spaces are written
_FEW = 2  # words; what has no more is no sentence of a text
_NO_SENTENCE = _NO_HEADLINE & ~BIT["dateline"]
_BELOW_DAY = 4  # lines in which the text begins that stands below a day
_ENDED = BIT["ends a sentence"] | BIT["ends with a question"]
_LONGER = 1.4  # times a headline's words are those of its standfirst


def leanings(lines: Sequence[Line]) -> Iterator[Leaning]:
    """Give the places of a page where a headline is worth more, whatever else stands there."""
    yield from _labelled(lines)
    yield from _numbered(lines)
    yield from _under_rules(lines)
    yield from _over_blocks(lines)
    yield from _over_days(lines)
    yield from _under_agencies(lines)
    yield from _unspaced(lines)


def _labelled(lines: Sequence[Line]) -> Iterator[Leaning]:
    for place, line in enumerate(lines):
        if line.bits & BIT[records.HEADLINE] and not line.bits & _NAMING:
            yield place, _SURELY


def number_of(line: Line) -> int | None:
    """Give the number that a line begins with as an item of a list does."""
    item = _ITEM.match(line.text) if line.bits & BIT["begins with a number"] else None
    return int(item[1]) if item else None


def numbers(lines: Sequence[Line]) -> frozenset[int]:
    """Give the numbers that lines begin with as items do."""
    return frozenset(number for line in lines if (number := number_of(line)) is not None)


def _numbered(lines: Sequence[Line]) -> Iterator[Leaning]:
    """The titles of a digest: numbered one after another, each over a text of its own.

    What is numbered in an article is named in a few words, or asked.
    """
    items = [(place, number) for place, line in enumerate(lines) if (number := number_of(line)) is not None]
    run: list[int] = []
    for place, number in items:
        line = lines[place]
        if line.long or not _text_below(lines, place):
            continue
        if run and number != (number_of(lines[run[-1]]) or 0) + 1:
            yield from _digest(lines, run)
            run = []
        if run or number == 1:
            run.append(place)
    yield from _digest(lines, run)


def _digest(lines: Sequence[Line], run: Sequence[int]) -> Iterator[Leaning]:
    titles = [lines[place] for place in run]
    length = sum(line.words - 1 for line in titles)
    asked = any(line.bits & (BIT["ends with a question"] | BIT["ends with a colon"]) for line in titles)
    if len(run) > 1 and length >= _TITLE * len(run) and not asked:
        yield from ((place, _SURELY) for place in run)


def _text_below(lines: Sequence[Line], place: int) -> bool:
    """Say whether a text stands below a line, or below what stands right under it."""
    for line in lines[place + 1 : place + 3]:
        if line.bits & BIT["begins with a number"]:
            return False
        if line.bits & _TEXT and (line.long or line.bits & BIT["has two sentences"]):
            return True
    return False


def _under_rules(lines: Sequence[Line]) -> Iterator[Leaning]:
    """The first line under each of several rules that part texts."""
    rules = [place for place, line in enumerate(lines) if is_rule(line)]
    heads = [
        place + 1
        for place in rules
        if place + 2 < len(lines) and _may_head(lines[place + 1]) and _text_below(lines, place + 1)
    ]
    if len(heads) > 1:
        yield from ((place, _SURELY) for place in heads)


def is_rule(line: Line) -> bool:
    """Say whether a line is nothing but a rule across the page."""
    signs = line.text.replace(" ", "") if line.bits & BIT["only figures"] else ""
    return len(signs) >= _SHORTEST_RULE and signs[0] in _RULES and not signs.strip(signs[0])


def _over_blocks(lines: Sequence[Line]) -> Iterator[Leaning]:
    """The first lines of blocks of text, where blank lines part nothing else and each has its own matter."""
    starts = [place for place, line in enumerate(lines) if line.above or not place]
    blocks = [range(start, end) for start, end in pairwise([*starts, len(lines)])]
    texts = [block for block in blocks if any(lines[place].long for place in block)]
    headed = [block for block in texts if len(block) > 1 and _may_head(lines[block[0]])]
    if len(headed) < _BLOCKS or len(headed) < len(texts) * _MOSTLY:
        return
    names = [frozenset().union(*(line_names(lines[place]) for place in block)) for block in headed]
    alike = sum(len(one & other) > _SHARED * min(len(one), len(other)) for one, other in pairwise(names))
    if alike <= len(headed) * (1 - _MOSTLY):
        yield from ((block[0], _RATHER) for block in headed)


def _over_days(lines: Sequence[Line]) -> Iterator[Leaning]:
    """The lines over nothing but a day with its year and then a text, however short, where a page begins so.

    One alone tells nothing; links to others stand so in the midst of a text, with no more space above.
    """
    days = [place for place, line in enumerate(lines) if line.bits & BIT["nothing but a date"]]
    heads = [head for place in days if (head := over_day(lines, place)) is not None] if len(days) > 1 else []
    if len(heads) > 1 and not any(line.long for line in lines[: heads[0]]):
        yield from ((place, _SURELY) for place in heads)


def over_day(lines: Sequence[Line], day: int) -> int | None:
    """Give the line that stands apart like a headline over a day with its year and a text, and its byline."""
    head = day - 2 if lines[day - 1].bits & _NAMED else day - 1
    if head < 0 or not has_year(lines[day]) or (head and lines[head - 1].bits & _NAMED):
        return None
    line = lines[head]
    if not _may_head(line) or line.bits & _ENDED or not _is_title(line):
        return None
    apart = line.above > lines[head + 1].above or line.bits & (BIT["first line"] | BIT["the topic changes"])
    if not apart and any(one.long for one in lines[:head]):
        return None
    return head if sum(map(is_told, lines[day + 1 : day + 1 + _BELOW_DAY])) > 1 else None


def _is_title(line: Line) -> bool:
    unspaced = not line.text.isascii() and re.search(UNSPACED, line.text)
    return len(line.text) >= _SIGNS if unspaced else line.words >= _TITLE


def has_year(line: Line) -> bool:
    """Say whether the date of a line names its year."""
    return line.date is not None and any(one.printed and one.printed.year for one in line.date.dates)


def is_told(line: Line) -> bool:
    """Say whether a line is a sentence, however short, and nothing that stands beside texts."""
    return line.words > _FEW and bool(line.bits & _ENDED) and not line.bits & _NO_SENTENCE


def _under_agencies(lines: Sequence[Line]) -> Iterator[Leaning]:
    """The lines over a text that stand under nothing but the name of the agency which ends the text above.

    An agency's name may also stand below a picture in the midst of a text, which then stays on its matter.
    """
    for place, line in enumerate(lines):
        if line.bits & BIT["agency"] and 0 < place < len(lines) - 2 and not line.date:
            above, head, below = lines[place - 1], lines[place + 1], lines[place + 2]
            ended = above.bits & _ENDED and not above.bits & _PICTURED
            parted = head.above and head.bits & BIT["the topic changes"] and is_told(below)
            if ended and parted and _may_head(head) and not head.bits & _ENDED:
                yield place + 1, _SURELY


def _unspaced(lines: Sequence[Line]) -> Iterator[Leaning]:
    """The lines that stand alone over a text on another matter, where no spaces and no capitals are written.

    What ends there with no full stop is no paragraph; the words that it shares with the text below tell more
    than those of other scripts.
    """
    for place, line in enumerate(lines):
        if line.bits & _TURNED == _TURNED and not line.text.isascii() and place:
            told = line.above >= lines[place + 1].above > 0 and not line.bits & (
                _ENDED | BIT["shares words above"]
            )
            if told and _may_head(line) and _is_title(line) and re.search(UNSPACED, line.text):
                yield place, _RATHER


def better(lines: Sequence[Line], reading: Sequence[str]) -> Iterator[Leaning]:
    """Give what headlines are worth more, and less, where something below one was taken for it."""
    for place, role in enumerate(reading):
        if role == "headline" and (second := _second(lines, reading, place)) is not None:
            yield second, _SURELY
        if role == "headline" and place and not lines[place].bits & _REPEATED:
            above = next((one for over in _OVER if (one := over(lines, place)) is not None), None)
            if above is not None:
                yield above, _RATHER
                yield from ((below, -_RATHER) for below in range(above + 1, place + 1))


def _second(lines: Sequence[Line], reading: Sequence[str], place: int) -> int | None:
    """Give a headline below a text in the head of another: it has a date or a byline of its own."""
    signed, told = False, frozenset[str]()
    for one in range(place + 1, len(lines)):
        line = lines[one]
        if reading[one] == "body":
            return None
        opens = _opens(lines, one) and line.words >= _TITLE and _may_head(line) and not line.bits & _ENDED
        if told and opens and any(below.bits & _SIGNED for below in lines[one + 1 : one + 3]):
            text = next(
                (words.content(below.key) for below in lines[one + 1 :] if below.long), frozenset[str]()
            )
            return one if len(told & text) < max(_ALIKE, _SHARED * min(len(told), len(text))) else None
        if signed and line.long and line.bits & BIT["ends a sentence"]:
            told = told or words.content(line.key)
        signed = signed or bool(line.bits & _SIGNED)
    return None


def _opens(lines: Sequence[Line], place: int) -> bool:
    """Say whether a line is the first of its block, or has a kicker over it that is."""
    above = lines[place - 1]
    return bool(lines[place].above or (above.above and above.words < _TITLE))


def _over_standfirst(lines: Sequence[Line], place: int) -> int | None:
    return _first(lines, place - 1) if _is_over(lines[place - 1], lines[place]) else None


def _over_stack(lines: Sequence[Line], place: int) -> int | None:
    """Give the longest line over one that is a sentence, or that stands right under others like it."""
    line, above = lines[place], lines[place - 1]
    stacked = not line.above and _may_head(above) and above.words >= _KICKER - 1
    told = line.bits & (BIT["ends a sentence"] | BIT["has two sentences"]) and not _QUOTED.search(line.text)
    if not (stacked or told):
        return None
    found = [one for one in _near(lines, place) if lines[one].words >= max(_WHOLE, line.words * stacked)]
    return max(found, key=lambda one: lines[one].words, default=None)


def _over_byline(lines: Sequence[Line], place: int) -> int | None:
    """Give the line that a byline stands under, over one that no byline and no date stands under."""
    if any(line.bits & _TOLD for line in lines[place + 1 : place + 4]):
        return None
    signed = next((one for one in range(place - 1, 0, -1) if lines[one].bits & BIT["byline"]), 0)
    found = [one for one in _near(lines, place) if signed - 4 < one < signed]
    return min((one for one in found if lines[one].bits & BIT["shares many words below"]), default=None)


_OVER = (_over_standfirst, _over_stack, _over_byline)


def _near(lines: Sequence[Line], place: int) -> Iterator[int]:
    """The lines above one that may be headlines of the same text, the nearest first."""
    shares = lines[place].bits & BIT["shares words below"]
    for one in range(place - 1, max(place - _REACH, -1), -1):
        line = lines[one]
        if line.long and not line.bits & BIT["picture credit"]:
            return
        opens = line.above or line.bits & BIT["first line"]
        titled = line.words >= _KICKER and _may_head(line) and not line.bits & BIT["in an opened list"]
        if opens and titled and line.bits & BIT["shares words below"] >= shares:
            yield one


def _is_over(over: Line, under: Line) -> bool:
    opens = bool(over.bits & BIT["first line"]) or over.above > under.above
    if not _may_head(over) or over.words < _KICKER or not (opens or over.above == under.above):
        return False
    if over.bits & BIT["ends a sentence"] or under.bits & _REPEATED:
        return False
    told = under.bits & BIT["ends a sentence"] or _is_longer(over, under)
    return (
        over.words >= _WHOLE or bool(told) if opens else bool(told and over.bits & BIT["shares words below"])
    )


def _is_longer(over: Line, under: Line) -> bool:
    return under.words >= over.words * _LONGER and over.words > _KICKER


def _first(lines: Sequence[Line], place: int) -> int:
    """Give the first of the lines over one another without a space, each of which may be a headline."""
    while (
        place and not lines[place].above and _may_head(lines[place - 1]) and lines[place - 1].words >= _WHOLE
    ):
        place -= 1
    return place


def _may_head(line: Line) -> bool:
    named = line.bits & BIT["writer's name"] and line.words < _KICKER
    return not line.long and line.words > 1 and not named and not line.bits & _NO_HEADLINE
