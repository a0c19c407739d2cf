"""Articles are found by their words, those that they have now."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.store import Store
from tests.conftest import NOW, Newsroom, capture

NORWAY = "Norway Opens a New Harbour in Bergen"
SWEDEN = "Sweden Closes a School in Lund"
CHINA = "伊朗外长访问北京"


@pytest.fixture
def filled(newsroom: Newsroom) -> Newsroom:
    """Give a newsroom with three articles."""
    newsroom.add("a.txt", capture())
    newsroom.add("b.txt", capture(SWEDEN, "Ängelholm and Lund in Sweden close a school in June, it said."))
    newsroom.add("c.txt", capture(CHINA, "伊朗外长周一访问北京，与中方讨论核协议，双方同意继续谈判。"))
    newsroom.build()
    return newsroom


def found(newsroom: Newsroom, query: str) -> set[str]:
    """Search, and give the headlines."""
    lines = newsroom.run("list", "articles", "--json", "--search", query).stdout.splitlines()
    return {json.loads(line)["headline"] for line in lines}


@pytest.mark.parametrize(
    ("query", "headlines"),
    [
        ("harbour", {NORWAY, SWEDEN, CHINA}),  # in the text of each
        ("bergen HARBOUR", {NORWAY}),
        ("angelholm", {SWEDEN}),
        ("harb* -lund -北京", {NORWAY}),
        ('"new harbour"', {NORWAY}),
        ('"harbour new"', set()),
        ("bergen lund", set()),
        ("核协议", {CHINA}),
        ("核协议 bergen", set()),
        ("OR", set()),  # a word, and no operator
        ("lund) OR (bergen", set()),
        ("it's", set()),
    ],
)
def test_articles_are_found_by_their_words(filled: Newsroom, query: str, headlines: set[str]) -> None:
    """All of them have to be there, whatever their case and accents, also where no spaces are written."""
    assert found(filled, query) == headlines


@pytest.mark.parametrize("arguments", [["articles", "--search", "-x"], ["feeds", "--search", "x"]])
def test_a_search_for_nothing_is_a_usage_error(filled: Newsroom, arguments: list[str]) -> None:
    """As is one of what can't be searched."""
    result = filled.run("list", *arguments)

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1


def test_a_corrected_article_is_found_by_its_new_words_alone(filled: Newsroom) -> None:
    """The old ones are taken out of the index."""
    filled.add("a.txt", capture("Norway Opens New Bergen Quay After Long Talks"))
    filled.build(now=NOW + timedelta(hours=1))

    assert found(filled, "quay talks bergen") == {"Norway Opens New Bergen Quay After Long Talks"}
    assert found(filled, '"new harbour in bergen this"') == {"Norway Opens New Bergen Quay After Long Talks"}
    assert found(filled, '"harbour in bergen" opens') == {"Norway Opens New Bergen Quay After Long Talks"}
    assert found(filled, '"opens a new"') == set()


def test_a_store_from_before_the_search_is_indexed(filled: Newsroom) -> None:
    """By the migration, from the articles that it holds."""
    path = Path(filled.root / "feeds.db")
    with closing(sqlite3.connect(path)) as db:
        db.executescript(
            "DROP TABLE search; DROP INDEX keys_article; ALTER TABLE facts DROP COLUMN checksum;"
            "DROP INDEX problems_told; ALTER TABLE problems DROP COLUMN source;"
            "ALTER TABLE problems DROP COLUMN told; PRAGMA user_version=3;"
        )
    Store(path).close()

    assert found(filled, "bergen") == {NORWAY}
