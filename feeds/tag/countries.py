"""Find the countries that an article is about.

Each surface in the text is a mention of a country. Mentions are weighed by what they are and by the
words beside them, a namesake is settled by the rest of the article, and a country's points depend on
where it is mentioned: in the headline, in the lead, in the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import log
from pathlib import Path
from typing import NamedTuple

from feeds import vocab
from feeds.model import Role, Tag
from feeds.tag.gazetteer import VALUES, Place, Sense
from feeds.tag.index import Cell, beginnings, standing
from feeds.tag.text import HEADLINE, LEAD, REST, ZONE_NAMES

DATA = Path(__file__).parent.parent / "data"


def _words(name: str) -> frozenset[str]:
    """Give a list of the curated context table."""
    lines = (DATA / "context_en.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if line.startswith(f"{name}: ") for word in line.split()[1:])


LOOSE = _words("loose")
LOOSE_FACTOR = 0.35
PREFIXED = _words("prefixed")
PREFIXED_FACTOR = 0.7
UNSUPPORTED = 0.5
SHARED = 0.3  # what a namesake says for either place
OPENERS = frozenset(".!?\n:;“\"'‘")
NAME_FACTOR = 0.1  # "Michael Jordan"
OTHER_BEARER_FACTOR = 0.35  # "Gary Sharif" is not the one in office

HEADLINE_POINTS, FIRST_POINTS = 1.75, 0.6
LEAD_POINTS, REST_POINTS = 1.44, 0.86
DATELINE_ALONE, DATELINE_SUPPORT = 1.3, 0.9
HOME_ALONE, HOME_SUPPORT = 1.3, 0.9
BEST_FLOOR, OTHER_FLOOR, OTHER_SHARE, MOST = 0.3, 1.3, 0.38, 6
MENTION_FLOOR = 0.25
HOME_SAYS, DATELINE_SAYS = 3.0, 2.0  # for one of several namesakes
FIRST_FLOOR = 0.3
NAMED = 3  # mentions that the evidence names
HALF_SCORE = 1.5  # points that give a score of one half

TITLES = _words("titles")
GIVEN = _words("given")
NAMELIKE = _words("namelike")
BODIES = _words("bodies")
PERSON_TITLES = _words("persontitles")
LOCATIVE = _words("locative")
THINGS = {thing: _words(f"thing-{thing}") for thing in ("Turkey", "China", "Jordan", "Java", "Cuba")}
THING_CUES = 2


class Mention(NamedTuple):
    """A surface where it stands, with what the words beside it make of it."""

    zone: int
    start: int
    end: int
    place: Place
    factor: float
    surface: str


# A mention with its country: zone, less what it is worth, start, surface, sense. So they sort as they
# are named: the first zone, the weightiest, the first. A bare tuple, as an article has up to thousands.
Weighed = tuple[int, float, int, str, Sense]


class Style(NamedTuple):
    """How a part of the text is set: all in capitals, or each longer word with one."""

    shouted: bool
    titled: bool


def tag(
    rows: Sequence[Sequence[Cell]],
    starts: Sequence[Sequence[int]],
    styles: Sequence[Style],
    home: str | None,
    dateline: Sequence[Cell],
) -> tuple[Tag, ...]:
    """Give the countries of an article, subjects first, each with its evidence.

    `starts` are the places in each row where a surface may stand, see index.beginnings.
    """
    found = [m for zone, row in enumerate(rows) for m in find(zone, styles[zone], row, starts[zone])]
    mentions = without_things(without_persons(found, rows), rows)
    placed = dateline_country(dateline)
    ranked = rank(settle(mentions, rows, home, placed), home, placed)
    return tuple(_tags(ranked, home, placed))


def find(zone: int, style: Style, row: Sequence[Cell], starts: Iterable[int]) -> Iterator[Mention]:
    """Give the mentions in a zone, leftmost and longest; what must not count is skipped over."""
    end = 0
    for start in starts:
        cell = row[start]
        begun = cell.countries
        if begun is None or start < end:
            continue
        for rest, _, place in begun.alone if begun.single else standing(begun, row, start):
            if place.strict and not fits(place, style, row, start):
                continue
            end = start + 1 + len(rest)
            if rest and row[end - 1].text.islower() and _ends_capital(place.text):
                continue  # the west bank of a river
            factor = context(place, style, row, start, end, zone) if place.senses else 0.0
            yield Mention(zone, start, end, place, factor, place.text if rest else cell.text)
            break


def _ends_capital(text: str) -> bool:
    return text.rpartition(" ")[2][:1].isupper()


def without_persons(mentions: Sequence[Mention], cells: Sequence[Sequence[Cell]]) -> list[Mention]:
    """Leave out what once names a person, throughout, unless it stands as a place elsewhere."""
    persons = {mention.place.text for mention in mentions if mention.factor == NAME_FACTOR}
    persons |= {word for mention in mentions if mention.place.person for word in mention.place.text.split()}
    if persons:
        persons -= {
            mention.place.text
            for mention in mentions
            if mention.place.text in persons and mention.factor > NAME_FACTOR and _located(mention, cells)
        }
    return [mention for mention in mentions if mention.place.senses and mention.place.text not in persons]


def without_things(mentions: list[Mention], cells: Sequence[Sequence[Cell]]) -> list[Mention]:
    """Leave out a place's name among the words of a thing, where nothing else names the place."""
    texts = {mention.place.text for mention in mentions}
    for thing in [thing for thing in THINGS if thing in texts]:
        others = [mention for mention in mentions if mention.place.text != thing]
        place = next(mention.place for mention in mentions if mention.place.text == thing)
        codes = {sense.code for sense in place.senses}
        named = any(sense.code in codes for mention in others for sense in mention.place.senses)
        if not named and len(THINGS[thing] & {cell.folded for row in cells for cell in row}) >= THING_CUES:
            mentions = others
    return mentions


