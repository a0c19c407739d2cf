"""What text may hold, and how two texts are compared."""

from __future__ import annotations

import os
import re
import unicodedata

# XML 1.0 section 2.2: one of these makes lxml refuse the whole feed. C1 controls are legal in XML but
# never meant in news; a byte order mark within the text is left over from joined files.
# This and other ranges of many characters are compiled where a text needs them: it takes milliseconds.
_UNWANTED = "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]|\ufeff"
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")

_DIRECTIONS = re.compile("[\u202a-\u202e\u2066-\u2069]")
_PDF, _PDI = "\u202c", "\u2069"
_CLOSES = {**dict.fromkeys("\u202a\u202b\u202d\u202e", _PDF), **dict.fromkeys("\u2066\u2067\u2068", _PDI)}

_QUOTES = {
    "‘": "'",
    "’": "'",
    "‚": "'",
    "`": "'",
    "´": "'",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "–": "-",
    "—": "-",
    "\u2010": "-",
    "\u2011": "-",
    "\u2212": "-",
    "\u00ad": "",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\u200e": "",
    "\u200f": "",
    "\u2060": "",
}
_QUOTE = re.compile(f"[{''.join(_QUOTES)}]")


def legal(text: str) -> str:
    """Give the text with LF line ends, in NFC, with only the characters that XML 1.0 allows.

    U+FFFD, which stands where bytes could not be decoded, becomes a question mark: feed validators
    take it for a fault of the feed.

    >>> legal("a\\x00b\\r\\nc")
    'ab\\nc'
    """
    # Most texts are printable but for the ends of their lines: two thirds of the time of an entry.
    if text.isprintable() or text.replace("\n", "").replace("\t", "").isprintable():
        if text.isascii():
            return text
    else:
        text = re.sub(_UNWANTED, "", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text.replace("\ufffd", "?"))


def closed(text: str) -> str:
    """Give the text with each change of direction that it opens closed, so that none reaches beyond it.

    UAX #9 rules X1 to X8: a PDF ends an embedding or override, a PDI an isolate with all that is open in it.

    >>> ascii(closed("a\\u202eb\\u2067c"))
    "'a\\\\u202eb\\\\u2067c\\\\u2069\\\\u202c'"
    """
    open_: list[str] = []
    for control in _DIRECTIONS.findall(text):
        if control in _CLOSES:
            open_.append(_CLOSES[control])
        elif control == _PDI and _PDI in open_:
            while open_.pop() != _PDI:
                pass
        elif open_ and open_[-1] == control:
            open_.pop()
    return text + "".join(reversed(open_))


def one_line(text: str, limit: int = 200) -> str:
    """Give the text on one line of at most `limit` characters, cut between words.

    >>> one_line("A  long\\n headline", 7)
    'A long…'
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    if line[limit - 1] != " " and " " in cut:
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:-–—") + "…"


def fold(text: str) -> str:
    """Give the text as it is compared: without case, quote style, dash style and spacing.

    >>> fold("“Full  Support” – again") == fold('"full support" - AGAIN')
    True
    """
    if text.isascii():
        return " ".join(text.replace("`", "'").lower().split())
    plain = _QUOTE.sub(lambda match: _QUOTES[match[0]], unicodedata.normalize("NFKC", text))
    return " ".join(plain.casefold().split())


def shown(path: str | os.PathLike[str]) -> str:
    """Give a path of the system as one printable line, whatever bytes its name holds.

    >>> shown("a\\nb.txt")
    'a\\\\nb.txt'
    """
    return printable(os.fsencode(path).decode("utf-8", "surrogateescape"))


def printable(text: str) -> str:
    """Give a name as one printable line; a byte of it that is no UTF-8 (PEP 383) as its number.

    >>> printable("a\\nb.txt"), printable("Troms\\udcf8")
    ('a\\\\nb.txt', 'Troms\\\\xf8')
    """
    return "".join(c if c.isprintable() else _escaped(c) for c in text)


def _escaped(character: str) -> str:
    if "\udc80" <= character <= "\udcff":
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


_DATELINE_WITHIN = 120  # characters
_DASH = re.compile(r"\s?[-–—―]{1,2}\s|[:：]\s")
_BRACKET = re.compile(r"[)）】]")


def dateline_end(text: str, place: str | None) -> int:
    """Say where a text goes on behind the dateline that it prints itself; 0 where it prints none.

    `place` is that of the dateline, None where there is none.

    >>> dateline_end("OSLO, Dec 4 (Reuters) - Norway opened.", "Oslo")
    24
    >>> dateline_end("Oslo opened a harbour.", "Oslo")
    0
    """
    opening = text[:_DATELINE_WITHIN]
    folded, wanted = opening.casefold().lstrip("[（("), (place or "").casefold()
    agency_first = opening.startswith("【") and wanted in folded
    if not wanted or not (agency_first or folded.startswith(wanted)):
        return 0
    end = _DASH.search(opening, len(wanted)) or _BRACKET.search(opening, len(wanted))
    return end.end() if end else 0
