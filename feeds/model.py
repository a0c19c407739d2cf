"""The values that pass between the steps, with the errors that a step may raise.

Everything here is frozen, holds tuples rather than lists, and counts time in aware UTC.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import Struct
from msgspec.structs import force_setattr

Role = Literal["subject", "mentioned"]
Precision = Literal["day", "minute"]
DateKind = Literal["published", "updated"]
DatePlace = Literal["metadata", "date line", "dateline"]


_LONGEST_MESSAGE = 500  # characters


def _printable(character: str) -> str:
    return character if character.isprintable() else character.encode("unicode_escape").decode("ascii")


class FeedsError(Exception):
    """Something that a user can put right; its text is one line that says how."""


class ConfigError(FeedsError):
    """The configuration can't be used as it is written."""


class StoreError(FeedsError):
    """The store is damaged, locked away, or made by a newer version."""


class LockedError(FeedsError):
    """Another run is at work."""


class DocumentError(FeedsError):
    """A document that gives no article: what was expected, and where.

    >>> str(DocumentError("seeds/a.txt", "no headline above the dateline", line=41))
    'seeds/a.txt:41: no headline above the dateline'
    """

    def __init__(self, source: str, message: str, line: int | None = None) -> None:
        self.problem = Problem(source, line, message)
        super().__init__(str(self.problem))


class Problem(Struct, frozen=True):
    """One thing that is wrong with one document; `line` is 1-based, None for the whole.

    The message is one printable line of some length, whatever the document put into it.
    """

    source: str
    line: int | None
    message: str

    def __post_init__(self) -> None:
        """Escape what would break a line or a terminal."""
        if len(self.message) > _LONGEST_MESSAGE or not self.message.isprintable():
            shown = self.message[:_LONGEST_MESSAGE].replace("\n", " ")
            force_setattr(self, "message", "".join(map(_printable, shown)))

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        return f"{place}: {self.message}"


class Document(Struct, frozen=True):
    """One captured file or record, decoded.

    `text` has LF line ends, is NFC, and holds only characters that XML 1.0 allows.
    `captured` is when it was taken: an upper bound for the dates of its articles, no date itself.
    """

    source: str  # path or URL, for messages
    media_type: str  # IANA, as "text/plain"
    text: str
    captured: datetime | None
    digest: str  # SHA-256 of the bytes, hex
    url: str | None = None  # where it was captured from, when the container says so
    notices: tuple[str, ...] = ()  # what had to be guessed to read it
    captured_stated: bool = False  # by its name or container; else it is only the file's time
    recorded: bool = False  # by a crawler, whose record says when: what it holds was first seen then


class Caption(Struct, frozen=True, omit_defaults=True):
    """The words under a picture, with the supplier of the picture as printed."""

    text: str
    credit: str | None = None


class StatedDate(Struct, frozen=True, omit_defaults=True):
    """A date that an article prints about itself, in its own words.

    `place` says where: "metadata" (machine-readable), "date line" (a line of its own),
    "dateline" (the printed place and date that open the text).
    """

    text: str
    kind: DateKind
    place: DatePlace
    line: int | None = None
    seen: str | None = None  # ISO 8601: when it was captured, if that is stated; "3 hours ago" counts from it


class StatedSubject(Struct, frozen=True):
    """A subject or country code that a document carries of its own, such as medtop:20000638."""

    scheme: str  # URI, as in Category
    term: str
    role: Role = "subject"


class SourceFeed(Struct, frozen=True, omit_defaults=True):
    """The feed that an article came from, as it names itself."""

    id: str  # an IRI
    title: str
    url: str | None = None  # where it says that it is served
    page: str | None = None  # the page that it belongs to


class Enclosure(Struct, frozen=True):
    """A file that an article offers beside its words, such as a recording."""

    url: str
    media_type: str  # IANA
    length: int = 0  # bytes, as stated; 0 where it is not


