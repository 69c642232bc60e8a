"""The rules over whole columns: each distinct value is asked once.

A column is an Arrow array, plain, chunked or dictionary-encoded, or what pyarrow makes one of:
a pandas or polars series, a list. The answer is an Arrow table, row by row, whose columns are
dictionary-encoded: a row costs four bytes, however long its agent was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple, fields
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from darksocial.rules import agents, referrers

_AGENT = tuple(field.name for field in fields(agents.Agent))
_REFERRER = tuple(field.name for field in fields(referrers.Referrer))


def resolve_agents(column: Any) -> pa.Table:
    """Return the fields of `agents.Agent` for each user agent; a missing one is an empty one."""
    return _resolve(column, _AGENT, lambda text: astuple(agents.resolve(text)))


def resolve_referrers(column: Any) -> pa.Table:
    """Return the fields of `referrers.Referrer` for each referrer; a missing one is none."""
    return _resolve(column, _REFERRER, lambda text: astuple(referrers.resolve(text)))


def _resolve(
    column: Any, names: Sequence[str], answer: Callable[[str], tuple[str | None, ...]]
) -> pa.Table:
    encoded = _encoded(column)
    texts = encoded.dictionary.to_pylist()
    missing = encoded.indices.null_count > 0 or None in texts
    rows = [answer(text or "") for text in texts]
    indices = encoded.indices
    if missing:
        rows.append(answer(""))
        indices = pc.fill_null(indices, pa.scalar(len(texts), indices.type))
    values = list(zip(*rows, strict=True)) or [()] * len(names)
    return pa.table({name: _named(indices, part) for name, part in zip(names, values, strict=True)})


def _encoded(column: Any) -> pa.DictionaryArray:
    if hasattr(column, "to_arrow"):  # polars
        column = column.to_arrow()
    if not isinstance(column, pa.Array | pa.ChunkedArray):
        column = pa.array(column)
    if pa.types.is_null(column.type):
        column = column.cast(pa.string())
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    if isinstance(column, pa.ChunkedArray):
        empty = pa.array([], column.type)
        column = column.chunk(0) if column.num_chunks else empty
    indices = column.indices
    return pa.DictionaryArray.from_arrays(indices.cast(pa.int32()), column.dictionary)


def _named(indices: pa.Array, values: Sequence[str | None]) -> pa.DictionaryArray:
    """Return a column of few values: equal ones share a place, a missing one stays missing."""
    places: dict[str | None, int] = {None: 0}
    moved = [places.setdefault(value, len(places)) for value in values]
    dictionary = pa.array([None, *list(places)[1:]], pa.string())
    if not moved:
        return pa.DictionaryArray.from_arrays(indices, pa.array([], pa.string()))
    return pa.DictionaryArray.from_arrays(pa.array(moved, pa.int32()).take(indices), dictionary)
