"""Several processes do what one would do, in the same order, and outlive a bad input."""

from __future__ import annotations

import gc
import gzip
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from feeds.jobs import Died, Pool
from feeds.lock import locked
from feeds.model import Entry
from feeds.write.pages import PageWriter
from tests.conftest import PATIENCE, ROOT, Newsroom, waited
from tests.test_site import text


def double(number: int) -> int:
    """Double a number; die of an unlucky one, as of a document that takes all memory."""
    if number == 13:
        os._exit(9)
    return 2 * number


def test_results_come_in_order() -> None:
    """Whoever was faster."""
    assert [result for _, result in Pool(double, 2).map(range(100, 400))] == list(range(200, 800, 2))


def test_what_kills_a_worker_is_named_and_costs_itself() -> None:
    """Everything before and after it is done."""
    results = dict(Pool(double, 2).map(range(60)))

    assert isinstance(results.pop(13), Died)
    assert results == {n: 2 * n for n in range(60) if n != 13}


def length(data: bytes) -> int:
    """Give a length; die of nothing."""
    return len(data) or os._exit(9)


def test_a_worker_that_dies_while_much_is_written_for_it_holds_nothing_up() -> None:
    """Python before 3.11.5 waited for ever, until the pipe that nobody read would be emptied."""
    things = [b"", *(bytes(1 << 20) for _ in range(7))]
    (_, died), *others = Pool(length, 2, batch=1).map(things)

    assert isinstance(died, Died)
    assert [result for _, result in others] == [1 << 20] * 7


def test_things_are_taken_as_they_are_needed() -> None:
    """Memory stays flat, however many there are."""
    taken = 0

    def things() -> Iterator[int]:
        nonlocal taken
        for number in range(100, 10_000):
            taken += 1
            yield number

    results = Pool(double, 2).map(things())
    next(results)
    assert taken < 500
    results.close()  # type: ignore[attr-defined]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="it looks at /proc")
def test_a_killed_run_leaves_no_process_and_no_lock(newsroom: Newsroom) -> None:
    """Or the next one would find it at work for ever."""
    for number in range(300):
        newsroom.add(f"{number}.txt", text(number) * 20)
    command = [sys.executable, "-m", "feeds", "build", "--jobs", "2"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=newsroom.root, env=env) as run:
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
        started = waited(lambda: two if len(two := children.read_text().split()) == 2 else None)
        run.kill()
    with locked(newsroom.root / "feeds.db.lock", wait=PATIENCE):  # one may just be starting
        pass

    assert waited(lambda: not any(is_alive(int(pid)) for pid in started) or None)
    newsroom.build()


def test_a_page_that_ends_its_process_is_named_and_nothing_is_half_written(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store stands as it was, and the next run writes all."""
    mine = os.getpid()
    page = PageWriter.article

    def die(writer: PageWriter, entry: Entry, *values: Any) -> bytes:
        if os.getpid() != mine and entry.article.source == "seeds/13.txt":
            os._exit(9)
        return page(writer, entry, *values)

    for number in range(220):
        newsroom.add(f"{number}.txt", text(number))
    monkeypatch.setattr(PageWriter, "article", die)  # workers are forked, and have it too
    result = newsroom.run("build", "--jobs", "2")
    code, told = result.exit_code, result.output
    del result
    gc.collect()  # its traceback holds the store open
    monkeypatch.setattr(PageWriter, "article", page)

    assert code == 74
    assert "to make its page ended the process" in told
    assert not (newsroom.output / "manifest.json").exists()
    assert not list(newsroom.output.rglob(".feeds-tmp-*"))
    assert newsroom.build("--jobs", "2")["articles"] == 220
    assert len(list(newsroom.output.glob("articles/*.html"))) == 220


def is_alive(pid: int) -> bool:
    """Say whether a process is there and no zombie."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def test_the_bytes_are_the_same_for_any_number_of_processes(newsroom: Newsroom) -> None:
    """And so is the store's order; so many articles have their pages made by other processes, too."""
    for number in range(220):
        newsroom.add(f"{number}.txt", text(number))
    newsroom.add("221.txt", gzip.compress(text(221).encode()))  # looks like a document until it is opened
    newsroom.add("222.txt", b"")
    newsroom.build("--jobs", "1", "-o", "one", "--store", "one.db", code=1)
    newsroom.build("--jobs", "3", "-o", "three", "--store", "three.db", code=1)
    one, three = (
        {p.relative_to(root): p.read_bytes() for p in root.rglob("*") if p.is_file()}
        for root in (newsroom.root / "one", newsroom.root / "three")
    )

    assert len(one) > 221 + 50
    assert one == three
