"""Files become documents whatever their charset, and anything that is no text is one clear line."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from feeds.model import Document, DocumentError
from feeds.read import MAX_BYTES, decode, name_date
from feeds.read import read as read_all
from feeds.scan import Found
from feeds.scan import files as scan


def only(folder: Path) -> Found:
    """Give the one file of a folder."""
    (found,) = scan([folder])
    return found


def read(found: Found) -> Document:
    """Read the one document of a file."""
    (document,) = read_all(found)
    assert isinstance(document, Document)
    return document


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfna\xc3\xafve", "naïve"),
        ("naïve".encode("utf-16"), "naïve"),
        ("naïve".encode("utf-32"), "naïve"),
        (b"na\xc3\xafve", "naïve"),
        (
            '<?xml version="1.0" encoding="koi8-r"?>Россия'.encode("koi8-r"),
            '<?xml version="1.0" encoding="koi8-r"?>Россия',
        ),
        ('<meta charset="windows-1256">إيران'.encode("windows-1256"), '<meta charset="windows-1256">إيران'),
    ],
)
def test_text_is_decoded_by_mark_as_utf8_or_as_declared(data: bytes, text: str) -> None:
    """A byte order mark comes first, then UTF-8, then what the document declares."""
    assert decode(data, "a.txt") == (text, ())


def test_undeclared_text_is_read_with_a_notice() -> None:
    """A guess says that it is one."""
    text, notices = decode(
        "Le président a été reçu à l’Élysée par les élèves – déjà".encode("cp1252"), "a.txt"
    )

    assert "été reçu" in text
    assert len(notices) == 1


def test_text_with_a_broken_byte_stays_utf8() -> None:
    """One spoilt byte must not turn every accent of a page into two wrong letters."""
    text, notices = decode("naïve – “déjà vu” ".encode() * 20 + b"\xe2\x80", "a.txt")

    assert text.startswith("naïve – “déjà vu”")
    assert "broken bytes" in notices[0]


@pytest.mark.parametrize("data", [b"RAW\r\n\x1a\n\0\0\0\rIHDR", bytes(range(256)) * 8, b"ab\0cd"])
def test_binary_is_refused(data: bytes) -> None:
    """What is no text is said to be none."""
    with pytest.raises(DocumentError, match=r"^a\.bin: binary data, expected text$"):
        decode(data, "a.bin")


def test_line_ends_unicode_and_illegal_characters_are_normalised(tmp_path: Path) -> None:
    """A document's text is LF, NFC, and legal in XML 1.0."""
    (tmp_path / "a.txt").write_bytes("a\r\nb\rc\u2028d \x07\ufffe e\u0301 \x1b".encode())

    document = read(only(tmp_path))

    assert document.text == "a\nb\nc\nd  é "


def test_files_are_met_in_the_order_of_their_names(tmp_path: Path) -> None:
    """The order does not depend on the file system, and hidden files are left out."""
    for name in ("b.txt", "a/z.txt", "a.txt", ".hidden", "Z.txt", "é.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")

    names = [Path(found.path).relative_to(tmp_path).as_posix() for found in scan([tmp_path])]

    assert names == ["Z.txt", "a.txt", "b.txt", "é.txt", "a/z.txt"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    """A symbolic link can't make the program publish somebody else's file; one within is met once."""
    (tmp_path / "seeds").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "seeds/a.txt").write_text("x")
    (tmp_path / "seeds/out.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "seeds/within.txt").symlink_to("a.txt")

    found = {Path(f.path).name: f for f in scan([tmp_path / "seeds"])}

    assert list(found) == ["a.txt", "out.txt"]
    with pytest.raises(DocumentError, match="a symbolic link out of its folder"):
        read(found["out.txt"])


def test_a_fifo_is_refused_at_once(tmp_path: Path) -> None:
    """A FIFO without a writer does not hold the run."""
    os.mkfifo(tmp_path / "pipe.txt")

    with pytest.raises(DocumentError, match=r"pipe\.txt: not a regular file$"):
        read(only(tmp_path))


def test_a_fifo_that_took_a_files_place_is_refused(tmp_path: Path) -> None:
    """What is opened is looked at again: it may have changed since the scan."""
    path = tmp_path / "a.txt"
    path.write_text("x")
    found = only(tmp_path)
    path.unlink()
    os.mkfifo(path)

    with pytest.raises(DocumentError, match="not a regular file"):
        read(found)


def test_an_empty_file_says_what_was_expected(tmp_path: Path) -> None:
    """White space alone is empty, too."""
    (tmp_path / "a.txt").write_text(" \n\n")

    with pytest.raises(DocumentError, match="empty, expected the text of at least one article"):
        read(only(tmp_path))


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    """A sparse file of 100 MB costs no memory."""
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(100_000_000)

    with pytest.raises(DocumentError, match=f"100,000,000 bytes, expected at most {MAX_BYTES:,}"):
        read(only(tmp_path))


@pytest.mark.parametrize(
    ("name", "captured"),
    [
        ("2025-12-22.txt", "2025-12-22T23:59:59+00:00"),
        ("front_20251222.html", "2025-12-22T23:59:59+00:00"),
        ("20251222T091011Z-front.html", "2025-12-22T09:10:11+00:00"),
        ("CC-NEWS-20251222091011-00001.warc.gz", "2025-12-22T09:10:11+00:00"),
        ("000_4cce29e48f67c20c.txt", None),
        ("2025-02-30.txt", None),
        ("1202512221.txt", None),
        ("99991231.txt", None),
    ],
)
def test_a_date_in_the_files_name_says_when_it_was_captured(name: str, captured: str | None) -> None:
    """A day without a clock is taken to its end, for it is an upper bound."""
    assert name_date(name) == (datetime.fromisoformat(captured) if captured else None)


def test_without_a_date_in_its_name_a_file_is_captured_by_its_time(tmp_path: Path) -> None:
    """The file's time is an upper bound, and does not count as stated."""
    path = tmp_path / "a.txt"
    path.write_text("x")
    os.utime(path, (1766400000, 1766400000))

    document = read(only(tmp_path))

    assert document.captured == datetime(2025, 12, 22, 10, 40, tzinfo=UTC)
    assert not document.captured_stated


def test_any_file_name_is_shown_on_one_line(tmp_path: Path) -> None:
    """A name may hold newlines, escapes and bytes that are no UTF-8."""
    name = os.fsencode(tmp_path) + b"/a\n\x1b[31m\xff.txt"
    with open(name, "wb") as file:  # noqa: PTH123  # a name of bytes
        file.write(b"x")

    assert only(tmp_path).source.endswith(r"a\n\x1b[31m\xff.txt")
