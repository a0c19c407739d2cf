"""A hub hears of the feeds that changed, once, and its faults cost a build nothing."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from feeds.ping import Pinged, ping
from tests.conftest import Newsroom, capture

BASE = "https://news.example/feeds"
FILES = {
    "all.atom": "1",
    "all.json": "2",
    "all.rss": "3",
    "countries/ir.atom": "4",
    "countries/ir/2025-12.atom": "5",
    "countries/ir.html": "6",
    "feeds.opml": "7",
    "manifest.json": "8",
}


class Hub(ThreadingHTTPServer):
    """A hub on loopback that keeps what it was told, and answers as a test wants."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.told: list[dict[str, list[str]]] = []
        self.status = 204

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hub"


class _Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        assert self.headers["Content-Type"] == "application/x-www-form-urlencoded"
        self.server.told.append(parse_qs(body, strict_parsing=True))
        self.send_response(self.server.status)
        if self.server.status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Be quiet."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    """Give a hub that runs."""
    with Hub() as one:
        threading.Thread(target=one.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield one
        one.shutdown()


def test_a_hub_hears_of_each_feed_once(hub: Hub, tmp_path: Path) -> None:
    """Not of pages, lists and archives, and only by the form that hubs take."""
    state = tmp_path / "pings"
    done = ping(hub.url, BASE, FILES, state)

    assert done == Pinged(("all.atom", "all.json", "all.rss", "countries/ir.atom"))
    assert hub.told == [
        {"hub.mode": ["publish"], "hub.url": [f"{BASE}/{path}" for path in done.paths]},
    ]
    assert ping(hub.url, BASE, FILES, state) == Pinged(())
    assert ping(hub.url, BASE, {**FILES, "all.rss": "9", "index.html": "9"}, state).paths == ("all.rss",)
    assert len(hub.told) == 2


def test_what_a_hub_refused_it_hears_again(hub: Hub, tmp_path: Path) -> None:
    """A fault is one line, and nothing is lost."""
    hub.status = 503
    state = tmp_path / "pings"
    refused = ping(hub.url, BASE, FILES, state)
    assert (refused.paths, refused.error) == ((), f"{hub.url}: answered 503")

    hub.status = 202
    assert len(ping(hub.url, BASE, FILES, state).paths) == 4


def test_a_hub_that_moved_is_not_followed(hub: Hub, tmp_path: Path) -> None:
    """A GET tells nobody anything."""
    hub.status = 302

    assert ping(hub.url, BASE, FILES, tmp_path / "pings").error == f"{hub.url}: answered 302"
    assert len(hub.told) == 1


def test_many_feeds_go_in_several_requests(hub: Hub, tmp_path: Path) -> None:
    """Hubs refuse long forms."""
    files = {f"topics/t{n:03}.atom": "1" for n in range(120)}

    assert len(ping(hub.url, BASE, files, tmp_path / "pings").paths) == 120
    assert [len(one["hub.url"]) for one in hub.told] == [50, 50, 20]


def test_another_hub_or_address_hears_of_all(hub: Hub, tmp_path: Path) -> None:
    """It knows none of them."""
    state = tmp_path / "pings"
    ping(hub.url, BASE, FILES, state)

    assert len(ping(hub.url, "https://new.example/", FILES, state).paths) == 4
    assert hub.told[-1]["hub.url"][0] == "https://new.example/all.atom"


def test_a_feed_that_is_gone_is_forgotten(hub: Hub, tmp_path: Path) -> None:
    """When it comes back, the hub hears of it."""
    state = tmp_path / "pings"
    ping(hub.url, BASE, FILES, state)
    ping(hub.url, BASE, {"all.atom": "1"}, state)

    assert ping(hub.url, BASE, {"all.atom": "1", "all.rss": "3"}, state).paths == ("all.rss",)


def test_a_silent_hub_costs_its_timeout(tmp_path: Path) -> None:
    """It takes the connection and says nothing."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}/"

        assert ping(url, BASE, FILES, tmp_path / "pings", timeout=0.2).error == f"{url}: no answer in time"


def test_a_state_that_is_no_state_is_made_anew(hub: Hub, tmp_path: Path) -> None:
    """It is a cache of what was told, no more."""
    state = tmp_path / "pings"
    state.write_text("[1]")

    assert len(ping(hub.url, BASE, FILES, state).paths) == 4
    assert ping(hub.url, BASE, FILES, tmp_path / "missing" / "pings").error is not None


def test_a_build_tells_the_hub_of_what_it_changed(newsroom: Newsroom, hub: Hub) -> None:
    """With --ping alone; the second run has nothing to tell."""
    (newsroom.root / "feeds.toml").write_text(f'[site]\nbase_url = "{BASE}"\nhub = "{hub.url}"\n')
    newsroom.add("a.txt", capture())
    newsroom.build()
    assert hub.told == []

    result = newsroom.run("build", "--ping")
    assert (result.exit_code, result.output) == (0, "")
    assert f"{BASE}/countries/no.atom" in hub.told[0]["hub.url"]
    newsroom.run("build", "--ping")
    assert newsroom.run("ping").output == ""
    assert len(hub.told) == 1


def test_a_hub_that_fails_costs_a_build_one_note(newsroom: Newsroom, hub: Hub) -> None:
    """The ping alone says it by its exit code."""
    hub.status = 500
    (newsroom.root / "feeds.toml").write_text(f'[site]\nbase_url = "{BASE}"\nhub = "{hub.url}"\n')
    newsroom.add("a.txt", capture())

    built = newsroom.run("build", "--ping")
    line = f"{hub.url}: answered 500"
    assert (built.exit_code, built.stdout) == (0, "")
    assert built.stderr == f"feeds: note: {line}\n"
    alone = newsroom.run("ping")
    assert (alone.exit_code, alone.stderr) == (1, f"feeds: {line}\n")


def test_without_a_hub_there_is_nobody_to_tell(newsroom: Newsroom) -> None:
    """A build is silent, for cron; `feeds ping` says so, and what else lacks."""
    newsroom.add("a.txt", capture())

    built = newsroom.run("build", "--ping", "--base-url", BASE)
    assert (built.exit_code, built.output) == (0, "")
    alone = newsroom.run("ping")
    assert (alone.exit_code, alone.stderr.count("site.hub is not set")) == (1, 1)
    (newsroom.root / "feeds.toml").write_text('[site]\nhub = "https://hub.example/"\n')
    assert "site.base_url is not set" in newsroom.run("ping").stderr
