"""`darksocial simulate`: a site that nobody visited, with the truth beside it."""

from __future__ import annotations

import click

from darksocial.cli.options import Command


@click.command(cls=Command)
@click.argument("scenario")
@click.option("--seed", default=0, show_default=True, help="The same seed gives the same hits.")
@click.option(
    "--out", required=True, type=click.Path(file_okay=False), help="The folder to write to."
)
@click.option("--days", type=int, help="How many days. [default: the scenario's]")
@click.option("--scale", default=1.0, show_default=True, help="Multiplies the visits.")
@click.option("--survey", default=0, show_default=True, help="How many answer the survey.")
@click.option(
    "--holdout", default=0.0, show_default=True, help="Part of sharers left without tokens."
)
@click.option("--shuffled", is_flag=True, help="Deal tokens out at random: a negative control.")
def simulate(
    scenario: str,
    seed: int,
    out: str,
    days: int | None,
    scale: float,
    survey: int,
    holdout: float,
    shuffled: bool,
) -> None:
    """Write the hits of SCENARIO as Parquet, and the truth.

    SCENARIO is a name of docs/simulator.md, or random: another world for every seed.
    """
    from darksocial.simulator import simulate as run  # numpy costs every command a moment

    found = run(
        scenario,
        seed=seed,
        days=days,
        scale=scale,
        survey=survey,
        holdout=holdout,
        shuffled=shuffled,
    )
    found.write(out)
    arrivals, shared = found.truth.num_rows, sum(found.truth["shared"].to_pylist())
    click.echo(
        f"{found.hits.num_rows:,} hits, {arrivals:,} arrivals, {shared:,} of them by shares: {out}"
    )
