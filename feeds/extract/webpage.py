"""Read web pages: what their markup states first, what stands in their text second.

A page that holds several articles is split into them before anything else is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from msgspec.structs import replace

from feeds.extract.byline import split_byline
from feeds.extract.frontmatter import saved_from
from feeds.extract.markup import (
    HTML,
    fold,
    http_url,
    line_of,
    parse_html,
    root_name,
    told_paragraphs,
    words_of,
)
from feeds.extract.pageprinted import byline_line, date_line, printed_authors, printed_dates
from feeds.extract.pagesplit import split
from feeds.extract.pagestated import PageStated, Stated, read_stated, words
from feeds.extract.pagetext import Page, PageText, read_text
from feeds.extract.rich import marked_up
from feeds.model import Document, DocumentError, Extraction, Problem, RawArticle, StatedDate

if TYPE_CHECKING:
    from lxml import etree

NAME = "web page"

_WHOLE = 200  # characters of a stated body that are more than a teaser
_BEGINNING = re.compile(r"<(?:!doctype html|html|head|body|meta)\b", re.IGNORECASE)


def claims(document: Document) -> bool:
    """Claim what begins with an element of HTML, though a server's notices may stand before it."""
    root = root_name(document.text)
    if root is None:
        start = document.text[:2000].lstrip("\ufeff \n\t")
        return not start.startswith(("<", "{", "[")) and len(_BEGINNING.findall(start)) > 2
    return root in HTML


def extract(document: Document) -> Extraction:
    """Give the articles of a page in order; raise DocumentError where it holds none.

    Where its record does not tell, the tool that saved it may have noted its address.

    The language and, for a page of one article, the URL are the page's own; `line` is the line of
    the heading.
    """
    root = parse_html(document.text)
    if root is None:
        raise DocumentError(document.source, "a web page without any content")
    if document.url is None and (saved := saved_from(document.text)):
        document = replace(document, url=saved)
    stated = read_stated(root, document.url)
    page = Page(root)
    parts = split(page, stated)
    if not parts:
        return Extraction(_told(stated) or (_single(document, page, stated),))
    articles: list[RawArticle] = []
    problems: list[Problem] = []
    told = {article.key: article for article in reversed(stated.articles)}
    for part in parts:
        if (article := _part(part, told, stated, document)) is not None:
            articles.append(article)
        else:
            problems.append(Problem(document.source, line_of(part), "a part of the page without a text"))
    return Extraction(tuple(articles), tuple(problems))


def _told(stated: PageStated) -> tuple[RawArticle, ...]:
    """Give the articles that the page states whole, where there are several of them and no other."""
    whole = {own.key: own for own in stated.articles if own.headline and len(own.body or "") > _WHOLE}
    if len(whole) < 2 or len(whole) < len({own.key for own in stated.articles}):
        return ()
    texts = [(own, told_paragraphs(own.body or "")) for own in whole.values()]
    return tuple(_article(own, None, own.headline or "", PageText(body, (), 1.0)) for own, body in texts)


def _single(document: Document, page: Page, stated: PageStated) -> RawArticle:
    main = sorted(
        page.root.iter("h1"), key=lambda h1: next(h1.iterancestors("article", "main"), None) is None
    )
    headings = [(words_of(h1), line_of(h1)) for h1 in main]  # one outside an article may be the site's name
    own = _main(stated, page, [text for text, _ in headings])
    headline = _headline(own, stated, [text for text, _ in headings])
    text = read_text(page, own, headline)
    if not headline:
        raise DocumentError(document.source, "a web page without a headline")
    if _stands_instead(headline) or text.consent:
        told = f"a page that stands before an article or instead of it: “{headline[:80]}”"
        raise DocumentError(document.source, told)
    body = text.body or told_paragraphs(own.body or "")
    if not body:
        raise DocumentError(document.source, "a web page without an article's text")
    lines = [line for printed, line in headings if fold(printed) == fold(headline)]
    article = _article(own, page.root, headline, replace(text, body=body))
    url = stated.page.url or own.url or http_url(document.url)
    marked = marked_up(article.body, page.blocks, url or http_url(document.url))
    article = _with_lines(article, page, text)
    return replace(article, url=url, line=lines[0] if lines else None, markup=marked)


