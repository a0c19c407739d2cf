"""See what each line of a text capture looks like: its length, its shape, its neighbours.

A line's evidence is a set of features, kept as the bits of one integer: lines that look alike share
one integer, and what it is worth is reckoned once. Nothing here decides what a line is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

from feeds.calendars import DateLine, date_line, printed_dates
from feeds.extract import comments, records, words, wrapped
from feeds.extract.dateline import Dateline, dateline
from feeds.extract.writers import Byline, byline

# Where a short line stands, whether the names above it come again below, and what else marks a beginning.
_PLACES = ("after texts", "after a text", "after short lines", "before any text")
_TURNS = ("the topic stays", "the topic changes", "the topic is unsure")
_MARKS = ("another language", "space above", "head matter below", "no mark")
_COMPOUND = tuple(f"{place}, {turn}, {mark}" for place in _PLACES for turn in _TURNS for mark in _MARKS)

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
    "reads like text",
    "has separators",
    "words glued together",
    # space around it
    "first line",
    "last line",
    "cut off at the end of the page",
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
    "same as the line below",
    "printed twice at once",
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
    # several of these together
    "blank above only",
    "blank below only",
    "stands alone",
    "more blanks above than usual",
    "date or byline soon below",
    "dateline soon below",
    "caption soon below",
    "in an opened list",
    "below a line printed three times",
    "above a line printed three times",
    "a menu above",
    "in a list of bullets",
    "a long line follows at once",
    "a long line follows late",
    "its surroundings come again",
    "its surroundings come again soon",
    "text on a small page",
    "short line above a text on a small page",
    "text on the topic above",
    "text off the topic above",
    # among the short lines between two texts
    "nothing but a date",
    "shares most words below",
    "shares more words above than below",
    "the longest between two texts",
    "the first between two texts",
    "the last between two texts",
    "the only one between two texts",
    "written like the text below alone",
    "written like the text above alone",
    "much text below",
    "little text below",
    "the widest space between two texts above",
    "its repeat stands above a text",
    "a repeat above a text",
    "a long title",
    *_COMPOUND,
    *records.KINDS,
    "a reader's comment",
    "dateline that dates or supplies",
)
BIT = {name: 1 << place for place, name in enumerate(FEATURES)}

_BULLETS = "•·▪◦●■►▶*»›–—-0123456789"
_BULLET = re.compile(r"(?:[•·▪◦●■►▶*»›–—-]\s+|\d{1,2}[.)]\s+)+")
_SENTENCE = re.compile(r"[.!?۔।。！？؟։።။][\"'”’»“)\]]*\s+\S")
_BRACKETS = "(（[【"
_QUOTES = (
    ("’", "'"),
    ("‘", "'"),
    ("“", '"'),
    ("”", '"'),
    ("„", '"'),
    ("«", '"'),
    ("»", '"'),
    ("–", "-"),
    ("—", "-"),
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{4,}|^\S+\.(?:com|org|net|ru|co|de|fr)\b|\S@\S{1,99}\.\w")
_SEPARATED = re.compile(r"[/>›·](?<= .) ")
_LONG = 14  # words; fewer may be a headline, more are a paragraph if they end as one
_SURELY_LONG = 25


Pattern = tuple[str, int, int, str]  # what stands above and below a line, and how far off


class Line(Struct):
    """One printed line with its evidence; `text` is stripped, its spaces folded, its bullet kept."""

    number: int  # 1-based
    text: str
    words: int
    above: int  # blank lines above it
    below: int = 0
    start: int = 0  # the columns at which it began and ended as it was printed
    end: int = 0
    key: str = ""
    bits: int = 0
    date: DateLine | None = None
    byline: Byline = Byline()
    agency: str | None = None
    credit: str | None = None
    dateline: Dateline | None = None
    long: bool = False
    content: frozenset[str] | None = None
    small: frozenset[str] | None = None
    script: int | None = None
    names: frozenset[str] | None = None
    pattern: Pattern | None = None

    @property
    def features(self) -> tuple[str, ...]:
        """The names of what was seen, in the order of FEATURES."""
        return tuple(name for name in FEATURES if self.bits & BIT[name])

    @property
    def plain(self) -> str:
        """The text without its bullet."""
        return _unbulleted(self.text)


def _unbulleted(text: str) -> str:
    bullet = _BULLET.match(text) if text[:1] in _BULLETS else None
    if bullet is None or (text[0].isdigit() and any(found.start == 0 for found in printed_dates(text[:40]))):
        return text  # "4. Dezember 2025" is no fourth item
    return text[bullet.end() :]


def lines(text: str) -> list[Line]:
    """Give the lines of a text that are not blank, with all that can be seen of each."""
    found = _unwrapped(_printed(text))
    if "[" in text and _REFERENCES.search(text):
        _drop_numbers(found)
    found = _unglued(found)
    given = records.marks([line.text for line in found])
    for place, (_, start) in given.items():
        if start:
            found[place].text = found[place].text[start:]
            found[place].words = _count(found[place].text)
    for line in found:
        if line.words > _LONG:
            line.bits = _shape(line)
        else:
            _shape_short(line)
    for place, (kind, _) in given.items():
        found[place].bits |= BIT[kind]
        found[place].long = False
    for place in comments.places([line.key for line in found]):
        found[place].bits |= BIT["a reader's comment"]
        found[place].long = False
    _mark_space(found)
    _mark_repeats(found)
    _mark_neighbours(found)
    _mark_topics(found)
    _mark_titles(found)
    _mark_together(found)
    _mark_pattern(found)
    return found


def is_plain(found: Sequence[Line]) -> bool:
    """Say whether few of a page's lines are those of menus.

    On a page with little but texts the same sign may mean another thing than among menus and promotion.
    """
    small = sum(line.words <= 3 or line.bits & _FURNITURE != 0 for line in found)
    return small < len(found) * 0.35


def _printed(text: str) -> list[Line]:
    found: list[Line] = []
    blank = 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if not line:
            blank += 1
            continue
        if "  " in line or not line.isascii() or "\t" in line:
            line = " ".join(line.split())
        if found:
            found[-1].below = blank
        start = len(raw) - len(raw.lstrip())
        found.append(Line(number, line, _count(line), blank, start=start, end=len(raw.rstrip())))
        blank = 0
    if found:
        found[-1].below = blank
    return found


def _count(line: str) -> int:
    count = line.count(" ") + 1
    if line.isascii() or count * 9 > len(line) or not re.search(wrapped.UNSPACED, line[:80]):
        return count
    return max(count, len(line) // 3)


_LONG_ENOUGH = 40  # words of a paragraph after which the end of a sentence ends it, if nothing else does


def _unwrapped(found: list[Line]) -> list[Line]:
    """Join the lines of paragraphs that were broken at a column; see wrapped.py."""
    broken = wrapped.goes_on([_break(early, late) for early, late in pairwise(found)])
    if not any(broken):
        return found
    spaced = _are_spaced(found, broken)
    whole = found[:1]
    for is_broken, late in zip(broken, found[1:], strict=True):
        last = whole[-1]
        if is_broken and (spaced or last.words < _LONG_ENOUGH or not _may_part(last.text, late.text)):
            last.text = wrapped.joined(last.text, late.text)
            last.words += late.words
            last.below = late.below
        else:
            whole.append(late)
    return whole


def _are_spaced(found: Sequence[Line], broken: Sequence[bool]) -> bool:
    """Say whether blank lines stand between paragraphs; where none does, one may end with a full line."""
    return any(
        late.above and goes_on and early.text[-1] in ".!?"
        for (early, late), goes_on in zip(pairwise(found), broken[1:], strict=False)
    )


def _may_part(early: str, late: str) -> bool:
    return bool(_ending(early) & BIT["ends a sentence"]) and not late[0].islower()


_ITEM = re.compile(r"[•·▪*+] |\d{1,3}\. \S+$")  # what begins an item of a list, such as one of links


def _break(early: Line, late: Line) -> wrapped.Break | None:
    """Look at two lines that follow one another; None where the second surely begins something."""
    if late.above or early.end < wrapped.NARROWEST or late.end > wrapped.WIDEST:
        return None
    if late.start > early.start and early.text[0] not in _BULLETS:  # the first line of a paragraph stands in
        return None
    if _ITEM.match(late.text) or early.text == late.text:
        return None
    return wrapped.between(early.text, early.end, late.text)


# Where a text browser lists the links that it numbered, at the end.
_REFERENCES = re.compile(
    r"^ {0,8}(?:References|Visible links|Hidden links|Links):?[ \t]*\n\s{0,80}1\. \S", re.MULTILINE
)
_LINK_NUMBER = re.compile(r"\[\d{1,4}\](?=\S)|^\[[\w.%-]{1,80}\.(?:jpe?g|png|gif|webp|svg)\] ?")


def _drop_numbers(found: list[Line]) -> None:
    """Take away the numbers of links, and the names of pictures, that a text browser put into lines."""
    for line in found:
        if "[" in line.text:
            line.text = _LINK_NUMBER.sub("", line.text) or line.text
            line.words = _count(line.text)


_INNER = re.compile("[A-ZÀ-ÖØ-ÞА-ЯΑ-Ω](?<! .)")


def _joints(text: str) -> list[int]:
    """The places where a capital stands behind a small letter or a closing mark: a lost border."""
    found = map(re.Match.start, _INNER.finditer(text, 2, 400))
    return [place for place in found if _is_joint(text, place)]


def _is_joint(text: str, place: int) -> bool:
    before, last = text[place - 2], text[place - 1]
    if last.isalpha():
        return last.islower() and before.isalpha() and before.islower()
    if last in '”»"’' and before in '.!?”»"’':
        return True
    return last in "?!”»…" and before.isalpha() and text[place + 1 : place + 2].isalpha()


def _unglued(found: list[Line]) -> list[Line]:
    """Part the lines of a list whose labels, headlines and texts were glued: `SportClub winsThe club`."""
    if not _are_glued(found):
        return found
    parted: list[Line] = []
    for line in found:
        joints = _joints(line.text) if line.words >= 12 else []
        for start, end in zip([0, *joints], [*joints, len(line.text)], strict=True):
            text = line.text[start:end]
            parted.append(Line(line.number, text, _count(text), 0 if start else max(line.above, 1)))
        parted[-1].below = max(line.below, 1)
        parted[-1].long = parted[-1].words > _LONG  # the text, whatever it ends with
    return parted


def _are_glued(found: list[Line]) -> bool:
    long = [line for line in found if line.words >= 12]
    if len(long) < max(2, len(found) * 0.6):
        return False
    # Most pages are none of these, which the first of their lines tell.
    if not any(_joints(line.text) for line in long[:3]):
        return False
    return sum(1 <= len(_joints(line.text)) <= 4 for line in long) >= max(2, len(found) * 0.6)


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
    **dict.fromkeys(".!۔।。！։።။", BIT["ends a sentence"]),
    **dict.fromkeys(":：", BIT["ends with a colon"]),
    **dict.fromkeys("?؟？", BIT["ends with a question"]),
    "…": BIT["ends cut off"],
}


def _shape_short(line: Line) -> None:
    """Shape a short line as one that was written so was shaped before: an outlet's captures share many."""
    known = _known(line.text, line.words)
    line.bits, line.key, line.content = known.bits, known.key, known.content
    line.date, line.byline, line.agency = known.date, known.byline, known.agency
    line.credit, line.dateline = known.credit, known.dateline


