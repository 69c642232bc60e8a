"""Fits are kept in the store: what a figure rests on can be looked up later."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from darksocial.estimator import counts, scores
from darksocial.estimator.borrowing import channel_sums
from darksocial.estimator.fit import Fit
from darksocial.estimator.result import Estimate
from darksocial.estimator.scoring import Weights
from darksocial.model import Site
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, statement
from darksocial.version import VERSION

# Features of a visit look back so far; a fit looks at more days than that.
CONTEXT_DAYS = 14
# Two fits whose sources moved apart by so much (as a factor) are worth a look.
DRIFT = 1.5
ROUGH = "composition"  # off by ten points and more, of which no ratio is worth an alarm


@dataclass(frozen=True, slots=True)
class StoredFit:
    """A fit of a site: its number (microseconds since 1970), the library's version, the days that
    it saw (both ends included), the arrivals that it counted, what it found, and its `inputs`
    by the names of `Extent`, with `deployed` and the `channels` that showed themselves."""

    number: int
    library: str
    first: date
    last: date
    tagged: int
    untagged: int
    estimate: Estimate
    weights: Weights | None
    inputs: dict[str, Any] = field(default_factory=dict)

    @property
    def lumps(self) -> float:
        return float(self.inputs.get("lumps", 1.0))

    @property
    def deployed(self) -> bool | None:
        """What it was told of the snippet: whether the site carried it at all."""
        told = self.inputs.get("deployed")
        return None if told is None else bool(told)

    @property
    def made(self) -> datetime:
        return datetime.fromtimestamp(self.number / 1_000_000, timezone.utc)


def save(
    session: Session,
    site: str,
    fit: Fit,
    first: date,
    last: date,
    deployed: bool | None = None,
) -> int:
    """Keep a fit as the site's newest; return its number. `deployed` is what it was told of the
    snippet, for the next fit."""
    number = time.time_ns() // 1000
    extent = fit.counts.extent
    session.execute(
        statement("estimate/save_fit"),
        site=site,
        fit=number,
        library=VERSION,
        first=first,
        last=last,
        tagged=extent.tagged,
        untagged=extent.untagged,
        status=fit.estimate.status,
        estimate=json.dumps(asdict(fit.estimate)),
        weights=json.dumps(asdict(fit.weights) if fit.weights else None),
        inputs=json.dumps(
            asdict(extent) | {"deployed": deployed, "channels": channel_sums(fit.counts)}
        ),
    )
    return number


def newest(session: Session, site: str, most: int = 1) -> list[StoredFit]:
    """Return a site's fits, the newest first."""
    found = []
    for row in session.query(statement("estimate/fits"), site=site, most=most).to_pylist():
        weights = json.loads(row["weights"])
        found.append(
            StoredFit(
                row["fit"],
                row["library"],
                row["first"],
                row["last"],
                row["tagged"],
                row["untagged"],
                Estimate(**json.loads(row["estimate"])),
                Weights(**weights) if weights else None,
                json.loads(row["inputs"]),
            )
        )
    return found


def drifted(fits: list[StoredFit]) -> list[str]:
    """Return sentences on what moved between the two newest fits: each source on its own."""
    if len(fits) < 2:
        return []
    now, before = (fit.estimate.sources for fit in fits[:2])
    return [
        f"{name.replace('_', ' ')} says {now[name]:.0%} where it said {before[name]:.0%}"
        for name in now
        if name in before
        and name != ROUGH
        and max(now[name], before[name]) > DRIFT * max(min(now[name], before[name]), 0.01)
    ]


def score_day(
    session: Session, site: Site, day: date, table: str, scored: str, weights: Weights
) -> None:
    """Fill the table `scored` with a day's visits in `table` and the scores of a fit."""
    session.execute("DROP TABLE IF EXISTS est_context")
    since = day - timedelta(days=CONTEXT_DAYS)
    session.execute(
        statement("estimate/context"), site=site.name, since=since, day=day, target=Name(table)
    )
    begin = datetime(since.year, since.month, since.day, tzinfo=timezone.utc) - timedelta(days=1)
    end = begin + timedelta(days=CONTEXT_DAYS + 4)
    try:
        counts.prepare(session, counts.Sample("est_context", site.name, begin, end, site.timezone))
        scores.score(session, weights)
        scores.apply(session, table, scored)
    finally:
        counts.drop(session)
        session.execute("DROP TABLE IF EXISTS est_context")
