"""The command `darksocial export`, and the option by which commands write files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

import click

from darksocial import exports, registry
from darksocial.cli.options import Group, format_option, opened, with_settings
from darksocial.errors import InputError
from darksocial.model import CHANNELS, EVIDENCE
from darksocial.reclassification import publish_dirty
from darksocial.reports import Range

DAY = click.DateTime(["%Y-%m-%d"])
BINARY = ("pdf", "parquet", "xlsx")
OUTPUT = click.option(
    "--output", default="", metavar="FILE", help="Write into this file. [default: print]"
)


@contextmanager
def target(output: str, format_: str) -> Iterator[BinaryIO]:
    """Open the file that was asked for, or standard output; a half-written file is not left."""
    if output in ("", "-"):
        if format_ in BINARY and sys.stdout.isatty():
            raise InputError(f"The format {format_} is nothing for a terminal: add --output FILE.")
        yield sys.stdout.buffer
        return
    part = Path(f"{output}.part")
    try:
        with part.open("wb") as file:
            yield file
        os.replace(part, output)
    except OSError as error:
        raise InputError(
            f"The file {output} cannot be written ({error.strerror}): choose another with --output."
        ) from error
    finally:
        part.unlink(missing_ok=True)


@click.group("export", cls=Group)
def commands() -> None:
    """Recorded data as files."""


@commands.command("visits")
@click.option("--site", required=True, help="The site whose visits are wanted.")
@click.option("--from", "first", type=DAY, help="First day. [default: all there is]")
@click.option("--to", "last", type=DAY, help="Last day, included.")
@click.option("--channel", type=click.Choice(CHANNELS), default=None, help="Only this channel.")
@click.option("--evidence", type=click.Choice(EVIDENCE), default=None, help="Only this evidence.")
@format_option(exports.VISIT_FORMATS, "How to write the visits.")
@OUTPUT
@with_settings()
def visits(
    site: str,
    first: datetime | None,
    last: datetime | None,
    channel: str | None,
    evidence: str | None,
    format_: str,
    output: str,
    **flags: Any,
) -> None:
    """Write single visits, one row each; memory does not grow with their number."""
    span = Range(first.date() if first else None, last.date() if last else None)
    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        publish_dirty(store, known.name)
        wanted = exports.Wanted(known, span, channel or "", evidence or "")
        with store.session() as session, target(output, format_) as file:
            written = exports.write_visits(exports.pages(session, wanted), format_, file)
    click.echo(f"{written:,} visits", err=True)
