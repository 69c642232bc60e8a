"""What is unusual, in visits and in public figures: noticed, kept, and told once to whom wants it.

A letter counts as sent when the server has taken it. What could not be sent is tried again for a
day, so a mail server that is down delays alerts and loses none.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from email.message import EmailMessage
from itertools import groupby
from operator import attrgetter
from urllib.parse import urlencode

from darksocial import registry
from darksocial.days import FIRST_TIME, day_of
from darksocial.digest import alerts, letter, mail, post, public_alerts
from darksocial.digest.periods import Period
from darksocial.digest.recipients import Recipient, recipients
from darksocial.digest.unlikely import times_apart
from darksocial.errors import MailError
from darksocial.model import Site
from darksocial.settings import Settings
from darksocial.store.protocol import Session
from darksocial.store.sql import statement
from darksocial.texts import Words, words_for

log = logging.getLogger("darksocial.digest")

KEPT_AT_ONCE = 50  # their pages may be long, and statements have a limit
TRIED_FOR = timedelta(days=1)
MOST_NAMED = 20  # alerts in a letter: one that goes on for pages is not read

Alert = alerts.Burst | public_alerts.PublicAlert
Waiting = tuple[list[Recipient], list[Alert]]


def notice(session: Session, settings: Settings, now: datetime) -> list[Alert]:
    """Look at every site at a time, send what was not sent, and return what is new."""
    sites = registry.sites(session).values()
    fresh = [alert for site in sites for alert in look(session, site, now)]
    if settings.smtp_host:
        send(session, settings, sites)
    return fresh


def look(session: Session, site: Site, now: datetime) -> list[Alert]:
    """Keep what is unusual on a site at a time and was not noticed yet, and return it."""
    hours = alerts.unusual(session, site, now)
    days = public_alerts.unusual(session, site, now)
    noticed = datetime.now(timezone.utc)
    alerts.keep(session, hours, noticed)
    public_alerts.keep(session, days, noticed)
    return [*hours, *days]


def send(session: Session, settings: Settings, sites: Iterable[Site]) -> None:
    """Send each recipient what was noticed of a site since the order and was not sent."""
    letters = [(site, *waiting) for site in sites for waiting in _waiting(session, site)]
    if not letters:
        return
    with mail.connected(settings) as hand_over:
        for site, orders, new in letters:
            words = words_for(orders[0].language)
            named = most_unusual(new)
            said = sentences(session, site, named, words, settings.minimum_visitors)
            said += _more(settings, len(new) - len(named), words, site)
            said.append(f"{words.say('The whole report:')} {_report(settings, site, new)}")
            about = subject(site, [*named, *new], words)
            message = _letter(settings, orders[0], about, said)
            try:
                hand_over(message)
            except MailError as error:
                log.warning("%s It is tried again.", error)
                continue
            _record(session, orders[0], [alert.key for alert in new])


def most_unusual(told: Sequence[Alert]) -> list[Alert]:
    """Return those `MOST_NAMED` alerts that are furthest from what is usual, in their order."""

    def distance(place: int) -> float:
        return times_apart(told[place].found + 1, told[place].expected + 1)

    places = sorted(range(len(told)), key=distance, reverse=True)
    return [told[place] for place in sorted(places[:MOST_NAMED])]


def recent(
    session: Session, site: Site, since: datetime, noticed: datetime = FIRST_TIME
) -> list[Alert]:
    """Return the alerts of a site on hours and days since a time, noticed at another or later."""
    return [
        *alerts.kept(session, site, since, noticed),
        *public_alerts.kept(session, site, since.date(), noticed),
    ]


def sentences(
    session: Session, site: Site, told: Iterable[Alert], words: Words, minimum: int
) -> list[str]:
    """Return alerts in words; visits of fewer than `minimum` are not told beside public figures."""
    told = list(told)
    of_networks = [one for one in told if isinstance(one, public_alerts.PublicAlert)]
    beside = dict(zip(of_networks, public_alerts.beside(session, site, of_networks), strict=True))
    return [
        alerts.sentence(one, site, words)
        if isinstance(one, alerts.Burst)
        else public_alerts.sentence(one, beside[one], words, minimum)
        for one in told
    ]


def subject(site: Site, told: Iterable[Alert], words: Words) -> str:
    """Return what a letter is about: the first page that is told of, and how many more there are.

    There has to be an alert.
    """
    first, *others = dict.fromkeys(one.page for one in told)
    if not others:
        return words.say("%(site)s: something unusual on %(page)s", site=site.name, page=first)
    return words.say_count(
        "%(site)s: something unusual on %(page)s and %(n)s more page",
        "%(site)s: something unusual on %(page)s and %(n)s more pages",
        len(others),
        site=site.name,
        page=first,
    )


def _waiting(session: Session, site: Site) -> Iterable[Waiting]:
    """Yield the orders of each address that wants alerts, with those that it was not sent."""
    wanted = [one for one in recipients(session, site.name) if one.alerts]
    noticed = datetime.now(timezone.utc) - TRIED_FOR
    if not wanted or not recent(session, site, FIRST_TIME, noticed):
        return
    sent = _sent(session, wanted, noticed)
    by_email = attrgetter("email")
    for _, same in groupby(sorted(wanted, key=by_email), by_email):
        orders = list(same)
        first = min(one.since for one in orders).replace(microsecond=0)
        known = set().union(*(sent.get(one.token, set()) for one in orders))
        told = recent(session, site, FIRST_TIME, max(first, noticed))
        new = [one for one in told if one.key not in known]
        if new:
            yield orders, new


def _sent(session: Session, wanted: Iterable[Recipient], since: datetime) -> dict[str, set[str]]:
    rows = session.query(
        statement("digest/alerts_sent"), tokens=[one.token for one in wanted], since=since
    ).to_pylist()
    sent: dict[str, set[str]] = {}
    for row in rows:
        sent.setdefault(row["token"], set()).add(row["alert"])
    return sent


def _more(settings: Settings, n: int, words: Words, site: Site) -> list[str]:
    """Return a sentence on alerts that a letter does not name, where there are any."""
    if not n:
        return []
    return [
        words.say_count(
            "%(n)s more alert stands in the console: %(address)s",
            "%(n)s more alerts stand in the console: %(address)s",
            n,
            address=f"{settings.console_address}/letters?{urlencode({'site': site.name})}",
        )
    ]


def _record(session: Session, order: Recipient, keys: Sequence[str]) -> None:
    """Keep which alerts a letter told of."""
    for start in range(0, len(keys), KEPT_AT_ONCE):
        at_once = list(keys[start : start + KEPT_AT_ONCE])
        session.execute(statement("digest/record_alerts"), token=order.token, alerts=at_once)


def _report(settings: Settings, site: Site, told: list[Alert]) -> str:
    """Return where the console shows the days of alerts, public reach beside dark where it can."""
    public = [one for one in told if isinstance(one, public_alerts.PublicAlert)]
    if public:
        days = Period(min(one.begins for one in public), max(one.day for one in public))
        return post.report_address(settings, site, days, "/reports/public")
    hours = [one.hour for one in told if isinstance(one, alerts.Burst)]
    first, last = (day_of(hour.timestamp(), site.timezone) for hour in (min(hours), max(hours)))
    return post.report_address(settings, site, Period(first, last))


def _letter(settings: Settings, one: Recipient, about: str, said: list[str]) -> EmailMessage:
    words = words_for(one.language)
    end = post.unsubscribe_address(settings, one)
    message = letter.envelope(about, one, settings.mail_from, end)
    lines = [*said, f"{words.say('No more of these letters:')} {end}"]
    message.set_content("\n\n".join(lines) + "\n", charset="utf-8", cte="quoted-printable")
    return message
