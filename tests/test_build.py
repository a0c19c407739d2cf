"""A build turns captures into feeds, and costs nothing when nothing is new."""

from __future__ import annotations

import errno
import gzip
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds import intake, scan
from feeds.model import Document
from feeds.understand import understand
from tests.conftest import NOW, Newsroom, capture
from tests.test_site import text

SCHOOL = capture("Sweden Closes a School", "A school in Lund in Sweden closes in June, the council said.")
LATER = NOW + timedelta(hours=1)
EPOCH = str(int(LATER.timestamp()))


def test_a_capture_becomes_feeds_of_its_topics_and_countries(newsroom: Newsroom) -> None:
    """One article, one entry, in each feed that it belongs to."""
    newsroom.add("a.txt", capture())
    summary = newsroom.build()

    assert (summary["documents"], summary["articles"], summary["problems"]) == (1, 1, [])
    assert [e.title for e in newsroom.feed("countries/no").entries] == [
        "Norway Opens a New Harbour in Bergen"
    ]
    assert newsroom.feed("countries/no").entries[0].id == newsroom.feed("all").entries[0].id


def test_a_second_build_reads_and_touches_nothing(newsroom: Newsroom) -> None:
    """Neither bytes nor times change."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = newsroom.stamps()

    summary = newsroom.build(now=LATER)

    assert (summary["read"], summary["files"]) == (0, [])
    assert newsroom.stamps() == before


def test_a_file_that_only_looks_new_changes_no_feed(newsroom: Newsroom) -> None:
    """It is read, its bytes are known, and that is all."""
    path = newsroom.add("a.txt", capture())
    newsroom.build()
    os.utime(path, (1, 1))

    summary = newsroom.build(now=LATER)

    assert (summary["read"], summary["changed"], summary["files"]) == (1, 0, [])


def test_the_same_article_in_two_captures_is_one_entry(newsroom: Newsroom) -> None:
    """However often a page was saved."""
    newsroom.add("a.txt", capture())
    newsroom.add("b.txt", "\n\n" + capture().replace("'", "’"))

    assert newsroom.build()["articles"] == 1


def test_an_edited_article_is_the_same_entry_updated(newsroom: Newsroom) -> None:
    """A reader sees a change, not a second article."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    (before,) = newsroom.feed().entries

    newsroom.add("a.txt", capture(headline="Norway Opens New Bergen Harbour After Long Talks"))
    newsroom.build(now=LATER)
    (after,) = newsroom.feed().entries

    assert after.id == before.id
    assert after.title == "Norway Opens New Bergen Harbour After Long Talks"
    assert after.updated == LATER.isoformat()


def test_a_deleted_capture_leaves_its_article(newsroom: Newsroom) -> None:
    """Captures may be cleared away; what was published stays."""
    path = newsroom.add("a.txt", capture())
    newsroom.build()
    before = newsroom.files()
    path.unlink()

    summary = newsroom.build(now=LATER)

    assert (summary["documents"], summary["articles"]) == (0, 1)
    assert newsroom.files() == before


def test_an_outputs_missing_file_is_written_again(newsroom: Newsroom) -> None:
    """Though nothing is new."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = newsroom.files()
    (newsroom.output / "countries/no.atom").unlink()

    assert newsroom.build(now=LATER)["files"] == ["countries/no.atom"]
    assert newsroom.files() == before


def test_a_lost_output_is_made_anew_with_the_same_bytes(newsroom: Newsroom) -> None:
    """The store knows all."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = newsroom.files()
    shutil.rmtree(newsroom.output)
    newsroom.build(now=LATER)

    assert newsroom.files() == before


def test_a_lost_store_is_said_and_keeps_the_ids(newsroom: Newsroom) -> None:
    """They come from the articles' own words."""
    newsroom.add("a.txt", capture())
    newsroom.build("--base-url", "https://old.example/")
    before = newsroom.feed()
    (newsroom.root / "feeds.db").unlink()

    result = newsroom.run("build", "--base-url", "https://new.example/")

    assert "no store there, but the output was written before" in result.stderr
    assert newsroom.feed().feed.id == before.feed.id
    assert newsroom.feed().entries[0].id == before.entries[0].id


def test_ids_survive_a_change_of_address(newsroom: Newsroom) -> None:
    """A site that moves is the same site."""
    newsroom.add("a.txt", capture())
    newsroom.build("--base-url", "https://old.example/")
    before = newsroom.feed("countries/no")
    newsroom.build("--base-url", "https://new.example/x", now=LATER)
    after = newsroom.feed("countries/no")

    assert (after.feed.id, after.entries[0].id) == (before.feed.id, before.entries[0].id)
    assert after.entries[0].updated == before.entries[0].updated
    assert after.feed.links[0].href == "https://new.example/x/countries/no.atom"


