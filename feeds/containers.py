"""Open containers of captures: WARC and WET, zip, tar and gzip, told by their content.

Everything is read as a stream and within limits. What is damaged or too large costs itself, and is named.
"""

from __future__ import annotations

import gzip
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from msgspec import Struct
from msgspec.structs import replace

from feeds.model import Problem

_CHUNK = 65_536
_PACKED = 8_192  # bytes that are unpacked at once: what stands behind a short part is copied back
_GZIP = b"\x1f\x8b\x08"
_MOST_DAMAGES = 100  # places in one file at which reading starts anew
_LONGEST_LINE = 65_536
_LONGEST_HEAD = 200_000  # bytes before the body of an HTTP answer
_MOST_LINES = 1_000  # of a record's head
_BLANK = re.compile(rb"\n[ \t]*\r?\n")
_DEEPEST = 2  # containers within containers

# Documents that are zip archives within, by a member that they have.
_PACKED_DOCUMENTS = (
    ("[Content_Types].xml", "an Office document (DOCX, XLSX or PPTX)"),
    ("META-INF/container.xml", "a book (EPUB)"),
    ("mimetype", "an OpenDocument file or a book"),
    ("META-INF/MANIFEST.MF", "a program (JAR)"),
    ("AndroidManifest.xml", "a program (APK)"),
)

# What a crawler's record must say to be text; pictures, styles and scripts are passed over.
_TEXTUAL = (
    "text/html",
    "text/plain",
    "text/xml",
    "application/xhtml",
    "application/xml",
    "application/rss",
    "application/atom",
    "application/rdf",
    "application/json",
    "application/feed",
    "application/nitf",
)

# How the names of containers end; what is one is told by its first bytes.
ENDINGS = (".warc", ".wet", ".gz", ".wacz", ".zip", ".tar", ".tgz")
_MEDIA_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain",
    ".text": "text/plain",
    ".md": "text/plain",
    ".xml": "application/xml",
    ".rss": "application/rss+xml",
    ".atom": "application/atom+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/json",
    ".nitf": "application/nitf+xml",
}


class Limits(Struct, frozen=True):
    """How much a container may unpack to before it is taken for a bomb.

    An archive of any size is read to its end: what `total` and `count` allow grows with the bytes read.
    """

    member: int = 50_000_000  # bytes of one member
    total: int = 20_000_000_000  # bytes of all, and `usual` more for each byte read
    ratio: int = 300  # unpacked bytes for each packed one, beyond the first `member` bytes
    count: int = 1_000_000  # members, and one more for each `small` bytes read
    usual: int = 20  # times as large as packed: four to ten times is what pages are
    small: int = 200  # packed bytes: a text of some lines takes more


class Member(Struct, frozen=True):
    """One capture in a container, still in bytes."""

    name: str  # the container's name and its own, for messages
    data: bytes
    media_type: str | None  # IANA, as stated or by the name's ending
    charset: str | None = None  # as stated
    url: str | None = None  # where it was captured from
    captured: datetime | None = None


class _BombError(Exception):
    """The container unpacks to more than it may."""


class _DamagedError(Exception):
    """The bytes here can't be unpacked; reading goes on behind them."""


def is_container(head: bytes) -> bool:
    """Say whether bytes are the beginning of a container; 512 of them are enough."""
    return head.startswith((_GZIP, b"PK\x03\x04", b"PK\x05\x06", b"WARC/")) or head[257:262] == b"ustar"


def members(
    source: Path | BinaryIO, limits: Limits | None = None, name: str | None = None
) -> Iterator[Member | Problem]:
    """Give each capture in a container in order, and a Problem for each that can't be read.

    A file that is no container gives nothing. The source must allow seeking if it is a zip.
    """
    limits = limits or Limits()
    if isinstance(source, Path):
        with source.open("rb") as stream:
            yield from _open(stream, name or str(source), limits, 0)
    else:
        yield from _open(source, name or str(getattr(source, "name", "container")), limits, 0)


