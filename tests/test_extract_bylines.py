"""Who wrote, and for which agency, as the outlets of the world print it: a wrong name is worse than none."""

from __future__ import annotations

import pytest

from feeds.extract import plaintext
from feeds.extract.dateline import dateline
from feeds.extract.writers import biography, byline, credit_below
from feeds.model import Document, RawArticle

TEXT = """\
The town council voted late on Tuesday to close the lighthouse for two winters while its lamp is mended.

Boats will be led by a buoy until then, which the council expects to cost some ninety thousand crowns.

Fishermen said that they had seen worse, and that nobody had asked them about the colour of the buoy.
"""


def article(head: str, end: str = "", text: str = TEXT) -> RawArticle:
    page = f"Council closes the old lighthouse for two winters\n\n{head}\n\n{text}\n{end}\n"
    return plaintext.extract(Document("a.txt", "text/plain", page, None, "")).articles[0]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Maria Keller in Frankfurt", ("Maria Keller",)),
        ("Maria Keller und Jan Vogt, Berlin", ("Maria Keller", "Jan Vogt")),
        ("Maria Keller | Berlin", ("Maria Keller",)),
        ("Kommentar von Maria Keller", ("Maria Keller",)),
        ("Von unserem Redakteur Jan Vogt", ("Jan Vogt",)),
        ("Text: Maria Keller Foto: Jan Vogt", ("Maria Keller",)),
        ("Maria Keller (mk)", ("Maria Keller",)),
        ("Anna Wolf, Political Editor", ("Anna Wolf",)),
        ("Anna Wolf / Staff Writer", ("Anna Wolf",)),
        ("Anna Wolf Africa correspondent", ("Anna Wolf",)),
        ("Anna Wolf - BBC News", ("Anna Wolf",)),
        ("By Anna Wolf | @annawolf | wolf@paper.example", ("Anna Wolf",)),
        ("By Anna WolfTwitter", ("Anna Wolf",)),
        ("BY ANNA WOLF", ("ANNA WOLF",)),
        ("By JEAN-MARIE DUPONT", ("JEAN-MARIE DUPONT",)),
        ("Marie Dupont, envoyée spéciale à Lyon", ("Marie Dupont",)),
        ("Por María López", ("María López",)),
        ("Di Anna Rossi", ("Anna Rossi",)),
        ("Anna Svensson/TT", ("Anna Svensson",)),
        ("Napsala Jana Nováková", ("Jana Nováková",)),
        ("Szerző: Kovács Anna", ("Kovács Anna",)),
        ("Yazan: Ayşe Yılmaz", ("Ayşe Yılmaz",)),
        ("Oleh: Siti Rahma", ("Siti Rahma",)),
        ("Siti Rahma - detikNews", ("Siti Rahma",)),
        ("Автор: Иван Петров", ("Иван Петров",)),
        ("كتب: محمد علي", ("محمد علي",)),
        ("نوشته: علی رضایی", ("علی رضایی",)),
        ("文/张三", ("张三",)),
        ("本报记者 张三 李四光", ("张三", "李四光")),
        ("記者王小明／台北報導", ("王小明",)),
        ("山田太郎記者", ("山田太郎",)),
        ("김철수 기자", ("김철수",)),
        ("[뉴시스] 김철수 기자", ("김철수",)),
        ("来源：新华社 | 作者：张三", ("张三",)),
        ("Rédigé par Marie Dupont et", ("Marie Dupont",)),
        ("Marie Dupont (avec Jean Petit)", ("Marie Dupont", "Jean Petit")),
        ("João Silva - Repórter da Agência Brasil", ("João Silva",)),
        ("Posted by: Anna Wolf in News", ("Anna Wolf",)),
        ("Της Μαρίας Παπαδοπούλου", ("Μαρίας Παπαδοπούλου",)),
        ("김철수 기자 kim@paper.example", ("김철수",)),
    ],
)
def test_a_line_of_writers_gives_their_names(line: str, names: tuple[str, ...]) -> None:
    """A place, a duty, an agency or an address beside a name is no part of it."""
    assert byline(line).names == names


