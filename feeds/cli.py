"""The command: arguments, exit codes and the clock."""

from __future__ import annotations

import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from feeds import __version__
from feeds.config import Config, load
from feeds.model import ConfigError, FeedsError, StoreError

if TYPE_CHECKING:
    from feeds.fixes import Fix
    from feeds.model import Problem
    from feeds.pipeline import Report
    from feeds.store import Store

# sysexits.h, where it has a name for what happened.
EX_SOME_INPUT_BAD = 1
EX_USAGE = 2
EX_IOERR = 74
EX_TEMPFAIL = 75
EX_NOPERM = 77
EX_CONFIG = 78

DEFAULT_CONFIG = Path("feeds.toml")
DEFAULT_STORE = "feeds.db"


class Settings:
    """What the options say; the parts that cost something are made when they are asked for."""

    def __init__(self, config: Path | None, store: Path | None, now: datetime | None) -> None:
        """Take the options as they are given."""
        self._config_path, self._store, self._now = config, store, now

    def config(self, base_url: str | None = None) -> Config:
        """Read the configuration; without a file the defaults stand."""
        path = self._config_path or DEFAULT_CONFIG
        config = load(path) if self._config_path or path.exists() else Config()
        return config if base_url is None else config.served_at(base_url)

    def store_path(self) -> Path:
        """Give the store's place: beside the configuration."""
        return self._store or (self._config_path or DEFAULT_CONFIG).parent / DEFAULT_STORE

    def fixes_path(self) -> Path:
        """Give the place of the corrections by hand: beside the configuration."""
        from feeds.fixes import FILE_NAME

        return (self._config_path or DEFAULT_CONFIG).parent / FILE_NAME

    def fixes(self) -> dict[str, Fix]:
        """Read the corrections by hand."""
        from feeds.fixes import load as load_fixes

        return load_fixes(self.fixes_path())

    def open_store(self) -> Store:
        """Open a store that must be there."""
        from feeds.store import Store

        if not self.store_path().exists():
            raise StoreError(f"{self.store_path()}: no store there, expected one that feeds build made")
        return Store(self.store_path())

    def now(self) -> datetime:
        """Give the clock: --now, else SOURCE_DATE_EPOCH (reproducible-builds.org), else the machine's."""
        if self._now:
            return self._now
        epoch = os.environ.get("SOURCE_DATE_EPOCH")
        if epoch:
            if not epoch.isdigit():
                raise ConfigError(f"SOURCE_DATE_EPOCH: expected seconds since 1970, not {epoch!r}")
            return datetime.fromtimestamp(int(epoch), UTC)
        return datetime.now(UTC).replace(microsecond=0)


class Moment(click.ParamType[datetime]):
    """A time in ISO 8601, taken as UTC where it names no zone."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read the time."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r} is no ISO 8601 time such as 2025-12-22T12:00:00Z", param, ctx)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC).replace(microsecond=0)


def _guarded(work: Callable[[], int]) -> NoReturn:
    """Run a command's work and turn what goes wrong into one line and an exit code."""
    from feeds.publish import PublishError

    try:
        code = work()
    except ConfigError as error:
        code = _fail(str(error), EX_CONFIG)
    except StoreError as error:
        code = _fail(str(error), EX_CONFIG)
    except PublishError as error:
        code = _fail(str(error), EX_IOERR)
    except FeedsError as error:
        code = _fail(str(error), EX_USAGE)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 128 + signal.SIGPIPE
    except PermissionError as error:
        code = _fail(_os_line(error), EX_NOPERM)
    except OSError as error:
        code = _fail(_os_line(error), EX_IOERR)
    sys.exit(code)


def _fail(line: str, code: int) -> int:
    click.echo(f"feeds: {line}", err=True)
    return code


def _os_line(error: OSError) -> str:
    from feeds.text import shown

    return f"{shown(error.filename)}: {error.strerror}" if error.filename else str(error)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="feeds")
def main() -> None:
    """Turn a folder of captured news into Atom feeds, one for each topic and each country.

    \b
    feeds build                     seeds/ -> output/
    feeds show capture.txt          what would be read from a file
    feeds list feeds                what there is to subscribe to
    feeds explain d7b08d0a          why an article is dated and tagged as it is
    feeds fix d7b08d0a --country -GE    correct by hand what it is about
    feeds plan -c new.toml          what another configuration would change
    feeds check output              are the written feeds right?
    """
    logging.basicConfig(format="%(levelname)s %(message)s", level=logging.CRITICAL)


