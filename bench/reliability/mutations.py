"""Damage captures as carelessness and malice do: by their bytes, their pieces and their meaning."""

from __future__ import annotations

import codecs
import gzip
import io
import random
import re
import tarfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

LONGEST = 60_000  # bytes of a mutated capture, before it is packed
ROOT = Path(__file__).parents[2]

# Where a capture can be cut and joined: a tag, a text in quotes, a number, a line end, a JSON mark.
_TOKEN = re.compile(rb"<[^<>]{1,200}>|\"[^\"\n]{0,200}\"|\d[\d.:,+TZ-]*|[\n{}\[\],=&;|]|[^\W\d]+")
_TAG = re.compile(rb"<(/?)([A-Za-z][\w:.-]{0,30})([^<>]{0,300})>")
_VALUE = re.compile(rb"=\"[^\"<>]{0,300}\"")
_JSON_VALUE = re.compile(rb":\s*(\"[^\"\n]{0,300}\"|-?\d[\d.]*|true|false|null)")
_NUMBER = re.compile(rb"\d+")
_DATE = re.compile(
    rb"\d{4}-\d\d-\d\d(?:T[\d:.Z+-]+)?|\d{1,2} \w{3} \d{4}(?: [\d:]+ [+-]\d{4})?|\w+ \d{1,2}, \d{4}"
)
_DECLARED = re.compile(rb"(encoding|charset)=[\"']?[\w.-]+", re.IGNORECASE)

