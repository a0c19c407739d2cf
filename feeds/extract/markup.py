"""Read markup that nobody vouches for: parse it within bounds, and take its words in paragraphs."""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from msgspec import Struct

from feeds.text import legal

if TYPE_CHECKING:
    from lxml import etree

_SILENT = """
    script style noscript template svg math iframe object embed video audio canvas map select option
    datalist button input textarea nav footer dialog title progress meter applet frameset
"""
_BLOCKS = """
    address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hr html legend li main ol p pre section summary table tbody td tfoot
    th thead tr ul
"""
_ROOTS = """
    html head body main article section div header h1 h2 h3 p span meta title script style link table
    center ul ol dl a b i em strong small font img picture figure blockquote pre nav aside footer form
    noscript iframe br hr base time td tr tbody
"""
HTML = frozenset(_ROOTS.split())  # elements that a page, or a piece of one, begins with
# Elements whose content is no text. Not head: the parser may put a page without a body tag into it.
SILENT = frozenset(_SILENT.split())
BLOCKS = frozenset(_BLOCKS.split())  # elements that begin a new paragraph
_FELT = BLOCKS | {"a", "br"}  # elements that do something to the words around them

_TAG = re.compile(
    r"</?(?:p|br|div|h[1-6]|ul|ol|li|a|b|i|em|strong|span|blockquote|figure|img)\b[^<>]{0,1000}>",
    re.IGNORECASE,
)
_ANY_TAG = re.compile(r"<[^<>]{0,5000}>")
_DOCTYPE_ENDS = re.compile(r"\]\s*>")
_ROOT = re.compile(r"\s{0,99}<([A-Za-z_][\w.:-]{0,99})")
_DECLARED = re.compile(
    r"^\ufeff?\s{0,100}<\?xml\b[^>]{0,500}\?>"
)  # the text is decoded: what it declares is past
_NAMED = re.compile(r"&(?!amp;|lt;|gt;|quot;|apos;)([A-Za-z_][\w.-]{0,60});")
_DEEPEST = 256  # levels of elements; what is nested deeper is read as text alone
_MOST_WORDS = 10_000  # characters of a heading, a name or a caption
_BY_NUMBER = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,12})|([0-9]{1,12}));?")
_PUNCTUATION = re.compile(r"[\W_]+")
_ASCII_PUNCTUATION = bytes(code for code in range(128) if not chr(code).isalnum())
_INVISIBLE = "\u00ad\u200b\u2060\ufeff"


def root_name(text: str) -> str | None:
    """Name the first element of a marked-up text, past its prolog, in lower case; None for plain text.

    >>> root_name('<?xml version="1.0"?><!-- made by hand --><rss version="2.0">')
    'rss'
    >>> root_name("RIYADH: The council met on Monday.")
    """
    text = text[:100_000].lstrip("\ufeff \t\r\n")
    doctype = False
    for _ in range(50):  # no honest prolog has more parts
        if not text.startswith(("<?", "<!")):
            break
        doctype = doctype or text[:14].casefold() == "<!doctype html"
        end = _prolog_end(text)
        if end <= 0:
            break
        text = text[end:].lstrip()
    root = _ROOT.match(text)
    if root is None:
        return "html" if doctype else None
    return root.group(1).casefold()


def is_marked_up(text: str) -> bool:
    """Return whether a text begins with a prolog, an element of HTML, or one that holds the whole text.

    An element that ends before the text does is a sign in it, such as a placeholder of a picture.

    >>> is_marked_up("<h1>Lamp</h1> is out"), is_marked_up("<3"), is_marked_up("<AP> The lamp is out.")
    (True, False, False)
    >>> is_marked_up("<a:b>Lamp</a:b>"), is_marked_up("<image>Lamp</image> The lamp is out.")
    (True, False)
    """
    text = text.lstrip("\ufeff \t\r\n")
    if text[:14].casefold().startswith(("<?xml", "<!doctype", "<!--")):
        return True
    match = _ROOT.match(text)
    closed = match is not None and (_holds_all(text, match[1]) or text.rstrip().endswith("/>"))
    return closed or (match is not None and match[1].casefold() in HTML)


def _holds_all(text: str, name: str) -> bool:
    """Return whether nothing but tags and comments stands behind the last end of an element."""
    end = text.rfind(f"</{name}")
    return end >= 0 and not _ANY_TAG.sub("", text[end : end + 10_000]).strip()


