"""What `feeds host` prints makes real servers serve as `feeds serve` does."""

from __future__ import annotations

import gzip
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from email.utils import formatdate
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from feeds import cli, compress, hosting
from feeds.hosting import HOSTS, POLICY, Served, files
from feeds.model import ConfigError
from tests.conftest import PATIENCE, Newsroom, needed, waited
from tests.serving import nginx
from tests.values import pack

LONG = b"<feed>" + b"news " * 500 + b"</feed>"
PATHS = {
    "index.html": b"<!DOCTYPE html><p>" + b"news " * 500,
    "all.atom": LONG,
    "all.rss": LONG,
    "all.json": b'{"version": "https://jsonfeed.org/version/1.1"}' + b" " * 900,
    "feeds.opml": LONG,
    "style.css": b"p { color: red }" * 90,
    "manifest.json": b"{}" + b" " * 900,
    "countries/ir.atom": LONG,
    "countries/ir.html": b"<!DOCTYPE html><p>" + b"news " * 500,
    "countries/ir/2025-12.atom": LONG,
    "topics/new.atom": LONG,
}
PACKED = ("all.atom", "countries/ir.html", "countries/ir/2025-12.atom")
MOVED = (("topics/old.atom", "topics/new.atom"),)
Ask = Callable[..., tuple[http.client.HTTPResponse, bytes]]


def site(root: Path) -> Path:
    """Write an output folder; some of its files have compressed siblings."""
    for path, data in PATHS.items():
        target = root / "output" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        if path in PACKED:
            pack(target, "gz")
    secret = root / "secret.atom"
    secret.write_text("secret")
    return root / "output"


def free_port() -> int:
    """Give a port that nobody listens at."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], port: int) -> Iterator[Ask]:
    """Run a server until it answers, and end it after."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:

            def is_up() -> bool:
                assert process.poll() is None, process.stdout and process.stdout.read().decode()
                with socket.socket() as one:
                    return one.connect_ex(("127.0.0.1", port)) == 0

            waited(is_up)

            def ask(path: str, method: str = "GET", **sent: str) -> tuple[http.client.HTTPResponse, bytes]:
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
                names = {name.replace("_", "-"): value for name, value in sent.items()}
                connection.request(method, path, headers=names)
                response = connection.getresponse()
                body = response.read()
                connection.close()
                return response, body

            yield ask
        finally:
            process.send_signal(signal.SIGTERM)


def apache(folder: Path, served: Served, port: int) -> list[str]:
    """Run what is printed inside the smallest httpd.conf."""
    needed("apache2")
    text = files("apache", served)["feeds.conf"].replace("*:80", f"127.0.0.1:{port}")
    (folder / "feeds.conf").write_text(text)
    modules = [
        "mpm_event",
        "mime",
        "env",
        "alias",
        "dir",
        "headers",
        "rewrite",
        "deflate",
        "filter",
        "authz_core",
    ]
    loads = "".join(f"LoadModule {m}_module /usr/lib/apache2/modules/mod_{m}.so\n" for m in modules)
    (folder / "httpd.conf").write_text(
        f"ServerRoot {folder}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {folder}/httpd.pid\n"
        f"ErrorLog /dev/stderr\n{loads}TypesConfig /etc/mime.types\nInclude {folder}/feeds.conf\n"
        "<Directory />\nRequire all denied\n</Directory>\n"
        "Mutex sem\n"
    )
    return ["apache2", "-X", "-f", str(folder / "httpd.conf")]


def caddy(folder: Path, served: Served, port: int) -> list[str]:
    """Run what is printed, on loopback."""
    needed("caddy")
    text = files("caddy", served)["Caddyfile"].replace("http://news.example", f"http://127.0.0.1:{port}")
    (folder / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{text}")
    return ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]


SERVERS = {"nginx": nginx, "apache": apache, "caddy": caddy}


