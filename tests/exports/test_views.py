"""The views that dashboards of other programs read, on every engine."""

from __future__ import annotations

import pytest
from literal import drain, hit, new_site

from darksocial import reclassification
from darksocial.model import Site
from darksocial.store import Session, Store

ROWS = [
    hit("10:00", "ann", "/a"),
    hit("10:05", "ann", "/b", page="/a"),
    hit("11:00", "ann", "/c", page="/b"),  # goes on after a pause: no arrival
    hit("12:00", "bob", "/a", referrer="https://web.whatsapp.com/"),
    hit("12:00", "cyd", "/a", referrer="https://web.whatsapp.com/"),
]


@pytest.fixture(scope="module")
def filled(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Site:
    site = new_site(store)
    drain(store, tmp_path_factory.mktemp("home"), site, ROWS)
    reclassification.publish_dirty(store, site.name)
    return site


def test_visits_are_arrivals_without_the_visitor(session: Session, filled: Site) -> None:
    rows = session.query(
        "SELECT * FROM bi_visits WHERE site = %(site)s ORDER BY ts, visit", site=filled.name
    ).to_pylist()
    assert [(row["page"].partition("/")[2], row["application"]) for row in rows] == [
        ("a", ""),
        ("a", "WhatsApp"),
        ("a", "WhatsApp"),
    ]
    assert "visitor" not in rows[0]


def test_days_count_each_way_of_coming_in(session: Session, filled: Site) -> None:
    rows = session.query(
        "SELECT day, channel, application, visits, page_views FROM bi_days"
        " WHERE site = %(site)s ORDER BY channel",
        site=filled.name,
    ).to_pylist()
    assert [
        (str(row["day"]), row["application"], row["visits"], row["page_views"]) for row in rows
    ] == [
        ("2024-10-22", "WhatsApp", 2, 2),
        ("2024-10-22", "", 1, 2),
    ]
