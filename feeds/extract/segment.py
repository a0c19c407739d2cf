"""Find the best reading of a whole page: one role for each line.

A page is read like a sentence is parsed: every line may play some roles (a date line can't be a
headline), each role is worth what the line's features say (feeds/data/line_weights.json), some roles follow
each other better than others, and of all readings the one that is worth most in sum is taken
(Viterbi's algorithm). Nothing here knows an outlet or a layout.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from itertools import chain, pairwise
from operator import itemgetter
from pathlib import Path

from feeds.extract import heads, records
from feeds.extract.lines import BIT, FEATURES, Line, Pattern, is_plain, line_names
from feeds.languages import language_of

# Before an article: page furniture, or a caption or date line that stands above its headline.
# An article: its headline, then its head matter, then its body.
ROLES = (
    "page",
    "caption above",
    "date above",
    "headline",
    "repeat",
    "head caption",
    "head date",
    "head byline",
    "standfirst",
    "head furniture",
    "body",
    "crosshead",
    "body caption",
    "body date",
    "body byline",
    "body furniture",
)
_NUMBER = {role: number for number, role in enumerate(ROLES)}
_HEADLINE = _NUMBER["headline"]
_MUST_BE = 20.0  # what a line above a text gains as a headline where texts would be left without one
# What a headline is worth less where such a share of the names that two texts speak of most is in both.
_STORY = ("headline", "standfirst", "body")
_TOLD = 15  # names that a text has to name before what it is about can be told
_SHARED = ((0.15, -8.0), (0.25, -16.0), (0.4, -24.0))
_ABOVE_TEXT = BIT["a long line follows at once"]
_PARTS = 3  # texts above and below whose language is told
_OTHER_LANGUAGE = BIT["the language changes"]
_PAGE_WORDS = BIT["furniture words"] | BIT["furniture beginning"] | BIT["date line"] | BIT["reads like text"]
_TWO_LANGUAGES = 12.0  # what a line is worth more as a headline where a text would go on in another language
_LIKE_OTHERS = 1.5  # what one line in like surroundings says about another
_ABOVE = ("caption above", "date above")
_HEAD = ("repeat", "head caption", "head date", "head byline", "standfirst", "head furniture")
_BODY = ("body", "crosshead", "body caption", "body date", "body byline", "body furniture")
_OPENING = ("page", "headline", *_ABOVE)

# What may follow what. An article has a body: nothing leaves its head but a body line.
_FOLLOWERS: dict[str, tuple[str, ...]] = {
    "page": _OPENING,
    **dict.fromkeys(_ABOVE, ("headline", *_ABOVE)),
    "headline": (*_HEAD, "body"),
    **dict.fromkeys(_HEAD, (*_HEAD, "body")),
    **dict.fromkeys(_BODY, (*_BODY, *_OPENING)),
}
START = ("page", "headline", *_ABOVE)
END = ("page", *_BODY)
_NOTHING = (0.0,) * len(ROLES)
_IN_BODY = frozenset((*_BODY, "page"))
_STARTS = frozenset(_NUMBER[role] for role in START)
_ENDS = frozenset(_NUMBER[role] for role in END)
_NEVER = float("-inf")
_SURELY = 1e-6  # more than sums of worths are ever wrong by
_VALUE = itemgetter(1)
_HOPELESS = 60.0  # a reading that is worth so much less than the best so far is followed no further
PLAIN = " (plain page)"  # behind a feature's name: what it is worth besides on a page with few menus

_GROUP = 16  # features that are reckoned together
_ONE_GROUP = (1 << _GROUP) - 1

# What a role is worth after another depends on the space between the two lines.
GAPS = {
    BIT["no blank above"]: "follow at once",
    BIT["one blank above"]: "follow after a blank",
    BIT["several blanks above"]: "follow after blanks",
}
_GAPS = sum(GAPS)

_FURNITURE = (
    BIT["furniture words"] | BIT["opens other articles"] | BIT["only figures"] | BIT["3 characters or fewer"]
)
_TIME = BIT["date line"] | BIT["tells a time"] | BIT["relative time"]
_NAMES = BIT["byline"] | BIT["writer's name"] | BIT["agency"] | BIT["date line"]
_LONG = BIT["15-24 words"] | BIT["25-49 words"] | BIT["50 words or more"]
_VERY_LONG = BIT["50 words or more"]
_PICTURE = (
    BIT["printed twice at once"]
    | BIT["photo words"]
    | BIT["picture credit"]
    | BIT["ends in brackets"]
    | BIT["came before"]
    | BIT["comes again soon"]
    | BIT["writer's name"]
    | BIT["above a caption"]
    | BIT["below a caption"]
)
_FIELDS = (
    BIT["a reader's comment"]
    | BIT[records.BORDER]
    | BIT[records.STANDFIRST]
    | BIT[records.NAMING]
    | BIT[records.FIELD]
)
_ANY = ("page", "head furniture", "body furniture")  # what any line may be
_LIKE_TEXT = BIT["ends a sentence"] | BIT["has two sentences"] | BIT["dateline"]


def possible(bits: int) -> tuple[str, ...]:
    """The roles that a line with these features may play."""
    if bits & _FIELDS:
        return _given(bits)
    roles = [*_ANY, *_naming(bits)]
    if bits & _PICTURE and not bits & (_VERY_LONG | BIT["date line"]):
        roles += ["caption above", "head caption", "body caption"]
    if bits & BIT["came before"] and not bits & BIT["furniture words"]:
        roles.append("repeat")
    if not bits & (BIT["furniture words"] | BIT["only figures"] | BIT["50 words or more"]):
        if not (bits & BIT["dateline that dates or supplies"] and bits & _LONG):
            roles.append("standfirst")
        is_date = bits & BIT["nothing but a date"]
        opens_text = bits & BIT["dateline"] and bits & _LONG
        if not is_date and not opens_text and (not bits & BIT["1 word"] or bits & BIT["comes again soon"]):
            roles.append("headline")
        if not bits & _LONG and not _leads_elsewhere(bits):
            roles.append("crosshead")
    if not bits & _FURNITURE and (bits & (_LONG | BIT["ends a sentence"]) or not _leads_elsewhere(bits)):
        roles.append("body")
    return tuple(roles)


def _given(bits: int) -> tuple[str, ...]:
    """The roles that a line may play which is labelled, as databases label theirs."""
    if bits & BIT[records.BORDER]:
        return ("page",)
    if bits & BIT[records.STANDFIRST]:
        return (*_ANY, "standfirst")
    return (*_ANY, *_naming(bits)) if bits & BIT[records.NAMING] else _ANY


def _naming(bits: int) -> Iterator[str]:
    if bits & _TIME:
        yield from ("date above", "head date", "body date")
    if bits & _NAMES:
        yield from ("head byline", "body byline")


def _leads_elsewhere(bits: int) -> bool:
    return bool(bits & BIT["furniture beginning"]) and not bits & BIT["1 word"]


# The features that `possible` looks at.
_TELLING = (
    _FURNITURE
    | _TIME
    | _NAMES
    | _LONG
    | _PICTURE
    | BIT["nothing but a date"]
    | BIT["dateline"]
    | BIT["dateline that dates or supplies"]
    | BIT["1 word"]
    | BIT["furniture beginning"]
    | BIT["ends a sentence"]
    | _FIELDS
)


@cache
def _possible(telling: int) -> tuple[tuple[int, ...], Callable[[tuple[float, ...]], tuple[float, ...]]]:
    """The roles that a line with these features may play, by number, and what takes theirs from a row."""
    roles = tuple(_NUMBER[role] for role in possible(telling))
    return roles, itemgetter(*roles) if len(roles) > 1 else lambda row: (row[roles[0]],)


def follows(earlier: str, role: str) -> bool:
    """Say whether a line of one role may follow a line of another."""
    return role in _FOLLOWERS[earlier]


@cache
def weights() -> dict[str, dict[str, dict[str, float]]]:
    """What features and neighbouring roles are worth; learned, see tools/learn_line_weights.py."""
    path = Path(__file__).parent.parent / "data" / "line_weights.json"
    table: dict[str, dict[str, dict[str, float]]] = json.loads(path.read_text(encoding="utf-8"))
    return table


Rows = tuple[tuple[int, float], ...]


class Scores:
    """The weights, made ready for reading pages; what a set of features is worth is reckoned once."""

    def __init__(self, table: dict[str, dict[str, dict[str, float]]], plain: bool = False) -> None:
        features = table["features"]
        # What each feature is worth for each role; features that stand together are reckoned together once.
        names = [(name, f"{name}{PLAIN}") if plain else (name,) for name in FEATURES]
        self._worth = [
            tuple(sum(features.get(role, {}).get(name, 0.0) for name in both) for role in ROLES)
            for both in names
        ]
        self._groups: list[dict[int, tuple[float, ...]]] = [{} for _ in range(0, len(FEATURES), _GROUP)]
        self._before = {gap: self._followers(table.get(name, {})) for gap, name in GAPS.items()}
        self._leads = self._sure_leads()
        self._known: dict[int, Rows] = {}

    def _followers(self, follow: dict[str, dict[str, float]]) -> tuple[tuple[float, ...], ...]:
        """For each role what it is worth after each other, by number."""
        none = float("-inf")
        return tuple(
            tuple(
                follow.get(earlier, {}).get(role, 0.0) if role in _FOLLOWERS[earlier] else none
                for earlier in ROLES
            )
            for role in ROLES
        )

    def _sure_leads(self) -> tuple[tuple[float, ...], ...]:
        """For each role the lead over each other that this can't make up for, whatever follows."""
        after = [
            [row[role] for follow in self._before.values() for row in follow] for role in _NUMBER.values()
        ]
        for role, worths in enumerate(after):
            worths.append(0.0 if role in _ENDS else _NEVER)
        return tuple(
            tuple(
                max(its - own if its > _NEVER else _NEVER for own, its in zip(best, other, strict=True))
                + _SURELY
                for other in after
            )
            for best in after
        )

    def of(self, bits: int) -> Rows:
        """The possible roles of a line with these features, by number, each with its worth."""
        rows = self._known.get(bits)
        if rows is None:
            if len(self._known) > 50_000:
                self._known.clear()
            roles, chosen = _possible(bits & _TELLING)
            worths = map(sum, zip(*map(chosen, self._parts(bits)), strict=True))
            rows = self._known[bits] = tuple(zip(roles, worths, strict=True))
        return rows

    def _parts(self, bits: int) -> Iterator[tuple[float, ...]]:
        """What the features of each group are worth together, for each role."""
        yield _NOTHING
        for number, known in enumerate(self._groups):
            if part := bits >> number * _GROUP & _ONE_GROUP:
                found = known.get(part)
                if found is None:
                    start = number * _GROUP
                    rows = [self._worth[start + place] for place in range(_GROUP) if part >> place & 1]
                    found = known[part] = tuple(map(sum, zip(*rows, strict=True)))
                yield found

    def read(
        self,
        bits: Sequence[int],
        leanings: Mapping[int, float] | None = None,
        hopeless: float = _HOPELESS,
    ) -> list[str]:
        """Give the roles of the best reading, one for each line.

        `leanings` says for some lines what being a headline is worth more or less; `hopeless` how much less
        than the best so far a reading may be worth that is followed further.
        """
        if not bits:
            return []
        leanings = leanings or {}
        best: list[tuple[int, float]] = []  # the roles that the line may play, each with its best sum
        steps: list[dict[int, int]] = []
        for place, line in enumerate(bits):
            follow = self._before[line & _GAPS]
            after: list[tuple[int, float]] = []
            step: dict[int, int] = {}
            for role, worth in self._known.get(line) or self.of(line):
                if place:
                    row = follow[role]
                    sums = [value + row[earlier] for earlier, value in best]
                    top = max(sums)
                    if top == _NEVER:
                        continue
                    step[role] = best[sums.index(top)][0]
                elif role in _STARTS:
                    top = 0.0
                else:
                    continue
                value = top + worth
                if role == _HEADLINE and place in leanings:
                    value += leanings[place]
                after.append((role, value))
            if not after and hopeless == _HOPELESS:
                return self.read(bits, leanings, math.inf)  # what seemed best leads nowhere
            steps.append(step)
            first, most = max(after, key=_VALUE)
            leads, least = self._leads[first], most - hopeless
            best = [pair for pair in after if pair[1] > least and most - pair[1] < leads[pair[0]]]
        if hopeless == _HOPELESS and not any(role in _ENDS for role, _ in best):
            return self.read(bits, leanings, math.inf)  # what seemed best leads nowhere
        return self._trace(best, steps)

    def _trace(self, best: list[tuple[int, float]], steps: list[dict[int, int]]) -> list[str]:
        _, role = max((value, -role) for role, value in best if role in _ENDS)
        found = [-role]
        for step in reversed(steps[1:]):
            found.append(step[found[-1]])
        return [ROLES[number] for number in reversed(found)]


