"""Diagnostics on counts whose truth is known: missing at random, and the holdout."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from literal import drain, hit, new_site, published, token

from darksocial.estimator import counts, holdout, scar
from darksocial.estimator.counts import GROUPS, Sample
from darksocial.estimator.scar import Positives
from darksocial.store import Store
from darksocial.store.sql import statement

CELLS = np.array([[device, clock] for device in (1, 2) for clock in range(1, 7)])


def positives(seed: int, *propensity: float, visits: int = 4000) -> Positives:
    """Visits of shares on two devices, each with its own part of labels."""
    rng = np.random.default_rng(seed)
    total = rng.multinomial(visits, [1 / len(CELLS)] * len(CELLS))
    labelled = rng.binomial(total, np.array(propensity)[CELLS[:, 0] - 1])
    return Positives(
        ("device", "clock"), CELLS, labelled.astype(float), (total - labelled).astype(float)
    )


def test_labels_that_are_dealt_out_at_random_are_seldom_taken_for_others() -> None:
    p = [scar.missing_at_random(positives(seed, 0.4, 0.4)) for seed in range(100)]
    rejected = sum(found is not None and found.p <= 0.05 for found in p)
    assert rejected <= 12  # 5 are expected, and more than 12 come once in a thousand times


def test_labels_that_depend_on_the_device_are_found_with_it() -> None:
    found = [scar.missing_at_random(positives(seed, 0.3, 0.5)) for seed in range(10)]
    assert all(one is not None and one.p <= 0.01 and one.feature == "device" for one in found)


def test_tokens_of_many_visits_are_weaker_evidence() -> None:
    alone, together = (
        scar.missing_at_random(positives(1, 0.38, 0.42), lumps) for lumps in (1.0, 16.0)
    )
    assert alone is not None
    assert together is not None
    assert alone.statistic == together.statistic
    assert alone.p < 0.05 < together.p


@pytest.mark.parametrize("propensity", [(0.0, 0.0), (1.0, 1.0)])
def test_nothing_is_said_where_there_is_nothing_to_compare(propensity: tuple[float, float]) -> None:
    assert scar.missing_at_random(positives(1, *propensity)) is None
    assert scar.missing_at_random(positives(1, 0.5, 0.5, visits=60)) is None


def pages(seed: int, held: float, kept: float = 1.0, views: bool = False) -> pa.Table:
    """Pages whose acts bring 0.6 tagged and 0.4 untagged visits each, and untagged ones where they
    are held; `kept` of the visits that a held act costs turn up untagged."""
    rng = np.random.default_rng(seed)
    acts = rng.poisson(rng.lognormal(2.5, 1.0, 600)) + 1
    off = rng.binomial(acts, held)
    tagged = rng.poisson(0.6 * (acts - off))
    untagged = rng.poisson(0.4 * acts + 0.6 * kept * off + 3 * acts**0.5)
    none = np.zeros_like(acts)
    mine, others = (acts, off), (acts if views else none, none)
    shares, seen = (others, mine) if views else (mine, others)
    columns = {"grp": np.arange(600) % GROUPS, "tagged": tagged, "untagged": untagged}
    columns["public"] = rng.poisson(3 * acts**0.5)
    columns |= {"shares": shares[0], "held_shares": shares[1]}
    return pa.table(columns | {"views": seen[0], "held_views": seen[1]})


@pytest.mark.parametrize("views", [False, True])
def test_what_a_holdout_takes_from_tagged_visits_turns_up_untagged(views: bool) -> None:
    found = [holdout.from_pages(pages(seed, 0.3, views=views)) for seed in range(20)]
    assert {one.acts for one in found if one} == {"page views" if views else "shares"}
    assert sum(one.conserved for one in found if one) >= 14
    assert np.mean([one.tagged.visits for one in found if one]) == pytest.approx(-0.6, abs=0.03)
    assert np.mean([one.untagged.visits for one in found if one]) == pytest.approx(0.6, abs=0.08)


def test_visits_that_tokens_cost_are_noticed() -> None:
    found = holdout.from_pages(pages(1, 0.5, kept=2.5))
    assert found is not None
    assert not found.conserved
    assert found.sum.low > 0


def test_a_site_without_a_holdout_has_no_conservation() -> None:
    assert holdout.from_pages(pages(1, 0.0)) is None
    assert holdout.from_pages(pages(1, 1.0)) is None


def test_diagnostics_are_counted_on_every_engine(store: Store, tmp_path: Path) -> None:
    site = new_site(store)
    shared = token(site)
    rows = [
        hit("10:00", "ann", "/a-long/story", name="holdout"),
        hit("10:01", "bob", "/a-long/story"),
        hit("10:02", "bob", "/a-long/story", kind="share", token=shared),
        hit("10:03", "eve", "/a-long/story", kind="share", name="holdout"),
        hit("10:10", "cid", "/a-long/story", token=shared),
        hit("10:20", "dan", "/a-long/story", token=shared, referrer="https://web.whatsapp.com/"),
        hit("10:30", "fay", "/a-long/story", referrer="https://web.whatsapp.com/"),
    ]
    drain(store, tmp_path, site, rows)
    published(store, site, "id")
    begin, end = (datetime(2024, 10, day, tzinfo=timezone.utc) for day in (20, 25))
    sample = Sample("visits", site.name, begin, end, "UTC")
    with store.session() as session:
        counts.prepare(session, sample)
        known = scar.seen(session)
        (page,) = session.query(
            statement("estimate/holdout"), site=site.name, begin=begin, end=end, groups=GROUPS
        ).to_pylist()
        counts.drop(session)
    assert (known.labelled.tolist(), known.bare.tolist()) == ([1.0], [1.0])
    page.pop("grp")
    assert page == {
        "shares": 2,
        "held_shares": 1,
        "views": 5,
        "held_views": 1,
        "tagged": 1,
        "untagged": 2,
        "public": 0,
    }
