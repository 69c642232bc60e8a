"""`darksocial link`: short addresses that lead to pages of your sites."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import click

from darksocial import links, lists, registry
from darksocial.cli.options import (
    COMMON,
    Group,
    format_option,
    opened,
    tracker_address,
    with_settings,
)
from darksocial.cli.told import tell_refused
from darksocial.model import LINK_KINDS, Link, Site
from darksocial.store.protocol import Session

ADDRESSED = (*COMMON, "tracker_url", "tracker_host", "tracker_port")
KIND = click.option(
    "--kind",
    type=click.Choice(LINK_KINDS),
    help="What the link is for; a person's link counts as dark social.",
)
LABEL = click.option("--label", help="A name of your own: a campaign, a person, a poster.")
EXPIRES = click.option(
    "--expires", type=click.DateTime(["%Y-%m-%d"]), help="The last day on which it leads anywhere."
)


@click.group("link", cls=Group)
def link() -> None:
    """Managed links: short addresses that lead to pages of your sites."""


@link.command("add")
@click.argument("destination")
@KIND
@LABEL
@EXPIRES
@click.option("--source", default="", help="utm_source of the destination.")
@click.option("--medium", default="", help="utm_medium of the destination.")
@click.option("--campaign", default="", help="utm_campaign of the destination.")
@with_settings(*ADDRESSED)
def add(
    destination: str,
    kind: str | None,
    label: str | None,
    expires: datetime | None,
    source: str,
    medium: str,
    campaign: str,
    **flags: Any,
) -> None:
    """Add a link to a page and print its address."""
    tags = {"source": source, "medium": medium, "campaign": campaign}
    with opened(flags) as (settings, store), store.session() as session:
        page = registry.page_address(links.tagged(destination, tags))
        site = registry.site(session, registry.site_of(session, page))
        added = registry.add_link(
            session, page, kind or "campaign", label or "", _end(expires, site)
        )
        registry.write_snapshot(session, settings.snapshot)
    click.echo(f"{tracker_address(settings)}/r/{added.code}")


@link.command("list")
@click.option("--site", default="", help="Only the links of this site.")
@format_option(("table", "json"), "How to print.")
@with_settings()
def list_links(site: str, format_: str, **flags: Any) -> None:
    """List the links."""
    with opened(flags) as (_, store), store.session() as session:
        name = registry.site(session, site).name if site else ""
        known = registry.links(session, name)
    if format_ == "json":
        click.echo(json.dumps([asdict(one) | {"state": _state(one)} for one in known], indent=2))
        return
    for one in known:
        state = f"  ({_state(one)})" if _state(one) != "live" else ""
        click.echo(f"{one.code}  {one.kind}  {one.destination}  {one.label}{state}")


@link.command("edit")
@click.argument("code")
@click.option("--destination", help="Another page of the same site.")
@KIND
@LABEL
@EXPIRES
@click.option("--forever", is_flag=True, help="It expires no more.")
@with_settings(*ADDRESSED)
def edit(code: str, expires: datetime | None, forever: bool, **rest: Any) -> None:
    """Change a link; its code and address stay."""
    names = ("destination", "kind", "label")
    changes = {name: rest.pop(name) for name in names if rest[name] is not None}
    for name in names:
        rest.pop(name, None)

    def change(session: Session) -> None:
        if expires or forever:
            site = registry.site(session, links.find(session, code).site)
            changes["expires"] = _end(expires, site)
        links.edit(session, code, **changes)

    _changed(rest, change)


@link.command("disable")
@click.argument("code")
@with_settings(*ADDRESSED)
def disable(code: str, **flags: Any) -> None:
    """Let a link lead nowhere, until it is enabled again."""
    _changed(flags, lambda session: links.edit(session, code, disabled=True))


@link.command("enable")
@click.argument("code")
@with_settings(*ADDRESSED)
def enable(code: str, **flags: Any) -> None:
    """Let a disabled link lead to its page again."""
    _changed(flags, lambda session: links.edit(session, code, disabled=False))


@link.command("remove")
@click.argument("code")
@with_settings(*ADDRESSED)
def remove(code: str, **flags: Any) -> None:
    """Take a link out of the lists; what it brought stays, and its code is never given again."""
    _changed(flags, lambda session: links.remove(session, code))


@link.command("history")
@click.argument("code")
@with_settings()
def history(code: str, **flags: Any) -> None:
    """Print what was changed of a link."""
    with opened(flags) as (_, store), store.session() as session:
        for one in links.history(session, code):
            state = "disabled" if one.disabled else "enabled"
            who = f" by {one.done_by}" if one.done_by else ""
            click.echo(
                f"{one.since:%Y-%m-%d %H:%M:%S} UTC{who}: {one.kind}, {state}, {one.destination}"
                f"{', ' + one.label if one.label else ''}"
                f"{', until ' + _day(one.expires) if one.expires else ''}"
            )


@link.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--site", required=True, help="The site that the links are for.")
@with_settings(*ADDRESSED)
def import_csv(file: BinaryIO, site: str, **flags: Any) -> None:
    """Add the links of a CSV file (`-` for standard input).

    Columns: destination; and, where wanted, kind, label, utm_source, utm_medium, utm_campaign,
    utm_term, utm_content and expires (YYYY-MM-DD).
    """
    with opened(flags) as (settings, store), store.session() as session:
        made = links.from_csv(session, lists.decoded(file.read()), registry.site(session, site))
        registry.write_snapshot(session, settings.snapshot)
    for one in made.added:
        click.echo(f"{tracker_address(settings)}/r/{one.code}  {one.destination}  {one.label}")
    tell_refused(made.refused)
    counts = f"{len(made.added)} added, {made.known} there already, {len(made.refused)} refused"
    click.echo(counts, err=True)
    if made.refused:
        raise SystemExit(1)


@link.command("qr")
@click.argument("code")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_settings(*ADDRESSED)
def qr(code: str, file: Path, **flags: Any) -> None:
    """Write a link's QR code to FILE (.svg or .png)."""
    with opened(flags) as (settings, store), store.session() as session:
        links.find(session, code)
        address = f"{tracker_address(settings)}/r/{code}"
    file.write_bytes(links.qr(address, file.suffix.removeprefix(".").lower()))
    click.echo(f"{file}: {address}")


def _changed(flags: dict[str, Any], change: Callable[[Session], object]) -> None:
    with opened(flags) as (settings, store), store.session() as session:
        change(session)
        registry.write_snapshot(session, settings.snapshot)


def _end(day: datetime | None, site: Site) -> int:
    return links.end_of_day(day.date(), site.timezone) if day else 0


def _day(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, ZoneInfo('UTC')):%Y-%m-%d %H:%M} UTC"


def _state(one: Link) -> str:
    if one.disabled:
        return "disabled"
    return "live" if one.live(datetime.now(timezone.utc).timestamp()) else "expired"
