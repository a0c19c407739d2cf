"""What an editor would say about the seed's four articles."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds import vocab
from feeds.model import RawArticle
from feeds.tag import tag

SEED = Path(__file__).parent.parent / "seeds" / "000_4cce29e48f67c20c.txt"


def articles() -> list[RawArticle]:
    """Give the seed's articles without their captions: the headline, then what follows the line TT."""
    found = []
    for part in SEED.read_text(encoding="utf-8").split("\n\n\n"):
        headline, *lines = [line for line in part.splitlines() if line.strip()] or [""]
        if "TT" in lines:
            body = [line for line in lines[lines.index("TT") + 1 :] if line != headline]
            captions = lines[: lines.index("TT")]
            found.append(RawArticle(headline, tuple(line for line in body if line not in captions)))
    return found


def terms(raw: RawArticle, scheme: str, role: str = "subject") -> set[str]:
    return {t.category.term for t in tag(raw) if t.category.scheme == scheme and t.role == role}


@pytest.mark.parametrize(
    ("number", "countries", "topics"),
    [
        (0, {"RU", "IR"}, {"11000000", "20000638"}),
        (1, {"RU", "VE", "US"}, {"11000000", "20000638"}),
        (2, {"TR", "AF", "PK"}, {"16000000", "20000053"}),
        (3, {"IR", "NO"}, {"02000000", "20000129"}),
    ],
)
def test_seed_article_is_about_what_an_editor_says(
    number: int, countries: set[str], topics: set[str]
) -> None:
    """The countries are exactly the editor's; the topics hold at least his."""
    raw = articles()[number]

    assert terms(raw, vocab.COUNTRY_SCHEME) == countries
    assert terms(raw, vocab.TOPIC_SCHEME) >= topics


def test_every_tag_says_why() -> None:
    """No tag comes without evidence, and each score lies between nought and one."""
    for raw in articles():
        for found in tag(raw):
            assert found.evidence
            assert 0 <= found.score <= 1
