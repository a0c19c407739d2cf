"""Keep how a text is marked up: links, emphasis, headings, lists and quotes, and nothing that runs.

A paragraph's HTML is put together from an allowlist and passes nh3 with the same one; whatever is not on it
leaves its words. The words stay those of the paragraph: where the two would differ, it has no markup.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from feeds.extract.markup import BLOCKS, SILENT, Block, blocks, parse_html, squeeze
from feeds.urls import link

if TYPE_CHECKING:
    from lxml import etree

LARGEST = 256 * 1024  # characters of markup in an article; one with more has its words alone
DEEPEST = 32  # elements within one another in a paragraph; nh3's time grows with the square of it

_BARE = """
    abbr b blockquote br code del em h2 h3 h4 h5 h6 i ins kbd li mark ol p q s small strong sub sup u ul var
"""
# What a reader may be given, with the attributes of each. No style, id or class: they mean nothing elsewhere.
ALLOWED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_BARE.split(), ()),
    "a": ("href", "title"),
    "time": ("datetime",),
}
_INLINE = frozenset(ALLOWED) - BLOCKS
_HEADINGS = {"h1": "h2"} | {name: name for name in ("h2", "h3", "h4", "h5", "h6")}
_SPACE = re.compile(r"\s+")
_MARKED = re.compile(rf"<(?:{'|'.join(sorted(ALLOWED.keys() - {'p', 'br'}))})[\s>]", re.IGNORECASE)


def marked_up(body: Sequence[str], found: Iterable[Block], base: str | None) -> tuple[str, ...]:
    """Give each paragraph of a body as the block of HTML that it was, "" for one that is words alone.

    `found` are the blocks that the paragraphs were taken from, `base` what their links are relative to.
    Gives () where nothing is marked up.
    """
    wanted, found = set(body), list(found)
    # An element that holds several blocks says more than each: it would be read anew for every one of them.
    held = Counter(block.element for block in found)
    by_words = {block.text: block for block in found if block.text in wanted and held[block.element] == 1}
    made = tuple(_block(by_words[words], base) if words in by_words else "" for words in body)
    return made if any(made) and sum(map(len, made)) <= LARGEST else ()


def marked_up_html(body: Sequence[str], html: str, base: str | None) -> tuple[str, ...]:
    """Do the same for a body that was taken from a piece of HTML."""
    root = parse_html(f"<div>{html}</div>") if _MARKED.search(html) else None
    return () if root is None else marked_up(body, blocks(root, silent=SILENT | {"figure"}), base)


def sanitised(html: str) -> str:
    """Give HTML without whatever is not on the allowlist, well-formed; the words stay."""
    import nh3

    return nh3.clean(
        html,
        tags=set(ALLOWED),
        attributes={name: set(attributes) for name, attributes in ALLOWED.items() if attributes},
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
    )


def _block(block: Block, base: str | None) -> str:
    """Give a block as HTML, "" where that is no more than its words or would say something else."""
    element = block.element
    before, after = _around(element)
    if len(element) == 0 and before == "<p>":
        return ""
    inside = _Inline(base)
    if not inside.read(element) or squeeze("".join(inside.words)) != block.text:
        return ""
    if not inside.marked and before == "<p>":
        return ""
    return sanitised(f"{before}{''.join(inside.parts).strip()}{after}")


def _around(element: etree._Element) -> tuple[str, str]:
    """Give the tags that a block stands between: of a heading, an item, a quote or a paragraph."""
    node: etree._Element | None = element
    for _ in range(3):
        if node is None:
            break
        if heading := _HEADINGS.get(str(node.tag)):
            return f"<{heading}>", f"</{heading}>"
        if node.tag == "li":
            parent = node.getparent()
            kind = "ol" if parent is not None and parent.tag == "ol" else "ul"
            return f"<{kind}><li>", f"</li></{kind}>"
        if node.tag == "blockquote":
            return "<blockquote><p>", "</p></blockquote>"
        node = node.getparent()
    return "<p>", "</p>"


class _Inline:
    """Reads what stands in one block: its words, and the parts of its HTML."""

    def __init__(self, base: str | None) -> None:
        self.words: list[str] = []
        self.parts: list[str] = []
        self.marked = False
        self._base = base

    def read(self, element: etree._Element) -> bool:
        """Take in an element's content; False where it holds other blocks or goes too deep."""
        from lxml import etree

        open_: list[
            str
        ] = []  # the end tag of each element that is open, "" for one that leaves its words alone
        walk = etree.iterwalk(element, events=("start", "end"))
        for event, node in walk:
            if node is element:
                if event == "start":
                    self._say(node.text)
                continue
            tag = str(node.tag)
            if event == "end":
                self.parts.append("" if tag in SILENT else open_.pop())
                self._say(node.tail)
            elif tag in SILENT:
                walk.skip_subtree()
            elif tag in BLOCKS or len(open_) == DEEPEST:
                return False
            else:
                open_.append(self._begin(tag, node))
                self._say(node.text)
        return True

    def _say(self, text: str | None) -> None:
        if text:
            self.words.append(text)
            self.parts.append(escape(_SPACE.sub(" ", text), quote=False))

    def _begin(self, tag: str, node: etree._Element) -> str:
        """Write a start tag, if the element is one that is kept; give its end tag."""
        if tag == "br":
            self.words.append(" ")
            self.parts.append("<br>")
            return ""
        if tag not in _INLINE:
            return ""
        stated = {name: node.get(name) for name in ALLOWED[tag]}
        if tag == "a":
            stated["href"] = link(stated["href"], self._base)
            if stated["href"] is None:
                return ""
        attributes = "".join(f' {name}="{escape(value)}"' for name, value in stated.items() if value)
        self.parts.append(f"<{tag}{attributes}>")
        self.marked = True
        return f"</{tag}>"
