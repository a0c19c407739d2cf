#!/usr/bin/env python3
"""Learn the weights of feeds/extract/text/model.py from examples that tools/make_line_data.py made.

    tools/learn_line_roles.py EXAMPLES OUT [--passes N]

The same examples give the same bytes: chance is seeded, one thread computes, and the kernels of the linear
algebra are those that every x86-64 processor with AVX2 has. What is learned is a conditional random field
above a bidirectional LSTM, by AdamW (Loshchilov and Hutter 2019) with one cycle of the learning rate (Smith
2018). The margin of a false beginning is larger than that of other faults (softmax-margin, Gimpel and Smith
2010), for a text that is cut in two is two wrong articles.
"""

from __future__ import annotations

import os
import sys

# Before numpy is loaded, which reads them then.
FIXED = {
    "OPENBLAS_NUM_THREADS": "1",
    "OPENBLAS_CORETYPE": "Haswell",
    "NPY_DISABLE_CPU_FEATURES": "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR",
}
if os.environ.get("FEEDS_LEARNING") != "1":
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **FIXED, "FEEDS_LEARNING": "1"})

import argparse  # noqa: E402
import warnings  # noqa: E402
from collections.abc import Sequence  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import numpy as np  # noqa: E402

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # as it stands here, installed or not

from feeds.extract.text.model import PARTS  # noqa: E402
from feeds.extract.text.roles import HEADLINE, OPENING, ROLES  # noqa: E402
from tools.line_data import Example, read  # noqa: E402

Array = Any

# Chosen on folds 0 and 1 of the captures' hosts; docs/decisions/0021 has the figures.
WIDTH = 96  # of a feature's vector, and of the state in each direction
PASSES = 10  # over the examples; those of web pages are in the first ones only
PASSES_WITH_PAGES = 4
BATCH = 24  # examples
LINES = 600  # of a batch; in larger ones the lines of long pages would count too little
RATE = 3e-3  # of learning, at its highest
DECAY = 1e-2
HIDDEN = 0.3  # of the features of a line, each time that it is read
DROPPED = 0.5  # of a line's vector and of the states
CLIPPED = 5.0  # the length of a step's gradient
FALSE_BEGINNING, MISSED_BEGINNING, OTHER = 1.0, 0.3, 0.1  # margins
BEGINNINGS = (HEADLINE, OPENING)


def margins() -> Array:
    """Return how much a role (columns) must be worth less than the right one (rows)."""
    found = np.full((len(ROLES), len(ROLES)), OTHER, np.float32)
    for row, right in enumerate(ROLES):
        for column, other in enumerate(ROLES):
            if right == other:
                found[row, column] = 0
            elif other in BEGINNINGS and right not in BEGINNINGS:
                found[row, column] = FALSE_BEGINNING
            elif right in BEGINNINGS and other not in BEGINNINGS:
                found[row, column] = MISSED_BEGINNING
    return found


class Learner:
    """The parameters, what is remembered of their gradients, and the steps between."""

    def __init__(self, features: int, seed: int, steps: int) -> None:
        self.chance = np.random.default_rng(seed)
        size, roles, edge = WIDTH, len(ROLES), 1 / np.sqrt(WIDTH)
        uniform = self.chance.uniform
        self.parts: dict[str, Array] = {
            "vectors": self.chance.normal(0, 0.05, (features, size)),
            "inputs": uniform(-edge, edge, (2, size, 4 * size)),
            "states": uniform(-edge, edge, (2, size, 4 * size)),
            "biases": np.zeros((2, 4 * size)),
            "output": uniform(-0.05, 0.05, (5 * size, roles)),
            "bias": np.zeros(roles),
            "follow": np.zeros((roles, roles)),
            "first": np.zeros(roles),
            "last": np.zeros(roles),
        }
        self.parts = {name: part.astype(np.float32) for name, part in self.parts.items()}
        self.mean = {name: np.zeros_like(part) for name, part in self.parts.items()}
        self.square = {name: np.zeros_like(part) for name, part in self.parts.items()}
        self.margins, self.steps, self.step = margins(), steps, 0

    def rate(self) -> float:
        """Return the learning rate of this step: up for a fifth of the steps, then down to nothing."""
        top = 0.2 * self.steps
        if self.step < top:
            low, high, part = RATE / 25, RATE, self.step / top
        else:
            low, high, part = RATE, RATE / 250_000, (self.step - top) / (self.steps - top)
        return float(high + (low - high) * (1 + np.cos(np.pi * part)) / 2)

    def learn(self, examples: Sequence[Example]) -> float:
        """Take one step on some examples; return the loss of a line."""
        batch = Batch(self, examples)
        loss, gradients = batch.run()
        length = np.sqrt(sum(float((one * one).sum(dtype=np.float64)) for one in gradients.values()))
        scale = np.float32(min(1.0, CLIPPED / (length + 1e-6)))
        self.step += 1
        rate = self.rate()
        right = np.float32(rate / (1 - 0.9**self.step))
        root = np.float32(1 / np.sqrt(1 - 0.999**self.step))
        for name, gradient in gradients.items():
            part, mean, square = self.parts[name], self.mean[name], self.square[name]
            np.multiply(gradient, scale, out=gradient)
            mean *= np.float32(0.9)
            mean += np.float32(0.1) * gradient
            square *= np.float32(0.999)
            np.multiply(gradient, gradient, out=gradient)
            np.multiply(gradient, np.float32(0.001), out=gradient)
            square += gradient
            part *= np.float32(1 - rate * DECAY)
            np.sqrt(square, out=gradient)
            np.multiply(gradient, root, out=gradient)
            np.add(gradient, np.float32(1e-8), out=gradient)
            np.divide(mean, gradient, out=gradient)
            np.multiply(gradient, right, out=gradient)
            part -= gradient
        return loss


