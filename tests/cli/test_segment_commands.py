"""`darksocial segment`, and filters as options of `darksocial report`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from darksocial import registry
from darksocial.cli.main import main
from darksocial.reports import segments
from darksocial.store import open_embedded
from darksocial.store.protocol import Store

Run = Callable[..., Result]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_embedded(f"chdb://{tmp_path_factory.mktemp('segments')}") as opened:
        with opened.session() as session:
            registry.add_site(session, "shop.example")
        yield opened


@pytest.fixture
def run(store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command on the store that this test has open."""
    monkeypatch.setattr("darksocial.cli.options.open_store", lambda _: _Kept(store))

    def command(*arguments: str) -> Result:
        home = ("--store", store.url, "--home", str(tmp_path))
        return CliRunner().invoke(main, [*arguments, "--site", "shop.example", *home])

    return command


class _Kept:
    """A store that stays open when a command lets go of it."""

    def __init__(self, store: Store) -> None:
        self.url, self.local, self.session = store.url, store.local, store.session

    def close(self) -> None:
        pass


def test_a_segment_is_added_listed_used_and_removed(run: Run, store: Store) -> None:
    added = run("segment", "add", "Chat on phones", "--device", "mobile", "--page", "/blog/*")
    assert added.output == "Chat on phones  page=/blog/*  device=mobile\n", added.output
    assert run("segment", "list").output == added.output
    told = run("report", "overview", "--segment", "Chat on phones", "--format", "json")
    assert json.loads(told.output)["limits"] == {"segment": "Chat on phones"}
    assert run("segment", "remove", "Chat on phones").exit_code == 0
    with store.session() as session:
        assert segments.segments(session, "shop.example") == []


def test_filters_are_options_of_a_report(run: Run) -> None:
    told = run("report", "channels", "--channel", "dark_social", "--format", "json")
    assert json.loads(told.output)["limits"] == {"channel": "dark_social"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("segment", "add", "All"), "would hold every visit"),
        (("segment", "add", "x", "--device", "fridge"), "'fridge' is not one of 'desktop'"),
        (("segment", "remove", "lost"), "has no segment 'lost'"),
        (("report", "funnel", "--segment", "lost"), "has no segment 'lost'"),
    ],
)
def test_what_there_is_not(run: Run, arguments: tuple[str, ...], said: str) -> None:
    answer = run(*arguments)
    assert answer.exit_code != 0
    assert said in answer.output
