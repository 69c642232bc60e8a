"""When a fit is due, what moved between two, and that the private process makes them anew."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, published

from darksocial import fitting
from darksocial.estimator import drift, stored
from darksocial.estimator.drift import Counted
from darksocial.estimator.result import IDENTIFIED, Estimate
from darksocial.estimator.stored import StoredFit
from darksocial.store import Store
from darksocial.version import VERSION

LAST = date(2026, 1, 28)


def kept(library: str = VERSION, lumps: float = 2.0, **sources: float) -> StoredFit:
    estimate = Estimate(1, 0.3, 0.2, 0.4, 0.5, IDENTIFIED, "", sources)
    first = LAST - timedelta(days=27)
    return StoredFit(1, library, first, LAST, 1, 1, estimate, None, {"lumps": lumps})


def counted(days_later: int, tagged: int, untagged: int) -> Counted:
    return Counted(LAST + timedelta(days=days_later), 7, tagged, untagged)


THEN = Counted(LAST, 28, 400, 4000)


@pytest.mark.parametrize(
    ("fit", "now", "why"),
    [
        (kept(), None, []),
        (kept(), counted(3, 100, 1000), []),
        (kept(), counted(7, 100, 1000), ["7 days came since"]),
        (kept("0.0.1"), None, [f"it was made by version 0.0.1, this is {VERSION}"]),
        (
            kept(),
            counted(3, 30, 1500),
            ["there were 10.0 visits with a token for 100 without any trace, now 2.0"],
        ),
        (kept(lumps=40.0), counted(3, 50, 1000), []),  # two tokens less are no change
        (kept(), counted(3, 2, 100), []),  # too few to tell
        (None, counted(7, 10, 1000), ["there was no fit yet"]),
        (None, counted(7, 10, 100), []),
        (None, None, []),
    ],
)
def test_a_fit_is_due_when_days_came_or_tokens_became_rarer(
    fit: StoredFit | None, now: Counted | None, why: list[str]
) -> None:
    assert drift.reasons(fit, THEN, now) == why


def test_sources_that_moved_between_two_fits_are_named() -> None:
    assert drift.alarms([kept(co_movement=0.3), kept(co_movement=0.28)]) == []
    assert drift.alarms([kept(co_movement=0.6), kept(co_movement=0.28)]) == [
        "co movement says 60% where it said 28%"
    ]
    assert drift.alarms([kept(co_movement=0.6)]) == []
    assert drift.alarms([kept(composition=0.06), kept(composition=0.02)]) == []


def test_sources_that_part_from_each_other_raise_an_alarm_once() -> None:
    agreed = kept(co_movement=0.3, propensity=0.22)
    apart = kept(co_movement=0.4, propensity=0.18)
    assert len(drift.alarms([apart, agreed])) == 1
    assert "differ by more than a factor of two" in drift.alarms([apart, agreed])[0]
    assert drift.alarms([apart, apart]) == []


def many_visits(store: Store, home: Path, site: Any) -> None:
    """Nine days with a few direct visits each."""
    rows = [
        hit(f"2024-10-{10 + day}T{8 + place % 12:02}:00", f"{day} {place}", "/a-long/story")
        for day in range(9)
        for place in range(4)
    ]
    drain(store, home, site, rows)
    published(store, site, "id")


def test_a_due_site_is_fitted_once_as_it_was_told_before(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift, "FEWEST_UNTAGGED", 20)
    site = new_site(store)
    many_visits(store, tmp_path, site)
    with store.session() as session:
        assert drift.due(session, site.name) == ["there was no fit yet"]
        span = fitting.Range(date(2024, 10, 10), date(2024, 10, 11))
        made = fitting.fit_site(session, site, span, deployed=True)
        assert made.deployed is True
        assert drift.due(session, site.name) == ["7 days came since"]
        assert drift.due(session, site.name, 8) == []
    assert site.name in fitting.Refitter(store, 7).step()
    with store.session() as session:
        now, before = stored.newest(session, site.name, 2)
    assert before == made
    assert (now.first, now.last) == (date(2024, 10, 10), date(2024, 10, 18))
    assert now.deployed is True
    assert now.inputs["untagged"] == 36
    assert site.name not in fitting.Refitter(store, 7).step()


def test_a_refitter_that_is_switched_off_ends_at_once(store: Store) -> None:
    fitting.Refitter(store, 0).run(threading.Event())


def test_what_goes_wrong_is_logged_and_tried_again(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: Any) -> list[str]:
        raise ZeroDivisionError("no days")

    monkeypatch.setattr(fitting, "refit_due", broken)
    assert fitting.Refitter(store, 7).step() == []
    assert "Fits wait: no days" in caplog.text
