"""Small cells are not shown to readers, on shared links and in their exports.

A cell that speaks of fewer than `minimum` visitors could single one of them out. Where rows count
`visitors`, these decide, else the visits. Rows below the minimum are put together in one row
"other"; where what is put together is still below it, the next smallest rows go along, since a
reader could otherwise subtract what is shown from the total. The same holds for the cells of
every further column, which become `None`. Nothing (0) is no small cell: it speaks of nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from darksocial.reports.model import Report

OTHER = "other"
# Figures that add up to another one, so that one alone could be found.
PARTS = (
    ("direct_that_was_dark_social", "direct_that_was_something_else", "still_direct"),
    ("tagged_visits", "halo_visits"),
    ("tagged_conversions", "halo_conversions"),
)
BASES = ("visitors", "visits", "clicks", "n")  # what a row counts, the first that it has
# Whole numbers that count no visitor: places in an order or on a scale, what is public, plans.
SCALES = (
    *("generation", "generations", "step", "hour", "weekday", "minute", "seconds", "expires"),
    *("posts", "likes", "comments", "public_shares", "target"),
)
SHARED_OUT = ("conversions",)  # counts that may be fractions, where credit is shared out
PERSONAL = "token"  # a row that has it speaks of one act of one person

Row = dict[str, Any]


def suppressed(report: Report, minimum: int) -> Report:
    """Return the report as readers may see it: `None` where a figure is too small."""
    summary = {name: _of_summary(name, value, minimum) for name, value in report.summary.items()}
    for names in PARTS:
        parts = [{"n": report.summary.get(name) or 0} for name in names]
        for place in _hidden(parts, "n", minimum):
            summary[names[place]] = None
    if any(summary[name] is None and report.summary[name] is not None for name in summary):
        summary = {name: _no_ratio(value) for name, value in summary.items()}
    return replace(report, rows=suppress(report.rows, minimum), summary=summary)


def suppress(rows: Sequence[Mapping[str, Any]], minimum: int) -> list[Row]:
    """Return rows without small cells, the small rows together in one at the end.

    Rows that have a `day` stay rows, so that a chart keeps its days; where one of their figures
    is small, only the first stays.
    """
    kept = [dict(row) for row in rows]
    base = _base(kept)
    if not base or minimum < 2:
        return kept
    if PERSONAL in kept[0]:
        return []
    if "day" in kept[0]:
        return [_whole(row, base) for row in _without_small_cells(kept, base, minimum)]
    hidden = _hidden(kept, base, minimum)
    shown = [row for place, row in enumerate(kept) if place not in hidden]
    shown += _together([kept[place] for place in sorted(hidden)], base, minimum)
    return [_without_parts(row) for row in _without_small_cells(shown, base, minimum)]


def _without_parts(row: Row) -> Row:
    """Return a row in which figures that add up stand only where all of them may."""
    gone = [names for names in PARTS if any(row.get(name, 0) is None for name in names)]
    return row | dict.fromkeys((name for names in gone for name in names), None)


def _base(rows: Sequence[Row]) -> str:
    """Return the column that says of how many people a row speaks, "" where none counts any."""
    counts = [name for name in rows[0] if _is_count(name, rows[0][name])] if rows else []
    return next((name for name in (*BASES, *counts) if name in counts), "")


def _hidden(rows: Sequence[Row], column: str, minimum: int) -> set[int]:
    """Return the places of small cells, and of as many others as keep these from being found."""
    counts = {place: row[column] for place, row in enumerate(rows) if row[column]}
    hidden = {place for place, count in counts.items() if count < minimum}
    rest = sorted((count, place) for place, count in counts.items() if place not in hidden)
    while hidden and rest and _sum(counts, hidden) < minimum:
        hidden.add(rest.pop(0)[1])
    return hidden


def _sum(counts: Mapping[int, float], places: set[int]) -> float:
    return sum(counts[place] for place in places)


def _together(rows: Sequence[Row], base: str, minimum: int) -> list[Row]:
    """Return the one row that stands for several, or none where even that is too small."""
    if not rows or sum(row[base] for row in rows) < minimum:
        return []
    texts = [name for name, value in rows[0].items() if isinstance(value, str)]
    whole: Row = {name: _added(name, [row[name] for row in rows]) for name in rows[0]}
    return [whole | dict.fromkeys(texts, "") | dict.fromkeys(texts[:1], OTHER)]


def _added(name: str, values: Sequence[Any]) -> Any:
    return sum(values) if all(_is_count(name, value) for value in values) else None


def _without_small_cells(rows: Sequence[Row], base: str, minimum: int) -> list[Row]:
    """Return rows without small cells; amounts and averages go where a count of their row goes."""
    counts = [name for name in rows[0] if _is_count(name, rows[0][name])] if rows else []
    gone = {name: _hidden(rows, name, minimum) for name in counts}
    return [
        _without(
            row,
            set(counts)
            if 0 < row[base] < minimum
            else {name for name in counts if place in gone[name]},
        )
        for place, row in enumerate(rows)
    ]


def _without(row: Row, gone: set[str]) -> Row:
    return {
        name: None if name in gone or (gone and isinstance(value, float)) else value
        for name, value in row.items()
    }


def _whole(row: Row, base: str) -> Row:
    """Return a row in which parts stand only where all of them may."""
    if None not in row.values():
        return row
    return {name: value if name in ("day", base) else None for name, value in row.items()}


def _is_count(name: str, value: Any) -> bool:
    if name in SHARED_OUT and isinstance(value, float):
        return True
    return isinstance(value, int) and not isinstance(value, bool) and name not in SCALES


def _no_ratio(value: Any) -> Any:
    """Return a figure of a summary, but no ratio: it would give a count away that is not shown."""
    if isinstance(value, Mapping):
        return {name: _no_ratio(part) for name, part in value.items()}
    return None if isinstance(value, float) else value


def _of_summary(name: str, value: Any, minimum: int) -> Any:
    if _is_count(name, value):
        return None if 0 < value < minimum else value
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return suppress(value, minimum)
    if isinstance(value, Mapping):
        return {name: _of_summary(name, part, minimum) for name, part in value.items()}
    return value