@pytest.fixture(scope="module", params=["serve", *SERVERS])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    """Serve the same site by each server in turn."""
    folder = tmp_path_factory.mktemp(request.param)
    output, port = site(folder), free_port()
    served = Served(str(output), "http://news.example/", MOVED)
    if request.param == "serve":
        command = [sys.executable, "-m", "feeds", "serve", str(output), "--port", str(port)]
    else:
        command = SERVERS[request.param](folder, served, port)
    with running(command, port) as ask:
        yield ask


@pytest.mark.parametrize("path", PATHS)
def test_each_file_has_its_headers(server: Ask, path: str) -> None:
    """Type with charset, lifetime, CORS, policy: the same from every server, as `headers` says."""
    response, body = server(f"/{path}")

    assert (response.status, body) == (200, PATHS[path])
    for name, value in hosting.headers(path).items():
        assert (response.getheader(name) or "").lower() == value.lower(), name
    if not path.endswith(".html"):
        assert response.getheader("Content-Security-Policy") is None


def test_the_start_page_is_a_page(server: Ask) -> None:
    """Under the folder's own address."""
    response, body = server("/")

    assert body == PATHS["index.html"]
    assert response.getheader("Content-Type") == "text/html; charset=utf-8"
    assert response.getheader("Content-Security-Policy") == POLICY


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@pytest.mark.parametrize("path", ["all.atom", "all.json", "countries/ir/2025-12.atom"])
def test_a_reader_that_has_it_gets_304(server: Ask, path: str, coding: str) -> None:
    """By ETag and by time, compressed or not, with and without a sibling."""
    first, _ = server(f"/{path}", Accept_Encoding=coding)
    tag, since = first.getheader("ETag"), first.getheader("Last-Modified")
    assert tag and since

    by_tag, body = server(f"/{path}", Accept_Encoding=coding, If_None_Match=tag)
    assert (by_tag.status, body) == (304, b"")
    assert by_tag.getheader("Cache-Control") == first.getheader("Cache-Control")
    by_time, body = server(f"/{path}", Accept_Encoding=coding, If_Modified_Since=since)
    assert (by_time.status, body) == (304, b"")
    other, _ = server(f"/{path}", If_None_Match='"other"')
    assert other.status == 200
    older, _ = server(f"/{path}", If_Modified_Since=formatdate(0, usegmt=True))
    assert older.status == 200


@pytest.mark.parametrize("path", PACKED)
def test_a_compressed_sibling_is_sent(server: Ask, path: str) -> None:
    """The very bytes that were written, under the type of the file itself."""
    response, body = server(f"/{path}", Accept_Encoding="gzip")

    assert response.getheader("Content-Encoding") == "gzip"
    assert response.getheader("Content-Type") == hosting.media_type(path)
    assert "Accept-Encoding" in (response.getheader("Vary") or "")
    assert body == compress.compress(PATHS[path], "gz")
    assert gzip.decompress(body) == PATHS[path]
    for name, value in hosting.headers(path).items():
        assert response.getheader(name) == value, name
    plain, _ = server(f"/{path}", Accept_Encoding="identity")
    assert plain.getheader("Content-Encoding") is None
    assert plain.getheader("ETag") != response.getheader("ETag")


def test_head_sends_no_body(server: Ask) -> None:
    """And the same headers."""
    head, body = server("/all.atom", method="HEAD")
    get, _ = server("/all.atom")

    assert (head.status, body) == (200, b"")
    for name in ("ETag", "Content-Type", "Content-Length", "Cache-Control"):
        assert head.getheader(name) == get.getheader(name)


@pytest.mark.parametrize(
    "path", ["/no.atom", "/../secret.atom", "/%2e%2e/secret.atom", "/countries/%2e%2e%2f%2e%2e/x"]
)
def test_what_is_not_there_is_not_found(server: Ask, path: str) -> None:
    """Nor is what lies beside the output."""
    response, body = server(path)

    assert response.status in (400, 403, 404)
    assert b"secret" not in body


