"""The estimate in parts: what adds up, and how wide each part's interval is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from literal import day, drain, hit, new_site, published, token

import darksocial as ds
from darksocial import reports
from darksocial.errors import InputError
from darksocial.estimator import parts
from darksocial.estimator.result import DIVISIONS, IDENTIFIED, NOT, Estimate
from darksocial.frames import Result
from darksocial.store import Store

FOUND = Estimate(1000, 0.3, 0.2, 0.42, 0.6, IDENTIFIED, "")
BOUNDS = Estimate(1000, None, 0.0, 0.25, 0.25, NOT, "")


def cell(part: str, visits: int, p: float, level: str = "rest") -> dict[str, Any]:
    return {
        "division": "device",
        "part": part,
        "level": level,
        "percent": int(p * 100),
        "visits": visits,
        "shares": visits * p,
    }


CELLS = [
    cell("mobile", 400, 0.5),
    cell("mobile", 100, 0.95),
    cell("desktop", 500, 0.01),
    cell("desktop", 7, 0.0, "certain"),
    cell("desktop", 5, 0.0, "near_certain"),
    cell("desktop", 90, 0.0, "other"),
]


def test_probabilities_are_summed_beside_what_is_certain() -> None:
    found = parts.with_parts(FOUND, CELLS, 1.0, ["device"])
    desktop, mobile = found.by("device")
    assert (mobile.part, mobile.visits, mobile.rest) == ("mobile", 500, 500)
    assert (desktop.visits, desktop.certain, desktop.near_certain) == (602, 7, 5)
    assert mobile.estimated == pytest.approx(295)
    assert desktop.estimated == pytest.approx(5)
    assert (found.certain, found.near_certain) == (7, 5)


def test_no_end_of_an_interval_lies_outside_of_the_visits() -> None:
    mobile = parts.with_parts(FOUND, CELLS, 1.0, ["device"]).by("device")[1]
    assert mobile.low is not None
    assert mobile.high is not None
    assert 0 < mobile.low < 295 < mobile.high <= mobile.at_most <= 500


def test_the_only_part_has_the_interval_of_the_whole() -> None:
    cells = [cell("mobile", 1000, 0.3)]
    (only,) = parts.with_parts(FOUND, cells, 3.0, ["device"]).by("device")
    assert (only.low, only.estimated, only.high) == (
        pytest.approx(200),
        pytest.approx(300),
        pytest.approx(420),
    )
    assert only.at_most == pytest.approx(600)


def test_tokens_that_bring_many_visits_make_parts_less_sure() -> None:
    few, many = (
        parts.with_parts(FOUND, CELLS, lumps, ["device"]).by("device")[1] for lumps in (1.0, 9.0)
    )
    assert many.low is not None
    assert few.low is not None
    assert many.low < few.low


def test_without_identification_a_part_is_bounded_by_itself_and_by_the_whole() -> None:
    desktop, mobile = parts.with_parts(BOUNDS, CELLS, 1.0, ["device"]).by("device")
    assert (mobile.estimated, mobile.low, mobile.high) == (None, None, None)
    assert (mobile.at_most, desktop.at_most) == (250, 250)
    small = parts.with_parts(BOUNDS, [*CELLS, cell("tablet", 9, 0.0)], 1.0, ["device"])
    assert small.by("device")[2].at_most == 9


def test_days_that_no_fit_has_scored_are_counted_apart() -> None:
    cells = [*CELLS, cell("mobile", 50, 0.0, "unscored"), cell("tablet", 20, 0.0, "unscored")]
    found = parts.with_parts(FOUND, cells, 1.0, ["device"])
    desktop, mobile, tablet = found.by("device")
    assert (mobile.rest, mobile.unscored, mobile.estimated) == (550, 50, pytest.approx(295))
    assert mobile.high is not None
    assert mobile.high <= 500 <= mobile.at_most <= 550
    assert (tablet.rest, tablet.unscored, tablet.estimated, tablet.at_most) == (20, 20, None, 20)
    whole = parts.total(found, [desktop, mobile, tablet])
    assert (whole.rest, whole.unscored, whole.estimated) == (1070, 70, pytest.approx(300))
    alone = parts.with_parts(FOUND, [cell("tablet", 20, 0.0, "unscored")], 1.0, ["device"])
    assert parts.total(alone, alone.by("device")).estimated is None


@pytest.mark.parametrize("wanted", [1.0, 250.0, 900.0])
def test_log_odds_are_moved_until_the_sum_is_right(wanted: float) -> None:
    visits, p = np.array([500.0, 500.0]), np.array([0.02, 0.6])
    by = parts.shift(visits, p, wanted)
    assert visits @ parts.moved(p, by) == pytest.approx(wanted)


def test_a_division_that_there_is_not_is_named() -> None:
    with pytest.raises(InputError, match="'hour' is no division: there are day, page_class"):
        FOUND.by("hour")
    with pytest.raises(InputError, match="was not divided by device"):
        FOUND.by("device")


@pytest.fixture(scope="module")
def result() -> Result:
    return ds.reclassify(ds.simulate("news", seed=3, scale=0.05).hits)


@pytest.mark.parametrize("division", DIVISIONS)
def test_every_division_of_a_frame_adds_up_to_all_visits(result: Result, division: str) -> None:
    found = result.estimate.by(division)
    assert sum(part.visits for part in found) == result.visits.num_rows
    assert sum(part.rest for part in found) == result.estimate.visits
    sums = sum(part.estimated or 0.0 for part in found)
    model = [p for p in result.visits["probability"].to_pylist() if p not in (None, 0.0, 1.0)]
    assert sums == pytest.approx(sum(model))
    evidence = result.visits["evidence"].to_pylist()
    assert sum(part.certain for part in found) == evidence.count("token") + evidence.count("link")


def test_a_report_on_a_frame_divides_by_page_class_as_the_estimate_does(result: Result) -> None:
    report = result.report("estimate", by="page_class")
    told = {row["page_class"]: (row["rest"], row["estimated"]) for row in report.rows}
    found = {part.part: (part.rest, part.estimated) for part in result.estimate.by("page_class")}
    assert told == {name: (rest, pytest.approx(sum_)) for name, (rest, sum_) in found.items()}
    assert report.columns[:2] == ("page_class", "visits")


def test_parts_on_every_engine(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    shared = token(site)
    rows = [
        hit("10:00", "ann", "/"),
        hit("10:05", "ann", "/sport/a-story-of-that-day", kind="share", token=shared),
        hit("10:30", "bob", "/sport/a-story-of-that-day", token=shared),
        hit("10:40", "cid", "/sport/a-story-of-that-day", referrer="https://web.whatsapp.com/"),
        hit("10:50", "dan", "/sport/another-story-of-that-day"),
        hit("10:55", "eve", "/sport", referrer="https://www.google.com/"),
    ]
    drain(store, tmp_path, site, rows)
    published(store, site, "id")

    def told(by: str, **limits: str) -> list[tuple[Any, ...]]:
        with store.session() as session:
            report = reports.run(session, "estimate", site, by=by, **limits)
        names = (by, "visits", "certain", "near_certain", "rest")
        return [tuple(row[name] for name in names) for row in report.rows]

    assert told("page_class") == [
        ("home", 1, 0, 0, 1),
        ("section", 1, 0, 0, 0),
        ("deep", 3, 1, 1, 1),
    ]
    assert told("channel") == [
        ("dark_social", 2, 1, 1, 0),
        ("direct", 2, 0, 0, 2),
        ("search", 1, 0, 0, 0),
    ]
    assert told("day") == [(day("2024-10-22"), 5, 1, 1, 2)]
    assert told("device") == [("desktop", 5, 1, 1, 2)]
    assert told("device", page="/sport*") == [("desktop", 4, 1, 1, 1)]
    assert told("page_class", channel="dark_social") == [("deep", 2, 1, 1, 0)]
