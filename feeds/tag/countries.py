"""Find the countries that an article is about.

Each surface in the text is a mention of a country. Mentions are weighed by what they are and by the
words beside them, a namesake is settled by the rest of the article, and a country's points depend on
where it is mentioned: in the headline, in the lead, in the rest.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from math import log
from typing import NamedTuple

from msgspec import Struct

from feeds import vocab
from feeds.model import Role, Tag
from feeds.tag.context import WORDS
from feeds.tag.gazetteer import VALUES, Place, Sense
from feeds.tag.index import Cell, Stand, stands
from feeds.tag.text import HEADLINE, REST, ZONE_NAMES

LOOSE = WORDS["loose"]
LOOSE_FACTOR = 0.35
PREFIXED = WORDS["prefixed"]
PREFIXED_FACTOR = 0.7
UNSUPPORTED = 0.5
# A sense less likely than that needs what is local: Paris is no town in Texas because an article is about
# the United States, but where it is about a county sheriff; regions are named everywhere and count less.
RARE, REGIONS_SAY = 1.0, 1.0
LOCAL = frozenset(["county", "town", "local", "cue"])
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

TITLES = WORDS["titles"]
GIVEN = WORDS["given"]
NAMELIKE = WORDS["namelike"]
BODIES = WORDS["bodies"]
PERSON_TITLES = WORDS["persontitles"]
LOCATIVE = WORDS["locative"]
MEETING, APART = WORDS["meeting"], WORDS["apart"] | frozenset(",:;")
MET, TOWNS = 2, frozenset(["capital", "city", "town"])
VENUE_FACTOR = 0.25  # "Iran and France resume talks in Geneva"
WORDLIKE = WORDS["wordlike"]
PARTICLES = WORDS["particles"]
SOURCE, LONGEST_SOURCE = WORDS["source"] | {"'", "-"}, 6
THINGS = {name.removeprefix("thing-"): words for name, words in WORDS.items() if name.startswith("thing-")}
THING_CUES = 2
NOWHERE = Sense("", "", 0.0, 0.0)


# A surface where it stands, with what the words beside it make of it: zone, start, end, place, factor, and
# as it is spelt. A bare tuple, as an article has up to thousands.
Mention = tuple[int, int, int, Place, float, str]


class Group(Struct, eq=False):
    """All mentions of one surface: the one to name, and what their factors come to in each zone."""

    sense: Sense
    zone: int
    factor: float
    start: int
    surface: str
    headline: float  # the largest there
    sums: list[float]  # of each zone
    person: bool  # once it names one
    count: int = 1

    @property
    def weight(self) -> float:
        """What the mentions say for one of several namesakes."""
        headline, lead, rest = self.sums
        return 2 * headline + lead + rest


class Style(NamedTuple):
    """How a part of the text is set: all in capitals, or each longer word with one."""

    shouted: bool
    titled: bool


def tag(
    rows: Sequence[Sequence[Cell]],
    zones: Sequence[Iterable[Stand]],
    styles: Sequence[Style],
    home: str | None,
    dateline: Sequence[Cell],
) -> tuple[Tag, ...]:
    """Give the countries of an article, subjects first, each with its evidence.

    `zones` is what stands in each row, see index.stands.
    """
    mentions = [m for zone, row in enumerate(rows) for m in find(zone, styles[zone], row, zones[zone])]
    groups = gather(mentions)
    placed = dateline_country(dateline)
    understand(groups, mentions, rows, home, placed)
    venues = _venues(groups, mentions, rows) - {home}
    return tuple(_tags(rank(groups, mentions, home, placed, venues), home, placed))


def understand(
    groups: dict[Place, Group],
    mentions: Sequence[Mention],
    rows: Sequence[Sequence[Cell]],
    home: str | None,
    placed: Sense | None,
) -> None:
    """Leave the surfaces that name a country, each with the one that it names."""
    drop_persons(groups, mentions, rows)
    drop_things(groups, rows)
    settle(groups, _beside(groups, mentions, rows), home, placed)


def doubt(
    rows: Sequence[Sequence[Cell]],
    zones: Sequence[Iterable[Stand]],
    styles: Sequence[Style],
    home: str | None,
    dateline: Sequence[Cell],
    code: str,
) -> str | None:
    """Say which words could have named a country and were read otherwise; None where there are none."""
    mentions = [m for zone, row in enumerate(rows) for m in find(zone, styles[zone], row, zones[zone])]
    every = gather(mentions)
    groups = dict(every)
    understand(groups, mentions, rows, home, dateline_country(dateline))
    told = []
    for place, group in every.items():
        if any(sense.code == code for sense in place.senses):
            where = f'"{group.surface}" in the {ZONE_NAMES[group.zone]}'
            if place not in groups:
                told.append(f"{where} is read as a person or a thing")
            elif group.sense.code != code:
                read = f"{vocab.country(group.sense.code).label} ({group.sense.kind})"
                told.append(f"{where} is read as {read}")
    return ", ".join(told) or None


def find(zone: int, style: Style, row: Sequence[Cell], standing: Iterable[Stand]) -> list[Mention]:
    """Give the mentions in a zone, leftmost and longest; what must not count is skipped over."""
    found: list[Mention] = []
    end = 0
    for start, (surfaces, _) in standing:
        if start < end:
            continue
        for surface in surfaces:
            place = surface.meaning
            if place.strict and not fits(place, style, row, start):
                continue
            end = start + surface.length
            if surface.rest and row[end - 1].text.islower() and _ends_capital(place.text):
                continue  # the west bank of a river
            factor = context(place, style, row, start, end, zone) if place.senses else 0.0
            if place.none == "outlet":
                _discount_source(found, row, start)
            found.append((zone, start, end, place, factor, place.text if surface.rest else row[start].text))
            if place.shared:
                end = start + 1
            break
    return found


def _discount_source(found: list[Mention], row: Sequence[Cell], start: int) -> None:
    """Make little of a country whose outlet is named: "China's Xinhua", "the Russian state agency TASS"."""
    if found and 0 < start - found[-1][2] <= LONGEST_SOURCE:
        zone, begin, end, place, factor, surface = found[-1]
        if all(cell.folded in SOURCE for cell in row[end:start]):
            found[-1] = (zone, begin, end, place, factor * LOOSE_FACTOR, surface)


def _ends_capital(text: str) -> bool:
    return text.rpartition(" ")[2][:1].isupper()


def gather(mentions: Iterable[Mention]) -> dict[Place, Group]:
    """Put the mentions of each surface together, in the order of the first ones."""
    groups: dict[Place, Group] = {}
    for zone, start, _, place, factor, surface in mentions:
        group = groups.get(place)
        if group is None:
            sense = place.senses[0] if place.senses else NOWHERE
            sums = [0.0, 0.0, 0.0]
            sums[zone] = factor
            groups[place] = Group(
                sense, zone, factor, start, surface, sums[HEADLINE], sums, factor == NAME_FACTOR
            )
            continue
        if factor > group.factor and zone == group.zone:
            group.factor, group.start, group.surface = factor, start, surface
            if zone == HEADLINE:
                group.headline = factor
        group.count += 1
        group.sums[zone] += factor
        if factor == NAME_FACTOR:
            group.person = True
    return groups


def drop_persons(
    groups: dict[Place, Group], mentions: Iterable[Mention], rows: Sequence[Sequence[Cell]]
) -> None:
    """Leave out what once names a person, throughout, unless it stands as a place elsewhere."""
    persons: set[str] = set()
    for place, group in [*groups.items()]:
        if group.person:
            persons.add(place.text)
        if not place.senses:
            persons.update(place.text.split() if place.none == "person" else ())
            del groups[place]
    if persons:
        named = [m for m in mentions if m[3].text in persons and m[4] > NAME_FACTOR]
        persons -= {m[3].text for m in named if _located(m, rows)}
        for place in [place for place in groups if place.text in persons]:
            del groups[place]


def drop_things(groups: dict[Place, Group], rows: Sequence[Sequence[Cell]]) -> None:
    """Leave out a place's name among the words of a thing, where nothing else names the place."""
    for thing in [place for place in groups if place.text in THINGS]:
        codes = {sense.code for sense in thing.senses}
        others = (sense.code for place in groups if place is not thing for sense in place.senses)
        if codes.isdisjoint(others):
            words = {cell.folded for row in rows for cell in row}
            if len(THINGS[thing.text] & words) >= THING_CUES:
                del groups[thing]


