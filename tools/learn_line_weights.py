"""Learn the weights of line roles from labelled pages.

    tools/learn_line_weights.py PAGES.jsonl [PASSES [OUT]]

Each input line is one page, {"text": ..., "roles": [...]}, with one role for each line that
feeds.extract.lines gives of it; tools/make_captures.py writes such pages. The weights are written to OUT, or
else to feeds/data/line_weights.json. An averaged structured perceptron: a page is read with the weights so
far, and where a line's role was wrong, the right one's features gain and the wrong one's lose. The pages'
order is fixed by a seeded shuffle, so the same pages give the same weights.

What is to be read are outlets that no page of these is from, so nothing may hang on a few signs: each time
that a page is read some features are hidden, and the weights of all are made smaller by as much in the end.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from feeds.extract.lines import FEATURES, is_plain, lines
from feeds.extract.segment import END, GAPS, PLAIN, ROLES, START, follows, possible

NAMES = (*FEATURES, *(name + PLAIN for name in FEATURES))
OUT = Path(__file__).parent.parent / "feeds" / "data" / "line_weights.json"
HIDDEN = 0.25  # the share of features that are hidden each time
_NEVER = float("-inf")
_NUMBER = {role: number for number, role in enumerate(ROLES)}
_BEFORE = [[_NUMBER[early] for early in ROLES if follows(early, role)] for role in ROLES]

Table = dict[str, dict[str, dict[str, float]]]


class Seen(NamedTuple):
    """One line: the numbers of its features, the gap above it, and of the roles that it may play."""

    features: list[int]
    gap: int
    roles: list[int]


class Page(NamedTuple):
    """A page's lines with the roles that they should get, by number."""

    lines: list[Seen]
    wanted: list[int]


class Weights:
    """A table of numbers with their running sums, for the average over all steps at the end."""

    def __init__(self, rows: int, columns: int) -> None:
        self.now = [[0.0] * columns for _ in range(rows)]
        self._sum = [[0.0] * columns for _ in range(rows)]
        self._seen = [[0.0] * columns for _ in range(rows)]

    def move(self, gradient: dict[tuple[int, int], float], step: int) -> None:
        """Take one step; a weight that has moved much moves little (AdaGrad)."""
        for (row, column), slope in gradient.items():
            if slope:
                self._seen[row][column] += slope * slope
                amount = slope / math.sqrt(self._seen[row][column])
                self.now[row][column] += amount
                self._sum[row][column] += amount * step

    def averaged(self, steps: int, share: float = 1.0) -> Iterator[tuple[int, int, float]]:
        """Give such a share of the averages, where that is worth keeping, with their row and column."""
        for row, numbers in enumerate(self.now):
            for column, number in enumerate(numbers):
                value = round((number - self._sum[row][column] / steps) * share, 2)
                if value:
                    yield row, column, value


def _cost(wanted: str, given: str) -> float:
    """How bad a mistake is: a false or missed headline breaks two articles."""
    if wanted == given:
        return 0.0
    if "headline" in (wanted, given):
        return 15.0
    texts = ("body", "crosshead", "standfirst")
    if (wanted in texts) != (given in texts):
        return 2.0
    return 0.5


_COSTS = [[_cost(wanted, given) for given in ROLES] for wanted in ROLES]


def seen(text: str, roles: Sequence[str]) -> Page:
    """Make a labelled page ready for learning."""
    found = lines(text)
    plain = is_plain(found)
    ready = []
    for line in found:
        features = [place for place in range(len(FEATURES)) if line.bits >> place & 1]
        if plain:
            features += [place + len(FEATURES) for place in features]
        gap = next(number for number, bit in enumerate(GAPS) if line.bits & bit)
        ready.append(Seen(features, gap, [_NUMBER[role] for role in possible(line.bits)]))
    return Page(ready, [_NUMBER[role] for role in roles])