@lru_cache(4096)
def _known(text: str, count: int) -> Line:
    line = Line(0, text, count, 0)
    line.bits = _shape(line)
    line.content = words.content(line.key)
    return line


def _shape(line: Line) -> int:
    text = line.text
    bits = _SIZE_BITS[min(line.words, 50)]
    line.long = line.long or (line.words > _LONG and (line.words >= _SURELY_LONG or _reads_on(text)))
    plain = text
    if text[0] in _BULLETS:
        plain = _unbulleted(text) or text
        if plain is not text:
            bits |= BIT["begins with a number"] if text[0].isdigit() else BIT["begins with a bullet"]
            if text[0] in "–—-":
                bits |= BIT["begins with a dash"]
    line.key = _folded(plain).strip(" .:…") or plain
    bits |= _ending(text)
    first = plain[0]
    if first in "\"'“‘«„":
        bits |= BIT["begins with a quote"]
    elif first.islower():
        bits |= BIT["begins in lower case"]
    if line.words > _LONG:
        bits |= _long_shape(line, plain)
        like_text = bits & (BIT["ends a sentence"] | BIT["has two sentences"] | BIT["ends cut off"])
        return bits | (BIT["reads like text"] if like_text and not bits & BIT["furniture beginning"] else 0)
    return bits | _short_shape(line, plain)


