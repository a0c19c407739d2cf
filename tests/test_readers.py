"""Real readers, headless, over loopback through a real web server, see every entry as it was written."""

from __future__ import annotations

import importlib
import json
import mailbox
import os
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import feedparser
import pytest

from tests.conftest import PATIENCE, needed
from tests.serving import NODE, Served, node_module


def module(name: str) -> Any:
    """Give a reader's library; skip where it is missing, but in CI fail."""
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed, and CI has to have it")
        pytest.skip(f"{name} is not installed (pip install {name})")


def run(*command: str, cwd: Path, **environment: str) -> str:
    """Run a program to its end, and give what it printed."""
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE, cwd=cwd, env={**os.environ, **environment}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("suffix", "kind"), [("atom", "application/atom+xml"), ("rss", "application/rss+xml")]
)
def test_feedparser_reads_all_of_it_and_is_told_when_nothing_changed(
    served: Served, suffix: str, kind: str
) -> None:
    """Title, link, author, categories, content; the second poll is a 304."""
    address = f"{served.address}/all.{suffix}"
    parsed = feedparser.parse(address)

    assert not parsed.bozo
    assert parsed.headers["content-type"] == f"{kind}; charset=utf-8"
    assert len(parsed.entries) == 4
    for entry in parsed.entries:
        assert entry.title and entry.summary and entry.content[0].value and entry.updated_parsed
        assert entry.link.startswith(f"{served.address}/articles/")
        assert {"Iran", "Russia", "Türkiye"} & {tag.get("label") or tag.term for tag in entry.tags}
    assert sum("published" in entry for entry in parsed.entries) == 1
    assert feedparser.parse(address, etag=parsed.etag).status == 304
    assert feedparser.parse(address, modified=parsed.modified).status == 304


def test_newsboat_shows_every_entry_and_an_edit_in_its_place(served: Served) -> None:
    """It opens the article, not its picture; the second poll is a 304; a correction is no new article."""
    needed("newsboat")
    root = served.newsroom.root
    # One feed alone: newsboat's cache lists an entry that stands in two feeds under one of them.
    (root / "urls").write_text(f"{served.address}/all.atom\n")
    (root / "config").write_text("")
    command = ["newsboat", "-u", str(root / "urls"), "-c", str(root / "cache.db"), "-C", str(root / "config")]

    def items() -> list[tuple[Any, ...]]:
        run(*command, "-x", "reload", cwd=root, HOME=str(root))
        with closing(sqlite3.connect(root / "cache.db")) as db:
            return db.execute("SELECT guid, title, author, url, pubDate, content FROM rss_item").fetchall()

    first = items()
    entries = {entry.title: entry for entry in served.newsroom.feed().entries}
    assert {title for _, title, *_ in first} == set(entries)
    for _, title, author, url, published, content in first:
        assert author == entries[title].get("author", ""), title
        assert url.startswith(f"{served.address}/articles/"), title
        assert published > 1_700_000_000, title
        assert content.count("<p>") > 6, title
    assert items() == first
    assert items() == first  # newsboat 2.21 keeps the validators of the second poll, not of the first
    assert served.answers("/all.atom", 3) == ["200", "200", "304"]

    words = served.edit()
    after = items()
    assert {guid for guid, *_ in after} == {guid for guid, *_ in first}
    assert sum(words in row[-1] for row in after) == 1


@pytest.mark.parametrize("suffix", ["atom", "rss", "json"])
def test_reader_takes_every_format_and_an_edit_as_an_edit(served: Served, suffix: str) -> None:
    """lemon24's reader sees the same ids in each; a correction changes an entry, and adds none."""
    library = module("reader")
    reader = library.make_reader(":memory:")
    address = f"{served.address}/all.{suffix}"
    reader.add_feed(address)

    reader.update_feed(address)
    first = {entry.id: entry for entry in reader.get_entries()}

    assert set(first) == {entry.id for entry in served.newsroom.feed().entries}
    for entry in first.values():
        assert entry.title and entry.link and entry.content and entry.updated
        assert entry.authors_str or entry.feed.authors_str
    reader.update_feed(address)
    assert served.answers(f"/all.{suffix}", 2) == ["200", "304"]

    words = served.edit()
    reader.update_feed(address)
    after = {entry.id: entry for entry in reader.get_entries()}
    changed = [id_ for id_, entry in after.items() if entry.content != first[id_].content]
    assert set(after) == set(first)
    assert len(changed) == 1
    assert words in after[changed[0]].content[0].value
    assert after[changed[0]].updated > first[changed[0]].updated
    reader.close()


