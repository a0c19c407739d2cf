"""Say which article a text is, and whether its words changed.

An id is minted once, from the article's own words or address, and kept by the store from then on.
It never depends on a path, a date that was inferred, the site's address or the run.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from msgspec import Struct

from feeds.model import RawArticle
from feeds.text import fold

# Fixed for good: every id that was ever published hangs on it.
NAMESPACE = uuid.UUID("5d0c6b1e-54f3-5b0a-9c39-7c9d1f1c8f0e")

# Query keys that say how a reader came, not what the page is.
_TRACKING = ("utm_", "fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ref_src", "cmpid")
_PORTS = {"http": 80, "https": 443}
_LONG_LEAD = 60  # characters: a shorter first paragraph may open two articles
_DATELINE = 110  # characters in which one ends
_DASH = re.compile(" --? ")  # as it is folded


def canonical_url(url: str) -> str:
    """Give a URL without fragment, tracking keys, default port and case of its host.

    >>> canonical_url("HTTPS://News.example:443/a?utm_source=x&id=3#top")
    'https://news.example/a?id=3'
    """
    parts = urlsplit(url.strip())
    host = (parts.hostname or "").lower()
    port = parts.port
    if port and port != _PORTS.get(parts.scheme.lower()):
        host = f"{host}:{port}"
    query = [(k, v) for k, v in parse_qsl(parts.query, True) if not k.lower().startswith(_TRACKING)]
    return urlunsplit((parts.scheme.lower(), host, parts.path or "/", urlencode(query), ""))


def mint(raw: RawArticle) -> str:
    """Give the id of an article that was never seen before, as `urn:uuid:` of a uuid5 (RFC 9562)."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, keys(raw)[0])}"


def feed_id(site_key: str, slug: str) -> str:
    """Give the permanent id of a feed of this site."""
    return f"urn:uuid:{uuid.uuid5(NAMESPACE, f'feed {site_key} {slug}')}"


def keys(raw: RawArticle) -> tuple[str, ...]:
    """Give the names under which an article can be found again, the surest first.

    Two texts that share one of them are the same article: its address, the id that its feed gave
    it, its headline with its first paragraph, or a first paragraph that is long enough to be its own; the
    latter two also without the dateline, which one capture may print and another leave out.
    """
    lead = fold(raw.body[0]) if raw.body else fold(raw.standfirst or "")
    found = []
    if raw.url:
        found.append(f"url {_safe_canonical(raw.url)}")
    if raw.guid:
        found.append(f"guid {raw.guid}")
    leads = dict.fromkeys((lead, _without_dateline(lead, raw)))
    found += [f"text {fold(raw.headline)}\n{one}" for one in leads]
    found += [f"lead {one}" for one in leads if len(one) >= _LONG_LEAD]
    return tuple(found)


def _without_dateline(lead: str, raw: RawArticle) -> str:
    """Give a folded first paragraph without the place or agency that the article has from its beginning."""
    names = [fold(name) for name in (raw.dateline, raw.agency) if name]
    dash = _DASH.search(lead, 0, _DATELINE) if names else None
    return lead[dash.end() :] if dash and any(name in lead[: dash.start()] for name in names) else lead


def text_key(raw: RawArticle) -> str:
    """Give the name by which copies of an article are told, whatever their addresses."""
    return next(key for key in keys(raw) if key.startswith("text "))


def _safe_canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:  # a port that is no number, a broken IPv6 host
        return url


def digest(raw: RawArticle) -> str:
    """Give a digest of the words that matter: another one means a material change."""
    words = "\n".join(fold(part) for part in (raw.headline, raw.standfirst or "", *raw.body))
    return hashlib.sha256(words.encode()).hexdigest()


def resembles(one: RawArticle, other: RawArticle) -> bool:
    """Say whether two texts of one document, or under one headline, are versions of one article."""
    ours, theirs = _shingles(one), _shingles(other)
    shared = len(ours & theirs) / (min(len(ours), len(theirs)) or 1)
    same_headline = bool(one.headline) and fold(one.headline) == fold(other.headline)
    return shared >= (0.25 if same_headline else 0.5)


def _shingles(raw: RawArticle) -> set[tuple[str, ...]]:
    words = fold(" ".join(raw.body) or raw.standfirst or raw.headline).split()[:2000]
    return {tuple(words[i : i + 3]) for i in range(max(1, len(words) - 2))}


class Version(Struct, frozen=True):
    """What is known of an article's words: their digest, and when their document was captured."""

    digest: str
    captured: datetime | None  # only where the document states it


def replaces(new: Version, current: Version, before: str | None) -> bool:
    """Decide whether the words that a document gives now take the place of the known ones.

    `before` is the digest that the same document gave earlier. A document that says what it always
    said changes nothing; nor does an older capture that is found late.
    """
    if new.digest in (current.digest, before):
        return False
    return not (new.captured and current.captured and new.captured < current.captured)
