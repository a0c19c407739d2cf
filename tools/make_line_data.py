#!/usr/bin/env python3
"""Make what the model of line roles learns from: names of features and roles, and no text.

    tools/make_line_data.py DATA OUT [--fold N]

DATA is a folder with captures/ (*.cap, tagged line by line, and hosts.tsv), extract/ and pages/ (html/ and
gold.jsonl). Examples of four kinds are made of it: each capture as it is; varied captures, whose articles
are shuffled, left out, joined with another capture's, stripped of headlines or blank lines, cut off; and web
pages, printed as the tools that save pages as text do, their lines labelled by what is known of their
article; galleries are made of these, which print headlines and captions again and again. `--fold N` (0
to 4) leaves out the hosts of one fold:
a figure counts on hosts that were not learned from. The renderers are wanted in the environment, and by
nothing else here: `pip install resiliparse html-text inscriptis`.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # as it stands here, installed or not

from feeds.extract.text.features import features  # noqa: E402
from feeds.extract.text.observed import observed  # noqa: E402
from feeds.extract.text.printed import printed  # noqa: E402
from feeds.text import fold, legal  # noqa: E402
from tools.line_data import Example, write  # noqa: E402

Row = tuple[
    str, str
]  # a printed line with its tag in a capture, or its role in a page; blank lines have none
COPIES = 2  # varied captures made of each
JOINED = 100  # captures of several pages, and as many long ones
LONGEST = 100  # lines of an example
LONG = 200  # lines of one with the furniture of several pages
SEED = 7
HASHED = 5


def fold_of(host: str) -> int:
    """Return the fold that a host is in."""
    return hashlib.sha256(host.encode()).digest()[0] % HASHED


def capture(path: Path) -> list[Row]:
    """Return the lines of a tagged capture, each with its tag: J, or an article's number and a letter."""
    rows = path.read_text(encoding="utf-8").rstrip("\n").split("\n")[1:]
    return [(tag, text) for tag, _, text in (row.partition("\t") for row in rows)]


def roles(tags: Sequence[str]) -> list[str]:
    """Return the role of each line of a capture.

    >>> roles(["J", "1D", "1T", "1B", "2B", "2B"])
    ['J', 'aD', 'T', 'B', 'F', 'B']
    """
    begins: dict[str, tuple[int, str]] = {}
    for letter in "TB":  # the headline, or where none is printed the first paragraph
        for place, tag in enumerate(tags):
            if tag[-1:] == letter and tag[:-1] not in begins:
                begins[tag[:-1]] = place, letter
    return [_role(place, tag, *begins.get(tag[:-1], (-1, ""))) for place, tag in enumerate(tags)]


def _role(place: int, tag: str, begin: int, letter: str) -> str:
    if tag == "J":
        return "J"
    kind = tag[-1]
    if place == begin:
        return "T" if letter == "T" else "F"
    if kind in "TBb":
        return {"T": "T", "B": "B", "b": "b"}[kind] if place > begin else "aX"
    if place < begin:
        return "aX" if kind == "t" else "a" + kind
    return "m" + kind


def example(rows: Sequence[Row], kind: str) -> Example | None:
    """Return an example of tagged lines: the features of each line, and its role."""
    text = "\n".join(line for _, line in rows)
    by_line = {number: tag for number, (tag, _) in enumerate(rows, 1)}
    lines = printed(text)[: LONG if kind in ("long", "varied") else LONGEST]
    known = [by_line[line.number] for line in lines]
    if not lines or not any(tag not in ("", "J") for tag in known):
        return None
    found = known if kind in ("page", "long", "gallery") else roles(known)
    return Example(kind, features(lines, observed(lines)), found)


