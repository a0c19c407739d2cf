"""Take from headlines what is printed on their lines and belongs to no headline.

What stands before or behind several headlines of a page is the page's: its kickers, sections, numbers, outlets.
What stands at one alone is left, but for what is never of a headline, such as a time of day before it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from feeds.calendars import ascii_digits, date_line, printed_dates
from feeds.extract.text.printed import unbulleted
from feeds.extract.words import begins_as_furniture

_FEWEST = 2  # words of a headline
_TIME = re.compile(r"(?:[01]?\d|2[0-3])[:.h][0-5]\d(?:\s?[ap]\.?m\.?)?\s?[-–—|:]?\s+(?=\D)", re.IGNORECASE)
_NUMBER = re.compile(r"#?(\d{1,2})(?:\s?[-–—.):]\s?|\s)(?=[^\W\d_]|[\"'“‘«¿¡])")
_BEFORE = re.compile(r"[^|»›>]{2,30}?(?:\s?[|»›]\s?|>>+\s?)|[^:：]{2,30}?[:：]\s")
_GLUED = re.compile(r"(?:[A-Z][a-z]{2,12} ){1,3}?[a-z]{2,12}(?=[A-ZÀ-Þ\"“'‘])|(?:[A-Z][a-z]{2,12} ?){2,3}(?=[A-ZÀ-Þ\"“'‘])")
_BEHIND = re.compile(r"\s?(?:\s[-–—|]\s[^|]{2,40}|\s?[|][^|]{2,40}|\s?[(（][^()（）]{2,30}[)）]|_\w{2,20}|\s?-->)$")
_MARKS = re.compile(r"\s?(?:-->|_thumbnail|\$)$")


def cleaned(texts: Sequence[str]) -> list[str]:
    """Return the headlines of a page, in the order in which their lines stand there.

    >>> cleaned(["22:26 A ferry sinks", "Read MoreA harbour opens", "Read MoreA bridge falls"])
    ['A ferry sinks', 'A harbour opens', 'A bridge falls']
    """
    found = [_undated(_MARKS.sub("", _once(text))) for text in texts]
    found = _unnumbered(found)
    if len(found) > 1:
        found = _without(found, _behind, lambda text, part: text[: -len(part)].rstrip())
        found = _without(found, _before, lambda text, part: text[len(part) :].lstrip())
    return found


def _once(text: str) -> str:
    """Return a text that is printed twice in one line once."""
    half = len(text) // 2
    for at in (half, half + 1):
        first, second = text[:at].strip(" -–—|"), text[at:].strip(" -–—|")
        if first == second and first:
            return first
    return text


def _undated(text: str) -> str:
    """Return a headline without the time or the date that stands before it, or the date and all behind it."""
    if text[:1].isdigit() and (time := _TIME.match(text)):
        return text[time.end() :]
    if not any(map(str.isdigit, text)):
        return text
    for found in printed_dates(text):
        if found.start <= 4 and (found.year or text[found.end + 1 : found.end + 2] in "“\"'«"):
            rest = text[found.end :].strip(" -–—|:,.")
            return _TIME.sub("", rest) if len(rest.split()) > _FEWEST else text
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


def _without(
    texts: list[str], part_of: Callable[[str], str], taken: Callable[[str, str], str]
) -> list[str]:
    parts = [part_of(text) for text in texts]
    often = Counter(filter(None, parts))
    return [
        rest if part and often[part] > 1 and len((rest := taken(text, part)).split()) >= _FEWEST else text
        for text, part in zip(texts, parts, strict=True)
    ]


def _before(text: str) -> str:
    if match := _GLUED.match(text):
        if begins_as_furniture(match[0].casefold()):
            return match[0]
    return match[0] if (match := _BEFORE.match(text)) else ""


def _behind(text: str) -> str:
    return match[0] if (match := _BEHIND.search(text)) else ""
