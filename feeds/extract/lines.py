"""See what each line of a text capture looks like: its length, its shape, its neighbours.

A line's evidence is a set of features, kept as the bits of one integer: lines that look alike share
one integer, and what it is worth is reckoned once. Nothing here decides what a line is.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from feeds.calendars import DateLine, date_line
from feeds.extract import words
from feeds.extract.words import Dateline

FEATURES = (
    # length, in words (in characters where a script writes no spaces)
    "1 word",
    "2-3 words",
    "4-7 words",
    "8-14 words",
    "15-24 words",
    "25-49 words",
    "50 words or more",
    "3 characters or fewer",
    # how it begins and ends
    "ends a sentence",
    "ends with a colon",
    "ends cut off",
    "ends with a question",
    "begins with a bullet",
    "begins with a number",
    "begins with a quote",
    "begins in lower case",
    "begins with a dash",
    "in capitals",
    "In Title Case",
    "has two sentences",
    "has separators",
    "indented",
    # space around it
    "first line",
    "no blank above",
    "one blank above",
    "several blanks above",
    "no blank below",
    "one blank below",
    "several blanks below",
    # repetition
    "comes again soon",
    "came just before",
    "same as the line above",
    "on the page three times",
    "came before",
    # words and shapes
    "furniture words",
    "furniture beginning",
    "opens other articles",
    "web address",
    "only figures",
    "date line",
    "labelled date",
    "tells a time",
    "photo words",
    "picture credit",
    "ends in brackets",
    "byline",
    "writer's name",
    "agency",
    "dateline",
    "relative time",
    # neighbours
    "below a date line",
    "above a date line",
    "below a byline",
    "above a byline",
    "below furniture",
    "above furniture",
    "above a long line",
    "above two long lines",
    "below a long line",
    "above a dateline",
    "above a caption",
    "below a caption",
    "among short lines",
    "below its repeat",
    "below an opener",
    "photo or name above",
    # what the text around it is about
    "shares words below",
    "shares many words below",
    "shares no words below",
    "shares words above",
    "shares no words above",
    "the topic changes",
    "the topic stays",
    "the language changes",
    "a long line follows soon",
)
BIT = {name: 1 << place for place, name in enumerate(FEATURES)}

_SPACES = re.compile(r"\s+")
_BULLET = re.compile(r"^(?:[•·▪◦●■►▶*»›–—-]\s+|\d{1,2}[.)]\s+)+")
_SENTENCE = re.compile(r"[.!?۔。！？؟][\"'”’»“)\]]*\s+\S")
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-"}
)
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{4,}|^\S+\.(?:com|org|net|ru|co|de|fr)\b|\S@\S+\.\w")
_LONG = 14  # words; fewer may be a headline, more are a paragraph


@dataclass(slots=True)
class Line:
    """One printed line with its evidence; `text` is stripped, its spaces folded, its bullet kept."""

    number: int  # 1-based
    text: str
    words: int
    above: int  # blank lines above it
    below: int = 0
    key: str = ""
    bits: int = 0
    date: DateLine | None = None
    byline: tuple[str, ...] = ()
    agency: str | None = None
    credit: str | None = None
    dateline: Dateline | None = None
    long: bool = False
    content: frozenset[str] | None = None
    small: frozenset[str] | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """The names of what was seen, in the order of FEATURES."""
        return tuple(name for name in FEATURES if self.bits & BIT[name])

    @property
    def plain(self) -> str:
        """The text without its bullet."""
        return _BULLET.sub("", self.text)


def lines(text: str) -> list[Line]:
    """Give the lines of a text that are not blank, with all that can be seen of each."""
    found = _unwrapped(_printed(text))
    for line in found:
        line.bits = _shape(line)
    _mark_space(found)
    _mark_repeats(found)
    _mark_neighbours(found)
    _mark_topics(found)
    return found


def _printed(text: str) -> list[Line]:
    found: list[Line] = []
    blank = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line:
            blank += 1
            continue
        if "  " in line or not line.isascii() or "\t" in line:
            line = _SPACES.sub(" ", line)
        if found:
            found[-1].below = blank
        found.append(Line(number, line, _count(line), blank))
        blank = 0
    if found:
        found[-1].below = blank
    return found


def _count(line: str) -> int:
    count = line.count(" ") + 1
    if line.isascii() or count * 9 > len(line) or not _UNSPACED.search(line[:80]):
        return count
    return max(count, len(line) // 3)


def _unwrapped(found: list[Line]) -> list[Line]:
    """Join the lines of paragraphs that were wrapped at a column, as old mail and wire copies are."""
    if not _is_wrapped(found):
        return found
    joined: list[Line] = []
    width = max(len(line.text) for line in found)
    for place, line in enumerate(found):
        before = found[place - 1].text if place else ""
        if joined and not line.above and len(before) >= width - 16 and place:
            last = joined[-1]
            last.text = f"{last.text} {line.text}"
            last.words += line.words
            last.below = line.below
        else:
            joined.append(line)
    return joined


def _is_wrapped(found: list[Line]) -> bool:
    """Most lines end near one column, and not at the end of a sentence."""
    width = max((len(line.text) for line in found), default=0)
    if not 50 <= width <= 100 or len(found) < 6:
        return False
    full = [line for line in found if len(line.text) >= width - 16 and not line.below]
    broken = [line for line in full if line.text[-1] not in '.!?:"”’']
    return len(full) >= len(found) * 0.5 and len(broken) >= len(full) * 0.6


_SIZES = (
    (2, "1 word"),
    (4, "2-3 words"),
    (8, "4-7 words"),
    (15, "8-14 words"),
    (25, "15-24 words"),
    (50, "25-49 words"),
)


def _size_bit(count: int) -> int:
    return BIT[next((name for limit, name in _SIZES if count < limit), "50 words or more")]


_SIZE_BITS = tuple(_size_bit(count) for count in range(51))
_ENDS = {
    **dict.fromkeys(".!۔。！", BIT["ends a sentence"]),
    **dict.fromkeys(":：", BIT["ends with a colon"]),
    **dict.fromkeys("?؟？", BIT["ends with a question"]),
    "…": BIT["ends cut off"],
}


def _shape(line: Line) -> int:
    text = line.text
    bits = _SIZE_BITS[min(line.words, 50)]
    line.long = line.words > _LONG
    plain = text
    if text[0] in "•·▪◦●■►▶*»›–—-0123456789":
        plain = _BULLET.sub("", text) or text
        if plain is not text:
            bits |= BIT["begins with a number"] if text[0].isdigit() else BIT["begins with a bullet"]
            if text[0] in "–—-":
                bits |= BIT["begins with a dash"]
    line.key = plain.casefold().translate(_QUOTES).strip(" .:…") or plain
    bits |= _ending(text)
    first = plain[0]
    if first in "\"'“‘«„":
        bits |= BIT["begins with a quote"]
    elif first.islower():
        bits |= BIT["begins in lower case"]
    if line.long:
        return bits | _long_shape(line, plain)
    return bits | _short_shape(line, plain)


def _ending(text: str) -> int:
    stripped = text.rstrip("\"'”’»“)]") or text
    if stripped.endswith(("...", "[…", "[...")):
        return BIT["ends cut off"]
    return _ENDS.get(stripped[-1], 0)


def _long_shape(line: Line, plain: str) -> int:
    bits = 0
    if _SENTENCE.search(plain, 20, 1000):
        bits |= BIT["has two sentences"]
    return bits | _common_shape(line, plain)


def _common_shape(line: Line, plain: str) -> int:
    bits = 0
    line.dateline = words.dateline(plain)
    if line.dateline:
        bits |= BIT["dateline"]
    if line.words <= 120:
        line.credit = words.credit(plain)
        if line.credit:
            bits |= BIT["picture credit"]
        elif plain[-1] in ")）":
            bits |= BIT["ends in brackets"]
        if words.opens_caption(line.key):
            bits |= BIT["photo words"]
        if words.begins_as_furniture(line.key):
            bits |= BIT["furniture beginning"]
    return bits


def _short_shape(line: Line, plain: str) -> int:
    bits = _common_shape(line, plain)
    key = line.key
    if len(plain) <= 3:
        bits |= BIT["3 characters or fewer"]
    if words.is_furniture(key):
        bits |= BIT["furniture words"]
    if words.opens_others(key):
        bits |= BIT["opens other articles"]
    if _SENTENCE.search(plain):
        bits |= BIT["has two sentences"]
    if any(mark in plain for mark in ("|", " / ", " > ", " › ", " · ", "»")):
        bits |= BIT["has separators"]
    if not any(char.isalpha() for char in plain):
        bits |= BIT["only figures"]
    elif plain.isupper():
        bits |= BIT["in capitals"]
    elif _is_title_case(plain):
        bits |= BIT["In Title Case"]
    if ("." in plain or "@" in plain) and _ADDRESS.search(plain):
        bits |= BIT["web address"]
    return bits | _credit_shape(line, plain)


def _credit_shape(line: Line, plain: str) -> int:
    """Who and when: dates, bylines and agencies on a line of their own."""
    bits = 0
    line.date = date_line(plain)
    if line.date:
        bits |= BIT["date line"] if line.date.dates else BIT["tells a time"]
        bits |= BIT["labelled date"] if line.date.labelled else 0
        bits |= BIT["relative time"] if line.date.relative else 0
    line.agency = None if words.is_furniture(line.key) else words.agency_alone(plain)
    if line.agency:
        bits |= BIT["agency"]
    rest = line.date.rest if line.date else plain
    line.byline, labelled = words.byline(rest if line.date and line.date.rest else plain)
    if labelled:
        bits |= BIT["byline"]
    elif line.byline:
        bits |= BIT["writer's name"]
    return bits


def _is_title_case(text: str) -> bool:
    found = [word for word in text.split() if word[0].isalpha()]
    capital = sum(word[0].isupper() for word in found)
    return len(found) > 1 and capital >= len(found) * 0.7


def _mark_space(found: list[Line]) -> None:
    names = ("no blank", "one blank", "several blanks")
    above = tuple(BIT[f"{name} above"] for name in names)
    below = tuple(BIT[f"{name} below"] for name in names)
    for line in found:
        line.bits |= above[min(line.above, 2)] | below[min(line.below, 2)]
    if found:
        found[0].bits |= BIT["first line"]


def _mark_repeats(found: list[Line]) -> None:
    counts = Counter(line.key for line in found)
    last: dict[str, int] = {}
    for place, line in enumerate(found):
        if counts[line.key] < 2:
            continue
        if counts[line.key] > 2:
            line.bits |= BIT["on the page three times"]
        before = last.get(line.key)
        if before is not None:
            line.bits |= BIT["came before"]
            if place - before <= 14:
                line.bits |= BIT["came just before"]
                found[before].bits |= BIT["comes again soon"]
            if place - before == 1:
                line.bits |= BIT["same as the line above"] | (BIT["below its repeat"] if line.above else 0)
        last[line.key] = place


_FURNITURE = BIT["furniture words"] | BIT["furniture beginning"] | BIT["opens other articles"]
_DATE = BIT["date line"]
_BYLINE = BIT["byline"] | BIT["writer's name"] | BIT["agency"]
_CAPTION = BIT["photo words"] | BIT["picture credit"]


def _mark_neighbours(found: list[Line]) -> None:
    """Say of each line what stands directly above and below it."""
    last = len(found) - 1
    seen = [line.bits for line in found]
    for place, line in enumerate(found):
        bits = 0
        if place:
            bits |= _beside(seen[place - 1], "below")
            if found[place - 1].long:
                bits |= BIT["below a long line"]
        if place < last:
            bits |= _beside(seen[place + 1], "above")
            if found[place + 1].long:
                bits |= BIT["above a long line"]
                if place + 2 <= last and found[place + 2].long:
                    bits |= BIT["above two long lines"]
            if seen[place + 1] & BIT["dateline"]:
                bits |= BIT["above a dateline"]
        line.bits |= bits
    _mark_short_runs(found)


def _beside(bits: int, where: str) -> int:
    found = 0
    if bits & _DATE:
        found |= BIT[f"{where} a date line"]
    if bits & _BYLINE:
        found |= BIT[f"{where} a byline"]
    if bits & _FURNITURE:
        found |= BIT[f"{where} furniture"]
    if bits & _CAPTION:
        found |= BIT[f"{where} a caption"]
    if where == "below" and bits & BIT["opens other articles"]:
        found |= BIT["below an opener"]
    return found


def _mark_short_runs(found: list[Line]) -> None:
    """Mark the lines of a menu or a list of links: many short ones one after another."""
    start = 0
    for place in range(len(found) + 1):
        if place < len(found) and not found[place].long and not found[place].bits & BIT["has two sentences"]:
            continue
        if place - start >= 6:
            for line in found[start : place - 2]:
                line.bits |= BIT["among short lines"]
        start = place + 1


def _mark_topics(found: list[Line]) -> None:
    """Compare the words of each short line, and of the text above it, with the text below it."""
    below: list[list[Line]] = [[] for _ in found]
    nearest: list[tuple[int, Line]] = []
    for place in range(len(found) - 1, -1, -1):
        below[place] = [line for there, line in nearest if there - place <= 9]
        if found[place].long:
            nearest = [(place, found[place]), *nearest[:1]]
    above: list[Line] = []
    for place, line in enumerate(found):
        if line.long:
            above = [*above[-1:], line]
        elif line.words >= 3 and below[place]:
            line.bits |= _topic(line, above, below[place]) | BIT["a long line follows soon"]


def _topic(line: Line, above: list[Line], below: list[Line]) -> int:
    own = _content(line)
    next_words = _content(below[0]) | _content(below[-1])
    shared = len(own & next_words)
    bits = BIT["shares no words below"] if not shared else BIT["shares words below"]
    if shared > 2 or (shared == 2 and len(own) < 7):
        bits |= BIT["shares many words below"]
    if not above:
        return bits
    last_words = _content(above[0]) | _content(above[-1])
    bits |= BIT["shares words above"] if own & last_words else BIT["shares no words above"]
    fewer = min(len(last_words), len(next_words)) or 1
    common = len(last_words & next_words)
    bits |= BIT["the topic stays"] if common > fewer * 0.12 else 0
    bits |= BIT["the topic changes"] if common <= fewer * 0.04 else 0
    return bits | (BIT["the language changes"] if _other_language(above[-1], below[0]) else 0)


def _content(line: Line) -> frozenset[str]:
    if line.content is None:
        line.content = words.content(line.key)
    return line.content


def _other_language(one: Line, two: Line) -> bool:
    """Texts of one language share their small words; of two languages, hardly any."""
    for line in (one, two):
        if line.small is None:
            line.small = words.small(line.key)
    first, second = one.small or frozenset(), two.small or frozenset()
    fewer = min(len(first), len(second))
    return fewer >= 4 and len(first & second) <= fewer * 0.12
