"""The command: arguments, exit codes and the clock."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import wraps
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn, TextIO

import click

from feeds import __version__

# A run with nothing new ends before anything else is needed: what takes time to load is imported where it
# is used.
if TYPE_CHECKING:
    from pathlib import Path

    from feeds.config import Config
    from feeds.fixes import Fix
    from feeds.glance import Unchanged
    from feeds.job import Job, Report
    from feeds.model import FeedsError, LockedError, Problem
    from feeds.store import Store

# sysexits.h, where it has a name for what happened.
EX_SOME_INPUT_BAD = 1
EX_USAGE = 2
EX_IOERR = 74
EX_TEMPFAIL = 75
EX_NOPERM = 77
EX_CONFIG = 78
EX_INTERRUPTED = 130  # as shells give it for SIGINT

# Between which a clock can be: the times near those of a run have to exist, too.
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
DEFAULT_CONFIG = "feeds.toml"
DEFAULT_STORE = "feeds.db"
FIXES = "fixes.toml"
LISTS = ("feeds", "topics", "countries", "articles", "withdrawn", "problems")  # of show.py
HOSTS = ("nginx", "apache", "caddy", "netlify", "cloudflare", "s3", "github-pages")  # of hosting.py


class Settings:
    """What the options say; the parts that cost something are made when they are asked for."""

    def __init__(self, config: str | None, store: str | None, now: datetime | None) -> None:
        """Take the options as they are given."""
        self._config, self._store, self._now = config, store, now

    def config(self, base_url: str | None = None) -> Config:
        """Read the configuration; without a file the defaults stand."""
        from feeds.config import Config, load

        path = self.config_path()
        config = load(path) if self._config or path.exists() else Config()
        return config if base_url is None else config.served_at(base_url)

    def standing_config(self) -> Config:
        """Read the configuration that builds beside the store read, whatever -c names."""
        from feeds.config import Config, load

        path = self.store_path().with_name(DEFAULT_CONFIG)
        return load(path) if path.exists() else Config()

    def config_path(self) -> Path:
        """Give the configuration's place."""
        return _path(self._config or DEFAULT_CONFIG)

    def store_path(self) -> Path:
        """Give the store's place: beside the configuration."""
        return _path(self._store or self._beside(DEFAULT_STORE))

    def fixes_path(self) -> Path:
        """Give the place of the corrections by hand: beside the configuration."""
        return _path(self._beside(FIXES))

    def _beside(self, name: str) -> str:
        return os.path.join(os.path.dirname(self._config or ""), name)  # noqa: PTH118, PTH120

    def fixes(self) -> dict[str, Fix]:
        """Read the corrections by hand."""
        from feeds.fixes import load

        return load(self.fixes_path())

    def unchanged(self, output: str, roots: tuple[str, ...], base_url: str | None) -> Unchanged | None:
        """Say whether a build has nothing to do; see glance.py."""
        from feeds import MANIFEST
        from feeds.glance import unchanged

        store = self._store or self._beside(DEFAULT_STORE)
        manifest = f"{output}/{MANIFEST}"
        now = self.now().isoformat()
        told = self.told(output, roots, base_url)
        return unchanged(store, manifest, output, roots, told, time.time_ns(), now)

    def told(self, output: str, roots: tuple[str, ...], base_url: str | None) -> str:
        """Give all that a build depends on beside captures and store."""
        from feeds.glance import told

        files = (self._config or DEFAULT_CONFIG, self._beside(FIXES))
        return told(files, (os.path.abspath(output), *roots, repr(base_url), self._config or ""))  # noqa: PTH100

    def open_store(self) -> Store:
        """Open a store that must be there."""
        from feeds.model import StoreError
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
            if not (epoch.isascii() and epoch.isdigit() and int(epoch) < LATEST.timestamp()):
                from feeds.model import ConfigError

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
        if not EARLIEST <= moment < LATEST:
            self.fail(f"{value!r} is not between {EARLIEST.year} and {LATEST.year}", param, ctx)
        return moment.astimezone(UTC).replace(microsecond=0)


def _path(path: str) -> Path:
    from pathlib import Path

    return Path(path)


