"""The methods on visits of which the answer is known."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import numpy as np
import pyarrow as pa
import pytest

from darksocial.baselines import BASELINES, bbe, deep_link, elkan_noto, ga4, supervised
from darksocial.baselines.methods import logistic

HOME, DEEP = "https://example.com/", "https://example.com/city/a-story-{}"
BEGIN = datetime(2026, 9, 1, tzinfo=timezone.utc)


def world(count: int, shared: float, propensity: float, overlap: float) -> tuple[pa.Table, list]:
    """Return visits and which were passed on: those land on deep pages that are not known yet.

    `overlap` is the part of the others that do so as well; tokens are missing at random.
    """
    rng = np.random.default_rng(3)
    passed_on = rng.random(count) < shared
    token = passed_on & (rng.random(count) < propensity)
    deep = passed_on | (rng.random(count) < overlap)
    pages = rng.integers(0, 300, count)
    seconds = np.sort(rng.integers(0, 86400 * 14, count))
    table = pa.table(
        {
            "ts": [BEGIN + timedelta(seconds=int(one)) for one in seconds],
            "url": [DEEP.format(p) if d else HOME for p, d in zip(pages, deep, strict=True)],
            "token": [f"T{n}" if one else None for n, one in enumerate(token)],
            "returning": (~deep).tolist(),
            "evidence": np.where(token, "token", "model").tolist(),
        }
    )
    return table, passed_on.tolist()


def true_share(table: pa.Table, passed_on: list) -> float:
    rest = np.asarray(table["evidence"].to_pylist()) == "model"
    return float(np.asarray(passed_on)[rest].mean())


def test_the_methods_have_names() -> None:
    assert dict(BASELINES) == {
        "deep_link": deep_link, "ga4": ga4, "elkan_noto": elkan_noto, "bbe": bbe,
    }  # fmt: skip


def literal() -> pa.Table:
    return pa.table(
        {
            "ts": [BEGIN] * 5,
            "url": [HOME, "https://example.com/city/", DEEP, DEEP, DEEP],
            "evidence": ["model", "model", "model", "token", "referrer"],
        }
    )


def test_deep_links_are_dark_social_to_chartbeat() -> None:
    answer = deep_link(literal())
    assert answer.share == pytest.approx(1 / 3)
    np.testing.assert_array_equal(answer.probability, [0, 0, 1, np.nan, np.nan])


def test_ga4_leaves_all_in_direct() -> None:
    answer = ga4(literal())
    assert answer.share == 0
    np.testing.assert_array_equal(answer.probability, [0, 0, 0, np.nan, np.nan])


def test_elkan_noto_is_right_where_classes_are_apart_and_tokens_missing_at_random() -> None:
    table, passed_on = world(20_000, 0.3, 0.4, overlap=0.0)
    # A little too low: what exceeds 1 is cut, what falls below it stays.
    assert elkan_noto(table).share == pytest.approx(true_share(table, passed_on), abs=0.02)


def test_elkan_noto_is_too_high_where_classes_overlap() -> None:
    table, passed_on = world(20_000, 0.3, 0.4, overlap=0.3)
    assert elkan_noto(table).share > true_share(table, passed_on) + 0.05


@pytest.mark.parametrize("overlap", [0.0, 0.3])
def test_bbe_is_an_upper_bound(overlap: float) -> None:
    table, passed_on = world(20_000, 0.3, 0.4, overlap)
    share = bbe(table).share
    assert share >= true_share(table, passed_on) - 0.02
    assert share <= true_share(table, passed_on) + overlap + 0.02


@pytest.mark.parametrize("method", [elkan_noto, bbe])
def test_without_tokens_nothing_can_be_learned(method: object) -> None:
    table, _ = world(500, 0.3, 0.0, overlap=0.1)
    assert method(table).share == 0  # type: ignore[operator]


@pytest.mark.parametrize("name", sorted(BASELINES))
def test_probabilities_are_probabilities_of_the_visits_left_to_the_model(name: str) -> None:
    table, _ = world(5_000, 0.3, 0.4, overlap=0.2)
    answer = BASELINES[name](table)
    rest = np.asarray(table["evidence"].to_pylist()) == "model"
    np.testing.assert_array_equal(np.isnan(answer.probability), ~rest)
    assert answer.probability[rest].min() >= 0
    assert answer.probability[rest].max() <= 1


def test_the_ceiling_has_learned_the_truth() -> None:
    table, passed_on = world(20_000, 0.3, 0.4, overlap=0.0)
    answer = supervised(table, np.asarray(passed_on))
    rest = ~np.isnan(answer.probability)
    truth = np.asarray(passed_on)[rest]
    assert answer.probability[rest][truth].min() > 0.9
    assert answer.probability[rest][~truth].max() < 0.1


def test_the_logistic_regression_finds_the_odds_of_each_level() -> None:
    codes = np.repeat([[0], [1]], 10_000, axis=0)
    labels = np.concatenate([np.arange(10_000) < 2_000, np.arange(10_000) < 7_000])
    weights = logistic(codes, [2], labels)
    chance = 1 / (1 + np.exp(-(weights[:2] + weights[2])))
    np.testing.assert_allclose(chance, [0.2, 0.7], atol=0.001)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_every_kind_of_frame_gives_the_same_answer(library: str) -> None:
    pytest.importorskip(library, reason=f"{library} is not installed")
    table, _ = world(2_000, 0.3, 0.4, overlap=0.2)
    expected = elkan_noto(table)
    if library == "pandas":
        answer = elkan_noto(table.to_pandas())
    else:
        import polars

        answer = elkan_noto(polars.from_arrow(table))
    assert answer.share == pytest.approx(expected.share)
    np.testing.assert_allclose(answer.probability, expected.probability)
