"""Read the TOML files that people write by hand: bounded, and with a line for whatever is wrong."""

from __future__ import annotations

import os
import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from feeds.model import ConfigError
from feeds.text import shown

LARGEST = 1024 * 1024  # bytes
_LONG_NUMBER = re.compile(r"\d{4300}")  # digits that Python refuses to read as a number


class TomlError(ValueError):
    """What is wrong with a text that is no TOML; it ends with the place, as tomllib writes it."""


def read(path: Path) -> str:
    """Give the text of a file; raise ConfigError in one line, FileNotFoundError where it is not there."""
    name = shown(path)
    try:
        # O_NONBLOCK: a FIFO must not hold the run.
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise ConfigError(f"{name}: not a regular file, expected a TOML file")
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise ConfigError(f"{name}: can't be read: {error.strerror}, expected a TOML file") from error
    if len(data) > LARGEST:
        raise ConfigError(f"{name}: {path.stat().st_size:,} bytes, expected at most {LARGEST:,}")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ConfigError(f"{name}: not UTF-8 at byte {error.start}, expected a TOML file") from error


def parse(text: str) -> dict[str, Any]:
    """Parse TOML; raise TomlError, also for what tomllib itself does not survive."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise TomlError(str(error)) from None
    except RecursionError:
        lines = text.splitlines()
        deepest = max(range(len(lines)), key=lambda at: lines[at].count("[") + lines[at].count("{"))
        raise TomlError(f"Nested too deeply (at line {deepest + 1}, column 1)") from None
    except ValueError:
        found = _LONG_NUMBER.search(text)
        line = text.count("\n", 0, found.start()) + 1 if found else 1
        raise TomlError(f"A number of too many digits (at line {line}, column 1)") from None