def test_rss2email_mails_every_entry_once(served: Served) -> None:
    """With its title and author, and nothing at the second run."""
    needed("r2e")
    root = served.newsroom.root
    mail = root / "mail"
    (root / "r2e.cfg").write_text(
        f"[DEFAULT]\nto = me@paper.example\nfrom = feeds@paper.example\nhtml-mail = True\n"
        f"email-protocol = maildir\nmaildir-path = {mail}\nmaildir-mailbox = feeds\n"
    )
    command = ["r2e", "-c", str(root / "r2e.cfg"), "-d", str(root / "r2e.json")]
    for folder in ("cur", "new", "tmp"):
        (mail / "feeds" / folder).mkdir(parents=True)

    run(*command, "add", "wire", f"{served.address}/all.atom", "me@paper.example", cwd=root, HOME=str(root))
    for _ in range(2):
        run(*command, "run", cwd=root, HOME=str(root))
        letters = list(mailbox.Maildir(mail / "feeds"))
        assert len(letters) == 4

    for letter in letters:
        assert letter["Subject"] and "feeds@paper.example" in letter["From"]
        assert "<p>" in letter.get_payload(decode=True).decode()  # type: ignore[union-attr]


@pytest.mark.parametrize("suffix", ["atom", "rss"])
def test_a_reader_on_node_sees_every_entry(served: Served, suffix: str) -> None:
    """rss-parser, which many programs on Node read feeds with; of Atom it reads no categories."""
    node_module("rss-parser")
    script = (
        "new (require('rss-parser'))().parseURL(process.argv[1])"
        ".then(feed => console.log(JSON.stringify(feed)))"
    )

    feed = json.loads(run("node", "-e", script, f"{served.address}/all.{suffix}", cwd=NODE))

    assert feed["title"] == "Feeds: all articles"
    entries = served.newsroom.feed().entries
    assert [item.get("id") or item["guid"] for item in feed["items"]] == [entry.id for entry in entries]
    for item, entry in zip(feed["items"], entries, strict=True):
        assert (item["title"], item["link"]) == (entry.title, entry.link)
        assert "<p>" in (item.get("content:encoded") or item["content"])
        assert suffix == "atom" or [c["_"] for c in item["categories"]] == [t.label for t in entry.tags]


def test_a_reader_imports_the_list_of_feeds(served: Served) -> None:
    """Every feed of the OPML is there, in its folder."""
    needed("newsboat")
    root = served.newsroom.root
    (root / "urls").write_text("")
    (root / "config").write_text("")
    command = ["newsboat", "-u", str(root / "urls"), "-c", str(root / "cache.db"), "-C", str(root / "config")]

    run(*command, "-i", str(served.newsroom.output / "feeds.opml"), cwd=root, HOME=str(root))

    lines = (root / "urls").read_text().splitlines()
    feeds = {path for path in served.newsroom.files() if path.endswith(".atom")}
    assert {line.split()[0].removeprefix(f"{served.address}/") for line in lines} == feeds
    assert any('"Countries"' in line for line in lines)


def test_ids_stay_when_the_site_moves(served: Served) -> None:
    """Another base URL changes links, and no reader shows an article twice."""
    before = [entry.id for entry in served.newsroom.feed().entries]
    named = served.newsroom.feed("countries/ir").feed.id

    served.newsroom.build("-c", "feeds.toml", "--base-url", "https://elsewhere.example")

    assert [entry.id for entry in served.newsroom.feed().entries] == before
    assert served.newsroom.feed("countries/ir").feed.id == named
