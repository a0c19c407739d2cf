"""The roles that the lines of a text capture play.

A role is one letter for what the line is, with its side of the article's beginning before it. The letters are
those of the tags of labelled captures: D date line, Y byline, C caption or credit, S standfirst, X
other words
of the article (kicker, section, place, source note), t the headline again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

PAGE = "J"  # the page's own words
HEADLINE = "T"
OPENING = "F"  # the first paragraph of an article without a headline
BODY = "B"  # a paragraph
MORE = "b"  # more of the paragraph above, where a line was broken
ABOVE = ("aC", "aD", "aS", "aX", "aY")  # matter of an article above its headline, or above its opening
BELOW = ("mC", "mD", "mS", "mX", "mY", "mt")  # matter of an article below its headline or opening

ROLES = (*ABOVE, *BELOW, BODY, OPENING, PAGE, HEADLINE, MORE)
NAMES = {
    PAGE: "page",
    HEADLINE: "headline",
    OPENING: "first paragraph, no headline",
    BODY: "body",
    MORE: "body, same paragraph",
    "aC": "caption above",
    "aD": "date above",
    "aS": "standfirst above",
    "aX": "kicker above",
    "aY": "byline above",
    "mC": "caption",
    "mD": "date",
    "mS": "standfirst",
    "mX": "kicker",
    "mY": "byline",
    "mt": "repeat",
}


def spans(roles: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Return where each article begins, and where the next one begins or the page ends.

    An article begins at the matter above its headline, at its headline or at its opening. What stands above
    the first beginning is the page's.

    >>> list(spans(["J", "T", "B", "J", "aD", "T", "B"]))
    [(1, 4), (4, 7)]
    """
    starts = [
        place
        for place, role in enumerate(roles)
        if role in (*ABOVE, HEADLINE, OPENING) and (place == 0 or roles[place - 1] not in ABOVE)
    ]
    yield from pairwise([*starts, len(roles)])
