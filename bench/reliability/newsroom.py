"""A newsroom that campaigns disturb: captures that come and change, builds of them, and the output.

A build runs in a process that is forked from the campaign's own, with the program loaded already: it can be
killed like any other, and a thousand of them cost a minute.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from contextlib import chdir, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from feeds.cli import main

ATOM = "{http://www.w3.org/2005/Atom}"
BASE_URL = "https://news.example/"
SAID = "said.txt"  # what a build said
TEMPORARY = ".feeds-tmp-"
BEGIN = datetime(2024, 1, 1, 6, tzinfo=UTC)
PLACES = "Norway Sweden Denmark Finland Iceland Estonia Latvia Poland Spain Portugal".split()
TEXT = """\
{headline}

{place} opened a new harbour this week, the work of {years} years as the council said, in {words}.

The board said that ships could use it from the spring on, and that the fishing fleet would follow.
"""
PAGE = """\
<!doctype html><html lang="en"><head><title>{headline}</title>
<meta property="article:published_time" content="{published}"></head>
<body><article><h1>{headline}</h1>
<p>{place} opened a new harbour this week, the work of {years} years as the council said, in {words}.</p>
<p>The board said that ships could use it from the spring on, and that the fishing fleet would follow.</p>
</article></body></html>
"""

Program = Callable[[Sequence[str]], object]


class Entry(NamedTuple):
    """An entry as a subscriber sees it; `number` is that of its capture."""

    number: int
    id: str
    title: str
    published: str | None
    updated: str


@dataclass(frozen=True, slots=True)
class Output:
    """What stands in an output folder, as a web server would find it, and what it would not show."""

    files: dict[str, bytes]
    temporary: tuple[str, ...]

    @classmethod
    def of(cls, folder: Path) -> Output:
        """Read all of it."""
        paths = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
        left = tuple(name for name, path in paths.items() if path.name.startswith(TEMPORARY))
        return cls({n: p.read_bytes() for n, p in paths.items() if n not in left}, left)

    def torn(self) -> list[str]:
        """Name the feeds and pages that are not whole."""
        return [name for name, data in self.files.items() if not is_whole(name, data)]

    def entries(self) -> list[Entry]:
        """Give the entries of the feed of all articles and of its archives; one that stands in both, once."""
        feeds = [data for name, data in self.files.items() if re.fullmatch(r"all(/[\d-]+)?\.atom", name)]
        found = (_entry(element) for data in feeds for element in etree.fromstring(data).iter(f"{ATOM}entry"))
        return [*dict.fromkeys(found)]


def is_whole(name: str, data: bytes) -> bool:
    """Say whether a file of the output ends as it should."""
    if name.endswith((".html", ".htm")):
        return data.rstrip().endswith(b"</html>")
    if not name.endswith((".atom", ".rss", ".opml", ".svg")):
        return bool(data)
    try:
        etree.fromstring(data)
    except etree.XMLSyntaxError:
        return False
    return True


def _entry(element: etree._Element) -> Entry:
    title = element.findtext(f"{ATOM}title") or ""
    number = re.search(r"Number (\d+)", title)
    return Entry(
        int(number[1]) if number else -1,
        element.findtext(f"{ATOM}id") or "",
        title,
        element.findtext(f"{ATOM}published"),
        element.findtext(f"{ATOM}updated") or "",
    )


def scratch() -> tempfile.TemporaryDirectory[str]:
    """Give a folder that goes in the end; in memory where that can be, for what a kill leaves is the same."""
    memory = Path("/dev/shm")
    return tempfile.TemporaryDirectory(prefix="feeds-", dir=memory if os.access(memory, os.W_OK) else None)


class Newsroom:
    """A folder to work in: `seeds/` goes to `output/`, with `feeds.db` beside them."""

    def __init__(self, root: Path) -> None:
        """Take the folder."""
        self.root, self.seeds, self.output = root, root / "seeds", root / "output"
        self.seeds.mkdir(parents=True, exist_ok=True)

    def capture(
        self, number: int, words: str = "few words", copy: str = "", published: datetime | None = None
    ) -> Path:
        """Write the capture of an article, or write it anew with other words; every third states its date.

        `copy` names another capture of the same article.
        """
        form, suffix = (PAGE, "html") if number % 3 == 2 else (TEXT, "txt")
        path = self.seeds / f"{number}{copy}.{suffix}"
        place = PLACES[number % len(PLACES)]
        path.write_text(
            form.format(
                headline=f"{place} Opens Harbour Number {number} After Long Talks",
                place=place,
                years=number + 2,
                words=words,
                published=(published or BEGIN + timedelta(hours=7 * number)).isoformat(),
            )
        )
        return path

    def build(self, *options: str, now: datetime | None = None, program: Program = main) -> Build:
        """Start a build in a process of its own; `program` is what runs instead of the command."""
        return Build(self.root, ("build", "-q", "--base-url", BASE_URL, *options), now, program)

    def said(self) -> str:
        """Give what the last build said."""
        return (self.root / SAID).read_text(errors="replace")

    def look(self) -> Output:
        """See what stands in the output."""
        return Output.of(self.output)


@cache
def warm_up() -> None:
    """Load what builds need before they are forked, by a build of one capture of each kind."""
    with scratch() as folder, chdir(folder), suppress(SystemExit):
        room = Newsroom(Path(folder))
        room.capture(1)
        room.capture(2)
        main(["build", "-q", "--base-url", BASE_URL])


class Build:
    """A build at work."""

    def __init__(self, root: Path, arguments: Sequence[str], now: datetime | None, program: Program) -> None:
        """Start it; what it says goes into a file."""
        warm_up()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=self._run, args=(root, arguments, now, program))
        self._process.start()

    def _run(self, root: Path, arguments: Sequence[str], now: datetime | None, program: Program) -> None:
        os.chdir(root)
        said = os.open(root / SAID, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(said, 1)
        os.dup2(said, 2)
        if now:
            os.environ["SOURCE_DATE_EPOCH"] = str(int(now.timestamp()))
        program(arguments)

    @property
    def pid(self) -> int:
        """Give its process."""
        return self._process.pid or 0

    def kill(self, after: float) -> bool:
        """Kill it after so many seconds; say whether it was still at work."""
        self._process.join(after)
        self._process.kill()
        return self.end() < 0

    def end(self) -> int:
        """Wait for its end; give its exit code, or the signal that ended it below zero."""
        self._process.join()
        return self._process.exitcode or 0
