"""`darksocial import seeded`: links that the owner planted, to measure whether tokens survive."""

from __future__ import annotations

from typing import Any, BinaryIO

import click

from darksocial import lists, registry, seeding
from darksocial.cli import imports
from darksocial.cli.options import Command, opened, with_settings
from darksocial.cli.told import account_for


@click.command("seeded", cls=Command)
@click.argument("file", type=click.File("rb"))
@imports.SITE
@with_settings()
def command(file: BinaryIO, site: str, **flags: Any) -> None:
    """Bring in seeded shares from a CSV file (`-` for standard input).

    Columns: date (YYYY-MM-DD), channel (like WhatsApp), device (desktop, mobile, tablet or empty),
    shared (how often a link was passed on there and opened) and seen (how many of these opened with
    their token). A file may be read again: of the same date, channel and device the newest counts.
    The next fit uses them.
    """
    with opened(flags) as (_, store), store.session() as session:
        known = registry.site(session, site)
        entered = seeding.from_csv(session, lists.decoded(file.read()), known)
    account_for(entered)
