"""Fixtures that several folders of tests share: the engines, each as a real one.

A process can open one chDB directory at a time, so the store is opened once a module; tests
keep out of each other's way by sites of their own.
"""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from darksocial import registry, settings
from darksocial.model import Site
from darksocial.store import Owner, Store, open_embedded, open_store
from darksocial.store.protocol import Session

ROOT = Path(__file__).parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
SERVER_SECONDS = 30
_numbers = itertools.count(1)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keep the settings and the data of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith(settings.PREFIX)]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))


@pytest.fixture(scope="session")
def real_log() -> Path:
    path = SHARED_DATA / "apache_access.log.gz"
    if not path.exists():
        pytest.skip(f"the real access log is not at {path}")
    return path


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

    def __init__(self, program: str, home: Path) -> None:
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


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    program = shutil.which("clickhouse-server") or shutil.which(
        "clickhouse-server", path="/usr/sbin:/usr/bin"
    )
    if not program:
        pytest.skip("clickhouse-server is not installed: apt-get install clickhouse-server")
    server = ClickHouseServer(program, tmp_path_factory.mktemp("clickhouse"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def embedded_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_embedded(f"chdb://{tmp_path_factory.mktemp('store')}") as store:
        yield store


def _server_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    server: ClickHouseServer = request.getfixturevalue("clickhouse_server")
    with open_store(server.url(f"test_{next(_numbers)}")) as store:
        yield store


def _remote_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An embedded store behind a running console, as other processes see it."""
    from werkzeug.serving import make_server

    from darksocial.console.app import create_app
    from darksocial.store.remote import RemoteStore

    store: Store = request.getfixturevalue("embedded_store")
    port = free_port()
    app = create_app(store, settings.load({}, {}), "secret", frozenset({f"127.0.0.1:{port}"}))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    owner = Owner(os.getpid(), "test", f"http://127.0.0.1:{port}", "secret")
    yield RemoteStore(store.url, owner)
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["sessions"].end_all()


ENGINES: dict[str, Callable[[pytest.FixtureRequest], Iterator[Store]]] = {
    "chdb": lambda request: iter([request.getfixturevalue("embedded_store")]),
    "server": _server_store,
    "remote": _remote_store,
}


@pytest.fixture(
    scope="module",
    params=["chdb", pytest.param("server", marks=pytest.mark.server), "remote"],
)
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A store on every engine, opened once a module."""
    yield from ENGINES[request.param](request)


@pytest.fixture
def session(store: Store) -> Iterator[Session]:
    with store.session() as session:
        yield session


@pytest.fixture
def site(session: Session) -> Site:
    """A site that no other test uses."""
    return registry.add_site(session, f"site-{next(_numbers)}.example")
