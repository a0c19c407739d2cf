"""Learn the weights of line roles from labelled pages.

    tools/learn_line_weights.py PAGES.jsonl [PASSES [OUT]]

Each input line is one page, {"text": ..., "roles": [...]}, with one role for each line that
feeds.extract.lines gives of it; tools/make_captures.py writes such pages. The weights are written to OUT, or
else to feeds/data/line_weights.json. An averaged structured perceptron: a page is read with the weights so
far, and where a line's role was wrong, the right one's features gain and the wrong one's lose. The pages'
order is fixed by a seeded shuffle, so the same pages give the same weights.

What is to be read are outlets that no page of these is from, so nothing may hang on a few signs: each time
that a page is read some features are hidden, and the weights of all are made smaller by as much in the end.
The weights are the mean of several such trainings, which differ by their seed alone. Sums are added up one by
one, for Python's own are rounded otherwise from one version to another.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from operator import add
from pathlib import Path
from typing import NamedTuple

from feeds.extract.lines import FEATURES, is_plain, lines
from feeds.extract.segment import END, GAPS, PLAIN, ROLES, START, follows, possible

NAMES = (*FEATURES, *(name + PLAIN for name in FEATURES))
OUT = Path(__file__).parent.parent / "feeds" / "data" / "line_weights.json"
HIDDEN = 0.25  # the share of features that are hidden each time
SEEDS = (1, 2, 3)
_STEADY = 10.0  # squared slopes that each weight begins with, so that its first steps are small
_NEVER = float("-inf")
_NUMBER = {role: number for number, role in enumerate(ROLES)}
_BEFORE = [[_NUMBER[early] for early in ROLES if follows(early, role)] for role in ROLES]

Rows = list[list[float]]
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
        self._seen = [[_STEADY] * columns for _ in range(rows)]

    def move(self, gradient: dict[tuple[int, int], float], step: int) -> None:
        """Take one step; a weight that has moved much moves little (AdaGrad)."""
        for (row, column), slope in gradient.items():
            if slope:
                self._seen[row][column] += slope * slope
                amount = slope / math.sqrt(self._seen[row][column])
                self.now[row][column] += amount
                self._sum[row][column] += amount * step

    def averaged(self, steps: int) -> Rows:
        """Give the averages over so many steps."""
        return [
            [number - total / steps for number, total in zip(numbers, totals, strict=True)]
            for numbers, totals in zip(self.now, self._sum, strict=True)
        ]


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


def learn(pages: Sequence[Page], passes: int) -> Table:
    """Give the mean weights of all seeds, each averaged over so many passes over the pages."""
    learned = [_learn(pages, passes, seed) for seed in SEEDS]
    worth, follow = (list(map(_mean, zip(*tables, strict=True))) for tables in zip(*learned, strict=True))
    return _table(worth, follow)


def _mean(rows: Sequence[Sequence[float]]) -> list[float]:
    return [math.fsum(numbers) / len(numbers) for numbers in zip(*rows, strict=True)]


def _learn(pages: Sequence[Page], passes: int, seed: int) -> tuple[Rows, Rows]:
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
    return worth.averaged(steps), follow.averaged(steps)


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
        own = _sums([worth[feature] for feature in line.features])
        for role in line.roles:
            value = costs[role] + own[role]
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


def _sums(rows: Sequence[list[float]]) -> list[float]:
    sums = [0.0] * len(ROLES)
    for row in rows:
        sums = list(map(add, sums, row))
    return sums


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


def _table(worth: Rows, follow: Rows) -> Table:
    table: Table = {"features": {}}
    for feature, role, value in _kept(worth, 1 - HIDDEN):
        table["features"].setdefault(ROLES[role], {})[NAMES[feature]] = value
    gaps = list(GAPS.values())
    for row, role, value in _kept(follow):
        gap, early = divmod(row, len(ROLES))
        table.setdefault(gaps[gap], {}).setdefault(ROLES[early], {})[ROLES[role]] = value
    return table


def _kept(rows: Rows, share: float = 1.0) -> Iterator[tuple[int, int, float]]:
    """Give such a share of the weights, where that is worth keeping, with their row and column."""
    for row, numbers in enumerate(rows):
        for column, number in enumerate(numbers):
            if value := round(number * share, 2):
                yield row, column, value


def main() -> None:
    """Read the labelled pages and write the weights."""
    pages = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    passes = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    table = learn([seen(page["text"], page["roles"]) for page in pages], passes)
    path = Path(sys.argv[3]) if len(sys.argv) > 3 else OUT
    path.write_text(json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
