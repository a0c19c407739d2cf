"""What was made of tables is kept as long as they stay the same."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from feeds import tables


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a package with one table, where Python keeps what it compiles."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "words.toml").write_text('few = ["a"]\n')
    monkeypatch.setattr(tables, "PACKAGE", tmp_path)
    monkeypatch.setattr(tables, "DATA", tmp_path / "data")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", None)
    return tmp_path


def fail() -> dict[str, list[str]]:
    """Stand for what must not be made anew."""
    raise AssertionError


def test_a_table_is_read_once(package: Path) -> None:
    """The second time it comes from what was kept, and is the same."""
    first = tables.toml("words.toml")

    assert first == {"few": ["a"]}
    assert tables.kept("words.toml", ("data/words.toml",), fail) == first


def test_a_table_that_changed_is_read_anew(package: Path) -> None:
    """By its size, or by its time."""
    table = package / "data" / "words.toml"
    tables.toml("words.toml")
    table.write_text('few = ["a", "b"]\n')

    assert tables.toml("words.toml") == {"few": ["a", "b"]}
    table.write_text('few = ["a", "c"]\n')
    os.utime(table, ns=(1, 1))
    assert tables.toml("words.toml") == {"few": ["a", "c"]}


def test_what_is_kept_and_damaged_is_made_anew(package: Path) -> None:
    """As by a disk that was full."""
    tables.toml("words.toml")
    (kept,) = (package / "data" / "__pycache__").iterdir()
    for damaged in (b"", kept.read_bytes()[:-3], b"N", b"\xff" * 9):
        kept.write_bytes(damaged)
        assert tables.toml("words.toml") == {"few": ["a"]}


def test_no_changed_bit_of_what_is_kept_is_followed(package: Path) -> None:
    """It would end each run, or give another table."""
    tables.toml("words.toml")
    (kept,) = (package / "data" / "__pycache__").iterdir()
    whole = kept.read_bytes()
    for place in range(len(whole) * 8):
        changed = bytearray(whole)
        changed[place // 8] ^= 1 << place % 8
        kept.write_bytes(changed)
        assert tables.toml("words.toml") == {"few": ["a"]}


def test_nothing_is_left_where_a_table_could_not_be_kept(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk, where each run would leave another file."""

    def full(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(Path, "replace", full)

    assert tables.toml("words.toml") == {"few": ["a"]}
    assert not list((package / "data" / "__pycache__").iterdir())


def test_nothing_is_kept_where_python_keeps_nothing(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nor does that fail."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert tables.toml("words.toml") == {"few": ["a"]}
    assert not (package / "data" / "__pycache__").exists()
