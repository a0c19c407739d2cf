#!/usr/bin/env python3
"""Set up a virtual environment beside this file and run feeds, or its tests, in it.

    python3 bootstrap.py build [OPTION]...    the feeds of seeds/ into output/
    python3 bootstrap.py test [OPTION]...     the tests
    python3 bootstrap.py check                format, lint, types, import contract, tests
    python3 bootstrap.py run COMMAND...       any command in the environment

It needs Python 3.11 or later and pip; nothing is installed outside .venv. What is installed is what
the lock files name, and nothing that does not have the hash that they give.
"""

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
LOCKS = {"main": "requirements.lock", "dev": "requirements-dev.lock"}
CHECKS = (
    ("ruff", "format", "--check", "."),
    ("ruff", "check", "."),
    ("mypy",),
    ("lint-imports", "--no-cache"),
    ("pytest",),
)


def main(arguments):
    """Run what the first argument names; give its exit code."""
    if not arguments or arguments[0] not in ("build", "test", "check", "run"):
        print(__doc__, file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):
        print(f"bootstrap: Python {sys.version.split()[0]}, expected 3.11 or later", file=sys.stderr)
        return 2
    what, *rest = arguments
    set_up("main" if what == "build" else "dev")
    if what == "build":
        return call(["feeds", "build", "--verbose", *rest])
    if what == "test":
        return call(["pytest", *rest])
    if what == "run":
        return call(rest)
    return next((code for check in CHECKS if (code := call(list(check)))), 0)


def set_up(kind):
    """Install what a lock file names, unless that was done; the development lock holds the other, too."""
    locks = [kind, "dev"] if kind == "main" else [kind]
    if any(stamp(lock).exists() and stamp(lock).read_text() == wanted(lock) for lock in locks):
        return
    # Without pip in it: Debian ships venv without ensurepip. The pip that is here installs into it.
    venv.EnvBuilder(with_pip=False, symlinks=True).create(VENV)
    install("--require-hashes", "-r", str(ROOT / LOCKS[kind]))
    install("--no-deps", "--no-build-isolation", "-e", str(ROOT))
    stamp(kind).write_text(wanted(kind))


def install(*what):
    """Install into the virtual environment with the pip of the Python that runs this."""
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(BIN / "python"),
        "--disable-pip-version-check",
        "install",
    ]
    code = subprocess.call([*pip, "--quiet", *what], cwd=ROOT)
    if code:
        print("bootstrap: pip could not install what the lock file names", file=sys.stderr)
        sys.exit(code)


def stamp(kind):
    """Give the file that says what was installed."""
    return VENV / f"installed-{kind}"


def wanted(kind):
    """Give a digest of what has to be installed."""
    parts = [(ROOT / LOCKS[kind]).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), sys.version.encode()]
    return hashlib.sha256(b"\0".join([*parts, os.fsencode(ROOT)])).hexdigest()


def call(command):
    """Run a command of the virtual environment in this folder."""
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"}
    return subprocess.call([str(BIN / command[0]), *command[1:]], cwd=ROOT, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
