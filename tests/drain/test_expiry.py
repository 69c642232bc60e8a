"""What goes and what stays: by the month in which it was recorded, never by its own time."""

from __future__ import annotations

import os
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, milliseconds, new_site, published, token, visits
from waiting import wait_until

from darksocial import reclassification, reports, settings
from darksocial.drain import Drain
from darksocial.expiry import expire, month_before, tidy
from darksocial.imports.rejects import place
from darksocial.model import Site
from darksocial.reclassification import publish_dirty, sweep, touch_all
from darksocial.store import Session, Store
from darksocial.store.sql import statement

pytestmark = pytest.mark.engines

NOW = datetime(2024, 10, 22, 12, tzinfo=timezone.utc)
VISIT = "toString(day) AS day, pages"


def recorded(when: str, at: str, number: int, **fields: Any) -> dict[str, Any]:
    return hit(when, f"v{number}", recorded=milliseconds(at), id=number, **fields)


@pytest.mark.parametrize(
    ("now", "months", "expected"),
    [
        ("2024-10-22", 0, 202410),
        ("2024-10-22", 6, 202404),
        ("2024-10-31", 10, 202312),
        ("2024-01-01", 1, 202312),
        ("2024-01-31", 25, 202112),
        ("2024-12-31", 12, 202312),
    ],
)
def test_months_are_counted_over_years(now: str, months: int, expected: int) -> None:
    assert month_before(datetime.fromisoformat(now), months) == expected


@pytest.mark.parametrize(
    ("months", "gone"),
    [
        # Nothing is older than so many months afterwards.
        (25, ["hits 202209"]),
        (12, ["hits 202209", "hits 202310"]),
        (6, ["hits 202209", "hits 202310", "hits 202404"]),
        (2, ["hits 202209", "hits 202310", "hits 202404", "hits 202408"]),
        # The last month stays in any case, since its days may have to be computed again.
        (1, ["hits 202209", "hits 202310", "hits 202404", "hits 202408"]),
    ],
)
def test_hits_go_by_the_month_of_their_recording(
    store: Store, site: Site, tmp_path: Path, months: int, gone: list[str]
) -> None:
    rows = [
        recorded("2024-10-20T10:00", "2022-09-30T23:59:59", 1),  # a time of its own that is late
        recorded("2023-10-01T10:00", "2023-10-01T00:00", 2),
        recorded("2024-04-30T10:00", "2024-04-30T23:59:59", 3),
        recorded("2024-08-01T10:00", "2024-08-01T00:00", 4),
        recorded("2024-09-01T10:00", "2024-09-01T00:00", 5),
        recorded("2022-01-01T10:00", "2024-10-22T10:00", 6),  # an old log, imported today
    ]
    drain(store, tmp_path, site, rows)
    with store.session() as session:
        dropped = expire(session, months, NOW)
        assert [name for name in dropped if name.startswith("hits")] == gone
        left = session.query("SELECT id FROM hits WHERE site = %(s)s ORDER BY id", s=site.name)
        assert left["id"].to_pylist() == [1, 2, 3, 4, 5, 6][len(gone) :]
        assert [name for name in expire(session, months, NOW) if name.startswith("hits")] == []


def test_shares_live_as_long_as_their_tokens(store: Store, site: Site, tmp_path: Path) -> None:
    """13 months, whole ones: what a token says of its sharer is known until the token dies."""
    shared = {name: token(site, number) for number, name in enumerate(("old", "young"), start=1)}
    rows = [
        recorded("2023-08-31T10:00", "2023-08-31T10:00", 11, kind="share", token=shared["old"]),
        recorded("2023-09-01T10:00", "2023-09-01T10:00", 12, kind="share", token=shared["young"]),
        recorded("2023-08-31T11:00", "2023-08-31T11:00", 13, path="/?ds=" + shared["old"]),
        recorded("2023-09-01T11:00", "2023-09-01T11:00", 14, path="/?ds=" + shared["young"]),
    ]
    drain(store, tmp_path, site, rows)
    with store.session() as session:
        dropped = expire(session, 6, NOW)
        assert {"shares 202308", "token_days 202308"} <= set(dropped)
        assert not {"shares 202309", "token_days 202309"} & set(dropped)
        left = session.query("SELECT token FROM shares WHERE site = %(s)s", s=site.name)
    assert left["token"].to_pylist() == [shared["young"]]


