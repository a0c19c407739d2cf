"""What is no capture and no configuration: how each is made, and what has to be said of it."""

from __future__ import annotations

import gzip
import io
import os
import socket
import stat
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

Maker = Callable[[Path], None]
READ = "a text capture, a web page, a feed, NewsML-G2, NITF or ninjs"
DEEP = 100_000
WARC = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{}"
RSS = "<rss version='2.0'><channel><title>Paper</title><item><title>{}</title></item></channel></rss>"
LAUGHS = "<!DOCTYPE l [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)


@dataclass(frozen=True, slots=True)
class Input:
    """A bad input: the name of its file, how it is made, and a pattern of the line that is said of it.

    An input that is left out without a word has none.
    """

    what: str
    name: str | bytes
    make: Maker
    says: str
    code: int = 1


@dataclass(frozen=True, slots=True)
class Configuration:
    """A bad configuration: how its file is made, and a pattern of the line that is said of it."""

    what: str
    make: Maker
    says: str
    code: int = 78
    options: tuple[str, ...] = ()


def put(data: str | bytes) -> Maker:
    """Make a file of these bytes."""
    return lambda path: _write(path, data.encode() if isinstance(data, str) else data)


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _sparse(size: int, path: Path) -> None:
    with path.open("wb") as file:
        file.write(b"Lamp out\n")
        file.truncate(size)


def _unreadable(path: Path) -> None:
    path.write_text("Lamp out")
    path.chmod(0)


def _closed(path: Path) -> None:
    path.mkdir()
    path.chmod(0)


def _socket(path: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(str(path))


def _device(path: Path) -> None:
    os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, 5))  # /dev/zero


def zipped(*members: tuple[str, bytes]) -> bytes:
    """Give an archive of members."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def overlapping(times: int, size: int) -> bytes:
    """Give an archive whose members are all the same bytes, as the smallest bombs are."""
    whole = zipped(("a.txt", bytes(size)))
    begin = whole.index(b"PK\x01\x02")
    directory = whole[begin : whole.index(b"PK\x05\x06")] * times
    end = b"PK\x05\x06\0\0\0\0" + times.to_bytes(2, "little") * 2
    end += len(directory).to_bytes(4, "little") + begin.to_bytes(4, "little") + b"\0\0"
    return whole[:begin] + directory + end


def tarred(name: str, data: bytes) -> bytes:
    """Give an archive of one member."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def said(name: str, message: str) -> str:
    """Give the pattern of a line about a file in `seeds/`."""
    return rf"seeds/{name}: .*(?:{message}).*"


