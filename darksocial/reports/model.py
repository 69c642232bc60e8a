"""What a report is, and the four that there are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from darksocial.errors import InputError
from darksocial.model import Site
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

PAGE_LIMIT = 1000
EMPTY_DAY = date(1970, 1, 1)  # where nothing was recorded yet


@dataclass(frozen=True, slots=True)
class Range:
    """Days of a site, both ends included, in the site's time zone; `None` means: all there is."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """The answer: a table (`columns`, `rows`) and a `summary` of single figures and lists."""

    name: str
    site: str
    timezone: str
    first: date | None
    last: date | None
    columns: tuple[str, ...]
    rows: list[dict[str, Any]]
    summary: dict[str, Any] = field(default_factory=dict)


def run(session: Session, name: str, site: Site, span: Range = Range()) -> Report:
    """Answer the report `name` for a site; raise `InputError` for one that there is not."""
    try:
        columns, summarise = REPORTS[name]
    except KeyError:
        raise InputError(f"{name!r} is no report: there are {', '.join(REPORTS)}.") from None
    first, last = _bounds(session, site, span)
    params = {
        "site": site.name,
        "first": first or EMPTY_DAY,
        "last": last or EMPTY_DAY,
        "timezone": site.timezone,
        "limit": PAGE_LIMIT,
    }
    rows = session.query(statement(f"reports/{name}"), **params).to_pylist()
    summary = summarise(session, rows, params)
    return Report(name, site.name, site.timezone, first, last, columns, rows, summary)


def _bounds(session: Session, site: Site, span: Range) -> tuple[date | None, date | None]:
    if span.first and span.last and span.first > span.last:
        raise InputError(f"The range ends on {span.last}, before it begins on {span.first}.")
    row = session.query(statement("reports/range"), site=site.name).to_pylist()[0]
    if not row["days"]:
        return span.first, span.last
    return span.first or row["first"], span.last or row["last"]


Summary = Callable[[Session, list[dict[str, Any]], Mapping[str, Any]], dict[str, Any]]


def _overview(
    session: Session, rows: list[dict[str, Any]], params: Mapping[str, Any]
) -> dict[str, Any]:
    """Of N visits that analytics calls direct: how many were shares, by what, in which app."""
    arrivals = [row for row in rows if row["channel"] != "internal"]
    direct = [row for row in arrivals if row["reported_channel"] == "Direct"]
    totals = session.query(statement("reports/totals"), **params).to_pylist()[0]
    return {
        **totals,
        "visits": _sum(arrivals),
        "continued_visits": _sum(row for row in rows if row["channel"] == "internal"),
        "example_visits": _sum(arrivals, "example_visits"),
        "reported_direct": _sum(direct),
        "direct_that_was_dark_social": _sum(_of(direct, "dark_social")),
        "direct_that_was_something_else": _sum(
            row for row in direct if row["channel"] not in ("dark_social", "direct")
        ),
        "still_direct": _sum(_of(direct, "direct")),
        "dark_social": _sum(_of(arrivals, "dark_social")),
        "channels": _grouped(arrivals, ("channel",)),
        "reported_channels": _grouped(arrivals, ("reported_channel",)),
        "direct_was": _grouped(direct, ("channel", "evidence", "application")),
        "refused_tokens": session.query(statement("reports/refused_tokens"), **params).to_pylist(),
        "refusals": session.query(statement("reports/refusals"), **params).to_pylist(),
        "days": session.query(statement("reports/daily"), **params).to_pylist(),
    }


def _totals(
    session: Session, rows: list[dict[str, Any]], params: Mapping[str, Any]
) -> dict[str, Any]:
    numbers = {name for row in rows[:1] for name, value in row.items() if isinstance(value, int)}
    return {name: _sum(rows, name) for name in sorted(numbers)}


REPORTS: dict[str, tuple[tuple[str, ...], Summary]] = {
    "overview": (
        (
            "reported_channel",
            "channel",
            "evidence",
            "application",
            "application_kind",
            "visits",
            "page_views",
            "example_visits",
        ),
        _overview,
    ),
    "channels": (
        (
            "channel",
            "application",
            "application_kind",
            "visits",
            "page_views",
            "reported_direct",
        ),
        _totals,
    ),
    "pages": (
        ("page", "visits", "reported_direct", "dark_social", "page_views", "shares"),
        _totals,
    ),
    "links": (
        ("code", "kind", "label", "destination", "clicks", "previews", "visits"),
        _totals,
    ),
}


def _of(rows: list[dict[str, Any]], channel: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["channel"] == channel]


def _sum(rows: Any, column: str = "visits") -> int:
    return sum(int(row[column]) for row in rows)


def _grouped(rows: list[dict[str, Any]], names: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return visits by the named columns, the largest first."""
    sums: dict[tuple[str, ...], int] = {}
    for row in rows:
        key = tuple(row[name] for name in names)
        sums[key] = sums.get(key, 0) + int(row["visits"])
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [dict(zip(names, key, strict=True)) | {"visits": visits} for key, visits in ordered]
