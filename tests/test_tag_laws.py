"""Laws of tagging that hold for any text."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from feeds.model import RawArticle
from feeds.tag import index, tag
from feeds.tag.index import Surface, Words, by_first

EMPTY = "It was so, and it will be so."
ARTICLES = (Path(__file__).parent / "fixtures" / "articles.jsonl").read_text(encoding="utf-8").splitlines()


@settings(max_examples=60)
@given(st.text(max_size=200), st.lists(st.text(max_size=300), max_size=4), st.text(max_size=30))
def test_any_text_is_tagged_without_error(headline: str, body: list[str], dateline: str) -> None:
    """Whatever the words, scores stay within bounds and each tag has its reason."""
    for found in tag(RawArticle(headline, tuple(body), dateline=dateline)):
        assert 0 <= found.score <= 1
        assert found.evidence


@settings(max_examples=30)
@given(st.integers(min_value=0, max_value=3))
def test_sentence_without_evidence_changes_no_tag(place: int) -> None:
    """A sentence that names nothing may come or go."""
    body = ["Iran and Norway met in Oslo.", "The foreign ministers signed a treaty.", "Tehran was content."]
    longer = [*body[:place], EMPTY, *body[place:]]

    assert tag(RawArticle("Iran, Norway sign", tuple(longer), language="en")) == tag(
        RawArticle("Iran, Norway sign", tuple(body), language="en")
    )


def test_hash_seed_changes_nothing() -> None:
    """The same article has the same tags in every run."""
    program = (
        "from feeds.model import RawArticle; from feeds.tag import tag;"
        "print(tag(RawArticle('Paris and Rome meet', ('France, Italy and Germany met in Georgia.',))))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "2")
    }

    assert len(outputs) == 1


def test_longest_lines_take_linear_time() -> None:
    """A hostile line of a megabyte costs no more than its length."""
    for text in ("x" * 1_000_000, "Turkey " * 100_000, "Paris, Texas " * 20_000, "U." * 200_000):
        tag(RawArticle("Turkey and a roast with stuffing", (text,), language="en"))


@settings(max_examples=40)
@given(st.data())
def test_sentences_without_evidence_change_no_tag_of_any_article(data: st.DataObject) -> None:
    """Wherever they stand in it, and however long it is: scores and evidence stay, too."""
    articles = [json.loads(line) for line in ARTICLES]
    english = [article for article in articles if article["language"] == "en"]
    chosen = data.draw(st.lists(st.sampled_from(english), min_size=1, max_size=12))
    body = [paragraph for article in chosen for paragraph in article["body"]]
    raw = RawArticle(chosen[0]["headline"], tuple(body), language="en")
    place = data.draw(st.integers(0, len(body)))

    assert tag(replace(raw, body=(*body[:place], EMPTY, *body[place:]))) == tag(raw)


def test_what_a_crawl_goes_on_to_say_is_remembered_and_the_rest_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A million texts have a million numbers; what they share is looked up once."""
    looked_up: Counter[str] = Counter()

    class Noting(Words[str]):
        def begun_by(self, token: str, folded: str) -> tuple[Surface[str], ...]:
            looked_up[token] += 1
            return super().begun_by(token, folded)

    monkeypatch.setattr(index, "REMEMBERED", 100)
    words = Noting(by_first([("Norway", "NO")]), lambda text, _: text)
    found = index.Index(words, Words(({}, {}, {}), lambda text, _: text))
    for number in range(2000):
        assert len(index.stands(found.row(f"Norway said no {number}"))) == 1

    assert looked_up["Norway"] == looked_up["said"] == 1
    assert len(looked_up) == 2003
    assert len(found) + len(found._older) + len(found._cells) <= 300


def test_hostile_text_does_not_fill_the_memory() -> None:
    """What is remembered of spellings has its bounds: a text of words that all differ is forgotten again."""
    from feeds.tag import _index
    from feeds.tag.index import REMEMBERED

    words = " ".join(f"w{number}x" for number in range(REMEMBERED + 1000))
    tag(RawArticle("Peru votes", (words,), language="en"))

    assert len(_index("en")) <= REMEMBERED