class Batch:
    """Some examples, read forwards, and the gradients backwards. Arrays are time x example x values."""

    def __init__(self, learner: Learner, examples: Sequence[Example]) -> None:
        self.parts, self.chance, self.margins = learner.parts, learner.chance, learner.margins
        self.lengths = np.array([len(one.roles) for one in examples])
        self.time, self.count = int(self.lengths.max()), len(examples)
        steps = np.arange(self.time)[:, None]
        self.mask = steps < self.lengths[None, :]
        self.turn = np.where(self.mask, self.lengths[None, :] - 1 - steps, steps)  # read from the other end
        self.right = np.zeros((self.time, self.count), np.int64)
        rows: list[Sequence[Any]] = []
        for column, one in enumerate(examples):
            self.right[: len(one.roles), column] = [ROLES.index(role) for role in one.roles]
            rows += one.features
        self.places = np.nonzero(self.mask.T.ravel())[0]  # of the lines, example by example
        sizes = np.array([len(row) for row in rows])
        known = np.concatenate([np.asarray(row, np.int64) for row in rows if len(row)])
        kept = self.chance.random(len(known), np.float32) >= HIDDEN
        line = np.repeat(np.arange(len(rows)), sizes)[kept]
        self.known = known[kept]
        self.some, self.starts = np.unique(line, return_index=True)

    def _sums(self) -> Array:
        found = np.zeros((self.count * self.time, WIDTH), np.float32)
        found[self.places[self.some]] = np.add.reduceat(self.parts["vectors"][self.known], self.starts)
        return found.reshape(self.count, self.time, WIDTH).transpose(1, 0, 2)

    def _drop(self, shape: tuple[int, ...]) -> Array:
        kept = self.chance.random(shape, np.float32) >= DROPPED
        return kept.astype(np.float32) / np.float32(1 - DROPPED)

    def _turned(self, values: Array) -> Array:
        return np.take_along_axis(values, self.turn[:, :, None], 0)

    def run(self) -> tuple[float, dict[str, Array]]:
        """Return the loss of a line, and the gradient of each part."""
        parts, lines = self.parts, float(self.mask.sum())
        squashed = np.tanh(self._sums())
        kept = self._drop(squashed.shape)
        read = squashed * kept
        ways = [Way(parts, 0, read), Way(parts, 1, self._turned(read))]
        both = np.concatenate([ways[0].found, self._turned(ways[1].found)], axis=2)
        both *= self.mask[:, :, None]
        share = (1 / self.lengths.astype(np.float32))[None, :, None]
        mean = np.broadcast_to(both.sum(axis=0, keepdims=True) * share, both.shape)
        wide = np.concatenate([both, mean, read], axis=2)
        dropped = self._drop(wide.shape)
        wide *= dropped
        scores = wide @ parts["output"] + parts["bias"]
        loss, gradients, above = self._field(scores)
        above /= np.float32(lines)
        for name in ("follow", "first", "last"):
            gradients[name] /= np.float32(lines)
        flat = above.reshape(-1, len(ROLES))
        gradients["output"] = wide.reshape(len(flat), -1).T @ flat
        gradients["bias"] = flat.sum(axis=0)
        back = (above @ parts["output"].T) * dropped
        size = 2 * WIDTH
        beside = (
            back[:, :, :size] + (back[:, :, size : 2 * size] * self.mask[:, :, None]).sum(0)[None] * share
        )
        beside *= self.mask[:, :, None]
        of_read = back[:, :, 2 * size :].copy()
        ahead = ways[0].back(np.ascontiguousarray(beside[:, :, :WIDTH]))
        behind = ways[1].back(self._turned(beside[:, :, WIDTH:]))
        of_read += ahead + self._turned(behind)
        for name in ("inputs", "states", "biases"):
            gradients[name] = np.stack([way.gradients[name] for way in ways])
        of_sums = of_read * kept * (1 - squashed * squashed)
        gradients["vectors"] = self._of_vectors(of_sums)
        return loss / lines, gradients

    def _of_vectors(self, of_sums: Array) -> Array:
        rows = of_sums.transpose(1, 0, 2).reshape(-1, WIDTH)[self.places]
        ends = np.append(self.starts[1:], len(self.known))
        lines = np.repeat(self.some, ends - self.starts)
        order = np.argsort(self.known, kind="stable")
        known = self.known[order]
        first = np.flatnonzero(np.append(True, known[1:] != known[:-1]))
        found = np.zeros_like(self.parts["vectors"])
        found[known[first]] = np.add.reduceat(rows[lines[order]], first)
        return found

    def _field(self, scores: Array) -> tuple[float, dict[str, Array], Array]:
        """Return the loss of the random field, and the gradients of its parts and of the scores."""
        follow, first, last = (self.parts[name] for name in ("follow", "first", "last"))
        right, mask = self.right, self.mask
        raised = scores + self.margins[right]
        ahead = np.empty_like(raised)
        ahead[0] = first + raised[0]
        for time in range(1, self.time):
            here = _log_sum(ahead[time - 1][:, :, None] + follow, 1) + raised[time]
            ahead[time] = np.where(mask[time][:, None], here, ahead[time - 1])
        back = np.empty_like(raised)
        back[-1] = last
        for time in range(self.time - 2, -1, -1):
            below = raised[time + 1] + back[time + 1]
            here = _log_sum(follow[None] + below[:, None, :], 2)
            back[time] = np.where(mask[time + 1][:, None], here, last)
        whole = _log_sum(ahead[-1] + last, 1)
        chances = np.exp(ahead + back - whole[None, :, None]) * mask[:, :, None]
        columns = np.arange(self.count)
        worth = np.take_along_axis(scores, right[:, :, None], 2)[:, :, 0] * mask
        pairs = mask[1:]
        of_follow = np.zeros_like(follow)
        for time in range(1, self.time):
            on = pairs[time - 1]
            joint = ahead[time - 1][on][:, :, None] + follow + (raised[time] + back[time])[on][:, None, :]
            of_follow += np.exp(joint - whole[on][:, None, None]).sum(axis=0)
        before, after = right[:-1][pairs], right[1:][pairs]
        np.subtract.at(of_follow, (before, after), 1)
        ends = right[self.lengths - 1, columns]
        of_first = chances[0].sum(axis=0)
        np.subtract.at(of_first, right[0], 1)
        of_last = chances[self.lengths - 1, columns].sum(axis=0)
        np.subtract.at(of_last, ends, 1)
        told = worth.sum() + follow[before, after].sum() + first[right[0]].sum() + last[ends].sum()
        hits = np.zeros_like(chances)
        np.put_along_axis(hits, right[:, :, None], 1, 2)
        above = chances - hits * mask[:, :, None]
        return float(whole.sum() - told), {"follow": of_follow, "first": of_first, "last": of_last}, above


