"""Read files as documents: find them, decode them, keep what XML may hold."""

from __future__ import annotations

import codecs
import errno
import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time
from pathlib import Path, PurePath
from typing import BinaryIO

from feeds.containers import Limits, Member, is_container, members
from feeds.model import Document, DocumentError, Problem
from feeds.scan import Found
from feeds.text import legal, printable

MAX_BYTES = 16 * 1024 * 1024  # of one document; a news page is some hundred kilobytes

MEDIA_TYPES = {
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".xml": "application/xml",
    ".atom": "application/atom+xml",
    ".rss": "application/rss+xml",
    ".rdf": "application/rdf+xml",
    ".json": "application/json",
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".md": "text/markdown",
    ".nitf": "application/nitf+xml",
}
HEAD = 512  # bytes that tell a container
DEFAULT_MEDIA_TYPE = "text/plain"

# The longer marks first: UTF-32 LE begins as UTF-16 LE does.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# <?xml encoding="...">, <meta charset="...">, <meta content="text/html; charset=...">
_DECLARED = re.compile(rb"""(?:encoding|charset)\s{0,3}=\s{0,3}["']?([A-Za-z][A-Za-z0-9._:-]{1,40})""")
# Python's own notations, and one that browsers refuse because it hides markup in plain letters.
_NO_CHARSETS = frozenset(("idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "utf-7"))
_NAME_DATE = re.compile(
    r"(?<!\d)(19\d\d|20\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])"
    r"(?:[T_ -]?([01]\d|2[0-3])[-:.h]?([0-5]\d)(?:[-:.m]?([0-5]\d))?Z?)?(?!\d)"
)
_BINARY_SAMPLE = 8192
# What files that are no text begin with.
_MAGIC = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG\r\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"RIFF", "a picture or a sound (RIFF)"),
    (b"\xd0\xcf\x11\xe0", "an old Office document"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"ID3", "a sound (MP3)"),
    (b"OggS", "a sound (Ogg)"),
    (b"bplist00", "a property list or a Safari web archive"),
    (b"7z\xbc\xaf", "an archive (7z, which is not read)"),
    (b"Rar!", "an archive (RAR, which is not read)"),
    (b"\x28\xb5\x2f\xfd", "a file packed with zstd, which is not read"),
    (b"\xfd7zXZ", "a file packed with xz, which is not read"),
    (b"BZh", "a file packed with bzip2, which is not read"),
    (b"PAR1", "a table (Parquet)"),
)


def read(
    found: Found,
    is_known: Callable[[str], bool] = lambda _: False,
    moved: Callable[[int], None] = lambda _: None,
) -> Iterator[Document | Problem]:
    """Give the document in a file that a scan met, or those in a container, with what is wrong there.

    Members of a container that are known by their source are passed over before they are decoded; `moved`
    hears how many bytes of a container were read so far.

    Raises DocumentError where the file is no text and no container that can be read.
    """
    if found.refusal:
        raise DocumentError(found.source, found.refusal)
    with _opened(found) as file:
        yield from read_stream(file, found, is_known, moved)


def read_alone(found: Found) -> Document | None:
    """Give the document in a file, None where that is a container; raise DocumentError as `read` does."""
    if found.refusal:
        raise DocumentError(found.source, found.refusal)
    with _opened(found) as file:
        return None if _holds_others(file) else _whole(file, found)


def read_stream(
    file: BinaryIO,
    found: Found,
    is_known: Callable[[str], bool] = lambda _: False,
    moved: Callable[[int], None] = lambda _: None,
) -> Iterator[Document | Problem]:
    """Do as `read` does, with a stream that is open already."""
    if not _holds_others(file):
        yield _whole(file, found)
        return
    for item in _contained(file, found, is_known):
        moved(file.tell())
        if item is not None:
            yield item


def _holds_others(file: BinaryIO) -> bool:
    head = file.read(HEAD)
    file.seek(0)
    return is_container(head)


def _whole(file: BinaryIO, found: Found) -> Document:
    """Read a file that is one document."""
    if found.size > MAX_BYTES:
        raise DocumentError(found.source, f"{found.size:,} bytes, expected at most {MAX_BYTES:,}")
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise DocumentError(found.source, f"grew past {MAX_BYTES:,} bytes while it was read")
    media_type = MEDIA_TYPES.get(Path(found.path).suffix.lower(), DEFAULT_MEDIA_TYPE)
    return _document(found, Member(found.source, data, media_type))


def _contained(
    file: BinaryIO, found: Found, is_known: Callable[[str], bool]
) -> Iterator[Document | Problem | None]:
    """Give what a container holds, None for what is known; what is wrong with one member costs that one."""
    for member in members(file, Limits(member=MAX_BYTES), found.source):
        if isinstance(member, Member) and is_known(printable(member.name)):
            yield None
            continue
        if isinstance(member, Problem):
            yield Problem(printable(member.source), member.line, member.message)
            continue
        try:
            yield _document(found, member)
        except DocumentError as error:
            yield error.problem


