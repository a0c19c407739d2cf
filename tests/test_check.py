"""`feeds check` passes what was written, and names what is wrong with what was not."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.check import check
from feeds.config import Config, Selection, Site
from feeds.model import Enclosure, Entry, Feed, History
from feeds.selection import FOLDER_TITLES
from feeds.write import opml, page_writer, writers
from feeds.write.links import Links, article_path, page_path
from tests.values import UNDATED, WHEN, entry, feed

NOW = WHEN + timedelta(days=2)
CURRENT, OLDER, OLDEST = "countries/no", "countries/no/2025-11", "countries/no/2025-10"


def article(number: int, **fields: object) -> Entry:
    """Give an entry of its own second."""
    return entry(number, updated=WHEN + timedelta(seconds=number), **fields)  # type: ignore[arg-type]


def site(root: Path, base_url: str = "https://news.example") -> Path:
    """Write a small site in every format: one feed with two archives."""
    config = Config(Site(base_url=base_url), Selection(formats=("atom", "rss", "json")))
    sound = Enclosure("https://paper.example/a.mp3", "audio/mpeg", 9)
    feeds = [
        feed(
            article(1, image="https://paper.example/i.jpg", enclosures=(sound,)),
            article(2, dating=UNDATED),
            slug=CURRENT,
            history=History(CURRENT, OLDER),
        ),
        feed(article(3), slug=OLDER, history=History(CURRENT, OLDEST, None, is_archive=True)),
        feed(article(4), slug=OLDEST, history=History(CURRENT, None, OLDER, is_archive=True)),
    ]
    pages = page_writer(config)
    for one in feeds:
        for writer in writers(config):
            put(root / writer.path(one.slug), writer.write(one))
        put(root / page_path(one.slug), pages.feed(one))
        for each in one.entries:
            put(root / article_path(each.article.id), pages.article(each, {}))
    for path, data in opml.files(feeds[:1], FOLDER_TITLES, config.site, Links.of(base_url)):
        put(root / path, data)
    return root


def put(path: Path, data: bytes) -> None:
    """Write a file, and its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def problems(root: Path) -> list[str]:
    """Give what the check says, without the folder's name."""
    return [str(problem).removeprefix(f"{root}/") for problem in check(root, NOW)]


@pytest.mark.parametrize("base_url", ["https://news.example", "https://news.example/a%20b/", ""])
def test_what_is_written_passes(tmp_path: Path, base_url: str) -> None:
    """In each format, with its archives, wherever it is served."""
    assert problems(site(tmp_path, base_url)) == []


def test_one_file_passes_alone(tmp_path: Path) -> None:
    """What lies outside of it is not missed."""
    for path in sorted(site(tmp_path).rglob("no.*")):
        if path.suffix in (".atom", ".rss", ".json"):
            assert list(check(path, NOW)) == []


@pytest.mark.parametrize(
    ("path", "old", "new", "said"),
    [
        (f"{CURRENT}.atom", "<entry>", "<entri>", "not well-formed"),
        (f"{CURRENT}.atom", '000001.html" rel="alternate"', '000001.htm" rel="alternate"', "not there"),
        (f"{CURRENT}.atom", "example/countries/no.atom", "example/xx.atom", "says that it stands at"),
        (f"{OLDER}.atom", 'rel="current"', 'rel="related"', "without a link to the current feed"),
        (f"{OLDEST}.atom", 'rel="next-archive"', 'rel="related"', "does not lead forward"),
        (f"{OLDEST}.atom", "<fh:archive/>", "", "is no archive"),
        (f"{OLDER}.atom", "-000000000003<", "-000000000004<", "stands in two archives"),
        (f"{CURRENT}.rss", "<channel>", "<channel><link>x</link>", "has no link, or several"),
        (f"{CURRENT}.rss", 'isPermaLink="false"', "", "isPermaLink"),
        (f"{CURRENT}.rss", "Mon, 22", "Tue, 22", "another day of the week"),
        (f"{CURRENT}.rss", "12:00:00 +0000", "12:00:00", "without a zone"),
        (f"{CURRENT}.rss", "2025 12:00", "2095 12:00", "implausible"),
        (f"{CURRENT}.rss", 'length="9"', "", "no length"),
        (f"{CURRENT}.rss", "-000000000002<", "-000000000001<", "several items of the guid"),
        (f"{CURRENT}.rss", "-000000000002<", "-000000000007<", "not those of no.atom"),
        (f"{CURRENT}.atom", "&lt;p&gt;The mayor", "&lt;script&gt;The mayor", "the element script"),
        (f"{CURRENT}.atom", "&lt;p&gt;The", "&lt;p onclick=x&gt;The", "the attribute onclick"),
        (f"{CURRENT}.rss", 'src="https://paper', 'src="javascript:paper', "an address of javascript"),
        (f"{CURRENT}.json", 'src=\\"https://paper.example', 'src=\\"', "a relative address"),
        (f"{CURRENT}.json", "version/1.1", "version/1", "its version"),
        (f"{CURRENT}.json", '"content_html"', '"content"', "no member of JSON Feed"),
        (f"{CURRENT}.json", "-000000000002", "-000000000007", "not those of no.atom"),
        (f"{CURRENT}.json", '"date_modified": "2025-12-22T', '"date_modified": "2025-12-22 ', "RFC 3339"),
        ("feeds.opml", "countries/no.atom", "countries/xx.atom", "not there"),
        ("feeds.opml", 'text="Norway"', "", "without a text"),
    ],
)
def test_what_is_broken_is_named(tmp_path: Path, path: str, old: str, new: str, said: str) -> None:
    """With its file, and its line where it has one."""
    file = site(tmp_path) / path
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))

    found = problems(tmp_path)

    assert any(said in problem for problem in found), found


def test_a_json_file_that_is_no_feed_is_left_alone(tmp_path: Path) -> None:
    """Such as the manifest."""
    put(site(tmp_path) / "manifest.json", json.dumps({"files": {}}).encode())

    assert problems(tmp_path) == []


@pytest.mark.parametrize("wrong", [None, 1, "x", [], [1], {}, {"a": 1}, True])
def test_a_json_feed_of_any_shape_is_judged(tmp_path: Path, wrong: object) -> None:
    """Whatever stands where something else should, the check says so and goes on."""
    file = site(tmp_path) / f"{CURRENT}.json"
    whole = json.loads(file.read_text())
    for key in whole:
        put(file, json.dumps({**whole, key: wrong}).encode())
        assert isinstance(problems(tmp_path), list)
    for key in whole["items"][0]:
        put(file, json.dumps({**whole, "items": [{**whole["items"][0], key: wrong}]}).encode())
        assert problems(tmp_path)
    put(file, json.dumps(wrong).encode())
    assert problems(tmp_path)


def test_an_entry_is_the_same_in_every_feed(tmp_path: Path) -> None:
    """A reader that subscribes to two of them shows it once."""
    root = site(tmp_path)
    text = (root / f"{CURRENT}.atom").read_text()
    other: Feed = feed(slug="topics/x")
    put(root / f"{other.slug}.atom", text.replace("no.atom", "x.atom").replace("mayor", "MAYOR").encode())

    assert any("differs from the one of the same id" in problem for problem in problems(root))
