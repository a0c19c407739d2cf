"""Tell a picture's words from the name of its supplier."""

from __future__ import annotations

from feeds.extract.agencies import agency, supplies_pictures
from feeds.extract.pagestated import words
from feeds.model import Caption

_LONGEST = 100  # characters of a credit


def split_credit(text: str, credit: str | None = None) -> Caption:
    """Part a caption from its credit: the one that markup names, or else the one that ends it.

    >>> split_credit("The bridge on Tuesday. (Photo: Ola Berg)")
    Caption(text='The bridge on Tuesday.', credit='Ola Berg')
    >>> split_credit("The photo shows the bridge: it is new.")
    Caption(text='The photo shows the bridge: it is new.', credit=None)
    """
    if credit and text.endswith(credit) and len(text) > len(credit):
        return Caption(text[: -len(credit)].rstrip(" ([|/–—-"), bare_credit(credit))
    if credit and text.startswith(credit) and len(text) > len(credit):
        return Caption(text[len(credit) :].lstrip(" )]|/–—-"), bare_credit(credit))
    return _printed(text)


def _printed(text: str) -> Caption:
    start = max(0, len(text) - _LONGEST)
    tail = text[start:].casefold()
    if len(tail) != len(text) - start:  # folding changed the length: places would not agree
        return Caption(text)
    found = [at for lead in words("credit_lead") if (at := _place(tail, lead)) >= 0]
    if not found:
        return _supplied(text)
    at = start + min(found)
    supplier = bare_credit(text[at:])
    return Caption(text[:at].rstrip(" ([|/–—-•"), supplier) if supplier and at else Caption(text)


def _supplied(text: str) -> Caption:
    """Part a caption from the agency that stands after its last sentence, with a photographer or alone."""
    at = max(text.rfind(mark, max(0, len(text) - 60)) for mark in (". ", " / ", " | ", " ("))
    last = text[at + 2 :].strip(" ()./|") if at > 0 else ""
    pieces = [piece.strip() for piece in last.replace(" via ", "/").replace(",", "/").split("/")]
    named = any(agency(piece) or supplies_pictures(piece) for piece in (pieces[0], pieces[-1]) if piece)
    if not named or len(last.split()) > 8:
        return Caption(text)
    return Caption(text[: at + 1].rstrip(" (|/"), last)


def _place(tail: str, lead: str) -> int:
    """Say where a lead word begins the credit: after a bracket or a sentence, before a colon."""
    at = tail.rfind(lead) if lead == "©" else max(tail.rfind(lead + mark) for mark in (":", " :", "/"))
    if at < 0 or lead == "©":
        return at
    before = tail[:at].rstrip()
    return at if not before or before[-1] in "([.!?|/–—-•\"”»'" else -1


def bare_credit(credit: str) -> str | None:
    """Give the supplier alone that a credit names.

    >>> bare_credit("(Foto: Ola Berg)")
    'Ola Berg'
    """
    text = credit.strip(" ()[]|.–—-•")
    folded = text.casefold()
    for lead in sorted(words("credit_lead"), key=len, reverse=True):
        if folded.startswith(lead) and not folded[len(lead) : len(lead) + 1].isalnum():
            text = text[len(lead) :].strip(" :/()[]|.–—-•©")
            break
    return text or None
