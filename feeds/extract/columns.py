"""Read records of articles in JSON by the names of their columns: one document, a list, or one record a line.

Read-it-later services (wallabag, Karakeep, Omnivore), archives (ArchiveBox), crawlers and extractors
(trafilatura, news-please, newspaper, Readability, Firecrawl) and the interfaces of news sites export so, each
under names of its own, which stand in feeds/data/frontmatter.toml.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from feeds.extract import markdown, ninjs
from feeds.extract.byline import agency_name, split_byline
from feeds.extract.feedfile import figures, is_json_feed
from feeds.extract.frontmatter import is_served
from feeds.extract.jsonfile import load_json, parse_json, value_lines
from feeds.extract.markup import fold, http_url, paragraphs, squeeze, told_paragraphs
from feeds.extract.pagestated import date_text, language
from feeds.extract.rich import marked_up_html
from feeds.extract.subjects import stated_subject, unique
from feeds.model import Document, DocumentError, Extraction, Problem, RawArticle, StatedDate
from feeds.tables import toml

NAME = "records"

_LOOKED_AT = 200_000  # characters in which names of columns are looked for
_DEEPEST = 4  # records within one another
_HTML = re.compile(
    r"</(?:p|div|a|h[1-6]|li|span|article|em|strong|figure)\s*>|<(?:br|p|img)\b", re.IGNORECASE
)
_BARE = "a record without a text"
_WIDE = 40  # characters of a line that may have been broken at a column


class _Record(Struct, frozen=True):
    """One record with the line that it begins on, None where that is not known."""

    columns: dict[str, Any]
    line: int | None


def claims(document: Document) -> bool:
    """Return whether a document is JSON that has columns for a headline and for a text or an address.

    JSON Feed and ninjs are kinds of their own.
    """
    text = document.text.lstrip("\ufeff \t\n")
    if not text.startswith(("{", "[")) or is_json_feed(text) or ninjs.claims(document):
        return False
    names = {match[1].casefold() for match in _named().finditer(text, 0, _LOOKED_AT)}
    columns = _columns()
    has = {kind for kind, listed in columns.items() if not names.isdisjoint(listed)}
    return "headline" in has and not has.isdisjoint(("html", "markdown", "text", "page", "url"))


def extract(document: Document) -> Extraction:
    """Return each record with a headline and a text, or a summary, as an article; one without costs itself.

    Raises DocumentError where no record has both, or where JSON that is no list of lines is damaged.
    """
    found = [
        _article(one, document.source) if isinstance(one, _Record) else one for one in _records(document)
    ]
    articles = tuple(one for one in found if isinstance(one, RawArticle))
    problems = _summed(one for one in found if isinstance(one, Problem))
    if not articles:
        told = problems[0].message if problems else "records were expected in this JSON"
        raise DocumentError(document.source, told, problems[0].line if problems else None)
    return Extraction(articles, problems)


def _summed(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems, bare links together: an export may hold thousands of them."""
    kinds: dict[object, list[Problem]] = {}
    for problem in problems:
        kind = problem.message.partition(":")[0]
        kinds.setdefault(kind if kind == _BARE else problem.line, []).append(problem)
    return tuple(
        replace(alike[0], message=f"{alike[0].message} (and {len(alike) - 1:,} more)")
        if alike[1:]
        else alike[0]
        for alike in kinds.values()
    )


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = toml("frontmatter.toml")["records"]
    return table


@cache
def _columns() -> dict[str, list[str]]:
    columns: dict[str, list[str]] = _table()["columns"]
    return columns


@cache
def _named() -> re.Pattern[str]:
    """What finds the names of columns in a text of JSON."""
    names = {name for listed in _columns().values() for name in listed}
    return re.compile(rf'"({"|".join(map(re.escape, sorted(names)))})"\s{{0,9}}:', re.IGNORECASE)


def _records(document: Document) -> Iterator[_Record | Problem]:
    """Yield the records of a document: of each of its lines, of a list, or the one that it is."""
    rows = document.text.lstrip("\ufeff").split("\n")
    if _is_lines([row for row in rows[:20] if row.strip()][:3]):
        yield from _in_lines(rows, document.source)
        return
    tree = load_json(document, "a document of records")
    listed = _listed(tree)
    if listed is None:
        yield _Record(_flat(tree), 1)
        return
    key, values = listed
    lines = value_lines(document.text, key)
    for number, value in enumerate(values):
        if isinstance(value, dict):
            yield _Record(_flat(value), lines[number] if len(lines) == len(values) else None)