def _folded(text: str) -> str:
    """Give a line without case and quote style; to look for each mark is faster than to translate."""
    folded = text.casefold()
    if not folded.isascii():
        for mark, plain in _QUOTES:
            folded = folded.replace(mark, plain)
    return folded


def _reads_on(text: str) -> bool:
    """Say whether a line of middling length ends as texts do, or goes on after the end of a sentence."""
    return bool(_ending(text) or text[-1] in "\"”»’'" or _SENTENCE.search(text, 20))


def _ending(text: str) -> int:
    stripped = text.rstrip("\"'”’»“)]") or text
    if stripped.endswith(("...", "[…", "[...")):
        return BIT["ends cut off"]
    return _ENDS.get(stripped[-1], 0)


def _long_shape(line: Line, plain: str) -> int:
    bits = 0
    if _SENTENCE.search(plain, 20, 500):
        bits |= BIT["has two sentences"]
    bits |= _common_shape(line, plain)
    if not line.long and not bits & _CAPTION:
        bits |= _credit_shape(line, plain, pictured=False)
        if line.date:
            line.dateline, bits = None, bits & ~(BIT["dateline"] | BIT["dateline that dates or supplies"])
    return bits


def _common_shape(line: Line, plain: str) -> int:
    bits = 0
    line.dateline = dateline(plain)
    if line.dateline:
        bits |= BIT["dateline"]
        if line.dateline.agency or line.dateline.date:
            bits |= BIT["dateline that dates or supplies"]
    if line.words <= 120:
        line.credit = words.credit(plain)
        if line.credit:
            bits |= BIT["picture credit"]
        elif plain[-1] in ")）":
            bits |= BIT["ends in brackets"]
        if words.opens_caption(line.key) or words.closes_caption(plain):
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
    if "|" in plain or "»" in plain or plain.count("・") > 2 or _SEPARATED.search(plain):
        bits |= BIT["has separators"]
    bits |= BIT["words glued together"] if len(_joints(plain)) >= 2 else 0
    return bits | _case(plain) | _credit_shape(line, plain, bool(bits & BIT["photo words"]))