def _located(mention: Mention, rows: Sequence[Sequence[Cell]]) -> bool:
    zone, start, end, *_ = mention
    row = rows[zone]
    return start > 0 and row[start - 1].folded in LOCATIVE and row[end].folded != "'"


def fits(place: Place, style: Style, row: Sequence[Cell], start: int) -> bool:
    """Say whether a surface may stand here at all."""
    if place.text == "County":
        return start > 0 and row[start - 1].text[0].isupper() and row[start - 1].folded not in TITLES
    if place.text.endswith(".") and place.text.count(".") == 1 and len(place.text) < 6:
        return start > 0 and row[start - 1].folded == ","  # "Paris, Tex.", but not "Miss."
    if row[start].folded in WORDLIKE and " " not in place.text:
        return _names_a_place(style, row, start)
    if style.shouted and place.text.isupper() and place.text.isalpha() and len(place.text) < 4:
        return place.text in ("UK", "UAE", "USA")  # "US", "ICE" and "MIT" are words, too
    return True


def _names_a_place(style: Style, row: Sequence[Cell], start: int) -> bool:
    """Say whether a word that is a town, too, means it: its capital has to tell, or what stands before it."""
    if style.shouted:
        return False  # "STOCK SPLIT"
    if style.titled or _opens(row, start):
        return start > 0 and row[start - 1].folded in LOCATIVE
    return True


