"""`darksocial import public`: what social networks say of posts."""

from __future__ import annotations

from typing import Any, BinaryIO

import click

from darksocial import lists, public_figures, registry
from darksocial.cli import imports
from darksocial.cli.options import Command, opened, with_settings
from darksocial.cli.told import account_for


@click.command("public", cls=Command)
@click.argument("file", type=click.File("rb"))
@imports.SITE
@click.option(
    "--running", is_flag=True, help="The figures are totals of the post so far, not of the day."
)
@with_settings()
def command(file: BinaryIO, site: str, running: bool, **flags: Any) -> None:
    """Bring in public figures of posts from a CSV file (`-` for standard input).

    Columns: network, day (YYYY-MM-DD), page (the address that was posted), post (its id or
    address); and likes, comments, shares. A file may be read again: of the same network, post
    and day the newest figures count.
    """
    with opened(flags) as (_, store), store.session() as session:
        known = registry.site(session, site)
        entered = public_figures.from_csv(session, lists.decoded(file.read()), known, running)
    account_for(entered)
