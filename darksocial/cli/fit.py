"""`darksocial fit` and `darksocial validate`: how much of the untagged rest was passed on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click

from darksocial import fitting, registry
from darksocial.cli.options import Command, F, format_option, opened, with_settings
from darksocial.estimator import drift
from darksocial.estimator.validation import Recovery, Validation
from darksocial.model import Site
from darksocial.reclassification import publish_dirty
from darksocial.reports.estimate import estimate_between, estimate_text
from darksocial.reports.model import Range
from darksocial.store.protocol import Session

DAY = click.DateTime(["%Y-%m-%d"])
OPTIONS = (
    click.option("--site", required=True, help="The site to look at."),
    click.option("--from", "first", type=DAY, help="First day. [default: four weeks ago]"),
    click.option("--to", "last", type=DAY, help="Last day, included. [default: the newest]"),
    click.option(
        "--deployed/--not-deployed",
        default=None,
        help="Whether the site carried the snippet. [default: where tokens or shares are seen]",
    ),
    format_option(("table", "json"), "Sentences, or everything as JSON."),
    with_settings(),
)


def _with_options(function: F) -> F:
    for option in reversed(OPTIONS):
        function = option(function)
    return function


@contextmanager
def _published(flags: dict[str, Any], site: str) -> Iterator[tuple[Session, Site]]:
    """Give a session and the site, after its changed days were published."""
    with opened(flags) as (_, store):
        with store.session() as session:
            known = registry.site(session, site)
        publish_dirty(store, known.name)
        with store.session() as session:
            yield session, known


@click.command(cls=Command)
@_with_options
@click.option("--check", is_flag=True, help="Only say whether a fit is due, and why.")
def fit(
    site: str,
    first: datetime | None,
    last: datetime | None,
    deployed: bool | None,
    format_: str,
    check: bool,
    **flags: Any,
) -> None:
    """Estimate how many untagged direct visits were shares, and score each of them."""
    with _published(flags, site) as (session, known):
        if check:
            click.echo(_due_text(drift.due(session, known.name), format_), nl=False)
            return
        made = fitting.fit_site(session, known, _range(first, last), deployed=deployed)
        found = estimate_between(session, known, made.first, made.last)
    if format_ == "json":
        click.echo(_json({"site": known.name, **found}), nl=False)
    else:
        click.echo(f"{known.name}, {made.first} to {made.last}\n{estimate_text(found)}", nl=False)


@click.command(cls=Command)
@_with_options
def validate(
    site: str,
    first: datetime | None,
    last: datetime | None,
    deployed: bool | None,
    format_: str,
    **flags: Any,
) -> None:
    """Hide tokens and see what is found again: how sensitive the estimate is on this site."""
    with _published(flags, site) as (session, known):
        found = fitting.validate_site(session, known, _range(first, last), deployed=deployed)
    as_json = format_ == "json"
    click.echo(
        _json({"site": known.name, **found.as_dict()}) if as_json else validation_text(found),
        nl=False,
    )


def _range(first: datetime | None, last: datetime | None) -> Range:
    return Range(first.date() if first else None, last.date() if last else None)


def _json(found: dict[str, Any]) -> str:
    return json.dumps(found, ensure_ascii=False, indent=2, default=str) + "\n"


def _due_text(why: list[str], format_: str) -> str:
    if format_ == "json":
        return _json({"due": why})
    return f"A fit is due: {'; '.join(why)}.\n" if why else "No fit is due.\n"


def validation_text(found: Validation) -> str:
    """Return a validation in sentences; it is about sensitivity and never about accuracy."""
    if found.estimated is None:
        lines = ["The estimate of this site is not identified: there is nothing to find again."]
    else:
        lines = [f"Estimated share of the untagged rest: {found.estimated:.0%}."]
        lines += [_recovery_text(recovery) for recovery in found.recoveries]
    if found.recovered and found.sensitivity:
        again, moved = (
            f"{low:.0%} to {high:.0%}" for low, high in (found.recovered, found.sensitivity)
        )
        lines.append(
            f"Sensitivity range: {again} of what was hidden is found again, which moves the "
            f"estimated number of all shares by {moved}. This is no measure of accuracy: what "
            "never had a token may be different."
        )
    for control in found.controls:
        word = "passed" if control.passed else "failed"
        lines.append(
            f"Negative control, {control.name}: {control.added:,} visits that are no shares moved "
            f"the estimate by {control.risen:,.0f} ({word})."
        )
    lines += [diagnostic.text for diagnostic in found.diagnostics]
    return "\n".join(lines) + "\n"


def _recovery_text(found: Recovery) -> str:
    return (
        f"Hidden {found.name}: {found.hidden:,} visits lost their token, and the estimate rose by "
        f"{found.found:,.0f} ({found.low:,.0f} to {found.high:,.0f})."
    )