@pytest.mark.parametrize(
    "line",
    [
        "From Kyiv to Lviv",
        "From New York",
        "By the Numbers",
        "By Staff Reporter",
        "Le Monde avec AFP",
        "Middle East",
        "Saudi Arabia",
        "Manchester United",
        "Prime Minister Bo Lind",
        "Anna Wolf, 44, agreed.",
        "Anna Wolf was hurt",
        "Anna Wolf | Moment | Getty Images",
        "Sevilla, Los Gallardos",
        "كتب مدرسية جديدة",
        "Editing by Anna Wolf",
        "Theo TTXVN",
        "COCOA EXPORTS SEEN UP, COFFEE DOWN",
        "Fotografía Juan Pérez",
    ],
)
def test_a_line_about_something_else_names_no_writer(line: str) -> None:
    """Sections, places, politicians, outlets and those who did not write are none."""
    assert byline(line).names == ()


@pytest.mark.parametrize(
    ("head", "names"),
    [
        ("Maria Keller in Frankfurt\n4 December 2025", ("Maria Keller",)),
        ("4 December 2025\nAnna Wolf", ("Anna Wolf",)),
        ("Anna Wolf\nAfrica correspondent, Nairobi\nShare", ("Anna Wolf",)),
        ("Harbour Works Ltd\n4 December 2025", ()),
        ("4 December 2025\nRegister Now", ()),
        ("4 December 2025\nDeutsche Bank", ()),
        ("Andhra Pradesh Accident\nBengaluru News", ()),
        ("Bo Lind in Nairobi\nShare", ("Bo Lind",)),
        ("Real Estate\n4 December 2025", ()),
        ("New York\n4 December 2025", ()),
    ],
)
def test_a_name_beside_a_date_wrote(head: str, names: tuple[str, ...]) -> None:
    """Right over or under a date stands who wrote, if it is no section, place or picture."""
    assert article(head).byline == names


@pytest.mark.parametrize(
    ("end", "names"),
    [
        (
            "(Reporting by Anna Wolf in Oslo; Additional reporting by Bo Lind; Editing by Ann Lee)",
            ("Anna Wolf",),
        ),
        ("Anna Wolf is a reporter for the Harbour Times. Reach her at wolf@paper.example.", ("Anna Wolf",)),
        ("Anna Wolf is a baker in the old town. She was born there.", ()),
        ("Read more\nBakers win the right to open on Sundays\nBy Bo Lind", ()),
    ],
)
def test_who_wrote_may_stand_below_the_text(end: str, names: tuple[str, ...]) -> None:
    """Below a text is credited who wrote it, and other articles are with their own writers."""
    assert article("December 4, 2025", end).byline == names


def test_whom_the_text_speaks_of_did_not_write_it() -> None:
    """A name and a place under a headline are a writer's, or else a caption."""
    told = TEXT.replace("Fishermen said", "Bo Lind said")

    assert article("Bo Lind in Nairobi\nShare", text=told).byline == ()


@pytest.mark.parametrize(
    "line",
    [
        "The lighthouse on March 3, 2019. Photo: Bo Lind",
        "Bo Lind, born 3 March 1960",
        "When: Sunday, December 14, 2025",
        "— Bo Lind (@bolind) December 3, 2025",
    ],
)
def test_what_a_picture_a_life_an_event_or_a_post_tells_dates_nothing(line: str) -> None:
    """Its day is not the article's, and who posted did not write."""
    found = article(line)

    assert (found.dates, found.byline) == ((), ())


def test_the_head_counts_before_what_stands_below() -> None:
    """Who edited, and who wrote what is promoted, did not write this."""
    found = article("By Anna Wolf\nDecember 4, 2025", "Bakers may open on Sundays\nBy Bo Lind")

    assert found.byline == ("Anna Wolf",)


