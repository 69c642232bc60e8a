"""What is too unlikely to be chance: tails of a Poisson law, and of one for counts in bursts.

Likes and comments vary more than a Poisson law says. How much more is taken from the days before,
by Pearson's statistic, as in the surveillance of outbreaks (Farrington and others 1996, J. R.
Statist. Soc. A 159, 547-563); a negative binomial law of that dispersion (its variance divided by
its mean) then says what is likely (Noufaily and others 2013, Statist. Med. 32, 1206-1222).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

UNLIKELY = 1e-5
NEARLY_POISSON = 1.01
STEADY = 5.0  # the shape below which nothing is too little: days differ by half of the mean
_NOTHING = 1e-30
_MANY = 10_000


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
        return chance(found.n, self.rate * found.days, self.dispersion) < UNLIKELY

    def drop(self, found: Count) -> bool:
        """Return whether a count is too low for chance."""
        mean = self.rate * found.days
        if found.n >= mean or mean < STEADY * (self.dispersion - 1):
            return False
        return 1.0 - chance(found.n + 1, mean, self.dispersion) < UNLIKELY


def usual(counts: Sequence[Count]) -> Usual:
    """Return what is usual by two counts or more, the dispersion by Pearson's statistic.

    The mean has one more than was seen: what never had anything is no certainty either.
    """
    rate = (sum(one.n for one in counts) + 1) / sum(one.days for one in counts)
    errors = ((one.n - rate * one.days) ** 2 / (rate * one.days) for one in counts)
    return Usual(rate, max(1.0, sum(errors) / (len(counts) - 1)))


def times_apart(found: float, expected: float) -> float:
    """Return how many times as many as expected were found, or the other way round."""
    return max(found / expected, expected / found)


def chance(found: int, mean: float, dispersion: float = 1.0) -> float:
    """Return P(X >= found) for X of a Poisson law with that mean, or of one that varies more."""
    if found <= 0:
        return 1.0
    if mean <= 0:
        return 0.0
    law = _Law(mean, dispersion if dispersion >= NEARLY_POISSON else 1.0)
    if found > _MANY and law.dispersion > 1:  # in larger units; the shape stays
        law = _Law(mean * _MANY / found, 1 + (dispersion - 1) * _MANY / found)
        found = _MANY
    # The smaller tail is the one that a sum from its largest term gets right.
    return 1.0 - law.below(found) if found <= law.mean else law.from_(found)


@dataclass(frozen=True, slots=True)
class _Law:
    """A Poisson law (dispersion 1), or a negative binomial one."""

    mean: float
    dispersion: float

    def from_(self, found: int) -> float:
        """Return P(X >= found), `found` above the mean; what many terms leave out is bounded."""
        term, total, number = self._at(found), 0.0, found
        while term > _NOTHING and number < found + _MANY:
            total += term
            term *= self._ratio(number)
            number += 1
        slowest = max(self._ratio(number), 1 - 1 / self.dispersion)
        return min(1.0, total + term / (1 - slowest))

    def below(self, found: int) -> float:
        """Return P(X < found), `found` at most the mean."""
        number = found - 1
        term, total = self._at(number), 0.0
        while term > _NOTHING and number >= 0:
            total += term
            number -= 1
            term = term / self._ratio(number) if number >= 0 else 0.0
        return min(1.0, total)

    def _ratio(self, number: int) -> float:
        """Return P(X = number + 1) / P(X = number)."""
        if self.dispersion == 1:
            return self.mean / (number + 1)
        shape = self.mean / (self.dispersion - 1)
        return (number + shape) / (number + 1) * (1 - 1 / self.dispersion)

    def _at(self, number: int) -> float:
        """Return P(X = number); as an exponential, exact also where it is far out."""
        if self.dispersion == 1:
            power = number * math.log(self.mean) - self.mean
        else:
            shape = self.mean / (self.dispersion - 1)
            power = math.lgamma(number + shape) - math.lgamma(shape)
            power += number * math.log1p(-1 / self.dispersion) - shape * math.log(self.dispersion)
        return math.exp(power - math.lgamma(number + 1))
