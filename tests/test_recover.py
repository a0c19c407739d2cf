"""A store that is lost, damaged or an older copy loses nothing that was published."""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feeds.model import StoreError
from feeds.store.records import Record
from feeds.write.pages import record_in
from tests.conftest import NOW, Newsroom, capture
from tests.values import DATED, UNDATED, WHEN, raw

LATER = NOW + timedelta(hours=1)
MUCH_LATER = NOW + timedelta(days=40)
STORE = "feeds.db"
SWEDEN = ("Sweden Closes a School in Lund", "A school in Lund in Sweden closes in June, the council said.")
DATED_CAPTURE = capture("Norway Raises a Tax", "BERGEN, Norway, 20 December 2025 - Norway raises its tax.")
EDITED = "Norway Opens New Bergen Harbour After Long Talks"


def shown(newsroom: Newsroom) -> dict[str, bytes]:
    """Give every file of the output but the manifest, which numbers the store's states."""
    return {path: data for path, data in newsroom.files().items() if path != "manifest.json"}


def history(newsroom: Newsroom) -> None:
    """Build for a while: articles that come, are edited, are captured twice, whose captures go."""
    newsroom.add("kept.txt", capture())
    newsroom.add("copy.txt", capture())
    newsroom.add("gone.txt", capture(*SWEDEN))
    newsroom.add("dated.txt", DATED_CAPTURE)
    newsroom.build()
    newsroom.add("kept.txt", capture(headline=EDITED, lead="Bergen has its harbour: Norway opened it."))
    newsroom.add(
        "gone.txt", capture(SWEDEN[0] + ", Again", "Sweden closes it: a school in Lund closes in May.")
    )
    newsroom.build(now=LATER)
    (newsroom.root / "seeds/gone.txt").unlink()
    newsroom.build(now=LATER)


@pytest.mark.parametrize("address", [(), ("--base-url", "https://news.example/")])
def test_a_store_made_anew_writes_the_same_bytes(newsroom: Newsroom, address: tuple[str, ...]) -> None:
    """Also where articles were edited, were captured in older words, or have no capture any more."""
    history(newsroom)
    newsroom.build(*address, now=LATER)
    before = shown(newsroom)
    (newsroom.root / STORE).unlink()

    summary = newsroom.build(*address, now=MUCH_LATER)

    assert shown(newsroom) == before
    assert summary["files"] == []
    assert newsroom.build(*address, now=MUCH_LATER)["read"] == 0


def test_an_article_whose_capture_was_edited_meanwhile_is_an_edited_article(newsroom: Newsroom) -> None:
    """What its document says now is newer than what was published."""
    history(newsroom)
    (entry,) = [e for e in newsroom.feed().entries if e.title == EDITED]
    (newsroom.root / STORE).unlink()
    newsroom.add("kept.txt", capture(headline=EDITED, lead="Bergen has its harbour, and Norway its ships."))
    newsroom.build(now=MUCH_LATER)

    (after,) = [e for e in newsroom.feed().entries if e.title == EDITED]
    assert after.id == entry.id
    assert "and Norway its ships" in after.summary
    assert after.updated == MUCH_LATER.isoformat()


def test_an_older_copy_of_the_store_takes_back_what_came_since(newsroom: Newsroom) -> None:
    """As a backup of last week does."""
    newsroom.add("kept.txt", capture())
    newsroom.build()
    shutil.copy(newsroom.root / STORE, newsroom.root / "backup.db")
    history(newsroom)
    before = shown(newsroom)
    shutil.copy(newsroom.root / "backup.db", newsroom.root / STORE)

    result = newsroom.run("build", now=MUCH_LATER)

    assert "older than the output; articles taken back from output: 3" in result.stderr
    assert shown(newsroom) == before


