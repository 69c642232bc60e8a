"""What the statements may not do: use names of others, words of new engines, or too many lines."""

from __future__ import annotations

import re

import pytest
from engines import ROOT

from darksocial import classification, enrichment, frames
from darksocial.store import migrations
from darksocial.store.sql import statement

FOLDER = ROOT / "darksocial" / "store" / "sql"
NAMES = sorted(
    path.relative_to(FOLDER).with_suffix("").as_posix() for path in FOLDER.rglob("*.sql")
)
# What runs in the process's own chDB, whatever the store is.
OWN_ENGINE = ("enrich/", "drain/records", "drain/raw", "import/")
# Reading a log's lines is one statement with many parts.
LONG = ("import/lines",)
LONGEST = 70
# fmt: off
LACKING = (
    r"\bWITH\b", r"\bOVER\s*\(", "JSONExtract", "DateTime64", "toStartOfInterval", "ASOF",
    r"\{\w+:\w+\}", "base64Encode", r"\bEXCEPT\s*\(", "CODEC", "TTL",
)
# fmt: on
SCHEMA = "".join(migration.script for migration in migrations.known())
SCHEMA += statement("migrations/table")


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(OWN_ENGINE)])
def test_no_statement_needs_what_old_engines_lack(name: str) -> None:
    text = re.sub(r"--.*", "", statement(name))
    assert [word for word in LACKING if re.search(word, text)] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name not in LONG])
def test_every_statement_can_be_read_at_once(name: str) -> None:
    lines = statement(name).splitlines()
    assert len(lines) <= LONGEST
    assert max(map(len, lines)) <= 120


def test_scratch_tables_never_bear_the_name_of_a_table() -> None:
    """An engine that finds no temporary table of a name would drop the store's own."""
    tables = set(re.findall(r"CREATE TABLE IF NOT EXISTS (\w+)", SCHEMA))
    made = re.findall(r"CREATE TEMPORARY TABLE (\w+)", "".join(map(statement, NAMES)))
    scratch = {*enrichment.TABLES, *classification.STEPS, *made}
    assert {"hits", "visits", "segments"} <= tables
    assert scratch & tables == set()


def test_every_temporary_table_of_a_computation_is_let_go() -> None:
    for folder, known in (
        ("reclassify/", classification.STEPS),
        ("enrich/", enrichment.TABLES),
    ):
        texts = "".join(statement(name) for name in NAMES if name.startswith(folder))
        assert set(re.findall(r"CREATE TEMPORARY TABLE (\w+)", texts)) <= set(known)


def test_frames_use_tables_of_the_schema() -> None:
    for table in frames.TABLES:
        assert f"CREATE TABLE IF NOT EXISTS {table}\n" in SCHEMA
