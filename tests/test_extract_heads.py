"""Where articles begin is told by what stands around a line: a number, a rule above, a standfirst below."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feeds.extract import extract
from feeds.extract.heads import better, leanings
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


SHORT = (
    "Ferry strike ends on the Clyde\n\nMay 6, 2025\n\nCrews went back to work on Tuesday.\n\n"
    "Both sides praised the mediator.\n\nThe first boat left Gourock at six.\n\nFares stay as they were.\n"
)
LONGER = (
    "Heavy rain closes roads in Madeira\n\nMay 5, 2025\n\nHeavy rain closed eleven roads in the north of "
    "Madeira on Monday, and schools in three villages sent their pupils home before noon.\n\n"
    "Nobody was hurt.\n"
)


@pytest.mark.parametrize(
    "texts", [(SHORT, LONGER), (LONGER, SHORT), (SHORT, SHORT.replace("Clyde", "Forth"))]
)
def test_headlines_over_days_are_headlines_though_their_texts_are_short(texts: tuple[str, ...]) -> None:
    """Where several stand so, each begins an article, and its sentences are the text."""
    found = read("\n\n".join(texts))
    told = ["\n\n".join((*filter(None, [one.standfirst]), *one.body)) + "\n" for one in found]

    assert [one.headline for one in found] == [text.partition("\n")[0] for text in texts]
    assert told == [text.split("\n\n", 2)[2] for text in texts]


def test_a_byline_may_stand_between_such_a_headline_and_its_day() -> None:
    """Either form tells of the other."""
    signed = SHORT.replace("\n\nMay", "\n\nBy Ada Quill\nMay")
    found = read(f"{signed}\n\n{LONGER}")

    assert [(one.headline, one.byline) for one in found] == [
        ("Ferry strike ends on the Clyde", ("Ada Quill",)),
        ("Heavy rain closes roads in Madeira", ()),
    ]


def test_a_headline_without_spaces_over_a_day_begins_an_article() -> None:
    """The words of a script that parts none are told by their signs."""
    texts = (
        "県立図書館が移転へ 来年四月に開館\n\n2025年5月6日 10時05分\n\n"
        "県は六日、老朽化した県立図書館を駅前に移し、来年四月に新しい建物を開くと発表した。\n\n"
        "蔵書はおよそ九十万冊になる。\n",
        "湖の水位 平年を下回る 漁協が対策\n\n2025年5月5日 18時30分\n\n"
        "湖の水位が平年を一メートル下回り、漁業協同組合は五日、船着き場の対策を話し合った。\n\n"
        "雨は今週も少ない見込みだ。\n",
    )
    found = read("\n\n".join(texts))

    assert [one.headline for one in found] == [text.partition("\n")[0] for text in texts]


def test_a_link_over_a_day_in_the_midst_of_a_text_is_no_headline() -> None:
    """What stands in the text like its paragraphs begins no article."""
    title, text = ITEMS[2]
    more = "The operator said that Kerry would have electricity again by Friday, and that Hester was gone."
    linked = "\n\n".join(
        f"How storm Hester was {verb} in Kerry\n\nMay {day}, 2024\n\n{more}\n\n{text}"
        for verb, day in (("named", 3), ("feared", 4))
    )

    assert not list(leanings(lines(f"{title}\n\nBy Ana Ruiz\n\n{text}\n\n{text}\n\n{linked}\n")))


@pytest.mark.parametrize(("place", "agency"), [("Basel (awp/sda)", "AWP"), ("Basel (sda)", "SDA")])
def test_an_agency_alone_on_a_line_ends_an_article(place: str, agency: str) -> None:
    """What opens with a dateline is a text, and what stands below the agency's name begins another."""
    lead = (
        f"{place} - Die Rheinhäfen haben im Frühling mehr Güter umgeschlagen als je zuvor. Die Menge stieg "
        "um neun Prozent auf zwei Millionen Tonnen, wie die Direktion am Dienstag mitteilte."
    )
    other = (
        "Der Turner Urs Hofer hat am Sonntag in Olten den Mehrkampf gewonnen. Er siegte vor zwei Bernern, "
        "die am Reck gestürzt waren, und darf nun an die Weltmeisterschaft."
    )
    found = read(
        f"Rheinhäfen melden Rekord\n\n{lead}\n\nDer Hafen wächst weiter.\n\nsda\n\n"
        f"Hofer gewinnt Mehrkampf in Olten\n\n{other}\n\nEs war sein erster Sieg.\n"
    )

    assert [(one.headline, one.body[0], one.standfirst) for one in found] == [
        ("Rheinhäfen melden Rekord", lead, None),
        ("Hofer gewinnt Mehrkampf in Olten", other, None),
    ]
    assert [one.agency for one in found] == [agency, None]


