"""Publishing visits in the store, by days of a site.

A day's result replaces the one before at once, so readers never see half a day, and computing
a day again without new hits changes nothing. Days that follow each other are computed together:
the engine's own work for a statement costs as much as some 50,000 visits a day.
"""

from __future__ import annotations

import math
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from darksocial import registry
from darksocial.classification import MARGIN_SECONDS, Cut, classify, drop_steps
from darksocial.days import day_of, span_of
from darksocial.estimator import stored
from darksocial.estimator.scoring import Weights
from darksocial.model import Site
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import Name, statement

SIDE_BY_SIDE = 2
THREADS_EACH = max(1, (os.cpu_count() or 1) // SIDE_BY_SIDE)  # more would get in each other's way
DAYS_AT_ONCE, HITS_AT_ONCE = 16, 1_000_000
TOKENS_A_QUERY = 5_000
STAGE = "visits_stage_"
COMPACT_SINCE = 20  # the engine's version from which it knows parts of one file
STAGE_SECONDS = 24 * 3600  # no day takes as long


def days_around(hour: int, site: Site) -> set[date]:
    """Return the days that a hit of this hour may change: visits may reach over midnight."""
    moments = (hour - MARGIN_SECONDS, hour, hour + 3599 + MARGIN_SECONDS)
    return {day_of(moment, site.timezone) for moment in moments}


def days_of_late(work: Session, target: Session, sites: Mapping[str, Site]) -> dict[str, set[date]]:
    """Return the days on which tokens were seen of which shares or previews are reported now.

    `work` holds the enriched hits; a preview explains visits from its own time on.
    """
    days: dict[str, set[date]] = {}
    reported: dict[str, list[dict[str, Any]]] = {}
    for row in work.query(statement("drain/late")).to_pylist():
        reported.setdefault(row["site"], []).append(row)
    for name, rows in reported.items():
        if site := sites.get(name):
            for hour in _seen_hours(target, name, rows):
                days.setdefault(name, set()).update(days_around(hour, site))
    return days


def _seen_hours(target: Session, site: str, rows: list[dict[str, Any]]) -> set[int]:
    hours: set[int] = set()
    rows = sorted(rows, key=lambda row: int(row["since"]))  # those that reach back apart
    for start in range(0, len(rows), TOKENS_A_QUERY):
        some = rows[start : start + TOKENS_A_QUERY]
        found = target.query(
            statement("drain/seen_hours"),
            site=site,
            tokens=tuple(row["token"] for row in some),
            since=max(0, some[0]["since"] - 3600),
        )
        hours.update(found["hour"].to_pylist())
    return hours


def microseconds() -> int:
    """Return the time for marks and publications: they only have to grow."""
    return time.time_ns() // 1000


def touch(session: Session, site: str, days: Iterable[date]) -> None:
    """Mark days of a site to be computed again."""
    marked = sorted(days)
    if marked:
        session.execute(statement("reclassify/touch"), site=site, days=marked, at=microseconds())


def touch_all(session: Session, site: Site) -> None:
    """Mark every day of a site on which anything was recorded."""
    rows = session.query(statement("reclassify/all_days"), site=site.name, timezone=site.timezone)
    touch(session, site.name, rows["day"].to_pylist())


def dirty_days(session: Session, site: str = "") -> list[tuple[str, date]]:
    """Return the (site, day) pairs whose hits have changed since they were published."""
    rows = session.query(statement("reclassify/dirty"), site=site)
    return list(zip(rows["site"].to_pylist(), rows["day"].to_pylist(), strict=True))


def publish_day(session: Session, site: Site, day: date) -> int:
    """Compute one day anew and put it in the place of the old one; return its visits."""
    return publish_days(session, site, [day])[0]


def publish_days(session: Session, site: Site, days: Sequence[date]) -> list[int]:
    """Compute days that follow each other and put each in the place of the old one.

    Returns the visits of each. Where somebody else published a day meanwhile, whose result came
    last is not known: the day is marked again.
    """
    began = microseconds()
    midnights = [span_of(day, day, site.timezone).begin for day in days[1:]]
    cut = Cut(span_of(days[0], days[-1], site.timezone), midnights)
    about = {"site": site.name, "first": days[0], "last": days[-1]}
    seen = _by_day(session, "seen", **about)
    target = _stage(session, began)
    try:
        visits = _fill(session, site, days, cut, target)
        if len(days) == 1:
            target = _scored(session, site, days[0], target)
        for day in days:
            step = "publish" if visits[day] else "clear"
            session.execute(statement(f"reclassify/{step}"), target=target, site=site.name, day=day)
        _note(session, site, cut, [seen[day] for day in days])
        rivals = _by_day(session, "rivals", **about, began=began)
        unscored = len(days) > 1 and _weights(session, site) is not None
        touch(session, site.name, [day for day in days if unscored or rivals[day] > 1])
    finally:
        session.execute("DROP TABLE IF EXISTS %(target)s", target=target)
        drop_steps(session)
    return [visits[day] for day in days]


def _fill(
    session: Session, site: Site, days: Sequence[date], cut: Cut, target: Name
) -> Counter[date]:
    """Fill a table with the visits of days; return how many each has."""
    drop_steps(session)
    session.execute(statement("reclassify/computed"))
    classify(session, site.name, cut, "computed", site.timezone)
    for day in days:
        session.execute(statement("reclassify/fill"), target=target, day=day)
    return _by_day(session, "staged")


def _note(session: Session, site: Site, cut: Cut, seen: list[int]) -> None:
    """Take note of what was counted on published days, and of the marks that had been seen."""
    session.execute(
        statement("reclassify/day"),
        site=site.name,
        begin=cut.span.begin,
        end=cut.span.end,
        published=microseconds(),
        seen=seen,
        **cut.parameters(site.timezone),
    )


def _by_day(session: Session, step: str, **params: Any) -> Counter[date]:
    """Return the numbers that a statement gives of days; what it does not name is 0."""
    rows = session.query(statement(f"reclassify/{step}"), **params)
    return Counter(dict(zip(rows["day"].to_pylist(), rows["n"].to_pylist(), strict=True)))


def _stage(session: Session, began: int) -> Name:
    """Make an empty table for visits that are being computed."""
    target = Name(f"{STAGE}{began}_{secrets.token_hex(4)}")
    version = session.query("SELECT version() AS version")["version"][0].as_py()
    step = "stage_compact" if int(version.split(".")[0]) >= COMPACT_SINCE else "stage"
    session.execute(statement(f"reclassify/{step}"), target=target)
    return target


def _scored(session: Session, site: Site, day: date, target: Name) -> Name:
    """Return the table with the day's visits: where the site has a fit, another with its scores."""
    weights = _weights(session, site)
    if weights is None:
        return target
    scored = _stage(session, microseconds())
    try:
        stored.score_day(session, site, day, target, scored, weights)
    except BaseException:
        session.execute("DROP TABLE IF EXISTS %(target)s", target=scored)
        raise
    session.execute("DROP TABLE IF EXISTS %(target)s", target=target)
    return scored


def _weights(session: Session, site: Site) -> Weights | None:
    fits = stored.newest(session, site.name)
    return fits[0].weights if fits else None


def rescore_day(session: Session, site: Site, day: date) -> None:
    """Give a published day's visits the scores of the newest fit, without looking at its hits."""
    began = microseconds()
    target = _stage(session, began)
    try:
        session.execute(statement("estimate/copy_day"), target=target, site=site.name, day=day)
        target = _scored(session, site, day, target)
        session.execute(statement("reclassify/publish"), target=target, site=site.name, day=day)
        rivals = _by_day(session, "rivals", site=site.name, first=day, last=day, began=began)
        if rivals[day]:
            touch(session, site.name, [day])
    finally:
        session.execute("DROP TABLE IF EXISTS %(target)s", target=target)


def sweep(session: Session) -> None:
    """Drop the unpublished results of processes that died while they computed them."""
    oldest = microseconds() - STAGE_SECONDS * 1_000_000
    for name in session.query(statement("reclassify/stages"))["name"].to_pylist():
        began = name.removeprefix(STAGE).partition("_")[0]
        if not began.isdecimal() or int(began) < oldest:
            session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(name))


