#!/usr/bin/env python3
"""Score what is read of the captures in tests/corpus, and hold the floors of tools/floors.toml.

    tools/score_corpus.py [--raise]

An article is right when its text is (an F1 of runs of four words of at least .8) and its headline is,
or it has
none where none is printed. Each capture's score is written to tests/corpus/scores.tsv. Exit code 1
where a floor
is missed, or where nothing was measured; --raise lifts the floors that were passed.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # as it stands here, installed or not

from feeds.dates import date  # noqa: E402
from feeds.extract import extract  # noqa: E402
from feeds.model import Document, DocumentError, RawArticle  # noqa: E402
from feeds.text import fold  # noqa: E402
from tools.evaluate import compare, lifted, write_floors  # noqa: E402

CORPUS = ROOT / "tests" / "corpus"
FLOORS = ROOT / "tools" / "floors.toml"
_BULLET = re.compile(r"^[•*·▪●◆■►»–-]\s+")
_UNSPACED = re.compile(r"([\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])")
_ALIKE = 0.8  # F1 of two texts that are one


@dataclass
class Wanted:
    """One labelled article."""

    headline: str = ""
    body: list[str] = field(default_factory=list)
    told: dict[str, Any] = field(default_factory=dict)


def labelled(path: Path) -> tuple[str, list[Wanted]]:
    """Return the text of a tagged capture, and its articles."""
    head, *rows = path.read_text(encoding="utf-8").rstrip("\n").split("\n")
    wanted = [Wanted(told=told) for told in json.loads(head)["articles"]]
    for tag, _, text in (row.partition("\t") for row in rows):
        if tag in ("", "J"):
            continue
        article, line = wanted[int(tag[:-1]) - 1], text.strip()
        if tag[-1] == "T":
            article.headline = f"{article.headline} {_BULLET.sub('', line)}".strip()
        elif tag[-1] == "B":
            article.body.append(line)
        elif tag[-1] == "b":
            article.body[-1] += " " + line
    for article in wanted:
        article.headline = article.told.get("headline") or article.headline
    return "\n".join(row.partition("\t")[2] for row in rows) + "\n", wanted


def _runs(texts: Sequence[str]) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", _UNSPACED.sub(r" \1 ", " ".join(texts)))
    return Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3)) if words)


def likeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Return the F1 of the runs of four words of two texts."""
    a, b = _runs(one), _runs(other)
    return 2 * sum((a & b).values()) / max(1, sum(a.values()) + sum(b.values()))


def read(text: str) -> tuple[RawArticle, ...]:
    """Return the articles that are read of a text."""
    try:
        return extract(Document("capture.txt", "text/plain", text, None, "")).articles
    except DocumentError:
        return ()


def paired(
    wanted: Sequence[Wanted], given: Sequence[RawArticle]
) -> Iterator[tuple[Wanted, RawArticle | None]]:
    """Return each labelled article with that which was read for it."""
    left = list(given)
    for article in wanted:
        best = max(left, key=lambda one: likeness(article.body, one.body), default=None)
        if best is not None and likeness(article.body, best.body) > 0.05:
            left.remove(best)
            yield article, best
        else:
            yield article, None


def score(path: Path) -> Counter[str]:
    """Return what is counted in one capture."""
    text, wanted = labelled(path)
    given = read(text)
    found: Counter[str] = Counter(captures=1, wanted=len(wanted), given=len(given))
    found["counted"] = len(wanted) == len(given)
    for article, one in paired(wanted, given):
        if one is None:
            continue
        alike = likeness(article.body, one.body) >= _ALIKE
        found["right"] += alike and fold(article.headline) == fold(one.headline)
        found["texts"] += alike
        day = article.told.get("published")
        published = date(one, None).published
        found["dated"] += bool(day)
        if published:
            found["dates right"] += published.date().isoformat() == day
            found["dates wrong"] += published.date().isoformat() not in (day, article.told.get("updated"))
        found["bylines wrong"] += bool(one.byline) and not article.told.get("byline")
    return found


def figures(scores: Sequence[Counter[str]]) -> dict[str, float]:
    """Return the figures of some captures."""
    n = sum(scores, Counter())
    return {
        "right": round(2 * n["right"] / (n["wanted"] + n["given"]), 3),
        "text": round(2 * n["texts"] / (n["wanted"] + n["given"]), 3),
        "count": round(n["counted"] / n["captures"], 3),
        "date": round(n["dates right"] / max(1, n["dated"]), 3),
        "wrong": n["dates wrong"],
        "byline_fp": n["bylines wrong"],
    }


def main(arguments: list[str]) -> int:
    """Print each figure beside its floor; return 1 where one is missed."""
    scores = {path.stem: score(path) for path in sorted(CORPUS.glob("*.cap"))}
    if not scores:
        print("score_corpus: nothing was measured", file=sys.stderr)
        return 1
    rows = (f"{name}\t{one['right']}\t{one['wanted']}\t{one['given']}\n" for name, one in scores.items())
    (CORPUS / "scores.tsv").write_text("capture\tright\tlabelled\tread\n" + "".join(rows), encoding="utf-8")
    all_ = [*scores.values()]
    several = [one for one in all_ if one["wanted"] > 1]
    found = {
        "corpus": figures(all_),
        "corpus-one": figures([one for one in all_ if one["wanted"] == 1]),
        "corpus-several": figures(several),
    }
    floors = {kind: row for kind, row in tomllib.loads(FLOORS.read_text("utf-8")).items() if kind in found}
    missed = list(compare(found, floors))
    if "--raise" in arguments:
        write_floors(FLOORS, {**tomllib.loads(FLOORS.read_text("utf-8")), **lifted(found, floors)})
    for told in missed:
        print(f"score_corpus: {told}", file=sys.stderr)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
