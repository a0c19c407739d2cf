"""The examples in docs/ can be used as they are."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from feeds.cli import main
from feeds.hosting import Served, files
from tests.conftest import ROOT, Newsroom, capture, needed

EXAMPLES = ROOT / "docs" / "examples"


def commands() -> list[str]:
    """Give the command lines of feeds in the examples and the texts."""
    paths = sorted([*EXAMPLES.iterdir(), *ROOT.glob("docs/*.md")])
    found = re.findall(
        r'(?:^|[ /&])feeds"? ((?:build|ping|serve|host|check) [^`#\n>&|]*)',
        "\n".join(p.read_text() for p in paths),
    )
    return list(dict.fromkeys(line.strip() for line in found))


@pytest.mark.parametrize("line", commands())
def test_each_command_line_is_one_that_the_program_takes(line: str) -> None:
    """Its options are there."""
    name, *arguments = shlex.split(re.sub(r"\$\{\{.*?\}\}", "x", line))

    with main.commands[name].make_context(name, arguments) as context:
        assert context.params


def test_the_units_pass_the_check_of_systemd(tmp_path: Path) -> None:
    """With a program where the service looks for it."""
    needed("systemd-analyze")
    program = tmp_path / "feeds"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for unit in ("feeds.service", "feeds.timer"):
        text = (EXAMPLES / unit).read_text().replace("/opt/feeds/bin/feeds", str(program))
        (tmp_path / unit).write_text(
            text.replace("User=feeds", "User=root").replace("Group=feeds", "Group=root")
        )
    paths = [str(tmp_path / unit) for unit in ("feeds.service", "feeds.timer")]
    result = subprocess.run(["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True)

    ours = [line for line in result.stderr.splitlines() if "feeds." in line or str(tmp_path) in line]
    assert (result.returncode, ours) == (0, [])


def test_the_service_is_a_hardened_one() -> None:
    """As systemd counts exposure: 10 is none of it, 0 is all."""
    needed("systemd-analyze")
    path = EXAMPLES / "feeds.service"
    result = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", str(path)],
        capture_output=True,
        text=True,
    )

    assert result.returncode == 0, result.stdout.splitlines()[-1:]


def test_the_line_for_cron_runs_silently(newsroom: Newsroom) -> None:
    """As cron runs it: by sh, in the home folder."""
    newsroom.add("a.txt", capture())
    (newsroom.root / "news").mkdir()
    (newsroom.root / "seeds").rename(newsroom.root / "news" / "captures")
    (newsroom.root / "news" / "feeds.toml").write_text('[site]\nbase_url = "https://news.example/"\n')
    program = newsroom.root / "feeds" / "bin" / "feeds"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m feeds "$@"\n')
    program.chmod(0o755)
    (line,) = [row for row in (EXAMPLES / "feeds.cron").read_text().splitlines() if row.startswith("*/10")]
    command = line.split(maxsplit=5)[5]
    assert "%" not in command  # a line feed, in a crontab
    result = subprocess.run(
        ["sh", "-c", command.replace("/srv/www/news", str(newsroom.output))],
        env={"HOME": str(newsroom.root), "PATH": "/usr/bin:/bin"},
        cwd=newsroom.root,
        capture_output=True,
    )

    assert (result.returncode, result.stdout, result.stderr) == (0, b"", b"")
    assert "all.atom" in newsroom.files()


def test_the_workflow_is_the_one_that_is_printed() -> None:
    """By `feeds host github-pages`."""
    assert (EXAMPLES / "feeds.yml").read_text() == files("github-pages", Served())["feeds.yml"]


def test_every_text_is_reached_from_another() -> None:
    """README names the texts, the texts name the examples."""
    texts = "".join(p.read_text() for p in (ROOT / "README.md", *ROOT.glob("docs/*.md")))

    for path in (*EXAMPLES.iterdir(), *ROOT.glob("docs/*.md")):
        assert f"{path.parent.name}/{path.name}" in texts or path.name in texts, path
    assert tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["brotli"]
