"""What changed is written, and the rest is as a whole writing would have it."""

from __future__ import annotations

import random
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import NOW, ROOT, Newsroom

PLACES = ("Norway", "Sweden", "Denmark", "Finland")
EVENTS = (
    "parliament passed the election law after a long debate in the chamber",
    "the football league began its season with three matches in the capital",
    "the court sentenced a former minister to four years in prison for fraud",
)
TEXT = """{headline}

{day} - In {place} {event}, number {number} of the year, as officials said in version {version}.

The council said that the work would take three years, and that nobody had asked for more than that.

"We have waited a long time for this," the mayor told reporters after the council had voted.
"""


def text(number: int, version: int = 1) -> str:
    """Give a capture whose place, event and day follow from its number."""
    place, event = PLACES[number % 4], EVENTS[number % 3]
    day = (NOW - timedelta(days=3 * number)).strftime("%B %-d, %Y")
    headline = f"{place} Saw Event Number {number} of Its Kind{' Again' if version > 1 else ''}"
    return TEXT.format(
        headline=headline, day=f"OSLO, {day}", place=place, event=event, number=number, version=version
    )


def newsroom_in(folder: Path, limit: int = 3) -> Newsroom:
    """Give a newsroom whose feeds are short, so that they page back soon."""
    (folder / "seeds").mkdir(parents=True)
    (folder / "feeds.toml").write_text(f"[feeds]\nlimit = {limit}\n")
    return Newsroom(folder)


def without_manifest(newsroom: Newsroom) -> dict[str, bytes]:
    """Give the files, without the one that counts the runs."""
    return {path: data for path, data in newsroom.files().items() if path != "manifest.json"}


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "edit", "drop", "base"]), st.integers(0, 40)), min_size=2, max_size=9
)


