"""What a site without channels of its own learns from the owner's other sites."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import cells, channels, counted, units

from darksocial.estimator import borrowing
from darksocial.estimator.fit import fit
from darksocial.estimator.propensity import propensity
from darksocial.estimator.result import IDENTIFIED, NOT, WEAKLY, Estimate

ALIKE = {
    "a.example": [("app WhatsApp", 300, 300)],
    "b.example": [("app WhatsApp", 150, 150), ("email GMX", 50, 50)],
    "c.example": [("app WhatsApp", 210, 200)],
}
APART = {"a.example": [("app WhatsApp", 540, 60)], "b.example": [("app WhatsApp", 60, 540)]}


def test_sites_that_are_alike_say_more_than_sites_that_differ() -> None:
    alike, apart = borrowing.borrowed(ALIKE), borrowing.borrowed(APART)
    assert alike is not None
    assert apart is not None
    assert alike.e == pytest.approx(0.5, abs=0.02)
    assert apart.e == pytest.approx(0.5, abs=0.02)
    assert alike.sites == ("a.example", "b.example", "c.example")
    assert apart.variance > 1 > 0.2 > alike.variance
    assert alike.visits > 10 * apart.visits


def test_one_other_site_is_too_few() -> None:
    assert borrowing.borrowed({"a.example": ALIKE["a.example"]}) is None
    assert borrowing.borrowed({**APART, "a.example": []}) is None
    assert borrowing.borrowed({}) is None


def test_what_is_borrowed_enters_as_one_more_channel_and_never_as_an_own_one() -> None:
    silent = counted(cells({"tagged": 1, "untagged": 1}), units(1, 1), channels())
    found = borrowing.borrowed(ALIKE)
    assert found is not None
    lent = borrowing.with_borrowed(silent, found)
    told = propensity(lent)
    assert told is not None
    assert told.channels == {"other sites": pytest.approx(0.5, abs=0.02)}
    assert borrowing.channel_sums(lent) == []
    assert borrowing.silent(lent)
    loud = counted(
        cells({"tagged": 1, "untagged": 1}), units(1, 1), channels(("app WhatsApp", 2, 200, 200))
    )
    assert not borrowing.silent(loud)
    assert borrowing.channel_sums(loud) == [("app WhatsApp", 200, 200)]


def test_a_borrowed_propensity_makes_an_estimate_where_tokens_alone_give_a_bound() -> None:
    looks = cells(
        *(
            {"half": half, "page": page, "length": page, "tagged": tagged, "untagged": untagged}
            for half in (0, 1)
            for page, tagged, untagged in ((3, 700, 1500), (1, 10, 4000))
        )
    )
    silent = counted(looks, units(1, 1.0), channels())
    alone = fit(silent).estimate
    assert alone.status == NOT
    found = borrowing.borrowed(ALIKE)
    assert found is not None
    lent = borrowing.said_so(fit(borrowing.with_borrowed(silent, found)).estimate, found)
    assert lent.share is not None
    assert lent.status == WEAKLY
    assert "borrowed from a.example, b.example and c.example" in lent.why


@pytest.mark.parametrize(("status", "then"), [(IDENTIFIED, WEAKLY), (WEAKLY, WEAKLY), (NOT, NOT)])
def test_what_rests_on_other_sites_is_weakly_identified_at_best(status: str, then: str) -> None:
    found = borrowing.Borrowed(("a.example", "b.example"), 0.5, 0.1)
    estimate = Estimate(1, 0.3, 0.2, 0.4, 0.5, status, "Two kinds of evidence agree.")
    assert borrowing.said_so(estimate, found).status == then


def test_the_spread_of_sites_is_found_again() -> None:
    """Sites drawn around logit 0 with a deviation of 0.6, each with many visits."""
    rng = np.random.default_rng(1)
    variances = []
    for _ in range(40):
        e = 1 / (1 + np.exp(-rng.normal(0, 0.6, 12)))
        tagged = rng.binomial(800, e)
        sites = {f"{k}": [("app", int(t), 800 - int(t))] for k, t in enumerate(tagged)}
        found = borrowing.borrowed(sites)
        assert found is not None
        variances.append(found.variance)
    expected = 0.6**2 * (1 + 1 / 12) + borrowing.USUAL_SPREAD**2
    assert np.mean(variances) == pytest.approx(expected, rel=0.2)
