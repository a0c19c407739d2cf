"""Judge weights of line roles by labelled captures: tools/judge_line_weights.py [WEIGHTS.json PAGES.jsonl]...

The captures are those that tools/make_captures.py makes, of outlets that the weights have not seen (its FOLD
test); those of several folds are counted together, each read with weights of its own. For each kind of
capture: how many there are, the share with the right number of articles, with more and with fewer, the share
of headlines found, and F1 of the words in bodies.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from feeds.extract import segment
from feeds.extract.lines import Line, lines

TEXTS = ("body", "crosshead")


def tally(found: Sequence[Line], wanted: Sequence[str], given: Sequence[str]) -> Counter[str]:
    """Count what was found of a capture."""
    heads, read = wanted.count("headline"), given.count("headline")
    texts = [
        (line.words, right in TEXTS, role in TEXTS)
        for line, right, role in zip(found, wanted, given, strict=True)
    ]
    return Counter(
        captures=1,
        right=heads == read,
        more=heads < read,
        fewer=heads > read,
        heads=heads,
        hits=sum(pair == ("headline", "headline") for pair in zip(wanted, given, strict=True)),
        wanted=sum(words for words, right, _ in texts if right),
        given=sum(words for words, _, role in texts if role),
        both=sum(words for words, right, role in texts if right and role),
    )


def _read_with(table: Any) -> None:
    segment.weights = lambda: table  # type: ignore[assignment]
    segment._scores.cache_clear()


def main() -> None:
    """Print a line for each kind of capture."""
    kinds: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for weights, pages in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        _read_with(json.loads(Path(weights).read_text("utf-8")))
        for row in Path(pages).read_text("utf-8").splitlines():
            page = json.loads(row)
            found = lines(page["text"])
            kinds[page["kind"]] += tally(found, page["roles"], segment.roles(found))
    for kind, seen in sorted(kinds.items()):
        shares = {name: seen[name] / seen["captures"] for name in ("right", "more", "fewer")}
        shares["headline"] = seen["hits"] / max(seen["heads"], 1)
        shares["body"] = 2 * seen["both"] / max(seen["wanted"] + seen["given"], 1)
        told = "  ".join(f"{name} {share:.3f}" for name, share in shares.items())
        print(f"{kind:10} {seen['captures']:4}  {told}")


if __name__ == "__main__":
    main()
