"""The law of text captures: what is printed is given once, in order, and never invented."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.extract.plaintext import extract
from feeds.model import Document, DocumentError, RawArticle

HEADLINES = (
    "Ferry line to the islands opens again",
    "Glass works of Elmshorn to be sold",
    "Lighthouse keeper retires after forty years",
    "Farmers block the grain port",
    "Orchestra finds a new home",
)
TEXTS = (
    (
        "The first ferry in eleven weeks left for the islands on Monday with ninety people, the port said.",
        "The ferry will go twice a day, and bicycles travel free until the islands have mended their road.",
    ),
    (
        "The owners of the glass works said they had a buyer who would keep most of the two hundred jobs.",
        "The furnaces of Elmshorn have burned for a century, and the buyer will heat them with electricity.",
    ),
    (
        "The keeper of the lighthouse at Cape Holm gave back her keys, forty years after she came there.",
        "From now on the lamp will be watched from an office that is some ninety kilometres from the cape.",
    ),
    (
        "Farmers parked forty tractors before the gates of the grain port to ask for more money for wheat.",
        "The port said that no ship had to wait, while the farmers said they would come again on Thursday.",
    ),
    (
        "The state orchestra will move into the old customs house, its director said after a concert there.",
        "The hall has nine hundred seats, and its walls are so thick that no tram is heard through them.",
    ),
)
BETWEEN = st.sampled_from(("\n\n", "\n\n\n", "\n\n\n\n"))
HEADS = st.sampled_from(
    (
        ("By Ada Fisher",),
        ("3 June 2024",),
        ("By Ada Fisher", "3 June 2024", "Share"),
        ("Updated 4 June 2024, 10:15", "By Ada Fisher"),
    )
)
LINES = st.lists(
    st.one_of(
        st.sampled_from((*HEADLINES, *(text for pair in TEXTS for text in pair))),
        st.sampled_from(
            ("", "", "Share", "By Ada Fisher", "3 June 2024", "Related articles", "• Home", "(AFP)")
        ),
        st.text(max_size=40),
    ),
    max_size=40,
)


def articles(text: str) -> tuple[RawArticle, ...]:
    return extract(Document("a.txt", "text/plain", text, None, "")).articles


@settings(max_examples=80, deadline=None)
@given(LINES)
def test_each_printed_line_is_given_at_most_once_and_in_order(lines: list[str]) -> None:
    """Headlines and paragraphs are lines of the capture, in the order in which they stand there."""
    text = "\n".join(lines)
    try:
        found = articles(text)
    except DocumentError:
        return
    printed = [" ".join(line.split()) for line in text.split("\n")]
    place = -1
    for article in found:
        assert article.body
        if article.headline:
            place = next(
                at for at in range(place + 1, len(printed)) if printed[at].endswith(article.headline)
            )
        for paragraph in article.body:
            place = next(at for at in range(place + 1, len(printed)) if printed[at].endswith(paragraph))


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(5)), st.integers(1, 5), BETWEEN, HEADS)
def test_articles_one_below_another_are_told_apart(
    order: list[int], count: int, between: str, head: tuple[str, ...]
) -> None:
    """As many articles are given as are printed, whatever stands in their heads and between them."""
    chosen = order[:count]
    text = between.join("\n\n".join((HEADLINES[n], *head, *TEXTS[n])) for n in chosen)

    found = articles(text)

    assert [article.headline for article in found] == [HEADLINES[n] for n in chosen]
    assert [article.body for article in found] == [TEXTS[n] for n in chosen]
