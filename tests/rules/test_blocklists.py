"""Addresses that block lists act on; the snippet's own tests ask the lists themselves."""

from __future__ import annotations

import pytest

from darksocial.rules import data
from darksocial.rules.blocklists import blocked_part

ROWS = data.load("blocked.json")


@pytest.mark.parametrize("row", ROWS["patterns"], ids=lambda row: row["pattern"])
def test_each_pattern_finds_its_samples(row: dict[str, list[str]]) -> None:
    for path in row["samples"]:
        assert blocked_part(f"https://example.com{path}?x=1#y"), path


@pytest.mark.parametrize("path", ROWS["free"])
def test_our_own_names_are_free(path: str) -> None:
    assert blocked_part(f"https://example.com{path}") is None


def test_the_part_is_named() -> None:
    assert blocked_part("https://t.example/x/piwik/c") == "/piwik/"
    assert blocked_part("https://umami.js.example/ds.js") is None
