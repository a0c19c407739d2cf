"""Check that links may be followed, and that those into the site lead to a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from feeds.model import Problem
from feeds.text import shown


class Place(Struct, frozen=True):
    """Where a document stands: its file, the folder of the site, and the site's address if it is known."""

    path: Path
    root: Path
    base: str | None  # ends with a slash
    whole: bool  # the folder holds the whole site, so that what is not there is missing

    @classmethod
    def of(cls, path: Path, root: Path | None, own: str | None) -> Place:
        """Give the place of a document that says it is served at `own`; the root is None for one alone."""
        folder = root or path.parent
        place = path.relative_to(folder).as_posix()
        base = own[: -len(place)] if own and root and unquote(own).endswith(place) else None
        return cls(path, folder, base, root is not None)

    def target(self, href: str) -> Path | None:
        """Give the file that a link leads to, or None where it leads out of the site."""
        if self.base and href.startswith(self.base):
            return self.root / unquote(urlsplit(href[len(self.base) :]).path)
        if not urlsplit(href).scheme and self.whole:
            return self.path.parent / unquote(urlsplit(href).path)
        return None

    def refutes(self, own: str | None) -> Iterator[Problem]:
        """Say so where a document names itself by an address at which it can't be served."""
        if own and self.whole and self.base is None:
            yield Problem(shown(self.path), None, f"it says that it stands at {own}")

    def check(self, href: str | None, line: int | None = None) -> Iterator[Problem]:
        """Give what is wrong with a link."""
        name = shown(self.path)
        if not href:
            yield Problem(name, line, "an empty link")
            return
        try:
            scheme = urlsplit(href).scheme
        except ValueError:
            scheme = "?"
        if scheme not in ("", "http", "https", "mailto") or not href.isascii() or " " in href:
            yield Problem(name, line, f"a link that readers can't follow: {href}")
            return
        target = self.target(href)
        if target is not None and not target.exists():
            yield Problem(name, line, f"a link to a page that is not there: {href}")