def _open(stream: BinaryIO, name: str, limits: Limits, depth: int) -> Iterator[Member | Problem]:
    reader = _Reader(stream)
    head = reader.peek(512)
    packed = head.startswith(_GZIP)
    if head.startswith(b"PK"):
        stream.seek(0)
        yield from _limited(_zip(stream, name, limits, depth), stream, name, limits)
        return
    if packed:
        reader = _Reader(_Gunzip(reader, limits))
        try:
            head = reader.peek(512)
        except _BombError as error:
            yield Problem(name, None, str(error))
            return
    while not head and (damage := reader.damage()):
        yield Problem(name, None, f"the beginning is damaged: {damage}")
        head = reader.peek(512)
    if head.startswith(b"WARC/"):
        yield from _limited(_warc(reader, name, limits), stream, name, limits)
    elif head[257:262] == b"ustar":
        yield from _limited(_tar(reader, name, limits, depth), stream, name, limits)
    elif packed:
        yield from _limited(_plain(reader, name, limits), stream, name, limits)


def _limited(
    found: Iterator[Member | Problem], stream: BinaryIO, name: str, limits: Limits
) -> Iterator[Member | Problem]:
    """Pass on what is found, until it is too much or the container breaks off."""
    total = count = 0
    try:
        for item in found:
            if isinstance(item, Member):
                total, count = total + len(item.data), count + 1
            if (total > limits.total or count > limits.count) and _is_too_much(total, count, stream, limits):
                yield Problem(name, None, "unpacks to more than it may; the rest is left out")
                return
            yield item
    except (_BombError, _DamagedError, *_BROKEN) as error:
        yield Problem(name, None, f"the container breaks off: {error}")


def _is_too_much(total: int, count: int, stream: BinaryIO, limits: Limits) -> bool:
    read = stream.tell()
    return total > limits.total + limits.usual * read or count > limits.count + read // limits.small


# What the standard library says of bytes that are no archive, or one of a kind that it does not know.
_BROKEN = (
    tarfile.TarError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    OverflowError,
    RuntimeError,  # also NotImplementedError
)


class _Reader:
    """Reads lines and blocks up to the next damage, and takes back what was read too far."""

    def __init__(self, stream: BinaryIO | _Gunzip) -> None:
        self._stream = stream
        self._buffer = bytearray()
        self._damage: _DamagedError | None = None

    def _fill(self, size: int) -> None:
        while len(self._buffer) < size and self._damage is None:
            try:
                chunk = self._stream.read(_CHUNK)
            except _DamagedError as error:
                self._damage = error
                return
            if not chunk:
                return
            self._buffer += chunk

    def damage(self) -> _DamagedError | None:
        """Give the damage that reading has come to, and let it go on behind."""
        damage = None if self._buffer else self._damage
        if damage is not None:
            self._damage = None
        return damage

    def peek(self, size: int) -> bytes:
        self._fill(size)
        return bytes(self._buffer[:size])

    def read(self, size: int = _CHUNK) -> bytes:
        """Give as many bytes, or fewer at the end."""
        self._fill(size)
        with memoryview(self._buffer) as view:
            data = bytes(view[:size])
        del self._buffer[:size]
        return data

    def line(self) -> bytes:
        """Give the next line with its end; a part of it where it is very long; nothing at the end."""
        self._fill(_LONGEST_LINE)
        end = self._buffer.find(b"\n", 0, _LONGEST_LINE)
        return self.read(end + 1 if end >= 0 else _LONGEST_LINE)

    def head(self) -> list[bytes]:
        """Give the lines up to the next blank one, and pass over that; at most a thousand."""
        self._fill(_LONGEST_LINE)
        end = _BLANK.search(self._buffer, 0, _LONGEST_LINE)
        if end is not None and not self._buffer.startswith((b"\n", b"\r\n")):
            return self.read(end.end()).split(b"\n")[:-2]
        lines: list[bytes] = []
        while len(lines) < _MOST_LINES and (line := self.line()).strip():
            lines.append(line)
        return lines

    def back(self, data: bytes) -> None:
        self._buffer[:0] = data

    def skip(self, size: int) -> bool:
        """Pass over bytes; say whether there were as many."""
        while size > 0:
            got = len(self.read(min(size, _CHUNK)))
            if not got:
                return False
            size -= got
        return True


