"""Containers of captures: what comes out, and what damage and bombs cost."""

import gzip
import io
import random
import tarfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.containers import Limits, Member, is_container, members
from feeds.model import Problem

PAGE = b"<html><h1>Lamp</h1></html>"


def record(
    kind: str, body: bytes, url: str = "https://post.example/a", content_type: str = "text/plain"
) -> bytes:
    """A WARC record of one version, date and address."""
    head = (
        f"WARC/1.1\r\nWARC-Type: {kind}\r\nWARC-Date: 2024-03-05T08:30:00Z\r\nWARC-Target-URI: {url}\r\n"
        f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body + b"\r\n\r\n"


def response(body: bytes = PAGE, headers: str = "", status: str = "200 OK", kind: str = "text/html") -> bytes:
    """A WARC record of an HTTP answer."""
    answer = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{headers}\r\n".encode() + body
    return record("response", answer, content_type="application/http; msgtype=response")


def read(data: bytes, limits: Limits | None = None, name: str = "c") -> list[Member | Problem]:
    """What a container of these bytes gives."""
    return list(members(io.BytesIO(data), limits, name))


def test_warc_response_is_a_capture_with_its_time_and_address() -> None:
    """A crawler's answer gives body, type, charset, address and time of capture."""
    found = read(response(kind="text/html; charset=ISO-8859-1"))

    assert found == [
        Member(
            "c#1",
            PAGE,
            "text/html",
            "iso-8859-1",
            "https://post.example/a",
            datetime(2024, 3, 5, 8, 30, tzinfo=UTC),
        )
    ]


def test_wet_record_is_plain_text() -> None:
    """A conversion record is the text that a crawler took from a page."""
    (found,) = read(gzip.compress(record("conversion", b"Lamp out")))

    assert isinstance(found, Member)
    assert (found.data, found.media_type) == (b"Lamp out", "text/plain")


def test_what_is_no_text_is_passed_over() -> None:
    """Requests, errors and pictures are no captures, and no problem."""
    data = (
        record("request", b"GET / HTTP/1.1") + response(status="404 Not Found") + response(kind="image/png")
    )

    assert read(data) == []


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"6\r\n" + PAGE[:6] + b"\r\n14\r\n" + PAGE[6:] + b"\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n"),
        (gzip.compress(PAGE), "Content-Encoding: gzip\r\n"),
        (PAGE, "Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n"),
        (PAGE, "Content-Encoding: br\r\n"),
    ],
)
def test_codings_are_undone(body: bytes, headers: str) -> None:
    """Chunks and packing are undone, unless the crawler did so and only kept the headers."""
    (found,) = read(response(body, headers))

    assert isinstance(found, Member)
    assert found.data == PAGE


def test_damaged_part_of_a_packed_archive_costs_itself() -> None:
    """Reading goes on at the next packed record."""
    parts = [gzip.compress(record("conversion", text)) for text in (b"One" * 99, b"Two" * 99, b"Three")]
    parts[1] = parts[1][:40] + b"\0\xff\0\xff" * 5 + parts[1][60:]

    found = read(b"".join(parts))

    assert [item.data for item in found if isinstance(item, Member)] == [b"One" * 99, b"Three"]
    assert ["damaged" in item.message for item in found if isinstance(item, Problem)] == [True]


def test_damaged_beginning_of_a_packed_archive_costs_itself() -> None:
    """An archive is known by its first whole record."""
    first, second = (gzip.compress(record("conversion", text)) for text in (b"One", b"Two"))

    problem, two = read(first[:12] + b"\xff" * 20 + second)

    assert isinstance(problem, Problem)
    assert isinstance(two, Member)


@pytest.mark.parametrize("length", ["3", "99999", "-1", "x"])
def test_wrong_length_costs_its_record(length: str) -> None:
    """A length that is too small, too large or none at all leaves the next record alone."""
    broken = record("conversion", b"Number one").replace(b"Length: 10", f"Length: {length}".encode())

    found = read(broken + record("conversion", b"Two"))

    assert [item.data for item in found if isinstance(item, Member)] == [b"Two"]
    assert len([item for item in found if isinstance(item, Problem)]) == 1