MARKET = (
    "港町の市場が再開 五年ぶりに朝の競り\n\n2025年5月6日 10時05分\n\n"
    "港町の魚市場が六日、五年ぶりに再開し、早朝から多くの漁師や仲買人でにぎわった。市場は地震で壊れ、"
    "建て直しが続いていた。\n\n市場の組合長は「長い道のりだった」と話した。\n\n"
)


def test_a_line_without_a_full_stop_over_another_matter_is_a_headline() -> None:
    """Where no spaces are written, one that stands alone and shares its words with the text below is one."""
    skiing = (
        "スキー女子、佐藤選手が初優勝\n\n"
        "札幌市で開かれたスキー女子の大会は十一日、回転の決勝を行い、佐藤花子選手が初優勝を飾った。"
        "二位とは一秒の差だった。\n\n佐藤選手は「夢のようだ」と話した。\n"
    )

    assert [one.headline for one in read(MARKET + skiing)] == [
        "港町の市場が再開 五年ぶりに朝の競り",
        "スキー女子、佐藤選手が初優勝",
    ]


def test_a_heading_over_the_same_matter_begins_no_article() -> None:
    """The text above speaks of the same."""
    part = (
        "二階の食堂に観光客が列、焼き魚も人気\n\n"
        "市場の二階には食堂が設けられ、初日から観光客が列を作った。店主の一人は朝の四時から焼き魚を用意した"
        "という。\n"
    )

    assert len(read(MARKET + part)) == 1


def test_the_words_over_a_press_release_begin_no_text_and_name_nobody() -> None:
    """They part it from the article above."""
    title, text = ITEMS[1]
    release = (
        "FOR IMMEDIATE RELEASE\n\nBexley Looms Opens Second Mill\n\nLEEDS, England, March 11, 2025 "
        "/PRNewswire/ -- Bexley Looms, a maker of rugs, today opened a second mill for ninety people.\n\n"
        "The mill weaves wool from the dales.\n"
    )
    found = read(f"{title}\n\n{text}\n\nThe trucks were built in Ohio.\n\n\n{release}")

    assert [(one.headline, one.byline) for one in found] == [
        (title, ()),
        ("Bexley Looms Opens Second Mill", ()),
    ]
    assert found[0].dateline is None


def test_a_short_text_between_the_names_of_agencies_is_an_article() -> None:
    """A sentence is text enough there."""
    ends = "Sie kam am Dienstag zu dem Schluss, dass die Becken reichen, und verschiebt den Ausbau."
    found = read(
        f"Rheinhäfen verschieben Ausbau\n\nBasel (sda) - Die Direktion hat gezählt. {ends}\n\nsda\n\n"
        "Turner siegt in Olten\n\nDer Turner Urs Hofer hat am Sonntag in Olten gewonnen.\n\nsda\n\n"
        "Lawine im Wallis\n\nEine Lawine hat am Montag eine Strasse verschüttet. Verletzt wurde niemand, wie "
        "die Kantonspolizei mitteilte, doch die Strasse bleibt gesperrt.\n"
    )

    assert [one.headline for one in found] == [
        "Rheinhäfen verschieben Ausbau",
        "Turner siegt in Olten",
        "Lawine im Wallis",
    ]
