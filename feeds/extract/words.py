"""Know the words that surround articles: furniture, agencies, credits.

The words themselves stand in feeds/data/furniture.toml and agencies.toml.
"""

from __future__ import annotations

import re
from functools import cache
from operator import add

from feeds.extract.agencies import agency, spellings, supplies_pictures
from feeds.tables import toml

HAN, HANGUL = "\u3400-\u9fff", "\uac00-\ud7af"  # ranges of letters
UPPER = "A-ZÀ-ÖØ-ÞĀ-ŽА-ЯІЇЄҐΑ-Ω"


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    return toml("furniture.toml")


@cache
def _furniture(part: str) -> frozenset[str]:
    return frozenset(
        word.rstrip(" .:") if part == "lines" else word for words in _table().values() for word in words[part]
    )


@cache
def _beginnings(part: str) -> dict[str, tuple[str, ...]]:
    """The beginnings by their first two characters."""
    found: dict[str, tuple[str, ...]] = {}
    for word in _furniture(part):
        found[word[:2]] = (*found.get(word[:2], ()), word)
    return found


def _begins(key: str, part: str) -> bool:
    known = _beginnings(part)
    heads = known.get(key[:2], ())
    if key[:1] in known:  # a beginning may be one character long
        heads = (*heads, *known[key[:1]])
    return key.startswith(heads) and any(
        key.startswith(head) and not (head[-1].isalpha() and key[len(head) : len(head) + 1].isalpha())
        for head in heads
    )


def byline_labels() -> frozenset[str]:
    """Give what may stand before a writer's name, folded; with a colon where it has to have one."""
    return _furniture("byline")


def is_furniture(key: str) -> bool:
    """Say whether a folded line is nothing but the page's own words."""
    return (
        key in _furniture("lines") or key in _furniture("openers") or key.lstrip("#+ ") in _furniture("lines")
    )


def begins_as_furniture(key: str) -> bool:
    """Say whether a folded line begins as share, sign-in, cookie and read-more lines do."""
    return _begins(key.lstrip("<【[「"), "starts")


def opens_others(key: str) -> bool:
    """Say whether a folded line is the heading of a block about other articles."""
    return key in _furniture("openers")


def opens_caption(key: str) -> bool:
    """Say whether a folded line begins as captions do."""
    return _begins(key.lstrip("(（"), "photo")


def closes_caption(text: str) -> bool:
    """Say whether a line ends as captions do that tell day and place last."""
    return "＝" in text and _PLACED.search(text[-80:]) is not None


_BETWEEN = "and|und|et|y|avec|mit|con|with|com|via|med"
_LIST = re.compile(rf"\s{{0,99}}(?:[/,;&|+]|\b(?:{_BETWEEN})\b|[–—]|\s-\s|-(?=[A-Z]{{2}}))\s*")
_SOURCES = (
    "source|sources|quelle|izvor|sursa|πηγή|източник|lähde|nguồn|theo|fuente|fonte|kaynak|źródło|zdroj|forrás|sumber|källa|kilde|bron|источник|джерело|"
    "المصدر|来源|來源|出典|출처|agency|agencies|agence|agencia|agenzia|redazione|redacción|copyright|"
    "mit material von|with files from|with reporting from|con información de|com informações d[aeo]|"
    "con informazioni di|avec|mit|with"
)
_SOURCE = re.compile(rf"(?:{_SOURCES}|©|\(c\))\s?[:：]?\s?", re.IGNORECASE)
# Who edited an agency's text puts letters beside its name: `mk/dpa`, `AFP/jv`.
_INITIALS = re.compile(r"(?:[a-zäöüß]{2,4}|[a-z]\.[a-z]\.|[A-Z]{1,2}\.?)(?![^\W_])")
_LIST_WORDS = frozenset(_BETWEEN.split("|"))
_LIST_MARKS = re.compile(r"[/,;&|+-](?:(?<!-)|[\sA-Z])")
_UNWORDED = str.maketrans(
    dict.fromkeys((mark for mark in map(chr, range(128)) if not re.match(r"\w", mark)), " ")
)
_FIRST_WORD = re.compile(r"\w+")


