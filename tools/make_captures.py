"""Make labelled text captures to learn line roles from.

    tools/make_captures.py DATA PAGES.jsonl [COUNT] [FOLD PART]

DATA is a folder with extract/ (html/, text/, gold.jsonl). Its labelled web pages are rendered as the tools
that save pages as text do, their lines labelled by what is known of each article, and joined by chance: with
their furniture, without, cut off, in the layouts of lists, digests, galleries and archives. FOLD (0 to 4)
leaves out the outlets of one fold, with PART `train`, or takes these alone, with `test`: weights are to be
judged on outlets that they have not seen. The renderers are wanted in the environment, and by nothing else
here: `pip install resiliparse html-text inscriptis`.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # as it stands here, installed or not

from feeds.extract.lines import BIT, Line, lines  # noqa: E402
from feeds.extract.segment import START, possible  # noqa: E402
from feeds.languages import language_of  # noqa: E402
from feeds.text import fold, legal  # noqa: E402

Article = dict[str, Any]
Printed = tuple[str, str]  # a line with its role; a blank one has none

KINDS = {"joined": 31, "furnished": 12, "single": 4, "layout": 39, "repeated": 10, "glued": 4}  # in per cent
COUNTED = {"hand": 24, "furnished": 8, "seedlike": 4}  # how often captures of these kinds are given
REACH = 25  # lines of furniture that are kept above the first article and below the last
_BULLET = re.compile(r"^\s*(?:[•·▪◦*]\s+)+")
_WORD = re.compile(r"\w+")


def compared(text: str) -> str:
    """A line as it is compared with what is known."""
    return fold(_BULLET.sub("", text))


@dataclass
class Rendered:
    """A page as a renderer prints it, with a role for each line, and the places of head and end."""

    printed: list[Printed]
    head: int
    last: int
    article: Article

    def part(self, up: int, down: int) -> list[Printed]:
        """The article with so many lines above its headline and below its text."""
        return self.printed[max(0, self.head - up) : self.last + 1 + down]


def renderings(html: str) -> Iterator[str]:
    """Give a page's text as several tools print it."""
    import html_text
    import inscriptis
    from resiliparse.extract.html2text import extract_plain_text

    yield extract_plain_text(html)
    yield html_text.extract_text(html)
    yield inscriptis.get_text(html)
    yield extract_plain_text(html, list_bullets=False)


def labelled(text: str, article: Article) -> Rendered | None:
    """Label the lines of a printed page, or give None where its article is not found there."""
    raw = legal(text).split("\n")  # as it is read
    known = [compared(line) for line in raw]
    is_body = _body_lines(known, [fold(part) for part in article["body"]])
    long = [place for place, body in enumerate(is_body) if body and len(known[place]) > 60]
    head = _head(known, fold(article["headline"]), long)
    if head is None:
        return None
    after = [place for place in long if place > head]
    roles = _roles(raw, known, is_body, head, after[-1], article)
    return Rendered(list(zip(raw, roles, strict=True)), head, after[-1], article)


def _body_lines(known: Sequence[str], bodies: Sequence[str]) -> list[bool]:
    whole, long = set(bodies), [part for part in bodies if len(part) > 60]

    def is_body(line: str) -> bool:
        if line in whole:
            return bool(line)
        if len(line) <= 40:
            return False
        return any(line in part or (part in line and len(part) > len(line) * 0.6) for part in long)

    return [is_body(line) for line in known]