def test_published_visits_stay_when_their_hits_go(store: Store, site: Site, tmp_path: Path) -> None:
    """Neither late hits nor `reclassify --all` compute a day from what is left of its hits."""
    rows = [
        recorded("2024-03-10T10:00", "2024-03-10T10:00", 21),
        recorded("2024-03-10T10:05", "2024-03-10T10:05", 22),
        recorded("2024-10-21T10:00", "2024-10-21T10:00", 23),
    ]
    drain(store, tmp_path, site, rows)
    before = published(store, site, VISIT)
    figures = overview(store, site)
    with store.session() as session:
        assert "hits 202403" in expire(session, 6, NOW)
        touch_all(session, site)
    late = [recorded("2024-03-10T12:00", "2024-10-22T10:00", 24)]
    drain(store, tmp_path, site, late)
    assert published(store, site, VISIT) == before == [("2024-03-10", 1)] * 2 + [("2024-10-21", 1)]
    assert overview(store, site) == figures
    with store.session() as session:
        assert reclassification.dirty_days(session, site.name) == []


def overview(store: Store, site: Site) -> dict[str, Any]:
    with store.session() as session:
        return reports.run(session, "overview", site).summary


def test_days_of_today_stay_open(store: Store, tmp_path: Path) -> None:
    """The shortest retention closes no day that hits still come in for."""
    site = new_site(store, timezone="Asia/Kathmandu")
    drain(store, tmp_path, site, [recorded("2024-09-30T20:00", "2024-09-30T20:00", 31)])
    published(store, site, VISIT)
    with store.session() as session:
        expire(session, 1, datetime(2024, 10, 1, 0, 30, tzinfo=timezone.utc))
    drain(store, tmp_path, site, [recorded("2024-10-01T01:00", "2024-10-01T01:00", 32)])
    assert published(store, site, VISIT) == [("2024-10-01", 1)] * 2


def test_notes_of_replaced_publications_go(store: Store, site: Site, tmp_path: Path) -> None:
    drain(store, tmp_path, site, [hit("10:00")])
    for _ in range(3):
        with store.session() as session:
            touch_all(session, site)
        publish_dirty(store, site.name)
    before = overview(store, site)
    with store.session() as session:
        tidy(session, datetime.now(timezone.utc))
        assert notes(session, site) == 3  # younger than an hour: somebody may still look at them
        tidy(session, datetime.fromtimestamp(time.time() + 7200, timezone.utc))
        wait_until(lambda: notes(session, site) == 1)
        assert reclassification.dirty_days(session, site.name) == []
    assert overview(store, site) == before


def notes(session: Session, site: Site) -> int:
    rows = session.query("SELECT count() AS n FROM days WHERE site = %(s)s", s=site.name)
    return int(rows["n"][0].as_py())


def test_results_of_dead_processes_go(store: Store, session: Session) -> None:
    now = reclassification.microseconds()
    old, young = f"visits_stage_{now - 25 * 3600 * 10**6}_ab", f"visits_stage_{now}_cd"
    for name in (old, young, "visits_stage_abcdef"):
        session.execute(f"CREATE TABLE {name} AS visits")
    sweep(session)
    assert session.query(statement("reclassify/stages"))["name"].to_pylist() == [young]
    session.execute(f"DROP TABLE {young}")
    assert session.query("SELECT count() AS n FROM visits")["n"][0].as_py() >= 0


def test_refused_lines_go_with_the_hits_of_their_age(embedded_store: Store, tmp_path: Path) -> None:
    chosen = settings.load({"store": f"chdb://{tmp_path}", "retention_months": 1}, {})
    chosen.rejects.mkdir()
    old = place(chosen.rejects, "old.example", "log:1")
    young = chosen.rejects / "young.jsonl"
    for path, days in ((old, 62), (young, 20)):
        path.write_text("{}\n")
        os.utime(path, (time.time() - days * 86400,) * 2)
    Drain(embedded_store, chosen).step()
    assert not old.exists()
    assert young.exists()


def test_the_drain_publishes_before_it_expires(store: Store, tmp_path: Path) -> None:
    """Hits that waited in the spool for months are counted, and then go."""
    site = new_site(store)
    chosen = settings.load({"store": f"chdb://{tmp_path}"}, {})
    drain(store, tmp_path, site, [recorded("2023-01-10T10:00", "2023-01-10T10:00", 41)])
    Drain(store, chosen).step()
    with store.session() as session:
        assert visits(session, site, VISIT) == [("2023-01-10", 1)]
        left = session.query("SELECT count() AS n FROM hits WHERE site = %(s)s", s=site.name)
    assert left["n"][0].as_py() == 0
