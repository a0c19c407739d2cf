"""Read what a page prints about its article beside its text: writers, times, the heading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from feeds import calendars
from feeds.extract.markup import Block, squeeze, words_of
from feeds.extract.pagestated import best_date, words
from feeds.extract.pagetext import Page
from feeds.model import StatedDate

if TYPE_CHECKING:
    from lxml import etree

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_AUTHOR_NAMES = re.compile(
    r"(?:^|[\s_-])(?:byline|author|authors|autor|autoren|auteur|autore|writer)(?:[_-]+(?:name|names|link))?(?:$|\s)"
)
_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_LONGEST = 120  # characters of a printed byline


def printed_authors(root: etree._Element) -> list[str]:
    """Give the writers that microdata, a link or a byline names; the first way that names any."""
    for way in (_microdata_authors, _linked_authors, _named_authors):
        found = list(dict.fromkeys(text for text in way(root) if 1 < len(text) <= _LONGEST))
        if found:
            return found
    return []


def _microdata_authors(root: etree._Element) -> Iterator[str]:
    for element in root.iter():
        if isinstance(element.tag, str) and (element.get("itemprop") or "").strip().casefold() in (
            "author",
            "creator",
        ):
            inner = next(
                (node for node in element.iterdescendants() if node.get("itemprop") == "name"), element
            )
            yield squeeze(inner.get("content") or words_of(inner))


def _linked_authors(root: etree._Element) -> Iterator[str]:
    for link in root.iter("a"):
        if "author" in (link.get("rel") or "").split():
            yield words_of(link)


def _named_authors(root: etree._Element) -> Iterator[str]:
    """Give the text of the innermost elements of the first byline."""
    for element in root.iter("span", "a", "p", "div", "address", "h2", "h3", "h4", "h5", "li"):
        if _AUTHOR_NAMES.search((element.get("class") or "")[:300].casefold()):
            inner = [
                node
                for node in element.iterdescendants("a", "span")
                if _AUTHOR_NAMES.search((node.get("class") or "").casefold())
            ]
            texts = [words_of(node) for node in inner or [element]]
            if any(texts):
                yield from texts
                return


def printed_dates(page: Page, first: int, last: int) -> Iterator[StatedDate]:
    """Give the time that microdata states, or a `time` element between the heading and the end of the text.

    `first` and `last` are the places of the text's outer blocks. Other times on a page are other articles'.
    """
    stated = _own_times(page, first, ("datepublished", "datecreated"))
    if date := best_date(stated) or best_date(_times(page, first, last)[:1]):
        yield StatedDate(date, "published", "metadata" if date[:4].isdigit() else "date line")
    if stated and (changed := best_date(_own_times(page, first, ("datemodified",)))):
        yield StatedDate(changed, "updated", "metadata")


def _own_times(page: Page, first: int, properties: tuple[str, ...]) -> list[str]:
    """Give what microdata states of the article's times."""
    return [
        element.get("content") or element.get("datetime") or words_of(element)
        for element in page.root.iter("time", "meta", "span", "p", "div")
        if (element.get("itemprop") or "").casefold() in properties and _is_own(element, page, first)
    ]


def _is_own(element: etree._Element, page: Page, first: int) -> bool:
    """Say whether a property is the article's: its item holds the text, or it is no item in a list."""
    text = page.blocks[first].element if page.blocks else page.root
    around = list(takewhile(lambda node: node is not page.root, element.iterancestors()))
    item = next((node for node in around if node.get("itemscope") is not None), None)
    if item is not None and item.tag != "body":
        return item is text or any(node is item for node in text.iterancestors())
    return not any(node.tag in ("li", "a", "aside", "footer") for node in around)


def _times(page: Page, first: int, last: int) -> list[str]:
    return [
        node.get("datetime") or ""
        for node in _between(page, first, last)
        if node.tag in ("time", "abbr") and _is_publication(page, node)
    ]


