"""Find the words of an article among the blocks of its page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from feeds.extract.caption import bare_credit, split_credit
from feeds.extract.markup import Block, blocks, fold, words_of
from feeds.extract.pagestated import Stated, words
from feeds.model import Caption

if TYPE_CHECKING:
    from lxml import etree

_PARAGRAPH = 60  # characters from which a block of prose counts as evidence; fewer where words have no spaces
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_UTILITY = re.compile(
    r"^(?:has|is|no|with|without|not|show|hide|js)-|[:\[\]!]"
)  # says how it looks, not what it is
_CODED = re.compile(r"(?<![_-])[_-]*\d[\w-]*")  # the part of a class that a build tool or a counter made
_LARGE = 0.35  # a furniture-named part that holds more than this share of the text is no furniture
_MAIN = 0.12  # paragraphs whose way down from the root is this common belong to the text
_SENTENCE_ENDS = (".", "!", "?", "…", "”", '"', "»", "。", "؟", "۔", "।")
_HEADINGS = frozenset(("h2", "h3", "h4", "h5", "h6"))
_LISTS = frozenset(("ul", "ol", "li", "blockquote", "dl"))
_EMBEDS = (
    "twitter-tweet",
    "instagram-media",
    "tiktok-embed",
    "twitter-video",
    "fb-post",
    "bluesky-embed",
    "reddit-embed",
)


class PageText(Struct, frozen=True):
    """An article's paragraphs and captions, with how much of the page's prose they are."""

    body: tuple[str, ...]
    captions: tuple[Caption, ...]
    share: float
    first: int = 0  # the place of its first block among the page's
    last: int = 0
    consent: bool = False  # it stands within what asks for consent to cookies


class Page:
    """A page's blocks, each with what the names of the elements around it say about it."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.blocks = blocks(root)
        self._marks: dict[etree._Element, frozenset[str]] = {}
        self._paths: dict[etree._Element, int] = {}
        self._ways: dict[tuple[int, str, str], int] = {}
        self._pictured: dict[etree._Element, bool] = {}

    def marks(self, element: etree._Element) -> frozenset[str]:
        """Say what kinds of parts an element stands in: furniture, label, caption, body, standfirst."""
        known = self._marks.get(element)
        return self._learn(element) if known is None else known

    def path(self, element: etree._Element) -> int:
        """Number the way down to an element by its names; the paragraphs of one text share theirs."""
        if element not in self._paths:
            self._learn(element)
        return self._paths[element]

    def _learn(self, element: etree._Element) -> frozenset[str]:
        chain: list[etree._Element] = []
        node: etree._Element | None = element
        while node is not None and node not in self._marks:
            chain.append(node)
            node = node.getparent()
        marks = self._marks[node] if node is not None else frozenset()
        path = self._paths[node] if node is not None else 0
        for node in reversed(chain):
            marks = marks | own_marks_of(node)
            way = (path, str(node.tag), _uncoded(node.get("class") or ""))
            path = self._ways.setdefault(way, len(self._ways) + 1)
            self._marks[node], self._paths[node] = marks, path
        return marks

    def is_caption(self, block: Block, marks: frozenset[str]) -> bool:
        """Say whether a block of these marks is the words under a picture."""
        return "caption" in marks or (
            "picture" in marks and len(block.text) < 300 and self._is_beside_picture(block.element)
        )

    def _is_beside_picture(self, element: etree._Element) -> bool:
        node: etree._Element | None = element
        for _ in range(4):
            if node is None:
                return False
            if "picture" in own_marks_of(node):
                return self._holds_picture(node)
            node = node.getparent()
        return False

    def _holds_picture(self, element: etree._Element) -> bool:
        if element not in self._pictured:  # looked for once, however many blocks stand there
            self._pictured[element] = next(element.iter("img", "picture", "amp-img"), None) is not None
        return self._pictured[element]

    def sums(self, found: Iterable[Block], top: etree._Element) -> dict[etree._Element, int]:
        """Count how much text of these blocks each element holds, from their parents up to below `top`."""
        parents: dict[etree._Element, int] = defaultdict(int)
        for block in found:
            if block.element is not top and (parent := block.element.getparent()) is not None:
                parents[parent] += len(block.text)
        totals: dict[etree._Element, int] = defaultdict(int)
        for parent, length in parents.items():
            node: etree._Element | None = parent
            while node is not None and node is not top:
                totals[node] += length
                node = node.getparent()
        return totals


