"""The README, the schema and the file of `feeds init` say of each key what the program does."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import jsonschema
import pytest
from msgspec import Struct

from feeds import schema
from feeds.config import Config, Selection, Site, keys, load
from feeds.model import ConfigError
from tests.conftest import ROOT, Newsroom

SECTIONS: dict[str, type[Struct]] = {"site": Site, "feeds": Selection}


def test_the_shipped_schema_is_that_of_the_structs() -> None:
    """After a change: `python tools/make_schema.py`."""
    jsonschema.Draft202012Validator.check_schema(schema.schema())

    assert schema.shipped() == schema.dump()


def test_the_readme_says_of_each_key_what_the_program_says() -> None:
    """Its default and its meaning, in the same words and order."""
    text = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| `((?:site|feeds)\.\w+)` \| (.*?) \| (.*) \|$", text, re.MULTILINE)

    assert rows == [
        (f"{name}.{key.name}", f"`{schema.default(key)}`", schema.meaning(key))
        for name, kind in SECTIONS.items()
        for key in keys(kind)
    ]


def test_init_writes_a_file_that_changes_nothing(tmp_path: Path) -> None:
    """Neither as it is, nor with each default spelt out."""
    path = tmp_path / "feeds.toml"
    path.write_text(schema.commented())
    assert load(path) == Config()

    before_examples = schema.commented().partition("[sources]")[0]
    path.write_text(re.sub(r"(?m)^# (\w+ = )", r"\1", before_examples))
    data = tomllib.loads(path.read_text())
    assert {name: list(data[name]) for name in SECTIONS} == {
        name: [key.name for key in keys(kind)] for name, kind in SECTIONS.items()
    }
    assert load(path) == Config()


def test_the_examples_of_init_can_be_used(tmp_path: Path) -> None:
    """Take the # away, give a condition, and it holds."""
    path = tmp_path / "feeds.toml"
    text = schema.commented().replace("any = []", 'any = ["enrich*"]')
    path.write_text(re.sub(r'(?m)^# (\w+ = |\[|")', r"\1", text))
    config = load(path)

    assert [topic.slug for topic in config.topics] == ["nuclear-deal"]
    assert [mix.slug for mix in config.mixes] == ["gulf-energy"]
    jsonschema.validate(tomllib.loads(path.read_text()), schema.schema())


@pytest.mark.parametrize(
    "text",
    [
        "[site]\ntitel = 'x'\n",
        "[feeds]\nlimit = 0\n",
        "[feeds]\nlimit = '7'\n",
        "[feeds]\nformats = ['rs']\n",
        "[feeds]\ncontent = 'ful'\n",
        "[site]\nprecompress = ['zst']\n",
        "[topics.a]\nany = ['x']\n",
        "[topics.A_b]\nlabel = 'A'\nany = ['x']\n",
        "[[mixes]]\nslug = 'a b'\ntitle = 'A'\nany = ['x']\n",
        "[sources]\n'nrk.no' = 'Norway'\n",
        "[nothing]\n",
    ],
)
def test_the_schema_refuses_what_the_program_refuses(tmp_path: Path, text: str) -> None:
    """An editor marks it before a build does."""
    path = tmp_path / "feeds.toml"
    path.write_text(text)

    with pytest.raises(ConfigError):
        load(path)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(text), schema.schema())


def test_every_key_has_a_meaning_of_one_line() -> None:
    """It stands in a table, a comment and a schema."""
    for kind in SECTIONS.values():
        for key in keys(kind):
            assert schema.meaning(key) and "\n" not in schema.meaning(key) and "|" not in schema.meaning(key)
            assert not key.required


def test_init_overwrites_nothing(newsroom: Newsroom) -> None:
    """A second run says so, and leaves what is there."""
    result = newsroom.run("init")
    assert (result.exit_code, result.stdout) == (0, "feeds.toml\nfeeds.schema.json\n")
    first_line = (newsroom.root / "feeds.toml").read_text().split("\n")[0]
    assert (newsroom.root / first_line.removeprefix("#:schema ")).read_bytes() == schema.dump()

    (newsroom.root / "feeds.toml").write_text("[site]\n")
    again = newsroom.run("init")
    assert (again.exit_code, again.stderr) == (74, "feeds: feeds.toml: is there already\n")
    assert (newsroom.root / "feeds.toml").read_text() == "[site]\n"


def test_init_leaves_a_schema_that_is_not_ours(newsroom: Newsroom) -> None:
    """The file may be another one of the same name."""
    (newsroom.root / "feeds.schema.json").write_text("{}")

    assert newsroom.run("init").stdout == "feeds.toml\n"
    assert (newsroom.root / "feeds.schema.json").read_text() == "{}"
    assert json.loads(newsroom.run("init", "--schema").stdout) == schema.schema()
