"""Sums of published days, kept so that reports need not count every visit again.

A day's sums are kept once it has rested, each under the publication that they are of. They count
while that is the newest publication of the day; of all other days, and where filters choose
visits, reports count the visits themselves, by the same statements. So a figure is the same
whether its day is kept or not.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from darksocial.days import EVER, span_of
from darksocial.model import Site
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, Sql, render, statement

COLUMNS = {
    "ways": (
        "day, reported_channel, channel, evidence, application, application_kind, refused, device, "
        "source, n, views, examples, measured, engaged, scrolled, acted, made"
    ),
    "pages": "day, page, campaign, n, views, direct, dark, public",
    "tokens": (
        "day, token, state, campaign, application, n, made, linked, first_at, first_id, method, "
        "page, others, others_made, converting, times"
    ),
    "minted": "day, token, came_on, code, campaign, passed_on",
    "outcomes": "day, visitor, id, reported_channel, channel, application, currency, n, worth",
    "acts": "day, kind, name, program, code, page, campaign, n, tokens",
}
TABLES = tuple(f"daily_{name}" for name in COLUMNS)
REST_SECONDS = 300.0  # a day that is published anew every second is not worth keeping

Params = Mapping[str, Any]


def sums(session: Session, name: str, params: Params) -> Sql:
    """Return a statement with the sums `name` (of `COLUMNS`) of a report's range of days.

    `params` are those of a report: site, timezone, first and last day, and `narrowed` where the
    session shows only some visits: what is kept is of all visits, so it is not used then.
    """
    days = _known(session, params["site"], params["first"], params["last"])
    whole = name == "acts" or not params.get("narrowed")
    kept = [day for day in days if day.kept and whole]
    counted = [day.day for day in days if not (day.kept and whole)]
    parts = []
    if kept:
        parts.append(_kept(name, params, kept))
    if counted or not kept:
        parts.append(_counted(name, params, counted or [EVER[0]]))
    return Sql("\nUNION ALL\n".join(parts))


def ever(params: Params) -> dict[str, Any]:
    """Return the parameters of a report for all days, whatever its range is."""
    return {**params, "first": EVER[0], "last": EVER[1]}


def keep(session: Session, site: Site, before: float, seconds: float) -> int:
    """Keep the sums of days whose last publication was before a time (seconds since 1970).

    After so many seconds no further day is begun; return how many were kept. The newest first.
    """
    end = time.monotonic() + seconds
    done = 0
    for day in reversed(_known(session, site.name, *EVER)):
        if time.monotonic() > end:
            break
        if not day.kept and day.version < before * 1_000_000:
            _keep_day(session, site, day)
            done += 1
    return done


def tidy(session: Session, before: float) -> None:
    """Delete kept sums that newer ones replaced before a time (seconds since 1970)."""
    until = int(before * 1_000_000)
    if session.query(statement("daily/replaced"), until=until)["n"][0].as_py():
        for table in (*TABLES, "daily_kept"):
            session.execute(statement("daily/tidy"), table=Name(table), until=until)


def forget(session: Session, site: str, days: Iterable[date]) -> None:
    """Begin to delete what is kept of days, which are counted until they are kept again."""
    if listed := sorted(days):
        for table in ("daily_kept", *TABLES):
            session.execute(statement("daily/forget"), table=Name(table), site=site, days=listed)


@dataclass(frozen=True, slots=True)
class _Day:
    """A published day: its newest publication and that of the day before (links are passed on in
    visits that may have begun a day earlier), and the number of its kept sums, 0 for none."""

    day: date
    version: int
    before: int
    kept: int


def _known(session: Session, site: str, first: date, last: date) -> list[_Day]:
    since = max(first - timedelta(days=1), EVER[0]) if first > EVER[0] else first
    rows = session.query(statement("daily/known"), site=site, first=since, last=last).to_pylist()
    versions = {row["day"]: row["version"] for row in rows}
    days = []
    for row in rows:
        before = versions.get(row["day"] - timedelta(days=1), 0)
        current = (row["held"], row["held_before"]) == (row["version"], before)
        days.append(_Day(row["day"], row["version"], before, row["kept"] if current else 0))
    return [day for day in days if day.day >= first]


def _keep_day(session: Session, site: Site, day: _Day) -> None:
    params = {"site": site.name, "timezone": site.timezone}
    number = time.time_ns() // 1000
    for name, columns in COLUMNS.items():
        session.execute(
            statement("daily/keep"),
            table=Name(f"daily_{name}"),
            columns=Sql(columns),
            site=site.name,
            number=number,
            sums=Sql(_counted(name, params, [day.day])),
        )
    session.execute(
        statement("daily/note"),
        site=site.name,
        day=day.day,
        number=number,
        version=day.version,
        before=day.before,
    )


def _kept(name: str, params: Params, days: list[_Day]) -> str:
    return render(
        statement("daily/kept"),
        {
            "table": Name(f"daily_{name}"),
            "columns": Sql(COLUMNS[name]),
            "site": params["site"],
            "first": days[0].day,
            "last": days[-1].day,
            "numbers": tuple(day.kept for day in days),
        },
    )


def _counted(name: str, params: Params, days: list[date]) -> str:
    first, last = min(days), max(days)
    between = f"day BETWEEN toDate('{first}') AND toDate('{last}')"
    listed = ", ".join(f"toDate('{day}')" for day in days)
    gaps = (last - first).days + 1 > len(days)
    span = span_of(first, last, params["timezone"])
    return render(
        statement(f"daily/{name}"),
        {
            "site": params["site"],
            "first": first,
            "last": last,
            "days": Sql(f"{between} AND day IN ({listed})" if gaps else between),
            "timezone": params["timezone"],
            "begin": span.begin,
            "end": span.end,
        },
    )