@lru_cache(maxsize=20_000)
def _uncoded(names: str) -> str:
    return _CODED.sub("", names[:300])[:100]


@lru_cache(maxsize=20_000)
def own_marks(tag: object, names: str, identity: str, itemprop: str) -> frozenset[str]:
    """Say what an element's own name, classes, id and itemprop make of it."""
    marks = set()
    if tag in ("figure", "figcaption", "caption"):
        marks.add("caption")
    if tag == "aside":
        marks.add("furniture")
    if tag == "article":
        marks.add("article")
    said = [name for name in f"{names[:300]} {identity[:100]}".split() if not _UTILITY.search(name)]
    if said:
        found = {word.lower() for name in said for word in _WORD.findall(name)} | {
            name.lower() for name in said
        }
        marks.update(
            kind
            for kind in ("furniture", "label", "caption", "picture", "standfirst", "credit")
            if found & _names(kind)
        )
        lowered = " ".join(said).lower()
        if any(name in lowered for name in words("body")):
            marks.add("body")
            marks.discard("furniture")
        if any(name in lowered for name in _EMBEDS):
            marks.add("embed")
    if "articlebody" in itemprop.lower():
        marks.add("stated body")
    return frozenset(marks)


@cache
def _names(kind: str) -> frozenset[str]:
    return frozenset(words(kind))


def read_text(page: Page, stated: Stated, headline: str) -> PageText:
    """Give the text of the page's one article; what is stated of it is evidence of where it stands."""
    prose = [block for block in page.blocks if is_prose(block)]
    container = _container(page, prose, fold(stated.body or ""))
    if container is None:
        return _short_text(page, fold(headline))
    inside = _within(page.blocks, container)
    sieve = _Sieve(page, inside, container, fold(stated.body or ""))
    captions = tuple(read_captions(page, sieve, inside))
    printed = {fold(caption.text) for caption in captions} | {fold(caption) for caption in stated.captions}
    kept = [block for block in sieve.text(inside) if block.key not in printed | {fold(headline)}]
    places = {id(block): at for at, block in enumerate(page.blocks)}
    first, last = (places[id(kept[0])], places[id(kept[-1])]) if kept else (0, 0)
    body = [
        *_standfirst(page, first, stated, {block.key for block in kept} | printed),
        *(block.text for block in kept),
    ]
    whole = sum(len(block.text) for block in prose) or 1
    asks = bool(kept) and all(_asks_consent(block.element) for block in kept)
    return PageText(tuple(body), captions, sum(map(len, body)) / whole, first, last, asks)


def _asks_consent(element: etree._Element) -> bool:
    """Say whether an element stands within what is named after cookies or consent."""
    return any(
        any(
            name in f"{node.get('class') or ''} {node.get('id') or ''}"[:300].casefold()
            for name in words("consent")
        )
        for node in (element, *element.iterancestors())
        if node.tag not in ("html", "body")
    )


def _short_text(page: Page, headline: str) -> PageText:
    """Give the short paragraphs after the heading of a page that has no long ones."""
    places = [at for at, block in enumerate(page.blocks) if block.tag == "h1" or block.key == headline]
    after = range(places[0] + 1 if places else 0, len(page.blocks))
    kept = [
        at for at in after if page.blocks[at].tag in ("p", "div") and _is_short_text(page, page.blocks[at])
    ]
    if not kept:
        return PageText((), (), 0.0)
    return PageText(tuple(page.blocks[at].text for at in kept), (), 1.0, kept[0], kept[-1])


def _is_short_text(page: Page, block: Block) -> bool:
    marks = page.marks(block.element)
    sentence = block.text.endswith(_SENTENCE_ENDS)
    return sentence and not marks & {"label", "standfirst"} and _is_text(block, marks)


