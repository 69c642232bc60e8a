"""The tracker as a server: granian with several worker processes.

Workers share nothing but the spool directory, the salt and the snapshot; each one can be
killed at any time without losing a hit that was answered.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING

from darksocial.errors import DarksocialError, SettingError, SpoolError
from darksocial.settings import CONFIG_VARIABLE, SETTINGS, Settings, load
from tracker_server.app import create_app
from tracker_server.health import check_spool

if TYPE_CHECKING:
    from tracker_server.bridge import Bridge

MAX_CONNECTIONS = 2048
STOP_SECONDS = 1
HEADER_SECONDS = 10
HEADER_BYTES = 128 * 1024

_PR_SET_PDEATHSIG = 1


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, from the main thread of a process of its own.

    Raises `SettingError` where the port is taken.
    """
    address = free_address(settings.tracker_host, settings.tracker_port)
    warn_of_spool(settings)
    # A fork of a process with threads may hang; spawned workers are the same everywhere.
    multiprocessing.set_start_method("spawn", force=True)
    # Until the server has handlers of its own, the same ends as quietly.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    _stop_by_ctrl_c()
    with _environment(settings):
        try:
            _serve(settings, address)
        except SystemExit as end:
            if end.code:
                raise DarksocialError(
                    "The tracker stopped because its workers died one after the other: "
                    "what they wrote above says why."
                ) from end


def application() -> Bridge:
    """Return what a worker serves; the settings come from the environment."""
    from tracker_server.bridge import Bridge, take_shortcut

    _belong_to_parent()
    bridge = Bridge(create_app(load()).extensions["front"])
    take_shortcut(bridge)
    return bridge


def free_address(host: str, port: int) -> str:
    """Return the numeric address of the host, or raise `SettingError` where the port is taken.

    The server's own sockets share a port with whoever has it already, so it would not notice.
    """
    if not port:
        raise SettingError(
            "The tracker needs a port that others can know: choose one with --tracker-port."
        )
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise SettingError(
            f"The tracker cannot listen on {host} port {port} ({error.strerror}): stop the "
            "program that does, or choose others with --tracker-host and --tracker-port."
        ) from error
    return str(address[0])


def warn_of_spool(settings: Settings) -> None:
    """Say it at the start where no hit can be recorded: redirects go on, and it can be mended."""
    try:
        check_spool(settings.spool)
    except SpoolError as error:
        print(f"Warning: {error}", file=sys.stderr, flush=True)


def _serve(settings: Settings, address: str) -> None:
    from granian import Granian
    from granian.constants import HTTPModes, Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    server = Granian(
        "tracker_server.server:application",
        address=address,
        port=settings.tracker_port,
        interface=Interfaces.RSGI,
        factory=True,
        workers=settings.tracker_workers,
        backlog=MAX_CONNECTIONS,
        backpressure=_connections(),
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(
            header_read_timeout=HEADER_SECONDS * 1000, max_buffer_size=HEADER_BYTES
        ),
        websockets=False,
        log_access=False,
        log_level=LogLevels.error,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    server.serve()


def _connections() -> int:
    """Return how many connections a worker may hold, after raising the limit of open files."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_CONNECTIONS + 256
    if soft < wanted and (hard == resource.RLIM_INFINITY or soft < hard):
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return max(16, min(MAX_CONNECTIONS, soft - 256))


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """Hand the settings to the workers by their environment variables."""
    before = dict(os.environ)
    os.environ.pop(CONFIG_VARIABLE, None)
    for setting in SETTINGS:
        os.environ[setting.variable] = _as_text(getattr(settings, setting.name))
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _as_text(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def _stop_by_ctrl_c() -> None:
    """Take Ctrl-C as SIGTERM, here alone: it must not end a worker that is still importing.

    What is blocked here is blocked in every process that this one starts; the helper of
    multiprocessing has to be there before, since starting it ends the blocking.
    """
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})

    def wait() -> None:
        signal.sigwait({signal.SIGINT})
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, daemon=True).start()


def _belong_to_parent() -> None:
    """Leave a terminal's other signals to the main process, and die with it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return
    os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent.pid:
        sys.exit(1)
