"""`darksocial campaign`: what a site's owner plans, with days, tags, links and a target."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import click

from darksocial import campaigns, registry
from darksocial.campaigns import Campaign
from darksocial.cli.options import Group, format_option, opened, with_settings

DAY = click.DateTime(["%Y-%m-%d"])
SITE = click.option("--site", required=True, help="The site that it is for.")
TAGS = click.option("--utm", "tags", multiple=True, help="A value of utm_campaign; repeatable.")
CODES = click.option("--link", "codes", multiple=True, help="The code of a link; repeatable.")
ENDS = click.option("--to", "ends", type=DAY, help="Last day, included. [default: it goes on]")
GOAL = click.option(
    "--goal", type=click.Choice(campaigns.GOALS), help="What it is to reach. [default: visits]"
)
TARGET = click.option("--target", type=click.IntRange(min=0), help="How many; 0 for no target.")


@click.group("campaign", cls=Group)
def commands() -> None:
    """Campaigns: what they bring, also through links that are passed on."""


@commands.command("add")
@click.argument("name")
@SITE
@click.option("--from", "begins", type=DAY, required=True, help="First day.")
@ENDS
@TAGS
@CODES
@GOAL
@TARGET
@with_settings()
def add(
    name: str,
    site: str,
    begins: datetime,
    ends: datetime | None,
    tags: tuple[str, ...],
    codes: tuple[str, ...],
    goal: str | None,
    target: int | None,
    **flags: Any,
) -> None:
    """Add a campaign; `darksocial report campaigns` says what it brings."""
    with opened(flags) as (_, store), store.session() as session:
        wanted = Campaign(
            registry.site(session, site).name,
            name,
            begins.date(),
            _day(ends),
            tags,
            codes,
            goal or campaigns.GOALS[0],
            target or 0,
        )
        click.echo(_line(campaigns.add(session, wanted)))


@commands.command("edit")
@click.argument("name")
@SITE
@click.option("--from", "begins", type=DAY, help="First day.")
@ENDS
@click.option("--open-end", is_flag=True, help="It has no last day any more.")
@TAGS
@CODES
@GOAL
@TARGET
@with_settings()
def edit(name: str, site: str, open_end: bool, **rest: Any) -> None:
    """Change a campaign: what is given takes the place of what was."""
    names = ("begins", "ends", "tags", "codes", "goal", "target")
    given = {key: rest.pop(key) for key in names}
    changes = {key: value for key, value in given.items() if value not in (None, ())}
    changes |= {key: _day(changes[key]) for key in ("begins", "ends") if key in changes}
    if open_end:
        changes["ends"] = None
    with opened(rest) as (_, store), store.session() as session:
        known = registry.site(session, site).name
        click.echo(_line(campaigns.edit(session, known, name, **changes)))


@commands.command("list")
@SITE
@format_option(("table", "json"), "How to print.")
@with_settings()
def list_(site: str, format_: str, **flags: Any) -> None:
    """List the campaigns of a site."""
    with opened(flags) as (_, store), store.session() as session:
        known = campaigns.campaigns(session, registry.site(session, site).name)
    if format_ == "json":
        click.echo(json.dumps([asdict(one) for one in known], indent=2, default=str))
        return
    for one in known:
        click.echo(_line(one))


@commands.command("remove")
@click.argument("name")
@SITE
@with_settings()
def remove(name: str, site: str, **flags: Any) -> None:
    """Take a campaign out of the lists; the visits stay what they are."""
    with opened(flags) as (_, store), store.session() as session:
        campaigns.remove(session, registry.site(session, site).name, name)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _line(one: Campaign) -> str:
    keys = [f"utm_campaign {tag}" for tag in one.tags] + [f"link {code}" for code in one.codes]
    wanted = f"  target: {one.target:,} {one.goal}" if one.target else ""
    return f"{one.name}  {one.begins} to {one.ends or 'open'}  {', '.join(keys)}{wanted}"