def _between(page: Page, first: int, last: int) -> Iterator[etree._Element]:
    """Give the elements from the heading to the end of the text."""
    if last >= len(page.blocks):
        return
    begin, end = page.blocks[first].element, page.blocks[last].element
    headings = [block.element for block in page.blocks[:first] if block.tag in ("h1", "h2", "h3", "h4")]
    heading = next((e for e in reversed(headings) if e.tag == "h1"), headings[-1] if headings else begin)
    inside = False
    for node in page.root.iter():
        inside = inside or node is heading
        if inside:
            yield node
        if node is end:
            return


def _is_publication(page: Page, element: etree._Element) -> bool:
    return bool(_YEAR.search(element.get("datetime") or "")) and "furniture" not in page.marks(element)


def byline_line(page: Page, first: int, last: int) -> list[str]:
    """Give the line outside the text, from its first to its last block, that begins as a byline does.

    After the text, where other articles' headings begin with the same words, only a labelled one counts.
    """
    above = _near(page, first, first)
    for place, block in enumerate(_near(page, first, last)):
        folded = block.text.casefold()
        if (
            len(block.text) > _LONGEST
            or block.tag in _HEADINGS
            or not folded.startswith(words("byline_lead"))
        ):
            continue
        lead = next(lead for lead in words("byline_lead") if folded.startswith(lead))
        rest = block.text[len(lead) :]
        if (place < len(above) or lead.startswith("aut") or ":" in lead) and _is_names(rest):
            return [rest]
    return []


def _is_names(text: str) -> bool:
    """Say whether the long words of a line are all written as names are, in scripts that tell."""
    return all(
        word[0] != word[0].lower() or word[0] == word[0].upper() for word in text.split() if len(word) > 3
    )


def date_line(page: Page, first: int, last: int) -> Iterator[StatedDate]:
    """Give what the line outside the text, from its first to its last block, says of the article's time.

    A time counted from now, such as "3 hours ago", is given where no line prints a date.
    """
    before = _near(page, first, first)
    after = _near(page, first, last)[len(before) :]
    others = next((at for at, block in enumerate(after) if _opens_others(block)), len(after))
    # Behind other articles, only what stands beside a writer is about this one.
    kept = [block for at, block in enumerate(after) if at < others or _is_beside_writer(after, at)]
    ages: list[StatedDate] = []
    for block in (*before, *kept):
        if len(block.text) > 100:
            continue
        told = calendars.date_line(block.text)
        digits = sum(map(str.isdigit, block.text))
        if 0.15 * len(block.text) < digits and _YEAR.search(calendars.ascii_digits(block.text)):
            # Most of a date line is its date; a caption with a year in it is none.
            if block in before or _says_date(block):
                yield from _stated(told, block.text)
                return
        elif told is not None and told.relative and block in before:
            ages += [StatedDate(found.text, found.label, "date line") for found in told.stated]
    yield from ages[:1]


def _is_beside_writer(blocks: list[Block], at: int) -> bool:
    beside = (blocks[place].text.casefold() for place in (at - 1, at + 1) if 0 <= place < len(blocks))
    return any(text.startswith(words("byline_lead")) and len(text) <= _LONGEST for text in beside)


def _opens_others(block: Block) -> bool:
    """Say whether a block after the text begins what is about other articles: a heading, or a link."""
    return block.tag in _HEADINGS or block.linked > max(20, len(block.text) // 2)


def _stated(told: calendars.DateLine | None, text: str) -> Iterator[StatedDate]:
    """Give each date of a line with its label; the line as a whole where it is no plain date line."""
    found = [one for one in told.dates if one.printed and one.printed.year] if told is not None else []
    for one in found:
        yield StatedDate(one.text, one.label, "date line")
    if not found:
        yield StatedDate(text, "updated" if calendars.is_update(text) else "published", "date line")


def _near(page: Page, first: int, last: int) -> list[Block]:
    """Give the blocks from the heading to the text, then those after the text."""
    heading = max((at for at in range(first) if page.blocks[at].tag == "h1"), default=0)
    return [*page.blocks[heading:first], *(page.blocks[last + 1 :] if last > first else [])]


def _says_date(block: Block) -> bool:
    return block.text.casefold().startswith(words("date_lead"))
