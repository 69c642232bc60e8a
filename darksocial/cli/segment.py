"""`darksocial segment`: filters that a site's people keep under a name; and filters as options."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import click

from darksocial import registry
from darksocial.cli.options import Group, opened, with_settings
from darksocial.reports import segments
from darksocial.reports.narrowing import FILTERS
from darksocial.reports.segments import Segment

F = TypeVar("F", bound=Callable[..., Any])
SITE = click.option("--site", required=True, help="The site that it is for.")
HELP = {
    "page": "Only visits that began on this page: a path, with * at the end all that begin so.",
    "campaign": "Only visits with this utm_campaign.",
    "source": "Only visits with this utm_source.",
    "channel": "Only visits of this channel.",
    "application": "Only visits by this application.",
    "device": "Only visits with this kind of device.",
    "segment": "Only visits of the segment with this name.",
}


def with_limits(*names: str) -> Callable[[F], F]:
    """Give a command options for the named filters; it takes what was chosen as `limits`."""

    def decorate(function: F) -> F:
        @wraps(function)
        def gathered(*args: Any, **kwargs: Any) -> Any:
            chosen = {name: kwargs.pop(f"only_{name}") for name in names}
            return function(*args, limits={k: v for k, v in chosen.items() if v}, **kwargs)

        for name in reversed(names):
            words = FILTERS.get(name)
            kind = click.Choice(words) if words else str
            option = click.option(f"--{name}", f"only_{name}", type=kind, help=HELP[name])
            gathered = option(gathered)
        return gathered  # type: ignore[return-value]

    return decorate


@click.group("segment", cls=Group)
def commands() -> None:
    """Segments: parts of the visits under a name, for every report."""


@commands.command("add")
@click.argument("name")
@SITE
@with_limits(*FILTERS)
@with_settings()
def add(name: str, site: str, limits: dict[str, str], **flags: Any) -> None:
    """Keep filters under a name; `darksocial report ... --segment NAME` uses them."""
    with opened(flags) as (_, store), store.session() as session:
        wanted = Segment(registry.site(session, site).name, name, limits)
        click.echo(_line(segments.save(session, wanted)))


@commands.command("list")
@SITE
@with_settings()
def list_(site: str, **flags: Any) -> None:
    """List the segments of a site with their filters."""
    with opened(flags) as (_, store), store.session() as session:
        for one in segments.segments(session, registry.site(session, site).name):
            click.echo(_line(one))


@commands.command("remove")
@click.argument("name")
@SITE
@with_settings()
def remove(name: str, site: str, **flags: Any) -> None:
    """Take a segment out; the visits stay what they are."""
    with opened(flags) as (_, store), store.session() as session:
        segments.remove(session, registry.site(session, site).name, name)


def _line(one: Segment) -> str:
    return "  ".join((one.name, *(f"{key}={value}" for key, value in one.filters.items())))
