"""`darksocial digest`: the figures of a site by e-mail."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import click

from darksocial import registry
from darksocial.cli.options import COMMON, Group, language_option, opened, with_settings
from darksocial.digest import letter, post
from darksocial.digest.periods import latest
from darksocial.digest.recipients import PERIODS, Recipient, add, recipients, remove
from darksocial.errors import InputError
from darksocial.store.protocol import Session

MAIL = ("smtp_host", "smtp_port", "smtp_security", "smtp_user", "smtp_password", "mail_from")
ADDRESSED = (*COMMON, *MAIL, "console_url", "console_host", "console_port")


@click.group("digest", cls=Group)
def digest() -> None:
    """The figures of a site by e-mail, weekly or monthly, and alerts."""


@digest.command("add")
@click.argument("email")
@click.option("--site", required=True, help="The site whose figures are sent.")
@click.option(
    "--period",
    type=click.Choice(PERIODS),
    default="weekly",
    show_default=True,
    help="How often.",
)
@language_option("The language of the letters.")
@click.option("--alerts", is_flag=True, help="A word at once when something unusual happens, too.")
@with_settings()
def add_recipient(
    email: str, site: str, period: str, language: str, alerts: bool, **flags: Any
) -> None:
    """Send the figures of a site to EMAIL from now on."""
    with opened(flags) as (_, store), store.session() as session:
        one = add(session, site, email, period, language, alerts)
    alerted = ", and a word at once when something unusual happens" if one.alerts else ""
    click.echo(f"{one.email} gets the {one.period} figures of {one.site}{alerted}")


@digest.command("list")
@click.option("--site", default="", help="Only the recipients of this site.")
@with_settings()
def list_recipients(site: str, **flags: Any) -> None:
    """List who gets what."""
    with opened(flags) as (_, store), store.session() as session:
        name = registry.site(session, site).name if site else ""
        for one in recipients(session, name):
            alerts = "  alerts" if one.alerts else ""
            click.echo(f"{one.email}  {one.site}  {one.period}  {one.language}{alerts}")


@digest.command("remove")
@click.argument("email")
@click.option("--site", default="", help="Only for this site.")
@with_settings()
def remove_recipient(email: str, site: str, **flags: Any) -> None:
    """Send nothing more to EMAIL."""
    with opened(flags) as (_, store), store.session() as session:
        for one in _orders(session, email, site):
            remove(session, one.token)
            click.echo(f"{one.email} gets no {one.period} figures of {one.site} any more")


@digest.command("send")
@click.option("--to", "email", default="", help="To this recipient, also if it was sent before.")
@click.option("--dry-run", is_flag=True, help="Print the letters instead.")
@with_settings(*ADDRESSED)
def send(email: str, dry_run: bool, **flags: Any) -> None:
    """Send the letters that are due now; `serve` does so by itself."""
    now = datetime.now(timezone.utc)
    with opened(flags) as (settings, store), store.session() as session:
        waiting = post.due(session, now)
        if email:
            sites = registry.sites(session)
            waiting = [
                (one, sites[one.site], latest(one.period, sites[one.site], now))
                for one in _orders(session, email, "")
            ]
        if dry_run:
            for one, site, period in waiting:
                least = settings.minimum_visitors
                told = letter.figures(session, site, period, least)
                report = post.report_address(settings, site, period)
                end = post.unsubscribe_address(settings, one)
                sender = settings.mail_from or "sender@example.com"
                made = letter.compose(told, one, sender, report, end)
                body = made.get_body(("plain",))
                click.echo(f"To: {made['To']}\nSubject: {made['Subject']}\n")
                click.echo(body.get_content() if body else "")
            return
        sent, troubles = post.send(session, waiting, settings)
    click.echo(f"{sent} sent")
    for sentence in troubles:
        click.echo(sentence, err=True)
    if troubles:
        raise SystemExit(1)


def _orders(session: Session, email: str, site: str) -> list[Recipient]:
    name = registry.site(session, site).name if site else ""
    found = [one for one in recipients(session, name) if one.email == email]
    if not found:
        raise InputError(f"{email!r} gets nothing: `darksocial digest list` prints who does.")
    return found
