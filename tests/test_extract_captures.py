"""Text captures of many layouts: each file of fixtures/captures holds a capture and what it gives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.dates import date
from feeds.extract import extract
from feeds.model import Document, DocumentError, RawArticle

CAPTURES = sorted((Path(__file__).parent / "fixtures" / "captures").glob("*.txt"))
CAPTURED = datetime(2024, 7, 1, 10, 0, tzinfo=UTC)
GIVES = "\n===== gives =====\n"


def told(article: RawArticle) -> str:
    """An article as the files write it: a line for each thing that it says."""
    dating = date(article, CAPTURED)
    rows = {
        "headline": article.headline,
        "standfirst": article.standfirst,
        "byline": ", ".join(article.byline),
        "agency": article.agency,
        "dateline": article.dateline,
        "language": article.language,
        "published": dating.published and f"{dating.published:%Y-%m-%d %H:%M} ({dating.precision})",
        "updated": dating.updated and f"{dating.updated:%Y-%m-%d %H:%M}",
    }
    lines = [f"{name}: {value}" for name, value in rows.items() if value]
    lines += [f"caption: {c.text}{f' ({c.credit})' if c.credit else ''}" for c in article.captions]
    lines += [f"  {paragraph}" for paragraph in article.body]
    return "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_capture_gives_what_stands_below_it(path: Path, request: pytest.FixtureRequest) -> None:
    """Lists, digests, galleries, archives, dates in every place, furniture, glue, clocks, six scripts."""
    text, _, wanted = path.read_text("utf-8").partition(GIVES)
    try:
        extraction = extract(Document(path.name, "text/plain", text, CAPTURED, "", captured_stated=True))
        found = "\n".join(map(told, extraction.articles))
        found += "".join(f"problem: {problem}\n" for problem in extraction.problems)
    except DocumentError as error:
        found = f"problem: {error}\n"
    if request.config.getoption("--update"):
        path.write_text(text + GIVES + found, encoding="utf-8")
        wanted = found

    assert found == wanted