NUMBERS = (
    "0", "-1", "00000000000", "2147483648", "18446744073709551616", "9" * 400, "1" * 5000, "1e999",
    "-1e-999", "NaN", "Infinity", "0x7fffffff", "٢٠٢٥", "２０２５", "²", "१२", "𝟙", "1.7976931348623157e+309",
    "+", "",
)  # fmt: skip
DATES = (
    "0000-00-00", "0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2025-12-22T25:61:61+99:99",
    "2025-02-30", "December 32, 2025", "31 February 2025", "22 Dec 99999 10:00:00 +0000",
    "999999999999 days ago", "1 hour ago", "Mon, 22 Dec 2025 10:15:00 +9999", "١٢/١٢/٢٠٢٥", "2025-W99-9",
    "-2025-12-22", "1404/13/45", "2 رجب 9999", "tomorrow", "12/22/2025 99:99 PM PST", "0",
    "20251222T101500.99999999999999Z", "令和99年13月40日",
)  # fmt: skip
CHARACTERS = (
    "\0", "\x01", "\x08", "\x0b", "\x1b[31m", "\x7f", "\x85", "\x9f", "\u00ad", "\u061c", "\u200b",
    "\u200d", "\u200f", "\u2028", "\u2029", "\u202e", "\u2066", "\u2069", "\ufdd0", "\ufeff", "\ufffe",
    "\uffff", "\U0001fffe", "\U000e0041", "\U0010ffff", "\u0301" * 300, "é" * 50, "ﷺ" * 30, "İ", "ß", "ŉ",
    "\u1100\u1161", "🏳️‍🌈", "\r", "\t", " " * 2000, "\u3000" * 50, "\n" * 500, "”“", "『", "'" * 99,
    "(" * 300, "|" * 99, "A" * 4000,
)  # fmt: skip
RAW = (
    b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xff", b"\xfe\xff", b"\xff\xfe",
    b"\xff\xfe\0\0", b"\x80" * 20, b"\xe2\x80", b"+ADw-script+AD4-", b"\x1b$B", b"\x0e\x0f", b"\0" * 64,
)  # fmt: skip
PIECES = (
    "&", "&#", "&#0;", "&#x110000;", "&#xD800;", "&#99999999999999999999;", "&nbsp", "&lt;script&gt;",
    "&a;&b;&c;", "&amp;amp;amp;", "&notit;", "&#x202e;", "<!--", "-->", "--!>", "<![CDATA[", "]]>", "<!",
    "<?", "?>", "<?xml?>", "<?xml-stylesheet href='x'?>", "</", "<", ">", "<>", "< p>", "<p", "<p/>",
    "</p></p>", "<br><br><br>", "<table><p>", "<svg><style><!--</style>", "<math><mi><p>", "<plaintext>",
    "<textarea>", "<title>", "<script>", "</script>", "<template>", "<noscript><p title='</noscript>'>",
    "<frameset>", "<select><option>", "<body><body>", "</html>", "<a href='http://['>",
    "<base href='http://['>", "<img src=//>", "<h1></h1>", "<h1>A</h1>", "<article>",
    "<!DOCTYPE a [<!ENTITY b 'c'><!ENTITY d '&b;&b;&b;'>]>&d;",
    "<!DOCTYPE a SYSTEM 'file:///etc/hostname'>", "<!ENTITY % p SYSTEM 'http://127.0.0.1:9/'>%p;", "<x:y>",
    "<:a>", "<a:>", "<a:b:c>", "<_:_ xmlns:_='u'>", "<a xmlns='http://www.w3.org/2005/Atom'>", "xmlns=\"\"",
    "xml:lang='x'", "xml:base='http://['", "xml:base='a:b'", "{", "}", "[", "]", "[[[[", "{}", "[]", "null",
    ",,", ":", "\\u0000", "\\ud800", "\\udc00\\ud800", "\\", "\"", "\\\"", "1e999", "-", "WARC/1.0\r\n",
    "Content-Length: 99999999999999\r\n", "Content-Length: -1\r\n", "chunked", "\r\n\r\n",
    "Content-Encoding: gzip\r\n", "By ", "By By By ", "Read more:", "TT", "(Reuters)", " - ", "Published: ",
    "Von ", "| ",
)  # fmt: skip
ADDRESSES = (
    "http://[", "http://[::1", "http://[::1]/", "http://a:99999999/", "http://a:b/",
    "http://\u2100.example/", "//", "///", "javascript:alert(1)", "data:text/html,<p>", "http://",
    "http:///a", "https://é.example/ü?ß#é", "http://a b/", "http://a\\b",
    "http://" + "a" * 300 + ".example/", "http://x/" + "y/" * 900, "http://xn--a/", "http://.../",
    "http://a..b/", "http://%00/", "http://user:p@h/", "HTTP://UPPER.example", "mailto:a@b", "urn:x:y",
    "file:///etc/passwd", "http://1.2.3.4.5/", "?", "#", "", "http://\u202eelpmaxe/", "http://a\u0000b/",
    "http://a/\ud7ff", "http://a/%zz%", "ftp://a/", "http://[v1.a]/", "http://[1]/",
)  # fmt: skip
CHARSETS = (
    "utf-7", "utf-16", "utf-32", "utf-8-sig", "idna", "punycode", "undefined", "unicode_escape",
    "raw_unicode_escape", "rot13", "base64", "zlib", "hex", "cp65001", "mbcs", "iso-2022-jp", "hz",
    "shift_jis", "gb18030", "big5hkscs", "cp1256", "koi8-r", "x-user-defined", "ascii", "..", "a" * 40,
    "cp037", "palmos", "utf-16-be", "iso-8859-8-i", "johab", "mac-arabic",
)  # fmt: skip
ENCODINGS = (
    "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252", "cp1256", "shift_jis", "gb18030",
    "utf-7", "koi8-r", "cp037",
)  # fmt: skip
NAMES = (
    "a.txt", "a.html", "a.xml", "a.json", "a.csv", "a.nitf", "a", "a.gz", "a.warc.gz", "a-20251222.txt",
    "a-20259999.txt", "2025-12-22T10:15.html", "é.txt", "\u202etxt.exe", "a\nb.txt", "a\x1b[31m.txt",
    "99999999999999.txt", "00010101.txt",
)  # fmt: skip

Damage = Callable[[random.Random, bytes, Sequence[bytes]], bytes]


def seeds() -> list[bytes]:
    """Give the captures that are damaged: small ones of every kind that is read."""
    folders = (Path(__file__).parent / "seeds", *(ROOT / "tests" / "fixtures" / n for n in _FIXTURES))
    return [path.read_bytes() for folder in folders for path in sorted(folder.iterdir())]


_FIXTURES = ("feedfile", "layouts", "newswire", "webpage")


