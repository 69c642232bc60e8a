"""The kinds of frames that `reclassify` takes: what is read of each, and how rows come back.

Only the columns that mean something here are turned into Arrow. All others stay what they are,
in the frame that came in, so they may hold whatever that kind of frame can hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from darksocial.errors import InputError


@dataclass(frozen=True, slots=True)
class FrameKind:
    """`names` lists the columns, `column` gives one as Arrow, and `pick` returns a frame of the
    same kind: the rows at some positions, with the columns of a table beside them."""

    names: Callable[[Any], list[Any]]
    column: Callable[[Any, str], Any]
    pick: Callable[[Any, pa.Array | pa.ChunkedArray, pa.Table], Any]


def kind_of(frame: Any, holds: str = "hits") -> FrameKind:
    """Return the kind of a frame, or raise `InputError`; it `holds` hits."""
    if type(frame).__name__ == "LazyFrame":
        raise InputError("A LazyFrame has no rows yet: give reclassify its .collect().")
    name = "arrow" if isinstance(frame, pa.Table) else type(frame).__module__.partition(".")[0]
    if name not in KINDS or not hasattr(frame, "columns"):
        raise InputError(
            f"reclassify takes {holds} as a pandas or polars DataFrame or an Arrow table, "
            f"not {type(frame).__name__}."
        )
    return KINDS[name]


def columns(frame: Any, names: Iterable[str], holds: str = "hits") -> pa.Table:
    """Return those of the named columns that a frame has, as an Arrow table; it `holds` hits."""
    kind = kind_of(frame, holds)
    there = kind.names(frame)
    found = {}
    for name in names:
        if there.count(name) > 1:
            raise InputError(f"The frame of {holds} has the column {name!r} twice: rename one.")
        if name in there:
            found[name] = _as_arrow(kind, frame, name, holds)
    return pa.table(found)


def _as_arrow(kind: FrameKind, frame: Any, name: str, holds: str) -> Any:
    try:
        return kind.column(frame, name)
    except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
        raise InputError(
            f"The column {name!r} of the {holds} holds values of several types: give it one."
        ) from error
    except UnicodeEncodeError as error:
        raise InputError(
            f"The column {name!r} of the {holds} holds a text with half a character, which is no "
            "UTF-8: replace such texts."
        ) from error


def _pick_arrow(
    frame: pa.Table, positions: pa.Array | pa.ChunkedArray, added: pa.Table
) -> pa.Table:
    # Arrow cannot take rows of a string view yet.
    rows = frame.cast(pa.schema([_without_view(field) for field in frame.schema])).take(positions)
    kept = [place for place, name in enumerate(rows.column_names) if name not in added.column_names]
    rows = rows.select(kept)
    for name in added.column_names:
        rows = rows.append_column(name, added[name])
    return rows


def _without_view(field: pa.Field) -> pa.Field:
    return field.with_type(pa.large_string()) if pa.types.is_string_view(field.type) else field


def _pick_pandas(frame: Any, positions: pa.Array | pa.ChunkedArray, added: pa.Table) -> Any:
    import pandas

    kept = [name not in added.column_names for name in frame.columns]
    rows = frame.loc[:, kept].iloc[positions.to_numpy()]
    both = pandas.concat([rows.reset_index(drop=True), added.to_pandas()], axis=1)
    return both.set_index(rows.index)


def _pick_polars(frame: Any, positions: pa.Array | pa.ChunkedArray, added: pa.Table) -> Any:
    import polars

    rows = frame[polars.from_arrow(positions)]
    rows = rows.drop([name for name in added.column_names if name in frame.columns])
    return polars.concat([rows, polars.from_arrow(added)], how="horizontal")


KINDS = {
    "arrow": FrameKind(
        lambda frame: list(frame.column_names), lambda frame, name: frame[name], _pick_arrow
    ),
    "pandas": FrameKind(
        lambda frame: list(frame.columns),
        lambda frame, name: pa.Array.from_pandas(frame[name]),
        _pick_pandas,
    ),
    "polars": FrameKind(
        lambda frame: list(frame.columns),
        lambda frame, name: frame[name].to_arrow(),
        _pick_polars,
    ),
}