def breaks_off(text: str) -> int | None:
    """Give the last line of a marked-up document that lacks the end of its root; None for a whole one.

    >>> breaks_off("<rss><channel>\\n<item>"), breaks_off("<rss></rss>")
    (2, None)
    """
    root = root_name(text)
    tail = text[-10_000:].casefold()
    if root is None or f"</{root}" in tail or tail.rstrip().endswith("/>"):
        return None
    return text.rstrip().count("\n") + 1


def _prolog_end(text: str) -> int:
    """Say where an instruction, a comment or a document type ends that begins the text; 0 for nowhere."""
    if text.startswith("<?"):
        return text.find("?>") + 1 and text.find("?>") + 2
    if text.startswith("<!--"):
        return text.find("-->") + 1 and text.find("-->") + 3
    end = text.find(">") + 1
    if "[" in text[:end] and (subset := _DOCTYPE_ENDS.search(text)):
        return subset.end()
    return end


def _without_doctype(text: str) -> str:
    """Blank the declaration, which the decoding has made untrue, and the document type with its entities."""
    text = _DECLARED.sub(lambda match: "\n" * match.group().count("\n"), text.removeprefix("\ufeff"), 1)
    at = text[:100_000].upper().find("<!DOCTYPE")
    if at < 0:
        return text
    end = at + _prolog_end(text[at : at + 1_000_000])
    return text[:at] + "\n" * text.count("\n", at, end) + text[end:]


def parse_html(text: str) -> etree._Element | None:
    """Parse HTML without network, entities of its own, comments or instructions; None where nothing stands.

    Of what is nested deeper than 256 levels the words are kept; libxml2 ends at 2048, and what is deeper is
    lost.
    """
    from lxml import etree

    data = text.encode("utf-8", "replace")
    root = None
    for huge in (False, True):
        parser = etree.HTMLParser(
            encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=huge
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError:
            return None
        if not any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.error_log):
            break
    if huge and root is not None:
        _flatten(root)
    return root


def _flatten(root: etree._Element) -> None:
    """Keep the words alone of what is nested too deeply: to look at all that is around one takes so long."""
    from lxml import etree

    depth = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        depth += 1 if event == "start" else -1
        if event == "start" and depth == _DEEPEST:
            walk.skip_subtree()
            words = " ".join(block.text for block in blocks(element))
            for child in list(element):
                element.remove(child)
            element.text = legal(words)  # a parser of HTML lets through what no tree may hold


def parse_xml(text: str) -> etree._Element | None:
    """Parse XML without network, document type or entities of its own, names freed of their namespaces.

    The names that HTML gives to characters are read, as NITF uses them; any other entity is left out.
    None where nothing stands.
    """
    from lxml import etree

    text = _NAMED.sub(lambda match: html5.get(f"{match.group(1)};", ""), _DECLARED.sub("", text, 1))
    text = without_surrogates(text)
    parser = etree.XMLParser(
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        recover=True,
        remove_comments=True,
        remove_pis=True,
    )
    root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    if root is not None:
        for element in root.iter("{*}*"):
            namespace, _, name = str(element.tag).rpartition("}")
            if namespace and ":" not in name:  # a damaged name may be none that can be set
                element.tag = name
    return root


def without_surrogates(text: str) -> str:
    """Put a question mark for each reference to half a character, which no parser of XML survives.

    >>> without_surrogates("a&#xD83D;&#56832;b &#x1F600;")
    'a??b &#x1F600;'
    """
    return _BY_NUMBER.sub(_unless_surrogate, text)


def _unless_surrogate(match: re.Match[str]) -> str:
    number = int(match[1], 16) if match[1] else int(match[2])
    return "?" if 0xD800 <= number <= 0xDFFF else match[0]


def squeeze(text: str) -> str:
    """Put a run of words on one line, without the characters that nobody sees.

    >>> squeeze(" Go\\u00advern\\u00adment\\n  talks ")
    'Government talks'
    """
    for character in () if text.isascii() else _INVISIBLE:
        if character in text:
            text = text.replace(character, "")
    return " ".join(text.split())


def fold(text: str) -> str:
    """Reduce a text to its letters and digits, to tell whether two print the same words."""
    if text.isascii():  # by far the most are, and this takes a tenth of the time
        return text.lower().encode().translate(None, _ASCII_PUNCTUATION).decode()
    return _PUNCTUATION.sub("", text.casefold())


def http_url(link: object, base: str | None = None) -> str | None:
    """Give a link as an absolute http or https URL without its fragment, or None where it is no such thing.

    >>> http_url("/2024/a#top", "https://example.org/news/")
    'https://example.org/2024/a'
    >>> http_url("javascript:alert(1)")
    """
    if not isinstance(link, str) or not link.strip() or len(link) > 2_000:
        return None
    try:
        url = urljoin(base or "", link.strip())
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host or any(c.isspace() or c in '<>"' for c in url):
        return None
    return parts._replace(fragment="").geturl()


