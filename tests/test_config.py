"""A configuration that can't be used names its line and key, with a suggestion."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feeds.config import Config, load
from feeds.model import ConfigError
from tests.conftest import Newsroom


def write(folder: Path, text: str) -> Path:
    """Write feeds.toml."""
    path = folder / "feeds.toml"
    path.write_text(text)
    return path


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    """Nothing has to be configured."""
    assert load(write(tmp_path, "")) == Config()


def test_every_key_is_read(tmp_path: Path) -> None:
    """What is written is what is used."""
    config = load(
        write(
            tmp_path,
            '[site]\ntitle = "T"\nbase_url = "https://a.example/b"\ntime_zone = "Asia/Riyadh"\n'
            '[feeds]\nlimit = 7\nmentions = true\n[sources]\n"nrk.no" = "NO"\n',
        )
    )

    assert (config.site.title, config.site.base_url, config.feeds.limit) == ("T", "https://a.example/b", 7)
    assert config.feeds.mentions
    assert config.zone().key == "Asia/Riyadh"
    assert config.sources == {"nrk.no": "NO"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[site]\ntitle = "T"\ntitel = "U"\n', "3: site.titel: unknown key, did you mean 'title'?"),
        ("\n[feed]\n", "2: feed: unknown key, did you mean 'feeds'?"),
        ('[feeds]\nlimit = "7"\n', "2: feeds.limit: expected a whole number, not '7'"),
        (
            '[renamed]\n"topics/a" = "topics/b"\n"topics/b" = "topics/a"\n',
            "2: renamed.topics/a: comes back to itself, expected a slug that is not renamed",
        ),
        (
            '[renamed]\n"topics/a" = "countries/b"\n',
            "2: renamed.topics/a: expected a slug in topics/, not 'countries/b'",
        ),
        ("[feeds]\nlimit = 0\n", "2: feeds.limit: expected 1 or more, not 0"),
        ("[feeds]\nlimit = true\n", "2: feeds.limit: expected a whole number, not True"),
        ('[site]\nbase_url = "news.example"\n', "2: site.base_url: expected an http or https URL"),
        ('[site]\nbase_url = "javascript:alert(1)"\n', "2: site.base_url: expected an http or https URL"),
        ('[site]\ntime_zone = "Mars/Base"\n', "2: site.time_zone: expected an IANA zone"),
        ('[site]\nlanguage = "english please"\n', "2: site.language: expected a BCP 47 tag"),
        ('[site]\ntitle = " "\n', "2: site.title: expected some text"),
        (
            '[sources]\n"nrk.no" = "Norway"\n',
            "2: sources.nrk.no: expected an ISO 3166-1 alpha-2 code, not 'Norway'",
        ),
        ('[feeds]\nregions = ["999"]\n', "2: feeds.regions: expected a UN M49 region such as 150, not '999'"),
        ("[topics.a]\nlabel = 'A'\n", "1: topics.a: expected terms under 'any' or 'all'"),
        ("[topics.a]\nany = ['x']\n", "1: topics.a: expected a key 'label'"),
        ("[topics.A_b]\nlabel = 'A'\nany = ['x']\n", "1: topics.A_b: expected a slug"),
        (
            "[topics.election]\nlabel = 'A'\nany = ['x']\n",
            "1: topics.election: is the feed of medtop:20000574 already, choose another slug",
        ),
        ("[topics.a]\nlabel = 'A'\nany = 'x'\n", "3: topics.a.any: expected a list of strings, not 'x'"),
        (
            "[topics.a]\nlabel = 'A'\nany = ['x']\nparent = 'medtop:1'\n",
            "4: topics.a.parent: expected a Media Topic",
        ),
        (
            "[topics.a]\nlabel = 'A'\nany = ['x']\ncountries = ['XX']\n",
            "4: topics.a.countries: expected an ISO",
        ),
        (
            "[topics.a]\nlabel = 'A'\nany = ['*']\n",
            "3: topics.a.any: expected a word or phrase, with a star at",
        ),
        (
            "[topics.a]\nlabel = 'A'\nany = ['a*b']\n",
            "3: topics.a.any: expected a word or phrase, with a star",
        ),
        ("[[mixes]]\nslug='a'\ntitle='A'\nnone=['...']\n", "4: mixes.1.none: expected a word or phrase"),
        ("[[mixes]]\nslug='a'\ntitle='A'\n", "1: mixes.1: expected a condition"),
        (
            "[[mixes]]\nslug='a'\ntitle='A'\nany=['x']\n[[mixes]]\nslug='b'\ntitle='B'\ntopics=['y']\n",
            "8: mixes.2.topics: expected medtop:20000638 or the slug of a topic of yours, not 'y'",
        ),
        (
            "[[mixes]]\nslug='a'\ntitle='A'\nany=['x']\n[[mixes]]\nslug='a'\ntitle='B'\nany=['y']\n",
            "6: mixes.2.slug: a second mix of the slug 'a'",
        ),
        ("site = 3\n", "1: site: expected a table"),
        ("[site\n", "Expected ']'"),
    ],
)
def test_a_fault_names_its_line_and_key(tmp_path: Path, text: str, message: str) -> None:
    """One line says where it is and what was expected."""
    path = write(tmp_path, text)

    with pytest.raises(ConfigError) as raised:
        load(path)

    assert message in str(raised.value)
    assert str(raised.value).startswith(f"{path}:")
    assert "\n" not in str(raised.value)


def test_a_file_that_is_no_utf8_is_said(tmp_path: Path) -> None:
    """TOML is UTF-8."""
    path = tmp_path / "feeds.toml"
    path.write_bytes(b'[site]\ntitle = "\xff"\n')

    with pytest.raises(ConfigError, match="not UTF-8 at byte 16"):
        load(path)


# Forty configurations that can't be used: the text, and the line after the file's name.
BAD = [
    ("[site]\ntitel = 'x'\n", "2: site.titel: unknown key, did you mean 'title'?"),
    ("[Site]\n", "1: Site: unknown key, did you mean 'site'?"),
    ("[feed]\nlimit = 3\n", "1: feed: unknown key, did you mean 'feeds'?"),
    ("[[mix]]\nslug = 'a'\n", "1: mix: unknown key, did you mean 'mixes'?"),
    ("[topic.a]\nlabel = 'A'\n", "1: topic: unknown key, did you mean 'topics'?"),
    ("[source]\n", "1: source: unknown key, did you mean 'sources'?"),
    ("limit = 3\n", "1: limit: unknown key, it belongs into [feeds]"),
    ("[site]\nlimit = 3\n", "2: site.limit: unknown key, it belongs into [feeds]"),
    ("[feeds]\nbase_url = 'https://a.example'\n", "2: feeds.base_url: unknown key, it belongs into [site]"),
    ("[zzz]\n", "1: zzz: unknown key, expected one of site, feeds, sources, topics, mixes"),
    ("site.titel = 'x'\n", "1: site.titel: unknown key, did you mean 'title'?"),
    ("\nsite = { titel = 'x' }\n", "2: site.titel: unknown key, did you mean 'title'?"),
    ('[site]\nrights = """\ntitle = 3\n"""\ntitle = 3\n', "5: site.title: expected a string, not 3"),
    ("[site]\nhub = 'hub.example'\n", "2: site.hub: expected an http or https URL, not 'hub.example'"),
    (
        "[site]\nbase_url = 'https://a.example/?x'\n",
        "2: site.base_url: expected an http or https URL without a query (?), not",
    ),
    ("[site]\ntime_zone = 'Europe/Olso'\n", "not 'Europe/Olso', did you mean 'Europe/Oslo'?"),
    ("[site]\nprecompress = ['gzip']\n", "2: site.precompress: expected one of gz, br, not 'gzip', did you"),
    ("[site]\nprecompress = 'gz'\n", "2: site.precompress: expected a list of strings, not 'gz'"),
    ("[feeds]\nformats = ['atom', 'jsno']\n", "not 'jsno', did you mean 'json'?"),
    ("[feeds]\nformats = ['html']\n", "2: feeds.formats: expected one of atom, rss, json, not 'html'"),
    ("[feeds]\ncontent = 'sumary'\n", "full, summary, not 'sumary', did you mean 'summary'?"),
    ("[feeds]\nlimit = 1.5\n", "2: feeds.limit: expected a whole number, not 1.5"),
    ("[feeds]\nlimit = -1\n", "2: feeds.limit: expected 1 or more, not -1"),
    ("[feeds]\nmin_articles = 0\n", "2: feeds.min_articles: expected 1 or more, not 0"),
    ("[feeds]\nheartbeat = -7\n", "2: feeds.heartbeat: expected 0 or more, not -7"),
    ("[feeds]\nmentions = 'yes'\n", "2: feeds.mentions: expected true or false, not 'yes'"),
    ("[feeds]\nstatus = 1\n", "2: feeds.status: expected true or false, not 1"),
    ("[feeds]\nregions = [150]\n", "2: feeds.regions: expected a list of strings, not [150]"),
    ("[feeds]\ninclude = ['contries/*']\n", "not 'contries/*', did you mean 'countries/*'?"),
    ("[feeds]\ninclude = ['countries/IR']\n", "not 'countries/IR', did you mean 'countries/ir'?"),
    ("[feeds]\nexclude = ['/countries/ir.atom']\n", "did you mean 'countries/ir'?"),
    ("[feeds]\nexclude = ['topics/[a']\n", "2: feeds.exclude: expected a pattern over slugs such as"),
    ("[feeds]\ninclude = ['countries']\n", "not 'countries', did you mean 'countries/*'?"),
    ("[feeds]\ninclude = [\n  'countries/zz',\n]\n", "2: feeds.include: expected an ISO 3166-1 alpha-2 code"),
    ("[sources]\n'a.example' = 'Norway'\n", "not 'Norway', did you mean 'NO'?"),
    (
        "[sources]\n'a.example' = 'no'\n",
        "2: sources.a.example: expected an ISO 3166-1 alpha-2 code, not 'no',",
    ),
    ("[topics.a]\nlable = 'A'\nany = ['x']\n", "2: topics.a.lable: unknown key, did you mean 'label'?"),
    ("[mixes]\nslug = 'a'\n", "1: mixes: expected [[mixes]]"),
    (
        "[[mixes]]\nslug='a'\ntitle='A'\nany=['x']\n\n[[mixes]]\nslug='b'\ntitle='B'\ncountry=['IR']\n",
        "9: mixes.2.country: unknown key, did you mean 'countries'?",
    ),
    ("[[mixes]]\ntitle='A'\nany=['x']\n", "1: mixes.1: expected a key 'slug'"),
    ("[site]\ntitle = Feeds\n", "2: site.title: not TOML: Invalid value at column 9"),
    ("[site]\ntitle = 'a'\ntitle = 'b'\n", "3: site.title: not TOML: Cannot overwrite a value at column"),
    ("[site]\ntitle = 'a'\n[site]\n", "twice at column 6 (it stands in line 1, too)"),
    ("[site]\ntitle = 'a\n", "2: site.title: not TOML: "),
    ("[feeds]\nformats = ['atom'\n", "2: feeds.formats: not TOML: "),
    ("a = " + "[" * 9_999, "1: a: not TOML: Nested too deeply"),
    ("[feeds]\nlimit = " + "9" * 9_999, "2: feeds.limit: not TOML: A number of too many digits"),
    ("[feeds]\nlimit = " + "9" * 30, "2: feeds.limit: expected 1000000 or less"),
    ("[feeds]\nheartbeat = 99999999\n", "2: feeds.heartbeat: expected 36500 or less"),
    ('[site]\n"a\\nb\\u001b" = 1\n', "1: site.a\\nb\\x1b: unknown key"),
    ("[site]\nbase_url = 'https://a b.example/'\n", "2: site.base_url: expected an http or https URL"),
    ("[site]\nbase_url = 'https://me:it@a.example/'\n", "2: site.base_url: expected an http or https URL"),
    ("[site]\nbase_url = 'https://a.example:99999/'\n", "2: site.base_url: expected an http or https URL"),
]


def test_a_configuration_that_is_no_file_does_not_hold_the_run(newsroom: Newsroom) -> None:
    """Nor does one that is named and not there pass for none."""
    newsroom.run("build")
    missing = newsroom.run("build", "-c", "other.toml")
    os.mkfifo(newsroom.root / "feeds.toml")
    pipe = newsroom.run("build")

    assert missing.exit_code == pipe.exit_code == 78
    assert missing.stderr == "feeds: other.toml: No such file or directory\n"
    assert pipe.stderr == "feeds: feeds.toml: not a regular file, expected a TOML file\n"


@pytest.mark.parametrize(("text", "message"), BAD)
def test_a_bad_configuration_is_one_clear_line(newsroom: Newsroom, text: str, message: str) -> None:
    """File, line, key, what was expected, and what may have been meant; the exit code says so, too."""
    (newsroom.root / "feeds.toml").write_text(text)
    result = newsroom.run("build")

    assert result.exit_code == 78
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("feeds: feeds.toml:")
    assert message in line
    assert line.split(":")[2].isdigit()
    assert not (newsroom.root / "feeds.db").exists()


def test_patterns_over_slugs_are_read(tmp_path: Path) -> None:
    """As a shell would."""
    patterns = ["all", "countries/*", "countries/ir", "topics/[a-m]*", "*/i?", "mixes/gulf-*", "status"]
    path = write(tmp_path, f"[feeds]\ninclude = {patterns!r}\n")

    assert load(path).feeds.include == tuple(patterns)


def test_the_folders_of_slugs_are_those_of_the_feeds() -> None:
    """What a pattern may begin with, and what there is."""
    from feeds import config, selection

    assert set(config.FOLDERS) == set(selection.FOLDERS.values())
    assert selection.ALL in config.ALONE
