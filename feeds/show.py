"""Put articles and what the store holds into rows, for people and for other programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from feeds import selection, status
from feeds.config import Config
from feeds.fixes import Fix
from feeds.model import Category, Dating, Document, Entry, FeedsError, RawArticle, Tag
from feeds.store import Store
from feeds.store.articles import Withdrawn
from feeds.tag import doubt
from feeds.tag.rules import Rules
from feeds.vocab import COUNTRY_SCHEME, MIX_SCHEME, OWN_TOPIC_SCHEME, TOPIC_SCHEME

Row = dict[str, Any]


def article_row(source: str, raw: RawArticle, dating: Dating, tags: Iterable[Tag]) -> Row:
    """Give an article as `feeds show --json` prints it; the names and order of the fields are a contract."""
    return {
        "source": source,
        "line": raw.line,
        "headline": raw.headline,
        "standfirst": raw.standfirst,
        "body": list(raw.body),
        "captions": [{"text": caption.text, "credit": caption.credit} for caption in raw.captions],
        "byline": list(raw.byline),
        "agency": raw.agency,
        "dateline": raw.dateline,
        "language": raw.language,
        "url": raw.url,
        "image": raw.image,
        "published": _iso(dating.published),
        "updated": _iso(dating.updated),
        "precision": dating.precision,
        "basis": dating.basis,
        "countries": [
            {"code": t.category.term, "role": t.role, "score": t.score, "evidence": t.evidence}
            for t in tags
            if t.category.scheme == COUNTRY_SCHEME
        ],
        "topics": [
            {
                "code": f"medtop:{t.category.term}",
                "label": t.category.label,
                "score": t.score,
                "evidence": t.evidence,
            }
            for t in tags
            if t.category.scheme == TOPIC_SCHEME
        ],
        "confidence": raw.confidence,
    }


def rule_rows(tags: Iterable[Tag]) -> list[Row]:
    """Give the tags of the user's own topics, regions and mixes."""
    return [
        {"label": t.category.label, "role": t.role, "score": t.score, "evidence": t.evidence}
        for t in tags
        if t.category.scheme not in (COUNTRY_SCHEME, TOPIC_SCHEME)
    ]


def article_text(row: Row) -> str:
    """Give a row of `article_row` for a reader: a line for each field that says something."""
    lines = [f"{row['source']}:{row['line'] or 1}: {row['headline']}"]
    for name in ("id", "withdrawn", "standfirst", "agency", "dateline", "language", "url", "image", "feed"):
        if row.get(name):
            lines.append(f"  {name}: {row[name]}")
    if row["byline"]:
        lines.append(f"  byline: {', '.join(row['byline'])}")
    lines += [f"  caption: {c['text']}{_credit(c['credit'])}" for c in row["captions"]]
    exactly = " (the day)" if row["precision"] == "day" else ""
    lines.append(f"  published: {row['published'] or 'undated'}{exactly}. {row['basis']}")
    if row["updated"]:
        lines.append(f"  updated: {row['updated']}")
    lines += [
        f"  country: {c['code']} {c['role']} {c['score']:.2f}: {c['evidence']}" for c in row["countries"]
    ]
    lines += [f"  topic: {t['label']} ({t['code']}) {t['score']:.2f}: {t['evidence']}" for t in row["topics"]]
    lines += [f"  {r['label']} ({r['role']}) {r['score']:.2f}: {r['evidence']}" for r in row.get("rules", ())]
    lines.append(f"  body: {len(row['body'])} paragraph{'' if len(row['body']) == 1 else 's'}")
    lines += [f"    {paragraph}" for paragraph in row["body"]]
    return "\n".join(lines) + "\n"


def _credit(credit: str | None) -> str:
    return f" ({credit})" if credit else ""


def _iso(moment: datetime | None) -> str | None:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None


def explained(document: Document) -> Iterator[str]:
    """Give each line of a text capture with its role, and why it has it; of another kind say what it is."""
    from feeds.extract import kinds, plaintext

    if other := next(
        (kind.NAME for kind in kinds() if kind is not plaintext and kind.claims(document)), None
    ):
        yield f"{document.source}: a {other}: only the lines of a text capture have roles"
        return
    for line in plaintext.explain(document):
        yield f"{document.source}:{line.line}: {line.role}: {line.text}\n    {line.why}"


