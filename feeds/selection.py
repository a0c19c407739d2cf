"""Choose which feeds exist, and under which names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from feeds.config import Config
from feeds.model import Category
from feeds.vocab import COUNTRY_SCHEME, TOPIC_SCHEME, country, topic

MAX_SLUG = 60  # characters; a file name has to fit every host and file system
ALL = "all"


@dataclass(frozen=True, slots=True)
class Plan:
    """One feed to be written: its names, and the category whose articles it holds (None: all)."""

    slug: str
    title: str
    subtitle: str
    category: Category | None
    mentions: bool = False

    @property
    def folder(self) -> str:
        """The part of output/ that it stands in: "topics", "countries", or "" for the feed of all."""
        return self.slug.rpartition("/")[0]


def plan(
    categories: Iterable[tuple[Category, int, int]], known: Mapping[tuple[str, str], str], config: Config
) -> tuple[Plan, ...]:
    """Give the feeds of a site: that of all articles, then topics and countries by their labels.

    `categories` are those that articles carry, with how many are about them and how many mention
    them; `known` are the slugs of the feeds that exist already, by scheme and term: they stay.
    """
    mentions = config.feeds.mentions
    plans = []
    taken = set(known.values())
    for category, subjects, mentioned in categories:
        folder = FOLDERS.get(category.scheme)
        slug = known.get((category.scheme, category.term))
        by_mentions = mentions and category.scheme == COUNTRY_SCHEME
        if folder is None or not (slug or subjects or (by_mentions and mentioned)):
            continue
        if slug is None:
            slug = _new_slug(folder, category, taken)
            taken.add(slug)
        plans.append(Plan(slug, _title(category), _subtitle(category, config), category, by_mentions))
    plans.sort(key=lambda p: (p.folder != "topics", p.title.casefold(), p.slug))
    everything = Plan(ALL, f"{config.site.title}: all articles", "Every article, newest first", None)
    return (everything, *plans)


FOLDERS = {TOPIC_SCHEME: "topics", COUNTRY_SCHEME: "countries"}


def category(scheme: str, term: str) -> Category:
    """Give the category of a feed that has no article now."""
    try:
        return topic(term) if scheme == TOPIC_SCHEME else country(term)
    except KeyError:  # a concept that the vocabulary no longer has: the feed stays under its code
        return Category(scheme, term, term)


def _new_slug(folder: str, category: Category, taken: set[str]) -> str:
    name = category.term if folder == "countries" else category.label
    slug = f"{folder}/{slugify(name)}"
    if slug not in taken:
        return slug
    return f"{folder}/{slugify(f'{name} {category.term}')}"


def slugify(name: str) -> str:
    """Give a name as a-z, 0-9 and hyphens, at most 60 characters.

    Where something is lost that two names may differ in, a digest of the whole name follows.

    >>> slugify("Arts, culture & media")
    'arts-culture-media'
    >>> slugify("سياسة")
    'x-56ccba3b'
    """
    plain = unicodedata.normalize("NFKD", name.casefold())
    ascii_only = "".join(c for c in plain if not unicodedata.combining(c))
    slug = re.sub("[^a-z0-9]+", "-", ascii_only).strip("-")
    lost = any(not c.isascii() and c.isalnum() for c in ascii_only)
    if slug and not lost and len(slug) <= MAX_SLUG:
        return slug
    suffix = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{slug[: MAX_SLUG - 9].strip('-') or 'x'}-{suffix}"


def _title(category: Category) -> str:
    return category.label[:1].upper() + category.label[1:]


def _subtitle(category: Category, config: Config) -> str:
    return f"{config.site.title}: articles about {category.label}"
