"""What readers write below an article is none, and no part of it."""

from __future__ import annotations

import pytest

from tests.values import ITEMS
from tests.values import read_capture as read

SAID = (
    "At last! Whoever has to pass there each morning knows how long all of us have waited for this, and why.",
    "And who is to pay for it? It was quite unnecessary and far too dear, and nobody asked who lives there.",
)


@pytest.mark.parametrize(
    ("heading", "answer"),
    [("2 comments", "Reply"), ("Kommentare (2)", "Antworten"), ("2 commentaires", "Répondre")],
)
def test_comments_are_left_out(heading: str, answer: str) -> None:
    """With their writers and days."""
    title, text = ITEMS[0]
    page = f"{title}\nBy Ana Ruiz\n11 March 2025\n\n{text}\n\n{heading}\n"
    said = "".join(
        f"Seagull\n{day} March 2025 at 15:10\n{one}\n{answer}\n" for day, one in enumerate(SAID, 12)
    )
    found = read(page + said)

    assert [(one.headline, one.body) for one in found] == [(title, (text,))]
    assert [one.text for one in found[0].dates] == ["11 March 2025"]
