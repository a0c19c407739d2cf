"""The doctor names what is wrong with an installation, in one line each, and changes nothing."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from feeds import volume
from feeds.lock import locked
from tests.conftest import NOW, Newsroom, capture

URL = ("--base-url", "https://news.example.org/")
STORE = "feeds.db"


@pytest.fixture
def built(newsroom: Newsroom) -> Newsroom:
    """Give a newsroom that was built, with all being well."""
    newsroom.add("a.txt", capture())
    newsroom.build(*URL)
    return newsroom


def doctor(newsroom: Newsroom, *arguments: str, after: timedelta = timedelta(hours=1)) -> tuple[int, str]:
    """Give the exit code and the lines."""
    result = newsroom.run("doctor", *arguments, now=NOW + after)
    return result.exit_code, result.stdout


def alter(newsroom: Newsroom, sql: str) -> None:
    """Change the store by hand."""
    with closing(sqlite3.connect(newsroom.root / STORE)) as db:
        db.executescript(sql)


def put_back(newsroom: Newsroom) -> None:
    """Put the store back from a backup, after another build."""
    backup = (newsroom.root / STORE).read_bytes()
    newsroom.add("b.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June."))
    newsroom.build(*URL)
    (newsroom.root / STORE).write_bytes(backup)


def flip(newsroom: Newsroom) -> None:
    """Damage a page of the store."""
    store = newsroom.root / STORE
    data = bytearray(store.read_bytes())
    data[4096 * 3 : 4096 * 3 + 200] = b"\xff" * 200
    store.write_bytes(data)


def test_a_sound_installation_gives_nothing(built: Newsroom) -> None:
    """And no file is touched."""
    before = built.stamps()

    assert doctor(built) == (0, "")
    assert built.stamps() == before


def test_a_folder_where_nothing_was_built_yet_says_so(newsroom: Newsroom) -> None:
    """That is no damage."""
    assert doctor(newsroom) == (1, "store: feeds.db: not there, feeds build makes it\n")


FAULTS: dict[str, tuple[Callable[[Newsroom], object], int, str]] = {
    "a row that was edited by hand": (
        lambda n: alter(n, "UPDATE articles SET raw = replace(raw, 'Norway', 'Narnia')"),
        78,
        "store: feeds.db: articles that do not fit their checksums, changed by hand or damaged: urn:uuid:",
    ),
    "a damaged page": (flip, 78, "feeds rebuild makes it anew"),
    "text in place of a store": (lambda n: (n.root / STORE).write_text("text" * 999), 78, "not a database"),
    "another program's store": (lambda n: alter(n, "PRAGMA application_id=7"), 78, "not a store of feeds"),
    "a newer store": (
        lambda n: alter(n, "PRAGMA user_version=99"),
        78,
        "a newer version of feeds (schema 99)",
    ),
    "an older store": (
        lambda n: alter(n, "PRAGMA user_version=1"),
        78,
        "the next build brings it up to date",
    ),
    "a fact that was edited by hand": (
        lambda n: alter(n, "UPDATE facts SET value = 'x' WHERE name = 'site'"),
        78,
        "store: feeds.db: the fact site does not fit its checksum",
    ),
    "evidence that was edited by hand": (
        lambda n: alter(n, "UPDATE tags SET evidence = 'so they say'"),
        78,
        "articles that do not fit their checksums",
    ),
    "a row that refers to none": (
        lambda n: alter(n, "DELETE FROM categories WHERE term = 'NO'"),
        78,
        "rows that refer to none",
    ),
    "a lost store": (lambda n: (n.root / STORE).unlink(), 78, "feeds build takes it back from output"),
    "a store older than its output": (
        put_back,
        1,
        "older than output",
    ),
    "a run that was killed in its transaction": (
        lambda n: (n.root / f"{STORE}-journal").touch(),
        1,
        "store: feeds.db-journal: a run was killed",
    ),
    "a missing file": (
        lambda n: (n.output / "countries/no.atom").unlink(),
        74,
        "output: feeds build writes again what is missing: output/countries/no.atom",
    ),
    "a file that was edited": (
        lambda n: (n.output / "countries/no.atom").write_text("<feed/>"),
        74,
        "output: feeds build --full writes again what was changed: output/countries/no.atom",
    ),
    "a lost manifest": (lambda n: (n.output / "manifest.json").unlink(), 74, "manifest.json: can't be read"),
    "a file that others can't read": (
        lambda n: (n.output / "index.html").chmod(0o600),
        77,
        "can't read output/index.html",
    ),
    "a folder that others can't enter": (lambda n: (n.output / "topics").chmod(0o700), 77, "output/topics"),
    "a store that anyone may write to": (lambda n: (n.root / STORE).chmod(0o666), 77, "chmod o-w"),
    "a temporary file": (
        lambda n: (n.output / "topics/.feeds-tmp-x.atom").touch(),
        1,
        "temporary files: a run was killed and left output/topics/.feeds-tmp-x.atom",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_one_line_that_says_what_to_do(built: Newsroom, fault: str) -> None:
    """And the exit code says of what kind it is."""
    break_it, code, expected = FAULTS[fault]
    break_it(built)

    found, lines = doctor(built)

    assert (found, lines.count("\n")) == (code, 1), lines
    assert expected in lines


def test_the_remedy_that_is_named_helps(built: Newsroom) -> None:
    """All that is wrong with an output is put right by a whole build."""
    (built.output / "all.atom").write_text("<feed/>")
    (built.output / "countries/no.atom").unlink()
    built.build("--full", *URL)

    assert doctor(built) == (0, "")


def test_a_clock_that_went_back_shows(built: Newsroom) -> None:
    """The store was written to at a later time."""
    code, line = doctor(built, after=timedelta(days=-1))

    assert code == 1
    assert line.startswith("clock: it says 2025-12-23T09:00:00+00:00, the store was written to at 2025-12-24")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", "site.base_url is not set"),
        ("http://localhost:8000/", "leads nowhere from elsewhere"),
        ("http://192.168.1.7/", "leads nowhere from elsewhere"),
        ("http://[::1]/", "leads nowhere from elsewhere"),
        ("https://news.example.org/", ""),
    ],
)
def test_an_address_that_leads_nowhere_shows(newsroom: Newsroom, url: str, expected: str) -> None:
    """As the feeds were written with it, or as it is configured."""
    newsroom.add("a.txt", capture())
    newsroom.build(*(("--base-url", url) if url else ()))

    code, line = doctor(newsroom)

    assert (code, expected in line) == (int("leads nowhere" in expected), True)


def test_a_run_at_work_is_left_in_peace(built: Newsroom) -> None:
    """What it is about to write can't be judged: exit 75."""
    with locked(built.root / f"{STORE}.lock"):
        assert doctor(built)[0] == 75


