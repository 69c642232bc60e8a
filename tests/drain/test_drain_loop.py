"""The loop of the private process: what is new gets through in time, and nothing stops the rest."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from literal import hit, new_site, records, seal, visits
from waiting import wait_until

from darksocial import reclassification, registry, reports, settings
from darksocial.drain import Drain, Drained, Held, batch, drain_once, waiting
from darksocial.errors import StoreError
from darksocial.model import Site
from darksocial.settings import Settings
from darksocial.spool import snapshot
from darksocial.spool.record import encode
from darksocial.spool.segment import Writer
from darksocial.store import Store

WRITER = """
import sys, time
from pathlib import Path
from darksocial.spool.segment import Writer
writer = Writer(Path(sys.argv[1]))
for line in sys.stdin.buffer:
    writer.append(line)
print("written", flush=True)
time.sleep(600)
"""


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return settings.load({"store": f"chdb://{tmp_path}"}, {})


@contextmanager
def running(store: Store, chosen: Settings) -> Iterator[Drain]:
    stop, loop = threading.Event(), Drain(store, chosen)
    thread = threading.Thread(target=loop.run, args=(stop,))
    thread.start()
    try:
        yield loop
    finally:
        stop.set()
        thread.join(60)
        assert not thread.is_alive()


def lines(site: Site, first: int, last: int) -> list[bytes]:
    now = int(time.time() * 1000)
    rows = [hit("10:00", f"v{number}", id=number, recorded=now) for number in range(first, last)]
    return [encode(record) for record in records(site, rows)]


def found(store: Store, site: Site) -> list[int]:
    with store.session() as session:
        return [number for (number,) in visits(session, site, "id")]


def test_hits_become_visits_by_themselves(embedded_store: Store, chosen: Settings) -> None:
    site = new_site(embedded_store)
    with running(embedded_store, chosen):
        seal(chosen.spool, lines(site, 1, 4))
        wait_until(lambda: found(embedded_store, site) == [1, 2, 3])
        seal(chosen.spool, lines(site, 4, 6))
        wait_until(lambda: found(embedded_store, site) == [1, 2, 3, 4, 5])


def test_a_new_link_is_live_without_a_restart(embedded_store: Store, chosen: Settings) -> None:
    site = new_site(embedded_store)
    with running(embedded_store, chosen):
        wait_until(lambda: snapshot.read(chosen.snapshot))
        for _ in range(3):
            with embedded_store.session() as session:
                link = registry.add_link(session, f"https://{site.name}/a")
            wait_until(lambda code=link.code: code in snapshot.read(chosen.snapshot).links)


def test_a_torn_snapshot_is_replaced(embedded_store: Store, chosen: Settings) -> None:
    site = new_site(embedded_store)
    watcher = snapshot.Watcher(chosen.snapshot)
    with running(embedded_store, chosen):
        wait_until(lambda: site.key in watcher.current.sites)
        chosen.snapshot.write_text(chosen.snapshot.read_text()[:-20])
        assert site.key in watcher.current.sites
        wait_until(lambda: snapshot.read(chosen.snapshot))
        assert site.key in watcher.current.sites


def test_what_is_sealed_before_the_stop_is_stored(embedded_store: Store, chosen: Settings) -> None:
    site = new_site(embedded_store)
    with running(embedded_store, chosen):
        seal(chosen.spool, lines(site, 1, 2))
    assert list(chosen.spool.iterdir()) == []
    with embedded_store.session() as session:
        count = "SELECT count() AS n FROM hits WHERE site = %(site)s"
        assert session.query(count, site=site.name)["n"][0].as_py() == 1


def poison(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Make segments named so impossible to store, alone or in a batch."""
    read = batch._read

    def poisoned(work: Any, paths: list[Path]) -> None:
        if any("poison" in path.name for path in paths):
            raise error
        read(work, paths)

    monkeypatch.setattr(batch, "_read", poisoned)


ERRORS = [StoreError("refused", "SELECT 1"), ValueError("unforeseen"), OSError(28, "full")]


