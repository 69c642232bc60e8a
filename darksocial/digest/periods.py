"""The weeks and months that letters are about, in a site's time zone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from darksocial.model import Site
from darksocial.texts import first_weekday

SENT_FROM_HOUR = 7  # of the first day after the period, in the site's time zone


@dataclass(frozen=True, slots=True)
class Period:
    """A week or month, both days included."""

    first: date
    last: date

    @property
    def before(self) -> Period:
        """The period before, of the same kind."""
        end = self.first - timedelta(days=1)
        if self.first.day == 1 and (self.last + timedelta(days=1)).day == 1:
            return Period(end.replace(day=1), end)
        return Period(self.first - (self.last - self.first) - timedelta(days=1), end)


def latest(kind: str, site: Site, now: datetime) -> Period:
    """Return the last period that is over and whose letters may be sent at a time."""
    local = now.astimezone(ZoneInfo(site.timezone)) - timedelta(hours=SENT_FROM_HOUR)
    today = local.date()
    if kind == "monthly":
        end = today.replace(day=1) - timedelta(days=1)
        return Period(end.replace(day=1), end)
    back = (today.weekday() - first_weekday(site.timezone)) % 7
    end = today - timedelta(days=back + 1)
    return Period(end - timedelta(days=6), end)