def _settings(*, store: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that say where things are; it gets them as one Settings."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def inner(
            config: Path | None, now: datetime | None, store_file: Path | None = None, **rest: Any
        ) -> None:
            command(Settings(config, store_file, now), **rest)

        options = [
            click.option(
                "-c", "--config", type=_PATH, help="Configuration  [default: feeds.toml, if it is there]"
            ),
            click.option("--now", type=Moment(), help="The clock, ISO 8601; also SOURCE_DATE_EPOCH"),
        ]
        if store:
            text = "What feeds remembers  [default: feeds.db beside the configuration]"
            options.append(click.option("--store", "store_file", type=_PATH, help=text))
        for option in reversed(options):
            inner = option(inner)
        return inner

    return decorate


_PATH = click.Path(path_type=Path)


@main.command()
@click.argument("seeds", nargs=-1, type=_PATH)
@click.option(
    "-o", "--output", type=_PATH, default=Path("output"), show_default=True, help="Where the feeds go"
)
@click.option("--base-url", help="Where the output is served, for absolute links; also site.base_url")
@click.option("--full", is_flag=True, help="Read every document again and write whatever differs")
@click.option("--wait", type=float, default=0, help="Wait this many seconds for another run to end")
@click.option(
    "--fail-if-locked", is_flag=True, help="Exit with 75 when another run is at work  [default: 0, silently]"
)
@click.option("-q", "--quiet", is_flag=True, help="No summary and no progress bar, even on a terminal")
@click.option("-v", "--verbose", is_flag=True, help="A summary even without a terminal, and tracebacks")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output")
@_settings()
def build(
    settings: Settings,
    seeds: tuple[Path, ...],
    output: Path,
    base_url: str | None,
    full: bool,
    wait: float,
    fail_if_locked: bool,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Read SEEDS (files and folders; default: seeds) and write the feeds that they change.

    A second run reads nothing that did not change, and touches no file.

    \b
    feeds build
    feeds build captures/ -o /srv/www/news --base-url https://news.example/
    feeds build -c news/feeds.toml --json

    Exit codes: 0 done; 1 done, but some input is newly bad; 2 usage; 74 input or output failed;
    75 another run is at work (with --fail-if-locked); 77 permission; 78 configuration or store.
    """
    from feeds.lock import LockedError, locked

    if verbose:
        logging.getLogger("feeds").setLevel(logging.ERROR)

    def work() -> int:
        from feeds.pipeline import Job
        from feeds.pipeline import build as run

        config = settings.config(base_url)
        store = settings.store_path()
        fixes = settings.fixes()
        job = Job(seeds or (Path("seeds"),), output, store, config, settings.now(), fixes, full)
        try:
            with locked(store.with_name(f"{store.name}.lock"), wait):
                report = run(job, _nothing if quiet else _progress)
        except LockedError as error:
            return _fail(str(error), EX_TEMPFAIL) if fail_if_locked else 0
        _report(report, config, quiet=quiet, summary=verbose or sys.stderr.isatty(), as_json=as_json)
        return EX_SOME_INPUT_BAD if report.problems else 0

    _guarded(work)


def _nothing(items: Iterable[Any], total: int) -> Iterable[Any]:
    return items


def _progress(items: Iterable[Any], total: int) -> Iterable[Any]:
    """Show a bar on a terminal, when there is something to wait for."""
    if total < 2 or not sys.stderr.isatty():
        return items

    def shown() -> Iterable[Any]:
        with click.progressbar(items, length=total, label="Reading", file=sys.stderr) as bar:
            yield from bar

    return shown()


def _report(report: Report, config: Config, *, quiet: bool, summary: bool, as_json: bool) -> None:
    for problem in report.problems:
        click.echo(f"feeds: {problem}", err=True)
    for notice in () if quiet else report.notices:
        click.echo(f"feeds: note: {notice}", err=True)
    if report.is_first and not config.site.base_url and not quiet:
        line = "site.base_url is not set: links are relative, the feeds have no self link, and their ids are"
        line += " those of any such site"
        click.echo(f"feeds: note: {line}", err=True)
    if as_json:
        data = {
            "documents": report.documents,
            "read": report.read,
            "articles": report.articles,
            "changed": report.changed,
            "feeds": report.feeds,
            "files": report.files,
            "problems": [_problem_row(p) for p in report.problems],
            "known_problems": report.known_problems,
        }
        click.echo(json.dumps(data, ensure_ascii=False))
    elif summary and not quiet:
        parts = [
            f"{_count(report.documents, 'document')}, {report.read} read",
            f"{_count(report.articles, 'article')}, {report.changed} new or changed",
            f"{_count(report.feeds, 'feed')}, {_count(len(report.files), 'file')} written",
        ]
        if report.known_problems:
            parts.append(f"{_count(report.known_problems, 'problem')} known before")
        click.echo("; ".join(parts), err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _problem_row(problem: Problem) -> dict[str, Any]:
    return {"source": problem.source, "line": problem.line, "message": problem.message}


@main.command()
@click.argument("paths", nargs=-1, type=_PATH, required=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, one for each article")
@click.option(
    "--explain", is_flag=True, help="Each line of a text capture with the role it was given, and why"
)
@_settings(store=False)
def show(settings: Settings, paths: tuple[Path, ...], as_json: bool, explain: bool) -> None:
    """Show what would be read from files and folders, without the store.

    \b
    feeds show seeds/
    feeds show --json seeds/ | jq -r .headline
    feeds show --explain capture.txt
    """

    def work() -> int:
        from feeds.model import Problem
        from feeds.pipeline import look
        from feeds.show import article_row, article_text, explained

        config, now, code = settings.config(), settings.now(), 0
        for seen in look(paths, config, now):
            if isinstance(seen, Problem):
                code = _fail(str(seen), EX_SOME_INPUT_BAD)
                continue
            document, articles = seen
            if explain:
                click.echo("\n".join(explained(document)))
                continue
            for article in articles:
                row = article_row(document.source, *article)
                click.echo(json.dumps(row, ensure_ascii=False) if as_json else article_text(row))
        return code

    _guarded(work)


@main.command(name="list")
@click.argument("what", type=click.Choice(["feeds", "topics", "countries", "articles", "problems"]))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line")
@_settings()
def list_(settings: Settings, what: str, as_json: bool) -> None:
    """List what the store holds: feeds, topics, countries, articles or problems.

    Columns, by tabs: slug, title, articles, mentions; of articles id, published, updated, headline,
    document; of problems document, line, what is wrong.

    \b
    feeds list countries
    feeds list articles --json | jq -r 'select(.published == null) | .headline'
    """

    def work() -> int:
        from feeds.show import rows

        store = settings.open_store()
        try:
            for row in rows(store, settings.config(), what):
                line = "\t".join("" if value is None else str(value) for value in row.values())
                click.echo(json.dumps(row, ensure_ascii=False) if as_json else line)
        finally:
            store.close()
        return 0

    _guarded(work)


@main.command()
@click.argument("id", metavar="ID")
@click.option("--feed", "slug", help="Say why the article is, or is not, in this feed, such as countries/ge")
@click.option("--json", "as_json", is_flag=True, help="As one JSON object")
@_settings()
def explain(settings: Settings, id: str, slug: str | None, as_json: bool) -> None:  # noqa: A002
    """Say why an article is dated and tagged as it is. ID is an entry's id, or a part of it.

    \b
    feeds explain d7b08d0a
    feeds explain d7b08d0a --feed countries/ge
    """

    def work() -> int:
        from feeds.show import article_row, article_text, membership, rule_rows

        store = settings.open_store()
        try:
            entry = store.find_one(id)
            article = entry.article
            row = {"id": article.id, **article_row(article.source, article.raw, article.dating, article.tags)}
            row["rules"] = rule_rows(article.tags)
            if slug:
                row["feed"] = membership(entry, slug, store, settings.config(), settings.fixes())
                if not as_json:
                    click.echo(row["feed"])
                    return 0
            click.echo(json.dumps(row, ensure_ascii=False) if as_json else article_text(row))
        finally:
            store.close()
        return 0

    _guarded(work)


@main.command()
@click.argument("output", type=click.Path(path_type=Path, exists=True), default=Path("output"))
@_settings(store=False)
def check(settings: Settings, output: Path) -> None:
    """Check the feeds of an OUTPUT folder (default: output), or one feed.

    Against the RELAX NG schema of RFC 4287, and against our own rules: unique ids, plausible dates,
    an author, links that lead somewhere. Silent when all is well.

    \b
    feeds check
    feeds check /srv/www/news/countries/ir.atom
    """

    def work() -> int:
        from feeds.check import check as problems
        from feeds.check import feed_files

        if not feed_files(output):
            return _fail(f"{output}: no feed there, expected what feeds build wrote", EX_SOME_INPUT_BAD)
        code = 0
        for problem in problems(output, settings.now()):
            code = _fail(str(problem), EX_SOME_INPUT_BAD)
        return code

    _guarded(work)


@main.command()
@click.argument("articles", type=click.File(encoding="utf-8"), default="-")
def tag(articles: TextIO) -> None:
    """Tag ARTICLES, one JSON object a line, with countries and topics.

    In: id, headline, standfirst, body (a list of paragraphs), dateline, language, home (the outlet's
    country); any may be missing. Out, in the same order: id, countries and topics, best first.

    \b
    feeds tag < articles.jsonl > tagged.jsonl
    """

    def work() -> int:
        from feeds.tag import lines

        try:
            for line in lines(articles):
                click.echo(line)
        except ValueError as error:
            return _fail(f"{articles.name}: {error}", 2)
        return 0

    _guarded(work)


@main.command()
@_settings()
def plan(settings: Settings) -> None:
    """Show what an edited configuration would add to and take from each feed; nothing is written.

    The stored articles are tagged by the configuration given with -c, and compared with what they
    have now.

    \b
    feeds plan -c new.toml --store feeds.db
    """

    def work() -> int:
        from feeds.pipeline import foresee

        store = settings.open_store()
        try:
            for change in foresee(store, settings.config(), settings.fixes()):
                click.echo(change)
        finally:
            store.close()
        return 0

    _guarded(work)


@main.command()
@click.argument("id", metavar="ID")
@click.option("--country", "countries", multiple=True, metavar="+IR|-GE", help="Add or take away a country")
@click.option("--topic", "topics", multiple=True, metavar="+medtop:CODE", help="Add or take away a topic")
@_settings()
def fix(settings: Settings, id: str, countries: tuple[str, ...], topics: tuple[str, ...]) -> None:  # noqa: A002
    """Correct by hand what an article is about. ID is an entry's id, or a part of it.

    The correction is kept in fixes.toml beside the configuration, a file that you can edit and keep
    under version control; the next build follows it, and so does each later one.

    \b
    feeds fix d7b08d0a --country -GE --country +US
    feeds fix d7b08d0a --topic +medtop:20000638
    """

    def work() -> int:
        from feeds import fixes

        store = settings.open_store()
        try:
            entry = store.find_one(id)
        finally:
            store.close()
        if not (countries or topics):
            return _fail("expected --country or --topic, such as --country -GE", 2)
        try:
            new = fixes.parse((*countries, *topics), entry.article.raw.headline)
        except ValueError as error:
            return _fail(str(error), 2)
        known = settings.fixes()
        known[entry.article.id] = fixes.merge(known.get(entry.article.id, fixes.Fix()), new)
        fixes.save(settings.fixes_path(), known)
        return 0

    _guarded(work)


@main.command()
@click.option("--schema", "only_schema", is_flag=True, help="Print the JSON Schema of feeds.toml instead")
def init(only_schema: bool) -> None:
    """Write a feeds.toml that holds every key with its default, and its JSON Schema for editors.

    Neither overwrites a file. Editors that know `#:schema` (Even Better TOML, taplo) complete and check.

    \b
    feeds init
    feeds init --schema > feeds.schema.json
    """

    def work() -> int:
        from feeds import schema

        if only_schema:
            click.echo(schema.shipped(), nl=False)
            return 0
        if DEFAULT_CONFIG.exists():
            return _fail(f"{DEFAULT_CONFIG}: is there already", EX_IOERR)
        beside = DEFAULT_CONFIG.with_name(schema.FILE_NAME)
        for path, data in ((DEFAULT_CONFIG, schema.commented().encode()), (beside, schema.shipped())):
            if not path.exists():
                with path.open("xb") as file:
                    file.write(data)
                click.echo(path)
        return 0

    _guarded(work)