def test_large_files_and_little_room_show(built: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some hosts refuse files of more than 15 MiB, and a build needs room for twice its store."""
    monkeypatch.setattr("feeds.doctor.LARGE", 1000)
    monkeypatch.setattr("feeds.volume.room", lambda _: volume.Room(5_000_000, 10))

    code, lines = doctor(built)

    assert code == 74
    assert "space: output: 4.8 MiB free" in lines
    assert "room for 10 more files alone" in lines
    assert "size: output/all.atom" in lines


def test_findings_are_rows_for_programs(built: Newsroom) -> None:
    """One object a line."""
    (built.output / "all.atom").unlink()

    row = json.loads(doctor(built, "--json")[1].splitlines()[0])
    assert (row["check"], row["kind"]) == ("output", "output")


MOUNTS = """\
22 1 0:20 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:40 / /srv rw,relatime shared:2 master:1 - nfs4 host:/export rw
31 30 0:41 / /srv/local\\040disk rw - xfs /dev/sdb rw
32 22 0:42 / /mnt/a rw - fuse.sshfs host:/ rw
33 22 0:43 / /mnt/b rw - ext4 /dev/sdc rw
34 33 0:44 / /mnt/b rw - cifs //host/b rw
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/www/news", "nfs4"),
        ("/srv/local disk/news", None),
        ("/srv2", None),
        ("/mnt/a", "fuse.sshfs"),
        ("/mnt/b/x", "cifs"),
        ("/home", None),
    ],
)
def test_a_network_file_system_is_told_by_its_mount(tmp_path: Path, path: str, kind: str | None) -> None:
    """The longest mount point counts, of two at one place the later one."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text(MOUNTS)

    assert volume.network(Path(path), mounts) == kind
    assert volume.network(Path(path), tmp_path / "none") is None


def test_a_build_on_a_network_file_system_says_so_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cron would mail it again and again."""
    monkeypatch.setattr("feeds.volume.network", lambda _: "nfs4")
    newsroom.add("a.txt", capture())
    first = newsroom.run("build", *URL)
    newsroom.add("b.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June."))
    second = newsroom.run("build", *URL)

    assert first.stderr.count("on a network file system (nfs4)") == 1
    assert second.stderr == ""
    assert "file system: .: on a network file system (nfs4)" in doctor(newsroom)[1]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere (another user)")
def test_a_folder_that_can_not_be_written_to_shows(built: Newsroom) -> None:
    """The next build would fail there."""
    built.output.chmod(0o555)
    try:
        code, line = doctor(built)
    finally:
        built.output.chmod(0o755)

    assert (code, line) == (77, "permissions: output: can't be written to\n")
