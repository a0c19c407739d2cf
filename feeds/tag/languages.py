"""Know an article's language, and what its writing does to words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

KNOWN = ("en", "ar", "de", "es", "fa", "fr", "pt", "ru", "tr", "zh")
# The commonest words that a language does not share with the others here.
COMMON_WORDS = {
    "en": "the and of to in that for was with said his from has have were been which this are",
    "fr": "les des une dans pour est par sur qui du au aux avec ses cette été ont et",
    "es": "los las una del por con para que el como más su sus fue según este y al",
    "pt": "os das dos uma não do da em com para que ao pela pelo são foi mais é às",
    "de": "der die das und den von mit ist im für auf des nicht ein eine dem zu sich",
    "tr": "ve bir bu için ile da de olarak olan çok daha ancak sonra kadar dedi göre",
}
COMMON = {language: frozenset(words.split()) for language, words in COMMON_WORDS.items()}
LOOKED_AT = 1500  # characters
FEW = 30  # letters of another script that a text may quote
# What is written on to an Arabic word, the longest first; the article keeps a trace of itself after "to".
ARTICLE = "ال"
WITH_ARTICLE = (ARTICLE, "لل")
JOINED = ("وبال", "وال", "بال", "فال", "كال", "ولل", "لل", "ال", "ول", "وب", "و", "ب", "ل", "ف", "ك")
SHORTEST_STEM = 2


def language_of(stated: str | None, text: Sequence[str]) -> str:
    """Give the language to read in: the stated one if it is known, else by the script and commonest words."""
    if stated:
        base = stated.replace("_", "-").split("-")[0].lower()
        return base if base in KNOWN else "en"
    tokens = " ".join(text)[:LOOKED_AT].split()
    return _by_script(tokens) or _by_words(tokens)


def _by_script(tokens: Sequence[str]) -> str | None:
    letters = "".join(token for token in tokens if not token.isascii())
    if len(letters) <= FEW:
        return None
    for language, low, high in (
        ("zh", "\u4e00", "\u9fff"),
        ("ru", "\u0400", "\u04ff"),
        ("ar", "\u0600", "\u06ff"),
    ):
        if sum(low <= letter <= high for letter in letters) > FEW:
            persian = language == "ar" and sum(letter in "پچژگیک" for letter in letters) * 40 > len(letters)
            return "fa" if persian else language
    return None


def _by_words(tokens: Sequence[str]) -> str:
    words = {token.lower() for token in tokens}
    return max(COMMON, key=lambda language: len(COMMON[language] & words))


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