def context(place: Place, style: Style, row: Sequence[Cell], start: int, stop: int, zone: int) -> float:
    """Weigh a mention by the words beside it."""
    before = row[start - 1]  # the last cell is END, which stands before the first, too
    if row[stop].folded == "-" and row[stop + 1].folded in LOOSE:
        return LOOSE_FACTOR
    if before.folded == "-" and start > 1 and row[start - 2].folded in PREFIXED:
        return PREFIXED_FACTOR
    kind = place.kind
    if stop - start > 1 or kind == "people":
        return 1.0
    named = before.text[:1].isupper()
    if kind == "leader":
        if not style.titled and row[start].folded in NAMELIKE and _is_surname(row, stop):
            return NAME_FACTOR
        return OTHER_BEARER_FACTOR if named and zone != HEADLINE and _other_name(before) else 1.0
    if before.folded in PERSON_TITLES or (named and before.folded in GIVEN):
        return NAME_FACTOR
    if style.titled:
        return 1.0
    doubtful = kind == "town" or row[start].folded in NAMELIKE
    if kind == "town" and named and _other_name(before) and not _opens(row, start - 1):
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
    if row[stop].text in PARTICLES:
        stop += 1  # "Chad le Clos"
    if stop >= len(row) - 1 or not row[stop].text[0].isupper():
        return False
    after = row[stop]
    return after.folded.isalpha() and after.folded not in BODIES and not _is_place(after)


def _is_place(cell: Cell) -> bool:
    """Say whether a word by itself stands for a place larger than a town."""
    both = cell.begun.alone if cell.begun else None
    return both is not None and any(
        sense.kind != "town" for surface in both[0] for sense in surface.meaning.senses
    )


def dateline_country(cells: Sequence[Cell]) -> Sense | None:
    """Give the country of the printed place; a region or a country beside the town settles it."""
    if len(cells) == 1:
        return None
    found = [place for _, _, _, place, _, _ in find(REST, Style(False, True), cells, stands(cells))]
    codes = [{sense.code: sense for sense in place.senses} for place in found if place.senses]
    if not codes:
        return None
    for code, sense in sorted(codes[0].items(), key=lambda item: -item[1].prior):
        if len(codes) > 1 and code in codes[1]:
            return sense
    if len(codes) > 1 and any(sense.kind in ("region", "name") for sense in codes[1].values()):
        return max(codes[1].values(), key=lambda sense: sense.prior)
    return max(codes[0].values(), key=lambda sense: sense.prior)


def settle(
    groups: Mapping[Place, Group], beside: Mapping[Place, str], home: str | None, placed: Sense | None
) -> None:
    """Choose one country for each surface: one sense in one article."""
    for place, code in beside.items():
        groups[place].sense = _inside(place, code)
    several = [place for place in groups if len(place.senses) > 1 and place not in beside]
    if several:
        support = _support(groups, home, placed)
        near = {home, placed.code if placed else None}
        for place in several:
            group = groups[place]
            group.sense = _likeliest(place, support, _local(place, groups, near), group.weight)


