"""Where a visit begins and ends, on which day it counts, and what repeats and late hits do."""

from __future__ import annotations

import random
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from literal import (
    DAY,
    drain,
    hit,
    new_site,
    published,
    records,
    seal,
    token,
    visits,
)
from waiting import wait_until

from darksocial import classification, reclassification, registry
from darksocial.days import Span, span_of
from darksocial.drain import drain_once
from darksocial.model import Site
from darksocial.spool.record import encode
from darksocial.store import Session, Store

pytestmark = pytest.mark.engines

WHEN = "substring(toString(ts), 9) AS began"
SHAPE = f"{WHEN}, pages, seconds, channel != 'internal' AS arrived"

# Name: (rows, visits as (began, pages, seconds, arrived)).
VISITS: dict[str, tuple[list[dict[str, Any]], list[tuple[Any, ...]]]] = {
    "one page": ([hit("10:00")], [("22 10:00:00", 1, 0, 1)]),
    "pages of the site go on with the visit": (
        [hit("10:00"), hit("10:05", page="/"), hit("10:25", page="/b")],
        [("22 10:00:00", 3, 1500, 1)],
    ),
    "exactly 30 minutes go on with the visit": (
        [hit("10:00"), hit("10:30", page="/")],
        [("22 10:00:00", 2, 1800, 1)],
    ),
    "after 30 quiet minutes a page of the site is no arrival": (
        [hit("10:00"), hit("10:30:01", page="/")],
        [("22 10:00:00", 1, 0, 1), ("22 10:30:01", 1, 0, 0)],
    ),
    "an arrival within 30 minutes begins a visit": (
        [hit("10:00"), hit("10:05", referrer="https://t.co/"), hit("10:06", page="/")],
        [("22 10:00:00", 1, 0, 1), ("22 10:05:00", 2, 60, 1)],
    ),
    "the same address typed twice is two visits": (
        [hit("10:00"), hit("10:01")],
        [("22 10:00:00", 1, 0, 1), ("22 10:01:00", 1, 0, 1)],
    ),
    "pixels are page views of a visit that the first of them began": (
        [
            hit("10:00", kind="pixel"),
            hit("10:01", path="/b", kind="pixel"),
            hit("10:40", path="/c", kind="pixel"),
        ],
        [("22 10:00:00", 2, 60, 1), ("22 10:40:00", 1, 0, 1)],
    ),
    "a pixel goes on with the visit of a script": (
        [hit("10:00", referrer="https://t.co/"), hit("10:01", kind="pixel")],
        [("22 10:00:00", 2, 60, 1)],
    ),
    "the browser tells pages of the site whose policy sends no referrer": (
        [
            hit("10:00", fetch_site="none"),
            hit("10:01", path="/b", fetch_site="same-origin"),
            hit("10:02", path="/c", fetch_site="same-origin"),
            hit("10:40", path="/d", fetch_site="same-origin"),
        ],
        [("22 10:00:00", 3, 120, 1), ("22 10:40:00", 1, 0, 1)],
    ),
    "from the site itself is not what another page refers to": (
        [
            hit("10:00"),
            hit("10:01", fetch_site="same-origin", referrer="https://t.co/"),
            hit("10:02", fetch_site="same-site"),
        ],
        [("22 10:00:00", 1, 0, 1), ("22 10:01:00", 1, 0, 1), ("22 10:02:00", 1, 0, 1)],
    ),
    "two visitors at one time": (
        [hit("10:00"), hit("10:00", "bob")],
        [("22 10:00:00", 1, 0, 1), ("22 10:00:00", 1, 0, 1)],
    ),
    "unknown visitors are visits of their own": (
        [hit("10:00", visitor=0), hit("10:00", visitor=0), hit("10:01", visitor=0, page="/")],
        [("22 10:00:00", 1, 0, 1), ("22 10:00:00", 1, 0, 1), ("22 10:01:00", 1, 0, 0)],
    ),
    "reload and back are pages of the visit": (
        [hit("10:00"), hit("10:01", navigation="reload"), hit("10:02", navigation="back_forward")],
        [("22 10:00:00", 3, 120, 1)],
    ),
    "signs of life keep a visit going, and are no pages": (
        [
            hit("10:00"),
            hit("10:25", kind="engagement"),
            hit("10:50", kind="interaction"),
            hit("11:15", page="/"),
        ],
        [("22 10:00:00", 2, 4500, 1)],
    ),
    "what happens after the last page lengthens the visit": (
        [hit("10:00"), hit("10:10", kind="conversion", value=1.0)],
        [("22 10:00:00", 1, 600, 1)],
    ),
    "a share after a quiet hour, and the page after it": (
        [hit("10:00"), hit("11:00", kind="share"), hit("11:05", page="/")],
        [("22 10:00:00", 1, 0, 1), ("22 11:00:00", 1, 300, 0)],
    ),
    "a sign of life alone is no visit": ([hit("10:00", kind="engagement")], []),
    "clicks and previews are no part of a visit": (
        [
            hit("10:00"),
            hit("10:20", kind="click"),
            hit("10:28", kind="preview"),
            hit("10:31", page="/"),
        ],
        [("22 10:00:00", 1, 0, 1), ("22 10:31:00", 1, 0, 0)],
    ),
    "over midnight a visit stays one, on the day it began": (
        [hit("23:50"), hit("2024-10-23T00:05", page="/"), hit("2024-10-23T00:20", page="/")],
        [("22 23:50:00", 3, 1800, 1)],
    ),
    "over midnight after 30 quiet minutes": (
        [hit("23:40"), hit("2024-10-23T00:10:01", page="/")],
        [("22 23:40:00", 1, 0, 1), ("23 00:10:01", 1, 0, 0)],
    ),
    "an arrival after midnight": (
        [hit("23:50"), hit("2024-10-23T00:05"), hit("2024-10-23T00:20", page="/")],
        [("22 23:50:00", 1, 0, 1), ("23 00:05:00", 2, 900, 1)],
    ),
    "a night without a pause is cut two hours after midnight": (
        [hit("23:50")]
        + [
            hit(f"2024-10-23T{minute // 60:02}:{minute % 60:02}", page="/")
            for minute in range(10, 180, 20)
        ],
        [("22 23:50:00", 7, 7200, 1), ("23 02:10:00", 3, 2400, 0)],
    ),
    "an evening that begins early": (
        [hit("20:00")]
        + [hit(f"{minute // 60:02}:{minute % 60:02}", page="/") for minute in range(1220, 1440, 20)]
        + [hit("2024-10-23T00:10", page="/")],
        [("22 20:00:00", 13, 15000, 1)],
    ),
    "a repeated hit counts once": (
        [hit("10:00", id=77), hit("10:00", id=77), hit("10:01", page="/", id=78)] * 2,
        [("22 10:00:00", 2, 60, 1)],
    ),
    "a repeat with another time counts once, with the first": (
        [hit("10:00:03", id=77), hit("10:00:01", id=77), hit("10:00:05", id=77)],
        [("22 10:00:01", 1, 0, 1)],
    ),
    "a repeat beyond midnight counts on the first day alone": (
        [hit("23:59:59", id=77), hit("2024-10-23T00:00:01", id=77)],
        [("22 23:59:59", 1, 0, 1)],
    ),
    "a repeat does not keep a visit going": (
        [hit("10:00", id=77), hit("10:20", id=77), hit("10:40", page="/", id=78)],
        [("22 10:00:00", 1, 0, 1), ("22 10:40:00", 1, 0, 0)],
    ),
}


