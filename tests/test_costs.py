"""What a run costs follows what changed: told by what it opens, loads, writes and asks the store."""

from __future__ import annotations

import gzip
import json
import os
import sqlite3
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds import intake
from feeds.model import Document
from feeds.understand import understand
from tests.conftest import NOW, ROOT, Newsroom
from tests.test_site import text

# Runs the command, and prints what Python's audit hooks tell (PEP 578) of files, and what was loaded.
WATCHED = """
import json, os, sys
opened, changed, listed = [], [], []
CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.chmod",
           "os.truncate", "os.utime")
def watch(event, values):
    if event == "open" and isinstance(values[0], (str, bytes)):
        writes = isinstance(values[2], int) and values[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        (changed if writes else opened).append(os.fsdecode(values[0]))
    elif event in CHANGES:
        changed.append(event)
    elif event in ("os.listdir", "os.scandir"):
        listed.append(os.fsdecode(values[0]))
sys.addaudithook(watch)
from feeds.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    found = {"opened": opened, "changed": changed, "listed": listed, "loaded": sorted(sys.modules)}
    print(json.dumps({"code": end.code, **found}))
"""
HEAVY = {
    *("lxml", "feedgen", "jinja2", "dateutil", "feedparser", "charset_normalizer", "nh3", "logging"),
    *("babel", "trafilatura", "multiprocessing", "concurrent", "urllib", "tomllib", "dask"),
    *(
        "feeds.config",
        "feeds.intake",
        "feeds.pipeline",
        "feeds.store",
        "feeds.site",
        "feeds.extract",
        "feeds.tag",
        "feeds.vocab",
    ),
}

# What a run with one new text has no use for.
OTHERS = {
    *("feeds.extract." + name for name in ("webpage", "feedfile", "newsmlg2", "nitf", "ninjs", "pagetext")),
    *("lxml.html", "feedparser", "charset_normalizer", "nh3", "babel", "trafilatura", "dask"),
    *("multiprocessing", "concurrent", "feeds.check", "feeds.recover", "feeds.schema", "feeds.show"),
}


def watched(newsroom: Newsroom, *arguments: str) -> dict[str, Any]:
    """Build in a process of its own, and give what it opened, changed and loaded."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", WATCHED, "build", "-q", *arguments]
    result = subprocess.run(command, cwd=newsroom.root, env=env, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(result.stdout)
    assert found["code"] == 0, result.stderr
    return found


def within(newsroom: Newsroom, paths: list[str]) -> set[str]:
    """Give those of the paths that lie in the newsroom, by their place in it."""
    places = {(newsroom.root / path).resolve() for path in paths if not path.startswith("os.")}
    return {
        place.relative_to(newsroom.root.resolve()).as_posix()
        for place in places
        if place.is_relative_to(newsroom.root.resolve()) and not place.is_dir()
    }


@pytest.fixture
def filled(newsroom: Newsroom) -> Newsroom:
    """Give a newsroom whose captures were read and settled."""
    for number in range(12):
        newsroom.add(f"{number}.txt", text(number))
    watched(newsroom)
    return newsroom


def test_a_run_with_nothing_new_opens_no_document_and_writes_no_byte(filled: Newsroom) -> None:
    """Nor does it read a feed, or load what it takes to read and write."""
    before = filled.stamps()
    found = watched(filled)

    assert within(filled, found["opened"]) == {"feeds.toml", "fixes.toml"}  # if they were there
    assert found["changed"] == []
    assert filled.stamps() == before
    assert not {name for name in found["loaded"] if {name, name.partition(".")[0]} & HEAVY}


def test_a_run_with_one_new_text_loads_what_reads_no_other(filled: Newsroom) -> None:
    """No parser of another kind, nothing for several cores."""
    watched(filled)
    filled.add("new.txt", text(12))
    found = watched(filled)

    assert not {name for name in found["loaded"] if {name, name.partition(".")[0]} & OTHERS}


def test_looking_at_every_file_opens_none(filled: Newsroom) -> None:
    """`--verify` looks, and reads what another look would read."""
    found = watched(filled, "--verify")

    assert not {path for path in within(filled, found["opened"]) if path.startswith("seeds/")}


def test_a_run_with_one_new_document_reads_no_other(filled: Newsroom) -> None:
    """And what it writes is of that document's feeds, the lists, the index and the manifest."""
    filled.add("new.txt", text(12))  # Norway
    found = watched(filled)
    read = {path for path in within(filled, found["opened"]) if path.startswith("seeds/")}
    written = {path.replace(".feeds-tmp-", "") for path in within(filled, found["changed"])}

    assert read == {"seeds/new.txt"}
    countries = {path for path in written if path.startswith("output/countries/")}
    month = {"output/countries/no/2025-11.atom", "output/countries/no/2025-11.html"}
    assert countries == {"output/countries/no.atom", "output/countries/no.html"} | month
    assert sum(path.startswith("output/articles/") for path in written) == 1
    assert {"output/all.atom", "output/index.html", "output/manifest.json"} <= written


