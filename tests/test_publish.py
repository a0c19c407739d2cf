"""Files are replaced whole, only when they differ, and never when they are somebody else's."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from feeds.publish import Manifest, Publisher, PublishError, folders, is_missing, sweep

FILES = [("all.atom", b"<a/>"), ("topics/x.atom", b"<b/>")]


def publish(
    files: Iterable[tuple[str, bytes]], output: Path, facts: dict[str, str], encodings: Sequence[str] = ()
) -> list[str]:
    """Write these files, and remove what an earlier manifest names beside them."""
    before = Manifest.load(output)
    known = before.files if before else {}
    written: dict[str, str] = {}

    def note(path: str, digest: bytes | None) -> None:
        if digest and path != "manifest.json":
            written[path] = digest.hex()

    publisher = Publisher(output, known.__contains__, note, encodings)
    try:
        for path, data in files:
            publisher.put(path, data)
        publisher.flush()
        for path in sorted(known.keys() - written.keys()):
            publisher.remove(path)
        publisher.finish(Manifest(written, facts))
    except BaseException:
        publisher.abandon()
        raise
    return publisher.changed


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    """A second run with the same bytes touches nothing, not even the manifest."""
    assert publish(FILES, tmp_path, {}) == ["all.atom", "topics/x.atom"]
    before = {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in tmp_path.rglob("*")}

    assert publish(FILES, tmp_path, {}) == []
    assert {p: (p.stat().st_ino, p.stat().st_mtime_ns) for p in tmp_path.rglob("*")} == before
    assert publish([FILES[0], ("topics/x.atom", b"<c/>")], tmp_path, {}) == ["topics/x.atom"]


def test_what_no_longer_belongs_is_removed(tmp_path: Path) -> None:
    """Only files of the old manifest go."""
    publish(FILES, tmp_path, {})
    (tmp_path / "topics/mine.txt").write_text("mine")

    assert publish(FILES[:1], tmp_path, {}) == ["topics/x.atom"]
    assert [p.name for p in (tmp_path / "topics").iterdir()] == ["mine.txt"]


def test_a_file_goes_when_nothing_names_it_any_more(tmp_path: Path) -> None:
    """A reader that comes in between finds what the old feed links to."""
    publish(FILES, tmp_path, {})
    publisher = Publisher(tmp_path, lambda _: True, lambda *_: None)

    publisher.remove("topics/x.atom")
    publisher.put("all.atom", b"<new/>")
    stood = (tmp_path / "topics/x.atom").exists()
    publisher.finish(Manifest({}, {}))

    assert stood
    assert publisher.changed == ["all.atom", "topics/x.atom"]
    assert not (tmp_path / "topics/x.atom").exists()


def test_a_file_of_others_is_never_touched(tmp_path: Path) -> None:
    """A page that stood there before stops the run, and stays."""
    (tmp_path / "index.html").write_text("my own page")

    with pytest.raises(PublishError, match=r"index\.html: not written by feeds"):
        publish([("index.html", b"<p>ours</p>")], tmp_path, {})

    assert (tmp_path / "index.html").read_text() == "my own page"


def test_a_lost_manifest_makes_our_files_no_strangers(tmp_path: Path) -> None:
    """What bears the generator's mark is ours."""
    old = b'<meta name="generator" content="feeds 0.1.0">old'
    publish([("index.html", old)], tmp_path, {})
    (tmp_path / "manifest.json").unlink()

    assert publish([("index.html", old + b"new")], tmp_path, {}) == ["index.html"]


def test_files_are_readable_whatever_the_umask(tmp_path: Path) -> None:
    """A web server of another user has to read them."""
    before = os.umask(0o077)
    try:
        publish(FILES, tmp_path / "out", {})
    finally:
        os.umask(before)

    modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in (tmp_path / "out").rglob("*")}
    assert modes == {"all.atom": 0o644, "x.atom": 0o644, "manifest.json": 0o644, "topics": 0o755}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o755


@pytest.mark.parametrize("path", ["../x", "/etc/x", "a/../../x"])
def test_no_path_leaves_the_output(tmp_path: Path, path: str) -> None:
    """Whatever a slug may hold."""
    with pytest.raises(PublishError, match="leaves the output folder"):
        publish([(path, b"x")], tmp_path / "out", {})


def test_a_link_in_the_output_is_not_followed(tmp_path: Path) -> None:
    """A folder of the output that is a link could lead anywhere."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/topics").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PublishError, match="a symbolic link"):
        publish(FILES, tmp_path / "out", {})
    assert not list((tmp_path / "elsewhere").iterdir())


def test_a_killed_run_leaves_nothing_that_stays(tmp_path: Path) -> None:
    """Its temporary files go with the next run; those of others stay."""
    publish(FILES, tmp_path, {})
    (tmp_path / "topics/.feeds-tmp-x.atom").write_text("half")
    (tmp_path / "topics/.mine").write_text("mine")

    sweep(tmp_path)

    assert {p.name for p in (tmp_path / "topics").iterdir()} == {"x.atom", ".mine"}


def test_folders_are_met_where_a_file_system_counts_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As over CIFS, where each folder is said to hold no other one."""

    class Uncounted:
        def __init__(self, info: os.stat_result) -> None:
            self.st_ctime_ns, self.st_nlink = info.st_ctime_ns, 2

    publish([*FILES, ("a/b/x.atom", b"<b/>")], tmp_path, {})
    counted = folders(tmp_path)
    stat_of = Path.stat
    monkeypatch.setattr(Path, "stat", lambda path, **more: Uncounted(stat_of(path, **more)))

    assert folders(tmp_path) == counted
    assert sorted(counted) == ["", "a", "a/b", "topics"]


def test_the_manifest_says_what_stands_there(tmp_path: Path) -> None:
    """It is read back as it was written, and a missing file is seen."""
    publish(FILES, tmp_path, {"site": "s"})
    manifest = Manifest.load(tmp_path)

    assert manifest is not None
    assert (sorted(manifest.files), manifest.facts) == (["all.atom", "topics/x.atom"], {"site": "s"})
    assert not is_missing(tmp_path, manifest.files)
    (tmp_path / "topics/x.atom").unlink()
    assert is_missing(tmp_path, manifest.files)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"files": 3}', '{"files": {}}'])
def test_a_spoilt_manifest_counts_as_none(tmp_path: Path, text: str) -> None:
    """It is made anew, for the store knows all that it said."""
    (tmp_path / "manifest.json").write_text(text)

    assert Manifest.load(tmp_path) is None
