"""`result.plot()`: what became of each day's direct visits."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pytest

import darksocial as ds

pyplot: Any = pytest.importorskip("matplotlib.pyplot", reason="matplotlib is not installed")


@pytest.fixture(autouse=True)
def _no_window() -> Iterator[None]:
    pyplot.switch_backend("agg")
    yield
    pyplot.close("all")


def test_bars_and_whiskers_are_what_the_estimate_says_of_each_day() -> None:
    result = ds.reclassify(ds.simulate("news", seed=3, scale=0.05).hits)
    ax = result.plot()
    parts = result.estimate.by("day")
    reported = result.report("overview").summary
    certain, estimated, rest = (
        [bar.get_height() for bar in bars] for bars in ax.containers if hasattr(bars, "patches")
    )
    assert sum(certain) == reported["direct_that_was_dark_social"]
    assert estimated == pytest.approx([part.estimated for part in parts])
    assert sum(certain) + sum(estimated) + sum(rest) == pytest.approx(reported["reported_direct"])
    (whiskers,) = ax.collections
    ends = [
        tuple(y - bottom for _, y in segment)
        for segment, bottom in zip(whiskers.get_segments(), certain, strict=True)
    ]
    assert ends == [pytest.approx((part.low, part.high)) for part in parts]


def test_the_picture_is_one_that_notebooks_show_or_is_drawn_on_axes_given() -> None:
    result = ds.reclassify(pa.table({"ts": [1_762_077_600], "url": ["https://a.example/"]}))
    ax = result.plot()
    assert ax.figure.number in pyplot.get_fignums()
    assert result.plot(ax) is ax


def test_no_direct_visit_at_all_is_an_empty_picture() -> None:
    hits = {"ts": [1_762_077_600], "url": ["https://a.example/"]}
    result = ds.reclassify(pa.table(hits | {"referrer": ["https://www.google.com/"]}))
    ax = result.plot()
    assert all(len(bars.patches) == 0 for bars in ax.containers)
    assert "nothing to estimate" in ax.get_title()
