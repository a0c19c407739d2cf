"""Measure what writing costs: an entry in each format, a feed composed of entries, and the pages.

    python bench/write.py

Prints microseconds: for an entry, for a feed of 50 entries that are serialised already, and for pages.
"""

from __future__ import annotations

import sys
import timeit
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from feeds.config import Config, Selection, Site
from feeds.selection import FOLDER_TITLES
from feeds.vocab import countries, topics
from feeds.write import page_writer, writers
from tests.values import WHEN, entry, feed

FEEDS = 300


def microseconds(work: Callable[[], object]) -> float:
    """Give the best of five rounds, for one call."""
    number = 20
    return min(timeit.repeat(work, number=number, repeat=5)) / number * 1e6


def main() -> None:
    """Write the same 50 articles over and over."""
    body = ("The harbour board said that the work would take three years. " * 6,) * 8
    url, image = "https://paper.example/1", "https://paper.example/i.jpg"
    entries = [
        entry(i, updated=WHEN - timedelta(seconds=i), url=url, image=image, body=body) for i in range(50)
    ]
    config = Config(Site(base_url="https://news.example"), Selection(formats=("atom", "rss", "json")))
    one = feed(*entries)
    for writer in writers(config):
        here = writer.path(one.slug)
        parts = [writer.entry(each, here) for each in entries]
        alone = microseconds(lambda w=writer, h=here: w.entry(entries[0], h))
        whole = microseconds(lambda w=writer, p=parts: w.feed(one, p))
        print(f"{writer.suffix}  entry {alone:6.0f}   feed of 50 {whole:6.0f}")
    pages = page_writer(config)
    concepts = [*islice((t.category for t in topics().values()), FEEDS // 2), *countries().values()][:FEEDS]
    site = [feed(slug="all", category=None)]
    for number, concept in enumerate(concepts):
        folder = "countries" if concept in countries().values() else "topics"
        site.append(feed(slug=f"{folder}/f{number}", title=concept.label, category=concept, weeks=(3, 1) * 6))
    print(f"page of an article   {microseconds(lambda: pages.article(entries[0], {})):6.0f}")
    print(f"page of a feed of 50 {microseconds(lambda: pages.feed(one)):6.0f}")
    index = microseconds(lambda: pages.index(site, FOLDER_TITLES, entries[:20]))
    print(f"index of {FEEDS} feeds   {index:6.0f}")


if __name__ == "__main__":
    main()