def mutated(chance: random.Random, known: Sequence[bytes], longest: int = LONGEST) -> tuple[str, bytes]:
    """Give a name and the bytes of a capture, or of an archive of several, damaged in one to eight ways."""
    data = _damaged(chance, known, longest)
    name = chance.choice(NAMES)
    if chance.random() < 0.15:
        pack = chance.choice(_PACKERS)
        data = pack(
            chance, [data, *(_damaged(chance, known, longest) for _ in range(chance.choice((0, 0, 1, 2))))]
        )
        if chance.random() < 0.5:
            data = chance.choice(_ON_BYTES)(chance, data, known)
    return name, data


def _damaged(chance: random.Random, known: Sequence[bytes], longest: int) -> bytes:
    data = chance.choice(known)
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4, 8))):
        data = chance.choice(_WAYS)(chance, data, known)[:longest]
    return data


# --- ways ------------------------------------------------------------------------------------------


def _replace(data: bytes, found: re.Match[bytes], group: int, put: bytes) -> bytes:
    return data[: found.start(group)] + put + data[found.end(group) :]


def _any(chance: random.Random, pattern: re.Pattern[bytes], data: bytes) -> re.Match[bytes] | None:
    """Give one of the places at which a pattern is found, from a place on that chance chooses."""
    if not data:
        return None
    return pattern.search(data, chance.randrange(len(data))) or pattern.search(data)


