"""Measure full builds and small ones against static site generators, on the same articles.

    python bench/scale/peers.py [--articles 1000 10000] [--rounds 3] [--only NAME...]

Each tool gets the corpus in its own form, with the topic and the country of each article given, and writes
a feed of the newest fifty for each of 50 topics and 100 countries, without pages of articles:

    feeds       writes from its store, every entry anew, and a page for each feed, which the others leave out
    hugo        Debian's hugo
    pelican     PyPI's pelican[markdown]; `cached` with its cache of what it read
    eleventy    npm's @11ty/eleventy

`everything` is feeds with all that it does: it reads captures, extracts, dates and tags, fills the store, and
writes feeds, archives, and a page for each article; `hugo pages` and `eleventy pages` write these pages, too.

Those that are installed are run in turn: from nothing, with nothing new, and with one new article. They are
found on PATH, or by --hugo, --pelican, --eleventy. Prints medians: seconds by the clock, seconds of the
processors, and the ratio of each to that of the first tool; the peak memory of a tool's processes together,
in which what they share counts for each of them (RSS) or once (PSS); and the growth: the exponent of the
number of articles by which each time grows.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import corpus
from corpus import Made

ROOT = Path(__file__).parents[2]
STATES = ("full", "nothing new", "one new")
NEWEST = 50
ATOM_HUGO = """{{ printf "<?xml version=\\"1.0\\" encoding=\\"utf-8\\"?>" | safeHTML }}
<feed xmlns="http://www.w3.org/2005/Atom">
{{- $pages := .Pages }}{{ if .IsHome }}{{ $pages = .Site.RegularPages }}{{ end }}
<title>{{ .Title }}</title><id>{{ .Permalink }}</id><link href="{{ .Permalink }}"/>
{{- range $i, $p := first 50 $pages.ByDate.Reverse }}{{ $when := .Date.Format "2006-01-02T15:04:05Z07:00" }}
{{- $page := printf "https://news.example/%s/" .File.ContentBaseName }}
{{- if eq $i 0 }}<updated>{{ $when }}</updated>{{ end }}
<entry><title>{{ .Title }}</title><id>{{ $page }}</id><link href="{{ $page }}"/>
<updated>{{ $when }}</updated><author><name>News</name></author>
{{- range .Params.topics }}<category term="{{ . }}"/>{{ end }}
{{- range .Params.countries }}<category term="{{ . }}"/>{{ end }}
<summary>{{ .Summary | plainify }}</summary><content type="html">{{ .Content | html }}</content></entry>
{{- end }}
</feed>
"""
HUGO = """
baseURL = "https://news.example/"
title = "News"
disableKinds = ["RSS", "sitemap", "robotsTXT", "404", "taxonomy"]
ignoreErrors = ["error-disable-taxonomy"]
[taxonomies]
topic = "topics"
country = "countries"
[outputFormats.ATOM]
mediaType = "application/atom+xml"
baseName = "feed"
[mediaTypes."application/atom+xml"]
suffixes = ["atom"]
[outputs]
home = ["ATOM"]
term = ["ATOM"]
"""
HUGO_NO_PAGES = "---\n_build: {render: never}\ncascade: {_build: {render: never}}\n---\n"
PELICAN = """
SITENAME = "News"
SITEURL = "https://news.example"
PATH = "content"
THEME = "theme"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
FEED_ALL_ATOM = "all.atom"
FEED_MAX_ITEMS = 50
CATEGORY_FEED_ATOM = "topics/{slug}.atom"
TAG_FEED_ATOM = "countries/{slug}.atom"
AUTHOR_FEED_ATOM = AUTHOR_FEED_RSS = TRANSLATION_FEED_ATOM = None
ARTICLE_SAVE_AS = CATEGORY_SAVE_AS = TAG_SAVE_AS = AUTHOR_SAVE_AS = PAGE_SAVE_AS = DRAFT_SAVE_AS = ""
DIRECT_TEMPLATES = []
"""
PELICAN_CACHE = """
CACHE_CONTENT = True
LOAD_CONTENT_CACHE = True
"""
ELEVENTY = """
export default function (config) {
  config.addFilter("iso", (date) => date.toISOString());
  config.addCollection("feeds", (api) => {
    const by = new Map();
    for (const item of api.getFilteredByGlob("a/*.md")) {
      for (const slug of [item.data.topic, item.data.country]) {
        if (!by.has(slug)) by.set(slug, []);
        by.get(slug).push(item);
      }
    }
    by.set("all", api.getFilteredByGlob("a/*.md"));
    return [...by].map(([slug, items]) => ({
      slug, items: items.sort((one, other) => other.date - one.date).slice(0, 50),
    }));
  });
}
"""
ATOM_ELEVENTY = """---
pagination: {data: collections.feeds, size: 1, alias: feed}
permalink: "{{ feed.slug }}.atom"
eleventyExcludeFromCollections: true
---
<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<title>{{ feed.slug }}</title><id>https://news.example/{{ feed.slug }}</id>
<updated>{{ feed.items[0].date | iso }}</updated>
{%- for item in feed.items %}
<entry><title>{{ item.data.title }}</title><id>https://news.example/{{ item.fileSlug }}</id>
<link href="https://news.example/{{ item.fileSlug }}"/><updated>{{ item.date | iso }}</updated>
<author><name>News</name></author>
<category term="{{ item.data.topic }}"/><category term="{{ item.data.country }}"/>
<content type="html">{{ item.content | escape }}</content></entry>
{%- endfor %}
</feed>
"""
ARTICLE_HUGO = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head>
<body><h1>{{ .Title }}</h1><time>{{ .Date.Format "2006-01-02" }}</time>{{ .Content }}</body></html>
"""
ARTICLE_ELEVENTY = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1><time>{{ page.date | iso }}</time>{{ content | safe }}</body></html>
"""
FEEDS = """
[site]
base_url = "https://news.example/"
subtitle = "Round {round}"
article_pages = false
[feeds]
archives = false
"""


def slug(name: str) -> str:
    """Give a name as a part of an address."""
    return name.lower().replace(" ", "-")


def markdown(made: Made, head: Callable[[Made], str]) -> str:
    """Give an article with a head of its facts."""
    return f"{head(made)}\n{chr(10).join(f'{paragraph}{chr(10)}' for paragraph in made.paragraphs)}"


def hugo_head(made: Made) -> str:
    """Give Hugo's front matter."""
    return (
        f"---\ntitle: {json.dumps(made.headline)}\ndate: {made.day:%Y-%m-%dT%H:%M:%SZ}\n"
        f"topics: [{json.dumps(made.topic)}]\ncountries: [{made.country}]\n---"
    )


