"""The last half hour: visits as they arrive, by page, channel and application."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darksocial.days import day_of
from darksocial.model import Site
from darksocial.reports.question import Row, total
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

MINUTES = 30
ACTIVE_SECONDS = 300  # a visit that did something so long ago still goes on
MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Live:
    """Visits that arrived in the last `MINUTES`, the most frequent first.

    `steps` has a row for each step of time, the oldest first, also where nobody came; `going_on`
    are visits that are probably still there, `examples` those that are example data.
    """

    visits: int
    going_on: int
    examples: int
    pages: list[Row]
    channels: list[Row]
    applications: list[Row]
    steps: list[Row]


def live(session: Session, site: Site, now: datetime, step: int = 60) -> Live:
    """Return what happened on a site until `now`, in steps of so many seconds."""
    since = int(now.timestamp()) - MINUTES * 60
    rows = session.query(
        statement("reports/live"),
        site=site.name,
        first=day_of(since, site.timezone),
        since=since,
        step=step,
        active=int(now.timestamp()) - ACTIVE_SECONDS,
    ).to_pylist()
    places = range(MINUTES * 60 // step)
    by_place = {row["place"]: row["visits"] for row in _by(rows, "place")}
    return Live(
        visits=total(rows),
        going_on=total(rows, "going_on"),
        examples=total(rows, "examples"),
        pages=_by(rows, "page")[:MOST_ROWS],
        channels=_by(rows, "channel"),
        applications=_by([row for row in rows if row["application"]], "application")[:MOST_ROWS],
        steps=[
            {"minute": place * step // 60, "visits": by_place.get(place, 0)} for place in places
        ],
    )


def _by(rows: list[Row], name: str) -> list[Row]:
    sums: dict[str, int] = {}
    for row in rows:
        sums[row[name]] = sums.get(row[name], 0) + row["visits"]
    ordered = sorted(sums.items(), key=lambda item: (-item[1], item[0]))
    return [{name: key, "visits": visits} for key, visits in ordered]
