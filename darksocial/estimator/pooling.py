"""The sources together: likelihoods of rho on one grid, pooled with random effects.

rho is how many untagged visits of shares stand beside each tagged one, rho = (1 - e) / e; the share
of the untagged visits U is rho T / U. Each source says how likely each log rho is. Where two
sources differ by more than their errors allow, each is blurred by

    tau^2 = max(0, (difference^2 - variance_1 - variance_2) / 2),

the variance between sources after DerSimonian and Laird (1986), "Meta-analysis in clinical trials";
and always by its own tau, since no source is free of bias. A weak prior says that
between one in twenty and nine in ten links carry their token.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darksocial.estimator.counts import Floats

GRID: Floats = np.linspace(np.log(0.01), np.log(200.0), 991)
STEP = float(GRID[1] - GRID[0])
RHO: Floats = np.exp(GRID)
PRIOR_MEAN, PRIOR_DEVIATION = 0.2, 1.3
# What a source may be off by although its errors are small. Pages that readers come back to are
# also pages that they share, so the regression deserves less trust than counted channels.
REGRESSION_TAU = 0.15
PROPENSITY_TAU = 0.08
TAIL = 0.05
JACKKNIFE_FREEDOM = 8  # groups of pages differ in size: fewer degrees of freedom than groups


@dataclass(frozen=True, slots=True)
class Source:
    """One source's log likelihood on `GRID`, and its own best value of rho.

    `tau` is its own bias that no spread shows, on the log scale. `exact` sources ask the visitors
    themselves: they are not blurred.
    """

    name: str
    rho: float
    log_likelihood: Floats
    exact: bool = False
    tau: float = 0.0


def from_regression(rho: float, error: float) -> Source:
    """Return co-movement as a source: an estimate of rho itself, with Student's errors."""
    z2 = np.square(RHO - rho) / max(error, 1e-6) ** 2
    freedom = JACKKNIFE_FREEDOM
    return Source(
        "co_movement",
        max(rho, 0.0),
        -(freedom + 1) / 2 * np.log1p(z2 / freedom),
        tau=REGRESSION_TAU,
    )


def from_propensity(e: float, error: float, tagged: int, lumps: float) -> Source:
    """Return the propensity as a source: an estimate of log rho. Few tokens make for chance: T and
    S_U are counts of lumps."""
    centre = np.log((1 - e) / e)
    chance = lumps * (1 + 1 / RHO) / max(tagged, 1)
    variance = error**2 + chance
    log = -np.square(GRID - centre) / variance / 2 - np.log(variance) / 2
    return Source("propensity", (1 - e) / e, log, tau=PROPENSITY_TAU)


def from_survey(shared: int, answered: int, tagged: int, untagged: int) -> Source:
    """Return the answers of a random sample as a source: `tagged` and `untagged` are the visits of
    the pages where it was asked."""
    p = np.clip(RHO * tagged / max(untagged, 1), 1e-6, 1 - 1e-6)
    log = shared * np.log(p) + (answered - shared) * np.log1p(-p)
    best = shared / answered * untagged / max(tagged, 1)
    return Source("survey", best, log, exact=True)


def pool(sources: list[Source], most: float) -> Floats:
    """Return the probabilities of the values of `GRID`, none of them above `most` (of rho)."""
    prior = -np.square((GRID - PRIOR_MEAN) / PRIOR_DEVIATION) / 2
    tau = between([s for s in sources if not s.exact])
    total = prior + sum(
        (
            s.log_likelihood if s.exact else blurred(s.log_likelihood, np.hypot(tau, s.tau))
            for s in sources
        ),
        np.zeros(len(GRID)),
    )
    possible = np.where(most >= RHO, total, -np.inf)
    if not np.isfinite(possible).any():
        possible[0] = 0.0
    return normal(possible)


def normal(log: Floats) -> Floats:
    """Return a log density as probabilities on the grid."""
    density = np.exp(log - log.max())
    return np.asarray(density / density.sum())


def between(sources: list[Source]) -> float:
    """Return tau: how far sources lie apart beyond their own errors."""
    if len(sources) < 2:
        return 0.0
    (mean_1, var_1), (mean_2, var_2) = (_moments(source) for source in sources[:2])
    return float(np.sqrt(max(0.0, ((mean_1 - mean_2) ** 2 - var_1 - var_2) / 2)))


def _moments(source: Source) -> tuple[float, float]:
    prior = -np.square((GRID - PRIOR_MEAN) / PRIOR_DEVIATION / 2) / 2
    p = normal(source.log_likelihood + prior)
    mean = float(p @ GRID)
    return mean, float(p @ np.square(GRID - mean)) + source.tau**2


def blurred(log: Floats, tau: float) -> Floats:
    """Return a log likelihood convolved with a normal of standard deviation tau."""
    reach = int(4 * tau / STEP) + 1
    kernel = np.exp(-np.square(np.arange(-reach, reach + 1) * STEP / tau) / 2)
    wide = np.pad(np.exp(log - log.max()), reach, mode="edge")
    return np.asarray(np.log(np.convolve(wide, kernel / kernel.sum(), mode="valid") + 1e-300))


def quantiles(probabilities: Floats, *at: float) -> list[float]:
    """Return quantiles of rho."""
    total = np.cumsum(probabilities)
    middle = total - probabilities / 2
    return [float(np.exp(np.interp(q, middle, GRID))) for q in at]
