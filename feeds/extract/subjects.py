"""Recognise the subject and country codes that documents carry of their own."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from feeds.model import StatedSubject

TOPICS = "http://cv.iptc.org/newscodes/mediatopic/"
COUNTRIES = "http://cvx.iptc.org/iso3166-1a2/"

# How a scheme is written, folded and without a slash at its end.
_SCHEMES = {
    "medtop": TOPICS,
    "mediatopic": TOPICS,
    "http://cv.iptc.org/newscodes/mediatopic": TOPICS,
    "https://cv.iptc.org/newscodes/mediatopic": TOPICS,
    "iso3166-1a2": COUNTRIES,
    "iso3166-1a3": COUNTRIES,
    "country": COUNTRIES,
    "cntry": COUNTRIES,
    "http://cvx.iptc.org/iso3166-1a2": COUNTRIES,
    "https://cvx.iptc.org/iso3166-1a2": COUNTRIES,
    "http://cvx.iptc.org/iso3166-1a3": COUNTRIES,
    "https://cvx.iptc.org/iso3166-1a3": COUNTRIES,
}
_SUBJECT_CODE = re.compile(r"(?:0[1-9]|1[0-7])\d{6}$")
_TERMS = {TOPICS: re.compile(r"\d{8}$"), COUNTRIES: re.compile(r"[A-Z]{2}$")}


def stated_subject(code: object, scheme: object = None) -> StatedSubject | None:
    """Give the subject that a code names: a URI, a QCode, or a term with its scheme; None for any other.

    >>> stated_subject("medtop:20000638").term
    '20000638'
    >>> stated_subject("NO", "http://cvx.iptc.org/iso3166-1a2/").scheme
    'http://cvx.iptc.org/iso3166-1a2/'
    >>> stated_subject("NOR", "country").term
    'NO'
    >>> stated_subject("sport")
    """
    if not isinstance(code, str) or len(code) > 200:
        return None
    code = code.strip()
    if not isinstance(scheme, str) or not scheme:
        parts = code.rpartition("/") if "://" in code else code.rpartition(":")
        scheme, _, code = parts
    known = _SCHEMES.get(scheme.strip().rstrip("/").casefold())
    if known == COUNTRIES:
        code = code.upper()
        code = _alpha_2().get(code, code)
    return StatedSubject(known, code) if known and _TERMS[known].match(code) else None


@cache
def _alpha_2() -> dict[str, str]:
    """The two-letter codes by the three-letter ones."""
    return tomllib.loads((resources.files("feeds.data") / "alpha3.toml").read_text("utf-8"))


def topic_of_subject_code(code: object) -> StatedSubject | None:
    """Give the Media Topic that an old IPTC Subject Code stands under.

    The seventeen top concepts have the same numbers in both; what is finer has no common number.

    >>> topic_of_subject_code("04005000").term
    '04000000'
    """
    if not isinstance(code, str) or not _SUBJECT_CODE.match(code.strip()):
        return None
    return StatedSubject(TOPICS, f"{code.strip()[:2]}000000")


def unique(subjects: list[StatedSubject | None]) -> tuple[StatedSubject, ...]:
    """Give the subjects that there are, each once, in order."""
    return tuple(dict.fromkeys(subject for subject in subjects if subject is not None))
