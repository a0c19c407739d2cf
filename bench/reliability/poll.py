"""Poll feeds and pages through nginx while they are published anew, and look at each response.

    python bench/reliability/poll.py [--long] [--seed 1]

nginx serves the output as `feeds host nginx` has it. A reader asks for one file after the other, plain or
compressed, now and then only for what is new. Each body has to be one that was published, whole, as long
as its headers say, no older than the one before, and an ETag has to stand for one body alone. The control
publishes in place. Needs nginx.
"""

from __future__ import annotations

import gzip
import http.client
import multiprocessing
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from campaign import Tally, arguments, verdict
from inplace import in_place
from newsroom import BASE_URL, BEGIN, Newsroom, Program, is_whole, main, scratch

from feeds import hosting
from tests.conftest import PATIENCE, waited
from tests.serving import nginx

SHORT, LONG, CONTROL = 1000, 5000, 500  # responses; the control's in the short form
PATHS = ("all.atom", "countries/no.atom", "countries/no.rss", "index.html", "feeds.opml")
CONFIGURATION = '[site]\nprecompress = ["gz"]\n[feeds]\nformats = ["atom", "rss"]\n'
PAUSE = 0.002  # seconds between two polls
CAPTURES = 5


class Response(NamedTuple):
    """What a poll got; without a body where nothing was new, or where the body broke off."""

    path: str
    encoding: str
    status: int
    length: int | None
    etag: str
    size: int
    body: bytes | None


@contextmanager
def served(room: Newsroom) -> Iterator[int]:
    """Serve a newsroom's output with nginx; give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = nginx(room.root, hosting.Served(str(room.output), BASE_URL, ()), port)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as server:
        try:
            waited(lambda: is_open(port))
            yield port
        finally:
            server.terminate()


def is_open(port: int) -> bool:
    """Say whether something listens there."""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def read(port: int, polls: int, seed: int, results: Connection) -> None:
    """Poll so often, and in the end send what came."""
    chance = random.Random(seed)
    host = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    tags: dict[tuple[str, str], str] = {}
    got = []
    for _ in range(polls):
        asked = chance.choice(PATHS), chance.choice(("identity", "gzip"))
        headers = {"Host": "news.example", "Accept-Encoding": asked[1]}
        if asked in tags and chance.random() < 0.3:
            headers["If-None-Match"] = tags[asked]
        response = poll(host, *asked, headers)
        if response.status == 200:
            tags[asked] = response.etag
        got.append(response)
        time.sleep(PAUSE)
    results.send(got)


def poll(host: http.client.HTTPConnection, path: str, encoding: str, headers: dict[str, str]) -> Response:
    """Ask once."""
    try:
        host.request("GET", f"/{path}", headers=headers)
        answer = host.getresponse()
        length = answer.headers["Content-Length"]
        data = answer.read()
        body = gzip.decompress(data) if answer.headers["Content-Encoding"] == "gzip" else data
    except (http.client.HTTPException, OSError, EOFError):
        host.close()
        return Response(path, encoding, 0, None, "", 0, None)
    whole = None if answer.status == 304 else body
    etag = answer.headers["ETag"] or ""
    return Response(path, encoding, answer.status, int(length) if length else None, etag, len(data), whole)


class Reader:
    """Judges responses, in their order, by what was published."""

    def __init__(self, versions: dict[str, list[bytes]]) -> None:
        """Take all that was published of each path, oldest first."""
        self._versions = versions
        self._known: dict[tuple[str, str, str], bytes] = {}  # bodies by path, encoding and ETag
        self._seen: dict[str, int] = {}  # the version that each path was at

    def judge(self, got: Response) -> str | None:
        """Say what is wrong with a response."""
        name = (got.path, got.encoding, got.etag)
        if got.status == 304:
            return None if name in self._known else "a 304 for an ETag that was never sent"
        if got.status != 200 or got.body is None:
            return f"status {got.status}" if got.status else "it broke off"
        if not is_whole(got.path, got.body):
            return "it is not whole"
        if got.body not in self._versions[got.path]:
            return "it was never published"
        if (got.length is not None and got.length != got.size) or not fits(got):
            return f"{got.size} bytes, not {got.length} as its headers say, ETag {got.etag}"
        if self._known.setdefault(name, got.body) != got.body:
            return f"ETag {got.etag} stands for two bodies"
        version = self._versions[got.path].index(got.body)
        before, self._seen[got.path] = self._seen.get(got.path, 0), version
        return f"version {version} after version {before}" if version < before else None


def fits(got: Response) -> bool:
    """Say whether a strong ETag of nginx, which holds the size, is that of the body."""
    return got.etag.startswith("W/") or int(got.etag.strip('"').partition("-")[2], 16) == got.size


def campaign(polls: int, seed: int, program: Program = main) -> Tally:
    """Publish anew until so many responses came."""
    versions: dict[str, list[bytes]] = {path: [] for path in PATHS}
    with scratch() as folder:
        Path(folder).chmod(0o755)  # nginx's worker may be another user
        room = Newsroom(Path(folder))
        (room.root / "feeds.toml").write_text(CONFIGURATION)
        publish(room, 0, main, versions)
        with served(room) as port:
            results, sender = multiprocessing.Pipe(duplex=False)
            reader = multiprocessing.Process(target=read, args=(port, polls, seed, sender))
            reader.start()
            while not results.poll():
                publish(room, len(versions["all.atom"]), program, versions)
            got: list[Response] = results.recv()
            reader.join()
    judge = Reader(versions)
    broken = [f"{one.path} ({one.encoding}): {fault}" for one in got if (fault := judge.judge(one))]
    return Tally(len(got), broken)


def publish(room: Newsroom, version: int, program: Program, versions: dict[str, list[bytes]]) -> None:
    """Publish another version of each article."""
    for number in range(CAPTURES):
        room.capture(number, f"version {version}")
    room.build(now=BEGIN + timedelta(hours=version), program=program).end()
    for path, known in versions.items():
        data = (room.output / path).read_bytes()
        if not known or known[-1] != data:
            known.append(data)


if __name__ == "__main__":
    options = arguments(__doc__)
    polls = LONG if options.long else SHORT
    control = campaign(LONG if options.long else CONTROL, options.seed, partial(in_place, pause=PAUSE))
    sys.exit(verdict("poll", "responses", campaign(polls, options.seed), control))
