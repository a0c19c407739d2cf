"""A newsroom whose output a real web server serves on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from feeds import hosting
from tests.conftest import NOW, PATIENCE, ROOT, SEED, Newsroom, needed, waited

NODE = ROOT / "tests" / "node"
CONFIG = """\
[site]
base_url = "{base_url}"
[feeds]
formats = ["atom", "rss", "json"]
"""


@dataclass
class Served:
    """A newsroom whose output is served at an address."""

    newsroom: Newsroom
    address: str

    def build(self, now: datetime = NOW) -> None:
        """Build the site in every format."""
        self.newsroom.build("-c", "feeds.toml", now=now)

    def edit(self) -> str:
        """Correct an article in its document and build again, an hour later; give the new words."""
        words = "The correction was made on the next day."
        text = SEED.read_text().replace(
            "Anadolu Agency said the suspect", f"{words} Anadolu said the suspect"
        )
        assert words in text
        time.sleep(1.1)  # on the web a file's time counts whole seconds
        self.newsroom.add(SEED.name, text)
        self.build(NOW + timedelta(hours=1))
        return words

    def answers(self, path: str, polls: int) -> list[str]:
        """Give the status codes with which a path was answered; nginx notes one just after it answered."""

        def enough() -> list[str]:
            lines = [line.split() for line in (self.newsroom.root / "access.log").read_text().splitlines()]
            codes = [code for requested, code in lines if requested == path]
            return codes if len(codes) >= polls else []

        return waited(enough)


def nginx(folder: Path, served: hosting.Served, port: int) -> list[str]:
    """Set up the nginx that `feeds host` prints, inside the smallest nginx.conf; give its command."""
    needed("nginx")
    text = hosting.files("nginx", served)["feeds.conf"]
    text = text.replace("listen 80;", f"listen 127.0.0.1:{port};").replace("listen [::]:80;", "")
    (folder / "feeds.conf").write_text(text)
    paths = "".join(f"{name}_temp_path tmp;" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"daemon off; {user} pid nginx.pid; error_log stderr; worker_processes 1; events {{}}\n"
        f"http {{ log_format short '$request_uri $status'; access_log {folder}/access.log short; {paths}\n"
        f"include /etc/nginx/mime.types; include {folder}/feeds.conf; }}\n"
    )
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    return [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]


def serve(newsroom: Newsroom) -> Iterator[Served]:
    """Build the seed's feeds and serve them with nginx."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = newsroom.root
    site = Served(newsroom, f"http://127.0.0.1:{port}")
    command = nginx(root, hosting.Served(str(newsroom.output), site.address, ()), port)
    (root / "feeds.toml").write_text(CONFIG.format(base_url=site.address))
    newsroom.add(SEED.name, SEED.read_bytes())
    site.build()
    with (root / "nginx.err").open("wb") as errors:
        server = subprocess.Popen(command, stderr=errors)
        try:
            waited(lambda: _answers(port, server, root / "nginx.err"))
            yield site
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)


def _answers(port: int, server: subprocess.Popen[bytes], errors: Path) -> bool:
    assert server.poll() is None, errors.read_text()
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def node_module(name: str) -> Path:
    """Give the folder of a library of npm; skip where it is missing, but in CI fail."""
    needed("node")
    folder = NODE / "node_modules" / name
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed, and CI has to have it")
        pytest.skip(f"{name} is not installed (npm ci --prefix tests/node --ignore-scripts)")
    return folder
