"""What of an article's markup reaches its readers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feeds.extract.markup import paragraphs
from feeds.extract.rich import ALLOWED, DEEPEST, LARGEST, marked_up_html, sanitised
from feeds.write.content import content
from tests.values import entry

BASE = "https://paper.example/news/1"


def kept(html: str) -> tuple[str, ...]:
    return marked_up_html(paragraphs(html), html, BASE)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (
            '<p>See <a href="/r?a=1&amp;b=2#s" onclick="x()">the <b>report</b></a> of <span>May</span>.</p>',
            '<p>See <a href="https://paper.example/r?a=1&amp;b=2#s">the <b>report</b></a> of May.</p>',
        ),
        ("<h1>What <em>now</em></h1>", "<h2>What <em>now</em></h2>"),
        ("<ol><li><p>Third</p></li></ol>", "<ol><li>Third</li></ol>"),
        ("<blockquote>So it is.</blockquote>", "<blockquote><p>So it is.</p></blockquote>"),
        (
            '<p>At <time datetime="2026-05-01" class="x">noon</time></p>',
            '<p>At <time datetime="2026-05-01">noon</time></p>',
        ),
        (
            '<p>Ask <a href="mailto:desk@paper.example">us</a></p>',
            '<p>Ask <a href="mailto:desk@paper.example">us</a></p>',
        ),
        ("<p>H<sub>2</sub>O<script>alert(1)</script></p>", "<p>H<sub>2</sub>O</p>"),
    ],
)
def test_links_emphasis_and_structure_are_kept(html: str, expected: str) -> None:
    """With absolute links and without what means nothing elsewhere."""
    assert kept(html) == (expected,)


@pytest.mark.parametrize(
    "html",
    [
        "<p>Nothing but words.</p>",
        '<p>A <a href="javascript:alert(1)">trap</a>, a <a href="#n1">note</a>.</p>',
        '<p>A <a href="data:text/html,x">page</a> and a <span style="x">colour</span>.</p>',
        "one<br><br>two <b>three</b>",  # two paragraphs of one element
        "<p>" + "<b>" * (DEEPEST + 1) + "deep" + "</b>" * (DEEPEST + 1) + "</p>",
    ],
)
def test_what_is_no_more_than_its_words_has_no_markup(html: str) -> None:
    """And so has what leads nowhere, or goes too deep."""
    assert kept(html) == ()


def test_an_article_of_very_much_markup_has_its_words_alone() -> None:
    """So that nobody can make a feed of megabytes."""
    one = '<p>See <a href="/a">it</a> there.</p>'

    assert len(kept(one * 10)) == 10
    assert kept("".join(f'<p>See <a href="/{n}">{n}</a>.</p>' for n in range(LARGEST // 40))) == ()


def test_the_items_of_a_list_stand_together_and_the_dateline_in_the_first_paragraph() -> None:
    """As their document had them."""
    html = "<p>Two <b>things</b>:</p><ul><li>one</li><li>two</li></ul><p>That is all.</p>"
    body = paragraphs(html)
    made = content(entry(body=body, captions=(), dateline="OSLO", markup=kept(html)).article)

    assert made.startswith(
        "<p>OSLO – Two <b>things</b>:</p>\n<ul><li>one</li>\n<li>two</li></ul>\n<p>That is all.</p>\n"
    )


@given(
    st.lists(st.sampled_from(sorted([*ALLOWED, "script", "svg", "x\x00"])), max_size=6), st.text(max_size=30)
)
def test_what_was_put_together_is_what_the_sanitiser_leaves(tags: list[str], words: str) -> None:
    """The allowlist is applied twice, and the second time finds nothing to do."""
    html = "".join(f'<{tag} href="https://a.example/{words}" onload="x">' for tag in tags) + words

    for block in kept(html):
        assert sanitised(block) == block
