"""Text captures of many layouts: each file of fixtures/captures holds a capture and what it gives."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.model import Document
from tests.values import extracted

CAPTURES = sorted((Path(__file__).parent / "fixtures" / "captures").glob("*.txt"))
CAPTURED = datetime(2024, 7, 1, 10, 0, tzinfo=UTC)
GIVES = "\n===== gives =====\n"


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_capture_gives_what_stands_below_it(path: Path, request: pytest.FixtureRequest) -> None:
    """Lists, digests, galleries, archives, dates in every place, furniture, glue, clocks, six scripts."""
    text, _, wanted = path.read_text("utf-8").partition(GIVES)
    found = extracted(Document(path.name, "text/plain", text, CAPTURED, "", captured_stated=True))
    if request.config.getoption("--update"):
        path.write_text(text + GIVES + found, encoding="utf-8")
        wanted = found

    assert found == wanted
