"""The probability of single visits: a logistic score whose sums match what the sources say.

With cells x (one-hot features), counts T(x) and U(x), and r untagged visits of shares for each
tagged one (by device), the weights w solve

    sum over cells of x [r(device) T(x) - U(x) sigma(w.x)] = penalty x w

that is: the untagged visits, weighted by their probability, look in every single feature like the
tagged ones. It is the gradient of a convex function, so Newton's method finds the one solution from
counts alone; the constant is not penalised, so the right and the left side have the same sum. The
equation is that of calibration weighting (Deville and Saerndal 1992) with a logistic link.

How tagged visits look is itself a matter of chance: one token brings many visits to one page. So
every column j has the penalty at which a ridge estimate has the least error,

    penalty(j) = v(j) / (h(j) s^2),

with v the variance of the column's sum (from groups of pages), h its curvature and s the usual size
of a weight (Hoerl and Kennard 1970, "Ridge regression"). What pages have in common, such as the
length of their address, thus counts for less than what tells visits apart. Columns of features
whose levels have an order say "this level or a higher one", so that it is the steps between
neighbouring levels that are drawn towards zero.

Visits that were there before (returning, page seen) are anchors: their probability is capped, and
they take no part in the equation. In the end the constant is moved until the probabilities of all
visits, anchors too, add up to the estimate.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from darksocial.estimator.counts import GROUPS, Counts, Floats, column
from darksocial.estimator.features import NAMES
from darksocial.estimator.logistic import OFFSETS, Codes, Design, alike, curvature, solve

ANCHOR_CAP = 0.02
ANCHOR_VISITOR = 3  # the visitor has seen the page before
FIRST_PENALTY = 20.0
LEAST_PENALTY = 1.0
STEPS = 60  # of halving a span of 40 in the constant
USUAL_WEIGHT = 0.5
ROUNDS = 3
DEVICE = NAMES.index("device")


@dataclass(frozen=True, slots=True)
class Weights:
    """`constant`, and for every feature one weight a level; that of *unknown* (code 0) is 0.

    `usual` is the mean weight of each feature over the untagged visits: what deviates from it most
    is named as the reason for a visit's probability.
    """

    constant: float
    levels: dict[str, list[float]]
    usual: dict[str, float]

    def score(self, codes: Codes) -> Floats:
        """Return the probabilities of visits with these features (n x F codes)."""
        return _capped(self.log_odds(codes), anchors(codes))

    def log_odds(self, codes: Codes) -> Floats:
        """Return the log odds of these before those of anchors are capped."""
        total = np.full(len(codes), self.constant)
        for place, name in enumerate(NAMES):
            total += np.asarray(self.levels[name])[codes[:, place]]
        return total


def _capped(log_odds: Floats, anchor: NDArray[np.bool_]) -> Floats:
    probability = 1 / (1 + np.exp(-log_odds))
    return np.asarray(np.where(anchor, np.minimum(probability, ANCHOR_CAP), probability))


def anchors(codes: Codes) -> NDArray[np.bool_]:
    """Return which visits are anchors."""
    return np.asarray(codes[:, NAMES.index("visitor_kind")] == ANCHOR_VISITOR)


def merged(counts: Counts) -> tuple[Codes, Floats, Floats]:
    """Return the cells of all groups together: codes, tagged and untagged."""
    return alike(counts.codes(), column(counts.cells, "tagged"), column(counts.cells, "untagged"))


def fit_weights(counts: Counts, shared: float, ratio: Floats) -> Weights:
    """Return weights whose probabilities add up to `shared` visits; `ratio` is r by device code,
    up to a factor."""
    everywhere, tagged, visits = merged(counts)
    free = ~anchors(everywhere)
    codes, tagged, untagged = everywhere[free], tagged[free], visits[free]
    target = tagged * ratio[codes[:, DEVICE]]
    shared = min(shared, 0.98 * float(untagged.sum()))
    factor = shared / max(target.sum(), 1e-9)
    design = Design(codes, stepped=True)
    noise = factor**2 * chance(counts, ratio)
    penalty: Floats | float = FIRST_PENALTY * max(factor, factor**2, 0.5)
    solution = None
    for _ in range(ROUNDS):
        solution = solve(design, factor * target, untagged, penalty, solution)
        bend = curvature(design, untagged, solution)
        penalty = LEAST_PENALTY + noise / np.maximum(bend, 1e-3) / USUAL_WEIGHT**2
    assert solution is not None
    weights = as_weights(design.levels(solution), codes, untagged)
    return _adding_up(weights, everywhere, visits, shared)


def _adding_up(weights: Weights, codes: Codes, visits: Floats, shared: float) -> Weights:
    """Return weights with another constant, by which so many of the visits were shared."""
    log_odds, anchor = weights.log_odds(codes), anchors(codes)
    low, high = -20.0, 20.0
    for _ in range(STEPS):
        by = (low + high) / 2
        low, high = (by, high) if visits @ _capped(log_odds + by, anchor) < shared else (low, by)
    return replace(weights, constant=weights.constant + by)


def chance(counts: Counts, ratio: Floats) -> Floats:
    """Return the variance of each column's sum over tagged visits, for a given sum of all.

    Groups of pages stand for independent draws; how much traffic each has is taken as given.
    """
    codes, tagged = counts.codes(), column(counts.cells, "tagged")
    used = (tagged > 0) & ~anchors(codes)
    codes, group = codes[used], counts.cells["grp"].to_numpy()[used].astype(np.int64)
    weighted = tagged[used] * ratio[codes[:, DEVICE]]
    sums = Design(codes, stepped=True).sums_by_group(weighted, group)
    usual = sums.sum(0) / max(float(sums[:, 0].sum()), 1e-9)
    return np.asarray(GROUPS / (GROUPS - 1) * np.square(sums - usual * sums[:, :1]).sum(0))


def as_weights(solution: Floats, codes: Codes, untagged: Floats) -> Weights:
    """Return a solution for the single levels by feature and level; cells say how many
    untagged visits have which."""
    levels = {
        name: [0.0, *solution[start:stop].tolist()]
        for name, start, stop in zip(NAMES, OFFSETS[:-1], OFFSETS[1:], strict=True)
    }
    share = untagged / max(untagged.sum(), 1.0)
    usual = {
        name: float(share @ np.asarray(levels[name])[codes[:, place]])
        for place, name in enumerate(NAMES)
    }
    return Weights(float(solution[0]), levels, usual)
