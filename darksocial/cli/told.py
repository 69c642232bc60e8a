"""What commands say of a list that was read, line by line."""

from __future__ import annotations

from collections.abc import Sequence

import click

from darksocial.lists import MOST_TOLD, Entered, Refused


def account_for(entered: Entered) -> None:
    """Say what became of the lines of a list; the command fails where one was refused."""
    tell_refused(entered.refused)
    click.echo(
        f"{entered.added:,} added, {entered.changed:,} changed, {entered.known:,} there already, "
        f"{len(entered.refused):,} refused",
        err=True,
    )
    if entered.refused:
        raise SystemExit(1)


def tell_refused(refused: Sequence[Refused]) -> None:
    """Say why lines of a list were refused: of the first `MOST_TOLD`, and how many more there are.

    The last of them are usually refused for the same reason as the first.
    """
    for line, sentence in refused[:MOST_TOLD]:
        click.echo(f"line {line}: {sentence}", err=True)
    if (more := len(refused) - MOST_TOLD) > 0:
        lines = "line was" if more == 1 else "lines were"
        click.echo(
            f"{more:,} more {lines} refused: correct these and read the file again", err=True
        )
