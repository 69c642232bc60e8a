"""The rows of a frame of hits: which can be used, in one form, and why others cannot."""

from __future__ import annotations

import math
import re
from datetime import datetime, timezone
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from darksocial import frame_hints
from darksocial.errors import InputError
from darksocial.model import ANSWERS, FETCH_SITES, KINDS, METHODS, NAVIGATIONS

MOST_ROWS = 1 << 30

# Column: the words it may hold ("" is always allowed), or None for free text.
TEXTS: dict[str, tuple[str, ...] | None] = {
    "kind": KINDS,
    "url": None,
    "referrer": None,
    "user_agent": None,
    "visitor": None,
    "token": None,
    "parent": None,
    "method": METHODS,
    "navigation": NAVIGATIONS,
    "fetch_site": FETCH_SITES,
    "name": None,
    "answer": ANSWERS,
}
FLAGS = ("returning", "url_seen")
READ = ("ts", *TEXTS, *FLAGS, "value", *frame_hints.COLUMNS)

# Python 3.10 reads fewer forms by itself than the exports of other tools have.
_ISO = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?"
    r" ?(?:Z|z|UTC|([+-])(\d\d):?(\d\d)?)?)?"
)
_ADDRESS = r"^(?i:https?://[^/?#\\]|/)"
NO_TIME = (
    "ts is no time: give a timestamp, a number of seconds since 1970, or a text like "
    "2026-11-02T09:00:00Z"
)
LATEST = 4_102_444_800_000  # the year 2100: what is later was given in another unit
LATE = "ts lies after the year 2100: give seconds since 1970, not milliseconds or microseconds"
EARLIEST_SECONDS = 631_152_000  # the year 1990: an earlier number is another one, like 20261102
EARLY = "ts lies before the year 1990: give seconds since 1970, and a date as a text or a date"


def clean(table: pa.Table) -> tuple[pa.Table, pa.ChunkedArray]:
    """Return the usable rows in the order of time, and for every row its reason for refusal.

    The usable rows have the columns of the scratch table `frame`, and `position`: their place
    in the frame that came in.
    """
    for name in ("ts", "url"):
        if name not in table.column_names:
            raise InputError(
                f"The frame of hits has no column {name!r}: it needs at least ts (UTC) and url."
            )
    if table.num_rows >= MOST_ROWS:
        raise InputError(f"The frame has {table.num_rows:,} rows: {MOST_ROWS - 1:,} is the most.")
    columns = {name: _text(table, name) for name in TEXTS}
    columns["kind"] = pc.if_else(pc.equal(columns["kind"], ""), "pageview", columns["kind"])
    columns |= {name: _flag(table, name) for name in FLAGS}
    columns["ts"] = _milliseconds(table["ts"])
    columns["value"] = _number(table)
    sent = {name: _text(table, name) for name in frame_hints.COLUMNS if name in table.column_names}
    columns["hints"] = frame_hints.condensed(columns["user_agent"], sent)
    reasons = _reasons(columns, _odd_seconds(table["ts"]))
    columns["position"] = _count(table.num_rows)
    usable = pa.table(columns)
    if reasons.null_count < len(reasons):
        usable = usable.filter(pc.is_null(reasons))
    if not usable.num_rows:
        first = pc.drop_null(reasons)[0].as_py() if table.num_rows else "it has no rows"
        raise InputError(f"No row of the frame of hits can be used: {first}.")
    if not _in_order(usable["ts"]):  # else all texts would be copied for nothing
        usable = usable.sort_by([("ts", "ascending"), ("position", "ascending")])
    return usable.append_column("row", _count(usable.num_rows)), reasons


def _count(rows: int) -> pa.Array:
    return pa.array(np.arange(rows, dtype=np.uint32))


def _in_order(times: pa.ChunkedArray) -> bool:
    """Return whether no time lies before the one in front of it."""
    moments = times.combine_chunks()
    return pc.all(pc.less_equal(moments[:-1], moments[1:])).as_py() is not False


def _reasons(columns: dict[str, pa.ChunkedArray], odd_seconds: Any) -> pa.ChunkedArray:
    """Return why each row is refused, or null; in a column, null stands for what is no such."""
    reasons = _refuse(odd_seconds, pc.is_null(columns["ts"]), NO_TIME)
    for name in TEXTS:
        reasons = _refuse(reasons, pc.is_null(columns[name]), f"{name} is no text in UTF-8")
    for name in FLAGS:
        reasons = _refuse(reasons, pc.is_null(columns[name]), f"{name} is neither true nor false")
    reasons = _refuse(reasons, pc.is_null(columns["value"]), "value is no number")
    reasons = _refuse(reasons, pc.equal(columns["url"], ""), "url is empty")
    odd = pc.invert(pc.match_substring_regex(columns["url"], _ADDRESS))
    reasons = _refuse(reasons, odd, "url is no address: it begins with http://, https:// or /")
    for name, words in TEXTS.items():
        if words:
            odd = pc.invert(pc.is_in(columns[name], pa.array(["", *words])))
            reasons = _refuse(reasons, odd, f"{name} is none of {', '.join(words)}")
    return reasons


