"""`darksocial fit` and `darksocial validate`: how much of the untagged rest was passed on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

from darksocial import fitting, registry
from darksocial.cli.options import Command, opened, with_settings
from darksocial.estimator import stored
from darksocial.estimator.result import Estimate
from darksocial.estimator.validation import Recovery, Validation
from darksocial.reclassification import publish_dirty
from darksocial.reports.model import Range

DAY = click.DateTime(["%Y-%m-%d"])
_SITE = click.option("--site", required=True, help="The site to look at.")
_FROM = click.option("--from", "first", type=DAY, help="First day. [default: four weeks ago]")
_TO = click.option("--to", "last", type=DAY, help="Last day, included. [default: the newest]")
_DEPLOYED = click.option(
    "--deployed/--not-deployed",
    default=None,
    help="Whether the site carried the snippet. [default: where tokens or shares are seen]",
)


@click.command(cls=Command)
@_SITE
@_FROM
@_TO
@_DEPLOYED
@with_settings()
def fit(
    site: str, first: datetime | None, last: datetime | None, deployed: bool | None, **flags: Any
) -> None:
    """Estimate how many untagged direct visits were shares, and score each of them."""
    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        publish_dirty(store, known.name)
        with store.session() as session:
            found = fitting.fit_site(session, known, _range(first, last), deployed=deployed)
            moved = stored.drifted(stored.newest(session, known.name, 2))
    click.echo(f"{known.name}, {found.first} to {found.last} (fit {found.number})")
    click.echo(estimate_text(found.estimate))
    for sentence in moved:
        click.echo(f"Moved since the last fit: {sentence}.")


@click.command(cls=Command)
@_SITE
@_FROM
@_TO
@_DEPLOYED
@with_settings()
def validate(
    site: str, first: datetime | None, last: datetime | None, deployed: bool | None, **flags: Any
) -> None:
    """Hide tokens and see what is found again: how sensitive the estimate is on this site."""
    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        publish_dirty(store, known.name)
        with store.session() as session:
            found = fitting.validate_site(session, known, _range(first, last), deployed=deployed)
    click.echo(validation_text(found), nl=False)


def _range(first: datetime | None, last: datetime | None) -> Range:
    return Range(first.date() if first else None, last.date() if last else None)


def estimate_text(estimate: Estimate) -> str:
    """Return an estimate in sentences."""
    if estimate.share is None:
        said = (
            f"Of {estimate.visits:,} untagged direct visits at most {estimate.high:.0%} "
            "were shares."
        )
    else:
        said = (
            f"Of {estimate.visits:,} untagged direct visits about {estimate.share:.0%} were shares "
            f"(90 % interval {estimate.low:.0%} to {estimate.high:.0%})."
        )
    alone = ", ".join(f"{k.replace('_', ' ')} {v:.0%}" for k, v in estimate.sources.items())
    sources = f"\nEach kind of evidence alone: {alone}." if alone else ""
    return f"{said}\n{estimate.status.capitalize()}. {estimate.why}{sources}"


def validation_text(found: Validation) -> str:
    """Return a validation in sentences; it is about sensitivity and never about accuracy."""
    if found.estimated is None:
        lines = ["The estimate of this site is not identified: there is nothing to find again."]
    else:
        lines = [f"Estimated share of the untagged rest: {found.estimated:.0%}."]
        lines += [_recovery_text(recovery) for recovery in found.recoveries]
    if found.recoveries:
        shares = [recovery.share for recovery in found.recoveries]
        lines.append(
            f"Sensitivity range: {min(shares):.0%} to {max(shares):.0%} of what was hidden is "
            "found again. This is no measure of accuracy: what never had a token may be different."
        )
    for control in found.controls:
        word = "passed" if control.passed else "failed"
        lines.append(
            f"Negative control, {control.name}: {control.added:,} visits that are no shares moved "
            f"the estimate by {control.risen:,.0f} ({word})."
        )
    if found.at_random is not None:
        lines.append(f"Tokens missing completely at random: p = {found.at_random:.3f}.")
    return "\n".join(lines) + "\n"


def _recovery_text(found: Recovery) -> str:
    return (
        f"Hidden {found.name}: {found.hidden:,} visits lost their token, {found.found:,.0f} more "
        f"were estimated ({found.low:,.0f} to {found.high:,.0f})."
    )
