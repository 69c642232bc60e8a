"""`darksocial erase` and `darksocial notice`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from darksocial import notices, registry
from darksocial.cli.options import COMMON, Command, language_option, opened, with_settings
from darksocial.errors import InputError


@click.command("erase", cls=Command)
@click.option("--site", required=True, help="The site whose records go.")
@click.option("--token", default="", help="Everything that was recorded of a share token.")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="Everything of a day of the site.")
@with_settings()
def erase(site: str, token: str, day: datetime | None, **flags: Any) -> None:
    """Delete what was recorded of a token or on a day, and compute the figures anew."""
    # The rules that it loads cost every command a moment.
    from darksocial.erasure import erase_day, erase_token

    if bool(token) == bool(day):
        raise InputError("Say what to erase: either --token or --day.")
    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        if day:
            erase_day(store, known, day.date())
            click.echo(f"Nothing of {day.date()} is left of {known.name}")
            return
        days = erase_token(store, known, token)
    if not days:
        click.echo(f"{known.name} has nothing of {token}: if it should, look at its spelling")
        return
    computed = "1 day was" if len(days) == 1 else f"{len(days)} days were"
    click.echo(f"Nothing of {token} is left of {known.name}; {computed} computed anew")


@click.command("notice", cls=Command)
@click.argument("kind", type=click.Choice(notices.NOTICES))
@click.option("--site", required=True, help="The site that the text is for.")
@language_option("The language of the text.")
@click.option("--consent", is_flag=True, help="The site asks for consent (address bar, storage).")
@click.option("--survey", is_flag=True, help="The site asks how visitors got the link.")
@with_settings(*COMMON, "tracker_url", "tracker_host", "tracker_port", "retention_months")
def notice(kind: str, site: str, language: str, consent: bool, survey: bool, **flags: Any) -> None:
    """Print a text about privacy as Markdown, for the settings in force."""
    with opened(flags) as (settings, store), store.session() as session:
        known = registry.site(session, site)
    practice = notices.Practice(consent, survey)
    click.echo(notices.notice(kind, known, settings, language, practice), nl=False)