def test_a_renamed_feed_is_redirected(request: pytest.FixtureRequest, server: Ask) -> None:
    """For good, to its new address."""
    if "[serve]" in request.node.name:
        pytest.skip("a preview shows the files as they are (nothing: it makes no redirects)")
    response, _ = server("/topics/old.atom")

    assert response.status == 301
    assert (
        (response.getheader("Location") or "").removeprefix("http://127.0.0.1").endswith("/topics/new.atom")
    )


@pytest.mark.parametrize("name", SERVERS)
def test_a_site_may_lie_under_a_path(tmp_path: Path, name: str) -> None:
    """As at https://news.example/captured/."""
    output, port = site(tmp_path), free_port()
    served = Served(str(output), "http://news.example/captured/", MOVED)
    with ExitStack() as stack:
        ask = stack.enter_context(running(SERVERS[name](tmp_path, served, port), port))

        for path in ("all.atom", "countries/ir.html", "countries/ir/2025-12.atom", "manifest.json"):
            for coding in ("identity", "gzip"):
                response, body = ask(f"/captured/{path}", Accept_Encoding=coding)
                assert response.status == 200, (path, coding)
                unpacked = gzip.decompress(body) if response.getheader("Content-Encoding") else body
                assert unpacked == PATHS[path]
                for header, value in hosting.headers(path).items():
                    assert (response.getheader(header) or "").lower() == value.lower(), (path, header)
        assert ask("/captured/")[1] == PATHS["index.html"]
        assert ask("/captured/topics/old.atom")[0].status == 301
        assert ask("/all.atom")[0].status in (403, 404)


@pytest.mark.parametrize("name", ["netlify", "cloudflare"])
def test_a_headers_file_says_each_header_once_for_a_path(name: str) -> None:
    """Both hosts join the values where two rules match."""
    text = files(name, Served())["_headers"]
    rules: list[tuple[str, str, str]] = []
    pattern = ""
    for line in text.splitlines():
        if line.startswith("/"):
            pattern = line
        elif line and not line.startswith("#"):
            found = re.fullmatch(r"  ([A-Za-z-]+): (\S.*)", line)
            assert found, line
            rules.append((pattern, found[1], found[2]))

    def matches(rule: str, path: str) -> bool:
        parts = re.split(r"(\*|:[a-z]+)", rule)
        regex = "".join({"*": ".*", ":": "[^/]+"}.get(part[:1], re.escape(part)) for part in parts)
        return re.fullmatch(regex, path) is not None

    for path in PATHS:
        got: dict[str, str] = {}
        for rule, header, value in rules:
            if matches(rule, f"/{path}"):
                assert header not in got, (path, header)
                got[header] = value
        wanted = hosting.headers(path)
        wanted |= {"Content-Security-Policy": POLICY}
        if "Content-Type" not in got:  # the host's own table knows it
            del wanted["Content-Type"]
        assert got == wanted, path


@pytest.mark.parametrize("name", ["netlify", "cloudflare"])
def test_a_redirects_file_has_a_line_for_each(name: str) -> None:
    """From, to, status."""
    lines = files(name, Served(redirects=MOVED))["_redirects"].splitlines()

    assert [line for line in lines if not line.startswith("#")] == ["/topics/old.atom /topics/new.atom 301"]


AWS = """\
#!/bin/sh
# Stands in for the AWS command line: notes what it is asked for.
for word in "$@"; do printf '%s\\t' "$word"; done >> "$LOG"
echo >> "$LOG"
"""


