"""Compressed siblings go with their files, and are never older than them."""

from __future__ import annotations

import gzip
import os
from itertools import pairwise
from pathlib import Path

from feeds.publish import Manifest
from tests.conftest import Newsroom, capture
from tests.test_publish import publish

ONE, TWO = b"<feed>" + b"one  " * 300, b"<feed>" + b"two  " * 300


def test_a_sibling_goes_with_its_file(tmp_path: Path) -> None:
    """Written, replaced and removed as it is, and named in the manifest."""
    assert publish([("all.atom", ONE)], tmp_path, {}, ["gz"]) == ["all.atom", "all.atom.gz"]
    assert publish([("all.atom", ONE)], tmp_path, {}, ["gz"]) == []

    assert publish([("all.atom", TWO)], tmp_path, {}, ["gz"]) == ["all.atom", "all.atom.gz"]
    assert gzip.decompress((tmp_path / "all.atom.gz").read_bytes()) == TWO
    assert (tmp_path / "all.atom.gz").stat().st_mtime_ns == (tmp_path / "all.atom").stat().st_mtime_ns
    manifest = Manifest.load(tmp_path)
    assert manifest and set(manifest.files) == {"all.atom", "all.atom.gz"}

    assert publish([], tmp_path, {}, ["gz"]) == ["all.atom"]
    assert [path.name for path in tmp_path.iterdir()] == ["manifest.json"]


def written(path: Path) -> tuple[int, ...]:
    """Give what changes when a file is written, and not when it is read."""
    info = path.stat()
    return info.st_ino, info.st_size, info.st_mtime_ns, info.st_ctime_ns


def test_a_configuration_without_siblings_takes_them_away(tmp_path: Path) -> None:
    """And one with others writes those; the file itself is left alone."""
    publish([("all.atom", ONE)], tmp_path, {}, ["gz"])
    before = written(tmp_path / "all.atom")

    assert publish([("all.atom", ONE)], tmp_path, {}, ["br"]) == ["all.atom.br", "all.atom.gz"]
    assert publish([("all.atom", ONE)], tmp_path, {}) == ["all.atom.br"]
    assert written(tmp_path / "all.atom") == before


def test_a_sibling_is_gone_before_its_file_is_replaced(tmp_path: Path) -> None:
    """Whatever a lost manifest forgot: what a killed run leaves is the file alone."""
    publish([("all.atom", ONE)], tmp_path, {}, ["gz"])
    (tmp_path / "manifest.json").unlink()
    ours = b'<generator version="1">' + TWO
    (tmp_path / "all.atom").write_bytes(ours)

    publish([("all.atom", TWO)], tmp_path, {})
    assert not (tmp_path / "all.atom.gz").exists()


def test_a_sibling_that_is_lost_or_stale_is_written_again(tmp_path: Path) -> None:
    """As after a kill, or when somebody touched the file."""
    publish([("all.atom", ONE)], tmp_path, {}, ["gz"])
    (tmp_path / "all.atom.gz").unlink()
    assert publish([("all.atom", ONE)], tmp_path, {}, ["gz"]) == ["all.atom.gz"]

    os.utime(tmp_path / "all.atom", (5, 5))
    assert publish([("all.atom", ONE)], tmp_path, {}, ["gz"]) == ["all.atom.gz"]
    assert (tmp_path / "all.atom.gz").stat().st_mtime == 5


def test_a_replaced_file_is_later_by_a_second(tmp_path: Path) -> None:
    """nginx makes its ETag of seconds and size: two versions of one second differ."""
    times = []
    for data in (ONE, TWO, ONE, TWO):
        publish([("all.atom", data)], tmp_path, {})
        times.append((tmp_path / "all.atom").stat().st_mtime_ns)

    assert all(later - earlier >= 10**9 for earlier, later in pairwise(times))


def test_a_build_precompresses_as_configured(newsroom: Newsroom) -> None:
    """And a second run touches nothing."""
    (newsroom.root / "feeds.toml").write_text('[site]\nprecompress = ["gz"]\n')
    newsroom.add("a.txt", capture())
    newsroom.build()
    files = newsroom.files()

    assert gzip.decompress(files["all.atom.gz"]) == files["all.atom"]
    assert gzip.decompress(files["index.html.gz"]) == files["index.html"]
    assert "manifest.json.gz" not in files
    before = newsroom.stamps()
    assert newsroom.build()["files"] == []
    assert newsroom.stamps() == before
    assert newsroom.run("check").exit_code == 0
