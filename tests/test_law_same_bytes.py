"""The same inputs give the same bytes, wherever and however a build runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, SEED, Newsroom, capture

TWO = capture(
    "Sweden Closes a School in Lund", "A school in Lund in Sweden closes in June, the council said on Friday."
)
ARABIC = capture(
    "النرويج تفتتح ميناء جديدا في بيرغن",
    "افتتحت النرويج ميناء جديدا في بيرغن هذا الأسبوع بعد سنوات من المحادثات مع مجلس المدينة.",
    "سفن على الرصيف في بيرغن (رويترز)",
)


def build(root: Path, **environment: str) -> dict[str, bytes]:
    """Build in a process of its own."""
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1766566800", "PYTHONPATH": str(ROOT), **environment}
    subprocess.run(
        [sys.executable, "-m", "feeds", "build", "-q", "--base-url", "https://news.example/"],
        cwd=root,
        env=env,
        check=True,
    )
    return Newsroom(root).files()


def fill(root: Path, order: list[tuple[str, bytes]]) -> None:
    """Write the captures in this order, at the same time."""
    (root / "seeds").mkdir(parents=True)
    for name, data in order:
        path = root / "seeds" / name
        path.write_bytes(data)
        os.utime(path, (1766500000, 1766500000))


FILES = [
    ("a.txt", SEED.read_bytes()),
    ("b.txt", capture().encode()),
    ("c.txt", TWO.encode()),
    ("d.txt", ARABIC.encode()),
]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Give the bytes of a plain build."""
    root = tmp_path_factory.mktemp("expected")
    fill(root, FILES)
    return build(root, PYTHONHASHSEED="0", TZ="UTC", LC_ALL="C")


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu"},
        {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "C.UTF-8"},
        {"PYTHONHASHSEED": "3", "TZ": "Pacific/Kiritimati", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    ],
)
def test_under_other_hash_seeds_zones_locales_and_file_orders(
    tmp_path: Path, expected: dict[str, bytes], environment: dict[str, str]
) -> None:
    """Nothing of the machine shows in what is written."""
    fill(tmp_path, FILES[::-1])

    assert build(tmp_path, **environment) == expected
