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

from tests.conftest import NOW, ROOT, SEED, Newsroom, needed

NODE = ROOT / "tests" / "node"
NGINX = """\
{user}
daemon off;
pid {root}/nginx.pid;
error_log stderr;
events {{}}
http {{
  types {{
    text/html html; text/css css; text/javascript js; image/svg+xml svg;
    application/atom+xml atom; application/rss+xml rss; application/feed+json json; text/x-opml opml;
  }}
  charset utf-8;
  charset_types application/atom+xml application/rss+xml application/feed+json text/x-opml;
  log_format short '$request_uri $status';
  access_log {root}/access.log short;
  client_body_temp_path {root}/t1; proxy_temp_path {root}/t2; fastcgi_temp_path {root}/t3;
  uwsgi_temp_path {root}/t4; scgi_temp_path {root}/t5;
  server {{ listen 127.0.0.1:{port}; root {output}; }}
}}
"""
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
        for _ in range(100):
            lines = [line.split() for line in (self.newsroom.root / "access.log").read_text().splitlines()]
            codes = [code for requested, code in lines if requested == path]
            if len(codes) >= polls:
                break
            time.sleep(0.05)
        return codes


def serve(newsroom: Newsroom) -> Iterator[Served]:
    """Build the seed's feeds and serve them with nginx."""
    needed("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = newsroom.root
    site = Served(newsroom, f"http://127.0.0.1:{port}")
    (root / "feeds.toml").write_text(CONFIG.format(base_url=site.address))
    newsroom.add(SEED.name, SEED.read_bytes())
    site.build()
    user = "user root;" if os.geteuid() == 0 else ""
    (root / "nginx.conf").write_text(NGINX.format(user=user, root=root, output=newsroom.output, port=port))
    with (root / "nginx.err").open("wb") as errors:
        server = subprocess.Popen(
            [
                shutil.which("nginx") or "/usr/sbin/nginx",
                "-e",
                "stderr",
                "-p",
                str(root),
                "-c",
                str(root / "nginx.conf"),
            ],
            stderr=errors,
        )
        try:
            _wait_for(port, server, root / "nginx.err")
            yield site
        finally:
            server.terminate()
            server.wait(timeout=10)


def _wait_for(port: int, server: subprocess.Popen[bytes], errors: Path) -> None:
    for _ in range(100):
        assert server.poll() is None, errors.read_text()
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    pytest.fail("nginx did not answer")


def node_module(name: str) -> Path:
    """Give the folder of a library of npm; skip where it is missing, but in CI fail."""
    needed("node")
    folder = NODE / "node_modules" / name
    if not folder.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed, and CI has to have it")
        pytest.skip(f"{name} is not installed (npm ci --prefix tests/node --ignore-scripts)")
    return folder
