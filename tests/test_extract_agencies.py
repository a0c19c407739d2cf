"""Agencies and bylines: one table of the world's agencies, and names that are none of them."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from feeds.extract.agencies import agency, agency_in_byline
from feeds.extract.byline import split_byline


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("Reuters", "Reuters"),
        ("REUTERS", "Reuters"),
        ("(AFP)", "AFP"),
        ("رويترز", "Reuters"),
        ("أ ف ب", "AFP"),
        ("شينخوا", "Xinhua"),
        ("新华社", "Xinhua"),
        ("Agência Lusa", "LUSA"),
        ("РИА Новости", "RIA Novosti"),
        ("연합뉴스", "Yonhap"),
        ("deutsche presse-agentur", "dpa"),
        ("Agencia EFE", "EFE"),
        ("Emirates News Agency", "WAM"),
        ("وكالة الأنباء السعودية", "SPA"),
        ("Press Trust of India", "PTI"),
        ("Ghana News Agency", "GNA"),
        ("Česká tisková kancelář", "ČTK"),
        ("ANGOP", "ANGOP"),
    ],
)
def test_agencies_are_known_as_they_are_credited(printed: str, name: str) -> None:
    """Agencies of every part of the world are known in their own and in foreign scripts."""
    assert agency(printed) == name


@pytest.mark.parametrize("word", ["ap", "map", "Tap", "ani", "spa", "una", "press", "Sid", "news", "A", ""])
def test_short_words_in_a_text_are_no_agencies(word: str) -> None:
    """A short name counts only as the agency spells it."""
    assert agency(word) is None


def test_each_spelling_has_one_owner() -> None:
    """No spelling names two agencies."""
    table = tomllib.loads((resources.files("feeds.data") / "agencies.toml").read_text("utf-8"))["agencies"]
    spellings = [spelling for name, others in table.items() for spelling in {name, *others}]

    assert len(table) > 150
    assert sorted(spellings) == sorted(set(spellings))


@pytest.mark.parametrize(
    ("stated", "names", "supplier"),
    [
        (["By Ana Ruiz and Bo Lind, Reuters"], ("Ana Ruiz", "Bo Lind"), "Reuters"),
        (["afp"], (), "AFP"),
        (["Petra"], ("Petra",), None),
        (["Sid Marsh"], ("Sid Marsh",), None),
        (["Ana Ruiz | Updated 3 May 2025"], ("Ana Ruiz",), None),
        (["Share"], (), None),
        (["Ana Ruiz", "Facebook"], ("Ana Ruiz",), None),
        (["RIYADH"], (), None),
        (["Ana Ruiz, Riyadh"], ("Ana Ruiz",), None),
        (["Monday"], (), None),
        (["Ana Ruiz in Paris"], ("Ana Ruiz",), None),
        (["Von Uwe Kern, Berlin"], ("Uwe Kern",), None),
        (["3 hours ago"], (), None),
        (["March 3, 2025"], (), None),
        (["Por Ana Ruiz"], ("Ana Ruiz",), None),
        (["Paris Hilton"], ("Paris Hilton",), None),
        (["https://www.facebook.com/outlet"], (), None),
        (["ana@post.example"], (), None),
        (["بقلم: ليلى حداد"], ("ليلى حداد",), None),
        (["Ana Ruiz/AFP"], ("Ana Ruiz",), "AFP"),
        (["Mit Material von dpa"], (), "dpa"),
        (["Uwe Kern (dpa)"], ("Uwe Kern",), "dpa"),
    ],
)
def test_a_byline_holds_names_alone(stated: list[str], names: tuple[str, ...], supplier: str | None) -> None:
    """An agency, a city, a date or a share label is nobody's name."""
    assert split_byline(stated) == (names, supplier)


def test_agency_alone_in_a_byline_may_be_written_small() -> None:
    """In a writer's place, a short agency in lower case is still one; a name is none."""
    assert [agency_in_byline(text) for text in ("dpa", "reuters", "Ina", "INA")] == [
        "dpa",
        "Reuters",
        None,
        "INA",
    ]
