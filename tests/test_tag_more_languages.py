"""Countries are known by their peoples and capitals in languages that have no topics."""

from __future__ import annotations

import pytest

from feeds.model import RawArticle
from feeds.tag import tag


@pytest.mark.parametrize(
    ("language", "headline", "lead", "subjects"),
    [
        (
            "it",
            "Parigi e Berlino, vertice sul gas",
            "I ministri tedeschi e francesi si sono riuniti.",
            {"DE", "FR"},
        ),
        ("it", "Francesca Rossi vince la maratona", "La gara è stata vinta da Francesca Rossi.", set()),
        (
            "nl",
            "Poolse boeren blokkeren de grens",
            "De Poolse boeren staan aan de grens met Oekraïne.",
            {"PL"},
        ),
        ("nl", "Frans Jansen wint de prijs", "De prijs ging naar Frans Jansen uit een dorp.", set()),
        ("sv", "Grekiska bönder stängde vägen", "De grekiska bönderna kräver stöd av regeringen.", {"GR"}),
        ("da", "Tyrkisk minister i København", "Den tyrkiske minister mødte sin kollega.", {"DK", "TR"}),
        ("no", "Indiske selskaper kjøper olje", "De indiske selskapene kjøper mer olje enn før.", {"IN"}),
    ],
)
def test_peoples_and_capitals(language: str, headline: str, lead: str, subjects: set[str]) -> None:
    """As they are written there; a first name that looks like a people is none."""
    tags = tag(RawArticle(headline, (lead,), language=language))

    assert {t.category.term for t in tags if t.category.term.isalpha() and t.role == "subject"} == subjects
