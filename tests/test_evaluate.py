"""The floors of quality: a figure that falls below its floor fails, and a floor is never lowered silently."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

SCORER = 'print(\'page {"docs": 1, "body": %s, "wrong": %s, "null": null}\')\n'


def evaluate(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the evaluation over a folder of labelled data, with floors of its own."""
    command = [sys.executable, str(ROOT / "tools" / "evaluate.py"), str(folder)]
    floors = ["--floors", str(folder.parent / "floors.toml")]
    return subprocess.run(
        [*command, *floors, *options], capture_output=True, text=True, check=False, cwd=ROOT
    )


def labelled(tmp_path: Path, body: float, wrong: int) -> Path:
    """A folder of labelled data whose scorer gives these figures."""
    data = tmp_path / "data"
    for folder in ("extract/text", "extract/html", "tag"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    (data / "score_extract.py").write_text(SCORER % (body, wrong))
    return data


@pytest.mark.parametrize(
    ("body", "wrong", "code"), [(0.9, 0, 0), (0.95, 0, 0), (0.89, 0, 1), (0.9, 1, 1), (0.95, 1, 1)]
)
def test_a_missed_floor_fails(tmp_path: Path, body: float, wrong: int, code: int) -> None:
    """A figure may rise, and one where less is better may fall; anything else fails and is named."""
    (tmp_path / "floors.toml").write_text("[page]\nbody = 0.9\nwrong = 0\n")

    done = evaluate(labelled(tmp_path, body, wrong))

    assert done.returncode == code
    assert ("MISSED" in done.stdout) == bool(code)
    assert ("its floor is" in done.stderr) == bool(code)


def test_a_figure_that_is_no_longer_measured_fails(tmp_path: Path) -> None:
    """A floor cannot be passed by not measuring it."""
    (tmp_path / "floors.toml").write_text("[page]\nbody = 0.9\nheadline = 0.8\n")

    done = evaluate(labelled(tmp_path, 0.9, 0))

    assert done.returncode == 1
    assert "page headline has a floor and was not measured" in done.stderr


def test_floors_are_raised_and_never_lowered(tmp_path: Path) -> None:
    """--raise takes better figures and new ones, and leaves a missed floor where it is."""
    floors = tmp_path / "floors.toml"
    floors.write_text("[page]\nbody = 0.9\nwrong = 1\n")

    evaluate(labelled(tmp_path, 0.95, 2), "--raise")

    assert tomllib.loads(floors.read_text()) == {"page": {"body": 0.95, "wrong": 1}}


def test_without_labelled_data_nothing_is_measured(tmp_path: Path) -> None:
    """Elsewhere than beside the data the target says so and ends well."""
    done = evaluate(tmp_path / "none")

    assert (done.returncode, done.stdout.count("nothing was measured")) == (0, 1)


def test_the_projects_floors_name_kinds_and_figures() -> None:
    """Each floor is a number; a date that is wrong has no room on web pages."""
    floors = tomllib.loads((ROOT / "tools" / "floors.toml").read_text("utf-8"))

    assert floors["page"]["body"] >= 0.97
    assert floors["page"]["wrong"] == 0
    assert all(isinstance(value, int | float) for row in floors.values() for value in row.values())
