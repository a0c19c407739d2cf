"""What a build writes lasts in an order in which nothing ever leads to what is not there yet."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.conftest import NOW, ROOT, Newsroom, capture, needed

CALLS = "openat,close,fsync,fdatasync,syncfs,rename,renameat,renameat2,unlink,unlinkat"
# In the order in which they have to come, by their paths under output/.
PLACES = (
    ("archive", r"(all|\w+/[\w-]+)/\d{4}-\d\d(-\d+)?\.atom"),
    ("feed", r"(\w+/)?[\w-]+\.atom"),
    ("page of a feed", r"(topics|countries|all)/[\w/-]+\.html"),
    ("page of an article", r"articles/[\w-]+\.html"),
    ("list", r"\w+\.opml"),
    ("index", r"index\.html"),
    ("manifest", r"manifest\.json"),
)


def trace(newsroom: Newsroom, after: timedelta, *options: str) -> list[str]:
    """Build under strace, and give its calls, each in one line."""
    log = newsroom.root / "trace.txt"
    environment = {
        **os.environ,
        "SOURCE_DATE_EPOCH": str(int((NOW + after).timestamp())),
        "PYTHONPATH": str(ROOT),
    }
    command = [
        "strace",
        "-f",
        "-y",
        "-e",
        f"trace={CALLS}",
        "-o",
        str(log),
        sys.executable,
        "-m",
        "feeds",
        "build",
    ]
    done = subprocess.run(
        [*command, "-j", "1", "-q", *options],
        cwd=newsroom.root,
        env=environment,
        capture_output=True,
        text=True,
    )
    if "ptrace" in done.stderr:
        pytest.skip("strace may not trace here (a machine that lets it, with CAP_SYS_PTRACE)")
    assert done.returncode == 0, done.stderr
    return log.read_text().splitlines()


def moved(calls: list[str]) -> Iterator[tuple[int, str]]:
    """Give each file that came into its place, with the number of the call."""
    for number, call in enumerate(calls):
        found = re.search(r'rename\w*\(.*, "(?:\./)?output/([^"]+)"(?:, \w+)?\) = 0', call)
        if found:
            yield number, found[1]


def kind(path: str) -> str:
    """Name what a file is."""
    return next((name for name, pattern in PLACES if re.fullmatch(pattern, path)), "other")


@pytest.fixture
def calls(newsroom: Newsroom) -> list[str]:
    """Give the calls of a build that has everything to write, and an article and archives to remove."""
    needed("strace")
    for number in range(4):
        lead = (
            f"Norway opened harbour {number} this week, the council of Bergen and the mayor said on Monday."
        )
        newsroom.add(f"2025-{8 + number:02}-03.txt", capture(f"Norway Opens Harbour Number {number}", lead))
    (newsroom.root / "feeds.toml").write_text("[feeds]\nlimit = 1\n")
    newsroom.build()
    (newsroom.root / "feeds.toml").write_text('[feeds]\nlimit = 2\nexclude = ["topics/*"]\n')
    newsroom.add("2025-12-03.txt", capture("Norway Raises a Tax", "Norway raises its tax on oil, it said."))
    return trace(newsroom, timedelta(hours=1))


def test_files_come_in_an_order_in_which_none_leads_to_one_that_is_not_there(calls: list[str]) -> None:
    """The store first, then archives, feeds, pages, lists, the index, removals, and the manifest last."""
    places = list(moved(calls))
    names = [name for name, _ in PLACES]
    order = [names.index(kind(path)) for _, path in places if kind(path) in names]
    committed = max(
        i for i, call in enumerate(calls[: places[0][0]]) if "unlink" in call and "feeds.db-journal" in call
    )
    removed = [i for i, call in enumerate(calls) if re.search(r"unlink\w*\(.*output/(?!.*tmp-).*= 0$", call)]

    assert order == sorted(order)
    assert {*names} == {kind(path) for _, path in places} - {"other"}
    assert committed < places[0][0]
    assert removed
    assert places[-2][0] < min(removed) <= max(removed) < places[-1][0]


def test_each_file_and_each_folder_is_on_the_disk_before_the_next_step(calls: list[str]) -> None:
    """Of the file, before it gets its name; of its folder, before the manifest says that it is there."""
    synced: set[str] = set()
    for number, call in enumerate(calls):
        if found := re.search(r"(?:fsync|fdatasync)\(\d+<(.+)>\) = 0", call):
            synced.add(found[1])
        if "syncfs(" in call and call.endswith("= 0"):
            synced.add("*")
        if found := re.search(r'rename\w*\((?:AT_FDCWD<[^>]*>, )?"([^"]+)", .*output/', call):
            assert "*" in synced or any(path.endswith(found[1]) for path in synced), call
        if "manifest.json" in call and "rename" in call:
            last = number
    folders = {path.rpartition("/")[0] for _, path in moved(calls) if "/" in path}
    after = [call for call in calls[last:] if re.search(r"(fsync|syncfs)\(\d+<.*/output>", call)]

    assert folders
    assert all("*" in synced or any(p.endswith(f"/output/{f}") for p in synced) for f in folders)
    assert after, "the folder of the manifest is not made to last"