@settings(max_examples=12)
@given(steps=STEPS)
def test_writing_what_changed_gives_what_a_whole_writing_gives(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    """After any additions, edits and deletions, run by run."""
    newsroom = newsroom_in(tmp_path_factory.mktemp("law") / "news")
    for run, (what, number) in enumerate([("add", 0), ("add", 1), *steps]):
        name = f"{number}.txt"
        if what == "drop":
            (newsroom.root / "seeds" / name).unlink(missing_ok=True)
        elif what != "base":
            newsroom.add(name, text(number, run + 2 if what == "edit" else 1))
        newsroom.build(now=NOW + timedelta(hours=run))
    stepwise = without_manifest(newsroom)
    shutil.rmtree(newsroom.output)
    newsroom.build(now=NOW + timedelta(days=30))

    assert stepwise.keys() == without_manifest(newsroom).keys()
    assert stepwise == without_manifest(newsroom)


def pages_back(newsroom: Newsroom, slug: str) -> tuple[list[str], list[Any]]:
    """Follow a feed back through its archives: give the paths, and the entries of all of them."""
    paths, entries = [], []
    path: Path | None = newsroom.output / f"{slug}.atom"
    while path:
        document = feedparser.parse(path.read_bytes())
        assert not document.bozo
        paths.append(path.relative_to(newsroom.output).as_posix())
        entries += document.entries
        back = [link.href for link in document.feed.links if link.rel == "prev-archive"]
        path = (path.parent / back[0]).resolve() if back else None
    return paths, entries


def test_a_feed_pages_back_to_its_first_article(newsroom: Newsroom) -> None:
    """A reader that follows the links gets every one, whether it was added in order or not."""
    (newsroom.root / "feeds.toml").write_text("[feeds]\nlimit = 3\n")
    numbers = list(range(24))
    random.Random(1).shuffle(numbers)
    for i, number in enumerate(numbers):
        newsroom.add(f"{number}.txt", text(number))
        if i % 5 == 0:
            newsroom.build(now=NOW + timedelta(hours=i))
    newsroom.build(now=NOW + timedelta(days=2))

    for slug, count in (("all", 24), ("countries/se", 6)):
        paths, entries = pages_back(newsroom, slug)
        assert len({entry.id for entry in entries}) == count
        assert len(paths) > 1
        for path in paths[1:]:
            feed = feedparser.parse((newsroom.output / path).read_bytes()).feed
            links = {link.rel: link.href for link in feed.links}
            assert b"<fh:archive" in (newsroom.output / path).read_bytes()
            current = (newsroom.output / path).parent / links["current"]
            assert current.resolve() == newsroom.output / f"{slug}.atom"
            assert feed.id == newsroom.feed(slug).feed.id


def test_new_articles_leave_the_archives_of_other_months_alone(newsroom: Newsroom) -> None:
    """A host may keep them for ever."""
    (newsroom.root / "feeds.toml").write_text("[feeds]\nlimit = 2\n")
    for number in range(10, 30):
        newsroom.add(f"{number}.txt", text(number))
    newsroom.build()
    before = newsroom.files()
    newsroom.add("new.txt", text(0))
    newsroom.build(now=NOW + timedelta(hours=1))

    after = newsroom.files()
    archives = [path for path in before if path.startswith("all/")]
    changed = [path for path in archives if before[path] != after[path]]
    assert len(archives) > 5
    assert len(changed) <= 1  # the last one before it gets a next one


def test_a_run_with_one_new_document_touches_only_its_feeds(newsroom: Newsroom) -> None:
    """Not the other countries', nor the pages of other articles."""
    for number in range(12):
        newsroom.add(f"{number}.txt", text(number))
    newsroom.build()
    newsroom.add("new.txt", text(12))  # Norway
    files = newsroom.build(now=NOW + timedelta(hours=1))["files"]

    assert "countries/no.atom" in files
    assert not {path for path in files if path.startswith("countries/") and "no" not in path}
    assert sum(path.startswith("articles/") for path in files) == 1


def test_the_topic_that_suits_best_has_an_article_alone_on_request(newsroom: Newsroom) -> None:
    """The others still name it as their subject."""
    (newsroom.root / "feeds.toml").write_text("[feeds]\npartition = true\n")
    newsroom.add("a.txt", text(2))
    newsroom.build()
    holding = [p for p in newsroom.output.glob("topics/*.atom") if feedparser.parse(p.read_bytes()).entries]
    (entry,) = newsroom.feed("all").entries

    assert len(holding) == 1
    assert sum("mediatopic" in tag.scheme for tag in entry.tags) > 1


def test_feeds_are_chosen_by_their_slugs(newsroom: Newsroom) -> None:
    """What is no longer chosen is taken away, and comes back with the same id."""
    newsroom.add("a.txt", text(0))
    newsroom.build()
    before = newsroom.feed("countries/no").feed.id
    (newsroom.root / "feeds.toml").write_text('[feeds]\ninclude = ["topics/*"]\n')
    newsroom.build()
    assert not (newsroom.output / "countries").exists() or not list(newsroom.output.glob("countries/*"))
    (newsroom.root / "feeds.toml").write_text("")
    newsroom.build()

    assert newsroom.feed("countries/no").feed.id == before


def test_a_topic_waits_for_articles_enough(newsroom: Newsroom) -> None:
    """And then has those that were there before, with links from their pages."""
    (newsroom.root / "feeds.toml").write_text("[feeds]\nmin_articles = 2\n")
    newsroom.add("a.txt", text(0))
    newsroom.build()
    assert not list(newsroom.output.glob("countries/*.atom"))
    newsroom.add("b.txt", text(4))
    newsroom.build(now=NOW + timedelta(hours=1))

    assert len(newsroom.feed("countries/no").entries) == 2
    stepwise = without_manifest(newsroom)
    shutil.rmtree(newsroom.output)
    newsroom.build(now=NOW + timedelta(hours=2))
    assert without_manifest(newsroom) == stepwise


def test_a_renamed_topic_keeps_its_id_and_leaves_a_pointer(newsroom: Newsroom) -> None:
    """Its readers are led to where it is."""
    own = '[topics.{}]\nlabel = "Fraud"\nany = ["fraud"]\n'
    (newsroom.root / "feeds.toml").write_text(own.format("scams"))
    newsroom.add("a.txt", text(2))
    newsroom.build("--base-url", "https://news.example/")
    before = newsroom.feed("topics/scams")
    renamed = '[renamed]\n"topics/scams" = "topics/swindles"\n"countries/dk" = "countries/denmark"\n'
    (newsroom.root / "feeds.toml").write_text(own.format("swindles") + renamed)
    newsroom.build("--base-url", "https://news.example/", now=NOW + timedelta(days=1))
    after, pointer = newsroom.feed("topics/swindles"), newsroom.feed("topics/scams")

    assert after.feed.id == before.feed.id
    assert [entry.id for entry in after.entries] == [entry.id for entry in before.entries]
    assert pointer.feed.id != before.feed.id
    assert pointer.entries[0].link == "https://news.example/topics/swindles.html"
    assert "countries/denmark.atom" in newsroom.files()
    assert "Denmark" in newsroom.feed("countries/dk").feed.title
    assert newsroom.run("check", "output", now=NOW + timedelta(days=2)).output == ""
    files = newsroom.files()
    newsroom.build("--base-url", "https://news.example/", "--full", now=NOW + timedelta(days=9))
    assert {p: d for p, d in newsroom.files().items() if p != "manifest.json"} == {
        p: d for p, d in files.items() if p != "manifest.json"
    }


@pytest.mark.parametrize("content", ["full", "summary"])
def test_a_site_without_pages_of_articles_leads_to_the_publishers(newsroom: Newsroom, content: str) -> None:
    """An entry whose publisher's page is not known has no link, and then its whole text (RFC 4287)."""
    formats = 'formats = ["atom", "rss", "json"]'
    settings = f'[feeds]\n{formats}\ncontent = "{content}"\n[site]\narticle_pages = false\n'
    (newsroom.root / "feeds.toml").write_text(settings)
    newsroom.add("known.html", (ROOT / "tests/fixtures/webpage/one-article.html").read_bytes())
    newsroom.add("unknown.txt", text(0))
    newsroom.build()
    without = newsroom.files()
    links = {entry.title: [link.href for link in entry.get("links", ())] for entry in newsroom.feed().entries}
    known = "https://post.example/news/harbour-bridge-reopens"

    assert links == {
        "Harbour bridge reopens after nine months": [known],
        "Norway Saw Event Number 0 of Its Kind": [],
    }
    assert "We have waited" in next(e for e in newsroom.feed().entries if "links" not in e).content[0].value
    assert f'href="{known}"'.encode() in without["index.html"]
    assert b"articles/" not in b"".join(without.values())
    assert newsroom.run("check").output == ""

    (newsroom.root / "feeds.toml").write_text(settings.replace("false", "true"))
    newsroom.build(now=NOW + timedelta(hours=1))
    assert len(list(newsroom.output.glob("articles/*"))) == 2
    (newsroom.root / "feeds.toml").write_text(settings)
    newsroom.build(now=NOW + timedelta(hours=2))
    assert {**newsroom.files(), "manifest.json": b""} == {**without, "manifest.json": b""}
