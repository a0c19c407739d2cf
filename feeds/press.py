"""Make all that is written of one article: its entry in each format, and its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from feeds.model import Entry
from feeds.store.records import Row
from feeds.write.pages import PageWriter

if TYPE_CHECKING:
    from feeds.write import Writer

USUAL = "topics/x"  # as deep as most feeds: entries are kept as they stand there
LINE = ".li"  # the form of an entry in the list of a page


class Made(NamedTuple):
    """What was made of one article: its entry by form (a format's suffix, or LINE), and its page."""

    entries: tuple[tuple[str, bytes], ...] = ()
    page: bytes | None = None


class Press(Struct, frozen=True):
    """Makes what a site shows of its articles, one at a time, in this process or in others.

    `slugs` are those of the feeds that exist, by scheme and term: with them it makes pages, without entries.
    """

    writers: Sequence[Writer]
    page_writer: PageWriter
    slugs: Mapping[tuple[str, str], str] | None = None

    def __call__(self, row: Row) -> Made:
        """Give what is wanted of an article; raise StoreError where its row is damaged."""
        entry = row.entry()
        if self.slugs is None:
            return Made(self.entries(entry))
        return Made(page=self.page_writer.article(entry, self.slugs, row.record(entry).dump()))

    def entries(self, entry: Entry) -> tuple[tuple[str, bytes], ...]:
        """Give an entry in each of its forms, as it stands where most feeds do."""
        formats = ((writer.suffix, writer.entry(entry, writer.path(USUAL))) for writer in self.writers)
        return (*formats, (LINE, self.page_writer.line(entry)))