def _case(plain: str) -> int:
    """How a short line is written: in figures, capitals, title case, or as a web address."""
    bits = 0
    if not (plain[0].isalpha() or any(char.isalpha() for char in plain)):
        bits |= BIT["only figures"]
    elif plain.isupper():
        bits |= BIT["in capitals"]
    elif _is_title_case(plain):
        bits |= BIT["In Title Case"]
    if ("." in plain or "@" in plain) and _ADDRESS.search(plain):
        bits |= BIT["web address"]
    return bits


def _credit_shape(line: Line, plain: str, pictured: bool) -> int:
    """Who and when: dates, bylines and agencies on a line of their own."""
    bits = 0
    # The day of a picture dates no article.
    line.date = None if pictured else date_line(plain)
    if line.date and line.date.rest and words.labels_picture(plain):
        line.date = None
    if line.date:
        bits |= BIT["date line"] if line.date.dates else BIT["tells a time"]
        bits |= BIT["labelled date"] if line.date.labelled else 0
        bits |= BIT["relative time"] if line.date.relative else 0
        bits |= BIT["nothing but a date"] if not line.date.rest else 0
    line.agency = None if words.is_furniture(line.key) else words.agency_alone(plain)
    if line.agency:
        bits |= BIT["agency"]
    around = line.date.around if line.date and line.date.rest else plain
    line.byline = byline(around)
    if line.byline.labelled and plain[0] in _BRACKETS:  # what stands in brackets ends a text
        bits |= BIT["furniture beginning"] | BIT["writer's name"]
    elif line.byline.labelled and not (line.date and line.byline.names):  # its date tells of such a line
        bits |= BIT["byline"]
    elif line.byline.labelled or line.byline.whole:
        bits |= BIT["writer's name"]
    if _tells_who_posted(line.text):  # it looks like a byline, and is none of the article's
        line.date, line.byline = None, Byline()
    return bits


def _tells_who_posted(text: str) -> bool:
    """Say whether a line tells who wrote something that is quoted: `— Ana Ruiz (@ana) May 3, 2025`."""
    return text[0] in "–—―-" and "(@" in text


def _is_title_case(text: str) -> bool:
    found = [first for word in text.split() if (first := word[0]).isalpha()]
    capital = sum(map(str.isupper, found))
    return len(found) > 1 and capital >= len(found) * 0.7


_ENDED = (
    BIT["ends a sentence"] | BIT["ends with a question"] | BIT["furniture words"] | BIT["furniture beginning"]
)