def publish_dirty(
    store: Store,
    site: str = "",
    report: Callable[[str, date, int], None] | None = None,
    seconds: float = math.inf,
) -> int:
    """Publish the days that changed, newest first; return how many.

    After so many seconds nothing further is begun. Days are independent, so two lots of them are
    computed side by side. May be interrupted: what is published stays, what is not keeps its mark.
    """
    end = time.monotonic() + seconds
    with store.session() as session:
        lots = list(_lots(session, dirty_days(session, site)))

    def publish(lot: tuple[Site, list[date]]) -> int:
        if time.monotonic() > end:
            return 0
        with store.session() as session:
            if store.local and len(lots) > 1:
                session.execute("SET max_threads = %(n)s", n=THREADS_EACH)
            visits = publish_days(session, *lot)
        for day, count in zip(lot[1], visits, strict=True):
            if report:
                report(lot[0].name, day, count)
        return len(visits)

    if len(lots) <= 1:
        return sum(map(publish, lots))
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        return sum(future.result() for future in [pool.submit(publish, lot) for lot in lots])


def _lots(session: Session, dirty: list[tuple[str, date]]) -> Iterator[tuple[Site, list[date]]]:
    """Yield days to be computed together, newest first.

    These follow each other and do not have more hits than memory has room for. Those of a site
    with a fit stand alone, since the scores of a day look at the days that are published before it.
    """
    sites = registry.sites(session)
    days: dict[str, list[date]] = {}
    for name, day in dirty:
        if name in sites:
            days.setdefault(name, []).append(day)
    for name, some in days.items():
        hits = _sizes(session, sites[name], some)
        alone = len(some) > 1 and _weights(session, sites[name]) is not None
        lot: list[date] = []
        for day in sorted(some, reverse=True):
            full = sum(hits[one] for one in [*lot, day]) > HITS_AT_ONCE
            far = lot and lot[0] - day > timedelta(days=1)
            if lot and (alone or full or far or len(lot) == DAYS_AT_ONCE):
                yield sites[name], lot
                lot = []
            lot.insert(0, day)
        yield sites[name], lot


def _sizes(session: Session, site: Site, days: list[date]) -> Counter[date]:
    """Return how many hits days have; of a single day nobody has to know."""
    if len(days) == 1:
        return Counter()
    span = span_of(min(days), max(days), site.timezone)
    return _by_day(
        session, "sizes", site=site.name, begin=span.begin, end=span.end, timezone=site.timezone
    )