def rows(store: Store, config: Config, what: str, search: str | None = None) -> Iterator[Row]:
    """Give what the store holds, a row each: feeds, topics, countries, articles, withdrawn ones or problems.

    Of the articles, those that hold what is searched for.
    """
    if what == "problems":
        yield from (
            {"source": p.source, "line": p.line, "message": p.message} for p in store.documents.problems()
        )
    elif what == "withdrawn":
        yield from map(_article, store.articles.entries_withdrawn_by_hand())
    elif what == "articles":
        entries = store.articles.entries() if search is None else _found(store, search)
        yield from map(_article, entries)
    else:
        yield from _feeds(store, config, what)


def _found(store: Store, text: str) -> Iterator[Entry]:
    numbers = store.search.find(text)
    while some := list(islice(numbers, 100)):
        entries = store.articles.entries_of(some)
        yield from (entries[number] for number in some)


def _article(entry: Entry) -> Row:
    article = entry.article
    return {
        "id": article.id,
        "published": _iso(article.dating.published),
        "updated": _iso(entry.updated),
        "headline": article.raw.headline,
        "source": article.source,
    }


def _feeds(store: Store, config: Config, what: str) -> Iterator[Row]:
    counts = {(c.category.scheme, c.category.term): c for c in store.shelves.counts()}
    categories = [(c.category, c.subjects, c.mentions) for c in counts.values()]
    for plan in selection.plan(categories, store.shelves.slugs(), config):
        if what not in ("feeds", plan.folder):
            continue
        count = counts.get((plan.category.scheme, plan.category.term)) if plan.category else None
        articles = count.subjects if count else 0
        yield {
            "slug": plan.slug,
            "title": plan.title,
            "articles": articles if plan.category else store.shelves.total(),
            "mentions": count.mentions if count else 0,
        }
    if what == "feeds" and config.feeds.status:
        row = {
            "slug": status.SLUG,
            "title": status.title(config.site.title),
            "articles": store.events.count(),
        }
        yield {**row, "mentions": 0}


def withdrawn_text(article: str, store: Store) -> str | None:
    """Say why an article stands in no feed at all; None where it is not withdrawn."""
    why = store.articles.withdrawn(article)
    if why & Withdrawn.BY_HAND:
        return "by hand (fixes.toml)"
    return "its document, when it was read again, gave it no more" if why else None


def membership(entry: Entry, slug: str, store: Store, config: Config, fixes: Mapping[str, Fix]) -> str:
    """Say why an entry is, or is not, in the feed of this slug; raise FeedsError where there can't be one."""
    if withdrawn := withdrawn_text(entry.article.id, store):
        return f"{slug}: not in it, for the article is withdrawn: {withdrawn}"
    if slug == selection.ALL:
        return f"{slug}: in it, as every article is"
    category = selection.find(slug, store.shelves.slugs(), config)
    if category is None:
        raise FeedsError(f"{slug}: there is no such feed, nor anything it could be of (see feeds list feeds)")
    tag = next((t for t in entry.article.tags if _key(t.category) == _key(category)), None)
    if tag is None:
        return f"{slug}: not in it, for {_missing(entry, category, config, fixes)}"
    if tag.role == "mentioned" and not (config.feeds.mentions and category.scheme == COUNTRY_SCHEME):
        return f"{slug}: not in it, for {category.label} is only mentioned: {tag.evidence}"
    return f"{slug}: in it, for {tag.evidence}"


def _missing(entry: Entry, category: Category, config: Config, fixes: Mapping[str, Fix]) -> str:
    """Say why an article does not have a category."""
    fix = fixes.get(entry.article.id)
    if fix and _key(category) in map(_key, fix.removed):
        return "it was taken away by hand (fixes.toml)"
    if category.scheme in (OWN_TOPIC_SCHEME, MIX_SCHEME):
        failing = Rules.of(config, fixes).failing(category, entry.article.raw, entry.article.tags)
        if failing:
            return f"these conditions do not hold: {', '.join(failing)}"
    from feeds.understand import home

    article = entry.article
    said = doubt(article.raw, category, home=home(config.sources, article.source, article.raw.url))
    return said or f"nothing in the article speaks for {category.label}"


def _key(category: Category) -> tuple[str, str]:
    return category.scheme, category.term