def learn(pages: Sequence[Page], passes: int, seed: int = 20) -> Table:
    """Give the averaged weights after so many passes over the pages."""
    worth = Weights(len(NAMES), len(ROLES))
    follow = Weights(len(GAPS) * len(ROLES), len(ROLES))
    order = list(pages)
    chance = random.Random(seed)
    steps = 0
    for _ in range(passes):
        chance.shuffle(order)
        for whole in order:
            steps += 1
            page = _partly(whole, chance)
            given = _read(page, worth.now, follow.now)
            if given != page.wanted:
                _correct(page, given, worth, follow, steps)
    return _table(worth, follow, steps)


def _partly(page: Page, chance: random.Random) -> Page:
    """Hide some features, and with each what it is worth besides on a plain page."""
    kept = [chance.random() >= HIDDEN for _ in FEATURES] * 2
    return page._replace(
        lines=[
            line._replace(features=[feature for feature in line.features if kept[feature]])
            for line in page.lines
        ]
    )


def _read(page: Page, worth: list[list[float]], follow: list[list[float]]) -> list[int]:
    """Read a page with each wrong role handicapped, to see how narrowly the right reading wins."""
    starts = {_NUMBER[role] for role in START}
    best: dict[int, float] = {}
    steps: list[dict[int, int]] = []
    for place, (line, wanted) in enumerate(zip(page.lines, page.wanted, strict=True)):
        after: dict[int, float] = {}
        step: dict[int, int] = {}
        row = follow[line.gap * len(ROLES) : (line.gap + 1) * len(ROLES)]
        costs = _COSTS[wanted]
        own = list(map(sum, zip(*[worth[feature] for feature in line.features], strict=True)))
        for role in line.roles:
            value = costs[role] + (own[role] if own else 0.0)
            if place:
                sums = [(best[early] + row[early][role], -early) for early in _BEFORE[role] if early in best]
                if not sums:
                    continue
                top, chosen = max(sums)
                value, step[role] = value + top, -chosen
            elif role not in starts:
                continue
            after[role] = value
        steps.append(step)
        best = after
    role = max((_NUMBER[name] for name in END), key=lambda number: best.get(number, _NEVER))
    found = [role]
    for step in reversed(steps[1:]):
        found.append(step[found[-1]])
    return found[::-1]


def _correct(page: Page, given: list[int], worth: Weights, follow: Weights, step: int) -> None:
    own: defaultdict[tuple[int, int], float] = defaultdict(float)
    pairs: defaultdict[tuple[int, int], float] = defaultdict(float)
    for place, line in enumerate(page.lines):
        right, wrong = page.wanted[place], given[place]
        if right != wrong:
            for feature in line.features:
                own[feature, right] += 1.0
                own[feature, wrong] -= 1.0
        if place and (right, page.wanted[place - 1]) != (wrong, given[place - 1]):
            pairs[line.gap * len(ROLES) + page.wanted[place - 1], right] += 1.0
            pairs[line.gap * len(ROLES) + given[place - 1], wrong] -= 1.0
    worth.move(own, step)
    follow.move(pairs, step)


def _table(worth: Weights, follow: Weights, steps: int) -> Table:
    table: Table = {"features": {}}
    for feature, role, value in worth.averaged(steps, 1 - HIDDEN):
        table["features"].setdefault(ROLES[role], {})[NAMES[feature]] = value
    gaps = list(GAPS.values())
    for row, role, value in follow.averaged(steps):
        gap, early = divmod(row, len(ROLES))
        table.setdefault(gaps[gap], {}).setdefault(ROLES[early], {})[ROLES[role]] = value
    return table


def main() -> None:
    """Read the labelled pages and write the weights."""
    pages = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    passes = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    table = learn([seen(page["text"], page["roles"]) for page in pages], passes)
    path = Path(sys.argv[3]) if len(sys.argv) > 3 else OUT
    path.write_text(json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
