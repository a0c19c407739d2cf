"""Find the topics that an article is about.

A lexicon gives the terms that speak for each Media Topic, or against it. A term's weight counts by
where it stands; what a concept gets goes to the broader ones, too, and weak evidence gives no topic.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from math import log
from operator import itemgetter
from pathlib import Path

from msgspec import Struct

from feeds import vocab
from feeds.model import Tag
from feeds.tables import DATA, kept
from feeds.tag.index import Stand, Words, by_first
from feeds.tag.text import HEADLINE, LEAD, REST, ZONE_NAMES

DEFAULT_WEIGHT = 2.0
NOTHING = "-"  # phrases that keep their words from counting
HEADLINE_POINTS, LEAD_POINTS, REST_POINTS = 2.0, 1.0, 0.6
TOP_FLOOR, TOP_SHARE, TOP_MOST = 2.5, 0.6, 3
OWN_FLOOR, OWN_SHARE = 3.5, 0.25
HALF_SCORE = 12.0


class Term(Struct, frozen=True, eq=False):
    """A word or phrase with the concepts that it speaks for, and how strongly."""

    text: str
    weights: Sequence[tuple[str, float]]
    rolled: Sequence[tuple[str, float]]  # the same with all that is broader, each with the largest weight
    single: bool  # it speaks for one concept


Counts = list[int]  # how often a term stands in each zone
Hits = dict[Term, Counts]
Reason = tuple[float, str, Counts]  # what a term says for a concept: less its points, its text


def lexicon(language: str) -> Words[Term]:
    """Give the terms of a language; none for a language without lexicon."""
    name = f"topics_{language}"
    sources = (f"data/{name}.txt", "tag/topics.py", "tag/index.py", "tag/text.py")
    return Words(kept(name, sources, lambda: by_first(_terms(DATA / f"{name}.txt"))), _term)


def _terms(path: Path) -> Iterator[tuple[str, str]]:
    """Give each term with the concept that it speaks for, and how strongly: "20000002^3"."""
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if line and not line.startswith("#"):
            concept, _, terms = (part.strip() for part in line.split("|"))
            for item in terms.split(","):
                text, _, weight = item.strip().partition("^")
                if text:
                    yield text, f"{concept}^{weight}"


def _term(text: str, claims: Sequence[str]) -> Term:
    weights: dict[str, float] = {}
    for claim in claims:
        concept, _, weight = claim.partition("^")
        if concept != NOTHING:
            weights[concept] = float(weight or DEFAULT_WEIGHT)
    return Term(text, tuple(weights.items()), _rolled(weights), len(weights) == 1)


def _rolled(weights: Mapping[str, float]) -> Sequence[tuple[str, float]]:
    """Give each concept and what is broader with the largest weight below: a term counts once."""
    best: dict[str, float] = {}
    for concept, weight in weights.items():
        for term in (concept, *vocab.ancestors(concept)):
            best[term] = max(weight, best.get(term, weight))
    return tuple(best.items())


def tag(zones: Sequence[Iterable[Stand]]) -> tuple[Tag, ...]:
    """Give the topics of an article with what is broader, best first, each with its evidence.

    `zones` is what stands in each, see index.stands.
    """
    return tuple(_tags(*points(count(zones))))


def doubt(zones: Sequence[Iterable[Stand]], concept: str) -> str | None:
    """Say what speaks for a topic that an article did not get, and how much it takes; None for nothing."""
    reasons, totals = points(count(zones))
    total = totals.get(concept, 0.0)
    if total <= 0:
        return None
    top = (concept, *vocab.ancestors(concept))[-1]
    floor = max(TOP_FLOOR, TOP_SHARE * max(totals[term] for term in totals.keys() & _tops()))
    if totals[top] >= floor:
        floor = max(OWN_FLOOR, OWN_SHARE * totals[top])
    else:
        concept, total = top, totals[top]
    evidence = _evidence(reasons.get(concept) or _reasons_below(concept, reasons), ())
    return f"{evidence}: {total:.1f} points, and it takes {floor:.1f}"


def count(zones: Iterable[Iterable[Stand]]) -> Hits:
    """Count each term in each zone, the longest one at a place alone."""
    hits: Hits = {}
    for zone, found in enumerate(zones):
        end = 0
        for start, (_, surfaces) in found:
            if surfaces and start >= end:
                surface = surfaces[0]
                end = start + surface.length
                counts = hits.get(surface.meaning)
                if counts is None:
                    counts = hits[surface.meaning] = [0, 0, 0]
                counts[zone] += 1
    return hits


def weigh(counts: Counts) -> float:
    """Give what a term's places are worth: the headline once, the others less with each time."""
    return _worth(*counts)


