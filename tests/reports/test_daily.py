"""Kept sums of days: reports say the same with and without them, and see when they are old."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, token

from darksocial import campaigns, daily, reclassification, registry, reports
from darksocial.campaigns import Campaign
from darksocial.erasure import erase_day
from darksocial.imports.removal import wait_for_mutations
from darksocial.model import Site
from darksocial.reports import trees
from darksocial.store import Session, Store
from darksocial.store.sql import Name

pytestmark = pytest.mark.engines

TELEGRAM = "https://web.telegram.org/"
SLACKBOT = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
CLOCK = ("fitted", "fit")  # names of figures that move by themselves


@pytest.fixture(scope="module")
def filled(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with something for every report, on two days."""
    site = new_site(store)
    shared, again = token(site), token(site, 2)
    with store.session() as session:
        code = registry.add_link(session, f"https://{site.name}/c", "person", "Gil").code
        wanted = Campaign(site.name, "Fall", date(2024, 10, 1), tags=("fall",), codes=(code,))
        campaigns.add(session, wanted)
    drain(store, tmp_path_factory.mktemp("home"), site, rows(shared, again, code))
    reclassification.publish_dirty(store, site.name)
    return site


def rows(shared: str, again: str, code: str) -> list[dict[str, Any]]:
    return [
        hit("10:00", "ann", "/a?utm_campaign=fall&utm_source=letter&utm_medium=email"),
        hit("10:01", "ann", "/a", kind="share", token=shared, method="copy"),
        hit("10:02", "ann", "/a", kind="engagement", value=30.0, name="80"),
        hit("10:02", "bot", f"/a?ds={shared}", kind="preview", token=shared, user_agent=SLACKBOT),
        hit("10:30", "bob", f"/a?ds={shared}", referrer=TELEGRAM),
        hit("10:31", "bob", "/a", kind="conversion", name="order", value=5.0, currency="EUR"),
        hit("10:32", "bob", "/a", kind="share", token=again, parent=shared, method="copy"),
        hit("10:33", "bob", "/a", kind="interaction", name="like"),
        hit("10:40", "cyd", f"/a?ds={again}"),
        hit("11:00", "dan", "/c", kind="click", code=code),
        hit("11:00", "dan", f"/c?ds={code}"),
        hit("2024-10-23T09:00", "eve", f"/a?ds={again}"),
        hit("2024-10-23T09:10", "fay", "/b"),
    ]


def days(session: Session, site: Site) -> list[date]:
    found = session.query("SELECT DISTINCT day FROM days WHERE site = %(s)s", s=site.name)
    return list(found["day"].to_pylist())


def wait(session: Session) -> None:
    for table in ("daily_kept", *daily.TABLES):
        wait_for_mutations(session, table)


def said(session: Session, site: Site, name: str, **options: str) -> Any:
    answer = reports.run(session, name, site, **options)
    return answer.rows, {key: value for key, value in answer.summary.items() if key not in CLOCK}


def test_reports_say_the_same_with_kept_sums(session: Session, filled: Site) -> None:
    everything = {}
    for state in ("counted", "kept"):
        answers = {name: said(session, filled, name) for name in reports.REPORTS}
        narrowed = said(session, filled, "overview", channel="dark_social")
        everything[state] = (answers, narrowed)
        assert (state == "counted") == (daily.keep(session, filled, time.time() + 1, 60.0) > 0)
    assert everything["kept"] == everything["counted"]
    # Kept sums stand for the visits, which are not looked at: falsified ones show it.
    session.execute(
        "INSERT INTO daily_ways SELECT * FROM daily_ways WHERE site = %(s)s", s=filled.name
    )
    figures = reports.run(session, "overview", filled).summary
    assert figures["visits"] == 2 * reports.run(session, "pages", filled).summary["visits"] > 0
    daily.forget(session, filled.name, days(session, filled))
    wait(session)
    assert said(session, filled, "overview") == everything["counted"][0]["overview"]


def test_a_day_that_was_published_just_now_is_not_kept(session: Session, filled: Site) -> None:
    assert daily.keep(session, filled, time.time() - 3600, 60.0) == 0


def test_a_day_that_is_published_anew_is_counted_anew(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    with store.session() as session:
        drain(store, tmp_path, site, [hit("10:00", "ann")])
        reclassification.publish_dirty(store, site.name)
        assert daily.keep(session, site, time.time() + 1, 60.0) == 1
        drain(store, tmp_path, site, [hit("12:00", "bob", id=77)])
        reclassification.publish_dirty(store, site.name)
        assert reports.run(session, "channels", site).summary["visits"] == 2
        assert daily.keep(session, site, time.time() + 1, 60.0) == 1
        assert reports.run(session, "channels", site).summary["visits"] == 2
        daily.tidy(session, time.time() + 1)
        wait(session)
        left = session.query("SELECT n FROM daily_ways WHERE site = %(s)s", s=site.name)
        assert left["n"].to_pylist() == [2]


def test_nothing_of_an_erased_day_is_kept(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    drain(store, tmp_path, site, [hit("10:00", "ann", f"/?ds={token(site)}")])
    reclassification.publish_dirty(store, site.name)
    with store.session() as session:
        assert daily.keep(session, site, time.time() + 1, 60.0) == 1
        erase_day(store, site, date(2024, 10, 22))
        for table in daily.TABLES:
            left = session.query(
                "SELECT count() AS n FROM %(t)s WHERE site = %(s)s", t=Name(table), s=site.name
            )
            assert (table, left["n"][0].as_py()) == (table, 0)


def test_kept_trees_stand_for_the_shares_until_something_is_published(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "FEW_SHARES", 0)
    site = new_site(store)
    first = [hit("10:00", "ann"), hit("10:01", "ann", kind="share", token=token(site))]
    drain(store, tmp_path, site, first)
    reclassification.publish_dirty(store, site.name)
    with store.session() as session:
        names = ("tree", "funnel", "sharers")
        counted = [said(session, site, name) for name in names]
        assert trees.keep(session, site)
        assert not trees.keep(session, site)
        assert [said(session, site, name) for name in names] == counted
        assert token_of(session, site) == token(site)
        late = hit("10:30", "bob", f"/?ds={token(site)}", id=99)
        drain(store, tmp_path, site, [late])
        reclassification.publish_dirty(store, site.name)
        assert reports.run(session, "funnel", site).summary["visits"] == 1
        monkeypatch.setattr(trees, "MANY_SHARES", 0)  # a busy site's may be a minute old
        assert reports.run(session, "funnel", site).summary["visits"] == 0
        monkeypatch.setattr(trees, "PAUSE_SECONDS", 0.0)
        assert trees.keep(session, site)
        assert reports.run(session, "funnel", site).summary["visits"] == 1
        trees.tidy(session, time.time() + 2 * trees.DROP_SECONDS)
        assert reports.run(session, "funnel", site).summary["visits"] == 1


def token_of(session: Session, site: Site) -> str:
    """Return the only token of the kept trees."""
    rows = session.query("SELECT DISTINCT token FROM kept_trees WHERE site = %(s)s", s=site.name)
    return str(rows["token"][0].as_py())
