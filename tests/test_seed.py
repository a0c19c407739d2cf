"""The seed document becomes the feeds that an editor would make of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SEED, Newsroom

GOLDEN = Path(__file__).parent / "golden" / "seed"


@pytest.fixture
def seeded(newsroom: Newsroom) -> Newsroom:
    """Give a newsroom with the seed document."""
    newsroom.add(SEED.name, SEED.read_bytes())
    return newsroom


@pytest.fixture
def shown(seeded: Newsroom) -> list[dict[str, Any]]:
    """Give what `feeds show` reads from it."""
    return [json.loads(line) for line in seeded.run("show", "--json", "seeds").stdout.splitlines()]


def test_it_holds_four_articles_with_all_their_paragraphs(shown: list[dict[str, Any]]) -> None:
    """Furniture and repeats are gone, and nothing else is."""
    assert [(row["line"], len(row["body"])) for row in shown] == [(1, 31), (76, 13), (114, 6), (138, 8)]
    assert [row["headline"][:12] for row in shown] == [
        "Putin, Raisi",
        "Russia Pledg",
        "Turkish Agen",
        "Iran Arrests",
    ]
    for row in shown:
        texts = [*row["body"], row["headline"], row["standfirst"]]
        assert "TT" not in texts
        assert not [c["text"] for c in row["captions"] if c["text"] in " ".join(row["body"])]


def test_its_captions_carry_their_credits(shown: list[dict[str, Any]]) -> None:
    """Once each, with the agency as printed."""
    assert [[c["credit"] for c in row["captions"]] for row in shown] == [
        ["AFP"],
        ["Reuters"],
        ["File/Reuters"],
        ["File photo: Reuters"],
    ]


def test_it_dates_only_what_has_evidence_of_its_own(shown: list[dict[str, Any]]) -> None:
    """The second by its caption and its lead; the others print nothing that dates them."""
    assert [row["published"] and row["published"][:10] for row in shown] == [None, "2025-12-22", None, None]
    assert shown[1]["precision"] == "day"
    assert "21 December 2025" in shown[1]["basis"] and "Monday" in shown[1]["basis"]
    assert all(row["basis"] for row in shown)


@pytest.mark.parametrize(
    ("index", "subjects", "may_be"),
    [
        (0, {"RU", "IR"}, set()),
        (1, {"RU", "VE"}, {"US"}),
        (2, {"TR", "AF", "PK"}, set()),
        (3, {"IR", "NO"}, set()),
    ],
)
def test_its_countries_are_an_editors(
    shown: list[dict[str, Any]], index: int, subjects: set[str], may_be: set[str]
) -> None:
    """Not what a caption, a credit or an agency names."""
    found = {c["code"] for c in shown[index]["countries"] if c["role"] == "subject"}

    assert subjects <= found <= subjects | may_be


@pytest.mark.parametrize(
    ("index", "labels"),
    [
        (0, {"politics and government", "international relations"}),
        (1, {"international relations"}),
        (2, {"terrorism", "arrest"}),
        (3, {"arrest", "crime, law and justice"}),
    ],
)
def test_its_topics_are_an_editors(shown: list[dict[str, Any]], index: int, labels: set[str]) -> None:
    """With the concepts above them."""
    found = {t["label"] for t in shown[index]["topics"]}

    assert labels <= found


def test_every_tag_has_its_evidence(shown: list[dict[str, Any]]) -> None:
    """A reader can follow why."""
    for row in shown:
        assert all(tag["evidence"] and 0 <= tag["score"] <= 1 for tag in row["countries"] + row["topics"])


def test_its_output_is_the_golden_one(seeded: Newsroom, request: pytest.FixtureRequest) -> None:
    """Every byte of it, under a fixed clock; `pytest --update` rewrites it, and the diff is the review."""
    seeded.build("--base-url", "https://news.example/")
    if request.config.getoption("--update"):
        shutil.rmtree(GOLDEN, ignore_errors=True)
        shutil.copytree(seeded.output, GOLDEN)

    golden = {p.relative_to(GOLDEN).as_posix(): p.read_bytes() for p in GOLDEN.rglob("*") if p.is_file()}
    assert seeded.files().keys() == golden.keys()
    for path, data in seeded.files().items():
        assert data == golden[path], path
    assert seeded.run("check").output == ""
