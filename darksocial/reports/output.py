"""A report as JSON, CSV or a table for a terminal."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

from darksocial.errors import InputError, Said
from darksocial.reports.cells import safe
from darksocial.reports.estimate import estimate_text
from darksocial.reports.model import Report

_WIDEST = 60


def render(report: Report, format_: str) -> str:
    """Return the report in a format: table, json or csv."""
    try:
        return FORMATS[format_](report)
    except KeyError:
        known = ", ".join(FORMATS)
        raise InputError(
            Said("%(format)r is no format: there are %(known)s.", format=format_, known=known)
        ) from None


def as_dict(report: Report) -> dict[str, Any]:
    """Return what the JSON form holds."""
    return {
        "report": report.name,
        "site": report.site,
        "timezone": report.timezone,
        "from": report.first.isoformat() if report.first else None,
        "to": report.last.isoformat() if report.last else None,
        **({"limits": dict(report.limits)} if report.limits else {}),
        **report.summary,
        "rows": report.rows,
    }


def to_json(report: Report) -> str:
    return json.dumps(as_dict(report), ensure_ascii=False, indent=2, default=str) + "\n"


def to_csv(report: Report) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(report.columns)
    for row in report.rows:
        writer.writerow([safe(row[name]) for name in report.columns])
    return buffer.getvalue()


# What an empty report means where it is not that nothing was recorded.
NOTHING = {
    "links": "there is no managed link; `darksocial link add URL` makes one",
    "conversions": "no conversion was recorded in this range",
    "tree": "no link was passed on in this range",
    "funnel": "no link was passed on in this range",
    "sharers": "no link was passed on in this range",
    "timing": "no link that was shared in this range has brought a visit yet",
    "engagement": "no visit with measured time is in this range",
}


def to_table(report: Report) -> str:
    if not report.rows:
        said = NOTHING.get(report.name, "nothing was recorded in this range yet")
        return f"{report.site}: {said}.\n"
    head = f"{report.site}, {report.first} to {report.last} ({report.timezone})\n"
    head += "".join(f"{name}: {_short(value)}\n" for name, value in report.limits.items())
    intro = INTRODUCTIONS[report.name](report.summary) if report.name in INTRODUCTIONS else ""
    return f"{head}{intro}\n{_grid(report.columns, report.rows)}"


def overview_text(figures: dict[str, Any]) -> str:
    """Return the overview's answer in sentences."""
    text = (
        f"{figures['visits']:,} visits, of which analytics reports {figures['reported_direct']:,} "
        f"as direct. Of these {figures['direct_that_was_dark_social']:,} were dark social, "
        f"{figures['direct_that_was_something_else']:,} came in another way, and "
        f"{figures['still_direct']:,} stay direct.\n"
    )
    if figures["shares"] is not None:  # not counted where filters choose visits
        text += (
            f"{figures['page_views']:,} page views, {figures['shares']:,} shares, "
            f"{figures['previews']:,} previews, {figures['bots']:,} requests of bots.\n"
        )
    if figures.get("estimate"):
        text += estimate_text(figures["estimate"])
    if figures["example_visits"]:
        text += f"{figures['example_visits']:,} of the visits are example data.\n"
    return text


# What stands in sentences above a table.
INTRODUCTIONS = {"overview": overview_text, "estimate": estimate_text}


def _grid(columns: Sequence[str], rows: list[dict[str, Any]]) -> str:
    """Return rows under their headings: numbers to the right, long texts cut."""
    cells = [[_short(row[name]) for name in columns] for row in rows]
    widths = [
        max(len(name), *(len(line[place]) for line in cells)) for place, name in enumerate(columns)
    ]
    right = [isinstance(rows[0][name], int | float) for name in columns]

    def line(texts: Sequence[str]) -> str:
        parts = (
            text.rjust(width) if number else text.ljust(width)
            for text, width, number in zip(texts, widths, right, strict=True)
        )
        return "  ".join(parts).rstrip()

    ruled = ["-" * width for width in widths]
    return "\n".join([line(columns), line(ruled), *map(line, cells)]) + "\n"


def _short(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, int | float):
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    text = "".join(char if char.isprintable() else "?" for char in str(value))
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


FORMATS: dict[str, Callable[[Report], str]] = {"table": to_table, "json": to_json, "csv": to_csv}