def _located(mention: Mention, cells: Sequence[Sequence[Cell]]) -> bool:
    row = cells[mention.zone]
    return mention.start > 0 and row[mention.start - 1].folded in LOCATIVE and row[mention.end].folded != "'"


def fits(place: Place, style: Style, row: Sequence[Cell], start: int) -> bool:
    """Say whether a surface may stand here at all."""
    if place.text == "County":
        return start > 0 and row[start - 1].text[0].isupper() and row[start - 1].folded not in TITLES
    if place.text.endswith(".") and place.text.count(".") == 1 and len(place.text) < 6:
        return start > 0 and row[start - 1].folded == ","  # "Paris, Tex.", but not "Miss."
    if style.shouted and place.text.isupper() and place.text.isalpha() and len(place.text) < 4:
        return place.text in ("UK", "UAE", "USA")  # "US", "ICE" and "MIT" are words, too
    return True


def context(place: Place, style: Style, row: Sequence[Cell], start: int, stop: int, zone: int) -> float:
    """Weigh a mention by the words beside it."""
    before = row[start - 1].folded if start else ""
    if row[stop].folded == "-" and row[stop + 1].folded in LOOSE:
        return LOOSE_FACTOR
    if before == "-" and start > 1 and row[start - 2].folded in PREFIXED:
        return PREFIXED_FACTOR
    kind = place.senses[0].kind
    if stop - start > 1 or kind == "people":
        return 1.0
    named = bool(start) and row[start - 1].text[0].isupper()
    if kind == "leader":
        if not style.titled and row[start].folded in NAMELIKE and _is_surname(row, stop):
            return NAME_FACTOR
        return OTHER_BEARER_FACTOR if named and zone != HEADLINE and _other_name(row[start - 1]) else 1.0
    if before in PERSON_TITLES or (named and before in GIVEN):
        return NAME_FACTOR
    if style.titled:
        return 1.0
    doubtful = kind == "town" or row[start].folded in NAMELIKE
    if kind == "town" and named and _other_name(row[start - 1]) and not _opens(row, start - 1):
        return NAME_FACTOR
    return NAME_FACTOR if doubtful and _is_surname(row, stop) else 1.0


