"""Languages: what an article is written in, told by its words; None where they do not tell."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from feeds.languages import language_of, writes

LINES = (Path(__file__).parent / "fixtures" / "languages.txt").read_text("utf-8").splitlines()
PARAGRAPHS = {language: text for language, _, text in (line.partition("\t") for line in LINES)}


@pytest.mark.parametrize("language", sorted(PARAGRAPHS))
def test_one_paragraph_tells_its_language(language: str) -> None:
    """A paragraph of an article is enough in forty languages, Arabic, Persian, Urdu and Pashto apart."""
    assert language_of([PARAGRAPHS[language]]) == language


@pytest.mark.parametrize("text", ["", "OK", "Reuters", "1-0, 2-1", "Berlin – Paris – Roma", "@lamp #news"])
def test_a_few_words_tell_nothing(text: str) -> None:
    """What has no common words has no language rather than a guess."""
    assert language_of([text]) is None


def test_a_quotation_does_not_change_the_language() -> None:
    """A foreign sentence within an article is outvoted."""
    texts = [PARAGRAPHS["en"], PARAGRAPHS["ar"][:40], PARAGRAPHS["en"]]

    assert language_of(texts) == "en"


def test_a_stated_language_may_be_one_that_is_not_written_so() -> None:
    """A page that states English and prints Arabic is not in English."""
    assert not writes("en", [PARAGRAPHS["ar"]])
    assert not writes("en-GB", [PARAGRAPHS["ja"]])
    assert not writes("ar", [PARAGRAPHS["fr"]])
    assert writes("en", [PARAGRAPHS["fr"]])
    assert writes("sr-Latn", [PARAGRAPHS["hr"]])
    assert writes("sr", [PARAGRAPHS["sr"]])
    assert writes("tlh", [PARAGRAPHS["en"]])
    assert writes("fa", [PARAGRAPHS["ar"]])


def test_an_article_costs_little() -> None:
    """The tables load fast, and an article of common length is told in some hundredths of a millisecond."""
    program = (
        "import time; a = time.process_time(); from feeds.languages import language_of; "
        "language_of(['the council said that it was over']); print(time.process_time() - a)"
    )
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    articles = [[text] * 20 for text in PARAGRAPHS.values()] * 5
    language_of(articles[0])
    start = time.process_time()

    for article in articles:
        language_of(article)

    assert (time.process_time() - start) / len(articles) < 0.000_5
    assert float(loaded.stdout) < 0.2
