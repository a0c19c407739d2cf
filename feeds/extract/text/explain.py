"""Say why a line of a text capture was given its role, in words."""

from __future__ import annotations

from collections.abc import Sequence

from feeds.extract.text.model import Reading, worth
from feeds.extract.text.roles import NAMES, ROLES

_NAMED = 3  # features
_KINDS = {
    "L": "a text",
    "D": "a date",
    "d": "a line with a date",
    "J": "the page's words",
    "C": "a caption",
    "Y": "a byline",
    "A": "an agency",
    "w": "a name",
    "n": "figures or marks",
    "s": "up to three words",
    "h": "a short line",
    "^": "the top of the page",
    "$": "the end of the page",
}
# What the beginning of a feature's name says, the longest first.
_MEANINGS = {
    "len=": "its length",
    "le": "its length and how it ends",
    "leb=": "its length, how it begins and ends",
    "end=": "how it ends",
    "beg=": "how it begins",
    "sents=": "its number of sentences",
    "kind=": "what it looks like",
    "by=": "the names in it",
    "kg=": "what it looks like and the space around it",
    "lg=": "its length and the space around it",
    "ab=": "the space above it",
    "be=": "the space below it",
    "rel=": "the space above it, against what is usual here",
    "gg=": "the space above it, against that between texts here",
    "ke=": "what it looks like and how it ends",
    "date=": "the date in it",
    "dl=": "the dateline that it opens with",
    "rep=": "it is printed more than once",
    "pre=": "a line near it begins as it does",
    "caps": "it is in capitals",
    "title": "It Is in Title Case",
    "nol": "it has no letters",
    "furn": "it is the page's own words",
    "fst": "it begins as share and sign-in lines do",
    "opens": "it opens a list of other articles",
    "cred": "it credits a picture",
    "photo": "it begins as captions do",
    "ag": "it names an agency",
    "long": "it is a text",
    "cb": "it says who wrote",
    "hd": "it holds a date",
    "ck": "it begins with a time of day",
    "first": "it is the first line",
    "last": "it is the last line",
    "pos=": "where it stands on the page",
    "lb=": "how many texts stand above it",
    "la=": "how many texts stand below it",
    "k_lb=": "how many texts stand above and below it",
    "nx=": "how far off the next text is",
    "pv=": "how far off the last text is",
    "blk": "its place among the short lines between two texts",
    "ovn=": "the words that it shares with the text below",
    "ovp": "the words that it shares with the text above",
    "ova": "the words that it shares with the text below",
    "nm": "the names that it shares with the texts above",
    "no": "how many of its names stood above",
    "olda": "which of its names stand above and below",
    "sim": "the rare words that it shares with the text above",
    "pgs=": "on which side of the texts dates stand here",
    "run=": "the rhythm of texts and short lines here",
    "tri=": "its surroundings come again here",
    "t3": "the lines beside it",
    "t5": "the lines around it",
    "K=": "its words",
    "w1": "its first words",
    "wl=": "its last word",
    "lab=": "its label",
    "shape=": "the shape of its beginning",
    "ec": "how it ends, against the other texts",
    "hc": "how it begins, against the other texts",
    "pec": "how the text above it ends",
    "phc=": "how the text above it begins",
    "btw": "what stands between it and the text above",
    "adjab=": "it stands right below a text",
    "same": "it begins or ends with the same word as the text above",
    "q1=": "how it and the text above begin",
    "lr=": "its length against the text above",
    "sc=": "its script against the text above",
    "ll=": "the page ends with it",
    "fw": "its first word",
    "D2": "how much the texts of the page share",
    "D3": "how much the texts of the page share",
}
_ORDER = sorted(_MEANINGS, key=len, reverse=True)


def meaning(name: str) -> str:
    """Return in words what the name of a feature says.

    >>> meaning("ab=2"), meaning("-1k=D")
    ('the space above it', 'a date above it')
    """
    for step, where in (("-1k=", "above it"), ("1k=", "below it")):
        if name.startswith(step):
            return f"{_KINDS.get(name[len(step) :], 'a line')} {where}"
    if name[:1] in "-123":
        return "the lines around it"
    found = next((start for start in _ORDER if name.startswith(start)), None)
    return _MEANINGS[found] if found else "what is true of the whole page"


def why(features: Sequence[Sequence[str]], reading: Reading, place: int) -> str:
    """Return what decided the role of a line, the role that came next, and how likely each is."""
    role, chances = reading.roles[place], reading.chances[place]
    ranked = sorted(range(len(ROLES)), key=lambda number: -chances[number])
    other = next(ROLES[number] for number in ranked if ROLES[number] != role)
    words = [meaning(name) for value, name in worth(features, place, role, other)[:12] if value > 0]
    decided = ", ".join(list(dict.fromkeys(words))[:_NAMED]) or "what stands around it"
    sure, next_ = (float(chances[ROLES.index(one)]) for one in (role, other))
    return f"{decided} ({sure:.0%}; next: {NAMES[other]}, {next_:.0%})"
