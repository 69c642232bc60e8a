"""A letter: the figures of a period in words, as text and as HTML, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from darksocial import reports
from darksocial.digest.periods import Period
from darksocial.digest.recipients import Recipient
from darksocial.model import Site
from darksocial.reports import Range
from darksocial.store.protocol import Session
from darksocial.texts import Words, words_for

MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What a letter tells of a site and a period, beside the period before."""

    site: Site
    period: Period
    visits: int
    direct: int
    dark: int
    dark_before: int
    shares: int
    shares_before: int
    applications: tuple[tuple[str, int], ...]
    pages: tuple[tuple[str, int], ...]
    example: bool


def figures(session: Session, site: Site, period: Period) -> Figures:
    """Return the figures of a period from the reports."""
    now, before = (
        reports.run(session, "overview", site, Range(one.first, one.last)).summary
        for one in (period, period.before)
    )
    pages = reports.run(session, "pages", site, Range(period.first, period.last)).rows
    applications: dict[str, int] = {}
    for row in now["direct_was"]:
        if row["channel"] == "dark_social" and row["application"]:
            name = row["application"]
            applications[name] = applications.get(name, 0) + row["visits"]
    return Figures(
        site=site,
        period=period,
        visits=now["visits"],
        direct=now["reported_direct"],
        dark=now["direct_that_was_dark_social"],
        dark_before=before["direct_that_was_dark_social"],
        shares=now["shares"],
        shares_before=before["shares"],
        applications=_most(applications),
        pages=_most({row["page"]: row["dark_social"] for row in pages if row["dark_social"]}),
        example=bool(now["example_visits"]),
    )


def _most(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_ROWS])


def compose(
    told: Figures, recipient: Recipient, sender: str, console: str, unsubscribe: str
) -> EmailMessage:
    """Return the letter; `console` is the address of the report, `unsubscribe` ends the order."""
    words = words_for(recipient.language)
    subject = words.say_count(
        "%(site)s: %(n)s visit from dark social, %(first)s to %(last)s",
        "%(site)s: %(n)s visits from dark social, %(first)s to %(last)s",
        told.dark,
        site=told.site.name,
        first=words.short_day(told.period.first),
        last=words.day(told.period.last),
    )
    message = _envelope(subject, recipient, sender, unsubscribe)
    values = {"told": told, "console": console, "unsubscribe": unsubscribe, "subject": subject}
    text = _environment(recipient.language).get_template("letter.txt").render(**values)
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    html = _environment(recipient.language).get_template("letter.html").render(**values)
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    return message


def _envelope(subject: str, recipient: Recipient, sender: str, unsubscribe: str) -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = sender
    message["To"] = Address(addr_spec=recipient.email)
    message["Date"] = format_datetime(datetime.now(timezone.utc))
    message["Message-ID"] = make_msgid(domain=sender.rpartition("@")[2].rstrip(">") or "localhost")
    message["List-Unsubscribe"] = f"<{unsubscribe}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = recipient.language
    return message


@cache
def _environment(language: str) -> Environment:
    words = words_for(language)
    environment = Environment(
        loader=PackageLoader("darksocial.digest"),
        autoescape=lambda name: bool(name and name.endswith(".html")),
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.say, words.plural, newstyle=True
    )
    environment.filters |= _filters(words)
    environment.globals |= {
        "percent": words.percent,
        "language": language,
        "change": _change(words),
    }
    return environment


def _filters(words: Words) -> dict[str, Callable[[Any], str]]:
    return {"number": words.number, "day": words.day, "short_day": words.short_day}


def _change(words: Words) -> Callable[[int, int], str]:
    """Return what says how a number has moved since the period before."""

    def say(now: int, before: int) -> str:
        if now == before:
            return words.say("as many as before")
        moved = words.number(abs(now - before))
        if now > before:
            return words.say("%(n)s more than before", n=moved)
        return words.say("%(n)s fewer than before", n=moved)

    return say