@cache
def _scores(plain: bool) -> Scores:
    return Scores(weights(), plain)


def roles(lines: Sequence[Line]) -> list[str]:
    """Give each line of a page the role that it plays in the best reading of the whole.

    The page is read twice: the second time, a line knows whether the lines in surroundings like its own
    were headlines. It is read once more where a headline was left to the page.
    """
    bits = [line.bits for line in lines]
    scores = _scores(is_plain(lines))
    first = scores.read(bits)
    leanings = _leanings(lines, first)
    for place, worth in _same_story(lines, first).items():
        leanings[place] = leanings.get(place, 0.0) + worth
    for place in _turned(lines, first):
        leanings[place] = leanings.get(place, 0.0) + _TWO_LANGUAGES
    for place, worth in heads.leanings(lines):
        leanings[place] = leanings.get(place, 0.0) + worth
    for place in _glued_heads(lines):
        leanings[place] = leanings.get(place, 0.0) + _MUST_BE
    if _is_missed(lines, first):
        for place, line in enumerate(lines):
            if line.bits & _ABOVE_TEXT and not line.bits & _PAGE_WORDS:
                leanings[place] = leanings.get(place, 0.0) + _MUST_BE
    second = scores.read(bits, leanings) if leanings else first
    better = list(heads.better(lines, second))
    for place, worth in better:
        leanings[place] = leanings.get(place, 0.0) + worth
    return scores.read(bits, leanings) if better else second


