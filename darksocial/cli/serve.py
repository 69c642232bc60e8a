"""`darksocial serve`: the supervisor of the public tracker and the private process."""

from __future__ import annotations

import http.client
import itertools
import json
import secrets
import signal
import threading
from types import FrameType
from urllib.parse import urlsplit

import click

from darksocial.cli.processes import SECRET_VARIABLE, Child
from darksocial.errors import SettingError, StoreOwned
from darksocial.settings import Settings, as_environment, web_address
from darksocial.store import read_owner
from darksocial.store.lock import owned_by
from tracker_server.health import INSTANCE_VARIABLE

HEALTH_BYTES = 65536
EVERY_ADDRESS = {"0.0.0.0", "::"}
START_SECONDS = 60.0
TRACKER_STOP_SECONDS = 5.0
PRIVATE_STOP_SECONDS = 30.0


def serve(settings: Settings, demo: bool) -> int:
    """Run until SIGINT or SIGTERM; return the exit status."""
    _ports_differ(settings, demo)
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
    instance = secrets.token_hex(8)
    private = Child(
        "private process",
        ["darksocial.cli.private", *(["--demo"] if demo else [])],
        # One secret for the whole run, so that the printed address outlives a crash.
        {**environment, SECRET_VARIABLE: secrets.token_urlsafe(24)},
        lambda pid: bool((owner := read_owner(settings.lock)) and owner.address),
    )
    tracker = Child(
        "tracker",
        ["darksocial.cli.public"],
        {**environment, INSTANCE_VARIABLE: instance},
        lambda pid: _instance_at(settings.tracker_host, settings.tracker_port) == instance,
    )
    return private, tracker


def _ports_differ(settings: Settings, demo: bool) -> None:
    """Raise `SettingError` where two of the servers would want the same port."""
    wanted = [
        ("--tracker-port", settings.tracker_host, settings.tracker_port),
        ("--console-port", settings.console_host, settings.console_port),
    ]
    if demo:
        wanted.append(("--demo-port", "127.0.0.1", settings.demo_port))
    for (one, its_host, port), (other, host, same) in itertools.combinations(wanted, 2):
        if port == same and (its_host == host or {its_host, host} & EVERY_ADDRESS):
            raise SettingError(f"{one} and {other} are both {port}: give them different ports.")


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


def _instance_at(host: str, port: int) -> str:
    """Return which run the tracker at an address belongs to, or "" where no such one answers.

    Whoever else has the port is no tracker of ours; and no proxy is asked, as urllib would.
    """
    address = urlsplit(web_address(host, port))
    connection = http.client.HTTPConnection(address.hostname or host, port, timeout=1)
    try:
        connection.request("GET", "/healthz")
        # Whatever the status is: a tracker that answers says itself what is wrong.
        told = json.loads(connection.getresponse().read(HEALTH_BYTES))
        return str(told.get("instance", "")) if isinstance(told, dict) else ""
    except (OSError, http.client.HTTPException, ValueError):
        return ""
    finally:
        connection.close()
