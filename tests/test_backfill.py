"""A backfill gives the feeds that a build of the same archives gives, whoever does the work."""

from __future__ import annotations

import gzip
import json
import os
import pickle
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds import job
from feeds.backfill import shard, watch
from feeds.backfill.results import load, save
from feeds.config import Config
from feeds.model import Document
from feeds.understand import Judged, understand
from tests.conftest import NOW, ROOT, Newsroom, capture
from tests.test_archives import crawled, news
from tests.test_containers import record
from tests.test_site import text

SETTINGS = """[feeds]
limit = 3
archives = false
"""
UNTOLD = ("manifest.json", "index.html")  # they count runs and articles


def archives(newsroom: Newsroom, count: int = 4) -> None:
    """Write some archives of dated and undated texts, some in several of them, and two files beside them."""
    (newsroom.root / "feeds.toml").write_text(SETTINGS)
    for number in range(count):
        numbers = range(number * 6, number * 6 + 8)  # the last two stand in the next one, too
        dated = [taken(text(one), one) for one in numbers]
        crawled(newsroom, f"crawls/{number}.wet.gz", [*dated, *(news(one, 3 + number) for one in numbers)])
    newsroom.add("a.txt", text(90))
    newsroom.add("later/z.txt", text(91))


def taken(words: str, number: int) -> bytes:
    """The record of a text, taken a day before now."""
    when = f"{NOW - timedelta(days=1, seconds=number):%Y-%m-%dT%H:%M:%SZ}".encode()
    found = record("conversion", words.encode(), f"https://post.example/text-{number:05d}")
    return found.replace(b"2024-03-05T08:30:00Z", when)


def backfill(
    newsroom: Newsroom,
    *arguments: str,
    to: str = "filled",
    sources: tuple[str, ...] = ("seeds",),
    code: int = 0,
) -> dict[str, bytes]:
    """Backfill into a folder and a store of their own; give the files."""
    result = newsroom.run(
        "backfill", *sources, "-o", to, "--store", f"{to}.db", "--work", f"{to}.work", "--json", *arguments
    )
    assert result.exit_code == code, result.output
    return files(newsroom.root / to)


def files(folder: Path) -> dict[str, bytes]:
    """Give the files of an output, without those that count."""
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}
    return {name: data for name, data in found.items() if name not in UNTOLD}


def feeds(found: dict[str, bytes]) -> dict[str, bytes]:
    """Give the feeds and lists, without pages."""
    return {name: data for name, data in found.items() if name.endswith((".atom", ".opml"))}


def test_a_backfill_gives_the_feeds_of_a_build(newsroom: Newsroom) -> None:
    """Byte for byte, with articles that several archives hold."""
    archives(newsroom)
    newsroom.build()

    assert feeds(backfill(newsroom)) == feeds(files(newsroom.output))
    assert len(newsroom.feed().entries) == 3


def test_the_number_of_processes_changes_nothing(newsroom: Newsroom) -> None:
    """Nor does the order in which they are done."""
    archives(newsroom)

    assert backfill(newsroom, "--jobs", "1") == backfill(newsroom, "--jobs", "3", to="other")


def test_a_second_backfill_reads_only_what_is_new(newsroom: Newsroom) -> None:
    """What is done is known by its result; nothing that was published changes by it."""
    archives(newsroom)
    before = backfill(newsroom)
    stamps = {path: path.stat().st_mtime_ns for path in newsroom.root.glob("filled.work/results/*")}
    crawled(newsroom, "crawls/9.wet.gz", [news(99, 23)])
    after = backfill(newsroom)

    assert {path: path.stat().st_mtime_ns for path in stamps} == stamps
    assert before["countries/no.atom"] != after["countries/no.atom"]
    assert b"harbour number 99 " in after["countries/no.atom"]
    assert feeds(after) == feeds(backfill(newsroom, to="anew"))


def test_a_build_goes_on_where_a_backfill_ended(newsroom: Newsroom) -> None:
    """With the same store and output: what it wrote stays, and what is new stands above it."""
    archives(newsroom)
    backfill(newsroom)
    newsroom.add("new/today.txt", capture())
    result = newsroom.run(
        "build", "seeds/new", "-o", "filled", "--store", "filled.db", now=NOW + timedelta(hours=1)
    )

    assert result.exit_code == 0
    first, second = files(newsroom.root / "filled")["countries/no.atom"].split(b"<entry>")[1:3]
    assert b"Norway Opens a New Harbour" in first
    assert b"Norway" in second


def test_a_text_that_many_print_is_one_article(newsroom: Newsroom) -> None:
    """Under its different addresses in different archives, it does not crowd the others out."""
    archives(newsroom, 2)
    for paper in range(9):
        copy = news(77, 23).replace(b"harbour-00077", b"harbour-00077-in-paper-%d" % paper)
        crawled(newsroom, f"crawls/copy-{paper}.wet.gz", [copy])
    found = backfill(newsroom)["countries/no.atom"]

    assert found.count(b"<entry>") == 3
    assert found.count(b"<title>Norway opens harbour number 77 in Bergen</title>") == 1


