"""Know an article's language, and what its writing does to words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from feeds.languages import language_of as detected

KNOWN = ("en", "ar", "da", "de", "es", "fa", "fr", "it", "nb", "nl", "pt", "ru", "sv", "tr", "zh")
# What else is read by the names and words of another language, because it writes most of them alike.
NEAREST = {
    **dict.fromkeys(("ur", "ps", "ckb", "sd", "ug"), "fa"),
    **dict.fromkeys(("uk", "be", "bg", "sr", "mk", "kk", "ky", "mn", "tg"), "ru"),
    "ja": "zh",
    "gl": "pt",
    "ca": "es",
    "az": "tr",
    "nn": "nb",
    "no": "nb",
}
# What is written on to an Arabic word, the longest first; the article keeps a trace of itself after "to".
ARTICLE = "ال"
WITH_ARTICLE = (ARTICLE, "لل")
JOINED = ("وبال", "وال", "بال", "فال", "كال", "ولل", "لل", "ال", "ول", "وب", "و", "ب", "ل", "ف", "ك")
SHORTEST_STEM = 2


def language_of(stated: str | None, text: Sequence[str]) -> str:
    """Give the language to read in: the stated one or what the words tell, if there are words for it."""
    told = stated or detected(text) or ""
    base = told.replace("_", "-").split("-")[0].lower()
    return base if base in KNOWN else NEAREST.get(base, "en")


def variants(language: str) -> Callable[[str], Iterable[str]]:
    """Give what else to look a folded word up as: Arabic words without what is written on to them."""
    if language in ("ar", "fa"):
        return _without_clitics
    return lambda folded: ()


def _without_clitics(folded: str) -> Iterable[str]:
    """Strip what Arabic writes on to a word: "and", "in", "to", the article, alone and together.

    >>> list(_without_clitics("والروسية"))
    ['الروسية', 'روسية']
    """
    for prefix in JOINED:
        if folded.startswith(prefix) and len(folded) - len(prefix) >= SHORTEST_STEM:
            stem = folded.removeprefix(prefix)
            yield from (ARTICLE + stem, stem) if prefix.endswith(WITH_ARTICLE) else (stem,)
            return
