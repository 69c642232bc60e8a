"""What `serve --demo` prepares: a site, its links and its example data, once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from darksocial import registry, reports
from darksocial.demo import prepare
from darksocial.demo.preparation import SITE
from darksocial.model import CHANNELS
from darksocial.settings import Settings, load
from darksocial.spool import segment, snapshot
from darksocial.store import Store


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    home = tmp_path_factory.mktemp("demo")
    return load({"home": str(home), "demo_port": 18082, "tracker_url": "http://t.example"}, {})


@pytest.fixture(scope="module")
def prepared(embedded_store: Store, settings: Settings) -> Store:
    prepare(embedded_store, settings)
    return embedded_store


def overview(store: Store) -> dict[str, Any]:
    with store.session() as session:
        answer = reports.run(session, "overview", registry.site(session, SITE))
    return {"rows": answer.rows, **answer.summary}


def test_the_figures_are_there_before_the_site_answers(prepared: Store) -> None:
    figures = overview(prepared)
    assert figures["visits"] > 3_000
    assert figures["example_visits"] == figures["visits"]
    assert len(figures["days"]) == 15
    parts = ("direct_that_was_dark_social", "direct_that_was_something_else", "still_direct")
    assert sum(figures[name] for name in parts) == figures["reported_direct"]
    assert all(figures[name] > 100 for name in parts)
    assert all(figures[name] > 50 for name in ("shares", "previews", "bots"))


def test_every_channel_and_most_kinds_of_evidence_occur(prepared: Store) -> None:
    rows = overview(prepared)["rows"]
    assert {row["channel"] for row in rows} >= set(CHANNELS) - {"internal"}
    assert {row["evidence"] for row in rows} >= {
        "token",
        "link",
        "own_share",
        "referrer",
        "android_app",
        "in_app",
        "click_id",
        "campaign",
        "model",
    }


def test_every_day_adds_up(prepared: Store) -> None:
    figures = overview(prepared)
    for name, whole in [
        ("visits", "visits"),
        ("reported_direct", "reported_direct"),
        ("dark_social", "direct_that_was_dark_social"),
        ("still_direct", "still_direct"),
    ]:
        assert sum(day[name] for day in figures["days"]) == figures[whole]


def test_a_second_start_changes_nothing(prepared: Store, settings: Settings) -> None:
    before = overview(prepared)
    prepare(prepared, settings)
    assert list(segment.sealed(settings.spool)) == []
    assert overview(prepared) == before


def test_the_tracker_knows_site_and_links(prepared: Store, settings: Settings) -> None:
    prepare(prepared, settings)
    known = snapshot.read(settings.snapshot)
    assert known is not None
    assert {site.name for site in known.sites.values()} == {SITE}
    assert {link.kind for link in known.links.values()} == {"newsletter", "person", "qr"}
    assert all(
        link.destination.startswith("http://127.0.0.1:18082/") for link in known.links.values()
    )


def test_another_port_moves_the_links_and_keeps_their_codes(
    prepared: Store, settings: Settings
) -> None:
    prepare(prepared, settings)
    with prepared.session() as session:
        before = registry.links(session, SITE)
    prepare(prepared, replace(settings, demo_port=18083))
    with prepared.session() as session:
        site, after = registry.site(session, SITE), registry.links(session, SITE)
    assert {"127.0.0.1:18082", "localhost:18082", "127.0.0.1:18083", "localhost:18083"} <= (
        set(site.hosts)
    )
    assert [link.code for link in after] == [link.code for link in before]
    assert {link.destination[:23] for link in after} == {"http://127.0.0.1:18083/"}


def test_an_entry_that_was_broken_off_counts_once(
    prepared: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = overview(prepared)
    # A start that died after writing the spool: the next one finds no example hits and enters them.
    monkeypatch.setattr("darksocial.demo.preparation.is_entered", lambda session: False)
    prepare(prepared, replace(settings, home=tmp_path))
    assert overview(prepared) == before