def pelican_head(made: Made) -> str:
    """Give Pelican's metadata."""
    return (
        f"Title: {made.headline}\nDate: {made.day:%Y-%m-%d %H:%M}\n"
        f"Category: {made.topic}\nTags: {made.country}\n"
    )


def eleventy_head(made: Made) -> str:
    """Give Eleventy's front matter."""
    return (
        f"---\ntitle: {json.dumps(made.headline)}\ndate: {made.day:%Y-%m-%d}\n"
        f"topic: topics/{slug(made.topic)}\ncountry: countries/{slug(made.country)}\n---"
    )


@dataclass(frozen=True)
class Measured:
    """What a run took: seconds by the clock and of the processors, and the most memory in MB.

    Memory is that of all its processes together, `resident` as each of them has it, so that what they
    share counts more than once, and `shared` with each page counted once.
    """

    seconds: float
    work: float
    resident: float
    shared: float


@dataclass
class Tool:
    """One program to be measured, in a folder of its own."""

    name: str
    folder: Path
    command: Sequence[str]
    add: Callable[[Path, int], None]  # writes an article
    set_up: Callable[[Path], None]
    reset: Callable[[Path, int], None]  # what a full build must not find, by round
    runs: dict[str, list[Measured]] = field(default_factory=dict)

    def run(self, state: str) -> None:
        """Run it once, and note what it took."""
        self.runs.setdefault(state, []).append(measured(self.command, self.folder))