def _head(known: Sequence[str], headline: str, long: Sequence[int], reach: int = 14) -> int | None:
    """The place of the headline: the last one with most of the text below it, or the first of its repeats.

    A repeat stands no more than `reach` lines above the next.
    """
    wanted = set(_WORD.findall(headline))

    def is_like(line: str) -> bool:
        own = set(_WORD.findall(line))
        return bool(own) and len(own & wanted) >= 0.75 * len(own | wanted)

    heads = [place for place, line in enumerate(known) if line == headline]
    heads = heads or [place for place, line in enumerate(known) if is_like(line)]
    total = sum(len(known[place]) for place in long)
    good = [h for h in heads if total and sum(len(known[p]) for p in long if p > h) >= 0.6 * total]
    if not good:
        return None
    head = good[-1]
    for earlier in reversed(good[:-1]):
        if head - earlier <= reach and not any(earlier < place < head for place in long):
            head = earlier
    return head


def _roles(
    raw: Sequence[str], known: Sequence[str], is_body: Sequence[bool], head: int, last: int, article: Article
) -> list[str]:
    captions = [compared(text)[:40] for text in article.get("captions") or [] if len(text) > 15]
    names = [fold(name) for name in article.get("byline") or []]
    roles = ["page" if line.strip() else "" for line in raw]
    roles[head] = "headline"
    part = "head"
    for place in range(head + 1, last + 1):
        line = known[place]
        if not raw[place].strip():
            continue
        if is_body[place] and (len(line) > 40 or part == "body"):
            part = "body"
            roles[place] = (
                "crosshead" if len(line.split()) <= 14 and line[-1] not in '.!?"…。！？”' else "body"
            )
        elif line == known[head]:
            roles[place] = "repeat" if part == "head" else "body furniture"
        elif any(text in line for text in captions):
            roles[place] = f"{part} caption"
        elif len(line.split()) <= 16 and any(name in line for name in names):
            roles[place] = f"{part} byline"
        else:
            roles[place] = f"{part} ?"
    return _with_standfirst(roles, head, last)


def _with_standfirst(roles: list[str], head: int, last: int) -> list[str]:
    """A text that stands before the head's other matter is a standfirst."""
    texts = [place for place in range(head + 1, last + 1) if roles[place] in ("body", "crosshead")]
    for number, place in enumerate(texts[:3]):
        if number + 1 == len(texts):
            break
        following = texts[number + 1]
        between = [role for role in roles[place + 1 : following] if role and not role.endswith("caption")]
        if len(between) >= 2:
            for at in range(head + 1, following):
                if at in texts:
                    roles[at] = "standfirst"
                roles[at] = roles[at].replace("body ", "head ")
            break
    return roles


def finished(printed: Sequence[Printed]) -> dict[str, Any] | None:
    """Give a page ready for learning: a role that each line may play; None where no reading gives these."""
    text = "\n".join(line.rstrip() for line, _ in printed)
    found: list[str] = []
    state = "page"
    pieces: Counter[int] = Counter()
    for line in lines(text):
        role = printed[line.number - 1][1] or "page"
        if "+" in role:  # a line that is parted again has a role for each of its pieces
            parts = role.split("+")
            if pieces[line.number] >= len(parts):
                return None
            role, pieces[line.number] = parts[pieces[line.number]], pieces[line.number] + 1
        role = _settled(line, role, state)
        if role == "headline":
            state = "head"
        elif role in ("body", "page", "caption above", "date above"):
            if state == "head" and role != "body":
                return None
            state = "body" if role == "body" else "page"
        found.append(role)
    _leave_ends(found)
    return {"text": text, "roles": found} if state != "head" and "headline" in found else None


def _leave_ends(roles: list[str]) -> None:
    """Leave what stands below the last of an article to the page."""
    after = True
    for place in reversed(range(len(roles))):
        if roles[place] == "body furniture" and after:
            roles[place] = "page"
        after = roles[place] in START