BAD_INPUTS = [
    # What is no file that can be read.
    Input("a pipe", "a.txt", os.mkfifo, said("a.txt", "not a regular file")),
    Input("a socket", "a.txt", _socket, said("a.txt", "not a regular file")),
    Input("a device that never ends", "a.txt", _device, said("a.txt", "not a regular file")),
    Input(
        "a link out of the folder",
        "a.txt",
        lambda p: p.symlink_to("/etc/passwd"),
        said("a.txt", "symbolic link out of"),
    ),
    Input(
        "a link to a device",
        "a.txt",
        lambda p: p.symlink_to("/dev/zero"),
        said("a.txt", "symbolic link out of"),
    ),
    Input(
        "a link that is broken",
        "a.txt",
        lambda p: p.symlink_to("/nowhere/at/all"),
        said("a.txt", "symbolic link out of"),
    ),
    Input("a link to itself", "a.txt", lambda p: p.symlink_to(p), "", 0),
    Input("a link to its own folder", "a", lambda p: p.symlink_to(p.parent), "", 0),
    Input(
        "a file that may not be read", "a.txt", _unreadable, said("a.txt", "can't be read: Permission denied")
    ),
    Input("a folder that may not be listed", "a", _closed, said("a", "can't be listed: Permission denied")),
    # Names.
    Input("a name with a new line", "a\nb.txt", put(""), said(r"a\\nb.txt", "empty, expected")),
    Input(
        "a name with an escape sequence",
        "a\x1b[31m.txt",
        put(""),
        said(r"a\\x1b\[31m.txt", "empty, expected"),
    ),
    Input("a name that is no UTF-8", b"a\xe9\xff.txt", put(""), said(r"a\\xe9\\xff.txt", "empty, expected")),
    Input(
        "a name that runs backwards", "a\u202etxt.exe", put(""), said(r"a\\u202etxt.exe", "empty, expected")
    ),
    Input("a very long name", "a" * 251 + ".txt", put(""), said("a{251}.txt", "empty, expected")),
    # Sizes.
    Input("an empty file", "a.txt", put(""), said("a.txt", "empty, expected the text")),
    Input("a file of spaces", "a.txt", put(" \n" * 9999), said("a.txt", "empty, expected the text")),
    Input("a file of NULs", "a.txt", put(bytes(9999)), said("a.txt", "empty, expected the text")),
    Input(
        "a file of 17 MB",
        "a.txt",
        put("Lamp out. " * 1_700_000),
        said("a.txt", "bytes, expected at most 16,777,216"),
    ),
    Input(
        "a sparse file of 10 TB",
        "a.txt",
        partial(_sparse, 10**13),
        said("a.txt", "bytes, expected at most 16,777,216"),
    ),
    # Archives.
    Input(
        "a gzip that unpacks to 99 MB",
        "a.gz",
        put(gzip.compress(bytes(99_000_000), 9)),
        said("a.gz", "unpacks to more than"),
    ),
    Input(
        "a zip that unpacks to 99 MB",
        "a.zip",
        put(zipped(("a", bytes(99_000_000)))),
        said("a.zip/a", "unpacks to 99000000 bytes"),
    ),
    Input(
        "a zip whose members overlap",
        "a.zip",
        put(overlapping(9_999, 16_000_000)),
        said("a.zip", "its members overlap"),
    ),
    Input(
        "a zip that lies of its size",
        "a.zip",
        put(zipped(("a", bytes(999))).replace((999).to_bytes(4, "little"), b"\x09\0\0\0")),
        said("a.zip/a", ".+"),
    ),
    Input(
        "a zip that is cut off",
        "a.zip",
        put(zipped(("a.txt", b"Lamp out"))[:-30]),
        said("a.zip", "breaks off"),
    ),
    Input(
        "a zip with a password",
        "a.zip",
        put(zipped(("a.txt", b"Lamp")).replace(b"PK\x01\x02\x14\x03\x14\0\0", b"PK\x01\x02\x14\x03\x14\0\1")),
        said("a.zip/a.txt", "is encrypted"),
    ),
    Input(
        "archives in one another",
        "a.zip",
        put(zipped(("b.zip", zipped(("c.zip", zipped(("d.zip", zipped()))))))),
        said("a.zip/b.zip.*", "a container in a container"),
    ),
    Input(
        "a zip with a way out",
        "a.zip",
        put(zipped(("../../../a.txt", b" "))),
        said(r"a.zip/\.\./\.\./\.\./a.txt", "empty, expected"),
    ),
    Input(
        "a tar with a way out",
        "a.tar",
        put(tarred("../../a.txt", b" ")),
        said(r"a.tar/\.\./\.\./a.txt", "empty, expected"),
    ),
    Input(
        "a tar with an absolute path",
        "a.tar",
        put(tarred("/etc/a.txt", b" ")),
        said(r"a.tar/.*etc/a.txt", "empty, expected"),
    ),
    Input(
        "a tar that is cut off",
        "a.tar",
        put(tarred("a.txt", b"Lamp out. " * 999)[:2000]),
        said("a.tar.*", "cut off|breaks off"),
    ),
    Input(
        "a gzip that is cut off",
        "a.gz",
        put(gzip.compress(os.urandom(9999))[:5000]),
        said("a.gz", "can't be unpacked"),
    ),
    Input("a gzip of nothing", "a.gz", put(gzip.compress(b"")), said("a.gz", ".+")),
    Input(
        "a WARC whose record is too long",
        "a.warc",
        put(WARC.format(10**14, "Lamp out")),
        said("a.warc#1", "cut off|more than it may be"),
    ),
    Input(
        "a WARC without lengths",
        "a.warc",
        put("WARC/1.0\r\nWARC-Type: conversion\r\n\r\nLamp"),
        said("a.warc#1", "a record without a length"),
    ),
    Input(
        "a WARC that is cut off",
        "a.warc",
        put(WARC.format(99, "Lamp out")),
        said("a.warc#1", "a record is cut off"),
    ),
    # Bytes that are no text.
    Input("a PDF", "a.txt", put(b"%PDF-1.7\n\xe2\xe3"), said("a.txt", "a PDF document, expected")),
    Input(
        "a picture",
        "a.html",
        put(b"\x89PNG\r\n\x1a\n" + bytes(99)),
        said("a.html", "a picture .PNG., expected"),
    ),
    Input(
        "a DOCX",
        "a.docx",
        put(zipped(("[Content_Types].xml", b"<a/>"))),
        said("a.docx", "an Office document"),
    ),
    Input("a book", "a.epub", put(zipped(("mimetype", b"application/epub+zip"))), said("a.epub", "a book")),
    Input("a program", "a", put(b"\x7fELF" + bytes(99)), said("a", "a program, expected")),
    Input("a database", "a.db", put(b"SQLite format 3\0" + bytes(99)), said("a.db", "a database, expected")),
    Input(
        "what zstd packed", "a.zst", put(b"\x28\xb5\x2f\xfd" + bytes(99)), said("a.zst", "packed with zstd")
    ),
    Input("binary data", "a.txt", put(b"Lamp\0out" * 99), said("a.txt", "binary data, expected text")),
    Input(
        "UTF-16 without a mark",
        "a.txt",
        put("Lamp out. ".encode("utf-16-le") * 99),
        said("a.txt", "binary data, expected text"),
    ),
    Input(
        "UTF-32 without a mark",
        "a.txt",
        put("Lamp out. ".encode("utf-32-be") * 99),
        said("a.txt", "binary data, expected text"),
    ),
    Input("noise", "a.txt", put(bytes(n * n * 7 % 251 or 1 for n in range(9999))), said("a.txt", "expected")),
    # Text that is no news.
    Input(
        "an e-mail",
        "a.txt",
        put("From: a@b.example\nTo: c@d.example\nMessage-ID: <e>\n\nLamp"),
        said("a.txt", "an e-mail"),
    ),
    Input("a table", "a.txt", put("a,b,c\n" * 9), said("a.txt", "a table of values")),
    Input("RTF", "a.txt", put("{\\rtf1 Lamp}"), said("a.txt", "an RTF document")),
    Input("a calendar", "a.txt", put("BEGIN:VCALENDAR\n"), said("a.txt", "a calendar")),
    Input("a shell script", "a.txt", put("#!/bin/sh\n"), said("a.txt", "a program")),
    # XML.
    Input("a billion laughs in a feed", "a.xml", put(LAUGHS + "]>" + RSS.format("&j;")), "", 0),
    Input(
        "a billion laughs in NITF",
        "a.xml",
        put(LAUGHS + "]><nitf><hl1>&j;</hl1></nitf>"),
        said("a.xml", "without a headline"),
    ),
    Input(
        "a file for an entity",
        "a.xml",
        put("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>" + RSS.format("&b;")),
        "",
        0,
    ),
    Input(
        "an address for an entity",
        "a.xml",
        put("<!DOCTYPE a [<!ENTITY % b SYSTEM 'http://127.0.0.1:9/'>%b;]><nitf><hl1>&c;</hl1></nitf>"),
        said("a.xml", "without a headline"),
    ),
    Input("a feed that breaks off", "a.xml", put(RSS.format("Lamp")[:60]), said("a.xml:1", "breaks off")),
    Input(
        "a feed without entries",
        "a.xml",
        put("<rss version='2.0'><channel><title>a</title></channel></rss>"),
        said("a.xml", "a feed without an entry"),
    ),
    Input(
        "NITF of 100,000 levels",
        "a.xml",
        put("<nitf>" + "<p>" * DEEP + "</p>" * DEEP + "</nitf>"),
        said("a.xml", "without a headline"),
    ),
    Input(
        "a sitemap",
        "a.xml",
        put("<urlset><url><loc>http://a.example/</loc></url></urlset>"),
        said("a.xml", "a sitemap"),
    ),
    Input("OPML", "a.xml", put("<opml version='2.0'><body/></opml>"), said("a.xml", "OPML")),
    Input(
        "a drawing",
        "a.svg",
        put("<svg xmlns='http://www.w3.org/2000/svg'/>"),
        said("a.svg", r"a picture .SVG."),
    ),
    Input("some other XML", "a.xml", put("<lamp/>"), said("a.xml", "XML that begins with <lamp>, expected")),
    # HTML and JSON.
    Input(
        "a page of 100,000 levels",
        "a.html",
        put("<html>" + "<div>" * DEEP),
        said("a.html", "a web page without"),
    ),
    Input(
        "a page that is one comment",
        "a.html",
        put("<html><!--" + "a" * 99_999),
        said("a.html", "a web page without"),
    ),
    Input(
        "a page without a headline",
        "a.html",
        put("<html><p>Lamp</p></html>"),
        said("a.html", "without a headline"),
    ),
    Input(
        "a page that bars the way",
        "a.html",
        put("<html><h1>Access Denied</h1><p>No.</p></html>"),
        said("a.html", "stands before an article"),
    ),
    Input("JSON of 100,000 levels", "a.json", put("[" * DEEP), said("a.json", "JSON that")),
    Input(
        "JSON that breaks off",
        "a.json",
        put('{\n"headline": "Lamp'),
        said("a.json:2", "JSON that is damaged"),
    ),
    Input(
        "some other JSON",
        "a.json",
        put('{"lamp": "out"}'),
        said("a.json", "neither ninjs nor a JSON Feed, nor names titles and texts, expected"),
    ),
    Input("JSON in lines", "a.json", put('{"a": 1}\n{"a": 2}\n'), said("a.json", "JSON in lines")),
    Input(
        "a JSON Feed of nothing",
        "a.json",
        put('{"version": "https://jsonfeed.org/version/1.1"}'),
        said("a.json", "a feed without an entry"),
    ),
    Input(
        "a number of 100,000 digits",
        "a.json",
        put('{"headline": ' + "9" * DEEP + "}"),
        said("a.json", "JSON that"),
    ),
]


