"""Where articles begin is told by what stands around a line: a number, a rule above, a standfirst below."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeds.extract import extract
from feeds.extract.heads import better
from feeds.extract.lines import lines
from feeds.model import Document, RawArticle

ITEMS = (
    (
        "Senate votes to keep agencies open",
        "Senators voted 62-38 late on Monday to keep federal agencies open through the end of September, "
        "hours before money was due to run out.",
    ),
    (
        "Carmaker recalls 400,000 trucks",
        "The company said that a faulty camera may go dark while the driver reverses, and that dealers would "
        "put it right without charge.",
    ),
    (
        "Storm Hester reaches the coast of Kerry",
        "Winds of 130 kilometres an hour brought down trees, and about 60,000 homes were without electricity "
        "at dawn, the operator of the grid said.",
    ),
)


def read(text: str) -> tuple[RawArticle, ...]:
    """Give the articles of a text."""
    return extract(Document("a.txt", "text/plain", text, datetime(2025, 3, 12, tzinfo=UTC), "")).articles


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("mark", ["{}. ", "{}) "])
@pytest.mark.parametrize("above", ["", "The Morning Letter\n\nGood morning. Here is what is new today.\n\n"])
def test_numbered_items_of_a_digest_are_articles(count: int, mark: str, above: str) -> None:
    """Each title stands over a text of its own; its number is no part of it."""
    items = (f"{mark.format(n)}{title}\n{text}\n" for n, (title, text) in enumerate(ITEMS[:count], 1))
    found = read(above + "\n".join(items))

    assert [(one.headline, one.body) for one in found] == [(title, (text,)) for title, text in ITEMS[:count]]


def test_numbered_names_in_an_article_are_its_headings() -> None:
    """What an article counts is named in a word or two, or asked."""
    text = (
        "Three things to know about the week\n\nBy Ana Ruiz\n\nIt was a week of votes, recalls and storms, "
        + ("and few of those who lived through it will forget how it ended.\n\n")
    )
    items = "\n\n".join(
        f"{n}. {name}\n{ITEMS[n - 1][1]}" for n, name in enumerate(("Senate", "Trucks", "Why?"), 1)
    )

    assert [one.headline for one in read(text + items)] == ["Three things to know about the week"]


def test_a_number_that_is_no_item_stays_in_the_headline() -> None:
    """A club may have one in its name."""
    head = "1. FC Lindau gewinnt das Derby gegen Bregenz"
    body = "Der 1. FC Lindau hat das Derby gegen Bregenz am Dienstag mit 2:1 gewonnen, vor viel Volk am See."

    assert [one.headline for one in read(f"{head}\n11.03.2025, 22:41 Uhr\n\n{body}\n\n{body[::-1]}\n")] == [
        head
    ]


@pytest.mark.parametrize("rule", ["-" * 60, "=====", "* * * * * *", "________"])
def test_rules_between_texts_part_articles(rule: str) -> None:
    """As in letters by mail, whose titles may be written in capitals."""
    text = "".join(f"{rule}\n\n{title.upper()}\n\n{text}\n\nRead more\n\n" for title, text in ITEMS)

    assert [(one.headline, one.body) for one in read(f"HARBOUR NEWS\n{text}{rule}\nUnsubscribe\n")] == [
        (title.upper(), (text,)) for title, text in ITEMS
    ]


STANDFIRST = "Water companies ask households to save as a dry spring follows a dry winter across the south"
TEXT = (
    "Reservoirs in the south hold less water than at any time in March since 1985, figures published on "
    "Wednesday show, and three companies have asked their customers to use less.\n"
    "One of them said that it would apply for a permit within weeks unless heavy rain came to the hills."
)


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("standfirst", [STANDFIRST, "Companies ask for help. Farmers fear for their crops."])
@pytest.mark.parametrize("byline", ["By Helen Marsh\n12 March 2025\n\n", "12 March 2025\n\n"])
def test_standfirst_under_a_headline_is_not_the_headline(between: str, standfirst: str, byline: str) -> None:
    """With a blank line between them or without."""
    found = read(
        f"Reservoirs fall to lowest level in forty years{between}{standfirst}{between}{byline}{TEXT}\n"
    )

    assert [(one.headline, one.standfirst) for one in found] == [
        ("Reservoirs fall to lowest level in forty years", standfirst)
    ]


def test_a_kicker_over_a_headline_is_no_headline() -> None:
    """It names a place or a matter in a few words."""
    found = read(
        f"Streit um Wasser\nReservoirs fall to lowest level in forty years\nBy Helen Marsh\n\n{TEXT}\n"
    )

    assert [one.headline for one in found] == ["Reservoirs fall to lowest level in forty years"]


def test_a_short_last_paragraph_belongs_to_its_text() -> None:
    """Unless it is set apart, or says who is quoted."""
    last = "Rain is not in sight."
    page = f"Reservoirs fall to lowest level in forty years\n12 March 2025\n\n{TEXT}\n"

    assert read(f"{page}{last}\n\nRead also\nFerry runs aground\n")[0].body[-1] == last
    assert read(f"{page}\n{last}\nAnn Moor\n")[0].body[-1] != last


@pytest.mark.parametrize(
    ("below", "taken"),
    [
        (
            "By Helen Marsh | The Star\n\nPrint\nclose\nVideo\n\nWhy the reservoirs of others are full\n\n",
            "Why the reservoirs of others are full",
        ),
        (
            "The dry reservoir on Tuesday. (Photo: Reuters)\nNew to Purse? It is an app. Put in a pound.\n\n",
            "New to Purse? It is an app. Put in a pound.",
        ),
        (
            "Page 5\n\nH. Marsh\n\nThree companies ask for help\nA permit may come\nRain is welcome\n\n",
            "Rain is welcome",
        ),
    ],
    ids=["what a player shows", "an advertisement", "the last of a stack"],
)
def test_a_headline_is_worth_more_than_what_was_taken_for_it(below: str, taken: str) -> None:
    """It opens its block, and is whole."""
    head = "Reservoirs of three companies fall to the lowest level in forty years"
    found = lines(f"Home\nNews\n\n{head}\n\n{below}{TEXT}\n")
    reading = ["headline" if line.text == taken else "page" for line in found]
    worth = {found[place].text: more for place, more in better(found, reading)}

    assert worth[head] > 0 > worth[taken]


def test_a_short_text_is_not_the_head_of_the_next() -> None:
    """A headline below it has a byline or a date of its own, and a text on another matter."""
    (title, text), (below, more) = ITEMS[:2]
    found = lines(f"{title}\nBy Ana Ruiz\n\n{text}\n\n{below}\n12 March 2025\n\n{more}\n")
    reading = ["headline", "head byline", "standfirst", "head furniture", "head date", "body"]
    worth = {found[place].text: worth for place, worth in better(found, reading)}
    same = lines(f"{title}\nBy Ana Ruiz\n\n{text}\n\n{below}\n12 March 2025\n\n{text}\n")

    assert worth[below] > 0
    assert not list(better(same, reading))
