"""Days and times as a site's people see them: in its time zone."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

FIRST_TIME = datetime(1970, 1, 1, tzinfo=timezone.utc)  # the store knows no earlier one
FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2149, 6, 6)  # nor other days than from here to there
EVER = (FIRST_DAY, date(2105, 12, 31))  # days that every engine knows


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in UTC, from `begin` up to but without `end`."""

    begin: datetime
    end: datetime


def span_of(first: date, last: date, zone: str) -> Span:
    """Return from when to when days last; one has 23 or 25 hours when the clocks change."""
    return Span(_begin(first, zone), _begin(last + timedelta(days=1), zone))


def _begin(day: date, zone: str) -> datetime:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return max(local.astimezone(timezone.utc), FIRST_TIME)


def local(seconds: float, zone: str) -> datetime:
    """Return a time (seconds since 1970) in a time zone."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone))


def day_of(seconds: float, zone: str) -> date:
    """Return the day of a time (seconds since 1970) in a time zone."""
    return local(seconds, zone).date()


def today(zone: str) -> date:
    """Return the day that it is now in a time zone."""
    return day_of(time.time(), zone)


def tomorrow(zone: str) -> date:
    """Return the day after today in a time zone."""
    return today(zone) + timedelta(days=1)