@pytest.mark.parametrize("error", ERRORS)
def test_a_poisonous_segment_does_not_stop_the_others_of_its_batch(
    embedded_store: Store, chosen: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    site = new_site(embedded_store)
    poison(monkeypatch, error)
    poisonous = seal(chosen.spool, lines(site, 1, 2), name=f"0-poison-{site.name}")
    seal(chosen.spool, lines(site, 2, 4))
    assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained(1, 2, 0)
    assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained()
    monkeypatch.undo()
    assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained(1, 1, 0)
    assert not poisonous.exists()


def test_a_poisonous_segment_stops_nothing(
    embedded_store: Store,
    chosen: Settings,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    site = new_site(embedded_store)
    poison(monkeypatch, ERRORS[0])
    poisonous = seal(chosen.spool, lines(site, 1, 2), name=f"0-poison-{site.name}")
    with caplog.at_level(logging.ERROR), running(embedded_store, chosen):
        # The first is alone with it, the second comes later, and everything else goes on.
        wait_until(lambda: poisonous.name in caplog.text)
        wait_until(lambda: snapshot.read(chosen.snapshot))
        for first in (2, 5):
            seal(chosen.spool, lines(site, first, first + 3))
            wait_until(lambda last=first + 2: last in found(embedded_store, site))
        assert list(chosen.spool.iterdir()) == [poisonous]
        monkeypatch.undo()
        wait_until(lambda: found(embedded_store, site) == list(range(1, 8)))
    assert caplog.text.count(poisonous.name) == 1


def test_held_segments_wait_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    held, path, other = Held(), Path("a.sealed"), Path("b.sealed")
    pauses = []
    for _ in range(9):
        held.refuse(path, ValueError("no"))
        assert list(held.ready([path, other])) == [other]
        began = now
        while list(held.ready([path, other])) == [other]:
            now += 0.25
        pauses.append(now - began)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    held.release(path)
    assert list(held.ready([path])) == [path]


def test_many_poisonous_segments_do_not_hide_the_others(
    embedded_store: Store, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site, held = new_site(embedded_store), Held()
    monkeypatch.setattr(waiting, "BATCH_SEGMENTS", 2)
    poison(monkeypatch, StoreError("refused"))
    for number in range(4):
        seal(chosen.spool, lines(site, number + 1, number + 2), name=f"0-poison-{number}")
    seal(chosen.spool, lines(site, 10, 12), name="1-sound")
    drained = [drain_once(embedded_store, chosen.spool, chosen.rejects, held) for _ in range(3)]
    assert drained == [Drained(), Drained(), Drained(1, 2, 0)]


@pytest.mark.parametrize("duty", ["_snapshot", "_publish", "_expire"])
def test_a_duty_that_fails_stops_no_other(
    embedded_store: Store, chosen: Settings, monkeypatch: pytest.MonkeyPatch, duty: str
) -> None:
    site = new_site(embedded_store)
    done = set()
    for name in ("_snapshot", "_publish", "_expire"):

        def work(self: Drain, name: str = name) -> float:
            done.add(name)
            if name == duty:
                raise StoreError("refused")
            return 0.0

        monkeypatch.setattr(Drain, name, work)
    seal(chosen.spool, lines(site, 1, 2))
    assert Drain(embedded_store, chosen).step()
    assert done == {"_snapshot", "_publish", "_expire"}


def test_the_segment_of_a_live_worker_is_left_alone(
    embedded_store: Store, chosen: Settings
) -> None:
    site, writer = new_site(embedded_store), Writer(chosen.spool)
    for line in lines(site, 1, 3):
        writer.append(line)
    assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained()
    assert [path.suffix for path in chosen.spool.iterdir()] == [".open"]
    writer.close()
    assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained(1, 2, 0)


def test_the_segment_of_a_killed_worker_is_adopted(embedded_store: Store, chosen: Settings) -> None:
    site = new_site(embedded_store)
    texts = lines(site, 1, 5)
    worker = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(chosen.spool)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with worker:
        assert worker.stdin is not None
        assert worker.stdout is not None
        worker.stdin.write(b"".join(texts))
        worker.stdin.close()
        assert worker.stdout.readline() == b"written\n"
        assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained()
        os.kill(worker.pid, signal.SIGKILL)
    # Its last line was torn by the kill: everything before it was acknowledged.
    with next(chosen.spool.glob("*.open")).open("ab") as file:
        file.write(texts[0][:30])
    assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained(1, 4, 1)


def test_refusals_are_counted_once_however_often_a_segment_is_read(
    embedded_store: Store, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = new_site(embedded_store)
    recorded = 1_729_591_200_000
    rows = [
        {"refused": "dnt", "site": site.name, "n": 5, "recorded": recorded},
        {"refused": "dnt", "site": site.name, "n": 2, "recorded": recorded + 1000},
        {"refused": "bad-url", "site": site.name, "recorded": recorded},
        {"refused": "dnt", "site": site.name, "n": 4, "recorded": recorded + 3_600_000},
    ]
    monkeypatch.setattr(batch, "_unknown", lambda target, paths: paths)
    for _ in range(3):
        seal(chosen.spool, map(encode, rows), name="one")
        assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained(1, 0, 0)
    seal(chosen.spool, [*map(encode, rows), *lines(site, 1, 2)], name="two")
    drain_once(embedded_store, chosen.spool, chosen.rejects)
    reclassification.publish_dirty(embedded_store, site.name)
    with embedded_store.session() as session:
        summary = reports.run(session, "overview", site).summary
    assert summary["refusals"] == [{"reason": "dnt", "n": 22}, {"reason": "bad-url", "n": 2}]


def test_refused_lines_are_written_once_however_often_a_segment_is_read(
    embedded_store: Store, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "_unknown", lambda target, paths: paths)
    for _ in range(2):
        seal(chosen.spool, [b"torn\n"], name="one")
        assert drain_once(embedded_store, chosen.spool, chosen.rejects).rejects == 1
    (path,) = chosen.rejects.iterdir()
    assert json.loads(path.read_text()) == {"reason": "torn or foreign line", "line": "torn"}


def test_a_segment_that_was_stored_only_goes(embedded_store: Store, chosen: Settings) -> None:
    """The file comes back, as after a crash between its name and its removal."""
    site = new_site(embedded_store)
    seal(chosen.spool, lines(site, 1, 3), name="again")
    assert drain_once(embedded_store, chosen.spool, chosen.rejects).hits == 2
    path = seal(chosen.spool, lines(site, 1, 3), name="again")
    assert drain_once(embedded_store, chosen.spool, chosen.rejects) == Drained()
    assert not path.exists()


def test_many_days_to_compute_do_not_keep_links_waiting(
    embedded_store: Store, chosen: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after the import of a year: the days come one after the other, and everything else too."""
    site, publish_days = new_site(embedded_store), reclassification.publish_days
    reclassification.publish_dirty(embedded_store)  # what other tests left

    def slowly(*args: Any) -> list[int]:
        time.sleep(0.5)
        return publish_days(*args)

    monkeypatch.setattr(reclassification, "publish_days", slowly)
    monkeypatch.setattr(reclassification, "DAYS_AT_ONCE", 1)
    rows = [hit(f"2024-01-{n:02}T10:00", f"v{n}", id=n) for n in range(10, 20)]
    recorded = {"recorded": int(time.time() * 1000)}
    seal(chosen.spool, map(encode, records(site, [row | recorded for row in rows])))
    with running(embedded_store, chosen):
        wait_until(lambda: found(embedded_store, site))
        with embedded_store.session() as session:
            link = registry.add_link(session, f"https://{site.name}/a")
        wait_until(lambda: link.code in snapshot.read(chosen.snapshot).links)
        assert 0 < len(found(embedded_store, site)) < 10
