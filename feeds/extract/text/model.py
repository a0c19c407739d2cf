"""Give each line of a text capture its role, by a model that was learned from labelled captures.

The model is a bidirectional LSTM over the lines of a page with a conditional random field above it (Huang, Xu
and Yu 2015, "Bidirectional LSTM-CRF models for sequence tagging"). The vectors of a line's features are
summed, so a line is one vector; the network reads the page from both ends, and beside each line sees the mean
of all; the field chooses the best roles for the whole page. Weights: feeds/data/line_roles.npz, made by
tools/learn_line_roles.py.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from feeds.extract.text.roles import HEADLINE, OPENING, PAGE, ROLES
from feeds.tables import DATA

Array = np.ndarray[Any, np.dtype[np.float32]]

_LONGEST = 4000  # lines that are read at once; a longer page is read in pieces of so many
_STEPS = 12  # in which a page without an article is read again; each makes its own words worth 1 less
_NEVER = 1e4  # far below what any reading is worth


class Reading(Struct, frozen=True):
    """The best roles of a page, one for each line, with how sure each is."""

    roles: tuple[str, ...]
    chances: Array  # of each line (rows) to play each of ROLES (columns), by the model


_BEGINS = tuple(role in (HEADLINE, OPENING) for role in ROLES)


def confidence(reading: Reading, start: int = 0, end: int | None = None) -> float:
    """Return how likely it is that articles begin where they were read to begin, and nowhere else, 0 to 1.

    It is the least chance of a line among those from `start` to `end`: of one that begins an article, to do
    so; of another one, not to.
    """
    begins = reading.chances[start:end][:, _BEGINS].sum(axis=1)
    right = [role in (HEADLINE, OPENING) for role in reading.roles[start:end]]
    return float(np.where(right, begins, 1 - begins).min()) if len(right) else 1.0


class Weights(Struct):
    """The numbers of a model; `vectors` has a row for each of `names`."""

    names: dict[str, int]
    vectors: Array  # features x width
    inputs: Array  # 2 directions x width x 4 gates
    states: Array  # 2 directions x state x 4 gates
    biases: Array  # 2 directions x 4 gates
    output: Array  # (2 states + mean of these + width) x roles
    bias: Array  # roles
    follow: Array  # roles x roles: what the second is worth after the first
    first: Array  # roles
    last: Array  # roles


PARTS = ("vectors", "inputs", "states", "biases", "output", "bias", "follow", "first", "last")


def read(
    features: Sequence[Sequence[str]],
    fixed: Mapping[int, Collection[str]] | None = None,
    model: Weights | None = None,
) -> Reading:
    """Return the best reading of a page whose lines have these features.

    `fixed` names for some lines, by place, the roles that they may play: what is sure before the reading.
    """
    model = model or weights()
    roles: list[str] = []
    chances: list[Array] = []
    for start in range(0, len(features), _LONGEST):
        scores = emissions(model, features[start : start + _LONGEST])
        for place, able in (fixed or {}).items():
            if 0 <= place - start < len(scores):
                scores[place - start, [role not in able for role in ROLES]] -= _NEVER
        scores = _with_a_beginning(model, scores)
        roles += best(model, scores)
        chances.append(posteriors(model, scores))
    return Reading(
        tuple(roles), np.concatenate(chances) if chances else np.zeros((0, len(ROLES)), np.float32)
    )


def _with_a_beginning(model: Weights, scores: Array) -> Array:
    """Return the scores under which the best reading holds an article, for a capture is made for one.

    The page's own words are worth less, step by step, where all lines would be such.
    """
    for _ in range(_STEPS):
        if not set(best(model, scores)).isdisjoint((HEADLINE, OPENING)):
            break
        scores = scores - np.where([role == PAGE for role in ROLES], np.float32(1), np.float32(0))
    return scores


@cache
def weights() -> Weights:
    """Return the weights that are shipped."""
    return load(DATA / "line_roles.npz")


def load(path: Path) -> Weights:
    """Return the weights that a file holds, as tools/learn_line_roles.py writes it."""
    with np.load(path, allow_pickle=False) as table:
        names = bytes(table["names"]).decode("utf-8").split("\n")
        parts = {name: _whole(table, name) for name in PARTS}
    return Weights({name: place for place, name in enumerate(names)}, **parts)


def _whole(table: Any, name: str) -> Array:
    """Return an array that was kept as small whole numbers and a step for each row."""
    whole: Array = np.asarray(table[name], np.float32) * table[f"{name}.step"]
    return whole


def emissions(weights: Weights, features: Sequence[Sequence[str]]) -> Array:
    """Return what each role (columns) is worth for each line (rows), before its neighbours count."""
    known = [[place for name in row if (place := weights.names.get(name)) is not None] for row in features]
    lines = np.stack([weights.vectors[row].sum(axis=0) for row in known]) if known else weights.vectors[:0]
    return _scores(weights, np.tanh(lines))


def _scores(weights: Weights, lines: Array) -> Array:
    ahead = _states(lines @ weights.inputs[0] + weights.biases[0], weights.states[0])
    back = _states(lines[::-1] @ weights.inputs[1] + weights.biases[1], weights.states[1])[::-1]
    both = np.concatenate([ahead, back], axis=1)
    mean = np.broadcast_to(both.mean(axis=0), both.shape)
    scores: Array = np.concatenate([both, mean, lines], axis=1) @ weights.output + weights.bias
    return scores


_AROUND = 20  # lines on each side that are read again to see what a feature does
_TRIED = 100  # features of a line


def worth(features: Sequence[Sequence[str]], place: int, role: str, other: str) -> list[tuple[float, str]]:
    """Return what the features of one line are worth for one role against another, the most first.

    A feature is worth what is lost where it is left out and the lines around are read again.
    """
    model = weights()
    start = max(0, place - _AROUND)
    near = features[start : place + _AROUND + 1]
    known = [[model.names[name] for name in row if name in model.names] for row in near]
    sums = np.stack([model.vectors[row].sum(axis=0) for row in known])
    one, two = ROLES.index(role), ROLES.index(other)

    def lead(lines: Array) -> float:
        scores = _scores(model, np.tanh(lines))[place - start]
        return float(scores[one] - scores[two])

    whole, found = lead(sums), []
    for name in features[place][:_TRIED]:
        if name in model.names:
            less = sums.copy()
            less[place - start] -= model.vectors[model.names[name]]
            found.append((whole - lead(less), name))
    return sorted(found, key=lambda pair: (-pair[0], pair[1]))


def _states(gates: Array, recurrent: Array) -> Array:
    """Return the states of an LSTM that reads lines in their order (Gers, Schmidhuber and Cummins 2000)."""
    width = recurrent.shape[0]
    state = cell = np.zeros(width, np.float32)
    found = np.empty((len(gates), width), np.float32)
    for place, own in enumerate(gates):
        total = own + state @ recurrent
        open_ = 1 / (1 + np.exp(-total[: 3 * width]))  # input, forget and output gates
        cell = open_[width : 2 * width] * cell + open_[:width] * np.tanh(total[3 * width :])
        state = found[place] = open_[2 * width :] * np.tanh(cell)
    return found


def best(weights: Weights, scores: Array) -> list[str]:
    """Return the roles that are worth most together (Viterbi)."""
    if not len(scores):
        return []
    worth = weights.first + scores[0]
    came: list[Any] = []
    for row in scores[1:]:
        paths = worth[:, None] + weights.follow
        came.append(paths.argmax(axis=0))
        worth = paths.max(axis=0) + row
    found = [int((worth + weights.last).argmax())]
    for before in reversed(came):
        found.append(int(before[found[-1]]))
    return [ROLES[number] for number in reversed(found)]


def posteriors(weights: Weights, scores: Array) -> Array:
    """Return how likely each role (columns) is for each line (rows), over all readings of the page."""
    if not len(scores):
        return scores
    ahead = [weights.first + scores[0]]
    for row in scores[1:]:
        ahead.append(_log_sum(ahead[-1][:, None] + weights.follow, 0) + row)
    back = [weights.last]
    for row in scores[:0:-1]:
        back.append(_log_sum(weights.follow + (row + back[-1])[None, :], 1))
    total = np.stack(ahead) + np.stack(back[::-1])
    chances: Array = np.exp(total - _log_sum(total, 1)[:, None])
    return chances


def _log_sum(values: Array, axis: int) -> Array:
    most = values.max(axis=axis, keepdims=True)
    found: Array = np.log(np.exp(values - most).sum(axis=axis)) + most.squeeze(axis)
    return found