def _mark_space(found: list[Line]) -> None:
    names = ("no blank", "one blank", "several blanks")
    above = tuple(BIT[f"{name} above"] for name in names)
    below = tuple(BIT[f"{name} below"] for name in names)
    for line in found:
        line.bits |= above[min(line.above, 2)] | below[min(line.below, 2)]
    if found:
        found[0].bits |= BIT["first line"]
        found[-1].bits |= BIT["last line"]
        if len(found) > 1 and found[-2].long and not found[-1].bits & _ENDED:
            found[-1].bits |= BIT["cut off at the end of the page"]
            found[-1].long |= found[-1].words > _LONG  # a capture may end in the midst of a sentence


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
                found[before].bits |= BIT["same as the line below"]
                if not line.above:
                    line.bits |= BIT["printed twice at once"]
                    found[before].bits |= BIT["printed twice at once"]
        last[line.key] = place


_FURNITURE = BIT["furniture words"] | BIT["furniture beginning"] | BIT["opens other articles"]
_DATE = BIT["date line"]
_BYLINE = BIT["byline"] | BIT["writer's name"] | BIT["agency"]
_CAPTION = BIT["photo words"] | BIT["picture credit"]
_NOTABLE = _DATE | _BYLINE | _FURNITURE | _CAPTION


def _mark_neighbours(found: list[Line]) -> None:
    """Say of each line what stands directly above and below it."""
    last = len(found) - 1
    seen = [line.bits for line in found]
    for place, line in enumerate(found):
        bits = 0
        if place:
            if seen[place - 1] & _NOTABLE:
                bits |= _beside(seen[place - 1], "below")
            if found[place - 1].long:
                bits |= BIT["below a long line"]
        if place < last:
            if seen[place + 1] & _NOTABLE:
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


_NEAR = 9  # lines; a text further below is seldom a headline's
_SMALL_PAGE = 40  # lines; what is longer has room for other things than articles
_FAR = 30  # lines; a text further below never is
_ON_TOPIC, _OFF_TOPIC = BIT["text on the topic above"], BIT["text off the topic above"]
_WINDOW = 6  # long lines above and below whose words are compared


def _mark_topics(found: list[Line]) -> None:
    """Compare the short lines between two texts with the text above and below, and with one another."""
    longs = [place for place, line in enumerate(found) if line.long]
    told = [_content(found[place]) for place in longs]
    for number in range(len(longs) + 1):
        start = longs[number - 1] + 1 if number else 0
        end = longs[number] if number < len(longs) else len(found)
        if 0 < number < len(longs):
            off = told[number].isdisjoint(told[number - 1]) and told[number].isdisjoint(
                told[max(0, number - 2)]
            )
            found[longs[number]].bits |= _OFF_TOPIC if off else _ON_TOPIC
        if start < end and number < len(longs):
            above = [found[place] for place in longs[max(0, number - _WINDOW) : number]]
            below = [found[place] for place in longs[number : number + _WINDOW]]
            start = max(start, end - _FAR)
            _mark_between(found[start:end], above, below)
            _mark_amount(found[start:end], longs[number:], start)


def _mark_between(block: list[Line], above: list[Line], below: list[Line]) -> None:
    """Mark the short lines of a block that stands between two texts."""
    after = _content(below[0]) | _content(below[min(1, len(below) - 1)])
    before = _content(above[-1]) | _content(above[max(0, len(above) - 2)]) if above else frozenset()
    turn = (_turn(above, below) | _languages_turn(above, below)) if above else 0
    other = turn & BIT["the language changes"]
    counts = [len(_content(line) & after) for line in block]
    lengths = [0 if line.bits & _FURNITURE else line.words for line in block]
    most, longest, widest = max(counts), max(lengths), max(line.above for line in block)
    for place, line in enumerate(block):
        bits = _distance_bit(len(block) - place)
        if line.words >= 2:
            bits |= turn | _shared(line, counts[place], before if above else None)
            if other:
                bits |= _alike(line, above[-1], below[0])
        if most and counts[place] == most:
            bits |= BIT["shares most words below"]
        if lengths[place] == longest:
            bits |= BIT["the longest between two texts"]
        if line.above > 1 and line.above == widest:
            bits |= BIT["the widest space between two texts above"]
        line.bits |= bits
    if len(block) == 1:
        block[0].bits |= BIT["the only one between two texts"]
    else:
        block[0].bits |= BIT["the first between two texts"]
        block[-1].bits |= BIT["the last between two texts"]


