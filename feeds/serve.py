"""Preview the output on loopback, with the headers that a host should send."""

from __future__ import annotations

import errno
import os
import stat
from email.utils import formatdate, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from socket import AF_INET6
from typing import Any, BinaryIO
from urllib.parse import quote, unquote_to_bytes, urlsplit

from msgspec import Struct

from feeds import __version__
from feeds.hosting import headers
from feeds.model import FeedsError

_CHUNK = 1 << 16
_CODINGS = (("br", ".br"), ("gzip", ".gz"))  # the smaller one first
_NOT_FOUND = b"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Not found</title></head>
<body><h1>Not found</h1><p><a href="/">To the start page</a></p></body></html>
"""


class ServeError(FeedsError):
    """The preview can't be served so."""


class _Found(Struct, frozen=True):
    """An open file of the output: what it is called there, and how it is sent."""

    path: str
    file: BinaryIO
    info: os.stat_result
    coding: str | None
    varies: bool

    @property
    def etag(self) -> str:
        """As nginx makes it: of the mtime and the size; each coding is a representation of its own."""
        return f'"{self.info.st_mtime_ns:x}-{self.info.st_size:x}{f"-{self.coding}" if self.coding else ""}"'


class Server(ThreadingHTTPServer):
    """Serves a folder; a request holds no other up, and none outlives the server."""

    daemon_threads = True

    def __init__(self, output: Path, address: str = "127.0.0.1", port: int = 8000) -> None:
        """Listen at once; raise ServeError where the folder, the address or the port can't be used."""
        if not output.is_dir():
            raise ServeError(f"{output}: no folder there, expected one that feeds build wrote")
        try:
            if ip_address(address).version == 6:
                self.address_family = AF_INET6
        except ValueError as error:
            raise ServeError(f"--address: expected an IP address such as ::1, not {address!r}") from error
        self.output = output
        try:
            super().__init__((address, port), _Handler)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
                raise
            raise ServeError(f"{address} port {port}: {error.strerror}") from error

    @property
    def url(self) -> str:
        """Where it serves."""
        host, port = self.server_address[:2]
        return f"http://[{host!s}]:{port}/" if self.address_family == AF_INET6 else f"http://{host!s}:{port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a reader that hangs up."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = f"feeds/{__version__}"
    sys_version = ""
    timeout = 30  # seconds; an idle connection ends
    server: Server

    def do_GET(self) -> None:
        """Send a file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Send a file's headers."""
        self._answer()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing."""

    def _answer(self) -> None:
        try:
            path = _path(self.path)
        except ValueError:
            self._not_found()
            return
        if path is not None and not path.endswith("/") and _is_folder(self.server.output, path):
            self._redirect(f"/{quote(path)}/")
            return
        found = (
            _find(self.server.output, path, self.headers.get("Accept-Encoding", ""))
            if path is not None
            else None
        )
        if found is None:
            self._not_found()
            return
        with found.file:
            self._send(found)

    def _send(self, found: _Found) -> None:
        same = _is_same(found, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since"))
        self.send_response(HTTPStatus.NOT_MODIFIED if same else HTTPStatus.OK)
        for name, value in headers(found.path).items():
            if not (same and name == "Content-Type"):
                self.send_header(name, value)
        self.send_header("ETag", found.etag)
        self.send_header("Last-Modified", formatdate(int(found.info.st_mtime), usegmt=True))
        if found.varies:
            self.send_header("Vary", "Accept-Encoding")
        if same:
            self.end_headers()
            return
        if found.coding:
            self.send_header("Content-Encoding", found.coding)
        self.send_header("Content-Length", str(found.info.st_size))
        self.end_headers()
        if self.command == "GET":
            left = found.info.st_size
            while left and (chunk := found.file.read(min(_CHUNK, left))):
                self.wfile.write(chunk)
                left -= len(chunk)
            self.close_connection |= bool(left)  # it shrank meanwhile

    def _not_found(self) -> None:
        self._page(HTTPStatus.NOT_FOUND, _NOT_FOUND, {})

    def _redirect(self, path: str) -> None:
        self._page(HTTPStatus.MOVED_PERMANENTLY, b"", {"Location": path})

    def _page(self, status: HTTPStatus, body: bytes, more: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers("404.html"), **more}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)


def _path(target: str) -> str | None:
    """Give the path under output that a request names, or None where it would lead out of it.

    >>> _path("/a%20b.atom?x=1"), _path("/topics/"), _path("/../x"), _path("/a/%2e%2e/x"), _path("/.git/x")
    ('a b.atom', 'topics/', None, None, None)
    """
    raw = unquote_to_bytes(urlsplit(target if target.startswith("/") else f"/{target}").path)
    path = raw.decode("utf-8").removeprefix("/")
    parts = path.removesuffix("/").split("/") if path else []
    if "\0" in path or "\\" in path or any(not part or part.startswith(".") for part in parts):
        return None
    return path


def _is_folder(output: Path, path: str) -> bool:
    return bool(path) and (output / path).is_dir() and not (output / path).is_symlink()


def _find(output: Path, path: str, accepted: str) -> _Found | None:
    """Open a file below output, following no symbolic link; its compressed sibling where that is wanted."""
    path = f"{path}index.html" if not path or path.endswith("/") else path
    plain = _open(output, path)
    if plain is None:
        return None
    info = os.fstat(plain.fileno())
    varies = False
    for coding, suffix in _CODINGS:
        sibling = _open(output, path + suffix)
        if sibling is None:
            continue
        sibling_info = os.fstat(sibling.fileno())
        varies = True
        if sibling_info.st_mtime_ns == info.st_mtime_ns and _accepts(accepted, coding):
            plain.close()
            return _Found(path, sibling, sibling_info, coding, varies)
        sibling.close()
    return _Found(path, plain, info, None, varies)


def _open(output: Path, path: str) -> BinaryIO | None:
    """Open a regular file step by step from the output folder, so that no link on the way is followed."""
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    folder = os.open(output, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        *parents, name = path.split("/")
        for part in parents:
            inner = os.open(part, flags | os.O_DIRECTORY, dir_fd=folder)
            os.close(folder)
            folder = inner
        handle = os.open(name, flags, dir_fd=folder)
    except OSError:
        return None
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        return None
    return os.fdopen(handle, "rb")


def _accepts(header: str, coding: str) -> bool:
    """Say whether a client takes a coding (RFC 9110 section 12.5.3).

    >>> _accepts("gzip;q=0, br", "gzip"), _accepts("deflate, gzip;q=0.5", "gzip"), _accepts("*", "br")
    (False, True, True)
    """
    weights = {}
    for item in header.lower().split(","):
        name, _, rest = item.strip().partition(";")
        weights[name.strip()] = rest.strip().removeprefix("q=").rstrip("0.") != "" if rest else True
    return weights.get(coding, weights.get("*", False))


def _is_same(found: _Found, match: str | None, since: str | None) -> bool:
    """Say whether the client has this version: by ETag, or without one by time (RFC 9110 section 13.2.2)."""
    if match is not None:
        tags = [tag.strip().removeprefix("W/") for tag in match.split(",")]
        return found.etag in tags or "*" in tags
    try:
        return since is not None and int(found.info.st_mtime) <= parsedate_to_datetime(since).timestamp()
    except (ValueError, TypeError, OverflowError):
        return False