def test_a_kill_while_a_store_is_made_anew_is_made_good(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was taken back is made last before the first capture is read."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    history(newsroom)
    before = shown(newsroom)
    (newsroom.root / STORE).unlink()
    with monkeypatch.context() as patch:
        patch.setattr("feeds.intake.Intake.run", killed)
        newsroom.run("build", now=MUCH_LATER)
    newsroom.build(now=MUCH_LATER)

    assert shown(newsroom) == before


def test_a_lost_manifest_beside_a_lost_store_costs_no_article(newsroom: Newsroom) -> None:
    """The pages carry them."""
    history(newsroom)
    before = shown(newsroom)
    (newsroom.root / STORE).unlink()
    (newsroom.output / "manifest.json").unlink()
    newsroom.build(now=MUCH_LATER)

    assert shown(newsroom) == before


def test_rebuild_sets_a_damaged_store_aside_and_makes_it_anew(newsroom: Newsroom) -> None:
    """The damaged file stays, under a name that says what it is."""
    history(newsroom)
    before = shown(newsroom)
    store = newsroom.root / STORE
    damaged = b"x" * 5000
    store.write_bytes(damaged)

    refused = newsroom.run("build", now=MUCH_LATER)
    rebuilt = newsroom.run("rebuild", now=MUCH_LATER)

    assert (refused.exit_code, rebuilt.exit_code) == (78, 0)
    assert refused.stderr.count("\n") == 1
    assert "feeds rebuild" in refused.stderr
    assert "kept as feeds.db.set-aside-20260202T090000Z" in rebuilt.stderr
    assert (newsroom.root / "feeds.db.set-aside-20260202T090000Z").read_bytes() == damaged
    assert shown(newsroom) == before


def test_rebuild_of_a_sound_store_changes_no_file(newsroom: Newsroom) -> None:
    """And twice in one second sets two files aside."""
    history(newsroom)
    before = shown(newsroom)
    newsroom.run("rebuild", now=MUCH_LATER)
    newsroom.run("rebuild", now=MUCH_LATER)

    assert shown(newsroom) == before
    assert len(list(newsroom.root.glob(f"{STORE}.set-aside-*"))) == 2


def test_rebuild_waits_for_no_other_run(newsroom: Newsroom) -> None:
    """It would take the store from under it: exit 75."""
    from feeds.lock import locked

    history(newsroom)
    with locked(newsroom.root / f"{STORE}.lock"):
        assert newsroom.run("rebuild").exit_code == 75


def test_a_page_that_was_changed_by_hand_is_not_believed_and_that_is_said(newsroom: Newsroom) -> None:
    """Its feed is."""
    history(newsroom)
    (page,) = [p for p in (newsroom.output / "articles").iterdir() if "Again" in p.read_text()]
    page.write_text(page.read_text().replace("Sweden closes it", "Sweden shuts it"))
    (newsroom.root / STORE).unlink()
    result = newsroom.run("build", now=MUCH_LATER)

    assert f"{page.relative_to(newsroom.root)}: its article can't be taken back" in result.stderr
    assert len(newsroom.feed().entries) == 3  # it comes back from its feed


@pytest.mark.parametrize("dating", [DATED, UNDATED])
@pytest.mark.parametrize("headline", ["It's <b>\"so\"</b> & 'thus' &#39;", "أهلا \u2028 — 🙂"])
def test_a_record_survives_its_page(headline: str, dating: object) -> None:
    """Whatever it says."""
    from feeds.config import Site
    from feeds.write.links import Links
    from feeds.write.pages import PageWriter
    from tests.values import entry

    record = Record(
        "urn:uuid:0",
        raw(headline=headline, body=("</article><article data-record='{}'>",)),
        dating,  # type: ignore[arg-type]
        WHEN,
        WHEN,
        None,
        "seeds/it's <a>.txt",
        ("b", "a"),
    )
    page = PageWriter(Site(), Links()).article(entry(headline=headline), {}, record.dump()).decode()

    assert Record.load(record_in(page) or "") == Record(
        **{**{f: getattr(record, f) for f in record.__struct_fields__}, "keys": ("a", "b")}
    )


def test_a_record_that_was_changed_is_refused() -> None:
    """Its checksum tells."""
    record = Record("urn:uuid:0", raw(), DATED, WHEN, WHEN, None, "a.txt", ())
    data = json.loads(record.dump())
    data["source"] = "b.txt"

    for text in (json.dumps(data), "{}", "[]", "no JSON", '{"sum": 1}'):
        with pytest.raises(StoreError):
            Record.load(text)


def test_a_feed_keeps_its_updated_when_its_store_is_lost(newsroom: Newsroom) -> None:
    """Also where its newest article has left it."""
    newsroom.add("a.txt", capture())
    newsroom.add("b.txt", DATED_CAPTURE)
    newsroom.build()
    before = newsroom.feed("countries/no").feed.updated
    number = re.sub("urn:uuid:", "", newsroom.feed().entries[0].id)
    newsroom.run("fix", number, "--country", "-NO", now=LATER)
    newsroom.build(now=LATER)
    os.unlink(Path(newsroom.root / STORE))  # noqa: PTH108
    newsroom.build(now=MUCH_LATER)

    assert newsroom.feed("countries/no").feed.updated == before


def test_a_rebuild_from_what_is_not_there_leaves_the_store(newsroom: Newsroom) -> None:
    """A slip in a path must not set aside what is well."""
    newsroom.add("a.txt", capture())
    newsroom.build()
    before = (newsroom.root / STORE).read_bytes()
    result = newsroom.run("rebuild", "nowhere")

    assert (result.exit_code, result.stderr) == (74, "feeds: nowhere: No such file or directory\n")
    assert (newsroom.root / STORE).read_bytes() == before


def test_without_pages_the_articles_come_back_from_the_feeds(newsroom: Newsroom) -> None:
    """From their archives, too: with ids, times and words, and from their captures where these are there."""
    (newsroom.root / "feeds.toml").write_text("[feeds]\nlimit = 1\n")
    newsroom.add("p.html", PAGE)
    history(newsroom)
    before = {e.id: (e.title, e.updated, e.get("published"), e.summary) for e in everything(newsroom)}
    contents = {e.id: e.content[0].value for e in everything(newsroom)}
    (newsroom.root / STORE).unlink()
    shutil.rmtree(newsroom.output / "articles")
    (newsroom.root / "seeds/copy.txt").unlink()  # what its words were before, no feed says
    (newsroom.root / "seeds/p.html").unlink()

    newsroom.build(now=MUCH_LATER)

    assert len(before) == 4
    assert {e.id: (e.title, e.updated, e.get("published"), e.summary) for e in everything(newsroom)} == before
    assert {e.id: e.content[0].value for e in everything(newsroom)} == contents
    newsroom.add("p.html", PAGE)
    assert newsroom.build(now=MUCH_LATER)["articles"] == 4


def everything(newsroom: Newsroom) -> list[Any]:
    """Give every entry of the feed of all and of its archives, once."""
    slugs = ["all", *(f"all/{path.stem}" for path in sorted((newsroom.output / "all").glob("*.atom")))]
    return [*{e.id: e for slug in slugs for e in newsroom.feed(slug).entries}.values()]


PAGE = """\
<!doctype html><html lang="en"><head><title>Denmark Builds a Bridge</title>
<meta property="article:published_time" content="2025-11-20T10:00:00Z">
<meta property="og:image" content="https://paper.example/bridge.jpg">
<link rel="canonical" href="https://paper.example/1"></head><body><article><h1>Denmark Builds a Bridge</h1>
<figure><img src="https://paper.example/bridge.jpg"><figcaption>The bridge (AFP)</figcaption></figure>
<p>Denmark builds a new <a href="https://paper.example/2">bridge</a>, the government said in Copenhagen.</p>
<h2>What it costs</h2>
<p>It will cost four billion and take nine years, as the minister of transport told the parliament.</p>
</article></body></html>
"""
