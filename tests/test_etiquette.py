"""It behaves wherever it is run: under any umask, locale and user, beside other runs, with odd names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.lock import lock_path, locked
from feeds.model import LockedError
from tests.conftest import NOW, ROOT, Newsroom, capture

LATER = NOW + timedelta(hours=1)
ARABIC = capture(
    "النرويج تفتتح ميناء جديدا", "افتتحت النرويج ميناء جديدا في بيرغن هذا الأسبوع بعد المحادثات."
)


def run(newsroom: Newsroom, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run the command in a process of its own."""
    env = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())),
        **environment,
    }
    command = [sys.executable, "-m", "feeds", *arguments]
    return subprocess.run(command, cwd=newsroom.root, env=env, capture_output=True)


@pytest.mark.parametrize("umask", [0o077, 0o022, 0])
def test_what_is_served_can_be_read_by_others_whatever_the_umask(newsroom: Newsroom, umask: int) -> None:
    """0644 and 0755; the store is nobody else's business, and follows the umask."""
    newsroom.add("a.txt", capture())
    before = os.umask(umask)
    try:
        newsroom.build()
    finally:
        os.umask(before)

    for path in (newsroom.output, *newsroom.output.rglob("*")):
        assert path.stat().st_mode & 0o777 == (0o755 if path.is_dir() else 0o644), path
    assert (newsroom.root / "feeds.db").stat().st_mode & 0o777 == 0o644 & ~umask


def test_the_input_is_never_written_to(newsroom: Newsroom) -> None:
    """Nor is a folder of it."""
    newsroom.add("a/b.txt", capture())
    newsroom.add("bad.txt", "")

    def stamps() -> dict[Path, tuple[int, int, int]]:
        paths = (newsroom.root / "seeds", *(newsroom.root / "seeds").rglob("*"))
        return {p: (p.stat().st_mtime_ns, p.stat().st_ctime_ns, p.stat().st_mode) for p in paths}

    before = stamps()
    newsroom.build(code=1)

    assert stamps() == before


def test_paths_may_hold_spaces_and_letters_of_any_kind(tmp_path: Path) -> None:
    """Of the captures, the output, the store and the configuration."""
    newsroom = Newsroom(tmp_path / "my näws & <b> 100%")
    newsroom.add("a b/سياسة#1?.txt", capture())
    (newsroom.root / "my feeds.toml").write_text('[site]\nbase_url = "https://news.example/"\n')
    result = newsroom.run("build", "-c", "my feeds.toml", "-o", "out put/ü", "--store", "the store.db")

    assert (result.exit_code, result.output) == (0, "")
    assert (newsroom.root / "out put/ü/countries/no.atom").exists()
    doctor = ("doctor", "out put/ü", "-c", "my feeds.toml", "--store", "the store.db")
    assert newsroom.run(*doctor).exit_code == 0
    assert newsroom.run("check", "out put/ü").output == ""


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_a_terminal_that_can_not_show_a_letter_shows_its_number(newsroom: Newsroom, encoding: str) -> None:
    """And JSON is JSON."""
    newsroom.add("a.txt", ARABIC)
    shown = run(newsroom, "show", "seeds", PYTHONIOENCODING=encoding)
    row = run(newsroom, "show", "seeds", "--json", PYTHONIOENCODING=encoding)

    assert (shown.returncode, row.returncode) == (0, 0), shown.stderr
    assert (r"\u0627" in shown.stdout.decode(encoding)) == (encoding != "utf-8")
    assert json.loads(row.stdout.decode(encoding))["headline"] == "النرويج تفتتح ميناء جديدا"


def test_the_locale_c_is_no_reason_to_fail(newsroom: Newsroom) -> None:
    """As under cron."""
    newsroom.add("سياسة.txt", ARABIC)
    for environment in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}):
        result = run(newsroom, "build", **environment)
        assert (result.returncode, b"Traceback" in result.stderr) == (0, False)


# --- beside other runs ----------------------------------------------------------------------------


def test_the_lock_is_never_removed(newsroom: Newsroom) -> None:
    """A lock that is removed and made anew lets two runs in."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = (newsroom.root / "feeds.db.lock").stat().st_ino
    newsroom.build("--full", now=LATER)
    newsroom.run("rebuild", now=LATER)

    assert (newsroom.root / "feeds.db.lock").stat().st_ino == before


def test_a_run_waits_for_another_where_it_is_told_to(newsroom: Newsroom) -> None:
    """And then does its work."""
    newsroom.add("a.txt", capture())
    began, ended = threading.Event(), threading.Event()

    def other() -> None:
        with locked(newsroom.root / "feeds.db.lock"):
            began.set()
            time.sleep(0.5)
            ended.set()

    thread = threading.Thread(target=other)
    thread.start()
    began.wait()
    summary = newsroom.build("--wait", "30")
    thread.join()

    assert ended.is_set()
    assert summary["articles"] == 1


def test_a_run_waits_no_longer_than_it_is_told_to(newsroom: Newsroom) -> None:
    """Then it ends as if it had not waited."""
    newsroom.add("a.txt", capture())
    with locked(newsroom.root / "feeds.db.lock"):
        assert newsroom.run("build", "--wait", "0.2").exit_code == 0
        assert newsroom.run("build", "--wait", "0.2", "--fail-if-locked").exit_code == 75


def test_a_lock_that_is_a_link_is_refused(tmp_path: Path) -> None:
    """Somebody else may have put it there."""
    store = tmp_path / "feeds.db"
    lock_path(store).symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError), locked(lock_path(store)):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_lock_goes_with_the_process_that_holds_it(tmp_path: Path) -> None:
    """However that ends."""
    path = tmp_path / "feeds.db.lock"
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import time; from feeds.lock import locked; from pathlib import Path\n"
            f"with locked(Path({str(path)!r})): print(flush=True); time.sleep(60)",
        ],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert holder.stdout
    holder.stdout.readline()
    with pytest.raises(LockedError), locked(path):
        pass
    holder.kill()
    holder.communicate()

    with locked(path):
        pass


# --- names ----------------------------------------------------------------------------------------


HOSTILE: dict[str, Callable[[Newsroom], object]] = {
    "a link out of its folder": lambda n: (n.root / "seeds/out.txt").symlink_to("/etc/passwd"),
    "a folder that is a link out": lambda n: (n.root / "seeds/out").symlink_to("/etc"),
    "a pipe": lambda n: os.mkfifo(n.root / "seeds/pipe.txt"),
    "an escape in its name": lambda n: n.add("a\x1b]0;x\x07.txt", ""),
    "a newline in its name": lambda n: n.add("a\nfeeds: all is well.txt", ""),
    "a change of direction in its name": lambda n: n.add("a\u202etxt.exe", ""),
    "bytes that are no UTF-8": lambda n: Path(os.fsdecode(os.fsencode(n.root) + b"/seeds/a\xff.txt")).touch(),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_an_odd_file_is_one_printable_line_once(newsroom: Newsroom, what: str) -> None:
    """And costs nothing else."""
    newsroom.add("good.txt", capture())
    HOSTILE[what](newsroom)
    first, second = newsroom.run("build", "-q"), newsroom.run("build", "-q", now=LATER)

    assert (first.exit_code, second.exit_code, second.stderr) == (1, 0, "")
    assert first.stderr.rstrip("\n").isprintable(), first.stderr
    assert first.stderr.startswith("feeds: seeds/")
    assert len(newsroom.feed().entries) == 1
    assert "root:" not in str(newsroom.files())
