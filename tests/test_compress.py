"""A compressed sibling holds what its file holds, or is not there."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import brotli
import pytest

from feeds import compress
from tests.values import pack

TEXT = b"<feed>" + b"news " * 500 + b"</feed>"


def put(path: Path, data: bytes = TEXT) -> Path:
    """Write a file."""
    path.write_bytes(data)
    return path


def test_a_sibling_holds_the_same() -> None:
    """For each coding that is asked for."""
    gz, br = (compress.packed("all.atom", TEXT, encoding) for encoding in ("gz", "br"))

    assert gz and gzip.decompress(gz) == TEXT
    assert br and brotli.decompress(br) == TEXT


def test_the_same_bytes_give_the_same_bytes() -> None:
    """No time, no name, no system in them (RFC 1952 section 2.3.1)."""
    packed = compress.compress(TEXT, "gz")

    assert packed == compress.compress(TEXT, "gz")
    assert packed[:10] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.png", TEXT), ("manifest.json", TEXT), ("a.atom", b"short"), ("a.atom", os.urandom(2000))],
)
def test_what_wins_nothing_has_no_sibling(name: str, data: bytes) -> None:
    """Pictures, small files, what does not shrink, and the manifest."""
    assert compress.packed(name, data, "gz") is None
    assert compress.packed(name, data, "br") is None


def test_siblings_go_before_their_file(tmp_path: Path) -> None:
    """All of them, also those of an earlier configuration; what is no sibling stays."""
    target = put(tmp_path / "all.atom")
    pack(target, "gz")
    pack(target, "br")
    put(tmp_path / "all.rss.gz")
    compress.remove(target)
    compress.remove(target)

    assert sorted(p.name for p in tmp_path.iterdir()) == ["all.atom", "all.rss.gz"]


def test_a_sibling_belongs_to_its_file_by_its_time(tmp_path: Path) -> None:
    """Or is stale."""
    target = put(tmp_path / "all.atom")
    sibling = tmp_path / "all.atom.gz"
    assert not compress.fresh(target, sibling)

    pack(target, "gz")
    assert compress.fresh(target, sibling)
    os.utime(target, (9, 9))
    assert not compress.fresh(target, sibling)


@pytest.mark.parametrize(("old", "now", "expected"), [(None, 7, 7), (10**9, 3 * 10**9, 3 * 10**9)])
def test_a_time_is_the_clocks(old: int | None, now: int, expected: int) -> None:
    """Where that is later by a second than what was there."""
    assert compress.next_mtime(old, now) == expected


def test_a_time_goes_on_by_a_second() -> None:
    """Two versions of one second have two ETags."""
    assert compress.next_mtime(10**9, 10**9) == 2 * 10**9
    assert compress.next_mtime(5 * 10**9, 10**9) == 6 * 10**9
