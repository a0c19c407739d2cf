"""What an entry's text shows of an article."""

from __future__ import annotations

import pytest

from feeds.write.content import text
from tests.values import entry


@pytest.mark.parametrize(
    ("dateline", "body", "shown"),
    [
        ("OSLO", "Norway opened a harbour.", "<p>OSLO – Norway opened a harbour.</p>"),
        ("OSLO", "OSLO, Dec 4 (Reuters) - Norway opened.", "<p>OSLO, Dec 4 (Reuters) - Norway opened.</p>"),
        ("Oslo", "(OSLO) Norway opened.", "<p>(OSLO) Norway opened.</p>"),
        ("北京", "【新华社北京12月4日电】挪威开港。", "<p>【新华社北京12月4日电】挪威开港。</p>"),
        ("北京", "挪威开港。", "<p>北京 – 挪威开港。</p>"),
    ],
)
def test_a_dateline_stands_once(dateline: str, body: str, shown: str) -> None:
    """A text from a page prints its own; one from a wire has it apart."""
    assert text(entry(dateline=dateline, body=(body,), captions=(), standfirst=None).article) == [shown]


def test_a_dateline_without_a_text_is_left_out() -> None:
    """There is nothing that it could open."""
    assert text(entry(dateline="OSLO", body=(), captions=(), standfirst=None).article) == []
