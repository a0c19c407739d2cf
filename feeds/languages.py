"""Tell the language of a text by its script, its letters and its commonest words.

The words and letters stand in feeds/data/languages.toml. Only the beginning of a text is looked at,
so that an article costs some hundredths of a millisecond.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from feeds.tables import toml

_LOOKED_AT = 1_000  # characters
_FEW = 8  # letters of a script that tell nothing yet
_ENOUGH = 2.0  # evidence that a language needs: about as many common words
_SHARE = 0.12  # of the words: a text has that many common words of its language
_LEAD = 1.15  # how much more speaks for a language than for the next one
_LETTER = 0.5  # what a letter counts against a word, shared by the languages that write it
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_NO_LETTERS = bytes(set(range(256)) - set(b"abcdefghijklmnopqrstuvwxyz"))
_EDGES = ".,;:!?()[]{}\"'“”‘’«»„…–—-۔،؟؛।"

# The scripts by their first code points, up to the next row; a language where only one is written so.
_SCRIPTS: tuple[tuple[int, str], ...] = (
    (0x0, ""),
    (0x41, "latin"),
    (0x370, "el"),
    (0x400, "cyrillic"),
    (0x530, "hy"),
    (0x590, "he"),
    (0x600, "arabic"),
    (0x700, ""),
    (0x750, "arabic"),
    (0x780, "dv"),
    (0x7C0, ""),
    (0x8A0, "arabic"),
    (0x900, "devanagari"),
    (0x980, "bn"),
    (0xA00, "pa"),
    (0xA80, "gu"),
    (0xB00, "or"),
    (0xB80, "ta"),
    (0xC00, "te"),
    (0xC80, "kn"),
    (0xD00, "ml"),
    (0xD80, "si"),
    (0xE00, "th"),
    (0xE80, "lo"),
    (0xF00, "bo"),
    (0x1000, "my"),
    (0x10A0, "ka"),
    (0x1100, "ko"),
    (0x1200, "am"),
    (0x1400, ""),
    (0x1780, "km"),
    (0x1800, ""),
    (0x1E00, "latin"),
    (0x1F00, "el"),
    (0x2000, ""),
    (0x3040, "kana"),
    (0x3100, ""),
    (0x3400, "han"),
    (0xA000, ""),
    (0xAC00, "ko"),
    (0xD800, ""),
    (0xFB50, "arabic"),
    (0xFE00, ""),
    (0xFE70, "arabic"),
    (0xFF00, ""),
)
_STARTS = tuple(start for start, _ in _SCRIPTS)
_SEVERAL = ("latin", "arabic", "cyrillic", "devanagari")  # scripts that several languages here write


def language_of(texts: Iterable[str]) -> str | None:
    """Give the language (BCP 47) that texts, taken together, are written in; None where that is not clear.

    >>> language_of(["The council met on Monday, and the mayor said that it was over."])
    'en'
    >>> language_of(["گفت‌وگو در تهران برگزار شد و وزیر گفت که این توافق برای کشور است."])
    'fa'
    >>> language_of(["OK"])
    """
    sample = _sample(texts)
    letters = _foreign(sample)
    script = _script(sample, letters)
    if script not in _SEVERAL:
        return script or None
    return _by_words(script, sample, letters)


def writes(language: str, texts: Iterable[str]) -> bool:
    """Say whether a language is written in the script of the texts; True where nothing speaks against it.

    >>> writes("en", ["Σήμερα συνεδριάζει το δημοτικό συμβούλιο"])
    False
    """
    sample = _sample(texts)
    script = _script(sample, _foreign(sample))
    tag = language.split("-")[0]
    own = next((name for name in _SEVERAL if tag in _languages(name)), None)
    if not script or own is None:
        return True
    return script == own or (script in _SEVERAL and "-" in language) or tag in _languages(script)


def _sample(texts: Iterable[str]) -> str:
    parts: list[str] = []
    length = 0
    for text in texts:
        parts.append(text[: _LOOKED_AT - length])
        length += len(parts[-1]) + 1
        if length >= _LOOKED_AT:
            break
    return " ".join(parts).lower()


def _foreign(sample: str) -> Mapping[str, int]:
    """Count the letters that are not ASCII."""
    return {} if sample.isascii() else Counter("".join(_NOT_ASCII.findall(sample)))


def _script(sample: str, letters: Mapping[str, int]) -> str:
    """Name the script that most of the letters are of, or its one language; "" where there are too few."""
    scripts: dict[str, int] = defaultdict(int)
    scripts["latin"] = len(sample.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    for letter, count in letters.items():
        if letter.isalpha():  # not the punctuation of general use
            scripts[_SCRIPTS[bisect_right(_STARTS, ord(letter)) - 1][1]] += count
    scripts.pop("", None)
    east = scripts.pop("kana", 0)
    han = scripts.pop("han", 0)
    if east or han:
        # Japanese writes half of its letters in kana; a Chinese text may quote a few.
        scripts["ja" if east * 8 > han else "zh"] = 2 * (east + han)  # a character is half a word
    best = max(scripts, key=lambda name: (scripts[name], name), default="")
    return best if best and scripts[best] >= _FEW else ""


def _by_words(script: str, sample: str, letters: Mapping[str, int]) -> str | None:
    """Give the language of a script whose common words and letters the sample has most of."""
    words = sample.split()
    known = _words(script)
    scores: dict[str, float] = defaultdict(float)
    for word in words:
        shares = known.get(word)
        if shares is None and not word.isalpha():
            shares = known.get(word.strip(_EDGES))
        if shares is not None:
            for language, weight in shares:
                scores[language] += weight
    for letter in sorted(letters.keys() & _letters(script).keys()):  # sums of fractions depend on their order
        for language, weight in _letters(script)[letter]:
            scores[language] += weight * min(letters[letter], 6)
    if not scores:
        return None
    score, second = [*sorted(scores.values(), reverse=True), 0.0][:2]
    best = min(language for language, own in scores.items() if own == score)
    # A language that puts words together has fewer common ones, but no other has them.
    share = _SHARE / 2 if score >= 2 * second else _SHARE
    clear = score >= _ENOUGH and score >= share * len(words) and score >= _LEAD * second
    return best if clear else None


@cache
def _table() -> dict[str, dict[str, Any]]:
    return toml("languages.toml")


@cache
def _languages(script: str) -> frozenset[str]:
    return frozenset(_table().get(script, ()))


@cache
def _words(script: str) -> dict[str, tuple[tuple[str, float], ...]]:
    """Each common word of a script with the languages that have it, and what it counts for each."""
    owners: dict[str, list[str]] = defaultdict(list)
    for language, words in _table()[script].items():
        for word in sorted(set(words.split())):
            owners[word].append(language)
    return {word: _shared(languages, 1.0) for word, languages in owners.items()}


@cache
def _letters(script: str) -> dict[str, tuple[tuple[str, float], ...]]:
    owners: dict[str, list[str]] = defaultdict(list)
    for language, letters in _table()["letters"].items():
        if language in _languages(script):
            for letter in letters:
                owners[letter].append(language)
    return {letter: _shared(languages, _LETTER) for letter, languages in owners.items()}


def _shared(languages: list[str], weight: float) -> tuple[tuple[str, float], ...]:
    each = weight / len(languages) ** 0.5  # a shared word still tells its languages from all others
    return tuple((language, each) for language in languages)
