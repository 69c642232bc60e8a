"""What untagged visits are made up of, read from visits of known origin."""

from __future__ import annotations

import numpy as np
import pytest
from worlds import cells, channels, counted, public, units

from darksocial.estimator import pooling
from darksocial.estimator.composition import Composition, composition, fractions
from darksocial.estimator.counts import GROUPS, Counts

# How often visits of each kind come at a calm hour and in a burst soon after a share.
CALM = {"page": 3, "shared": 1, "sharing": 1, "busy": 2, "burst": 1, "age": 4}
BURST = {"page": 3, "shared": 5, "sharing": 4, "busy": 4, "burst": 5, "age": 2}
SEEN, NEW = 3, 1


def made_up(shares: int, others: int, known: bool = True) -> Counts:
    """A site whose untagged visits of deep pages are so many shares and others, in each group.

    Of shares four in five come in bursts, of others and of search visits one in five.
    """
    rows = []
    beside = []
    for grp in range(GROUPS):
        for look, part, rest in ((CALM, 1, 4), (BURST, 4, 1)):
            drawn = {"grp": grp, "untagged": (shares * part + others * rest) // 5}
            rows.append(look | drawn | {"visitor_kind": NEW, "tagged": 20 * part})
            beside.append(look | {"grp": grp, "search": 40 * rest, "public": 20 * rest})
    rows.append(CALM | {"page": 1, "grp": 0, "tagged": 0, "untagged": 9000})
    looks = public(*beside) if known else public()
    return counted(cells(*rows), units(1, 1), channels(), looks)


@pytest.mark.parametrize(("shares", "others"), [(10, 90), (50, 50), (80, 20)])
def test_the_part_that_comes_when_shares_come_is_found(shares: int, others: int) -> None:
    found = composition(made_up(shares, others))
    assert found is not None
    assert found.share == pytest.approx(shares / 100, abs=0.01)
    assert found.error < 0.01
    assert (found.tagged, found.untagged) == (100 * GROUPS, 100 * GROUPS)


def test_readers_who_had_seen_the_page_stand_for_those_who_come_back() -> None:
    """Others come at an hour of their own, which no search visit knows of."""
    late = CALM | {"busy": 6, "burst": 2, "sharing": 5}
    rows = [{"grp": g, "tagged": 0, "untagged": 0} | more for g in range(GROUPS) for more in (
        BURST | {"visitor_kind": NEW, "tagged": 50, "untagged": 30},
        late | {"visitor_kind": NEW, "untagged": 70},
        late | {"visitor_kind": SEEN, "untagged": 40},
    )]  # fmt: skip
    beside = public(*(CALM | {"grp": g, "search": 50} for g in range(GROUPS)))
    found = composition(counted(cells(*rows), units(1, 1), channels(), beside))
    assert found is not None
    assert found.share == pytest.approx(0.3, abs=0.01)


def test_where_no_visit_has_a_known_origin_nothing_is_said() -> None:
    assert composition(made_up(50, 50, known=False)) is None


def test_pages_that_differ_make_for_an_error() -> None:
    """One group of pages has all the shares of the untagged visits."""
    rows, beside = [], []
    for grp in range(GROUPS):
        untagged = 2000 if grp == 7 else 0
        rows.append(BURST | {"grp": grp, "visitor_kind": NEW, "tagged": 50, "untagged": untagged})
        rows.append(CALM | {"grp": grp, "visitor_kind": NEW, "tagged": 0, "untagged": 100})
        beside.append(CALM | {"grp": grp, "search": 100})
    found = composition(counted(cells(*rows), units(1, 1), channels(), public(*beside)))
    assert found is not None
    assert found.share == pytest.approx(0.5, abs=0.02)
    assert found.error > 0.3


@pytest.mark.parametrize(
    ("rest", "parts"),
    [((0.5, 0.5), (0.5, 0.5, 0)), ((1.5, -0.5), (1, 0, 0)), ((0.2, 0.2), (0.2, 0.2, 0.6))],
)
def test_fractions_add_up_and_none_is_below_nothing(
    rest: tuple[float, float], parts: tuple[float, float, float]
) -> None:
    kinds = np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])
    assert fractions(kinds, np.array(rest), np.ones(2)) == pytest.approx(np.array(parts), abs=1e-9)


def test_a_composition_narrows_a_wide_ratio_where_most_visits_are_shares() -> None:
    ratio = pooling.from_propensity(0.25, 0.4, 5000, 1.0)
    most = pooling.from_composition(Composition(0.75, 0.03, 1000, 4000))
    few = pooling.from_composition(Composition(0.06, 0.03, 200, 10_000))
    widths = []
    for sources in ([ratio], [ratio, most], [ratio, few]):
        low, middle, high = pooling.quantiles(pooling.pool(sources, 100.0), 0.05, 0.5, 0.95)
        widths.append(np.log(high / low))
        assert middle == pytest.approx(3.0, rel=0.15)
    assert widths[1] < 0.85 * widths[0]
    assert widths[2] > 0.9 * widths[0]


def test_a_composition_is_rather_too_high_than_too_low() -> None:
    alone = pooling.from_composition(Composition(0.5, 0.02, 2000, 4000))
    likelihood = np.exp(alone.log_likelihood)
    below, above = (likelihood[int(np.abs(pooling.RHO - rho).argmin())] for rho in (0.5, 1.5))
    assert below > 2 * above  # a quarter of the visits is likelier than three quarters
    assert pooling.RHO[int(likelihood.argmax())] == pytest.approx(1.0, abs=0.05)
    assert (alone.level, alone.exact) == (False, False)
