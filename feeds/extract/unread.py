"""Say what a document is that no kind of input reads, and what was expected instead."""

from __future__ import annotations

import json
import re

from feeds.extract.markup import root_name
from feeds.model import Document, DocumentError

EXPECTED = (
    "expected a text capture, a web page, a feed, NewsML-G2, NITF, ninjs or records with titles and texts"
)

# Texts that are no captured news, by how they begin.
_BEGINNINGS = (
    ("{\\rtf", "an RTF document"),
    ("WEBVTT", "subtitles"),
    ("BEGIN:VCALENDAR", "a calendar"),
    ("BEGIN:VCARD", "an address card"),
    ("-----BEGIN ", "a key or certificate"),
    ("%!PS", "a PostScript document"),
    ("\\documentclass", "a LaTeX document"),
    ("diff --git", "a patch"),
    ("#!/", "a program"),
    ("<?php", "a program"),
    ("WARC/", "an archive's record without its archive"),
)
_ROOTS = {
    "newsml": "NewsML 1, which is not read: ask the supplier for NewsML-G2, NITF or ninjs",
    "urlset": "a sitemap, which holds addresses and no articles",
    "sitemapindex": "a sitemap, which holds addresses and no articles",
    "opml": "OPML, which lists feeds and holds no articles",
    "svg": "a picture (SVG)",
    "rdf:rdf": "RDF that is no RSS 1.0 feed",
    "knowledgeitem": "NewsML-G2 that holds knowledge, not news",
    "conceptitem": "NewsML-G2 that holds a concept, not news",
    "planningitem": "NewsML-G2 that holds plans, not news",
}
_MAIL = re.compile(
    r"(?:received|return-path|delivered-to|from|to|cc|subject|date|message-id|mime-version|reply-to|x-[\w-]{1,40}"
    r"|content-[\w-]{1,40}|dkim-signature|arc-[\w-]{1,40}|snapshot-[\w-]{1,40}|authentication-results)\s{0,3}:",
    re.IGNORECASE,
)
_LOOKED_AT = 20_000  # characters


def refusal(document: Document) -> str | None:
    """Name what a text is that can be no capture: an e-mail, a table, a program; None for others."""
    start = document.text[:_LOOKED_AT].lstrip("\ufeff \n\t")
    for beginning, what in _BEGINNINGS:
        if start.startswith(beginning):
            return f"{what}, {EXPECTED}"
    lines = [line for line in start.split("\n", 60)[:60] if line.strip()]
    if _is_mail(lines):
        return "an e-mail or a page saved as one (MHTML), expected the page as HTML or its words as text"
    if not start.startswith("<") and _is_table(lines[:-1] if len(start) == _LOOKED_AT else lines):
        return f"a table of values divided by commas, semicolons or tabs, {EXPECTED}"
    return None


def unclaimed(document: Document) -> DocumentError:
    """Give the error for a document that no kind claims: what it is, and where it is damaged."""
    text = document.text.lstrip("\ufeff \n\t")
    if text.startswith(("{", "[")):
        return _json(document)
    root = root_name(text)
    if root is None:
        if text.startswith("<"):
            return DocumentError(document.source, f"markup that can't be told, {EXPECTED}", 1)
        told = f"called {document.media_type}, but it is none, and no text capture by its name"
        if document.media_type.startswith("text/"):
            told = "text with markup in it, expected the words alone or the whole page"
        return DocumentError(document.source, told)
    what = _ROOTS.get(root) or _ROOTS.get(root.rpartition(":")[2])
    return DocumentError(document.source, what or f"XML that begins with <{root}>, {EXPECTED}")


def _json(document: Document) -> DocumentError:
    first = document.text.lstrip("\ufeff \n\t").split("\n", 1)[0]
    try:
        json.loads(document.text.lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        try:
            json.loads(first)
        except (ValueError, RecursionError):
            return DocumentError(document.source, f"JSON that is damaged: {error.msg}", error.lineno)
        return DocumentError(document.source, f"JSON in lines without titles and texts, {EXPECTED}")
    except (ValueError, RecursionError) as error:
        return DocumentError(document.source, f"JSON that can't be read: {error}")
    return DocumentError(
        document.source, f"JSON that is neither ninjs nor a JSON Feed, nor names titles and texts, {EXPECTED}"
    )


def _is_mail(lines: list[str]) -> bool:
    """Say whether a text begins with the header of a mail, RFC 5322."""
    names = []
    for line in lines:
        if not line.startswith((" ", "\t")):  # else the line goes on with the field above
            if not (match := _MAIL.match(line)):
                break
            names.append(match[0].rstrip(" :").casefold())
    return len(set(names)) >= 3 and bool({"from", "mime-version", "received", "message-id"} & set(names))


def _is_table(lines: list[str]) -> bool:
    """Say whether each line has as many short fields as the first one."""
    if len(lines) < 4:
        return False
    for mark in ("\t", ";", ","):
        count = lines[0].count(mark)
        if count >= 2 and all(line.count(mark) == count for line in lines if '"' not in line):
            quoted = sum('"' in line for line in lines)
            plain = sum(f"{mark} " in line for line in lines)  # as prose has it
            prose = sum(_is_sentence(line, mark) for line in lines) * 2 > len(lines)
            return quoted + 3 < len(lines) * 2 and (mark != "," or plain * 3 < len(lines)) and not prose
    return False


_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", "।", "”", "」", "»")
_SHORTEST = 10  # signs of a sentence in a script that parts no words
_SPACELESS = r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]"


def _is_sentence(line: str, mark: str) -> bool:
    """Return whether a line is a sentence with commas: it ends as one, and some part of it is a clause."""
    line = line.rstrip()
    if not line.endswith(_ENDS):
        return False
    unspaced = len(line) >= _SHORTEST and re.search(_SPACELESS, line) is not None
    return unspaced or any(part.count(" ") > 2 for part in line.split(mark))
