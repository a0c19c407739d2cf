"""Say how the output has to be served, and write that down for each host."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from msgspec import Struct

from feeds.model import ConfigError

# Types by suffix. JSON has no charset parameter (RFC 8259 section 11), XML should have one (RFC 7303).
TYPES = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "opml": "text/x-opml; charset=utf-8",
    "json": "application/feed+json",
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "xsl": "text/xsl; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
    "ico": "image/x-icon",
    "webmanifest": "application/manifest+json",
}
OTHER_JSON = ("manifest.json",)  # no feeds
OTHER_JSON_TYPE = "application/json"
OTHER_TYPE = "application/octet-stream"
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' https: http:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
EVERYWHERE = {
    "Access-Control-Allow-Origin": "*",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FRESH = "public, max-age=300"
# A closed month changes only when older articles come in later: a week, and not "immutable".
SETTLED = "public, max-age=604800, stale-while-revalidate=86400"
ARCHIVE = r"/[0-9]{4}-[0-9]{2}\.[a-z]+$"
_ARCHIVE = re.compile(ARCHIVE)

# The files of each host; the first is named for where it goes.
HOSTS: Mapping[str, Sequence[str]] = {
    "nginx": ("feeds.conf",),
    "apache": ("feeds.conf",),
    "caddy": ("Caddyfile",),
    "netlify": ("_headers", "_redirects"),
    "cloudflare": ("_headers", "_redirects"),
    "s3": ("sync.sh",),
    "github-pages": ("feeds.yml",),
}
# What may stand between the quotes of each host's language.
_SAFE_ROOT = re.compile(r"/[^\x00-\x1f\"'\\$`{}%*]*")
_SAFE_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~%/+-]*)?")
_SAFE_PATH = re.compile(r"[A-Za-z0-9._~%/+-]+")


class Served(Struct, frozen=True):
    """What a host has to know: where the output lies, where it is served, and what has moved."""

    root: str = "/srv/www/news"  # absolute path of the output folder
    base_url: str = "https://news.example/"
    redirects: Sequence[tuple[str, str]] = ()  # old path under output, new path

    def __post_init__(self) -> None:
        """Refuse what can't be written into a host's file as it is."""
        if not _SAFE_ROOT.fullmatch(self.root):
            raise ConfigError(f"{self.root}: expected an absolute path without quotes, $, %, * and braces")
        if not _SAFE_URL.fullmatch(self.base_url):
            raise ConfigError(f"{self.base_url}: expected an http or https URL of plain letters")

    @property
    def host(self) -> str:
        """The name of the site's host, with its port where that is given."""
        return urlsplit(self.base_url).netloc

    @property
    def prefix(self) -> str:
        """The path that the site is served under: "" or such as "/news"."""
        return urlsplit(self.base_url).path.rstrip("/")


def media_type(path: str) -> str:
    """Give the Content-Type of a path under output.

    >>> media_type("countries/ir.atom"), media_type("manifest.json")
    ('application/atom+xml; charset=utf-8', 'application/json')
    """
    if path in OTHER_JSON:
        return OTHER_JSON_TYPE
    return TYPES.get(PurePosixPath(path).suffix.removeprefix(".").lower(), OTHER_TYPE)


def headers(path: str) -> dict[str, str]:
    """Give the headers of a path under output: its type, how long it keeps, what it may do.

    >>> headers("countries/ir/2025-12.atom")["Cache-Control"]
    'public, max-age=604800, stale-while-revalidate=86400'
    """
    found = {
        "Content-Type": media_type(path),
        "Cache-Control": SETTLED if _ARCHIVE.search(f"/{path}") else FRESH,
        **EVERYWHERE,
    }
    if found["Content-Type"] == TYPES["html"]:
        found["Content-Security-Policy"] = POLICY
    return found


def redirects(manifest: bytes) -> tuple[tuple[str, str], ...]:
    """Give what has moved, as manifest.json says under "redirects": old path to new path, in order.

    Paths that no host could write down safely are left out.

    >>> redirects(b'{"redirects": {"topics/a.atom": "topics/b.atom", "x y": "z"}}')
    (('topics/a.atom', 'topics/b.atom'),)
    """
    try:
        found = dict(json.loads(manifest).get("redirects", {}))
    except (ValueError, TypeError, AttributeError):
        return ()
    pairs = ((str(old), str(new)) for old, new in sorted(found.items()))
    return tuple((old, new) for old, new in pairs if is_path(old) and is_path(new))


def is_path(path: str) -> bool:
    """Say whether a path may stand in a host's file: relative, and without what such files give a meaning."""
    return bool(_SAFE_PATH.fullmatch(path)) and not path.startswith("/") and ".." not in path.split("/")


def files(host: str, served: Served) -> dict[str, str]:
    """Give what a host of `HOSTS` needs: text by file name."""
    from jinja2 import Environment, StrictUndefined

    environment = Environment(  # noqa: S701  # no HTML is written here
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    folder = resources.files("feeds.data") / "hosts"
    plain = {suffix: kind.partition(";")[0] for suffix, kind in TYPES.items()}
    values = {
        "served": served,
        "types": TYPES,
        "plain_types": plain,
        "text_types": sorted({plain[suffix] for suffix, kind in TYPES.items() if "charset" in kind}),
        "compressible": sorted({*plain.values(), OTHER_JSON_TYPE} - {"image/png", "image/x-icon"}),
        "packed": [suffix for suffix in TYPES if suffix not in ("png", "ico")],
        "other_json": OTHER_JSON,
        "other_json_type": OTHER_JSON_TYPE,
        "everywhere": EVERYWHERE,
        "policy": POLICY,
        "fresh": FRESH,
        "settled": SETTLED,
        "archive": ARCHIVE,
    }
    return {
        name: environment.from_string((folder / f"{host}.{name}").read_text("utf-8")).render(values)
        for name in HOSTS[host]
    }
