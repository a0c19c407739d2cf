"""What capture tools state above a text is the article's, and is no part of the text."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from feeds.dates import date
from feeds.extract import extract
from feeds.extract.frontmatter import saved_from, stated
from feeds.extract.plaintext import explain
from feeds.model import Document, DocumentError, Extraction, RawArticle
from tests.test_law_captures import HEADLINES, TEXTS

LEAD = "The lamp on the old pier went out on Monday, the port authority said in a statement to the press."
MORE = "It will be replaced within the week, and ships are told to keep away from the rocks until then."
LAST = "Fishermen on the islands said that they had asked for a new lamp in each of the last five years."
TEXT = f"{LEAD}\n\n{MORE}\n\n{LAST}\n"
URL = "https://post.example/2025/lamp-out-in-the-harbour"
TITLE = "Lamp out in the harbour"

OBSIDIAN = f"""---
title: "{TITLE}"
source: "{URL}"
author:
  - "[[Jane Berg]]"
  - "[[People/Bo Lind|Bo Lind]]"
published: 2025-12-03
created: 2025-12-05
description: "The lamp is out."
tags:
  - "clippings"
---
"""
MARKDOWNLOAD = f"""---
created: 2025-12-05T10:11:12 (UTC +01:00)
tags: [lamp,harbour]
source: {URL}
author: Jane Berg and Bo Lind
---

# {TITLE} | The Post

> ## Excerpt
> The lamp on the old pier went out on Monday, the port

---
# {TITLE}

"""
JOPLIN = f"""---
title: '{TITLE}'
updated: 2025-12-06 08:00:00Z
created: 2025-12-05 08:00:00Z
source: {URL}
author: Jane Berg; Bo Lind
---

"""
TRAFILATURA = f"""---
title: {TITLE}
author: Jane Berg; Bo Lind
url: {URL}
hostname: post.example
sitename: The Post
date: 2025-12-03
---
"""
JINA = f"""Title: {TITLE} - The Post

URL Source: {URL}

Published Time: 2025-12-03T10:15:00+01:00

Markdown Content:
{TITLE}
=======================

By Jane Berg and Bo Lind

"""
LABELS = f"""URL: {URL}
Title: "{TITLE}"
Word Count: 57
Author: Jane Berg, Bo Lind
Date: 3 December 2025
Retrieved: 5 December 2025

"""
NOTES = f"""# {TITLE}

- **URL:** {URL}
- **Author:** [[Jane Berg]], [[Bo Lind]]
- **Published:** 3 December 2025

---

"""


def read(text: str) -> Extraction:
    """What a capture gives."""
    return extract(Document("a.md", "text/plain", text, None, ""))


def one(text: str) -> RawArticle:
    """The one article of a capture."""
    (article,) = read(text).articles
    return article


def day(article: RawArticle) -> tuple[str, str] | None:
    """When it appeared, and how that is known."""
    dating = date(article, datetime(2026, 1, 1, tzinfo=UTC))
    return (f"{dating.published:%Y-%m-%d}", dating.basis) if dating.published else None


READWISE = f"""# {TITLE}

