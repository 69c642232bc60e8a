"""Conversions, interactions and engagement belong to visits: literal hits in, visits out."""

from __future__ import annotations

import re
from typing import Any

import pytest
from literal import drain, hit, new_site, published, visitor

from darksocial.store import Store, migrations
from darksocial.store.sql import statement


def bought(when: str, value: float = 10.0, currency: str = "EUR", **fields: Any) -> dict[str, Any]:
    return hit(when, kind="conversion", name="order", value=value, currency=currency, **fields)


def read(when: str, seconds: float, scroll: str = "", **fields: Any) -> dict[str, Any]:
    return hit(when, kind="engagement", value=seconds, name=scroll, **fields)


def clicked(when: str, **fields: Any) -> dict[str, Any]:
    return hit(when, kind="interaction", name="play", **fields)


NOTHING = (0, 0, 0, [], [], [])

# Name of the case: (rows, what was done in the visits of `ann`: interactions, engaged seconds,
# scroll, and names, values, currencies of the conversions).
CASES: dict[str, tuple[list[dict[str, Any]], list[tuple[Any, ...]]]] = {
    "nothing but a page view": ([hit("10:00")], [NOTHING]),
    "everything in one visit": (
        [hit("10:00"), clicked("10:01"), clicked("10:02"), read("10:03", 42.6, "75"),
         bought("10:04", 19.5)],
        [(2, 42, 75, ["order"], [19.5], ["EUR"])],
    ),
    "several conversions in their order, in several currencies": (
        [hit("10:00"), bought("10:03", 3.0, "USD"), bought("10:01", 1.0), bought("10:02", 2.0)],
        [(0, 0, 0, ["order"] * 3, [1.0, 2.0, 3.0], ["EUR", "EUR", "USD"])],
    ),
    "engaged time adds up over pages, scroll is the deepest": (
        [hit("10:00"), read("10:01", 30, "80"), hit("10:02", page="/"), read("10:05", 20, "30")],
        [(0, 50, 80, [], [], [])],
    ),
    "each arrival has what follows it": (
        [hit("10:00"), clicked("10:05"), hit("10:10"), bought("10:15")],
        [(1, 0, 0, [], [], []), (0, 0, 0, ["order"], [10.0], ["EUR"])],
    ),
    "in the second of a new arrival it belongs to that": (
        [hit("10:00"), bought("10:10"), hit("10:10")],
        [NOTHING, (0, 0, 0, ["order"], [10.0], ["EUR"])],
    ),
    "after a long pause it still belongs to the visit": (
        [hit("10:00"), read("10:50", 1800, "100")],
        [(0, 1800, 100, [], [], [])],
    ),
    "before any visit it belongs to none": ([bought("09:00"), hit("10:00")], [NOTHING]),
    "over midnight": (
        [hit("2024-10-22T23:50"), hit("2024-10-23T00:05", page="/"), bought("2024-10-23T00:10")],
        [(0, 0, 0, ["order"], [10.0], ["EUR"])],
    ),
    "over midnight, and a new visit there": (
        [hit("2024-10-22T23:50"), hit("2024-10-23T00:20"), bought("2024-10-23T00:25")],
        [NOTHING, (0, 0, 0, ["order"], [10.0], ["EUR"])],
    ),
    "over midnight after a pause, beside a visit of the new day": (
        [hit("2024-10-22T23:50"), hit("2024-10-23T01:20"), bought("2024-10-23T01:10")],
        [NOTHING, NOTHING],
    ),
    "recorded twice": (
        [hit("10:00"), bought("10:01", id=77), bought("10:01", id=77)],
        [(0, 0, 0, ["order"], [10.0], ["EUR"])],
    ),
    "absurd engagement": (
        [hit("10:00"), read("10:01", -5, "-7"), read("10:02", 1e12, "250"), read("10:03", 1, "x")],
        [(0, 86400, 100, [], [], [])],
    ),
    "of a bot": (
        [hit("10:00"), bought("10:01", user_agent="Googlebot/2.1")],
        [NOTHING],
    ),
}  # fmt: skip
COLUMNS = (
    "visitor, interactions, engaged, scroll, conversion_names, conversion_values,"
    " conversion_currencies, conversions"
)


@pytest.fixture(scope="module")
def outcome(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[int, list[Any]]:
    site = new_site(store)
    rows = [row | {"who": f"ann of {case}"} for case, (hits, _) in CASES.items() for row in hits]
    drain(store, tmp_path_factory.mktemp("acts"), site, rows)
    found: dict[int, list[Any]] = {}
    for who, *done, count in published(store, site, COLUMNS):
        assert count == len(done[-1])
        found.setdefault(who, []).append(tuple(done))
    return found


@pytest.mark.parametrize("case", CASES)
def test_what_was_done_belongs_to_its_visit(outcome: dict[int, list[Any]], case: str) -> None:
    assert outcome[visitor(f"ann of {case}")] == CASES[case][1]


@pytest.mark.parametrize("name", ["reclassify/visits", "estimate/apply"])
def test_every_statement_that_fills_visits_fills_all_columns(name: str) -> None:
    """A column that one of them forgets would be lost where visits are scored."""
    listed = re.search(r"INSERT INTO %\(target\)s\s*\((.*?)\)", statement(name), re.DOTALL)
    schema = "".join(migration.script for migration in migrations.known())
    table = re.search(r"CREATE TABLE IF NOT EXISTS visits\n\(\n(.*?)\n\)", schema, re.DOTALL)
    assert listed
    assert table
    columns = re.findall(r"^    (\w+) ", table[1], re.MULTILINE)
    columns += re.findall(r"ALTER TABLE visits ADD COLUMN (\w+)", schema)
    assert sorted(re.findall(r"\w+", listed[1])) == sorted(columns)