def _is_lines(rows: list[str]) -> bool:
    """Return whether these are lines of JSON, one record each, though some may be damaged."""
    if not rows or not rows[0].startswith("{"):
        return False
    return _is_whole(rows[0]) or (all(row.startswith("{") for row in rows) and any(map(_is_whole, rows)))


def _is_whole(row: str) -> bool:
    try:
        return isinstance(json.loads(row), dict)
    except (ValueError, RecursionError):
        return False


def _in_lines(rows: list[str], source: str) -> Iterator[_Record | Problem]:
    """Yield the record of each line (JSON Lines); a line that is none costs itself."""
    whole = [(number, row) for number, row in enumerate(rows, 1) if row.strip()]
    for number, row in whole:
        try:
            tree = parse_json(row)
        except json.JSONDecodeError as error:
            yield Problem(source, number, f"a record that is not well-formed: {error.msg}")
            continue
        except (ValueError, RecursionError) as error:
            yield Problem(source, number, f"a record that can't be read: {error}")
            continue
        listed = _listed(tree) if len(whole) == 1 else None
        if listed is not None:
            yield from (_Record(_flat(value), number) for value in listed[1] if isinstance(value, dict))
        elif isinstance(tree, dict):
            yield _Record(_flat(tree), number)
        else:
            yield Problem(source, number, "a record was expected on this line")


def _listed(tree: Any) -> tuple[str | None, list[Any]] | None:
    """Return the list of records in a document, and its name; None where the document is one record."""
    key: str | None = None
    for _ in range(_DEEPEST):
        if isinstance(tree, list):
            return key, tree
        if not isinstance(tree, dict) or _has_text(_flat(tree)):
            return None
        names = [name for name in tree if str(name).casefold() in _table()["lists"]]
        name = next((name for name in names if isinstance(tree[name], (list, dict))), None)
        if name is None:
            return None
        key, tree = name, tree[name]
    return None


def _has_text(record: dict[str, Any]) -> bool:
    return bool(_first(record, "headline")) and any(
        _first(record, kind) for kind in ("html", "markdown", "text")
    )


def _flat(tree: Any, depth: int = 0) -> dict[str, Any]:
    """Return a record with its names folded; what stands in one within it counts where it has none itself."""
    record = {str(name).casefold(): value for name, value in tree.items()} if isinstance(tree, dict) else {}
    for name in _table()["inner"] if depth < _DEEPEST else ():
        if isinstance(inner := record.get(name), dict):
            told = {name: value for name, value in record.items() if value not in (None, "")}
            record = {**_flat(inner, depth + 1), **told}
    return record