def _log_sum(values: Array, axis: int) -> Array:
    most = values.max(axis=axis, keepdims=True)
    return np.log(np.exp(values - most).sum(axis=axis)) + most.squeeze(axis)


class Way:
    """One direction of the LSTM: its states, and the gradients through time."""

    def __init__(self, parts: dict[str, Array], which: int, read: Array) -> None:
        self.read = read
        self.inputs, self.states = parts["inputs"][which], parts["states"][which]
        gates = read @ self.inputs + parts["biases"][which]
        time, count, _ = read.shape
        self.gates = np.empty_like(gates)
        self.cells = np.zeros((time + 1, count, WIDTH), np.float32)
        self.found = np.zeros((time, count, WIDTH), np.float32)
        state = np.zeros((count, WIDTH), np.float32)
        for step in range(time):
            total = gates[step] + state @ self.states
            own = self.gates[step]
            own[:, : 3 * WIDTH] = 1 / (1 + np.exp(-total[:, : 3 * WIDTH]))
            own[:, 3 * WIDTH :] = np.tanh(total[:, 3 * WIDTH :])
            put, keep, show, new = np.split(own, 4, axis=1)
            self.cells[step + 1] = keep * self.cells[step] + put * new
            state = self.found[step] = show * np.tanh(self.cells[step + 1])

    def back(self, of_found: Array) -> Array:
        """Return the gradient of what was read; keep those of the parts."""
        time, count, _ = of_found.shape
        of_gates = np.empty_like(self.gates)
        of_state = np.zeros((count, WIDTH), np.float32)
        of_cell = np.zeros((count, WIDTH), np.float32)
        for step in range(time - 1, -1, -1):
            of_state = of_state + of_found[step]
            put, keep, show, new = np.split(self.gates[step], 4, axis=1)
            squashed = np.tanh(self.cells[step + 1])
            of_cell = of_cell + of_state * show * (1 - squashed * squashed)
            own = of_gates[step]
            own[:, :WIDTH] = of_cell * new * put * (1 - put)
            own[:, WIDTH : 2 * WIDTH] = of_cell * self.cells[step] * keep * (1 - keep)
            own[:, 2 * WIDTH : 3 * WIDTH] = of_state * squashed * show * (1 - show)
            own[:, 3 * WIDTH :] = of_cell * put * (1 - new * new)
            of_cell = of_cell * keep
            of_state = own @ self.states.T
        flat = of_gates.reshape(-1, 4 * WIDTH)
        before = np.concatenate([np.zeros_like(self.found[:1]), self.found[:-1]])
        self.gradients = {
            "inputs": self.read.reshape(-1, WIDTH).T @ flat,
            "states": before.reshape(-1, WIDTH).T @ flat,
            "biases": flat.sum(axis=0),
        }
        return of_gates @ self.inputs.T


