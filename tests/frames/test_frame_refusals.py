"""Rows and frames that cannot be used: refused in one sentence, and no other row with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from frame_rows import PAGE, SECONDS, columns_of, hit

import darksocial as ds
from darksocial.errors import InputError

# Frames share the engine of an open store; opening one for each would be most of the work.
pytestmark = pytest.mark.usefixtures("embedded_store")


BAD_ROWS = [
    ({"url": ""}, "url is empty"),
    ({"url": None}, "url is empty"),
    ({"url": "nope"}, "url is no address"),
    ({"url": "javascript:x"}, "url is no address"),
    ({"url": "5"}, "url is no address"),
    ({"url": "https://"}, "url is no address"),
    ({"value": "x"}, "value is no number"),
    ({"value": "nan"}, "value is no number"),
    ({"returning": "maybe"}, "returning is neither true nor false"),
    ({"kind": "view"}, "kind is none of pageview, share"),
    ({"method": "shout"}, "method is none of copy"),
    ({"navigation": "typed"}, "navigation is none of navigate"),
    ({"fetch_site": "foreign"}, "fetch_site is none of none"),
    ({"answer": "perhaps"}, "answer is none of shared"),
]


def test_bad_rows_are_refused_with_their_reasons_and_the_others_kept() -> None:
    bad = [hit(n + 1, f"v{n}", **{"url": PAGE, **row[0]}) for n, row in enumerate(BAD_ROWS)]
    good = hit(0, value="1.5", returning="yes")
    result = ds.reclassify(pa.Table.from_pylist(columns_of([good, *bad])))
    assert [row["visitor"] for row in result.visits.to_pylist()] == ["ann"]
    refused = result.refused.to_pylist()
    assert [row["visitor"] for row in refused] == [row["visitor"] for row in bad]
    for row, (_, reason) in zip(refused, BAD_ROWS, strict=True):
        assert row["reason"].startswith(reason)


def test_bytes_that_are_no_text_cost_no_other_row() -> None:
    urls = pa.array([PAGE.encode(), b"https://a.example/\xff", None, b"/path"], pa.binary())
    table = pa.table({"ts": [SECONDS + n for n in range(4)], "url": urls, "visitor": list("abcd")})
    result = ds.reclassify(table)
    assert result.visits["visitor"].to_pylist() == ["a", "d"]
    assert result.refused.select(["visitor", "reason"]).to_pylist() == [
        {"visitor": "b", "reason": "url is no text in UTF-8"},
        {"visitor": "c", "reason": "url is empty"},
    ]


NOTHING = [
    (pd.DataFrame(), "'ts'"),
    (pd.DataFrame({"ts": [SECONDS]}), "'url'"),
    (pd.DataFrame({"url": [PAGE]}), "'ts'"),
    (pd.DataFrame({"ts": pd.to_datetime([]), "url": []}), "no rows"),
    (pa.table({"ts": pa.array([], pa.int64()), "url": pa.array([], pa.string())}), "no rows"),
    (pl.DataFrame({"ts": [], "url": []}), "no rows"),
    (pa.table({"ts": pa.nulls(2), "url": [PAGE, PAGE]}), "ts is no time"),
    (pd.DataFrame({"ts": [True], "url": [PAGE]}), "holds no times but bool"),
    (pa.table({"ts": [SECONDS], "url": [[PAGE]]}), "'url' of the hits holds no texts"),
    (pa.table({"ts": [SECONDS], "url": [b"\xff"]}), "url is no text in UTF-8"),
    (pa.table({"ts": [SECONDS], "url": [PAGE], "value": ["dear"]}), "value is no number"),
    (pa.table({"ts": [SECONDS], "url": [PAGE], "value": [[1]]}), "'value' of the hits"),
    (pa.table({"ts": [SECONDS * 1000], "url": [PAGE]}), "give seconds since 1970"),
    (pd.DataFrame([hit(channel="mine")]), "has channel, which reclassify adds: rename"),
    (pl.DataFrame([hit(pages=1, reason="x")]), "has pages and reason, which"),
    (pa.Table.from_pylist([hit(probability=1.0)]), "has probability, which"),
    (pd.DataFrame([[SECONDS, PAGE, PAGE]], columns=["ts", "url", "url"]), "'url' twice"),
    (pa.table([[SECONDS], [PAGE], [PAGE]], names=["ts", "url", "url"]), "'url' twice"),
    ([hit()], "list"),
    (None, "NoneType"),
]


@pytest.mark.parametrize(("frame", "part"), NOTHING)
def test_a_frame_that_cannot_be_used_is_refused_in_one_sentence(frame: Any, part: str) -> None:
    with pytest.raises(InputError) as caught:
        ds.reclassify(frame)
    assert part in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_column_of_several_types_is_named() -> None:
    frame = pd.DataFrame([hit(0), hit(1)]).assign(visitor=["ann", 7])
    with pytest.raises(InputError, match="'visitor' of the hits holds values of several types"):
        ds.reclassify(frame)


def test_half_a_character_is_named() -> None:
    agents = pd.Series(["Firefox", "\ud83d"], dtype=object)
    frame = pd.DataFrame([hit(0), hit(1)]).assign(user_agent=agents)
    with pytest.raises(InputError, match="'user_agent' of the hits holds a text with half a char"):
        ds.reclassify(frame)


@pytest.mark.parametrize("value", [None, 5, float("nan"), b"https://a.example/"])
@pytest.mark.parametrize("ask", [ds.agent, ds.referrer])
def test_what_is_no_text_is_one_sentence(ask: Callable[[Any], Any], value: Any) -> None:
    with pytest.raises(InputError, match=f"is a text, not {type(value).__name__}"):
        ask(value)


def test_a_lazy_frame_is_told_to_collect() -> None:
    with pytest.raises(InputError, match=r"\.collect\(\)"):
        ds.reclassify(pl.LazyFrame([hit()]))
