"""The private process: owner of the store, with drain and console (and the demo site)."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import sys
import threading
from typing import Any
from urllib.parse import urlsplit

from waitress.server import create_server

from darksocial import accounts
from darksocial import settings as table
from darksocial.cli.check import scripts
from darksocial.cli.processes import SECRET_VARIABLE, die_with_supervisor
from darksocial.console.app import create_app
from darksocial.console.guard import LOOPBACK
from darksocial.digest.clerk import Clerk
from darksocial.drain import Drain
from darksocial.errors import DarksocialError, SettingError
from darksocial.fitting import Refitter
from darksocial.settings import Settings
from darksocial.store import Lock, Owner, Store, limit_memory, open_embedded, open_store

THREADS = 8
REFIT_SECONDS = 10.0  # a fit may take longer: what it has stored stays, the rest is made anew
COMMAND = "darksocial serve"


def main(arguments: list[str]) -> int:
    die_with_supervisor()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    try:
        settings = table.load()
        limit_memory(settings.memory_gb)
        store, lock = _open(settings)
        try:
            _run(settings, store, lock, "--demo" in arguments)
        finally:
            store.close()
            lock.release()
    except DarksocialError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    return 0


def _open(settings: Settings) -> tuple[Store, Lock]:
    """Become the owner of the home, and open the store."""
    owner = Owner(os.getpid(), COMMAND, supervisor=os.getppid())
    if settings.store.startswith("chdb:"):
        store = open_embedded(settings.store, owner)
        if store.lock is not None and settings.home == store.home:
            return store, store.lock
        lock = Lock(settings.lock)
        lock.take(owner)
        return store, lock
    lock = Lock(settings.lock)
    lock.take(owner)
    return open_store(settings.store), lock


def _run(settings: Settings, store: Store, lock: Lock, demo: bool) -> None:
    secret = os.environ.get(SECRET_VARIABLE) or secrets.token_urlsafe(24)
    hosts = _host_headers(settings)
    app = create_app(store, settings, secret, hosts)
    app.config.update(DEMO=demo, SCRIPTS=scripts())
    servers = [_server(app, settings.console_host, settings.console_port, "console_port")]
    if demo:
        from darksocial.demo import prepare

        site_app = prepare(store, settings)
        servers.append(_server(site_app, "127.0.0.1", settings.demo_port, "demo_port"))
    stop = threading.Event()
    drain = threading.Thread(target=Drain(store, settings).run, args=(stop,), name="drain")
    drain.start()
    clerk = threading.Thread(target=Clerk(store, settings).run, args=(stop,), name="clerk")
    clerk.start()
    refitter = threading.Thread(
        target=Refitter(store, settings.refit_days).run,
        args=(stop,),
        name="refitter",
        daemon=True,
    )
    refitter.start()
    _accounts(store)
    _announce(settings, store, lock, secret)
    _serve(servers, stop)
    drain.join()
    clerk.join()
    refitter.join(REFIT_SECONDS)
    app.extensions["sessions"].end_all()


def _accounts(store: Store) -> None:
    """See to it that there is an owner, whose password is shown this once."""
    with store.session() as session:
        accounts.tidy(session)
        if password := accounts.first_owner(session):
            print(
                f"The console's owner can log in from now on, by the name {accounts.OWNER!r} and "
                f"with the password\n  {password}\nwhich is not shown again.",
                flush=True,
            )


def _announce(settings: Settings, store: Store, lock: Lock, secret: str) -> None:
    address = table.web_address(settings.console_host, settings.console_port)
    tracker = settings.tracker_address
    owner = Owner(os.getpid(), COMMAND, address, secret, tracker, supervisor=os.getppid())
    for held in {id(one): one for one in (lock, getattr(store, "lock", None) or lock)}.values():
        held.say(owner)


def _serve(servers: list[Any], stop: threading.Event) -> None:
    """Answer until SIGTERM: the first server on this thread, the others on their own."""

    def ask(_: int, __: Any) -> None:
        stop.set()
        raise SystemExit

    signal.signal(signal.SIGTERM, ask)
    signal.signal(signal.SIGINT, ask)
    for server in servers[1:]:
        threading.Thread(target=server.run, daemon=True).start()
    try:
        servers[0].run()
    except SystemExit:
        pass
    finally:
        stop.set()


def _server(app: Any, host: str, port: int, setting: str) -> Any:
    try:
        return create_server(app, host=host, port=port, threads=THREADS, ident=None)
    except ValueError as error:  # the server's own word for a name that has no address
        flag = setting.replace("_port", "_host").replace("_", "-")
        raise SettingError(
            f"The host {host} has no address on this machine: choose another with --{flag}."
        ) from error
    except OSError as error:
        raise SettingError(
            f"The port {port} on {host} cannot be used ({error.strerror}): choose another with "
            f"--{setting.replace('_', '-')}."
        ) from error


def _host_headers(settings: Settings) -> frozenset[str]:
    host = settings.console_host
    own = f"[{host}]:{settings.console_port}" if ":" in host else f"{host}:{settings.console_port}"
    public = urlsplit(settings.console_url).netloc
    return LOOPBACK | {own} | ({public} if public else set())


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    # Store and lock are closed; at the exit, the engine's threads may wait for each other forever.
    os._exit(status)