def test_credits_and_biographies_are_read() -> None:
    """Each gives the writer alone."""
    assert credit_below("Pewarta: Siti Rahma") == ("Siti Rahma",)
    assert credit_below("Editing by Ann Lee") == ()
    assert biography("Anna Wolf is the editor of a small paper and was not asked.") is None


@pytest.mark.parametrize(
    ("head", "end", "agency"),
    [
        ("4 December 2025", "(mk/dpa)", "dpa"),
        ("4 December 2025", "jv/AFP", "AFP"),
        ("4 December 2025", "jd/ms (AFP, dpa, Reuters)", "AFP"),
        ("4 December 2025", "Mit Material von dpa", "dpa"),
        ("4 December 2025", "epd mk jv", "epd"),
        ("4 December 2025", "Sursa: Agerpres", "Agerpres"),
        ("By PTI | Updated: December 4, 2025 10:15 IST", "", "PTI"),
        ("4 December 2025", "With files from The Canadian Press", "The Canadian Press"),
        ("Le Monde avec AFP\n4 December 2025", "", "AFP"),
        ("ČTK, Jana Nováková\n4. 12. 2025 10:15", "", "ČTK"),
        ("By Anna Wolf, AP Sports Writer\n4 December 2025", "", "AP"),
        ("Source: Xinhua| 2025-12-04 10:15:32|Editor: Li Ming", "", "Xinhua"),
    ],
)
def test_an_agency_is_found_beside_letters_and_names(head: str, end: str, agency: str) -> None:
    """Who edited an agency's text puts letters beside its name."""
    assert article(head, end).agency == agency


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("(CNN) December 3, 2025 — The lamp", (None, "December 3, 2025", "CNN Wire")),
        ("NAIROBI, Thursday, December 4, 2025 — The lamp", ("NAIROBI", "Thursday, December 4, 2025", None)),
        ("NAIROBI | 4 December 2025 | The lamp", ("NAIROBI", "4 December 2025", None)),
        ("ABU DHABI, 4th December, 2025 (WAM) -- The lamp", ("ABU DHABI", "4th December, 2025", "WAM")),
        ("PARIS, Dec. 4 (Xinhua) -- The lamp", ("PARIS", "Dec. 4", "Xinhua")),
        ("(Reuters) - The lamp", (None, None, "Reuters")),
        ("Москва. 4 декабря. INTERFAX.RU - Маяк", ("Москва", "4 декабря.", "Interfax")),
        ("(ANSA) - ROMA, 04 DIC - Il faro", ("ROMA", "04 DIC", "ANSA")),
        ("МОСКВА, 4 дек - РИА Новости. Маяк", ("МОСКВА", "4 дек", "RIA Novosti")),
        ("القاهرة (رويترز) - قرر المجلس", ("القاهرة", None, "Reuters")),
        ("أبوظبي في 4 ديسمبر / وام / قرر المجلس", ("أبوظبي", "4 ديسمبر", "WAM")),
        ("【新华社北京12月4日电】市议会", ("北京", "12月4日", "Xinhua")),
        ("（中央社記者王小明台北4日電）市議會", ("台北", None, "CNA")),
        ("【ワシントン共同】市議会", ("ワシントン", None, "Kyodo")),
        ("(서울=연합뉴스) 김철수 기자 = 시의회", ("서울", None, "Yonhap")),
    ],
)
def test_datelines_of_many_agencies(text: str, told: tuple[str | None, str | None, str | None]) -> None:
    """Place, date and agency stand in each agency's own order."""
    found = dateline(text)

    assert found
    assert (found.place, found.date, found.agency) == told


@pytest.mark.parametrize(
    "text",
    [
        "Berlin: die Stadt",
        "READ MORE: Lamps",
        "(Anna Wolf) - The lamp",
        "Lamps | Buoys | Boats",
        "نقل العربية - قال",
    ],
)
def test_what_opens_otherwise_is_no_dateline(text: str) -> None:
    """A colon, a label or a bracket alone is none."""
    assert dateline(text) is None
