"""Nothing is installed that is not pinned by a hash, and nothing is asked for without a reason."""

from __future__ import annotations

import re
import subprocess
import tomllib

import pytest

from tests.conftest import PACKAGES, ROOT, needed

PROJECT = (ROOT / "pyproject.toml").read_text()
DATA = tomllib.loads(PROJECT)
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-dask.lock")


def pinned(lock: str) -> dict[str, str]:
    """Give what a lock says of each package: its version and its hashes."""
    text = (ROOT / lock).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return {line.partition("==")[0].strip(): line.partition("==")[2] for line in lines}


def normal(name: str) -> str:
    """Give a package's name as a lock writes it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", re.split(r"[ <>=!~;\[]", name)[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_version_and_a_hash(lock: str) -> None:
    """pip takes nothing else then."""
    assert len(pinned(lock)) > 5
    for name, rest in pinned(lock).items():
        assert re.match(r"\d[\w.+!-]* ?.*--hash=sha256:[0-9a-f]{64}", rest), name


def test_what_the_program_asks_for_is_pinned_in_both() -> None:
    """In the same version."""
    main, dev, _ = map(pinned, LOCKS)
    for name in map(normal, DATA["project"]["dependencies"]):
        assert main[name].split()[0] == dev[name].split()[0]


def test_what_is_installed_has_to_have_its_hash() -> None:
    """Here, in CI, and in what the README says."""
    bootstrap = (ROOT / "bootstrap.py").read_text()

    assert re.findall(r'install\((.*?)"-r"', bootstrap) == ['"--require-hashes", ']
    assert '"--no-deps", "--no-build-isolation"' in bootstrap
    assert "pip install" not in (ROOT / ".ci/run").read_text()


def test_a_skipped_test_names_the_package_that_ci_installs() -> None:
    """A command is often not named as its package is."""
    installed = dict(re.findall(r"([\w-]+):([\w-]+)", (ROOT / ".ci/run").read_text().partition("; do")[0]))

    assert PACKAGES.items() <= installed.items()


@pytest.mark.parametrize("script", ["run", "fresh"])
def test_the_scripts_of_ci_are_clean(script: str) -> None:
    """As shellcheck sees them."""
    needed("shellcheck")
    result = subprocess.run(["shellcheck", str(ROOT / ".ci" / script)], capture_output=True, text=True)

    assert (result.returncode, result.stdout) == (0, "")


def test_each_dependency_says_why_and_under_which_licence() -> None:
    """In its line."""
    block = PROJECT[PROJECT.index("\ndependencies = [") : PROJECT.index("[project.optional-dependencies]")]
    lines = [line for line in block.splitlines() if line.strip().startswith('"')]

    assert len(lines) == len(DATA["project"]["dependencies"]) < 12
    for line in lines:
        assert re.search(r"#\s*\w+ \w+.*\(.*(BSD|MIT|Apache|MPL).*\)", line), line


def test_the_audit_is_a_documented_command() -> None:
    """It needs the network, so nothing runs it by itself."""
    makefile = (ROOT / "Makefile").read_text()

    assert (
        "pip-audit --disable-pip --require-hashes -r requirements.lock -r requirements-dev.lock" in makefile
    )
    assert "`make audit`" in (ROOT / "SECURITY.md").read_text()


def test_the_security_policy_names_files_that_are_there() -> None:
    """And says the limits that hold."""
    from feeds.extract.rich import LARGEST
    from feeds.read import MAX_BYTES

    policy = (ROOT / "SECURITY.md").read_text()
    for name in re.findall(r"`((?:tests|bench|docs)/[\w/.-]+|[\w/]+\.py)`", policy):
        assert (ROOT / name).exists() or (ROOT / "feeds" / name).exists(), name
    assert f"{LARGEST:,} characters" in policy
    assert f"{MAX_BYTES // 1024 // 1024} MiB" in policy
