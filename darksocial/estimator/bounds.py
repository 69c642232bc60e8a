"""The upper bound: untagged visits are a mixture, and tagged ones show one of its parts.

With a score that ranks by how much a visit looks like a tagged one, let q_T(z) and q_U(z) be the
fractions of tagged and untagged visits above z. If the share-driven untagged visits look like
tagged ones, their share a in U satisfies a q_T(z) <= q_U(z) for every z, so

    a <= min over z of q_U(z) / q_T(z),

each fraction at the edge of its confidence interval: the best bin estimation (BBE) of Garg, Wu,
Smola, Balakrishnan and Lipton (2021), "Mixture proportion estimation and PU learning: a modern
approach". Tagged visits are weighted by how many untagged ones of shares stand beside each on its
device (`devices.py`), since one device loses more tokens than another.
The score is learnt on one half of the pages and read on the other, both ways. It bounds
and does not estimate: the other visits may look like tagged ones everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darksocial.estimator.counts import Counts, Floats, column
from darksocial.estimator.logistic import Design, alike, ranking
from darksocial.estimator.scoring import DEVICE

LEAST_TAGGED = 0.2  # fraction of the tagged visits that a bin must hold
DEVIATIONS = 1.645


@dataclass(frozen=True, slots=True)
class Bound:
    """`share` of the untagged visits at most; `contrast` is the probability that a tagged visit
    ranks above an untagged one (0.5: they look alike, and tokens tell nothing)."""

    share: float
    contrast: float


def mixture_bound(counts: Counts, ratio: Floats) -> Bound:
    """Return the bound, 1 where there is too little to tell; `ratio` is r by device code, up to a
    factor."""
    half = counts.cells["grp"].to_numpy() % 2
    tagged, untagged = column(counts.cells, "tagged"), column(counts.cells, "untagged")
    weighted = tagged * ratio[counts.codes()[:, DEVICE]]
    tagged = weighted * tagged.sum() / max(float(weighted.sum()), 1e-9)
    sums = [(tagged[half == k].sum(), untagged[half == k].sum()) for k in (0, 1)]
    if min(min(pair) for pair in sums) < 20:
        return Bound(1.0, float("nan"))
    codes, parts = counts.codes(), []
    for k in (0, 1):
        w = ranking(*alike(codes[half != k], tagged[half != k], untagged[half != k]))
        read, t, u = alike(codes[half == k], tagged[half == k], untagged[half == k])
        parts.append(_best_bin(Design(read).scores(w), t, u, counts.extent.lumps))
    share, contrast = np.mean(parts, axis=0)
    return Bound(float(min(share, 1.0)), float(contrast))


def _best_bin(score: Floats, tagged: Floats, untagged: Floats, lumps: float) -> tuple[float, float]:
    order = np.argsort(-score)
    above_t, above_u = np.cumsum(tagged[order]), np.cumsum(untagged[order])
    n_t, n_u = above_t[-1], above_u[-1]
    q_t, q_u = above_t / n_t, above_u / n_u
    ends = np.append(np.diff(score[order]) < 0, True)
    usable = ends & (q_t >= LEAST_TAGGED)
    # Visits of one token are no independent draws.
    high = q_u + DEVIATIONS * np.sqrt(q_u * lumps / n_u)
    low = q_t - DEVIATIONS * np.sqrt(q_t * (1 - q_t) * lumps / n_t)
    ratio = np.where(usable & (low > 0), high / np.maximum(low, 1e-9), 1.0)
    mid_t = (np.append(0.0, q_t[:-1][ends[:-1]]) + q_t[ends]) / 2
    contrast = float((mid_t * np.diff(np.append(0.0, q_u[ends]))).sum())
    return float(ratio.min()), contrast
