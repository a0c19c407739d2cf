"""Read the place, date and agency that open a text: `MOSCOW, Nov 12 (Reuters) - `."""

from __future__ import annotations

import re

from msgspec import Struct

from feeds.calendars import printed_dates
from feeds.extract.agencies import agency
from feeds.extract.places import is_place
from feeds.extract.words import HAN, HANGUL, UPPER, agency_within, begins_as_furniture, opens_caption

_REACH = 110  # characters in which a dateline ends


class Dateline(Struct, frozen=True):
    """The printed place, date, agency and writers that open a text; `length` is how much of it they take."""

    place: str | None
    date: str | None
    agency: str | None
    length: int
    writers: tuple[str, ...] = ()


def dateline(text: str) -> Dateline | None:
    """Read the place, date and agency that open a text, or None.

    >>> dateline("MOSCOW, Nov 12 (Reuters) - These are some of the stories").place
    'MOSCOW'
    >>> dateline("新华社北京12月4日电 市议会决定").agency
    'Xinhua'
    """
    start = text[:_REACH]
    if not start.isascii() and (found := _by_script(start)):
        return found
    return _written(text) if _DASHES.search(text, 0, 95) else None


_DASHES = re.compile("[-–—―:|]|/[.]")
_PLACE = rf"[{UPPER}][\w'’.-]{{1,25}}(?: (?:[{UPPER}]|al-|de |la |am )[\w'’.-]{{0,25}}){{0,3}}"
_WEEKDAY = r"(?:[^\W\d_]{3,14},?\s)?"
_MONTH_DAY = (
    r"[^\W\d_]{3,10}\.?\s\d{1,2}(?:,?\s\d{4})?"
    r"|\d{1,2}(?:st|nd|rd|th)?\.?\s(?:de\s)?[^\W\d_]{3,12}\.?(?:,?\s(?:de\s)?\d{4})?"
)
_DATELINE = re.compile(
    rf"^(?:[(（\[]\s?(?P<first>[^()（）\[\]]{{2,40}})[)）\]]\s?(?:[-–—―]{{1,2}}\s?)?)?"
    rf"(?:(?P<place>{_PLACE}(?:\s?[,/]\s?{_PLACE}){{0,3}}?)(?!\w))?"
    rf"(?:\s?[,/.|]?\s?(?<!\w)(?P<date>{_WEEKDAY}(?:{_MONTH_DAY})|\d{{1,2}}[./-]\d{{1,2}}[./-]?(?:\d{{2,4}})?))?"
    r"\s?[,.]?\s?(?:[(/]\s?(?P<agency>[^()/]{2,40}(?:/[^()/]{2,20}(?=\)))?)\s?[)/]"
    r"|(?P<bare>[A-ZА-Я]{3,12}(?:\.RU)?))?\s?[.,]?\s?"
    r"(?P<dash>--|[-–—―:|]|\.-|(?<=/)\.)\s?(?=\S)"
)
_ABBREVIATED = re.compile(r"\.\w|\b\w{1,4}\.$")  # `U.S.`, `Calif.`
_BEHIND = re.compile(rf"\s?(?P<agency>[{UPPER}«][\w «».]{{1,30}}?)\s?[.–—-]\s")


def _written(text: str) -> Dateline | None:
    match = _DATELINE.match(text[:_REACH])
    if match is None or match.end() > 90:
        return None
    place, date, dash, end = match["place"], match["date"], match["dash"], match.end()
    place = place.rstrip(".") if place and date and not _ABBREVIATED.search(place) else place
    supplied = match["first"], match["agency"], match["bare"]
    named = next((found for part in supplied if part and (found := agency_within(part))), None)
    if match["first"] and agency(match["first"]) is None:
        return None
    if date and not any(printed_dates(date)):
        return None
    if place and date and named is None and (behind := _BEHIND.match(text, end)):
        named = agency(behind["agency"])
        end = behind.end() if named else end
    if not _is_sure(place, date, named, dash):
        return None
    key = text[:60].casefold()
    if not (date or named) and (begins_as_furniture(key) or opens_caption(key)):  # "READ MORE:"
        return None
    return Dateline(place, date, named, end)


def _is_sure(place: str | None, date: str | None, named: str | None, dash: str) -> bool:
    """A capital place, an agency, or a place with a date make a dateline.

    A date alone does not: `October 3, 1863 - Lincoln proclaims` tells of that day.
    """
    if (place and len(place.split()) > 6) or (dash == "|" and not (place and date)):
        return False
    if named or (date and place):
        return True
    if not place:
        return False
    first = place.split(",")[0]
    return first.isupper() and len(first) > 3 and agency(first) is None