def _opens(row: Sequence[Cell], start: int) -> bool:
    """Say whether a token opens a sentence, where a capital says nothing."""
    return start == 0 or row[start - 1].text in OPENERS


def _other_name(before: Cell) -> bool:
    """Say whether the word before a bare surname names another bearer of it."""
    return before.folded.isalpha() and before.folded not in TITLES and not _is_place(before)


def _is_surname(row: Sequence[Cell], stop: int) -> bool:
    """Say whether what follows a first name is a surname: a name of its own, and no place or body."""
    if stop >= len(row) - 1 or not row[stop].text[0].isupper():
        return False
    after = row[stop]
    return after.folded.isalpha() and after.folded not in BODIES and not _is_place(after)


def _is_place(cell: Cell) -> bool:
    """Say whether a word by itself stands for a place larger than a town."""
    alone = cell.countries.alone if cell.countries else ()
    return any(sense.kind != "town" for surface in alone for sense in surface.meaning.senses)


def dateline_country(cells: Sequence[Cell]) -> Sense | None:
    """Give the country of the printed place; a region or a country beside the town settles it."""
    if len(cells) == 1:
        return None
    mentions = find(REST, Style(False, True), cells, beginnings(cells))
    found = [mention for mention in mentions if mention.place.senses]
    if not found:
        return None
    codes = [{sense.code: sense for sense in mention.place.senses} for mention in found]
    for code, sense in sorted(codes[0].items(), key=lambda item: -item[1].prior):
        if len(codes) > 1 and code in codes[1]:
            return sense
    if len(codes) > 1 and any(sense.kind in ("region", "name") for sense in codes[1].values()):
        return max(codes[1].values(), key=lambda sense: sense.prior)
    return max(codes[0].values(), key=lambda sense: sense.prior)


def settle(
    mentions: Sequence[Mention], rows: Sequence[Sequence[Cell]], home: str | None, placed: Sense | None
) -> list[Weighed]:
    """Choose one country for each surface: one sense in one article."""
    weights: dict[str, float] = {}
    surfaces: dict[str, Place] = {}
    for zone, _, _, place, factor, _ in mentions:
        surfaces[place.text] = place
        weights[place.text] = weights.get(place.text, 0.0) + (factor * 2 if zone == HEADLINE else factor)
    support: defaultdict[str, float] = defaultdict(float)
    for text, place in surfaces.items():
        for code, worth in _says(place, weights[text]):
            support[code] += worth
    if home:
        support[home] += HOME_SAYS
    if placed:
        support[placed.code] += DATELINE_SAYS
    beside = dict(_beside(mentions, rows))
    chosen = {
        text: _sense(place, support, weights[text], beside.get(text)) for text, place in surfaces.items()
    }
    return [
        (zone, -(sense := chosen[place.text]).value * factor, start, surface, sense)
        for zone, start, _, place, factor, surface in mentions
    ]


def _says(place: Place, weight: float) -> Iterator[tuple[str, float]]:
    """Give what the mentions of one surface say for each country that it may mean."""
    if len(place.senses) == 1:
        yield place.senses[0].code, place.senses[0].value * weight
        return
    whole = sum(sense.prior for sense in place.senses)
    for sense in place.senses:
        yield sense.code, SHARED * sense.value * weight * sense.prior / whole


def _sense(place: Place, support: Mapping[str, float], weight: float, inside: str | None) -> Sense:
    """Choose by how likely a sense is of itself and by what the other mentions say for its country."""
    if inside:
        there = next((sense for sense in place.senses if sense.code == inside), None)
        return there or Sense(inside, "town", VALUES["city"], 1.0)
    if len(place.senses) == 1:
        return place.senses[0]
    own = dict(_says(place, weight))

    def likely(sense: Sense) -> float:
        others = support[sense.code] - own[sense.code]
        return sense.prior * (UNSUPPORTED + others) ** 2

    return max(place.senses, key=likely)