def _part(
    part: etree._Element, told: Mapping[str, Stated], stated: PageStated, document: Document
) -> RawArticle | None:
    headings = list(part.iter("h1", "h2", "h3", "h4"))
    heading = next(
        (h for h in headings if fold(words_of(h)) in told), min(headings, key=lambda h: str(h.tag))
    )
    headline = words_of(heading)
    link = next((node.get("href") for node in (*heading.iter("a"), *heading.iterancestors("a"))), None)
    own = told.get(fold(headline), Stated())
    page = Page(part)
    text = read_text(page, own, headline)
    body = text.body or told_paragraphs(own.body or "")
    if not headline or not body:
        return None
    own = replace(
        own,
        url=own.url or http_url(link, document.url or stated.page.url),
        language=stated.page.language or own.language,
    )
    article = _article(own, part, headline, replace(text, body=body))
    marked = marked_up(article.body, page.blocks, document.url or stated.page.url or own.url)
    return replace(_with_lines(article, page, text), line=line_of(heading), markup=marked)


def _with_lines(article: RawArticle, page: Page, text: PageText) -> RawArticle:
    """Put in the writers and the date that are printed around the text, where none were stated."""
    if not article.dates:
        dates = tuple(printed_dates(page, text.first, text.last)) or tuple(
            date_line(page, text.first, text.last)
        )
        article = replace(article, dates=dates)
    if not article.byline and not article.agency:
        byline, agency = split_byline(byline_line(page, text.first, text.last))
        article = replace(article, byline=byline, agency=agency)
    return article


def _article(own: Stated, part: etree._Element | None, headline: str, text: PageText) -> RawArticle:
    """Put an article together; `part` is where it is printed, None where it is only stated."""
    byline, agency = split_byline(own.authors, own.site)
    if not byline and part is not None:
        byline, printed = split_byline(printed_authors(part), own.site)
        agency = agency or printed
    return RawArticle(
        headline=headline,
        body=_without_byline(text.body, byline),
        captions=text.captions,
        byline=byline,
        agency=agency,
        url=own.url,
        image=own.image,
        language=own.language,
        dates=tuple(_dates(own)),
    )


def _without_byline(body: tuple[str, ...], byline: tuple[str, ...]) -> tuple[str, ...]:
    """Leave out a line above the text that is the byline again."""
    if len(body) > 1 and byline and len(body[0]) < 80 and split_byline(body[:1])[0] == byline:
        return body[1:]
    return body


def _stands_instead(headline: str) -> bool:
    """Say whether a headline is that of a page that bars the way, or says that there is nothing."""
    return headline.casefold().strip(" .…!?") in words("no_article")


def _is_about(own: Stated, page: Page, printed: list[str]) -> bool:
    """Say whether a statement can be about what the page prints: some of its headline's words stand there.

    A template may carry the statement of another article. Scripts without spaces are taken at their word.
    """
    told = f"{own.headline or ''} {own.description or ''} {(own.body or '')[:300]}".casefold()
    said = {word for word in told.split() if len(word) > 3 and word.isalpha()}
    if len(said) < 2:
        return True
    here = {word.strip(".,:;!?“”\"'()") for block in page.blocks for word in block.text.casefold().split()}
    return not printed or len(said & here) * 4 >= len(said)


def _main(stated: PageStated, page: Page, printed: list[str]) -> Stated:
    """Give the statement about the page's article, with what only the page as a whole states put in."""
    folded = {fold(text) for text in printed} | {fold(stated.page.headline or "")}
    first = stated.articles[0] if stated.articles else Stated()
    main = next((article for article in stated.articles if article.key in folded), None)
    if main is None:
        main = first if _is_about(first, page, printed) else Stated()
    for other in stated.articles:
        if other.key == main.key:
            main = _filled(main, other)
    return _filled(main, replace(stated.page, headline=None))


def _filled(main: Stated, other: Stated) -> Stated:
    gaps = {name: getattr(other, name) for name in Stated.__struct_fields__ if not getattr(main, name)}
    return replace(main, **gaps)


def _dates(own: Stated) -> Iterator[StatedDate]:
    if own.published:
        yield StatedDate(own.published, "published", "metadata")
    if own.updated:
        yield StatedDate(own.updated, "updated", "metadata")


def _headline(own: Stated, page: PageStated, printed: list[str]) -> str:
    """Give the headline that two of three state alike: JSON-LD, OpenGraph less the site's name, the page."""
    title = page.page.headline or ""
    folded = [fold(text) for text in printed]
    if own.headline and (own.key in folded or own.key == fold(title)):
        return own.headline
    for text, key in zip(printed, folded, strict=True):
        if key and fold(title).startswith(key):
            return text
    return own.headline or next((text for text in printed if text), title)
