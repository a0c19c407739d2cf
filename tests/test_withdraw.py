"""An article that its owner withdraws is published no more, and comes back as it was."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import NOW, Newsroom, capture

LATER, LAST = NOW + timedelta(hours=1), NOW + timedelta(hours=2)
HEADLINE = "Sweden Closes a School in Lund"
LEAD = "A school in Lund in Sweden closes in June, the council said after a long meeting."
EDITED = capture(
    HEADLINE + " After All", "It is certain now: the school in Lund in Sweden will close in May."
)


@pytest.fixture
def room(newsroom: Newsroom) -> Newsroom:
    """Give a newsroom with two articles, of which one was edited since."""
    newsroom.add("norway.txt", capture())
    newsroom.add("sweden.txt", capture(HEADLINE, LEAD))
    newsroom.build()
    newsroom.add("sweden.txt", EDITED)
    newsroom.build(now=LATER)
    return newsroom


def shown(room: Newsroom) -> dict[str, bytes]:
    return {path: data for path, data in room.files().items() if path != "manifest.json"}


def entry(room: Newsroom) -> Any:
    return next(e for e in room.feed().entries if e.title.startswith(HEADLINE))


def fix(room: Newsroom, number: str, *options: str) -> None:
    """Fix, and build."""
    assert room.run("fix", number, *options).exit_code == 0
    room.build(now=LAST)


def test_a_withdrawn_article_is_published_no_more(room: Newsroom) -> None:
    """Not in feeds, archives, pages and searches, though its capture is there and is read again."""
    number = entry(room).id
    fix(room, number, "--withdraw")
    for _ in range(2):
        assert not [path for path, data in room.files().items() if number[9:] in path or b"Lund" in data]
        room.build("--full", now=LAST)

    assert [e.title for e in room.feed().entries] == ["Norway Opens a New Harbour in Bergen"]
    assert room.run("list", "articles", "--search", "Lund").stdout == ""
    assert room.run("list", "withdrawn").stdout.startswith(number)
    assert "withdrawn: by hand (fixes.toml)" in room.run("explain", number).stdout
    assert room.run("explain", number, "--feed", "countries/se").stdout.startswith("countries/se: not in it")


def test_it_comes_back_as_it_was(room: Newsroom) -> None:
    """With its id, its times and its words, and leaves no fix behind."""
    before, number = shown(room), entry(room).id
    fix(room, number, "--withdraw")
    fix(room, number, "--restore")

    assert shown(room) == before
    assert number not in (room.root / "fixes.toml").read_text()
    assert room.run("fix", number, "--restore").exit_code == 2


@pytest.mark.parametrize("command", [("rebuild",), ("build",)])
def test_it_stays_withdrawn_when_the_store_is_made_anew(room: Newsroom, command: tuple[str, ...]) -> None:
    """Though its only capture has other words than those on which its id hangs."""
    number = entry(room).id
    fix(room, number, "--withdraw")
    if command == ("build",):
        (room.root / "feeds.db").unlink()
    assert room.run(*command, now=LAST).exit_code == 0
    assert len(room.feed().entries) == 1

    fix(room, number, "--restore")

    assert entry(room).id == number


def test_its_other_fixes_stay(room: Newsroom) -> None:
    """To withdraw is one of them."""
    number = entry(room).id
    fix(room, number, "--country", "-SE")
    fix(room, number, "--withdraw")
    fix(room, number, "--restore")

    assert 'categories = ["-SE"]' in (room.root / "fixes.toml").read_text()
    assert not (room.output / "countries/se.atom").exists() or not room.feed("countries/se").entries


def test_a_fix_that_takes_away_what_is_not_there_says_so(room: Newsroom) -> None:
    """It may be a slip."""
    told = room.run("fix", entry(room).id, "--country", "-US").stderr

    assert "note: -US: the article has no such category to take away" in told