def _turned(lines: Sequence[Line], reading: Sequence[str]) -> Iterator[int]:
    """The places between two parts of one text that are written in two languages."""
    texts = [place for place, line in enumerate(lines) if line.long]
    for number, (above, below) in enumerate(pairwise(texts), 1):
        between = [place for place in range(above + 1, below) if lines[place].bits & _OTHER_LANGUAGE]
        if between and set(reading[above : below + 1]) <= _IN_BODY:
            near = texts[max(number - _PARTS, 0) : number]
            before = [place for place in near if "headline" not in reading[place:above]]
            after = texts[number : number + _PARTS]
            tongues = {language_of([lines[place].text for place in part]) for part in (before, after)}
            if len(tongues - {None}) == 2:
                yield from between


def _glued_heads(lines: Sequence[Line]) -> Iterator[int]:
    """The places of what stood before the text in one and the same printed line."""
    for place, (line, below) in enumerate(pairwise(lines)):
        ends = place + 2 == len(lines) or lines[place + 2].number != line.number
        if line.number == below.number and below.long and ends:
            yield place


def _is_missed(lines: Sequence[Line], reading: Sequence[str]) -> bool:
    """Say whether most of the text was taken for page furniture, though most of a capture is articles."""
    texts = [(line.words, role) for line, role in zip(lines, reading, strict=True) if line.long]
    missed = sum(words for words, role in texts if role in ("page", "head furniture", "body furniture"))
    return missed > sum(words for words, _ in texts) * 0.5


