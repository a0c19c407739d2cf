"""Find the topics that an article is about.

A lexicon gives the terms that speak for each Media Topic, or against it. A term's weight counts by
where it stands; what a concept gets goes to the broader ones, too, and weak evidence gives no topic.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import log
from pathlib import Path
from typing import NamedTuple

from feeds import vocab
from feeds.model import Tag
from feeds.tag.index import Cell
from feeds.tag.text import HEADLINE, LEAD, REST, ZONE_NAMES

DATA = Path(__file__).parent.parent / "data"
DEFAULT_WEIGHT = 2.0
ZONE_POINTS = {HEADLINE: 2.0, LEAD: 1.0, REST: 0.6}
TOP_FLOOR, TOP_SHARE, TOP_MOST = 4.0, 0.6, 3
OWN_FLOOR, OWN_SHARE = 3.5, 0.25
HALF_SCORE = 12.0


class Term(NamedTuple):
    """A word or phrase with the concepts that it speaks for, and how strongly."""

    text: str
    weights: tuple[tuple[str, float], ...]


class Hit(NamedTuple):
    """How often a term stands in each zone."""

    term: Term
    counts: list[int]


@cache
def lexicon(language: str) -> tuple[Term, ...]:
    """Give the terms of a language, each once with all its concepts; none for a language without lexicon."""
    path = DATA / f"topics_{language}.txt"
    table: dict[str, dict[str, float]] = {}
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        if not line or line.startswith("#"):
            continue
        concept, _, terms = (part.strip() for part in line.split("|"))
        for item in terms.split(","):
            text, _, weight = item.strip().partition("^")
            if text:
                table.setdefault(text, {})[concept] = float(weight or DEFAULT_WEIGHT)
    return tuple(Term(text, tuple(weights.items())) for text, weights in table.items())


def tag(cells: Sequence[Sequence[Cell]]) -> tuple[Tag, ...]:
    """Give the topics of an article with what is broader, best first, each with its evidence."""
    hits = count(cells)
    own, totals = points(hits)
    return tuple(_tags(hits, own, totals))


def count(cells: Sequence[Sequence[Cell]]) -> list[Hit]:
    """Count each term in each zone, the longest one at a place alone."""
    hits: dict[str, Hit] = {}
    for zone, row in enumerate(cells):
        end = 0
        for start, cell in enumerate(row):
            if not cell.topics or start < end:
                continue
            for rest, open_end, term in cell.topics:
                if rest and not follows(row, start + 1, rest, open_end):
                    continue
                end = start + 1 + len(rest)
                if term.text not in hits:
                    hits[term.text] = Hit(term, [0, 0, 0])
                hits[term.text].counts[zone] += 1
                break
    return list(hits.values())


def follows(row: Sequence[Cell], start: int, rest: tuple[str, ...], open_end: bool) -> bool:
    """Say whether the words after a surface's first stand at `start`; the last may be a prefix."""
    stop = start + len(rest)
    words = tuple(cell.folded for cell in row[start:stop])
    if open_end:
        return words[:-1] == rest[:-1] and len(words) == len(rest) and words[-1].startswith(rest[-1])
    return words == rest


def weigh(hit: Hit) -> float:
    """Give what a term's places are worth: the headline once, the others less with each time."""
    headline, lead, rest = hit.counts
    return (
        (ZONE_POINTS[HEADLINE] if headline else 0.0)
        + ZONE_POINTS[LEAD] * log(1 + lead)
        + ZONE_POINTS[REST] * log(1 + rest)
    )


def points(hits: Sequence[Hit]) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Give what each concept got by its own terms, and together with its narrower ones."""
    own: dict[str, float] = {}
    totals: dict[str, float] = {}
    for hit in hits:
        worth = weigh(hit)
        for concept, weight in hit.term.weights:
            own[concept] = own.get(concept, 0.0) + weight * worth
            for term in (concept, *vocab.ancestors(concept)):
                totals[term] = totals.get(term, 0.0) + weight * worth
    return own, totals


def _tags(hits: Sequence[Hit], own: Mapping[str, float], totals: Mapping[str, float]) -> Iterator[Tag]:
    tops = sorted(
        ((total, term) for term, total in totals.items() if not vocab.ancestors(term)),
        key=lambda item: (-item[0], item[1]),
    )
    best = tops[0][0] if tops else 0.0
    chosen = [item for item in tops if item[0] >= max(TOP_FLOOR, TOP_SHARE * best)][:TOP_MOST]
    tags = []
    for total, top in chosen:
        narrow = _narrow(top, total, own, totals)
        for term in (top, *narrow):
            below = [vocab.topic(other).label for other in narrow if term in vocab.ancestors(other)]
            tags.append((totals[term], _tag(term, totals[term], hits, below)))
    for _, found in sorted(tags, key=lambda item: (-item[0], len(vocab.ancestors(item[1].category.term)))):
        yield found


def _narrow(top: str, total: float, own: Mapping[str, float], totals: Mapping[str, float]) -> list[str]:
    """Give the concepts below a top-level one that stand out, with what is between."""
    floor = max(OWN_FLOOR, OWN_SHARE * total)
    strong = [term for term in own if top in vocab.ancestors(term) and totals[term] >= floor]
    between = [middle for term in strong for middle in vocab.ancestors(term) if middle != top]
    return sorted({*strong, *between}, key=lambda term: (-totals[term], term))


def _tag(term: str, total: float, hits: Sequence[Hit], below: Sequence[str]) -> Tag:
    score = round(total / (total + HALF_SCORE), 3)
    return Tag(vocab.topic(term), "subject", score, _evidence(term, hits, below))


def _evidence(term: str, hits: Sequence[Hit], below: Sequence[str]) -> str:
    """Name the terms that weigh most, then the narrower concepts that this one includes."""
    weighed = []
    for hit in hits:
        weight = sum(weight for concept, weight in hit.term.weights if concept == term)
        if weight:
            zone = next(zone for zone, number in enumerate(hit.counts) if number)
            weighed.append((-weight * weigh(hit), f'"{hit.term.text}" in the {ZONE_NAMES[zone]}'))
    parts = [text for _, text in sorted(weighed)[:3]]
    if len(weighed) > len(parts):
        parts.append(f"{len(weighed) - len(parts)} more terms")
    if below:
        parts.append("includes " + ", ".join(below))
    return ", ".join(parts)