![rw-book-cover](https://post.example/l.jpg)

## Metadata
- Author: [[Jane Berg]] and Bo Lind
- Full Title: {TITLE}
- Category: #articles
- URL: {URL}

"""
NEWSBOAT = f"""Feed: The Post
Title: {TITLE}
Author: Jane Berg, Bo Lind
Link: {URL}
Date: Wed, 03 Dec 2025 10:15:00 +0100

"""


@pytest.mark.parametrize(
    ("header", "dated"),
    [
        (OBSIDIAN, "Its metadata state “2025-12-03”."),
        (MARKDOWNLOAD, None),
        (JOPLIN, None),
        (TRAFILATURA, "Line 7 states “2025-12-03”."),
        (JINA, "Its metadata state “2025-12-03T10:15:00+01:00”."),
        (LABELS, "Line 5 states “3 December 2025”."),
        (NOTES, "Its metadata state “3 December 2025”."),
        (READWISE, None),
        (NEWSBOAT, "Line 5 states “Wed, 03 Dec 2025 10:15:00 +0100”."),
    ],
    ids=[
        "Obsidian",
        "MarkDownload",
        "Joplin",
        "trafilatura",
        "Jina",
        "labels",
        "notes",
        "Readwise",
        "newsboat",
    ],
)
def test_what_a_header_states_is_the_articles(header: str, dated: str | None) -> None:
    """Its address, headline, writers and date; when it was clipped is no date of it."""
    article = one(header + TEXT)

    assert (article.headline, article.url) == (TITLE, URL)
    assert article.byline == ("Jane Berg", "Bo Lind")
    assert article.body == (LEAD, MORE, LAST)
    assert day(article) == (("2025-12-03", dated) if dated else None)


def test_the_line_of_an_article_is_that_of_its_headline() -> None:
    """In the header, or below it where the text prints it again; a printed date is named by its line, too."""
    again = f"{OBSIDIAN}\n# {TITLE}\n\nBy Ann Ek\n\n3 December 2025, 10:15\n\n{TEXT}"

    assert one(OBSIDIAN + TEXT).line == 2
    assert one(again).line == 14
    assert [(date.place, date.line) for date in one(again).dates] == [("metadata", None), ("date line", 18)]


def test_an_explanation_names_the_line_that_states_a_headline() -> None:
    """And the others as they stand in the file."""
    found = explain(Document("a.md", "text/plain", OBSIDIAN + TEXT, None, ""))

    assert [(line.line, line.role) for line in found] == [
        (2, "headline"),
        (13, "body"),
        (15, "body"),
        (17, "body"),
    ]


def test_the_headline_stands_once() -> None:
    """However often the text prints it; the name of the site behind it goes where text or header tell it."""
    article = one(f"{OBSIDIAN}# {TITLE}\n\n{TITLE}\n\n{TEXT}")
    named = one(TRAFILATURA.replace(f"title: {TITLE}", f"title: {TITLE} – The Post") + TEXT)

    assert (article.headline, article.body) == (TITLE, (LEAD, MORE, LAST))
    assert named.headline == TITLE
    assert one(OBSIDIAN.replace(TITLE, f"{TITLE} - a tale") + TEXT).headline == f"{TITLE} - a tale"


def test_a_text_below_a_header_is_one_article() -> None:
    """Crossheads begin no other one, and are kept."""
    text = f"{LEAD}\n\n## What the fishermen want\n\n{MORE}\n\n## What it costs\n\n{LAST}\n"

    assert one(OBSIDIAN + text).body == (LEAD, "What the fishermen want", MORE, "What it costs", LAST)


def test_a_list_of_other_articles_below_a_text_is_no_part_of_it() -> None:
    """Their headlines are links to other pages of the site; one link alone may be a crosshead."""
    teaser = (
        "The first ferry in eleven weeks left for the islands on Monday with ninety people, the port said."
    )
    more = f"\n### [{{}}](https://post.example/2025/{{}})\n\n{teaser}\n"
    others = (
        f"\nRelated stories\n---------------\n{more.format(HEADLINES[0], 1)}{more.format(HEADLINES[1], 2)}"
    )

    assert one(JINA + TEXT + others).body == (LEAD, MORE, LAST)
    assert one(JINA + TEXT + more.format("The ferry", 1)).body[-1] == teaser


def test_a_short_text_below_a_header_is_read() -> None:
    """One of a sentence would tell nothing without it."""
    assert one(f"{OBSIDIAN}\nThe lamp is out.\n").body == ("The lamp is out.",)
    assert one(f"URL: {URL}\nTitle: {TITLE}\nText: The lamp is out.\n").body == ("The lamp is out.",)


def test_a_header_without_a_text_is_no_article() -> None:
    """It is said where a text was expected."""
    with pytest.raises(DocumentError, match="a text was expected below this header"):
        read(OBSIDIAN)


def test_a_date_that_does_not_say_whose_it_is_yields_to_a_printed_one() -> None:
    """`date` may be when it was clipped."""
    header = f"---\ntitle: {TITLE}\nsource: {URL}\ndate: 2025-12-05\n---\n"

    assert day(one(f"{header}By Jane Berg\n3 December 2025\n\n{TEXT}")) == (
        "2025-12-03",
        "Line 7 states “3 December 2025”.",
    )


def test_when_a_server_made_a_page_is_no_date_of_it() -> None:
    """Jina Reader states that where it knows nothing else."""
    jina = JINA.replace("2025-12-03T10:15:00+01:00", "Wed, 03 Dec 2025 10:15:00 GMT")

    assert day(one(jina + TEXT)) is None


PAGE = "\n\n".join("\n\n".join((HEADLINES[n], f"{n + 3} December 2025", *TEXTS[n])) for n in range(3))


@pytest.mark.parametrize("address", ["https://post.example/", "https://post.example/world/", URL])
def test_a_page_of_several_keeps_its_articles(address: str) -> None:
    """The header of a front page, of a section or of a page with other dated articles is none of theirs."""
    found = read(f"URL: {address}\nTitle: The Post - News from Norway\n\n{PAGE}\n").articles

    assert [article.headline.split()[0] for article in found] == ["Ferry", "Glass", "Lighthouse"]
    assert {article.url for article in found} == {None}


def test_one_of_several_has_what_is_stated_of_it() -> None:
    """It is the one with the stated headline."""
    found = read(f"URL: {URL}\nTitle: {HEADLINES[0]}\n\n{PAGE}\n").articles

    assert [article.url for article in found] == [URL, None, None]


def test_each_header_of_a_file_begins_an_article() -> None:
    """With the lines of the file."""
    other = LABELS.replace(URL, "https://post.example/2025/bell-is-back-on-its-buoy").replace(
        TITLE, "Bell back"
    )
    first, second = read(f"{LABELS}{LEAD}\n\n{MORE}\n\n{other}{LAST} {MORE}\n").articles

    assert (first.headline, first.line, first.body) == (TITLE, 2, (LEAD, MORE))
    assert (second.headline, second.line, second.body) == ("Bell back", 13, (f"{LAST} {MORE}",))
    assert second.dates[0].line == 16


def test_clippings_one_below_another_are_an_article_each() -> None:
    """A rule in a text is no front matter."""
    other = OBSIDIAN.replace(URL, "https://post.example/bell").replace(TITLE, "Bell back on its buoy")
    first, second = read(f"{OBSIDIAN}{LEAD}\n\n---\n\n{MORE}\n\n{other}{LAST} {MORE}\n").articles

    assert (first.headline, first.line, first.body) == (TITLE, 2, (LEAD, MORE))
    assert (second.headline, second.line, second.body) == ("Bell back on its buoy", 20, (f"{LAST} {MORE}",))


@pytest.mark.parametrize(
    ("yaml", "headline", "byline"),
    [
        ('title: "The \\"lamp\\" \\u2013 out"\nauthor: null', 'The "lamp" – out', ()),
        ("title: 'Lamp''s end'  # printed\nauthor: ~", "Lamp's end", ()),
        (
            'title: Lamp out: harbour dark\nauthor: [Ana Ruiz, "Lind, Bo"]',
            "Lamp out: harbour dark",
            ("Ana Ruiz", "Lind, Bo"),
        ),
        ("title: The #1 lamp # a comment\nauthor: [[Ana Ruiz]]", "The #1 lamp", ("Ana Ruiz",)),
        ("title: >-\n  Lamp out\n  again\nauthor:\n- Ana Ruiz\n- Bo", "Lamp out again", ("Ana Ruiz", "Bo")),
        (
            "title: |\n  Lamp out\n\nauthor:\n  name: Ana Ruiz\n  url: https://a.example/",
            "Lamp out",
            ("Ana Ruiz",),
        ),
        (
            "# made by hand\ntitle: Lamp\n  out\nauthor:\n  - name: Ana Ruiz\n    id: 3\n  - Bo",
            "Lamp out",
            ("Ana Ruiz", "Bo"),
        ),
        ("title: !!str Lamp out\nauthor: *a", "Lamp out", ()),
        ('"title": "Lamp out"\nauthor: "[Ana Ruiz](https://a.example/)"', "Lamp out", ("Ana Ruiz",)),
    ],
)
def test_front_matter_is_read_as_yaml_and_as_it_is_written(
    yaml: str, headline: str, byline: tuple[str, ...]
) -> None:
    """Quotes of both kinds, lists, blocks, comments; a colon in a title, which YAML refuses, is one."""
    found = stated(f"---\n{yaml}\n---\n{TEXT}")

    assert found is not None
    assert (found.headline, found.byline) == (headline, byline)


@pytest.mark.parametrize(
    "text",
    [
        "---\n\nLamp out: it is dark\n\n---\n",
        "---\ntitle: Lamp out\nand no more\n---\n",
        "---\ntitle: Lamp out\n",
        "Source: Reuters\nDate: 3 May 2025\n\n",
        "Lamp out\nSource: Reuters\n\n",
        "Title: Lamp out\n\n",
        "RIYADH: The council met\nURL: none\n",
        "Update: The lamp is out\nNote: It is dark\n\n",
    ],
)
def test_other_texts_have_no_header(text: str) -> None:
    """A rule, one label alone, or labels that state neither a title nor an address."""
    assert stated(text + TEXT) is None


@pytest.mark.parametrize(
    ("printed", "address"),
    [
        ("   #[1]RSS [2]alternate\n\n", None),
        ("   Link: canonical\n   Link: stylesheet\n\n", None),
        ("HTTP/1.1 200 OK\nDate: Wed, 03 Dec 2025 10:15:00 GMT\nContent-Language: en\n\n", None),
        (f"W3m-current-url: {URL}\nW3m-document-charset: UTF-8\n\n", URL),
        (f"Page saved with SingleFile\n url: {URL}\n saved date: Fri Dec 05 2025 10:11:12 GMT+0100\n\n", URL),
    ],
    ids=["lynx", "links", "curl", "w3m", "SingleFile"],
)
def test_what_text_browsers_and_servers_print_is_no_text(printed: str, address: str | None) -> None:
    """What it states of the article goes in."""
    article = one(f"{printed}{TITLE}\n\n{TEXT}")

    assert (article.headline, article.body, article.url) == (TITLE, (LEAD, MORE, LAST), address)
    assert article.dates == ()


@pytest.mark.parametrize(
    "comment",
    [
        f"<!-- saved from url=(0049){URL} -->",
        f"<!-- Saved from {URL} at 2025-12-05T08:00:00Z using monolith v2.8.1 -->",
        f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Fri Dec 05 2025\n-->",
    ],
)
def test_a_saved_page_has_the_address_that_its_comment_notes(comment: str) -> None:
    """As browsers and SingleFile write it."""
    page = f"<!DOCTYPE html>\n<html>{comment}<body><h1>{TITLE}</h1><p>{LEAD}</p><p>{MORE}</p></body></html>"

    assert saved_from(page) == URL
    assert one(page).url == URL
    assert saved_from("<!-- saved from url=(0013)about:internet --><p>a") is None


def test_labels_in_other_languages_are_known() -> None:
    """With the colons of their scripts."""
    found = stated("标题：灯灭了\n来源：港报\n作者：李明\n发布时间：2025年12月3日\n\n港务局说，灯灭了。\n")

    assert found is not None
    assert (found.headline, found.site, found.byline) == ("灯灭了", "港报", ("李明",))
    assert found.published == "2025年12月3日"


@pytest.mark.parametrize(
    "header",
    [
        "---\n" + "title: [" * 90_000,
        "---\n" + "- " * 90_000,
        '---\ntitle: "' + "\\" * 90_000 + "\n---\n",
        "---\ntitle: [" + '"\\",' * 40_000 + "]\n---\n",
        "Title:\n" * 60_000,
        "URL: https://a.example/b-c-d-e\nTitle: a\n" * 20_000,
        "a: " * 90_000,
        "---\n" + "a: &a [*a, *a]\n" * 20_000 + "---\n",
    ],
)
def test_no_header_costs_more_than_its_length(header: str) -> None:
    """Whatever is nested, left open or said again in it."""
    begin = time.process_time()
    stated(header + TEXT)

    assert time.process_time() - begin < 1
