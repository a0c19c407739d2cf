"""What is read of the captures in tests/corpus, which no model was learned from, keeps its floors."""

from __future__ import annotations

import json

from tools import score_corpus


def test_the_floors_of_the_corpus_hold() -> None:
    """The share of articles that are right, and the number of wrong dates and bylines, never get worse."""
    assert score_corpus.main([]) == 0


def test_every_capture_of_the_corpus_is_labelled_whole() -> None:
    """Each article has a text, and there are captures in at least fifteen languages."""
    paths = sorted(score_corpus.CORPUS.glob("*.cap"))
    languages = {json.loads(path.read_text("utf-8").partition("\n")[0])["language"] for path in paths}

    assert len(paths) >= 120
    assert len(languages) >= 15
    for path in paths:
        assert all(article.body for article in score_corpus.labelled(path)[1]), path.name
