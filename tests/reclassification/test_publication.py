"""Publication: at once, repeatable, and without loss where two work on the same day."""

from __future__ import annotations

import itertools
import threading
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from literal import DAY, drain, hit, new_site, published, visits

from darksocial import reclassification, reports
from darksocial.model import Site
from darksocial.reclassification import dirty_days, publish_day, publish_dirty, touch
from darksocial.store import Session, Store

pytestmark = pytest.mark.engines

THE_DAY = date.fromisoformat(DAY)
REPLACE, NOTE = "REPLACE PARTITION", "note"


def people(first: int, last: int) -> list[dict[str, Any]]:
    """One visit of two pages each."""
    rows = []
    for number in range(first, last):
        rows.append(hit("10:00", f"visitor {number}", id=2 * number + 1))
        rows.append(hit("10:01", f"visitor {number}", page="/", id=2 * number + 2))
    return rows


def test_readers_never_see_half_a_day(store: Store, site: Site, tmp_path: Path) -> None:
    drain(store, tmp_path, site, people(0, 50))
    assert len(published(store, site, "id")) == 50
    seen, stop = set(), threading.Event()

    def read() -> None:
        with store.session() as session:
            while not stop.is_set():
                seen.update(visits_and_pages(session, site))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for end in (100, 150, 200):
            drain(store, tmp_path, site, people(end - 50, end))
            for _ in range(4):
                with store.session() as session:
                    publish_day(session, site, THE_DAY)
    finally:
        stop.set()
        reader.join()
    assert seen <= {(50, 100), (100, 200), (150, 300), (200, 400)}
    assert len(seen) > 1


def visits_and_pages(session: Session, site: Site) -> set[tuple[int, int]]:
    table = session.query(
        "SELECT count() AS n, sum(pages) AS pages FROM visits WHERE site = %(site)s", site=site.name
    )
    return {tuple(row.values()) for row in table.to_pylist()}


class Scripted:
    """A session that waits for its turn before it publishes, and again before it takes note."""

    def __init__(self, session: Session, turns: dict[str, threading.Event]) -> None:
        self._session = session
        self._turns = turns
        self.arrived = {step: threading.Event() for step in (REPLACE, NOTE)}

    def query(self, sql: str, /, **params: Any) -> Any:
        return self._session.query(sql, **params)

    def execute(self, sql: str, /, **params: Any) -> None:
        if REPLACE not in sql:
            self._session.execute(sql, **params)
            return
        self._wait(REPLACE)
        self._session.execute(sql, **params)
        self._wait(NOTE)

    def _wait(self, step: str) -> None:
        self.arrived[step].set()
        assert self._turns[step].wait(60)


ORDERS = sorted(order for order in set(itertools.permutations(["old", "old", "new", "new"])))


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_two_publish_the_same_day(
    store: Store, site: Site, tmp_path: Path, order: tuple[str, ...]
) -> None:
    """One computes before a late hit, the other after it; then they publish in any order."""
    drain(store, tmp_path, site, people(0, 2))
    turns = {who: {REPLACE: threading.Event(), NOTE: threading.Event()} for who in ("old", "new")}
    workers: dict[str, tuple[Scripted, threading.Thread]] = {}
    with store.session() as first, store.session() as second:
        for who, session in (("old", first), ("new", second)):
            if who == "new":
                drain(store, tmp_path, site, people(2, 5))
            scripted = Scripted(session, turns[who])
            thread = threading.Thread(target=publish_day, args=(scripted, site, THE_DAY))
            thread.start()
            assert scripted.arrived[REPLACE].wait(60)  # it has computed what it will publish
            workers[who] = scripted, thread
        steps = {"old": iter((REPLACE, NOTE)), "new": iter((REPLACE, NOTE))}
        for who in order:
            scripted, thread = workers[who]
            step = next(steps[who])
            turns[who][step].set()
            if step == REPLACE:
                assert scripted.arrived[NOTE].wait(60)
            else:
                thread.join(60)
                assert not thread.is_alive()
    publish_dirty(store, site.name)
    assert visit_count(store, site) == 5
    publish_dirty(store, site.name)
    assert visit_count(store, site) == 5
    with store.session() as session:
        assert dirty_days(session, site.name) == []


