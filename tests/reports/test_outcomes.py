"""Conversions and engagement by channel: what each model of credit gives to whom."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, token

from darksocial import reclassification, reports
from darksocial.model import Site
from darksocial.store import Store

pytestmark = pytest.mark.engines


def bought(when: str, who: str = "ann", value: float = 100.0, currency: str = "EUR") -> Any:
    return hit(when, who, kind="conversion", name="order", value=value, currency=currency)


def entered(store: Store, home: Path, rows: list[dict[str, Any]]) -> Site:
    site = new_site(store)
    rows = [row | {"path": row["path"].format(token=token(site))} for row in rows]
    drain(store, home, site, rows)
    reclassification.publish_dirty(store, site.name)
    return site


def told(store: Store, site: Site, name: str = "conversions", **options: str) -> reports.Report:
    with store.session() as session:
        return reports.run(session, name, site, **options)


SHARED, SEARCHED = "/a?ds={token}", "https://www.google.com/"
# Four visits of one person; 100 EUR in the last.
WAY = [
    hit("08:00", path=SHARED),
    hit("09:00", referrer=SEARCHED),
    hit("10:00", referrer="https://t.co/x"),
    hit("11:00"),
    bought("11:05"),
]
# Channel: what it has of the 100 EUR.
CREDIT = {
    "last_touch": {"direct": 100.0},
    "first_touch": {"dark_social": 100.0},
    "linear": {"dark_social": 25.0, "search": 25.0, "social": 25.0, "direct": 25.0},
    "position_based": {"dark_social": 40.0, "search": 10.0, "social": 10.0, "direct": 40.0},
}


@pytest.mark.parametrize("model", CREDIT)
def test_a_model_shares_out_a_conversion(store: Store, tmp_path: Path, model: str) -> None:
    site = entered(store, tmp_path, WAY)
    answer = told(store, site, model=model)
    earned = {row["channel"]: row["value"] for row in answer.summary["channels"]}
    assert earned == CREDIT[model]
    parts = {row["channel"]: row["conversions"] for row in answer.summary["channels"]}
    assert parts == {channel: value / 100 for channel, value in CREDIT[model].items()}
    assert answer.summary["totals"] == [{"currency": "EUR", "conversions": 1.0, "value": 100.0}]


def test_with_and_without_reclassification(store: Store, tmp_path: Path) -> None:
    site = entered(store, tmp_path, [hit("08:00", path=SHARED), bought("08:05", value=30.0)])
    answer = told(store, site)
    assert answer.rows == [
        {
            "reported_channel": "Direct", "channel": "dark_social", "application": "",
            "currency": "EUR", "visits": 1, "conversions": 1.0, "value": 30.0,
        }
    ]  # fmt: skip
    said = {"currency": "EUR", "conversions": 1.0, "value": 30.0}
    assert answer.summary["channels"] == [{"channel": "dark_social"} | said]
    assert answer.summary["reported_channels"] == [{"reported_channel": "Direct"} | said]
    assert answer.summary["dark_social_reported_as"] == [{"reported_channel": "Direct"} | said]


# Visits (each a step of the way) and conversions by their visit; what position_based gives each.
POSITIONS: dict[str, tuple[int, list[int], list[float]]] = {
    "one visit": (1, [1], [1.0]),
    "two visits": (2, [2], [0.5, 0.5]),
    "three visits": (3, [3], [0.4, 0.2, 0.4]),
    "five visits": (5, [5], [0.4, 0.2 / 3, 0.2 / 3, 0.2 / 3, 0.4]),
    "in the first of three": (3, [1], [1.0, 0.0, 0.0]),
    "in the second and the third": (3, [2, 3], [0.9, 0.7, 0.4]),
    "twice in the third": (3, [3, 3], [0.8, 0.4, 0.8]),
}


@pytest.mark.parametrize("case", POSITIONS)
def test_position_based_credit(store: Store, tmp_path: Path, case: str) -> None:
    count, converting, wanted = POSITIONS[case]
    names = ["https://t.co/", "https://mail.google.com/", "android-app://org.telegram.messenger/",
             SEARCHED, "https://chatgpt.com/"]  # fmt: skip
    places = ["X", "Gmail", "Telegram", "Google", "ChatGPT"]
    rows = [hit(f"{8 + n:02}:00", referrer=names[n]) for n in range(count)]
    rows += [bought(f"{7 + place:02}:0{n + 1}") for n, place in enumerate(converting)]
    site = entered(store, tmp_path, rows)
    found = {
        row["application"]: row["conversions"]
        for row in told(store, site, model="position_based").rows
    }
    wanted_by = {places[n]: credit for n, credit in enumerate(wanted) if credit}
    assert found == pytest.approx(wanted_by, abs=1e-3)


def test_currencies_stay_apart(store: Store, tmp_path: Path) -> None:
    rows = [hit("08:00"), bought("08:01", value=1.0), bought("08:02", value=2.0, currency="USD")]
    site = entered(store, tmp_path, [*rows, bought("08:03", value=3.0)])
    assert told(store, site, model="linear").summary["totals"] == [
        {"currency": "EUR", "conversions": 2.0, "value": 4.0},
        {"currency": "USD", "conversions": 1.0, "value": 2.0},
    ]


def test_no_model_loses_or_makes_a_conversion(store: Store, tmp_path: Path) -> None:
    """What goes on after a pause is no visit of its own: its conversions are the visit's."""
    rows = [
        *WAY,
        hit("12:00", page="/"),  # after a pause
        bought("12:01", value=7.0),
        hit("08:00", "bob", page="/"),  # nobody saw how this began
        bought("08:01", "bob", value=5.0),
        hit("09:00", "bob", referrer=SEARCHED),
        bought("09:01", "bob", value=3.0),
    ]
    site = entered(store, tmp_path, rows)
    for model in CREDIT:
        (sums,) = told(store, site, model=model).summary["totals"]
        assert (sums["conversions"], sums["value"]) == pytest.approx((4.0, 115.0), abs=0.01), model


def test_engagement_by_channel(store: Store, tmp_path: Path) -> None:
    rows = [
        hit("08:00", path=SHARED),
        hit("08:01", kind="engagement", value=40.0, name="80"),
        hit("08:02", kind="interaction", name="play"),
        hit("08:00", "bob", SHARED),
        hit("08:01", "bob", kind="engagement", value=20.0, name="40"),
        hit("08:00", "cyd", SHARED),
        bought("08:05", "cyd"),
        hit("08:00", "dan", referrer=SEARCHED),
    ]
    site = entered(store, tmp_path, rows)
    found = {row["channel"]: row for row in told(store, site, "engagement").rows}
    assert found["dark_social"] == {
        "channel": "dark_social", "application": "", "visits": 3, "measured": 2,
        "engaged_seconds": 30, "scroll_percent": 60, "interactions": 1, "conversions": 1,
    }  # fmt: skip
    assert found["search"]["measured"] == found["search"]["engaged_seconds"] == 0