def _support(groups: Mapping[Place, Group], home: str | None, placed: Sense | None) -> Mapping[str, float]:
    """Give what all mentions say for each country."""
    support: dict[str, float] = {}
    for place, group in groups.items():
        for code, worth in _says(place, group.weight):
            support[code] = support.get(code, 0.0) + worth
    if home:
        support[home] = support.get(home, 0.0) + HOME_SAYS
    if placed:
        support[placed.code] = support.get(placed.code, 0.0) + DATELINE_SAYS
    return support


def _says(place: Place, weight: float) -> Iterable[tuple[str, float]]:
    """Give what the mentions of one surface say for each country that it may mean."""
    if len(place.senses) == 1:
        return ((place.senses[0].code, place.senses[0].value * weight),)
    whole = sum(sense.prior for sense in place.senses)
    return [(sense.code, SHARED * sense.value * weight * sense.prior / whole) for sense in place.senses]


def _inside(place: Place, code: str) -> Sense:
    there = next((sense for sense in place.senses if sense.code == code), None)
    return there or Sense(code, "town", VALUES["city"], 1.0)


def _likeliest(
    place: Place, support: Mapping[str, float], local: Mapping[str, float], weight: float
) -> Sense:
    """Choose by how likely a sense is of itself and by what the other mentions say for its country."""
    own = dict(_says(place, weight))

    def likely(sense: Sense) -> float:
        others = support[sense.code] - own[sense.code]
        if sense.prior < RARE:
            others = min(others, local.get(sense.code, 0.0))
        return sense.prior * (UNSUPPORTED + others) ** 2

    return max(place.senses, key=likely)


def _local(place: Place, groups: Mapping[Place, Group], near: Iterable[str | None]) -> dict[str, float]:
    """Give what places and offices within a country say for each rarer sense of a surface."""
    found: dict[str, float] = {}
    for code in (sense.code for sense in place.senses if sense.prior < RARE):
        senses = [(group, sense) for other, group in groups.items() for sense in other.senses]
        said = [(group.weight * sense.value, sense.kind) for group, sense in senses if sense.code == code]
        regions = sum(worth for worth, kind in said if kind == "region") + (code in near)
        found[code] = min(regions, REGIONS_SAY) + sum(worth for worth, kind in said if kind in LOCAL)
    return found


def _beside(
    groups: Mapping[Place, Group], mentions: Sequence[Mention], rows: Sequence[Sequence[Cell]]
) -> dict[Place, str]:
    """Find "Paris, Texas": a place before a comma and a region lies in that region's country."""
    found: dict[Place, str] = {}
    for one, other in pairwise(mentions):
        if other[1] != one[2] + 1:
            continue
        (zone, _, end, place, _, _), (next_zone, _, stop, following, _, _) = one, other
        if zone != next_zone or rows[zone][end].folded != ",":
            continue
        if place not in groups or following not in groups:
            continue
        kinds = {sense.kind for sense in place.senses}
        if not kinds <= {"city", "capital", "town", "name", "region"}:
            continue
        regions = [sense for sense in following.senses if sense.kind == "region"]
        # The comma after a country's name makes it a town: "Peru, Indiana" ends there.
        if not regions or (kinds == {"name"} and rows[zone][stop].folded in ("and", "or", "&")):
            continue
        there = {sense.code for sense in following.senses}
        shared = (sense.code for sense in place.senses if sense.code in there)
        code = next(shared, regions[0].code)  # "Tbilisi, Georgia", but "Athens, Georgia"
        found[place] = code
        if len(there) > 1:
            found[following] = code
    return found


def _venues(
    groups: Mapping[Place, Group], mentions: Iterable[Mention], rows: Sequence[Sequence[Cell]]
) -> frozenset[str]:
    """Find a country that only lends a town to a meeting of others: the headline names two, and the town."""
    headline = rows[HEADLINE]
    met: set[str] = set()
    venues: set[str] = set()
    for zone, start, _, place, factor, _ in mentions:
        if zone == HEADLINE and place in groups and factor == 1.0:
            sense = groups[place].sense
            hosts = sense.kind in TOWNS and _meet(headline[:start])
            (venues if hosts else met).add(sense.code)
    if not venues or len(met) < MET:
        return frozenset()
    named = {g.sense.code for g in groups.values() if g.zone != REST and g.sense.kind not in TOWNS}
    return frozenset(venues - met - named)


