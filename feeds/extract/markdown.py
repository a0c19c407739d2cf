"""Take the marks of Markdown out of a text, so that each line reads as it is shown (CommonMark 0.31)."""

from __future__ import annotations

import re

_LOOKED_AT = 50_000  # characters
_ENOUGH = 3  # links, or headings, that make a text one of Markdown

_LINK = re.compile(
    r"""\[([^\[\]\n]{1,500})\]\(\s?<?[^()<>\s]{0,1000}(?:\([^()\s]{0,200}\)[^()<>\s]{0,500})?>?(?:\s"[^"\n]{0,300}")?\s?\)"""
)
_IMAGE = re.compile(r"""!\[[^\[\]\n]{0,500}\]\([^()\n]{0,1500}\)""")
_EMPTY_LINK = re.compile(r"\[\s?\]\([^()\n]{0,1500}\)")
_REFERRED = re.compile(r"\[([^\[\]\n]{1,500})\]\[[^\[\]\n]{0,100}\]")
_DEFINITION = re.compile(r" {0,3}\[[^\[\]\n]{1,100}\]:\s{1,3}\S")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]{1,9}(?=\S)")
_QUOTED = re.compile(r" {0,3}>[ \t]?")
_STRONG = re.compile(r"(\*\*|__)(?=\S)([^\n]{1,1000}?)(?<=\S)\1")
_EMPHASIS = re.compile(r"(?<![\w*_])([*_])(?=[^\s*_])([^*_\n]{1,1000})(?<=\S)\1(?![\w*_])")
_CODE = re.compile(r"`([^`\n]{1,500})`")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def is_marked(text: str) -> bool:
    """Say whether a text is Markdown: it has links of that kind, or headings."""
    start = text[:_LOOKED_AT]
    if "](" in start and len(_LINK.findall(start)) >= _ENOUGH:
        return True
    if "**" not in start and "](" not in start:
        return False
    return sum(_HEADING.match(line) is not None for line in start.split("\n")) >= _ENOUGH


def plain(text: str) -> str:
    """Give the text without its marks, line by line; pictures leave nothing.

    >>> plain("# A [bridge](https://a.example/) opens\\n\\n**OSLO** \\u2014 It *opened*.\\n---")
    'A bridge opens\\n\\nOSLO \\u2014 It opened.\\n'
    """
    return "\n".join(map(_plain, text.split("\n")))


def _plain(line: str) -> str:
    if _is_rule(line) or _DEFINITION.match(line):
        return ""
    if quoted := _QUOTED.match(line):
        line = line[quoted.end() :]
    if heading := _HEADING.match(line):
        line = _unclosed(line[heading.end() :].rstrip())
    if "[" in line:
        line = _EMPTY_LINK.sub("", _IMAGE.sub("", line))
        line = _REFERRED.sub(r"\1", _LINK.sub(r"\1", line))
    if "*" in line or "_" in line:
        line = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line))
    line = _CODE.sub(r"\1", line) if "`" in line else line
    return _ESCAPED.sub(r"\1", line) if "\\" in line else line


def _is_rule(line: str) -> bool:
    """Say whether a line is three or more of one sign: a break, or what stands under a heading."""
    sign = line.lstrip()[:1]
    return sign in ("-", "_", "*", "=") and line.count(sign) >= 3 and not line.strip(f"{sign} \t")


def _unclosed(heading: str) -> str:
    """Give a heading without the number signs that may close it, after a space."""
    bare = heading.rstrip("#")
    return bare.rstrip() if bare[-1:] in ("", " ", "\t") else heading