class _PathType(click.Path):
    """A path as a Path, made when there is one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check it as click does."""
        return _path(os.fsdecode(super().convert(value, param, ctx)))


def _guarded(work: Callable[[], int]) -> NoReturn:
    """Run a command's work and turn what goes wrong into one line and an exit code."""
    import atexit
    import gc

    # All that is left goes with the process: to look for cycles in it takes a seventh of a small run.
    atexit.register(gc.freeze)
    try:
        code = work()
    except BrokenPipeError:
        import signal

        code = 128 + signal.SIGPIPE
    except KeyboardInterrupt:
        code = _fail("interrupted", EX_INTERRUPTED)
    except Exception as error:
        code = _explain(error)
    sys.exit(code)


def _explain(error: Exception) -> int:
    """Say in one line what went wrong; give its exit code. What no one foresaw goes on as it is."""
    import sqlite3

    from feeds.model import FeedsError

    if isinstance(error, sqlite3.Error):
        from feeds.store import fault

        error = fault("the store", error)
    if isinstance(error, OSError):
        return _fail(_os_line(error), EX_NOPERM if isinstance(error, PermissionError) else EX_IOERR)
    if isinstance(error, FeedsError):
        return _fail(str(error), _code(error))
    raise error


def _code(error: FeedsError) -> int:
    from feeds.model import ConfigError, LockedError, StoreError
    from feeds.publish import PublishError

    if isinstance(error, LockedError):
        return EX_TEMPFAIL
    if isinstance(error, ConfigError | StoreError):
        return EX_CONFIG
    return EX_IOERR if isinstance(error, PublishError) else EX_USAGE


def _fail(line: str, code: int) -> int:
    """Say what went wrong, if that can be said: the disk that is full may hold the log, too."""
    with suppress(OSError):
        click.echo(f"feeds: {line}", err=True)
    return code


def _say(text: object, *, nl: bool = True) -> None:
    """Print what was asked for; an error says that it was this which could not be written."""
    try:
        click.echo(text, nl=nl)
    except OSError as error:
        error.filename = error.filename or "standard output"
        raise


def _os_line(error: OSError) -> str:
    from feeds.text import shown

    return f"{shown(error.filename)}: {error.strerror}" if error.filename else str(error)


class _Group(click.Group):
    """The commands, whose exit codes stand also where nothing can be said."""

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run a command as click does, and exit with its code."""
        try:
            sys.exit(super().main(*arguments, **{**more, "standalone_mode": False}))
        except click.ClickException as error:
            with suppress(OSError):
                error.show()
            sys.exit(error.exit_code)
        except click.Abort:
            sys.exit(EX_INTERRUPTED)
        except OSError as error:  # a command explains its own; this is a help text that can't be printed
            error.filename = error.filename or "standard output"
            sys.exit(_explain(error))
        finally:
            _drop_unwritten()


def _drop_unwritten() -> None:
    """Drop what the outputs did not take: Python would try again as it ends, and exit with 120."""
    for stream in filter(None, (sys.stdout, sys.stderr)):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
    feeds doctor                    is the installation sound?
    """
    for stream in (sys.stdout, sys.stderr):  # a headline in Arabic must not fail on a terminal in Latin-1
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _settings(*, store: bool = True) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options that say where things are; it gets them as one Settings."""

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        @wraps(command)
        def inner(
            config: str | None, now: datetime | None, store_file: str | None = None, **rest: Any
        ) -> None:
            command(Settings(config, store_file, now), **rest)

        options = [
            click.option(
                "-c",
                "--config",
                type=click.Path(),
                help="Configuration  [default: feeds.toml]",
            ),
            click.option("--now", type=Moment(), help="The clock, ISO 8601; also SOURCE_DATE_EPOCH"),
        ]
        if store:
            text = "What feeds remembers  [default: feeds.db beside the configuration]"
            options.append(click.option("--store", "store_file", type=click.Path(), help=text))
        for option in reversed(options):
            inner = option(inner)
        return inner

    return decorate


_PATH = _PathType()


class Asked(NamedTuple):
    """What is read, where it goes, and how much is said about it."""

    seeds: tuple[str, ...]
    output: str
    base_url: str | None
    jobs: int | None
    wait: float
    quiet: bool
    verbose: bool
    as_json: bool

    @property
    def roots(self) -> tuple[str, ...]:
        """Give the files and folders to read."""
        return self.seeds or ("seeds",)

    @property
    def summary(self) -> bool:
        """Say whether a summary is wanted on standard error."""
        return (self.verbose or sys.stderr.isatty()) and not self.quiet


_READING = (
    click.argument("seeds", nargs=-1, type=click.Path()),
    click.option(
        "-o", "--output", type=click.Path(), default="output", show_default=True, help="Where the feeds go"
    ),
    click.option("--base-url", help="Where the output is served, for absolute links; also site.base_url"),
    click.option(
        "-j",
        "--jobs",
        type=click.IntRange(1),
        help="Processes that read documents  [default: one for each core]",
    ),
    click.option("--wait", type=float, default=0, help="Wait this many seconds for another run to end"),
    click.option("-q", "--quiet", is_flag=True, help="No summary and no progress bar, even on a terminal"),
    click.option("-v", "--verbose", is_flag=True, help="A summary even without a terminal, and tracebacks"),
    click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output"),
)


def _reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of what is read and written; it gets them as one Asked."""

    @wraps(command)
    def inner(*rest: Any, **options: Any) -> None:
        asked = Asked(**{name: options.pop(name) for name in Asked._fields})
        command(*rest, asked=asked, **options)

    for option in reversed(_READING):
        inner = option(inner)
    return inner