def _mark_amount(block: list[Line], longs: list[int], start: int) -> None:
    """Say how much of what stands below is text."""
    end = start + len(block)
    near = sum(place < end + 10 for place in longs[:8])
    bits = BIT["much text below"] if near >= 5 else BIT["little text below"] if near <= 1 else 0
    if bits:
        for line in block:
            line.bits |= bits


def _mark_titles(found: list[Line]) -> None:
    """Mark a line that is printed again before the text below it, as titles are, and its repeat."""
    last: dict[str, int] = {}
    for place, line in enumerate(found):
        if line.long:
            last.clear()
            continue
        if line.words >= 4 and not line.bits & _FURNITURE:
            line.bits |= BIT["a long title"] if line.words >= 6 else 0
            if line.key in last and any(one.long for one in found[place + 1 : place + 9]):
                found[last[line.key]].bits |= BIT["its repeat stands above a text"]
                line.bits |= BIT["a repeat above a text"]
            else:
                last.setdefault(line.key, place)


def _mark_together(found: list[Line]) -> None:
    """Mark what only several features together tell."""
    usual = Counter(line.above for line in found[1:]).most_common(1)[0][0] if len(found) > 1 else 0
    opened, texts, small = 0, 0, len(found) <= _SMALL_PAGE
    repeats = any(line.bits & _REPEATS for line in found)
    for place, line in enumerate(found):
        bits = line.bits
        texts += line.long
        if small and bits & (BIT["reads like text"] | BIT["a long line follows at once"]):
            is_text = bits & BIT["reads like text"]
            bits |= BIT["text on a small page" if is_text else "short line above a text on a small page"]
        if line.above > usual:
            bits |= BIT["more blanks above than usual"]
        if line.above and line.below:
            bits |= BIT["stands alone"]
        elif line.above:
            bits |= BIT["blank above only"]
        elif line.below:
            bits |= BIT["blank below only"]
        bits |= _beside_repeats(found, place) if repeats else 0
        opened = 12 if texts and bits & BIT["opens other articles"] else opened - (4 if line.long else 1)
        if opened > 0 and not bits & BIT["opens other articles"]:
            bits |= BIT["in an opened list"]
        if bits & (BIT["a long line follows soon"] | BIT["a long line follows late"]):
            bits |= _soon_below(found, place)
            bits |= _compound(found, place, bits)
        line.bits = bits


_REPEATS = BIT["on the page three times"] | BIT["among short lines"] | BIT["begins with a bullet"]
_HEAD_MATTER = (
    BIT["date or byline soon below"]
    | BIT["dateline soon below"]
    | BIT["caption soon below"]
    | BIT["comes again soon"]
)
_COMPOUND_BITS = tuple(BIT[name] for name in _COMPOUND)
_BYLINES = BIT["byline"] | BIT["writer's name"] | BIT["date line"]


def _mark_pattern(found: list[Line]) -> None:
    """Mark short lines whose surroundings come again and again, as those of each headline in a list do."""
    kinds = [_kind(line) for line in found]
    places: dict[Pattern, list[int]] = {}
    for place in range(len(found) - 1):
        line = found[place]
        if kinds[place] == "short":
            before = kinds[place - 1] if place else "top"
            line.pattern = (before, min(line.above, 2), min(line.below, 2), kinds[place + 1])
            places.setdefault(line.pattern, []).append(place)
    for same in places.values():
        if len(same) >= 3:
            soon = (same[-1] - same[0]) / (len(same) - 1) <= 6
            bits = BIT["its surroundings come again"] | (
                BIT["its surroundings come again soon"] if soon else 0
            )
            for place in same:
                found[place].bits |= bits


def _kind(line: Line) -> str:
    if line.bits & BIT["on the page three times"]:
        return "repeated"
    if line.bits & _DATE:
        return "date"
    if line.long:
        return "long"
    if line.bits & _CAPTION:
        return "caption"
    return "furniture" if line.bits & _FURNITURE else "short"


def _beside_repeats(found: list[Line], place: int) -> int:
    """A line that is printed again and again divides what stands around it."""
    bits = 0
    if line_begins_with_bullet := found[place].bits & BIT["begins with a bullet"]:
        near = found[max(place - 1, 0) : place + 2]
        bits |= (
            BIT["in a list of bullets"]
            if sum(bool(one.bits & line_begins_with_bullet) for one in near) > 1
            else 0
        )
    if place:
        above = found[place - 1].bits
        bits |= BIT["below a line printed three times"] if _divides(above) else 0
        bits |= BIT["a menu above"] if above & BIT["among short lines"] else 0
    if place + 1 < len(found) and _divides(found[place + 1].bits):
        bits |= BIT["above a line printed three times"]
    return bits


