"""What is written as JSON Feed 1.1 says the same as Atom."""

from __future__ import annotations

import json
from typing import Any

from feeds.config import Site
from feeds.model import Feed
from feeds.write.jsonfeed import JsonWriter
from feeds.write.links import Links
from tests.values import UNDATED, entry, feed

BASE = "https://news.example/feeds"


def write(one: Feed, base_url: str = BASE, full: bool = True, **site: Any) -> Any:
    """Write a feed of a site, and read it back."""
    return json.loads(JsonWriter(Site(base_url=base_url, **site), Links.of(base_url), full).write(one))


def test_a_feed_composed_of_items_is_what_json_writes_for_the_whole() -> None:
    """An item is serialised once, and no byte differs for it."""
    entries = [entry(1), entry(2, headline='"\n{}'), entry(3, language="ar")]
    for chosen in (entries, []):
        one = feed(*chosen)
        writer = JsonWriter(Site(base_url=BASE), Links.of(BASE))
        here = writer.path(one.slug)

        items = [writer.part(each, here) for each in chosen]
        whole = json.dumps({**writer.head(one), "items": items}, ensure_ascii=False, indent=1) + "\n"

        assert writer.write(one) == whole.encode()


def test_an_item_has_what_an_entry_has() -> None:
    """With the same id, and what speaks for its date and its tags."""
    (item,) = write(feed(entry(url="https://paper.example/1", image="https://paper.example/i.jpg")))["items"]

    assert item["id"] == "urn:uuid:00000000-0000-5000-8000-000000000000"
    assert item["url"] == "https://paper.example/1"
    assert item["image"] == "https://paper.example/i.jpg"
    assert item["date_published"] == item["date_modified"] == "2025-12-22T12:00:00+00:00"
    assert item["authors"] == [{"name": "Kari Nordmann"}]
    assert item["tags"] == ["Norway", "economy, business and finance"]
    assert "<p>The mayor was glad.</p>" in item["content_html"]
    assert item["_feeds"]["date_basis"] == "The dateline says so."
    assert item["_feeds"]["categories"][0]["evidence"] == '"Norway" in the headline'


def test_no_date_is_written_that_is_not_known() -> None:
    """An undated item has no date_published."""
    (item,) = write(feed(entry(dating=UNDATED)))["items"]

    assert "date_published" not in item


def test_a_summary_alone_is_still_content() -> None:
    """JSON Feed 1.1: an item has content_html or content_text."""
    (item,) = write(feed(entry()), full=False)["items"]

    assert item["content_text"] == "Norway opened a new harbour in Bergen."
    assert "content_html" not in item and "summary" not in item


def test_a_feed_names_itself_its_page_and_its_hub() -> None:
    """Its version is the address that the specification gives."""
    one = write(feed(), hub="https://hub.example/", author="A")

    assert one["version"] == "https://jsonfeed.org/version/1.1"
    assert one["feed_url"] == f"{BASE}/countries/no.json"
    assert one["home_page_url"] == f"{BASE}/countries/no.html"
    assert one["hubs"] == [{"type": "WebSub", "url": "https://hub.example/"}]
    assert one["items"] == []
