"""Tag an article by the user's own rules: topics of their own, mixes, regions, and fixes by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from msgspec import Struct, field

from feeds import vocab
from feeds.config import Config, Mix, OwnTopic
from feeds.fixes import Fix
from feeds.model import Category, RawArticle, Role, Tag
from feeds.tag.index import Cell, Index, Words, by_first, stands
from feeds.tag.text import HEADLINE, LEAD, REST, parts
from feeds.tag.topics import DEFAULT_WEIGHT, HALF_SCORE, Counts, weigh, zone_name

SUBJECT_FLOOR = 1.2  # points: once in the headline or lead, or twice in the rest; below it is a mention
BY_HAND = "set by hand"
NAMED = 3  # words that the evidence names
LEAD_TOKENS = 110  # what a reader has seen who stops after the second paragraph


class Rules(Struct, frozen=True, dict=True):
    """The rules of one configuration, with the fixes by article id."""

    topics: tuple[OwnTopic, ...] = ()
    mixes: tuple[Mix, ...] = ()
    regions: tuple[str, ...] = ()
    fixes: Mapping[str, Fix] = field(default_factory=dict)

    @cached_property
    def _index(self) -> Index:
        """The table of the rules' words."""
        rules: list[OwnTopic | Mix] = [*self.topics, *self.mixes]
        words = {word for rule in rules for word in (*rule.any, *rule.all, *rule.none)}
        own = Words(by_first((word, "") for word in sorted(words)), lambda word, _: word)
        return Index(Words(({}, {}, {}), lambda text, _: text), own)

    @classmethod
    def of(cls, config: Config, fixes: Mapping[str, Fix]) -> Rules:
        """Give the rules of a configuration."""
        return cls(config.topics, config.mixes, config.feeds.regions, fixes)

    def apply(self, article_id: str, raw: RawArticle, tags: tuple[Tag, ...]) -> tuple[Tag, ...]:
        """Give the tags of an article as its owner wants them: fixed, and with those of the rules.

        An article's own tags come first, then topics of the user's, regions, and the mixes that it is in.
        """
        fix = self.fixes.get(article_id)
        fixed = tuple(_fixed(tags, fix)) if fix else tags
        if not (self.topics or self.mixes or self.regions):
            return fixed
        hits = self._hits(raw)
        own = tuple(tag for topic in self.topics for tag in _own_topic(topic, fixed, hits))
        known = {tag.category for tag in fixed} | {*(fix.removed if fix else ())}
        own = tuple({tag.category: tag for tag in reversed(own) if tag.category not in known}.values())[::-1]
        everything = (*fixed, *own, *_regions(self.regions, fixed))
        return (*everything, *(tag for mix in self.mixes for tag in _mix(mix, raw, everything, hits)))

    def failing(self, category: Category, raw: RawArticle, tags: tuple[Tag, ...]) -> tuple[str, ...]:
        """Give the keys of the rule behind a category whose conditions do not hold for an article."""
        hits = self._hits(raw)
        for topic in self.topics:
            if (vocab.OWN_TOPIC_SCHEME, topic.slug) == (category.scheme, category.term):
                return _failing_topic(topic, tags, hits)
        for mix in self.mixes:
            if (vocab.MIX_SCHEME, mix.slug) == (category.scheme, category.term):
                return _failing_mix(mix, raw, tags, hits)
        return ()

    def _hits(self, raw: RawArticle) -> dict[str, Counts]:
        """Count the rules' words in an article by zone, those within one another, too."""
        hits: dict[str, Counts] = {}
        headline, body = map(self._index.row, parts(raw))
        places = [(HEADLINE, word) for _, word in _begun(headline)]
        places += [(LEAD if start < LEAD_TOKENS else REST, word) for start, word in _begun(body)]
        for zone, word in places:
            hits.setdefault(word, [0, 0, 0])[zone] += 1
        return hits


