"""Know the lines that news databases and wires put around articles: fields with labels, and borders.

Such an export says itself where an article begins and what its headline is. Labels count only where
several of them stand in one text, for a page of the web may say `Source:` or `Date:` once, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from feeds.tables import toml

HEADLINE, STANDFIRST, NAMING, FIELD, BORDER = KINDS = (
    "a labelled headline",
    "a labelled standfirst",
    "a field that says who or when",
    "a field",
    "a border between articles",
)
_KINDS = {"headline": HEADLINE, "standfirst": STANDFIRST, "opens": NAMING, "dated": NAMING, "other": FIELD}
_SEVERAL = 3  # labels that make an export
_LONGEST = 24  # characters of a label
_BORDER = re.compile(
    r"\d{1,5} of \d{1,5} documents?|document \d{1,5} (?:of|von|sur|de) \d{1,5}|end of document"
    r"|nnnn|zczc\b.{0,30}|document [a-z]{2,10}\d{8,}\w{0,20}",
    re.IGNORECASE,
)
_BORDERS = "dDeEnNzZ0123456789"  # what they begin with


@cache
def _labels() -> dict[str, str]:
    """What stands behind each label."""
    return {label: kind for kind, labels in toml("records.toml").items() for label in labels}


def marks(texts: Sequence[str]) -> dict[int, tuple[str, int]]:
    """Give what some lines are, by place, each with where its text begins.

    >>> marks(["TITLE: A ferry sinks", "SOURCE: Herald", "PAGE: 3"])
    {0: ('a labelled headline', 7), 1: ('a field', 0), 2: ('a field', 0)}
    >>> marks(["Source: Herald", "Date: 12 March"])
    {}
    """
    labelled = {place: found for place, text in enumerate(texts) if (found := _label(text))}
    several = len({label for label, _ in labelled.values()}) >= _SEVERAL
    marked: dict[int, tuple[str, int]] = {}
    for place, (label, start) in labelled.items() if several else ():
        kind = _labels()[label]
        if kind == "opens" and place and place - 1 not in labelled:
            marked[place - 1] = HEADLINE, 0
        if kind in ("headline", "standfirst"):
            marked[place] = (_KINDS[kind], start) if start < len(texts[place]) else (FIELD, 0)
        else:
            marked[place] = _KINDS[kind], 0
    for place, text in enumerate(texts):
        if text[0] in _BORDERS and len(text) <= 40 and _BORDER.fullmatch(text):
            marked[place] = BORDER, 0
    return marked


def _label(text: str) -> tuple[str, int] | None:
    """Give the label that a line begins with, folded, and where the text behind it begins."""
    at = text.find(":", 0, _LONGEST + 1)
    label = text[:at].rstrip().casefold() if at > 0 else ""
    if label not in _labels():
        return None
    return label, len(text) - len(text[at + 1 :].lstrip())
