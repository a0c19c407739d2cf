"""What a build is told, and what it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from feeds.config import Config
from feeds.fixes import Fix
from feeds.model import Problem

if TYPE_CHECKING:
    from feeds.tag.rules import Rules


class Progress(Protocol):
    """Shows how a build gets on."""

    def start(self, files: int, size: int) -> None:
        """Begin with so many files to read, of so many bytes."""

    def step(self, size: int, articles: int) -> None:
        """Note that so many bytes were read, and how many articles a document gave."""

    def end(self) -> None:
        """Note that all were read, or written."""

    def wrote(self, done: int, of: int) -> None:
        """Note how much is written, counted by the entries and pages of articles."""


class Silent:
    """Shows nothing."""

    def start(self, files: int, size: int) -> None:
        """Show nothing."""

    def step(self, size: int, articles: int) -> None:
        """Show nothing."""

    def end(self) -> None:
        """Show nothing."""

    def wrote(self, done: int, of: int) -> None:
        """Show nothing."""


class Job(Struct, frozen=True):
    """One build: what is read, where it goes, and the clock."""

    roots: Sequence[Path]
    output: Path
    store: Path
    config: Config
    now: datetime
    fixes: Mapping[str, Fix] = field(default_factory=dict)  # by article id
    full: bool = False  # read every document and write every file again
    verify: bool = False  # look at every file, also in folders that did not change
    jobs: int = 1  # processes that extract and tag
    told: str = ""  # all that the build depends on beside captures and store; see glance.py

    def rules(self) -> Rules:
        """Give what the user decides of tags."""
        from feeds.tag.rules import Rules

        return Rules.of(self.config, self.fixes)


class Report(Struct):
    """What a build did. `problems` are those not told before, `known_problems` counts the others."""

    documents: int = 0
    read: int = 0
    changed: int = 0
    articles: int = 0
    feeds: int = 0
    files: list[str] = field(default_factory=list)  # that were written or removed, the first of them
    written: int = 0  # how many those are
    problems: list[Problem] = field(default_factory=list)
    known_problems: int = 0
    is_first: bool = False  # nothing was written there before
    notices: list[str] = field(default_factory=list)


def utc_now() -> datetime:
    """Give the clock in whole seconds, UTC; called at the edge alone."""
    return datetime.now(UTC).replace(microsecond=0)
