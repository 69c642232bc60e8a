"""The command `darksocial user`: accounts and API keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from darksocial import accounts
from darksocial.accounts import ROLES
from darksocial.cli.options import Group, opened, with_settings
from darksocial.store.protocol import Session

ACTOR = "command line"
ROLE = click.option(
    "--role",
    type=click.Choice(ROLES),
    default="reader",
    show_default=True,
    help="What it may: see reports; also see single visits; also change things.",
)


@click.group("user", cls=Group)
def commands() -> None:
    """The accounts that may log in to the console, and API keys."""


@commands.command("add")
@click.argument("name")
@ROLE
@click.option("--password-stdin", is_flag=True, help="Read the password instead of making one.")
@with_settings()
def add(name: str, role: str, password_stdin: bool, **flags: Any) -> None:
    """Add an account and print its password, the only time that it is shown."""
    typed = _typed(password_stdin)
    with _session(flags) as session:
        password = accounts.add_account(session, name, role, typed)
        accounts.note(session, ACTOR, "add", name)
    _tell(password, typed)


@commands.command("list")
@with_settings()
def list_(**flags: Any) -> None:
    """List the accounts with their roles."""
    with _session(flags) as session:
        for account in accounts.accounts(session).values():
            click.echo(f"{account.name}  {account.role}")


@commands.command("remove")
@click.argument("name")
@with_settings()
def remove(name: str, **flags: Any) -> None:
    """Remove an account; whoever is logged in with it is out at once."""
    with _session(flags) as session:
        accounts.remove_account(session, name)
        accounts.note(session, ACTOR, "remove", name)


@commands.command("role")
@click.argument("name")
@click.argument("role", type=click.Choice(ROLES))
@with_settings()
def role(name: str, role: str, **flags: Any) -> None:
    """Give an account another role."""
    with _session(flags) as session:
        accounts.change_account(session, name, role=role)
        accounts.note(session, ACTOR, "role", f"{name} {role}")


@commands.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password instead of making one.")
@with_settings()
def password(name: str, password_stdin: bool, **flags: Any) -> None:
    """Set a password, print it, and end all log-ins of the account."""
    typed = _typed(password_stdin)
    with _session(flags) as session:
        new = accounts.set_password(session, name, typed)
        accounts.note(session, ACTOR, "password", name)
    _tell(new, typed)


@commands.group("key", cls=Group)
def key() -> None:
    """API keys: for programs that read the JSON API."""


@key.command("add")
@ROLE
@click.option("--label", default="", help="What the key is for.")
@click.option("--site", default="", help="The only site that it is good for. [default: all]")
@with_settings()
def key_add(role: str, label: str, site: str, **flags: Any) -> None:
    """Add a key and print it, the only time that it is shown."""
    with _session(flags) as session:
        text = accounts.add_key(session, role, label, site)
        accounts.note(session, ACTOR, "add_key", text.split("_")[1])
    click.echo(text)


@key.command("list")
@with_settings()
def key_list(**flags: Any) -> None:
    """List the keys."""
    with _session(flags) as session:
        for known in accounts.keys(session):
            click.echo(f"{known.id}  {known.role}  {known.site or 'all sites'}  {known.label}")


@key.command("remove")
@click.argument("id")
@with_settings()
def key_remove(id: str, **flags: Any) -> None:  # noqa: A002 (the argument's name in the help)
    """Make a key useless, at once."""
    with _session(flags) as session:
        accounts.remove_key(session, id)
        accounts.note(session, ACTOR, "remove_key", id)


@contextmanager
def _session(flags: dict[str, Any]) -> Iterator[Session]:
    with opened(flags) as (_, store), store.session() as session:
        yield session


def _typed(password_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\r\n") if password_stdin else ""


def _tell(password: str, typed: str) -> None:
    """Print a password that was made; one that was typed is known."""
    if not typed:
        click.echo(password)