def _same_story(lines: Sequence[Line], reading: Sequence[str]) -> dict[int, float]:
    """What being a headline is worth less to one whose text is about what the text above it is about.

    Two articles share few of the names that they speak of most; two parts of one share many.
    """
    heads = [place for place, role in enumerate(reading) if role == "headline"]
    found: dict[int, float] = {}
    if len(heads) < 2:
        return found
    told = [
        _told(lines[start:end], reading[start:end])
        for start, end in zip(heads, [*heads[1:], len(lines)], strict=True)
    ]
    for place, (above, below) in zip(heads[1:], pairwise(told), strict=True):
        most = (*_most(above), *_most(below))
        shared = sum(name in above and name in below for name in most)
        long = min(sum(above.values()), sum(below.values())) >= _TOLD
        share = shared / len(most) if most and long else 0.0
        if share >= _SHARED[0][0]:
            worth = next(worth for least, worth in reversed(_SHARED) if share >= least)
            found.update(dict.fromkeys(_between(reading, place), worth))
    return found


def _between(reading: Sequence[str], place: int) -> range:
    """The places around a headline, from the text above it to the text below it."""
    start, end = place, place
    while start and reading[start - 1] not in _STORY:
        start -= 1
    while end + 1 < len(reading) and reading[end + 1] not in _STORY:
        end += 1
    return range(start, end + 1)


def _told(lines: Sequence[Line], reading: Sequence[str]) -> Counter[str]:
    """How many lines of an article name each name."""
    told = (line_names(line) for line, role in zip(lines, reading, strict=True) if role in _STORY)
    return Counter(chain.from_iterable(told))


def _most(names: Counter[str]) -> list[str]:
    return [name for name, _ in sorted(names.items(), key=lambda pair: (-pair[1], pair[0]))[:8]]


def _leanings(lines: Sequence[Line], reading: Sequence[str]) -> dict[int, float]:
    """What being a headline is worth more or less to the lines in surroundings that come again."""
    groups: dict[Pattern, list[int]] = {}
    for place, line in enumerate(lines):
        if line.pattern is not None:
            groups.setdefault(line.pattern, []).append(place)
    found: dict[int, float] = {}
    for places in groups.values():
        heads = sum(reading[place] == "headline" for place in places)
        if len(places) >= 3 and 0 < heads < len(places):
            share = heads / len(places)
            for place in places:
                found[place] = _LIKE_OTHERS * math.log(share / (1 - share))
    return found


def reasons(line: Line, role: str, plain: bool, count: int = 3) -> str:
    """Name the features that spoke most for the role that a line was given, on a plain page or another."""
    worth = weights()["features"].get(role, {})
    behind = PLAIN if plain else ""
    spoken = sorted(
        ((worth.get(name, 0.0) + worth.get(name + behind, 0.0) * plain, name) for name in line.features),
        key=lambda pair: (-pair[0], pair[1]),
    )
    named = [name for value, name in spoken if value > 0][:count]
    return ", ".join(named) or "what stands around it"
