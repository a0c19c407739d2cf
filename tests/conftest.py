"""A small newsroom: a folder with seeds, and the command to run on it."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import feedparser
import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, settings

from feeds.cli import main

NOW = datetime(2025, 12, 24, 9, 0, tzinfo=UTC)
PATIENCE = 120  # seconds to wait for what takes an instant where the machine has no other work
ROOT = Path(__file__).parent.parent
SEED = next((ROOT / "seeds").glob("*.txt"))

Found = TypeVar("Found")

# A law is about what is given, not about how busy the machine is.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")

ARTICLE = """\
{headline}

{caption}
{caption}
TT

{headline}

{caption}
{caption}

{lead}

The harbour board said that the work would take three years, and that ships could use it meanwhile.

"We have waited a long time for this," the mayor told reporters after the council had voted.
"""


def capture(
    headline: str = "Norway Opens a New Harbour in Bergen",
    lead: str = "Norway opened a new harbour in Bergen this week, after years of talks with the city.",
    caption: str = "Ships at the quay in Bergen (Reuters)",
) -> str:
    """Give a small capture in the layout of the seed, with one article."""
    return ARTICLE.format(headline=headline, lead=lead, caption=caption)


@dataclass
class Newsroom:
    """A folder to work in: `seeds/` goes to `output/`."""

    root: Path

    @property
    def output(self) -> Path:
        return self.root / "output"

    def add(self, name: str, text: str | bytes) -> Path:
        path = self.root / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def run(self, *arguments: str, now: datetime = NOW) -> Result:
        """Run the command in the folder; the clock stands still."""
        before = Path.cwd()
        os.chdir(self.root)
        try:
            env = {"SOURCE_DATE_EPOCH": str(int(now.timestamp()))}
            return CliRunner().invoke(main, list(arguments), env=env, catch_exceptions=False)
        finally:
            os.chdir(before)

    def build(self, *arguments: str, now: datetime = NOW, code: int = 0) -> dict[str, Any]:
        """Build, and give the summary."""
        result = self.run("build", "--json", *arguments, now=now)
        assert result.exit_code == code, result.output
        summary: dict[str, Any] = json.loads(result.stdout)
        return summary

    def feed(self, slug: str = "all") -> Any:
        """Read a feed as a subscriber would."""
        feed = feedparser.parse((self.output / f"{slug}.atom").read_bytes())
        assert not feed.bozo, feed.get("bozo_exception")
        return feed

    def stamps(self) -> dict[Path, tuple[int, ...]]:
        """Give what changes when a file is written or replaced, for every file but the lock's."""
        stats = {p: p.stat() for p in self.root.rglob("*") if p.name != "feeds.db.lock"}
        return {p: (s.st_ino, s.st_size, s.st_mtime_ns, s.st_ctime_ns) for p, s in stats.items()}

    def files(self) -> dict[str, bytes]:
        """Give every file of the output with its bytes."""
        return {
            p.relative_to(self.output).as_posix(): p.read_bytes()
            for p in self.output.rglob("*")
            if p.is_file()
        }


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """Give an empty newsroom."""
    (tmp_path / "seeds").mkdir()
    yield Newsroom(tmp_path)


@pytest.fixture
def served(newsroom: Newsroom) -> Iterator[object]:
    """Give a newsroom whose output a real web server serves: a tests.serving.Served."""
    from tests.serving import serve

    yield from serve(newsroom)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let `pytest --update` rewrite the golden files; read the diff, it is the review."""
    parser.addoption("--update", action="store_true", help="rewrite the golden files")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print why tests were skipped, and what to install to run them."""
    reports = terminalreporter.stats.get("skipped", [])
    reasons = Counter(report.longrepr[2].removeprefix("Skipped: ") for report in reports)
    if not reasons:
        return
    terminalreporter.section("skipped tests")
    terminalreporter.write_line("tests  why they were skipped (what runs them)")
    for reason, count in reasons.most_common():
        terminalreporter.write_line(f"{count:5}  {reason}")
    packages = " ".join(package for command, package in PACKAGES.items() if not is_installed(command))
    if packages:
        terminalreporter.write_line(
            f"A test names the first thing that it misses. All: apt-get install {packages}"
        )


def waited(look: Callable[[], Found | None]) -> Found:
    """Return what there is to see, once there is something."""
    last = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < last, f"nothing to see for {PATIENCE} seconds"
        time.sleep(0.01)
    return found


# The Debian package of each command that some tests need.
PACKAGES = {
    "newsboat": "newsboat",
    "nginx": "nginx-light",
    "r2e": "rss2email",
    "chromium": "chromium",
    "node": "nodejs",
    "npm": "npm",
    "java": "default-jre-headless",
    "apache2": "apache2",
    "caddy": "caddy",
    "shellcheck": "shellcheck",
    "strace": "strace",
    "systemd-analyze": "systemd",
}


def is_installed(command: str) -> bool:
    """Say whether a command is there, also one for root."""
    return shutil.which(command, path=f"{os.environ['PATH']}:/usr/sbin") is not None


def needed(command: str) -> None:
    """Skip where a command of Debian is missing; in CI, where it must be there, fail."""
    if is_installed(command):
        return
    if os.environ.get("CI"):
        pytest.fail(f"{command} is not installed, and CI has to have it")
    pytest.skip(f"{command} is not installed (apt-get install {PACKAGES[command]})")
