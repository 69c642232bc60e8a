"""`darksocial import`: what others recorded, into the store."""

from __future__ import annotations

import json
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import click

from darksocial import registry
from darksocial.cli.options import Group, format_option, opened, with_settings

if TYPE_CHECKING:
    from darksocial.imports import ImportResult, Progress

INTERRUPTED = 130
SITE = click.option("--site", required=True, help="The site that it belongs to.")


@click.group("import", cls=Group)
def commands() -> None:
    """Bring in what others recorded."""


@commands.command("log")
@click.argument("path")
@SITE
@click.option(
    "--log-format",
    default="combined",
    show_default=True,
    help="combined, common, vhost_combined, or the text of LogFormat or log_format.",
)
@click.option(
    "--source",
    default="log",
    show_default=True,
    help="Which server wrote it, where a site has several.",
)
@format_option(("text", "json"), "How to write the account of the lines.")
@click.option("--follow", is_flag=True, help="Go on with what the server writes, until Ctrl-C.")
@click.option(
    "--interval",
    type=click.FloatRange(min=0.1),
    default=30.0,
    show_default=True,
    help="How many seconds lie between two looks at a log that is followed.",
)
@with_settings()
def log(
    path: str,
    site: str,
    log_format: str,
    source: str,
    format_: str,
    follow: bool,
    interval: float,
    **flags: Any,
) -> None:
    """Import the access log PATH (plain or gzip, - for standard input).

    The same file can be imported again when it has grown or was rotated: nothing counts twice.
    """
    # The rules that they load cost every command a moment.
    from darksocial import imports
    from darksocial.expiry import expire_rejects

    with opened(flags) as (settings, store):
        with store.session() as session:
            known = registry.site(session, site)
        expire_rejects(settings.rejects, settings.retention_months)
        if follow:
            follower = imports.Follower(
                store, known, path, source=source, format=log_format, rejects=settings.rejects
            )
            follower.run(_stopped_by_signals(), lambda result: tell(result, format_), interval)
            return
        try:
            result = imports.import_log(
                store,
                known,
                path,
                source=source,
                format=log_format,
                rejects=settings.rejects,
                progress=show if sys.stderr.isatty() else None,
            )
        except KeyboardInterrupt:
            click.echo("\nInterrupted: the same command goes on where this one was.", err=True)
            raise SystemExit(INTERRUPTED) from None
    if sys.stderr.isatty():
        click.echo("\r\033[K", nl=False, err=True)
    tell(result, format_)
    if result.failed:
        raise SystemExit(1)


def tell(result: ImportResult, format_: str) -> None:
    """Write the account of the lines, and where to look for what could not be read."""
    if result.rejects:
        click.echo(f"Lines that could not be read are in {result.rejects}.", err=True)
    for note in result.notes:
        click.echo(note, err=True)
    click.echo(json.dumps(result.to_json(), indent=2) if format_ == "json" else result.summary())


def _stopped_by_signals() -> threading.Event:
    """Return an event that Ctrl-C and a service manager's stop set, between two passes."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def show(progress: Progress) -> None:
    """Write how far an import is over the line that said so before."""
    part = f" ({progress.done / progress.size:.0%})" if progress.size else ""
    rate = progress.lines / progress.seconds if progress.seconds else 0
    click.echo(f"\r\033[K{progress.lines:,} lines{part}, {rate:,.0f} a second", nl=False, err=True)


@commands.command("list")
@SITE
@with_settings()
def list_(site: str, **flags: Any) -> None:
    """List the imports of a site."""
    from darksocial import imports

    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        for row in imports.list_imports(store, known):
            click.echo(f"{row.import_id}  {row.state}  {row.lines:,} lines  {row.name}")


@commands.command("undo")
@click.argument("import_id")
@SITE
@with_settings()
def undo(import_id: str, site: str, **flags: Any) -> None:
    """Take the import IMPORT_ID back, as if it had never been."""
    from darksocial import imports

    with opened(flags) as (settings, store):
        with store.session() as session:
            known = registry.site(session, site)
        done = imports.undo(store, known, import_id, settings.rejects)
    click.echo(f"{done.hits:,} hits of {len(done.days):,} days were taken back.")
    for again in done.again:
        click.echo(
            f"{again} had found some of these lines already imported: import its file again, if "
            "they shall count.",
            err=True,
        )


@commands.command("forget")
@click.argument("source")
@SITE
@with_settings()
def forget(source: str, site: str, **flags: Any) -> None:
    """Forget the salt of a SOURCE: its logs cannot be continued any more."""
    from darksocial import imports

    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        imports.forget(store, known, source)