class _Gunzip:
    """Unpacks gzip, member by member; raises _DamagedError once for each damage and goes on behind it."""

    def __init__(self, packed: _Reader, limits: Limits) -> None:
        self._packed = packed
        self._limits = limits
        self._unpack = zlib.decompressobj(31)
        self._consumed = self._produced = self._damages = 0
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._ended:
            chunk = self._unpack.unconsumed_tail or self._packed.read(_PACKED)
            if not chunk:
                self._ended = True
                if not self._unpack.eof and self._consumed:
                    raise _DamagedError("the file ends in the middle of a packed part")
                return b""
            if data := self._step(chunk, size):
                return data
        return b""

    def _step(self, chunk: bytes, size: int) -> bytes:
        try:
            data = self._unpack.decompress(chunk, size)
        except zlib.error as error:
            self._resume(chunk)
            raise _DamagedError(f"a packed part is damaged ({error})") from None
        self._consumed += len(chunk) - len(self._unpack.unconsumed_tail) - len(self._unpack.unused_data)
        self._produced += len(data)
        if self._produced > self._limits.member + self._limits.ratio * self._consumed:
            self._ended = True
            raise _BombError(f"unpacks to more than {self._limits.ratio} times its size")
        if self._unpack.eof:
            self._next(self._unpack.unused_data)
        return data

    def _next(self, rest: bytes) -> None:
        """Begin the next member; what is no member, such as padding, ends the file."""
        self._packed.back(rest)
        following = self._packed.peek(len(_GZIP))
        if following == _GZIP:
            self._unpack = zlib.decompressobj(31)
        elif not following.strip(b"\0"):
            self._ended = True
        else:
            self._resume(self._packed.read(_PACKED))

    def _resume(self, chunk: bytes) -> None:
        """Go to the next place that looks like the beginning of a member."""
        self._damages += 1
        at = chunk.find(_GZIP, 1)
        while at < 0 and (following := self._packed.read(_PACKED)):
            chunk = chunk[-2:] + following
            at = chunk.find(_GZIP)
        if at < 0 or self._damages > _MOST_DAMAGES:
            self._ended = True
            return
        self._packed.back(chunk[at:])
        self._unpack = zlib.decompressobj(31)


def _plain(reader: _Reader, name: str, limits: Limits) -> Iterator[Member | Problem]:
    data = reader.read(limits.member + 1)
    inner = name[:-3] if name.casefold().endswith(".gz") else name
    if damage := reader.damage():
        yield Problem(name, None, f"can't be unpacked: {damage}")
    elif len(data) > limits.member:
        yield Problem(name, None, f"unpacks to more than {limits.member} bytes")
    else:
        yield Member(name, data, _media_type(inner))


def _media_type(name: str) -> str | None:
    return _MEDIA_TYPES.get(PurePosixPath(name.casefold()).suffix)


