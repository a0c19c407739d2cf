"""Check a list of feeds against OPML 2.0."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from feeds.check.links import Place
from feeds.model import Problem
from feeds.text import shown


def check_opml(path: Path, root: Path | None) -> Iterator[Problem]:
    """Give what is wrong with the list in a file; each feed of this site that it names has to be there."""
    from lxml import etree

    name = shown(path)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        opml = etree.parse(path, parser).getroot()
    except (etree.XMLSyntaxError, OSError) as error:
        yield Problem(name, getattr(error, "lineno", None), f"not well-formed XML: {error}")
        return
    if opml.tag != "opml" or opml.get("version") != "2.0":
        yield Problem(name, opml.sourceline, "expected opml of version 2.0")
    if [child.tag for child in opml if isinstance(child.tag, str)] != ["head", "body"]:
        yield Problem(name, opml.sourceline, "expected a head and a body")
    outlines = list(opml.iter("outline"))
    if not outlines:
        yield Problem(name, opml.sourceline, "the list is empty")
    place = Place(path, root or path.parent, _base(outlines, root) if root else None, root is not None)
    for outline in outlines:
        yield from _outline(outline, place)


def _base(outlines: list[Any], root: Path) -> str | None:
    """Give the site's address: what stands before the path of a file that is there."""
    for url in [outline.get(what) or "" for outline in outlines for what in ("xmlUrl", "htmlUrl")]:
        parts = url.split("/")
        for i in range(len(parts) - 1, 2, -1):
            if (root / "/".join(parts[i:])).is_file():
                return "/".join(parts[:i]) + "/"
    return None


def _outline(outline: Any, place: Place) -> Iterator[Problem]:
    name, line = shown(place.path), outline.sourceline
    if not (outline.get("text") or "").strip():
        yield Problem(name, line, "an outline without a text")
    if outline.get("type") == "rss" and not outline.get("xmlUrl"):
        yield Problem(name, line, "an outline of a feed without its xmlUrl")
    for what in ("xmlUrl", "htmlUrl"):
        if outline.get(what):
            yield from place.check(outline.get(what), line)