_HOLDING = ("rendered", "content", "value", "text", "name", "href", "html", "term", "url")


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Yield the texts of a value: of a string, a list, or a record that holds one under a usual name."""
    if isinstance(value, str):
        if value.strip():
            yield value
    elif isinstance(value, list) and depth < _DEEPEST:
        for part in value[:100]:
            yield from _texts(part, depth + 1)
    elif isinstance(value, dict) and depth < _DEEPEST:
        held = (value[name] for name in _HOLDING if isinstance(value.get(name), (str, list)))
        yield from (text for text in _texts(next(held, None), depth + 1))


def _all(record: dict[str, Any], kind: str) -> Iterator[str]:
    for name in _columns()[kind]:
        yield from _texts(record.get(name))


def _first(record: dict[str, Any], kind: str) -> str:
    return next(_all(record, kind), "")


def _article(record: _Record, source: str) -> RawArticle | Problem:
    columns = record.columns
    headline = " ".join(told_paragraphs(_first(columns, "headline")))
    if not headline:
        return Problem(source, record.line, "a record without a title")
    url = next((url for text in _all(columns, "url") if (url := http_url(text))), None)
    body, html = _body(columns, headline)
    page = _page(columns, url, source) if not body else None
    summary = " ".join(told_paragraphs(_first(columns, "summary")))
    body = body or (page.body if page else ()) or ((summary,) if summary else ())
    if not body:
        return Problem(source, record.line, f"{_BARE}: {headline[:80]}")
    captions, picture = figures(html, url)
    site = next(_texts(columns.get("site") or columns.get("sitename") or columns.get("site_name")), None)
    byline, agency = split_byline(_writers(columns), site)
    return RawArticle(
        headline=headline,
        body=body,
        standfirst=_standfirst(summary, body),
        byline=byline,
        agency=agency or agency_name(_first(columns, "agency")),
        url=url,
        captions=page.captions if page else captions,
        image=next((link for text in _all(columns, "image") if (link := http_url(text, url))), picture),
        language=next((tag for text in _all(columns, "language") if (tag := language(text))), None),
        dates=tuple(_dates(columns)),
        subjects=unique([stated_subject(tag) for tag in _all(columns, "tags")]),
        line=record.line,
        markup=page.markup if page else marked_up_html(body, html, url),
    )


def _writers(record: dict[str, Any]) -> tuple[str, ...]:
    """Return the writers under the first name of a column that has any."""
    named = (tuple(_texts(record.get(name))) for name in _columns()["byline"])
    return next(filter(None, named), ())


def _dates(record: dict[str, Any]) -> Iterator[StatedDate]:
    for kind in ("published", "updated"):
        named = ((name, date_text(record.get(name))) for name in _columns()[kind])
        # Jina Reader's, as in its header.
        told = (date for name, date in named if date and not (name == "publishedtime" and is_served(date)))
        if date := next(told, None):
            yield StatedDate(date, "published" if kind == "published" else "updated", "metadata")


def _standfirst(summary: str, body: tuple[str, ...]) -> str | None:
    """Return the summary, where it says something that the text does not begin with."""
    begins = fold(" ".join(body)[: 2 * len(summary) + 100]).startswith(fold(summary.rstrip(" .…[]")))
    return summary if summary and not begins else None


def _body(record: dict[str, Any], headline: str) -> tuple[tuple[str, ...], str]:
    """Return the paragraphs of a record's text, and its HTML where it is that."""
    for kind in ("html", "markdown", "text"):
        for text in map(_joined, map(record.get, _columns()[kind])):
            is_html = kind != "markdown" and _HTML.search(text[:_LOOKED_AT]) is not None
            body = paragraphs(text) if is_html else _paragraphs(text, is_markdown=kind == "markdown")
            if body and fold(body[0]) == fold(headline):
                body = body[1:]
            if body and not (len(body) == 1 and http_url(body[0])):
                return body, text if is_html else ""
    return (), ""


def _joined(value: Any) -> str:
    """Return the text of a value; a list holds its paragraphs."""
    return "\n\n".join(_texts(value))


def _page(record: dict[str, Any], url: str | None, source: str) -> RawArticle | None:
    """Return the article of the whole page that a record holds, if it is a page of one."""
    from feeds.extract import webpage

    html = _first(record, "page")
    if not html:
        return None
    try:
        found = webpage.extract(Document(source, "text/html", html, None, "", url)).articles
    except DocumentError:
        return None
    return found[0] if len(found) == 1 else None


def _paragraphs(text: str, *, is_markdown: bool) -> tuple[str, ...]:
    """Return the paragraphs of a plain text, which blank lines part or, where there is none, line ends."""
    if is_markdown or markdown.is_marked(text):
        text = markdown.plain(text)
    blocks = [block.split("\n") for block in re.split(r"\n[ \t]*\n\s*", text.replace("\r", ""))]
    spaced = len(blocks) > 1
    found = (
        part for block in blocks for part in ([" ".join(block)] if spaced and _is_broken(block) else block)
    )
    return tuple(paragraph for part in found if (paragraph := squeeze(part)))


def _is_broken(block: list[str]) -> bool:
    """Return whether the lines of a block are one paragraph that was broken at a column."""
    ends = [line.rstrip() for line in block[:-1]]
    return (
        bool(ends)
        and all(len(line) >= _WIDE for line in ends)
        and not all(line.endswith((".", "!", "?", "”", '"', "。", ":")) for line in ends)
    )