def test_bad_documents_cost_only_themselves(newsroom: Newsroom, tmp_path: Path) -> None:
    """Each is one clear line with its name, the rest is published; exit 1 at first, then 0."""
    newsroom.add("good.txt", capture())
    newsroom.add("bad/empty.txt", "")
    newsroom.add("bad/binary.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" * 50)
    newsroom.add("bad/oneline.txt", b"x" * 100_000_000)
    newsroom.add("bad/noheadline.txt", "Home\nShare\nTT\n")
    os.mkfifo(newsroom.root / "seeds/bad/fifo.txt")
    (newsroom.root / "seeds/bad/link.txt").symlink_to("/etc/passwd")

    result = newsroom.run("build")
    lines = {
        re.match(r"feeds: seeds/bad/(\w+)\.txt(:\d+)?: .+", line)[1]  # type: ignore[index]
        for line in result.stderr.splitlines()
        if "note:" not in line
    }

    assert result.exit_code == 1
    assert lines == {"empty", "binary", "oneline", "noheadline", "fifo", "link"}
    assert len(newsroom.feed().entries) == 1
    again = newsroom.run("build", now=LATER)
    assert (again.exit_code, again.stderr) == (0, "")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file (another user)")
def test_an_unreadable_file_costs_only_itself(newsroom: Newsroom) -> None:
    """It is named, and read when its mode allows it."""
    newsroom.add("good.txt", capture())
    path = newsroom.add(
        "closed.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June.")
    )
    path.chmod(0)

    assert "closed.txt: can't be read: Permission denied" in newsroom.run("build").stderr
    path.chmod(0o644)
    assert newsroom.build(now=LATER)["articles"] == 2


def test_a_locale_without_unicode_reads_the_same(newsroom: Newsroom) -> None:
    """Names of files and of an archive's members are bytes in it, and are shown as they are elsewhere."""
    newsroom.add("Tromsø.txt", capture())
    with tarfile.open(newsroom.root / "seeds/archive.tar", "w", encoding="utf-8") as archive:
        archive.add(newsroom.add("İstanbul.txt", SCHOOL), "İstanbul/a.txt")
    (newsroom.root / "seeds/İstanbul.txt").unlink()
    environment = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "SOURCE_DATE_EPOCH": EPOCH}

    done = subprocess.run(
        [sys.executable, "-m", "feeds", "build"], cwd=newsroom.root, env=environment, capture_output=True
    )
    before = newsroom.files()
    (newsroom.root / "feeds.db").unlink()
    shutil.rmtree(newsroom.output)
    newsroom.build(now=LATER)

    assert (done.returncode, len(newsroom.feed().entries)) == (0, 2)
    assert newsroom.files() == before


def test_a_fixed_document_is_no_longer_a_problem(newsroom: Newsroom) -> None:
    """And a document that is bad in another way is reported again."""
    newsroom.add("a.txt", "")
    newsroom.build(code=1)
    newsroom.add("a.txt", b"\0\1\2" * 100)
    newsroom.build(code=1)
    newsroom.add("a.txt", capture())
    newsroom.build()

    assert newsroom.run("list", "problems").stdout == ""


def test_a_run_beside_another_ends_silently(newsroom: Newsroom) -> None:
    """Cron may start it while the last one is at work; who looks or asks for JSON is told."""
    from feeds.lock import locked

    newsroom.add("a.txt", capture())
    with locked(newsroom.root / "feeds.db.lock"):
        skipped = newsroom.run("build")
        failed = newsroom.run("build", "--fail-if-locked")
        watched = newsroom.run("build", "-v")
        asked = newsroom.build()

    assert (skipped.exit_code, skipped.output) == (0, "")
    said = "feeds.db.lock: another run is at work"
    assert (watched.stderr, asked) == (f"feeds: note: {said}; this one did nothing\n", {"skipped": said})
    assert failed.exit_code == 75
    assert not newsroom.output.exists()


def test_a_kill_between_store_and_files_is_made_good(newsroom: Newsroom) -> None:
    """The manifest says which state of the store the files show."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    old = newsroom.files()
    newsroom.add(
        "b.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June, it said.")
    )
    newsroom.build(now=LATER)
    new = newsroom.files()
    for path in new.keys() - old.keys():
        (newsroom.output / path).unlink()
    for path, data in old.items():
        (newsroom.output / path).write_bytes(data)

    newsroom.build(now=LATER)

    assert newsroom.files() == new


def test_what_a_killed_run_left_goes_though_the_next_one_writes_nothing(newsroom: Newsroom) -> None:
    """As after a second writing of all that was killed: no later run would see that it is there."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    left = newsroom.output / "countries/.feeds-tmp-se.atom"
    left.write_text("half")

    summary = newsroom.build(now=LATER)

    assert summary["files"] == []
    assert not left.exists()


