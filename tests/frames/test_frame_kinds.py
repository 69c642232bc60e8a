"""Frames of three kinds in, frames of the same kind out, whatever their columns hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from frame_rows import FIREFOX, NOON, PAGE, SECONDS, columns_of, hit

import darksocial as ds
from darksocial.frame_rows import _flag

# Frames share the engine of an open store; opening one for each would be most of the work.
pytestmark = pytest.mark.usefixtures("embedded_store")


Make = Callable[[list[dict[str, Any]]], Any]


KINDS: dict[str, tuple[Make, type, Callable[[Any], list[dict[str, Any]]]]] = {
    "pandas": (pd.DataFrame, pd.DataFrame, lambda frame: frame.to_dict("records")),
    "polars": (pl.DataFrame, pl.DataFrame, lambda frame: frame.to_dicts()),
    "arrow": (pa.Table.from_pylist, pa.Table, lambda frame: frame.to_pylist()),
}


@pytest.fixture(params=list(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_a_frame_of_one_kind_gives_frames_of_the_same(kind: str) -> None:
    make, expected, as_rows = KINDS[kind]
    rows = columns_of([hit(0), hit(1, "bob", token="t1"), hit(2, "cyd", url="")])
    result = ds.reclassify(make(rows))
    assert isinstance(result.visits, expected)
    assert isinstance(result.refused, expected)
    assert [(row["visitor"], row["evidence"]) for row in as_rows(result.visits)] == [
        ("ann", "model"),
        ("bob", "token"),
    ]
    assert [(row["visitor"], row["reason"]) for row in as_rows(result.refused)] == [
        ("cyd", "url is empty")
    ]


def test_the_frame_that_came_in_is_not_changed(kind: str) -> None:
    make, _, as_rows = KINDS[kind]
    frame = make([hit(0), hit(1, "bob")])
    before = as_rows(frame)
    ds.reclassify(frame)
    assert as_rows(frame) == before


def test_an_index_is_kept() -> None:
    rows = [hit(1, "bob"), hit(0, "ann"), hit(2, "cyd"), hit(3, "dan", url="")]
    result = ds.reclassify(pd.DataFrame(rows, index=[7, 8, 9, 10]))
    assert dict(result.visits["visitor"]) == {8: "ann", 7: "bob", 9: "cyd"}
    assert list(result.visits.index) == [8, 7, 9]
    assert list(result.refused.index) == [10]
    same = pd.DataFrame(rows[:3], index=pd.Index([7, 7, 7], name="day"))
    found = ds.reclassify(same).visits
    assert list(found["visitor"]) == ["ann", "bob", "cyd"]
    assert found.index.equals(same.index)
    assert found.index.name == "day"


def test_texts_of_every_make_are_read() -> None:
    frame = pd.DataFrame(
        {
            "ts": pd.to_datetime([NOON, NOON, NOON, NOON]),
            "url": pd.Categorical([PAGE] * 4),
            "referrer": ["https://web.whatsapp.com/", None, np.nan, pd.NA],
            "visitor": pd.array(["ann", "bob", None, "dan"], dtype="string"),
            "user_agent": pd.Categorical([FIREFOX, None, FIREFOX, FIREFOX]),
            "value": [1.5, np.nan, None, 0],
        }
    )
    found = ds.reclassify(frame).visits
    assert list(found["evidence"]) == ["referrer", "model", "model", "model"]
    assert list(found["referrer"].isna()) == [False, True, True, True]
    large = pa.table(
        {
            "ts": [SECONDS],
            "url": pa.array([PAGE], pa.large_string()),
            "referrer": pa.array(["https://web.whatsapp.com/"]).dictionary_encode(),
            "visitor": pa.array([12345], pa.int64()),
            "token": pa.array([b"abc"], pa.binary()),
        }
    )
    assert ds.reclassify(large).visits["evidence"].to_pylist() == ["token"]


def test_unknown_columns_are_carried_through_whatever_they_hold() -> None:
    extra = {
        "tags": pa.array([["a", "b"], None]),
        "user": pa.array([{"id": 1, "plan": "free"}, {"id": 2, "plan": None}]),
        "price": pa.array([1, None], pa.decimal128(9, 2)),
        "seen": pa.array([b"\xff\x00", None]),
        "group": pa.array(["x", "y"]).dictionary_encode(),
        "id": pa.array([2**63, 2**64 - 1], pa.uint64()),
        "row": [10, 20],
        "position": [30, 40],
    }
    # The second hit comes first, so every column has to follow the order of time.
    table = pa.table({"ts": [SECONDS + 60, SECONDS], "url": [PAGE, PAGE + "2"], **extra})
    found = ds.reclassify(table).visits
    expected = table.take([1, 0])
    for name in table.column_names:
        assert found[name].combine_chunks() == expected[name].combine_chunks(), name
        assert found.schema.field(name).type == table.schema.field(name).type


def test_nested_columns_of_pandas_and_polars_are_carried_through() -> None:
    rows = [hit(0, tags=["a", "b"]), hit(1, "bob", tags=[])]
    assert [list(tags) for tags in ds.reclassify(pd.DataFrame(rows)).visits["tags"]] == [
        ["a", "b"],
        [],
    ]
    assert ds.reclassify(pl.DataFrame(rows)).visits["tags"].to_list() == [["a", "b"], []]


def test_sliced_and_chunked_tables_are_read_whole() -> None:
    rows = [hit(n, f"v{n}") for n in range(10)]
    table = pa.concat_tables([pa.Table.from_pylist(rows[:4]), pa.Table.from_pylist(rows[4:])])
    assert ds.reclassify(table.slice(2, 5)).visits["visitor"].to_pylist() == [
        f"v{n}" for n in range(2, 7)
    ]


def test_flags_may_be_booleans_numbers_or_texts() -> None:
    flags = {"yes": (True, 1, 1.0, "true", "1"), "no": (False, 0, 0.0, "FALSE", "0")}
    for word, values in flags.items():
        for value in values:
            table = pa.table({"returning": [value, None]})
            assert _flag(table, "returning").to_pylist() == ["1" if word == "yes" else "0", ""]


def test_columns_may_hold_what_arrow_has_no_type_for() -> None:
    marks = [object(), {1, 2}, "text"]
    rows = [hit(2, "cyd"), hit(0, "ann"), hit(1, "bob")]
    frame = pd.DataFrame(rows).assign(mark=marks, count=[3, 1, 2])
    found = ds.reclassify(frame).visits
    assert list(found["mark"]) == [marks[1], marks[2], marks[0]]
    assert list(found["count"]) == [1, 2, 3]
    assert found["count"].dtype == frame["count"].dtype
    assert found["ts"].dtype == frame["ts"].dtype
