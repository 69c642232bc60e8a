"""Another time zone for a site: its days begin at other times, so all are computed again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from literal import drain, hit

from darksocial import registry
from darksocial.cli.main import main
from darksocial.store import open_embedded


def test_a_changed_time_zone_moves_the_visits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"chdb://{tmp_path / 'store'}"
    monkeypatch.setenv("DARKSOCIAL_STORE", url)

    def days() -> dict[str, int]:
        words = ["report", "overview", "--site", "example.com", "--format", "json"]
        told = json.loads(CliRunner().invoke(main, words).stdout)
        return {day["day"]: day["visits"] for day in told["days"]}

    with open_embedded(url) as store:
        with store.session() as session:
            site = registry.add_site(session, "example.com")
        drain(store, tmp_path, site, [hit("21:30", "ann"), hit("23:30", "bob")])
        assert days() == {"2024-10-22": 2}
        changed = ["site", "add", "example.com", "--timezone", "Europe/Berlin"]
        assert CliRunner().invoke(main, changed).exit_code == 0
        assert days() == {"2024-10-22": 1, "2024-10-23": 1}
        again = ["site", "add", "example.com", "--host", "www2.example.com"]
        assert CliRunner().invoke(main, again).exit_code == 0
        assert days() == {"2024-10-22": 1, "2024-10-23": 1}
