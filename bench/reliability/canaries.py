"""Put scripts wherever a capture has words or addresses, build a site, and see in a browser whether one runs.

    python bench/reliability/canaries.py [--long] [--seed 1]

Each script of canaries/scripts.toml stands in the headline, text, captions, writers, links, pictures,
categories and statements of a capture of each kind: text, HTML, RSS, Atom, JSON Feed, ninjs, NITF. Chromium
then opens the pages that are built from these, and the feeds as they are served; what entries hold is put
into a page as readers do, by innerHTML and by document.write; and every element is pointed at, focused and
clicked. The sites' own Content-Security-Policy is switched off. No address in what is written may be other
than http, https or mailto. The control is the same payloads as they are, of which at least 50 have to run.
"""

from __future__ import annotations

import http.server
import json
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from functools import cache, partial
from html import escape
from pathlib import Path
from urllib.parse import urlsplit

from campaign import Tally, arguments, verdict
from lxml import etree, html

HERE = Path(__file__).parent
MODULES = HERE.parents[1] / "tests" / "node" / "node_modules"
FIRST = 1000  # the number of the first payload
ENOUGH = 50  # payloads of the control that have to run
SHORT = 60  # pages of articles that are opened in short; the lists and feeds hold all of them anyway
PROSE = (
    "Norway opened harbour {} in Bergen on Monday, and the council said that ships could use it from spring."
)
CONFIG = '[site]\nbase_url = "{}"\n[feeds]\nlimit = 10000\nformats = ["atom", "rss", "json"]\nstatus = true\n'


def payloads() -> dict[int, str]:
    """Give the payloads by number, each with the call that tells it."""
    table = tomllib.loads((HERE / "canaries" / "scripts.toml").read_text("utf-8"))
    found = [payload for payloads_ in table.values() for payload in payloads_]
    return {n: payload.replace("alert(1)", f"alert({n})") for n, payload in enumerate(found, FIRST)}


@cache
def _form(name: str) -> str:
    return (HERE / "canaries" / name).read_text("utf-8")


def captures(number: int, payload: str) -> Iterator[tuple[str, str]]:
    """Give a capture of each kind with a payload in every place, as (name, text)."""
    prose = {kind: PROSE.format(f"{number}{kind}") for kind in "tprani"} | {"j": PROSE.format(f"{number}j")}
    for kind, name in _FORMS.items():
        yield (
            name,
            _form(name).format(**_words(number, payload, prose[kind]), ld=_stated(payload, prose["p"])),
        )
    yield "feed.json", _json_feed(f"Harbour {number} j in Norway {payload}", payload, prose["j"])
    yield "ninjs.json", _ninjs(f"Harbour {number} i in Norway {payload}", payload, prose["i"])


_FORMS = {"t": "capture.txt", "p": "page.html", "r": "feed.rss", "a": "feed.atom", "n": "nitf.xml"}


def _words(number: int, payload: str, prose: str) -> dict[str, object]:
    """Give what a capture is made of; no two say the same prose, for else they were one article."""
    once = escape(payload)
    body = f'<p>{prose} {payload}</p><p>{prose} <a href="{once}">x</a><img src="{once}"></p>'
    return {
        "n": number,
        "p": payload,
        "e": once,
        "ee": escape(once),
        "a": f"x={payload}" if ">" not in payload else "",
        "prose": prose,
        "ep": escape(body),
    }


def _stated(payload: str, prose: str) -> str:
    names = ("author", "url", "image", "inLanguage", "description", "datePublished")
    told = {"@type": "NewsArticle", "headline": f"Harbour {payload}", "articleBody": f"{prose} {payload}"}
    return json.dumps({**told, **dict.fromkeys(names, payload)})


def _json_feed(title: str, payload: str, prose: str) -> str:
    item = {
        **dict.fromkeys(("url", "external_url", "image", "summary", "language", "date_published"), payload),
        "id": f"{payload} j",
        "title": title,
        "content_html": f"<p>{prose} {payload}</p>",
        "tags": [payload],
        "authors": [{"name": payload, "url": payload}],
        "attachments": [{"url": payload, "mime_type": payload}],
    }
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": payload, "home_page_url": payload}
    return json.dumps({**feed, "items": [item]})


def _ninjs(headline: str, payload: str, prose: str) -> str:
    told = dict.fromkeys(("byline", "description_text", "located", "language", "versioncreated"), payload)
    body = f"<p>{prose} {payload}</p>"
    subject = [{"code": payload, "name": payload}]
    uri = {"uri": f"{payload} i", "type": "text", "headline": headline}
    return json.dumps({**told, **uri, "body_html": body, "subject": subject})


def build(root: Path, address: str) -> None:
    """Build a site from captures of all payloads."""
    (root / "seeds").mkdir()
    for number, payload in payloads().items():
        for name, text in captures(number, payload):
            (root / "seeds" / f"{number}-{name}").write_text(text, "utf-8")
    (root / "feeds.toml").write_text(CONFIG.format(address))
    command = [sys.executable, "-m", "feeds", "build", "-q"]
    done = subprocess.run(command, cwd=root, env=_environment(), capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1) or "unexpected" in done.stderr:
        raise SystemExit(f"the build failed: {done.stderr[-2000:]}")


def _environment() -> dict[str, str]:
    import os

    return {**os.environ, "PYTHONPATH": str(HERE.parents[1])}


