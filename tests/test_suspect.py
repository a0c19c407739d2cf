"""A document that ends the process that reads it costs one run, and then itself alone."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from feeds import read
from feeds.suspect import Suspect
from feeds.understand import understand
from tests.conftest import Newsroom, capture

DEADLY = "deadly"


def text(name: str) -> str:
    return capture(
        f"Norway Opens Harbour {name} in Bergen", f"The harbour {name} was opened in Norway by a king."
    )


def killed(newsroom: Newsroom, *arguments: str) -> bool:
    """Build in a process of its own; say whether that was ended."""
    child = os.fork()
    if not child:
        newsroom.run("build", *arguments)
        os._exit(0)
    return os.waitpid(child, 0)[1] != 0


@pytest.fixture
def deadly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have each process but this one end that understands a deadly document."""
    mine = os.getpid()

    def die(document: Any, *values: Any, **more: Any) -> Any:
        if DEADLY in document.source:
            assert os.getpid() != mine, "it was read in the run's own process"
            os._exit(9)
        return understand(document, *values, **more)

    monkeypatch.setattr("feeds.intake.understand", die)


@pytest.mark.usefixtures("deadly")
@pytest.mark.parametrize("name", ["deadly.txt", "a deadly\nname.txt", "archive.zip"])
def test_it_ends_one_run_and_is_named_by_the_next(newsroom: Newsroom, name: str) -> None:
    """What stood before and behind it is read; a third run has nothing to do."""
    newsroom.add("a.txt", text("A"))
    newsroom.add("z.txt", text("Z"))
    if name.endswith(".zip"):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("1.txt", text("One"))
            archive.writestr("deadly.txt", text("Two"))
            archive.writestr("3.txt", text("Three"))
        newsroom.add(name, packed.getvalue())
    else:
        newsroom.add(name, text("Deadly"))

    assert killed(newsroom)
    assert (newsroom.root / "feeds.db.reading").exists()
    summary = newsroom.build(code=1)
    assert summary["articles"] == 2 + 2 * name.endswith(".zip")
    (problem,) = summary["problems"]
    assert "deadly" in str(problem) and "ended the process" in str(problem)
    assert not (newsroom.root / "feeds.db.reading").exists()
    assert newsroom.build()["read"] == 0


def test_a_container_that_can_not_be_read_through_is_named(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its members are not tried one by one: to come to them is what ends the process."""
    mine, stream = os.getpid(), read.read_stream

    def die(file: Any, found: Any, *values: Any) -> Any:
        if DEADLY in found.source:
            assert os.getpid() != mine, "it was read in the run's own process"
            os._exit(9)
        return stream(file, found, *values)

    monkeypatch.setattr(read, "read_stream", die)
    newsroom.add("a.txt", text("A"))
    newsroom.add("deadly.txt.gz", gzip.compress(text("B").encode()))

    assert killed(newsroom)
    summary = newsroom.build(code=1)
    assert summary["articles"] == 1
    (problem,) = summary["problems"]
    assert problem["source"] == "seeds/deadly.txt.gz" and "ended the process" in problem["message"]
    assert newsroom.build()["read"] == 0


def test_a_document_that_was_read_when_a_run_was_killed_by_chance_is_read(newsroom: Newsroom) -> None:
    """It is tried in another process, and is as good as any."""
    newsroom.add("a.txt", text("A"))
    (newsroom.root / "feeds.db.reading").write_bytes(b"seeds/a.txt\0.txt\0")

    assert newsroom.build()["articles"] == 1
    assert newsroom.feed().entries[0].title == "Norway Opens Harbour A in Bergen"
    assert not (newsroom.root / "feeds.db.reading").exists()


@pytest.mark.parametrize("left", [b"", b"seeds/a.txt", b"\0", b"\xff\xfe\0"])
def test_what_is_left_half_written_names_nothing_that_is_there(tmp_path: Path, left: bytes) -> None:
    """The name counts with its end alone."""
    (tmp_path / "feeds.db.reading").write_bytes(left)
    with Suspect(tmp_path / "feeds.db") as suspect:
        assert suspect.source in ("", "\udcff\udcfe")
        suspect.name("seeds/longer.txt")
        suspect.name("seeds/b.txt")
        assert (tmp_path / "feeds.db.reading").read_bytes().startswith(b"seeds/b.txt\0")
    assert list(tmp_path.iterdir()) == []


def test_an_error_that_is_told_leaves_no_suspect(tmp_path: Path) -> None:
    """Only a process that ends without a word does."""
    with pytest.raises(ValueError, match="told"), Suspect(tmp_path / "feeds.db") as suspect:
        suspect.name("seeds/a.txt")
        raise ValueError("told")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_takes_no_file_costs_nothing(tmp_path: Path) -> None:
    """It is a hint."""
    with Suspect(tmp_path / "gone" / "feeds.db") as suspect:
        suspect.name("seeds/a.txt")
    assert suspect.source == ""
