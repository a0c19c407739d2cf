"""Cut an article's words into tokens, by the zone that they stand in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import NamedTuple

from feeds.model import RawArticle

HEADLINE, LEAD, REST = range(3)
ZONE_NAMES = ("headline", "lead", "text")
TITLED = 0.7  # of the longer words
LEAD_LENGTH = 550  # characters: what a reader has seen who stops after the second paragraph

# An abbreviation with dots, a word, or a mark; a Han character each by itself, as no spaces part words there.
TOKEN = re.compile(r"\w\w+|[A-Za-z]\.(?:[A-Za-z]\.)+|[^ ]")
HAN_TOKEN = re.compile(r"[A-Za-z]\.(?:[A-Za-z]\.)+|[\u4e00-\u9fff]|[^\W\u4e00-\u9fff]+|[^\w ]")
HAN = re.compile(r"[\u4e00-\u9fff]")

APOSTROPHES = frozenset("’‘ʼ`´")
HYPHENS = frozenset("‐‑–")


class Zone(NamedTuple):
    """The tokens of the headline, of the lead, or of the rest; `shouted` when all in capitals."""

    tokens: Sequence[str]
    shouted: bool
    titled: bool  # most words have a capital, as in a headline of the American style


def zones(raw: RawArticle) -> tuple[Zone, Zone, Zone]:
    """Cut the headline, the lead (standfirst and first words) and the rest; captions are left out."""
    body = "\n".join((raw.standfirst, *raw.body) if raw.standfirst else raw.body)
    cut = body.find(" ", LEAD_LENGTH) if len(body) > LEAD_LENGTH else len(body)
    cut = len(body) if cut < 0 else cut
    return _zone(raw.headline, _titled), _zone(body[:cut]), _zone(body[cut:])


def _zone(text: str, titled: Callable[[Sequence[str]], bool] = lambda tokens: False) -> Zone:
    tokens = tokens_of(text)
    return Zone(tokens, text.isupper(), titled(tokens))


def _titled(tokens: Sequence[str]) -> bool:
    words = [token for token in tokens if len(token) > 3 and token.isalpha()]
    return sum(word[0].isupper() for word in words) > TITLED * len(words)


def tokens_of(text: str) -> list[str]:
    """Cut a text into words and marks.

    >>> tokens_of("The U.S.-led talks, 中国")
    ['The', 'U.S.', '-', 'led', 'talks', ',', '中', '国']
    """
    pattern = HAN_TOKEN if not text.isascii() and HAN.search(text) else TOKEN
    return pattern.findall(text)


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