def words_of(element: etree._Element) -> str:
    """Give the words in an element on one line: a heading, a name, a caption; a text is read in blocks.

    Of more than _MOST_WORDS characters the first: elements within one another are each read whole, so that
    without an end a page of nested headings would take the square of its length.
    """
    words: list[str] = []
    length = 0
    for text in element.itertext():
        words.append(str(text))
        length += len(words[-1])
        if length > _MOST_WORDS:
            break
    return squeeze("".join(words)[:_MOST_WORDS])


def line_of(element: etree._Element) -> int | None:
    """Give the line that an element begins on, 1-based."""
    line: Any = element.sourceline
    return int(line) if line else None


class Block(Struct):
    """The words between two block borders of a document."""

    text: str
    linked: int  # how many characters of it are links
    element: etree._Element  # the block-level element that holds it
    _key: str | None = None

    @property
    def key(self) -> str:
        """The letters and digits of its text, to tell whether two print the same words."""
        if self._key is None:
            self._key = fold(self.text)
        return self._key

    @property
    def tag(self) -> str:
        """The name of its element, such as "p"."""
        return str(self.element.tag)


def paragraphs(html: str) -> tuple[str, ...]:
    """Give the words of a piece of HTML in paragraphs, without what is silent or stands in a figure.

    >>> paragraphs("<p>One &amp; two.</p>Three<br><br>four<figure>A picture</figure>")
    ('One & two.', 'Three', 'four')
    """
    root = parse_html(f"<div>{html}</div>") if html.strip() else None
    return () if root is None else tuple(block.text for block in blocks(root, silent=SILENT | {"figure"}))


def told_paragraphs(text: str) -> tuple[str, ...]:
    """Give the paragraphs of a text that markup states: HTML, or lines.

    >>> told_paragraphs("One.\\n\\nTwo.")
    ('One.', 'Two.')
    """
    if _TAG.search(text):
        return paragraphs(text)
    return tuple(line for printed in text.splitlines() if (line := squeeze(printed)))


def blocks(root: etree._Element, silent: frozenset[str] = SILENT) -> list[Block]:
    """Give each run of words between two block borders, in order; two line breaks are a border too."""
    from lxml import etree

    runs = _Runs(root)
    say = runs.say
    walk = etree.iterwalk(root, events=("start", "end"))
    # It meets every element of a page, most of which hold no words: what is not needed is not called.
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if tag in silent or not isinstance(tag, str):
                walk.skip_subtree()
                continue
            if tag in _FELT:
                runs.enter(element, tag)
            if text := element.text:
                say(text)
            continue
        if tag in _FELT:
            runs.leave(tag, tag not in silent)
        if (tail := element.tail) and element is not root:
            say(tail)
    runs.border()
    return runs.found


class _Runs:
    """Collects words until a border comes."""

    def __init__(self, root: etree._Element) -> None:
        self.found: list[Block] = []
        self._owners = [root]
        self._words: list[str] = []
        self._blank = True  # nothing but space was said
        self._links: list[bool] = []  # the links that are open: whether each leads away
        self._linked = 0
        self._broken = -1  # where the last line break stands in the words

    def say(self, text: str) -> None:
        if text.isspace():
            if not self._blank:
                self._words.append(text)
            return
        self._blank = False
        self._words.append(text)
        if True in self._links:
            self._linked += len(text.strip())

    def enter(self, element: etree._Element, tag: str) -> None:
        if tag in BLOCKS:
            self.border()
            self._owners.append(element)
        elif tag == "a":
            self._links.append(not (element.get("href") or "#").startswith("#"))

    def leave(self, tag: str, was_entered: bool) -> None:
        if tag in BLOCKS:
            self.border()
            if was_entered:
                self._owners.pop()
        elif tag == "br":
            self.line_break()
        elif was_entered:
            self._links.pop()

    def line_break(self) -> None:
        if self._blank:
            return
        if self._broken >= 0 and not "".join(self._words[self._broken :]).strip():
            self.border()
        else:
            self._words.append(" ")
            self._broken = len(self._words)

    def border(self) -> None:
        if self._blank:
            return
        if text := squeeze("".join(self._words)):  # what nobody sees is no word
            self.found.append(Block(text, self._linked, self._owners[-1]))
        self._words.clear()
        self._blank, self._linked, self._broken = True, 0, -1