def toml(line: int, key: str, message: str) -> str:
    """Give the pattern of a line about a key of feeds.toml."""
    return rf"feeds\.toml:{line}: {key}: .*{message}.*"


def _site(key: str, value: str, expected: str) -> Configuration:
    return Configuration(
        f"{key} = {value[:40]}", put(f"[site]\n{key} = {value}\n"), toml(2, f"site\\.{key}", expected)
    )


def _feeds(key: str, value: str, expected: str) -> Configuration:
    return Configuration(
        f"{key} = {value[:40]}", put(f"[feeds]\n{key} = {value}\n"), toml(2, f"feeds\\.{key}", expected)
    )


def _text(what: str, text: str, says: str) -> Configuration:
    return Configuration(what, put(text), says)


WEB = "expected an http or https URL"
BAD_CONFIGURATIONS = [
    # Files.
    Configuration(
        "no file", lambda path: None, r"other\.toml: No such file or directory", 78, ("-c", "other.toml")
    ),
    Configuration("a folder", lambda path: path.mkdir(), r"feeds\.toml: .*irectory.*"),
    Configuration("a pipe", os.mkfifo, r"feeds\.toml: .*regular file.*"),
    Configuration(
        "a device that never ends",
        lambda path: path.symlink_to("/dev/zero"),
        r"feeds\.toml: .*regular file.*",
    ),
    Configuration("a file of 17 MB", put("#" * 17_000_000), r"feeds\.toml: .*expected at most.*"),
    Configuration(
        "not UTF-8", put(b"[site]\ntitle = '\xe9'\n"), r"feeds\.toml: not UTF-8.*expected a TOML file"
    ),
    Configuration(
        "UTF-16", put("[site]\n".encode("utf-16")), r"feeds\.toml: not UTF-8.*expected a TOML file"
    ),
    # TOML.
    _text("half a line", "[site]\ntitle =\n", toml(2, "site.title", "not TOML")),
    _text("half a table", "[site\n", r"feeds\.toml:1: .*not TOML.*"),
    _text("half a string", "[site]\ntitle = 'a\n", toml(2, "site.title", "not TOML")),
    _text("a key twice", "[site]\ntitle = 'a'\ntitle = 'b'\n", toml(3, "site.title", "not TOML")),
    _text("an escape that is none", '[site]\ntitle = "\\q"\n', toml(2, "site.title", "not TOML")),
    _text("a NUL", "[site]\ntitle = '\0'\n", toml(2, "site.title", "not TOML")),
    _text("100,000 levels", "a = " + "[" * DEEP, r"feeds\.toml.*: .*Nested.*"),
    _text(
        "a number of 100,000 digits",
        "[feeds]\nlimit = " + "9" * DEEP,
        r"feeds\.toml.*: .*(digits|whole number|at most).*",
    ),
    # Keys.
    _text("another section", "[sites]\n", toml(1, "sites", "unknown key.*'site'")),
    _text("another key", "[site]\ntitel = 'a'\n", toml(2, "site.titel", "unknown key, did you mean 'title'")),
    _text(
        "a key of another section", "[site]\nlimit = 3\n", toml(2, "site.limit", "it belongs into .feeds.")
    ),
    _text(
        "a key that breaks the line",
        '[site]\n"a\\nb\\u001b" = 1\n',
        r"feeds\.toml:\d: site\.a\\nb\\x1b: unknown key.*",
    ),
    _text("a section that is none", "site = 3\n", toml(1, "site", "expected a table")),
    # Types and ranges.
    _site("title", "1", "expected a string, not 1"),
    _site("title", "' '", "expected some text"),
    _feeds("limit", "'50'", "expected a whole number"),
    _feeds("limit", "true", "expected a whole number"),
    _feeds("limit", "0", "expected 1 or more"),
    _feeds("limit", "9" * 30, "expected .* or less"),
    _feeds("heartbeat", "9" * 12, "expected .* or less"),
    _feeds("mentions", "'yes'", "expected true or false"),
    _feeds("formats", "'rss'", "expected a list of strings"),
    _feeds("formats", "['pdf']", "expected one of atom, rss, json, not 'pdf'"),
    _feeds("content", "'half'", "expected one of full, summary"),
    _feeds("regions", "['999']", "expected a UN M49 region"),
    _feeds("include", "['../*']", "expected a pattern"),
    _feeds("exclude", "['countries/[']", "expected a pattern"),
    # Addresses, zones, languages.
    _site("base_url", "'ftp://news.example/'", WEB),
    _site("base_url", "'javascript:alert(1)'", WEB),
    _site("base_url", "'http://['", WEB),
    _site("base_url", "'https://news.example/?a=1'", WEB),
    _site("base_url", "'https://news example/'", WEB),
    _site("base_url", '"https://news.example/\\n<b>"', WEB),
    _site("base_url", "'https://news.example:99999/'", WEB),
    _site("hub", "'hub.example'", WEB),
    _site("language", "'english, please'", "expected a BCP 47 tag"),
    _site("time_zone", "'Mars/Olympus'", "expected an IANA zone"),
    _site("time_zone", "'../../etc/passwd'", "expected an IANA zone"),
    _site("time_zone", '"UTC\\u0000"', "expected an IANA zone"),
    _site("precompress", "['zip']", "expected one of gz, br"),
    # Slugs, codes and terms.
    _text(
        "a slug with a way out",
        "[topics.'../x']\nlabel = 'a'\nany = ['abc']\n",
        toml(1, r"topics\.\.\./x", "expected a slug"),
    ),
    _text(
        "a slug that is too long",
        f"[topics.{'a' * 61}]\nlabel = 'a'\nany = ['abc']\n",
        toml(1, r"topics\.a+", "expected a slug"),
    ),
    _text("a topic without terms", "[topics.x]\nlabel = 'a'\n", toml(1, r"topics\.x", "expected terms")),
    _text(
        "a term of a star",
        "[topics.x]\nlabel = 'a'\nany = ['.*']\n",
        toml(3, r"topics\.x\.any", "expected a word or phrase"),
    ),
    _text(
        "a pattern for a term",
        "[topics.x]\nlabel = 'a'\nany = ['(a*)*b']\n",
        toml(3, r"topics\.x\.any", "expected a word or phrase"),
    ),
    _text(
        "a parent that is none",
        "[topics.x]\nlabel = 'a'\nany = ['abc']\nparent = 'news'\n",
        toml(4, r"topics\.x\.parent", "expected a Media Topic"),
    ),
    _text(
        "two mixes of one slug",
        "[[mixes]]\nslug = 'a'\ntitle = 'a'\nany = ['b']\n" * 2,
        toml(6, r"mixes\.2\.slug", "a second mix"),
    ),
    _text(
        "a mix without a condition",
        "[[mixes]]\nslug = 'a'\ntitle = 'a'\n",
        toml(1, r"mixes\.1", "expected a condition"),
    ),
    _text(
        "a country that is none",
        "[sources]\n'news.example' = 'Norway'\n",
        toml(2, r"sources\.news\.example", "expected an ISO 3166-1 .*did you mean 'NO'"),
    ),
    _text(
        "a circle of names",
        "[renamed]\n'topics/a' = 'topics/b'\n'topics/b' = 'topics/a'\n",
        toml(2, "renamed.topics/a", "comes back to itself"),
    ),
    _text(
        "a name in another folder",
        "[renamed]\n'topics/a' = 'countries/a'\n",
        toml(2, "renamed.topics/a", "expected a slug in topics/"),
    ),
]
