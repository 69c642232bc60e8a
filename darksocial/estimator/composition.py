"""Source three: what untagged visits of deep pages are made up of.

Some of them are links passed on. The others are visits from search engines and public places that
lost their referrer, and readers who come back and are not recognised. Of each of these kinds there
are visits whose origin is known, and they show when that kind comes: how soon after a share of the
page, how busy the page is then, how far above its usual. With m the mean of such features over the
visits of a kind (U untagged and not known to have seen the page, T tagged, S from search engines,
P from public places, K untagged and known to have seen the page),

    m(U) = a m(T) + b m(S) + c m(P) + d m(K),   a + b + c + d = 1, none below 0.

The fractions are found by weighted least squares, as Hopkins and King (2010), "A method of
automated nonparametric content analysis for social science", do for texts; variances of the
differences come from leaving out groups of pages. `a` is the fraction of U that shares brought.

Applications and letters that no visit of known origin looks like are not among the kinds, so `a` is
off by more than its spread says (`pooling.from_composition`). It is at its best where most visits
are shares, and there a ratio of tokens is at its worst.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from darksocial.estimator.counts import GROUPS, Counts, Floats, column
from darksocial.estimator.jackknife import spread
from darksocial.estimator.scoring import ANCHOR_VISITOR

DEEP = 3
FEWEST_VISITS = 100  # tagged and untagged ones
FEWEST_OF_A_KIND = 200
STEPS = (("shared", 5), ("sharing", 5), ("busy", 6), ("burst", 5), ("age", 4))
PAIRS = (("burst", "busy"), ("burst", "shared"))
LEAST_DEVIATION = 0.01  # of a mean: features are coarse
ROUNDS = 2


@dataclass(frozen=True, slots=True)
class Composition:
    """`share` of the `untagged` visits (of deep pages, not known to have seen them) came by a link
    passed on, beside `tagged` ones; `error` is the share's spread."""

    share: float
    error: float
    tagged: int
    untagged: int


@dataclass(frozen=True, slots=True)
class Looks:
    """The means of the features over a kind's visits (F), and with each group left out (G x F)."""

    whole: Floats
    left: Floats


def composition(counts: Counts) -> Composition | None:
    """Return what the untagged visits are made up of, or `None` where too little is known."""
    cells = counts.cells
    deep = column(cells, "page") == DEEP
    known = column(cells, "visitor_kind") == ANCHOR_VISITOR
    tagged, untagged = (column(cells, name) for name in ("tagged", "untagged"))
    rest, shares = untagged * (deep & ~known), tagged * (deep & ~known)
    if min(rest.sum(), shares.sum()) < FEWEST_VISITS:
        return None
    others = [(cells, untagged * (deep & known))]
    others += [(counts.public, column(counts.public, name)) for name in ("search", "public")]
    others = [(table, visits) for table, visits in others if visits.sum() >= FEWEST_OF_A_KIND]
    if not others:
        return None
    share, error = _share(looks(cells, rest), [looks(cells, shares), *(looks(*o) for o in others)])
    return Composition(share, error, int(shares.sum()), int(rest.sum()))


def looks(table: pa.Table, visits: Floats) -> Looks:
    """Return the looks of the visits in rows of features."""
    names = ["grp", *(name for name, _ in STEPS)]
    codes = np.stack([table[name].to_numpy().astype(np.int64) for name in names])
    sizes = (GROUPS, *(size + 1 for _, size in STEPS))
    kinds, place = np.unique(np.ravel_multi_index(tuple(codes), sizes), return_inverse=True)
    count = np.bincount(place.reshape(-1), visits, len(kinds))
    group, *levels = np.unravel_index(kinds, sizes)
    design = features(dict(zip(names[1:], levels, strict=True)))
    sums = np.zeros((GROUPS, design.shape[1] + 1))
    np.add.at(sums, group, np.column_stack([design, np.ones(len(design))]) * count[:, None])
    left = sums.sum(0) - sums
    whole = sums.sum(0)
    return Looks(whole[:-1] / whole[-1], left[:, :-1] / np.maximum(left[:, -1:], 1.0))


def features(codes: Mapping[str, NDArray[np.int64]]) -> Floats:
    """Return a column for each step ("this level or a higher one") and for each pair of levels."""
    sizes = dict(STEPS)
    steps = [codes[name][:, None] >= np.arange(2, size + 1) for name, size in STEPS]
    pairs = [
        (codes[one] * (sizes[other] + 1) + codes[other])[:, None]
        == np.arange((sizes[one] + 1) * (sizes[other] + 1))
        for one, other in PAIRS
    ]
    return np.concatenate([*steps, *pairs], axis=1).astype(np.float64)


def _share(rest: Looks, kinds: Sequence[Looks]) -> tuple[float, float]:
    """Return the fraction of the first of the kinds and its jackknife spread."""
    whole, left = np.stack([k.whole for k in kinds]), np.stack([k.left for k in kinds], axis=1)
    parts = np.full(len(kinds), 1 / len(kinds))
    for _ in range(ROUNDS):
        apart = rest.left - np.einsum("k,gkf->gf", parts, left)
        variance = (GROUPS - 1) / GROUPS * np.square(apart - apart.mean(0)).sum(0)
        weight = 1 / (variance + LEAST_DEVIATION**2)
        parts = fractions(whole, rest.whole, weight)
    replicates = [fractions(left[g], rest.left[g], weight)[0] for g in range(GROUPS)]
    return float(parts[0]), spread(np.array(replicates))


def fractions(kinds: Floats, rest: Floats, weight: Floats) -> Floats:
    """Return the fractions (none below 0, sum 1) in which the rows of `kinds` (n x F) come nearest
    to `rest` (F), the square of the distance weighted by `weight`."""
    best, least = np.full(len(kinds), 1 / len(kinds)), np.inf
    for places in _subsets(len(kinds)):
        parts = np.zeros(len(kinds))
        parts[places] = _free(kinds[places], rest, weight)
        far = float(weight @ np.square(rest - parts @ kinds))
        if parts.min() >= 0 and far < least:
            best, least = parts, far
    return best


def _subsets(count: int) -> Iterator[NDArray[np.int64]]:
    for size in range(1, count + 1):
        for places in combinations(range(count), size):
            yield np.array(places)


def _free(kinds: Floats, rest: Floats, weight: Floats) -> Floats:
    """Return fractions with sum 1 that may be negative: least squares of differences to the first
    of the kinds."""
    apart = (kinds[1:] - kinds[0]) * np.sqrt(weight)
    found = np.linalg.lstsq(apart.T, (rest - kinds[0]) * np.sqrt(weight), rcond=None)[0]
    return np.concatenate([[1 - found.sum()], found])