def _flip(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20)) if data else 0):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_off(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _take_out(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    at = chance.randrange(len(data) + 1)
    return data[:at] + data[at + chance.choice((1, 2, 10, 100, 1000)) :]


def _splice(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    other = chance.choice(known)
    here, there = _any(chance, _TOKEN, data), _any(chance, _TOKEN, other)
    if not here or not there:
        return data + other
    end = chance.choice((here.start(), here.end(), len(data)))
    return (
        data[: here.start()]
        + other[there.start() : there.start() + chance.choice((50, 500, 99999))]
        + data[end:]
    )


def _repeat(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    begin, end = (_any(chance, _TOKEN, data) for _ in range(2))
    if not begin or not end:
        return data
    start, stop = sorted((begin.start(), end.end()))
    piece = data[start:stop]
    times = min(chance.choice((2, 3, 10, 100, 2000)), LONGEST // (len(piece) + 1))
    return data[:stop] + piece * times + data[stop:]


def _nest(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    depth = chance.choice((3, 30, 300, 1000, 3000))
    if data.lstrip()[:1] in (b"{", b"["):
        found = _any(chance, _JSON_VALUE, data)
        begin, end = chance.choice(((b"[", b"]"), (b'{"a":', b"}"), (b'[{"@graph":', b"}]")))
        return _replace(data, found, 1, begin * depth + found[1] + end * depth) if found else data
    found = _any(chance, _TAG, data)
    if not found:
        return b"<div>" * depth + data
    begin, end = b"<" + found[2] + b">", b"</" + found[2] + b">"
    return data[: found.start()] + begin * depth + data[found.start() :] + end * chance.choice((0, depth))


def _number(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    found = _any(chance, _NUMBER, data)
    return _replace(data, found, 0, chance.choice(NUMBERS).encode()) if found else data


def _date(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    found = _any(chance, _DATE, data) or _any(chance, _NUMBER, data)
    return _replace(data, found, 0, chance.choice(DATES).encode()) if found else data


def _value(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    found = _any(chance, _VALUE, data)
    put = chance.choice(chance.choice((ADDRESSES, PIECES, DATES, CHARACTERS, NUMBERS))).encode(
        "utf-8", "surrogatepass"
    )
    return _replace(data, found, 0, b'="' + put + b'"') if found else data


def _json_value(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    found = _any(chance, _JSON_VALUE, data)
    if not found:
        return data
    put = chance.choice(
        (
            *(
                b"null",
                b"[]",
                b"{}",
                b"true",
                b"0",
                b"-1",
                b"1e999",
                b"[null]",
                b"[[]]",
                b'""',
                b'[{"a":[]}]',
                b"[1,2]",
            ),
            *(
                b'"\\ud800"',
                b'"\\u0000\\u202e"',
                b"9" * 5000,
                b"NaN",
                b'"' + chance.choice(ADDRESSES).encode() + b'"',
            ),
            b'"' + chance.choice(DATES).encode() + b'"',
            b"[" + found[1] + b"," + found[1] + b"]",
            b'{"name":' + found[1] + b"}",
        )
    )
    return _replace(data, found, 1, put)


def _insert(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    piece = chance.choice(chance.choice((CHARACTERS, PIECES, PIECES))).encode("utf-8", "surrogatepass")
    if chance.random() < 0.2:
        piece = chance.choice(RAW)
    found = _any(chance, _TOKEN, data)
    at = chance.choice((found.start(), found.end())) if found else 0
    return data[:at] + piece * chance.choice((1, 1, 1, 2, 40)) + data[at:]


def _rename(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    one, other = _any(chance, _TAG, data), _any(chance, _TAG, chance.choice((data, chance.choice(known))))
    return _replace(data, one, 2, other[2]) if one and other else data


def _swap_lines(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    lines = data.split(b"\n")
    if chance.random() < 0.2:
        return chance.choice((b" ", b"\r", b"\n\n", b"\t", b"")).join(lines)
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _recode(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    return data.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def _declare(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    charset = chance.choice(CHARSETS).encode()
    found = _any(chance, _DECLARED, data)
    declared = (
        _replace(data, found, 0, found[1] + b'="' + charset + b'"')
        if found
        else b'<meta charset="' + charset + b'">' + data
    )
    return declared + b"\xe9\xff"  # else it is UTF-8, and what it declares is not asked


def _mark(chance: random.Random, data: bytes, known: Sequence[bytes]) -> bytes:
    return (
        chance.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE)) + data
    )


_ON_BYTES: tuple[Damage, ...] = (_flip, _cut_off, _take_out, _insert)
_WAYS: tuple[Damage, ...] = (
    *(_flip, _cut_off, _take_out, _repeat, _nest, _number, _date, _rename, _swap_lines) * 2,
    *(_splice, _value, _json_value) * 4,
    *(_insert,) * 6,
    *(_recode, _declare, _mark),
)


# --- archives --------------------------------------------------------------------------------------

_INSIDE = (
    "a.txt",
    "a.html",
    "a.xml",
    "a.json",
    "../../a.txt",
    "/etc/a.txt",
    "a\nb.html",
    "é.txt",
    "a/b/2025-12-22.txt",
    "a.gz",
)


def _gzip(chance: random.Random, found: Sequence[bytes]) -> bytes:
    return b"".join(gzip.compress(data, 1) for data in found)


def _zip(chance: random.Random, found: Sequence[bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, data in enumerate(found):
            archive.writestr(f"{number}-{chance.choice(_INSIDE)}", data)
    return packed.getvalue()


def _tar(chance: random.Random, found: Sequence[bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(
        fileobj=packed, mode=chance.choice(("w", "w:gz")), format=chance.choice((0, 1, 2))
    ) as archive:
        for data in found:
            info = tarfile.TarInfo(chance.choice(_INSIDE))
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def _warc(chance: random.Random, found: Sequence[bytes]) -> bytes:
    records = [_record(chance, data) for data in found]
    return (
        b"".join(gzip.compress(record, 1) for record in records)
        if chance.random() < 0.5
        else b"".join(records)
    )


def _record(chance: random.Random, data: bytes) -> bytes:
    kind = chance.choice(("response", "conversion", "resource"))
    media_type = chance.choice(
        ("text/html", "text/plain", "application/xml", "application/json; charset=utf-7", "image/png")
    )
    if kind == "response":
        coding = chance.choice(
            (
                "",
                "Content-Encoding: gzip\r\n",
                "Transfer-Encoding: chunked\r\n",
                "Content-Encoding: deflate\r\n",
            )
        )
        if coding.endswith("gzip\r\n"):
            data = gzip.compress(data, 1)
        elif "chunked" in coding:
            data = b"%x\r\n%b\r\n0\r\n\r\n" % (len(data), data)
        status = chance.choice(("200 OK", "200", "404 No", "999999999999"))
        data = f"HTTP/1.1 {status}\r\nContent-Type: {media_type}\r\n{coding}\r\n".encode() + data
    length = chance.choice((len(data),) * 9 + (len(data) + 7, 0, 10**12))
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nContent-Type: {media_type}\r\n"
        f"WARC-Target-URI: {chance.choice(ADDRESSES)}\r\nWARC-Date: {chance.choice(DATES)}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    )
    return head.encode("utf-8", "surrogatepass") + data + b"\r\n\r\n"


_PACKERS = (_gzip, _zip, _tar, _warc)
