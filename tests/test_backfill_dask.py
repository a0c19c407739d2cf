"""A backfill on a Dask cluster: a real scheduler, several workers on loopback, one of them killed."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from feeds.backfill import shard
from feeds.model import Document
from feeds.understand import Judged, understand
from tests.conftest import ROOT, Newsroom, waited
from tests.test_backfill import archives, backfill, feeds

WORKERS = 3
INSTALL = "python3 -m pip --python .venv/bin/python install --require-hashes -r requirements-dask.lock"


@pytest.fixture(autouse=True)
def _installed() -> None:
    """Skip where the extra is not installed; in CI, where it must be, fail."""
    try:
        import distributed  # noqa: F401
        import pyarrow  # noqa: F401
    except ImportError as error:
        if os.environ.get("CI"):
            pytest.fail(f"{error}, and CI has to have it")
        pytest.skip(f"{error} ({INSTALL})")


@dataclass
class Cluster:
    """A scheduler and its workers, each a process of its own."""

    address: str
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)


# What Python runs first in each process of the cluster: a document that takes the process with it.
DEADLY = """
import os
from feeds.backfill import shard

understand = shard.understand

def deadly(document, *rest):
    if "harbour number 3 " in document.text:
        os._exit(9)
    return understand(document, *rest)

shard.understand = deadly
"""


@pytest.fixture
def cluster(newsroom: Newsroom) -> Iterator[Cluster]:
    """Give a cluster that works in the newsroom's folder, and end it."""
    yield from running(newsroom, str(ROOT))


def running(newsroom: Newsroom, path: str) -> Iterator[Cluster]:
    """Start a cluster whose processes find their modules on this path; end it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Cluster(f"tcp://127.0.0.1:{port}")
    environment = {
        **os.environ,
        "PYTHONPATH": path,
        "DASK_DISTRIBUTED__WORKER__DAEMON": "False",
    }

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "distributed.cli.dask_" + arguments[0], *arguments[1:]]
        with (newsroom.root / f"{arguments[0]}.log").open("ab") as log:
            return subprocess.Popen(
                command, cwd=newsroom.root, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
    try:
        waited(lambda: answers(port))
        for _ in range(WORKERS):
            found.workers.append(start("worker", found.address, "--nthreads", "1", "--no-dashboard"))
        yield found
    finally:
        for process in (*found.workers, scheduler):
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process with those that it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def answers(port: int) -> bool:
    """Say whether something listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_cluster_gives_what_one_machine_gives(newsroom: Newsroom, cluster: Cluster) -> None:
    """Byte for byte, though a worker is killed in the middle, and with the same articles as Parquet."""
    from threading import Thread

    from pyarrow import parquet

    archives(newsroom, 12)
    done = newsroom.root / "spread.work" / "results"
    killed: list[int] = []

    def kill_one() -> None:
        waited(lambda: len(list(done.glob("*.gz"))) > 2)
        end(cluster.workers[0])
        killed.append(len(list(done.glob("*.gz"))))

    killer = Thread(target=kill_one)
    killer.start()
    spread = backfill(newsroom, "--scheduler", cluster.address, to="spread")
    killer.join()

    assert killed[0] < 14  # shards, so that it was in the middle
    assert spread == backfill(newsroom)
    assert rows(parquet, newsroom.root / "spread.work") == rows(parquet, newsroom.root / "filled.work")


def test_a_shard_that_was_read_in_part_keeps_each_article_once(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written after the last keeping is written anew, and what was written before it stays."""
    from pyarrow import parquet

    archives(newsroom, 1)
    monkeypatch.setattr(shard, "LAST", 4)
    ended = newsroom.root / "ended"

    def ending(document: Document, *rest: Any) -> Judged:
        if "harbour number 3 " in document.text and not ended.exists():
            ended.touch()
            os._exit(9)
        return understand(document, *rest)

    undisturbed = backfill(newsroom)
    monkeypatch.setattr(shard, "understand", ending)
    resumed = backfill(newsroom, to="other")

    assert ended.exists()
    assert resumed == undisturbed
    assert rows(parquet, newsroom.root / "other.work") == rows(parquet, newsroom.root / "filled.work")


def rows(parquet: object, folder: Path) -> dict[str, list[object]]:
    """Give the articles that are kept, by month."""
    found: dict[str, list[object]] = {}
    for path in sorted(folder.glob("articles/*/*.parquet")):
        table = parquet.ParquetFile(path).read()  # type: ignore[attr-defined]
        found.setdefault(path.parent.name, []).extend(table.to_pylist())
    assert found
    return found


def test_parquet_of_a_shard_that_was_gone_on_with_is_that_of_an_undisturbed_reading(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Byte for byte, whatever the reading that was ended wrote after it was kept last."""
    from feeds.backfill import parquet, shard

    archives(newsroom, 2)
    monkeypatch.setattr(shard, "LAST", 5)
    monkeypatch.setattr(parquet, "ROWS", 2)
    flag = newsroom.root / "ended"

    def ending(document: Document, *rest: Any) -> Judged:
        if "number 3 " in document.text and "harbour" in document.text and not flag.exists():
            flag.touch()
            os._exit(9)
        return understand(document, *rest)

    monkeypatch.setattr(shard, "understand", ending)
    backfill(newsroom, to="resumed")
    assert flag.exists()
    backfill(newsroom, to="whole")

    def written(name: str) -> dict[str, bytes]:
        folder = newsroom.root / f"{name}.work" / "articles"
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.glob("*/*.parquet")}

    assert written("resumed") == written("whole")
    assert written("whole")


def test_a_uri_is_read_as_the_file_that_it_names(newsroom: Newsroom) -> None:
    """By fsspec, which the extra brings."""
    archives(newsroom, 2)
    named = [str(path) for path in sorted((newsroom.root / "seeds" / "crawls").iterdir())]
    uris = tuple(f"file://{path}" for path in named)

    assert feeds(backfill(newsroom, sources=uris, to="remote")) == feeds(
        backfill(newsroom, sources=tuple(named))
    )


def test_a_document_that_ends_its_worker_is_passed_over_and_named(newsroom: Newsroom) -> None:
    """Two workers end at it; the third one reads the rest of the shard."""
    archives(newsroom, 2)
    (newsroom.root / "deadly").mkdir()
    (newsroom.root / "deadly" / "sitecustomize.py").write_text(DEADLY)
    with contextmanager(running)(newsroom, f"{newsroom.root / 'deadly'}:{ROOT}") as cluster:
        result = newsroom.run("backfill", "seeds", "--json", "--scheduler", cluster.address)

    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["source"] == "seeds/crawls/0.wet.gz#12"
    assert result.exit_code == 1