def _listed(text: str) -> list[str]:
    """Part a text where its names end; most have no such place, which is seen much faster."""
    if (
        text.isascii()
        and not _LIST_MARKS.search(text)
        and _LIST_WORDS.isdisjoint(text.translate(_UNWORDED).split())
    ):
        return [text]
    return _LIST.split(text)


@cache
def _agency_beginnings() -> frozenset[str]:
    """The words that lines of agencies alone begin with, folded."""
    found = (_FIRST_WORD.search(spelling.casefold()) for spelling in spellings())
    return _LIST_WORDS.union(first[0] for first in found if first)


def agency_alone(text: str) -> str | None:
    """Give the agency of a line that names nothing but agencies, as `(AFP)`, `Source: AP`, `mk/AFP`."""
    if len(text) > 70:
        return None
    bare = text.strip(" ()[]（）【】.")
    if source := _SOURCE.match(bare):
        bare = bare[source.end() :]
    first = _FIRST_WORD.search(bare.casefold())
    if first is None or (first[0] not in _agency_beginnings() and not _INITIALS.match(bare, first.start())):
        return None
    return _agency_of(bare)


def _agency_of(bare: str) -> str | None:
    first, *rest = bare.split(" ")
    if rest and len(bare) <= 12 and all(map(_INITIALS.fullmatch, rest)) and (named := agency(first)):
        return named  # `epd mk jv`
    parts = [part.strip() for part in _listed(bare.replace("(", "/")) if part.strip(" )")]
    found = [agency(part) for part in parts]
    if "/" in bare and any(found) and not all(found):
        left = zip(parts, found, strict=True)
        return (
            next(filter(None, found))
            if all(name or _INITIALS.fullmatch(part) for part, name in left)
            else None
        )
    return found[0] if found and all(found) else agency(bare)


def agency_of_source(text: str) -> str | None:
    """Give the agency among others behind a label: `Quelle: DIE ZEIT, dpa`."""
    bare = text.strip(" ()[].")
    label = _SOURCE.match(bare)
    if label is None or label[0].rstrip()[-1:] not in (":", "："):
        return None
    return agency_within(bare[label.end() :])


def agency_within(text: str) -> str | None:
    """Give the first agency that a byline, a credit or a date line names among others."""
    for part in text.split("|"):
        named = agency(part) or agency_alone(part.strip())
        named = named or next((found for one in _listed(part) if (found := agency(one))), None)
        if named:
            return named
    return None


_BRACKETS = re.compile(r"[(（\[]\s*([^()（）\[\]]{1,120})[)）\]]\s*\.?\s*$")
_TAIL = re.compile(r"(?:\s[-–—/|]\s?|\.\s|/)\s?([^/|–—.]{2,60}(?:\s?/\s?[^/|–—.]{2,40}){0,3})\.?$")
_PICTURE = (
    "photo|foto|fotos|image|picture|pic|credits?|crédit|crédito|photograph|bild|imagen|imagem|zdjęcie|fot|фото|"
    "عکس|تصوير|المصدر|source|illustration|grafik|video"
)
_GIVEN_BY = "by|courtesy|courtesy of|via|from|credit:?|de|von|di"
_LABEL = re.compile(
    rf"(?:^|[\s.(|–—-])(?:(?:{_PICTURE})\s?[:/©]|(?:{_PICTURE}) (?:{_GIVEN_BY})\s|©|\bfot\.)"
    r"\s*([^()\n]{2,80})\)?\.?$",
    re.IGNORECASE,
)


# One of these stands in every label that _LABEL finds, and to look for a few words is much faster.
_LABEL_WORDS = tuple(
    word
    for word in ("©", *(word.removesuffix("s?") for word in _PICTURE.split("|")))
    if not any(other in word for other in ("fot", "photo", "pic", "image", "crédit") if other != word)
)
_ASCII_LABEL_WORDS = tuple(filter(str.isascii, _LABEL_WORDS))


def _may_be_labelled(tail: str) -> bool:
    folded = tail.casefold()
    return any(map(folded.__contains__, _ASCII_LABEL_WORDS if folded.isascii() else _LABEL_WORDS))


