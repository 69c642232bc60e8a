"""`darksocial fit` and `darksocial validate`, and what they say in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from darksocial.cli.fit import validation_text
from darksocial.cli.main import main
from darksocial.estimator.result import IDENTIFIED, NOT
from darksocial.estimator.validation import Control, Diagnostic, Recovery, Validation
from darksocial.reports.estimate import estimate_text

FOUND = {
    "status": IDENTIFIED,
    "why": "Both agree.",
    "certain": 120,
    "near_certain": 80,
    "rest": 2100,
    "unscored": 100,
    "estimated": 600.0,
    "low": 400.0,
    "high": 820.0,
    "at_most": 1000.0,
    "sources": {"co_movement": 0.25},
    "fit": "77",
    "fitted": "2026-11-02T08:00:00+00:00",
    "fitted_from": "2026-10-05",
    "fitted_to": "2026-11-01",
    "library": "0.1.0",
    "alarms": ["co movement says 60% where it said 28%"],
    "due": ["8 days came since"],
}
NONE = {"estimated": None, "low": None, "high": None, "unscored": 0}
BOUNDS = FOUND | NONE | {"status": NOT, "why": "Too few."}


@pytest.mark.parametrize("command", ["fit", "validate"])
def test_a_site_without_visits_is_told_the_way_out(command: str, tmp_path: Path) -> None:
    store = f"chdb://{tmp_path / 'store'}"
    runner = CliRunner()
    added = runner.invoke(main, ["site", "add", "example.com", "--store", store])
    assert added.exit_code == 0, added.output
    answer = runner.invoke(main, [command, "--site", "example.com", "--store", store])
    assert answer.exit_code == 1
    assert "Nothing is published of example.com yet" in answer.output


def test_an_estimate_is_told_with_its_interval_its_sources_and_its_fit() -> None:
    assert estimate_text(FOUND).splitlines() == [
        "Certain: 120 visits by the token of a share or a person's link; nearly certain: 80 by "
        "other evidence.",
        "Of the 2,000 visits without any trace about 600 (30%) were probably links passed on as "
        "well (between 400 and 820, nine times out of ten; at most 1,000). Both agree.",
        "100 more lie on days that no fit has scored; `darksocial fit --from DAY` scores them.",
        "Each source alone: co movement 25%.",
        "By the fit of 2026-11-02 on 2026-10-05 to 2026-11-01 (number 77, version 0.1.0).",
        "Moved since the last fit: co movement says 60% where it said 28%.",
        "A new fit is due: 8 days came since.",
    ]
    assert "Take it as a rough figure" in estimate_text(FOUND | {"status": "weakly identified"})


def test_what_is_not_identified_is_told_as_a_bound() -> None:
    said = estimate_text(BOUNDS)
    assert "cannot be told: at most 1,000. Too few." in said
    assert "nine times" not in said


def test_a_validation_speaks_of_sensitivity_and_never_of_accuracy() -> None:
    recoveries = [
        Recovery("at random", 100, 90, 40, 150, 1000),
        Recovery("by day", 80, 40, 10, 90, 1000),
    ]
    controls = [Control("campaigns without their parameters", 200, 10)]
    found = Validation(0.3, recoveries, controls, [Diagnostic("a", "Diagnostic, a: b.", {})])
    text = validation_text(found)
    assert (
        "Sensitivity range: 50% to 90% of what was hidden is found again, which moves the "
        "estimated number of all shares by -4% to -1%." in text
    )
    assert "no measure of accuracy" in text
    assert "(passed)" in text
    assert "Diagnostic, a: b." in text
    told = found.as_dict()
    assert (told["recovered"], told["sensitivity"]) == ((0.5, 0.9), (-0.04, -0.01))
    assert "accuracy" not in json.dumps(told)


def test_a_control_fails_where_the_estimate_follows_what_is_no_share() -> None:
    assert Control("a", 100, 20).passed
    assert not Control("a", 100, 60).passed


def test_fit_validate_and_report_on_a_site(tmp_path: Path) -> None:
    """One visit is enough to see that all of the contract is there, whatever it says."""
    at = ["--site", "example.com", "--store", f"chdb://{tmp_path / 'store'}"]
    log = tmp_path / "access.log"
    log.write_text(
        '203.0.113.7 - - [02/Nov/2026:09:00:00 +0000] "GET /a-long/story HTTP/1.1" 200 5120 "-" '
        '"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"\n'
    )
    runner = CliRunner()

    def run(*words: str) -> str:
        answer = runner.invoke(main, words)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    run("site", "add", "example.com", *at[2:])
    run("import", "log", str(log), *at)
    assert run("fit", "--check", *at) == "No fit is due.\n"
    bare = json.loads(run("report", "estimate", "--by", "page_class", "--format", "json", *at))
    assert bare["why"].startswith("There is no fit yet")
    assert [(row["page_class"], row["rest"], row["at_most"]) for row in bare["rows"]] == [
        ("deep", 1, 1.0)
    ]
    told = json.loads(run("fit", "--format", "json", *at))
    assert (told["status"], told["rest"], told["estimated"]) == (NOT, 1, None)
    assert set(told["by"]) == {"day", "page_class", "device", "channel", "reported_channel"}
    assert told["by"]["channel"][0]["part"] == "direct"
    assert told["fitted_from"] == "2026-11-02"
    assert "(number " in run("fit", *at)
    found = json.loads(run("validate", "--format", "json", *at))
    assert (found["estimated"], found["recoveries"]) == (None, [])


def test_the_command_counts_and_the_fit_names_what_it_used(tmp_path: Path) -> None:
    at = ["--site", "example.com", "--store", f"chdb://{tmp_path / 'store'}"]
    file, log = tmp_path / "seeded.csv", tmp_path / "access.log"
    file.write_text(
        "date,channel,device,shared,seen\n2025-11-02,WhatsApp,mobile,40,34\n2025-11-02,Signal,,x,1\n"
    )
    log.write_text(
        '203.0.113.7 - - [02/Nov/2025:09:00:00 +0000] "GET /a-long/story HTTP/1.1" 200 5120 "-" '
        '"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"\n'
    )
    runner = CliRunner()
    assert runner.invoke(main, ["site", "add", "example.com", *at[2:]]).exit_code == 0
    answer = runner.invoke(main, ["import", "seeded", str(file), *at])
    assert answer.exit_code == 1
    assert "line 3: The column shared has 'x'" in answer.output
    assert "1 added, 0 changed, 0 there already, 1 refused" in answer.output
    assert runner.invoke(main, ["import", "log", str(log), *at]).exit_code == 0
    said = runner.invoke(main, ["fit", *at])
    assert said.exit_code == 0, said.output
    assert "Seeded shares, WhatsApp, mobile: 34 of 40 kept their token (7" in said.output
