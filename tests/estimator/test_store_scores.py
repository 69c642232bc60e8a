"""Features, scores and fits in the store: literal visits in, on every engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from literal import drain, hit, new_site, published, token

from darksocial import fitting, reclassification
from darksocial.errors import InputError
from darksocial.estimator import counts, scores, stored
from darksocial.estimator.counts import Counts, Sample
from darksocial.estimator.features import FEATURES, NAMES
from darksocial.estimator.fit import Fit
from darksocial.estimator.result import IDENTIFIED, Estimate
from darksocial.estimator.scoring import Weights
from darksocial.model import Site
from darksocial.store import Store
from darksocial.store.protocol import Session

pytestmark = pytest.mark.engines

BEGIN = datetime(2024, 10, 20, tzinfo=timezone.utc)
END = datetime(2024, 10, 25, tzinfo=timezone.utc)
DEEP = "/sport/a-long-story-about-a-match"
OTHER = "/sport/another-long-story-of-that-day"
NAMED = {feature.name: feature.levels for feature in FEATURES}


def sample(site: Site) -> Sample:
    return Sample("visits", site.name, BEGIN, END, "UTC")


@pytest.fixture
def site(store: Store) -> Site:
    return new_site(store)


def features(session: Session, site: Site) -> Iterator[Mapping[str, Any]]:
    """Yield the features of a site's tagged and untagged visits in words, in the order of time."""
    counts.prepare(session, sample(site))
    rows = session.query(
        f"SELECT role, {', '.join(NAMES)} FROM est_features ORDER BY id"
    ).to_pylist()
    counts.drop(session)
    for row in rows:
        yield {"role": row["role"]} | {name: NAMED[name][row[name]] for name in NAMES}


def test_an_arrival_is_described_in_words(store: Store, site: Site, tmp_path: Path) -> None:
    shared = token(site)
    rows = [
        hit("10:00", "ann", DEEP, returning="0", fetch_site="none", navigation="navigate"),
        hit("10:05", "ann", DEEP, kind="share", token=shared),
        hit("10:30", "bob", DEEP, token=shared),
        hit("10:40", "cid", DEEP, url_seen="1"),
        hit("10:50", "dan", "/"),
        hit("10:55", "eve", "/sport"),
        hit("11:00", "fay", OTHER, referrer="https://www.google.com/"),
    ]
    drain(store, tmp_path, site, rows)
    published(store, site, "id")
    with store.session() as session:
        ann, bob, cid, dan, eve = features(session, site)
    assert [row["role"] for row in (ann, bob, cid, dan, eve)] == [2, 1, 2, 2, 2]
    assert (ann["page"], dan["page"], eve["page"]) == ("deep page", "front page", "section page")
    assert (ann["length"], dan["length"]) == ("medium address", "short address")
    assert ann["fetch"] == "Sec-Fetch-Site none (Firefox)"
    assert ann["visitor_kind"] == "new visitor"
    assert cid["visitor_kind"] == "page seen before"
    assert dan["visitor_kind"] == "not known as returning"
    assert dan["fetch"] == ""
    assert cid["shared"] == "shared within two hours"
    assert dan["shared"] == "not shared within a week"
    assert (cid["busy"], dan["busy"]) == (
        "one or two other direct visits that day",
        "no other direct visit that day",
    )
    assert dan["clock"] == "morning"


def test_tagged_and_untagged_visits_are_described_alike(
    store: Store, site: Site, tmp_path: Path
) -> None:
    """Their own share and their own visit are left out: else a token would describe itself.

    The two pages saw the same, but for the token that one of the visits carried.
    """
    own, other, another = (token(site, number) for number in (1, 2, 3))
    rows = []
    for path, tag in ((DEEP, own), (OTHER, "")):
        rows += [
            hit("06:00", "writer", path, kind="share", token=other if tag else another),
            hit("10:10", "guest", path),
            hit("10:20", "reader" if tag else "twin", path, token=tag),
        ]
    rows.append(hit("10:15", "ann", DEEP, kind="share", token=own))
    drain(store, tmp_path, site, rows)
    published(store, site, "id")
    with store.session() as session:
        found = list(features(session, site))
    tagged = next(row for row in found if row["role"] == 1)
    twin = next(row for row in found[2:] if row["role"] == 2)
    left_out = ("role", "length")
    assert {k: v for k, v in tagged.items() if k not in left_out} == {
        k: v for k, v in twin.items() if k not in left_out
    }
    assert tagged["shared"] == "shared within six hours"
    assert tagged["sharing"] == "one share that day"


