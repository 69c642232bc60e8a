"""The methods: a share of dark social among visits without evidence, and a probability each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from darksocial.baselines.features import Visits

Floats = NDArray[np.float64]
_RIDGE = 1.0
_STEPS = 30
_CONFIDENCE = 0.1  # delta of BBE
_FOLDS = 2


@dataclass(frozen=True, slots=True)
class Answer:
    """`share` of the visits with evidence `model`; `probability` for every visit of the frame,
    NaN where the method does not speak of it."""

    share: float
    probability: Floats


def ga4(visits: Any) -> Answer:
    """Leave everything in Direct, as Google Analytics 4 does.

    Its default channel group (support.google.com/analytics/answer/9756891) knows no dark
    social: P = 0 for every visit without referrer and campaign.
    """
    known = Visits(visits)
    return _answer(visits, known, np.zeros(int((~known.tagged).sum())))


def deep_link(visits: Any) -> Answer:
    """Call every visit without referrer to a deep page dark social.

    Madrigal, "Dark Social: We Have the Whole History of the Web Wrong", The Atlantic 2012, with
    Chartbeat's rule: P = 1 where the landing page is neither the home page nor a section.
    """
    known = Visits(visits)
    return _answer(visits, known, known.deep[~known.tagged].astype(float))


def elkan_noto(visits: Any) -> Answer:
    """Take tokens as labels that are missing completely at random.

    Elkan and Noto, "Learning classifiers from only positive and unlabeled data", KDD 2008. With
    g(x) = P(token | x) and c the mean of g over held-out visits with a token:
    P(dark | x, no token) = (1 - c) / c * g(x) / (1 - g(x)), at most 1.
    """
    known = Visits(visits)
    if not known.tagged.any() or known.tagged.all():
        return _answer(visits, known, np.zeros(int((~known.tagged).sum())))
    g = _crossed(known, known.tagged)
    c = float(np.clip(g[known.tagged].mean(), 1e-6, 1 - 1e-6))
    odds = g[~known.tagged] / (1 - g[~known.tagged])
    return _answer(visits, known, np.minimum((1 - c) / c * odds, 1.0))


def bbe(visits: Any) -> Answer:
    """Estimate the mixture proportion at the best bin, an upper bound.

    Garg, Wu, Smola, Balakrishnan and Lipton, "Mixture proportion estimation and PU learning: a
    modern approach", NeurIPS 2021. With q_p(z) and q_u(z) the parts of tagged and untagged
    visits whose score is at least z, the share is q_u(z) / q_p(z) at the z that minimises
    q_u / q_p + (1 + gamma) / q_p * (sqrt(log(4 / delta) / 2 n_u) + sqrt(log(4 / delta) / 2 n_p)),
    gamma = 0.01. P(dark | x) = share * p(x | tagged) / p(x | untagged), at most 1.
    """
    known = Visits(visits)
    if not known.tagged.any() or known.tagged.all():
        return _answer(visits, known, np.zeros(int((~known.tagged).sum())))
    g = _crossed(known, known.tagged)
    share = _best_bin(g[known.tagged], g[~known.tagged])
    ratio = g[~known.tagged] / (1 - g[~known.tagged])
    ratio *= (~known.tagged).sum() / known.tagged.sum()
    answer = _answer(visits, known, np.minimum(share * ratio, 1.0))
    return Answer(share, answer.probability)


def supervised(visits: Any, truth: NDArray[np.bool_]) -> Answer:
    """Return what a logistic regression that was taught the truth can tell: a ceiling.

    `truth` says for every visit of the frame whether it was passed on. Cross-fitted over halves
    of the visits, so that it has not seen those that it judges.
    """
    known = Visits(visits)
    rest = ~known.tagged
    g = _crossed(known, truth[known.position], rest)
    return _answer(visits, known, g[rest])


BASELINES: MappingProxyType[str, Callable[[Any], Answer]] = MappingProxyType(
    {"deep_link": deep_link, "ga4": ga4, "elkan_noto": elkan_noto, "bbe": bbe}
)


def _answer(frame: Any, known: Visits, probability: Floats) -> Answer:
    whole = np.full(len(frame), np.nan)
    whole[known.position[~known.tagged]] = probability
    return Answer(float(probability.mean()) if len(probability) else 0.0, whole)


def _best_bin(tagged: Floats, rest: Floats) -> float:
    scores = np.unique(np.concatenate([tagged, rest]))
    q_p = 1 - np.searchsorted(np.sort(tagged), scores) / len(tagged)
    q_u = 1 - np.searchsorted(np.sort(rest), scores) / len(rest)
    usable = q_p > 0
    q_p, q_u = q_p[usable], q_u[usable]
    noise = sum(np.sqrt(np.log(4 / _CONFIDENCE) / (2 * n)) for n in (len(tagged), len(rest)))
    best = int(np.argmin(q_u / q_p + 1.01 / q_p * noise))
    return float(min(q_u[best] / q_p[best], 1.0))


def _crossed(
    known: Visits, labels: NDArray[np.bool_], learn: NDArray[np.bool_] | None = None
) -> Floats:
    """Return P(label | x), each from the half of the visits that it is not in; learn from
    the rows marked by `learn` alone."""
    codes = known.codes()
    levels = list(known.levels.values())
    fold = np.arange(len(codes)) % _FOLDS
    learn = np.ones(len(labels), np.bool_) if learn is None else learn
    found = np.zeros(len(labels))
    for part in range(_FOLDS):
        here = fold == part
        taught = ~here & learn
        weights = logistic(codes[taught], levels, labels[taught])
        found[here] = _sigmoid(_scores(codes[here], levels, weights))
    return np.clip(found, 1e-9, 1 - 1e-9)


def logistic(codes: NDArray[np.int64], levels: list[int], labels: NDArray[np.bool_]) -> Floats:
    """Return the weights of a logistic regression over categorical features, by Newton's steps.

    Levels of a feature are columns beside each other, the last weight is the intercept; all
    but the intercept have a ridge.
    """
    cells, count, ones = _cells(codes, levels, labels)
    x = _one_hot(cells, levels)
    ridge = np.append(np.full(x.shape[1] - 1, _RIDGE), 1e-6)
    w = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = _sigmoid(x @ w)
        gradient = x.T @ (ones - count * p) - ridge * w
        hessian = (x * (count * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(hessian, gradient)
        w = w + step * min(1.0, 5.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-7:
            break
    return w


def _cells(
    codes: NDArray[np.int64], levels: list[int], labels: NDArray[np.bool_]
) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Return the distinct rows, how many there are of each, and how many of these are labelled."""
    key = np.ravel_multi_index(tuple(codes.T), tuple(levels))
    keys, place, count = np.unique(key, return_inverse=True, return_counts=True)
    ones = np.bincount(place, labels.astype(float), len(keys))
    cells = np.stack(np.unravel_index(keys, tuple(levels)), axis=1)
    return np.asarray(cells, np.int64), count.astype(float), np.asarray(ones, float)


def _one_hot(codes: NDArray[np.int64], levels: list[int]) -> Floats:
    x = np.zeros((len(codes), sum(levels) + 1))
    begin = np.concatenate([[0], np.cumsum(levels)[:-1]])
    np.put_along_axis(x, codes + begin[None, :], 1.0, axis=1)
    x[:, -1] = 1.0
    return x


def _scores(codes: NDArray[np.int64], levels: list[int], weights: Floats) -> Floats:
    begin = np.concatenate([[0], np.cumsum(levels)[:-1]])
    return np.asarray(weights[codes + begin[None, :]].sum(axis=1) + weights[-1])


def _sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(x, -40, 40))))
