"""The rules over whole columns: as over single values, whatever the column is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import darksocial as ds

AGENTS = ["TelegramBot (like TwitterBot)", None, "WhatsApp/2", "", "TelegramBot (like TwitterBot)"]
REFERRERS = ["https://web.whatsapp.com/", "https://x.example/", None, "https://web.whatsapp.com/"]

MAKERS: list[Callable[[list[str | None]], Any]] = [
    list,
    pa.array,
    lambda values: pa.array(values).dictionary_encode(),
    lambda values: pa.chunked_array([values[:2], values[2:]]),
    lambda values: pa.chunked_array(
        [pa.array(values[:2]).dictionary_encode(), pa.array(values[2:]).dictionary_encode()]
    ),
    lambda values: pa.chunked_array([pa.array(values)[1:3], pa.array(values)[3:]]).combine_chunks(),
    pd.Series,
    pl.Series,
]


@pytest.mark.parametrize("make", MAKERS)
def test_a_column_of_agents_is_asked_as_single_agents_are(make: Callable[..., Any]) -> None:
    column = make(AGENTS)
    expected = [
        asdict(ds.agent(text or "")) for text in (AGENTS[1:] if len(column) == 4 else AGENTS)
    ]
    assert ds.agents(column).to_pylist() == expected


@pytest.mark.parametrize("make", [MAKERS[0], MAKERS[2], MAKERS[4], MAKERS[7]])
def test_a_column_of_referrers_is_asked_as_single_referrers_are(make: Callable[..., Any]) -> None:
    expected = [asdict(ds.referrer(text or "")) for text in REFERRERS]
    assert ds.referrers(make(REFERRERS)).to_pylist() == expected


@pytest.mark.parametrize(
    "column", [[], pa.array([], pa.string()), pa.chunked_array([], pa.string())]
)
def test_nothing_asked_is_nothing_answered(column: Any) -> None:
    table = ds.agents(column)
    assert (table.num_rows, table.column_names[:2]) == (0, ["kind", "application"])


def test_missing_values_are_empty_ones() -> None:
    table = ds.agents(pa.array([None, None]))
    assert table["kind"].to_pylist() == ["bot", "bot"]
    assert ds.referrers(pa.array([None], pa.string()))["kind"].to_pylist() == [None]