# Ranges of many characters are compiled where a text needs them: it takes milliseconds.
_FIRST_EAST = "\u3000"
_CHINESE = (
    rf"[【(（\[]?(?P<words>[{HAN}\w]{{2,16}}?)(?P<date>(?:\d{{1,2}}月)?\d{{1,2}}日)(?:专?电|專?電|讯|訊)\s?[】)）\]]?"
    rf"(?:\s?[(（](?:记者|記者)\s?(?P<names>[{HAN}]{{2,4}}(?:[\s、]{{1,2}}[{HAN}]{{2,4}}){{0,4}})[)）])?"
)
_REPORTERS = rf"(?:记者|記者)(?P<rest>[{HAN}]{{2,10}})$"
_JAPANESE = rf"【(?P<place>[{HAN}\u30a0-\u30ff]{{2,10}}?)(?:\s?＝|\s|=)?(?P<agency>共同|時事|AFP|ロイター)】"
_KOREAN = (
    rf"[(\[【](?P<place>[{HANGUL}·]{{2,12}})\s?=\s?(?P<agency>[{HANGUL}\w]{{2,8}})[)\]】]\s?"
    rf"(?:(?P<names>[{HANGUL}]{{2,4}}(?:[·,\s]{{1,2}}[{HANGUL}]{{2,4}}){{0,3}})\s?(?:기자|특파원)\s?=?)?"
)


def _by_script(text: str) -> Dateline | None:
    """Read one in a script without capitals, if the text is written in one."""
    if _LETTERS[0] <= text[0] <= _LAST_LETTER:
        return _arabic(text)
    return _unspaced(text) if max(text) >= _FIRST_EAST else None


def _unspaced(text: str) -> Dateline | None:
    """Read one of China, Japan or Korea."""
    if (match := re.match(_CHINESE, text)) and (found := _chinese(match)):
        return found
    if match := re.match(_JAPANESE, text):
        return Dateline(match["place"], None, agency(match["agency"]), match.end())
    if (match := re.match(_KOREAN, text)) and (named := agency(match["agency"])):
        names = re.findall(rf"[{HANGUL}]{{2,4}}", match["names"] or "")
        return Dateline(match["place"], None, named, match.end(), tuple(names))
    return None


def _chinese(match: re.Match[str]) -> Dateline | None:
    """Part `新华社北京` and `中央社記者王小明台北`, which are written without a space."""
    told = match["words"]
    length = next((count for count in (5, 4, 3, 2) if agency(told[:count])), 0)
    if not length:
        return None
    place, names = told[length:], tuple(re.findall(rf"[{HAN}]{{2,4}}", match["names"] or ""))
    if reporters := re.search(_REPORTERS, place):
        rest = reporters["rest"]
        cut = next((at for at in (2, 3, 4) if is_place(rest[at:])), None)
        if cut is None:
            return None
        place, names = rest[cut:], (rest[:cut],)
    date = match["date"] if "月" in match["date"] else None
    return Dateline(place or None, date, agency(told[:length]), match.end(), names)


_LETTERS, _LAST_LETTER = "\u0620-\u064a\u066e-\u06d3\u200c", "\u06d3"
_ARABIC = (
    rf"(?P<place>[{_LETTERS}]{{2,14}}(?:\s[{_LETTERS}]{{2,14}}){{0,2}}?)"
    rf"(?:،?\s(?:في\s)?(?P<date>\d{{1,2}}\s[{_LETTERS}]{{3,10}}(?:\s\d{{4}})?))?"
    rf"\s?(?:[(（/]\s?(?P<agency>[^()/]{{2,30}}?)\s?[)/]\s?[-–—ـ:]{{0,2}}"
    rf"|[-–—]\s?(?P<bare>[{_LETTERS}. ]{{3,25}}?)\s?[-–—:])\s?(?=\S)"
)


def _arabic(text: str) -> Dateline | None:
    """Read one in Arabic letters, which have no capitals: an agency makes it sure."""
    match = re.match(_ARABIC, text)
    named = agency(match["agency"] or match["bare"]) if match else None
    if match is None or named is None:
        return None
    date = match["date"] if match["date"] and any(printed_dates(match["date"])) else None
    return Dateline(match["place"], date, named, match.end())
