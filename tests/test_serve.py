"""A preview shows the output as a host would, and nothing else."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from feeds.serve import Server
from tests.conftest import PATIENCE, Newsroom
from tests.values import pack


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Give a small output folder, with a secret beside it and links that lead there."""
    folder = tmp_path / "output"
    (folder / "topics").mkdir(parents=True)
    (folder / "all.atom").write_text("<feed/>" + " " * 900)
    (folder / "topics" / "index.html").write_text("<p>topics</p>")
    (folder / ".hidden.atom").write_text("secret")
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "a.atom").write_text("secret")
    (folder / "linked.atom").symlink_to(tmp_path / "secret" / "a.atom")
    (folder / "linked").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe.atom")
    return folder


@pytest.fixture
def port(output: Path) -> Iterator[int]:
    """Serve it on a free port of loopback."""
    with Server(output, port=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield int(server.server_address[1])
        server.shutdown()


def ask(port: int, path: str, method: str = "GET", **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for a path as it stands."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path, headers={name.replace("_", "-"): v for name, v in headers.items()})
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response, body


@pytest.mark.parametrize(
    "path",
    [
        *("/../secret/a.atom", "/%2e%2e/secret/a.atom", "/topics/../../secret/a.atom", "/..%2fsecret/a.atom"),
        *("/linked.atom", "/linked/a.atom", "/.hidden.atom", "/pipe.atom", "//secret/a.atom", "/all.atom%00"),
        *("/%ff", "/all.atom/", "/all.atom/x", "/..", "/topics//index.html", "/topics\\index.html"),
    ],
)
def test_nothing_but_the_output_is_served(port: int, path: str) -> None:
    """No way out, no link, no hidden file, nothing that is no file."""
    response, body = ask(port, path)

    assert response.status == 404
    assert b"secret" not in body
    assert b"Not found" in body


def test_a_folder_is_its_index(port: int) -> None:
    """Under its address with a slash, so that its relative links hold."""
    assert ask(port, "/topics/")[1] == b"<p>topics</p>"
    assert ask(port, "/topics")[0].getheader("Location") == "/topics/"


def test_an_edited_file_has_another_etag(port: int, output: Path) -> None:
    """Also one of the same size."""
    first = ask(port, "/all.atom")[0].getheader("ETag")
    assert first
    assert ask(port, "/all.atom", If_None_Match=f'"x", W/{first}')[0].status == 304

    (output / "all.atom").write_text("<FEED/>" + " " * 900)
    assert ask(port, "/all.atom", If_None_Match=first)[0].status == 200
    assert ask(port, "/all.atom", If_Modified_Since="nonsense")[0].status == 200


def test_a_stale_sibling_is_not_sent(port: int, output: Path) -> None:
    """Its time says that it belongs to other bytes."""
    target = output / "all.atom"
    pack(target, "gz")
    assert ask(port, "/all.atom", Accept_Encoding="gzip")[0].getheader("Content-Encoding") == "gzip"

    os.utime(target, (1, 1))
    assert ask(port, "/all.atom", Accept_Encoding="gzip")[0].getheader("Content-Encoding") is None
    assert ask(port, "/all.atom", Accept_Encoding="gzip;q=0")[0].getheader("Content-Encoding") is None


def test_only_reading_is_answered(port: int) -> None:
    """GET and HEAD."""
    assert ask(port, "/all.atom", method="POST")[0].status == 501
    assert ask(port, "/all.atom", method="HEAD")[1] == b""


def test_a_port_in_use_is_one_clear_line(newsroom: Newsroom) -> None:
    """Which one, and what is wrong."""
    newsroom.output.mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = newsroom.run("serve", "--port", str(port))

    assert (result.exit_code, result.stderr) == (2, f"feeds: 127.0.0.1 port {port}: Address already in use\n")


def test_a_folder_that_is_not_there_is_said(newsroom: Newsroom) -> None:
    """Build first."""
    result = newsroom.run("serve")

    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "no folder there" in result.stderr


def test_an_address_that_is_none_is_said(newsroom: Newsroom) -> None:
    """Names are not looked up."""
    newsroom.output.mkdir()

    assert "expected an IP address" in newsroom.run("serve", "--address", "localhost").stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_end_by_signal_is_a_good_end(output: Path, ending: signal.Signals) -> None:
    """Ctrl-C, without a traceback."""
    command = [sys.executable, "-m", "feeds", "serve", str(output), "--port", "0"]
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)  # tests in the background may have it ignored
    try:
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    finally:
        signal.signal(signal.SIGINT, before)
    with process:
        assert process.stderr
        line = process.stderr.readline()
        assert line.startswith(f"feeds: {output} at http://127.0.0.1:")
        process.send_signal(ending)
        _, rest = process.communicate(timeout=PATIENCE)

    assert (process.returncode, rest.strip()) == (0, "")


def test_version_six_of_loopback_is_served(output: Path) -> None:
    """Where the machine has it."""
    try:
        with Server(output, "::1", 0) as server:
            assert server.url.startswith("http://[::1]:")
    except OSError:
        pytest.skip("this machine has no IPv6")


def test_the_smaller_sibling_goes_first(port: int, output: Path) -> None:
    """Where the reader takes both."""
    target = output / "all.atom"
    for encoding in ("gz", "br"):
        pack(target, encoding)

    first = ask(port, "/all.atom", Accept_Encoding="gzip, deflate, br")
    assert first[0].getheader("Content-Encoding") == "br"
    assert first[1] == (output / "all.atom.br").read_bytes()
    tags = {
        ask(port, "/all.atom", Accept_Encoding=coding)[0].getheader("ETag") for coding in ("br", "gzip", "")
    }
    assert len(tags) == 3
