"""The words of one language: numbers, parts, and a word for everything that the reports can say."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from darksocial.model import CHANNELS, EVIDENCE, LINK_KINDS
from darksocial.texts import first_weekday, words, words_for

ENGLISH, GERMAN = words_for("en"), words_for("de")


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
    assert ENGLISH.percent(part, whole) == said


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
    assert ENGLISH.short_number(value) == said


@pytest.mark.parametrize(
    ("parts", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abc"), "a, b and c")],
)
def test_enumerations(parts: list[str], said: str) -> None:
    assert ENGLISH.listed(parts) == said


def test_numbers_and_days() -> None:
    assert ENGLISH.number(1234567) == "1,234,567"
    assert ENGLISH.say_count("%(n)s day", "%(n)s days", 1) == "1 day"
    assert ENGLISH.say_count("%(n)s day", "%(n)s days", 0) == "0 days"
    assert ENGLISH.day(date(2026, 3, 9)) == "9 Mar 2026"


def test_german_numbers_and_days() -> None:
    assert GERMAN.number(1234567) == "1.234.567"
    assert GERMAN.percent(1, 3) == "33\N{NO-BREAK SPACE}%"
    assert GERMAN.day(date(2026, 3, 9)) == "9. März 2026"
    assert GERMAN.say_count("%(n)s day", "%(n)s days", 1) == "1 Tag"
    assert GERMAN.listed(list("abc")) == "a, b und c"
    assert GERMAN.money(1234.5, "EUR") == "1.234,50\N{NO-BREAK SPACE}€"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (61, "1 min 1 s"),
        (3600, "1 h"),
        (7260, "2 h 1 min"),
        (90000, "1 d 1 h"),
    ],
)
def test_durations_have_two_units_at_most(seconds: int, said: str) -> None:
    assert ENGLISH.duration(seconds) == said


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Europe/Berlin", 0), ("America/New_York", 6), ("UTC", 0), ("Africa/Cairo", 5)],
)
def test_weeks_begin_as_the_country_of_the_time_zone_has_it(zone: str, day: int) -> None:
    assert first_weekday(zone) == day


def test_every_closed_vocabulary_has_its_words() -> None:
    assert set(words.CHANNELS) == set(CHANNELS)
    assert set(words.LINK_KINDS) == set(LINK_KINDS)
    named = [ENGLISH.evidence(channel, word) for channel, word in product(CHANNELS, EVIDENCE)]
    assert not set(named) & set(EVIDENCE)


def test_what_begins_a_share_tree_has_words() -> None:
    assert [GERMAN.kind(word) for word in ("share", "link", "lost", "person")] == [
        "Share",
        "Link",
        "Nicht erfasster Share",
        "Person",
    ]
    assert GERMAN.method("newsletter") == "Newsletter"


def test_every_refused_value_has_words() -> None:
    for reason in ("bad-key", "bad-query", "bad-navigation", "bad-value", "bad-currency"):
        assert "bad-" not in ENGLISH.refusal(reason)


def test_the_model_is_explained_and_not_named() -> None:
    assert ENGLISH.evidence("direct", "model") == "No token or other evidence; stays direct"


def test_what_is_not_known_is_shown_as_it_is() -> None:
    assert (
        ENGLISH.channel("later")
        == ENGLISH.refusal("later")
        == ENGLISH.link_kind("later")
        == "later"
    )
    assert ENGLISH.evidence("direct", "later") == "later"
