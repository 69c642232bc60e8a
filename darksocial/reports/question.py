"""What a report is made of: the answer, the range it speaks of, and the question behind a name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from darksocial.store.protocol import Session

Row = dict[str, Any]
Params = Mapping[str, Any]
Answer = tuple[list[Row], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Range:
    """Days of a site, both ends included, in the site's time zone; `None` means: all there is."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The answer: a table (`columns`, `rows`) and a `summary` of single figures and lists.

    `limits` are the filters and the segment that it was limited to.
    """

    name: str
    site: str
    timezone: str
    first: date | None
    last: date | None
    columns: tuple[str, ...]
    rows: list[Row]
    summary: dict[str, Any] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """What a name asks: its columns, how it is answered, and the options that it knows.

    `options` has for each the words that it may be, or `None` for free text. `columns` may depend
    on the options.
    """

    columns: Callable[[Params], tuple[str, ...]]
    answer: Callable[[Session, Params], Answer]
    options: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)


def always(*names: str) -> Callable[[Params], tuple[str, ...]]:
    """Return columns that depend on nothing."""
    return lambda params: names


def total(rows: Iterable[Mapping[str, Any]], column: str = "visits") -> int:
    """Return the sum of a column."""
    return sum(int(row[column]) for row in rows)


def totals(rows: list[Row]) -> dict[str, Any]:
    """Return the sums of all columns of whole numbers."""
    numbers = {name for row in rows[:1] for name, value in row.items() if isinstance(value, int)}
    return {name: total(rows, name) for name in sorted(numbers)}
