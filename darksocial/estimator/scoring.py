"""The probability of single visits: a logistic score whose sums match what the sources say.

With cells x (one-hot features), counts T(x) and U(x), and r untagged visits of shares for each
tagged one (by device), the weights w solve

    sum over cells of x [r(device) T(x) - U(x) sigma(w.x)] = penalty x w

that is: the untagged visits, weighted by their probability, look in every single feature like the
tagged ones. It is the gradient of a convex function, so Newton's method finds the one solution from
counts alone; the constant is not penalised, so the probabilities add up to the estimate. The
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
they take no part in the equation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from darksocial.estimator.counts import GROUPS, Counts, Floats, column
from darksocial.estimator.features import FEATURES, NAMES

ANCHOR_CAP = 0.02
ANCHOR_VISITOR = 3  # the visitor has seen the page before
FIRST_PENALTY = 20.0
LEAST_PENALTY = 1.0
USUAL_WEIGHT = 0.5
ROUNDS = 3
MOST_STEPS = 60
ORDERED = ("length", "shared", "sharing", "busy", "burst", "age")
DEVICE = NAMES.index("device")
SIZES = tuple(len(feature.levels) for feature in FEATURES)
OFFSETS = tuple(np.cumsum([1, *(size - 1 for size in SIZES)]).tolist())
Codes = NDArray[np.int64]


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
        total = np.full(len(codes), self.constant)
        for place, name in enumerate(NAMES):
            total += np.asarray(self.levels[name])[codes[:, place]]
        probability = 1 / (1 + np.exp(-total))
        capped = np.minimum(probability, ANCHOR_CAP)
        return np.asarray(np.where(anchors(codes), capped, probability))


def anchors(codes: Codes) -> NDArray[np.bool_]:
    """Return which visits are anchors."""
    return np.asarray(codes[:, NAMES.index("visitor_kind")] == ANCHOR_VISITOR)


def one_hot(codes: Codes) -> Floats:
    """Return the design: a column of ones, then one for each level that is not unknown."""
    design = np.zeros((len(codes), OFFSETS[-1]))
    design[:, 0] = 1
    for place, offset in enumerate(OFFSETS[:-1]):
        known = np.flatnonzero(codes[:, place])
        design[known, offset + codes[known, place] - 1] = 1
    return design


def merged(counts: Counts) -> tuple[Codes, Floats, Floats]:
    """Return the cells of all groups together: codes, tagged and untagged."""
    return alike(counts.codes(), column(counts.cells, "tagged"), column(counts.cells, "untagged"))


def alike(codes: Codes, tagged: Floats, untagged: Floats) -> tuple[Codes, Floats, Floats]:
    """Return cells with the same features as one: codes, tagged and untagged."""
    key = np.ravel_multi_index(tuple(codes.T), SIZES)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    sums = np.zeros((2, len(first)))
    np.add.at(sums[0], place.reshape(-1), tagged)
    np.add.at(sums[1], place.reshape(-1), untagged)
    return codes[first], sums[0], sums[1]


def steps() -> Floats:
    """Return the matrix that turns columns of `one_hot` into those of `ORDERED` features, whose
    columns say "this level or a higher one"."""
    found = np.eye(OFFSETS[-1])
    for name, start, stop in zip(NAMES, OFFSETS[:-1], OFFSETS[1:], strict=True):
        if name in ORDERED:
            found[start:stop, start:stop] = np.tril(np.ones((stop - start, stop - start)))
    return found


def fit_weights(counts: Counts, shared: float, ratio: Floats) -> Weights:
    """Return weights whose probabilities add up to `shared` visits; `ratio` is r by device code,
    up to a factor."""
    codes, tagged, untagged = merged(counts)
    free = ~anchors(codes)
    codes, tagged, untagged = codes[free], tagged[free], untagged[free]
    target = tagged * ratio[codes[:, DEVICE]]
    factor = min(shared, 0.98 * untagged.sum()) / max(target.sum(), 1e-9)
    change = steps()
    design = one_hot(codes) @ change
    noise = factor**2 * chance(counts, ratio, change)
    penalty: Floats | float = FIRST_PENALTY * max(factor, factor**2, 0.5)
    solution = None
    for _ in range(ROUNDS):
        solution = solve(design, factor * target, untagged, penalty, solution)
        bend = curvature(design, untagged, solution)
        penalty = LEAST_PENALTY + noise / np.maximum(bend, 1e-3) / USUAL_WEIGHT**2
    assert solution is not None
    return as_weights(change @ solution, codes, untagged)


def chance(counts: Counts, ratio: Floats, change: Floats) -> Floats:
    """Return the variance of each column's sum over tagged visits, for a given sum of all.

    Groups of pages stand for independent draws; how much traffic each has is taken as given.
    """
    codes, tagged = counts.codes(), column(counts.cells, "tagged")
    used = (tagged > 0) & ~anchors(codes)
    codes, group = codes[used], counts.cells["grp"].to_numpy()[used]
    design = one_hot(codes) * (tagged[used] * ratio[codes[:, DEVICE]])[:, None]
    sums = np.zeros((GROUPS, design.shape[1]))
    np.add.at(sums, group, design)
    sums = sums @ change
    usual = sums.sum(0) / max(float(sums[:, 0].sum()), 1e-9)
    return np.asarray(GROUPS / (GROUPS - 1) * np.square(sums - usual * sums[:, :1]).sum(0))


def curvature(design: Floats, untagged: Floats, solution: Floats) -> Floats:
    """Return for each column the curvature of `solve`'s function, the constant left free."""
    p = 1 / (1 + np.exp(-(design @ solution)))
    bend = untagged * p * (1 - p)
    whole = max(float(bend.sum()), 1e-9)
    return np.asarray(bend @ np.square(design) - np.square(bend @ design) / whole)


def as_weights(solution: Floats, codes: Codes, untagged: Floats) -> Weights:
    """Return a solution for the columns of `one_hot` by feature and level; cells say how many
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


def solve(
    design: Floats,
    target: Floats,
    total: Floats,
    penalty: Floats | float,
    start: Floats | None = None,
) -> Floats:
    """Return w with design'(target - total x sigma(design w)) = penalty x w (not the constant)."""
    ridge = np.zeros(design.shape[1]) + penalty
    ridge[0] = 1e-6
    aim = design.T @ target
    w = np.zeros(design.shape[1])
    w[0] = np.log(max(aim[0], 1e-9) / max(total.sum() - aim[0], 1e-9))
    w = w if start is None else start

    def height(w: Floats) -> float:
        return float(total @ np.logaddexp(0, design @ w) - aim @ w + ridge @ w**2 / 2)

    coarse = design.astype(np.float32)
    now = height(w)
    for _ in range(MOST_STEPS):
        p = 1 / (1 + np.exp(-(design @ w)))
        gradient = design.T @ (total * p) - aim + ridge * w
        # The curvature only steers the steps: half the precision does, in half the time.
        bend = (total * p * (1 - p)).astype(np.float32)
        curve = (coarse.T @ (coarse * bend[:, None])).astype(np.float64) + np.diag(ridge)
        step = np.linalg.solve(curve, gradient)
        decline = float(gradient @ step)
        if decline < 1e-8:
            break
        length = 1.0
        while (then := height(w - length * step)) > now - 1e-4 * length * decline and length > 1e-6:
            length /= 2
        w, now = w - length * step, then
    return w
