"""Read a text below the header of a capture tool, with what the header states put into its article.

What a header states is not guessed at: its title is the headline, and the text below it is one article,
unless the text is clearly a page of several. The text is read by whoever is handed in, who sees the headline
where a page prints it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, pairwise
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from feeds.extract import markdown
from feeds.extract.frontmatter import Stated, repeats, stated
from feeds.extract.markup import fold, http_url, squeeze
from feeds.model import Document, DocumentError, Extraction, Problem, RawArticle, StatedDate
from feeds.urls import web_url

Read = Callable[[Document], Extraction]

_MOST = 0.7  # of the words below a header; where less is read, each line is a paragraph, so that none is lost
_HEAD = 60  # lines in which a page prints its headline below its menus
_PARAGRAPH = 25  # words that no headline, and no line of a menu, has
_TAIL = re.compile(r"\s{1,3}[|–—·:»-]{1,2}\s")  # what parts a headline from its site's name
_PARTED = "|–—·:»-"
_SHORTEST = 8  # characters of a printed headline that the title goes on behind
_INDEX = re.compile(r"(?:index|home|default|front|start)(?:\.\w{2,5})?|[a-z]{2}(?:[-_][a-zA-Z]{2})?")
_SECTION = re.compile(r"[^\W\d_]{2,20}")
_UNDERLINE = re.compile(r"[=-]{3,200}\s{0,9}")  # of a heading, in Markdown
_LINKED = re.compile(r"[\s#>*_-]{0,12}\[.{1,500}\]\((\S{1,2000})\)[\s*_]{0,5}$")


class _Part(Struct, frozen=True):
    """A header with the text below it, up to the next header."""

    header: Stated
    text: str
    before: int  # lines of the document above it


def read(document: Document, reader: Read) -> Extraction:
    """Return the articles of a text capture, with what headers above them state."""
    parts = tuple(_parts(document.text))
    if not parts:
        return reader(document)
    articles: list[RawArticle] = []
    problems: list[Problem] = []
    for part in parts:
        try:
            found = _read_part(part, replace(document, text=part.text), reader)
        except DocumentError as error:
            found = Extraction((), (error.problem,))
        articles += (_below(article, part.before) for article in found.articles)
        problems += (_problem_below(problem, part.before) for problem in found.problems)
    if not articles and problems:
        raise DocumentError(document.source, problems[0].message, problems[0].line)
    return Extraction(tuple(articles), tuple(problems))


def shown(text: str) -> str:
    """Return a text as it is read: in place of each header the headline, each line at its number."""
    parts = tuple(_parts(text))
    return "".join(_page(part) for part in parts) if parts else text


def titles(text: str) -> dict[int, int]:
    """Return the lines at which `shown` puts a headline, each with the line of the header that states it."""
    return {
        part.before + part.text.count("\n", 0, part.header.start) - 1: part.before + part.header.headline_line
        for part in _parts(text)
        if part.header.headline_line and _page(part) != _page(part, headline=False)
    }


def _parts(text: str) -> Iterator[_Part]:
    if stated(text) is None:
        return
    before = past = 0
    for begin, end in pairwise((0, *repeats(text), len(text))):
        before, past = before + text.count("\n", past, begin), begin
        yield _Part(_titled(text[begin:end]) or Stated(0), text[begin:end], before)


def _titled(text: str) -> Stated | None:
    """Return the header of a text; where it has no title, a heading of Markdown right below it is one."""
    header = stated(text)
    if header is None or header.headline:
        return header
    below = text[header.start : header.start + 2_000]
    row = below.lstrip("\n").partition("\n")[0]
    if not header.url or not row.startswith("# "):
        return header
    line = text.count("\n", 0, header.start + len(below) - len(below.lstrip("\n"))) + 1
    return replace(header, headline=squeeze(markdown.plain(row)), headline_line=line)


def _read_part(part: _Part, document: Document, reader: Read) -> Extraction:
    """Read what stands below one header: as one article, or as the page of several that it clearly is."""
    header = part.header
    if header.start == 0:
        return reader(document)
    bare = replace(document, text=_page(part, headline=False))
    if _is_front(header.url):
        return _with_language(reader(bare), header)
    if _is_section(header.url) and (several := _tried(reader, bare)) and len(several.articles) > 1:
        return _with_language(several, header)
    found = _tried(reader, replace(document, text=_page(part)))
    if found is None:
        return Extraction((_stated_in(header, _unread(part, document)),))
    if _is_several(part, found.articles):
        return _of_several(reader(bare), header)
    article, whole = _one(part, found.articles), _unread(part, document)
    if _words(article) < _MOST * _words(whole):
        article = whole
    return Extraction((_stated_in(header, article),))


def _words(article: RawArticle) -> int:
    return sum(len(text.split()) for text in (article.standfirst or "", *article.body))


def _tried(reader: Read, document: Document) -> Extraction | None:
    try:
        return reader(document)
    except DocumentError:
        return None


def _page(part: _Part, *, headline: bool = True) -> str:
    """Return the text with its header blanked, and the headline in it where the text does not print it."""
    header, text = part.header, part.text
    blank = "\n" * text.count("\n", 0, header.start)
    below = _own_text(part) if headline else text[header.start :]
    below = markdown.plain(below) if header.markdown else below
    if not headline or not header.headline or len(blank) < 2 or _printed(header, below) is not None:
        return blank + below
    return f"{blank[:-2]}{header.headline}\n\n{below}"


def _printed(header: Stated, below: str) -> tuple[int, str] | None:
    """Return where the text prints the stated headline again, as a line of it, and how it is printed.

    The title of a page may go on with the name of the site.
    """
    key = fold(header.headline or "")
    rows = [(place, row) for place, row in enumerate(below.split("\n", 4 * _HEAD)) if row.strip()]
    for place, row in rows[:_HEAD]:
        if row.count(" ") > _PARAGRAPH:
            return None
        words = squeeze(markdown.plain(row))
        if key and (fold(words) == key or _goes_on(header.headline or "", words)):
            return place, words
    return None


def _goes_on(title: str, printed: str) -> bool:
    return (
        len(printed) >= _SHORTEST and title.startswith(printed) and bool(_TAIL.match(title[len(printed) :]))
    )


def _headline(part: _Part) -> str | None:
    """Return the stated headline, without the name of the site where the text or the header tells it."""
    header = part.header
    title = header.headline
    if title is None:
        return None
    found = _printed(header, part.text[header.start :])
    if found and fold(found[1]) != fold(title):
        return found[1]
    if header.site and title.endswith(header.site):
        bare = title.removesuffix(header.site).rstrip()
        return bare.rstrip(_PARTED).rstrip() or title if bare[-1:] in _PARTED else title
    return title


def _path(url: str | None) -> list[str] | None:
    if url is None:
        return None
    path = url.partition("://")[2].partition("/")[2]
    return [] if not path else [segment for segment in path.split("/") if segment]


def _is_front(url: str | None) -> bool:
    """Say whether an address is that of a front page."""
    path = _path(url)
    return path is not None and (not path or (len(path) == 1 and bool(_INDEX.fullmatch(path[0]))))


def _is_section(url: str | None) -> bool:
    """Say whether an address may be that of a section: one or two single words, as in `/news/world/`."""
    path = _path(url)
    return path is not None and len(path) < 3 and all(map(_SECTION.fullmatch, path))


def _is_several(part: _Part, articles: tuple[RawArticle, ...]) -> bool:
    """Say whether a text holds others beside the stated article.

    Another has a date of its own, a headline that is a link to its page, or stands above the headline.
    """
    rows = part.text.split("\n") if len(articles) > 1 else []
    key = fold(part.header.headline or "")
    return any(
        article.dates or (key and fold(article.headline) == key) or _leads_away(rows, article, part.header)
        for article in articles[1:]
    )


def _leads_away(rows: list[str], article: RawArticle, header: Stated) -> bool:
    row = rows[article.line - 1] if article.line and article.line <= len(rows) else ""
    match = _LINKED.match(row) if "](" in row else None
    return match is not None and web_url(match[1]) is not None and match[1] != header.url


def _of_several(found: Extraction, header: Stated) -> Extraction:
    """Put what is stated into the one of several articles that has the stated headline."""
    key = fold(header.headline or "")
    return replace(
        found,
        articles=tuple(
            _stated_in(header, article) if key and fold(article.headline) == key else article
            for article in found.articles
        ),
    )


def _with_language(found: Extraction, header: Stated) -> Extraction:
    from feeds.extract.pagestated import language

    stated_language = language(header.language)
    if stated_language is None:
        return found
    return replace(found, articles=tuple(replace(one, language=stated_language) for one in found.articles))


def _own_text(part: _Part) -> str:
    """Return the text below a header without the list of other articles at its end.

    Two headings or more that are each a link to another page of the site begin such a list.
    """
    below = part.text[part.header.start :]
    if part.header.url is None or "](http" not in below:
        return below
    rows = below.split("\n")
    others = [
        place for place, row in enumerate(rows) if _heads_other(row, rows[place + 1 :][:1], part.header.url)
    ]
    if len(others) < 2 or not any(row.count(" ") > _PARAGRAPH // 2 for row in rows[: others[0]]):
        return below
    return "\n".join(rows[: _over_list(rows, others[0])]) + "\n" * (len(rows) - _over_list(rows, others[0]))


def _heads_other(row: str, following: Sequence[str], url: str) -> bool:
    match = _LINKED.match(row) if "](http" in row else None
    if match is None or not (row.startswith("#") or any(map(_UNDERLINE.fullmatch, following))):
        return False
    other = http_url(match[1])
    return other not in (None, url) and urlsplit(other).hostname == urlsplit(url).hostname


def _over_list(rows: Sequence[str], place: int) -> int:
    """Return where a list of other articles begins: at the heading over its first one, if there is one."""
    above = [number for number in range(max(0, place - 4), place) if rows[number].strip()]
    if above and rows[above[-1]].startswith("#"):
        return above[-1]
    return above[-2] if above[1:] and _UNDERLINE.fullmatch(rows[above[-1]]) else place


def _one(part: _Part, articles: tuple[RawArticle, ...]) -> RawArticle:
    """Make one article of those that were read; a headline further down is a crosshead of its text."""
    first = articles[0]
    headline = _headline(part) or first.headline
    key = fold(headline)
    keys = {key, fold(part.header.headline or headline)}
    body: list[str] = []
    for article in articles:
        body += (article.headline, *((article.standfirst,) if article.standfirst else ()), *article.body)
    is_headed = any(name in fold(first.headline) for name in keys)  # or in a path above it
    if is_headed and first.standfirst:
        body.remove(first.standfirst)
    kept = tuple(paragraph for paragraph in body[is_headed:] if paragraph and fold(paragraph) not in keys)
    captions = (caption for article in articles for caption in article.captions)
    return replace(
        first,
        headline=headline,
        body=_whole(kept or first.body, part, keys),
        standfirst=first.standfirst if is_headed else None,
        captions=tuple(dict.fromkeys(captions)),
        line=first.line
        if is_headed and _is_in_text(part, first)
        else part.header.headline_line or first.line,
    )


def _is_marked(part: _Part) -> bool:
    return part.header.markdown or markdown.is_marked(part.text[part.header.start :])


_HEADING = re.compile(r" {0,3}#{2,6}[ \t]{1,9}\S")
_LARGEST = 200_000  # characters of a text in which each paragraph is looked for


def _whole(body: Sequence[str], part: _Part, keys: set[str]) -> tuple[str, ...]:
    """Return a text with what surely belongs to it, where the reading left that out.

    These are long sentences, and crossheads that Markdown marks between two paragraphs. (Of 492 labelled
    pages of one article, each put below a header, 436 texts are right with it and 434 without it.)
    """
    below = _own_text(part)
    if len(below) > _LARGEST:
        return tuple(body)
    told = [fold(paragraph) for paragraph in body]
    ends = list(accumulate(len(text) + 1 for text in told))
    together = "\n".join(told)
    whole: list[list[str]] = [[] for _ in range(len(body) + 1)]  # what is missing before each paragraph
    at, heading = 0, ""
    marked = _is_marked(part)
    for row in below.split("\n"):
        words = squeeze(markdown.plain(row) if marked else row)
        key = fold(words)
        place = together.find(key) if key else -1
        if not key or key in keys:
            continue
        if place >= 0:
            at = bisect_right(ends, place) + 1
            if heading and at > 1:
                whole[at - 1].append(heading)
            heading = ""
        elif marked and _HEADING.match(row) and "](" not in row:
            heading = words
        elif words.count(" ") > _PARAGRAPH and words[-1] in '.!?”"’»':
            whole[at].append(words)
    return tuple(text for place, missing in enumerate(whole) for text in (*missing, *body[place : place + 1]))


def _is_in_text(part: _Part, article: RawArticle) -> bool:
    return (article.line or 0) > part.text.count("\n", 0, part.header.start)


def _unread(part: _Part, document: Document) -> RawArticle:
    """Make an article of a text in which no other was found: each line is a paragraph."""
    headline = _headline(part) or ""
    below = _own_text(part)
    text = markdown.plain(below) if _is_marked(part) else below
    rows = (squeeze(row) for row in text.split("\n"))
    body = tuple(row for row in rows if row and fold(row) not in ("", fold(headline)))
    if not body:
        raise DocumentError(document.source, "a text was expected below this header", 1)
    return RawArticle(headline, body, line=part.header.headline_line or 1)


def _stated_in(header: Stated, article: RawArticle) -> RawArticle:
    """Put into an article what its header states; what it prints itself stands where nothing is stated."""
    from feeds.extract.byline import split_byline
    from feeds.extract.pagestated import language
    from feeds.extract.subjects import stated_subject, unique

    names, agency = split_byline(header.byline, header.site)
    return replace(
        article,
        standfirst=article.standfirst or header.standfirst,
        byline=names or article.byline,
        agency=agency or article.agency,
        url=header.url or article.url,
        image=header.image or article.image,
        language=language(header.language) or article.language,
        dates=(*_metadata(header), *article.dates, *_undecided(header)),
        subjects=unique([*article.subjects, *map(stated_subject, header.tags)]),
    )


def _metadata(header: Stated) -> Iterator[StatedDate]:
    from feeds.extract.pagestated import date_text

    published, updated = date_text(header.published), date_text(header.updated)
    if published:
        yield StatedDate(published, "published", "metadata")
    if updated:
        yield StatedDate(updated, "updated", "metadata")


def _undecided(header: Stated) -> Iterator[StatedDate]:
    """Yield the date that does not say whose it is: one that the text prints comes before it."""
    if header.dated and not header.published:
        yield StatedDate(header.dated, "published", "date line", header.dated_line)


def _below(article: RawArticle, lines: int) -> RawArticle:
    """Return an article of a part with the line numbers of the document."""
    if not lines:
        return article
    dates = (replace(date, line=date.line and date.line + lines) for date in article.dates)
    return replace(article, line=article.line and article.line + lines, dates=tuple(dates))


def _problem_below(problem: Problem, lines: int) -> Problem:
    return replace(problem, line=problem.line and problem.line + lines)
