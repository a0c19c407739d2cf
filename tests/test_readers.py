"""Real readers see every entry with title, date, author and content."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import feedparser
import pytest

from tests.conftest import SEED, Newsroom, needed


class Handler(SimpleHTTPRequestHandler):
    """Serves a folder as a static host would, and says nothing."""

    def guess_type(self, path: Any) -> str:
        """Know .atom, as static hosts do and Python's table does not."""
        return "application/atom+xml" if str(path).endswith(".atom") else super().guess_type(path)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Stay silent."""


@pytest.fixture
def address(newsroom: Newsroom) -> Iterator[str]:
    """Build the seed's feeds and serve them on loopback."""
    newsroom.add(SEED.name, SEED.read_bytes())
    newsroom.output.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(newsroom.output)))
    url = f"http://127.0.0.1:{server.server_port}"
    newsroom.build("--base-url", url)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield url
    server.shutdown()
    server.server_close()


def test_feedparser_reads_all_of_it(address: str, newsroom: Newsroom) -> None:
    """From the page's autodiscovery link to the last paragraph."""
    parsed = feedparser.parse(f"{address}/all.atom")

    assert not parsed.bozo
    assert len(parsed.entries) == 4
    assert all(entry.title and entry.content[0].value and entry.updated_parsed for entry in parsed.entries)
    assert sum("published" in entry for entry in parsed.entries) == 1
    assert parsed.feed.links[0].href == f"{address}/all.atom"
    assert parsed.headers["content-type"] == "application/atom+xml"


def test_newsboat_shows_every_entry_and_opens_the_article(address: str, newsroom: Newsroom) -> None:
    """A real reader, headless, over loopback, with a second poll that adds nothing."""
    needed("newsboat")
    root = newsroom.root
    # One feed alone: newsboat's cache lists an entry that stands in two feeds under one of them.
    (root / "urls").write_text(f"{address}/all.atom\n")
    (root / "config").write_text("")
    files = ["-u", str(root / "urls"), "-c", str(root / "cache.db"), "-C", str(root / "config")]

    for _ in range(2):
        run = subprocess.run(["newsboat", *files, "-x", "reload"], capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr

    db = sqlite3.connect(root / "cache.db")
    feeds = db.execute("SELECT title FROM rss_feed ORDER BY title").fetchall()
    items = db.execute("SELECT title, url, pubDate, content FROM rss_item").fetchall()
    db.close()
    assert feeds == [("Feeds: all articles",)]
    assert {title for title, *_ in items} == {entry.title for entry in newsroom.feed().entries}
    for title, url, published, content in items:
        assert url.startswith(f"{address}/articles/"), title
        assert published > 1_700_000_000, title
        assert content.count("<p>") > 6, title