def test_truncated_archive_gives_what_is_whole() -> None:
    """The last, cut record is named."""
    data = record("conversion", b"One") + record("conversion", b"Number two")[:-8]

    one, problem = read(data)

    assert isinstance(one, Member)
    assert isinstance(problem, Problem)


def test_zip_gives_each_file() -> None:
    """Files are named by their container; a packed file inside is unpacked; folders are nothing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("news")
        archive.writestr("news/a.html", PAGE)
        archive.writestr("news/b.txt.gz", gzip.compress(b"Lamp out"))

    found = read(buffer.getvalue(), name="c.zip")

    assert found == [
        Member("c.zip/news/a.html", PAGE, "text/html"),
        Member("c.zip/news/b.txt.gz", b"Lamp out", "text/plain"),
    ]


def test_packed_tar_gives_each_file(tmp_path: Path) -> None:
    """A tape archive is read as a stream, and its links and devices are left alone."""
    path = tmp_path / "c.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name in ("a.html", "../../b.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(PAGE)
            archive.addfile(info, io.BytesIO(PAGE))
        link = tarfile.TarInfo("c.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)

    found = list(members(path))

    assert [item.data for item in found if isinstance(item, Member)] == [PAGE, PAGE]


def test_packed_file_is_one_capture() -> None:
    """Its type is told by the name under the packing."""
    assert read(gzip.compress(PAGE), name="a.html.gz") == [Member("a.html.gz", PAGE, "text/html")]


@pytest.mark.parametrize("kind", ["gz", "zip", "tar.gz", "warc.gz"])
def test_bomb_is_stopped(kind: str) -> None:
    """What unpacks to far more than it may is a problem, not a capture."""
    limits = Limits(member=100_000, ratio=50)
    zeros = bytes(20_000_000)
    buffer = io.BytesIO()
    if kind == "zip":
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("a.txt", zeros)
    elif kind == "tar.gz":
        with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
            info = tarfile.TarInfo("a.txt")
            info.size = len(zeros)
            tar.addfile(info, io.BytesIO(zeros))
    else:
        buffer.write(gzip.compress(record("conversion", zeros) if kind == "warc.gz" else zeros))

    found = read(buffer.getvalue(), limits)

    assert found
    assert all(isinstance(item, Problem) for item in found)


@pytest.mark.parametrize("limits", [Limits(count=10, small=400), Limits(total=10_000, usual=5)])
def test_an_archive_of_any_size_is_read_to_its_end(limits: Limits) -> None:
    """What it may hold grows with its bytes; members that take none of these do not go on for ever."""
    noise = random.Random(1)
    usual = [record("conversion", noise.randbytes(400).hex().encode()) for _ in range(100)]
    empty = [record("conversion", b"a" * 800)] * 1000
    whole = read(b"".join(gzip.compress(one) for one in usual), limits)
    *stopped, problem = read(gzip.compress(b"".join(empty)), limits)

    assert len([item for item in whole if isinstance(item, Member)]) == 100
    assert len(stopped) < 100
    assert isinstance(problem, Problem)
    assert "the rest is left out" in problem.message


def test_containers_do_not_nest_for_ever() -> None:
    """A container three deep is named, not opened."""
    data = PAGE
    for _ in range(3):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a.html", data)
        data = buffer.getvalue()

    (found,) = read(data)

    assert isinstance(found, Problem)


def test_other_files_are_no_containers() -> None:
    """A page or a text is left to its readers."""
    assert not is_container(PAGE)
    assert read(PAGE) == []
    assert read(b"") == []


def test_zip_whose_members_share_their_bytes_is_a_bomb() -> None:
    """A few kilobytes that would unpack to terabytes, each member within the limits."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", PAGE * 99)
    whole = packed.getvalue()
    begin, end = whole.index(b"PK\x01\x02"), whole.index(b"PK\x05\x06")
    directory = whole[begin:end] * 999
    last = b"PK\x05\x06" + bytes(4) + (999).to_bytes(2, "little") * 2
    last += len(directory).to_bytes(4, "little") + begin.to_bytes(4, "little") + bytes(2)

    (found,) = read(whole[:begin] + directory + last)

    assert isinstance(found, Problem) and "overlap" in found.message