def entries(output: Path) -> Iterator[tuple[str, list[str]]]:
    """Give what the entries of the feeds hold as HTML, by the format's name."""
    atom = etree.parse(output / "all.atom").getroot()
    yield "atom", [e.text or "" for e in atom.iter("{*}content") if e.get("type") == "html"]
    rss = etree.parse(output / "all.rss").getroot()
    titles = [e.text or "" for e in rss.iter("title", "description")]  # which RSS does not say to be text
    yield "rss", [*titles, *(e.text or "" for e in rss.iter("{*}encoded"))]
    feed = json.loads((output / "all.json").read_text("utf-8"))
    yield "json", [item["content_html"] for item in feed["items"]]


def addresses(output: Path) -> Iterator[tuple[str, str]]:
    """Give each address that stands in a page, a feed or a list, with the file's name."""
    for path in sorted(output.rglob("*")):
        name = path.relative_to(output).as_posix()
        if path.suffix == ".html":
            yield from ((name, link) for link in _links(path.read_text("utf-8")))
        elif path.suffix in (".atom", ".rss", ".opml"):
            for element in etree.parse(path).getroot().iter():
                yield from (
                    (name, value) for key, value in element.items() if key.lower().endswith(_ADDRESSED)
                )
                if isinstance(element.tag, str) and element.tag.rpartition("}")[2] in (
                    "link",
                    "uri",
                    "url",
                    "logo",
                    "icon",
                ):
                    yield from ((name, element.text) for _ in "1" if element.text and element.text.strip())
                if element.get("type") == "html" or str(element.tag).endswith("encoded"):
                    yield from ((name, link) for link in _links(element.text or ""))
        elif path.suffix == ".json":
            yield from ((name, link) for link in _in_json(json.loads(path.read_text("utf-8"))))


_ADDRESSED = ("href", "src", "url", "action", "poster", "cite", "background", "data", "srcset", "domain")


def _links(text: str) -> Iterator[str]:
    root = html.fromstring(text) if text.strip() else None
    for element in root.iter() if root is not None else ():
        yield from (value for key, value in element.items() if key.lower() in _ADDRESSED)


def _in_json(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, member in value.items():
            if isinstance(member, str) and key in (
                "url",
                "image",
                "external_url",
                "home_page_url",
                "feed_url",
                "page",
            ):
                yield member
            elif isinstance(member, str) and key == "content_html":
                yield from _links(member)
            else:
                yield from _in_json(member)
    elif isinstance(value, list):
        for member in value:
            yield from _in_json(member)


def is_followed(address: str) -> bool:
    """Say whether an address is one that a reader may follow: relative, or of a scheme that is allowed."""
    try:
        scheme = urlsplit(re.sub(r"[\x00-\x20]", "", address)).scheme
    except ValueError:
        return False
    return scheme in ("", "http", "https", "mailto", "urn") and "\\" not in address


class _Handler(http.server.SimpleHTTPRequestHandler):
    """Serves files, feeds as XML that a browser shows, and says nothing."""

    extensions_map = {  # noqa: RUF012
        ".html": "text/html; charset=utf-8", ".atom": "application/xml", ".rss": "application/xml",
        ".xml": "application/xml", ".json": "application/json", ".css": "text/css", ".js": "text/javascript",
        ".svg": "image/svg+xml", ".opml": "application/xml", "": "application/octet-stream",
    }  # fmt: skip

    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


def sing(root: Path, address: str, pages: list[str]) -> list[str]:
    """Open pages in a browser; give what the canaries said."""
    (root / "blank.html").write_text("<!doctype html><body></body>")
    done = subprocess.run(
        ["node", str(HERE / "canaries.mjs"), str(shutil.which("chromium")), str(MODULES), address],
        input="\n".join(pages), capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"the browser failed: {done.stderr[-2000:]}")
    said: list[str] = json.loads(done.stdout)
    return said


def raw(root: Path) -> list[str]:
    """Write the payloads as they are into pages of their own, where they stand as markup and as addresses."""
    (root / "raw").mkdir()
    pages = []
    for number, payload in payloads().items():
        page = f'<!doctype html><div>{payload}</div><a href="{payload}">x</a><img src="{payload}">'
        (root / "raw" / f"{number}.html").write_text(page, "utf-8")
        pages.append(f"raw/{number}.html")
    return pages


def main() -> int:
    """Run the campaign."""
    options = arguments(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        build(root, f"{address}output/")
        output = root / "output"
        articles = sorted(path.relative_to(root).as_posix() for path in output.glob("articles/*.html"))
        lists = [
            p.relative_to(root).as_posix() for p in output.rglob("*.html") if p.parent.name != "articles"
        ]
        pages = [
            *lists[: None if options.long else 20],
            *articles[:: 1 if options.long else len(articles) // SHORT or 1],
        ]
        real = Tally()
        for name, found in entries(output):
            (root / f"{name}.entries").write_text(json.dumps(found))
            pages.append(f"reader {name}.entries")
            real.count += len(found)
        pages += ["alone output/all.atom", "alone output/all.rss"]
        real.count += len(pages)
        real.broken += [f"a script ran: {said}" for said in sing(root, address, pages)]
        for name, link in addresses(output):
            real.count += 1
            if not is_followed(link):
                real.broken.append(f"{name}: leads to {link[:80]!r}")
        control = Tally(len(payloads()))
        told = {said.split()[0] for said in sing(root, address, raw(root))}
        control.broken += sorted(number for number in told if number.isdigit())
        server.shutdown()
    what = f"places of {len(payloads())} scripts"
    code = verdict("canaries", what, real, control)
    return code or int(len(control.broken) < ENOUGH)


if __name__ == "__main__":
    sys.exit(main())
