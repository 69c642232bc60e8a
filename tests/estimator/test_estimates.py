"""Estimates through `ds.reclassify`, on simulated worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

import darksocial as ds
from darksocial.estimator.fit import few
from darksocial.estimator.result import IDENTIFIED, NOT, WEAKLY
from darksocial.frames import Result


@cache
def simulated(scenario: str, scale: float = 0.05, **options: Any) -> Any:
    return ds.simulate(scenario, seed=3, scale=scale, **options)


@cache
def reclassified(
    scenario: str, scale: float = 0.05, deployed: bool | None = None, **options: Any
) -> Result:
    hits = simulated(scenario, scale, **options).hits.to_pandas()
    return ds.reclassify(hits, tokens_deployed=deployed)


def truth(scenario: str, result: Result, **options: Any) -> np.ndarray:
    """Return for each visit left to the model whether it was a share."""
    table = simulated(scenario, **options).truth
    shared: Mapping[Any, bool] = dict(
        zip(table["arrival"].to_pylist(), table["shared"].to_pylist(), strict=True)
    )
    left = result.visits[result.visits["evidence"] == "model"]
    return np.array([shared[arrival] for arrival in left["arrival"]])


def test_the_interval_holds_the_truth_and_the_sources_are_named() -> None:
    result = reclassified("news")
    found = result.estimate
    share = truth("news", result).mean()
    assert found.status in (IDENTIFIED, WEAKLY)
    assert found.share is not None
    assert 0 <= found.low <= found.share <= found.high <= found.upper_bound <= 1
    assert found.low <= share <= found.high
    assert set(found.sources) == {"co_movement", "propensity", "composition", "mixture_bound"}
    assert found.visits == (result.visits["evidence"] == "model").sum()


def test_probabilities_add_up_rank_shares_first_and_make_no_labels() -> None:
    result = reclassified("news")
    left = result.visits[result.visits["evidence"] == "model"]
    shared = truth("news", result)
    assert set(left["channel"]) == {"direct"}
    assert left["probability"].mean() == pytest.approx(result.estimate.share)
    ranks = left["probability"].rank().to_numpy()
    ones, zeros = shared.sum(), (~shared).sum()
    assert (ranks[shared].sum() - ones * (ones + 1) / 2) / (ones * zeros) > 0.88
    assert all(reason.count(" (") == 3 for reason in left["reason"])
    seen = left[left["url_seen"].eq(True)]
    assert seen["probability"].max() <= 0.02


def test_answers_of_visitors_narrow_the_interval() -> None:
    without, asked = (reclassified("news", survey=number).estimate for number in (0, 300))
    assert "survey" in asked.sources
    assert asked.high - asked.low < without.high - without.low


def test_a_survey_alone_is_called_no_second_kind_of_evidence() -> None:
    hits = ds.simulate("b2b_blog", scale=0.02, days=7, survey=300).hits
    found = ds.reclassify(hits).estimate
    assert set(found.sources) == {"survey", "mixture_bound"}
    assert found.status == IDENTIFIED
    assert "no second kind" in found.why


def test_tokens_of_a_site_that_is_said_to_have_none_are_not_denied() -> None:
    found = reclassified("b2b_blog", 0.2, False).estimate
    assert found.certain
    assert (found.status, found.why[:11]) == (NOT, "It was said")


@pytest.mark.parametrize("reported", [True, False])
def test_shuffled_tokens_never_make_a_confident_positive(reported: bool) -> None:
    """Neither where shares say on which page a token was made, nor where none was reported."""
    hits = simulated("news", 0.03, shuffled=True).hits.to_pandas()
    result = ds.reclassify(hits if reported else hits[hits["kind"] != "share"])
    assert result.estimate.status == NOT
    assert (result.estimate.share, result.estimate.low) == (None, 0.0)
    assert result.visits.loc[result.visits["evidence"] == "model", "probability"].isna().all()


@pytest.mark.parametrize(
    ("tagged", "said"), [(1, "Only 1 visit carried"), (2, "Only 2 visits carried")]
)
def test_few_tokens_are_counted_in_words(tagged: int, said: str) -> None:
    assert few(tagged).startswith(said)


@pytest.mark.parametrize(("deployed", "most"), [(None, 1.0), (False, 1.0), (True, 0.02)])
def test_no_tokens_mean_nothing_or_little(deployed: bool | None, most: float) -> None:
    found = reclassified("no_shares", 0.1, deployed).estimate
    assert (found.status, found.share, found.low) == (NOT, None, 0.0)
    assert 0 < found.high <= most
    assert found.upper_bound == found.high


def test_the_same_hits_and_seed_give_the_same_estimate() -> None:
    hits = simulated("b2b_blog", 0.2).hits
    one, other = (ds.reclassify(hits, seed=5).estimate for _ in range(2))
    assert one == other


def test_probabilities_add_up_where_many_readers_had_seen_the_page() -> None:
    result = reclassified("returning_heavy")
    left = result.visits[result.visits["evidence"] == "model"]
    assert left["probability"].mean() == pytest.approx(result.estimate.share)
    whole = result.report("estimate").summary
    direct = result.estimate.by("channel")[0]
    assert (direct.part, direct.rest) == ("direct", whole["rest"])
    for name in ("estimated", "low", "high", "at_most"):
        assert getattr(direct, name) == pytest.approx(whole[name], rel=0.002), name


def test_the_report_of_a_frame_says_what_the_estimate_adds() -> None:
    result = reclassified("news")
    found = result.report("overview").summary["estimate"]
    share = result.estimate.share
    assert share is not None
    assert found["estimated"] == pytest.approx(share * result.estimate.visits)
    assert found["low"] < found["estimated"] < found["high"] <= found["at_most"]
    assert sum(day["rest"] for day in found["by"]["day"]) == result.estimate.visits
