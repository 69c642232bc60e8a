"""One suite for every engine: what goes in comes out, and what differs is made equal."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pyarrow as pa
import pytest

from darksocial.errors import StoreError
from darksocial.store import migrations
from darksocial.store.protocol import Session, Store


def test_values_come_back_as_they_went_in(session: Session) -> None:
    values = {
        "text": "it's a \\ back\tslash\nand %(none)s 100 % ünïcödé \0 end",
        "number": 2**64 - 1,
        "fraction": 0.1,
        "day": date(2026, 10, 25),
        "moment": datetime(2026, 10, 25, 1, 30, tzinfo=timezone.utc),
        "texts": ["a'b", ""],
        "nothing": None,
    }
    row = session.query(
        "SELECT %(text)s AS text, %(number)s AS number, %(fraction)s AS fraction, %(day)s AS day,"
        " %(moment)s AS moment, %(texts)s AS texts, %(nothing)s AS nothing",
        **values,
    ).to_pylist()[0]
    assert row == values | {"moment": int(values["moment"].timestamp())}


def test_infinities_and_empty_results_are_the_same_everywhere(session: Session) -> None:
    row = session.query("SELECT 1 / 0 AS plus, -1 / 0 AS minus, toUInt8(1 = 1) AS yes")
    assert row.to_pylist() == [{"plus": float("inf"), "minus": float("-inf"), "yes": 1}]
    empty = session.query("SELECT 'a' AS text, toUInt64(1) AS n WHERE 0 = 1")
    assert empty.num_rows == 0
    assert empty.column_names == ["text", "n"]


def test_rows_are_inserted_by_column_name(session: Session) -> None:
    session.execute("CREATE TEMPORARY TABLE some (a UInt64, b String, c Float64)")
    session.insert("some", pa.table({"b": ["x", "y"], "a": pa.array([1, 2], pa.uint64())}))
    assert session.query("SELECT * FROM some ORDER BY a").to_pylist() == [
        {"a": 1, "b": "x", "c": 0.0},
        {"a": 2, "b": "y", "c": 0.0},
    ]


def test_temporary_tables_belong_to_their_session(store: Store) -> None:
    with store.session() as one, store.session() as other:
        one.execute("CREATE TEMPORARY TABLE mine (a UInt64)")
        with pytest.raises(StoreError):
            other.query("SELECT * FROM mine")


def test_an_error_shows_the_statement_that_failed(session: Session) -> None:
    with pytest.raises(StoreError, match="SELECT nonsense"):
        session.query("SELECT nonsense")


def test_migrations_run_once(session: Session) -> None:
    known = {migration.number for migration in migrations.known()}
    done = migrations.applied(session)
    assert done <= known
    assert 1 in done
    assert migrations.apply(session) == []
