"""Tell who wrote an article, and which agency supplied it, from its lines and the roles that they play."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from feeds.extract import words
from feeds.extract.text.items import Item, Part
from feeds.extract.text.openings import ended, supplier
from feeds.extract.writers import Byline, biography, credit_below

_BRACKETED = re.compile(r"[(（\[]([^()（）\[\]]{2,40})[)）\]][.。]?$")


def writers(item: Item) -> tuple[str, ...]:
    """Return the names of an article's writers, each once.

    Lines that name writers count before names beside dates, and those before what the text's first and last
    lines say.
    """
    headline = item.headline.seen.key if item.headline else None
    people = (
        _named(item, "Y")
        or _named(item, "D")
        or (item.dateline.writers if item.dateline else ())
        or _at_end(item)
    )
    return tuple(dict.fromkeys(name for name in people if name.casefold() != headline))


def _named(item: Item, letter: str) -> list[str]:
    """Return whom the lines of a role name: those that say so, then names beside a duty or a place,
    then alone.

    Whom the text speaks of did not write it, unless a label says so.
    """
    lines = list(_read([part for part in _own(item) if part.role[-1] == letter]))
    if names := [name for one in lines if one.labelled for name in one.names]:
        return names
    text = " ".join(part.line.text for part in item.parts[item.first : item.last + 1])
    for found in (
        [one for one in lines if one.sure or one.placed],
        [one for one in lines if one.whole and letter == "Y"],
    ):
        if names := [name for one in found for name in one.names]:
            return [name for name in names if name.split()[-1] not in text]
    return []


def _own(item: Item) -> Iterator[Part]:
    """Return the lines of an article up to its text's end, and those right below it, with nothing between."""
    yield from item.parts[: item.last + 1]
    for over, part in pairwise(item.parts[item.last :]):
        if part.line.number - part.line.above - 1 != over.line.number:
            break
        yield part


def _read(parts: list[Part]) -> Iterator[Byline]:
    """Return whom each line names; a name below a line that is nothing but a label has that label."""
    after_label = False
    for part in parts:
        found = part.seen.byline
        if after_label and found.names:
            found = Byline(found.names, labelled=True, agency=found.agency)
        after_label = found.labelled and not found.names
        yield found


def _at_end(item: Item) -> tuple[str, ...]:
    """Return whom the end of a text, or a line below it, names: `(Reporting by Jane Doe)`."""
    ending = item.parts[item.last : item.last + 3]
    for part in ending:
        if part.seen.credited and (found := credit_below(part.line.text)):
            return found
    for part in ending:
        if name := biography(part.line.text):
            return (name,)
    return ()


def agency(item: Item) -> str | None:
    """Return the agency that an article is credited to: in its dateline, on a line of its own, or at
    its end.
    """
    if item.dateline and item.dateline.agency:
        return item.dateline.agency
    for letter in "YDX":
        for part in item.played(letter):
            if named := _agency_of(part):
                return named
    return _agency_at_end(item)


def _agency_of(part: Part) -> str | None:
    seen = part.seen
    found = seen.agency or seen.byline.agency or words.agency_of_source(seen.plain) or supplier(seen.plain)
    if found or part.role[-1] == "X":
        return found
    return words.agency_within(seen.date.around if seen.date else seen.plain)


def _agency_at_end(item: Item) -> str | None:
    for part in item.parts[item.last : item.last + 2]:
        text = part.line.text
        match = _BRACKETED.search(text[-45:])
        found = words.agency_alone(match[1] if match else text) or words.agency_of_source(text) or ended(text)
        if found:
            return found
    return None