_CLOSING = (")", "）", "]")
# Who took or gave a picture, where the verb stands last: 李明 摄, 佐々木健一撮影, 부산시 제공.
_TAKEN = re.compile(
    r"(?:^|[\s。.、，＝=/／(（【])(?:([^\s。.、，＝=/／()（）【】]{2,16})[\s／/]?(?:摄影?|攝影?|撮影|提供|供图|供圖)"
    r"|([^\s.]{1,12}(?: [^\s.]{1,8})?) (?:제공|촬영))[。.)）】]*$"
)
_TAKEN_ENDS = ("摄", "攝", "影", "供", "图", "圖", "공", "영")
# Japanese captions tell day and place behind such a sign.
_PLACED = re.compile(r"＝[^。＝]{0,30}[日月年][^。＝]{0,40}$")
_TAIL_MARKS = (" -", " –", " —", "/", " |", ". ")


def credit(text: str) -> str | None:
    """Give the supplier of a picture as its caption's end prints it, or None where the line shows none.

    >>> credit("Iran's Evin Prison (File photo: Reuters)")
    'File photo: Reuters'
    """
    tail = text[-130:]
    if not tail.isascii() and tail.rstrip("。.)）】")[-1:] in _TAKEN_ENDS and (taken := _TAKEN.search(tail)):
        return taken[1] or taken[2]
    # Most lines have none of what a credit needs, and three searches would cost more than all else.
    inside = _BRACKETS.search(tail) if tail.rstrip(" .")[-1:] in _CLOSING else None
    if inside and _supplies(inside[1]):
        return inside[1].strip()
    label = _LABEL.search(tail) if _may_be_labelled(tail) else None
    if label and _may_supply(label[1].strip()):
        return label[1].strip()
    after = _TAIL.search(tail) if any(map(tail.__contains__, _TAIL_MARKS)) else None
    if after and len(after[1].split()) <= 7 and _names_supplier(after[1]):
        return after[1].strip()
    return None


_NAMED = rf"[{UPPER}][\w.'’&-]{{0,30}}"
_AFTER = re.compile(
    rf"[.!?»”\"]\s+((?:{_NAMED})(?:(?:\s?[/,|]\s?|\s)(?:{_NAMED}|de|da|van|von|der|di|del)){{0,6}})$"
)


def credit_after(text: str) -> str | None:
    """Give the name that stands alone after the last sentence of what is known to be no text, or None.

    >>> credit_after("Parents at the meeting on Tuesday night. Ada Lind/The Sentinel")
    'Ada Lind/The Sentinel'
    """
    found = _AFTER.search(text[-100:]) if len(text) > 30 else None
    return found[1] if found else None


_PICTURED = re.compile(
    r"\d.{0,80}\b(?:photos?|fotos?|image|picture|bild|crédit|crédito|фото)\s?[:/©]", re.IGNORECASE
)


def labels_picture(text: str) -> bool:
    """Say whether a line names who took a picture behind a date: `On 3 May 2025. Photo: Bo Lind`."""
    return _may_be_labelled(text) and _PICTURED.search(text) is not None


def _may_supply(text: str) -> bool:
    """Say whether what stands behind `Photo:` is who supplied it: names, not a sentence."""
    found = [word for word in text.split() if word[0].isalpha()]
    small = sum(word[0].islower() for word in found)
    return bool(found) and len(found) <= 10 and (small <= len(found) * 0.34)


_PHOTO_WORDS = re.compile(
    r"\b(?:photos?|fotos?|file|files|image|images|picture|pictures|handout|pool|credits?|via|archive|archiv|supplied|provided|courtesy|screengrab|screenshot|bild|archivbild|фото|صورة|أرشيفية)\b",
    re.IGNORECASE,
)


def _supplies(text: str) -> bool:
    return _names_supplier(text) or _PHOTO_WORDS.search(text) is not None


_PHOTO_LABEL = re.compile(r"(?:file|photo|foto|image|files|credit)\b\s*(?:photo)?\s*[:/]?\s*", re.IGNORECASE)


def _names_supplier(text: str) -> bool:
    for part in _listed(text):
        bare = part.strip()
        if label := _PHOTO_LABEL.match(bare):
            bare = bare[label.end() :]
        if bare and (agency(bare) or supplies_pictures(bare)):
            return True
        if (last := part.rsplit(":", 1)[-1].strip()) and (agency(last) or supplies_pictures(last)):
            return True
    return False


@cache
def _file_photo_words() -> tuple[str, ...]:
    return tuple(sorted(_furniture("file_photo")))


