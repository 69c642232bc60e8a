"""Geometry of the charts: literal figures in, places out."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from darksocial.console import charts
from darksocial.console.periods import Part, Period, grouped
from darksocial.texts import words_for

ENGLISH = words_for("en")


@pytest.mark.parametrize(
    ("highest", "ticks"),
    [
        (0, [0, 1]),
        (1, [0, 1]),
        (4, [0, 1, 2, 3, 4]),
        (7, [0, 2, 4, 6, 8]),
        (10, [0, 2, 4, 6, 8, 10]),
        (436, [0, 100, 200, 300, 400, 500]),
        (12_345, [0, 5_000, 10_000, 15_000]),
    ],
)
def test_ticks_are_round_and_reach_over_the_highest(highest: int, ticks: list[int]) -> None:
    assert charts.tick_values(highest) == ticks


def test_a_split_bar_is_as_wide_as_its_parts() -> None:
    parts = (Part("dark", "dark social", 1), Part("other", "other", 0), Part("direct", "direct", 3))
    assert charts.split(parts) == (
        charts.Box("dark", 0, 25, 0, 0),
        charts.Box("direct", 25, 75, 0, 0),
    )


def test_a_split_bar_of_nothing_is_empty() -> None:
    assert charts.split((Part("dark", "dark social", 0),)) == ()


def test_columns_stand_on_the_ground_and_on_each_other() -> None:
    parts = (Part("dark", "dark social", 50), Part("direct", "stays direct", 25))
    chart = charts.columns(
        "day",
        [
            Period("1 Mar", parts, date(2026, 3, 1)),
            Period("2 Mar", tuple(Part(p.style, p.label, 0) for p in parts), date(2026, 3, 2)),
        ],
        ENGLISH,
    )
    assert [tick.label for tick in chart.ticks] == ["0", "20", "40", "60", "80"]
    first, second = chart.columns
    assert [(box.style, box.y, box.height) for box in first.boxes] == [
        ("dark", 75.0, 125.0),
        ("direct", 12.5, 62.5),
    ]
    assert (first.x, first.width, first.middle) == (0, 50, 25)
    assert first.text == "1 Mar: 75 (dark social 50, stays direct 25)"
    assert second.boxes == ()


@pytest.mark.parametrize("count", [1, 2, 5, 7, 15, 31, 62])
def test_labels_have_room(count: int) -> None:
    periods = [Period(str(place), (), date(2026, 3, 1)) for place in range(count)]
    shown = [column.shown for column in charts.columns("day", periods, ENGLISH).columns]
    assert 1 <= shown.count("always") <= 5
    assert shown.count("always") + shown.count("wide") <= 15
    places = [place for place, kind in enumerate(shown) if kind != "never"]
    assert len({after - before for before, after in pairwise(places)}) <= 1


@pytest.mark.parametrize(
    ("days", "unit", "columns", "labels"),
    [
        (1, "day", 1, ["1 Jan", "1 Jan"]),
        (62, "day", 62, ["1 Jan", "3 Mar"]),
        (63, "week", 10, ["1 Jan", "2 Mar"]),
        (400, "week", 58, ["1 Jan", "1 Feb"]),
        (500, "month", 17, ["Jan 2026", "May 2027"]),
        (790, "month", 26, ["Jan 2026", "Feb 2028"]),
    ],
)
def test_a_range_has_few_enough_columns(
    days: int, unit: str, columns: int, labels: list[str]
) -> None:
    first = date(2026, 1, 1)
    last = first + timedelta(days=days - 1)
    values = [(first + timedelta(days=n), (Part("dark", "dark", 2),)) for n in range(days)]
    found, periods = grouped(first, last, values, ENGLISH)
    assert (found, len(periods)) == (unit, columns)
    assert [periods[0].label, periods[-1].label] == labels
    assert sum(period.total for period in periods) == 2 * days


def test_days_without_visits_have_a_place_too() -> None:
    part = (Part("dark", "dark", 3),)
    _, periods = grouped(date(2026, 1, 1), date(2026, 1, 4), [(date(2026, 1, 3), part)], ENGLISH)
    assert [period.total for period in periods] == [0, 0, 3, 0]


def test_centuries_around_the_data_are_not_drawn() -> None:
    part = (Part("dark", "dark", 3),)
    unit, periods = grouped(date(1, 1, 1), date(9999, 12, 31), [(date(2026, 1, 3), part)], ENGLISH)
    assert (unit, [period.total for period in periods]) == ("day", [3])
