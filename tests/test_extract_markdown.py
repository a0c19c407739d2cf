"""Captures in Markdown read as they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.calendars import date_line
from feeds.extract.markdown import is_marked, plain


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("# A bridge opens #", "A bridge opens"),
        ("## A course in C#", "A course in C#"),
        ("- - -", ""),
        ("-- a dash", "-- a dash"),
        (
            "By [Ana Costa](https://a.example/ana_(writer) 'Ana')",
            "By [Ana Costa](https://a.example/ana_(writer) 'Ana')",
        ),
        ('By [Ana Costa](https://a.example/ana_(writer) "Ana")', "By Ana Costa"),
        ("[![Logo](l.png)](/)", ""),
        ("![The bridge](b.jpg) *The bridge on Friday*", " The bridge on Friday"),
        ("It cost **two *million* euros**, he _said_.", "It cost two million euros, he said."),
        ("snake_case_names and 2 * 3 * 4 stay", "snake_case_names and 2 * 3 * 4 stay"),
        ("> a quotation", "a quotation"),
        ("a [note][1] and a lone [bracket]", "a note and a lone [bracket]"),
        ("[1]: https://a.example/", ""),
        ("1\\. March is no item", "1. March is no item"),
        ("* * *", ""),
        ("=====", ""),
        ("#hashtag", "#hashtag"),
        ("| Lamp | Pier |", "Lamp | Pier"),
        ("|---|:---:|", ""),
        ("```", ""),
        ("the [[Harbour]] and [[People/Ana|Ana]]![[lamp.png]]", "the Harbour and Ana"),
    ],
)
def test_a_line_loses_its_marks(line: str, shown: str) -> None:
    """Links keep their words, pictures leave nothing."""
    assert plain(line) == shown


LAMP = "The lamp on the old pier went out on Monday, the port authority said.\n"


@pytest.mark.parametrize(
    "text",
    [
        "[a](/a)\n[b](/b)\n[c](/c)\n",
        "# a\n\n## b\n\n**c**\n\n# d\n",
        f"# Lamp out\n\n{LAMP}",
        f"Lamp out\n========\n\n{LAMP}\nIt was **dark** there.\n",
        f"Lamp out\n\n{LAMP}\nSee the [port](https://port.example/).\n",
        f"Lamp out\n\n![](https://port.example/l.jpg)\n\n{LAMP}",
        f"## Lamp out\n{LAMP}\n- light\n- a new pier\n",
        f"Lamp out\n\n**OSLO** {LAMP}\n> It is dark.\n",
        f"Lamp out\n\n## Why\n\n{LAMP}\n## What now\n\n{LAMP}",
        f"Lamp out\n\n{LAMP}\n```\nlamp = off\n```\n",
        f"Lamp out\n\n| Lamp | Pier |\n|---|---|\n| red | old |\n\n{LAMP}",
    ],
)
def test_short_markdown_is_known_by_its_marks(text: str) -> None:
    """A link with an address, a title, a fence, a table; or two kinds of marks together."""
    assert is_marked(text)


@pytest.mark.parametrize(
    "text",
    [
        "He said [sic](and so on) that # 3 won.\n#one\n#two\n#three\n",
        "He said [so](AFP), and she did [not](sic).\n",
        f"# 1 Lamp\n\n# 2 Bell\n\n# 3 Buoy\n\n{LAMP}",
        f"#lamp #harbour\n\n{LAMP}\n#oslo\n",
        f"Lamp out\n\n* light\n* a pier\n\n* * *\n\n{LAMP}\n*Prices are those of Monday.\n",
        f"Lamp out\n--------\n\n- light\n- a pier\n\n{LAMP}",
        f"Lamp out\n\n{LAMP}\nRated ** by us and *** by them; 2 ** 3 is 8, and a**b is not.\n",
        f"Lamp out\n\n> On Monday you wrote:\n> {LAMP}\n- yes\n- no\n",
        f"Lamp out ****\n\n{LAMP}\n__________\n\n{LAMP}",
    ],
)
def test_plain_texts_with_such_signs_are_no_markdown(text: str) -> None:
    """A lone bracket, hashtags, numbers, bullets, rules, stars and quoted mail."""
    assert not is_marked(text)


@given(st.text(st.sampled_from('ab1 \n#*_[]()!>`\\-=:/."'), max_size=200))
def test_every_line_stays_in_its_place(text: str) -> None:
    """A problem names a line of the document."""
    assert plain(text).count("\n") == text.count("\n")


def test_when_an_archive_took_a_text_in_is_no_date_of_it() -> None:
    """It is a day or more after it appeared."""
    assert date_line("LOAD-DATE: December 3, 2025") is None
