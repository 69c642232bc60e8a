"""What is looked at in an arrival, and the names of its levels, in the order of their codes.

`store/sql/estimate/features.sql` computes the codes. Code 0 is always *unknown*: a level of its
own, which costs accuracy and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feature:
    """A column of `est_features`; `levels[code]` says in words what the code means."""

    name: str
    levels: tuple[str, ...]


FEATURES = (
    Feature("page", ("", "front page", "section page", "deep page")),
    Feature("length", ("", "short address", "medium address", "long address", "very long address")),
    Feature("device", ("", "desktop", "phone", "tablet")),
    Feature(
        "visitor_kind",
        ("not known as returning", "new visitor", "returning visitor", "page seen before"),
    ),
    Feature("navigation", ("", "ordinary navigation", "prerendered")),
    Feature(
        "fetch",
        (
            "",
            "Sec-Fetch-Site none",
            "Sec-Fetch-Site none (Firefox)",
            "Sec-Fetch-Site none (Safari)",
            "Sec-Fetch-Site cross-site",
            "Sec-Fetch-Site cross-site (Firefox)",
            "Sec-Fetch-Site cross-site (Safari)",
        ),
    ),
    Feature(
        "shared",
        (
            "",
            "not shared within a week",
            "shared within the week",
            "shared within a day",
            "shared within six hours",
            "shared within two hours",
        ),
    ),
    Feature(
        "sharing",
        (
            "",
            "no share that day",
            "one share that day",
            "two or three shares that day",
            "four to seven shares that day",
            "eight or more shares that day",
        ),
    ),
    Feature(
        "busy",
        (
            "",
            "no other direct visit that day",
            "one or two other direct visits that day",
            "a few other direct visits that day",
            "eight or more direct visits that day",
            "twenty or more direct visits that day",
            "sixty or more direct visits that day",
        ),
    ),
    Feature(
        "burst",
        (
            "",
            "nobody else at that time",
            "as many as usual at that time",
            "more than usual at that time",
            "many more than usual at that time",
            "a burst at that time",
        ),
    ),
    Feature(
        "age",
        (
            "",
            "page of that day",
            "page of the last three days",
            "page of the last week",
            "page older than a week",
        ),
    ),
    Feature(
        "clock",
        ("", "at night", "early morning", "morning", "afternoon", "evening", "late evening"),
    ),
)
NAMES = tuple(feature.name for feature in FEATURES)
