"""The SQL in its files: each is used, says what it is, and stays small enough to read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from engines import ROOT

from darksocial import enrichment, frames, reclassification
from darksocial.store import migrations
from darksocial.store.sql import split, statement

STORE = ROOT / "darksocial" / "store"
FILES = sorted((STORE / "sql").glob("*/*.sql"))
NAMES = [f"{path.parent.name}/{path.stem}" for path in FILES]
SOURCES = [
    path.read_text(encoding="utf-8")
    for folder in ("darksocial", "tracker_server")
    for path in sorted((ROOT / folder).rglob("*.py"))
]
LONGEST = 70
# Reading a log's lines is one statement with many parts.
LONG = ("import/lines",)
FOLDERS = "|".join(sorted({path.parent.name for path in FILES}))
ASKED = re.compile(rf"\"((?:{FOLDERS})/[a-z_{{}}]+)\"")
# What runs in the process's own chDB, whatever the store is.
OWN_ENGINE = ("enrich/", "drain/records", "drain/raw", "import/")
PARAMETER = re.compile(r"%\((\w+)\)s")
# fmt: off
LACKING = (
    r"\bWITH\b", r"\bOVER\s*\(", "JSONExtract", "DateTime64", "toStartOfInterval", "ASOF",
    r"\{\w+:\w+\}", "base64Encode", r"\bEXCEPT\s*\(", "CODEC", "TTL",
)
# fmt: on


def asked() -> list[re.Pattern[str]]:
    """The names that the code asks for; a part in braces stands for any word."""
    names = {name for source in SOURCES for name in ASKED.findall(source)}
    return [re.compile(re.sub(r"\{\w+\}", "[a-z_]+", name)) for name in names]


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_is_used(name: str) -> None:
    assert any(pattern.fullmatch(name) for pattern in asked())


def test_every_statement_that_is_asked_for_exists() -> None:
    assert [p.pattern for p in asked() if not any(map(p.fullmatch, NAMES))] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_begins_with_what_it_is(name: str) -> None:
    lines = statement(name).splitlines()
    assert re.match(r"-- \S.{10,}", lines[0])
    header = "\n".join(line for line in lines if line.startswith("--"))
    if PARAMETER.search(statement(name)):
        assert "Parameters: " in header


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("import/")])
def test_the_header_names_every_parameter(name: str) -> None:
    header = re.findall(r"(?m)^--.*", statement(name))
    said = set(re.findall(r"\w+", "".join(header)))
    assert set(PARAMETER.findall(statement(name))) - said == set()


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_is_one_and_short(name: str) -> None:
    text = statement(name)
    assert name in LONG or len(text.splitlines()) <= LONGEST
    assert len(list(split(text))) == 1
    assert max(map(len, text.splitlines())) <= 120


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(OWN_ENGINE)])
def test_no_statement_needs_what_old_engines_lack(name: str) -> None:
    text = re.sub(r"--.*", "", statement(name))
    for word in LACKING:
        assert not re.search(word, text), word


def test_migrations_say_what_they_make() -> None:
    numbers = [migration.number for migration in migrations.known()]
    assert numbers == list(range(1, len(numbers) + 1))
    for migration in migrations.known():
        assert migration.script.startswith("-- ")
        assert list(split(migration.script))


def test_scratch_tables_never_bear_the_name_of_a_table() -> None:
    """An engine that finds no temporary table of a name would drop the store's own."""
    script = "".join(migration.script for migration in migrations.known())
    script += statement("migrations/table")
    tables = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", script))
    scratch = {
        *enrichment.TABLES,
        *reclassification.STEPS,
        *re.findall(r"CREATE TEMPORARY TABLE (\w+)", "".join(map(statement, NAMES))),
    }
    assert {"hits", "visits", "segments"} <= tables
    assert scratch & tables == set()


def test_frames_use_tables_of_the_schema() -> None:
    script = "".join(migration.script for migration in migrations.known())
    for table in frames.TABLES:
        assert f"CREATE TABLE IF NOT EXISTS {table}\n" in script


def test_every_file_of_the_folder_is_a_statement() -> None:
    odd = [path for path in (STORE / "sql").rglob("*") if path.is_file() and path not in FILES]
    assert odd == []
    assert all(isinstance(path, Path) for path in FILES)
