"""The commands, one function each."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Any

import click

from darksocial import __version__, exports, registry, reports
from darksocial.cli import campaign, check, explain, export, imports, public_figures, seeded, user
from darksocial.cli.digest import digest
from darksocial.cli.fit import fit, validate
from darksocial.cli.links import link
from darksocial.cli.options import (
    COMMON,
    Group,
    format_option,
    opened,
    tracker_address,
    with_settings,
)
from darksocial.cli.privacy import erase, notice
from darksocial.cli.segment import commands as segment
from darksocial.cli.segment import with_limits
from darksocial.cli.simulate import simulate
from darksocial.reclassification import publish_dirty, touch_all
from darksocial.reports.narrowing import FILTERS
from darksocial.settings import SETTINGS

DAY = click.DateTime(["%Y-%m-%d"])


@click.group(cls=Group)
@click.version_option(__version__, prog_name="darksocial")
def main() -> None:
    """Make dark social visible: links that are passed on where no referrer tells."""


@main.command()
@with_settings(*(setting.name for setting in SETTINGS))
@click.option("--demo", is_flag=True, help="Serve a demo site with example data too.")
def serve(demo: bool, **flags: Any) -> None:
    """Start tracker, drain and console, until Ctrl-C."""
    from darksocial.cli.options import load
    from darksocial.cli.serve import serve as run

    raise SystemExit(run(load(flags), demo))


main.add_command(imports.commands)
imports.commands.add_command(public_figures.command)
imports.commands.add_command(seeded.command)
main.add_command(check.command)
main.add_command(check.snippet_tag)
main.add_command(simulate)


@main.group(cls=Group)
def site() -> None:
    """The web sites that are measured."""


@site.command("add")
@click.argument("name")
@click.option("--host", "hosts", multiple=True, help="A further host of the site; repeatable.")
@click.option("--timezone", default="", help="IANA name, for the site's days. [default: UTC]")
@with_settings(*COMMON, "tracker_url", "tracker_host", "tracker_port")
def site_add(name: str, hosts: tuple[str, ...], timezone: str, **flags: Any) -> None:
    """Add a site and print its snippet tag."""
    with opened(flags) as (settings, store), store.session() as session:
        hosts = (name, *hosts) if hosts else ()
        before = registry.sites(session).get(registry.host_name(name))
        added = registry.add_site(session, name, hosts, timezone)
        if before and before.timezone != added.timezone:
            touch_all(session, added)  # its days begin at other times now
        registry.write_snapshot(session, settings.snapshot)
    click.echo(check.tag(f"{tracker_address(settings)}/ds.js", added.key))


@site.command("list")
@with_settings()
def site_list(**flags: Any) -> None:
    """List the sites with their keys, hosts and time zones."""
    with opened(flags) as (_, store), store.session() as session:
        for known in registry.sites(session).values():
            click.echo(f"{known.name}  {known.key}  {','.join(known.hosts)}  {known.timezone}")


@site.command("remove")
@click.argument("name")
@with_settings()
def site_remove(name: str, **flags: Any) -> None:
    """Stop measuring a site; what was recorded stays until it expires."""
    with opened(flags) as (settings, store), store.session() as session:
        registry.remove_site(session, name)
        registry.write_snapshot(session, settings.snapshot)


main.add_command(link)
main.add_command(campaign.commands)
main.add_command(segment)
main.add_command(digest)
main.add_command(fit)
main.add_command(validate)
main.add_command(erase)
main.add_command(notice)


@main.group(cls=Group)
def demo() -> None:
    """The demo site of `darksocial serve --demo`."""


@demo.command("remove")
@with_settings()
def demo_remove(**flags: Any) -> None:
    """Take the example data out; what live visitors of the demo site did stays."""
    from darksocial.demo import remove

    with opened(flags) as (_, store):
        remove(store)
        publish_dirty(store)
    click.echo(
        "The example data is gone. `darksocial serve --demo` does not bring it back; the console "
        "does, under Set up."
    )


@main.command()
@click.option("--site", required=True, help="The site to compute.")
@click.option("--all", "everything", is_flag=True, help="All days, not only those that changed.")
@with_settings()
def reclassify(site: str, everything: bool, **flags: Any) -> None:
    """Compute the visits of every day whose hits have changed."""
    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
            if everything:
                touch_all(session, known)
        progress = Progress()
        days = publish_dirty(store, known.name, progress.day)
        click.echo(f"{days:,} days computed, {progress.visits:,} visits.")


class Progress:
    """Counts, and says where a terminal can see it."""

    def __init__(self) -> None:
        self.visits = 0
        self.days = 0

    def day(self, site: str, day: Any, visits: int) -> None:
        self.visits += visits
        self.days += 1
        if sys.stderr.isatty():
            click.echo(f"\r{site} {day}: {visits:,} visits", nl=False, err=True)


@main.command()
@click.argument("name", type=click.Choice(list(reports.REPORTS)))
@click.option("--site", required=True, help="The site to report on.")
@click.option("--from", "first", type=DAY, help="First day. [default: all there is]")
@click.option("--to", "last", type=DAY, help="Last day, included.")
@format_option(exports.REPORT_FORMATS, "How to write the answer.")
@click.option("--by", default="", help="Of funnel, public and others: what rows stand for.")
@click.option("--token", default="", help="Of tree: the tree that holds this share.")
@click.option("--link", default="", help="Of tree: the tree of this link's code.")
@click.option("--model", default="", help="Of conversions: how credit is shared out.")
@with_limits("segment", *FILTERS)
@export.OUTPUT
@with_settings()
def report(
    name: str,
    site: str,
    first: datetime | None,
    last: datetime | None,
    format_: str,
    by: str,
    token: str,
    link: str,
    model: str,
    output: str,
    limits: dict[str, str],
    **flags: Any,
) -> None:
    """Answer a question from the published visits."""
    options = {"by": by, "token": token, "link": link, "model": model, **limits}
    span = reports.Range(first.date() if first else None, last.date() if last else None)
    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        publish_dirty(store, known.name)
        with store.session() as session:
            answer = reports.run(session, name, known, span, **options)
    with export.target(output, format_) as file:
        file.write(exports.report_file(answer, format_))


main.add_command(explain.command)
main.add_command(export.commands)
main.add_command(user.commands)
