"""The layers of ARCHITECTURE.md hold."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from tests.conftest import ROOT


def test_the_import_contract_holds() -> None:
    """Imports point down, and feedgen is used by the Atom writer alone."""
    from importlinter.cli import lint_imports

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_the_architecture_names_every_module() -> None:
    """And none that is not there."""
    named = set(re.findall(r"^\| `([\w./]+)`", (ROOT / "ARCHITECTURE.md").read_text(), re.MULTILINE))
    there = {p.name for p in (ROOT / "feeds").glob("*.py") if not p.name.startswith("__")}
    there |= {
        f"{p.parent.name}/" for p in (ROOT / "feeds").glob("*/__init__.py") if p.parent.name not in TABLES
    }

    assert named == there


TABLES = ("data", "migrations")


def test_every_module_says_what_it_does() -> None:
    """In its first sentence, for someone who has not seen it."""
    for path in sorted((ROOT / "feeds").rglob("*.py")):
        if path.parent.name in TABLES:
            continue
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        if name != "feeds.__main__":
            assert (import_module(name).__doc__ or "").strip().split("\n")[0].endswith((".", ":")), name


def test_every_kind_of_input_is_in_the_table() -> None:
    """With its own name."""
    from feeds.extract import kinds

    names = [kind.NAME for kind in kinds()]
    assert len(set(names)) == len(names) > 0


def test_no_file_of_the_project_names_a_path_of_a_machine() -> None:
    """The project speaks of itself alone."""
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "feeds").rglob("*.py")]:
        assert not re.search(r"/work/|/root/|/home/(?!me\b)", Path(path).read_text()), path
