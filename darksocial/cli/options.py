"""Settings as options: every flag comes from the one table of settings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from darksocial import settings as table
from darksocial.errors import DarksocialError
from darksocial.settings import SETTINGS, Settings
from darksocial.store import Store, limit_memory, open_store, read_owner
from darksocial.texts import LANGUAGES

F = TypeVar("F", bound=Callable[..., Any])
COMMON = ("store", "home")


class Command(click.Command):
    """A command whose known errors are one sentence on standard error, not a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except DarksocialError as error:
            raise click.ClickException(str(error)) from error


class Group(click.Group):
    """A group whose commands are of that kind."""

    command_class = Command
    group_class = type


def with_settings(*names: str) -> Callable[[F], F]:
    """Give a command the flags of the named settings; it takes them as `**flags`."""

    def decorate(function: F) -> F:
        for setting in reversed([row for row in SETTINGS if row.name in (names or COMMON)]):
            default = f" [default: {setting.default}]" if setting.default not in ("", ()) else ""
            function = click.option(
                setting.flag,
                setting.name,
                metavar=setting.kind.__name__.upper(),
                help=f"{setting.help}; {setting.variable}{default}",
            )(function)
        return function

    return decorate


def format_option(words: Iterable[str], help_: str) -> Callable[[F], F]:
    """Give a command `--format`, of these words the first by default; it takes it as `format_`."""
    known = list(words)
    return click.option(
        "--format",
        "format_",
        type=click.Choice(known),
        default=known[0],
        show_default=True,
        help=help_,
    )


def language_option(help_: str) -> Callable[[F], F]:
    """Give a command `--language`."""
    known = click.Choice(LANGUAGES)
    return click.option("--language", type=known, default="en", show_default=True, help=help_)


def load(flags: dict[str, Any]) -> Settings:
    """Return the settings in force for a command's flags."""
    return table.load(flags)


def tracker_address(settings: Settings) -> str:
    """Return the tracker's address: of the running one, or else as the settings have it."""
    owner = read_owner(settings.lock)
    return owner.tracker if owner and owner.tracker else settings.tracker_address


@contextmanager
def opened(flags: dict[str, Any]) -> Iterator[tuple[Settings, Store]]:
    """Open the store that the flags and the environment name."""
    settings = load(flags)
    limit_memory(settings.memory_gb)
    store = open_store(settings.store)
    try:
        yield settings, store
    finally:
        store.close()
