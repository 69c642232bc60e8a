"""A fit: from counts to the estimate and to the weights of the score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darksocial.estimator import pooling
from darksocial.estimator.bounds import Bound, mixture_bound
from darksocial.estimator.comovement import co_movement
from darksocial.estimator.composition import composition
from darksocial.estimator.counts import Counts, Floats
from darksocial.estimator.devices import device_ratio
from darksocial.estimator.pooling import Source
from darksocial.estimator.propensity import propensity
from darksocial.estimator.result import IDENTIFIED, NOT, NOTHING_LEFT, WEAKLY, Estimate
from darksocial.estimator.scoring import Weights, fit_weights

BOUND_SLACK = 1.15
FEWEST_TAGGED = 100
LEAST_PROPENSITY = 0.05
LEAST_CONTRAST = 0.58
NARROW = 0.05  # an interval of five points says enough, whatever it rests on
FEWEST_KNOWN = 20
LEAST_FITTING = 0.5

ALIKE = (
    "Visits with a token look like those without one, so tokens do not tell shares from other "
    "visits."
)
STRAY = "Tokens come back on other pages than they were made for, or before they were made."


@dataclass(frozen=True, slots=True)
class Fit:
    """The estimate, and the weights of the score: `None` where nothing is identified."""

    estimate: Estimate
    weights: Weights | None
    counts: Counts


def fit(counts: Counts, deployed: bool | None = None) -> Fit:
    """Return the fit to counts; `deployed` says whether the site carried the snippet at all, and
    `None` that tokens or shares have to show it."""
    extent = counts.extent
    if not extent.untagged:
        return Fit(_bounds_alone(0, 0.0, NOTHING_LEFT), None, counts)
    if why := _no_snippet(counts, deployed):
        return Fit(_bounds_alone(extent.untagged, 1.0, why), None, counts)
    if not extent.tagged:
        return Fit(_none_came(counts), None, counts)
    ratio = device_ratio(counts)
    estimate = _estimated(counts, ratio)
    weights = None
    if estimate.share is not None:
        weights = fit_weights(counts, estimate.share * extent.untagged, ratio)
    return Fit(estimate, weights, counts)


def _no_snippet(counts: Counts, deployed: bool | None) -> str:
    """Return why tokens that are missing say nothing; "" where the site has the snippet."""
    if deployed is None and not counts.extent.tagged and not counts.extent.shares:
        return (
            "No tokens and no shares were seen, and it is not known that the site has the snippet."
        )
    if deployed is False:
        return "It was said that the site has no snippet: tokens that are missing say nothing then."
    return ""


def sources(counts: Counts) -> list[Source]:
    """Return what can be said of rho, each source alone."""
    extent = counts.extent
    found = []
    moved = co_movement(counts) if extent.tagged >= FEWEST_TAGGED else None
    if moved:
        found.append(pooling.from_regression(*moved))
    channels = propensity(counts)
    if channels:
        found.append(
            pooling.from_propensity(channels.e, channels.error, extent.tagged, extent.lumps)
        )
    made_up = composition(counts) if extent.tagged >= FEWEST_TAGGED else None
    if made_up:
        found.append(pooling.from_composition(made_up))
    if extent.answered >= FEWEST_KNOWN and extent.deep_tagged:
        found.append(
            pooling.from_survey(
                extent.shared, extent.answered, extent.deep_tagged, extent.deep_untagged
            )
        )
    return found


def _estimated(counts: Counts, ratio: Floats) -> Estimate:
    extent = counts.extent
    bound = mixture_bound(counts, ratio)
    upper = min(1.0, BOUND_SLACK * bound.share)
    scale = extent.tagged / extent.untagged
    found = sources(counts)
    looks = pooling.resemblance(bound.share, scale) if extent.tagged >= FEWEST_TAGGED else None
    posterior = pooling.pool(found, upper / scale, looks)
    low, share, high = (
        min(rho * scale, upper) for rho in pooling.quantiles(posterior, 0.05, 0.5, 0.95)
    )
    alone = {source.name: min(source.rho * scale, 1.0) for source in found}
    alone["mixture_bound"] = bound.share
    status, why = _status(counts, found, bound, (low, share, high))
    if status == NOT:
        return _bounds_alone(extent.untagged, upper, why, alone)
    return Estimate(extent.untagged, share, low, high, upper, status, why, alone)


def _status(
    counts: Counts, found: list[Source], bound: Bound, interval: tuple[float, float, float]
) -> tuple[str, str]:
    """Return the status and the reason for it in words."""
    extent = counts.extent
    low, share, high = interval
    if extent.known >= FEWEST_KNOWN and extent.fitting < LEAST_FITTING * extent.known:
        return NOT, STRAY
    if bound.contrast < LEAST_CONTRAST:
        return NOT, ALIKE
    narrow = high - low <= NARROW
    surveyed = any(source.exact for source in found)
    levels = sum(source.level for source in found)
    if extent.tagged < FEWEST_TAGGED and not narrow and not surveyed:
        return NOT, few(extent.tagged)
    if levels < 2 and not narrow and not surveyed:
        return NOT, "Only one kind of evidence is there, and tokens alone give a bound."
    e = extent.tagged / (extent.tagged + share * extent.untagged)
    if e < LEAST_PROPENSITY:
        return NOT, f"Only about {e:.0%} of the links passed on carry a token."
    return _how_well(found, interval)


def few(tagged: int) -> str:
    """Return why so few visits with a token are not enough, in words."""
    visits = "visit" if tagged == 1 else "visits"
    return f"Only {tagged} {visits} carried a token: too few to go by."


def _how_well(found: list[Source], interval: tuple[float, float, float]) -> tuple[str, str]:
    low, _, high = interval
    levels = [max(source.rho, 1e-3) for source in found if source.level]
    if high - low <= NARROW and len(levels) < 2:
        return WEAKLY, "One kind of evidence alone, but so few tokens leave little room."
    if max(levels) > 2 * min(levels):
        return WEAKLY, "The kinds of evidence differ by more than a factor of two."
    if high > 3 * max(low, 1e-9):
        return WEAKLY, "The upper end of the interval is more than three times the lower."
    if high - low > 0.25:
        return WEAKLY, "The interval is wider than 25 points."
    if len(levels) < 2:
        return IDENTIFIED, "The answers of visitors say so; there is no second kind of evidence."
    return IDENTIFIED, "Two kinds of evidence agree."


def _bounds_alone(
    visits: int, upper: float, why: str, alone: dict[str, float] | None = None
) -> Estimate:
    return Estimate(visits, None, 0.0, upper, upper, NOT, why, alone or {})


def _none_came(counts: Counts) -> Estimate:
    """The snippet was there and not one visit came with a token: what may have been missed.

    No token among S (1 - e) + S e visits of shares bounds S e by three lumps (95 %), and e is what
    channels say, or else hardly below one in ten.
    """
    extent = counts.extent
    channels = propensity(counts)
    e = channels.e if channels and channels.e > 0.1 else 0.1
    missed = 3 * max(extent.lumps, 1.5) * (1 - e) / e
    upper = min(1.0, missed / extent.untagged)
    why = "No visit came with a token, although the site has the snippet: there can be few shares."
    return _bounds_alone(extent.untagged, upper, why)


def shares_of(weights: Weights, counts: Counts) -> Floats:
    """Return for each cell how many of its untagged visits came from shares."""
    untagged = counts.cells["untagged"].to_numpy().astype(np.float64)
    return np.asarray(weights.score(counts.codes()) * untagged)
