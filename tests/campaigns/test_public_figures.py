"""Public figures from a CSV, and public reach beside dark reach."""

from __future__ import annotations

from datetime import date, datetime, timezone
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from literal import drain, hit, new_site, token

from darksocial import days, public_figures, reclassification, reports
from darksocial.errors import InputError
from darksocial.lists import Entered
from darksocial.model import Site
from darksocial.reports.public import network_name
from darksocial.store import Store

pytestmark = pytest.mark.engines

DAY = "2024-10-22"
HEAD = "network,day,page,likes,comments,shares,post"


def entered(store: Store, site: Site, *lines: str, running: bool = False) -> Entered:
    text = "\n".join([HEAD, *lines]).replace("SITE", f"https://{site.name}")
    with store.session() as session:
        return public_figures.from_csv(session, text, site, running)


def told(store: Store, site: Site, *days: str, **options: str) -> reports.Report:
    span = reports.Range(*(date.fromisoformat(day) for day in days)) if days else reports.Range()
    with store.session() as session:
        return reports.run(session, "public", site, span, **options)


def columns(report: reports.Report, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in report.rows]


@pytest.fixture
def visited(store: Store, tmp_path: Path) -> Site:
    """A page that was passed on, seen from Facebook, liked; and one that nobody posted."""
    site = new_site(store)
    name = token(site, 1)
    rows = [
        hit(
            "08:00", "fay", "/a?utm_source=facebook&utm_medium=social&utm_campaign=fall",
            referrer="https://www.facebook.com/",
        ),
        hit("08:05", "gus", "/a", referrer="https://www.facebook.com/"),
        hit("08:06", "gus", "/a", kind="interaction", name="like"),
        hit("08:07", "gus", "/a", kind="interaction", name="comment"),
        hit("08:08", "gus", "/a", kind="interaction", name="vote"),
        hit("09:00", "ann", "/a?utm_campaign=fall", kind="share", token=name, method="copy"),
        hit("09:10", "bob", f"/a?ds={name}&utm_campaign=fall"),
        hit("09:20", "cyd", "/b"),
        hit("09:21", "cyd", "/b", kind="interaction", name="play"),
        hit("09:30", "dan", "/quiet"),
    ]  # fmt: skip
    drain(store, tmp_path, site, rows)
    reclassification.publish_dirty(store, site.name)
    return site


POSTED = (
    f"facebook,{DAY},SITE/a?utm_campaign=fall,40,5,7,f1",
    f"twitter,{DAY},SITE/a,10,1,2,x1",
)


def test_public_and_dark_reach_of_a_page_stand_side_by_side(store: Store, visited: Site) -> None:
    entered(store, visited, *POSTED)
    report = told(store, visited)
    (first, second) = report.rows
    assert first == {
        "page": f"{visited.name}/a",
        "visits": 3,
        "dark_social": 1,
        "social": 2,
        "dark_to_public": 0.5,
        "shares": 1,
        "posts": 2,
        "likes": 50,
        "comments": 6,
        "public_shares": 9,
        "site_likes": 1,
        "site_comments": 1,
        "plays": 0,
        "downloads": 0,
        "interactions": 3,
    }
    assert (second["page"], second["plays"], second["dark_to_public"]) == (
        f"{visited.name}/b", 1, None,
    )  # fmt: skip
    assert report.summary["likes"] == 50
    assert report.summary["interaction_names"] == [
        {"name": name, "n": 1} for name in ("comment", "like", "play", "vote")
    ]


def test_by_network_and_by_campaign(store: Store, visited: Site) -> None:
    entered(store, visited, *POSTED)
    assert columns(
        told(store, visited, by="network"),
        "network", "visits", "dark_social", "shares", "likes", "public_shares", "pages",
    ) == [
        ("Facebook", 2, 1, 1, 40, 7, 1),
        ("X", 0, 1, 1, 10, 2, 1),
    ]  # fmt: skip
    assert columns(
        told(store, visited, by="campaign"),
        "campaign", "visits", "dark_social", "social", "shares", "likes",
    ) == [("fall", 2, 1, 1, 1, 40)]  # fmt: skip


def test_a_file_may_be_read_again_and_corrected(store: Store) -> None:
    site = new_site(store)
    assert entered(store, site, *POSTED) == Entered(2, 0, 0, ())
    assert entered(store, site, *POSTED) == Entered(0, 0, 2, ())
    corrected = f"Facebook,{DAY},SITE/a,41,5,7,f1"
    assert entered(store, site, corrected) == Entered(0, 1, 0, ())
    assert entered(store, site, POSTED[0], corrected) == Entered(0, 2, 0, ())
    (row,) = told(store, site, DAY, DAY).rows
    assert (row["likes"], row["posts"]) == (51, 2)


