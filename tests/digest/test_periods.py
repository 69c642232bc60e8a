"""Which weeks and months letters are about, in the site's time zone."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from darksocial.digest.periods import Period, latest
from darksocial.model import Site


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("kind", "zone", "now", "first", "last"),
    [
        ("weekly", "UTC", "2026-11-23T07:00", "2026-11-16", "2026-11-22"),
        ("weekly", "UTC", "2026-11-23T06:59", "2026-11-09", "2026-11-15"),
        ("weekly", "UTC", "2026-11-29T23:59", "2026-11-16", "2026-11-22"),
        ("weekly", "Europe/Berlin", "2026-11-23T06:00", "2026-11-16", "2026-11-22"),
        ("weekly", "America/New_York", "2026-11-22T12:00", "2026-11-15", "2026-11-21"),
        ("weekly", "Europe/Berlin", "2026-03-30T05:00", "2026-03-23", "2026-03-29"),
        ("monthly", "UTC", "2026-03-01T07:00", "2026-02-01", "2026-02-28"),
        ("monthly", "UTC", "2026-03-01T06:00", "2026-01-01", "2026-01-31"),
        ("monthly", "UTC", "2027-01-15T12:00", "2026-12-01", "2026-12-31"),
    ],
)
def test_the_last_period_that_is_over(
    kind: str, zone: str, now: str, first: str, last: str
) -> None:
    site = Site("example.com", "K", (), zone)
    wanted = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert latest(kind, site, at(now)) == wanted


@pytest.mark.parametrize(
    ("first", "last", "before"),
    [
        ("2026-11-16", "2026-11-22", ("2026-11-09", "2026-11-15")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2027-01-01", "2027-01-31", ("2026-12-01", "2026-12-31")),
    ],
)
def test_the_period_before(first: str, last: str, before: tuple[str, str]) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert period.before == Period(*map(date.fromisoformat, before))