@lru_cache(maxsize=10_000)
def _worth(headline: int, lead: int, rest: int) -> float:
    worth = HEADLINE_POINTS if headline else 0.0
    if lead:
        worth += LEAD_POINTS * log(1 + lead)
    return worth + REST_POINTS * log(1 + rest) if rest else worth


def points(hits: Hits) -> tuple[Mapping[str, Sequence[Reason]], Mapping[str, float]]:
    """Give the reasons for each concept by its own terms, and what it got with its narrower ones."""
    reasons: dict[str, list[Reason]] = defaultdict(list)
    totals: dict[str, float] = defaultdict(float)
    sums: dict[str, float] = defaultdict(float)  # of the terms that speak for one concept alone
    for term, counts in hits.items():
        worth = _worth(*counts)
        for concept, weight in term.weights:
            reasons[concept].append((-weight * worth, term.text, counts))
        if term.single:
            sums[concept] += weight * worth
        else:
            for concept, weight in term.rolled:
                totals[concept] += weight * worth
    for concept, value in sums.items():
        for above in _path(concept):
            totals[above] += value
    return reasons, totals


def _tags(reasons: Mapping[str, Sequence[Reason]], totals: Mapping[str, float]) -> list[Tag]:
    tops = [(-totals[term], term) for term in totals.keys() & _tops()]
    tops.sort()
    floor = max(TOP_FLOOR, -TOP_SHARE * tops[0][0]) if tops else 0.0
    tags = []
    for less, top in tops[:TOP_MOST]:
        if -less < floor:
            break
        narrow = _narrow(top, -less, reasons, totals)
        inner = [(other, vocab.ancestors(other)) for other in narrow]
        for term, above in ((top, ()), *inner):
            below = [vocab.topic(other).label for other, outer in inner if term in outer]
            own = reasons.get(term) or () if below else reasons.get(term) or _reasons_below(term, reasons)
            tags.append((-totals[term], len(above), _tag(term, totals[term], own, below)))
    tags.sort(key=itemgetter(0, 1))
    return [found for _, _, found in tags]


@cache
def _path(concept: str) -> tuple[str, ...]:
    return (concept, *vocab.ancestors(concept))


@cache
def _tops() -> frozenset[str]:
    return frozenset(term for term in vocab.topics() if not vocab.ancestors(term))


def _reasons_below(top: str, reasons: Mapping[str, Sequence[Reason]]) -> list[Reason]:
    """Give the reasons for the narrower concepts of one, none of which stands out."""
    return [reason for term, found in reasons.items() if top in vocab.ancestors(term) for reason in found]


def _narrow(top: str, total: float, own: Iterable[str], totals: Mapping[str, float]) -> list[str]:
    """Give the concepts below a top-level one that stand out, with what is between."""
    floor = max(OWN_FLOOR, OWN_SHARE * total)
    strong = [term for term in own if totals[term] >= floor and top in vocab.ancestors(term)]
    between = [middle for term in strong for middle in vocab.ancestors(term) if middle != top]
    return sorted({*strong, *between}, key=lambda term: (-totals[term], term))


def _tag(term: str, total: float, reasons: Iterable[Reason], below: Sequence[str]) -> Tag:
    score = round(total / (total + HALF_SCORE), 3)
    return Tag(vocab.topic(term), "subject", score, _evidence(reasons, below))


def zone_name(counts: Counts) -> str:
    """Name the first zone that a term stands in."""
    return ZONE_NAMES[HEADLINE if counts[HEADLINE] else LEAD if counts[LEAD] else REST]


def _evidence(reasons: Iterable[Reason], below: Sequence[str]) -> str:
    """Name the terms that weigh most, then the narrower concepts that this one includes."""
    weighed = sorted(reasons)
    parts = [f'"{text}" in the {zone_name(counts)}' for _, text, counts in weighed[:3]]
    if len(weighed) > len(parts):
        parts.append(f"{len(weighed) - len(parts)} more terms")
    if below:
        parts.append("includes " + ", ".join(below))
    return ", ".join(parts)
