"""The model of line roles is made of the examples in the repository, and of nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from feeds.extract.text.model import PARTS, load, read
from feeds.tables import DATA
from tools.line_data import Example, write
from tools.line_data import read as read_examples

EXAMPLES = Path(__file__).parent.parent / "tools" / "data" / "line_roles.xz"


def test_the_model_knows_the_features_of_the_examples() -> None:
    """Their names are those of the examples, in that order; no other text is shipped with the weights."""
    names, examples = read_examples(EXAMPLES)

    assert list(load(DATA / "line_roles.npz").names) == names
    assert {one.kind for one in examples} == {"capture", "varied", "page", "long", "gallery"}


def test_the_model_reads_what_it_was_learned_from() -> None:
    """Of the captures it has seen, it gives nine in ten lines the role that they are labelled with."""
    names, examples = read_examples(EXAMPLES)
    some = [one for one in examples if one.kind == "capture"][::10]
    right = total = 0
    for one in some:
        rows = [[names[int(number)] for number in row] for row in one.features]
        found = read(rows).roles
        right += sum(a == b for a, b in zip(found, one.roles, strict=True))
        total += len(found)

    assert right > 0.9 * total


def test_examples_come_back_as_they_were_written(tmp_path: Path) -> None:
    """Features that few captures have are left out, the others keep their lines and roles."""
    rows = [["long", "first"], ["rare"], ["long"]]
    same = [Example("capture", [["long"]], ["B"])] * 4
    write(tmp_path / "examples.xz", [Example("capture", rows, ["T", "J", "B"]), *same])

    names, examples = read_examples(tmp_path / "examples.xz")

    assert names == ["long"]
    assert examples[0] == Example("capture", [[0], [], [0]], ["T", "J", "B"])


def test_weights_are_small_whole_numbers() -> None:
    """Each part is kept as bytes or pairs of bytes with a step: the file stays under 3 MB."""
    with np.load(DATA / "line_roles.npz") as table:
        assert {table[name].dtype.name for name in PARTS} == {"int8", "int16"}

    assert (DATA / "line_roles.npz").stat().st_size < 3_000_000
