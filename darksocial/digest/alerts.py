"""Unusual bursts: what a page usually gets in an hour, and an hour that does not fit.

The past four weeks give the expectation; the count of an hour is unusual where a Poisson law with
that mean makes it less likely than one in a hundred thousand. Few counts raise nothing.
"""

from __future__ import annotations

import logging
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from zoneinfo import ZoneInfo

from darksocial import registry
from darksocial.digest import mail
from darksocial.digest.recipients import recipients
from darksocial.model import Site
from darksocial.settings import Settings
from darksocial.store.protocol import Session
from darksocial.store.sql import statement
from darksocial.texts import Words, words_for
from darksocial.texts.language import mark as _

log = logging.getLogger("darksocial.digest")

PAST_HOURS = 28 * 24
LEAST = 10
UNLIKELY = 1e-5
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


def chance(found: int, mean: float) -> float:
    """Return P(X >= found) for X ~ Poisson(mean)."""
    if found <= 0:
        return 1.0
    # The tail as a series from its first term: exact also where it is far out.
    term = math.exp(found * math.log(mean) - mean - math.lgamma(found + 1)) if mean > 0 else 0.0
    total, number = 0.0, found
    while term > 1e-30 and number < found + 10_000:
        total += term
        number += 1
        term *= mean / number
    return min(1.0, total)


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


def notice(session: Session, settings: Settings, now: datetime) -> list[Burst]:
    """Look at the last full hour of every site; keep and send what is new."""
    hour = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    fresh = []
    for site in registry.sites(session).values():
        told = _told(session, site, hour)
        new = [burst for burst in bursts(session, site, hour) if _same(burst) not in told]
        for burst in new:
            _keep(session, burst)
        fresh += new
        if new and settings.smtp_host:
            _send(session, settings, site, new)
    return fresh


def kept(session: Session, site: Site, since: datetime) -> list[Burst]:
    """Return the alerts of a site since a time, the newest first."""
    rows = session.query(statement("digest/alerts"), site=site.name, since=since).to_pylist()
    return [Burst(site=site.name, **row) for row in rows]


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


def _keep(session: Session, burst: Burst) -> None:
    session.execute(
        statement("digest/keep_alert"),
        site=burst.site,
        kind=burst.kind,
        page=burst.page,
        application=burst.application,
        hour=burst.hour,
        found=burst.found,
        expected=burst.expected,
    )


def _send(session: Session, settings: Settings, site: Site, new: list[Burst]) -> None:
    wanted = {one.email: one for one in recipients(session, site.name) if one.alerts}
    if not wanted:
        return
    with mail.connected(settings) as hand_over:
        for one in wanted.values():
            words = words_for(one.language)
            message = EmailMessage()
            message["Subject"] = words.say(
                "%(site)s: something unusual on %(page)s", site=site.name, page=new[0].page
            )
            message["From"] = settings.mail_from
            message["To"] = Address(addr_spec=one.email)
            message["Auto-Submitted"] = "auto-generated"
            lines = [sentence(burst, site, words) for burst in new]
            message.set_content("\n".join(lines) + "\n", cte="quoted-printable")
            hand_over(message)
