"""What is too unlikely to be chance: tails of a Poisson law, for counts that come in bursts too.

Likes and comments vary more than a Poisson law says. How much more is taken from the days before,
as in quasi-Poisson surveillance (Farrington and others 1996, J. R. Statist. Soc. A 159, 547-563):
counts and mean are divided by the dispersion that was found.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

UNLIKELY = 1e-5
_NOTHING = 1e-30


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted in so many days."""

    n: int
    days: int = 1


@dataclass(frozen=True, slots=True)
class Usual:
    """What came before: a mean per day, and by how much it varies more than a Poisson law (1)."""

    rate: float
    dispersion: float

    def burst(self, found: Count) -> bool:
        """Return whether a count is too high for chance."""
        mean = self.rate * found.days / self.dispersion
        return chance(math.floor(found.n / self.dispersion), mean) < UNLIKELY

    def drop(self, found: Count) -> bool:
        """Return whether a count is too low for chance."""
        mean = self.rate * found.days / self.dispersion
        return 1.0 - chance(math.ceil(found.n / self.dispersion) + 1, mean) < UNLIKELY


def usual(counts: Sequence[Count]) -> Usual:
    """Return what is usual by two counts or more, the dispersion by Pearson's statistic.

    The mean has one more than was seen: what never had anything is no certainty either.
    """
    rate = (sum(one.n for one in counts) + 1) / sum(one.days for one in counts)
    errors = ((one.n - rate * one.days) ** 2 / (rate * one.days) for one in counts)
    return Usual(rate, max(1.0, sum(errors) / (len(counts) - 1)))


def chance(found: int, mean: float) -> float:
    """Return P(X >= found) for X ~ Poisson(mean)."""
    if found <= 0:
        return 1.0
    if found <= mean:  # the smaller tail is the one that a sum from its largest term gets right
        return 1.0 - _below(found, mean)
    term = _at(found, mean)
    total, number = 0.0, found
    while term > _NOTHING and number < found + 10_000:
        total += term
        number += 1
        term *= mean / number
    return min(1.0, total)


def _below(found: int, mean: float) -> float:
    """Return P(X < found), where `found` is at most the mean."""
    number = found - 1
    term = _at(number, mean)
    total = 0.0
    while term > _NOTHING and number >= 0:
        total += term
        term *= number / mean
        number -= 1
    return min(1.0, total)


def _at(number: int, mean: float) -> float:
    """Return P(X = number); as an exponential, exact also where it is far out."""
    if mean <= 0:
        return 0.0 if number else 1.0
    return math.exp(number * math.log(mean) - mean - math.lgamma(number + 1))