def _zip(stream: BinaryIO, name: str, limits: Limits, depth: int) -> Iterator[Member | Problem]:
    with zipfile.ZipFile(stream) as archive:
        names = frozenset(info.filename for info in archive.infolist()[:50])
        if what := next((what for mark, what in _PACKED_DOCUMENTS if mark in names), None):
            yield Problem(name, None, f"{what}, expected an archive of captures")
            return
        if sum(info.compress_size for info in archive.infolist()) > stream.seek(0, io.SEEK_END):
            yield Problem(name, None, "its members overlap, as those of a bomb do")
            return
        is_wacz = "datapackage.json" in names and any(member.startswith("archive/") for member in names)
        for info in archive.infolist():
            inner = f"{name}/{info.filename}"
            if info.is_dir() or (is_wacz and not info.filename.startswith("archive/")):
                continue  # a WACZ holds its crawl in archive/, and its indexes and page lists beside it
            if info.flag_bits & 1:
                yield Problem(inner, None, "is encrypted")
                continue
            if (
                info.file_size > limits.member
                or info.file_size > limits.member + limits.ratio * info.compress_size
            ):
                yield Problem(inner, None, f"unpacks to {info.file_size} bytes, which is more than it may")
                continue
            try:
                with archive.open(info) as packed:
                    data = packed.read(limits.member + 1)
            except (*_BROKEN, OSError) as error:
                yield Problem(inner, None, f"can't be unpacked: {error}")
                continue
            yield from _inner(inner, data, limits, depth)


def _tar(reader: _Reader, name: str, limits: Limits, depth: int) -> Iterator[Member | Problem]:
    with tarfile.open(fileobj=_Readable(reader), mode="r|", encoding="utf-8") as archive:
        for info in archive:
            inner = f"{name}/{info.name}"
            if not info.isreg():
                continue
            if info.size > limits.member:
                yield Problem(inner, None, f"is {info.size} bytes long, which is more than it may be")
                continue
            packed = archive.extractfile(info)
            data = packed.read(limits.member + 1) if packed is not None else b""
            if len(data) < info.size:
                yield Problem(inner, None, "is cut off")
                return
            yield from _inner(inner, data, limits, depth)
    if damage := reader.damage():
        yield Problem(name, None, f"the container breaks off: {damage}")


class _Readable(io.RawIOBase):
    """A reader as tarfile wants it."""

    def __init__(self, reader: _Reader) -> None:
        self._reader = reader

    def read(self, size: int = -1) -> bytes:
        return self._reader.read(size if size >= 0 else _CHUNK)


def _inner(name: str, data: bytes, limits: Limits, depth: int) -> Iterator[Member | Problem]:
    """Give a member of an archive, or what stands in it where it is a container itself."""
    if not is_container(data[:512]):
        yield Member(name, data, _media_type(name))
    elif depth + 1 >= _DEEPEST:
        yield Problem(name, None, "is a container in a container in a container")
    else:
        yield from _open(io.BytesIO(data), name, limits, depth + 1)


def _warc(reader: _Reader, name: str, limits: Limits) -> Iterator[Member | Problem]:
    """Give the texts among the records; ISO 28500."""
    number = damages = 0
    cut = False
    while damages <= _MOST_DAMAGES:
        if not _to_record(reader):
            damage = reader.damage()
            if damage is None:
                return
            if not cut:
                damages += 1
                yield Problem(f"{name}#{number}", None, f"what follows this record is damaged: {damage}")
            cut = False
            continue
        number += 1
        item = _record(reader, f"{name}#{number}", limits)
        cut = isinstance(item, Problem)
        damages += cut
        if item is not None:
            yield item


def _to_record(reader: _Reader) -> bool:
    """Go to the line that begins the next record; False where there is none."""
    while line := reader.line():
        if line.startswith((b"WARC/1.", b"WARC/0.")):
            return True
    return False


def _record(reader: _Reader, name: str, limits: Limits) -> Member | Problem | None:
    headers = _headers(reader)
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdigit() and len(length) < 16):
        return Problem(name, None, "a record without a length")
    if int(length) > limits.member:
        whole = reader.skip(int(length))
        told = f"a record of {length} bytes, which is more than it may be"
        return Problem(name, None, told if whole else "a record is cut off")
    data = reader.read(int(length))
    following = reader.peek(4)
    if len(data) < int(length) or (
        following and following != b"\r\n\r\n" and not following.startswith(b"\n")
    ):
        # The length is wrong, or the record is cut off: the next one may stand in what was read.
        at = data.find(b"\nWARC/1.")
        if at >= 0:
            reader.back(data[at + 1 :])
        return Problem(name, None, "a record is cut off, or its length is wrong")
    return _capture(name, headers, data, limits)


