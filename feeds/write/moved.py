"""Leave a pointer where a feed was, when its slug changes."""

from __future__ import annotations

import uuid
from datetime import datetime

from feeds.model import Article, Dating, Entry, Feed, RawArticle
from feeds.write.links import Links, page_path


def moved(old_slug: str, feed: Feed, when: datetime, links: Links) -> Feed:
    """Give the feed that stands at the old slug: one entry, which leads to where the feed is now.

    It has an id of its own, for two feeds of one id at two places would be merged or refused; each
    format writes it as any other feed. `when` is when it moved: keep it, or the entry comes up again.
    Without a base URL it has no entry, since none could lead out of a copied file.
    """
    name = uuid.uuid5(uuid.NAMESPACE_URL, f"{feed.id} {old_slug}")
    words = f"{feed.title} has moved. Subscribe to it at its new address"
    address = links.to(f"{feed.slug}.atom", "")
    raw = RawArticle(
        headline=f"{feed.title}: this feed has moved",
        body=(f"{words}: {address}",),
        url=links.to(page_path(feed.slug), ""),
    )
    dating = Dating(when, "minute", "That is when it moved.")
    article = Article(f"urn:uuid:{uuid.uuid5(name, 'entry')}", raw, dating, (), old_slug, when)
    return Feed(
        id=f"urn:uuid:{name}",
        slug=old_slug,
        title=f"{feed.title} (moved)",
        subtitle=words,
        updated=when,
        category=feed.category,
        entries=(Entry(article, when),) if links.base_url else (),
    )