def _refuse(reasons: Any, where: Any, reason: str) -> Any:
    where = pc.and_(pc.is_null(reasons), pc.fill_null(where, False))
    return pc.if_else(where, reason, reasons)


def _text(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return a column that may be missing as texts; null where bytes are none."""
    if name not in table.column_names:
        return pa.chunked_array([pa.repeat(pa.scalar(""), table.num_rows)])
    column = table[name]
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        if _is_bytes(column.type):
            return pa.chunked_array([pa.array(map(_decoded, column.to_pylist()), pa.string())])
        return pc.fill_null(column.cast(pa.string()), "")
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(f"The column {name!r} of the hits holds no texts: {error}.") from error


def _decoded(data: bytes | None) -> str | None:
    try:
        return (data or b"").decode()
    except UnicodeDecodeError:
        return None


def _flag(table: pa.Table, name: str) -> pa.ChunkedArray:
    """Return "1", "0" or "" for a boolean column that may be missing; null for other words."""
    lower = pc.utf8_lower(_text(table, name))
    true = pc.is_in(lower, pa.array(["1", "true", "1.0", "yes"]))
    false = pc.is_in(lower, pa.array(["0", "false", "0.0", "no"]))
    known = pc.if_else(pc.equal(lower, ""), "", pa.scalar(None, pa.string()))
    return pc.if_else(true, "1", pc.if_else(false, "0", known))


def _number(table: pa.Table) -> pa.ChunkedArray:
    """Return the amounts, 0 where there is none; null for a text that is no number."""
    if "value" not in table.column_names:
        return pa.chunked_array([pa.repeat(pa.scalar(0.0), table.num_rows)])
    column = table["value"]
    try:
        if pa.types.is_dictionary(column.type) or _is_text(column.type):
            texts = _text(table, "value").to_pylist()
            return pa.chunked_array([pa.array(map(_parse_number, texts), pa.float64())])
        return pc.fill_null(column.cast(pa.float64()), 0.0)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise InputError(f"The column 'value' of the hits holds no numbers: {error}.") from error


def _parse_number(text: str | None) -> float | None:
    try:
        number = float(text or 0)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _odd_seconds(column: pa.ChunkedArray) -> Any:
    """Return why numbers of seconds lead to times that nobody has seen, or null."""
    none = pa.scalar(None, pa.string())
    if not (pa.types.is_integer(column.type) or pa.types.is_floating(column.type)):
        return pa.chunked_array([pa.repeat(none, len(column))])
    seconds = column.cast(pa.float64(), safe=False)
    late = pc.and_(pc.is_finite(seconds), pc.greater_equal(seconds, LATEST / 1000))
    early = pc.and_(pc.greater(seconds, 0), pc.less(seconds, EARLIEST_SECONDS))
    reasons = pc.if_else(pc.fill_null(early, False), EARLY, none)
    return pc.if_else(pc.fill_null(late, False), LATE, reasons)


def _milliseconds(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return times as milliseconds since 1970; null where there is none to use."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if _is_text(column.type):
        texts = column.cast(pa.string()).to_pylist()
        column = pa.chunked_array([pa.array(map(_parse_time, texts), pa.int64())])
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.timestamp("ms", column.type.tz), safe=False).cast(pa.int64())
    elif pa.types.is_date(column.type):
        column = column.cast(pa.timestamp("ms")).cast(pa.int64())
    elif pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        column = pc.multiply(column.cast(pa.float64(), safe=False), 1000.0)
        column = pc.if_else(pc.is_finite(column), column, None).cast(pa.int64(), safe=False)
    elif pa.types.is_null(column.type):
        column = column.cast(pa.int64())
    else:
        raise InputError(f"The column 'ts' of the hits holds no times but {column.type}.")
    usable = pc.and_(pc.greater(column, 0), pc.less(column, LATEST))
    return pc.if_else(usable, column, pa.scalar(None, pa.int64()))


def _is_bytes(kind: pa.DataType) -> bool:
    return any(
        (pa.types.is_binary(kind), pa.types.is_large_binary(kind), pa.types.is_binary_view(kind))
    )


def _is_text(kind: pa.DataType) -> bool:
    return any(
        (pa.types.is_string(kind), pa.types.is_large_string(kind), pa.types.is_string_view(kind))
    )


def _parse_time(text: str | None) -> int | None:
    """Return the milliseconds of an ISO 8601 text; without an offset it is UTC."""
    match = _ISO.fullmatch((text or "").strip())
    if not match:
        return None
    day, clock, fraction, sign, hours, minutes = match.groups()
    try:
        moment = datetime.fromisoformat(f"{day}T{clock or '00:00'}").replace(tzinfo=timezone.utc)
    except ValueError:
        return None
    offset = int(f"{sign or ''}1") * (int(hours or 0) * 3600 + int(minutes or 0) * 60)
    return (int(moment.timestamp()) - offset) * 1000 + int((fraction or "").ljust(3, "0")[:3])