def _headers(reader: _Reader) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in reader.head():
        key, _, value = line.decode("utf-8", "replace").partition(":")
        headers.setdefault(key.strip().casefold(), value.strip())
    return headers


def _capture(name: str, headers: dict[str, str], data: bytes, limits: Limits) -> Member | Problem | None:
    """Give the text that a record holds; None where it holds none, such as a request or a picture."""
    kind = headers.get("warc-type", "")
    url = headers.get("warc-target-uri", "").strip("<>") or None
    member = Member(name, data, None, url=url, captured=_captured(headers.get("warc-date", "")))
    if kind == "conversion" or (kind == "resource" and headers.get("content-type")):
        return _textual(member, headers.get("content-type", "text/plain"))
    if kind != "response" or not (url or "").startswith("http"):
        return None
    end = _end_of_head(data)
    reader = _Reader(io.BytesIO(data[:end]))
    status = reader.line().split(b" ")
    answer = _headers(reader)
    if len(status) < 2 or status[1].strip() != b"200":
        return None
    textual = _textual(member, answer.get("content-type", ""))
    if textual is None:
        return None
    try:
        return replace(textual, data=_decoded(data[end:], answer, limits))
    except (zlib.error, ValueError, EOFError, OSError) as error:
        return Problem(name, None, f"a record's content can't be decoded: {error}")


def _end_of_head(data: bytes) -> int:
    """Give where the body of an HTTP answer begins: after the first blank line, or else at its end."""
    crlf = data.find(b"\r\n\r\n", 0, _LONGEST_HEAD)
    bare = data.find(b"\n\n", 0, crlf if crlf >= 0 else _LONGEST_HEAD)
    return bare + 2 if bare >= 0 else crlf + 4 if crlf >= 0 else len(data)


def _textual(member: Member, content_type: str) -> Member | None:
    media_type, _, parameters = content_type.casefold().partition(";")
    media_type = media_type.strip()
    if not media_type.startswith(_TEXTUAL):
        return None
    charset = parameters.partition("charset=")[2].split(";")[0].strip(" \"'")
    return replace(member, media_type=media_type, charset=charset or None)


def _captured(date: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(date)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter where UTC has no such year
        return None


def _decoded(body: bytes, headers: dict[str, str], limits: Limits) -> bytes:
    """Undo the codings of transfer and content; some crawlers did so before, and kept the headers."""
    if "chunked" in headers.get("transfer-encoding", "").casefold():
        body = _unchunked(body)
    coding = headers.get("content-encoding", "").casefold()
    if coding in ("gzip", "x-gzip") and body.startswith(_GZIP):
        with gzip.open(io.BytesIO(body)) as packed:
            body = packed.read(limits.member + 1)
    elif coding == "deflate":
        body = _inflated(body, limits)
    elif coding in ("br", "zstd") and b"<" not in body[:1_000]:
        raise ValueError(f"its coding {coding} is not supported")
    if len(body) > limits.member:
        raise ValueError("it unpacks to more than it may")
    return body


def _inflated(body: bytes, limits: Limits) -> bytes:
    for window in (15, -15):
        try:
            return zlib.decompressobj(window).decompress(body, limits.member + 1)
        except zlib.error:
            continue
    return body


def _unchunked(body: bytes) -> bytes:
    """Join the chunks of RFC 9112 section 7.1; bytes that are not chunked stay as they are."""
    parts: list[bytes] = []
    at = 0
    while True:
        end = body.find(b"\r\n", at, at + 100)
        size = body[at:end].split(b";")[0].strip() if end >= 0 else b""
        try:
            length = int(size, 16)
        except ValueError:
            return b"".join(parts) if parts else body
        if not 0 < length <= len(body):
            return b"".join(parts) if parts or length == 0 else body
        parts.append(body[end + 2 : end + 2 + length])
        at = end + 2 + length + 2
