"""Campaigns: what they brought by their tags and links, and beyond these through reshares."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from literal import drain, hit, new_site, token

from darksocial import campaigns, reclassification, registry, reports
from darksocial.campaigns import Campaign
from darksocial.errors import InputError
from darksocial.model import Site
from darksocial.store import Session, Store

pytestmark = pytest.mark.engines

DAY = date(2024, 10, 22)
TAGGED = "/a?utm_source=letter&utm_medium=email&utm_campaign=fall"


def share(when: str, who: str, name: str, parent: str = "", path: str = TAGGED) -> Any:
    return hit(when, who, path, kind="share", token=name, parent=parent, method="copy")


def published(store: Store, home: Path, site: Site, rows: list[Any]) -> None:
    drain(store, home, site, rows)
    reclassification.publish_dirty(store, site.name)


def planned(store: Store, site: Site, name: str = "Fall", **fields: Any) -> Campaign:
    fields = {"begins": DAY, "tags": ("fall",), **fields}
    with store.session() as session:
        return campaigns.add(session, Campaign(site.name, name, **fields))


def told(store: Store, site: Site, *days: date) -> list[dict[str, Any]]:
    with store.session() as session:
        return reports.run(session, "campaigns", site, reports.Range(*days)).rows


def brought(store: Store, site: Site, *days: date) -> list[tuple[Any, ...]]:
    """Name, tagged visits, halo visits of each campaign."""
    names = ("campaign", "tagged_visits", "halo_visits")
    return [tuple(row[name] for name in names) for row in told(store, site, *days)]


def test_reshares_of_a_tagged_visit_are_the_halo(store: Store, tmp_path: Path) -> None:
    """Ann came by the newsletter; her link went to bob, his to cyd, neither with the tag."""
    site = new_site(store)
    first, second, other = (token(site, n) for n in (1, 2, 3))
    rows = [
        hit("09:00", "ann", TAGGED),
        hit("09:01", "zoe", TAGGED),
        hit("09:02", "zoe", "/a", kind="conversion", name="order"),
        share("09:05", "ann", first, path="/b"),
        hit("09:10", "bob", f"/b?ds={first}"),
        share("09:15", "bob", second, first, path="/b"),
        hit("09:20", "cyd", f"/b?ds={second}"),
        hit("09:21", "cyd", "/b", kind="conversion", name="order"),
        hit("09:22", "cyd", f"/b?ds={second}"),  # once more is no further visit
        hit("09:23", "ann", f"/b?ds={first}"),  # her own look is none either
        hit("09:30", "eve", "/b"),
        share("09:31", "eve", other, path="/b"),  # not of the campaign
        hit("09:40", "fay", f"/b?ds={other}"),
    ]
    published(store, tmp_path, site, rows)
    planned(store, site, target=8)
    (row,) = told(store, site)
    assert row == {
        "campaign": "Fall",
        "begins": "2024-10-22",
        "ends": "",
        "clicks": 0,
        "tagged_visits": 2,
        "halo_visits": 2,
        "visits": 4,
        "halo_share": 0.5,
        "tagged_conversions": 1,
        "halo_conversions": 1,
        "conversions": 2,
        "goal": "visits",
        "target": 8,
        "reached_share": 0.5,
    }


def test_a_reshare_that_still_carries_the_tag_is_halo_and_not_tagged(
    store: Store, tmp_path: Path
) -> None:
    """Also where nobody reported the share, so that its tree is not known."""
    site = new_site(store)
    first, lost = token(site, 1), token(site, 2)
    rows = [
        hit("09:00", "ann", TAGGED),
        share("09:05", "ann", first),
        hit("09:10", "bob", f"{TAGGED}&ds={first}"),
        hit("09:20", "cyd", f"{TAGGED}&ds={lost}"),
    ]
    published(store, tmp_path, site, rows)
    planned(store, site)
    assert brought(store, site) == [("Fall", 1, 2)]


def test_a_link_of_the_campaign_is_the_root_of_its_tree(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    first = token(site, 1)
    with store.session() as session:
        link = registry.add_link(session, f"https://{site.name}/a", "qr", "poster")
    rows = [
        hit("08:59", "ann", f"/r/{link.code}", kind="click", code=link.code),
        hit("09:00", "ann", f"/a?ds={link.code}"),
        share("09:05", "ann", first, link.code, path="/a"),
        hit("09:10", "bob", f"/a?ds={first}"),
    ]
    published(store, tmp_path, site, rows)
    planned(store, site, "Poster", tags=(), codes=(link.code,), goal="conversions", target=5)
    assert brought(store, site) == [("Poster", 1, 1)]
    (row,) = told(store, site)
    assert (row["clicks"], row["reached_share"]) == (1, 0.0)


def test_a_visit_that_is_known_by_link_and_tag_counts_once(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    with store.session() as session:
        link = registry.add_link(session, f"https://{site.name}{TAGGED}")
    rows = [
        hit("09:00", "ann", f"{TAGGED}&ds={link.code}"),
        hit("12:00", "ann", f"{TAGGED}&ds={link.code}"),  # the same visitor once more
        hit("13:00", "bob", TAGGED),
    ]
    published(store, tmp_path, site, rows)
    planned(store, site, codes=(link.code,))
    planned(store, site, "Tag alone")
    assert brought(store, site) == [("Fall", 3, 0), ("Tag alone", 3, 0)]


def test_a_share_counts_for_the_last_visit_before_it(store: Store, tmp_path: Path) -> None:
    """Who came by the campaign in the morning and by a search engine at noon shares the latter."""
    site = new_site(store)
    names = [token(site, n) for n in range(1, 4)]
    rows = [
        share("08:50", "ann", names[0], path="/b"),
        hit("09:00", "ann", TAGGED),
        hit("12:00", "ann", "/b", referrer="https://www.google.com/"),
        share("12:05", "ann", names[1], path="/b"),
        hit("13:00", "ann", TAGGED),
        share("13:50", "ann", names[2], path="/b"),  # after a long read, and still of that visit
        *(hit(f"15:0{n}", f"reader-{n}", f"/b?ds={name}") for n, name in enumerate(names)),
    ]
    published(store, tmp_path, site, rows)
    planned(store, site)
    assert brought(store, site) == [("Fall", 2, 1)]


def test_tags_count_on_the_campaigns_days_and_its_halo_goes_on(
    store: Store, tmp_path: Path
) -> None:
    site = new_site(store)
    first = token(site, 1)
    rows = [
        hit("2024-10-21T09:00:00", "old", TAGGED),
        hit("2024-10-22T09:00:00", "ann", TAGGED),
        share("2024-10-22T09:05:00", "ann", first, path="/b"),
        hit("2024-10-23T09:00:00", "late", TAGGED),
        hit("2024-10-23T09:10:00", "bob", f"/b?ds={first}"),
    ]
    published(store, tmp_path, site, rows)
    planned(store, site, ends=DAY)
    planned(store, site, "Next", begins=date(2024, 10, 23))
    assert brought(store, site) == [("Fall", 1, 1), ("Next", 1, 0)]
    assert brought(store, site, DAY, DAY) == [("Fall", 1, 0), ("Next", 0, 0)]


def test_a_site_without_campaigns_or_visits_says_so_in_zeros(store: Store) -> None:
    site = new_site(store)
    assert told(store, site) == []
    planned(store, site)
    assert brought(store, site) == [("Fall", 0, 0)]
    assert told(store, site)[0]["halo_share"] is None


def test_a_campaign_is_changed_and_removed(store: Store) -> None:
    site = new_site(store)
    made = planned(store, site, tags=(" fall ", "fall", "winter"), ends=date(2024, 11, 1))
    assert made.tags == ("fall", "winter")
    with store.session() as session:
        assert campaigns.campaigns(session, site.name) == [made]
        changed = campaigns.edit(session, site.name, "Fall", ends=None, target=10)
        assert (changed.ends, changed.target, changed.tags) == (None, 10, made.tags)
        assert campaigns.find(session, site.name, "Fall") == changed
        campaigns.remove(session, site.name, "Fall")
        assert campaigns.campaigns(session, site.name) == []
    assert planned(store, site) == planned_again(store, site)


def planned_again(store: Store, site: Site) -> Campaign:
    with store.session() as session:
        return campaigns.find(session, site.name, "Fall")


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"name": ""}, "name"),
        ({"name": "a\nb"}, "name"),
        ({"ends": date(2024, 10, 21)}, "before it begins"),
        ({"ends": date(1970, 1, 1)}, "has the day 1970-01-01"),
        ({"ends": date(2149, 6, 7)}, "has the day 2149-06-07"),
        ({"goal": "fame"}, "no goal"),
        ({"target": -1}, "target"),
        ({"tags": (" ",)}, "utm_campaign"),
        ({"codes": ("nosuch",)}, "no code of a link"),
    ],
)
def test_what_cannot_be_a_campaign_is_refused(
    session: Session, fields: dict[str, Any], word: str
) -> None:
    site = registry.add_site(session, "refusing.example")
    wanted = {"name": "Fall", "begins": DAY, "tags": ("fall",), **fields}
    with pytest.raises(InputError, match=word):
        campaigns.add(session, Campaign(site.name, **wanted))


def test_a_name_is_given_once(store: Store) -> None:
    site = new_site(store)
    planned(store, site)
    with pytest.raises(InputError, match="already"):
        planned(store, site)


def test_readers_cannot_find_a_small_halo_by_subtracting(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    first = token(site, 1)
    rows = [
        *(hit(f"09:0{n}", f"reader-{n}", TAGGED) for n in range(9)),
        share("09:15", "reader-8", first, path="/b"),
        hit("09:20", "bob", f"/b?ds={first}"),
    ]
    published(store, tmp_path, site, rows)
    planned(store, site, target=3)
    with store.session() as session:
        report = reports.suppressed(reports.run(session, "campaigns", site), 5)
    (row,) = report.rows
    names = ("visits", "tagged_visits", "halo_visits", "halo_share", "target")
    assert [row[name] for name in names] == [10, None, None, None, 3]
    assert [report.summary[name] for name in names[:3]] == [10, None, None]
