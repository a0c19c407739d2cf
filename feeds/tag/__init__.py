"""Tag an article with the countries and topics that it is about, each with its evidence.

Both taggers share one pass over the text: it is cut into tokens once, and each token is looked up
once for the surfaces of both.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from feeds import vocab
from feeds.model import Category, Problem, RawArticle, Tag
from feeds.tag import countries, topics
from feeds.tag.countries import Style
from feeds.tag.gazetteer import places
from feeds.tag.index import Cell, Index, Stand, at_lead_end, stands
from feeds.tag.languages import language_of, variants
from feeds.tag.text import parts, titled

__all__ = ["doubt", "lines", "tag"]

BOM = "\ufeff"


def tag(raw: RawArticle, *, home: str | None = None) -> tuple[Tag, ...]:
    """Give the countries, then the topics, of an article, each best first and with its evidence.

    A country is its subject or only mentioned; `home` is the outlet's own country (ISO 3166-1),
    which is meant where the text names none. Each topic brings the broader ones. What the document
    states about itself stands first. Captions, credits and agencies count for nothing.
    """
    rows, found, styles, dateline = _cut(raw)
    tags = (*countries.tag(rows, found, styles, home, dateline), *topics.tag(found))
    stated = tuple(_stated(raw))
    if not stated:
        return tags
    known = {(tag.category.scheme, tag.category.term) for tag in stated}
    merged = [*stated, *(tag for tag in tags if (tag.category.scheme, tag.category.term) not in known)]
    return tuple(sorted(merged, key=_order))


def doubt(raw: RawArticle, category: Category, *, home: str | None = None) -> str | None:
    """Say what speaks for a country or topic that an article is not tagged with; None where nothing does."""
    rows, found, styles, dateline = _cut(raw)
    if category.scheme == vocab.COUNTRY_SCHEME:
        return countries.doubt(rows, found, styles, home, dateline, category.term)
    return topics.doubt(found, category.term) if category.scheme == vocab.TOPIC_SCHEME else None


def _cut(raw: RawArticle) -> tuple[list[list[Cell]], list[list[Stand]], list[Style], list[Cell]]:
    """Give the cells of each zone, what stands in it, and how it is set; then the cells of the dateline."""
    headline, text = parts(raw)
    index = _index(language_of(raw.language, (headline, text)))
    head, body = index.row(headline), index.row(text)
    rows, found = at_lead_end(body, index.lead)
    set_in = Style(text.isupper(), False)
    styles = [Style(headline.isupper(), titled(headline)), set_in, set_in]
    return [head, *rows], [stands(head), *found], styles, index.row(raw.dateline or "")


def _order(tag: Tag) -> tuple[bool, bool]:
    """Countries before topics, subjects before what is only mentioned; the sort keeps the rest."""
    return tag.category.scheme == vocab.TOPIC_SCHEME, tag.role == "mentioned"


def _stated(raw: RawArticle) -> Iterator[Tag]:
    """Give the subjects that the document states, with the broader topics; unknown codes are passed over."""
    seen: set[tuple[str, str]] = set()
    for subject in raw.subjects:
        if subject.scheme == vocab.COUNTRY_SCHEME and subject.term in vocab.countries():
            terms: tuple[str, ...] = (subject.term,)
        elif subject.scheme == vocab.TOPIC_SCHEME and subject.term in vocab.topics():
            terms = (subject.term, *vocab.ancestors(subject.term))
        else:
            continue
        for place, term in enumerate(terms):
            topic = subject.scheme == vocab.TOPIC_SCHEME
            category = vocab.topic(term) if topic else vocab.country(term)
            evidence = f"includes {vocab.topic(subject.term).label}" if place else "stated by the document"
            if (subject.scheme, term) not in seen:
                seen.add((subject.scheme, term))
                yield Tag(category, subject.role, 1.0, evidence)


@cache
def _index(language: str) -> Index:
    return Index(places(language), topics.lexicon(language), variants(language))


def lines(articles: Iterable[str]) -> Iterator[str | Problem]:
    """Tag articles that come as JSON lines; give one line of JSON for each, in order.

    In: id, headline, standfirst, body (a list, or one text), dateline, language, home; any may be missing.
    Out: id, countries and topics, best first. A line that is no such article gives a Problem in its place.
    """
    for number, line in enumerate(articles, start=1):
        if line.strip():
            try:
                yield json.dumps(_tagged(_object(line.removeprefix(BOM))), ensure_ascii=False)
            except ValueError as error:
                yield Problem("", number, str(error))


def _object(line: str) -> dict[str, Any]:
    """Read a line; raise ValueError saying what is wrong with it."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    body = value.get("body") or []
    if isinstance(body, str):
        value["body"] = body = [paragraph for paragraph in body.splitlines() if paragraph.strip()]
    if not isinstance(body, list) or not all(isinstance(paragraph, str) for paragraph in body):
        raise ValueError("body is no list of paragraphs")
    for name in ("headline", "standfirst", "dateline", "language", "home"):
        if not isinstance(value.get(name) or "", str):
            raise ValueError(f"{name} is no text")
    if value.get("home") and value["home"] not in vocab.countries():
        raise ValueError(f"home is no country code: {value['home']}")
    return value


def _tagged(article: dict[str, Any]) -> dict[str, Any]:
    raw = RawArticle(
        headline=article.get("headline") or "",
        body=tuple(article.get("body") or ()),
        standfirst=article.get("standfirst"),
        dateline=article.get("dateline"),
        language=article.get("language"),
    )
    tags = tag(raw, home=article.get("home"))
    return {
        "id": article.get("id"),
        "countries": [
            {
                "code": found.category.term,
                "role": found.role,
                "score": found.score,
                "evidence": found.evidence,
            }
            for found in tags
            if found.category.scheme == vocab.COUNTRY_SCHEME
        ],
        "topics": [
            {
                "code": f"medtop:{found.category.term}",
                "label": found.category.label,
                "score": found.score,
                "evidence": found.evidence,
            }
            for found in tags
            if found.category.scheme == vocab.TOPIC_SCHEME
        ],
    }
