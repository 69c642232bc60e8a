"""Source one: what moves with the tokens (two-sample instrumental variables, TS-IV).

On deep pages, per page and half week, untagged visits U are regressed on visits from search
engines R and on tagged visits T:

    U = a + b R + rho T + error,     a, b >= 0

`rho` says how many untagged visits of shares come with each tagged one, so that rho x T estimates
the share-driven part of U. R and T are counts, that is noisy measures of what drives them, and
noisy regressors pull rho towards zero. Therefore both are split at random into halves (T by token
and not by visit, since one token brings many visits): each half serves as instrument for the
other. With regressors X (n x 3: 1, 2 R_A, 2 T_A) and instruments Z (the same of half B),

    (a, b, rho) = (sum Z' W X)^-1 (sum Z' W U),

summed over both directions; W = 1 / (w0 + 2 R_B + 2 T_B) stands for the variance of counts and is
a function of the instruments alone. A window whose U lies further than `FAR` deviations from what
the regression says (a letter that went out, a spot) counts for less, as in Huber (1964), "Robust
estimation of a location parameter". Instruments from a split sample: Angrist and Krueger (1995),
"Split-sample instrumental variables estimates of the return to schooling"; grouped errors of
measurement: Fuller (1987), "Measurement error models". The spread of rho is that of the
delete-one jackknife over groups of pages.

Visits from search engines stand for popularity, because those from social networks follow what is
shared; where there are hardly any, all public visits stand in. What readers come back to may still
be what they share. That shows in the untagged visitors who had seen the page before, K: they are
hardly ever sent by a share, so K is a negative control (Lipsitch, Tchetgen Tchetgen and Cohen
2010). Regressed in the same way it gives kappa, where 0 should be, and as K is to the untagged
visits that are no shares, U - rho T, so is kappa to what is too much in the slope r of U:

    rho = r - kappa (U - rho T) / K.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darksocial.estimator.counts import GROUPS, Counts, Floats, column
from darksocial.estimator.jackknife import spread

FEWEST_PAGES = 10
FEWEST_SEARCHES = 200
FEWEST_SEEN = 50
LEAST_REST = 0.3
# A slope of the control within so many (squared) standard errors of 0 is taken for chance.
TRUST = 6.0
WEIGHT_FLOOR = 0.5
FAR = 8.0
ROUNDS = 4


def co_movement(counts: Counts) -> tuple[float, float] | None:
    """Return rho and its standard error, or `None` where there is too little to regress on."""
    units = counts.units
    if len(np.unique(units["page_key"].to_numpy())) < FEWEST_PAGES:
        return None
    matrix, vector, totals = moments(counts, steadiness(counts))
    left = [part.sum(0) - part for part in (matrix, vector, totals)]
    kappa = _slope(matrix.sum(0), vector.sum(0)[:, 1])
    kappas = np.array([_slope(m, v[:, 1]) for m, v in zip(left[0], left[1], strict=True)])
    trust = 1 - (spread(kappas) / max(kappa, 1e-12)) ** 2 * TRUST
    trust = max(trust, 0.0) if kappa > 0 else 0.0
    rho = _rho(matrix.sum(0), vector.sum(0), totals.sum(0), trust)
    replicates = np.array([_rho(m, v, t, trust) for m, v, t in zip(*left, strict=True)])
    error = spread(replicates)
    return (rho, error) if np.isfinite(rho) and np.isfinite(error) else None


def moments(counts: Counts, steady: Floats) -> tuple[Floats, Floats, Floats]:
    """Return sum Z'WX (groups x 3 x 3), sum Z'W(U, K) (groups x 3 x 2) and the sums of T, U and K
    (groups x 3); `steady` weighs the windows."""
    group = counts.units["grp"].to_numpy()
    untagged, tagged, seen = (_whole(counts.units, name) for name in ("untagged", "tagged", "seen"))
    outcomes = np.stack([untagged, seen], axis=1)
    empty = empty_units(counts)
    matrix, vector = np.zeros((GROUPS, 3, 3)), np.zeros((GROUPS, 3, 2))
    totals = np.zeros((GROUPS, 3))
    np.add.at(totals, group, np.column_stack([tagged, outcomes]))
    for one, other in (("a", "b"), ("b", "a")):
        x, z = _design(counts.units, one), _design(counts.units, other)
        size = z[:, 1:].sum(1)
        floor = WEIGHT_FLOOR * max(float(size.mean()), 1.0)
        weighted = z * (steady / (floor + size))[:, None]
        for k in range(GROUPS):
            mine = group == k
            matrix[k] += weighted[mine].T @ x[mine]
            vector[k] += weighted[mine].T @ outcomes[mine]
        matrix[:, 0, 0] += empty / floor
    return matrix, vector, totals


def steadiness(counts: Counts) -> Floats:
    """Return for each window 1, or less where U is far from what the regression says."""
    design = (_design(counts.units, "a") + _design(counts.units, "b")) / 2
    untagged = _whole(counts.units, "untagged")
    steady = np.ones(len(untagged))
    for _ in range(ROUNDS):
        matrix, vector, _ = (part.sum(0) for part in moments(counts, steady))
        a, b, rho = solution(matrix, vector[:, 0])
        if not np.isfinite(rho):
            break
        slopes = np.array([a, b, max(rho, 0.0)])
        expected = np.maximum(design @ slopes, 0.05)
        # The chance of U and of the counts that it is predicted from, and that pages differ.
        chance = expected + design[:, 1:] @ np.square(slopes[1:]) + np.square(0.3 * expected)
        off = np.abs(untagged - expected) / np.sqrt(chance)
        off /= max(1.4826 * float(np.median(off)), 1.0)
        steady = np.minimum(1.0, FAR / np.maximum(off, 1e-9))
    return steady


def empty_units(counts: Counts) -> Floats:
    """Return for each group how many windows of living pages saw no visit at all: they have no
    row, and the constant has to know of them."""
    pages, first = np.unique(counts.units["page_key"].to_numpy(), return_index=True)
    seen = np.bincount(
        np.searchsorted(pages, counts.units["page_key"].to_numpy()), minlength=len(pages)
    )
    last = int(column(counts.units, "place").max())
    lived = last - column(counts.units, "born")[first] + 1
    groups = counts.units["grp"].to_numpy()[first]
    return np.bincount(groups, np.maximum(lived - seen, 0), GROUPS).astype(float)


def _design(units: pa.Table, half: str) -> Floats:
    popularity = column(units, f"search_{half}")
    if column(units, "search_a").sum() + column(units, "search_b").sum() < FEWEST_SEARCHES:
        popularity = popularity + column(units, f"public_{half}")
    tagged = column(units, f"tagged_{half}")
    return np.stack([np.ones(len(tagged)), 2 * popularity, 2 * tagged], axis=1)


def _rho(matrix: Floats, vector: Floats, totals: Floats, trust: float) -> float:
    """Return rho, less what the negative control says is too much of it, as far as that is to be
    trusted (0 to 1)."""
    slope = _slope(matrix, vector[:, 0])
    tagged, untagged, seen = totals
    if seen < FEWEST_SEEN:
        return slope
    kappa = trust * max(_slope(matrix, vector[:, 1]), 0.0) / seen
    rest = 1 - kappa * tagged
    return float((slope - kappa * untagged) / rest) if rest > LEAST_REST else slope


def _slope(matrix: Floats, vector: Floats) -> float:
    return float(solution(matrix, vector)[-1])


def solution(matrix: Floats, vector: Floats) -> Floats:
    """Return (a, b, rho); where the popularity's coefficient is negative it is left out."""
    try:
        found = np.linalg.solve(matrix, vector)
        if found[1] < 0:
            without = np.ix_([0, 2], [0, 2])
            found = np.insert(np.linalg.solve(matrix[without], vector[[0, 2]]), 1, 0.0)
    except np.linalg.LinAlgError:
        return np.full(3, np.nan)
    return np.asarray(found)


def _whole(units: pa.Table, name: str) -> Floats:
    """Return the visits of both halves."""
    if name in units.column_names:
        return column(units, name)
    return column(units, f"{name}_a") + column(units, f"{name}_b")