@main.command()
@_reading
@click.option("--full", is_flag=True, help="Read every document again and write whatever differs")
@click.option("--verify", is_flag=True, help="Look at every file, also in folders that did not change")
@click.option(
    "--fail-if-locked",
    is_flag=True,
    help="Exit with 75 when another run is at work  [default: do nothing, exit with 0]",
)
@click.option(
    "--ping", "tell", is_flag=True, help="Then tell the hub of site.hub, if there is one; see feeds ping"
)
@_settings()
def build(
    settings: Settings, asked: Asked, full: bool, verify: bool, fail_if_locked: bool, tell: bool
) -> None:
    """Read SEEDS (files and folders; default: seeds) and write the feeds that they change.

    A second run reads nothing that did not change, and touches no file.

    \b
    feeds build
    feeds build captures/ -o /srv/www/news --base-url https://news.example/
    feeds build -c news/feeds.toml --json

    Exit codes: 0 done; 1 done, but some input is newly bad; 2 usage; 74 input or output failed;
    75 another run is at work (with --fail-if-locked); 77 permission; 78 configuration or store;
    130 interrupted, by Ctrl-C: the next run goes on from there.
    """

    def work() -> int:
        seen = None if full or verify else settings.unchanged(asked.output, asked.roots, asked.base_url)
        if seen is not None:
            code = _say_unchanged(asked, seen)
        else:
            from feeds.model import LockedError

            try:
                code = _build(settings, asked, full=full, verify=verify)
            except LockedError as error:
                if fail_if_locked:
                    raise
                return _say_skipped(asked, error)
        if tell:  # also where nothing is new: an earlier run may not have reached the hub
            _tell_hub(settings, asked)
        return code

    _guarded(work)


def _say_unchanged(asked: Asked, seen: Unchanged) -> int:
    if asked.as_json or asked.summary:
        from feeds.job import Report

        report = Report(
            seen.documents, articles=seen.articles, feeds=seen.feeds, known_problems=seen.problems
        )
        _report(report, None, quiet=asked.quiet, summary=asked.summary, as_json=asked.as_json)
    return 0


def _say_skipped(asked: Asked, error: LockedError) -> int:
    """Say that another run is at work where somebody looks; cron starts one often enough."""
    if asked.as_json:
        _say(_json({"skipped": str(error)}))
    elif asked.summary:
        click.echo(f"feeds: note: {error}; this one did nothing", err=True)
    return 0


