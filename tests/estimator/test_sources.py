"""Each source alone, on counts whose truth is known."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from worlds import cells, channels, counted, units

from darksocial.estimator import pooling
from darksocial.estimator.bounds import mixture_bound
from darksocial.estimator.comovement import co_movement, empty_units
from darksocial.estimator.counts import Counts
from darksocial.estimator.devices import by_looks, device_ratio
from darksocial.estimator.jackknife import spread
from darksocial.estimator.propensity import propensity
from darksocial.estimator.scoring import fit_weights

NO_CELLS = cells({"tagged": 1, "untagged": 1})
NO_CHANNELS = channels()


@pytest.mark.parametrize("rho", [0.5, 1.0, 3.0])
def test_co_movement_finds_the_untagged_visits_beside_each_tagged_one(rho: float) -> None:
    found = [co_movement(counted(NO_CELLS, units(seed, rho), NO_CHANNELS)) for seed in range(8)]
    slopes = np.array([pair[0] for pair in found if pair])
    errors = np.array([pair[1] for pair in found if pair])
    assert abs(slopes.mean() - rho) < 3 * errors.mean() / np.sqrt(len(slopes))
    assert 0.3 < slopes.std() / errors.mean() < 3


def test_plain_regression_on_the_same_counts_is_attenuated() -> None:
    """Counts of few visits are noisy, and noise in a regressor pulls its slope towards zero."""
    plain, split = [], []
    for seed in range(6):
        table = units(seed, 3.0)
        tagged = np.array(table["tagged_a"]) + np.array(table["tagged_b"])
        search = np.array(table["search_a"]) + np.array(table["search_b"])
        x = np.stack([np.ones(len(tagged)), search, tagged], axis=1).astype(float)
        y = np.array(table["untagged"]).astype(float)
        plain.append(np.linalg.lstsq(x, y, rcond=None)[0][2])
        found = co_movement(counted(NO_CELLS, table, NO_CHANNELS))
        assert found is not None
        split.append(found[0])
    assert np.mean(plain) < 2.7
    assert np.mean(split) == pytest.approx(3.0, abs=0.2)


def with_column(table: pa.Table, name: str, values: np.ndarray) -> pa.Table:
    return table.set_column(table.column_names.index(name), name, [values])


def test_visits_of_those_who_had_seen_the_page_lower_a_slope_that_they_share() -> None:
    table = units(2, 1.0, pages=800)
    tagged = np.array(table["tagged_a"]) + np.array(table["tagged_b"])
    # Fans: they come back by themselves, and where they do they share.
    followed = with_column(table, "untagged", np.array(table["untagged"]) + tagged)
    naive = co_movement(counted(NO_CELLS, followed, NO_CHANNELS))
    for half in "ab":
        famous = np.array(table["search_a"]) + np.array(table["search_b"])
        followed = with_column(followed, f"seen_{half}", (famous + tagged) // 4)
    found = co_movement(counted(NO_CELLS, followed, NO_CHANNELS))
    assert naive is not None
    assert found is not None
    assert naive[0] > 1.8
    assert found[0] < naive[0] - 0.3


def test_a_letter_to_one_page_hardly_moves_the_regression() -> None:
    table = units(3, 1.0)
    sent = np.array(table["untagged"]).copy()
    sent[int(np.argmax(np.array(table["tagged_a"]) + np.array(table["tagged_b"])))] += 3000
    before = co_movement(counted(NO_CELLS, table, NO_CHANNELS))
    after = co_movement(counted(NO_CELLS, with_column(table, "untagged", sent), NO_CHANNELS))
    assert before is not None
    assert after is not None
    assert abs(after[0] - before[0]) < 0.35


def test_co_movement_says_nothing_about_few_pages() -> None:
    assert co_movement(counted(NO_CELLS, units(1, 1.0, pages=5), NO_CHANNELS)) is None


def test_windows_without_any_visit_count_from_the_first_one_on() -> None:
    table = units(1, 1.0, pages=20, windows=8)
    kept = table.filter([place != 3 for place in table["place"].to_pylist()])
    assert empty_units(counted(NO_CELLS, kept, NO_CHANNELS)).sum() == 20


def test_the_propensity_is_the_mean_of_channels_and_their_spread_its_error() -> None:
    alike = propensity(
        counted(NO_CELLS, units(1, 1), channels(("app", 2, 400, 400), ("mail", 1, 400, 400)))
    )
    apart = propensity(
        counted(NO_CELLS, units(1, 1), channels(("app", 2, 720, 80), ("mail", 1, 80, 720)))
    )
    assert alike is not None
    assert apart is not None
    assert alike.e == pytest.approx(0.5, abs=0.01)
    assert apart.e == pytest.approx(0.5, abs=0.01)
    assert apart.error > 3 * alike.error
    assert apart.channels["app"] == pytest.approx(0.9, abs=0.01)


def test_channels_that_hardly_show_say_nothing() -> None:
    assert propensity(counted(NO_CELLS, units(1, 1), NO_CHANNELS)) is None


def test_devices_whose_links_lose_their_tokens_weigh_more() -> None:
    seen = channels(("app", 1, 800, 200), ("app", 2, 200, 800))
    ratio = device_ratio(counted(NO_CELLS, units(1, 1), seen))
    assert ratio[2] > 4 * ratio[1]
    assert ratio[2] == pytest.approx(1, abs=1e-6)  # where all tagged visits are: the average
    assert device_ratio(counted(NO_CELLS, units(1, 1), NO_CHANNELS)).tolist() == [1, 1, 1, 1]


def halves(*rows: dict[str, int]) -> list[dict[str, int]]:
    return [row | {"half": half} for row in rows for half in (0, 1)]


def lossy_phones() -> pa.Table:
    """Deep pages: beside each tagged visit one untagged one of a share on desktops, four on phones.
    Front pages: others, alike on both."""
    return cells(
        *halves(
            {"page": 3, "device": 1, "tagged": 500, "untagged": 500},
            {"page": 3, "device": 2, "tagged": 500, "untagged": 2000},
            {"page": 1, "device": 1, "tagged": 5, "untagged": 4000},
            {"page": 1, "device": 2, "tagged": 5, "untagged": 4000},
        )
    )


def test_where_nearly_all_are_shares_the_devices_that_lose_tokens_show() -> None:
    found = counted(lossy_phones(), units(1, 1), NO_CHANNELS)
    log = by_looks(found)
    assert log[2] - log[1] == pytest.approx(np.log(4), abs=0.02)
    ratio = device_ratio(found)
    assert ratio[2] / ratio[1] == pytest.approx(4, rel=0.02)


def test_the_bound_holds_where_phones_lose_more_tokens() -> None:
    """2,500 of 10,500 untagged visits are shares; bounded by devices taken together it is less."""
    found = counted(lossy_phones(), units(1, 1), NO_CHANNELS)
    assert mixture_bound(found, np.ones(4)).share < 2500 / 10_500
    assert 2500 / 10_500 <= mixture_bound(found, device_ratio(found)).share < 0.27


def test_the_bound_is_what_untagged_visits_have_of_the_tagged_ones_look() -> None:
    # Deep pages: all tagged visits and 300 of 1,000 untagged ones.
    mixed = cells(
        *halves(
            {"page": 3, "tagged": 2000, "untagged": 3000},
            {"page": 1, "length": 1, "tagged": 0, "untagged": 7000},
        )
    )
    found = mixture_bound(counted(mixed, units(1, 1), NO_CHANNELS), np.ones(4))
    assert 0.3 <= found.share < 0.34
    assert found.contrast > 0.8


def test_tokens_dealt_at_random_bound_nothing_and_look_like_the_rest() -> None:
    same = cells(
        *halves(
            {"page": 3, "tagged": 300, "untagged": 3000},
            {"page": 1, "tagged": 700, "untagged": 7000},
        )
    )
    found = mixture_bound(counted(same, units(1, 1), NO_CHANNELS), np.ones(4))
    assert found.share > 0.95
    assert found.contrast == pytest.approx(0.5, abs=0.03)


def pooled(*rhos: float) -> list[float]:
    """Return the ends and the middle of what propensities with these rho say together."""
    found = [pooling.from_propensity(1 / (1 + rho), 0.2, 5000, 1.0) for rho in rhos]
    return pooling.quantiles(pooling.pool(found, 100.0), 0.05, 0.5, 0.95)


def width(*rhos: float) -> float:
    low, _, high = pooled(*rhos)
    return float(np.log(high / low))


def with_lengths(groups: dict[int, int]) -> Counts:
    """Untagged visits with long and with short addresses alike; `groups` has the tagged ones with
    long addresses by group of pages, and as many with short ones are spread over all groups."""
    rows = [{"length": code, "untagged": 5000, "grp": 0} for code in (1, 4)]
    rows += [{"length": 1, "tagged": 10, "grp": group} for group in range(20)]
    rows += [{"length": 4, "tagged": tagged, "grp": group} for group, tagged in groups.items()]
    return counted(
        cells(*({"tagged": 0, "untagged": 0} | row for row in rows)), units(1, 1), NO_CHANNELS
    )


def test_what_tagged_visits_of_one_page_have_in_common_says_little() -> None:
    even = fit_weights(with_lengths(dict.fromkeys(range(20), 30)), 2000.0, np.ones(4))
    lone = fit_weights(with_lengths({7: 600}), 2000.0, np.ones(4))
    apart = [found.levels["length"][4] - found.levels["length"][1] for found in (even, lone)]
    assert apart[0] > 0.9
    assert 0 <= apart[1] < 0.5 * apart[0]


def test_weights_of_neighbouring_levels_are_drawn_towards_each_other() -> None:
    rows = [
        {"busy": code, "tagged": 30 * code, "untagged": 2000, "grp": g}
        for code in (1, 2, 6)
        for g in range(5)
    ]
    rows += [{"busy": 4, "tagged": 0, "untagged": 1, "grp": 0}]
    levels = fit_weights(
        counted(cells(*rows), units(1, 1), NO_CHANNELS), 3000.0, np.ones(4)
    ).levels["busy"]
    assert levels[1] < levels[2] <= levels[4] < levels[6]


def test_two_sources_that_agree_narrow_the_interval_and_two_that_differ_widen_it() -> None:
    assert width(1.0, 1.0) < width(1.0) < width(1.0, 6.0)


def test_of_three_sources_the_odd_one_out_loses_its_weight() -> None:
    assert pooled(1.0, 1.1, 8.0)[1] == pytest.approx(1.1, rel=0.15)


def test_a_regression_is_rather_too_high_than_too_low() -> None:
    alone = pooling.pool([pooling.from_regression(2.0, 0.05)], 100.0)
    low, middle, high = pooling.quantiles(alone, 0.05, 0.5, 0.95)
    assert 1.4 < middle < 2.0
    assert np.log(2.0 / low) > 1.3 * np.log(high / 2.0)


def test_a_wide_source_does_not_blur_a_sharp_one_that_it_hardly_contradicts() -> None:
    sharp = pooling.from_propensity(0.5, 0.1, 50_000, 1.0)
    vague = pooling.from_regression(0.2, 0.8)
    low, middle, high = pooling.quantiles(pooling.pool([sharp, vague], 100.0), 0.05, 0.5, 0.95)
    assert middle == pytest.approx(1.0, rel=0.1)
    assert high / low < 2.6


def test_an_ordinary_bound_lies_some_way_above_the_share_that_it_speaks_for() -> None:
    looks = pooling.resemblance(0.4, 0.5)
    shares = 0.5 * pooling.RHO
    best = float(shares[int(np.argmax(looks))])
    assert 0.2 < best < 0.3
    assert looks[shares < 0.01].max() > looks.max() - 2


def test_nothing_lies_above_what_the_bound_allows() -> None:
    pooled = pooling.pool([pooling.from_regression(5.0, 0.1)], 2.0)
    assert pooling.quantiles(pooled, 0.95)[0] <= 2.0


def test_answers_of_visitors_outweigh_the_sources() -> None:
    asked = pooling.from_survey(150, 300, 1000, 2000)
    pooled = pooling.pool([pooling.from_regression(4.0, 1.0), asked], 100.0)
    assert pooling.quantiles(pooled, 0.5)[0] == pytest.approx(1.0, abs=0.15)


def test_the_jackknife_gives_the_error_of_a_mean() -> None:
    values = np.array([1.0, 2.0, 3.0, 4.0])
    left_out = (values.sum() - values) / 3
    assert spread(left_out) == pytest.approx(values.std(ddof=1) / 2)
