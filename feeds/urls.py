"""Say which addresses a reader may follow, and write them as every reader can read them."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

SAFE_SCHEMES = ("http", "https")
_KEEP = "%/:=&?~#+!$,;'@()*[]"
_MAIL = re.compile(r"mailto:[^\s<>\"'?]{1,200}@[^\s<>\"'?]{1,200}", re.IGNORECASE)
_LONGEST = 2_000


def web_url(url: str | None) -> str | None:
    """Give a URL as percent-encoded ASCII, or None where it is none that a reader may follow.

    Only http and https: RFC 4287 allows any IRI, a feed of untrusted input should not.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
        if parts.scheme.lower() not in SAFE_SCHEMES or not parts.hostname:
            return None
        host = parts.netloc.encode("idna").decode("ascii") if not parts.netloc.isascii() else parts.netloc
    except ValueError:  # also UnicodeError: a host that IDNA can't write
        return None
    return urlunsplit(
        (
            parts.scheme.lower(),
            quote(host, safe="%:@[]"),
            quote(parts.path, safe=_KEEP),
            quote(parts.query, safe=_KEEP),
            quote(parts.fragment, safe=_KEEP),
        )
    )


def link(href: str | None, base: str | None) -> str | None:
    """Give where a link within a text leads, absolute; None where it leads nowhere that a reader may go.

    >>> link("/a b#c", "https://paper.example/1"), link("mailto:desk@paper.example", None)
    ('https://paper.example/a%20b#c', 'mailto:desk@paper.example')
    >>> link("#note-1", "https://paper.example/1"), link("javascript:alert(1)", None)
    (None, None)
    """
    href = (href or "").strip()
    if not href or href.startswith("#") or len(href) > _LONGEST:
        return None
    if _MAIL.fullmatch(href):
        return quote(href, safe=_KEEP)
    try:
        return web_url(urljoin(base or "", href))
    except ValueError:
        return None
