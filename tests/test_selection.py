"""A category gets its feed with its first article and keeps its name for good."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.config import Config, Selection
from feeds.model import Category
from feeds.selection import plan, slugify
from feeds.vocab import TOPIC_SCHEME, country, topic

POLITICS = topic("11000000")


def slugs(
    *categories: tuple[Category, int, int],
    known: dict[tuple[str, str], str] | None = None,
    mentions: bool = False,
) -> list[str]:
    """Give the slugs of the feeds for these counts."""
    return [p.slug for p in plan(categories, known or {}, Config(feeds=Selection(mentions=mentions)))]


def test_a_feed_of_all_comes_first_then_topics_then_countries() -> None:
    """Each in the order of its label."""
    found = slugs(
        (country("NO"), 1, 0), (topic("15000000"), 1, 0), (country("AF"), 2, 0), (topic("06000000"), 1, 0)
    )

    assert found == ["all", "topics/environment", "topics/sport", "countries/af", "countries/no"]


def test_a_mention_makes_no_feed_unless_configured() -> None:
    """The country feeds hold what is about the country."""
    assert slugs((country("NO"), 0, 3)) == ["all"]
    assert slugs((country("NO"), 0, 3), mentions=True) == ["all", "countries/no"]
    assert slugs((POLITICS, 0, 3), mentions=True) == ["all"]


def test_a_feed_that_was_once_there_stays_under_its_name() -> None:
    """Also when its last article went, and when its label would now give another slug."""
    known = {(TOPIC_SCHEME, "11000000"): "topics/politics"}

    assert slugs((POLITICS, 0, 0), known=known) == ["all", "topics/politics"]


def test_two_labels_that_fold_alike_get_two_slugs() -> None:
    """No feed is written over another."""
    twins = [(Category(TOPIC_SCHEME, term, label), 1, 0) for term, label in (("1", "A & B"), ("2", "a b"))]

    assert slugs(*twins) == ["all", "topics/a-b", "topics/a-b-2"]


@pytest.mark.parametrize("name", ["", "…", "سياسة", "x" * 200, "Ünïcödé", "../../etc/passwd", "a/b", "CON"])
def test_a_slug_is_safe_on_every_host(name: str) -> None:
    """a-z, 0-9 and hyphen, one to sixty characters."""
    slug = slugify(name)

    assert 1 <= len(slug) <= 60
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


def test_names_that_lose_letters_stay_apart() -> None:
    """A digest tells them apart."""
    assert slugify("سياسة") != slugify("رياضة")
    assert slugify("x" * 200) != slugify("x" * 201)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.text("aA -é2_سC", max_size=70), st.text("12ab", max_size=4)), max_size=8))
def test_every_feed_has_a_slug_of_its_own(names: list[tuple[str, str]]) -> None:
    """Of a-z, 0-9 and hyphens, at most sixty characters, whatever the categories are called."""
    categories = [(Category(TOPIC_SCHEME, term, label), 1, 0) for label, term in names]
    found = slugs(*categories)[1:]

    assert len({*found}) == len(found) == len({category for category, _, _ in categories})
    assert all(re.fullmatch("topics/[a-z0-9]+(-[a-z0-9]+)*", slug) and len(slug) <= 67 for slug in found)
