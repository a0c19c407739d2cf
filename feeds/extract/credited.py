"""Tell who wrote an article, and which agency supplied it, from its lines and the roles that they play.

What stands in the head counts before what stands below the text; in the midst of a text other articles
are credited.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from feeds.extract import words
from feeds.extract.lines import BIT, Line
from feeds.extract.writers import Byline, biography, credit_below

Played = Sequence[tuple[Line, str]]  # the lines of an article below its headline, each with its role

_NAMING = ("head byline", "body byline", "head date", "body date")
_TEXT = ("body", "headless body", "crosshead")
_FIRST = 2  # paragraphs, so many of which may stand above a byline
_TOGETHER = 2  # lines between which several bylines may stand
_HEAD = 8  # lines below a headline in which its writers stand
_LAST = 4  # lines below a text that may say who wrote it
_CAPTION = BIT["photo words"] | BIT["picture credit"]
_OPENED = BIT["opens other articles"] | BIT["in an opened list"]


def put_right(found: Sequence[Line], reading: list[str]) -> None:
    """Give the lines that surely name writers their role, which looks alone did not tell.

    So it is with a name that a duty or a place stands beside, right below a headline, and with what a line
    right below a text credits. Whom the text speaks of, did not write it.
    """
    for place, (line, role) in enumerate(zip(found, reading, strict=True)):
        if role in _MISTAKEN and line.words <= _SHORT and _names_surely(line.byline):
            told = _text_below(found, reading, place)
            if _is_in_head(reading, place) and not _is_told_of(line.byline, told):
                reading[place] = "head byline"
        elif role == "page" and place and reading[place - 1] == "body" and _credits(line):
            reading[place] = "body byline"


def _names_surely(found: Byline) -> bool:
    return (found.sure or found.placed) and bool(found.names or found.agency)


def _is_in_head(reading: Sequence[str], place: int) -> bool:
    """Say whether a headline stands close above, and no text between."""
    for role in reversed(reading[max(place - _HEAD, 0) : place]):
        if role == "headline" or role == "body":
            return role == "headline"
    return False


def _text_below(found: Sequence[Line], reading: Sequence[str], place: int) -> Iterator[str]:
    """The text of the article that a line of its head is in."""
    for line, role in zip(found[place + 1 :], reading[place + 1 :], strict=True):
        if role == "headline":
            return
        if role == "body":
            yield line.text


def _credits(line: Line) -> bool:
    return bool(line.agency or words.agency_of_source(line.text) or credit_below(line.text))


_MISTAKEN = ("standfirst", "head furniture", "head caption", "body")
_SHORT = 12  # words of a line that names writers and their duties


def _is_told_of(found: Byline, texts: Iterable[str]) -> bool:
    """Say whether a text speaks of one of these people; with a duty, by the whole name."""
    if not found.names:
        return False
    names = found.names if found.sure else [name.split()[-1] for name in found.names]
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, names))})\b")
    return any(map(pattern.search, texts))


def writers(played: Played, headline: str | None) -> tuple[str, ...]:
    """Give the names of an article's writers, each once; `headline` is folded, and none of them.

    What says that they wrote counts before a name alone, that before one beside a date, for it may be a
    place, and the head before what stands around the text.
    """
    ranked: list[list[str]] = [[] for _ in range(6)]
    last: list[int | None] = [None] * 3
    for place, line, role, found in _crediting(played):
        rank = 0 if found.labelled else 1 if line.date is None or found.sure else 2
        if role.startswith("head") and found.names:
            before = last[rank]
            if before is not None and place > before + _TOGETHER:
                continue  # another article's
            last[rank] = place
        ranked[rank + (0 if role.startswith("head") else 3)] += found.names
    opening = next((line.dateline for line, role in played if role in _TEXT), None)
    people = next(filter(None, ranked), None) or (opening.writers if opening else ()) or _below(played)
    return tuple(dict.fromkeys(person for person in people if person.casefold() != headline))


def _crediting(played: Played) -> Iterator[tuple[int, Line, str, Byline]]:
    """The lines that name who wrote: those of such a role, and what says so by itself in the head."""
    after_label = False
    for place, (line, role) in _own(played):
        found = line.byline
        above = played[place - 1][0] if place else None
        below = played[place + 1][0] if place + 1 < len(played) else None
        goes_on = above is not None and above.byline.labelled and line.text[0].islower()
        if (after_label or goes_on) and found.names and not found.labelled:
            found = Byline(found.names, labelled=True, agency=found.agency)
        elif found.names and not found.labelled:
            pictured = below is not None and below.bits & BIT["photo words"]
            weak = role not in _NAMING and not _is_beside(line, above, below)
            if weak or pictured or (role not in _NAMING and _is_told_of(found, _texts(played))):
                found = Byline()
        after_label = found.labelled and not found.names
        if (found.names or found.agency) and role in (*_NAMING, "head furniture"):
            yield place, line, role, found


def _texts(played: Played) -> Iterator[str]:
    return (line.text for line, role in played if role in _TEXT)


def _is_beside(line: Line, above: Line | None, below: Line | None) -> bool:
    """Say whether a date line stands right over or under a line, or a duty or a place under it."""
    over = below is not None and not below.above and (below.date or _tells_duty(below))
    under = above is not None and above.date is not None and not line.above
    return bool(over or under)


def _tells_duty(line: Line) -> bool:
    return (line.byline.sure or line.byline.placed) and not line.byline.names and not line.byline.labelled


def _own(played: Played) -> Iterator[tuple[int, tuple[Line, str]]]:
    """The lines of a head, and those of a text that stand near its beginning or right below its end."""
    texts = 0
    last = max((place for place, (_, role) in enumerate(played) if role in _TEXT), default=0)
    for place, (line, role) in enumerate(played):
        texts += role in _TEXT
        near = texts <= _FIRST or place == last + 1
        if role.startswith("head ") or (role.startswith("body ") and near and not line.bits & _OPENED):
            yield place, (line, role)


def _below(played: Played) -> tuple[str, ...]:
    """Those whom the end of a text, or a line below it, names: `(Reporting by Jane Doe)`."""
    for line in _ending(played):
        if found := credit_below(line.text):
            return found
    for line in _ending(played):
        name = biography(line.text)
        if name and not _is_told_of(Byline((name,)), (text for text in _texts(played) if text != line.text)):
            return (name,)
    return ()


def _ending(played: Played) -> Iterator[Line]:
    """The last line of a text, and the first below it."""
    texts = [place for place, (_, role) in enumerate(played) if role in _TEXT]
    if texts:
        for line, _ in played[texts[-1] : texts[-1] + _LAST]:
            if line.bits & _OPENED:
                break
            yield line


def agency(played: Played) -> str | None:
    """Give the agency that a text is credited to: in its dateline, byline or credit line, or at its end."""
    opening = next((line for line, role in played if role in _TEXT), None)
    if opening and opening.dateline and opening.dateline.agency:
        return opening.dateline.agency
    named = (found.agency for _, _, _, found in _crediting(played))
    if supplier := next(filter(None, named), None):
        return supplier
    for place, (line, role) in _own(played):
        if (supplier := _named(line, role)) and not _is_portrait(line, played[place + 1 : place + 3]):
            return supplier
    below = (line.agency for line, role in played if role == "body furniture")
    return next(filter(None, below), None) or _agency_at_end(played)


def _is_portrait(line: Line, below: Played) -> bool:
    """Say whether a line is the initials of the name below it, which stand where a picture is missing."""
    starts = [tuple(word[0] for word in one.text.split()[:2]) for one, _ in below]
    return len(line.text) == 2 and tuple(line.text) in starts


_WITH = re.compile(r"\b(?:with|avec|mit|con|com|med|via)\b", re.IGNORECASE)


def _named(line: Line, role: str) -> str | None:
    if role in _NAMING or line.byline.labelled:
        return (
            line.agency
            or line.byline.agency
            or words.agency_within(line.date.around if line.date else line.plain)
        )
    if role.startswith("head") and not line.bits & _CAPTION:
        named = line.agency or line.byline.agency or words.agency_of_source(line.text)
        with_others = line.words <= 6 and _WITH.search(line.text)
        return named or (words.agency_within(line.text) if with_others else None)
    return None


_BRACKETED = re.compile(r"[(（]([^()（）]{2,40})[)）][.。]?$")


def _agency_at_end(played: Played) -> str | None:
    for line in _ending(played):
        match = _BRACKETED.search(line.text[-45:])
        named = words.agency_alone(match[1] if match else line.text) or words.agency_of_source(line.text)
        if named:
            return named
    return None
