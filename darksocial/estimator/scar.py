"""Do tokens go missing completely at random? A test with artificial labels.

After Teisseyre, Furmanczyk and Mielniczuk (2024), "Verifying the selected completely at random
assumption in positive-unlabeled learning" (arXiv 2404.00145). In their terms a visit of a share is
positive, and one with a token labelled. Labels are selected completely at random (SCAR) where the
probability e(x) that a positive is labelled does not depend on what the visit looks like. Then
labelled positives look like all positives, which can be tested without knowing e:

1. take the set of positives, of which n are labelled;
2. let the statistic be the largest Kolmogorov-Smirnov distance, over the features, between the
   labelled and all positives;
3. deal n labels out among the positives completely at random, many times, and compute the
   statistic of each: that is its distribution under SCAR;
4. p is the part of these that reach the statistic.

The paper estimates the set of positives with a classifier, and its guarantee holds as far as that
set is right. Here it is known for some visits: those in channels that show without any token
(`seen`). For the others `estimated` takes the visits that the fit is sure of, as the paper does;
where shares look much like other visits, that set is impure in a way that depends on x, and p is
too small. Two deviations: labels come with tokens, each of which brings several visits, so the
distances of artificial labels are multiplied by the square root of these lumps; and the
divergences of Kullback and Leibler and the naive Bayes statistic of the paper are left out, since
it recommends the first one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darksocial.estimator.counts import Counts, Floats, column
from darksocial.estimator.features import NAMES
from darksocial.estimator.scoring import Weights
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

TIMES = 499
FEWEST = 100  # positives, and of these labelled and not a third of it each
SURE = 0.8  # the probability from which a visit counts as a share
SEEN = ("channel", "device", "page", "visitor_kind", "clock")
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Positives:
    """A set of positives in cells: features (n x F codes) by their names, labelled and bare."""

    names: tuple[str, ...]
    codes: Codes
    labelled: Floats
    bare: Floats

    @property
    def enough(self) -> bool:
        n, labelled = (self.labelled + self.bare).sum(), self.labelled.sum()
        return bool(n >= FEWEST and min(labelled, n - labelled) >= FEWEST / 3)


@dataclass(frozen=True, slots=True)
class AtRandom:
    """`p` under SCAR, the `statistic` (a distance between 0 and 1) and the feature where labelled
    and all positives differ most; `positives` were looked at."""

    p: float
    statistic: float
    feature: str
    positives: int


def seen(session: Session) -> Positives:
    """Return the visits in channels that show without a token; needs the temporary tables of
    `counts.gather`."""
    table = session.query(statement("estimate/shown"))
    codes = np.stack([_codes(table, name) for name in SEEN], axis=1)
    return Positives(SEEN, codes, column(table, "tagged"), column(table, "bare"))


def estimated(counts: Counts, weights: Weights) -> Positives:
    """Return the visits, tagged and untagged, whose features make them shares almost surely."""
    codes = counts.codes()
    sure = weights.score(codes) >= SURE
    tagged, untagged = column(counts.cells, "tagged"), column(counts.cells, "untagged")
    return Positives(NAMES, codes[sure], tagged[sure], untagged[sure])


def missing_at_random(found: Positives, lumps: float = 1.0, seed: int = 0) -> AtRandom | None:
    """Return the test of a set of positives, or `None` where there are too few."""
    if not found.enough:
        return None
    total = found.labelled + found.bare
    below = _below(found.codes)
    distances = np.array([_distance(found.labelled, total, one) for one in below])
    rng = np.random.default_rng(seed)
    n = int(found.labelled.sum())
    drawn = rng.multivariate_hypergeometric(
        total.astype(np.int64), n, size=TIMES, method="marginals"
    ).astype(np.float64)
    null = np.max([_distances(drawn, total, one) for one in below], axis=0) * np.sqrt(lumps)
    largest = int(distances.argmax())
    # The statistic is one of its own distribution, so p is never 0 (Davison and Hinkley 1997).
    p = (1 + int((null >= distances[largest]).sum())) / (1 + TIMES)
    return AtRandom(p, float(distances[largest]), found.names[largest], int(total.sum()))


def _below(codes: Codes) -> list[Floats]:
    """Return for each feature which cells (columns) lie at or below each of its levels (rows)."""
    found = []
    for values in codes.T:
        levels = np.unique(values)
        found.append((values[None, :] <= levels[:, None]).astype(np.float64))
    return found


def _distance(labelled: Floats, total: Floats, below: Floats) -> float:
    return float(_distances(labelled[None, :], total, below)[0])


def _distances(labelled: Floats, total: Floats, below: Floats) -> Floats:
    """Return the Kolmogorov-Smirnov distance of each row of labels from all positives."""
    ours = labelled @ below.T / labelled.sum(1, keepdims=True)
    return np.asarray(np.abs(ours - below @ total / total.sum()).max(1))


def _codes(table: pa.Table, name: str) -> Codes:
    values = np.asarray(table[name].to_pylist())
    return np.asarray(np.unique(values, return_inverse=True)[1].reshape(-1), dtype=np.int64)
