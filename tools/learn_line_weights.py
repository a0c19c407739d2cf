"""Learn the weights of line roles from labelled pages: tools/learn_line_weights.py PAGES.jsonl [PASSES].

Each input line is one page: {"text": ..., "roles": [...]} with one role for each line of the page that is
not blank. Writes feeds/data/line_weights.json. An averaged structured perceptron: a page is read with the
weights so far, and where a line's role was wrong, the right one's features gain and the wrong one's lose.
The pages' order is fixed by a seeded shuffle, so the same pages give the same weights.
"""

from __future__ import annotations

import json
import math
import random
import sys
from collections import defaultdict
from pathlib import Path

from feeds.extract.lines import BIT, lines
from feeds.extract.segment import GAPS, ROLES, Scores

Weights = dict[str, dict[str, dict[str, float]]]


Key = tuple[str, str, str]


class Learner:
    """Weights with their running sums, so that the average over all steps can be taken at the end."""

    def __init__(self) -> None:
        self.now: defaultdict[Key, float] = defaultdict(float)
        self.sum: defaultdict[Key, float] = defaultdict(float)
        self.seen: defaultdict[Key, float] = defaultdict(float)
        self.steps = 0

    def move(self, gradient: dict[Key, float]) -> None:
        """Take one step; a weight that has moved much moves little (AdaGrad)."""
        for key, slope in gradient.items():
            if slope:
                self.seen[key] += slope * slope
                amount = slope / math.sqrt(self.seen[key])
                self.now[key] += amount
                self.sum[key] += amount * self.steps

    def table(self, averaged: bool) -> Weights:
        found: Weights = {"features": {}}
        for key, value in sorted(self.now.items()):
            worth = value - self.sum[key] / max(self.steps, 1) if averaged else value
            if abs(worth) >= 0.005:
                found.setdefault(key[0], {}).setdefault(key[1], {})[key[2]] = round(worth, 2)
        return found


def _cost(wanted: str, given: str) -> float:
    """How bad a mistake is: a false or missed headline breaks two articles."""
    if wanted == given:
        return 0.0
    if "headline" in (wanted, given):
        return 5.0
    texts = ("body", "crosshead", "standfirst")
    if (wanted in texts) != (given in texts):
        return 2.0
    return 0.5


_HANDICAPS = {wanted: [_cost(wanted, given) for given in ROLES] for wanted in ROLES}


def learn(pages: list[tuple[list[int], list[str]]], passes: int, seed: int = 20) -> Weights:
    """Give the averaged weights after so many passes over the pages."""
    learner = Learner()
    order = list(pages)
    chance = random.Random(seed)
    for _ in range(passes):
        chance.shuffle(order)
        for bits, wanted in order:
            learner.steps += 1
            given = Scores(learner.table(averaged=False)).read(
                bits, None, [_HANDICAPS[role] for role in wanted]
            )
            if given != wanted:
                _correct(learner, bits, wanted, given)
    return learner.table(averaged=True)


def _correct(learner: Learner, bits: list[int], wanted: list[str], given: list[str]) -> None:
    gradient: defaultdict[Key, float] = defaultdict(float)
    for place, line in enumerate(bits):
        right, wrong = wanted[place], given[place]
        if right != wrong:
            for name, bit in BIT.items():
                if line & bit:
                    gradient["features", right, name] += 1.0
                    gradient["features", wrong, name] -= 1.0
        if place and (right, wanted[place - 1]) != (wrong, given[place - 1]):
            gap = next(name for bit, name in GAPS.items() if line & bit)
            gradient[gap, wanted[place - 1], right] += 1.0
            gradient[gap, given[place - 1], wrong] -= 1.0
    learner.move(gradient)


def main() -> None:
    """Read the labelled pages and write the weights."""
    pages = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    passes = int(sys.argv[2]) if len(sys.argv) > 2 else 12
    ready = [([line.bits for line in lines(page["text"])], page["roles"]) for page in pages]
    table = learn(ready, passes)
    path = Path(__file__).parent.parent / "feeds" / "data" / "line_weights.json"
    path.write_text(json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
