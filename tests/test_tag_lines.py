"""The JSON lines that go in and come out."""

from __future__ import annotations

import json

import pytest

from feeds.model import Problem
from feeds.tag import lines
from tests.conftest import Newsroom


def test_each_line_gives_one_line_in_order() -> None:
    """An article a line in, its countries and topics a line out, with the id it came with."""
    articles = [
        '{"id": "a", "headline": "Peru votes", "body": ["Peru held an election."]}',
        '{"id": "b"}',
        "\n",
    ]
    first, second = map(json.loads, map(str, lines(articles)))

    assert [first["id"], second["id"]] == ["a", "b"]
    assert first["countries"][0]["code"] == "PE"
    assert first["topics"][0]["code"] == "medtop:11000000"
    assert second == {"id": "b", "countries": [], "topics": []}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("[]", "not a JSON object"),
        ("5", "not a JSON object"),
        ('{"body": [5]}', "body is no list of paragraphs"),
        ('{"headline": 5}', "headline is no text"),
        ('{"home": "XX"}', "home is no country code: XX"),
    ],
)
def test_bad_line_is_named_and_costs_only_itself(line: str, said: str) -> None:
    """What is no article is refused with the number of its line; the next one is tagged."""
    first, bad, last = lines(['{"id": 1}', line, '{"id": 3}'])

    assert isinstance(bad, Problem)
    assert (bad.line, bad.message.startswith(said)) == (2, True)
    assert [json.loads(str(first))["id"], json.loads(str(last))["id"]] == [1, 3]


def test_body_may_be_one_text() -> None:
    """Its lines are paragraphs; a byte order mark before the first line is no part of it."""
    (tagged,) = map(json.loads, map(str, lines(['\ufeff{"body": "Peru votes.\\n\\nLima is calm."}'])))

    assert tagged["countries"][0]["code"] == "PE"


def test_command_names_bad_lines_and_goes_on(newsroom: Newsroom) -> None:
    """On standard error, and in its exit code."""
    (newsroom.root / "articles.jsonl").write_bytes(b'{"id": 1}\n{bad\n{"id": 3, "headline": "Per\xff"}\n')
    result = newsroom.run("tag", "articles.jsonl")

    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, 3]
    assert "articles.jsonl:2: not JSON" in result.stderr
