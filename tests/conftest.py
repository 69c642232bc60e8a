"""Fixtures that several folders of tests share: the engines, each as a real one.

A process can open one chDB directory at a time, so the store is opened once a module; tests
keep out of each other's way by sites of their own.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from engines import ClickHouseServer, behind_console, fresh, in_memory

from darksocial import registry, settings
from darksocial.model import Site
from darksocial.store import Store, open_embedded, open_store
from darksocial.store.protocol import Session

ROOT = Path(__file__).parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
_numbers = itertools.count(1)


def pytest_configure() -> None:
    """Let temporary directories lie in memory, unless somebody has chosen a place for them."""
    if place := in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", place)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the console between out for modules that ask what statements mean (`engines`)."""
    behind = [item for item in items if item.get_closest_marker("engines") and _remote(item)]
    if behind:
        config.hook.pytest_deselected(items=behind)
        items[:] = [item for item in items if item not in set(behind)]


def _remote(item: pytest.Item) -> bool:
    called = getattr(item, "callspec", None)
    return called is not None and called.params.get("store") == "remote"


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


@pytest.fixture(scope="session")
def clickhouse_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    server = ClickHouseServer(tmp_path_factory.mktemp("clickhouse"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the embedded store lies that new ones are copies of; `engines.fresh` makes it."""
    return tmp_path_factory.mktemp("template") / "store"


@pytest.fixture(scope="module")
def embedded_store(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Store]:
    with open_embedded(fresh(tmp_path_factory.mktemp("store"), template)) as store:
        yield store


def _server_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    server: ClickHouseServer = request.getfixturevalue("clickhouse_server")
    with open_store(server.url(f"test_{next(_numbers)}")) as store:
        yield store


def _remote_store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An embedded store behind a running console, as other processes see it."""
    with behind_console(request.getfixturevalue("embedded_store")) as store:
        yield store


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