def test_days_of_a_range_add_up(store: Store) -> None:
    site = new_site(store)
    lines = [f"X,2024-10-{day},SITE/a,{day},0,1,x1" for day in (20, 21, 22)]
    entered(store, site, *lines)
    (row,) = told(store, site, "2024-10-21", "2024-10-22").rows
    assert (row["likes"], row["public_shares"]) == (43, 2)


def test_totals_so_far_count_by_what_came_in_the_range(store: Store) -> None:
    site = new_site(store)
    lines = [
        f"X,2024-10-{day},SITE/a,{likes},{comments},0,x1"
        for day, likes, comments in ((20, 100, 9), (21, 120, 9), (22, 150, 4))
    ]
    entered(store, site, *lines, running=True)
    (row,) = told(store, site, "2024-10-21", "2024-10-22").rows
    assert (row["likes"], row["comments"]) == (50, 0)  # comments that were deleted are none
    assert columns(told(store, site, "2024-10-19", "2024-10-22"), "likes") == [(150,)]
    assert told(store, site, "2024-10-23", "2024-10-24").rows == []


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (f"X,{DAY},SITE/a,1.000,0,0,x1", "column likes has '1.000'"),
        (f"X,{DAY},SITE/a,-1,0,0,x1", "column likes has '-1'"),
        (f"X,{DAY},SITE/a,1,9999999999999,0,x1", "column comments"),
        ("X,22.10.2024,SITE/a,1,0,0,x1", "column day has '22.10.2024'"),
        (f"X,{DAY},https://elsewhere.example/a,1,0,0,x1", "no address on"),
        (f"X,{DAY},/a,1,0,0,x1", "no address on"),
        (f"X,{DAY},SITE/a,1,0,0,", "column post"),
        (f",{DAY},SITE/a,1,0,0,x1", "column network is empty"),
        (f"{'X' * 101},{DAY},SITE/a,1,0,0,x1", "column network has 101 letters"),
        ("X,0001-01-01,SITE/a,1,0,0,x1", "column day has '0001-01-01'"),
    ],
)
def test_a_line_is_refused_with_its_number(store: Store, line: str, word: str) -> None:
    site = new_site(store)
    done = entered(store, site, line, f"X,{DAY},SITE/a,,,,good")
    assert done.added == 1
    ((number, sentence),) = done.refused
    assert number == 2
    assert word in sentence


@pytest.mark.parametrize(
    ("zone", "accepted", "last"),
    [
        ("UTC", ["2024-10-22", "2024-10-23"], "2024-10-23"),
        ("Pacific/Auckland", ["2024-10-22", "2024-10-23", "2024-10-24"], "2024-10-24"),
    ],
)
def test_a_day_after_tomorrow_is_refused(
    store: Store, monkeypatch: pytest.MonkeyPatch, zone: str, accepted: list[str], last: str
) -> None:
    late = datetime(2024, 10, 22, 23, tzinfo=timezone.utc).timestamp()
    monkeypatch.setattr(days, "time", SimpleNamespace(time=lambda: late))
    site = new_site(store, timezone=zone)
    every = ["2024-10-22", "2024-10-23", "2024-10-24", "2025-10-22"]
    done = entered(store, site, *(f"X,{day},SITE/a,1,0,0,x1" for day in every))
    assert done.added == len(accepted)
    assert [number for number, _ in done.refused] == [4, 5][len(accepted) - 2 :]
    assert done.refused[-1][1] == (
        f"The column day has '2025-10-22', a day that is yet to come: give one up to {last}."
    )


@pytest.mark.parametrize("head", ["network,day,page,likes", f"{HEAD},mood"])
def test_a_list_names_its_columns(store: Store, head: str) -> None:
    site = new_site(store)
    with store.session() as session, pytest.raises(InputError, match=r"post|mood"):
        public_figures.from_csv(session, f"{head}\n", site)


@pytest.mark.parametrize(
    ("said", "name"),
    [("facebook", "Facebook"), ("Twitter", "X"), ("x", "X"), ("LinkedIn", "LinkedIn"),
     ("Our own forum", "Our own forum"), ("google", "google"), (" ", "")],
)  # fmt: skip
def test_networks_are_named_as_visits_from_them(said: str, name: str) -> None:
    assert network_name(said) == name
