"""Cut an article's words into tokens, by the zone that they stand in."""

from __future__ import annotations

import re
import unicodedata

from feeds.model import RawArticle
from feeds.text import dateline_end

HEADLINE, LEAD, REST = range(3)
ZONE_NAMES = ("headline", "lead", "text")
LONG, TITLED = 3, 0.7

# An abbreviation with dots, a word, or a mark; a Han character each by itself, as no spaces part words there.
TOKEN = re.compile(r"\w\w+|[A-Za-z]\.(?:[A-Za-z]\.)+|[^ ]")
BY_HAN = r"[A-Za-z]\.(?:[A-Za-z]\.)+|[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+|[^\w ]"
HAN = r"[\u4e00-\u9fff]"
FIRST_HAN = "\u4e00"

APOSTROPHES = frozenset("’‘ʼ`´")
HYPHENS = frozenset("‐‑–")


def parts(raw: RawArticle) -> tuple[str, str]:
    """Give the headline, and the body with the standfirst before it; captions are left out.

    So is the dateline that a text prints itself, for it says where an article was written, not what about.
    A line end stands between spaces: it is a mark of its own.
    """
    body = raw.body
    if raw.dateline and body and (end := dateline_end(body[0], raw.dateline)):
        body = (body[0][end:], *body[1:])
    return raw.headline, " \n ".join((raw.standfirst, *body) if raw.standfirst else body)


def titled(headline: str) -> bool:
    """Say whether most words have a capital, as in a headline of the American style."""
    words = [word for word in headline.split() if len(word) > LONG and word.isalpha()]
    return sum(word[0].isupper() for word in words) > TITLED * len(words)


def tokens_of(text: str) -> list[str]:
    """Cut a text into words and marks.

    >>> tokens_of("The U.S.-led talks, 中国")
    ['The', 'U.S.', '-', 'led', 'talks', ',', '中', '国']
    """
    # Most runs meet no Han character, and to compile a range of so many takes milliseconds.
    if text.isascii() or max(text) < FIRST_HAN or not re.search(HAN, text):
        return TOKEN.findall(text)
    return re.findall(BY_HAN, text)


def fold(token: str) -> str:
    """Give what is compared: lower case, without accents, with plain apostrophes.

    >>> fold("Türkiye"), fold("São"), fold("’")
    ('turkiye', 'sao', "'")
    """
    if token.isascii():
        return token.lower()
    if token in APOSTROPHES:
        return "'"
    if token in HYPHENS:
        return "-"
    letters = unicodedata.normalize("NFKD", token.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
