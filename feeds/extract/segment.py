"""Find the best reading of a whole page: one role for each line.

A page is read like a sentence is parsed: every line may play some roles (a date line can't be a
headline), each role is worth what the line's features say (feeds/data/line_weights.json), some roles follow
each other better than others, and of all readings the one that is worth most in sum is taken
(Viterbi's algorithm). Nothing here knows an outlet or a layout.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from feeds.extract.lines import BIT, Line, Pattern

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
_MUST_BE = 4.0  # what a line above a text gains as a headline where texts would be left without one
_ABOVE_TEXT = BIT["a long line follows at once"]
_TEXT = BIT["reads like text"]
_PAGE_WORDS = BIT["furniture words"] | BIT["furniture beginning"] | BIT["date line"] | BIT["reads like text"]
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
_LIKE_TEXT = BIT["ends a sentence"] | BIT["has two sentences"] | BIT["dateline"]


def possible(bits: int) -> tuple[str, ...]:
    """The roles that a line with these features may play."""
    roles = ["page", "head furniture", "body furniture"]
    if bits & _TIME:
        roles += ["date above", "head date", "body date"]
    if bits & _NAMES:
        roles += ["head byline", "body byline"]
    if bits & _PICTURE and not bits & _VERY_LONG:
        roles += ["caption above", "head caption", "body caption"]
    if bits & BIT["came before"] and not bits & BIT["furniture words"]:
        roles.append("repeat")
    if not bits & (BIT["furniture words"] | BIT["only figures"] | BIT["50 words or more"]):
        roles.append("standfirst")
        if not bits & BIT["1 word"] or bits & BIT["comes again soon"]:
            roles.append("headline")
        if not bits & _LONG:
            roles.append("crosshead")
    if not bits & _FURNITURE:
        roles.append("body")
    return tuple(roles)


@cache
def weights() -> dict[str, dict[str, dict[str, float]]]:
    """What features and neighbouring roles are worth; learned, see tools/learn_line_weights.py."""
    path = Path(__file__).parent.parent / "data" / "line_weights.json"
    table: dict[str, dict[str, dict[str, float]]] = json.loads(path.read_text(encoding="utf-8"))
    return table


Rows = tuple[tuple[int, float], ...]


class Scores:
    """The weights, made ready for reading pages; what a set of features is worth is reckoned once."""

    def __init__(self, table: dict[str, dict[str, dict[str, float]]]) -> None:
        features = table["features"]
        self._emission = {
            role: tuple((BIT[name], worth) for name, worth in sorted(features.get(role, {}).items()))
            for role in ROLES
        }
        self._before = {gap: self._followers(table.get(name, {})) for gap, name in GAPS.items()}
        self._known: dict[int, Rows] = {}

    def _followers(self, follow: dict[str, dict[str, float]]) -> tuple[Rows, ...]:
        return tuple(
            tuple(
                (_NUMBER[earlier], follow.get(earlier, {}).get(role, 0.0))
                for earlier in ROLES
                if role in _FOLLOWERS[earlier]
            )
            for role in ROLES
        )

    def of(self, bits: int) -> Rows:
        """The possible roles of a line with these features, by number, each with its worth."""
        rows = self._known.get(bits)
        if rows is None:
            if len(self._known) > 50_000:
                self._known.clear()
            rows = self._known[bits] = tuple(
                (_NUMBER[role], sum(worth for bit, worth in self._emission[role] if bits & bit))
                for role in possible(bits)
            )
        return rows

    def read(
        self,
        bits: Sequence[int],
        leanings: Mapping[int, float] | None = None,
        handicaps: Sequence[Sequence[float]] | None = None,
    ) -> list[str]:
        """Give the roles of the best reading, one for each line.

        `leanings` says for some lines what being a headline is worth more or less. Learning gives
        each role of each line a handicap, to see how narrowly the right reading wins.
        """
        none = float("-inf")
        size = len(ROLES)
        if not bits:
            return []
        best = [none] * size
        starts = {_NUMBER[role] for role in START}
        leanings = leanings or {}
        for role, worth in self.of(bits[0]):
            if role in starts:
                best[role] = worth + (leanings.get(0, 0.0) if role == _HEADLINE else 0.0)
        steps: list[list[int]] = []
        for place in range(1, len(bits)):
            line = bits[place]
            after, step = [none] * size, [0] * size
            before = self._before[line & _GAPS]
            for role, worth in self.of(line):
                top, chosen = none, 0
                for earlier, bonus in before[role]:
                    value = best[earlier] + bonus
                    if value > top:
                        top, chosen = value, earlier
                if role == _HEADLINE and place in leanings:
                    top += leanings[place]
                if handicaps is not None:
                    top += handicaps[place][role]
                after[role] = top + worth
                step[role] = chosen
            steps.append(step)
            best = after
        return self._trace(best, steps)

    def _trace(self, best: list[float], steps: list[list[int]]) -> list[str]:
        role = max((_NUMBER[name] for name in END), key=lambda number: best[number])
        found = [role]
        for step in reversed(steps):
            role = step[role]
            found.append(role)
        return [ROLES[number] for number in reversed(found)]


@cache
def _scores() -> Scores:
    return Scores(weights())


def roles(lines: Sequence[Line]) -> list[str]:
    """Give each line of a page the role that it plays in the best reading of the whole.

    The page is read twice: the second time, a line knows whether the lines in surroundings like its own
    were headlines.
    """
    bits = [line.bits for line in lines]
    first = _scores().read(bits)
    leanings = _leanings(lines, first)
    if _is_missed(lines, first):
        for place, line in enumerate(lines):
            if line.bits & _ABOVE_TEXT and not line.bits & _PAGE_WORDS:
                leanings[place] = leanings.get(place, 0.0) + _MUST_BE
    return _scores().read(bits, leanings) if leanings else first


def _is_missed(lines: Sequence[Line], reading: Sequence[str]) -> bool:
    """Say whether most of the text was taken for page furniture, though most of a capture is articles."""
    texts = [(line.words, role) for line, role in zip(lines, reading, strict=True) if line.bits & _TEXT]
    missed = sum(words for words, role in texts if role in ("page", "head furniture", "body furniture"))
    return missed > sum(words for words, _ in texts) * 0.5


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


def reasons(line: Line, role: str, count: int = 3) -> str:
    """Name the features that spoke most for the role that a line was given."""
    worth = weights()["features"].get(role, {})
    spoken = sorted(
        ((worth.get(name, 0.0), name) for name in line.features), key=lambda pair: (-pair[0], pair[1])
    )
    named = [name for value, name in spoken if value > 0][:count]
    return ", ".join(named) or "what stands around it"
