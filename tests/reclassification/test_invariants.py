"""What holds for any hits: against a second, slower way to cut visits, written in Python.

The engines get the same hits, and their results are compared with the reference, so they are
equal to each other as well.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timezone
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from literal import FIREFOX, new_site, seal, visits

from darksocial.classification import Cut, classify, drop_steps
from darksocial.days import Span, span_of
from darksocial.drain import drain_once
from darksocial.model import Site
from darksocial.reclassification import publish_dirty, touch_all
from darksocial.spool.record import encode
from darksocial.store import Store
from darksocial.store.sql import Name

pytestmark = pytest.mark.engines

BERLIN = "Europe/Berlin"
# Saturday evening to Monday noon; on the Sunday the clocks go back.
FIRST = int(datetime(2024, 10, 26, 16, tzinfo=timezone.utc).timestamp())
LAST = int(datetime(2024, 10, 28, 12, tzinfo=timezone.utc).timestamp())
GAP, MARGIN = 1800, 7200
KINDS = ("pageview", "pageview", "pageview", "share", "engagement", "click", "preview", "pixel")
SLOW = settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
_homes = itertools.count()


@dataclass(frozen=True)
class Step:
    """A hit, as far as visits depend on it."""

    ts: int
    visitor: int
    kind: str = "pageview"
    internal: bool = False
    navigation: str = ""
    fetch_site: str = ""

    @property
    def page(self) -> bool:
        return self.kind in ("pageview", "pixel")

    @property
    def outside(self) -> bool:
        outside = not self.internal and self.navigation not in ("reload", "back_forward")
        return self.kind == "pageview" and outside

    @property
    def arrival(self) -> bool:
        return self.outside and self.fetch_site != "same-origin"

    @property
    def blind(self) -> bool:
        return self.kind == "pixel" or (self.outside and not self.arrival)


@dataclass
class Run:
    """What a visitor did in one go."""

    id: int
    steps: list[Step] = field(default_factory=list)

    def row(self) -> tuple[Any, ...]:
        first, last = self.steps[0], self.steps[-1]
        day = datetime.fromtimestamp(first.ts, ZoneInfo(BERLIN)).date()
        pages = sum(step.page for step in self.steps)
        return (
            str(day),
            self.id,
            first.ts,
            pages,
            last.ts - first.ts,
            int(first.arrival or first.blind),
        )


def reference(numbered: dict[int, Step]) -> list[tuple[Any, ...]]:
    """Return what the store's visits have to be: one pass over each visitor's steps."""
    people: dict[int, list[tuple[int, bool, bool, int, Step]]] = defaultdict(list)
    for number, step in numbered.items():
        if step.kind not in ("click", "preview"):
            order = step.ts, not step.arrival, step.blind, number
            people[step.visitor].append((*order, step))
    runs = []
    for steps in people.values():
        before = None
        for ts, _, _, number, step in sorted(steps, key=lambda entry: entry[:4]):
            if before is None or step.arrival or ts - before > GAP or _cut(runs[-1], before, ts):
                runs.append(Run(number))
            runs[-1].steps.append(step)
            before = ts
    rows = [run.row() for run in runs]
    return sorted((row for row in rows if row[3]), key=lambda row: (row[2], row[1]))


def _cut(run: Run, before: int, ts: int) -> bool:
    """Whether a run goes on beyond two hours after the end of the day on which it began."""
    day = datetime.fromtimestamp(run.steps[0].ts, ZoneInfo(BERLIN)).date()
    end = int(span_of(day, day, BERLIN).end.timestamp()) + MARGIN
    return before < end <= ts


STEPS = st.builds(
    Step,
    # Few different times, so that ties, the 30 minutes and midnight are met.
    st.one_of(
        st.integers(0, (LAST - FIRST) // 600).map(lambda tens: FIRST + tens * 600),
        st.integers(FIRST, LAST),
    ),
    st.integers(1, 3),
    st.sampled_from(KINDS),
    st.booleans(),
    st.sampled_from(("", "", "navigate", "reload", "back_forward")),
    st.sampled_from(("", "none", "same-origin")),
)


def _night(minutes: int) -> list[Step]:
    """A visitor who opens a page every so many minutes, two nights long."""
    times = range(FIRST, LAST, minutes * 60)
    return [Step(ts, 1, internal=ts != FIRST) for ts in times]


def lines(site: Site, numbered: dict[int, Step]) -> list[bytes]:
    return [
        encode(
            {
                "id": number,
                "ts": step.ts * 1000 + number % 1000,
                "recorded": LAST * 1000,
                "kind": step.kind,
                "site": site.name,
                "visitor": step.visitor,
                "url": f"https://{site.name}/{number}",
                "user_agent": FIREFOX,
                "referrer": f"https://{site.name}/" if step.internal else "",
                "navigation": step.navigation,
                "fetch_site": step.fetch_site,
            }
        )
        for number, step in numbered.items()
    ]


def computed(store: Store, site: Site, home: Path, texts: list[bytes]) -> list[tuple[Any, ...]]:
    seal(home / "spool", texts)
    drain_once(store, home / "spool", home / "rejects")
    publish_dirty(store, site.name)
    return found(store, site)


COLUMNS = (
    "toString(day) AS day, id, toUInt32(ts) AS began, pages, seconds,"
    " toUInt8(channel != 'internal') AS arrived"
)


def found(store: Store, site: Site) -> list[tuple[Any, ...]]:
    with store.session() as session:
        return visits(session, site, COLUMNS)


# What another process reaches through a console is the same engine as chdb's.
engines = pytest.mark.parametrize(
    "store", ["chdb", pytest.param("server", marks=pytest.mark.server)], indirect=True
)


@engines
@SLOW
@given(steps=st.lists(STEPS, max_size=100), order=st.randoms(use_true_random=False))
@example(steps=_night(20), order=Random(2))
@example(steps=_night(31), order=Random(3))
def test_any_hits(store: Store, tmp_path: Path, steps: list[Step], order: Any) -> None:
    site, home = new_site(store, timezone=BERLIN), tmp_path / str(next(_homes))
    numbered = dict(enumerate(steps, start=1))
    expected = reference(numbered)
    texts = lines(site, numbered)

    assert computed(store, site, home, texts) == expected

    # Every page view of a person is in exactly one row, every arrival begins one.
    people = [step for step in steps if step.kind != "preview"]
    assert sum(row[3] for row in expected) == sum(step.page for step in people)
    arrivals = sum(step.arrival for step in people)
    blind = sum(step.blind for step in people)  # one after a pause begins a visit too
    assert arrivals <= sum(row[5] for row in expected) <= arrivals + blind
    _days_add_up(store, site, expected)

    # Computing again changes nothing, nor do repeats in another order.
    with store.session() as session:
        touch_all(session, site)
    publish_dirty(store, site.name)
    assert found(store, site) == expected
    again = texts + texts[::2]
    order.shuffle(again)
    assert computed(store, site, home, again) == expected
    _days_add_up(store, site, expected)


def _days_add_up(store: Store, site: Site, expected: list[tuple[Any, ...]]) -> None:
    """The figures beside a day are those of its visits."""
    with store.session() as session:
        rows = session.query(
            "SELECT toString(day) AS day, argMax(page_views, published) AS page_views,"
            " argMax(visits, published) AS visits FROM days WHERE site = %(site)s GROUP BY day",
            site=site.name,
        ).to_pylist()
    for row in rows:
        of_day = [visit for visit in expected if visit[0] == row["day"]]
        assert row["page_views"] == sum(visit[3] for visit in of_day)
        assert row["visits"] == sum(visit[5] for visit in of_day)


@engines
@SLOW
@given(steps=st.lists(STEPS, max_size=100))
def test_all_at_once_is_as_day_by_day(store: Store, tmp_path: Path, steps: list[Step]) -> None:
    """A frame is computed as one span; the arrivals are those of its days."""
    site, home = new_site(store, timezone=BERLIN), tmp_path / str(next(_homes))
    by_day = computed(store, site, home, lines(site, dict(enumerate(steps, start=1))))
    span = Span(
        datetime.fromtimestamp(FIRST - MARGIN, timezone.utc),
        datetime.fromtimestamp(LAST + MARGIN, timezone.utc),
    )
    with store.session() as session:
        session.execute("CREATE TABLE IF NOT EXISTS all_at_once AS visits")
        session.execute("TRUNCATE TABLE all_at_once")
        classify(session, site.name, Cut(span), Name("all_at_once"), BERLIN)
        drop_steps(session)
        rows = session.query(f"SELECT {COLUMNS} FROM all_at_once ORDER BY ts, id").to_pylist()
    at_once = [tuple(row.values()) for row in rows]
    assert [row[:3] for row in at_once if row[5]] == [row[:3] for row in by_day if row[5]]
    assert sum(row[3] for row in at_once) == sum(row[3] for row in by_day)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Havana", "Asia/Kathmandu"])
def test_days_follow_each_other_without_gap_or_overlap(zone: str) -> None:
    day = date(2024, 1, 1)
    spans = [
        span_of(one, one, zone)
        for one in (date.fromordinal(day.toordinal() + n) for n in range(366))
    ]
    for span, following in itertools.pairwise(spans):
        assert span.end == following.begin
        assert 23 <= (span.end - span.begin).total_seconds() / 3600 <= 25
