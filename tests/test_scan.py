"""A scan finds what changed, and does not look at what can't have."""

from __future__ import annotations

import os
import time
from pathlib import Path

from feeds import scan
from feeds.scan import Scan, Seen

NOW = time.time_ns() + 3_600_000_000_000  # an hour on: every folder is settled


def seen_by(scanned: Scan, looks: list[scan.Look]) -> dict[bytes, Seen]:
    """Give what a scan would be told of the last one."""
    return {look.folder: Seen(look.changed, len(look.files)) for look in looks}


def test_a_folder_that_did_not_change_is_not_looked_into(tmp_path: Path, monkeypatch: object) -> None:
    """Its files still count; those of a changed one are met."""
    for day in ("01", "02"):
        (tmp_path / day).mkdir()
        (tmp_path / day / "a.txt").write_text("a")
    first = Scan([tmp_path], NOW)
    known = seen_by(first, list(first.looks()))
    large = {**known, b"/elsewhere": Seen(1, 100 * scan.BUDGET)}  # as in a collection of many files
    quiet = next(m for m in range(NOW, NOW + 10**16, 60 * 10**9) if not _due(m, large, tmp_path))
    (tmp_path / "02" / "b.txt").write_text("b")

    second = Scan([tmp_path], quiet, large)
    looks = list(second.looks())

    assert [Path(os.fsdecode(look.folder)).name for look in looks] == ["02"]
    assert second.files == 3


def _due(moment: int, known: dict[bytes, Seen], root: Path) -> bool:
    return bool(list(Scan([root], moment, known).looks()))


def test_each_folder_has_its_turn(tmp_path: Path) -> None:
    """So that a file rewritten in place is found, whatever the interval of the runs."""
    (tmp_path / "a.txt").write_text("a")
    first = Scan([tmp_path], NOW)
    known = {**seen_by(first, list(first.looks())), b"/elsewhere": Seen(1, 20 * scan.BUDGET)}

    for minutes in (1, 5, 15, 60, 1440):
        turns = [_due(NOW + i * minutes * 60 * 10**9, known, tmp_path) for i in range(23)]
        assert sum(turns) == 1


def test_a_small_collection_is_looked_at_whole(tmp_path: Path) -> None:
    """There a file rewritten in place is found at once."""
    (tmp_path / "a.txt").write_text("a")
    first = Scan([tmp_path], NOW)
    (before,) = list(first.looks())
    (tmp_path / "a.txt").write_text("b")
    (after,) = Scan([tmp_path], NOW, seen_by(first, [before])).looks()

    assert before.changed == after.changed
    assert before.files[0].signature != after.files[0].signature


def test_a_folder_that_changed_just_now_is_not_trusted(tmp_path: Path) -> None:
    """It may change again within the same tick of the clock."""
    (tmp_path / "a.txt").write_text("a")
    (look,) = Scan([tmp_path], time.time_ns()).looks()

    assert look.changed == 0


def test_a_folder_that_went_is_told(tmp_path: Path) -> None:
    """With what was in it."""
    (tmp_path / "a").mkdir()
    (tmp_path / "a/x.txt").write_text("x")
    first = Scan([tmp_path], NOW)
    known = seen_by(first, list(first.looks()))
    (tmp_path / "a/x.txt").unlink()
    (tmp_path / "a").rmdir()
    second = Scan([tmp_path], NOW, known)
    list(second.looks())

    assert second.gone() == [os.fsencode(tmp_path / "a")]


def test_what_a_browser_saved_beside_a_page_is_left_out(tmp_path: Path) -> None:
    """Its pictures, scripts and the frames of its advertisers; a folder of one's own is looked into."""
    for name in (
        *("a.html", "a_files/ad.html", "B.HTM", "B-Dateien/x.css", "B-Dateien/more/y.js"),
        *("c_files/c.txt", "d.txt", "d_files/d.txt", "e.html", "e/e.txt", "e_more/f.txt"),
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")

    met = [Path(found.path).relative_to(tmp_path).as_posix() for found in scan.files([tmp_path])]
    assert sorted(met) == [
        "B.HTM",
        "a.html",
        "c_files/c.txt",
        "d.txt",
        "d_files/d.txt",
        "e.html",
        "e/e.txt",
        "e_more/f.txt",
    ]
