"""Small worlds of counts whose truth is known, and literal visits on any engine."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from darksocial.estimator.counts import GROUPS, Counts, Extent
from darksocial.estimator.features import FEATURES

CODES = {"page": 3, "length": 2, "device": 2, "navigation": 1, "clock": 3}


def units(seed: int, rho: float, pages: int = 400, windows: int = 8) -> pa.Table:
    """Pages x half weeks: popularity drives search and some direct visits, sharing the tokens.

    For each tagged visit there are `rho` untagged ones of shares.
    """
    rng = np.random.default_rng(seed)
    fame = rng.lognormal(0.5, 1.0, (pages, 1)) * rng.lognormal(0, 0.3, (pages, windows))
    passed = 0.6 * rng.lognormal(0, 1.0, (pages, 1)) * fame**0.5
    place = np.tile(np.arange(windows), (pages, 1))
    columns = {
        "page_key": np.repeat(np.arange(pages, dtype=np.uint64)[:, None], windows, 1),
        "grp": np.repeat((np.arange(pages) % GROUPS).astype(np.uint8)[:, None], windows, 1),
        "place": place,
        "born": np.zeros_like(place),
        "untagged": rng.poisson(fame + rho * passed),
    }
    for half in "ab":
        columns[f"search_{half}"] = rng.poisson(fame)
        columns[f"public_{half}"] = rng.poisson(fame / 2)
        columns[f"tagged_{half}"] = rng.poisson(passed / 2)
        columns[f"seen_{half}"] = np.zeros_like(place)
    return pa.table({name: values.ravel() for name, values in columns.items()})


def channels(*rows: tuple[str, int, int, int]) -> pa.Table:
    """Rows of (channel, device code, tagged, bare), spread evenly over the groups."""
    names = ("unit", "device", "grp", "tagged", "bare")
    spread = [
        (unit, device, group, tagged // GROUPS, bare // GROUPS)
        for unit, device, tagged, bare in rows
        for group in range(GROUPS)
    ]
    columns = list(zip(*spread, strict=True)) or [()] * 5
    kinds = (pa.string(), pa.uint8(), pa.uint8(), pa.uint64(), pa.uint64())
    return pa.table([pa.array(c, k) for c, k in zip(columns, kinds, strict=True)], names)


def cells(*rows: dict[str, int]) -> pa.Table:
    """Rows of features by their codes (the others as `CODES` or unknown), tagged and untagged.

    `half` is 0 or 1 where both halves of the pages are meant."""
    rows = tuple({"grp": row.get("half", 0)} | row for row in rows)
    names = ["grp", *(feature.name for feature in FEATURES), "tagged", "untagged"]
    return pa.table({n: [(CODES | row).get(n, 0) for row in rows] for n in names})


def public(*rows: dict[str, int]) -> pa.Table:
    """Rows of what visits of known origin look like, `search` and `public` as they came."""
    names = ("grp", "shared", "sharing", "busy", "burst", "age", "search", "public")
    return pa.table({n: pa.array([row.get(n, 0) for row in rows], pa.uint64()) for n in names})


def counted(
    cells_: pa.Table,
    units_: pa.Table,
    channels_: pa.Table,
    public_: pa.Table | None = None,
    **extent: float,
) -> Counts:
    """Counts whose extent follows from the cells; visits of known origin only where given."""
    sums = {name: int(sum(cells_[name].to_pylist())) for name in ("tagged", "untagged")}
    base = Extent(490_000, 490_672, **sums, tokens=sums["tagged"] // 2, shares=sums["tagged"] // 2)
    values = {name: getattr(base, name) for name in Extent.__slots__} | extent
    beside = public() if public_ is None else public_
    return Counts(Extent(**values), cells_, units_, channels_, beside)  # type: ignore[arg-type]
