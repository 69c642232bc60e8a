"""A ridge logistic regression on counts: cells hold one level of each feature, and how often.

Cells are many and their columns mostly noughts, so none is written out: what a column adds up to is
counted by level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from darksocial.estimator.counts import GROUPS, Floats
from darksocial.estimator.features import FEATURES, NAMES

MOST_STEPS = 60
RANKING_PENALTY = 20.0
ORDERED = ("length", "shared", "sharing", "busy", "burst", "age")
SIZES = tuple(len(feature.levels) for feature in FEATURES)
OFFSETS = tuple(np.cumsum([1, *(size - 1 for size in SIZES)]).tolist())
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Design:
    """Cells (codes, n x F) as columns of noughts and ones: the constant, then one for each level
    that is not unknown; `stepped` turns those of `ORDERED` features into "this level or a higher
    one"."""

    codes: Codes
    stepped: bool = False

    def scores(self, w: Floats) -> Floats:
        """Return the sum of the weights of each cell's columns (n)."""
        levels = self.levels(w)
        total = np.full(len(self.codes), levels[0])
        for row, start, stop in self._features():
            total += np.append(0.0, levels[start:stop])[row]
        return total

    def levels(self, w: Floats) -> Floats:
        """Return weights of columns as those of single levels."""
        return np.asarray(_steps() @ w) if self.stepped else w

    def sums(self, values: Floats) -> Floats:
        """Return what the cells' values (n) add up to in each column."""
        found = np.zeros(OFFSETS[-1])
        found[0] = values.sum()
        for row, start, stop in self._features():
            found[start:stop] = np.bincount(row, values, stop - start + 1)[1:]
        return np.asarray(found @ _steps()) if self.stepped else found

    def sums_by_group(self, values: Floats, group: Codes) -> Floats:
        """Return the same for each group of cells (groups x columns)."""
        found = np.zeros((GROUPS, OFFSETS[-1]))
        found[:, 0] = np.bincount(group, values, GROUPS)
        for row, start, stop in self._features():
            size = stop - start + 1
            sums = np.bincount(group * size + row, values, GROUPS * size)
            found[:, start:stop] = sums.reshape(GROUPS, size)[:, 1:]
        return np.asarray(found @ _steps()) if self.stepped else found

    def products(self, values: Floats) -> Floats:
        """Return what the values add up to in each pair of columns."""
        plain = Design(self.codes).sums(values)
        found = np.diag(plain)
        found[0] = found[:, 0] = plain
        for (one, start, stop), (other, begin, end) in combinations(self._features(), 2):
            shape = (stop - start + 1, end - begin + 1)
            sums = np.bincount(one * shape[1] + other, values, shape[0] * shape[1])
            found[start:stop, begin:end] = sums.reshape(shape)[1:, 1:]
            found[begin:end, start:stop] = found[start:stop, begin:end].T
        return np.asarray(_steps().T @ found @ _steps()) if self.stepped else found

    def _features(self) -> Iterator[tuple[Codes, int, int]]:
        """Yield each feature's codes and where its columns begin and end."""
        return zip(self.codes.T, OFFSETS[:-1], OFFSETS[1:], strict=True)


def _steps() -> Floats:
    found = np.eye(OFFSETS[-1])
    for name, start, stop in zip(NAMES, OFFSETS[:-1], OFFSETS[1:], strict=True):
        if name in ORDERED:
            found[start:stop, start:stop] = np.tril(np.ones((stop - start, stop - start)))
    return found


def alike(codes: Codes, tagged: Floats, untagged: Floats) -> tuple[Codes, Floats, Floats]:
    """Return cells with the same features as one: codes, tagged and untagged."""
    key = np.ravel_multi_index(tuple(codes.T), SIZES)
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    place = place.reshape(-1)
    sums = np.array([np.bincount(place, values, len(first)) for values in (tagged, untagged)])
    return np.asfortranarray(codes[first]), sums[0], sums[1]


def ranking(codes: Codes, tagged: Floats, untagged: Floats) -> Floats:
    """Return the weights of a score that ranks tagged visits above untagged ones."""
    balance = untagged.sum() / max(float(tagged.sum()), 1.0)
    target = balance * tagged
    penalty = RANKING_PENALTY * max(balance, 1.0)
    return solve(Design(codes), target, target + untagged, penalty)


def curvature(design: Design, untagged: Floats, solution: Floats) -> Floats:
    """Return for each column the curvature of `solve`'s function, the constant left free."""
    p = 1 / (1 + np.exp(-design.scores(solution)))
    bend = untagged * p * (1 - p)
    sums = design.sums(bend)  # columns are noughts and ones, so their squares add up to the same
    return np.asarray(sums - np.square(sums) / max(float(bend.sum()), 1e-9))


def solve(
    design: Design,
    target: Floats,
    total: Floats,
    penalty: Floats | float,
    start: Floats | None = None,
) -> Floats:
    """Return w with X'(target - total x sigma(X w)) = penalty x w, X the design's columns.

    The constant, the first of w, has no penalty.
    """
    ridge = np.zeros(OFFSETS[-1]) + penalty
    ridge[0] = 1e-6
    aim = design.sums(target)
    w = np.zeros(OFFSETS[-1])
    w[0] = np.log(max(aim[0], 1e-9) / max(total.sum() - aim[0], 1e-9))
    w = w if start is None else start

    def height(score: Floats, w: Floats) -> float:
        return float(total @ np.logaddexp(0, score) - aim @ w + ridge @ w**2 / 2)

    score = design.scores(w)
    now = height(score, w)
    for _ in range(MOST_STEPS):
        p = 1 / (1 + np.exp(-score))
        gradient = design.sums(total * p) - aim + ridge * w
        curve = design.products(total * p * (1 - p)) + np.diag(ridge)
        step = np.linalg.solve(curve, gradient)
        decline = float(gradient @ step)
        if decline < 1e-8:
            break
        length = 1.0
        while True:
            score = design.scores(w - length * step)
            then = height(score, w - length * step)
            if then <= now - 1e-4 * length * decline or length <= 1e-6:
                break
            length /= 2
        w, now = w - length * step, then
    return w
