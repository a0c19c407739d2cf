"""Web pages of many layouts: each page of fixtures/layouts gives what stands in the text beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from feeds.extract import extract
from feeds.model import Document
from tests.values import extracted

LAYOUTS = sorted((Path(__file__).parent / "fixtures" / "layouts").glob("*.html"))


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_page_gives_what_stands_beside_it(path: Path, request: pytest.FixtureRequest) -> None:
    """Statements in a graph, several articles, microdata, nothing stated, walls, comments, live reports."""
    found = extracted(Document(path.name, "text/html", path.read_text("utf-8"), None, ""))
    golden = path.with_suffix(".txt")
    if request.config.getoption("--update"):
        golden.write_text(found, encoding="utf-8")

    assert found == golden.read_text("utf-8")


@pytest.mark.parametrize("path", LAYOUTS, ids=lambda path: path.stem)
def test_the_text_is_found_without_what_the_markup_states(path: Path) -> None:
    """With its metadata taken away, a page gives the same paragraphs: the two ways to the text agree."""
    text = path.read_text("utf-8")
    bare = text
    while "<script" in bare and (end := bare.find("</script>", bare.find("<script"))) > 0:
        bare = bare[: bare.find("<script")] + bare[end + len("</script>") :]
    if bare == text or path.stem == "several-json-ld":
        return  # nothing was stated, or only the statements tell briefs from sections

    ways = [extract(Document(path.name, "text/html", way, None, "")).articles for way in (text, bare)]

    assert [article.body for article in ways[0]] == [article.body for article in ways[1]]