def test_a_run_with_one_new_document_does_not_list_the_pages_of_all(filled: Newsroom) -> None:
    """Their folder holds a name for each article that there ever was."""
    if (filled.output / "articles").stat().st_nlink != 2:
        pytest.skip("this file system does not count a folder's folders")
    filled.add("new.txt", text(12))

    assert not [path for path in watched(filled)["listed"] if path.endswith("articles")]


def statements(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> int:
    """Build, and give how many statements SQLite was asked."""
    count = 0

    def note(_: str) -> None:
        nonlocal count
        count += 1

    connect = sqlite3.connect

    def traced(*values: Any, **more: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*values, **more)
        connection.set_trace_callback(note)
        return connection

    with monkeypatch.context() as patched:
        patched.setattr(sqlite3, "connect", traced)
        newsroom.build(now=NOW + timedelta(hours=1))
    return count


def test_the_statements_of_a_small_run_do_not_grow_with_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ten times the articles: one new one costs as many, and so does nothing new."""
    costs = []
    for articles in (24, 240):
        newsroom = Newsroom(tmp_path / str(articles))
        for number in range(1, articles):
            newsroom.add(f"{number:03}.txt", text(number))
        newsroom.build()
        newsroom.add("new.txt", text(0))
        one_new = statements(newsroom, monkeypatch)
        costs.append((one_new, statements(newsroom, monkeypatch)))
    (one_new, nothing_new), (later_one_new, later_nothing_new) = costs

    assert 0 < nothing_new == later_nothing_new
    # A feed that is longer than its limit also writes the archive before its newest articles.
    assert one_new <= later_one_new <= one_new * 1.3


def test_a_document_that_ends_its_process_is_named_and_costs_itself(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that takes all memory; the others are read."""

    def die(document: Document, *values: Any) -> Any:
        if document.source.endswith("13.txt"):
            os._exit(9)
        return understand(document, *values)

    monkeypatch.setattr(intake, "understand", die)  # workers are forked, and have it too
    for number in range(40):
        newsroom.add(f"{number}.txt", text(number))
    summary = newsroom.build("--jobs", "2", code=1)

    assert summary["articles"] == 39
    assert [problem["source"] for problem in summary["problems"]] == ["seeds/13.txt"]
    assert "ended the process" in summary["problems"][0]["message"]


def test_a_packed_document_that_ends_its_process_costs_itself_too(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pages that were packed one by one are read by other processes, as those that were not."""
    mine = os.getpid()

    def die(document: Document, *values: Any, **more: Any) -> Any:
        assert os.getpid() != mine
        if document.source.endswith("13.txt.gz"):
            os._exit(9)
        return understand(document, *values, **more)

    monkeypatch.setattr(intake, "understand", die)
    for number in range(40):
        newsroom.add(f"{number}.txt.gz", gzip.compress(text(number).encode()))
    summary = newsroom.build("--jobs", "2", code=1)

    assert summary["articles"] == 39
    assert [problem["source"] for problem in summary["problems"]] == ["seeds/13.txt.gz"]
