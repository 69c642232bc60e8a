"""`darksocial serve`: the supervisor of the public tracker and the private process."""

from __future__ import annotations

import secrets
import signal
import threading
import urllib.error
import urllib.request
from types import FrameType

import click

from darksocial.cli.processes import SECRET_VARIABLE, Child
from darksocial.errors import StoreOwned
from darksocial.settings import Settings, as_environment, web_address
from darksocial.store import read_owner
from darksocial.store.lock import owned_by

START_SECONDS = 60.0
TRACKER_STOP_SECONDS = 5.0
PRIVATE_STOP_SECONDS = 30.0


def serve(settings: Settings, demo: bool) -> int:
    """Run until SIGINT or SIGTERM; return the exit status."""
    if owner := read_owner(settings.lock):
        raise StoreOwned(owned_by(settings.home, owner))
    stop = _stop_on_signals()
    private, tracker = _children(settings, demo)
    try:
        for child in (private, tracker):
            child.start()
            child.wait_ready(START_SECONDS, stop.is_set)
        if not stop.is_set():
            _greet(settings, demo)
        while not stop.wait(0.2):
            for child in (private, tracker):
                if child.revive():
                    click.echo(f"The {child.name} had ended and was started again.", err=True)
    finally:
        # The tracker first: what it seals now, the drain still stores.
        tracker.stop(TRACKER_STOP_SECONDS)
        private.stop(PRIVATE_STOP_SECONDS)
    return 0


def _children(settings: Settings, demo: bool) -> tuple[Child, Child]:
    environment = as_environment(settings)
    health = web_address(settings.tracker_host, settings.tracker_port) + "/healthz"
    private = Child(
        "private process",
        ["darksocial.cli.private", *(["--demo"] if demo else [])],
        # One secret for the whole run, so that the printed address outlives a crash.
        {**environment, SECRET_VARIABLE: secrets.token_urlsafe(24)},
        lambda pid: bool((owner := read_owner(settings.lock)) and owner.address),
    )
    tracker = Child("tracker", ["darksocial.cli.public"], environment, lambda pid: _answers(health))
    return private, tracker


def _stop_on_signals() -> threading.Event:
    stop = threading.Event()

    def ask(_: int, __: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    return stop


def _greet(settings: Settings, demo: bool) -> None:
    owner = read_owner(settings.lock)
    place = settings.store.rpartition("@")[2]  # without a password
    lines = [
        f"darksocial is running, with its data in {place}",
        f"  tracker  {settings.tracker_address}",
        f"  console  {owner.address}/?key={owner.secret}" if owner else "",
    ]
    if demo:
        lines.append(f"  demo     {web_address('127.0.0.1', settings.demo_port)}/")
    click.echo("\n".join([*lines, "Ctrl-C stops it."]))


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=1) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        error.close()
        return True  # it answers, and says itself what is wrong
    except OSError:
        return False
