"""The console's words: numbers, parts, and a word for everything that the reports can say."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from darksocial.console import words
from darksocial.model import CHANNELS, EVIDENCE, LINK_KINDS


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (0, 0, ""),
        (0, 10, "0%"),
        (1, 3, "33%"),
        (1, 1000, "<1%"),
        (999, 1000, ">99%"),
        (1000, 1000, "100%"),
        (1, 100, "1%"),
    ],
)
def test_parts_are_never_rounded_to_nothing_or_everything(part: int, whole: int, said: str) -> None:
    assert words.percent(part, whole) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (5_000, "5,000"),
        (10_000, "10k"),
        (150_000, "150k"),
        (1_000_000, "1M"),
        (2_500_000, "2.5M"),
        (12_345, "12,345"),
    ],
)
def test_an_axis_has_room_for_few_characters(value: int, said: str) -> None:
    assert words.short_number(value) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_enumerations(parts: list[str], said: str) -> None:
    assert words.listed(parts) == said


def test_numbers_and_days() -> None:
    assert words.number(1234567) == "1,234,567"
    assert words.counted(1, "visit", "visits") == "1 visit"
    assert words.counted(0, "visit", "visits") == "0 visits"
    assert words.day(date(2026, 3, 9)) == "9 Mar 2026"


def test_every_closed_vocabulary_has_its_words() -> None:
    assert set(words.CHANNELS) == set(CHANNELS)
    assert set(words.LINK_KINDS) == set(LINK_KINDS)
    named = [words.evidence(channel, word) for channel, word in product(CHANNELS, EVIDENCE)]
    assert not set(named) & set(EVIDENCE)


def test_the_model_is_explained_and_not_named() -> None:
    assert words.evidence("direct", "model") == "No token or other evidence; stays direct"


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert words.channel("later") == words.refusal("later") == words.link_kind("later") == "later"
    assert words.evidence("direct", "later") == "later"