def visit_count(store: Store, site: Site) -> int:
    with store.session() as session:
        return len(visits(session, site, "id"))


def test_many_publish_at_the_same_time(store: Store, site: Site, tmp_path: Path) -> None:
    """Drain and reports publish beside each other, while hits come in."""
    errors: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(4):
                publish_dirty(store, site.name)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(6):
        drain(store, tmp_path, site, people(number * 10, number * 10 + 10))
    for thread in threads:
        thread.join()
    assert errors == []
    while publish_dirty(store, site.name):
        pass
    assert visit_count(store, site) == 60


def test_a_mark_during_the_computation_is_kept(
    store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain(store, tmp_path, site, people(0, 1))
    classify = reclassification.classify

    def and_then_hits_arrive(*args: Any) -> None:
        classify(*args)
        monkeypatch.undo()
        drain(store, tmp_path, site, people(1, 2))

    monkeypatch.setattr(reclassification, "classify", and_then_hits_arrive)
    with store.session() as session:
        publish_day(session, site, THE_DAY)
        assert dirty_days(session, site.name) == [(site.name, THE_DAY)]
    publish_dirty(store, site.name)
    assert visit_count(store, site) == 2


def test_a_clock_that_was_set_back_loses_no_mark(
    store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain(store, tmp_path, site, people(0, 1))
    assert publish_dirty(store, site.name) == 1
    monkeypatch.setattr(reclassification, "microseconds", lambda: 1)
    drain(store, tmp_path, site, people(1, 3))
    assert publish_dirty(store, site.name) == 1
    assert visit_count(store, site) == 3


def test_an_interrupted_publication_changes_nothing(
    store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain(store, tmp_path, site, people(0, 1))
    before = published(store, site, "*")
    drain(store, tmp_path, site, people(1, 2))

    def fails(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(reclassification, "classify", fails)
    with pytest.raises(KeyboardInterrupt):
        publish_dirty(store, site.name)
    with store.session() as session:
        assert visits(session, site, "*") == before
        assert tables(session) == []
    monkeypatch.undo()
    assert len(published(store, site, "id")) == 2


def tables(session: Session) -> list[str]:
    rows = session.query(
        "SELECT name FROM system.tables WHERE database = currentDatabase()"
        " AND name LIKE 'visits_stage%%'".replace("%%", "%")
    )
    return list(rows["name"].to_pylist())


def test_one_day_that_fails_does_not_stop_the_others(
    store: Store, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drain(store, tmp_path, site, [*people(0, 1), hit("2024-09-01T10:00", id=900)])
    classify = reclassification.classify

    def fails_for_october(session: Session, name: str, cut: Any, *rest: Any) -> None:
        if cut.span.begin.month == 10:
            raise RuntimeError("October")
        classify(session, name, cut, *rest)

    monkeypatch.setattr(reclassification, "classify", fails_for_october)
    with pytest.raises(RuntimeError, match="October"):
        publish_dirty(store, site.name)
    with store.session() as session:
        assert visits(session, site, "id") == [(900,)]
        assert dirty_days(session, site.name) == [(site.name, THE_DAY)]


def test_a_report_adds_up_while_days_are_published(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    drain(store, tmp_path, site, people(0, 4))
    publish_dirty(store, site.name)
    with store.session() as session:
        touch(session, site.name, [THE_DAY])
        answer = reports.run(session, "overview", site)
    assert answer.summary["visits"] == 4
    assert answer.summary["page_views"] == 8 == sum(row["page_views"] for row in answer.rows)
