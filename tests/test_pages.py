"""The pages work in a browser: the search finds, links lead somewhere, nothing complains."""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.conftest import PATIENCE, needed
from tests.serving import NODE, Served, node_module


def test_the_site_works_in_chromium(served: Served, tmp_path_factory: pytest.TempPathFactory) -> None:
    """At two widths, light and dark: no console message, no sideways scrolling, nothing axe objects to."""
    needed("chromium")
    node_module("puppeteer-core")
    node_module("axe-core")
    article = sorted(path for path in served.newsroom.files() if path.startswith("articles/"))[0]
    pages = [
        "index.html",
        "countries.html",
        "countries/ir.html",
        "topics/politics-and-government.html",
        article,
    ]
    folder = tmp_path_factory.mktemp("screenshots")

    done = subprocess.run(
        [
            "node",
            str(NODE / "pages.mjs"),
            str(shutil.which("chromium")),
            f"{served.address}/",
            str(folder),
            *pages,
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["faults"] == []
    assert found["wide"] == []
    assert found["violations"] == []
    search = found["search"]
    assert search["shown"] == ["Türkiye TR"] and search["said"] == "1 feed"
    assert search["all"] == sum(path.endswith(".atom") for path in served.newsroom.files()) - 1
    assert search["led"] == "countries/tr.html"
    for link in set(found["links"]):
        assert link.startswith(served.address), link
        with urllib.request.urlopen(link, timeout=PATIENCE) as answer:
            assert answer.status == 200, link
    assert len(list(folder.glob("*.png"))) == 4 * len(pages)


def test_every_page_is_html_without_a_fault(served: Served) -> None:
    """By the Nu checker, with its warnings; and `feeds check` has nothing to say of the feeds."""
    needed("java")
    jar = node_module("vnu-jar") / "build" / "dist" / "vnu.jar"
    assert served.newsroom.run("check").output == ""
    files = sorted(Path(served.newsroom.output).rglob("*.html"))

    done = subprocess.run(
        ["java", "-Xss2m", "-jar", str(jar), "--stdout", "--format", "gnu", *map(str, files)],
        capture_output=True,
        text=True,
        timeout=300,
    )

    # A file has no origin, so 'self' in the policy is nothing that it could load styles from.
    past = ("Resource violates Content Security Policy", "appears to be written in")
    assert [line for line in done.stdout.splitlines() if not any(p in line for p in past)] == []