@pytest.mark.parametrize("guests", [0, 1, 4, 9])
def test_visits_of_known_origin_are_described_like_untagged_ones(
    store: Store, site: Site, tmp_path: Path, guests: int
) -> None:
    """The two pages saw the same, but for where the last visitor came from."""
    rows = []
    for number, (path, referrer) in enumerate(((DEEP, ""), (OTHER, "https://www.google.com/"))):
        rows.append(hit("02:00", f"early {path}", path))
        rows.append(hit("09:30", f"writer {path}", path, kind="share", token=token(site, number)))
        rows += [hit(f"10:1{place}", f"{place} {path}", path) for place in range(guests)]
        rows.append(hit("10:40", f"last {path}", path, referrer=referrer))
    drain(store, tmp_path, site, rows)
    published(store, site, "id")
    names = ("shared", "sharing", "busy", "burst", "age")
    with store.session() as session:
        beside = counts.gather(session, sample(site)).public.to_pylist()
        last = session.query(
            f"SELECT grp, {', '.join(names)} FROM est_features ORDER BY id DESC LIMIT 1"
        ).to_pylist()[0]
        counts.drop(session)
    assert [(row["search"], row["public"]) for row in beside] == [(1, 0)]
    assert {name: beside[0][name] for name in names} == {name: last[name] for name in names}
    assert NAMED["shared"][last["shared"]] == "shared within two hours"


def weights(seed: int) -> Weights:
    rng = np.random.default_rng(seed)
    levels = {f.name: [0.0, *rng.normal(0, 2, len(f.levels) - 1).tolist()] for f in FEATURES}
    return Weights(-0.3, levels, dict.fromkeys(NAMES, 0.1))


def some_visits(site: Site) -> list[dict[str, Any]]:
    paths = ("/", "/sport", DEEP, OTHER)
    return [
        hit(
            f"{8 + place % 12:02}:{place % 60:02}",
            f"visitor {place}",
            paths[place % 4],
            returning=("", "0", "1")[place % 3],
            url_seen="1" if place % 12 == 2 else "",
            fetch_site=("", "none", "cross-site")[place % 3],
            token=token(site, place % 3) if place % 5 == 1 else "",
        )
        for place in range(60)
    ]


def test_the_score_in_the_store_is_the_score_in_numpy(
    store: Store, site: Site, tmp_path: Path
) -> None:
    drain(store, tmp_path, site, some_visits(site))
    published(store, site, "id")
    with store.session() as session:
        counts.prepare(session, sample(site))
        scores.score(session, weights(1))
        rows = session.query(
            f"SELECT {', '.join(NAMES)}, probability, reasons FROM est_features "
            "GLOBAL ANY LEFT JOIN (SELECT * FROM est_scored) AS scored USING (cell) WHERE role = 2"
        )
        counts.drop(session)
    codes = np.stack([rows[name].to_numpy().astype(np.int64) for name in NAMES], axis=1)
    expected = weights(1).score(codes)
    assert np.abs(rows["probability"].to_numpy() - expected).max() < 1e-9
    assert expected[codes[:, NAMES.index("visitor_kind")] == 3].max() <= 0.02
    assert all(reason.count(" (") == 3 for reason in rows["reasons"].to_pylist())


def kept_fit(session: Session, site: Site, found: Weights | None) -> None:
    estimate = Estimate(45, 0.3, 0.2, 0.4, 0.5, IDENTIFIED, "", {"co_movement": 0.3})
    gathered: Counts = counts.gather(session, sample(site))
    counts.drop(session)
    stored.save(session, site.name, Fit(estimate, found, gathered), BEGIN.date(), END.date())


def test_published_visits_get_the_scores_of_the_newest_fit(
    store: Store, site: Site, tmp_path: Path
) -> None:
    drain(store, tmp_path, site, some_visits(site))
    assert {row[0] for row in published(store, site, "probability", "evidence = 'model'")} == {None}
    day = datetime(2024, 10, 22).date()
    columns = "evidence, channel, probability, reason"
    with store.session() as session:
        kept_fit(session, site, weights(1))
        reclassification.rescore_day(session, site, day)
    once = published(store, site, columns)
    with store.session() as session:
        reclassification.touch_all(session, site)
    again = published(store, site, columns)
    assert once == again
    scored = [row for row in once if row[0] == "model"]
    assert scored
    assert all(row[1] == "direct" and 0 < row[2] < 1 for row in scored)
    assert all(row[3].startswith("model: ") and row[3].count(", ") >= 2 for row in scored)
    with store.session() as session:
        kept_fit(session, site, None)
        reclassification.rescore_day(session, site, day)
    bare = [row for row in published(store, site, columns) if row[0] == "model"]
    assert {(row[2], row[3]) for row in bare} == {(None, "model")}


def test_a_fit_is_kept_with_what_it_was_made_from(store: Store, site: Site, tmp_path: Path) -> None:
    drain(store, tmp_path, site, some_visits(site))
    published(store, site, "id")
    with store.session() as session:
        made = fitting.fit_site(session, site)
        read = stored.newest(session, site.name)
    assert read == [made]
    assert (made.first, made.last) == (datetime(2024, 10, 22).date(),) * 2
    assert made.tagged + made.untagged == 60
    assert made.estimate.visits == made.untagged
    assert made.library


def test_a_site_without_visits_cannot_be_fitted(store: Store, site: Site) -> None:
    with store.session() as session, pytest.raises(InputError, match="Nothing is published"):
        fitting.fit_site(session, site)
