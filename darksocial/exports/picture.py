"""What a file shows of a report beside its table: its title, its figures and one chart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from darksocial.reports import Report

BARS = 10
ORDERED = ("delay",)  # what has an order of its own keeps it, and is shown whole
DASH = "\u2013"


class Say(Protocol):
    """What puts headings and values into a reader's language."""

    def heading(self, name: str, /) -> str:
        """Return what a column, figure, list or report is called."""

    def value(self, column: str, value: Any, /) -> Any:
        """Return a value of a column in the words that people read."""

    def shown(self, value: Any, /) -> str:
        """Return a number, day or text as it is written; what is not known is a dash."""


class Unchanged:
    """The exact words that programs read."""

    def heading(self, name: str) -> str:
        return name

    def value(self, _: str, value: Any) -> Any:
        return value

    def shown(self, value: Any) -> str:
        if value is None:
            return DASH
        if isinstance(value, float):
            return f"{value:,.2f}"
        return f"{value:,}" if isinstance(value, int) else str(value)


UNCHANGED = Unchanged()


def spoken(report: Report, say: Say) -> Report:
    """Return a report with its values in the reader's language."""
    summary = {name: value for name, value in report.summary.items() if name not in lists(report)}
    (said,) = _spoken([summary], say)
    said |= {name: _spoken(rows, say) for name, rows in lists(report).items()}
    return replace(report, rows=_spoken(report.rows, say), summary=said)


def _spoken(rows: list[dict[str, Any]], say: Say) -> list[dict[str, Any]]:
    return [{name: say.value(name, value) for name, value in row.items()} for row in rows]


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars, the longest first, spans of time in their order.

    `measure` is the name of the column that they show.
    """

    measure: str
    bars: tuple[Bar, ...]

    @property
    def longest(self) -> float:
        return max((bar.value for bar in self.bars), default=0)


def title(report: Report, say: Say) -> str:
    return f"{report.site}: {say.heading(report.name)}"


def subtitle(report: Report, say: Say) -> str:
    days = f"{say.shown(report.first)} {DASH} {say.shown(report.last)}"
    limits = "".join(
        f"; {say.heading(name)}: {say.value(name, value)}" for name, value in report.limits.items()
    )
    return f"{days} ({report.timezone}){limits}"


def figures(report: Report) -> dict[str, Any]:
    """Return the single figures of a report's summary."""
    return {
        name: value
        for name, value in report.summary.items()
        if isinstance(value, int | float | str) and not isinstance(value, bool)
    }


def lists(report: Report) -> dict[str, list[dict[str, Any]]]:
    """Return the lists of rows that a report's summary holds."""
    return {
        name: value
        for name, value in report.summary.items()
        if isinstance(value, list) and value and isinstance(value[0], dict)
    }


def chart(report: Report) -> Chart | None:
    """Return the chart of a report: its channels where it has some, else its rows."""
    rows: Iterable[Mapping[str, Any]] = report.summary.get("channels") or report.rows
    rows = list(rows)
    if not rows:
        return None
    measure = _measure(rows)
    label = next((name for name, value in rows[0].items() if isinstance(value, str)), "")
    if not measure or not label:
        return None
    sums: dict[str, float] = {}
    for row in rows:
        sums[row[label] or DASH] = sums.get(row[label] or DASH, 0) + (row[measure] or 0)
    if label in ORDERED:
        return Chart(measure, tuple(Bar(*item) for item in sums.items()))
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return Chart(measure, tuple(Bar(*item) for item in ordered[:BARS]))


def _measure(rows: list[Mapping[str, Any]]) -> str:
    """Return the column that a chart shows: visits, else the first with numbers."""
    numbers = [name for name in rows[0] if any(isinstance(row[name], int | float) for row in rows)]
    return "visits" if "visits" in numbers else next(iter(numbers), "")
