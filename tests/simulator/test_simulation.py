"""What a simulation promises: repeatable, in the tracker's words, with a true truth beside it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

import darksocial as ds
from darksocial.errors import InputError
from darksocial.model import ANSWERS, FETCH_SITES, KINDS, METHODS, NAVIGATIONS
from darksocial.simulator import SCENARIOS, Simulation, World, pages
from darksocial.simulator.applications import APPLICATIONS
from darksocial.simulator.arrivals import Scene, ordinary
from darksocial.simulator.traces import AGENTS, REFERRERS

ACCEPTANCE = {
    "news", "shop", "b2b_blog", "low_traffic", "device_propensity", "newsletter_blast", "tv_spot",
    "returning_heavy", "silent_channels", "app_clicks", "cached_previews", "few_shares",
    "no_shares",
}  # fmt: skip


@cache
def simulated(scenario: str, scale: float = 0.05, **options: Any) -> Simulation:
    return ds.simulate(scenario, seed=4, scale=scale, **options)


def column(table: pa.Table, name: str) -> Any:
    return np.asarray(table[name])


def test_the_scenarios_are_those_of_the_acceptance() -> None:
    assert set(SCENARIOS) == ACCEPTANCE


def test_the_same_seed_gives_the_same_hits_and_another_seed_others() -> None:
    first = ds.simulate("b2b_blog", seed=1, scale=0.1)
    again = ds.simulate("b2b_blog", seed=1, scale=0.1)
    other = ds.simulate("b2b_blog", seed=2, scale=0.1)
    assert first.hits.equals(again.hits)
    assert first.truth.equals(again.truth)
    assert not first.hits.equals(other.hits)


@pytest.mark.parametrize("scenario", sorted(ACCEPTANCE))
def test_every_hit_is_in_the_tracker_s_words(scenario: str) -> None:
    hits = simulated(scenario).hits
    words = {
        "kind": KINDS,
        "method": (*METHODS, None),
        "navigation": (*NAVIGATIONS, "", None),
        "fetch_site": (*FETCH_SITES, "", None),
        "answer": (*ANSWERS, None),
    }
    for name, known in words.items():
        assert set(pc.unique(hits[name]).to_pylist()) <= set(known), name
    begin = simulated(scenario).world.begin
    seconds = column(hits, "ts").astype("datetime64[s]").astype(int)
    assert seconds.min() >= begin
    assert (np.diff(seconds) >= 0).all()


@pytest.mark.parametrize("scenario", ["news", "low_traffic", "random"])
def test_every_arrival_becomes_a_visit_and_no_row_is_refused(scenario: str) -> None:
    found = simulated(scenario)
    result = ds.reclassify(found.hits, tokens_deployed=True)
    assert result.refused.num_rows == 0
    numbers = sorted(result.visits["arrival"].to_pylist())
    assert numbers == found.truth["arrival"].to_pylist()


def test_a_token_comes_only_with_links_that_were_passed_on_or_one_s_own() -> None:
    truth = simulated("news").truth
    tagged = truth.filter(truth["token"])
    assert tagged.num_rows > 100
    assert set(pc.unique(tagged["channel"]).to_pylist()) == {"share", "own"}


def test_lost_means_passed_on_without_a_token() -> None:
    truth = simulated("news").truth
    expected = pc.and_(truth["shared"], pc.invert(truth["token"]))
    assert truth["lost"].equals(expected)
    assert truth["shared"].equals(pc.equal(truth["channel"], "share"))


def test_the_token_stands_in_the_address_and_in_its_column() -> None:
    hits = simulated("news").hits
    tagged = hits.filter(pc.is_valid(hits["token"]))
    views = tagged.filter(pc.is_in(tagged["kind"], pa.array(["pageview", "preview"])))
    for url, token in zip(views["url"].to_pylist(), views["token"].to_pylist(), strict=True):
        assert url.endswith(f"ds={token}")


def test_a_reported_share_s_token_is_the_one_that_its_readers_bring() -> None:
    found = simulated("b2b_blog", 0.4)
    hits, truth = found.hits, found.truth
    arrived = hits.filter(pc.is_valid(hits["arrival"]))
    by_arrival = dict(
        zip(arrived["arrival"].to_pylist(), arrived["token"].to_pylist(), strict=True)
    )
    reported = set(hits.filter(pc.equal(hits["kind"], "share"))["token"].to_pylist())
    own = truth.filter(pc.equal(truth["channel"], "own"))["arrival"].to_pylist()
    brought = [by_arrival[number] for number in own]
    assert len(brought) > 20
    assert len(reported.intersection(brought)) / len(set(brought)) > 0.85


def part(found: Simulation, **where: Any) -> float:
    """Return which part of the passed-on arrivals that are so brought a token."""
    shared = found.truth.filter(found.truth["shared"])
    for name, value in where.items():
        shared = shared.filter(pc.equal(shared[name], value))
    return 1 - (pc.mean(shared["lost"]).as_py() or 0.0)


def sharers(found: Simulation, device: str) -> float:
    rows = found.shares.filter(pc.equal(found.shares["device"], device))
    return float(pc.mean(rows["minted"]).as_py())


def test_silent_channels_never_carry_tokens() -> None:
    found = simulated("silent_channels")
    for name in found.world.silent:
        assert part(found, application=name) == 0.0
    assert part(found) > 0.1
    assert len(found.world.silent) == 4


def test_device_propensity_hangs_on_the_sharer_s_device() -> None:
    found = simulated("device_propensity", 0.1)
    assert sharers(found, "desktop") > 2 * sharers(found, "mobile")


def test_no_shares_has_no_token_and_few_shares_have_few() -> None:
    none, few = simulated("no_shares"), simulated("few_shares", 0.1)
    assert none.tokens_deployed
    assert none.shares.num_rows == 0
    assert pc.sum(none.truth["shared"]).as_py() == 0
    assert none.hits["token"].null_count == none.hits.num_rows
    assert 0 < pc.mean(few.truth["shared"]).as_py() < 0.01


def test_a_television_spot_fills_the_home_page_within_an_hour() -> None:
    truth = simulated("tv_spot", 0.1).truth
    spot = truth.filter(pc.equal(truth["channel"], "tv"))
    hours = column(spot, "ts").astype("datetime64[h]")
    assert 4 <= len(np.unique(hours)) <= 20
    assert pc.mean(pc.equal(spot["page_class"], "home")).as_py() > 0.8


def test_a_blast_is_untagged_and_goes_to_deep_pages_within_days() -> None:
    found = simulated("newsletter_blast", 0.1)
    letters = found.truth.filter(pc.equal(found.truth["channel"], "blast"))
    assert letters.num_rows > 500
    assert pc.unique(letters["page_class"]).to_pylist() == ["deep"]
    rows = found.hits.filter(pc.is_in(found.hits["arrival"], letters["arrival"].combine_chunks()))
    assert not any("utm_" in url for url in rows["url"].to_pylist())


def test_app_clicks_follow_what_is_passed_on() -> None:
    def together(scenario: str) -> float:
        found = simulated(scenario, 0.15)
        arrived = found.hits.filter(pc.is_valid(found.hits["arrival"])).sort_by("arrival")
        page = arrived["url"].combine_chunks().dictionary_encode()
        bare = [url.partition("?")[0] for url in page.dictionary.to_pylist()]
        place = np.unique(bare, return_inverse=True)[1][np.asarray(page.indices)]
        channel = np.asarray(found.truth["channel"].to_pylist())
        shared, app = (np.bincount(place[channel == name]) for name in ("share", "app"))
        size = min(len(shared), len(app))
        return float(np.corrcoef(shared[:size], app[:size])[0, 1])

    assert together("app_clicks") > 0.8
    assert together("app_clicks") > together("news")


def test_cached_previews_are_mostly_of_addresses_with_a_token() -> None:
    def tagged(scenario: str) -> float:
        hits = simulated(scenario, 0.1).hits
        server = [one.preview for one in APPLICATIONS if one.preview and not one.by_sender]
        rows = hits.filter(pc.is_in(hits["user_agent"], pa.array(server)))
        return 1 - rows["token"].null_count / rows.num_rows

    assert tagged("cached_previews") > 0.85 > tagged("news")


def test_without_consent_nobody_returns_and_a_visitor_is_another_one_each_day() -> None:
    world = World("anonymous", visits=4000, pages=50, consent=0.0)
    found = ds.simulate(world, seed=1)
    assert found.hits["returning"].null_count == found.hits.num_rows
    assert found.hits["url_seen"].null_count == found.hits.num_rows
    arrived = found.hits.filter(pc.is_valid(found.hits["arrival"]))
    days: dict[str, set[int]] = {}
    day = column(arrived, "ts").astype("datetime64[D]").astype(int)
    for visitor, on in zip(arrived["visitor"].to_pylist(), day.tolist(), strict=True):
        days.setdefault(visitor, set()).add(on)
    assert max(map(len, days.values())) == 1


def test_a_survey_adds_answers_and_changes_nothing_else() -> None:
    plain, asked = simulated("b2b_blog", 0.4), simulated("b2b_blog", 0.4, survey=300)
    survey = pc.equal(asked.hits["kind"], "survey")
    assert asked.hits.filter(survey)["answer"].null_count == 0
    assert pc.sum(survey).as_py() == 300
    assert asked.hits.filter(pc.invert(survey)).equals(plain.hits)
    assert asked.truth.equals(plain.truth)


def test_the_survey_s_answers_tell_the_truth_of_untagged_deep_landings() -> None:
    found = simulated("news", survey=1000)
    answers = found.hits.filter(pc.equal(found.hits["kind"], "survey"))
    said = pc.mean(pc.equal(answers["answer"], "shared")).as_py()
    result = ds.reclassify(found.hits)
    left = result.visits.filter(pc.equal(result.visits["evidence"], "model"))
    truth = found.truth.take(left["arrival"])
    deep = truth.filter(pc.equal(truth["page_class"], "deep"))
    assert said == pytest.approx(pc.mean(deep["shared"]).as_py(), abs=0.06)


def test_a_holdout_takes_tokens_from_its_part_of_shares_and_from_nothing_else() -> None:
    all_of_them = simulated("news", 0.1, holdout=1.0)
    half = simulated("news", 0.1, holdout=0.5)
    assert pc.sum(all_of_them.shares["minted"]).as_py() == 0
    assert pc.sum(all_of_them.truth["token"]).as_py() == 0
    held, minted = (pc.sum(half.shares[name]).as_py() for name in ("holdout", "minted"))
    assert held / (held + minted) == pytest.approx(0.5, abs=0.1)
    told = half.hits.filter(pc.equal(half.hits["name"], "holdout"))
    assert pc.unique(told["kind"]).to_pylist() == ["share"]
    assert told["token"].null_count == told.num_rows > 0


def test_shuffled_tokens_say_nothing_about_who_was_sent_a_link() -> None:
    plain, dealt = simulated("news", 0.1), simulated("news", 0.1, shuffled=True)
    assert pc.sum(dealt.truth["token"]).as_py() == pc.sum(plain.truth["token"]).as_py()
    direct = dealt.truth.filter(
        pc.is_in(dealt.truth["channel"], pa.array(["share", "typed", "bookmark", "staff"]))
    )
    tagged, others = (direct.filter(pc.equal(direct["token"], flag)) for flag in (True, False))
    with_token, without = (pc.mean(rows["shared"]).as_py() for rows in (tagged, others))
    assert with_token == pytest.approx(without, abs=0.03)


@pytest.mark.parametrize("application", APPLICATIONS, ids=lambda one: str(one.name))
def test_applications_show_themselves_in_words_that_the_rules_know(application: Any) -> None:
    for agent in application.agents:
        assert (ds.agent(agent).kind, ds.agent(agent).application) == ("in_app", application.name)
    for referrer in filter(None, (application.referrer, application.android)):
        assert ds.referrer(referrer).application == application.name
    if application.preview:
        assert ds.agent(application.preview).kind == "preview"


def test_people_s_agents_are_browsers_and_no_referrer_is_unheard_of() -> None:
    assert {ds.agent(agent).kind for agent in AGENTS} == {"browser", "in_app"}
    assert {ds.referrer(referrer).kind for referrer in REFERRERS if referrer} <= {
        "messenger", "email", "social", "search", "ai", "document", "referral",
    }  # fmt: skip


def test_days_and_scale_make_a_simulation_shorter_and_smaller() -> None:
    short = ds.simulate("b2b_blog", seed=1, days=7)
    assert short.truth.num_rows == pytest.approx(60_000 / 4, rel=0.2)
    spread = column(short.truth, "ts").astype("datetime64[D]")
    assert len(np.unique(spread)) == 7


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"scenario": "olds"}, "no scenario 'olds': choose random or one of news"),
        ({"scenario": "news", "days": 0}, "1 to 400 days, not 0"),
        ({"scenario": "news", "scale": 0.0}, "above 0, up to 1000, not 0.0"),
        ({"scenario": "news", "scale": float("nan")}, "above 0, up to 1000, not nan"),
        ({"scenario": "news", "scale": float("inf")}, "above 0, up to 1000, not inf"),
        ({"scenario": "news", "seed": -1}, "whole number from 0 on, not -1"),
        ({"scenario": "news", "holdout": 1.5}, "holdout lies between 0 and 1"),
        ({"scenario": "news", "survey": -1}, "0 answers or more"),
    ],
)
def test_what_cannot_be_simulated_is_refused_in_a_sentence(
    options: dict[str, Any], says: str
) -> None:
    with pytest.raises(InputError, match=says):
        ds.simulate(**options)


def test_a_holdout_holds_a_sharer_s_shares_all_or_none() -> None:
    found = simulated("returning_heavy", 0.2, holdout=0.5)
    told = found.hits.filter(pc.equal(found.hits["kind"], "share"))
    kinds: dict[str, set[bool]] = {}
    for visitor, name in zip(told["visitor"].to_pylist(), told["name"].to_pylist(), strict=True):
        kinds.setdefault(visitor, set()).add(name == "holdout")
    shared_twice = len(told) - len(kinds)
    assert shared_twice > 30
    assert all(len(held) == 1 for held in kinds.values())


def test_who_landed_on_a_page_before_has_seen_it() -> None:
    found = simulated("returning_heavy", 0.1)
    arrived = found.hits.filter(pc.is_valid(found.hits["url_seen"]))
    arrived = arrived.filter(pc.is_valid(arrived["arrival"]))
    known: set[tuple[str, str]] = set()
    again = []
    for visitor, url, seen in zip(
        *(arrived[name].to_pylist() for name in ("visitor", "url", "url_seen")), strict=True
    ):
        page = (visitor, url.partition("?")[0])
        if page in known:
            again.append(seen)
        known.add(page)
    assert len(again) > 100
    assert all(again)


def test_nobody_reads_a_page_before_it_was_written() -> None:
    world = replace(SCENARIOS["news"], visits=20_000, old=0.0)
    written = pages.make(world, np.random.default_rng(1))
    arrivals = ordinary(Scene(world, written, (1,)), 20_000)
    assert (arrivals.page >= written.front).sum() > 5_000
    assert (arrivals.ts >= written.born[arrivals.page]).all()
