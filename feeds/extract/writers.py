"""Read the names on a printed line that says who wrote.

A line is parted where its names end, and each part has to be a name or what stands beside names in
bylines: an agency, a place, a duty, an address. Without a label such as "By", one part that is none of
these makes it another kind of line. The words stand in feeds/data/bylines.toml.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, lru_cache

from msgspec import Struct

from feeds.calendars import says_nothing
from feeds.extract.agencies import agency, agency_in_byline, supplies_pictures
from feeds.extract.places import is_place
from feeds.extract.words import HAN, HANGUL, UPPER, byline_labels, is_furniture
from feeds.tables import toml

_LONGEST = 160  # characters of a line that names writers


class Byline(Struct, frozen=True):
    """Whom a line names; `labelled` where it says so, `sure` where a duty stands beside, `placed` a place.

    `whole` says that it looks like names and nothing else, as sections and politicians do, too.
    """

    names: tuple[str, ...] = ()
    labelled: bool = False
    sure: bool = False
    placed: bool = False
    agency: str | None = None
    whole: bool = False


_NOTHING = Byline()


def byline(text: str) -> Byline:
    """Give the writers that a line names.

    >>> byline("By Jane Doe and John Roe / Daily Bugle Staff Writers").names
    ('Jane Doe', 'John Roe')
    >>> byline("Maria Keller, Frankfurt").names, byline("Maria Keller, the baker").names
    (('Maria Keller',), ())
    """
    if not 2 <= len(text) <= _LONGEST:
        return _NOTHING
    bare = text.strip("—–-―|·• \t")
    if bare[:1] == "(" and bare[-1:] == ")":
        bare = bare[1:-1].strip()
    if not text.isascii() and (unspaced := _unspaced(bare)):
        return unspaced
    bare = _GOES_ON.sub("", bare)
    label = _label().match(bare) if bare[:8].casefold().startswith(_openings()) else None
    rest = bare[label.end() :].strip() if label else bare
    if label and not rest:
        return Byline((), labelled=True)
    if not label and "|" not in bare and not _may_be_names(rest.split()):
        return _NOTHING
    if label:
        return _labelled(rest)
    # `4 May 2025 | Source: Lamp News | Author: Ana Ruiz`
    labelled = (byline(part) for part in bare.split("|")) if "|" in bare else iter(())
    return next((found for found in labelled if found.labelled and found.names), None) or _alone(
        _without_others(rest)
    )


def _without_others(text: str) -> str:
    """Leave out who did not write, and all behind: `Editing by Ann Lee`."""
    folded = text.casefold()
    other = _others().search(text) if any(map(folded.__contains__, _others_within())) else None
    return text[: other.start()] if other else text


def _labelled(rest: str) -> Byline:
    """Read what stands behind a word such as "by"; `From Kyiv to Lviv` names nobody."""
    rest = _without_others(rest)
    found = _parts(rest)
    names = tuple(dict.fromkeys(part.name for part in found if part.name))
    supplier = next((part.agency for part in found if part.agency), None)
    if not names and (named := _in_other_script(rest)):
        return Byline(named, labelled=True)
    if not _follows_label(rest, bool(names or supplier), len(names)) or (names and not found[0].known):
        return _NOTHING
    return Byline(names, labelled=True, agency=supplier)


def _alone(rest: str) -> Byline:
    """Read a line of names that no label tells; one short word besides is an outlet's or a section's."""
    found = _parts(rest)
    names = tuple(dict.fromkeys(part.name for part in found if part.name))
    alike = any(part.alike for part in found)
    strange = [part for part in found if not (part.known or part.alike)]
    supplier = next((part.agency for part in found if part.agency), None)
    sure, placed = any(part.sure for part in found), any(part.place for part in found)
    if not (names or alike or strange):  # `Cairo - AFP`, `Political Editor`
        return Byline(sure=sure, placed=placed, agency=supplier if sure or placed else None)
    if not (names or alike) or len(strange) > 1 or any(part.words > 1 or part.small for part in strange):
        return _NOTHING
    whole = sum(part.words for part in found if part.name or part.alike) >= len(rest.split()) - 1
    if (
        not names
        or (found[0].place and not found[0].name)
        or any(part.alike and not part.known for part in found)
    ):
        return Byline(whole=whole)
    return Byline(names, False, sure, placed, supplier, whole)


class _Part(Struct, frozen=True):
    """A part of a line: a name, an agency, or what else is known; `sure` where it tells a duty."""

    name: str | None = None
    agency: str | None = None
    known: bool = True
    place: bool = False
    sure: bool = False
    words: int = 0
    small: bool = False
    alike: bool = False  # looks like a name, and is none


_BETWEEN = "and|und|et|y|e|og|och|en|ve|и|i|та|dan|và|with|mit|avec|med|con|com|via|&|\\+"
_GOES_ON = re.compile(r"^(?:and|und|et|og|och)\s(?=[A-Z])")
_WITH = re.compile(r"^(?:with|avec|mit|con|com|and|et|und)\s")
_PARTED = re.compile(rf"[|/;,•·‧＋、，／【】()（）\[\]]|\s[–—―-]+\s|[–—―]|\s(?:{_BETWEEN})(?=\s|$)")
_ADDRESS = re.compile(r"[\w.+-]{1,60}@[\w-]{1,40}\.[\w.-]{2,40}|@\w{2,40}|(?:https?://|www\.)\S{1,100}")
_NAMES, _CAPITALS = 6, 3  # words of a name, and of one in capitals, which headlines may be
_INITIALS = re.compile(r"\s\([a-zäöü]{2,4}\)(?=\W|$)")
_FROM = frozenset(("in", "en", "à", "aus", "from", "em", "w", "v", "в", "di", "at", "de", "a"))


def _parts(text: str) -> list[_Part]:
    """Part a line where its names end."""
    text = _GLUED.sub("|", _INITIALS.sub("", text))
    found: list[_Part] = []
    for piece in _PARTED.split(text):
        bare = _WITH.sub("", _ADDRESS.sub(" ", piece).strip(" .,;:|()\u2022*"))
        if bare and not all(map(says_nothing, bare.split())):
            found.append(_part(bare))
        elif bare != piece.strip() and piece.strip():
            found.append(_Part(sure="@" in piece))
    return found


def _part(text: str) -> _Part:
    words = text.split()
    if supplier := _supplier(words):
        return _Part(agency=supplier)
    if supplies_pictures(text):
        return _Part(known=False, words=len(words) + 1)
    if is_place(text) or text.casefold() in _set("place"):
        return _Part(place=True)
    if _is_duty(words):
        return _Part(sure=_is_job(words))
    return _named(words) or _unnamed(text, words)


def _supplier(words: Sequence[str]) -> str | None:
    """Give the agency that a part names: `Reuters`, `dpa`, `AP Sports Writer`."""
    text = " ".join(words)
    if named := agency(text):
        return named
    if len(words) == 1:
        return agency_in_byline(text) if text.islower() else None
    if _is_duty(words[1:]) and (named := agency(words[0])):
        return named
    if _working()(words[0].casefold()):  # `Repórter da Agência Brasil`
        behind = (agency(" ".join(words[start:])) for start in range(1, len(words)))
        return next(filter(None, behind), None)
    return None


def _named(words: Sequence[str]) -> _Part | None:
    """Read a name with a duty, a place or an agency behind it, or with nothing."""
    for start in range(2, len(words)):
        if (supplier := agency(" ".join(words[start:]))) and _is_name(words[:start]):
            return _Part(name=" ".join(words[:start]), agency=supplier, words=start)
    for end in range(min(len(words), _NAMES), 1, -1):
        tail = words[end:]
        if (not tail or _is_duty(tail) or _is_where(tail)) and _is_name(words[:end]):
            return _Part(name=" ".join(words[:end]), sure=_is_job(tail), place=_is_where(tail), words=end)
    return None


def _unnamed(text: str, words: Sequence[str]) -> _Part:
    known = is_furniture(text.casefold()) or _is_outlet(text)
    alike = len(words) <= _NAMES and _is_like_name(words)
    return _Part(known=known, words=len(words), small=text.islower(), alike=alike)


def _is_outlet(text: str) -> bool:
    """Say whether this is an outlet: TNN, example.com, The Harbour Post."""
    if text.startswith("The "):
        return len(text.split()) <= 4 and text.istitle()
    return (text.isupper() and text.isalpha() and len(text) <= 5) or bool(_DOMAIN.fullmatch(text))


_DOMAIN = re.compile(r"[\w-]{2,40}(?:\.[\w-]{2,20}){0,2}\.[A-Za-z]{2,4}")
_NAME_PART = rf"[{UPPER}](?:[^\W\d_]|['’.\u00ad-]){{0,40}}"
_PARTICLES = "de|da|do|dos|das|di|del|della|der|den|van|von|bin|ibn|bint|la|le|du|ter|ten|zu|af|av|e|i|y"
_NAME = re.compile(
    rf"(?:{_NAME_PART}|al-[{UPPER}]\w{{1,40}}|d'[{UPPER}]\w{{1,40}})"
    rf"(?:\s{{1,9}}(?:(?:al-|el-|d'|O'|Mc)?{_NAME_PART}|{_PARTICLES})){{1,5}}"
)
_SMALL_PARTS = frozenset(_PARTICLES.split("|"))
_SMALL_WORDS = _SMALL_PARTS | _FROM | frozenset(_BETWEEN.split("|"))
# `BardyThe`, `WolfTwitter`: a lost border.
_GLUED = re.compile(rf"(?:(?<=[{UPPER}][a-zß-öø-ÿ]{{4}})|(?<=[a-z])(?=Twitter|Facebook))(?=[{UPPER}][a-z])")


def _is_like_name(words: Sequence[str]) -> bool:
    """Say whether these words look like a name: capitals, and no job or agency among them."""
    text = " ".join(words)
    folded = text.casefold()
    if not _NAME.fullmatch(text) or words[-1] in _SMALL_PARTS or (text.isupper() and len(words) > 4):
        return False
    return not (any(map(_working(), folded.split())) or agency(text) or is_furniture(folded))


def _is_name(words: Sequence[str]) -> bool:
    """Say whether these words are a name: no title, no section, no place behind two names."""
    text = " ".join(words)
    folded = text.casefold()
    lower = folded.split()
    if (
        len(words) < 2
        or not _is_like_name(words)
        or agency(words[0])
        or agency(words[-1])
        or not _set("never").isdisjoint(lower)
    ):
        return False
    if lower[0].strip(".") in _titles() or folded in _set("no_name") or is_place(text):
        return False
    if len(words) > 2 and is_place(" ".join(words[:2])):
        return False
    if (len(words) == 2 and lower[0] in _set("article")) or folded in _set("place"):
        return False
    if len(words) > 2 and any(_duty()(word) for word in lower[2:]):
        return False
    large = [word for word in words if word not in _SMALL_PARTS]
    if text.isupper() and len(large) > _CAPITALS:
        return False
    return not any(is_place(" ".join(large[start:])) for start in range(2, len(large)))


def _is_where(tail: Sequence[str]) -> bool:
    """Say whether these words tell where a writer is: `in Frankfurt`, `Den Haag`."""
    text = " ".join(tail[1:] if tail and tail[0] in _FROM else tail)
    if not text:
        return False
    return is_place(text) or text.casefold() in _set("place") or is_furniture(text.casefold())


def _is_duty(words: Sequence[str]) -> bool:
    """Say whether these words tell what a writer does: `Political Editor`, `Africa correspondent`."""
    folded = [word.casefold().strip(".,’'") for word in words]
    if not any(map(_working(), folded)):
        return False
    first = folded[0]
    return _working()(first) or _duty()(first) or is_place(words[0]) or len(words) <= 2


def _is_job(words: Sequence[str]) -> bool:
    """Say whether one of these words is what a person does, and not of the name of an outlet."""
    return any(_job()(word.casefold()) for word in words)


def _may_be_names(found: list[str]) -> bool:
    """Say whether these words may be names with what stands beside them; most headlines hold others.

    A small word is between names, before a place, of a date, or of a duty.
    """
    if not found or not found[0][0].isalpha() or found[0][0].islower():
        return False
    small = [word for word in found if word.islower() and word.isalpha() and word not in _SMALL_WORDS]
    if len(small) > len(found) * 0.6:
        return False
    return not small or all(map(says_nothing, small)) or any(_working()(word.casefold()) for word in found)


def _follows_label(rest: str, named: bool, people: int) -> bool:
    """Say whether what stands after a word such as "by" is who wrote: `From Kyiv to Lviv` is not."""
    found = [word for word in rest.split() if any(map(str.isalpha, word))]
    if not found or rest[-1] in "!?" or len(found) > 22 or not (rest[:1].isupper() or not rest[:1].isascii()):
        return False
    if named or not rest.isascii():
        return len(found) <= 6 + 5 * people
    return len(found) <= 5 and all(word[0].isupper() or not word[0].isalpha() for word in found)


# This and other ranges of many characters are compiled where a line needs them: it takes milliseconds.
_OTHER_SCRIPT = r"[^\W\d_A-Za-zÀ-ɏͰ-ӿ\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
_BESIDE = re.compile(r"[|/,؛،–—(\[]|\s-\s|-\s")


def _in_other_script(rest: str) -> tuple[str, ...]:
    """The name behind a label in a script that has no capitals, and writes spaces."""
    name = _BESIDE.split(rest)[0].strip(" .:")
    words = name.split()
    letters = all(re.match(_OTHER_SCRIPT, word) and not any(map(str.isdigit, word)) for word in words)
    return (name,) if 2 <= len(words) <= 5 and letters and not agency(name) else ()


_SPACES = r"[\s\u3000、·・,，/]{1,3}"
_CHINESE = f"[{HAN}]{{2,4}}"
_LISTED = rf"{_CHINESE}(?:{_SPACES}{_CHINESE}){{0,5}}"
_HAN_LABEL = (
    "(?:文|作者|撰文|撰稿|采写|採訪|(?:本报|本報|本社|本网|特约|见习|实习)(?:记者|記者)"
    "|(?:新华社|中新社|中央社)?(?:记者|記者))"
)
_CHINESE_LINE = (
    rf"[(（【]?{_HAN_LABEL}\s?[:：/／|\s]?\s?(?P<names>{_LISTED}?)"
    rf"(?:\s?[／/]\s?[{HAN}]{{1,3}}(?:報導|报道|綜合報導|即時報導|電))?"
    r"\s?(?:报道|報導|文|摄)?[)）】]?"
)
_JAPANESE_LINE = rf"[(（【]?(?P<names>[{HAN}々ヶ\u3040-\u30ff]{{2,8}})\s?(?:記者|記す)[)）】]?"
_KOREAN = rf"[{HANGUL}]{{2,4}}"
_KOREAN_DUTY = r"(?:선임기자|전문기자|인턴기자|기자|특파원|논설위원)"
_KOREAN_LINE = (
    rf"(?:[\[(](?:(?P<place>[{HANGUL}]{{2,6}})\s?=\s?)?(?P<agency>[{HANGUL}\w]{{2,6}})[\])]\s?)?[(\[【]?(?:[{HANGUL}]{{2,6}}=)?(?P<names>{_KOREAN}(?:\s?{_KOREAN_DUTY}?(?:{_SPACES}){_KOREAN}){{0,4}})\s?{_KOREAN_DUTY}"
    r"[)\]】]?(?:\s*=)?(?:\s+\S{1,60}@\S{1,60})?"
)
_WORDS_OF_WRITERS = ("记者", "記者", "기자", "특파원", "위원", "文", "作者", "撰", "采写", "採訪")


def _unspaced(text: str) -> Byline | None:
    """Read a line of a script without capitals that says in its own way who is a reporter."""
    if not any(map(text.__contains__, _WORDS_OF_WRITERS)) or len(text) > 80:
        return None
    if match := re.fullmatch(_KOREAN_LINE, text):
        bare = re.sub(_KOREAN_DUTY, " ", match["names"])
        return Byline(tuple(re.findall(_KOREAN, bare)), labelled=True, agency=agency(match["agency"] or ""))
    if match := re.fullmatch(_JAPANESE_LINE, text):
        return Byline((match["names"],), labelled=True)
    if match := re.fullmatch(_CHINESE_LINE, text):
        return Byline(tuple(re.findall(_CHINESE, match["names"])), labelled=True)
    return None


@cache
def _words(kind: str) -> tuple[str, ...]:
    table: dict[str, dict[str, list[str]]] = toml("bylines.toml")
    return tuple(dict.fromkeys(table["printed"][kind]))


@cache
def _set(kind: str) -> frozenset[str]:
    return frozenset(_words(kind))


@cache
def _titles() -> frozenset[str]:
    return frozenset(word.strip(".") for word in _words("title"))


_OPENING = 4  # letters by which a label is looked for, before all of them are


def _beginnings(labels: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({label.rstrip(" :：/／-").casefold()[:_OPENING] for label in labels}))


@cache
def _openings() -> tuple[str, ...]:
    return _beginnings(byline_labels())


@cache
def _others_within() -> tuple[str, ...]:
    return _beginnings(_words("others"))


@cache
def _label() -> re.Pattern[str]:
    """What opens a byline; a label with a colon has to have one, or a slash."""
    return re.compile(_labels(byline_labels()), re.IGNORECASE)


@cache
def _others() -> re.Pattern[str]:
    return re.compile(rf"(?:^|(?<=[\s;,.(])){_labels(_words('others'))}", re.IGNORECASE)


def _labels(labels: Iterable[str]) -> str:
    found = []
    for label in sorted(labels, key=lambda word: (-len(word), word)):
        if label[-1] in ":：":
            found.append(rf"{re.escape(label[:-1].rstrip())}\s?[:：/]\s*")
        elif label[-1] in "/／-":
            found.append(rf"{re.escape(label)}\s*")
        else:
            found.append(rf"{re.escape(label)}(?:\s*:\s*|\s+|$)")
    return f"(?:{'|'.join(found)})"


@cache
def _job() -> Callable[[str], bool]:
    return _matcher(_words("job"))


@cache
def _working() -> Callable[[str], bool]:
    """What says whether a word is of a job or an outlet."""
    return _matcher((*_words("job"), *_words("outlet")))


@cache
def _duty() -> Callable[[str], bool]:
    return _matcher(_words("duty"))


def _matcher(words: Iterable[str]) -> Callable[[str], bool]:
    """Give what says whether a folded word is one of these, where a star stands for any letters."""
    whole = frozenset(word for word in words if "*" not in word)
    found = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words if "*" in word)
    pattern = re.compile(rf"(?:{found or '(?!)'})s?")

    def matches(word: str) -> bool:
        bare = word.strip(".,:;()’'")
        return bare in whole or bare.removesuffix("s") in whole or pattern.fullmatch(bare) is not None

    return lru_cache(4096)(matches)


_BELOW = re.compile(
    r"[(（\[]?\s?(?:(?:reporting|report|reported|written|words|text|bericht|text von) by"
    r"|(?:pewarta|reporter|text|texto|testo|tekst|autor|автор)\s?:)\s(?P<rest>.{4,160})",
    re.IGNORECASE,
)


def credit_below(text: str) -> tuple[str, ...]:
    """Give the writers that a line below a text credits.

    >>> credit_below("(Reporting by Jane Doe in Oslo; Editing by Ann Lee)")
    ('Jane Doe',)
    """
    if match := _BELOW.match(text[:300]):
        return _labelled(match["rest"].rstrip(" )）].")).names
    found = _unspaced(text) if not text.isascii() else None
    return found.names if found else ()


_IS = re.compile(r"\s(?:is|ist|est|es|è)\s(?:an?|the|our|eine?|une?|una?|il|la|le)?\s?")
_AT = re.compile(r"\s(?:for|at|with|based|covering|who covers|bei|beim|der|de|du|del|di)\s")


def biography(text: str) -> str | None:
    """Give the writer whom a line tells of: `Jane Doe is a reporter for the Harbour Times.`"""
    match = _IS.search(text, 4, 60) if len(text) <= 400 else None
    if match is None or not _is_name(text[: match.start()].split()):
        return None
    duty = text[match.end() : match.end() + 60]
    at = _AT.search(duty)
    return text[: match.start()] if at and _is_duty(duty[: at.start()].split()) else None
