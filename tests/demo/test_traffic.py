"""The example traffic: pure, repeatable, and made of what the rules really know."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

import darksocial as ds
from darksocial.demo import articles, crowd, traffic
from darksocial.model import EXAMPLE_SOURCE, KINDS, Hit, Site
from darksocial.rules import tokens, urls

DAY = 24 * 3600
END = 1_795_000_000  # 2026-11-18 10:06 in Berlin
BEGIN = END - 14 * DAY
SITE = Site("demo.example", "0123456789abcdef", ("127.0.0.1:8082",), "Europe/Berlin")
CODES = {"Saturday letter": "aaaaaa", "An ambassador (example)": "bbbbbb"} | {
    "Poster at the harbour station": "cccccc"
}
STAGE = traffic.Stage(SITE, "http://127.0.0.1:8082", CODES)


@pytest.fixture(scope="module")
def hits() -> list[Hit]:
    return traffic.hits(STAGE, BEGIN, END)


def test_the_same_stage_and_range_give_the_same_hits(hits: list[Hit]) -> None:
    assert traffic.hits(STAGE, BEGIN, END) == hits
    assert traffic.hits(STAGE, BEGIN, END, seed=1) != hits


def test_two_weeks_are_a_small_magazine(hits: list[Hit]) -> None:
    assert 6_000 <= sum(hit.kind == "pageview" for hit in hits) <= 11_000
    assert len({hit.id for hit in hits}) == len(hits)
    assert (
        {hit.kind for hit in hits}
        == {*("pageview", "share", "click", "engagement", "interaction", "conversion")}
        <= set(KINDS)
    )
    assert {hit.source for hit in hits} == {EXAMPLE_SOURCE}


def test_nothing_happens_outside_the_range(hits: list[Hit]) -> None:
    assert hits == sorted(hits, key=lambda hit: hit.ts)
    assert hits[0].ts >= BEGIN * 1000
    assert hits[-1].ts < END * 1000


def test_every_page_is_one_of_the_site(hits: list[Hit]) -> None:
    known = {"/", *articles.BY_PATH, *articles.SECTION_BY_PATH}
    paths = {hit.url.removeprefix(STAGE.base).partition("?")[0] for hit in hits}
    assert paths == known - {"/sea"}


def test_every_token_is_valid_and_was_shared_before_it_was_opened(hits: list[Hit]) -> None:
    shared = {hit.token: hit for hit in hits if hit.kind == "share"}
    opened = [hit for hit in hits if hit.kind == "pageview" and hit.token]
    for hit in opened:
        assert urls.token_of(hit.url) == hit.token
        if hit.token not in CODES.values():
            assert shared[hit.token].ts < hit.ts
            assert tokens.decode(hit.token, SITE.key, END // 3600).method == (
                shared[hit.token].method
            )
    assert {hit.method for hit in shared.values()} == set(traffic.METHODS)


def test_links_are_passed_on_again_and_sharers_come_back(hits: list[Hit]) -> None:
    shared = {hit.token: hit for hit in hits if hit.kind == "share"}
    reshares = [hit for hit in shared.values() if hit.parent in shared]
    own = [
        hit
        for hit in hits
        if hit.kind == "pageview" and hit.visitor == getattr(shared.get(hit.token), "visitor", -1)
    ]
    assert len(reshares) > 100
    assert len(own) > 20


def test_reloads_previews_and_bots_are_among_them(hits: list[Hit]) -> None:
    kinds = Counter((hit.kind, ds.agent(hit.user_agent).kind) for hit in hits)
    assert sum(hit.navigation == "reload" for hit in hits) > 50
    assert kinds["click", "preview"] > 20
    assert kinds["pageview", "bot"] > 50
    assert kinds["pageview", "in_app"] > 300


def test_previews_and_bots_have_no_identifier(hits: list[Hit]) -> None:
    machines = [hit for hit in hits if ds.agent(hit.user_agent).kind in ("preview", "bot")]
    assert {(hit.visitor, hit.network) for hit in machines} == {(0, "")}


def test_the_day_has_its_rhythm(hits: list[Hit]) -> None:
    hours = Counter(
        datetime.fromtimestamp(hit.ts / 1000, ZoneInfo(SITE.timezone)).hour for hit in hits
    )
    assert hours[20] > 6 * hours[3]


def test_one_page_goes_round(hits: list[Hit]) -> None:
    def shares(begin: float, end: float) -> int:
        return sum(
            hit.kind == "share"
            and hit.url.endswith(articles.VIRAL)
            and begin <= (hit.ts / 1000 - BEGIN) / (END - BEGIN) < end
            for hit in hits
        )

    assert shares(traffic.VIRAL_BEGINS, traffic.VIRAL_ENDS) > 2 * shares(0, traffic.VIRAL_BEGINS)


@pytest.mark.parametrize(
    ("agents", "kind"),
    [
        (crowd.DESKTOP, "browser"),
        (crowd.MOBILE, "browser"),
        (crowd.IN_MESSENGERS, "in_app"),
        (crowd.IN_NETWORKS, "in_app"),
        (crowd.BOTS, "bot"),
        (crowd.PREVIEWS, "preview"),
    ],
)
def test_the_agents_are_what_they_are_meant_to_be(agents: tuple[str, ...], kind: str) -> None:
    assert {ds.agent(agent).kind for agent in agents} == {kind}


@pytest.mark.parametrize(
    ("way", "kinds"),
    [
        ("search", {"search"}),
        ("network", {"social"}),
        ("assistant", {"ai"}),
        ("referral", {"referral"}),
        ("webmail", {"email"}),
        ("web messenger", {"messenger"}),
        ("android application", {"email", "messenger"}),
    ],
)
def test_the_referrers_are_what_they_are_meant_to_be(way: str, kinds: set[str]) -> None:
    referrers = next(one.referrers for one in crowd.WAYS if one.name == way)
    assert {ds.referrer(referrer).kind for referrer in referrers} == kinds


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "Pacific/Auckland"])
def test_a_range_may_hold_the_change_to_summer_time(zone: str) -> None:
    site = Site("demo.example", SITE.key, SITE.hosts, zone)
    begin = datetime(2027, 3, 27, tzinfo=ZoneInfo(zone)).timestamp()
    found = traffic.hits(traffic.Stage(site, STAGE.base, CODES), begin, begin + 2 * DAY)
    assert len(found) > 500
