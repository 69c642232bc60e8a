"""The report on timing, on literal shares and the visits by them."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from literal import DAY, drain, hit, milliseconds, new_site, token

from darksocial import reclassification, reports
from darksocial.model import Site
from darksocial.reports import Range, suppressed
from darksocial.reports.timing import BOUNDS, delay_of
from darksocial.store import Session, Store

WHATSAPP = "https://web.whatsapp.com/"
EVER = Range()
NEVER = Range(date(2020, 1, 1), date(2020, 1, 1))


@pytest.fixture(scope="module")
def filled(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """One share at ten, visits after 0 s, 9 s, 10 s, 59 min and 26 h; and what does not count."""
    site = new_site(store)
    shared, other = token(site, 1), token(site, 2)
    rows = [
        hit("10:00:00", "ann", "/a", kind="share", token=shared, method="copy"),
        hit("10:00:00", "bob", f"/a?ds={shared}"),
        hit("10:00:09", "cyd", f"/a?ds={shared}", referrer=WHATSAPP),
        hit("10:00:10", "dan", f"/a?ds={shared}", referrer=WHATSAPP),
        hit("10:59:00", "eve", f"/a?ds={shared}"),
        hit("2024-10-23T12:00:00", "fay", f"/a?ds={shared}"),
        hit("10:05:00", "ann", f"/a?ds={shared}"),  # the sharer's own look
        hit("11:40:00", "bob", f"/a?ds={shared}"),  # came again
        hit("10:01:00", "gil", f"/a?ds={other}"),  # nobody reported the share
    ]
    drain(store, tmp_path_factory.mktemp("home"), site, rows)
    reclassification.publish_dirty(store, site.name)
    return site


def timing(session: Session, site: Site, span: Range = EVER, **options: str) -> Any:
    return reports.run(session, "timing", site, span, **options)


def test_visits_stand_in_the_span_in_which_they_came(session: Session, filled: Site) -> None:
    rows = timing(session, filled).rows
    assert {row["delay"]: row["visits"] for row in rows if row["visits"]} == {
        "0-10": 2,
        "10-30": 1,
        "1800-3600": 1,
        "86400-259200": 1,
    }
    assert [row["delay"] for row in rows][:3] == ["0-10", "10-30", "30-60"]
    assert [row["visits_share"] for row in rows][:3] == [0.4, 0.2, 0.0]


def test_the_middle_and_what_came_soon(session: Session, filled: Site) -> None:
    summary = timing(session, filled).summary
    assert {name: summary[name] for name in ("visits", "half_seconds", "hour_share")} == {
        "visits": 5,
        "half_seconds": 10.0,
        "hour_share": 0.8,
    }
    assert (summary["tenth_seconds"], summary["nine_tenths_seconds"]) == (0.0, 26 * 3600.0)


def test_applications_have_times_of_their_own(session: Session, filled: Site) -> None:
    rows = timing(session, filled, by="application").rows
    assert [(row["application"], row["visits"], row["half_seconds"]) for row in rows] == [
        ("", 3, 3540.0),
        ("WhatsApp", 2, 10.0),
    ]


@pytest.mark.parametrize(
    ("span", "visits"), [(Range(date.fromisoformat(DAY), date.fromisoformat(DAY)), 5), (NEVER, 0)]
)
def test_the_days_are_those_of_the_share(
    session: Session, filled: Site, span: Range, visits: int
) -> None:
    assert timing(session, filled, span).summary["visits"] == visits


def test_a_range_without_shares_has_no_figures(session: Session, filled: Site) -> None:
    found = timing(session, filled, NEVER)
    assert (found.rows, found.summary["half_seconds"], found.summary["applications"]) == (
        [],
        None,
        [],
    )


def test_readers_see_no_times_of_few(session: Session, filled: Site) -> None:
    seen = suppressed(timing(session, filled), 6)
    assert {row["visits"] for row in seen.rows} == {0}
    summary = seen.summary
    assert (summary["visits"], summary["half_seconds"], summary["nine_tenths_seconds"]) == (
        None,
        None,
        None,
    )


def test_every_bound_begins_a_span_of_its_own(store: Store, tmp_path: Path) -> None:
    """The statement and the report have the same bounds."""
    site = new_site(store)
    begin = milliseconds("10:00") // 1000
    shared = token(site, 3)
    rows = [
        hit("10:00", "ann", "/a", kind="share", token=shared, method="copy"),
        *(_at(begin + bound, f"v{bound}", f"/a?ds={shared}") for bound in BOUNDS),
    ]
    drain(store, tmp_path, site, rows)
    reclassification.publish_dirty(store, site.name)
    with store.session() as session:
        found = timing(session, site).rows
    assert [(delay_of(row["delay"])[0], row["visits"]) for row in found] == [
        (bound, 1) for bound in BOUNDS
    ]


def _at(seconds: int, who: str, path: str) -> dict[str, Any]:
    return hit(datetime.fromtimestamp(seconds, timezone.utc).isoformat(), who, path)