def _settled(line: Line, role: str, state: str) -> str:
    able = possible(line.bits)
    if role.endswith("?"):
        part = role.split()[0]
        if line.date and (line.date.dates or line.date.relative):
            role = f"{part} date"
        elif line.bits & (BIT["byline"] | BIT["agency"]):
            role = f"{part} byline"
        else:
            role = f"{part} furniture"
    if role.startswith(("head ", "body ")) and state != "page":
        role = f"{state} {role.split(' ', 1)[1]}"
    if role == "crosshead" and ("crosshead" not in able or state != "body"):
        role = "body" if "body" in able and state == "body" else role
    if role == "body" and "body" not in able and state == "body" and "crosshead" in able:
        role = "crosshead"
    fits = role in able and not (state == "page" and role.startswith(("head ", "body ", "crosshead")))
    fits = fits and not (state != "head" and role in ("repeat", "standfirst"))
    return role if fits else {"page": "page", "head": "head furniture", "body": "body furniture"}[state]


class Maker:
    """Captures of one set of pages, drawn by a seeded chance."""

    def __init__(self, pages: Sequence[Sequence[Rendered]], seed: int = 1) -> None:
        self.chance = random.Random(seed)
        self.pages = pages
        self.articles = [page[0].article for page in pages]
        with (ROOT / "feeds" / "data" / "furniture.toml").open("rb") as file:
            self.furniture = tomllib.load(file)

    def captures(self, count: int) -> Iterator[dict[str, Any]]:
        """Give so many labelled captures of all kinds."""
        kinds = self.chance.choices(list(KINDS), list(KINDS.values()), k=count)
        for kind in kinds:
            made = getattr(self, f"_{kind}")()
            page = finished(self._cut_off(made)) if made else None
            if page:
                yield {"kind": kind, **page}

    def _cut_off(self, printed: list[Printed]) -> list[Printed]:
        """Now and then a capture ends in the midst of a text."""
        bodies = [n for n, (line, role) in enumerate(printed) if role == "body" and len(line) > 60]
        if not bodies or self.chance.random() > 0.15:
            return printed
        place = self.chance.choice(bodies[len(bodies) // 2 :])
        line, role = printed[place]
        return [*printed[:place], (line[: self.chance.randint(10, len(line) - 5)].rstrip(), role)]

    def _drawn(self, count: int) -> list[Rendered]:
        style = 0 if self.chance.random() < 0.75 else self.chance.randint(1, 3)
        pages = self.chance.sample(self.pages, min(count, len(self.pages)))
        return [page[min(style, len(page) - 1)] for page in pages]

    def _joined(self) -> list[Printed]:
        """Articles one after another, with furniture above the first and below the last."""
        drawn = self._drawn(self.chance.choice([2, 2, 3, 3, 4, 5]))
        parts = []
        for number, page in enumerate(drawn):
            part = page.part(REACH if number == 0 else 0, REACH if number == len(drawn) - 1 else 1)
            parts.append(_without_captions(part, page.article))
        return _together(parts, self.chance.choice([1, 2, 2, 2, 3]))

    def _furnished(self) -> list[Printed]:
        """Articles one after another, each with some of its furniture."""
        reach = [0, 1, 3, 5, 10, 15, 25]
        drawn = self._drawn(self.chance.choice([2, 2, 3, 3, 4]))
        parts = [page.part(self.chance.choice(reach), self.chance.choice(reach)) for page in drawn]
        return _together(parts, self.chance.choice([0, 1, 1, 2, 3]))

    def _single(self) -> list[Printed]:
        """One page, whole or with its surroundings."""
        reach = self.chance.choice([5, 25, 40, 10_000])
        return self._drawn(1)[0].part(reach, reach)

    def _repeated(self) -> list[Printed]:
        """Headlines and captions printed again and again, as galleries and viewers do."""
        found: list[Printed] = []
        for article in self.chance.sample(
            self.articles, min(self.chance.choice([2, 3, 4, 5]), len(self.articles))
        ):
            found += [("", "")] * self.chance.choice([0, 1, 2]) + [
                (article["headline"], "headline"),
                ("", ""),
            ]
            if self.chance.random() < 0.7:
                found += [("TT", "head ?"), ("", "")]
            if self.chance.random() < 0.8:
                found += [(article["headline"], "repeat"), ("", "")]
            if article.get("captions"):
                found += [(article["captions"][0], "head caption")] * self.chance.choice([2, 3, 4])
                found.append(("", ""))
            for text in article["body"]:
                short = len(text.split()) <= 14 and text[-1:] not in '.!?"…。！？”'
                found += [(text, "crosshead" if short and text != article["body"][0] else "body"), ("", "")]
        return found

    def _glued(self) -> list[Printed]:
        """A list whose labels, headlines and texts were glued, one article a line."""
        found: list[Printed] = []
        labels = self.chance.sample(LABELS, 4) + [""] * self.chance.choice([0, 0, 4])
        for article in self.chance.sample(self.articles, min(self.chance.randint(6, 16), len(self.articles))):
            text = next((part for part in article["body"] if len(part) > 90 and part[0].isupper()), None)
            head = article["headline"].strip()
            if text is None or not head[-1].islower() or len(head.split()) < 4:
                continue  # no border can be seen in such a line
            label = self.chance.choice(labels)
            line = label + head + text[: self.chance.randint(90, 300)]
            found.append((line, "page+headline+body" if label else "headline+body"))
        return found[:8]

    def _layout(self) -> list[Printed]:
        """A layout of our own, the same for all articles of the capture."""
        layout = Layout(self.chance, self.furniture, self.articles)
        first = self.chance.choice(self.articles)
        tongue = language_of(first["body"])
        same = [one for one in self.articles if language_of(one["body"]) == tongue]
        among = same if self.chance.random() < 0.7 else self.articles
        count = self.chance.choice([1, 2, 3, 4, 5, 6])
        parts = parted(first, self.chance) if count > 1 and self.chance.random() < 0.5 else []
        return layout.page(parts[:count] or self.chance.sample(among, min(len(among), count)))


def parted(article: Article, chance: random.Random) -> list[Article]:
    """Make several articles of one, so that they are about the same, as those of a day's one subject are.

    Each headline is the beginning of a sentence.
    """
    texts = [text for text in article["body"] if len(text) > 70 and len(text.split()) > 12]
    found = []
    while len(texts) > 1:
        first, count = texts[0].split(), chance.randint(6, 12)
        size = chance.choice([2, 2, 3])
        headline = " ".join(first[:count]).rstrip(" ,.;:-–—")
        captions = (article.get("captions") or [])[len(found) :]
        found.append({"headline": headline, "body": texts[1:size], "captions": captions})
        texts = texts[size:]
    return found if len(found) > 1 else []


_SENTENCE = re.compile(r".{40,}?(?:[.!?؟۔][\"”»’)]*(?=\s)|[。！？])")


def first_sentence(text: str) -> str:
    """Give the first sentence of a text, or more where that is short."""
    found = _SENTENCE.match(text)
    return found[0] if found else text


def _without_captions(printed: Sequence[Printed], article: Article) -> list[Printed]:
    starts = [fold(text)[:40] for text in article.get("captions") or [] if len(text) > 15]
    return [
        (line, role)
        for line, role in printed
        if role in ("headline", "body") or not any(start in compared(line) for start in starts)
    ]


def _together(parts: Sequence[Sequence[Printed]], blanks: int) -> list[Printed]:
    found: list[Printed] = []
    for part in parts:
        found += [("", "")] * (blanks if found else 0) + list(part)
    return found


LABELS = ("Obras", "World", "Sport", "Politik", "Cultura", "Sociedad", "Économie", "Region", "Deporte")
NAMES = (
    "Ada Fisher",
    "Karl Holm",
    "Maria Lopez",
    "Omar Haddad",
    "Anna Schmidt",
    "Pierre Martin",
    "Sara Nilsson",
)
PICTURES = (
    "A file photo of ",
    "File photo: ",
    "FILE PHOTO: ",
    "Archivbild: ",
    "Foto de archivo: ",
    "Архивное фото: ",
)
AGENCIES = ("Reuters", "AFP", "AP", "dpa", "EFE", "Xinhua", "WAM", "ANSA", "SPA")
CITIES = ("OSLO", "BEIRUT", "LONDON", "RIYADH", "PARIS", "CAIRO", "TUNIS", "NEW YORK")
DATES = (
    *(
        "{d} May {y}",
        "March {d}, {y}",
        "Jun {d:02}, {y}",
        "{d:02}/{m:02}/{y}",
        "{d:02}.{m:02}.{y}",
        "{y}-{m:02}-{d:02}",
    ),
    *(
        "{d}. Mai {y}",
        "{d} mai {y}",
        "{d} de mayo de {y}",
        "{d} de março de {y}",
        "{d} мая {y}",
        "{d} مايو {y}",
    ),
    *("{d} Mayıs {y}", "{d} maggio {y}", "Stand: {d:02}.{m:02}.{y}", "Опубликовано: {d:02}.{m:02}.{y}"),
    *(
        "3 hours ago",
        "19 sec ago",
        "vor 2 Stunden",
        "hace 3 horas",
        "il y a 2 heures",
        "2 часа назад",
        "منذ ساعتين",
    ),
)
LANGUAGES = {
    **dict.fromkeys(("no", "da", "sv"), "nordic"),
    **dict.fromkeys(("cs", "pl", "ru"), "slavic"),
    **dict.fromkeys(("ar", "ur", "fa"), "arabic"),
    **dict.fromkeys(("ja", "ko", "zh"), "asian"),
}
STYLES = (
    "full",
    "full",
    "teaser",
    "teaser",
    "digest",
    "digest",
    "bullets",
    "bullets",
    "archive",
    "gallery",
    "repeats",
)
HEAD_PARTS = {
    "kicker": 0.2,
    "repeat": 0.35,
    "standfirst": 0.25,
    "byline": 0.45,
    "date": 0.5,
    "caption": 0.4,
    "share": 0.3,
    "updated": 0.2,
    "section": 0.15,
    "minutes": 0.12,
}
TAIL_PARTS = {
    "full story": 0.2,
    "date after": 0.15,
    "byline after": 0.1,
    "tags": 0.2,
    "share after": 0.2,
    "source": 0.15,
    "reporting": 0.15,
    "related": 0.15,
    "rights": 0.1,
}


class Layout:
    """One layout: what stands in which order around each text, and how far apart."""

    def __init__(self, chance: random.Random, furniture: dict[str, Any], articles: Sequence[Article]) -> None:
        self.chance = chance
        self.furniture = furniture
        self.articles = articles
        self.words: dict[str, list[str]] = furniture["en"]
        self.style = chance.choice(STYLES)
        self.paragraphs, self.heads = chance.choice([0, 1, 1, 1, 2]), chance.choice([0, 1, 1])
        self.between = chance.choice([self.paragraphs, self.paragraphs, 0, 1, 2, 3])
        self.bullet = chance.choice(["  • ", "• ", "* ", "- "]) if self.style == "bullets" else ""
        self.indent = "    " if self.style == "bullets" else ""
        self.head = [name for name, share in HEAD_PARTS.items() if chance.random() < share]
        self.tail = [name for name, share in TAIL_PARTS.items() if chance.random() < share]
        if self.is_list:
            self.head = [name for name in self.head if name in ("byline", "date", "kicker")]
            self.tail += ["full story"] if chance.random() < 0.4 else []
        if self.style in ("gallery", "repeats"):
            self.head += ["caption"] if self.style == "gallery" else ["repeat", "repeat"]
        if self.style == "archive" and chance.random() < 0.6:
            self.head, self.tail = [], ["date after"]
        if chance.random() < 0.5:
            chance.shuffle(self.head)
        self.caption_above = chance.random() < (0.35 if self.style == "bullets" else 0.06)
        self.dateline = chance.random() < 0.45
        self.is_brief = chance.random() < 0.4
        self.date_above = not self.caption_above and chance.random() < 0.08
        # Articles of one day or of one writer share their date or name.
        self.same_date = self._date() if chance.random() < 0.3 else None
        self.same_name = chance.choice(NAMES) if chance.random() < 0.3 else None

    @property
    def is_list(self) -> bool:
        """Say whether each article is a beginning only."""
        return self.style in ("teaser", "digest", "archive")

    def page(self, articles: Sequence[Article]) -> list[Printed]:
        """Give the lines of a capture of these articles."""
        tongue = (language_of(articles[0]["body"]) or "en").split("-")[0]
        self.words = self.furniture.get(LANGUAGES.get(tongue, tongue), self.furniture["en"])
        found: list[Printed] = []
        if self.chance.random() < 0.7:
            found += [(self._any(), "page") for _ in range(self.chance.choice([1, 1, 2, 3, 6, 12]))]
        for article in articles:
            found += self._article(article)
        if self.chance.random() < 0.5:
            found += [("", "")] * self.between + self._related()
            found += [(self._word("lines"), "page") for _ in range(self.chance.choice([0, 1, 2, 5]))]
        return found

    def _article(self, article: Article) -> list[Printed]:
        texts = [text for text in article["body"] if len(text) > 70] or article["body"][:1]
        texts = texts[: 1 if self.is_list and self.style != "digest" else self.chance.randint(2, 9)]
        if self.is_list and self.chance.random() < 0.6:
            end = self.chance.choice(["...", "…", " [...]"])
            texts = [texts[0][: self.chance.randint(60, 260)].rstrip() + end, *texts[1:2]]
        if self.is_brief:
            texts = [first_sentence(text) for text in texts]
        found: list[Printed] = [("", "")] * self.between
        if "kicker" in self.head:
            found += [(self.chance.choice(["World", "Business", self._word("lines")]), "page")]
        captioned = self.caption_above and article.get("captions")
        if captioned:
            credit = self.chance.choice(["", f" (Credit: {self.chance.choice(AGENCIES)})"])
            found += [
                (f"{self.bullet}{article['captions'][0]}{credit}", "caption above"),
                *self._gap(self.heads),
            ]
        if self.date_above:
            found += [(self._date(), "date above"), *self._gap(self.heads)]
        found.append(((self.indent if captioned else self.bullet) + article["headline"], "headline"))
        for name in self.head:
            found += [*self._gap(self.heads), *self._head_part(name, article, texts)]
        for number, text in enumerate(texts):
            opening = self._dateline() if number == 0 and self.dateline else ""
            found += [
                *self._gap(self.paragraphs if number else self.heads),
                (f"{self.indent}{opening}{text}", "body"),
            ]
            if number and number + 1 < len(texts):
                found += self._midst(article)
        for name in self.tail:
            found += [*self._gap(self.paragraphs), *self._tail_part(name)]
        return found

    def _midst(self, article: Article) -> list[Printed]:
        """What stands between two paragraphs, now and then."""
        heads = [text for text in article["body"] if 3 <= len(text.split()) <= 8 and text[-1:] not in ".!?"]
        drawn = self.chance.random()
        if heads and drawn < 0.12:
            return [*self._gap(self.paragraphs), (self.indent + self.chance.choice(heads), "crosshead")]
        if drawn > 0.92:
            line = self.chance.choice([self._word("lines"), f"Read also: {self._other()}", "Advertisement"])
            return [*self._gap(self.paragraphs), (self.indent + line, "body ?")]
        return []

    def _head_part(self, name: str, article: Article, texts: Sequence[str]) -> list[Printed]:
        draw = self.chance.choice
        writer, day = self.same_name or draw(NAMES), self.same_date or self._date()
        if name == "repeat":
            return [(self.indent + article["headline"], "repeat")]
        if name == "standfirst":
            other = next(
                (text for text in article["body"] if 40 < len(text) < 200 and text not in texts), None
            )
            return [(self.indent + other, "standfirst")] if other else []
        if name == "caption" and article.get("captions"):
            credit = draw(
                [
                    "",
                    f" ({draw(AGENCIES)})",
                    f" (Photo: {draw(AGENCIES)})",
                    f" - {draw(NAMES)}/{draw(AGENCIES)}",
                ]
            )
            line = self.indent + draw(["", "", "", *PICTURES]) + article["captions"][0] + credit
            return [(line, "head caption")] * draw([1, 1, 2, 3, 4])
        line, role = {
            "byline": (
                draw([f"{self._word('byline')} {writer}", writer, draw(AGENCIES)]),
                "head byline",
            ),
            "date": (draw(["", "", "Published: ", "Posted on "]) + day, "head date"),
            "updated": ("Updated " + day, "head date"),
            "share": (draw([self._word("lines"), "Share", "Short Url", "Facebook", "Listen"]), "head ?"),
            "section": (draw(["World", "Business", "Culture"]), "head ?"),
            "minutes": (draw(["2 min read", "Lesezeit: 4 Min.", "Lecture 2 min"]), "head ?"),
        }.get(name, ("", ""))
        return [(self.indent + line, role)] if line else []

    def _tail_part(self, name: str) -> list[Printed]:
        draw = self.chance.choice
        if name == "related":
            return self._related()
        line, role = {
            "full story": (
                draw(["Read more", "Full Story", "W140 Full Story", "Leer más", "اقرأ المزيد"]),
                "body ?",
            ),
            "date after": (self.same_date or self._date(), "body date"),
            "byline after": (draw([f"{self._word('byline')} ", "", ""]) + draw(NAMES), "body byline"),
            "tags": ("Tags: Iran, Economy", "page"),
            "share after": (self._word("lines"), "page"),
            "source": (f"Source: {draw(AGENCIES)}", "body byline"),
            "reporting": (f"(Reporting by {draw(NAMES)}; editing by {draw(NAMES)})", "body ?"),
            "rights": (f"Copyright 2024 {draw(AGENCIES)}. All rights reserved.", "page"),
        }[name]
        return [(self.indent + line, role)]

    def _related(self) -> list[Printed]:
        links = [
            (self.chance.choice(["", "• "]) + self._other(), "page") for _ in range(self.chance.randint(1, 5))
        ]
        return [(self._word("openers"), "page"), *links]

    def _gap(self, blanks: int) -> list[Printed]:
        return [("", "")] * (blanks if self.chance.random() < 0.85 else 0)

    def _any(self) -> str:
        return self.chance.choice(
            [self._word("lines"), "Home", "Latest stories", "Author Archives:", self._date()]
        )

    def _word(self, kind: str) -> str:
        word = self.chance.choice(self.words[kind] or ["menu"])
        return word[:1].upper() + word[1:]

    def _other(self) -> str:
        return str(self.chance.choice(self.articles)["headline"])

    def _date(self) -> str:
        day, month, year = (
            self.chance.randint(1, 28),
            self.chance.randint(1, 12),
            self.chance.randint(2009, 2026),
        )
        return self.chance.choice(DATES).format(d=day, m=month, y=year)

    def _dateline(self) -> str:
        agency = f" ({self.chance.choice(AGENCIES)})" if self.chance.random() < 0.4 else ""
        return self.chance.choice(CITIES) + agency + self.chance.choice([": ", " - ", " – ", " — "])


def by_hand(data: Path, gold: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Label the captures whose articles are known, line by line; they are few, and given several times."""
    for document in gold:
        if document["kind"] not in COUNTED or not all(one["headline"] for one in document["articles"]):
            continue
        raw = legal((data / document["file"]).read_text("utf-8")).split("\n")
        printed = _labelled_by_hand(raw, document["articles"])
        page = finished(printed) if printed else None
        if page:
            yield from [{"kind": document["kind"], **page}] * COUNTED[document["kind"]]


def _labelled_by_hand(raw: Sequence[str], articles: Sequence[Article]) -> list[Printed] | None:
    known = [compared(line) for line in raw]
    roles = ["page" if line.strip() else "" for line in raw]
    start = 0
    for article in articles:
        named = article.get("byline") or []
        one = {**article, "byline": [named] if isinstance(named, str) else named}
        is_body = _body_lines(known, [fold(part) for part in article["body"]])
        bodies = [place for place in range(start, len(raw)) if is_body[place]]
        head = _head([""] * start + known[start:], fold(article["headline"]), bodies, reach=REACH)
        if head is None:
            return None
        last = bodies[-1]
        roles[head : last + 1] = _roles(raw, known, is_body, head, last, one)[head : last + 1]
        if "body" not in roles[head:last]:
            roles[last] = "body"  # however short, as where a capture ends
        start = last + 1
        _mark_above(raw, known, roles, head, one)
        _mark_after(raw, known, roles, start, [fold(name) for name in one["byline"]])
    return list(zip(raw, roles, strict=True))


def _mark_above(
    raw: Sequence[str], known: Sequence[str], roles: list[str], head: int, article: Article
) -> None:
    """Label the captions that stand above a headline, or the date that is its own."""
    captions = [compared(text)[:40] for text in article.get("captions") or [] if len(text) > 15]
    above = [place for place in range(head) if raw[place].strip()][::-1]
    for place in above:
        if not any(text in known[place] for text in captions):
            break
        roles[place] = "caption above"
    seen = lines(raw[above[0]]) if above else []
    dates = seen[0].date.dates if seen and seen[0].date else ()
    printed = dates[0].printed if dates else None
    is_own = printed and printed.year and str(printed.on(printed.year)) == article.get("published")
    if is_own and roles[above[0]] == "page":  # and not the date below the text that stands above
        roles[above[0]] = "date above"


def _mark_after(
    raw: Sequence[str], known: Sequence[str], roles: list[str], start: int, names: Sequence[str]
) -> None:
    """Label the date and the writer's name that stand below a text."""
    for place in range(start, min(start + 8, len(raw))):
        seen = lines(raw[place])
        if not seen:
            continue
        if seen[0].date and seen[0].date.dates:
            roles[place] = "body date"
        elif any(name in known[place] for name in names):
            roles[place] = "body byline"
        else:
            return


def outlet_fold(file: str) -> int:
    """The fold of a page's outlet, which its file's name begins with."""
    outlet = Path(file).name.split("_")[0]
    return int(hashlib.sha256(outlet.encode()).hexdigest(), 16) % 5


def main() -> None:
    """Write the labelled captures."""
    data, out = Path(sys.argv[1]) / "extract", Path(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 1300
    fold_, part = (int(sys.argv[4]), sys.argv[5]) if len(sys.argv) > 5 else (None, "train")
    gold = [json.loads(line) for line in (data / "gold.jsonl").read_text("utf-8").splitlines()]
    pages = []
    for document in gold:
        if document["kind"] != "page" or document["n"] != 1:
            continue
        if fold_ is not None and (outlet_fold(document["file"]) == fold_) != (part == "test"):
            continue
        html = (data / document["file"]).read_text("utf-8", "replace")
        found = [labelled(text, document["articles"][0]) for text in renderings(html)]
        if known := [one for one in found if one]:
            pages.append(known)
    made = list(Maker(pages).captures(count))
    if fold_ is None:
        made += by_hand(data, gold)
    out.write_text("".join(json.dumps(page, ensure_ascii=False) + "\n" for page in made), "utf-8")
    print(f"{len(made)} captures of {len(pages)} pages")


if __name__ == "__main__":
    main()