def test_the_script_for_s3_uploads_each_file_once_with_its_type(tmp_path: Path) -> None:
    """As its filters choose, the last one that matches."""
    output = site(tmp_path)
    script, log = tmp_path / "sync.sh", tmp_path / "log"
    script.write_text(files("s3", Served(str(output), redirects=MOVED))["sync.sh"])
    aws = tmp_path / "bin" / "aws"
    aws.parent.mkdir()
    aws.write_text(AWS)
    aws.chmod(0o755)
    environment = {"PATH": f"{aws.parent}:/usr/bin:/bin", "LOG": str(log)}
    subprocess.run(["sh", str(script), "s3://bucket"], check=True, env=environment)
    uploads: dict[str, tuple[str, str]] = {}
    *calls, clean, moved = [line.rstrip("\t").split("\t") for line in log.read_text().splitlines()]
    for call in calls:
        assert call[:4] == ["s3", "sync", str(output), "s3://bucket"]
        kind, cache = call[call.index("--content-type") + 1], call[call.index("--cache-control") + 1]
        filters = [
            (call[n], call[n + 1]) for n in range(len(call) - 1) if call[n] in ("--include", "--exclude")
        ]
        for path in PATHS:
            verdicts = [verb for verb, pattern in filters if fnmatchcase(path, pattern)]
            if verdicts[-1:] != ["--exclude"]:
                assert path not in uploads
                uploads[path] = (kind, cache)

    assert uploads == {
        p: (hosting.headers(p)["Content-Type"], hosting.headers(p)["Cache-Control"]) for p in PATHS
    }
    assert list(uploads)[-1] == "manifest.json"
    assert "--delete" in clean
    assert "--website-redirect" in moved


def test_the_script_for_s3_is_a_clean_shell_script(tmp_path: Path) -> None:
    """As shellcheck sees it."""
    needed("shellcheck")
    script = tmp_path / "sync.sh"
    script.write_text(files("s3", Served(redirects=MOVED))["sync.sh"])
    result = subprocess.run(["shellcheck", str(script)], capture_output=True, text=True)

    assert (result.returncode, result.stdout) == (0, "")


def test_the_workflow_for_github_fits_the_published_schema(tmp_path: Path) -> None:
    """The one that editors check workflows with; check-jsonschema carries it."""
    workflow = tmp_path / "feeds.yml"
    workflow.write_text(files("github-pages", Served())["feeds.yml"])
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows"]
    result = subprocess.run([*command, str(workflow)], capture_output=True, text=True)

    assert result.returncode == 0, result.stdout
    assert "'https://news.example/'" in workflow.read_text()


@pytest.mark.parametrize("host", HOSTS)
def test_the_command_prints_what_a_host_needs(newsroom: Newsroom, host: str) -> None:
    """With the address of the configuration, and where the output lies."""
    (newsroom.root / "feeds.toml").write_text('[site]\nbase_url = "https://other.example/"\n')
    newsroom.output.mkdir()
    (newsroom.output / "manifest.json").write_text('{"redirects": {"topics/a.atom": "topics/b.atom"}}')
    result = newsroom.run("host", host, "--redirect", "topics/c.atom=topics/d.atom")
    served = Served(
        str(newsroom.output),
        "https://other.example/",
        (("topics/a.atom", "topics/b.atom"), ("topics/c.atom", "topics/d.atom")),
    )

    assert result.exit_code == 0
    assert result.stdout == "".join(files(host, served).values())


def test_the_command_writes_files_and_overwrites_none(newsroom: Newsroom) -> None:
    """Netlify wants two."""
    newsroom.output.mkdir()
    assert newsroom.run("host", "netlify", "--into", "output").stdout == ""
    assert sorted(newsroom.files()) == ["_headers", "_redirects"]

    again = newsroom.run("host", "netlify", "--into", "output")
    assert (again.exit_code, again.stderr) == (74, "feeds: output/_headers: File exists\n")


@pytest.mark.parametrize(
    "served",
    [("/srv/a'b", "https://a.example/"), ("srv", "https://a.example/"), ("/srv", "https://a.example/;x")],
)
def test_what_would_break_a_quote_is_refused(served: tuple[str, str]) -> None:
    """A host's file is code."""
    with pytest.raises(ConfigError):
        Served(*served)


def test_the_real_servers_are_there_in_ci() -> None:
    """Elsewhere their tests are skipped, and say why."""
    if os.environ.get("CI"):
        assert all(shutil.which(name) for name in ("nginx", "apache2", "caddy", "shellcheck"))


def test_the_command_knows_each_host() -> None:
    """The command names them without loading their module, which would cost each start."""
    assert tuple(HOSTS) == cli.HOSTS
