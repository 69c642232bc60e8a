"""From a report to sentences and groups: literal figures in, what a page says out."""

from __future__ import annotations

from datetime import date
from typing import Any

from darksocial.console import figures
from darksocial.model import CHANNELS
from darksocial.reports import Report
from darksocial.texts import words_for

ENGLISH = words_for("en")


def report(direct_was: list[tuple[str, str, str, int]]) -> Report:
    """Return an overview whose direct visits were these: channel, evidence, application, visits."""
    rows = [
        {"channel": channel, "evidence": evidence, "application": application, "visits": visits}
        for channel, evidence, application, visits in direct_was
    ]

    def count(*channels: str) -> int:
        return sum(row["visits"] for row in rows if row["channel"] in channels)

    total, dark, still = count(*CHANNELS), count("dark_social"), count("direct")
    day: dict[str, Any] = {"day": date(2026, 3, 1), "visits": total, "reported_direct": total}
    summary = {
        "reported_direct": total,
        "direct_that_was_dark_social": dark,
        "direct_that_was_something_else": total - dark - still,
        "still_direct": still,
        "direct_was": rows,
        "days": [day | {"dark_social": dark, "still_direct": still}],
    }
    return Report(
        "overview", "a.example", "UTC", date(2026, 3, 1), date(2026, 3, 2), (), rows, summary
    )


MIXED = [
    ("dark_social", "token", "", 1_200),
    ("dark_social", "token", "Telegram", 30),
    ("dark_social", "in_app", "Telegram", 20),
    ("dark_social", "in_app", "LINE", 10),
    ("dark_social", "link", "", 5),
    ("social", "in_app", "Instagram", 40),
    ("campaign", "link", "", 60),
    ("direct", "own_share", "", 7),
    ("direct", "model", "", 1_000),
]


def test_the_overview_answers_in_one_sentence() -> None:
    view = figures.overview(report(MIXED), ENGLISH)
    assert (view.direct, view.dark) == (2_372, 1_265)
    assert view.detail == (
        "1,230 arrived with a share token, 30 opened in an application's own browser and 5 came "
        "through a person's link. The application is known for 60 of them, most often "
        "Telegram (50) and LINE (10)."
    )


def test_and_in_one_picture_with_a_text() -> None:
    view = figures.overview(report(MIXED), ENGLISH)
    assert [(part.style, part.value) for part in view.parts] == [
        ("dark", 1_265),
        ("other", 100),
        ("direct", 1_007),
    ]
    assert view.picture == (
        "2,372 visits reported as direct: Dark social 1,265 (53%), Came another way 100 (4%), "
        "Stays direct 1,007 (42%)."
    )


def test_the_evidence_stands_under_what_it_shows() -> None:
    groups = figures.overview(report(MIXED), ENGLISH).groups
    assert [
        (group.title, group.value, [(r.label, r.value) for r in group.rows]) for group in groups
    ] == [
        (
            "Dark social",
            1_265,
            [
                ("The link carried a share token", 1_230),
                ("Opened in a messenger's or mail program's own browser", 30),
                ("A person's managed link", 5),
            ],
        ),
        (
            "Came another way",
            100,
            [
                ("A managed link: campaign, newsletter or QR code", 60),
                ("Opened in a social network's application", 40),
            ],
        ),
        (
            "Stays direct",
            1_007,
            [
                ("No token or other evidence; stays direct", 1_000),
                ("The sharer opened their own link", 7),
            ],
        ),
    ]


def test_unknown_applications_stand_last() -> None:
    rows = figures.overview(report(MIXED), ENGLISH).applications
    assert [(row.label, row.value) for row in rows] == [
        ("Telegram", 50),
        ("LINE", 10),
        ("Not known", 1_205),
    ]


def test_nothing_is_said_of_shares_where_there_are_none() -> None:
    view = figures.overview(report([("direct", "model", "", 3)]), ENGLISH)
    assert (view.dark, view.detail, view.applications) == (0, "", ())


def test_applications_that_nobody_knows_are_admitted() -> None:
    view = figures.overview(report([("dark_social", "token", "", 3)]), ENGLISH)
    assert view.detail == (
        "3 arrived with a share token. The application is not known for any of them."
    )


def test_the_chart_has_every_day_of_the_range() -> None:
    view = figures.overview(report(MIXED), ENGLISH)
    assert [(period.label, period.total) for period in view.periods] == [
        ("1 Mar", 2_372),
        ("2 Mar", 0),
    ]


def test_a_host_is_shown_only_where_there_are_several() -> None:
    rows = [{"page": "a.example/x/y"}, {"page": "a.example/"}]
    assert [(page.host, page.path) for page in figures.pages(rows)] == [("", "/x/y"), ("", "/")]
    rows.append({"page": "b.example/"})
    assert [(page.host, page.path) for page in figures.pages(rows)] == [
        ("a.example", "/x/y"),
        ("a.example", "/"),
        ("b.example", "/"),
    ]
