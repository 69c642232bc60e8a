"""Imports point down: the contracts in setup.cfg hold, and what is heavy comes only when used."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from engines import ROOT

LIBRARY = sorted((ROOT / "darksocial").rglob("*.py"))
# Faces may know the web framework; the library may not.
FACES = ("cli", "console", "demo")


def test_the_contracts_of_the_layers_hold() -> None:
    program = Path(sys.executable).parent / "lint-imports"
    run = subprocess.run([program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "0 broken" in run.stdout


def imported(path: Path) -> set[str]:
    """The top-level packages that a module imports, wherever it does."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add((node.module or "").partition(".")[0])
    return names


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_library_knows_no_web_framework(path: Path) -> None:
    if path.relative_to(ROOT / "darksocial").parts[0] in FACES:
        assert "granian" not in imported(path)
    else:
        assert not imported(path) & {"flask", "granian", "waitress", "click", "tracker_server"}


@pytest.mark.parametrize("name", ["model", "errors", "settings", "version"])
def test_nouns_need_the_standard_library_alone(name: str) -> None:
    others = imported(ROOT / "darksocial" / f"{name}.py") - {"darksocial"}
    assert others <= set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", LIBRARY, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_the_store_knows_the_engines(path: Path) -> None:
    engines = imported(path) & {"chdb", "clickhouse_driver"}
    assert not engines or path.parent.name == "store"


HEAVY = ("chdb", "clickhouse_driver", "flask", "granian", "pandas", "polars")


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import darksocial", HEAVY),
        ("import darksocial; darksocial.agent('curl/8')", HEAVY),
        ("import darksocial.cli.main", HEAVY),
        ("import darksocial.drain", ("chdb", "flask", "granian", "pandas", "polars")),
        ("import tracker_server.app", ("chdb", "clickhouse_driver", "pyarrow", "pandas")),
        ("import tracker_server.server", ("chdb", "clickhouse_driver", "pyarrow", "pandas")),
    ],
)
def test_what_is_heavy_is_loaded_when_it_is_used(statement: str, absent: tuple[str, ...]) -> None:
    """A tracker worker never loads an engine, and a command's help needs none."""
    code = f"import sys; {statement}; print([name for name in {absent!r} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")
