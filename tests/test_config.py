"""A configuration that can't be used names its line and key, with a suggestion."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.config import Config, load
from feeds.model import ConfigError


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
