"""What is read of the captures in tests/corpus, which no model was learned from, keeps its floors."""

from __future__ import annotations

from tools import score_corpus


def test_the_floors_of_the_corpus_hold() -> None:
    """The share of articles that are right, and the number of wrong dates and bylines, never get worse."""
    assert score_corpus.main([]) == 0


def test_every_capture_of_the_corpus_is_labelled_whole() -> None:
    """Each article has a text, and each byline that is labelled stands in its capture."""
    for path in sorted(score_corpus.CORPUS.glob("*.cap")):
        text, wanted = score_corpus.labelled(path)
        assert all(article.body for article in wanted), path.name
        assert all(article.headline in text or article.told.get("headline") for article in wanted), path.name