def _begun(cells: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    for start, (_, surfaces) in stands(cells):
        for surface in surfaces:
            yield start, surface.meaning


def _failing_words(rule: OwnTopic | Mix, hits: Mapping[str, Counts]) -> tuple[str, ...]:
    """Give the keys of a rule whose words do not hold: missing ones, or ones that must not be there."""
    conditions = {
        "any": not rule.any or any(word in hits for word in rule.any),
        "all": all(word in hits for word in rule.all),
        "none": not any(word in hits for word in rule.none),
    }
    return tuple(name for name, holds in conditions.items() if not holds)


def _failing_topic(topic: OwnTopic, tags: tuple[Tag, ...], hits: Mapping[str, Counts]) -> tuple[str, ...]:
    """Give the keys of a topic of the user's whose conditions do not hold."""
    elsewhere = topic.countries and not _subjects(tags, vocab.COUNTRY_SCHEME).keys() & set(topic.countries)
    return (*(("countries",) if elsewhere else ()), *_failing_words(topic, hits))


def _subjects(tags: Iterable[Tag], scheme: str) -> dict[str, Tag]:
    return {tag.category.term: tag for tag in tags if tag.category.scheme == scheme and tag.role == "subject"}


def _own_topic(topic: OwnTopic, tags: tuple[Tag, ...], hits: Mapping[str, Counts]) -> Iterator[Tag]:
    """Tag with a topic of the user's, and with the Media Topics above it, scored as these are."""
    if _failing_topic(topic, tags, hits):
        return
    found = {word: hits[word] for word in (*topic.all, *topic.any) if word in hits}
    points = sum(DEFAULT_WEIGHT * weigh(counts) for counts in found.values())
    role: Role = "subject" if points >= SUBJECT_FLOOR else "mentioned"
    score = round(points / (points + HALF_SCORE), 3)
    words = ", ".join(f'"{word}" in the {zone_name(found[word])}' for word in [*found][:NAMED])
    category = Category(vocab.OWN_TOPIC_SCHEME, topic.slug, topic.label)
    yield Tag(category, role, score, f"your rule: {words}")
    if topic.parent and role == "subject":
        parent = topic.parent.removeprefix("medtop:")
        for term in (parent, *vocab.ancestors(parent)):
            yield Tag(vocab.topic(term), role, score, f"includes {topic.label}")


def _regions(codes: Iterable[str], tags: tuple[Tag, ...]) -> Iterator[Tag]:
    """Tag with the regions that a country which the article is about belongs to."""
    countries = _subjects(tags, vocab.COUNTRY_SCHEME)
    for code in codes:
        region = vocab.regions()[code]
        inside = [tag for term, tag in countries.items() if term in region.countries]
        if inside:
            names = ", ".join(tag.category.label for tag in inside)
            yield Tag(region.category, "subject", max(tag.score for tag in inside), f"includes {names}")


def _mix(mix: Mix, raw: RawArticle, tags: tuple[Tag, ...], hits: Mapping[str, Counts]) -> Iterator[Tag]:
    """Tag with a mix whose every condition holds."""
    if not _failing_mix(mix, raw, tags, hits):
        category = Category(vocab.MIX_SCHEME, mix.slug, mix.title)
        yield Tag(category, "subject", 1.0, "every condition of the mix holds")


def _failing_mix(
    mix: Mix, raw: RawArticle, tags: tuple[Tag, ...], hits: Mapping[str, Counts]
) -> tuple[str, ...]:
    """Give the keys of a mix whose conditions do not hold."""
    about = {
        *_subjects(tags, vocab.OWN_TOPIC_SCHEME),
        *(f"medtop:{term}" for term in _subjects(tags, vocab.TOPIC_SCHEME)),
    }
    language = raw.language or ""
    conditions = {
        "countries": bool(_subjects(tags, vocab.COUNTRY_SCHEME).keys() & set(mix.countries)),
        "topics": bool(about & set(mix.topics)),
        "agencies": (raw.agency or "").casefold() in {name.casefold() for name in mix.agencies},
        "languages": any(language == tag or language.startswith(f"{tag}-") for tag in mix.languages),
    }
    failing = [name for name, holds in conditions.items() if getattr(mix, name) and not holds]
    return (*failing, *_failing_words(mix, hits))


def _fixed(tags: tuple[Tag, ...], fix: Fix) -> Iterator[Tag]:
    """Take away and add what a fix says; what is added stands first in its vocabulary."""
    removed = {*fix.removed}
    added = [
        Tag(category, "subject", 1.0, BY_HAND)
        for category in dict.fromkeys(chain.from_iterable(_with_broader(c) for c in fix.added))
        if category not in removed
    ]
    kept = [
        tag for tag in tags if tag.category not in removed and tag.category not in {t.category for t in added}
    ]
    every = [*added, *kept]
    yield from (tag for tag in every if tag.category.scheme == vocab.COUNTRY_SCHEME)
    yield from (tag for tag in every if tag.category.scheme != vocab.COUNTRY_SCHEME)


def _with_broader(category: Category) -> Iterator[Category]:
    yield category
    if category.scheme == vocab.TOPIC_SCHEME:
        yield from map(vocab.topic, vocab.ancestors(category.term))