def _beside(mentions: Sequence[Mention], rows: Sequence[Sequence[Cell]]) -> Iterator[tuple[str, str]]:
    """Find "Paris, Texas": a place before a comma and a region lies in that region's country."""
    for mention, following in pairwise(mentions):
        if following.start != mention.end + 1 or mention.zone != following.zone:
            continue
        if rows[mention.zone][mention.end].folded != ",":
            continue
        kinds = {sense.kind for sense in mention.place.senses}
        if not kinds <= {"city", "capital", "town", "name", "region"}:
            continue
        regions = [sense for sense in following.place.senses if sense.kind == "region"]
        if not regions or (kinds == {"name"} and not _namesake(following, rows)):
            continue
        there = {sense.code for sense in following.place.senses}
        shared = (sense.code for sense in mention.place.senses if sense.code in there)
        code = next(shared, regions[0].code)  # "Tbilisi, Georgia", but "Athens, Georgia"
        yield mention.place.text, code
        if len(there) > 1:
            yield following.place.text, code


def _namesake(region: Mention, rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether the comma after a country's name makes it a town: "Peru, Indiana" ends there."""
    return rows[region.zone][region.end].folded not in ("and", "or", "&")


def rank(
    settled: Sequence[Weighed], home: str | None, placed: Sense | None
) -> list[tuple[str, float, Sequence[Weighed]]]:
    """Add up each country's points from its mentions, the most first."""
    by_code: dict[str, list[Weighed]] = {}
    for mention in settled:
        by_code.setdefault(mention[-1].code, []).append(mention)
    first = next(
        (sense.code for zone, less, *_, sense in settled if zone == HEADLINE and -less > FIRST_FLOOR), None
    )
    points = {code: _points(found, code == first) for code, found in by_code.items()}
    named = any(value >= OTHER_FLOOR for value in points.values())
    if placed:
        said = DATELINE_SUPPORT if named else DATELINE_ALONE
        points[placed.code] = points.get(placed.code, 0.0) + said
    if home:
        points[home] = points.get(home, 0.0) + (HOME_SUPPORT if named else HOME_ALONE)
    ranked = sorted(points.items(), key=lambda item: -item[1])  # of equal ones, the first that is named
    return [(code, value, by_code.get(code, ())) for code, value in ranked]


def _points(found: Sequence[Weighed], first: bool) -> float:
    headline = lead = rest = 0.0
    for zone, less, _, _, _ in found:
        if zone == HEADLINE:
            headline = max(headline, -less)
        elif zone == LEAD:
            lead -= less
        else:
            rest -= less
    points = HEADLINE_POINTS * headline + LEAD_POINTS * log(1 + lead) + REST_POINTS * log(1 + rest)
    return points + (FIRST_POINTS * headline if first else 0.0)


def _tags(
    ranked: Sequence[tuple[str, float, Sequence[Weighed]]], home: str | None, placed: Sense | None
) -> Iterator[Tag]:
    best = ranked[0][1] if ranked else 0.0
    subjects = 0
    for place, (code, points, found) in enumerate(ranked):
        if points < MENTION_FLOOR:
            break
        floor = BEST_FLOOR if place == 0 else max(OTHER_FLOOR, OTHER_SHARE * best)
        role: Role = "subject" if points >= floor and subjects < MOST else "mentioned"
        subjects += role == "subject"
        yield Tag(
            vocab.country(code),
            role,
            round(points / (points + HALF_SCORE), 3),
            _evidence(code, found, home, placed),
        )


def _evidence(code: str, found: Sequence[Weighed], home: str | None, placed: Sense | None) -> str:
    """Name the mentions that weigh most, each surface once, and count the others."""
    named: dict[str, Weighed] = {}
    for mention in sorted(found):
        named.setdefault(mention[3], mention)
        if len(named) == NAMED:
            break
    parts = [_named(mention) for mention in named.values()]
    if len(found) > len(parts):
        parts.append(f"{len(found) - len(parts)} more")
    if placed and placed.code == code:
        parts.append("the dateline")
    if home == code:
        parts.append("the outlet's home country")
    return ", ".join(parts)


def _named(mention: Weighed) -> str:
    zone, _, _, surface, sense = mention
    years = f", {sense.years}" if sense.years else ""
    return f'"{surface}" in the {ZONE_NAMES[zone]} ({sense.kind}{years})'