def _standfirst(page: Page, first: int, stated: Stated, printed: set[str]) -> list[str]:
    """Give the introduction printed between the heading and the text, told by its name or place."""
    start = max((at for at in range(first) if page.blocks[at].tag == "h1"), default=-1)
    told = fold(stated.description or "")
    found: list[tuple[int, str]] = []
    for block in page.blocks[start + 1 : first] if start >= 0 else []:
        if len(block.text) < 40 or block.linked > 0.3 * len(block.text) or block.key in printed:
            continue
        marks = page.marks(block.element) - page.marks(page.blocks[first].element)
        same = len(told) > 30 and (told.startswith(block.key[:200]) or block.key.startswith(told[:200]))
        if (
            marks & {"caption", "label", "furniture"}
            or page.is_caption(block, marks)
            or not _is_text(block, marks)
        ):
            continue
        if same or "standfirst" in marks or is_prose(block):
            found.append((0 if same else 1 if "standfirst" in marks else 2, block.text))
    return [min(found, key=lambda ranked: ranked[0])[1]] if found else []


class _Sieve:
    """Keeps the blocks of a container that are the article's text."""

    def __init__(self, page: Page, inside: list[Block], container: etree._Element, stated: str) -> None:
        self._page = page
        self._container = container
        self._known: dict[etree._Element, frozenset[str]] = {}
        self._large: set[int] = set()
        prose = [block for block in inside if is_prose(block)]
        self._total = sum(len(block.text) for block in prose) or 1
        self._large = _large_parts(page, prose, container, self._total)
        self._mains = self._main_paths(prose)
        self._stated = stated if self._agrees(prose, stated) else ""

    def _main_paths(self, prose: list[Block]) -> set[int]:
        sums: dict[int, int] = defaultdict(int)
        for block in prose:
            if not self.marks(block) & {"furniture", "caption", "embed"}:
                sums[self._home(block)] += len(block.text)
        whole = sum(sums.values())
        top = max(sums, key=lambda path: sums[path], default=0)
        homes = [self._home(block) for block in prose]
        end = max((at for at, home in enumerate(homes) if home == top), default=0)
        return {path for path, length in sums.items() if length >= _MAIN * whole and homes.index(path) <= end}

    def _agrees(self, prose: list[Block], stated: str) -> bool:
        """Say whether the stated body is the text that stands here, whole."""
        if len(stated) < 200:
            return False
        told = sum(len(block.text) for block in prose if block.key in stated)
        here = sum(len(block.text) for block in prose if self._home(block) in self._mains)
        return told > 0.7 * here

    def _home(self, block: Block) -> int:
        """Give the way down to the element that a block stands in, lists and quotes aside."""
        node = block.element
        parent = node.getparent()
        if node.tag in ("div", "section", "article", "td") or parent is None:
            return self._page.path(node)
        while parent.tag in _LISTS and (above := parent.getparent()) is not None:
            parent = above
        return self._page.path(parent)

    def marks(self, block: Block) -> frozenset[str]:
        """Say what the elements between the container and the block make of it."""
        if block.element not in self._known:
            marks: frozenset[str] = frozenset()
            node: etree._Element | None = block.element
            while (
                node is not None and node is not self._container and self._page.path(node) not in self._large
            ):
                marks |= own_marks_of(node)
                node = node.getparent()
            self._known[block.element] = marks
        return self._known[block.element]

    def text(self, inside: list[Block]) -> Iterator[Block]:
        """Give the blocks of the text in order."""
        fit = [self._fits(block) for block in inside]
        main = [
            at
            for at, block in enumerate(inside)
            if fit[at] and self._home(block) in self._mains and is_prose(block)
        ]
        if not main:
            return
        for at in self._short_items(inside, fit, main):
            fit[at] = True
        for at, block in enumerate(inside):
            if not fit[at] or (at > main[-1] and self._home(block) not in self._mains):
                continue
            if at < main[0] and not self._may_begin(block, inside[main[0]]):
                continue
            if block.tag not in _HEADINGS or self._is_followed(inside, fit, at):
                yield block

    def _short_items(self, inside: list[Block], fit: list[bool], main: list[int]) -> list[int]:
        """Give the places of items too short to tell, in lists that others or their place show to be text.

        A list between the paragraphs of the text is one where none of its items is a link.
        """
        lists: dict[etree._Element | None, list[int]] = defaultdict(list)
        for at, block in enumerate(inside):
            if block.tag == "li" and not self.marks(block) & {"furniture", "caption", "embed", "label"}:
                lists[block.element.getparent()].append(at)
        found: list[int] = []
        for items in lists.values():
            unlinked = [at for at in items if not inside[at].linked]
            between = main[0] < items[0] and items[-1] < main[-1]
            alone = (
                between and len(unlinked) == len(items) > 1 and self._home(inside[items[0]]) in self._mains
            )
            if alone or any(fit[at] for at in items):
                found += unlinked
        return found

    def _may_begin(self, block: Block, first: Block) -> bool:
        """Say whether a block may stand before the first paragraph: else it is a byline, a time, a place."""
        if is_prose(block) or block.tag in _HEADINGS:
            return True
        return block.element is first.element.getparent() and _is_sentence(block)

    def _is_followed(self, inside: list[Block], fit: list[bool], at: int) -> bool:
        """Say whether text comes after a heading, and not another heading or what is left out."""
        for place in range(at + 1, len(inside)):
            if fit[place]:
                return inside[place].tag not in _HEADINGS
            if is_prose(inside[place]) and not self._page.is_caption(
                inside[place], self.marks(inside[place])
            ):
                return False
        return False

    def _fits(self, block: Block) -> bool:
        marks = self.marks(block)
        if (
            block.tag == "h1"
            or marks & {"furniture", "caption", "embed"}
            or self._page.is_caption(block, marks)
        ):
            return False
        if (
            self._stated
            and is_prose(block)
            and block.key not in self._stated
            and self._home(block) not in self._mains
        ):
            return False
        if self._home(block) not in self._mains and block.tag not in _HEADINGS and not is_prose(block):
            return False
        return _is_text(block, marks)


