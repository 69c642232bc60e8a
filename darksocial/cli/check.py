"""`darksocial check` and `darksocial snippet`: what an owner embeds, and whether it works."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any

import click

from darksocial import registry
from darksocial.cli.options import (
    COMMON,
    Command,
    format_option,
    opened,
    tracker_address,
    with_settings,
)
from darksocial.errors import DarksocialError
from darksocial.version import VERSION

if TYPE_CHECKING:
    from darksocial.checking import Finding, Known
    from darksocial.checking.fetch import Fetcher

SECONDS = 10.0


@click.command("check", cls=Command)
@click.argument("url")
@click.option("--key", default="", help="The key that data-site should be.")
@click.option("--browser", is_flag=True, help="Open the page in a real Chromium too.")
@click.option(
    "--allow-private", is_flag=True, help="Also ask private addresses, such as a test server's."
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1, 120),
    default=SECONDS,
    show_default=True,
    help="Seconds that each answer may take.",
)
@format_option(("text", "json"), "How to write the findings.")
def command(
    url: str, key: str, browser: bool, allow_private: bool, timeout: float, format_: str
) -> None:
    """Look at a page as it really is, and say whether the snippet can do its work.

    Each line names a finding and what to do. Ends with 1 where something is wrong.
    """
    # Imported when used: other commands shall start without an HTTP client.
    from darksocial.checking import Known, worst
    from darksocial.checking.fetch import Fetcher

    findings: list[Finding] = []
    fetcher = Fetcher(allow_private=allow_private, seconds=timeout)
    known = Known(VERSION, scripts(), key)
    for finding in _all(_address(url), fetcher, known, browser):
        findings.append(finding)
        if format_ == "text":
            click.echo(finding.line)
    if format_ == "json":
        click.echo(json.dumps({"url": url, "findings": [asdict(found) for found in findings]}))
    if worst(findings) == "error":
        raise SystemExit(1)


def _all(url: str, fetcher: Fetcher, known: Known, browser: bool) -> Iterator[Finding]:
    from darksocial.checking import check
    from darksocial.checking.browser import check_in_browser

    yield from check(url, fetcher, known)
    if browser:
        yield from check_in_browser(url)


def _address(url: str) -> str:
    return url if "://" in url else f"https://{url}"


def scripts() -> tuple[bytes, ...]:
    """Return the forms of this installation's script and of its second part, where it is built."""
    from darksocial.checking.installation import second_name
    from tracker_server import snippet

    try:
        names = (snippet.SCRIPT, snippet.integrity()[0])
        forms = map(snippet.load, (*names, *map(second_name, names)))
        return tuple(form.body for form in forms if form)
    except DarksocialError:
        return ()


@click.command("snippet", cls=Command)
@click.option("--site", required=True, help="The site whose pages shall carry the tag.")
@click.option(
    "--pinned", is_flag=True, help="Name the version, with an integrity hash that browsers check."
)
@with_settings(*COMMON, "tracker_url", "tracker_host", "tracker_port")
def snippet_tag(site: str, pinned: bool, **flags: Any) -> None:
    """Print the tag of a site."""
    from tracker_server import snippet

    with opened(flags) as (settings, store), store.session() as session:
        key = registry.site(session, site).key
    name, integrity = snippet.integrity() if pinned else (snippet.SCRIPT, "")
    click.echo(tag(f"{tracker_address(settings)}/{name}", key, integrity))


def tag(source: str, key: str, integrity: str = "") -> str:
    """Return the tag as HTML."""
    pin = f' integrity="{integrity}" crossorigin="anonymous"' if integrity else ""
    return f'<script defer src="{escape(source)}"{pin} data-site="{escape(key)}"></script>'
