"""An estimate in parts: by day, page class, device and channel, each with its interval.

Probabilities are summed and never made labels. Three things are unsure about a part. One is the
level of the whole: the log odds of every visit are moved by the same amount until they add up to
the lower (upper) end of the whole's interval, and the part's own sum then is its end, since

    sum over visits of sigma(logit p + d) = low (high) of the whole.

The other is which visits they were: a sum of draws has the variance v = sum p (1 - p), times the
number of visits that one token brings, for these come together. Given the whole, a part has

    v (1 - v / v of the whole),

as of counts that have to add up. A third is the division itself: one device or kind of page loses
more tokens than another, and the score smooths. Its log odds may be off by `TAU`, a standard
deviation that was read from random worlds whose truth is known (benchmarks/parts.py). The three
are put together as independent errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from darksocial.estimator import counts
from darksocial.estimator.counts import Floats, Sample
from darksocial.estimator.result import DIVISIONS, PAGE_CLASSES, Estimate, Part
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

DEVIATIONS = 1.645
# What the log odds of a part may be off by against those of the whole, by division.
TAU = {"day": 0.0, "page_class": 0.8, "device": 0.4, "channel": 0.0, "reported_channel": 0.4}
STEPS = 60  # of halving a span of 40 in the log odds
PAGES = "page_class"
WITHOUT_PAGES = tuple(name for name in DIVISIONS if name != PAGES)

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Whole:
    """What parts take from the whole: how many visits its bound allows, by how much log odds move
    to the ends of its interval and to the bound (`None` where nothing is identified), and the
    variance of its sum."""

    most: float
    shifts: tuple[float, float, float] | None
    variance: float


def divided(
    session: Session,
    site: str,
    days: tuple[date, date],
    estimate: Estimate,
    lumps: float = 1.0,
    divisions: Sequence[str] = DIVISIONS,
) -> Estimate:
    """Return an estimate with its parts: those of a site's visits on some days.

    `lumps` is how many visits stand with one token (`Extent.lumps`). For page classes `est_classes`
    has to be there (`class_pages`, `keep_classes`); it goes.
    """
    rows = []
    params = {"site": site, "first": days[0], "last": days[1]}
    if plain := tuple(name for name in divisions if name in WITHOUT_PAGES):
        found = session.query(statement("estimate/parts"), divisions=plain, **params)
        rows += found.to_pylist()
    if PAGES in divisions:
        rows += session.query(statement("estimate/parts_of_pages"), **params).to_pylist()
        session.execute("DROP TABLE IF EXISTS est_classes")
    return with_parts(estimate, rows, lumps, divisions)


def class_pages(session: Session, sample: Sample) -> None:
    """Make `est_classes` of the pages that the visits of a sample landed on."""
    counts.prepare(session, sample, "pages")
    keep_classes(session)
    counts.drop(session)


def keep_classes(session: Session) -> None:
    """Keep the classes of pages in `est_classes` when the other temporary tables go."""
    session.execute("DROP TABLE IF EXISTS est_classes")
    session.execute(statement("estimate/classes"))


def with_parts(
    estimate: Estimate, cells: Iterable[Row], lumps: float, divisions: Sequence[str]
) -> Estimate:
    """Return an estimate with the parts that rows of the statement `estimate/parts` make."""
    found: dict[str, dict[str, list[Row]]] = {name: {} for name in divisions}
    for row in cells:
        found[row["division"]].setdefault(row["part"], []).append(row)
    rows = [row for part in found[divisions[0]].values() for row in part]
    whole = _whole(estimate, rows)
    parts = {
        name: tuple(
            _part(part, of, whole, max(lumps, 1.0), TAU[name])
            for part, of in sorted(by_part.items(), key=lambda item: _order(name, item))
        )
        for name, by_part in found.items()
    }
    certain, near = (_count(rows, level) for level in ("certain", "near_certain"))
    return replace(estimate, parts=parts, certain=certain, near_certain=near)


def total(estimate: Estimate, parts: Sequence[Part]) -> Part:
    """Return all parts of a division together: the estimate in visits, for the days that the parts
    speak of. Its ends lie around the sum as those of the fit around its share."""
    rest = sum(part.rest for part in parts)
    sums = {
        name: sum(getattr(part, name) for part in parts)
        for name in ("visits", "certain", "near_certain", "rest", "unscored")
    }
    most = rest * estimate.upper_bound
    if not estimate.share or all(part.estimated is None for part in parts):
        return Part("", **sums, estimated=None, low=None, high=None, at_most=most)
    shares = sum(part.estimated or 0.0 for part in parts)
    low, high = (min(shares * end / estimate.share, rest) for end in (estimate.low, estimate.high))
    return Part("", **sums, estimated=shares, low=low, high=high, at_most=max(most, high))


def _whole(estimate: Estimate, rows: list[Row]) -> Whole:
    visits, p = _rest(rows)
    unscored = _count(rows, "unscored")
    shares, most = float(visits @ p), (float(visits.sum()) + unscored) * estimate.upper_bound
    if not estimate.share or not shares:
        return Whole(most, None, 0.0)
    low, high, bound = (
        shift(visits, p, shares * end / estimate.share)
        for end in (estimate.low, estimate.high, estimate.upper_bound)
    )
    return Whole(most, (low, high, bound), float(visits @ (p * (1 - p))))


def shift(visits: Floats, p: Floats, wanted: float) -> float:
    """Return d with visits' sigma(logit p + d) = wanted, as near as -20 to 20 comes."""
    low, high = -20.0, 20.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (middle, high) if visits @ moved(p, middle) < wanted else (low, middle)
    return (low + high) / 2