def own_marks_of(node: etree._Element) -> frozenset[str]:
    """Say what an element's own name and attributes make of it."""
    return own_marks(node.tag, node.get("class") or "", node.get("id") or "", node.get("itemprop") or "")


def is_prose(block: Block) -> bool:
    """Say whether a block is long enough to be a paragraph, and is not one of links."""
    length = len(block.text)
    if length < _PARAGRAPH and not (length >= 25 and _WITHOUT_SPACES.search(block.text)):
        return False
    return block.linked < 0.4 * length and block.tag not in ("h1", "li", "figcaption", "caption", "legend")


def _container(page: Page, prose: list[Block], stated: str) -> etree._Element | None:
    """Find the smallest element that holds the article's prose."""
    groups: dict[int, list[Block]] = defaultdict(list)
    for block in prose:
        groups[page.path(block.element)].append(block)
    if not groups:
        return None
    if len(stated) > 200:
        told = [block for block in prose if block.key in stated]
        if sum(len(block.key) for block in told) > 0.5 * len(stated):
            return _widen(page, _common([b.element for b in told]), told, prose)
    weights = {path: _weight(page, members) for path, members in groups.items()}
    best = max(weights, key=lambda path: weights[path])
    seed = groups[best]
    return _widen(page, _common([block.element for block in seed]), seed, prose)


def _weight(page: Page, members: list[Block]) -> float:
    marks = page.marks(members[0].element)
    weight = float(sum(min(len(block.text), 1_000) for block in members))
    if "stated body" in marks:
        weight *= 3
    if "body" in marks:
        weight *= 1.5
    if "article" in marks:
        weight *= 1.2
    if "furniture" in marks:
        weight *= 0.4
    if "caption" in marks or "embed" in marks:
        weight *= 0.1
    return weight if len(members) > 1 else weight * 0.7


def _common(elements: list[etree._Element]) -> etree._Element:
    """Give the smallest element that holds all of these, and is more than one paragraph."""
    first = elements[0]
    chain = [first, *first.iterancestors()]
    depth = {element: place for place, element in enumerate(chain)}
    lowest = 0
    for element in {e.getparent() if e.getparent() is not None else e: None for e in elements}:
        node: etree._Element | None = element
        while node is not None and node not in depth:
            node = node.getparent()
        lowest = max(lowest, depth[node]) if node is not None else lowest
    return chain[lowest]


