"""One suite for every engine: what goes in comes out, and what differs is made equal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
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


def test_half_a_character_becomes_a_question_mark(session: Session) -> None:
    """An argument of a command line may hold bytes that are no UTF-8."""
    assert session.query("SELECT %(text)s AS text", text="a\udcffb")["text"][0].as_py() == "a?b"


def test_migrations_may_run_again_over_data(session: Session) -> None:
    """As after a crash between a migration and the note of it."""
    session.execute("INSERT INTO hits (site, id, path) SELECT 'again.example', 7, '/a'")
    session.execute("TRUNCATE TABLE migrations")
    assert 1 in [migration.number for migration in migrations.apply(session)]
    assert migrations.apply(session) == []
    kept = "SELECT DISTINCT id, path FROM hits WHERE site = 'again.example'"
    assert session.query(kept).to_pylist() == [{"id": 7, "path": "/a"}]


def test_sessions_work_in_parallel(store: Store) -> None:
    """Each with temporary tables of its own, which bear the same name."""

    def work(number: int) -> int:
        with store.session() as session:
            session.execute("CREATE TEMPORARY TABLE own (n UInt64)")
            for _ in range(5):
                session.insert("own", pa.table({"n": pa.array([number], pa.uint64())}))
            return int(session.query("SELECT sum(n) AS n FROM own")["n"][0].as_py())

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(work, range(12))) == [5 * number for number in range(12)]


def test_a_session_goes_on_after_a_refused_statement(session: Session) -> None:
    for statement in ("SELECT nonsense", "SELECT 1 FROM nowhere", "not even SQL", "SELECT 'open"):
        with pytest.raises(StoreError):
            session.query(statement)
    with pytest.raises(StoreError):
        session.insert("nowhere", pa.table({"a": pa.array([1], pa.uint64())}))
    session.execute("CREATE TEMPORARY TABLE mine (a UInt64)")
    session.insert("mine", pa.table({"a": pa.array([1], pa.uint64())}))
    assert session.query("SELECT a FROM mine")["a"].to_pylist() == [1]


def test_closing_twice_is_no_trouble(store: Store) -> None:
    session = store.session()
    session.close()
    session.close()


def test_no_rows_can_be_inserted(session: Session) -> None:
    session.execute("CREATE TEMPORARY TABLE mine (a UInt64, t DateTime('UTC'))")
    session.insert("mine", pa.table({"a": pa.array([], pa.uint64())}))
    assert session.query("SELECT * FROM mine").num_rows == 0


def test_many_rows_come_back_as_they_went_in(session: Session) -> None:
    session.execute("CREATE TEMPORARY TABLE mine (n UInt64, text String, at DateTime('UTC'))")
    numbers = [2**63 + number for number in range(50_000)]
    rows = pa.table(
        {
            "n": pa.array(numbers, pa.uint64()),
            "text": [f"{number} ü\t'\\" for number in numbers],
            "at": pa.array([number % 10**9 for number in numbers], pa.uint32()),
        }
    )
    session.insert("mine", rows)
    back = session.query("SELECT n, text, at FROM mine ORDER BY n")
    assert back["n"].to_pylist() == numbers
    assert back["text"].to_pylist() == rows["text"].to_pylist()
    assert back["at"].to_pylist() == rows["at"].to_pylist()
