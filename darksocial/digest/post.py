"""Which letters are due, and sending them: each period once, however often this runs."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterable
from datetime import datetime, time, timedelta, timezone
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from darksocial import registry
from darksocial.digest import letter, mail
from darksocial.digest.periods import SENT_FROM_HOUR, Period, latest
from darksocial.digest.recipients import Recipient, recipients
from darksocial.errors import MailError
from darksocial.model import Site
from darksocial.settings import Settings
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

log = logging.getLogger("darksocial.digest")

LOOK_BACK = timedelta(days=70)

Due = tuple[Recipient, Site, Period]


def due(session: Session, now: datetime) -> list[Due]:
    """Return the letters that are to be sent at a time and were not."""
    sites = registry.sites(session)
    sent = _sent(session, now)
    found = []
    for one in recipients(session):
        if one.site in sites:
            site = sites[one.site]
            period = latest(one.period, site, now)
            if (one.token, period.first) not in sent and one.since < _ready(period, site):
                found.append((one, site, period))
    return found


def send(
    session: Session,
    letters: Iterable[Due],
    settings: Settings,
    context: ssl.SSLContext | None = None,
) -> tuple[int, list[str]]:
    """Send letters over one connection; return how many went, and what was wrong with the others.

    A letter counts as sent when the server has taken it; one that it refused is tried again.
    """
    waiting = list(letters)
    if not waiting:
        return 0, []
    sent, troubles = 0, []
    with mail.connected(settings, context) as hand_over:
        for one, site, period in waiting:
            told = letter.figures(session, site, period, settings.minimum_visitors)
            message = letter.compose(
                told,
                one,
                settings.mail_from,
                report_address(settings, site, period),
                unsubscribe_address(settings, one),
            )
            try:
                hand_over(message)
            except MailError as error:
                troubles.append(str(error))
                continue
            session.execute(statement("digest/record"), token=one.token, period_begin=period.first)
            sent += 1
    return sent, troubles


def post(session: Session, settings: Settings, now: datetime) -> None:
    """Send what is due, and log what could not be sent."""
    if not settings.smtp_host:
        return
    sent, troubles = send(session, due(session, now), settings)
    if sent:
        log.info("%d letters were sent", sent)
    for sentence in troubles:
        log.warning("%s It is tried again.", sentence)


def report_address(settings: Settings, site: Site, period: Period, path: str = "/") -> str:
    """Return the address of a page of the console, its overview, for a period."""
    query = {"site": site.name, "from": period.first, "to": period.last}
    return f"{settings.console_address}{path}?{urlencode(query)}"


def unsubscribe_address(settings: Settings, one: Recipient) -> str:
    """Return the address that ends an order with one click."""
    return f"{settings.console_address}/unsubscribe/{one.token}"


def _sent(session: Session, now: datetime) -> set[tuple[str, object]]:
    rows = session.query(statement("digest/sent"), since=(now - LOOK_BACK).date()).to_pylist()
    return {(row["token"], row["period_begin"]) for row in rows}


def _ready(period: Period, site: Site) -> datetime:
    """Return when a period's letters may be sent: who orders later gets the next one."""
    morning = time(SENT_FROM_HOUR, tzinfo=ZoneInfo(site.timezone))
    day = period.last + timedelta(days=1)
    return datetime.combine(day, morning).astimezone(timezone.utc)