def _divides(bits: int) -> bool:
    """Say whether a line is printed three times and is no date or name, which several articles may share."""
    return bool(bits & BIT["on the page three times"]) and not bits & _BYLINES


def _compound(found: list[Line], place: int, bits: int) -> int:
    """Put together where a short line stands, how the topic turns there, and what marks a beginning."""
    if bits & BIT["the language changes"]:
        mark = 0
    elif bits & BIT["several blanks above"]:
        mark = 1
    else:
        mark = 2 if bits & _HEAD_MATTER else 3
    turn = 0 if bits & BIT["the topic stays"] else 1 if bits & BIT["the topic changes"] else 2
    if not bits & (BIT["shares words above"] | BIT["shares no words above"]):
        where = 3
    elif place and found[place - 1].long:
        where = 0 if place > 1 and found[place - 2].long else 1
    else:
        where = 2
    return _COMPOUND_BITS[(where * 3 + turn) * 4 + mark]


def _soon_below(found: list[Line], place: int) -> int:
    """What stands between a line and the next long text."""
    bits = 0
    for line in found[place + 1 : place + 14]:
        if line.bits & _CAPTION:
            bits |= BIT["caption soon below"]
        elif line.long:
            return bits | (BIT["dateline soon below"] if line.bits & BIT["dateline"] else 0)
        if line.bits & _BYLINES:
            bits |= BIT["date or byline soon below"]
    return bits


def _distance_bit(count: int) -> int:
    if count <= _NEAR:
        return BIT["a long line follows soon"] | (BIT["a long line follows at once"] if count <= 3 else 0)
    return BIT["a long line follows late"]


def _shared(line: Line, count: int, before: frozenset[str] | None) -> int:
    """Say how many of its words a short line shares with the text below, and whether with that above."""
    own = _content(line)
    bits = BIT["shares no words below"] if not count else BIT["shares words below"]
    if count > 2 or (count == 2 and len(own) < 7):
        bits |= BIT["shares many words below"]
    if before is None:
        return bits
    above = len(own & before)
    if above > count:
        bits |= BIT["shares more words above than below"]
    return bits | (BIT["shares words above"] if above else BIT["shares no words above"])


def _turn(above: list[Line], below: list[Line]) -> int:
    """Say whether the names above come again below."""
    before = frozenset().union(*map(line_names, above))
    after = frozenset().union(*map(line_names, below))
    fewer, common = min(len(before), len(after)), len(before & after)
    if common >= max(4, fewer * 0.1) or (common and common >= fewer * 0.2):
        return BIT["the topic stays"]
    return BIT["the topic changes"] if not common or common <= fewer * 0.05 else 0


def line_names(line: Line) -> frozenset[str]:
    """The words of a line that look like names."""
    if line.names is None:
        line.names = words.names(line.text)
    return line.names


def _content(line: Line) -> frozenset[str]:
    if line.content is None:
        line.content = words.content(line.key)
    return line.content


def _languages_turn(above: list[Line], below: list[Line]) -> int:
    """Texts of one language share their small words; those of two languages hardly any."""
    before = frozenset().union(*map(_small, above[-3:]))
    after = frozenset().union(*map(_small, below[:3]))
    fewer = min(len(before), len(after))
    if _script(above[-1]) != _script(below[0]) or (fewer >= 6 and len(before & after) <= fewer * 0.2):
        return BIT["the language changes"]
    return 0


def _alike(line: Line, above: Line, below: Line) -> int:
    """Where the language changes, say which of the two a short line is in."""
    script = _script(line)
    after, before = script == _script(below), script == _script(above)
    if after == before:
        own = _small(line)
        after, before = bool(own & _small(below)), bool(own & _small(above))
    if after == before:
        return 0
    return BIT["written like the text below alone" if after else "written like the text above alone"]


def _small(line: Line) -> frozenset[str]:
    if line.small is None:
        line.small = words.small(line.key)
    return line.small


def _script(line: Line) -> int:
    if line.script is None:
        line.script = words.script(line.text)
    return line.script
