"""What the console says of the estimate: its interval, the fit behind it, and that it is due."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from literal import hit
from page import shown

from darksocial.estimator.features import FEATURES, NAMES
from darksocial.estimator.result import IDENTIFIED, NOT, WEAKLY, Estimate
from darksocial.model import Site
from darksocial.reclassification import publish_dirty, touch_all
from darksocial.store import Store
from darksocial.store.sql import statement
from darksocial.version import VERSION

DAY = date(2024, 10, 22)
SOURCES = {"co_movement": 0.3, "propensity": 0.28}
BEFORE = Estimate(40, 0.3, 0.2, 0.45, 0.6, IDENTIFIED, "Both agree.", SOURCES)


@pytest.fixture
def visited(site: Site, fill: Callable[..., None]) -> Site:
    rows = [hit("10:00", f"reader {n}", "/a-long/story-of-the-day") for n in range(30)]
    fill(site, *rows, *(hit("11:00", f"guest {n}", "/") for n in range(10)))
    return site


def keep(store: Store, site: Site, number: int, estimate: Estimate, library: str = VERSION) -> None:
    """Keep a fit, as `darksocial fit` does, and give every untagged visit the same probability."""
    with store.session() as session:
        session.execute(
            statement("estimate/save_fit"),
            site=site.name,
            fit=number * 1_000_000,
            library=library,
            first=DAY,
            last=DAY,
            tagged=0,
            untagged=40,
            status=estimate.status,
            estimate=json.dumps(asdict(estimate)),
            weights=json.dumps(_weights(estimate)),
            inputs="{}",
        )
        touch_all(session, site)
    publish_dirty(store, site.name)


def _weights(estimate: Estimate) -> Any:
    if estimate.share is None:
        return None
    levels = {feature.name: [0.0] * len(feature.levels) for feature in FEATURES}
    return {"constant": -0.8473, "levels": levels, "usual": dict.fromkeys(NAMES, 0.0)}


def test_the_overview_names_the_interval_and_the_days_it_was_learnt_from(
    client: FlaskClient, visited: Site, embedded_store: Store
) -> None:
    keep(embedded_store, visited, 1, BEFORE)
    text = shown(client, "/").text
    assert (
        "Of the 40 visits without any trace about 12 were probably links passed on as well "
        "(between 8 and 18, nine times out of ten)." in text
    )
    assert re.search(r"Learnt from the days [^.]+ 2024 to [^.]+ 2024\.", text)
    for absent in ("rough figure", "have moved", "made anew"):
        assert absent not in text


def test_days_without_any_rest_have_no_estimate(
    client: FlaskClient, visited: Site, fill: Callable[..., None], embedded_store: Store
) -> None:
    day = DAY + timedelta(days=1)
    fill(visited, hit(f"{day}T10:00", "searcher", referrer="https://www.google.com/"))
    keep(embedded_store, visited, 1, BEFORE)
    page = shown(client, f"/?from={day}&to={day}&lang=en")
    assert "Analytics would not call this 1 visit direct." in page.text
    assert "estimate" not in {element["id"] for element in page.all("p") if "id" in element}
    assert "estimate" in {each["id"] for each in shown(client, "/").all("p") if "id" in each}


def test_what_moved_and_what_is_due_is_said(
    client: FlaskClient, visited: Site, embedded_store: Store
) -> None:
    keep(embedded_store, visited, 1, BEFORE)
    moved = Estimate(40, 0.3, 0.1, 0.6, 0.6, WEAKLY, "", {"co_movement": 0.6, "propensity": 0.28})
    keep(embedded_store, visited, 2, moved, library="0.0.1")
    text = shown(client, "/").text
    assert "Take it as a rough figure." in text
    assert "The kinds of evidence have moved since the estimate before" in text
    assert "the estimate is to be made anew" in text
    german = shown(client, "/?lang=de").text
    assert "Gelernt aus den Tagen vom 22. Okt. 2024 bis zum 22. Okt. 2024." in german
    assert "Die Schätzung ist neu zu erstellen." in german


def test_the_estimate_has_a_page_that_divides_it(
    client: FlaskClient, visited: Site, embedded_store: Store
) -> None:
    keep(embedded_store, visited, 1, BEFORE)
    text = shown(client, "/reports/estimate?by=page_class").text
    assert "Front page 10 0 0 10 0 3" in text
    assert "Single page 30 0 0 30 0 9" in text
    german = shown(client, "/reports/estimate?by=page_class&lang=de").text
    assert "Einzelne Seite 30" in german


def test_a_bound_is_told_as_one(client: FlaskClient, visited: Site, embedded_store: Store) -> None:
    bounds = Estimate(40, None, 0.0, 0.25, 0.25, NOT, "Too few.", {})
    keep(embedded_store, visited, 1, bounds)
    assert "cannot be told: at most 10." in shown(client, "/").text
