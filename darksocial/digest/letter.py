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
from darksocial.reports import Range, suppressed
from darksocial.store.protocol import Session
from darksocial.texts import Words, words_for

MOST_ROWS = 5


@dataclass(frozen=True, slots=True)
class Figures:
    """What a letter tells of a site and a period, beside the period before."""

    site: Site
    period: Period
    visits: int | None
    direct: int | None
    dark: int | None
    dark_before: int | None
    dark_in_all: int | None
    shares: int | None
    shares_before: int | None
    applications: tuple[tuple[str, int], ...]
    pages: tuple[tuple[str, int], ...]
    example: bool


def figures(session: Session, site: Site, period: Period, minimum: int) -> Figures:
    """Return the figures of a period from the reports, as readers may see them.

    A letter goes to whom the owner names, so what speaks of fewer visitors than `minimum` is
    left out, and a figure that would be is `None`. `dark` are those of the direct visits;
    `dark_in_all` also has those that analytics calls something else, and so have the pages.
    """
    now, before = (_overview(session, site, one, minimum) for one in (period, period.before))
    span = Range(period.first, period.last)
    pages = suppressed(reports.run(session, "pages", site, span), minimum).rows
    applications: dict[str, int] = {}
    for row in now["direct_was"]:
        known = row["application"] and row["visits"] is not None
        if row["channel"] == "dark_social" and known:
            name = row["application"]
            applications[name] = applications.get(name, 0) + row["visits"]
    return Figures(
        site=site,
        period=period,
        visits=now["visits"],
        direct=now["reported_direct"],
        dark=now["direct_that_was_dark_social"],
        dark_before=before["direct_that_was_dark_social"],
        dark_in_all=now["dark_social"],
        shares=now["shares"],
        shares_before=before["shares"],
        applications=_most(applications),
        pages=_most({row["page"]: row["dark_social"] for row in pages if row["dark_social"]}),
        example=bool(now["example_visits"]),
    )


def _overview(session: Session, site: Site, period: Period, minimum: int) -> dict[str, Any]:
    span = Range(period.first, period.last)
    return suppressed(reports.run(session, "overview", site, span), minimum).summary


def _most(counts: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_ROWS])


def compose(
    told: Figures, recipient: Recipient, sender: str, console: str, unsubscribe: str
) -> EmailMessage:
    """Return the letter; `console` is the address of the report, `unsubscribe` ends the order."""
    words = words_for(recipient.language)
    subject = _subject(told, words)
    message = envelope(subject, recipient, sender, unsubscribe)
    values = {"told": told, "console": console, "unsubscribe": unsubscribe, "subject": subject}
    text = _environment(recipient.language).get_template("letter.txt").render(**values)
    message.set_content(text, charset="utf-8", cte="quoted-printable")
    html = _environment(recipient.language).get_template("letter.html").render(**values)
    message.add_alternative(html, subtype="html", charset="utf-8", cte="quoted-printable")
    return message


def _subject(told: Figures, words: Words) -> str:
    when = {
        "site": told.site.name,
        "first": words.short_day(told.period.first),
        "last": words.day(told.period.last),
    }
    if told.dark_in_all is None:
        return words.say("%(site)s: figures from %(first)s to %(last)s", **when)
    return words.say_count(
        "%(site)s: %(n)s visit from dark social, %(first)s to %(last)s",
        "%(site)s: %(n)s visits from dark social, %(first)s to %(last)s",
        told.dark_in_all,
        **when,
    )


def envelope(subject: str, recipient: Recipient, sender: str, unsubscribe: str) -> EmailMessage:
    """Return a letter without its text; `unsubscribe` is the address that ends the order."""
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
    def number(value: int | None) -> str:
        return words.say("too few to say") if value is None else words.number(value)

    return {"number": number, "day": words.day, "short_day": words.short_day}


def _change(words: Words) -> Callable[[int | None, int | None], str]:
    """Return what says how a number has moved since the period before."""

    def say(now: int | None, before: int | None) -> str:
        if now is None or before is None:
            return words.say("too few to compare")
        if now == before:
            return words.say("as many as before")
        moved = words.number(abs(now - before))
        if now > before:
            return words.say("%(n)s more than before", n=moved)
        return words.say("%(n)s fewer than before", n=moved)

    return say
