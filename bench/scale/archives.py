"""Make crawls of any size, and measure what it costs to read them.

    python bench/scale/archives.py make FILE MEGABYTES [wet] [A_DAY]
                                                          a WARC of pages, or a WET of texts; .gz packs it
    python bench/scale/archives.py parse FILE                 records a second: ours, warcio's, fastwarc's
    python bench/scale/archives.py build FILE... [archives] [pages]
                                                          what a build of each costs, and its memory
    python bench/scale/archives.py backfill FILE...           the same of a backfill

The same size gives the same bytes; A_DAY articles share a day, forty if it is not given. `parse` wants warcio
and fastwarc and leaves out what is not installed. `build` and `backfill` run the command on one core in a new
folder for each file, and count processor time; `archives` and `pages` have a build write these, too.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]  # as it stands here, installed or not

import corpus  # noqa: E402
from corpus import article, day, text  # noqa: E402
from peers import memory  # noqa: E402

from feeds import containers  # noqa: E402

MENU = "".join(
    f'<li class="menu-item"><a href="/section/{n}">Section number {n}</a></li>\n' for n in range(150)
)
SCRIPT = "".join(f"window.settings.item{n} = {{'enabled': true, 'ratio': {n}}};\n" for n in range(250))
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | The Example Post</title>
<link rel="canonical" href="{url}"><meta property="og:type" content="article">
<script type="application/ld+json">{stated}</script><script>{script}</script></head>
<body><nav class="menu"><ul>{menu}</ul></nav><main><article class="story"><h1>{title}</h1>
<p class="byline">By Jane Porter</p><div class="article-body">{text}</div></article>
<aside class="related"><ul>{menu}</ul></aside></main><footer><ul>{menu}</ul></footer></body></html>
"""


def taken(number: int) -> datetime:
    """Give when the crawler took an article: late on its day."""
    return day(number) + timedelta(hours=18, seconds=37 * (number % corpus.A_DAY) % 20_000)


def page(number: int) -> bytes:
    """Give a web page with the article of a number: about 45 kB."""
    made = article(number)
    title, url = made.headline, f"https://post.example/{number}"
    stated = {
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": (taken(number) - timedelta(hours=9)).isoformat(),
        "author": {"name": "Jane Porter"},
    }
    words = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in made.paragraphs)
    return PAGE.format(
        title=escape(title), url=url, stated=json.dumps(stated), script=SCRIPT, menu=MENU, text=words
    ).encode()


def record(number: int, wet: bool) -> bytes:
    """Give the record of a number, as crawlers write them."""
    if wet:
        kind, mime, body = "conversion", "text/plain", text(article(number)).encode()
    else:
        kind, mime = "response", "application/http; msgtype=response"
        body = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + page(number)
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: {taken(number):%Y-%m-%dT%H:%M:%SZ}\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>\r\n"
        f"WARC-Target-URI: https://post.example/{number}\r\nContent-Type: {mime}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def make(path: Path, megabytes: int, wet: bool, first: int = 0) -> int:
    """Write an archive that unpacks to so many megabytes; give how many records it has."""
    size, number = 0, first
    with path.open("wb") as file:
        while size < megabytes * 1_000_000:
            data = record(number, wet)
            file.write(gzip.compress(data, 1, mtime=0) if path.suffix == ".gz" else data)
            size, number = size + len(data), number + 1
    return number - first


def _ours(path: Path) -> Iterator[int]:
    return (len(member.data) for member in containers.members(path) if isinstance(member, containers.Member))


def _warcio(path: Path) -> Iterator[int]:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        for found in ArchiveIterator(file):
            yield len(found.content_stream().read())


def _fastwarc(path: Path) -> Iterator[int]:
    from fastwarc.warc import ArchiveIterator

    with path.open("rb") as file:
        for found in ArchiveIterator(file, parse_http=True):
            yield len(found.reader.read())


def _gunzip(path: Path) -> Iterator[int]:
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        while data := file.read(65536):
            yield len(data)


READERS: dict[str, Callable[[Path], Iterator[int]]] = {
    "feeds": _ours,
    "warcio": _warcio,
    "fastwarc": _fastwarc,
    "unpacking alone": _gunzip,
}


def parse(path: Path) -> None:
    """Print how fast each reader comes through an archive, the best of three, by processor time."""
    for name, reader in READERS.items():
        best, count, size = float("inf"), 0, 0
        try:
            for _ in range(3):
                start = time.process_time()
                sizes = list(reader(path))
                best = min(best, time.process_time() - start)
                count, size = len(sizes), sum(sizes)
        except ImportError:
            continue
        print(f"{name:16} {count:8} {count / best:9.0f}/s {size / best / 1e6:7.0f} MB/s")


def measure(command: str, paths: list[Path], *, archives: bool, pages: bool) -> None:
    """Print what a command takes for each archive, in one process, and the course of its memory."""
    settings = f"[feeds]\narchives = {json.dumps(archives)}\n[site]\narticle_pages = {json.dumps(pages)}\n"
    for path in paths:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "feeds.toml").write_text(settings)
            argv = [sys.executable, "-m", "feeds", command, str(path.resolve()), "--jobs", "1", "--json"]
            environment = {**os.environ, "PYTHONPATH": str(ROOT)}
            with (folder / "told").open("wb") as told:
                process = subprocess.Popen(argv, cwd=folder, env=environment, stdout=told)
            course = watched(process.pid)
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            done = json.loads((folder / "told").read_bytes())
            count = done["documents" if command == "backfill" else "articles"]
            seconds = used.ru_utime + used.ru_stime
            on_the_way = " ".join(f"{course[len(course) * part // 10]:.0f}" for part in (1, 5, 9))
            print(
                f"{command} {path.name:20} {path.stat().st_size / 1e6:7.0f} MB {count:8} articles "
                f"{seconds:8.1f} s {seconds / count * 1000:6.2f} ms each, "
                f"one process at most {used.ru_maxrss / 1000:.0f} MB (RSS), "
                f"all together {max(course):.0f} MB (PSS), at 10, 50, 90 %: {on_the_way}",
                flush=True,
            )


def watched(pid: int) -> list[float]:
    """Give the memory of a process and all below it now and then until it ends, in MB (PSS)."""
    course = [0.0]
    while os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        course.append(memory(pid)[1] / 1000)
        time.sleep(0.5)
    return course


def main(arguments: list[str]) -> None:
    """Do what the first argument names."""
    what, *rest = arguments
    if what == "make":
        corpus.A_DAY = next((int(word) for word in rest[2:] if word.isdecimal()), corpus.A_DAY)
        print(make(Path(rest[0]), int(rest[1]), "wet" in rest), "records")
    elif what == "parse":
        parse(Path(rest[0]))
    else:
        paths = [Path(name) for name in rest if name not in ("archives", "pages")]
        measure(what, paths, archives="archives" in rest, pages="pages" in rest)


if __name__ == "__main__":
    main(sys.argv[1:])