def _widen(page: Page, container: etree._Element, seed: list[Block], prose: list[Block]) -> etree._Element:
    """Go up to the part that the markup names the article's body, while it brings little else in."""
    weight = sum(len(block.text) for block in seed)
    outside = {"furniture", "caption", "embed"}
    totals = page.sums((block for block in prose if not page.marks(block.element) & outside), page.root)
    best = container
    for ancestor in container.iterancestors():
        whole = ancestor.tag in ("article", "main")
        if totals[ancestor] > (2.5 if whole else 1.6) * weight + 400 or ancestor.tag in ("body", "html"):
            break
        if own_marks_of(ancestor) & {"stated body", "body", "article"} or (whole and best is container):
            best = ancestor
    return best


def _within(all_blocks: list[Block], container: etree._Element) -> list[Block]:
    inside: dict[etree._Element, bool] = {container: True}
    return [block for block in all_blocks if _is_inside(block.element, inside)]


def _is_inside(element: etree._Element, known: dict[etree._Element, bool]) -> bool:
    chain: list[etree._Element] = []
    node: etree._Element | None = element
    while node is not None and node not in known:
        chain.append(node)
        node = node.getparent()
    answer = node is not None and known[node]
    known.update(dict.fromkeys(chain, answer))
    return answer


def read_captions(page: Page, sieve: _Sieve, inside: list[Block]) -> Iterator[Caption]:
    """Give the words under the pictures in the container, each once, apart from their credits."""
    found: dict[str, Caption] = {}
    figure: etree._Element | None = None
    last = ""
    named: dict[etree._Element, str | None] = {}  # looked for once, however many blocks stand there
    for block in inside:
        marks = sieve.marks(block)
        if not page.is_caption(block, marks) or not _says_something(block) or block.key in found:
            continue
        if block.element not in named:
            named[block.element] = _credit_inside(block.element)
        caption = split_credit(block.text, named[block.element])
        around = _figure(block.element)
        if "credit" in own_marks_of(block.element) and last and around is figure:
            found[last] = Caption(found[last].text, found[last].credit or bare_credit(block.text))
        else:
            found[block.key], last, figure = caption, block.key, around
    yield from found.values()


def _says_something(block: Block) -> bool:
    enough = len(block.text) >= 12 or bool(_WITHOUT_SPACES.search(block.text))
    return enough and block.linked < 0.6 * len(block.text)


def _credit_inside(element: etree._Element) -> str | None:
    for node in element.iterdescendants():
        if "credit" in own_marks_of(node):
            return words_of(node)
    return None


def _figure(element: etree._Element) -> etree._Element | None:
    """Give the figure around an element, or else what holds its parent."""
    figure = next(element.iterancestors("figure"), None)
    parent = element.getparent()
    return figure if figure is not None else parent


def _large_parts(page: Page, prose: list[Block], container: etree._Element, total: int) -> set[int]:
    """Number the ways to parts that hold so much of the prose that no name makes them furniture."""
    sums: dict[int, int] = defaultdict(int)
    for element, length in page.sums(prose, container).items():
        sums[page.path(element)] += length
    return {path for path, length in sums.items() if length > _LARGE * total}


def _is_sentence(block: Block) -> bool:
    """Say whether a short block says something: four words or more, no figures, and an end."""
    plain = not any(map(str.isdigit, block.text))
    return plain and block.text.count(" ") > 2 and block.text.endswith(_SENTENCE_ENDS)


def _is_text(block: Block, marks: frozenset[str]) -> bool:
    length = len(block.text)
    if marks & {"furniture", "caption", "embed"}:
        return False
    if "label" in marks and length < 120:
        return False
    if block.linked > 0.6 * length and length < 200:
        return False
    folded = block.text.casefold()
    if length < 160 and folded.startswith(words("away")):
        return False
    if length < 250 and any(phrase in folded for phrase in words("boilerplate")):
        return False
    if block.tag in ("p", "blockquote", "pre", *_HEADINGS):
        return True
    if block.tag in ("li", "dd", "dt", "td"):
        return length > 20 and block.linked < 0.5 * length
    if length >= 12 and not block.linked and block.text.endswith(_SENTENCE_ENDS) and " " in block.text:
        return True  # a short paragraph of a page that writes its paragraphs without <p>
    return length >= _PARAGRAPH or (bool(_WITHOUT_SPACES.search(block.text)) and length > 12)
