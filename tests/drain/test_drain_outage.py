"""A store that is down, or goes down in the middle of a batch, only delays: no hit is lost."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from engines import ClickHouseServer
from literal import drain, hit, published, records, seal, visits
from waiting import wait_until

from darksocial import enrichment, reclassification, registry, settings
from darksocial.drain import Drain, drain_once, loop
from darksocial.errors import StoreError, StoreUnavailable
from darksocial.model import Site
from darksocial.spool.record import encode
from darksocial.store import Store, open_store

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClickHouseServer]:
    """A server of this module's own, which it may stop."""
    server = ClickHouseServer(tmp_path_factory.mktemp("outage"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def running(server: ClickHouseServer) -> Iterator[ClickHouseServer]:
    yield server
    server.stop()
    server.start()


@pytest.fixture
def store(running: ClickHouseServer) -> Store:
    return open_store(running.url("outage"))


@pytest.fixture
def site(store: Store, tmp_path: Path) -> Site:
    with store.session() as session:
        return registry.add_site(session, f"outage-{tmp_path.name}".replace("_", "-"))


def spooled(home: Path, site: Site, first: int, last: int) -> None:
    now = int(time.time() * 1000)  # the loop would let older ones expire
    rows = [hit("10:00", f"v{number}", id=number, recorded=now) for number in range(first, last)]
    seal(home / "spool", map(encode, records(site, rows)))


def hits(store: Store, site: Site) -> list[int]:
    with store.session() as session:
        found = session.query("SELECT DISTINCT id FROM hits WHERE site = %(s)s", s=site.name)
        return sorted(found["id"].to_pylist())


def test_a_store_that_is_down_keeps_the_segments(
    store: Store, site: Site, tmp_path: Path, running: ClickHouseServer
) -> None:
    spooled(tmp_path, site, 1, 5)
    spooled(tmp_path, site, 5, 9)
    running.stop()
    with pytest.raises(StoreUnavailable, match="does not answer"):
        drain_once(store, tmp_path / "spool", tmp_path / "rejects")
    assert len(list((tmp_path / "spool").iterdir())) == 2
    running.start()
    assert drain_once(store, tmp_path / "spool", tmp_path / "rejects").hits == 8
    assert hits(store, site) == list(range(1, 9))


@pytest.mark.parametrize("step", ["before the rows", "after the rows", "after the marks"])
def test_a_store_that_goes_down_in_the_middle_of_a_batch(
    store: Store,
    site: Site,
    tmp_path: Path,
    running: ClickHouseServer,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
) -> None:
    spooled(tmp_path, site, 1, 9)
    move, touch = enrichment.move, reclassification.touch

    def moved(*args: Any) -> int:
        if step == "before the rows":
            running.stop()
        count = move(*args)
        if step == "after the rows":
            running.stop()
        return count

    def touched(*args: Any) -> None:
        touch(*args)
        running.stop()

    monkeypatch.setattr(enrichment, "move", moved)
    if step == "after the marks":
        monkeypatch.setattr(reclassification, "touch", touched)
    with pytest.raises(StoreUnavailable):
        drain_once(store, tmp_path / "spool", tmp_path / "rejects")
    monkeypatch.undo()
    running.start()
    assert drain_once(store, tmp_path / "spool", tmp_path / "rejects").hits == 8
    assert len(published(store, site, "id")) == 8
    assert list((tmp_path / "spool").iterdir()) == []


def test_the_loop_waits_and_goes_on(
    store: Store,
    site: Site,
    tmp_path: Path,
    running: ClickHouseServer,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(loop, "LONGEST_PAUSE", 0.5)
    chosen = settings.load({"store": store.url, "home": str(tmp_path)}, {})
    stop = threading.Event()
    thread = threading.Thread(target=Drain(store, chosen).run, args=(stop,))
    with caplog.at_level(logging.WARNING, "darksocial.drain"):
        thread.start()
        try:
            spooled(tmp_path, site, 1, 5)
            wait_until(lambda: not list(chosen.spool.iterdir()))
            running.stop()
            spooled(tmp_path, site, 5, 9)
            wait_until(lambda: caplog.records)
            spooled(tmp_path, site, 9, 12)
            running.start()
            wait_until(lambda: not list(chosen.spool.iterdir()))
            wait_until(lambda: len(_visits(store, site)) == 11)
        finally:
            stop.set()
            thread.join()
    said = [one.getMessage() for one in caplog.records if one.name == "darksocial.drain"]
    assert len(said) == len(set(said)) > 0  # the same trouble is not told again and again
    assert "does not answer" in caplog.text
    assert hits(store, site) == list(range(1, 12))


def _visits(store: Store, site: Site) -> list[tuple[Any, ...]]:
    with store.session() as session:
        return visits(session, site, "id")


def test_stopping_while_the_store_is_down_is_quick_and_keeps_the_hits(
    store: Store, site: Site, tmp_path: Path, running: ClickHouseServer
) -> None:
    running.stop()
    spooled(tmp_path, site, 1, 3)
    chosen = settings.load({"store": store.url, "home": str(tmp_path)}, {})
    stop = threading.Event()
    stop.set()
    Drain(store, chosen).run(stop)
    assert len(list(chosen.spool.iterdir())) == 1


def test_a_session_of_a_lost_connection_says_so(store: Store, running: ClickHouseServer) -> None:
    with store.session() as session:
        session.query("SELECT 1 AS one")
        running.stop()
        with pytest.raises(StoreUnavailable, match="start it, or check the store address"):
            session.query("SELECT 1 AS one")
        running.start()


@pytest.mark.parametrize(
    ("change", "error", "sentence"),
    [
        (lambda url: url.replace("p%40ss", "wrong"), StoreError, "password"),
        (lambda url: url.replace("default:", "nobody:"), StoreError, "nobody"),
        (lambda url: "clickhouse://127.0.0.1:1/db", StoreUnavailable, "does not answer"),
    ],
)
def test_a_server_that_cannot_be_entered(
    running: ClickHouseServer, change: Any, error: type[StoreError], sentence: str
) -> None:
    with pytest.raises(error, match=f"(?i){sentence}") as caught:
        open_store(change(running.url("outage")))
    assert "wrong" not in str(caught.value)


def test_a_database_is_made_where_there_is_none(running: ClickHouseServer, tmp_path: Path) -> None:
    with open_store(running.url("brand_new")) as store, store.session() as session:
        site = registry.add_site(session, "example.com")
        assert drain(store, tmp_path, site, [hit("10:00")]).hits == 1
