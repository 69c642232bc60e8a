"""What readers do not see: cells that speak of few visitors, and what would give them away."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from darksocial.reports import Report, suppress, suppressed

Pages = list[tuple[str, int | None]]


def rows(pairs: Pages) -> list[dict[str, Any]]:
    return [{"page": page, "visits": visits} for page, visits in pairs]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([], []),
        ([("/a", 5)], [("/a", 5)]),
        ([("/a", 4)], []),
        ([("/a", 9), ("/b", 0)], [("/a", 9), ("/b", 0)]),
        # Two small rows are enough for each other.
        ([("/a", 9), ("/b", 3), ("/c", 2)], [("/a", 9), ("other", 5)]),
        # One alone would be found by subtraction: the next smallest goes along.
        ([("/a", 90), ("/b", 9), ("/c", 4)], [("/a", 90), ("other", 13)]),
        ([("/a", 90), ("/b", 9), ("/c", 1), ("/d", 1)], [("/a", 90), ("other", 11)]),
        ([("/a", 9), ("/b", 1)], [("other", 10)]),
        ([("/a", 2), ("/b", 1)], []),
    ],
)
def test_small_rows_are_put_together(before: Pages, after: Pages) -> None:
    assert suppress(rows(before), 5) == rows(after)


def test_the_total_is_kept_where_anything_is_shown() -> None:
    before = rows([(f"/{number}", number) for number in range(40)])
    after = suppress(before, 5)
    assert sum(row["visits"] for row in after) == sum(range(40))
    assert min(row["visits"] for row in after if row["visits"]) >= 5


def test_visitors_decide_where_they_are_counted() -> None:
    before = [
        {"page": "/a", "visits": 50, "visitors": 1},
        {"page": "/b", "visits": 9, "visitors": 9},
        {"page": "/c", "visits": 20, "visitors": 12},
    ]
    assert suppress(before, 5) == [
        {"page": "/c", "visits": 20, "visitors": 12},
        {"page": "other", "visits": 59, "visitors": 10},
    ]


def test_small_cells_of_other_columns_go_and_so_does_what_would_give_them_away() -> None:
    before = [
        {"page": "/a", "visits": 90, "dark_social": 40},
        {"page": "/b", "visits": 80, "dark_social": 10},
        {"page": "/c", "visits": 70, "dark_social": 1},
        {"page": "/d", "visits": 60, "dark_social": 0},
    ]
    assert [row["dark_social"] for row in suppress(before, 5)] == [40, None, None, 0]


def test_days_stay_days_with_all_their_figures_gone() -> None:
    days = [
        {"day": date(2026, 10, 24), "visits": 90, "dark_social": 50},
        {"day": date(2026, 10, 25), "visits": 3, "dark_social": 0},
        {"day": date(2026, 10, 26), "visits": 0, "dark_social": 0},
        {"day": date(2026, 10, 27), "visits": 50, "dark_social": 20},
    ]
    after = suppress(days, 5)
    assert [row["day"] for row in after] == [row["day"] for row in days]
    assert [row["visits"] for row in after] == [90, None, 0, None]
    assert [row["dark_social"] for row in after] == [50, None, 0, None]


def test_a_report_is_covered_with_its_summary() -> None:
    report = Report(
        "pages", "a.example", "UTC", None, None, ("page", "visits"), rows([("/a", 9), ("/b", 3)]),
        {"visits": 12, "shares": 3, "bots": 0, "channels": [{"channel": "ai", "visits": 2}]},
    )  # fmt: skip
    covered = suppressed(report, 5)
    assert covered.rows == rows([("other", 12)])
    assert covered.summary == {"visits": 12, "shares": None, "bots": 0, "channels": []}


@pytest.mark.parametrize("minimum", [0, 1])
def test_without_a_minimum_everything_is_shown(minimum: int) -> None:
    assert suppress(rows([("/a", 1)]), minimum) == rows([("/a", 1)])


def test_parts_of_a_whole_protect_each_other() -> None:
    names = ("direct_that_was_dark_social", "direct_that_was_something_else", "still_direct")
    figures = {"reported_direct": 100, **dict(zip(names, (3, 40, 57), strict=True))}
    report = Report("overview", "a.example", "UTC", None, None, (), [], figures)
    covered = suppressed(report, 5).summary
    assert [covered[name] for name in names] == [None, None, 57]
    assert covered["reported_direct"] == 100


def test_single_acts_of_people_are_not_shown_at_all() -> None:
    tree = [
        {"token": "abc", "generation": 1, "visits": 50},
        {"token": "d", "generation": 2, "visits": 9},
    ]
    assert suppress(tree, 5) == []


def test_places_on_a_scale_are_no_counts() -> None:
    rows_ = [{"hour": number, "visits": 10} for number in range(24)]
    assert suppress(rows_, 5) == rows_


def test_rows_that_count_something_else_are_covered_too() -> None:
    assert suppress([{"name": "buy", "conversions": 3}, {"name": "read", "conversions": 9}], 5) == [
        {"name": "other", "conversions": 12}
    ]


def test_amounts_and_averages_go_where_a_count_of_their_row_goes() -> None:
    before = [
        {"channel": "search", "visits": 90, "conversions": 40.5, "value": 900.0},
        {"channel": "ai", "visits": 50, "conversions": 20.0, "value": 400.0},
        {"channel": "direct", "visits": 40, "conversions": 1.0, "value": 19.9},
    ]
    after = suppress(before, 5)
    assert [(row["conversions"], row["value"]) for row in after] == [
        (40.5, 900.0),
        (None, None),
        (None, None),
    ]


def test_ratios_of_a_summary_go_where_one_of_its_counts_goes() -> None:
    summary = {"minted": 100, "clicked": 2, "clicked_share": 0.02, "spread": {"k": 0.02}}
    report = Report("funnel", "a.example", "UTC", None, None, (), [], summary)
    found = suppressed(report, 5).summary
    assert found == {"minted": 100, "clicked": None, "clicked_share": None, "spread": {"k": None}}
