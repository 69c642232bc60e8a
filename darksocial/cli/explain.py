"""`darksocial explain`: why a visit has its channel."""

from __future__ import annotations

import json
from typing import Any

import click

from darksocial import registry
from darksocial.cli.options import Command, format_option, opened, with_settings


@click.command("explain", cls=Command)
@click.argument("visit_id")
@click.option("--site", default="", help="The site, where several have a visit of this id.")
@format_option(("text", "json"), "How to write the explanation.")
@with_settings()
def command(visit_id: str, site: str, format_: str, **flags: Any) -> None:
    """Say which rules decided about the visit VISIT_ID, and why the others did not."""
    from darksocial import explanation  # the rules that it loads cost every command a moment

    with opened(flags) as (_, store), store.session() as session:
        name = registry.site(session, site).name if site else ""
        found = explanation.find(session, visit_id, name)
    if format_ == "json":
        said = [one.as_dict() for one in found]
        body = said[0] if len(said) == 1 else said
        click.echo(json.dumps(body, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(map(str, found)), nl=False)