def is_file_photo(text: str) -> bool:
    """Say whether a caption calls its picture an old one."""
    folded = text.casefold()
    return any(word in folded for word in _file_photo_words())


_EDGES = ".,;:!?()[]\"'“”‘’«»„…-–—،؛؟。、"
_SPACED = bytes(32 if chr(code) in _EDGES else code for code in range(256))
_LOOKED_AT = 400  # characters of a line that tell what it is about


def content(key: str) -> frozenset[str]:
    """The words of a folded line that tell what it is about; word parts where no spaces are written."""
    if key.isascii():
        spaced = key[:_LOOKED_AT].encode().translate(_SPACED).decode()
        return frozenset([word[:7] for word in spaced.split() if len(word) > 4])
    found = key[:_LOOKED_AT].split()
    if found and (len(found) < 2 or max(map(len, found)) > 18):
        letters = "".join(filter(str.isalpha, key[:_LOOKED_AT]))
        return frozenset(map(add, letters, letters[1:]))
    long = [word.strip(_EDGES) for word in found if len(word) > 4]
    return frozenset([word[:7] for word in long if len(word) > 4])


def names(text: str) -> frozenset[str]:
    """The words of a line that look like names, or its content where the script has no capitals."""
    found = text[:_LOOKED_AT].split()
    large = [word.strip(_EDGES)[:8] for word in found if len(word) > 3 and word[0].isupper()]
    if not large and not text.isascii():
        return content(text)
    return frozenset(large) - _STARTERS


# Words that often open a sentence, which is why they are written large.
_STARTERS = frozenset(
    (
        *(
            "This",
            "That",
            "There",
            "They",
            "Their",
            "These",
            "Those",
            "Then",
            "When",
            "What",
            "While",
            "With",
        ),
        *(
            "Which",
            "After",
            "Also",
            "Before",
            "Both",
            "However",
            "Here",
            "From",
            "Have",
            "More",
            "Most",
            "Many",
        ),
        *("Some", "Such", "Since", "Still", "Over", "Meanwhil", "Accordin", "Although", "Another", "During"),
        *("Dass", "Diese", "Dieser", "Dieses", "Aber", "Auch", "Nach", "Nicht", "Noch", "Wenn", "Während"),
        *(
            "Doch",
            "Eine",
            "Einen",
            "Einer",
            "Damit",
            "Dans",
            "Cette",
            "Pour",
            "Mais",
            "Avec",
            "Après",
            "Elle",
        ),
        *(
            "Leur",
            "Selon",
            "Sont",
            "Alors",
            "Ainsi",
            "Para",
            "Como",
            "Esta",
            "Este",
            "Pero",
            "Según",
            "Además",
        ),
        *("Desde", "Entre", "Cuando", "También", "Segundo", "Ainda", "Depois", "Della", "Delle", "Nella"),
        *("Anche", "Sono", "Questo", "Questa", "Dopo", "Come"),
    )
)


def small(key: str) -> frozenset[str]:
    """The small words of a folded line, which tell its language."""
    return frozenset([word for word in key[:_LOOKED_AT].split() if len(word) < 4 and word.isalpha()])


_RANGES = (
    "\u3040-\u30ff",
    HANGUL,
    "\u0370-\u03ff",
    "\u0400-\u052f",
    "\u0590-\u05ff",
    "\u0600-\u06ff",
    "\u0900-\u0dff",
    "\u0e00-\u0fff",
    "\u1000-\u10ff",
)


@cache  # such ranges take Python a millisecond each to compile, and most texts need none
def _letters(ranges: str) -> re.Pattern[str]:
    return re.compile(ranges)


_SCRIPTS = "|".join(f"([{letters}])" for letters in _RANGES)
_NOT_LATIN = f"[{''.join(_RANGES)}]"  # one class is found much faster than one of nine


def script(text: str) -> int:
    """Tell the script of a line from the first of its letters that is of no Latin one; 0 is Latin."""
    if text.isascii():
        return 0
    if first := _letters(_NOT_LATIN).search(text, 0, 300):
        match = _letters(_SCRIPTS).match(first[0])
        return (match and match.lastindex) or 0
    return 99 if max(text) >= HAN[0] and _letters(f"[{HAN}]").search(text, 0, 300) else 0
