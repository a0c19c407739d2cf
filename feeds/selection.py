"""Choose which feeds exist, and under which names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase

from msgspec import Struct

from feeds import vocab
from feeds.config import Config, near
from feeds.model import Category, Tag

MAX_SLUG = 60  # characters; a file name has to fit every host and file system
ALL = "all"


class Plan(Struct, frozen=True):
    """One feed to be written: its names, and the category whose articles it holds (None: all)."""

    slug: str
    title: str
    subtitle: str
    category: Category | None
    mentions: bool = False
    first_slug: str = ""  # the one that it had at first, on which its id hangs

    @property
    def folder(self) -> str:
        """The part of output/ that it stands in, such as "topics"; "" for the feed of all."""
        return self.slug.rpartition("/")[0]


FOLDERS = {
    vocab.TOPIC_SCHEME: "topics",
    vocab.OWN_TOPIC_SCHEME: "topics",
    vocab.REGION_SCHEME: "regions",
    vocab.COUNTRY_SCHEME: "countries",
    vocab.MIX_SCHEME: "mixes",
}
_TOPIC_SCHEMES = (vocab.TOPIC_SCHEME, vocab.OWN_TOPIC_SCHEME)
SUBJECT, MENTIONED, ELSEWHERE = 1, 0, 2  # the lanes of store/articles.py
FOLDER_TITLES = {"": "", "mixes": "Mixes", "topics": "Topics", "regions": "Regions", "countries": "Countries"}
_ORDER = list(FOLDER_TITLES)


def plan(
    counts: Iterable[tuple[Category, int, int]], known: Mapping[tuple[str, str], str], config: Config
) -> tuple[Plan, ...]:
    """Give the feeds of a site: that of all articles, then mixes, topics, regions and countries by label.

    `counts` are the categories that articles carry, with how many are about them and how many mention
    them; `known` are the slugs of the feeds that exist already, by scheme and term: they stay. What
    the configuration defines has its feed from the start.
    """
    plans = []
    taken = set(known.values())
    used: set[str] = set()  # a topic that was renamed leaves its slug to the new one
    for found in dict.fromkeys(_wanted(counts, known, config)):
        slug = present_slug(known.get((found.scheme, found.term)) or _new_slug(found, taken), config)
        if not is_chosen(slug, config) or slug in used:
            continue
        taken.add(slug)
        used.add(slug)
        by_mentions = _counts_mentions(found, config)
        first = _first_slug(slug, config)
        plans.append(Plan(slug, _title(found), _subtitle(found, config), found, by_mentions, first))
    plans.sort(key=lambda p: (_ORDER.index(p.folder), p.title.casefold(), p.slug))
    title = f"{config.site.title}: all articles"
    everything = Plan(ALL, title, "Every article, newest first", None, first_slug=ALL)
    return (everything, *plans)


def present_slug(slug: str, config: Config) -> str:
    """Give the slug that a feed has now, after all its renamings."""
    while slug in config.renamed:
        slug = config.renamed[slug]
    return slug


def _first_slug(slug: str, config: Config) -> str:
    """Give the slug that a feed had before its renamings."""
    before = {new: old for old, new in sorted(config.renamed.items(), reverse=True)}
    while slug in before:
        slug = before[slug]
    return slug


def is_chosen(slug: str, config: Config) -> bool:
    """Say whether the configuration wants the feed of a slug."""
    wanted, unwanted = config.feeds.include, config.feeds.exclude
    return (not wanted or any(fnmatchcase(slug, p) for p in wanted)) and not any(
        fnmatchcase(slug, p) for p in unwanted
    )


def _counts_mentions(category: Category, config: Config) -> bool:
    return config.feeds.mentions and category.scheme == vocab.COUNTRY_SCHEME


def lanes(tags: Sequence[Tag], config: Config) -> list[int]:
    """Give how an article stands in the feed of each of its tags: as a subject, or only mentioned.

    Where the configuration parts the articles among the topics, only the topic that suits one best has it.
    """
    found = [SUBJECT if tag.role == "subject" else MENTIONED for tag in tags]
    if config.feeds.partition:
        topics = [
            i for i, tag in enumerate(tags) if found[i] == SUBJECT and tag.category.scheme in _TOPIC_SCHEMES
        ]
        best = max(topics, key=lambda i: (tags[i].score, -i), default=None)
        for i in topics:
            found[i] = SUBJECT if i == best else ELSEWHERE
    return found


def standing(tags: Sequence[Tag], config: Config) -> Iterator[Category]:
    """Give the categories in whose feeds an article of these tags stands."""
    for tag, lane in zip(tags, lanes(tags, config), strict=True):
        if lane == SUBJECT or _counts_mentions(tag.category, config):
            yield tag.category


def membership(
    articles: Sequence[Sequence[Tag]], known: Mapping[tuple[str, str], str], config: Config
) -> list[set[str]]:
    """Give the slugs of the feeds in which each article, of all that there are, stands by its tags.

    They come newest first, and beyond `feeds.limit` leave a feed for its archives.
    """
    counts: dict[Category, list[int]] = {}
    for tags in articles:
        for tag, lane in zip(tags, lanes(tags, config), strict=True):
            if lane in (SUBJECT, MENTIONED):
                counts.setdefault(tag.category, [0, 0])[lane] += 1
    plans = plan([(c, n[SUBJECT], n[MENTIONED]) for c, n in counts.items()], known, config)
    slugs = {found.category: found.slug for found in plans}
    held: Counter[str] = Counter()
    found = []
    for tags in articles:
        by_tags = {slugs[c] for c in standing(tags, config) if c in slugs} | {ALL}
        held.update(by_tags)
        found.append({slug for slug in by_tags if held[slug] <= config.feeds.limit})
    return found


def unmet(slugs: Collection[str], config: Config) -> Iterator[str]:
    """Name each renaming that no feed of these slugs, all that there are, has met: it may be misspelt."""
    for old in config.renamed:
        if old not in slugs and present_slug(old, config) not in slugs:
            yield f'renamed."{old}": no feed has that slug{near(old, slugs)}'


def configured(config: Config) -> Iterator[Category]:
    """Give the categories that the configuration defines."""
    yield from (Category(vocab.OWN_TOPIC_SCHEME, topic.slug, topic.label) for topic in config.topics)
    yield from (Category(vocab.MIX_SCHEME, mix.slug, mix.title) for mix in config.mixes)
    yield from (vocab.regions()[code].category for code in config.feeds.regions)


def _wanted(
    counts: Iterable[tuple[Category, int, int]], known: Mapping[tuple[str, str], str], config: Config
) -> Iterator[Category]:
    """Give the categories that have a feed: defined, with articles enough, or with a feed already."""
    yield from configured(config)
    for found, subjects, mentions in counts:
        articles = subjects + (mentions if _counts_mentions(found, config) else 0)
        if found.scheme in FOLDERS and (
            articles >= config.feeds.min_articles or (found.scheme, found.term) in known
        ):
            yield found


def category(scheme: str, term: str) -> Category:
    """Give the category of a feed that has no article now."""
    try:
        return {vocab.TOPIC_SCHEME: vocab.topic, vocab.COUNTRY_SCHEME: vocab.country}[scheme](term)
    except KeyError:  # a concept that the vocabulary no longer has: the feed stays under its code
        return Category(scheme, term, term)


def slug(category: Category, known: Mapping[tuple[str, str], str]) -> str:
    """Give the slug of a category's feed: the one that it has, else the one that it would get."""
    return known.get((category.scheme, category.term)) or _new_slug(category, {*known.values()})


