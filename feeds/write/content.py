"""Write what an article says as HTML, for its entry and its page."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from html import escape
from itertools import zip_longest

from feeds.model import Article, Caption, RawArticle
from feeds.text import closed, dateline_end, legal, one_line
from feeds.urls import web_url

_JOINED = (("</ul>", "<ul>"), ("</ol>", "<ol>"), ("</blockquote>", "<blockquote>"))
SUMMARY_LENGTH = 300  # characters: one to three sentences


def content(article: Article) -> str:
    """Give the whole article as escaped HTML: standfirst, picture, body, more captions, how it is dated.

    The words are text: whatever they hold is shown. What markup there is passed an allowlist when it was
    read (extract/rich.py). A text that runs from right to
    left says so, for most readers show it within a page that does not.
    """
    words = "\n".join(text(article))
    basis = f"<small>{_safe(provenance(article))}</small>"
    if direction(article) == "rtl":
        return f'<div dir="rtl">{words}</div>\n<p dir="ltr">{basis}</p>'
    return f"{words}\n<p>{basis}</p>" if words else f"<p>{basis}</p>"


def text(article: Article) -> list[str]:
    """Give what the article says as pieces of escaped HTML, without how it is dated."""
    raw = article.raw
    parts = []
    if raw.standfirst:
        parts.append(f"<p><strong>{_safe(raw.standfirst)}</strong></p>")
    figures = _figures(article)
    parts += figures[:1]
    return parts + _body(raw) + figures[1:]


def _body(raw: RawArticle) -> list[str]:
    """Give the body's paragraphs, each as its document marked it up; the items of a list stand together."""
    printed = bool(raw.body) and dateline_end(raw.body[0], raw.dateline) > 0
    dateline = f"<p>{_safe(raw.dateline)} – " if raw.dateline and not printed else ""
    parts: list[str] = []
    for words, markup in zip_longest(raw.body, raw.markup[: len(raw.body)], fillvalue=""):
        part = legal(markup) or f"<p>{_safe(words)}</p>"
        if dateline and not parts and part.startswith("<p>"):
            part = f"{dateline}{part[3:]}"
        for end, begin in _JOINED:
            if parts and part.startswith(begin) and parts[-1].endswith(end):
                parts[-1], part = parts[-1].removesuffix(end), part.removeprefix(begin)
        parts.append(part)
    return parts


def direction(article: Article) -> str:
    """Give which way its text runs, "ltr" or "rtl": by the first letter of its title that says.

    Letters tell more surely than a language that somebody stated; UAX #9 rule P2.
    """
    for character in article.raw.headline or summary(article):
        kind = unicodedata.bidirectional(character)
        if kind in ("R", "AL"):
            return "rtl"
        if kind == "L":
            return "ltr"
    return "ltr"


def _figures(article: Article) -> list[str]:
    """Give the pictures: the first caption belongs to the image where there is one."""
    raw = article.raw
    image = web_url(raw.image)
    captions: list[Caption | None] = [*raw.captions] or ([None] if image else [])
    figures = []
    for i, caption in enumerate(captions):
        words = _caption(caption) if caption else ""
        picture = (
            f'<img src="{escape(image)}" alt="{escape(legal(caption.text if caption else ""))}">'
            if image and i == 0
            else ""
        )
        figures.append(f"<figure>{picture}{f'<figcaption>{words}</figcaption>' if words else ''}</figure>")
    return figures


def _caption(caption: Caption) -> str:
    credit = f" ({_safe(caption.credit)})" if caption.credit else ""
    return f"{_safe(caption.text)}{credit}"


def _safe(text: str) -> str:
    return escape(legal(text), quote=False)


def summary(article: Article) -> str:
    """Give one to three sentences of plain text: the standfirst, or else how the body begins."""
    raw = article.raw
    text = raw.standfirst or (raw.body[0] if raw.body else "")
    return closed(one_line(legal(text), SUMMARY_LENGTH))


def provenance(article: Article) -> str:
    """Say in one or two sentences when the article appeared, how that is known, and by which agency."""
    agency = f" Agency: {article.raw.agency}." if article.raw.agency else ""
    return f"{when(article)} {article.dating.basis}{agency}"


def when(article: Article) -> str:
    """Give the date for a reader, as exactly as it is known.

    An inferred date says so here already, before its basis.
    """
    dating = article.dating
    if dating.published is None:
        return "Undated."
    verb = "Dated by inference" if dating.inferred else "Published"
    return (
        f"{verb} {day(dating.published)}{_clock(dating.published) if dating.precision == 'minute' else ''}."
    )


def day(moment: datetime) -> str:
    """Give the day as a reader writes it, whatever the locale.

    >>> day(datetime(2025, 12, 22))
    '22 December 2025'
    """
    return f"{moment.day} {month(moment.month)} {moment.year}"


def month(number: int) -> str:
    """Give the name of a month.

    >>> month(12)
    'December'
    """
    return _MONTHS[number - 1]


def _clock(moment: datetime) -> str:
    return f", {moment:%H:%M} UTC"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
