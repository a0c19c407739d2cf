"""Find the parts of a page that are articles of their own."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from feeds.extract.markup import Block, blocks, fold, http_url, words_of
from feeds.extract.pagestated import PageStated, words
from feeds.extract.pagetext import Page, is_prose, own_marks_of

if TYPE_CHECKING:
    from lxml import etree

_HEADINGS = ("h1", "h2", "h3", "h4")
_MOST = 1_000  # headings that are looked at
_ENOUGH = 200  # characters of prose that are more than a teaser
_MOST_OF_IT = 0.5  # the share of the page's prose that its articles hold; teasers beside an article hold less
_MOST_TIMES = 20  # how often the page's elements are looked at, in parts of it
_PROSE = 60  # characters of a paragraph
_HEADLINE = 35  # characters from which a heading is hardly that of a section


def split(page: Page, stated: PageStated) -> list[etree._Element]:
    """Give the elements that hold one article each, in order; an empty list where the page holds one.

    A page that states itself to be one article is taken at its word, unless parts of it have a
    main heading each. Elsewhere a part is an article when it has prose and a heading that is stated,
    a link or a main one, or stands in an `article`, or has a time or a writer of its own; or when
    the parts have headings as long as headlines, and each more prose than a section has.
    """
    told = {article.key for article in stated.articles}
    single = (
        len(told) == 1
        or (not told and stated.says_article)
        or any(article.live for article in stated.articles)
        or _is_live(page, stated)
    )
    best: list[etree._Element] = []
    parts_prose = _Prose(page)
    for headings in _alike(page, told, ("h1",) if single else _HEADINGS):
        parts = _parts(headings)
        least = _ENOUGH if single else 1
        fit = [part for part, heading in parts if _is_article(part, heading, told, least, parts_prose)]
        if parts_prose.is_spent():
            return []
        if not fit and not single and _are_headlines(parts, parts_prose):
            fit = [part for part, _ in parts]
        if len(fit) < 2 or (headings[0].tag != "h1" and not told and _leads_in(page, headings)):
            continue
        if parts_prose.length(fit) > parts_prose.length(best):
            best = fit
    whole = sum(len(block.text) for block in page.blocks if is_prose(block))
    return best if parts_prose.length(best) > _MOST_OF_IT * whole else []


class _Prose:
    """The prose of parts of a page, each read once, and no more than some times the page in all.

    What stands in a hundred parts within one another is no page of articles.
    """

    def __init__(self, page: Page) -> None:
        self._found: dict[etree._Element, list[Block]] = {}
        self._page = page
        self._left: float | None = None  # elements that may still be looked at; none was yet

    def of(self, part: etree._Element) -> list[Block]:
        """Give the blocks of prose in a part."""
        if part not in self._found:
            if self._left is None:
                self._left = _MOST_TIMES * _size(self._page.root)
            self._left -= _size(part)
            self._found[part] = (
                [] if self.is_spent() else [block for block in blocks(part) if is_prose(block)]
            )
        return self._found[part]

    def length(self, parts: list[etree._Element]) -> int:
        """Count the characters of prose in these parts."""
        return sum(len(block.text) for part in parts for block in self.of(part))

    def is_spent(self) -> bool:
        """Say whether the parts hold the page too often."""
        return self._left is not None and self._left < 0


def _size(part: etree._Element) -> float:
    """Count the elements in a part; by XPath, which makes no object of each."""
    return float(part.xpath("count(descendant-or-self::*)"))


def _is_live(page: Page, stated: PageStated) -> bool:
    """Say whether the page's main heading calls it a running report, whose posts are one article."""
    heading = next(page.root.iter("h1"), None)
    told = f"{'' if heading is None else words_of(heading)} {stated.page.headline or ''}".casefold()
    return any(phrase in told for phrase in words("live"))


def _alike(page: Page, told: set[str], tags: tuple[str, ...]) -> list[list[etree._Element]]:
    """Group the headings outside furniture: by the way down to them, those that are stated, the main ones."""
    groups: dict[object, list[etree._Element]] = defaultdict(list)
    for count, heading in enumerate(page.root.iter(*tags)):
        if count >= _MOST:
            break
        if "furniture" not in page.marks(heading):
            groups[page.path(heading)].append(heading)
        if len(told) > 1 and fold(words_of(heading)) in told:
            groups["told"].append(heading)
        if heading.tag == "h1":
            groups["main"].append(heading)
    return [headings for headings in groups.values() if len(headings) > 1]


def _are_headlines(parts: list[tuple[etree._Element, etree._Element]], prose: _Prose) -> bool:
    """Say whether headings without a sign of their own are too long, over too much prose, for sections."""
    enough = all(part is not heading and prose.length([part]) > 2 * _ENOUGH for part, heading in parts)
    lengths = sorted(len(words_of(heading)) for _, heading in parts)
    return enough and lengths[len(lengths) // 2] >= _HEADLINE


def _parts(headings: list[etree._Element]) -> list[tuple[etree._Element, etree._Element]]:
    """Give the largest element around each heading that holds no other of them, with the heading."""
    holds: dict[etree._Element, int] = defaultdict(int)
    for heading in headings:
        for ancestor in heading.iterancestors():
            holds[ancestor] += 1
    parts = []
    for heading in headings:
        part = heading
        for ancestor in heading.iterancestors():
            if holds[ancestor] > 1:
                break
            part = ancestor
        parts.append((part, heading))
    if all(part is heading and (part.tag == "h1" or _link_of(part) is not None) for part, heading in parts):
        return [(_gather(heading), heading) for heading in headings]
    return parts


def _gather(heading: etree._Element) -> etree._Element:
    """Put a heading and what follows it among its siblings into one element."""
    parent = heading.getparent()
    if parent is None:
        return heading
    part = heading.makeelement("article")
    following = []
    for sibling in heading.itersiblings():
        if sibling.tag == heading.tag:
            break
        following.append(sibling)
    parent.insert(parent.index(heading), part)
    part.extend([heading, *following])
    return part


def _link_of(heading: etree._Element) -> str | None:
    link = next(heading.iter("a"), None)
    if link is None:
        link = next((above for above in heading.iterancestors("a")), None)
    return None if link is None else link.get("href")


def _is_article(
    part: etree._Element, heading: etree._Element, told: set[str], enough: int, prose: _Prose
) -> bool:
    found = [block for block in prose.of(part) if block.tag not in _HEADINGS]
    if sum(len(block.text) for block in found) < enough:
        return False
    if enough > 1 or heading.tag == "h1" or _is_signed(part) or fold(words_of(heading)) in told:
        return True
    link = _link_of(heading) or "#"
    return not link.startswith("#") and http_url(link, "https://here.example/") is not None


def _is_signed(part: etree._Element) -> bool:
    """Say whether a part calls itself an article, or has a time or a writer of its own before its text."""
    if any(node.tag == "article" for node in (part, *part.iterchildren())):
        return True
    for node in part.iterdescendants():
        if node.tag == "time" or "label" in own_marks_of(node):
            return True
        if node.tag == "p" and len(words_of(node)) >= _PROSE:
            return False
    return False


def _leads_in(page: Page, headings: list[etree._Element]) -> bool:
    """Say whether prose stands between the page's one main heading and these, as before sections."""
    mains, ends = set(page.root.iter("h1")), set(headings)
    inside = False
    for block in page.blocks:
        if block.element in ends:
            return False
        if inside and is_prose(block) and "furniture" not in page.marks(block.element):
            return True
        inside = inside or (len(mains) == 1 and block.element in mains)
    return False
