"""Give the program bad inputs and bad configurations, one at a time; see what it says and what that costs.

    python bench/reliability/refused.py

Each input lies beside a good capture: the build has to say what is wrong with it in one line that names it
and what was expected, to end with 1, to publish the good capture, and to say nothing the second time. Each
configuration has to be refused in one line that names the file, the line and the key, with 78, and the output
stays as it was. Nothing may take more than 5 s of a core. In the control the messages name nothing.
"""

from __future__ import annotations

import codecs
import contextlib
import os
import re
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from campaign import Tally, arguments, verdict
from click.testing import CliRunner, Result
from hostile import BAD_CONFIGURATIONS, BAD_INPUTS, Configuration, Input

from feeds import config, model
from feeds.cli import main as command

SECONDS, MEGABYTES = 5, 1024
NOBODY = 65534  # as whom it runs where it would be root, to whom no file is unreadable
LOADED_LATE = ("unicode_escape",)  # what a build looks up only when it meets something odd
GOOD = """\
Norway Opens a New Harbour in Bergen

Norway opened a new harbour in Bergen this week, after years of talks with the city.

The harbour board said that the work would take three years, and that ships could use it meanwhile.
"""


@contextlib.contextmanager
def newsroom() -> Iterator[Path]:
    """Give a folder with a good capture in `seeds/`, as the working directory."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "seeds").mkdir()
        (root / "seeds" / "good.txt").write_text(GOOD)
        os.chdir(root)
        for path in (root, root / "seeds"):
            path.chmod(0o777)
        try:
            yield root
        finally:
            os.chdir(before)


@contextlib.contextmanager
def without_rights(wanted: bool) -> Iterator[None]:
    """Do without the rights of root for a while, where that is wanted: nothing is closed to root."""
    if not wanted or os.geteuid() != 0:
        yield
        return
    for late in LOADED_LATE:  # from a folder that may be root's alone
        codecs.lookup(late)
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def build(*options: str, closed: bool = False) -> tuple[Result, float]:
    """Run a build; give what came of it, and how many seconds of a core it took."""
    begin = time.process_time()
    with without_rights(closed):
        result = CliRunner().invoke(command, ["build", "-q", *options])
    return result, time.process_time() - begin


def of_input(bad: Input) -> list[str]:
    """Say what is wrong with how a bad input was dealt with."""
    with newsroom() as root:
        try:
            bad.make(root / "seeds" / os.fsdecode(bad.name))
        except PermissionError:  # a device, where root may make none either
            return []
        closed = (root / "seeds" / os.fsdecode(bad.name)).lstat().st_mode & 0o777 == 0
        result, seconds = build(closed=closed)
        again, more = build(closed=closed)
        outside = sorted(path.name for path in root.iterdir())
        feed = root / "output" / "all.atom"
        published = feed.exists() and "Norway Opens a New Harbour" in feed.read_text("utf-8")
    return [
        *_faults(result, bad.code, bad.says, seconds + more),
        *([] if published else ["the good capture is not published"]),
        *([] if again.output == "" and again.exit_code == 0 else [f"said again: {again.output[:200]}"]),
        *([] if outside == ["feeds.db", "feeds.db.lock", "output", "seeds"] else [f"left {outside}"]),
    ]


def of_configuration(bad: Configuration) -> list[str]:
    """Say what is wrong with how a bad configuration was dealt with."""
    with newsroom() as root:
        build()
        before = _bytes(root / "output")
        bad.make(root / "feeds.toml")
        result, seconds = build(*bad.options)
        after = _bytes(root / "output")
    faults = _faults(result, bad.code, bad.says, seconds)
    return faults if before == after else [*faults, "the output changed"]


def _faults(result: Result, code: int, says: str, seconds: float) -> Iterator[str]:
    lines = result.output.splitlines()
    if result.exception and not isinstance(result.exception, SystemExit):
        yield f"{type(result.exception).__name__}: {result.exception}"
    if result.exit_code != code:
        yield f"exit code {result.exit_code}, not {code}"
    if len(lines) != bool(says):
        yield f"{len(lines)} lines: {lines[:3]}"
    elif says and not re.fullmatch(f"feeds: {says}", lines[0]):
        yield f"it says {lines[0]!r}, not {says!r}"
    yield from (f"not printable: {line!r}" for line in lines if not line.isprintable())
    if seconds > SECONDS:
        yield f"{seconds:.1f} s"


def _bytes(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def name_nothing() -> None:
    """Break the program: its messages name nothing."""
    model.Problem.__str__ = lambda self: "bad input"  # type: ignore[method-assign]
    config._Reader._error = lambda self, place, message: model.ConfigError("bad")  # type: ignore[method-assign]


def run(inputs: list[Input], configurations: list[Configuration]) -> Tally:
    """Deal with each."""
    tally = Tally(len(inputs) + len(configurations))
    for bad in inputs:
        tally.broken += [f"{bad.what}: {fault}" for fault in of_input(bad)]
    for wrong in configurations:
        tally.broken += [f"{wrong.what}: {fault}" for fault in of_configuration(wrong)]
    return tally


def main() -> int:
    """Run the campaign."""
    arguments(__doc__)
    with newsroom():
        build()  # what is loaded once is of no input's time
    resource.setrlimit(resource.RLIMIT_DATA, (MEGABYTES << 20, MEGABYTES << 20))
    real = run(BAD_INPUTS, BAD_CONFIGURATIONS)
    name_nothing()
    control = run(BAD_INPUTS[:10], BAD_CONFIGURATIONS[-10:])
    what = f"refusals of {len(BAD_INPUTS)} inputs and {len(BAD_CONFIGURATIONS)} configurations"
    return verdict("refused", what, real, control)


if __name__ == "__main__":
    sys.exit(main())