@main.command()
@click.argument("sources", nargs=-1)
@click.option("-o", "--output", type=_PATH, default="output", show_default=True, help="Where the feeds go")
@click.option("--base-url", help="Where the output is served, for absolute links; also site.base_url")
@click.option("--from", "list_", type=click.File(), help="A file that names further sources, one a line")
@click.option(
    "--work",
    type=_PATH,
    default="backfill",
    show_default=True,
    help="Where results and articles are kept; with a cluster, on a disk that all see under this name",
)
@click.option("--scheduler", help="A Dask scheduler, such as tcp://10.0.0.1:8786  [default: this machine]")
@click.option(
    "-j", "--jobs", type=click.IntRange(1), help="Processes on this machine  [default: one for each core]"
)
@click.option("-q", "--quiet", is_flag=True, help="No summary and no progress bar, even on a terminal")
@click.option("-v", "--verbose", is_flag=True, help="A summary even without a terminal, and tracebacks")
@click.option("--json", "as_json", is_flag=True, help="The summary as JSON on standard output")
@_settings()
def backfill(
    settings: Settings,
    sources: tuple[str, ...],
    output: Path,
    base_url: str | None,
    list_: TextIO | None,
    work: Path,
    scheduler: str | None,
    jobs: int | None,
    quiet: bool,
    verbose: bool,
    as_json: bool,
) -> None:
    """Read archives by the thousand, and write the feeds of their newest articles.

    SOURCES are files, folders and, with fsspec, URIs. Each archive is read once, on all cores or on a Dask
    cluster; a second run goes on where the first one ended. All articles are kept as Parquet, by month,
    where pyarrow is installed.

    \b
    feeds backfill crawls/ -o /srv/www/news
    feeds backfill --from warc.paths --scheduler tcp://10.0.0.1:8786 --work /shared/backfill

    Exit codes as those of feeds build.
    """

    def run() -> int:
        from feeds.backfill import Backfill
        from feeds.backfill import backfill as run_it
        from feeds.job import Job
        from feeds.jobs import cores
        from feeds.lock import lock_path, locked

        _log(verbose)
        named = (*sources, *(line.strip() for line in list_ or () if line.strip()))
        if not named:
            return _fail("no SOURCES, expected archives or folders of them", EX_USAGE)
        config, store = settings.config(base_url), settings.store_path()
        job = Job(
            roots=(),
            output=output,
            store=store,
            config=config,
            now=settings.now(),
            fixes=settings.fixes(),
            jobs=jobs or cores(),
        )
        with locked(lock_path(store)):
            with _watched(quiet) as bar:
                report = run_it(Backfill(job, named, work, scheduler), bar)
            _report(report, config, quiet=quiet, summary=verbose or sys.stderr.isatty(), as_json=as_json)
            return _settled(report, job)

    _guarded(run)


def _log(verbose: bool) -> None:
    import logging

    level = logging.ERROR if verbose else logging.CRITICAL
    logging.basicConfig(format="%(levelname)s %(message)s", level=level)


@main.command()
@_reading
@_settings()
def rebuild(settings: Settings, asked: Asked) -> None:
    """Make the store anew from OUTPUT and SEEDS, as when it is damaged.

    The articles come back from their pages, with their ids and times, also those whose captures were
    deleted; then SEEDS are read as by build. The old store is kept beside the new one, as
    feeds.db.set-aside-TIME. What the status feed told is not taken back.

    \b
    feeds rebuild
    feeds rebuild captures/ -o /srv/www/news --base-url https://news.example/
    """
    _guarded(lambda: _build(settings, asked, anew=True))


def _build(
    settings: Settings, asked: Asked, *, full: bool = False, verify: bool = False, anew: bool = False
) -> int:
    """Build while no other run is at work, `anew` without the store that is there; give the exit code."""
    import gc

    # Among the tables' values are no cycles, and to look for some takes a tenth of the time.
    gc.set_threshold(50_000)
    from feeds.job import Job, Report
    from feeds.jobs import cores
    from feeds.lock import lock_path, locked
    from feeds.pipeline import build as run

    _log(asked.verbose)
    config, store = settings.config(asked.base_url), settings.store_path()
    job = Job(
        roots=[_path(root) for root in asked.roots],
        output=_path(asked.output),
        store=store,
        config=config,
        now=settings.now(),
        fixes=settings.fixes(),
        full=full,
        verify=verify,
        jobs=asked.jobs or cores(),
        told=settings.told(asked.output, asked.roots, asked.base_url),
    )
    for root in job.roots:
        root.stat()  # before a store is set aside for what can't be read
    with locked(lock_path(store), asked.wait):
        if anew and store.exists():
            from feeds.store import set_aside

            click.echo(f"feeds: note: {store}: kept as {set_aside(store, job.now)}", err=True)
        report = Report()
        with _watched(asked.quiet) as bar, _noted(report, asked.quiet):
            run(job, bar, report)
        _report(report, config, quiet=asked.quiet, summary=asked.summary, as_json=asked.as_json)
        return _settled(report, job)


