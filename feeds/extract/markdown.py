"""Take the marks of Markdown out of a text, so that each line reads as it is shown (CommonMark 0.31)."""

from __future__ import annotations

import re
from itertools import pairwise

_LOOKED_AT = 50_000  # characters
_ENOUGH = 3  # links to anything, or headings, that tell by their number

_LINK = re.compile(
    r"""\[([^\[\]\n]{1,500})\]\(\s?<?[^()<>\s]{0,1000}(?:\([^()\s]{0,200}\)[^()<>\s]{0,500})?>?(?:\s"[^"\n]{0,300}")?\s?\)"""
)
_IMAGE = re.compile(r"""!\[[^\[\]\n]{0,500}\]\([^()\n]{0,1500}\)""")
_EMPTY_LINK = re.compile(r"\[\s?\]\([^()\n]{0,1500}\)")
_REFERRED = re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,100}\]")
_WIKI = re.compile(r"(!?)\[\[([^\[\]|\n]{1,300})(?:\|([^\[\]|\n]{0,300}))?\]\]")  # of Obsidian
_DEFINITION = re.compile(r" {0,3}\[[^\[\]\n]{1,100}\]:\s{1,3}\S")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]{1,9}(?=\S)")
_QUOTED = re.compile(r" {0,3}>[ \t]?")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,1000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_\n]{1,1000})(?<=\S)\1(?![\w*_])")
_CODE = re.compile(r"`([^`\n]{1,500})`")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def is_marked(text: str) -> bool:
    """Return whether a text is Markdown.

    One mark is enough that prose never has: a link or a picture with an address behind it, a fence of code
    that is closed, the rule under the head of a table, or a title behind `# ` in the first line, set off by a
    blank one. Else two kinds of marks have to stand together, one of them headings or strong words; two
    headings with blank lines around them do as well. A list, a quotation or a rule alone stands in plain
    texts, too, and so do `#1`, `#hashtag`, `* * *` and `2 ** 3`.

    >>> is_marked("See the [harbour](https://a.example/) for more."), is_marked("He said [so](or not).")
    (True, False)
    """
    start = text[:_LOOKED_AT]
    if not any(map(start.__contains__, _SIGNS)):
        return False
    if "](" in start and (_ADDRESSED.search(start) or len(_LINK.findall(start)) >= _ENOUGH):
        return True
    lines = start.split("\n")
    if _has_title(lines) or _has_fence(lines) or ("|" in start and _has_table(lines)):
        return True
    found = _kinds(lines, start)
    return len(found) > 1 and not found.isdisjoint(_TELLING)


_SIGNS = ("](", "# ", "**", "__", "```", "~~~", "---", "===")
_ADDRESSED = re.compile(
    r"\[[^\[\]\n]{0,500}\]\(<?(?:https?://|/|\.\.?/|#|mailto:|data:image/)[^()\s]{0,2000}"
)
_TITLE = re.compile(r"# [^\W\d_][^\n]{2,300}$")
_FENCE = re.compile(r" {0,3}(?:```|~~~)[\w+-]{0,20}\s{0,9}$")
_TABLE = re.compile(r"\s{0,3}\|?\s?:?-{3,200}:?\s?(?:\|\s?:?-{3,200}:?\s?){1,50}\|?\s{0,9}$")
_MARKED = {
    "heading": re.compile(r" {0,3}#{1,6} [^\W\d_]"),  # `# 3 won` is a number
    "list": re.compile(r" {0,9}[-*+] {1,4}\S"),
    "quotation": re.compile(r" {0,3}> ?\S"),
}
_STRONG_WORDS = re.compile(r"(?<![\w*])(\*\*|__)(?=[^\W_])[^\n*_]{1,300}(?<=[^\s*_])\1(?![\w*])")
_TELLING = frozenset(("heading", "strong words"))


def _has_title(lines: list[str]) -> bool:
    first = next((place for place, line in enumerate(lines) if line.strip("\ufeff \t")), 0)
    title = _TITLE.match(lines[first].lstrip("\ufeff").rstrip())
    return title is not None and len(lines) > first + 1 and not lines[first + 1].strip()


