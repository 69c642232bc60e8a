"""Unusual bursts: what a page usually gets in an hour, and an hour that does not fit.

The past four weeks give the expectation; the count of an hour is unusual where a Poisson law with
that mean makes it less likely than one in a hundred thousand. Few counts raise nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from darksocial.days import FIRST_TIME, local
from darksocial.digest.unlikely import UNLIKELY, chance
from darksocial.model import Site
from darksocial.store.protocol import Session
from darksocial.store.sql import statement
from darksocial.texts import Words
from darksocial.texts.language import mark as _

PAST_HOURS = 28 * 24
LEAST = 10
QUIET_HOURS = 24  # before the same page raises the same alert again
KINDS = {"shares": _("Shares"), "visits": _("Visits"), "interactions": _("Interactions")}


@dataclass(frozen=True, slots=True)
class Burst:
    """An hour (UTC) in which a page got far more than it does; `expected` is the mean before."""

    site: str
    kind: str
    page: str
    application: str
    hour: datetime
    found: int
    expected: float

    @property
    def key(self) -> str:
        """Names the alert among all."""
        what = (self.site, self.page, self.application, f"{self.hour:%Y-%m-%dT%H}", self.kind)
        return "\n".join(what)


def bursts(session: Session, site: Site, hour: datetime) -> list[Burst]:
    """Return what was unusual in an hour, the largest first."""
    rows = session.query(
        statement("digest/bursts"), site=site.name, hour=hour, past=PAST_HOURS, least=LEAST
    ).to_pylist()
    found = []
    for row in rows:
        # One more than was seen: a page that never had anything is no certainty either.
        mean = (row["before"] + 1) / PAST_HOURS
        if chance(row["found"], mean) < UNLIKELY:
            what = (row["kind"], row["page"], row["application"])
            found.append(Burst(site.name, *what, hour, row["found"], mean))
    return sorted(found, key=lambda burst: (-burst.found, burst.page, burst.kind))


def unusual(session: Session, site: Site, now: datetime) -> list[Burst]:
    """Return what was unusual in the last full hour and was not told in the hours before."""
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    told = _told(session, site, hour)
    return [burst for burst in bursts(session, site, hour) if _same(burst) not in told]


_TYPES = pa.schema(
    {
        **dict.fromkeys(("site", "kind", "page", "application"), pa.string()),
        **dict.fromkeys(("noticed", "hour"), pa.timestamp("s", "UTC")),
        "found": pa.uint32(),
        "expected": pa.float64(),
    }
)


def keep(session: Session, bursts: Sequence[Burst], noticed: datetime) -> None:
    if bursts:
        rows = [{**asdict(one), "noticed": noticed} for one in bursts]
        session.insert("alerts", pa.Table.from_pylist(rows, _TYPES))


def kept(
    session: Session, site: Site, since: datetime, noticed: datetime = FIRST_TIME
) -> list[Burst]:
    """Return the alerts of hours since a time, noticed at another or later, the newest first."""
    rows = session.query(
        statement("digest/alerts"), site=site.name, since=since, noticed=noticed
    ).to_pylist()
    return [Burst(site.name, **{**row, "hour": local(row["hour"], "UTC")}) for row in rows]


def sentence(burst: Burst, site: Site, words: Words) -> str:
    """Return an alert in words, with page, application and time."""
    said = words.say(
        "%(kind)s on %(page)s: %(found)s in the hour from %(time)s, usually %(expected)s.",
        kind=words.say(KINDS[burst.kind]),
        page=burst.page,
        found=words.number(burst.found),
        time=words.moment(burst.hour.astimezone(ZoneInfo(site.timezone))),
        expected=words.number(round(burst.expected, 1)),
    )
    if burst.application:
        application = words.say("Application: %(name)s.", name=burst.application)
        return f"{said} {application}"
    return said


def _same(burst: Burst) -> tuple[str, str, str]:
    return (burst.kind, burst.page, burst.application)


def _told(session: Session, site: Site, hour: datetime) -> set[tuple[str, str, str]]:
    since = hour - timedelta(hours=QUIET_HOURS)
    return {_same(burst) for burst in kept(session, site, since)}