class Varied:
    """Captures with their articles shuffled, left out, joined with others', stripped or cut off."""

    def __init__(self, captures: Sequence[Sequence[Row]], seed: int = SEED) -> None:
        self.captures, self.chance = captures, random.Random(seed)

    def of(self, rows: Sequence[Row]) -> list[Row]:
        """Return one capture, varied by chance."""
        chance = self.chance
        rows = [*rows]
        if chance.random() < 0.25:
            rows = self._joined(rows, chance.choice(self.captures))
        head, blocks = _blocks(rows)
        if len({_article(block[0][0]) for block in blocks}) == len(blocks):  # none is interrupted by another
            rows = self._arranged(head, blocks)
        if chance.random() < 0.15:
            rows = _without_headlines(rows)
        if chance.random() < 0.3:
            share = chance.choice((0.2, 0.5, 1))
            rows = [row for row in rows if row[0] != "J" or chance.random() > share]
        if chance.random() < 0.35:
            rows = _spaced(rows, chance.choice(("none", "none", "one", "at most one")))
        if chance.random() < 0.5:
            rows = self._cut(rows)
        return _only_texts(rows)

    def _joined(self, rows: Sequence[Row], other: Sequence[Row]) -> list[Row]:
        last = max((int(tag[:-1]) for tag, _ in rows if tag and tag != "J"), default=0)
        moved = [
            (f"{int(tag[:-1]) + last}{tag[-1]}" if tag and tag != "J" else tag, text) for tag, text in other
        ]
        return [*rows, *[("", "")] * self.chance.choice((1, 1, 2, 3)), *moved]

    def _arranged(self, head: list[Row], blocks: list[list[Row]]) -> list[Row]:
        chance = self.chance
        if len(blocks) >= 3 and chance.random() < 0.5:
            blocks = [
                block if not block[-1][0] or len(block) == 1 else [*block, ("", "")] for block in blocks
            ]
            chance.shuffle(blocks)
        if len(blocks) >= 4 and chance.random() < 0.3:
            blocks = blocks[: chance.randrange(2, len(blocks))]
        if len(blocks) >= 2 and chance.random() < 0.1:
            blocks = [chance.choice(blocks)]
        if chance.random() < 0.15:
            head = []
        return head + [row for block in blocks for row in block]

    def _cut(self, rows: list[Row]) -> list[Row]:
        chance = self.chance
        rows = rows[: chance.randrange(max(1, int(len(rows) * 0.4)), len(rows) + 1)]
        while rows and not rows[-1][0]:
            rows.pop()
        if rows and len(rows[-1][1]) > 60 and chance.random() < 0.7:
            tag, text = rows[-1]
            rows[-1] = (tag, text[: chance.randrange(30, len(text))])
        return rows


def _article(tag: str) -> str:
    return tag[:-1] if tag and tag != "J" else ""


def _blocks(rows: Sequence[Row]) -> tuple[list[Row], list[list[Row]]]:
    """Part a capture in what stands above its first article, and a block for each article."""
    head: list[Row] = []
    blocks: list[list[Row]] = []
    last = ""
    for row in rows:
        own = _article(row[0])
        if own and own != last:
            blocks.append([])
            last = own
        (blocks[-1] if blocks else head).append(row)
    return head, blocks


def _without_headlines(rows: Sequence[Row]) -> list[Row]:
    told = {tag[:-1] for tag, _ in rows if tag[-1:] == "B"}
    return [row for row in rows if not (row[0][-1:] in ("T", "t") and row[0][:-1] in told)]


def _spaced(rows: Sequence[Row], how: str) -> list[Row]:
    printed_rows = [row for row in rows if row[0]]
    if how == "none":
        return printed_rows
    if how == "one":
        return [one for row in printed_rows for one in (row, ("", ""))][:-1]
    return [row for place, row in enumerate(rows) if row[0] or (place and rows[place - 1][0])]


def _only_texts(rows: Sequence[Row]) -> list[Row]:
    """Leave to the page what was an article's whose text is gone."""
    told = {tag[:-1] for tag, _ in rows if tag[-1:] == "B"}
    return [(tag if not tag or tag == "J" or tag[:-1] in told else "J", text) for tag, text in rows]


# Web pages, printed as text.

REACH = 25  # lines of furniture above a headline and below a text
_BULLET = re.compile(r"^\s*(?:[•·▪◦*]\s+)+")
_WORD = re.compile(r"\w+")