def _has_fence(lines: list[str]) -> bool:
    return sum(_FENCE.match(line) is not None for line in lines if line.lstrip()[:1] in ("`", "~")) > 1


def _has_table(lines: list[str]) -> bool:
    return any("|" in late and "|" in early and _TABLE.match(late) for early, late in pairwise(lines))


def _kinds(lines: list[str], start: str) -> set[str]:
    """Return the kinds of marks that a text has; of items it has to have several."""
    found = {kind for kind, mark in _MARKED.items() if kind != "list" and any(map(mark.match, lines))}
    if sum(_MARKED["list"].match(line) is not None for line in lines) > 1:
        found.add("list")
    if _STRONG_WORDS.search(start):
        found.add("strong words")
    if any(_is_underline(lines, place) for place in range(1, len(lines))):
        found.add("underlined heading")
    if sum(_stands_alone(lines, place) for place in range(len(lines))) > 1:
        found.add("headings that stand alone")
    return found


def _stands_alone(lines: list[str], place: int) -> bool:
    """Return whether a line is a heading with blank lines around it."""
    around = (*lines[max(0, place - 1) : place], *lines[place + 1 : place + 2])
    return (
        lines[place][:1] == "#"
        and bool(_MARKED["heading"].match(lines[place]))
        and not any(map(str.strip, around))
    )


def _is_underline(lines: list[str], place: int) -> bool:
    """Return whether a line makes the one above it a heading: Setext, CommonMark section 4.3."""
    line, above = lines[place].strip(), lines[place - 1].strip()
    if line[:1] not in ("=", "-") or len(line) < 3 or line.strip(line[0]) or not above:
        return False
    alone = place < 2 or not lines[place - 2].strip()
    return alone and len(above) <= 200 and any(map(str.isalpha, above))


def plain(text: str) -> str:
    """Give the text without its marks, line by line; pictures leave nothing.

    >>> plain("# A [bridge](https://a.example/) opens\\n\\n**OSLO** \\u2014 It *opened*.\\n---")
    'A bridge opens\\n\\nOSLO \\u2014 It opened.\\n'
    """
    return "\n".join(map(_plain, text.split("\n")))


def _plain(line: str) -> str:
    if _is_rule(line) or _DEFINITION.match(line) or (line[:1] in "|`~: -" and _is_frame(line)):
        return ""
    if quoted := _QUOTED.match(line):
        line = line[quoted.end() :]
    if heading := _HEADING.match(line):
        line = _unclosed(line[heading.end() :].rstrip())
    if line[:1] == "|" and line.rstrip()[-1:] == "|":
        line = " | ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    if "[[" in line:
        line = _WIKI.sub(lambda match: "" if match[1] else match[3] or match[2], line)
    if "[" in line:
        line = _EMPTY_LINK.sub("", _IMAGE.sub("", line))
        line = _REFERRED.sub(r"\1", _LINK.sub(r"\1", line))
    if "*" in line or "_" in line:
        line = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line))
    line = _CODE.sub(r"\1", line) if "`" in line else line
    return _ESCAPED.sub(r"\1", line) if "\\" in line else line


def _is_frame(line: str) -> bool:
    """Return whether a line is the fence of code or the rule under a table's head."""
    return _FENCE.match(line) is not None or ("|" in line and _TABLE.match(line) is not None)


def _is_rule(line: str) -> bool:
    """Say whether a line is three or more of one sign: a break, or what stands under a heading."""
    sign = line.lstrip()[:1]
    return sign in ("-", "_", "*", "=") and line.count(sign) >= 3 and not line.strip(f"{sign} \t")


def _unclosed(heading: str) -> str:
    """Give a heading without the number signs that may close it, after a space."""
    bare = heading.rstrip("#")
    return bare.rstrip() if bare[-1:] in ("", " ", "\t") else heading