@contextmanager
def _noted(report: Report, quiet: bool) -> Iterator[None]:
    """Have a run that fails say what it noted; unlike problems, no later one would."""
    try:
        yield
    except BaseException:
        _say_notices(report, quiet)
        raise


def _say_notices(report: Report, quiet: bool) -> None:
    for notice in () if quiet else report.notices:
        click.echo(f"feeds: note: {notice}", err=True)


def _settled(report: Report, job: Job) -> int:
    """Note that a report was printed; give the exit code."""
    if not report.problems:
        return 0
    from feeds.pipeline import note_told

    note_told(job)
    return EX_SOME_INPUT_BAD


@contextmanager
def _watched(quiet: bool) -> Iterator[_Bar | None]:
    """Give what shows on a terminal how a run gets on; a run that fails leaves the terminal whole, too."""
    bar = _Bar() if sys.stderr.isatty() and not quiet else None
    try:
        yield bar
    finally:
        if bar:
            bar.end()


class _Bar:
    """Shows on a terminal how a build gets on, when there is something to wait for."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._articles = 0
        self._began = time.monotonic()

    def start(self, files: int, size: int) -> None:
        """Begin with so many files to read, of so many bytes."""
        if files > 1 or size > 10_000_000:
            self._begin("Reading", size)

    def _begin(self, label: str, length: int) -> None:
        self._bar = click.progressbar(
            length=max(length, 1),
            label=label,
            file=sys.stderr,
            item_show_func=lambda _: self._rate(),
            update_min_steps=max(length // 1000, 1),
        )
        self._bar.__enter__()

    def _rate(self) -> str:
        if not self._articles:  # a cluster counts them at its end
            return ""
        seconds = max(time.monotonic() - self._began, 0.001)
        return f"{self._articles:,} articles, {self._articles / seconds:,.0f}/s"

    def step(self, size: int, articles: int) -> None:
        """Note that so many bytes were read, and what they gave."""
        self._articles += articles
        if self._bar:
            self._bar.update(size, self)

    def end(self) -> None:
        """Note that all were read, or written."""
        if self._bar:
            self._bar.__exit__(None, None, None)
            self._bar = None

    def wrote(self, done: int, of: int) -> None:
        """Note how much is written; it is worth showing where it takes a while."""
        if of < 1000:
            return
        if self._bar is None:
            self._articles = 0
            self._begin("Writing", of)
        self._bar.update(1, self)


def _report(report: Report, config: Config | None, *, quiet: bool, summary: bool, as_json: bool) -> None:
    for problem in report.problems:
        click.echo(f"feeds: {problem}", err=True)
    _say_notices(report, quiet)
    if report.is_first and config and not config.site.base_url and not quiet:
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
        _say(_json(data))
    elif summary and not quiet:
        parts = [
            f"{_count(report.documents, 'document')}, {report.read} read",
            f"{_count(report.articles, 'article')}, {report.changed} new or changed",
            f"{_count(report.feeds, 'feed')}, {_count(report.written, 'file')} written",
        ]
        if report.known_problems:
            parts.append(f"{_count(report.known_problems, 'problem')} known before")
        click.echo("; ".join(parts), err=True)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _json(data: Any) -> str:
    import json

    return json.dumps(data, ensure_ascii=not _is_utf8())


def _is_utf8() -> bool:
    return (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"


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
                _say("\n".join(explained(document)))
                continue
            for article in articles:
                row = article_row(document.source, *article)
                _say(_json(row) if as_json else article_text(row))
        return code

    _guarded(work)


@main.command(name="list")
@click.argument("what", type=click.Choice(LISTS))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line")
@click.option("--search", metavar="WORDS", help="Only the articles that hold all of these words")
@_settings()
def list_(settings: Settings, what: str, as_json: bool, search: str | None) -> None:
    """List what the store holds: feeds, topics, countries, articles, those withdrawn by hand, or problems.

    Columns, by tabs: slug, title, articles, mentions; of articles, also withdrawn ones, id, published,
    updated, headline, document; of problems document, line, what is wrong.

    A search finds words whatever their case and accents, "phrases" and begin*; a -word must not be there.

    \b
    feeds list countries
    feeds list articles --search 'enrich* "nuclear deal" -fusion'
    feeds list articles --json | jq -r 'select(.published == null) | .headline'
    """

    def work() -> int:
        from feeds.show import rows

        if search is not None and what != "articles":
            return _fail(f"--search: only articles are searched, not {what}", EX_USAGE)
        store = settings.open_store()
        try:
            for row in rows(store, settings.config(), what, search):
                line = "\t".join("" if value is None else str(value) for value in row.values())
                _say(_json(row) if as_json else line)
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
        from feeds.show import article_row, article_text, membership, rule_rows, withdrawn_text

        store = settings.open_store()
        try:
            entry = store.articles.find_one(id)
            article = entry.article
            row = {"id": article.id, **article_row(article.source, article.raw, article.dating, article.tags)}
            row["rules"] = rule_rows(article.tags)
            row["withdrawn"] = withdrawn_text(article.id, store)
            if slug:
                row["feed"] = membership(entry, slug, store, settings.config(), settings.fixes())
                if not as_json:
                    _say(row["feed"])
                    return 0
            _say(_json(row) if as_json else article_text(row))
        finally:
            store.close()
        return 0

    _guarded(work)


@main.command()
@click.argument("output", type=_PathType(exists=True), default="output")
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


# What is wrong decides the exit code; of several the highest.
_GRAVITY = {
    "store": EX_CONFIG,
    "permission": EX_NOPERM,
    "busy": EX_TEMPFAIL,
    "output": EX_IOERR,
    "advice": 1,
    "hint": 0,
}


@main.command()
@click.argument("output", type=_PATH, default="output")
@click.option("--base-url", help="Where the output is served; also site.base_url")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line")
@_settings()
def doctor(settings: Settings, output: Path, base_url: str | None, as_json: bool) -> None:
    """Check an installation: the store with each row, OUTPUT (default: output) file by file, and the disk.

    One line for each thing that is wrong, with what to do; silent when all is well. Nothing is written.

    \b
    feeds doctor
    feeds doctor /srv/www/news -c news/feeds.toml --json

    Exit codes: 0 all is well, but for a hint; 1 what still works; 74 output or disk; 75 a run is at
    work, look again; 77 permission; 78 store or configuration; 130 interrupted.
    """

    def work() -> int:
        from feeds.doctor import Installation, findings

        place = Installation(settings.store_path(), output, settings.config(base_url), settings.now())
        code = 0
        for found in findings(place):
            row = {"check": found.check, "kind": found.kind, "message": found.message}
            _say(_json(row) if as_json else str(found))
            code = max(code, _GRAVITY[found.kind])
        return code

    _guarded(work)


@main.command()
@click.argument("articles", type=click.File(encoding="utf-8", errors="replace"), default="-")
def tag(articles: TextIO) -> None:
    """Tag ARTICLES, one JSON object a line, with countries and topics.

    In: id, headline, standfirst, body (a list of paragraphs), dateline, language, home (the outlet's
    country); any may be missing. Out, in the same order: id, countries and topics, best first. A line
    that is no article is named, and costs only itself.

    \b
    feeds tag < articles.jsonl > tagged.jsonl
    """

    def work() -> int:
        from feeds.tag import lines

        if isinstance(sys.stdout, TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8")  # as it is read
        code = 0
        for line in lines(articles):
            if isinstance(line, str):
                _say(line)
            else:
                code = _fail(f"{articles.name}:{line.line}: {line.message}", EX_SOME_INPUT_BAD)
        return code

    _guarded(work)


@main.command()
@_settings()
def plan(settings: Settings) -> None:
    """Show what an edited configuration would add to and take from each feed; nothing is written.

    The stored articles are tagged by the configuration given with -c, and their feeds compared with those
    that they stand in by the feeds.toml beside the store, the newest feeds.limit in each.

    \b
    feeds plan -c new.toml --store feeds.db
    """

    def work() -> int:
        from feeds.pipeline import foresee
        from feeds.selection import unmet

        store = settings.open_store()
        try:
            config, changes = settings.config(), 0
            for notice in unmet(store.shelves.slugs().values(), config):
                click.echo(f"feeds: note: {notice}", err=True)
            for change in foresee(store, config, settings.fixes(), settings.standing_config()):
                _say(change)
                changes += 1
            if not changes:
                click.echo("feeds: note: no feed would change", err=True)
        finally:
            store.close()
        return 0

    _guarded(work)


@main.command()
@click.argument("id", metavar="ID")
@click.option("--country", "countries", multiple=True, metavar="+IR|-GE", help="Add or take away a country")
@click.option("--topic", "topics", multiple=True, metavar="+medtop:CODE", help="Add or take away a topic")
@click.option("--withdraw/--restore", "withdrawn", default=None, help="Publish it no more, or again")
@_settings()
def fix(
    settings: Settings,
    id: str,  # noqa: A002
    countries: tuple[str, ...],
    topics: tuple[str, ...],
    withdrawn: bool | None,
) -> None:
    """Correct by hand what an article is about, or withdraw it. ID is an entry's id, or a part of it.

    The correction is kept in fixes.toml beside the configuration, a file that you can edit and keep
    under version control; the next build follows it, and so does each later one. An article that is
    withdrawn leaves all feeds, archives and pages; its captures bring it back no more, and its id stays
    taken: restored, it is what it was. See feeds list withdrawn.

    \b
    feeds fix d7b08d0a --country -GE --country +US
    feeds fix d7b08d0a --topic +medtop:20000638
    feeds fix d7b08d0a --withdraw
    """

    def work() -> int:
        from feeds import fixes
        from feeds.disk import naming

        store = settings.open_store()
        try:
            entry = store.articles.find_one(id)
            keys = store.articles.keys_of(entry.article.id)
        finally:
            store.close()
        if not (countries or topics) and withdrawn is None:
            return _fail("expected --country, --topic or --withdraw, such as --country -GE", EX_USAGE)
        try:
            new = fixes.parse((*countries, *topics), entry.article.raw.headline)
        except ValueError as error:
            return _fail(str(error), EX_USAGE)
        known = settings.fixes()
        old = known.get(entry.article.id, fixes.Fix())
        if withdrawn is False and not old.withdrawn:
            return _fail(f"{id}: is not withdrawn by hand (see feeds list withdrawn)", EX_USAGE)
        for code in fixes.idle(new, old, {tag.category for tag in entry.article.tags}):
            click.echo(f"feeds: note: {code}: the article has no such category to take away", err=True)
        fixed = fixes.merge(old, new)
        if withdrawn is not None:
            fixed = fixes.withdraw(fixed, keys) if withdrawn else fixes.restore(fixed)
        known[entry.article.id] = fixed
        with naming(settings.fixes_path()):
            fixes.save(settings.fixes_path(), known)
        done = {None: "corrected", True: "withdrew", False: "restored"}[withdrawn]
        told = f"{settings.fixes_path()}: {done} “{entry.article.raw.headline}”; the next build follows it"
        click.echo(f"feeds: note: {told}", err=True)
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
            _say(schema.shipped(), nl=False)
            return 0
        config = _path(DEFAULT_CONFIG)
        if config.exists():
            return _fail(f"{config}: is there already", EX_IOERR)
        beside = config.with_name(schema.FILE_NAME)
        for path, data in ((config, schema.commented().encode()), (beside, schema.shipped())):
            if not path.exists():
                with path.open("xb") as file:
                    file.write(data)
                _say(path)
        return 0

    _guarded(work)


@main.command()
@click.argument("output", type=_PATH, default="output")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any free one"
)
@click.option("--address", default="127.0.0.1", show_default=True, help="An IP address; ::1 for IPv6")
def serve(output: Path, port: int, address: str) -> None:
    """Preview OUTPUT in a browser or a feed reader, with the headers that a host should send.

    It is for looking, not for the public: see `feeds host`.

    \b
    feeds serve
    feeds serve /srv/www/news --port 8080
    """

    def work() -> int:
        import signal

        from feeds.serve import Server

        with Server(output, address, port) as server:
            signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
            try:
                click.echo(f"feeds: {output} at {server.url}, until Ctrl-C", err=True)
                server.serve_forever(poll_interval=0.1)
            except KeyboardInterrupt:
                click.echo(err=True)
        return 0

    _guarded(work)


@main.command()
@click.argument("kind", metavar="HOST", type=click.Choice(HOSTS))
@click.option("-o", "--output", type=_PATH, default="output", show_default=True, help="Where the feeds are")
@click.option("--root", help="Where they lie on the host  [default: the output's own path]")
@click.option("--base-url", help="Where they are served; also site.base_url")
@click.option("--redirect", "moved", multiple=True, metavar="OLD=NEW", help="Paths under output")
@click.option("--into", type=_PATH, help="Write the files into this folder instead; overwrites none")
@_settings(store=False)
def host(
    settings: Settings,
    kind: str,
    output: Path,
    root: str | None,
    base_url: str | None,
    moved: tuple[str, ...],
    into: Path | None,
) -> None:
    """Print what a host has to be told: types, lifetimes, headers, redirects.

    HOST is nginx, apache, caddy, netlify, cloudflare, s3 or github-pages.

    \b
    feeds host nginx --base-url https://news.example/ --root /srv/www/news
    feeds host netlify --into output
    """

    def work() -> int:
        from feeds import hosting

        pairs = [tuple(pair.split("=", 1)) for pair in moved]
        if not all(len(pair) == 2 and all(map(hosting.is_path, pair)) for pair in pairs):
            return _fail("--redirect: expected OLD=NEW, such as topics/a.atom=topics/b.atom", EX_USAGE)
        manifest = output / "manifest.json"
        known = hosting.redirects(manifest.read_bytes()) if manifest.is_file() else ()
        url = settings.config(base_url).site.base_url or "https://news.example/"
        served = hosting.Served(
            root or str(output.absolute()), url, (*known, *((old, new) for old, new in pairs))
        )
        files = hosting.files(kind, served)
        for name, text in files.items():
            if into:
                with (into / name).open("x", encoding="utf-8") as file:
                    file.write(text)
            else:
                _say(text, nl=False)
        return 0

    _guarded(work)


@main.command()
@click.argument("output", type=_PATH, default="output")
@click.option("--base-url", help="Where the output is served; also site.base_url")
@_settings()
def ping(settings: Settings, output: Path, base_url: str | None) -> None:
    """Tell the WebSub hub of site.hub which feeds of OUTPUT changed since it was last told.

    Run it once the feeds are served, that is after the copy to a host; where output is what is served,
    `feeds build --ping` does it. What was told is kept in feeds.db.pings, beside the store. Prints the
    paths that the hub was told of. Exit codes: 0 told, or nothing to tell; 1 the hub could not be told.

    \b
    feeds build && rsync -a output/ host:/srv/www/news/ && feeds ping
    """

    def work() -> int:
        paths, fault = _ping(settings, settings.config(base_url), output)
        for path in paths:
            _say(path)
        return _fail(fault, 1) if fault else 0

    _guarded(work)


def _tell_hub(settings: Settings, asked: Asked) -> None:
    config = settings.config(asked.base_url)
    if config.site.hub and (fault := _ping(settings, config, _path(asked.output))[1]):
        click.echo(f"feeds: note: {fault}", err=True)


def _ping(settings: Settings, config: Config, output: Path) -> tuple[tuple[str, ...], str | None]:
    """Tell the hub; give the paths that it was told of, and what went wrong."""
    from feeds.ping import ping as run
    from feeds.publish import Manifest

    site = config.site
    missing = [key for key in ("hub", "base_url") if not getattr(site, key)]
    if missing:
        return (), f"site.{missing[0]} is not set: there is no hub to tell, or nothing to tell it"
    manifest = Manifest.load(output)
    if manifest is None:
        return (), f"{output}: no manifest there, expected a folder that feeds build wrote"
    store = settings.store_path()
    done = run(site.hub, site.base_url, manifest.files, store.with_name(f"{store.name}.pings"))
    return done.paths, done.error
