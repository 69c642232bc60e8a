"""`darksocial fit` and `darksocial validate`, and what they say in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from darksocial.cli.fit import estimate_text, validation_text
from darksocial.cli.main import main
from darksocial.estimator import stored
from darksocial.estimator.result import IDENTIFIED, NOT, Estimate
from darksocial.estimator.validation import Control, Recovery, Validation, tail

FOUND = Estimate(2000, 0.3, 0.2, 0.41, 0.5, IDENTIFIED, "Both agree.", {"co_movement": 0.25})
BOUNDS = Estimate(2000, None, 0.0, 0.5, 0.5, NOT, "Too few.", {})


@pytest.mark.parametrize("command", ["fit", "validate"])
def test_a_site_without_visits_is_told_the_way_out(command: str, tmp_path: Path) -> None:
    store = f"chdb://{tmp_path / 'store'}"
    runner = CliRunner()
    added = runner.invoke(main, ["site", "add", "example.com", "--store", store])
    assert added.exit_code == 0, added.output
    answer = runner.invoke(main, [command, "--site", "example.com", "--store", store])
    assert answer.exit_code == 1
    assert "Nothing is published of example.com yet" in answer.output


def test_an_estimate_is_told_with_its_interval_and_status() -> None:
    text = estimate_text(FOUND)
    assert "Of 2,000 untagged direct visits about 30% were shares" in text
    assert "(90 % interval 20% to 41%)" in text
    assert "Identified. Both agree." in text
    assert "at most 50% were shares" in estimate_text(BOUNDS)


def test_a_validation_speaks_of_sensitivity_and_never_of_accuracy() -> None:
    recoveries = [Recovery("at random", 100, 90, 40, 150), Recovery("by day", 80, 40, 10, 90)]
    controls = [Control("campaigns without their parameters", 200, 10)]
    text = validation_text(Validation(0.3, recoveries, controls, 0.01))
    assert "Sensitivity range: 50% to 90% of what was hidden is found again" in text
    assert "no measure of accuracy" in text
    assert "(passed)" in text
    assert "p = 0.010" in text


def test_a_control_fails_where_the_estimate_follows_what_is_no_share() -> None:
    assert Control("a", 100, 20).passed
    assert not Control("a", 100, 60).passed


@pytest.mark.parametrize(("value", "freedom", "p"), [(3.841, 1, 0.05), (18.307, 10, 0.05)])
def test_the_tail_of_chi_square(value: float, freedom: int, p: float) -> None:
    assert tail(value, freedom) == pytest.approx(p, abs=0.005)


def test_sources_that_moved_between_two_fits_are_named() -> None:
    def kept(share: float) -> stored.StoredFit:
        day = stored.date(2026, 1, 1)
        estimate = Estimate(1, 0.3, 0.2, 0.4, 0.5, IDENTIFIED, "", {"co_movement": share})
        return stored.StoredFit(1, "0", day, day, 1, 1, estimate, None)

    assert stored.drifted([kept(0.3), kept(0.28)]) == []
    assert stored.drifted([kept(0.6), kept(0.28)]) == ["co movement says 60% where it said 28%"]
    assert stored.drifted([kept(0.6)]) == []
