"""Statements are files: each is used, explains itself, and gets every value that it asks for."""

from __future__ import annotations

import re
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from darksocial.errors import StoreError
from darksocial.store import migrations
from darksocial.store.sql import Name, literal, render, split, statement

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "darksocial" / "store" / "sql"
FILES = sorted(FOLDER.rglob("*.sql"))
NAMES = [path.relative_to(FOLDER).with_suffix("").as_posix() for path in FILES]
CODE = "\n".join(path.read_text("utf-8") for path in (ROOT / "darksocial").rglob("*.py"))
PARAMETER = re.compile(r"%\((\w+)\)s")

each = pytest.mark.parametrize("name", NAMES)


@each
def test_every_statement_is_used(name: str) -> None:
    folder, _, last = name.rpartition("/")
    direct = f'"{name}"' in CODE
    chosen = f'statement(f"{folder}/{{' in CODE and re.search(rf'"{last}"', CODE)
    assert direct or chosen


def test_every_statement_that_the_code_names_exists() -> None:
    assert set(re.findall(r'statement\("([^"]+)"\)', CODE)) <= set(NAMES)


NUMBERED = re.compile(r"`(\w+_)` and its name")  # a family of parameters


def header(name: str) -> str:
    """Return the comment at the top of a statement as running text."""
    found = []
    for line in statement(name).splitlines():
        if not line.startswith("--"):
            break
        found.append(line[2:].strip())
    return " ".join(found)


@each
def test_every_statement_says_what_it_is_and_what_it_takes(name: str) -> None:
    said = header(name)
    assert said.endswith(".")
    wanted = set(PARAMETER.findall(statement(name)))
    assert not wanted or "arameters: " in said
    # An import's patterns and fields come in numbers; their headers say where they stand.
    if not name.startswith("import/"):
        family = tuple(NUMBERED.findall(said))
        named = said + " ".join(name for name in wanted if name.startswith(family))
        assert {parameter for parameter in wanted if parameter not in named} == set()


@each
def test_every_statement_is_one(name: str) -> None:
    lines = statement(name).splitlines()
    body = "\n".join(line for line in lines if not line.lstrip().startswith("--"))
    assert body.strip()
    assert ";" not in re.sub(r"'[^']*'", "", body)


@each
def test_a_statement_without_one_of_its_values_is_an_error(name: str) -> None:
    text = statement(name)
    wanted = sorted(set(PARAMETER.findall(text)))
    for missing in wanted:
        values: dict[str, Any] = {"nothing else": 0, **dict.fromkeys(wanted, 1)}
        del values[missing]
        with pytest.raises(StoreError, match=f"needs a value for '{missing}'"):
            render(text, values)
    if wanted:
        rendered = render(text, dict.fromkeys(wanted, 1))
        assert not PARAMETER.search(rendered)


LITERALS = [
    (None, "NULL"),
    ("it's", "'it\\'s'"),
    ("a\\b", "'a\\\\b'"),
    ("a\nb\tc\r\0", "'a\\nb\\tc\\r\\0'"),
    ("%(site)s", "'%(site)s'"),
    ("", "''"),
    (True, "1"),
    (False, "0"),
    (-3, "-3"),
    (0.5, "0.5"),
    (date(2026, 2, 3), "toDate('2026-02-03')"),
    (
        datetime.fromisoformat("2026-02-03T04:05:06+02:00"),
        "toDateTime('2026-02-03 02:05:06', 'UTC')",
    ),
    (["a", 1], "['a', 1]"),
    ([], "[]"),
    (("a", "b'"), "('a', 'b\\'')"),
    (Name("visits"), "visits"),
    (Name("darksocial.visits"), "darksocial.visits"),
]


@pytest.mark.parametrize(("value", "text"), LITERALS)
def test_values_become_literals(value: Any, text: str) -> None:
    assert literal(value) == text


NO_LITERALS = [float("nan"), float("inf"), (), {"a": 1}, b"bytes", object(), datetime(2026, 1, 1)]


@pytest.mark.parametrize("value", NO_LITERALS, ids=lambda value: type(value).__name__)
def test_what_no_statement_can_hold_is_refused(value: Any) -> None:
    with pytest.raises(StoreError):
        literal(value)


@pytest.mark.parametrize("text", ["", "a b", "a;b", "1a", "a.b.c", "a-b", "a)", "ä", "a\n"])
def test_what_is_no_name_is_refused(text: str) -> None:
    with pytest.raises(StoreError, match="no name for a table"):
        Name(text)


def test_a_value_is_never_taken_for_a_parameter() -> None:
    sql = "SELECT %(a)s, %(b)s"
    assert render(sql, {"a": "%(b)s", "b": "%(a)s"}) == "SELECT '%(b)s', '%(a)s'"


def test_a_script_is_split_where_its_statements_end() -> None:
    script = "-- What; and why.\nCREATE TABLE a (b String);\n\n-- More\nSELECT ';' AS c;\nSELECT 1"
    assert list(split(script)) == ["CREATE TABLE a (b String)", "SELECT ';' AS c", "SELECT 1"]


def test_migrations_are_numbered_without_gaps_and_repeatable() -> None:
    known = migrations.known()
    assert [migration.number for migration in known] == list(range(1, len(known) + 1))
    for migration in known:
        for text in split(migration.script):
            created = re.match(r"CREATE (?:TABLE|MATERIALIZED VIEW) (.*)", text)
            assert not created or created[1].startswith("IF NOT EXISTS "), text[:60]


def test_times_are_rendered_in_utc() -> None:
    moment = datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc)
    assert literal(moment) == "toDateTime('2026-10-25 01:30:00', 'UTC')"