def batches(examples: Sequence[Example], chance: np.random.Generator) -> list[list[Example]]:
    """Return all examples in batches of about the same length, in an order of chance."""
    keys = [len(one.roles) + chance.random() * 12 for one in examples]
    order = sorted(chance.permutation(len(examples)).tolist(), key=keys.__getitem__)
    groups: list[list[Example]] = [[]]
    for number in order:
        lines = (len(groups[-1]) + 1) * len(examples[number].roles)
        if len(groups[-1]) == BATCH or (groups[-1] and lines > LINES):
            groups.append([])
        groups[-1].append(examples[number])
    return [groups[place] for place in chance.permutation(len(groups))]


def learned(
    examples: Sequence[Example], features: int, passes: int = PASSES, seed: int = 0
) -> dict[str, Array]:
    """Return the parts of a model that was learned from examples."""
    own = [one for one in examples if one.kind != "page"]
    rounds = [examples if number < PASSES_WITH_PAGES else own for number in range(passes)]
    chance = np.random.default_rng(seed)
    planned = [batches(some, chance) for some in rounds]
    learner = Learner(features, seed, sum(map(len, planned)))
    for number, some in enumerate(planned, 1):
        losses = [learner.learn(batch) for batch in some]
        print(f"pass {number}: {sum(losses) / len(losses):.4f}", file=sys.stderr, flush=True)
    return learner.parts


def save(path: Path, names: Sequence[str], parts: dict[str, Array]) -> None:
    """Write a model: each part as whole numbers of one or two bytes, with a step by which they count."""
    table: dict[str, Array] = {"names": np.frombuffer("\n".join(names).encode(), np.uint8)}
    for name in PARTS:
        part = parts[name]
        small = name == "vectors"
        most = np.abs(part).max(axis=1, keepdims=True) if small else np.abs(part).max(keepdims=True)
        step = np.maximum(most / (127 if small else 32767), 1e-9).astype(np.float32)
        table[name] = np.rint(part / step).astype(np.int8 if small else np.int16)
        table[f"{name}.step"] = step
    with path.open("wb") as file:
        np.savez(file, **table)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("examples", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--passes", type=int, default=PASSES)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("error")
    names, examples = read(arguments.examples)
    save(arguments.out, names, learned(examples, len(names), arguments.passes, arguments.seed))
    print(f"{len(examples)} examples, {len(names)} features, {arguments.out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