class RawArticle(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One article in the document's own words, furniture removed, nothing inferred but its language."""

    headline: str
    body: tuple[str, ...] = ()
    standfirst: str | None = None
    captions: tuple[Caption, ...] = ()
    byline: tuple[str, ...] = ()
    agency: str | None = None
    dateline: str | None = None
    url: str | None = None  # canonical, absolute
    guid: str | None = None  # the id that a feed or wire gave it
    image: str | None = None  # URL
    language: str | None = None  # BCP 47; as stated, or else as its words tell
    dates: tuple[StatedDate, ...] = ()
    subjects: tuple[StatedSubject, ...] = ()
    line: int | None = None  # where its headline stands, 1-based
    source_feed: SourceFeed | None = None
    enclosures: tuple[Enclosure, ...] = ()
    markup: tuple[str, ...] = ()  # each paragraph of the body as sanitised HTML, "" for words alone
    confidence: float | None = None  # 0..1: that its borders are right, where they had to be guessed


class Extraction(Struct, frozen=True):
    """What one document gave: its articles in order, and what was wrong on the way."""

    articles: tuple[RawArticle, ...]
    problems: tuple[Problem, ...] = ()


class Dating(Struct, frozen=True):
    """When an article appeared, how exactly that is known, and why.

    `published` is None where there is no good evidence. A day-precision time stands at noon UTC.
    `basis` is one sentence for a reader, also where there is no date. `inferred` is False when
    the article states the date itself.
    """

    published: datetime | None
    precision: Precision | None
    basis: str
    inferred: bool = False
    updated: datetime | None = None  # as the article states it, never earlier than `published`


class Category(Struct, frozen=True):
    """A concept of a vocabulary; `scheme` + `term` is its URI (RFC 4287 section 4.2.2)."""

    scheme: str
    term: str
    label: str


class Tag(Struct, frozen=True):
    """A category of an article, with what in the text speaks for it."""

    category: Category
    role: Role
    score: float  # 0..1
    evidence: str


class Article(Struct, frozen=True):
    """One news text, understood: what it says, when it appeared, what it is about."""

    id: str  # IRI, permanent
    raw: RawArticle
    dating: Dating
    tags: tuple[Tag, ...]
    source: str  # the document that it was first read from
    first_seen: datetime


class Entry(Struct, frozen=True):
    """An article as Atom publishes it."""

    article: Article
    updated: datetime  # when its words last changed materially; unique among all entries

    @property
    def newest(self) -> datetime:
        """The time that it is sorted by: when it appeared, or else when it was first seen."""
        return self.article.dating.published or self.article.first_seen


class History(Struct, frozen=True):
    """Where a document stands in the history of its feed (RFC 5005 section 4), by slugs."""

    current: str  # the document that readers subscribe to
    previous: str | None = None  # the archive with the entries before it
    next: str | None = None  # the archive with the entries after it; None where that is the current one
    is_archive: bool = False


class Related(Struct, frozen=True):
    """Another feed that holds many of the articles of a feed."""

    slug: str
    title: str
    articles: int  # in both


class Feed(Struct, frozen=True):
    """A list of entries, newest first, under one id and one slug."""

    id: str  # IRI, permanent
    slug: str  # path under output/ without its suffix, such as "topics/politics"
    title: str
    subtitle: str
    updated: datetime
    category: Category | None = None
    entries: tuple[Entry, ...] = ()
    total: int = 0  # articles ever, also those beyond `entries`
    history: History | None = None
    weeks: tuple[int, ...] = ()  # articles in each of the last weeks, oldest first
    related: tuple[Related, ...] = ()


class Event(Struct, frozen=True):
    """One thing that went wrong, or came right, as the status feed says it; it never changes."""

    id: str  # IRI, permanent
    time: datetime
    title: str
    text: str  # paragraphs, by newlines
    sign: str  # what is reported, so that it is not reported twice: "quiet countries/ir", "problem 3f2a..."
