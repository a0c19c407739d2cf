"""Read the header that a capture tool puts above a text, and where the text begins.

Markdown clippers write YAML front matter (Obsidian Web Clipper, MarkDownload, Joplin, trafilatura), others
lines with labels (Jina Reader: `URL Source:`, SingleFile: `url:`, w3m: `W3m-current-url:`, exports of notes).
Text browsers and servers print lines of their own. The names of fields stand in feeds/data/frontmatter.toml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from html import unescape

from msgspec import Struct
from msgspec.structs import replace

from feeds.extract.markup import http_url, squeeze
from feeds.tables import toml

_MOST_LINES, _LOOKED_AT = 500, 50_000  # lines and characters of a header
_LONGEST = 5_000  # characters of a value


class Stated(Struct, frozen=True):
    """What a header states, in its own words; `start` is where the text begins, in characters."""

    start: int
    headline: str | None = None
    standfirst: str | None = None
    url: str | None = None
    byline: tuple[str, ...] = ()
    published: str | None = None
    dated: str | None = None  # a date that does not say whose it is: the article's or the clipping's
    updated: str | None = None
    language: str | None = None
    site: str | None = None
    image: str | None = None
    tags: tuple[str, ...] = ()
    headline_line: int | None = None  # 1-based, as is the next
    dated_line: int | None = None
    markdown: bool = False  # whether the text below is Markdown for sure


class _Field(Struct, frozen=True):
    """One field of a header: what it is, its values and its line."""

    kind: str
    values: tuple[str, ...]
    line: int


def stated(text: str) -> Stated | None:
    """Return what stands in the header at the beginning of a text, or None where it has none.

    >>> stated("URL: https://a.example/lamp\\nTitle: Lamp out\\n\\nIt is out.").headline
    'Lamp out'
    """
    begin = len(text) - len(text.lstrip("\ufeff \t\n"))
    begin = text.rfind("\n", 0, begin) + 1
    lines = text[begin : begin + _LOOKED_AT].split("\n", _MOST_LINES)
    number = text.count("\n", 0, begin) + 1
    found = _front_matter(lines, number) or _labelled(lines, number) or _printed(lines)
    if found is None:
        return None
    end, fields = found
    begin = min(begin + end, len(text))
    marked = lines[0].startswith("---") or any(field.kind == "markdown" for field in fields)
    made = replace(_made(fields, begin), markdown=marked)
    below = stated(text[begin:]) if _kind_of(lines[0]) is None and _opens_labels(text, begin) else None
    return made if below is None else _filled(made, below, begin, text.count("\n", 0, begin))


def repeats(text: str) -> list[int]:
    """Return where the later headers of a text begin, in characters, that are written as its first one.

    Files with several captures have a header for each.
    """
    first = text.lstrip("\ufeff \t\n").partition("\n")[0].rstrip()
    begins = first[: first.find(":") + 1] if _kind_of(first) in ("headline", "url") else ""
    if not begins and first != "---":
        return []
    mark = re.compile(rf"^{re.escape(begins)}" if begins else r"^---[ \t]{0,9}$", re.MULTILINE)
    places = [match.start() for match in mark.finditer(text)]
    return [
        place for place in places[1:] if _begins_header(text[place : place + 2_000], labelled=bool(begins))
    ]


def _begins_header(text: str, *, labelled: bool) -> bool:
    if labelled:
        return _labelled(text.split("\n", 9)[:9], 1) is not None
    found = _front_matter(text.split("\n", 40)[:40], 1)
    return found is not None and any(field.kind in ("headline", "url", "source") for field in found[1])


def saved_from(html: str) -> str | None:
    """Return the address that a browser or a tool notes in a comment of a page that it saves."""
    match = _SAVED_FROM.search(html, 0, _LOOKED_AT) if "<!--" in html[:_LOOKED_AT] else None
    return http_url(match[1] or match[2] or match[3]) if match else None


_SAVED_FROM = re.compile(
    r"<!--\s{0,9}(?:saved from url=\(\d{1,9}\)(\S{1,2000})"
    r"|Page saved with SingleFile\s{1,9}url:\s{1,9}(\S{1,2000})"
    r"|Saved from (https?://\S{1,2000}) at \S{1,40} using monolith)"
)


@cache
def _kinds() -> dict[str, str]:
    """What stands behind each name."""
    table = toml("frontmatter.toml")
    return {name: kind for kind, names in table.items() if isinstance(names, list) for name in names}


def _kind(name: str) -> str | None:
    return _kinds().get(" ".join(name.casefold().replace("_", " ").replace("-", " ").split()))


def _made(fields: Sequence[_Field], start: int) -> Stated:
    by_kind: dict[str, _Field] = {}
    for field in fields:
        if any(field.values):
            by_kind.setdefault(field.kind, field)
    headline, dated = by_kind.get("headline"), by_kind.get("dated")
    return Stated(
        start,
        headline=_first(headline),
        standfirst=_first(by_kind.get("standfirst")),
        url=_address(by_kind.get("url")) or _address(by_kind.get("source")),
        byline=_texts(by_kind.get("byline")),
        published=_first(by_kind.get("published")) or _published(by_kind.get("served")),
        dated=_first(dated),
        updated=_first(by_kind.get("updated")),
        language=_first(by_kind.get("language")),
        site=_first(by_kind.get("site")) or _name(by_kind.get("source")),
        image=_address(by_kind.get("image")),
        tags=_texts(by_kind.get("tags")),
        headline_line=headline.line if headline else None,
        dated_line=dated.line if dated else None,
    )


def _filled(above: Stated, below: Stated, start: int, lines: int) -> Stated:
    """Put two headers together that stand one below the other; the outer one goes first."""
    moved = replace(
        below,
        start=start + below.start,
        headline_line=below.headline_line and below.headline_line + lines,
        dated_line=below.dated_line and below.dated_line + lines,
    )
    names = [name for name in Stated.__struct_fields__ if name != "start" and getattr(above, name)]
    return replace(moved, **{name: getattr(above, name) for name in names})


def _opens_labels(text: str, begin: int) -> bool:
    """Say whether a header with labels begins at once."""
    return _kind_of(text[begin : begin + 400].lstrip("\n").partition("\n")[0]) in ("headline", "url")


def _first(field: _Field | None) -> str | None:
    return next(iter(_texts(field)), None)


def _texts(field: _Field | None) -> tuple[str, ...]:
    texts = (_words(value) for value in field.values) if field else ()
    return tuple(text for text in texts if text)


_WIKI = re.compile(r"\[\[([^\[\]|]{1,300})(?:\|([^\[\]|]{1,300}))?\]\]")
_LINK = re.compile(r"\[([^\[\]]{1,500})\]\(\S{0,2000}\)")


def _words(value: str) -> str:
    """Return a value on one line, without the marks of a link around it."""
    if "[[" in value:
        value = _WIKI.sub(lambda match: match[2] or match[1].rpartition("/")[2], value)
    if "](" in value:
        value = _LINK.sub(r"\1", value)
    return squeeze(unescape(value))


_ANYWHERE = re.compile(r"https?://[^\s<>\[\]()\"']{4,2000}")


def _address(field: _Field | None) -> str | None:
    for value in field.values if field else ():
        if url := http_url(value.strip("<> ")):
            return url
        if found := _ANYWHERE.search(value):
            return http_url(found[0])
    return None


def _name(field: _Field | None) -> str | None:
    """Return who published an article, where its source is no address."""
    return None if _address(field) else _first(field)


# Jina Reader states when a page was changed (HTTP's Last-Modified, RFC 9110 section 5.6.7) where it knows
# nothing else: often the moment at which the page was asked for.
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT")


def is_served(text: str) -> bool:
    """Return whether a date is when a server made a page, and not when an article appeared."""
    return _HTTP_DATE.fullmatch(text) is not None


def _published(field: _Field | None) -> str | None:
    text = _first(field)
    return None if text is None or is_served(text) else text


_Found = tuple[int, list[_Field]]  # where the header ends, in characters, and what it holds


def _front_matter(lines: Sequence[str], number: int) -> _Found | None:
    """Read what stands between two lines of `---`, if all of it is keys with values and one is known."""
    if lines[0].rstrip() not in ("---", "\ufeff---"):
        return None
    from feeds.extract import yamlfront

    last = next((place for place, line in enumerate(lines) if place and line.rstrip() in ("---", "...")), 0)
    entries = yamlfront.entries(lines[1:last])
    if not entries:
        return None
    fields = [
        _Field(kind, yamlfront.values(first, rest), number + 1 + place)
        for place, key, first, rest in entries
        if (kind := _kind(key))
    ]
    if not fields:
        return None
    end, title = _excerpted(lines, last + 1)
    if title:
        fields.append(replace(title, line=number + title.line))
    return _length(lines[:end]), fields


def _excerpted(lines: Sequence[str], start: int) -> tuple[int, _Field | None]:
    """Read the title and the excerpt that MarkDownload puts between its front matter and the text."""
    below = [(place, line.strip()) for place, line in enumerate(lines[start : start + 60], start)]
    rows = [(place, row) for place, row in below if row]
    if len(rows) < 3 or not rows[0][1].startswith("# ") or rows[1][1].casefold() != "> ## excerpt":
        return start, None
    end = next((place for place, row in rows[2:] if not row.startswith(">")), 0)
    if not end or not lines[end].startswith("---"):
        return start, None
    return end + 1, _Field("headline", (rows[0][1][2:].strip(),), rows[0][0])


_MARKS = " \t>#*-+_\ufeff"  # of lists, quotes, headings and emphasis, as exports of notes have them
_BORDER = re.compile(r"[ \t]{0,9}[-=_*]{3,200}[ \t]{0,9}")
_LABEL = re.compile(r"((?:(?:og|article):)?[^\s:：][^:：\n]{0,40})[:：](?!//)")
_SINGLEFILE = "page saved with singlefile"
_TEXTS = ("text", "markdown")  # the fields that the text stands behind
_KNOWN = 2  # labels that make a header


def _label(line: str) -> tuple[str, str] | None:
    """Return the label that a line begins with, and what stands behind it."""
    bare = line.lstrip(_MARKS)
    match = _LABEL.match(bare)
    return (match[1].strip(" *_"), bare[match.end() :].strip(" \t*")) if match else None


def _kind_of(line: str) -> str | None:
    found = _label(line)
    return _kind(found[0]) if found else None


class _Labels:
    """Reads a block of labelled lines from its first line on."""

    def __init__(self, lines: Sequence[str], number: int) -> None:
        self.lines, self.number = lines, number
        self.fields: list[_Field] = []
        self.spaced = True  # whether blank lines stand between its first fields
        self.end = 0  # lines that belong to it
        self.rest = 0  # characters of the next line that do, too

    def read(self, place: int) -> None:
        """Take in all lines that belong together; a blank line may stand between two known labels."""
        blank = 0
        while place < len(self.lines):
            line = self.lines[place]
            if not line.strip():
                blank += 1
                if blank > 2:
                    return
            elif not (self._leads_in(line) or self._take(place, blank)):
                return
            else:
                blank = 0
            place += 1

    def _leads_in(self, line: str) -> bool:
        """Return whether a line stands between a title and its labels: a picture, or a heading over them."""
        bare = line.strip(_MARKS).casefold()
        return not self.fields and (bare.startswith("![") or bare in ("metadata", "properties", "info"))

    def _take(self, place: int, blank: int) -> bool:
        """Take in a line; return whether the header may go on below it."""
        found = _label(self.lines[place])
        kind = _kind(found[0]) if found else None
        if len(self.fields) == 1:
            self.spaced = blank > 0
        if found is None or (blank and (kind is None or not (self.spaced or kind in _TEXTS))):
            return self._is_value(place, blank)
        if kind in _TEXTS:
            self.fields.append(_Field(kind, (), self.number + place))
            self.end = place + (not found[1])
            self.rest = len(self.lines[place]) - len(found[1]) if found[1] else 0
            return False
        if kind is not None:
            self.fields.append(_Field(kind, _value_of(found[1]), self.number + place))
        if kind is not None and not (blank and kind == "other"):  # a text may begin with `Note:`
            self.end = place + 1
        return len(found[0].split()) <= 3

    def _is_value(self, place: int, blank: int) -> bool:
        """Take a line for the value of an empty label right above it."""
        above = self.fields[-1] if self.fields else None
        if above is None or blank or above.values or above.line != self.number + place - 1:
            return False
        value = self.lines[place].strip()
        if _BORDER.fullmatch(value) or len(value) > 300:
            return False
        self.fields[-1] = _Field(above.kind, _value_of(value), above.line)
        self.end = place + 1
        return True


def _value_of(text: str) -> tuple[str, ...]:
    """Return a value without the quotation marks around it."""
    text = text.strip()[:_LONGEST]
    if len(text) > 2 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        text = text[1:-1]
    return (text,) if text else ()


def _labelled(lines: Sequence[str], number: int) -> _Found | None:
    """Read a block of labelled lines, also one below a line that is the title or names SingleFile."""
    first = lines[0].strip(_MARKS + "<!")
    title = "" if _kind_of(lines[0]) or first.casefold().startswith(_SINGLEFILE) else first
    block = _Labels(lines, number)
    block.read(0 if _kind_of(lines[0]) else 1)
    if not _is_header(block.fields, title, lines[1:2]):
        return None
    if title and not any(field.kind == "headline" for field in block.fields):
        block.fields.insert(0, _Field("headline", (title,), number))
    end = block.end
    while not block.rest and end < len(lines) and _is_border(lines[end]):
        end += 1
    return _length(lines[:end]) + block.rest, block.fields


def _is_border(line: str) -> bool:
    return line.strip() in ("", "-->") or _BORDER.fullmatch(line) is not None


def _is_header(fields: Sequence[_Field], title: str, below: Sequence[str]) -> bool:
    """Say whether these are a header's: two kinds, one a title or an address; below a title, an address."""
    kinds = {field.kind for field in fields if field.values}
    addressed = any(field.kind in ("url", "source") and _address(field) for field in fields)
    if title:
        near = not below or not below[0].strip() or _kind_of(below[0]) is not None
        return addressed and near and len(title) <= 300 and bool(len(kinds) > 1 or len(fields) > 1)
    return (addressed or "headline" in kinds) and len({field.kind for field in fields}) >= _KNOWN


_STATUS = re.compile(r"HTTP/\d(?:\.\d)? \d{3}\b")
_HEADER = re.compile(r"([A-Za-z][\w-]{0,60}):[ \t]")
# lynx prints the titles of a page's <link>s behind `#`, links prints `Link: canonical`.
_LINKED = re.compile(r" {3}(?:#(?:\[\d{1,4}\])?\S|Link: \S)")


def _printed(lines: Sequence[str]) -> _Found | None:
    """Know what is printed above a page: the answer of a server, or what the page is linked with."""
    fields: list[_Field] = []
    end = 0
    if _STATUS.match(lines[0]):
        end = 1
        while end < len(lines) and (match := _HEADER.match(lines[end])):
            if match[1].casefold() == "content-language":
                fields.append(_Field("language", _value_of(lines[end][match.end() :]), end + 1))
            end += 1
    elif _LINKED.match(lines[0]):
        end = next((place for place, line in enumerate(lines) if not line.strip()), 0)
    return (_length(lines[:end]), fields) if end else None


def _length(lines: Sequence[str]) -> int:
    return sum(map(len, lines)) + len(lines)
