"""The command says what it does, what went wrong, and nothing else."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import timedelta

import pytest

from feeds.cli import main
from tests.conftest import NOW, ROOT, Newsroom, capture


@pytest.mark.parametrize("command", ["build", "show", "list", "explain", "check"])
def test_every_command_shows_examples(newsroom: Newsroom, command: str) -> None:
    """A help text without one is a riddle."""
    text = newsroom.run(command, "--help").stdout

    assert f"feeds {command}" in text.split("Options:")[0].split("\n", 2)[2]


def test_the_readme_documents_every_command() -> None:
    """And names none that is not there."""
    named = set(re.findall(r"^\| `feeds (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert named == set(main.commands)


def test_the_readme_documents_every_configuration_key() -> None:
    """And no other."""
    from msgspec.structs import fields

    from feeds.config import Selection, Site

    named = set(re.findall(r"^\| `((?:site|feeds)\.\w+)`", (ROOT / "README.md").read_text(), re.MULTILINE))

    assert named == {f"site.{f.name}" for f in fields(Site)} | {f"feeds.{f.name}" for f in fields(Selection)}


def test_a_build_is_silent_when_all_is_well(newsroom: Newsroom) -> None:
    """Cron mails whatever is printed."""
    newsroom.add("a.txt", capture())
    result = newsroom.run("build", "--base-url", "https://news.example")

    assert (result.exit_code, result.output) == (0, "")


def test_a_missing_address_is_said_once_in_one_line(newsroom: Newsroom) -> None:
    """Relative links are a choice that should be known."""
    newsroom.add("a.txt", capture())

    first = newsroom.run("build").output
    assert first.startswith("feeds: note: site.base_url is not set: links are relative, ")
    assert first.count("\n") == 1
    newsroom.add(
        "b.txt", capture("Sweden Closes a School", "A school in Lund in Sweden closes in June, it said.")
    )
    assert newsroom.run("build").output == ""


def test_show_prints_the_whole_contract(newsroom: Newsroom) -> None:
    """One object a line, with every field, whatever the article has."""
    newsroom.add("a.txt", capture())
    (line,) = newsroom.run("show", "--json", "seeds").stdout.splitlines()
    row = json.loads(line)

    assert list(row) == [
        *("source", "line", "headline", "standfirst", "body", "captions", "byline", "agency", "dateline"),
        *("language", "url", "image", "published", "updated", "precision", "basis", "countries", "topics"),
        "confidence",
    ]
    assert row["source"] == "seeds/a.txt"
    assert row["captions"] == [{"text": "Ships at the quay in Bergen", "credit": "Reuters"}]
    assert row["countries"][0]["code"] == "NO"
    assert not (newsroom.root / "feeds.db").exists()


def test_show_explains_each_line_of_a_capture(newsroom: Newsroom) -> None:
    """Its role, and why it has it."""
    newsroom.add("a.txt", capture())
    text = newsroom.run("show", "--explain", "seeds/a.txt").stdout

    assert "seeds/a.txt:1: headline: Norway Opens a New Harbour in Bergen" in text


def test_list_gives_feeds_articles_and_problems(newsroom: Newsroom) -> None:
    """As lines of tabs, or as JSON."""
    newsroom.add("a.txt", capture())
    newsroom.add("b.txt", "")
    newsroom.build(code=1)

    rows = [json.loads(line) for line in newsroom.run("list", "feeds", "--json").stdout.splitlines()]
    assert rows[0] == {"slug": "all", "title": "Feeds: all articles", "articles": 1, "mentions": 0}
    assert "countries/no\tNorway\t1\t0" in newsroom.run("list", "countries").stdout
    assert "topics/" not in newsroom.run("list", "countries").stdout
    assert "Norway Opens a New Harbour in Bergen" in newsroom.run("list", "articles").stdout
    assert newsroom.run("list", "problems").stdout.startswith("seeds/b.txt\t\tempty")


def test_show_explains_no_lines_of_a_web_page(newsroom: Newsroom) -> None:
    """It says what it is, and not the lines of its markup."""
    newsroom.add(
        "a.html", "<!doctype html><html><body><h1>Harbour</h1><p>Norway opened it.</p></body></html>"
    )
    text = newsroom.run("show", "--explain", "seeds/a.html").stdout

    assert text == "seeds/a.html: a web page: only the lines of a text capture have roles\n"


def test_explain_says_why_an_article_is_dated_and_tagged_so(newsroom: Newsroom) -> None:
    """By its id or a part of it; and why it is, or is not, in a feed."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    part = newsroom.feed().entries[0].id[-12:]

    text = newsroom.run("explain", part).stdout
    assert "published: undated." in text
    assert "country: NO subject" in text
    assert newsroom.run("explain", part, "--feed", "all").stdout == "all: in it, as every article is\n"
    for slug, why in (
        ("countries/no", 'in it, for "Norway'),
        ("countries/ge", "not in it, for nothing in the article speaks for Georgia"),
        ("topics/weather", "not in it, for nothing in the article speaks for weather"),
        ("regions/150", "not in it, for nothing in the article speaks for Europe"),
    ):
        assert newsroom.run("explain", part, "--feed", slug).stdout.startswith(f"{slug}: {why}"), slug
    for arguments, why in (
        (("no-such-id",), "no-such-id: no article of that id"),
        ((part, "--feed", "countries/xx"), "countries/xx: there is no such feed"),
        ((part, "--feed", "nonsense"), "nonsense: there is no such feed"),
    ):
        missing = newsroom.run("explain", *arguments)
        assert (missing.exit_code, missing.stdout) == (2, "")
        assert missing.stderr.startswith(f"feeds: {why}")


