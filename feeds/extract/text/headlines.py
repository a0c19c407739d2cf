"""Take from headlines what is printed on their lines and belongs to no headline.

What stands before or behind several headlines of a page is the page's: its kickers, sections, numbers,
outlets.
What stands at one alone is left, but for what is never of a headline, such as a time of day before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from feeds.calendars import clock, printed_dates
from feeds.extract.words import UPPER, begins_as_furniture, is_furniture

_FEWEST = 2  # words of a headline
_BEHIND_ONE = 2  # so much of what is the same may stand behind a headline
_DIGITS = re.compile(r"\d+")
_TIME = re.compile(
    r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:\s?[ap]\.?m\.?)?(?:\s?[-–—|:])?\s+(?=[^\s\d])", re.IGNORECASE
)
_NUMBER = re.compile(r"#?(\d{1,2})(?:\s?[-–—.):]\s?(?=[^\W_]|[\"'“‘«¿¡])|\s(?=[^\W\d_]|[\"'“‘«¿¡]))")
_BUTTON = re.compile(
    rf"(?P<said>[^\W\d_]{{2,12}}(?:\s[^\W\d_]{{1,12}}){{0,3}}?)\s?(?:[»›>]+\s?|(?<=[a-zà-ÿ])(?=[{UPPER}\"“'‘\d]))"
)
_BEFORE = re.compile(r"[^|«»›》>/]{2,30}?\s?(?:[|/]|[»›》>]+)\s?(?=\S)")
_BEHIND = re.compile(r"(?:\s[-–—|]\s[^|]{2,40}?|\s?\|[^|]{2,40}|_[^\W_]{3,20})$")
_TWICE = re.compile(r"([^\W\d_]{5,30}) (?=\1\b)")
_BRACKETS = re.compile(r"\s[(（][^()（）]{2,40}[)）]$")
_MARKS = re.compile(r"\s?(?:-->|[$|])$|^(?:[:|]\s|[■□●◆◇▶►▲△★☆※]\s?)")
_PUBLISHED = re.compile(
    r"\s?(?:\d{1,2} min read)?[\s.|]{0,9}(?:published|updated|posted)?\s?(?:at|on|:)?\s?$", re.IGNORECASE
)


def cleaned(texts: Sequence[str]) -> list[str]:
    """Return the headlines of a page, in the order in which their lines stand there.

    >>> cleaned(["22:26 A ferry sinks", "Read MoreA harbour opens", "Lamp News | A bridge falls"])
    ['A ferry sinks', 'A harbour opens', 'Lamp News | A bridge falls']
    >>> cleaned(["Lamp News | A bridge falls into the river", "Lamp News | Ferry sinks off the cape"])
    ['A bridge falls into the river', 'Ferry sinks off the cape']
    """
    found = [_undated(_without_button(_MARKS.sub("", _once(text)))) for text in texts]
    found = _unnumbered(found)
    found = [_TWICE.sub("", text, 1) if _TWICE.match(text) else text for text in found]
    if len(found) > 1:
        for _ in range(_BEHIND_ONE):
            found = _without(found, True, _BEHIND)
        found = _without(_without(found, False, _BUTTON), False, _BEFORE)
    if len(found) > 2 and all(map(_BRACKETS.search, found)):
        found = [_BRACKETS.sub("", text) for text in found]
    return found


def _once(text: str) -> str:
    """Return a text that is printed twice in one line once."""
    if text[:1] == text[-1:] == "*":
        return text.strip("*")
    half = (len(text) + 1) // 2
    for at in (half, half - 1, half + 1):
        second = text[at:].strip(" -–—|")
        if second and text[:at].strip(" -–—|0123456789") == second:
            return second
    return text


def _without_button(text: str) -> str:
    """Return a headline without the words of a button beside it: `Read more »`, `Read moreA ferry sinks`."""
    match = _BUTTON.match(text)
    said = match["said"].casefold() if match else ""
    if match and (is_furniture(said) or begins_as_furniture(said)):
        return text[match.end() :]
    start, *last = text.rsplit(" ", 2)
    return start if len(last) == 2 and is_furniture(" ".join(last).casefold()) else text


def _undated(text: str) -> str:
    """Return a headline without the time or the date before it, or without the date and time behind it."""
    if text[:1].isdigit() and (time := _TIME.match(text)):
        return text[time.end() :]
    if not any(map(str.isdigit, text)):
        return text
    for found in printed_dates(text):
        rest = text[found.end :].strip(" -–—|:,.")
        if found.start <= 4 and (found.year or rest[:1] in '“"«'):
            rest = _TIME.sub("", rest).strip('“”"«»')
            return rest if len(rest.split()) > _FEWEST else text
        told = clock(text)
        if found.year and found.start > 10 and told and abs(told[2] - found.end) < 40:
            return _PUBLISHED.sub("", text[: min(found.start, told[2])]) or text
    return text


def _unnumbered(texts: list[str]) -> list[str]:
    """Take away the numbers of a list, where they count on from one headline to another."""
    numbers = [_NUMBER.match(text) for text in texts]
    told = {int(match[1]) for match in numbers if match}
    counted = {number for number in told if {number - 1, number + 1} & told}
    return [
        text[match.end() :] if match and int(match[1]) in counted else text
        for text, match in zip(texts, numbers, strict=True)
    ]


def _without(texts: list[str], behind: bool, pattern: re.Pattern[str]) -> list[str]:
    """Take away what the pattern finds, where it is the same, but for numbers, at several headlines.

    What is followed by the same, as in `NewsAlert: ...`, is a part of something.
    """
    found = list(map(pattern.search if behind else pattern.match, texts))
    keys = [_DIGITS.sub("0", match[0]) if match else "" for match in found]
    often = Counter(filter(None, keys))
    following = {
        (key, text[match.end() :].partition(" ")[0])
        for text, match, key in zip(texts, found, keys, strict=True)
        if match
    }
    goes_on = Counter(key for key, _ in following)
    return [
        _rest(text, match) if match and often[key] > 1 and (behind or goes_on[key] > 1) else text
        for text, match, key in zip(texts, found, keys, strict=True)
    ]


def _rest(text: str, match: re.Match[str]) -> str:
    left = (text[: match.start()] + text[match.end() :]).strip(" |")
    return left if len(left) > len(match[0]) else text