def test_a_feed_that_comes_out_short_is_named(newsroom: Newsroom) -> None:
    """Where more articles fall together than are held to spare."""
    archives(newsroom, 2)
    for paper in range(9):
        copy = news(77, 23).replace(b"harbour-00077", b"harbour-00077-in-paper-%d" % paper)
        crawled(
            newsroom, f"crawls/copy-{paper}.wet.gz", [copy.replace(b"Norway opens", b"Norway %03d  " % paper)]
        )
    result = newsroom.run("backfill", "seeds")

    assert "Norway: its newest 6 articles are 1 different ones" in result.stderr


def test_a_shard_is_a_pure_function_of_its_bytes(newsroom: Newsroom) -> None:
    """Without a folder nothing is written, so that any engine can map it."""
    archives(newsroom, 1)
    (path,) = (newsroom.root / "seeds" / "crawls").iterdir()
    work = shard.Work(Config(), NOW)
    before = newsroom.stamps()

    assert shard.map_shard(str(path), work) == shard.map_shard(str(path), work)
    assert newsroom.stamps() == before


def test_damage_costs_its_record_and_is_named_once(newsroom: Newsroom) -> None:
    """The rest of the archive is read, the next backfill has nothing new to say, and a cure ends it."""
    archives(newsroom, 1)
    parts = [gzip.compress(news(number)) for number in range(40, 43)]
    parts[1] = parts[1][:40] + b"\0\xff\0\xff" * 5 + parts[1][60:]
    newsroom.add("crawls/damaged.wet.gz", b"".join(parts))
    result = newsroom.run("backfill", "seeds", "--json")
    again = newsroom.run("backfill", "seeds", "--json")
    listed = newsroom.run("list", "problems").stdout
    crawled(newsroom, "crawls/damaged.wet.gz", [news(number) for number in range(40, 43)])
    newsroom.run("backfill", "seeds")

    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["source"].endswith("damaged.wet.gz#1")
    assert (result.exit_code, again.exit_code) == (1, 0)
    assert problem["message"] in listed
    assert newsroom.run("list", "problems").stdout == ""


def test_of_many_problems_the_first_are_named_and_all_are_kept(newsroom: Newsroom) -> None:
    """A crawl has thousands of pages without an article; one machine gets the results of all archives."""
    archives(newsroom, 1)
    crawled(newsroom, "crawls/empty.wet.gz", [record("conversion", b" ")] * 30)
    result = newsroom.run("backfill", "seeds", "--json")

    problems = json.loads(result.stdout)["problems"]
    (kept,) = newsroom.root.glob("backfill/results/*.problems")
    assert len(problems) == shard.MOST_PROBLEMS + 1
    assert "10 more problems" in problems[-1]["message"]
    assert kept.name in problems[-1]["message"]
    assert len(kept.read_text().splitlines()) == 30


