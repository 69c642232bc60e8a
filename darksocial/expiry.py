"""Expiry: raw hits go some months after they were recorded, shares when their tokens have died.

Whole months of recording go at a time. What was published stays: a day that has lost hits cannot
be computed again without losing visits, so it is closed.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from darksocial import registry
from darksocial.reclassification import days_around, dirty_days, publish_day
from darksocial.rules.tokens import LIFETIME_HOURS
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, literal, statement

# Tokens live 13 months, so what explains them stays for 13 whole months and the one begun.
SHARE_MONTHS = LIFETIME_HOURS // (24 * 30) + 1
# The names of stored segments only have to outlive their files.
SEGMENT_MONTHS = 2
# A day of the last month may still have to be computed again.
LEAST_MONTHS = 2
HOUR_MICROSECONDS = 3600 * 1_000_000


def expire(session: Session, retention_months: int, now: datetime) -> list[str]:
    """Drop the months of recording that are too old; return them as `table month`.

    No hit is older than `retention_months` afterwards, counted from its recording; where that is
    a single month, none is older than two.
    """
    dropped = []
    for month in _expired(session, "hits", max(retention_months, LEAST_MONTHS), now):
        _close_days(session, month)
        dropped.append(_drop(session, "hits", month))
    kept = dict.fromkeys(("shares", "previews", "token_days"), SHARE_MONTHS)
    kept["segments"] = SEGMENT_MONTHS
    for table, months in kept.items():
        dropped += [_drop(session, table, month) for month in _expired(session, table, months, now)]
    return dropped


def expire_rejects(directory: Path, months: int) -> None:
    """Delete refused lines when raw hits of their age go."""
    oldest = time.time() - months * 30 * 24 * 3600
    for path in directory.glob("*.jsonl"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)


def tidy(session: Session, now: datetime) -> None:
    """Delete notes of publications that others have replaced; an hour's are kept."""
    before = int(now.timestamp() * 1_000_000) - HOUR_MICROSECONDS
    replaced = session.query(statement("expire/replaced"), before=before)["n"][0].as_py()
    if replaced:
        session.execute(statement("expire/tidy"), before=before)


def month_before(now: datetime, months: int) -> int:
    """Return the month `months` before a time as the number YYYYMM."""
    count = now.year * 12 + now.month - 1 - months
    return count // 12 * 100 + count % 12 + 1


def _expired(session: Session, table: str, months: int, now: datetime) -> Iterator[int]:
    """Yield the months of a table that began so many months ago, or earlier; the oldest first."""
    rows = session.query(statement("expire/partitions"), table=table)
    found = sorted(int(month) for month in rows["month"].to_pylist() if month.isdecimal())
    return (month for month in found if month <= month_before(now, months))


def _drop(session: Session, table: str, month: int) -> str:
    session.execute(f"ALTER TABLE {Name(table)} DROP PARTITION {literal(month)}")
    return f"{table} {month}"


def _close_days(session: Session, month: int) -> None:
    """Let the publications of all days with hits of this month of recording be the last ones."""
    rows = session.query(statement("expire/hours"), month=month).to_pylist()
    for site in registry.sites(session).values():
        hours = {row["hour"] for row in rows if row["site"] == site.name}
        days = {day for hour in hours for day in days_around(hour, site)}
        for _, day in dirty_days(session, site.name):
            if day in days:
                publish_day(session, site, day)  # what goes can no longer be counted
        if days:
            session.execute(statement("expire/close"), site=site.name, days=sorted(days))
