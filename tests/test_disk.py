"""Files are made sure of one by one, unless their file system promises as much for all of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from feeds import disk


@contextmanager
def opened(folder: Path, files: int) -> Iterator[list[int]]:
    """Give the handles of so many new files."""
    with ExitStack() as stack:
        yield [stack.enter_context((folder / str(n)).open("wb")).fileno() for n in range(files)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Give the handles that fsync was called for."""
    found: list[int] = []
    monkeypatch.setattr(os, "fsync", found.append)
    return found


@pytest.mark.parametrize("promised", [True, False])
def test_each_file_is_asked_for_where_its_file_system_promises_nothing(
    tmp_path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch, promised: bool
) -> None:
    """Or where that failed: it may have been for another's file."""
    monkeypatch.setattr(disk, "_whole", lambda _: promised)
    with opened(tmp_path, 20) as handles:
        disk.sync(handles)

        assert asked == ([] if promised else handles)


def test_a_few_files_are_asked_for_one_by_one(tmp_path: Path, asked: list[int]) -> None:
    """The rest of the file system is none of their business."""
    with opened(tmp_path, 2) as handles:
        disk.sync(handles)

        assert asked == handles


def test_a_file_system_that_is_not_known_promises_nothing(
    tmp_path: Path, asked: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does a system without the call, or one that swallows what goes wrong."""
    monkeypatch.setattr(disk, "_WHOLE", {})
    with opened(tmp_path, 20) as handles:
        disk.sync(handles)
        assert asked == handles
    monkeypatch.undo()
    monkeypatch.setattr(disk, "_release", lambda: (5, 7))
    disk._library.cache_clear()
    assert disk._library() is None
    disk._library.cache_clear()


def test_an_error_of_the_disk_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not sure must not be taken for published."""

    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "fsync", fail)
    monkeypatch.setattr(disk, "_whole", lambda _: False)
    with opened(tmp_path, 20) as handles, pytest.raises(OSError, match="Input/output"):
        disk.sync(handles)
