"""Publishing visits, one day of one site at a time, in the store.

A day's result replaces the one before at once, so readers never see half a day, and computing
a day again without new hits changes nothing.
"""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from darksocial import registry
from darksocial.classification import MARGIN_SECONDS, classify, drop_steps
from darksocial.days import day_of, span_of
from darksocial.estimator import stored
from darksocial.model import Site
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import Name, statement

SIDE_BY_SIDE = 2
TOKENS_A_QUERY = 5_000
STAGE = "visits_stage_"
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
    """Compute one day anew and put it in the place of the old one; return its visits.

    Where somebody else published the day meanwhile, whose result came last is not known: the day
    is marked again.
    """
    began = microseconds()
    span = span_of(day, day, site.timezone)
    seen = session.query(statement("reclassify/seen"), site=site.name, day=day)["seen"][0].as_py()
    target = _stage(session, began)
    try:
        classify(session, site.name, span, target, site.timezone)
        target = _scored(session, site, day, target)
        count = int(session.query("SELECT count() AS n FROM %(t)s", t=target)["n"][0].as_py())
        step = "publish" if count else "clear"
        session.execute(statement(f"reclassify/{step}"), target=target, site=site.name, day=day)
        session.execute(
            statement("reclassify/day"),
            site=site.name,
            day=day,
            begin=span.begin,
            end=span.end,
            published=microseconds(),
            seen=seen or 0,
        )
        rivals = session.query(statement("reclassify/rivals"), site=site.name, day=day, began=began)
        if rivals["n"][0].as_py() > 1:
            touch(session, site.name, [day])
    finally:
        session.execute("DROP TABLE IF EXISTS %(target)s", target=target)
        drop_steps(session)
    return count


def _stage(session: Session, began: int) -> Name:
    """Make an empty table for visits that are being computed."""
    target = Name(f"{STAGE}{began}_{secrets.token_hex(4)}")
    session.execute(statement("reclassify/stage"), target=target)
    return target


def _scored(session: Session, site: Site, day: date, target: Name) -> Name:
    """Return the table with the day's visits: where the site has a fit, another with its scores."""
    fits = stored.newest(session, site.name)
    if not fits or fits[0].weights is None:
        return target
    scored = _stage(session, microseconds())
    try:
        stored.score_day(session, site, day, target, scored, fits[0].weights)
    except BaseException:
        session.execute("DROP TABLE IF EXISTS %(target)s", target=scored)
        raise
    session.execute("DROP TABLE IF EXISTS %(target)s", target=target)
    return scored


def rescore_day(session: Session, site: Site, day: date) -> None:
    """Give a published day's visits the scores of the newest fit, without looking at its hits."""
    began = microseconds()
    target = _stage(session, began)
    try:
        session.execute(statement("estimate/copy_day"), target=target, site=site.name, day=day)
        target = _scored(session, site, day, target)
        session.execute(statement("reclassify/publish"), target=target, site=site.name, day=day)
        rivals = session.query(statement("reclassify/rivals"), site=site.name, day=day, began=began)
        if rivals["n"][0].as_py():
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

    After so many seconds no further day is begun. Days are independent, so two are computed side
    by side. May be interrupted: what is published stays, what is not keeps its mark.
    """
    end = time.monotonic() + seconds
    with store.session() as session:
        sites = registry.sites(session)
        days = [(sites[name], day) for name, day in dirty_days(session, site) if name in sites]

    def publish(job: tuple[Site, date]) -> int:
        if time.monotonic() > end:
            return 0
        with store.session() as session:
            visits = publish_day(session, *job)
        if report:
            report(job[0].name, job[1], visits)
        return 1

    if len(days) <= 1:
        return sum(map(publish, days))
    with ThreadPoolExecutor(max_workers=SIDE_BY_SIDE) as pool:
        return sum(future.result() for future in [pool.submit(publish, job) for job in days])
