"""Describe the lines of a text capture by the names of features, for the model of their roles.

A line is described by its own look, by the lines around it, by the text above and below that it shares words
with, and by the page: which patterns recur there, how its texts begin and end, on which side its dates stand.
Names are short, for each line has about a hundred; `meaning` tells what one of them says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, pairwise

from msgspec import Struct

from feeds.extract.text.observed import Seen
from feeds.extract.text.printed import Line

_SIZES = (1, 3, 5, 8, 12, 17, 25, 40, 70)  # words
_ENDS = {**dict.fromkeys(".!۔।。！", "."), **dict.fromkeys("?؟？", "?"), **dict.fromkeys(":：", ":")}
_MARKS = "…,|>»"
_CLOSING = "\"'”’»“)]」』 "
_SENTENCE = re.compile(r"[.!?۔।。！？؟։።][\"'”’»“)\]]*\s*(?=\S)")
_CLOCK = re.compile(r"\S{0,3}\d{1,2}[.:h]\d\d")
_LABEL = re.compile(r"([^:：]{2,20})[:：]")
_WORD = re.compile(r"\w+")
_LETTER, _DIGIT, _RUN = re.compile(r"[^\W\d_]"), re.compile(r"\d"), re.compile(r"(.)\1+")
_NEAR = 6  # lines in which a line is looked for that begins as it does
_PREFIX = 12  # characters; what is shorter begins many lines
_BEFORE = 6  # texts above whose names are compared
_OTHERS = 30  # texts that one text is compared with


class _Look(Struct):
    """One line with what its features are made of."""

    words: int
    above: int
    size: str
    end: str
    begin: str
    sentences: int
    long: bool
    kind: str = ""
    repeat: str = ""
    prefix: str = ""
    date: str = ""
    byline: str = ""
    dateline: str = ""


def features(lines: Sequence[Line], seen: Sequence[Seen]) -> list[list[str]]:
    """Return the names of the features of each line, in their order.

    `seen` says what each of the lines says by itself. The names of one line are no set: their order is that
    in which they were found, and none is found twice.
    """
    page = _Page(lines, seen)
    return [list(page.describe(place)) for place in range(len(lines))]


def _level(value: float, limits: Sequence[float]) -> int:
    return sum(value > limit for limit in limits)


def _share(own: frozenset[str], other: frozenset[str]) -> float | None:
    return len(own & other) / min(len(own), len(other)) if own and other else None


def _ending(text: str) -> str:
    bare = text.rstrip(_CLOSING) or text
    if bare.endswith(("...", "[…")):
        return "…"
    last = bare[-1]
    return _ENDS.get(last) or (
        last if last in _MARKS else "d" if last.isdigit() else "a" if last.isalpha() else "o"
    )


def _beginning(text: str) -> str:
    first = text[0]
    for marks, name in (("•·▪◦●■►▶*»›", "•"), ("–—-", "-"), ("\"'“‘«„「『", '"'), ("([【（<", "(")):
        if first in marks:
            return name
    if first.isdigit():
        return "1"
    return "A" if first.isupper() else "a" if first.islower() else "x" if first.isalpha() else "o"


def _last_mark(text: str) -> str:
    """Return how a text ends, closing marks included: lists cut each of their texts in the same way."""
    if text.endswith(("...", "…")):
        return "…"
    last = text[-1]
    if last in ")]】）":
        return ")…" if ".." in text[-7:] or "…" in text[-4:] else ")"
    if last in "\"”»’'」":
        return '"'
    return "9" if last.isdigit() else "a" if last.isalpha() else last


def _look(line: Line, seen: Seen) -> _Look:
    end = _ending(line.text)
    sentences = min(3, len(_SENTENCE.findall(seen.plain[:600])))
    long = (
        line.words > 25
        or (line.words > 12 and end in ".…?")
        or (line.words > 8 and sentences > 0 and end in ".…")
    )
    look = _Look(
        line.words,
        line.above,
        str(next((size for size in _SIZES if line.words <= size), 99)),
        end,
        _beginning(line.text),
        sentences,
        long,
    )
    if seen.date:
        dated, relative = bool(seen.date.dates), seen.date.relative
        look.date = ("L" if seen.date.labelled else "") + ("D" if dated else "R" if relative else "T")
        look.date += "+" if seen.date.rest else ""
    by = seen.byline
    look.byline = "L" if by.labelled else "S" if by.sure else "P" if by.placed else "W" if by.whole else ""
    if seen.dateline:
        place, date, agency = seen.dateline.place, seen.dateline.date, seen.dateline.agency
        look.dateline = ("p" if place else "") + ("d" if date else "") + ("a" if agency else "")
    look.kind = _kind(look, seen)
    return look


def _kind(look: _Look, seen: Seen) -> str:
    """Return one letter for what a line is at first sight; the patterns of a page are made of these."""
    if look.long:
        return "L"
    if look.date:
        return "d" if look.date.endswith("+") else "D"
    if seen.furniture or seen.begins or seen.opens:
        return "J"
    if seen.credit or seen.captioned:
        return "C"
    if look.byline in ("L", "S", "P"):
        return "Y"
    if seen.agency:
        return "A"
    if look.byline:
        return "w"
    if not any(map(str.isalpha, seen.plain)):
        return "n"
    return "s" if look.words <= 3 else "h"


_SHORT = "hsw"  # kinds that may be headlines


class _Block(Struct, frozen=True):
    """The short lines between two texts."""

    lines: int
    widest: int  # blank lines above one of them, at most
    short: dict[int, int]  # the places of those that may be headlines, each with its number
    most: int  # words of one of these


class _Page:
    """The lines of one page, and what is true of it as a whole."""

    def __init__(self, lines: Sequence[Line], seen: Sequence[Seen]) -> None:
        self.lines, self.seen = lines, seen
        self.looks = [_look(line, one) for line, one in zip(lines, seen, strict=True)]
        self.kinds = "".join(look.kind for look in self.looks)
        self.texts = [place for place, look in enumerate(self.looks) if look.long]
        self.order = {place: number for number, place in enumerate(self.texts)}
        self.last = len(lines) - 1
        self._blocks: dict[int | None, _Block] = {}
        self._find_neighbours()
        self._mark_repeats()
        self._mark_prefixes()
        self._find_gaps()
        self._find_rhythm()
        self._find_sides()
        self._find_texts()

    def _find_neighbours(self) -> None:
        """Find the texts above and below each line."""
        over: list[int | None] = []
        under: list[int | None] = []
        for found, places in ((over, range(self.last + 1)), (under, range(self.last, -1, -1))):
            last: int | None = None
            for place in places:
                found.append(last)
                last = place if self.looks[place].long else last
        self.beside = list(zip(over, reversed(under), strict=True))

    def _mark_repeats(self) -> None:
        self.counts = Counter(one.key for one in self.seen)
        before: dict[str, int] = {}
        for place, (one, look) in enumerate(zip(self.seen, self.looks, strict=True)):
            if self.counts[one.key] > 1:
                apart = place - before.get(one.key, place)
                where = "f" if not apart else "c1" if apart == 1 else "cn" if apart < 14 else "cf"
                look.repeat = ("3" if self.counts[one.key] > 2 else "2") + where
                before[one.key] = place

    def _mark_prefixes(self) -> None:
        """Mark a line that another one near goes on from, or that goes on from another one."""
        for place, (one, look) in enumerate(zip(self.seen, self.looks, strict=True)):
            if len(one.key) < _PREFIX:
                continue
            for other in range(max(0, place - _NEAR), min(self.last + 1, place + _NEAR + 1)):
                key = self.seen[other].key
                if key == one.key or len(key) < _PREFIX:
                    continue
                side = "b" if other < place else "a"
                if key.startswith(one.key):
                    look.prefix = "in" + side
                elif one.key.startswith(key):
                    look.prefix = "has" + side

    def _find_gaps(self) -> None:
        """Find how many blank lines are usual, between two texts and between a text and a line below it."""
        gaps = Counter(look.above for look in self.looks[1:])
        self.usual = gaps.most_common(1)[0][0] if gaps else 0
        beside: dict[bool, list[int]] = {True: [], False: []}
        for above, below in pairwise(self.looks):
            if above.long:
                beside[below.long].append(below.above)
        self.gaps = {long: sorted(found)[len(found) // 2] if found else -1 for long, found in beside.items()}

    def _find_rhythm(self) -> None:
        """Find how many texts follow one another, and which patterns of kinds recur."""
        runs: list[int] = []
        for number, place in enumerate(self.texts):
            if number and self.texts[number - 1] == place - 1:
                runs[-1] += 1
            else:
                runs.append(1)
        count = len(self.texts)
        self.alone = sum(run == 1 for run in runs) / len(runs) if runs else 0.0
        self.longest = max(runs, default=0)
        self.patterns = Counter(self.around(place, 1) for place in range(self.last + 1))
        cut = sum(self.looks[place].end == "…" for place in self.texts) / count if count else 0.0
        dates = sum(kind in "Dd" for kind in self.kinds)
        self.facts = (
            f"nl{_level(count, (0, 1, 2, 3, 5, 8, 12))}",
            f"N{_level(len(self.lines), (1, 2, 4, 7, 12, 20, 40))}",
            f"sg{_level(self.alone, (0.2, 0.5, 0.8, 0.99))}{_level(count, (1, 3, 6))}",
            f"mr{_level(self.longest, (1, 2, 3, 5, 8))}",
            f"cut{_level(cut, (0, 0.3, 0.6, 0.9))}",
            f"D{_level(dates, (0, 1, 2, 4))}",
        )

    def _find_sides(self) -> None:
        """Find on which side of the texts dates stand: the first and the last unit of a page tell."""
        dates = [place for place, kind in enumerate(self.kinds) if kind in "Dd"]
        self.side = "0"
        if dates:
            above = any(kind in "hs" for kind in self.kinds[: dates[0]])
            below = [self.kinds[place + 1] for place in dates if place < self.last]
            all_long = all(kind == "L" for kind in below)
            all_short = all(kind in _SHORT for kind in below)
            self.side = ("H" if above else "T") + ("L" if all_long else "h" if all_short else "m")

    def _find_texts(self) -> None:
        """Find what the texts of the page have in common: ends, beginnings, names, words, lengths."""
        texts, count = self.texts, len(self.texts)
        self.rare = Counter(word for place in texts for word in self.seen[place].content)
        self.last_marks = {place: _last_mark(self.lines[place].text) for place in texts}
        self.openings = {place: self._opening(place) for place in texts}
        self.marks = Counter(self.last_marks[place] for place in texts if place != self.last)
        self.heads = Counter(self.openings.values())
        self.text_facts: tuple[str, ...] = ()
        if not count:
            return
        pairs = list(combinations(texts[:_OTHERS], 2))
        following = list(pairwise(texts))
        sizes = [self.lines[place].words for place in texts]
        mean = sum(sizes) / count
        spread = (sum((size - mean) ** 2 for size in sizes) / count) ** 0.5 / mean if count > 1 else -1
        adjacent = [_share(self.seen[a].content, self.seen[b].content) or 0.0 for a, b in following]
        self.mean = mean
        self.shared = _mean([not self.seen[a].names.isdisjoint(self.seen[b].names) for a, b in pairs])
        self.near = _mean(adjacent)
        named = _mean([not self.seen[a].names.isdisjoint(self.seen[b].names) for a, b in following])
        cut = (self.marks["…"] + self.marks[")…"]) / (count - 1) if count > 1 else -1
        listed = sum(self.heads[name] for name in ("•", "-", "1", "1h")) / count
        lined = sum(size for name, size in self.heads.items() if name.startswith("dl")) / count
        self.direct = sum(below == above + 1 for above, below in following) / max(1, count - 1)
        headed = sum(self.kinds[place] in "hw" and self.looks[place + 1].long for place in range(self.last))
        top = self.kinds[: texts[0]]
        self.top = "h" if "h" in top else "s" if "s" in top or "w" in top else "0"
        many = _level(count, (1, 2, 4, 7))
        self.text_facts = (
            f"sh{_level(self.shared, (-0.5, 0.05, 0.2, 0.4, 0.6, 0.8))}",
            f"adj{_level(self.near, (-0.5, 0.02, 0.05, 0.1, 0.15, 0.2))}",
            f"nma{_level(named, (-0.5, 0.1, 0.3, 0.5, 0.7, 0.9))}",
            f"lc{_level(cut, (-0.5, 0.1, 0.4, 0.8))}",
            f"dir{_level(self.direct, (0.1, 0.4, 0.7, 0.95))}",
            f"nT{_level(headed / count, (0.05, 0.3, 0.6, 0.9))}",
            f"1T{self.top}",
            f"1Tn{self.top}{many}",
            f"bul{_level(listed, (0.1, 0.5, 0.9))}",
            f"dl{_level(lined, (0.1, 0.4, 0.7))}",
            f"cv{_level(spread, (-0.5, 0.2, 0.4, 0.6, 0.9))}",
            f"m{_level(mean, (15, 25, 40, 70))}",
        )
        self.many = many
        self._find_names()

    def _find_names(self) -> None:
        """Find which share of the names of each text stood in one above, and what its words weigh."""
        self.old: dict[int, float] = {}
        above: set[str] = set()
        small: set[str] = set()
        for place in self.texts:
            names = self.seen[place].names
            self.old[place] = len(names & above) / len(names) if names else -1
            above |= names
            small |= self.seen[place].small
        self.small = small
        self.weights = {
            place: sum(1 / self.rare[word] for word in self.seen[place].content) for place in self.texts
        }

    def _opening(self, place: int) -> str:
        look = self.looks[place]
        if look.dateline:
            return "dl" + look.dateline
        if look.begin in "•-1(":
            return look.begin + ("h" if _CLOCK.match(self.lines[place].text) else "")
        return look.begin if look.begin == '"' else "A"

    def kind(self, place: int) -> str:
        """Return the kind of a line, or a mark for what lies beyond the page."""
        return "^" if place < 0 else "$" if place > self.last else self.kinds[place]

    def around(self, place: int, reach: int) -> str:
        """Return the kinds of a line and of so many lines on each side."""
        return "".join(map(self.kind, range(place - reach, place + reach + 1)))

    def describe(self, place: int) -> Iterator[str]:
        """Return the names of the features of one line."""
        yield from self._own(place)
        yield from self._beside(place)
        yield from self._placed(place)
        yield from self._compared(place)
        yield from self._patterned(place)
        yield from self._worded(place)
        if self.looks[place].long:
            yield from self._as_text(place)

    def _own(self, place: int) -> Iterator[str]:
        """Return how a line looks by itself, and how much space is around it."""
        look, seen = self.looks[place], self.seen[place]
        kind = look.kind
        above = min(look.above, 3)
        below = min(self.looks[place + 1].above, 3) if place < self.last else 9
        against = "0" if look.above == self.usual else "+" if look.above > self.usual else "-"
        named = bool(seen.byline.names)
        yield from (
            f"len={look.size}",
            f"end={look.end}",
            f"beg={look.begin}",
            f"sents={look.sentences}",
            f"kind={kind}",
            f"by={look.byline}{named:d}",
            f"le={look.size}{look.end}",
            f"leb={look.size}{look.end}{look.begin}",
            f"kg={kind}{above}{below}",
            f"lg={look.size}{above}{below}",
            f"ab={above}",
            f"be={below}",
            f"rel={against}{kind}",
            f"ke={kind}{look.end}",
        )
        for name, value in (
            ("date", look.date),
            ("dl", look.dateline),
            ("rep", look.repeat),
            ("pre", look.prefix),
        ):
            if value:
                yield f"{name}={value}"
        yield from (name for name, holds in self._flags(place) if holds)

    def _flags(self, place: int) -> Iterator[tuple[str, bool]]:
        look, seen = self.looks[place], self.seen[place]
        firsts = [word[0] for word in seen.plain.split()[:40] if word[0].isalpha()]
        yield "caps", seen.plain.isupper()
        yield "title", len(firsts) > 1 and sum(map(str.isupper, firsts)) >= 0.7 * len(firsts)
        yield "nol", look.kind == "n" or not any(map(str.isalpha, seen.plain))
        yield "furn", seen.furniture
        yield "fst", seen.begins
        yield "opens", seen.opens
        yield "cred", seen.credit is not None
        yield "photo", seen.captioned
        yield "ag", seen.agency is not None
        yield "long", look.long
        yield "cb", seen.credited
        yield "hd", seen.dated
        yield "ck", seen.timed

    def _beside(self, place: int) -> Iterator[str]:
        """Return the looks of the lines around a line."""
        kind = self.kinds[place]
        for step in (-3, -2, -1, 1, 2, 3):
            other = place + step
            yield f"{step}k={self.kind(other)}"
            if not 0 <= other <= self.last or abs(step) == 3:
                continue
            look = self.looks[other]
            yield f"{step}l={look.size}"
            yield f"{step}e={look.end}"
            yield f"{step}{kind}={look.kind}{look.end}"
            if look.date:
                yield f"{step}d={look.date}"
            if look.dateline:
                yield f"{step}dl={look.dateline}"
            if look.repeat:
                yield f"{step}rep={look.repeat}"
        above, below = min(self.looks[place].above, 3), self._below(place)
        yield f"t3={self.around(place, 1)}"
        yield f"t3b={kind}{self.kind(place + 1)}{self.kind(place + 2)}"
        yield f"t3a={self.kind(place - 2)}{self.kind(place - 1)}{kind}"
        yield f"t5={self.around(place, 2)}"
        yield f"t3g={self.kind(place - 1)}{above}{kind}{below}{self.kind(place + 1)}"

    def _below(self, place: int) -> int:
        return min(self.looks[place + 1].above, 3) if place < self.last else 9

    def _placed(self, place: int) -> Iterator[str]:
        """Return where a line stands on the page, and among the short lines between two texts."""
        look, kind = self.looks[place], self.kinds[place]
        over, under = self.beside[place]
        before = self.order[place] if look.long else self.order[over] + 1 if over is not None else 0
        after = len(self.texts) - before - look.long
        if place == 0:
            yield "first"
        if place == self.last:
            yield from ("last", f"last{look.end}{look.long:d}")
        yield f"pos={_level(place, (0, 1, 2, 4, 8, 16))}"
        yield f"lb={_level(before, (0, 1, 2, 4))}"
        yield f"la={_level(after, (0, 1, 2, 4))}"
        yield f"k_lb={kind}{_level(before, (0, 1, 2))}{_level(after, (0, 1, 2))}"
        yield f"nx={min(under - place, 5) if under is not None else 'n'}{kind}"
        yield f"pv={min(place - over, 5) if over is not None else 'n'}{kind}"
        if not look.long:
            yield from self._in_block(place, over, under)

    def _in_block(self, place: int, over: int | None, under: int | None) -> Iterator[str]:
        """Return how a short line stands among those between two texts: first, last, longest, most apart."""
        block, look = self._block(over, under), self.looks[place]
        if look.kind in _SHORT:
            number, count = block.short[place], len(block.short)
            yield f"blk={'' if number else 'f'}{'l' if number + 1 == count else ''}{min(count, 4)}"
            if look.words == block.most:
                yield f"blkmax{min(count, 3)}"
        yield f"blkn={min(block.lines, 5)}{look.kind}"
        if look.above and look.above == block.widest:
            yield f"blkwid{min(block.widest, 3)}"

    def _block(self, over: int | None, under: int | None) -> _Block:
        """Return the lines between two texts, found once for all of them."""
        if over not in self._blocks:
            start = over + 1 if over is not None else 0
            places = range(start, under if under is not None else self.last + 1)
            short = [place for place in places if self.kinds[place] in _SHORT]
            self._blocks[over] = _Block(
                len(places),
                max((self.looks[place].above for place in places), default=0),
                {place: number for number, place in enumerate(short)},
                max((self.looks[place].words for place in short), default=0),
            )
        return self._blocks[over]

    def _compared(self, place: int) -> Iterator[str]:
        """Return how many words a line shares with the texts above and below it."""
        look, seen = self.looks[place], self.seen[place]
        if look.long:
            return
        size = "h" if look.words > 3 else "s"
        for name, other in zip(("ovp", "ovn"), self.beside[place], strict=True):
            share = _share(seen.content, self.seen[other].content) if other is not None else None
            if share is not None:
                yield f"{name}={_level(share, (0, 0.15, 0.3, 0.5))}{size}"

    def _patterned(self, place: int) -> Iterator[str]:
        """Return what is true of the page, each with the kind of the line, and whether its pattern recurs."""
        look, kind = self.looks[place], self.kinds[place]
        before, after = self.kind(place - 1), self.kind(place + 1)
        yield from (f"{fact}&{kind}" for fact in self.facts)
        yield f"pgs={self.side}{kind}"
        yield f"pgs={self.side}{before}{kind}{after}"
        gap = self.gaps[look.long]
        yield f"gg={kind}{before}{'0' if look.above <= gap else '+'}{min(self.gaps[True], 2)}"
        rhythm = f"{_level(self.alone, (0.3, 0.7, 0.99))}{_level(self.longest, (1, 2, 4))}"
        yield f"run={kind}{before}{after}|{rhythm}{_level(len(self.texts), (1, 3))}"
        yield f"tri={min(self.patterns[self.around(place, 1)], 4)}{before}{kind}{after}"
        if not look.long:
            yield from (f"{fact}{kind}" for fact in self.text_facts[:8])

    def _worded(self, place: int) -> Iterator[str]:
        """Return the words at the ends of a line, a label before a colon, and the shapes of its first
        characters.
        """
        seen = self.seen[place]
        found = seen.key.split()
        if len(found) <= 4:
            yield "K=" + seen.key[:40]
        if found:
            yield "w1=" + found[0][:12]
            yield "wl=" + found[-1][-12:]
        if len(found) > 1:
            yield "w12=" + " ".join(found[:2])[:20]
        if label := _LABEL.match(seen.key):
            yield "lab=" + label[1]
        start = _DIGIT.sub("9", _LETTER.sub("a", self.lines[place].text[:30].replace(" ", "_")))
        yield "shape=" + _RUN.sub(r"\1", start)[:16]

    def _as_text(self, place: int) -> Iterator[str]:
        """Return how a text compares with the other texts of the page."""
        number, mark = self.order[place], self.last_marks[place]
        count = len(self.texts)
        yield from self.text_facts
        direct = _level(self.direct, (0.4, 0.95))
        yield f"D2:{_level(self.shared, (-0.5, 0.1, 0.3, 0.6))}{direct}{self.top}"
        yield f"D3:{_level(self.near, (-0.5, 0.04, 0.1, 0.17))}{direct}{self.top}"
        opening = self.openings[place]
        yield f"ec={mark}"
        yield f"hc={opening}"
        shown = mark if mark in "…)" else "x"
        yield f"ecf={shown}{_level(self.marks[mark] / count, (0.3, 0.6, 0.9))}{self.many}"
        yield f"hcf={opening}{_level(self.heads[opening] / count, (0.3, 0.6, 0.9))}{self.many}"
        if number:
            yield from self._after(place, self.texts[number - 1], number)
        if number + 1 < count:
            below = _share(self.seen[place].content, self.seen[self.texts[number + 1]].content)
            if below is not None:
                yield f"ovaL={_level(below, (0, 0.05, 0.1, 0.2, 0.35))}"

    def _after(self, place: int, over: int, number: int) -> Iterator[str]:
        """Return how a text compares with the one above it, and with all that stand above."""
        own, other = self.seen[place], self.seen[over]
        text, text_over = self.lines[place].text, self.lines[over].text
        share = _share(own.content, other.content)
        if share is not None:
            yield f"ovpL={_level(share, (0, 0.05, 0.1, 0.2, 0.35))}"
            rhythm = f"{_level(self.alone, (0.5, 0.9))}{_level(self.longest, (1, 3))}"
            yield f"ovpL|sg={_level(share, (0, 0.05, 0.1, 0.2))}|{rhythm}"
            names = _share(own.names, other.names)
            yield f"nmpL={'n' if names is None else _level(names, (0, 0.1, 0.25, 0.5))}"
        yield f"lr={_level(len(text.split()) / max(1, len(text_over.split())), (0.4, 0.8, 1.3, 2.5))}"
        yield f"sc={own.script == other.script:d}"
        yield from self._marked_after(place, over)
        yield from self._on_topic(place, over, number)

    def _marked_after(self, place: int, over: int) -> Iterator[str]:
        """Return how the ends of two texts compare, and what stands between them."""
        mark, opening = self.last_marks[over], self.openings[over]
        text, text_over = self.lines[place].text, self.lines[over].text
        yield f"pec={mark}{_level(self.marks[mark] / len(self.texts), (0.4, 0.8))}"
        yield f"phc={opening}>{self.openings[place]}"
        yield f"pec>={mark}>{self.last_marks[place]}"
        first, first_over = text.partition(" ")[0].casefold(), text_over.partition(" ")[0].casefold()
        yield f"same1={first == first_over:d}"
        yield f"samel={text.rpartition(' ')[2] == text_over.rpartition(' ')[2]:d}"
        yield f"q1={self.looks[place].begin}{self.looks[over].begin}"
        if between := range(over + 1, place):
            repeated = any(self.counts[self.seen[one].key] > 1 for one in between)
            yield f"btwrep={repeated:d}{len(between) > 1:d}"
            yield "btw=" + self.kinds[over + 1 : place][:4]
            if any(one.furniture or one.begins or one.opens for one in self.seen[over + 1 : place]):
                yield "btwfurn"
        else:
            yield f"adjab={min(self.looks[place].above, 3)}"
        if place == self.last:
            yield f"ll={self.last_marks[place]}{_level(self.lines[place].words / self.mean, (0.3, 0.6, 1))}"

    def _on_topic(self, place: int, over: int, number: int) -> Iterator[str]:
        """Return whether a text is about what the texts above are about, against what is usual on the
        page.
        """
        own = self.seen[place]
        alike = self._alike(place, over)
        others = [self._alike(place, other) for other in islice(self.texts, _OTHERS) if other != place]
        yield f"sim={_level(alike, (0, 0.02, 0.05, 0.1, 0.2))}"
        yield f"simrel={_level(alike - sum(others) / len(others), (-0.05, -0.01, 0.01, 0.05, 0.1))}"
        near = self.texts[max(0, number - _BEFORE) : number]
        recent = _share(own.names, frozenset().union(*(self.seen[one].names for one in near)))
        yield f"nmB={'n' if recent is None else _level(recent, (0, 0.1, 0.25, 0.5))}"
        old = self.old[place]
        yield f"no={_level(old, (-0.5, 0, 0.15, 0.3, 0.5))}"
        yield f"no|{_level(old, (-0.5, 0, 0.2, 0.4))}{_level(self.shared, (0.1, 0.3, 0.6))}"
        if below := self.texts[number + 1 : number + 3]:
            names = frozenset().union(*(self.seen[one].names for one in below))
            new = len(own.names & names) / len(own.names) if own.names else -1
            yield f"olda={_level(old, (-0.5, 0, 0.2, 0.4))}{_level(new, (-0.5, 0, 0.2, 0.4))}"
        if word := _WORD.search(self.lines[place].text[:40]):
            first = word[0].casefold()
            yield f"fwl={min(len(first), 6)}{first in self.seen[over].small:d}"
            yield f"fwsm={first in self.small:d}"

    def _alike(self, place: int, other: int) -> float:
        """Return which part of their words two texts share, where a word counts the less the more
        texts have it.
        """
        own, others = self.seen[place].content, self.seen[other].content
        shared = sum(1 / self.rare[word] for word in own & others)
        return shared / min(self.weights[place], self.weights[other]) if shared else 0.0


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else -1.0