def test_a_document_that_ends_its_process_is_passed_over_and_named(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its shard is tried again; the other documents of the shard are in the feeds."""
    archives(newsroom, 2)

    def deadly(document: Document, *rest: Any) -> Judged:
        if "number 3 " in document.text and "harbour" in document.text:
            os._exit(9)
        return understand(document, *rest)

    monkeypatch.setattr("feeds.backfill.shard.understand", deadly)
    result = newsroom.run("backfill", "seeds", "--json", "--jobs", "2")

    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["source"] == "seeds/crawls/0.wet.gz#12"
    assert "ended the process" in problem["message"]
    results = [load(path) for path in newsroom.root.glob("backfill/results/*.gz")]
    assert (
        sum(
            found.tallies["seeds/crawls/0.wet.gz"].articles
            for found in results
            if found and "seeds/crawls/0.wet.gz" in found.tallies
        )
        == 15
    )
    assert not list(newsroom.root.glob("backfill/results/*.at"))


def test_a_shard_that_was_read_in_part_is_gone_on_with(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From what was kept last; it gives what an undisturbed reading gives, what is wrong named once."""
    archives(newsroom, 1)
    records = [news(number) for number in range(40, 60)]
    records[3:3] = [record("conversion", b" ")]  # a record that is a problem
    parts = [gzip.compress(one) for one in records]
    parts[7] = parts[7][:40] + b"\0\xff\0\xff" * 5 + parts[7][60:]
    newsroom.add("crawls/part.wet.gz", b"".join(parts))
    monkeypatch.setattr(shard, "LAST", 5)
    log = newsroom.root / "read"

    def noting(document: Document, *rest: Any) -> Judged:
        with log.open("a") as file:
            file.write(f"{document.source}\n")
        if "harbour-00057" in (document.url or "") and not at.exists():
            at.touch()
            os._exit(9)
        return understand(document, *rest)

    at = newsroom.root / "ended"
    at.touch()
    monkeypatch.setattr("feeds.backfill.shard.understand", noting)
    undisturbed = backfill(newsroom, "--jobs", "1", code=1)
    once = log.read_text().splitlines()
    problems = newsroom.run("list", "problems", "--store", "filled.db").stdout
    log.write_text("")
    at.unlink()
    resumed = backfill(newsroom, "--jobs", "1", to="other", code=1)
    twice = log.read_text().splitlines()

    assert len(once) == len(set(once))
    assert set(twice) == set(once)
    assert len(twice) - len(once) <= 5
    assert resumed == undisturbed
    assert newsroom.run("list", "problems", "--store", "other.db").stdout == problems
    assert len(problems.splitlines()) == 2
    results = ("filled.work/results", "other.work/results")
    one, other = ({path.name: load(path) for path in newsroom.root.glob(f"{r}/*")} for r in results)
    assert one == other


def test_no_document_is_blamed_for_an_end_between_two(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where memory ends while what a reading came to is kept."""
    crawled(newsroom, "crawls/part.wet.gz", [news(number) for number in range(40, 60)])
    monkeypatch.setattr(shard, "LAST", 5)
    ends = newsroom.root / "ends"
    ends.write_text("")

    def ending(path: Path, *values: Any) -> None:
        if path.suffix == ".part" and len(ends.read_text()) < shard._ENDS:
            with ends.open("a") as file:
                file.write(".")
            os._exit(9)
        save(path, *values)

    monkeypatch.setattr(shard, "save", ending)
    result = newsroom.run("backfill", "seeds", "--json", "--jobs", "2")

    assert len(ends.read_text()) == shard._ENDS
    assert json.loads(result.stdout)["problems"] == []


def test_the_reading_of_a_shard_shows_how_far_it_came(newsroom: Newsroom) -> None:
    """From what its reader notes on disk; what it notes after it was begun anew takes nothing back."""
    shards = {"memory://a": 1000, "memory://b": 500}
    work = shard.Work(Config(), NOW, str(newsroom.root / "work"))
    steps: list[tuple[int, int]] = []

    class Shown(job.Silent):
        def step(self, size: int, articles: int) -> None:
            steps.append((size, articles))

    with watch.Watch(shards, {"memory://b"}, work, Shown()) as watching:
        stem = shard.stem_of(work.result_path("memory://a"))
        stem.parent.mkdir(parents=True)
        watching.look()
        watching.done("memory://b", 90)
        with shard._journal(stem) as (_, note):
            for position, articles in ((300, 20), (100, 3), (400, 31)):
                note("memory://a#1", position, articles)
                watching.look()
        watching.done("memory://a", 60)

    assert steps == [(500, 0), (300, 20), (0, 0), (100, 11), (600, 29)]


def test_a_shard_that_cannot_be_read_is_named_and_costs_itself(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever reads it ends, whichever document it is at."""
    archives(newsroom, 2)
    reading = shard.files

    def failing(uri: str) -> Any:
        if uri.endswith("1.wet.gz") and os.getpid() != mine:
            os._exit(9)
        return reading(uri)

    mine = os.getpid()
    monkeypatch.setattr(shard, "files", failing)
    result = newsroom.run("backfill", "seeds", "--json", "--jobs", "2")

    (problem,) = json.loads(result.stdout)["problems"]
    assert problem["source"] == "seeds/crawls/1.wet.gz"
    assert newsroom.feed().entries


def test_a_folder_whose_name_begins_as_that_of_the_work_is_read(newsroom: Newsroom) -> None:
    """Only what stands in the folder of the backfill itself is left out."""
    for folder in ("work", "work-of-may"):
        newsroom.add(f"{folder}/a.txt", capture())
    result = newsroom.run("backfill", "seeds", "--json", "--work", "seeds/work")

    assert json.loads(result.stdout)["documents"] == 1


def test_no_sources_are_a_usage_error(newsroom: Newsroom) -> None:
    """There is no folder that a backfill reads by default."""
    assert newsroom.run("backfill").exit_code == 2


def test_the_lines_for_spark_do_what_the_command_does(newsroom: Newsroom) -> None:
    """As they stand in docs/backfill.md, with an engine that merges in another order."""
    archives(newsroom)
    shards = sorted(map(str, (newsroom.root / "seeds" / "crawls").iterdir()))
    (newsroom.root / "warc.paths").write_text("\n".join(shards))
    expected = feeds(backfill(newsroom, "--from", "warc.paths", sources=()))
    lines = (ROOT / "docs" / "backfill.md").read_text().split("```python\n")[1].split("```")[0]
    os.chdir(newsroom.root)
    try:
        exec(lines.replace("utc_now()", "now"), {"spark": Spark(), "now": NOW})
    finally:
        os.chdir(ROOT)

    assert feeds(files(newsroom.output)) == expected


class Spark:
    """An engine of which those lines use no more than this."""

    def __init__(self) -> None:
        self.sparkContext = self

    def parallelize(self, things: list[str], slices: int) -> Spark:
        self.results: list[Any] = [pickle.loads(pickle.dumps(thing)) for thing in things]
        return self

    def map(self, work: Any) -> Spark:
        self.results = [work(thing) for thing in self.results]
        return self

    def treeReduce(self, merge: Any) -> Any:  # noqa: N802
        while len(self.results) > 1:
            *rest, one, two = self.results
            self.results = [merge(two, one), *rest]
        return self.results[0]
