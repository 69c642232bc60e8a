"""The sources together: likelihoods of rho on one grid, each allowed to be biased.

rho is how many untagged visits of shares stand beside each tagged one, rho = (1 - e) / e; the share
of the untagged visits U is rho T / U. Each source says how likely each log rho is, and each may be
off by more than its own errors say. Its bias is taken to come from two normal distributions: a
narrow one, and with some probability a wide one, the "contaminated normal" of Tukey (1960), "A
survey of sampling from contaminated distributions", used for outlying observations by Box and Tiao
(1968), "A Bayesian approach to some outlier problems". So two sources that agree narrow the
interval, and of sources that differ the odd one out loses weight, whatever its own error.

A weak prior says that between one in twenty and nine in ten links carry their token. The mixture
bound says a little more than that nothing lies above it: with B the bound and a the share,
k = (B - a) / (1 - a) is the part of the *other* visits that look like shares where these do so
least. Seldom all of them do, and seldom none (`resemblance`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darksocial.estimator.composition import Composition
from darksocial.estimator.counts import Floats

GRID: Floats = np.linspace(np.log(0.01), np.log(200.0), 991)
STEP = float(GRID[1] - GRID[0])
RHO: Floats = np.exp(GRID)
PRIOR_MEAN, PRIOR_DEVIATION = 0.2, 1.3
JACKKNIFE_FREEDOM = 8  # groups of pages differ in size: fewer degrees of freedom than groups
LEAST_ERROR = 0.03  # of rho: no regression is better than that
LOOK_ALIKE, LOOK_ALIKE_SPREAD, LOOK_ALIKE_FREEDOM = 0.2, 0.3, 8


@dataclass(frozen=True, slots=True)
class Bias:
    """What a source may be off by, on the log scale: a normal of deviation `usual` around 0, or
    with probability `chance` one of deviation `large` around `shift`."""

    usual: float
    chance: float
    shift: float
    large: float

    def kernel(self) -> Floats:
        """Return the density of minus the bias on steps of the grid, from -4 to 4."""
        offset = np.arange(-400, 401) * STEP
        near = np.exp(-np.square(offset / self.usual) / 2) / self.usual
        far = np.exp(-np.square((offset + self.shift) / self.large) / 2) / self.large
        return np.asarray((1 - self.chance) * near + self.chance * far)


# What makes people come back to pages or follow letters also makes them share: where the
# regression is off, it is mostly too high. Channels that show themselves may be off both ways.
REGRESSION_BIAS = Bias(0.15, 0.7, 0.5, 0.6)
PROPENSITY_BIAS = Bias(0.1, 0.2, 0.0, 0.8)
# The same of the composition, in the fraction itself: what is among none of the kinds looks like
# shares (applications that list them) rather than like other visits.
COMPOSITION_BIAS = Bias(0.1, 0.4, 0.15, 0.2)


@dataclass(frozen=True, slots=True)
class Source:
    """One source's log likelihood on `GRID`, and its own best value of rho.

    `bias` is what no spread shows, where the likelihood does not have it. A source that is `exact`
    asks the visitors themselves; one that is no `level` narrows what others say, and says too
    little to stand for one of them.
    """

    name: str
    rho: float
    log_likelihood: Floats
    bias: Bias | None = None
    exact: bool = False
    level: bool = True


def from_regression(rho: float, error: float) -> Source:
    """Return co-movement as a source: an estimate of rho itself, with Student's errors."""
    z2 = np.square(RHO - rho) / max(error, LEAST_ERROR * max(rho, 0.05)) ** 2
    freedom = JACKKNIFE_FREEDOM
    log = -(freedom + 1) / 2 * np.log1p(z2 / freedom)
    return Source("co_movement", max(rho, 0.0), log, REGRESSION_BIAS)


def from_propensity(e: float, error: float, tagged: int, lumps: float) -> Source:
    """Return the propensity as a source: an estimate of log rho. Few tokens make for chance: T and
    S_U are counts of lumps."""
    centre = np.log((1 - e) / e)
    chance = lumps * (1 + 1 / RHO) / max(tagged, 1)
    variance = error**2 + chance
    log = -np.square(GRID - centre) / variance / 2 - np.log(variance) / 2
    return Source("propensity", (1 - e) / e, log, PROPENSITY_BIAS)


def from_survey(shared: int, answered: int, tagged: int, untagged: int) -> Source:
    """Return the answers of a random sample as a source: `tagged` and `untagged` are the visits of
    the pages where it was asked."""
    p = np.clip(RHO * tagged / max(untagged, 1), 1e-6, 1 - 1e-6)
    log = shared * np.log(p) + (answered - shared) * np.log1p(-p)
    best = shared / answered * untagged / max(tagged, 1)
    return Source("survey", best, log, exact=True)


def from_composition(found: Composition) -> Source:
    """Return the composition as a source: an estimate of the fraction rho T / U, whose errors are
    no smaller where the fraction is."""
    scale = found.tagged / found.untagged
    off = found.share - np.minimum(RHO * scale, 1.5)
    bias = COMPOSITION_BIAS
    likelihood = (1 - bias.chance) * _normal(off, found.error**2 + bias.usual**2)
    likelihood += bias.chance * _normal(off - bias.shift, found.error**2 + bias.large**2)
    return Source("composition", found.share / scale, np.log(likelihood + 1e-300), level=False)


def _normal(off: Floats, variance: float) -> Floats:
    return np.asarray(np.exp(-np.square(off) / variance / 2) / np.sqrt(variance))


def resemblance(bound: float, scale: float) -> Floats:
    """Return how likely each value of `GRID` is by the mixture bound; `scale` is T / U.

    k is taken to follow Student's distribution around `LOOK_ALIKE`: a guess with a wide spread.
    """
    share = np.minimum(RHO * scale, 1.2)
    k = (bound - share) / np.maximum(1 - share, 0.02)
    z2 = np.square((k - LOOK_ALIKE) / LOOK_ALIKE_SPREAD)
    freedom = LOOK_ALIKE_FREEDOM
    return np.asarray(-(freedom + 1) / 2 * np.log1p(z2 / freedom))


def pool(sources: list[Source], most: float, looks: Floats | None = None) -> Floats:
    """Return the probabilities of the values of `GRID`, none of them above `most` (of rho); `looks`
    is what `resemblance` says."""
    total = -np.square((GRID - PRIOR_MEAN) / PRIOR_DEVIATION) / 2
    for source in sources:
        total = total + unbiased(source)
    if looks is not None:
        total = total + looks
    possible = np.where(most >= RHO, total, -np.inf)
    if not np.isfinite(possible).any():
        possible[0] = 0.0
    return normal(possible)


def normal(log: Floats) -> Floats:
    """Return a log density as probabilities on the grid."""
    density = np.exp(log - log.max())
    return np.asarray(density / density.sum())


def unbiased(source: Source) -> Floats:
    """Return a source's log likelihood averaged over what it may be off by."""
    log = source.log_likelihood
    if source.bias is None:
        return log
    kernel = source.bias.kernel()
    wide = np.pad(np.exp(log - log.max()), len(kernel) // 2, mode="edge")
    return np.asarray(np.log(np.convolve(wide, kernel / kernel.sum(), mode="valid") + 1e-300))


def quantiles(probabilities: Floats, *at: float) -> list[float]:
    """Return quantiles of rho."""
    total = np.cumsum(probabilities)
    middle = total - probabilities / 2
    return [float(np.exp(np.interp(q, middle, GRID))) for q in at]
