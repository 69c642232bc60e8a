"""Imports point down: the contracts of setup.cfg hold, and they say what the architecture says."""

from __future__ import annotations

import ast
import configparser
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import darksocial

ROOT = Path(__file__).parent.parent
OUTSIDE = {"darksocial.version"}


def contracts() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(ROOT / "setup.cfg", encoding="utf-8")
    return parser


def lines(section: str, option: str) -> list[str]:
    return contracts()[f"importlinter:contract:{section}"][option].split("\n")[1:]


def test_the_contracts_hold() -> None:
    """In a process of its own, since it turns off the loggers that there are."""
    pytest.importorskip("importlinter.cli", reason="import-linter is not installed")
    code = "import sys, importlinter.cli as cli; sys.exit(cli.lint_imports(no_cache=True))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_module_has_its_layer() -> None:
    modules = {f"darksocial.{found.name}" for found in pkgutil.iter_modules(darksocial.__path__)}
    layers = {name.strip() for line in lines("layers", "layers") for name in line.split("|")}
    assert modules - OUTSIDE - layers == set()
    assert layers - modules == set()


ORDER = [
    ("darksocial.cli", "darksocial.console"),
    ("darksocial.console", "darksocial.drain"),
    ("darksocial.drain", "darksocial.reclassification"),
    ("darksocial.frames", "darksocial.classification"),
    ("darksocial.reclassification", "darksocial.classification"),
    ("darksocial.frames", "darksocial.reports"),
    ("darksocial.reclassification", "darksocial.store"),
    ("darksocial.store", "darksocial.rules"),
    ("darksocial.rules", "darksocial.model"),
    ("darksocial.model", "darksocial.errors"),
]


@pytest.mark.parametrize(("upper", "lower"), ORDER)
def test_the_layers_stand_in_the_order_of_the_architecture(upper: str, lower: str) -> None:
    text = "\n".join(lines("layers", "layers"))
    places = {name: text.index(name) for name in (upper, lower)}
    assert places[upper] < places[lower]
    assert not any(upper in line and lower in line for line in lines("layers", "layers"))


@pytest.mark.parametrize("name", ["store", "cli", "console", "drain", "registry", "reports"])
def test_the_tracker_may_not_reach_what_opens_the_store(name: str) -> None:
    assert f"darksocial.{name}" in lines("tracker", "forbidden_modules")


def imported(path: Path) -> set[str]:
    """Return all modules that a file imports, wherever in the file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name.partition(".")[0] for name in found}


RULES = sorted((ROOT / "darksocial" / "rules").glob("*.py"))
NOUNS = [ROOT / "darksocial" / f"{name}.py" for name in ("errors", "model")]


@pytest.mark.parametrize("path", RULES, ids=lambda path: path.name)
def test_rules_are_pure(path: Path) -> None:
    if path.name == "build.py":
        pytest.skip("this one is the tool that writes the data files")
    assert imported(path).isdisjoint({"os", "random", "secrets", "socket", "sys", "time"})


@pytest.mark.parametrize("path", NOUNS, ids=lambda path: path.name)
def test_nouns_need_nothing_but_the_standard_library(path: Path) -> None:
    assert imported(path) <= {"__future__", "dataclasses"}


def test_the_library_does_not_import_flask() -> None:
    for path in (ROOT / "darksocial").rglob("*.py"):
        if not {"console", "demo", "cli"} & set(path.relative_to(ROOT).parts):
            assert imported(path).isdisjoint({"flask", "granian", "waitress"}), path