def measured(command: Sequence[str], folder: Path) -> Measured:
    """Run a command in a folder, and say what it took."""
    # As where it is installed: with modules that are compiled once, for all runs of this bench.
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    compiled = str(folder.parent / "compiled")
    env |= {"PYTHONPATH": str(ROOT), "PYTHONPYCACHEPREFIX": compiled, "NODE_ENV": "production"}
    with (folder.parent / f"{folder.name}.log").open("ab") as log:
        began = time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log, env=env)
        peaks = [0, 0]
        done = threading.Event()

        def watch() -> None:
            while not done.wait(0.05):
                peaks[:] = map(max, peaks, memory(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = code = os.waitstatus_to_exitcode(status)
        done.set()
        watcher.join()
    if code:
        raise SystemExit(f"{' '.join(command)}: exit code {code}, see {log.name}")
    return Measured(seconds, used.ru_utime + used.ru_stime, peaks[0] / 1024, peaks[1] / 1024)


def memory(pid: int) -> tuple[int, int]:
    """Give the resident and the proportional set sizes of a process and all below it, in kB."""
    try:
        rows = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        sizes = {row.split(":")[0]: int(row.split()[1]) for row in rows if row.startswith(("Rss:", "Pss:"))}
        tasks = Path(f"/proc/{pid}/task").iterdir()
        below = [memory(int(child)) for task in tasks for child in (task / "children").read_text().split()]
    except (OSError, ValueError):  # it ended
        return 0, 0
    own = (sizes.get("Rss", 0), sizes.get("Pss", 0))
    return own[0] + sum(one for one, _ in below), own[1] + sum(other for _, other in below)


def remove(*names: str) -> Callable[[Path, int], None]:
    """Give what takes these out of a tool's folder.

    They are kept beside it: ext4 looks at each file that was removed in the last minutes before it makes
    a new one, and whoever ran next would pay for that.
    """

    def work(folder: Path, _: int) -> None:
        aside = Path(tempfile.mkdtemp(dir=folder.parent))
        for name in names:
            if (folder / name).exists():
                (folder / name).rename(aside / name)

    return work


def adds(where: str, head: Callable[[Made], str]) -> Callable[[Path, int], None]:
    """Give what writes an article as Markdown."""

    def work(folder: Path, number: int) -> None:
        path = folder / where / f"{number}.md"
        path.write_text(markdown(corpus.article(number), head), encoding="utf-8")

    return work


def writes(files: dict[str, str], *folders: str) -> Callable[[Path], None]:
    """Give what writes a tool's own files."""

    def work(folder: Path) -> None:
        for name in folders:
            (folder / name).mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    return work


def capture(folder: Path, number: int) -> None:
    """Write an article as a capture."""
    corpus.write(folder / "seeds", number)


def another_round(folder: Path, number: int) -> None:
    """Have all be written anew from the store: other words of the site, and no output."""
    (folder / "feeds.toml").write_text(FEEDS.format(round=number))
    remove("output")(folder, number)


def tools(options: argparse.Namespace, folder: Path) -> list[Tool]:
    """Give what is to be measured and can be."""
    ours = (sys.executable, "-m", "feeds", "build", "-q")
    found = [
        Tool("feeds", folder / "feeds", ours, capture, writes({"feeds.toml": FEEDS}, "seeds"), another_round),
        Tool(
            "everything",
            folder / "everything",
            ours,
            capture,
            writes({"feeds.toml": '[site]\nbase_url = "https://news.example/"\n'}, "seeds"),
            remove("output", "feeds.db"),
        ),
    ]
    if options.hugo:
        files = {"config.toml": HUGO, "layouts/_default/list.atom": ATOM_HUGO}
        for name, more in (
            ("hugo", {"content/a/_index.md": HUGO_NO_PAGES}),
            ("hugo pages", {"layouts/_default/single.html": ARTICLE_HUGO}),
        ):
            found.append(
                Tool(
                    name,
                    folder / name.replace(" ", "-"),
                    (options.hugo, "--quiet"),
                    adds("content/a", hugo_head),
                    writes({**files, **more}, "content/a"),
                    remove("public", "resources"),
                )
            )
    if options.pelican:
        for name, more in (("pelican", ""), ("pelican cached", PELICAN_CACHE)):
            found.append(
                Tool(
                    name,
                    folder / name.replace(" ", "-"),
                    (options.pelican, "-q", "-s", "pelicanconf.py", "-o", "output"),
                    adds("content", pelican_head),
                    writes({"pelicanconf.py": PELICAN + more}, "content", "theme/templates", "theme/static"),
                    remove("output", "cache"),
                )
            )
    if options.eleventy:
        modules = Path(options.eleventy).resolve()
        modules = next(parent for parent in modules.parents if parent.name == "node_modules")
        files = {"eleventy.config.mjs": ELEVENTY, "feed.njk": ATOM_ELEVENTY}
        for name, more in (
            ("eleventy", {"a/a.json": '{"permalink": false}'}),
            ("eleventy pages", {"a/a.json": '{"layout": "a.njk"}', "_includes/a.njk": ARTICLE_ELEVENTY}),
        ):
            found.append(
                Tool(
                    name,
                    folder / name.replace(" ", "-"),
                    ("node", str(modules / "@11ty/eleventy/cmd.cjs"), "--quiet"),
                    adds("a", eleventy_head),
                    writes({**files, **more}, "a"),
                    remove("_site"),
                )
            )
    return [tool for tool in found if not options.only or tool.name in options.only]


def measure(tool: Tool, state: str, number: int, new: int) -> None:
    """Bring a tool into the state that is asked for, and run it."""
    if state == "full":
        tool.reset(tool.folder, number)
    if state == "one new":
        tool.add(tool.folder, new)
    time.sleep(0.1)
    os.sync()
    tool.run(state)


def at_size(options: argparse.Namespace, folder: Path, articles: int) -> list[Tool]:
    """Measure every tool at one size, in turn."""
    found = tools(options, folder)
    for tool in found:
        if not tool.folder.exists():
            tool.set_up(tool.folder)
            for number in range(articles):
                tool.add(tool.folder, number)
        if tool.name == "feeds":  # its store is filled before
            measured(tool.command, tool.folder)
    counter = folder / "next"  # what earlier calls added stays
    new = int(counter.read_text()) if counter.exists() else articles
    counter.write_text(str(new + options.rounds))
    for number in range(options.rounds):
        for state in STATES:
            for tool in found:
                measure(tool, state, number, new + number)
                print(articles, state, tool.name, tool.runs[state][-1], file=sys.stderr)
    return found


def growth(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Give the exponent by which a time grows from the first size to the last."""
    return math.log(times[-1] / times[0]) / math.log(sizes[-1] / sizes[0])


def medians(tool: Tool) -> dict[str, tuple[float, float]]:
    """Give the seconds of each state, and those of the processors."""
    median = statistics.median
    return {
        state: (median(run.seconds for run in runs), median(run.work for run in runs))
        for state, runs in tool.runs.items()
    }


def show(results: dict[int, list[Tool]]) -> None:
    """Print the tables: seconds, those of the processors, and the ratios of both to ours."""
    for articles, found in results.items():
        print(
            f"\n{f'{articles:,} articles':16}"
            + "".join(f"{state:>28}" for state in STATES)
            + "   RSS   PSS MB"
        )
        ours = medians(found[0])
        for tool in found:
            cells = []
            for state, (seconds, work) in medians(tool).items():
                wall, busy = seconds / ours[state][0], work / ours[state][1]
                cells.append(f"{seconds:8.2f} {work:7.2f} {wall:5.1f} {busy:5.1f}")
            runs = [run for runs in tool.runs.values() for run in runs]
            peaks = f"{max(run.resident for run in runs):6.0f}{max(run.shared for run in runs):6.0f}"
            print(f"{tool.name:16}" + "".join(f"{cell:>28}" for cell in cells) + peaks)
    if len(results) > 1:
        sizes = list(results)
        print(f"\ngrowth from {sizes[0]:,} to {sizes[-1]:,} articles: exponents of both")
        for number, tool in enumerate(results[sizes[0]]):
            first, last = medians(tool), medians(results[sizes[-1]][number])
            cells = [
                "".join(f"{growth(sizes, (first[s][i], last[s][i])):6.2f}" for i in (0, 1)) for s in STATES
            ]
            print(f"{tool.name:16}" + "".join(f"{cell:>28}" for cell in cells))


def main() -> None:
    """Measure what is asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="+", help="Only these of them")
    parser.add_argument(
        "--folder", type=Path, help="Where the corpora go, and stay  [default: a temporary one]"
    )
    for name in ("hugo", "pelican", "eleventy"):
        parser.add_argument(f"--{name}", default=shutil.which(name))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        show({articles: at_size(options, folder / str(articles), articles) for articles in options.articles})


if __name__ == "__main__":
    main()