def _document(found: Found, member: Member) -> Document:
    """Decode a capture; its own date comes first, then one in its name or in that of its file."""
    source = printable(member.name)
    if not member.data.strip(b"\0 \t\r\n"):
        raise DocumentError(source, "empty, expected the text of at least one article")
    text, notices = decode(member.data, source, member.charset)
    stated = member.captured or name_date(PurePath(member.name).name) or name_date(Path(found.path).name)
    return Document(
        source=source,
        media_type=member.media_type or DEFAULT_MEDIA_TYPE,
        text=legal(text),
        captured=stated or datetime.fromtimestamp(found.mtime_ns // 10**9, UTC),
        captured_stated=stated is not None,
        digest=hashlib.sha256(member.data).hexdigest(),
        url=member.url,
        notices=notices,
        recorded=member.captured is not None,
    )


@contextmanager
def _opened(found: Found) -> Iterator[BinaryIO]:
    """Open a regular file, and nothing that took its place since the scan."""
    # O_NONBLOCK: a FIFO must not hold the run; O_NOFOLLOW: nor may a link lead elsewhere.
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | (0 if found.is_root else os.O_NOFOLLOW)
    try:
        with os.fdopen(os.open(found.path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DocumentError(found.source, "not a regular file")
            yield file
    except OSError as error:
        reason = "a symbolic link" if error.errno == errno.ELOOP else error.strerror or str(error)
        raise DocumentError(found.source, f"can't be read: {reason}") from error


def decode(data: bytes, source: str, charset: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Decode bytes by mark, as UTF-8, as declared, as detected, or else as cp1252 with a notice.

    `charset` is what a protocol said of them, such as HTTP's Content-Type.

    Gives the text and the notices for the user. Raises DocumentError for what is no text.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), ()
            except UnicodeDecodeError:
                break
    for beginning, what in _MAGIC:
        if data.startswith(beginning):
            raise DocumentError(source, f"{what}, expected text, a web page, a feed or an archive of these")
    if b"\0" in data[:_BINARY_SAMPLE]:
        raise DocumentError(source, "binary data, expected text")
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        pass
    return _decode_foreign(data, source, charset)


def _decode_foreign(data: bytes, source: str, charset: str | None) -> tuple[str, tuple[str, ...]]:
    declared = _DECLARED.search(data[:2048])
    for name in filter(None, (charset, declared.group(1).decode("ascii") if declared else None)):
        try:
            if codecs.lookup(name).name not in _NO_CHARSETS:
                return data.decode(name), ()
        except (LookupError, ValueError):  # the latter also for a name with a NUL, and for bytes
            pass
    controls = sum(byte < 9 or 14 <= byte < 27 or 28 <= byte < 32 for byte in data[:_BINARY_SAMPLE])
    if controls * 50 > len(data[:_BINARY_SAMPLE]):
        raise DocumentError(source, "binary data, expected text")
    # UTF-8 with a few bytes broken is still UTF-8: a wrong charset would spoil every accent in it.
    repaired = data.decode("utf-8", "replace")
    broken = repaired.count("\ufffd")
    if broken * 20 < sum(byte >= 0xC2 for byte in data):
        return repaired, (f"{broken} broken bytes in UTF-8 text were replaced",)
    detected = _detect(data)
    if detected:
        return data.decode(detected), (f"no charset declared, read as {detected}",)
    return data.decode("cp1252", "replace"), ("no charset declared or detected, read as cp1252",)


def _detect(data: bytes) -> str | None:
    """Ask charset-normalizer about a sample; None where it is not sure or its answer does not fit.

    In a Latin script few bytes tell one code page from another: cp1252, by far the most common one,
    stands unless another reads clearly more like a language.
    """
    from charset_normalizer import from_bytes

    sample = data[:65536]
    matches = from_bytes(sample)
    best = matches.best()
    if best is None or best.chaos > 0.05 or best.encoding in ("utf_8", "ascii"):
        return None
    if sum(byte > 127 for byte in sample) * 4 < len(sample):
        western = max((m.coherence for m in matches if "cp1252" in m.could_be_from_charset), default=0.0)
        if best.coherence < western + 0.2 or len(sample) < 1000:
            return None
    try:
        data.decode(best.encoding)
    except UnicodeDecodeError:
        return None
    return best.encoding


def name_date(name: str) -> datetime | None:
    """Read when a document was captured from its file's name; the end of the day without a time.

    >>> name_date("asharq-2025-12-22.txt").isoformat()
    '2025-12-22T23:59:59+00:00'
    >>> name_date("crawl-20251222T0910.txt").isoformat()
    '2025-12-22T09:10:59+00:00'
    """
    match = _NAME_DATE.search(name)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    hour, minute, second = (int(match[i]) if match[i] else None for i in (5, 6, 7))
    clock = (
        time(23, 59, 59)
        if hour is None or minute is None
        else time(hour, minute, 59 if second is None else second)
    )
    try:
        return datetime.combine(datetime(year, month, day, tzinfo=UTC), clock, UTC)
    except ValueError:  # 31 February
        return None