def _new_slug(category: Category, taken: set[str]) -> str:
    name = category.label if category.scheme in (vocab.TOPIC_SCHEME, vocab.REGION_SCHEME) else category.term
    folder = FOLDERS[category.scheme]
    slugs = (f"{folder}/{slugify(f'{name}{suffix}')}" for suffix in ("", f" {category.term}", f" {category}"))
    return next(slug for slug in slugs if slug not in taken)  # the last one ends in a digest


def find(slug: str, known: Mapping[tuple[str, str], str], config: Config) -> Category | None:
    """Give the category that a slug stands for, also where it has no feed; None where it stands for none."""
    for key, its_slug in known.items():
        if its_slug == slug and key[0]:
            return category(*key)
    folder, _, name = slug.rpartition("/")
    if folder == "countries":
        return vocab.countries().get(name.upper())
    if folder == "regions" and name in vocab.regions():
        return vocab.regions()[name].category
    others = (topic.category for topic in vocab.topics().values())
    return next((c for c in (*configured(config), *others) if _new_slug(c, set()) == slug), None)


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
    if category.scheme != vocab.TOPIC_SCHEME:
        return category.label  # a name, or the user's own words
    return category.label[:1].upper() + category.label[1:]


def _subtitle(category: Category, config: Config) -> str:
    kind = "mixed by your own rule" if category.scheme == vocab.MIX_SCHEME else f"about {category.label}"
    return f"{config.site.title}: articles {kind}"