def _all_rows() -> list[dict[str, Any]]:
    """The rows of all cases, with visitors and ids of their own."""
    rows = []
    for number, (case, (hits, _)) in enumerate(VISITS.items(), start=1):
        for place, row in enumerate(hits):
            own = {"who": f"{row['who']} of {case}", "id": number * 1000 + row.get("id", place)}
            rows.append(row | own)
    return rows


def _by_case(found: list[tuple[Any, ...]]) -> dict[str, list[tuple[Any, ...]]]:
    cases: dict[str, list[tuple[Any, ...]]] = {case: [] for case in VISITS}
    for number, *visit in found:
        cases[list(VISITS)[number // 1000 - 1]].append(tuple(visit))
    return cases


@pytest.fixture(scope="module")
def at_once(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The visits of all cases, drained and published at once."""
    site = new_site(store)
    drain(store, tmp_path_factory.mktemp("at-once"), site, _all_rows())
    return _by_case(published(store, site, f"id, {SHAPE}"))


@pytest.fixture(scope="module")
def late(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The same in another order, in batches with a publication after each."""
    site, home, rows = new_site(store), tmp_path_factory.mktemp("late"), _all_rows()
    random.Random(1).shuffle(rows)
    for start in range(0, len(rows), 12):
        drain(store, home, site, rows[start : start + 12])
        published(store, site, "id")
    return _by_case(published(store, site, f"id, {SHAPE}"))


@pytest.mark.parametrize("case", VISITS)
def test_visits(at_once: dict[str, Any], case: str) -> None:
    assert at_once[case] == VISITS[case][1]


@pytest.mark.parametrize("case", VISITS)
def test_order_and_batches_of_the_hits_do_not_matter(late: dict[str, Any], case: str) -> None:
    assert late[case] == VISITS[case][1]


def test_publishing_again_changes_nothing(store: Store, site: Site, tmp_path: Path) -> None:
    drain(store, tmp_path, site, [hit("10:00"), hit("10:05", page="/"), hit("11:00", "bob")])
    first = published(store, site, "*")
    with store.session() as session:
        assert reclassification.dirty_days(session, site.name) == []
        for _ in range(2):
            assert reclassification.publish_day(session, site, date.fromisoformat(DAY)) == 2
            assert visits(session, site, "*") == first


def test_nothing_is_computed_where_nothing_changed(
    store: Store, site: Site, tmp_path: Path
) -> None:
    drain(store, tmp_path, site, [hit("10:00")])
    assert reclassification.publish_dirty(store, site.name) == 1
    assert reclassification.publish_dirty(store, site.name) == 0


# Zone, time of a hit, days that it may change: the margin is two hours around the hit's hour.
MARKS = [
    ("UTC", "10:00", {"2024-10-22"}),
    ("UTC", "00:00", {"2024-10-21", "2024-10-22"}),
    ("UTC", "23:30", {"2024-10-22", "2024-10-23"}),
    ("Europe/Berlin", "21:30", {"2024-10-22", "2024-10-23"}),
    ("Asia/Kathmandu", "19:00", {"2024-10-22", "2024-10-23"}),
    ("America/New_York", "01:00", {"2024-10-21"}),
    ("Pacific/Kiritimati", "12:00", {"2024-10-23"}),
]
# Zone, time of a hit, the day on which its visit counts.
DAYS = [
    ("UTC", "23:59:59", "2024-10-22"),
    ("Europe/Berlin", "21:59:59", "2024-10-22"),
    ("Europe/Berlin", "22:00", "2024-10-23"),
    ("America/Los_Angeles", "06:59:59", "2024-10-21"),
    ("America/Los_Angeles", "07:00", "2024-10-22"),
    ("Asia/Kathmandu", "18:14:59", "2024-10-22"),
    ("Asia/Kathmandu", "18:15", "2024-10-23"),
    # The clocks change: 23 hours, then 25.
    ("Europe/Berlin", "2024-03-30T22:59:59", "2024-03-30"),
    ("Europe/Berlin", "2024-03-30T23:00", "2024-03-31"),
    ("Europe/Berlin", "2024-03-31T21:59:59", "2024-03-31"),
    ("Europe/Berlin", "2024-03-31T22:00", "2024-04-01"),
    ("Europe/Berlin", "2024-10-26T21:59:59", "2024-10-26"),
    ("Europe/Berlin", "2024-10-26T22:00", "2024-10-27"),
    ("Europe/Berlin", "2024-10-27T22:59:59", "2024-10-27"),
    ("Europe/Berlin", "2024-10-27T23:00", "2024-10-28"),
    # Midnight is left out, and comes twice.
    ("Africa/Cairo", "2024-04-25T21:59:59", "2024-04-25"),
    ("Africa/Cairo", "2024-04-25T22:00", "2024-04-26"),
    ("America/Havana", "2024-11-03T03:59:59", "2024-11-02"),
    ("America/Havana", "2024-11-03T04:00", "2024-11-03"),
    ("America/Havana", "2024-11-03T05:30", "2024-11-03"),
]


def test_hits_mark_the_days_that_they_may_change(store: Store, tmp_path: Path) -> None:
    sites = [new_site(store, timezone=zone) for zone, _, _ in MARKS]
    lines = [
        encode(records(site, [hit(when)])[0])
        for site, (_, when, _) in zip(sites, MARKS, strict=True)
    ]
    seal(tmp_path / "spool", lines)
    assert drain_once(store, tmp_path / "spool", tmp_path / "rejects").hits == len(MARKS)
    with store.session() as session:
        marked = [
            {str(day) for _, day in reclassification.dirty_days(session, site.name)}
            for site in sites
        ]
    assert marked == [days for _, _, days in MARKS]


def test_days_are_those_of_the_site(store: Store, tmp_path: Path) -> None:
    sites = {zone: new_site(store, timezone=zone) for zone, _, _ in DAYS}
    rows = [
        records(sites[zone], [hit(when, f"visitor {place}", id=place + 1)])[0]
        for place, (zone, when, _) in enumerate(DAYS)
    ]
    seal(tmp_path / "spool", map(encode, rows))
    drain_once(store, tmp_path / "spool", tmp_path / "rejects")
    found = {}
    for site in sites.values():
        found |= dict(published(store, site, "id, toString(day) AS day"))
    assert [found[place + 1] for place in range(len(DAYS))] == [day for _, _, day in DAYS]


@pytest.mark.parametrize(
    ("day", "hours"), [("2024-03-31", 23), ("2024-10-27", 25), ("2024-10-28", 24)]
)
def test_days_of_23_and_25_hours_lose_and_double_nothing(
    store: Store, tmp_path: Path, day: str, hours: int
) -> None:
    site = new_site(store, timezone="Europe/Berlin")
    span = span_of(date.fromisoformat(day), date.fromisoformat(day), "Europe/Berlin")
    first = int(span.begin.timestamp())
    rows = [
        hit(f"2024-01-01T{0:02}:00", f"v{number}", ts=(first + number * 1800) * 1000)
        for number in range(-4, 2 * hours + 4)
    ]
    drain(store, tmp_path, site, rows)
    counted = published(store, site, "toString(day) AS day")
    assert counted.count((day,)) == 2 * hours
    assert len(counted) == 2 * hours + 8


def test_page_views_of_a_visit_over_midnight_are_counted_once(
    store: Store, site: Site, tmp_path: Path
) -> None:
    rows, _ = VISITS["over midnight a visit stays one, on the day it began"]
    drain(store, tmp_path, site, rows)
    assert published(store, site, "toString(day) AS day, pages") == [("2024-10-22", 3)]
    with store.session() as session:
        counted = session.query(
            "SELECT toString(day) AS day, argMax(page_views, published) AS page_views,"
            " argMax(visits, published) AS visits FROM days WHERE site = %(site)s"
            " GROUP BY day ORDER BY day",
            site=site.name,
        ).to_pylist()
    assert [tuple(row.values()) for row in counted] == [("2024-10-22", 3, 1), ("2024-10-23", 0, 0)]


def test_a_late_share_makes_the_earlier_visit_an_own_share(
    store: Store, site: Site, tmp_path: Path
) -> None:
    own = token(site)
    drain(store, tmp_path, site, [hit("10:00", path=f"/a?ds={own}")])
    assert published(store, site, "evidence") == [("token",)]
    late = hit("2024-10-20T09:00", kind="share", token=own, method="drag", id=1)
    drain(store, tmp_path, site, [late])
    assert published(store, site, "evidence, method, toString(day) AS day") == [
        ("own_share", "copy", DAY)
    ]


def test_a_late_hit_that_was_first_takes_the_visit(
    store: Store, site: Site, tmp_path: Path
) -> None:
    drain(store, tmp_path, site, [hit("10:10", page="/", id=2)])
    assert published(store, site, SHAPE) == [("22 10:10:00", 1, 0, 0)]
    drain(store, tmp_path, site, [hit("10:00", id=1)])
    assert published(store, site, SHAPE) == [("22 10:00:00", 2, 600, 1)]


def test_a_day_can_become_empty(store: Store, session: Session, site: Site, tmp_path: Path) -> None:
    drain(store, tmp_path, site, [hit("10:00"), hit("12:00"), hit("2024-10-23T12:00")])
    assert published(store, site, WHEN) == [
        ("22 10:00:00",),
        ("22 12:00:00",),
        ("23 12:00:00",),
    ]
    session.execute(
        f"ALTER TABLE hits DELETE WHERE site = '{site.name}' AND toDate(ts) = toDate('{DAY}')"
    )
    left = "SELECT count() AS n FROM hits WHERE site = %(site)s"
    wait_until(lambda: session.query(left, site=site.name)["n"][0].as_py() == 1)
    reclassification.touch(session, site.name, [date.fromisoformat(DAY)])
    assert published(store, site, WHEN) == [("23 12:00:00",)]
    assert published(store, site, WHEN) == [("23 12:00:00",)]


def test_two_sites_do_not_mix(store: Store, session: Session, site: Site, tmp_path: Path) -> None:
    """The same visitor, the same ids, the same token: each site has its own."""
    other = registry.add_site(session, f"other-{site.name}", key="1234567890abcdef")
    shared = token(site)
    rows = [
        hit("10:00", kind="share", token=shared, id=1),
        hit("10:01", path=f"/?ds={shared}", id=2),
        hit("10:02", page="/", id=3),
    ]
    drain(store, tmp_path, site, rows)
    drain(store, tmp_path, other, [row | {"page": "/"} for row in rows[2:]] + [rows[1]])
    assert published(store, site, "evidence, pages") == [("own_share", 2)]
    assert published(store, other, "evidence, pages") == [("model", 2)]


def test_a_changed_time_zone_moves_the_days(
    store: Store, session: Session, site: Site, tmp_path: Path
) -> None:
    drain(store, tmp_path, site, [hit("22:30"), hit("21:30", "bob")])
    assert published(store, site, "toString(day) AS day") == [(DAY,), (DAY,)]
    moved = registry.add_site(session, site.name, timezone="Europe/Berlin")
    reclassification.touch_all(session, moved)
    assert published(store, moved, "toString(day) AS day") == [(DAY,), ("2024-10-23",)]


def test_other_rules_of_a_time_zone_lose_no_visit(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Engine and Python may know a zone from lists of different years."""
    site = new_site(store)
    span = Span(
        datetime(2024, 10, 21, 22, tzinfo=timezone.utc),
        datetime(2024, 10, 22, 22, tzinfo=timezone.utc),
    )
    monkeypatch.setattr(reclassification, "span_of", lambda first, last, zone: span)
    for module in (classification, reclassification):
        monkeypatch.setattr(module, "day_of", lambda seconds, zone: date.fromisoformat(DAY))
    drain(store, tmp_path, site, [hit("2024-10-21T23:00"), hit("10:00", "bob")])
    assert published(store, site, "toString(day) AS day") == [(DAY,), (DAY,)]
