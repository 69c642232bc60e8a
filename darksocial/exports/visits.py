"""Single visits, page by page: the way out for a million rows, and for a cursor of the API.

A page is asked for by day and by the last id before it, so no engine holds a result open, a day
that is published anew in between repeats nothing, and memory is that of one page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

import pyarrow as pa

from darksocial.days import EVER
from darksocial.errors import InputError, Said
from darksocial.model import Site
from darksocial.reports import Range
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

PAGE_ROWS = 25_000
EVERY_DAY = Range()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which visits of a site: `None` and empty texts mean all."""

    site: Site
    span: Range = EVERY_DAY
    channel: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two visits: after the visit `id` of `day`."""

    day: date
    id: int = 0

    def __str__(self) -> str:
        return f"{self.day.isoformat()}.{self.id}"

    @classmethod
    def parse(cls, text: str) -> Cursor:
        day, _, number = text.partition(".")
        try:
            if not (number.isascii() and number.isdigit() and int(number) < 1 << 64):
                raise ValueError(number)
            return cls(date.fromisoformat(day), int(number))
        except ValueError:
            raise InputError(
                Said(
                    "%(text)r is no cursor: give the one that the page before ended with.",
                    text=text,
                )
            ) from None


def pages(session: Session, wanted: Wanted, rows: int = PAGE_ROWS) -> Iterator[pa.Table]:
    """Yield the visits in the order of day and id, `rows` at most at a time.

    The first table also comes where there is no visit, so that its columns are known.
    """
    cursor: Cursor | None = Cursor(wanted.span.first or EVER[0])
    first = True
    while cursor:
        table, cursor = page(session, wanted, cursor, rows)
        if table.num_rows or first:
            yield table
        first = False


def page(
    session: Session, wanted: Wanted, after: Cursor, rows: int
) -> tuple[pa.Table, Cursor | None]:
    """Return the next `rows` visits at most, and where to go on, `None` at the end."""
    for cursor in _cursors(session, wanted, after):
        table = _of_day(session, wanted, cursor, rows)
        if table.num_rows == rows:
            return table, replace(cursor, id=int(table["visit"][-1].as_py()))
        if table.num_rows:
            following = [day for day in _days(session, wanted, cursor) if day > cursor.day]
            return table, Cursor(following[0]) if following else None
    return _of_day(session, wanted, after, 0), None


def _cursors(session: Session, wanted: Wanted, after: Cursor) -> Iterator[Cursor]:
    """Yield the place itself, where its day has visits, and the beginnings of the days after it."""
    for day in _days(session, wanted, after):
        yield after if day == after.day else Cursor(day)


def _days(session: Session, wanted: Wanted, after: Cursor) -> list[date]:
    params = {"first": after.day, "last": wanted.span.last or EVER[1]}
    found: list[date] = session.query(statement("exports/days"), site=wanted.site.name, **params)[
        "day"
    ].to_pylist()
    return found


def _of_day(session: Session, wanted: Wanted, after: Cursor, rows: int) -> pa.Table:
    table = session.query(
        statement("exports/visits"),
        site=wanted.site.name,
        day=after.day,
        after=after.id,
        limit=rows,
        channel=wanted.channel,
        evidence=wanted.evidence,
    )
    place = table.column_names.index("ts")
    moments = table["ts"].cast(pa.int64()).cast(pa.timestamp("s", "UTC"))
    return table.set_column(place, "ts", moments)