def test_check_passes_what_build_wrote_and_sees_what_is_broken(newsroom: Newsroom) -> None:
    """The schema, the links, the dates, the ids."""
    newsroom.add("a.txt", capture())
    newsroom.build("--base-url", "https://news.example/")
    assert (newsroom.run("check").exit_code, newsroom.run("check").output) == (0, "")

    path = newsroom.output / "countries/no.atom"
    good = path.read_text()
    for old, new, line in (
        ("<title>Norway</title>", "", "RFC 4287"),
        ("</feed>", "", "not well-formed XML"),
        ("<?xml version='1.0' encoding='UTF-8'?>", "<!DOCTYPE feed [<!ENTITY x 'y'>]>", "DOCTYPE"),
        ("/articles/", "/article/", "a link to a page that is not there"),
        ("Norway Opens a New Harbour in Bergen</title>", "X</title>", "the entry differs from the one"),
        ("2025-12-24T09:00:00", "2035-12-24T09:00:00", "an implausible updated date"),
        (
            'rel="alternate" type="text/html"/>\n  </entry>',
            'rel="via"/></entry>',
            "first link is no alternate",
        ),
        (
            "</entry>",
            "</entry>" + good[good.index("<entry>") : good.index("</entry>") + 8],
            "2 entries share the id",
        ),
    ):
        assert old in good
        path.write_text(good.replace(old, new))
        result = newsroom.run("check")
        assert (result.exit_code, line in result.stderr) == (1, True), (old, result.stderr)


def test_usage_configuration_and_output_faults_have_their_codes(newsroom: Newsroom) -> None:
    """One line each, never a traceback."""
    newsroom.add("a.txt", capture())
    (newsroom.root / "bad.toml").write_text("[site]\ntitel = 1\n")
    (newsroom.root / "file").write_text("x")
    (newsroom.root / "other.db").write_text("x" * 5000)

    for code, arguments in (
        (2, ["biuld"]),
        (2, ["build", "--now", "yesterday"]),
        (78, ["build", "-c", "bad.toml"]),
        (78, ["build", "-c", "missing.toml"]),
        (78, ["build", "--base-url", "news.example"]),
        (78, ["build", "--base-url", "javascript:alert(1)"]),
        (78, ["build", "--store", "other.db"]),
        (78, ["list", "feeds"]),
        (74, ["build", "-o", "file"]),
        (74, ["build", "no-such-folder"]),
        (2, ["check", "no-such-folder"]),
    ):
        result = newsroom.run(*arguments)
        assert result.exit_code == code, (arguments, result.output)
        assert "Traceback" not in result.output
        assert result.stderr.count("\n") == 1 or code == 2, result.stderr


def test_the_clock_is_given_by_option_or_environment(newsroom: Newsroom) -> None:
    """--now comes before SOURCE_DATE_EPOCH."""
    newsroom.add("a.txt", capture())
    newsroom.build("--now", "2025-12-24T12:00:00+03:00", now=NOW + timedelta(days=9))

    assert newsroom.feed().entries[0].updated == "2025-12-24T09:00:00+00:00"


def loaded(*arguments: str) -> set[str]:
    """Give the modules that a command loads, by python -X importtime."""
    result = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "feeds", *arguments],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    return {
        line.rpartition("|")[2].strip()
        for line in result.stderr.splitlines()
        if line.startswith("import time")
    }


HEAVY = {"lxml", "feedgen", "jinja2", "dateutil.parser", "charset_normalizer", "babel", "trafilatura"}


def test_help_loads_nothing_heavy() -> None:
    """A command that starts slowly is used less."""
    assert not loaded("--help") & HEAVY


def test_a_build_with_nothing_new_loads_nothing_heavy(newsroom: Newsroom) -> None:
    """It runs every few minutes."""
    newsroom.add("a.txt", capture())
    where = ("--store", str(newsroom.root / "s.db"), "-o", str(newsroom.output), str(newsroom.root / "seeds"))
    loaded("build", *where)

    assert not loaded("build", *where) & HEAVY


@pytest.mark.parametrize(
    ("code", "output", "command"),
    [
        (74, "stderr", "build none"),
        (2, "stderr", "biuld"),
        (2, "stderr", "build --now yesterday"),
        (0, "stderr", "--help"),
        (74, "stdout", "--help"),
        (74, "stdout", "host nginx"),
        (2, "both", "biuld"),
        (74, "both", "--help"),
        (74, "both", "host nginx"),
    ],
)
def test_the_exit_code_stands_where_nothing_can_be_said(
    newsroom: Newsroom, code: int, output: str, command: str
) -> None:
    """The disk that is full may hold the log, too; what the outputs hold back fails as Python ends."""
    buffered = {key: value for key, value in os.environ.items() if key != "PYTHONUNBUFFERED"}
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        out, err = (full if output in (name, "both") else subprocess.PIPE for name in ("stdout", "stderr"))
        call = [sys.executable, "-m", "feeds", *command.split()]
        done = subprocess.run(call, stdout=out, stderr=err, cwd=newsroom.root, env=buffered)

    assert done.returncode == code
    if output == "stdout":
        assert done.stderr == b"feeds: standard output: No space left on device\n"
