"""Tell a WebSub hub which feeds changed (W3C Recommendation of 23 January 2018)."""

from __future__ import annotations

import http.client
import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote, urlencode

from msgspec import Struct

from feeds import __version__
from feeds.model import FeedsError

SUFFIXES = (".atom", ".rss", ".json")
NO_FEEDS = ("manifest.json",)
AT_ONCE = 50  # addresses in a request; what hubs take
TIMEOUT = 10.0  # seconds for each request


class PingError(FeedsError):
    """The hub was not told; the next run tells it."""


class Pinged(Struct, frozen=True):
    """What a hub was told of, and what stopped it; both may be, for requests are in turn."""

    paths: tuple[str, ...]
    error: str | None = None


def changed(files: Mapping[str, str], told: Mapping[str, str]) -> list[str]:
    """Give the paths of the feeds that the hub does not know as they are: by digest, archives left out.

    `files` are digests by path under output, as the manifest has them.

    >>> changed({"all.atom": "b", "all/2025-12.atom": "c", "index.html": "d"}, {"all.atom": "a"})
    ['all.atom']
    """
    return [path for path, digest in sorted(files.items()) if _is_feed(path) and told.get(path) != digest]


def ping(hub: str, base_url: str, files: Mapping[str, str], state: Path, timeout: float = TIMEOUT) -> Pinged:
    """Tell the hub of the feeds that changed since it was last told, and remember it in `state`.

    Never raises for what a hub or a network does, nor for a state that can't be read or written: `error`
    says it, and what was not told is told the next time. With another hub or address all is told anew.
    """
    known = _load(state, hub, base_url)
    kept = {path: digest for path, digest in known.items() if path in files}
    done: list[str] = []
    error = None
    paths = changed(files, kept)
    for batch in (paths[at : at + AT_ONCE] for at in range(0, len(paths), AT_ONCE)):
        error = _publish(hub, [_address(base_url, path) for path in batch], timeout)
        if error:
            break
        done += batch
    kept |= {path: files[path] for path in done}
    if kept != known or not state.exists():
        try:
            _save(state, hub, base_url, kept)
        except OSError as fault:
            error = error or f"{state}: {fault.strerror}"
    return Pinged(tuple(done), error)


def _is_feed(path: str) -> bool:
    """Say whether readers subscribe to a path: not to an archive such as countries/ir/2025-12.atom."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    archive = len(stem) == 7 and stem[4] == "-" and stem.replace("-", "").isdigit()
    return dot + suffix in SUFFIXES and path not in NO_FEEDS and not archive


def _address(base_url: str, path: str) -> str:
    return f"{base_url.rstrip('/')}/{quote(path)}"


def _publish(hub: str, addresses: Iterable[str], timeout: float) -> str | None:
    """Send one request; give what went wrong.

    The Recommendation leaves the form to hub and publisher (section 7). This is the form of PubSubHubbub
    0.4, which the public hubs take: hub.mode=publish, and hub.url for each feed. Google's and
    Superfeedr's answer 204; any 2xx is taken for a yes.
    """
    form = [("hub.mode", "publish"), *(("hub.url", address) for address in addresses)]
    request = urllib.request.Request(  # noqa: S310  # config takes http and https alone
        hub,
        urlencode(form).encode("ascii"),
        {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": f"feeds/{__version__}"},
    )
    try:
        with _OPENER.open(request, timeout=timeout) as response:
            return None if 200 <= response.status < 300 else f"{hub}: answered {response.status}"
    except urllib.error.HTTPError as error:
        error.close()
        return f"{hub}: answered {error.code}"
    except urllib.error.URLError as error:
        return f"{hub}: {_reason(error.reason)}"
    except (OSError, http.client.HTTPException, ValueError) as error:
        return f"{hub}: {_reason(error)}"


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected POST becomes a GET, which tells a hub nothing: better to hear that the hub has moved."""

    def redirect_request(self, *_: object) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirect)


def _reason(error: object) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return " ".join(text.split())


def _load(state: Path, hub: str, base_url: str) -> dict[str, str]:
    try:
        data = json.loads(state.read_bytes())
        if (data["hub"], data["base_url"]) == (hub, base_url):
            return {str(path): str(digest) for path, digest in dict(data["files"]).items()}
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return {}


def _save(state: Path, hub: str, base_url: str, files: Mapping[str, str]) -> None:
    data = {"hub": hub, "base_url": base_url, "files": files}
    temporary = state.with_name(f"{state.name}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(data, file, indent=1, sort_keys=True)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(state)