def _meet(before: Sequence[Cell]) -> bool:
    """Say whether the words before a town tell of a meeting: "talks in", not "talks over unrest in"."""
    if not before or before[-1].folded != "in":
        return False
    told = (cell.folded for cell in reversed(before))
    return next((word in MEETING for word in told if word in MEETING | APART), False)


def rank(
    groups: Mapping[Place, Group],
    mentions: Iterable[Mention],
    home: str | None,
    placed: Sense | None,
    venues: frozenset[str],
) -> list[tuple[str, float, Sequence[Group]]]:
    """Add up each country's points from its mentions, the most first."""
    by_code: dict[str, list[Group]] = {}
    for group in groups.values():
        by_code.setdefault(group.sense.code, []).append(group)
    first = _first(groups, mentions)
    points = {code: _points(found, code == first) for code, found in by_code.items()}
    named = any(value >= OTHER_FLOOR for value in points.values())
    if placed:
        said = DATELINE_SUPPORT if named else DATELINE_ALONE
        points[placed.code] = points.get(placed.code, 0.0) + said
    if home:
        points[home] = points.get(home, 0.0) + (HOME_SUPPORT if named else HOME_ALONE)
    for code in venues:
        points[code] *= VENUE_FACTOR
    ranked = sorted(points.items(), key=lambda item: -item[1])  # of equal ones, the first that is named
    return [(code, value, by_code.get(code, ())) for code, value in ranked]


def _first(groups: Mapping[Place, Group], mentions: Iterable[Mention]) -> str | None:
    """Give the country that the headline names first."""
    for zone, _, _, place, factor, _ in mentions:
        if zone != HEADLINE:
            return None
        if place in groups and groups[place].sense.value * factor > FIRST_FLOOR:
            return groups[place].sense.code
    return None


def _points(found: Sequence[Group], first: bool) -> float:
    headline = lead = rest = 0.0
    for group in found:
        value = group.sense.value
        _, in_lead, in_rest = group.sums
        headline = max(headline, value * group.headline)
        lead += value * in_lead
        rest += value * in_rest
    points = (HEADLINE_POINTS + (FIRST_POINTS if first else 0.0)) * headline
    if lead:
        points += LEAD_POINTS * log(1 + lead)
    return points + REST_POINTS * log(1 + rest) if rest else points


def _tags(
    ranked: Sequence[tuple[str, float, Sequence[Group]]], home: str | None, placed: Sense | None
) -> Iterator[Tag]:
    countries = vocab.countries()
    subjects, floor = 0, BEST_FLOOR
    others = max(OTHER_FLOOR, OTHER_SHARE * ranked[0][1]) if ranked else 0.0
    for code, points, found in ranked:
        if points < MENTION_FLOOR:
            break
        role: Role = "subject" if points >= floor and subjects < MOST else "mentioned"
        subjects += role == "subject"
        score = round(points / (points + HALF_SCORE), 3)
        yield Tag(countries[code], role, score, _evidence(code, found, home, placed))
        floor = others


def _evidence(code: str, found: Sequence[Group], home: str | None, placed: Sense | None) -> str:
    """Name the mentions that weigh most, each surface once, and count the others."""
    if len(found) > 1:
        found = sorted(found, key=_prominence)
    parts = [_named(group.surface, group.zone, group.sense) for group in found[:NAMED]]
    more = sum([group.count for group in found]) - len(parts)
    if more:
        parts.append(f"{more} more")
    if placed and placed.code == code:
        parts.append("the dateline")
    if home == code:
        parts.append("the outlet's home country")
    return ", ".join(parts)


def _prominence(group: Group) -> tuple[int, float, int]:
    """Sort by the zone, then by the weight of the mention to name, then by where it stands."""
    return group.zone, -group.factor * group.sense.value, group.start


@lru_cache(maxsize=10_000)
def _named(surface: str, zone: int, sense: Sense) -> str:
    years = f", {sense.years}" if sense.years else ""
    return f'"{surface}" in the {ZONE_NAMES[zone]} ({sense.kind}{years})'
