"""Seeded shares: read from a list or a frame, kept, and what they say of surviving tokens."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from literal import new_site
from worlds import cells, channels, counted, units

import darksocial as ds
from darksocial import seeding
from darksocial.errors import InputError
from darksocial.estimator import seeded
from darksocial.estimator.propensity import propensity
from darksocial.estimator.seeded import Seeded
from darksocial.lists import Entered
from darksocial.model import Site
from darksocial.store import Store

HEAD = "date,channel,device,shared,seen"
ROW = {"date": "2025-11-02", "channel": "WhatsApp", "device": "mobile", "shared": 40, "seen": 34}
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def entered(store: Store, site: Site, *lines: str) -> Entered:
    with store.session() as session:
        return seeding.from_csv(session, "\n".join([HEAD, *lines]), site)


def test_a_column_that_is_there_twice_is_named_with_its_frame() -> None:
    frame = pd.DataFrame([[*ROW.values(), 34]], columns=[*ROW, "seen"])
    with pytest.raises(InputError, match="The frame of seeded shares has the column 'seen' twice"):
        seeding.from_frame(frame)


def test_a_list_is_read_again_and_corrected(store: Store) -> None:
    site = new_site(store)
    lines = ["2025-11-02,WhatsApp,mobile,40,34", "2025-11-02,Signal,,10,9"]
    assert entered(store, site, *lines) == Entered(2, 0, 0, ())
    assert entered(store, site, "2025-11-02,Signal,,10,8", *lines[:1]) == Entered(0, 1, 1, ())
    with store.session() as session:
        assert seeded.stored_seeds(session, site.name, FIRST, LAST) == [
            Seeded(date(2025, 11, 2), "Signal", "", 10, 8),
            Seeded(date(2025, 11, 2), "WhatsApp", "mobile", 40, 34),
        ]
        assert seeded.stored_seeds(session, site.name, FIRST, date(2025, 11, 1)) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("02.11.2025,WhatsApp,mobile,40,34", "The column date has '02.11.2025'"),
        ("2025-11-021,WhatsApp,mobile,40,34", "The column date has '2025-11-021'"),
        ("2149-06-06,WhatsApp,mobile,40,34", "a day that is yet to come: give one up to"),
        ("9999-12-31,WhatsApp,mobile,40,34", "The column date has '9999-12-31'"),
        ("2025-11-02,,mobile,40,34", "The column channel has 0 letters"),
        ("2025-11-02,WhatsApp,watch,40,34", "The column device has 'watch'"),
        ("2025-11-02,WhatsApp,mobile,0,0", "The column shared has 0"),
        ("2025-11-02,WhatsApp,mobile,40,41", "The column seen has 41, more than the 40"),
        ("2025-11-02,WhatsApp,mobile,many,1", "The column shared has 'many'"),
        ("2025-11-02,WhatsApp,mobile,40,34,1", "more values than the heading"),
    ],
)
def test_a_line_that_cannot_be_used_is_refused_by_its_number(
    store: Store, line: str, said: str
) -> None:
    found = entered(store, new_site(store), "2025-11-02,Signal,,10,9", line)
    ((number, sentence),) = found.refused
    assert (found.added, number) == (1, 3)
    assert said in sentence


@pytest.mark.parametrize(
    "frame",
    [
        pa.Table.from_pylist([ROW, ROW | {"seen": 41}]),
        pd.DataFrame([ROW, ROW | {"seen": 41}]),
        pd.DataFrame([ROW, ROW | {"seen": 41}]).astype({"date": "datetime64[ns]"}),
        pd.DataFrame([ROW, ROW | {"seen": 41}]).astype({"shared": float, "seen": float}),
    ],
)
def test_frames_are_read_as_lists_are(frame: Any) -> None:
    read, refused = seeding.from_frame(frame)
    assert read == [Seeded(date(2025, 11, 2), "WhatsApp", "mobile", 40, 34)]
    assert [place for place, _ in refused] == [1]


def test_a_frame_without_its_columns_is_told_which() -> None:
    with pytest.raises(InputError, match="no column 'seen'"):
        seeding.from_frame(pd.DataFrame([ROW]).drop(columns="seen"))


SEEDS = [
    Seeded(date(2025, 11, 2), "WhatsApp", "mobile", 40, 30),
    Seeded(date(2025, 11, 3), "WhatsApp", "mobile", 60, 50),
    Seeded(date(2025, 11, 3), "WhatsApp", "desktop", 50, 10),
]


def test_survival_is_counted_by_channel_and_device() -> None:
    desktop, mobile = seeded.survival(SEEDS)
    assert (desktop.share, mobile.share) == (0.2, 0.8)
    assert (mobile.shared, mobile.seen) == (100, 80)
    # Wilson's interval for 80 of 100 at 90 %, as his formula gives it.
    assert (mobile.low, mobile.high) == (
        pytest.approx(0.7266, abs=5e-4),
        pytest.approx(0.8577, abs=5e-4),
    )


def test_a_site_whose_channels_show_nothing_learns_its_propensity_from_seeds() -> None:
    nothing = counted(cells({"tagged": 1, "untagged": 1}), units(1, 1), channels())
    assert propensity(nothing) is None
    found = propensity(seeded.with_seeds(nothing, SEEDS))
    assert found is not None
    assert found.channels == {"seeded WhatsApp": pytest.approx(0.6, abs=0.01)}
    assert seeded.with_seeds(nothing, []) is nothing


def test_seeds_move_an_estimate_and_odd_rows_are_told() -> None:
    hits = ds.simulate("news", seed=3, scale=0.05).hits
    rows = [ROW | {"shared": 400, "seen": 380}, ROW | {"seen": -1}]
    without = ds.reclassify(hits)
    planted = ds.reclassify(hits, seeded=pa.Table.from_pylist(rows))
    assert planted.estimate.sources["propensity"] < without.estimate.sources["propensity"]
    assert [place for place, _ in planted.refused_seeded] == [1]
    assert without.refused_seeded == ()