def moved(p: Floats, by: float) -> Floats:
    """Return probabilities whose log odds are moved."""
    clipped = np.clip(p, 1e-9, 1 - 1e-9)
    return np.asarray(1 / (1 + np.exp(-by) * (1 - clipped) / clipped))


def _part(part: str, rows: list[Row], whole: Whole, lumps: float, tau: float) -> Part:
    visits, p = _rest(rows)
    unscored = _count(rows, "unscored")
    rest = int(visits.sum()) + unscored
    counted = sum(int(row["visits"]) for row in rows)
    sure = _count(rows, "certain"), _count(rows, "near_certain")
    known = part, counted, *sure, rest, unscored if whole.shifts else 0
    if whole.shifts is None:
        return Part(*known, None, None, None, min(float(rest), whole.most))
    if unscored == rest > 0:
        return Part(*known, None, None, None, float(rest))
    shares = float(visits @ p)
    v = float(visits @ (p * (1 - p)))
    free = np.sqrt(max(1 - v / max(whole.variance, 1e-12), 0.0))
    chance = DEVIATIONS * np.sqrt(lumps * v) * free
    low, high, bound = (float(visits @ moved(p, by)) for by in whole.shifts)
    less, more = (
        free * (float(visits @ moved(p, by)) - shares)
        for by in (-DEVIATIONS * tau, DEVIATIONS * tau)
    )
    lower = max(float(shares - np.linalg.norm([shares - low, chance, less])), 0.0)
    upper = min(float(shares + np.linalg.norm([high - shares, chance, more])), rest - unscored)
    return Part(*known, shares, lower, float(upper), min(max(bound, upper) + unscored, rest))


def _rest(rows: list[Row]) -> tuple[Floats, Floats]:
    """Return how many visits have which probability."""
    rest = [row for row in rows if row["level"] == "rest"]
    visits = np.array([row["visits"] for row in rest], dtype=np.float64)
    shares = np.array([row["shares"] for row in rest], dtype=np.float64)
    return visits, shares / np.maximum(visits, 1.0)


def _count(rows: list[Row], level: str) -> int:
    return sum(int(row["visits"]) for row in rows if row["level"] == level)


def _order(division: str, item: tuple[str, list[Row]]) -> tuple[float, str]:
    """Return what parts are sorted by: days and page classes in their order, others by size."""
    part, rows = item
    if division == "day":
        return 0, part
    if division == PAGES:
        return (*PAGE_CLASSES, "").index(part), part
    return -sum(row["visits"] for row in rows), part
