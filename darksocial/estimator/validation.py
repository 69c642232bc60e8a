"""Does the estimate find again what was hidden from it?

Nobody knows the truth of a real site, so this measures sensitivity and never accuracy. A third of
the tokens is hidden, whole sharers at a time, and the fit is made again: the estimate of untagged
shares should rise by the visits that were hidden. Tokens are chosen at random, and by what a
sharer did (method), read (path) or when (day), since tokens of real sites do not go missing at
random either.

Negative controls: where the parameters of campaigns are stripped, these visits become untagged
without being shares, and the estimate should not rise. Whether tokens are missing completely at
random is asked of the channels: a homogeneity test of the propensities by channel and by device.
It rests on measured channels where Teisseyre, Furmanczyk and Mielniczuk (2024, arXiv 2404.00145)
rest on a classifier.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from darksocial.estimator import counts
from darksocial.estimator.counts import Counts, Floats, Sample, column
from darksocial.estimator.fit import Fit, fit
from darksocial.store.protocol import Session

HIDE_BY = {"at random": "token", "by method": "method", "by page": "path", "by day": "day"}
MOST_RISE = 0.25
FEWEST_HIDDEN = 30
FEWEST_STRIPPED = 30


@dataclass(frozen=True, slots=True)
class Recovery:
    """`hidden` visits lost their token, and the estimate rose by `found` visits; `low` and `high`
    are that by the ends of the new interval. `share` is found / hidden."""

    name: str
    hidden: int
    found: float
    low: float
    high: float

    @property
    def share(self) -> float:
        return self.found / self.hidden


@dataclass(frozen=True, slots=True)
class Control:
    """Visits that are no shares were added to the untagged ones: the estimate should not follow."""

    name: str
    added: int
    risen: float

    @property
    def passed(self) -> bool:
        return self.risen <= MOST_RISE * self.added


@dataclass(frozen=True, slots=True)
class Validation:
    """`at_random` is the probability of propensities as different as these if tokens went missing
    completely at random; `None` where too few channels show themselves."""

    estimated: float | None
    recoveries: list[Recovery]
    controls: list[Control]
    at_random: float | None


def validate(session: Session, sample: Sample, deployed: bool | None = None) -> Validation:
    """Return what is found again, and what the negative controls say; nothing where the estimate
    of the sample itself is not identified."""
    base_counts = counts.gather(session, sample)
    base = fit(base_counts, deployed)
    if base.estimate.share is None:
        counts.drop(session)
        return Validation(None, [], [], homogeneity(base_counts))
    recoveries = []
    for name, by in HIDE_BY.items():
        again = fit(counts.gather(session, replace(sample, hide_by=by)), deployed)
        hidden = base_counts.extent.tagged - again.counts.extent.tagged
        if hidden >= FEWEST_HIDDEN and again.estimate.share is not None:
            recoveries.append(_recovery(name, hidden, base, again))
    stripped = fit(counts.gather(session, replace(sample, stripped=True)), deployed)
    counts.drop(session)
    controls = _controls(base, stripped)
    return Validation(base.estimate.share, recoveries, controls, homogeneity(base_counts))


def _visits(found: Fit, share: float | None) -> float:
    return (share or 0.0) * found.estimate.visits


def _recovery(name: str, hidden: int, base: Fit, again: Fit) -> Recovery:
    before = _visits(base, base.estimate.share)
    estimate = again.estimate
    found, low, high = (
        _visits(again, share) - before for share in (estimate.share, estimate.low, estimate.high)
    )
    return Recovery(name, hidden, found, low, high)


def _controls(base: Fit, stripped: Fit) -> list[Control]:
    added = stripped.estimate.visits - base.estimate.visits
    if added < FEWEST_STRIPPED or stripped.estimate.share is None:
        return []
    risen = _visits(stripped, stripped.estimate.share) - _visits(base, base.estimate.share)
    return [Control("campaigns without their parameters", added, risen)]


def homogeneity(found: Counts) -> float | None:
    """Return the p value of equal propensities in all channels and devices: Pearson's chi square,
    divided by the visits that a token brings on average, since these are no independent draws."""
    table = found.channels
    keys = [
        f"{u} {d}" for u, d in zip(*(table[n].to_pylist() for n in ("unit", "device")), strict=True)
    ]
    if not keys:
        return None
    names, place = np.unique(np.asarray(keys), return_inverse=True)
    tagged, bare = np.zeros((2, len(names)))
    np.add.at(tagged, place, column(table, "tagged"))
    np.add.at(bare, place, column(table, "bare"))
    enough = tagged + bare >= FEWEST_HIDDEN
    tagged, bare = tagged[enough], bare[enough]
    if len(tagged) < 2 or not tagged.sum() or not bare.sum():
        return None
    return tail(_chi_square(tagged, bare) / max(found.extent.lumps, 1.0), len(tagged) - 1)


def _chi_square(tagged: Floats, bare: Floats) -> float:
    total = tagged + bare
    e = tagged.sum() / total.sum()
    return float((np.square(tagged - e * total) / (e * (1 - e) * total)).sum())


def tail(chi_square: float, freedom: int) -> float:
    """Return the upper tail of a chi square distribution (Wilson and Hilferty 1931)."""
    spread = 2 / (9 * freedom)
    z = ((chi_square / freedom) ** (1 / 3) - (1 - spread)) / math.sqrt(spread)
    return 0.5 * math.erfc(z / math.sqrt(2))
