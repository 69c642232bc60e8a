"""From hits to visits, one day of one site at a time, in the store.

A day's result replaces the one before at once, so readers never see half a day, and computing
a day again without new hits changes nothing.
"""

from __future__ import annotations

import math
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from darksocial import registry
from darksocial.estimator import stored
from darksocial.model import CHANNELS, VISIT_GAP_SECONDS, Site
from darksocial.rules import evidence, previews
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import Name, Sql, render, statement

MARGIN_SECONDS = 2 * 3600
SIDE_BY_SIDE = 2
TOKENS_A_QUERY = 5_000
STAGE = "visits_stage_"
STAGE_SECONDS = 24 * 3600  # no day takes as long
# A step of a visitor is one number: its time, three marks, and a hash of the hit.
STEP_BITS, MARKS, MOST_HASH_BITS = 64, 3, 44
STEPS = (
    *("gathered", "single", "runs", "arrivals", "once", "sharers", "opened", "acts", "placed"),
    "beside",
)

# What the statements have to know of previews; see there.
_LOW_APPLICATIONS, _LOW_KINDS = previews.named_low()
PREVIEWS: dict[str, Any] = {
    "low_applications": tuple(_LOW_APPLICATIONS),
    "low_kinds": tuple(_LOW_KINDS),
    "public": previews.public(),
    "around": previews.AROUND_SECONDS,
    "clear": previews.AMBIGUOUS_SECONDS,
    "clear_code": previews.AMBIGUOUS_CODE_SECONDS,
    "code_seconds": previews.CODE_SECONDS,
}


def _rules() -> dict[str, Any]:
    """What the statements have to know of the rules of evidence: each text by its number."""
    kinds = ("unknown", "messenger", "email", "document", "app", "")
    words = sorted({*evidence.CHANNEL_OF, *kinds} - {"", "unknown"})
    evidences = [rule.evidence for rule in evidence.RULES]

    def numbers_of(channel_of: Mapping[str, str], some: Iterable[str], other: str) -> list[int]:
        return [CHANNELS.index(channel_of.get(word, other)) for word in some]

    texts = {"evidences": evidences, "channels": list(CHANNELS), "kinds": list(kinds)}
    most = max(map(len, texts.values()))
    return {
        "rules": Sql(evidence.conditions()),
        "words": words,
        "their_channels": numbers_of(evidence.CHANNEL_OF, words, "dark_social"),
        "clicks_channels": numbers_of(evidence.CLICK_CHANNEL_OF, words, "dark_social"),
        "rules_channels": numbers_of(evidence.RULE_CHANNEL_OF, evidences, CHANNELS[0]),
        "their_kinds": [kinds.index(word) if word in kinds else 0 for word in words],
        "public_dialogs": evidence.PUBLIC_DIALOGS,
        "numbers": list(range(most)),
        **{name: some + [""] * (most - len(some)) for name, some in texts.items()},
        **{f"bit_{name}": bit for name, bit in evidence.BITS.items()},
        **{f"rule_{name}": number for name, number in evidence.NUMBERS.items()},
        **{f"channel_{name}": number for number, name in enumerate(CHANNELS)},
        **{f"kind_{name or 'none'}": number for number, name in enumerate(kinds)},
    }


RULES = _rules()
FEW_SINCE = 20  # the engine's version from which it knows columns of few distinct texts


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in UTC, from `begin` up to but without `end`."""

    begin: datetime
    end: datetime


def day_span(day: date, zone: str) -> Span:
    """Return the day in the site's time zone; it has 23 or 25 hours when the clocks change."""
    tz = ZoneInfo(zone)
    begin = datetime(day.year, day.month, day.day, tzinfo=tz)
    next_day = day + timedelta(days=1)
    end = datetime(next_day.year, next_day.month, next_day.day, tzinfo=tz)
    return Span(begin.astimezone(timezone.utc), end.astimezone(timezone.utc))


def day_of(seconds: int, zone: str) -> date:
    """Return the day of a time (seconds since 1970) in a time zone."""
    return datetime.fromtimestamp(seconds, ZoneInfo(zone)).date()


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


def _bits(span: Span) -> dict[str, int]:
    """Return how a step is divided: time takes what the span needs, which may be years."""
    seconds = int((span.end - span.begin).total_seconds()) + 2 * MARGIN_SECONDS
    low = min(STEP_BITS - MARKS - seconds.bit_length(), MOST_HASH_BITS)
    return {"high": low + MARKS, "low": low, "mask": (1 << low) - 1}


def classify(session: Session, site: str, span: Span, target: str, zone: str) -> None:
    """Fill `target` with the visits of a span, from `hits`, `shares`, `previews` and `links`."""
    params: dict[str, Any] = {
        "site": site,
        "begin": span.begin,
        "end": span.end,
        "margin": MARGIN_SECONDS,
        "gap": VISIT_GAP_SECONDS,
        **_bits(span),
        "target": Name(target),
        "gathered": Name("gathered"),
        "arrivals": Name("arrivals"),
        "timezone": zone,
        "first": day_of(int(span.begin.timestamp()), zone),
        "last": day_of(int(span.end.timestamp()) - 1, zone),
    }
    params["step"] = Sql(render(statement("reclassify/step"), params))
    drop_steps(session)
    session.execute(statement("reclassify/gathered"), **params)
    extent = session.query(statement("reclassify/extent"), site=site).to_pylist()[0]
    if extent["repeats"]:
        session.execute(statement("reclassify/single"), **params)
        params["gathered"] = Name("single")
    for step in ("runs", "arrivals"):
        session.execute(statement(f"reclassify/{step}"), **params)
    if extent["repeats"]:
        session.execute(statement("reclassify/once"))
        params["arrivals"] = Name("once")
    few = "toLowCardinality" if extent["engine"] >= FEW_SINCE else "materialize"
    params |= PREVIEWS | RULES | {"few": Sql(few)}
    # Few sites have previews or acts on every day: what is not there costs nothing.
    wanted = ["sharers", "beside", "came_again"]
    wanted += ["opened", "previewed"] * bool(extent["previews"])
    wanted += ["acts", "placed", "acted"] * bool(extent["acts"])
    for step in wanted:
        session.execute(statement(f"reclassify/{step}"), **params)
    for part in ("weighed", "told"):
        params[part] = Sql(render(statement(f"reclassify/{part}"), params))
    session.execute(statement("reclassify/visits"), **params)


def drop_steps(session: Session) -> None:
    """Let go of the temporary tables of `classify`."""
    for table in STEPS:
        session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(table))


def publish_day(session: Session, site: Site, day: date) -> int:
    """Compute one day anew and put it in the place of the old one; return its visits.

    Where somebody else published the day meanwhile, whose result came last is not known: the day
    is marked again.
    """
    began = microseconds()
    span = day_span(day, site.timezone)
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
