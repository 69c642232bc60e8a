"""The engines as tests start them: a real ClickHouse server, and a console before a store."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from darksocial import settings
from darksocial.store import Owner, Store, open_embedded

ROOT = Path(__file__).parent.parent
MEMORY = Path("/dev/shm")
MEMORY_BYTES = 6 * 2**30
SERVER_SECONDS = 30


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def in_memory() -> str:
    """Return a directory in memory for what tests write, or "" where there is too little of it.

    A fresh store is a thousand small files, each of them waited for on a disk.
    """
    try:
        return str(MEMORY) if shutil.disk_usage(MEMORY).free > MEMORY_BYTES else ""
    except OSError:
        return ""


def fresh(home: Path, template: Path) -> str:
    """Return the address of a new embedded store with its tables: copied, not made each time.

    `template` is where the first one is made, once a session. `home` may not exist yet; no other
    store may be open in this process.
    """
    if not template.exists():
        with open_embedded(f"chdb://{template}"):
            pass
    shutil.copytree(template, home, symlinks=True, dirs_exist_ok=True)
    return f"chdb://{home}"


CONFIG = """<yandex>
  <logger><level>warning</level><console>1</console></logger>
  <listen_host>127.0.0.1</listen_host>
  <tcp_port>{tcp}</tcp_port><http_port>{http}</http_port>
  <interserver_http_port>{interserver}</interserver_http_port>
  <interserver_http_host>127.0.0.1</interserver_http_host>
  <path>{home}/data/</path><tmp_path>{home}/tmp/</tmp_path>
  <users_config>{home}/users.xml</users_config>
  <default_profile>default</default_profile><default_database>default</default_database>
  <mark_cache_size>134217728</mark_cache_size>
</yandex>"""
USERS = """<yandex>
  <profiles><default/></profiles>
  <users><default><password>{password}</password>
    <networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>
  </default></users>
  <quotas><default/></quotas>
</yandex>"""
PASSWORD = "p@ss:w/rd"


class ClickHouseServer:
    """Debian's clickhouse-server on free ports, with a data directory of its own."""

    def __init__(self, home: Path) -> None:
        program = shutil.which("clickhouse-server") or shutil.which(
            "clickhouse-server", path="/usr/sbin:/usr/bin"
        )
        if not program:
            pytest.skip("clickhouse-server is not installed: apt-get install clickhouse-server")
        self.port = free_port()
        self._program = program
        self._home = home
        ports = {"tcp": self.port, "http": free_port(), "interserver": free_port()}
        (home / "config.xml").write_text(CONFIG.format(home=home, **ports))
        (home / "users.xml").write_text(USERS.format(password=PASSWORD))
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self._home / "log").open("ab")
        self._process = subprocess.Popen(
            [self._program, f"--config-file={self._home / 'config.xml'}"],
            stdout=log,
            stderr=log,
            cwd=self._home,
        )
        log.close()
        deadline = time.monotonic() + SERVER_SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                assert self._process.poll() is None, (self._home / "log").read_text()[-2000:]
                time.sleep(0.05)
        raise AssertionError("the ClickHouse server did not start")

    def stop(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def url(self, database: str) -> str:
        return f"clickhouse://default:p%40ss%3Aw%2Frd@127.0.0.1:{self.port}/{database}"


@contextmanager
def behind_console(store: Store) -> Iterator[Store]:
    """Give a store as other processes see it that work through the console of its owner."""
    from werkzeug.serving import make_server

    from darksocial.console.app import create_app
    from darksocial.store.remote import RemoteStore

    port = free_port()
    app = create_app(store, settings.load({}, {}), "secret", frozenset({f"127.0.0.1:{port}"}))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        owner = Owner(os.getpid(), "test", f"http://127.0.0.1:{port}", "secret")
        yield RemoteStore(store.url, owner)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["sessions"].end_all()