def test_a_kill_before_anything_is_written_is_made_good(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All captures are known then, and the output stands as the run before left it."""

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    newsroom.add("a.txt", capture())
    newsroom.build()
    newsroom.add("b.txt", capture("Sweden Closes a School", "A school in Lund closes in June, Sweden said."))
    with monkeypatch.context() as patch:
        patch.setattr("feeds.site.write", killed)
        newsroom.run("build", now=LATER)
    assert len(newsroom.feed().entries) == 1

    newsroom.build(now=LATER)

    assert len(newsroom.feed().entries) == 2


def test_an_upgrade_reads_again_and_moves_nothing(newsroom: Newsroom) -> None:
    """`--full` does what another version does: it reads all, and the same words give the same bytes."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = {path: data for path, data in newsroom.files().items() if path != "manifest.json"}

    assert newsroom.build("--full", now=LATER)["read"] == 1
    assert {path: data for path, data in newsroom.files().items() if path != "manifest.json"} == before


def test_other_files_in_the_output_are_left_alone(newsroom: Newsroom) -> None:
    """A CNAME, a robots.txt, another folder."""
    newsroom.add("a.txt", capture())
    newsroom.output.mkdir()
    (newsroom.output / "CNAME").write_text("news.example")
    newsroom.build()

    assert (newsroom.output / "CNAME").read_text() == "news.example"


def test_an_archive_of_captures_is_read_like_a_folder(newsroom: Newsroom) -> None:
    """Each of its members is a document; a bad one costs itself, and is reported once."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("2025-12-20.txt", capture())
        archive.writestr(
            "b.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June, it said.")
        )
        archive.writestr("bad.txt", "")
    newsroom.add("captures.zip", packed.getvalue())

    summary = newsroom.build(code=1)
    again = newsroom.build(now=LATER)

    assert (summary["documents"], summary["articles"]) == (1, 2)
    assert [p["source"] for p in summary["problems"]] == ["seeds/captures.zip/bad.txt"]
    assert (again["read"], again["files"], again["known_problems"]) == (0, [], 1)
    assert "captures.zip/2025-12-20.txt" in newsroom.run("list", "articles").stdout


def test_a_changed_archive_is_read_again_and_known_articles_stay(newsroom: Newsroom) -> None:
    """Its new member is a new entry, the old one is untouched."""
    for number in (1, 2):
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("a.txt", capture())
            if number == 2:
                archive.writestr(
                    "b.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June.")
                )
        newsroom.add("captures.zip", packed.getvalue())
        summary = newsroom.build(now=NOW if number == 1 else LATER)

    assert (summary["articles"], summary["changed"]) == (2, 1)
    assert sorted(e.updated for e in newsroom.feed().entries) == [NOW.isoformat(), LATER.isoformat()]


def test_a_warc_gives_url_and_capture_time(newsroom: Newsroom) -> None:
    """WARC-Date bounds the dates of its articles, and the target is their address."""
    page = (
        "<html><head><title>Norway opens a harbour</title>"
        '<meta property="og:type" content="article"></head><body><article>'
        "<h1>Norway opens a harbour in Bergen</h1>"
        "<p>Norway opened a new harbour in Bergen this week, after years of talks with the city.</p>"
        "<p>The harbour board said that the work would take three years, and that ships could use it.</p>"
        "</article></body></html>"
    )
    answer = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{page}"
    record = (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://paper.example/harbour\r\n"
        f"WARC-Date: 2025-12-20T10:00:00Z\r\nContent-Length: {len(answer.encode())}\r\n\r\n{answer}\r\n\r\n"
    )
    newsroom.add("crawl.warc.gz", gzip.compress(record.encode()))
    newsroom.build()

    (entry,) = newsroom.feed().entries
    assert entry.title == "Norway opens a harbour in Bergen"
    assert entry.link == "https://paper.example/harbour"


def test_an_output_within_the_seeds_is_not_read(newsroom: Newsroom) -> None:
    """What is written is no capture."""
    newsroom.add("a.txt", capture())
    for _ in range(2):
        summary = newsroom.build("-o", "seeds/out", now=LATER)
        assert (summary["documents"], summary["problems"]) == (1, [])


@pytest.fixture
def large(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> Newsroom:
    """Give a newsroom whose folders are looked into only where they changed, as in a large collection."""
    monkeypatch.setattr(scan, "SETTLED", 0)
    monkeypatch.setattr(scan.Scan, "_is_due", lambda *_: False)
    monkeypatch.setattr(intake, "BUDGET", 0)
    monkeypatch.setattr(intake, "LAST", 2)
    for day in ("01", "02"):
        newsroom.add(f"2025/{day}/a.txt", text(int(day)))
    return newsroom


@pytest.mark.parametrize("files", [1, 3])
def test_a_capture_in_a_new_folder_is_read_at_once(large: Newsroom, files: int) -> None:
    """Whether its folder is kept until it is read, or looked into a second time."""
    large.build()
    for number in range(files):
        large.add(f"2025/03/{number}.txt", text(number + 10))

    assert large.build(now=LATER)["articles"] == 2 + files
    assert large.build(now=LATER)["read"] == 0


def test_what_a_broken_run_did_not_come_to_is_read_by_the_next(
    large: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in folders that it had not met."""
    for number in range(3, 9):
        large.add(f"2025/{number:02}/a.txt", text(number))

    def broken(document: Document, *values: Any, **more: Any) -> Any:
        if "/05/" in document.source:
            raise SystemExit(9)
        return understand(document, *values, **more)

    with monkeypatch.context() as patched:
        patched.setattr(intake, "understand", broken)
        assert large.run("build").exit_code == 9

    assert large.build(now=LATER)["articles"] == 8


@pytest.mark.parametrize("fault", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_what_a_run_found_that_failed_is_told_by_the_next_that_ends_well(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch, fault: BaseException
) -> None:
    """Also where that has nothing else to do; and then once."""

    def failing(*_: object, **__: object) -> None:
        raise fault

    newsroom.add("a.txt", capture())
    newsroom.build()
    newsroom.add("bad.txt", "")
    newsroom.add("b.txt", SCHOOL)
    with monkeypatch.context() as patch:
        patch.setattr("feeds.site.write", failing)
        assert newsroom.run("build", now=LATER).exit_code == (130 if fault.args == () else 74)

    summary = newsroom.build(now=LATER, code=1)
    again = newsroom.build(now=LATER)

    assert ([p["source"] for p in summary["problems"]], summary["known_problems"]) == (["seeds/bad.txt"], 0)
    assert (again["problems"], again["known_problems"]) == ([], 1)


def test_a_guess_at_a_charset_is_told_by_the_run_that_fails(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The document is known then, and will not be read again."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "output")

    newsroom.add("a.txt", capture(lead="Norway opened a caf\xe9 in Bergen this week.").encode("latin-1"))
    monkeypatch.setattr("feeds.site.write", full)
    note, error = newsroom.run("build").stderr.splitlines()

    assert note.startswith("feeds: note: seeds/a.txt: no charset declared")
    assert error == "feeds: output: No space left on device"


def test_what_was_found_is_not_told_before_it_is_printed(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run may be killed, or the log be full, between what it writes and what it prints."""
    newsroom.add("bad.txt", "")

    def unprinted(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("feeds.cli._report", unprinted)
        assert newsroom.run("build").exit_code == 74

    assert [p["source"] for p in newsroom.build(code=1)["problems"]] == ["seeds/bad.txt"]


def test_a_bad_member_of_an_archive_is_told_once(newsroom: Newsroom) -> None:
    """However often the archive is read again; and it is listed under its own name."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", capture())
        archive.writestr("bad.txt", "")
        archive.writestr("bad.pdf", "%PDF-")
    path = newsroom.add("captures.zip", packed.getvalue())
    bad = ["seeds/captures.zip/bad.pdf", "seeds/captures.zip/bad.txt"]

    assert sorted(p["source"] for p in newsroom.build(code=1)["problems"]) == bad
    newsroom.build("--full")
    os.utime(path, (1, 1))
    newsroom.build()

    listed = newsroom.run("list", "problems").stdout.splitlines()
    assert [line.partition("\t")[0] for line in listed] == bad


def test_an_interrupted_run_says_so(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its exit code is none of those of a run that ended well."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("feeds.pipeline.bring_up_to_date", interrupted)
    result = newsroom.run("build")

    assert (result.exit_code, result.stderr) == (130, "feeds: interrupted\n")


def test_a_full_disk_is_named_with_what_could_not_be_written(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system knows a handle alone."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    newsroom.add("a.txt", capture())
    monkeypatch.setattr("feeds.publish.os.write", full)
    result = newsroom.run("build")

    assert (result.exit_code, result.stderr) == (74, "feeds: output/all.atom: No space left on device\n")
