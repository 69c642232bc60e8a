"""`darksocial simulate` writes what `ds.simulate` gives."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
from click.testing import CliRunner

import darksocial as ds
from darksocial.cli.main import main


def test_the_command_writes_hits_truth_shares_and_the_world(tmp_path: Path) -> None:
    out = tmp_path / "there" / "b2b"
    words = ["simulate", "b2b_blog", "--seed", "3", "--scale", "0.1", "--out", str(out)]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    expected = ds.simulate("b2b_blog", seed=3, scale=0.1)
    assert f"{expected.truth.num_rows:,} arrivals" in result.output
    assert pq.read_table(out / "hits.parquet").equals(expected.hits)
    assert pq.read_table(out / "truth.parquet").equals(expected.truth)
    assert pq.read_table(out / "shares.parquet").equals(expected.shares)
    world = json.loads((out / "world.json").read_text())
    assert (world["name"], world["seed"], world["tokens_deployed"]) == ("b2b_blog", 3, True)
    assert world["channels"]["search"] == 0.42


def test_an_unknown_scenario_is_one_sentence(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["simulate", "olds", "--out", str(tmp_path)])
    assert result.exit_code == 1
    assert result.output.startswith("Error: There is no scenario 'olds'")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    words = ["simulate", "low_traffic", "--out", str(tmp_path / "file" / "x")]
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 1
    assert "cannot be written" in result.output