def pages(data: Path) -> Iterator[tuple[str, list[list[Row]]]]:
    """Return the host of each labelled page with its printed forms, their lines with their roles."""
    for folder in ("extract", "pages"):
        for row in (data / folder / "gold.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
            page = json.loads(row)
            article = page["articles"][0] if page["articles"] else {}
            if page["kind"] != "page" or page["n"] != 1 or not article.get("headline"):
                continue
            raw = (data / folder / page["file"]).read_bytes()
            html = (gzip.decompress(raw) if page["file"].endswith(".gz") else raw).decode("utf-8", "replace")
            host = (urlsplit(page.get("url") or "").hostname or page["file"]).removeprefix("www.")
            found = [rows for text in _renderings(html) if (rows := _labelled(text, article))]
            if found:
                yield host, found


def _renderings(html: str) -> Iterator[str]:
    """Return a page's text as several tools print it."""
    import html_text
    import inscriptis
    from resiliparse.extract.html2text import extract_plain_text

    yield extract_plain_text(html)
    yield html_text.extract_text(html)
    yield inscriptis.get_text(html)
    yield extract_plain_text(html, list_bullets=False)


def _labelled(text: str, article: dict[str, Any]) -> list[Row] | None:
    """Return the lines of a printed page with their roles, or None where its article is not found there."""
    raw = legal(text).split("\n")
    known = [fold(_BULLET.sub("", line)) for line in raw]
    is_body = _body_lines(known, [fold(part) for part in article["body"]])
    long = [place for place, body in enumerate(is_body) if body and len(known[place]) > 60]
    head = _head(known, fold(article["headline"]), long)
    if head is None:
        return None
    last = [place for place in long if place > head][-1]
    captions = [fold(_caption_text(one))[:40] for one in article.get("captions") or []]
    names = article.get("byline") or []
    writers = [fold(name) for name in ([names] if isinstance(names, str) else names)]
    found = ["J" if line.strip() else "" for line in raw]
    found[head] = "T"
    told = False
    for place in range(head + 1, last + 1):
        line = known[place]
        if not raw[place].strip():
            continue
        if is_body[place] and (len(line) > 40 or told):
            told = True
            found[place] = "B"
        elif line == known[head]:
            found[place] = "J" if told else "mt"
        elif any(len(one) > 15 and one in line for one in captions):
            found[place] = "mC"
        elif len(line.split()) <= 16:
            found[place] = _head_role(raw[place], line, writers)
    return list(zip(found, raw, strict=True))[max(0, head - REACH) : last + 1 + REACH]


def _caption_text(caption: Any) -> str:
    return str(caption.get("text", "")) if isinstance(caption, dict) else str(caption)


def _head_role(raw: str, line: str, writers: Sequence[str]) -> str:
    if any(name and name in line for name in writers):
        return "mY"
    (seen,) = observed(printed(raw)[:1])
    if seen.date and seen.date.dates:
        return "mD"
    return "mY" if seen.byline.labelled or seen.agency else "J"


def _body_lines(known: Sequence[str], bodies: Sequence[str]) -> list[bool]:
    whole, long = set(bodies), [part for part in bodies if len(part) > 60]

    def is_body(line: str) -> bool:
        if line in whole:
            return bool(line)
        if len(line) <= 40:
            return False
        return any(line in part or (part in line and len(part) > len(line) * 0.6) for part in long)

    return [is_body(line) for line in known]


def _head(known: Sequence[str], headline: str, long: Sequence[int]) -> int | None:
    """Return the place of the headline: the last one with most of the text below it, or its first repeat."""
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
        if head - earlier <= 14 and not any(earlier < place < head for place in long):
            head = earlier
    return head


def page_captures(
    printed_pages: Sequence[tuple[str, list[list[Row]]]], seed: int = SEED
) -> Iterator[list[Row]]:
    """Return captures of printed pages: each page alone, mostly cut off, and several one after another."""
    chance = random.Random(seed)
    for _, forms in printed_pages:
        rows = _around(
            chance.choice(forms), chance.choice((0, 0, 0, 1, 2, 4, 8, 20)), chance.choice((0, 3, 10))
        )
        rows = _short(rows, chance.randrange(900, 2600)) if chance.random() < 0.8 else rows
        yield [row for row in rows if row[0]] if chance.random() < 0.3 else rows
    for _ in range(JOINED):
        found: list[Row] = []
        most, form = chance.choice((800, 1500, 3000, 100_000)), chance.randrange(4)
        up, down = chance.choice((0, 0, 1, 3, 8)), chance.choice((0, 0, 1, 4, 12))
        for _, forms in chance.sample(printed_pages, chance.choice((2, 2, 3, 3, 4))):
            rows = _around(forms[min(form, len(forms) - 1)], up, down)
            found += _short(rows, most) + [("", "")] * chance.choice((1, 1, 2, 3))
        yield found


def long_captures(
    printed_pages: Sequence[tuple[str, list[list[Row]]]], seed: int = SEED
) -> Iterator[list[Row]]:
    """Return captures of several whole pages with their furniture."""
    chance = random.Random(seed + 1)
    for _ in range(JOINED):
        found: list[Row] = []
        form = chance.randrange(4)
        for _, forms in chance.sample(printed_pages, chance.choice((2, 3, 4, 5))):
            rows = forms[min(form, len(forms) - 1)]
            found += _around(rows, chance.choice((3, 10, 15, REACH)), chance.choice((3, 10, 15, REACH)))
            found += [("", "")] * chance.choice((1, 2, 3))
        yield found


GALLERIES = 120
_CREDITS = ("AFP", "Reuters", "AP", "File photo: Reuters", "dpa", "EPA", "Xinhua")


def galleries(printed_pages: Sequence[tuple[str, list[list[Row]]]], seed: int = SEED) -> Iterator[list[Row]]:
    """Return captures of articles one after another, with headline and caption printed again and again."""
    chance = random.Random(seed)
    for _ in range(GALLERIES):
        found: list[Row] = []
        marked, again, below = chance.random() < 0.6, chance.random() < 0.8, chance.random() < 0.5
        for _, forms in chance.sample(printed_pages, chance.choice((2, 3, 3, 4, 5))):
            found += _gallery(forms[0], chance, marked, again, below)
            found += [("", "")] * chance.choice((1, 2, 3))
        yield found


def _gallery(rows: Sequence[Row], chance: random.Random, marked: bool, again: bool, below: bool) -> list[Row]:
    headline = next(text.strip() for role, text in rows if role == "T")
    texts = [text.strip() for role, text in rows if role == "B"][: chance.randrange(3, 14)]
    shown = " ".join(texts[-1].split()[: chance.randrange(6, 25)]).rstrip(",.;:")
    caption = ("mC", f"{shown} ({chance.choice(_CREDITS)})")
    several, mark = [caption] * chance.choice((1, 2, 2)), [("J", "TT"), ("", "")] if marked else []
    top = [*several, *mark] if below else [*mark, *several]
    found: list[Row] = [("T", headline), ("", ""), *top, ("", "")]
    if again:
        found += [("mt", headline), ("", ""), *several, ("", "")]
    return found + [row for text in texts for row in (("B", text), ("", ""))]


def documents(data: Path) -> Iterator[list[Row]]:
    """Return the labelled texts of several articles each, tagged as captures are."""
    for row in (data / "extract" / "gold.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n"):
        document = json.loads(row)
        if document["kind"] == "page":
            continue
        known: dict[str, str] = {}
        for number, article in enumerate(document["articles"], 1):
            texts = [(article["headline"], "T"), *((text, "B") for text in article["body"])]
            texts += [(_caption_text(one), "C") for one in article.get("captions") or []]
            known |= {fold(_BULLET.sub("", text)): f"{number}{letter}" for text, letter in texts if text}
        rows = _tagged((data / "extract" / document["file"]).read_text(encoding="utf-8"), known)
        if sum(tag[-1:] == "T" for tag, _ in rows) == sum(
            bool(one["headline"]) for one in document["articles"]
        ):
            yield rows


def _tagged(text: str, known: dict[str, str]) -> list[Row]:
    found: list[Row] = []
    headed: set[str] = set()
    for line in text.rstrip("\n").split("\n"):
        tag = known.get(fold(_BULLET.sub("", line)), "J") if line.strip() else ""
        if tag[-1:] == "T":
            tag = f"{tag[:-1]}t" if tag in headed else tag
            headed.add(tag)
        found.append((tag, line))
    return found


def _around(rows: list[Row], up: int, down: int) -> list[Row]:
    roles_ = [role for role, _ in rows]
    head = roles_.index("T")
    last = max(place for place, role in enumerate(roles_) if role == "B")
    return rows[max(0, head - up) : last + 1 + down]


def _short(rows: Sequence[Row], most: int) -> list[Row]:
    """Return the first characters of some lines, as a capture that is cut off."""
    found: list[Row] = []
    for role, text in rows:
        if len(text) > most:
            return [*found, (role, text[:most])] if most > 20 else found
        most -= len(text) + 1
        found.append((role, text))
    return found


def examples(data: Path, left_out: int | None) -> Iterator[Example]:
    """Return all examples of the hosts that are not in one fold."""
    table = (data / "captures" / "hosts.tsv").read_text(encoding="utf-8")
    hosts = dict(row.split("\t")[:2] for row in table.splitlines())
    captures = [
        capture(path)
        for path in sorted((data / "captures").glob("*.cap"))
        if fold_of(hosts.get(path.stem, path.stem)) != left_out
    ]
    varied = Varied(captures)
    made = [(rows, "capture") for rows in captures]
    made += [(varied.of(rows), "varied") for _ in range(COPIES) for rows in captures]
    known = [(host, forms) for host, forms in pages(data) if fold_of(host) != left_out]
    made += [(rows, "page") for rows in page_captures(known)]
    made += [(rows, "long") for rows in long_captures(known)]
    made += [(rows, "gallery") for rows in galleries(known)]
    if left_out is None:  # their hosts are not told
        made += [(rows, "varied") for rows in documents(data)]
    for rows, kind in made:
        if found := example(rows, kind):
            yield found


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--fold", type=int)
    arguments = parser.parse_args()
    found = list(examples(arguments.data, arguments.fold))
    write(arguments.out, found)
    kinds = Counter(one.kind for one in found)
    lines, size = sum(len(one.roles) for one in found), arguments.out.stat().st_size
    print(f"{dict(kinds)}, {lines:,} lines, {size:,} bytes")


if __name__ == "__main__":
    main()
