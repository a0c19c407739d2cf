"""The JSON lines that go in and come out."""

from __future__ import annotations

import json

import pytest

from feeds.tag import lines


def test_each_line_gives_one_line_in_order() -> None:
    """An article a line in, its countries and topics a line out, with the id it came with."""
    articles = [
        '{"id": "a", "headline": "Peru votes", "body": ["Peru held an election."]}',
        '{"id": "b"}',
        "\n",
    ]
    first, second = map(json.loads, lines(articles))

    assert [first["id"], second["id"]] == ["a", "b"]
    assert first["countries"][0]["code"] == "PE"
    assert first["topics"][0]["code"] == "medtop:11000000"
    assert second == {"id": "b", "countries": [], "topics": []}


@pytest.mark.parametrize(
    "line", ["{", "[]", "5", '{"body": "one text"}', '{"headline": 5}', '{"home": "XX"}']
)
def test_bad_line_is_named(line: str) -> None:
    """What is no article is refused with the number of its line."""
    with pytest.raises(ValueError, match="line 2: "):
        list(lines(["{}", line]))
