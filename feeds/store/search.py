"""Find articles by their words, with SQLite's FTS5."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from typing import NamedTuple

from feeds.model import FeedsError, RawArticle
from feeds.store.values import raw_from_json

# A word or a "phrase", which has to be there or, after a minus, must not; a star stands for any ending.
_TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
# FTS5 takes what stands between two signs for one word, where a script puts no spaces between words.
_UNSPACED = r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]"


def headline_of(raw: str) -> str:
    """Give a headline as it is indexed, from an article as it is stored."""
    return _indexed(raw_from_json(raw))[0]


def words_of(raw: str) -> str:
    """Give an article's other words as they are indexed, from an article as it is stored."""
    return _indexed(raw_from_json(raw))[1]


def _indexed(raw: RawArticle) -> tuple[str, str]:
    """Give what is indexed: after a change of this, a migration has to fill the index anew.

    The index keeps no text, and what is taken out of it has to be given as it was put in.
    """
    return raw.headline, "\n".join((raw.standfirst or "", *raw.body))


class Search:
    """The words of the articles of one store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """Take the store's connection."""
        self._db = db

    def add(self, article: int, raw: RawArticle) -> None:
        """Let an article be found by its words."""
        self._db.execute(
            "INSERT INTO search (rowid, headline, words) VALUES (?, ?, ?)", (article, *_indexed(raw))
        )

    def take(self, article: int, raw: RawArticle) -> None:
        """Let it be found no longer by the words that it was added with."""
        self._db.execute(
            "INSERT INTO search (search, rowid, headline, words) VALUES ('delete', ?, ?, ?)",
            (article, *_indexed(raw)),
        )

    def find(self, text: str) -> Iterator[int]:
        """Give the rows of the articles that hold all that is searched for, newest first.

        Raises FeedsError where that is nothing.
        """
        query = Query.read(text)
        conditions, values = ["withdrawn = 0"], []
        if query.match:
            conditions.append("id IN (SELECT rowid FROM search WHERE search MATCH ?)")
            values.append(query.match)
        for part, sign in (*((part, ">") for part in query.parts), *((part, "=") for part in query.missing)):
            conditions.append(f"instr(raw, ?) {sign} 0")
            values.append(part)
        sql = f"SELECT id FROM articles WHERE {' AND '.join(conditions)} ORDER BY rank DESC"  # noqa: S608
        return (article for (article,) in self._db.execute(sql, values))


class Query(NamedTuple):
    """What is searched for: in FTS5's own language, and what FTS5 can't find, as parts of the text."""

    match: str
    parts: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()

    @classmethod
    def read(cls, text: str) -> Query:
        """Read what a user typed; none of the words is an operator.

        >>> Query.read('nuclear "Joint plan" enrich* -fusion').match
        '("nuclear" "Joint plan" "enrich"*) NOT "fusion"'
        >>> Query.read("核协议 Iran")
        Query(match='("Iran")', parts=('核协议',), missing=())
        """
        found = ((minus, (phrase or word).replace('"', "")) for minus, phrase, word in _TERM.findall(text))
        terms = [(bool(minus), words) for minus, words in found if any(map(str.isalnum, words))]
        if all(minus for minus, _ in terms):
            raise FeedsError(f"{text!r}: expected a word to search for")
        parted: dict[tuple[bool, bool], list[str]] = {}
        for minus, words in terms:
            bare, unspaced = words.rstrip("*"), bool(re.search(_UNSPACED, words))
            star = "*" if words.endswith("*") else ""
            parted.setdefault((minus, unspaced), []).append(bare if unspaced else f'"{bare}"{star}')
        wanted, unwanted = parted.get((False, False), []), parted.get((True, False), [])
        match = f"({' '.join(wanted)})" if wanted else ""
        if match:
            match += "".join(f" NOT {term}" for term in unwanted)
        elif unwanted:
            raise FeedsError(f"{text!r}: expected a word to search for beside what must not be there")
        return cls(match, tuple(parted.get((False, True), [])), tuple(parted.get((True, True), [])))
