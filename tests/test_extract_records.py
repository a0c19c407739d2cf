"""What news databases and wires print around articles parts them, and names their headlines and dates."""

from __future__ import annotations

import pytest

from tests.values import ITEMS
from tests.values import read_capture as read

MORE = (
    "Neither side would say when it expects to have an answer, or what is to come next.",
    "Dealers in three countries have been told to expect a letter before the end of the month.",
    "Ferries to the islands are not to sail before Thursday, and schools will stay closed until then.",
)
ARTICLES = tuple((title, (text, more)) for (title, text), more in zip(ITEMS, MORE, strict=True))


@pytest.mark.parametrize(
    "record",
    [
        "{n} of 3 DOCUMENTS\n\nThe Star\n\nMarch {n}, 2025\n\n{title}\n\nSECTION: NEWS\n\n"
        "LENGTH: 40 words\n\n{body}\n\nLOAD-DATE: March 9, 2025\n\n",
        "ZCZC\n{title}\n{body}\nNNNN\n\n",
        "{title}\n\n{body}\nClassification\nLanguage: ENGLISH\n\nEnd of Document\n\n",
    ],
)
def test_borders_part_articles(record: str) -> None:
    """Whatever stands between them."""
    text = "".join(
        record.format(n=n, title=title, body="\n".join(body)) for n, (title, body) in enumerate(ARTICLES, 1)
    )

    assert [(one.headline, one.body) for one in read(text)] == [*ARTICLES]


def test_labels_say_what_stands_behind_them() -> None:
    """A headline and a standfirst come without their labels; other fields are no part of the text."""
    title, body = ARTICLES[0]
    (found,) = read(
        f"TITLE: {title}\nSUBTITLE: Hours to spare\nSOURCE: The Star\nDATE: 11 March 2025\n"
        f"TEXT:\n{chr(10).join(body)}\n"
    )

    assert (found.headline, found.standfirst, found.body) == (title, "Hours to spare", body)
    assert [(one.text, one.line) for one in found.dates] == [("11 March 2025", 4)]


def test_one_label_alone_is_none() -> None:
    """A page of the web may have one, too."""
    title, body = ARTICLES[0]
    (found,) = read(f"Title: {title}\nBy Ana Ruiz\n\n{chr(10).join(body)}\n")

    assert found.headline == f"Title: {title}"


def test_the_day_on_which_an_article_was_put_into_a_database_dates_nothing() -> None:
    """Only the day on which it was published does."""
    title, body = ARTICLES[0]
    page = f"1 of 1 DOCUMENTS\n\n{title}\n\nSECTION: NEWS\nLENGTH: 40 words\n\n{chr(10).join(body)}\n\n"

    assert read(f"{page}LANGUAGE: English\nLOAD-DATE: March 11, 2025\n")[0].dates == ()
    assert read(f"{page}LANGUAGE: English\nPublication date: Mar 10, 2025\n")[0].dates != ()
