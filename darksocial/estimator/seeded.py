"""Seeded shares: links that the owner passed on, counted by hand, to see whether tokens survive.

Somebody copies a link of the site as readers do, sends it through a channel and opens it on a
device, some number of times (`shared`), and counts in how many of these the page that opened had
its token in the address (`seen`). So

    survival of a channel and device = seen / shared

is a propensity that was measured where nothing shows: channels that name themselves neither by
agent nor by referrer. It joins the channels of `propensity` as one more of them, so that it counts
by the square root of its size and its distance to the others stays part of the interval; and by
devices it says which of them loses more. What it cannot tell is how often readers pass on a link
without having had a token at all: copy as they do, not as you should.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from darksocial.estimator.counts import GROUPS, Counts
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

DEVICES = ("", "desktop", "mobile", "tablet")  # in the order of their codes
KEPT_DAYS = 180  # tokens are lost by programs, and programs change


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was planted on a day in a channel and opened on a device ("" where that is not known),
    and how many of these were seen with their token."""

    day: date
    channel: str
    device: str
    shared: int
    seen: int


@dataclass(frozen=True, slots=True)
class Survival:
    """How many planted links of a channel and device kept their token: `share`, with the 90 %
    interval of Wilson (1927) for a proportion."""

    channel: str
    device: str
    shared: int
    seen: int
    share: float
    low: float
    high: float


def stored_seeds(session: Session, site: str, first: date, last: date) -> list[Seeded]:
    """Return a site's seeded shares of some days."""
    rows = session.query(statement("seeded/all"), site=site, first=first, last=last).to_pylist()
    return [Seeded(**row) for row in rows]


def with_seeds(counts: Counts, seeds: Sequence[Seeded]) -> Counts:
    """Return counts whose channels have the seeded ones among them."""
    if not seeds:
        return counts
    rows = [row for one in survival(seeds) for row in _rows(one)]
    table = pa.Table.from_pylist(rows).select(counts.channels.column_names)
    channels = pa.concat_tables([counts.channels, table.cast(counts.channels.schema)])
    return replace(counts, channels=channels)


def survival(seeds: Iterable[Seeded]) -> list[Survival]:
    """Return how tokens survive, by channel and device over all days."""
    sums: dict[tuple[str, str], list[int]] = {}
    for one in seeds:
        found = sums.setdefault((one.channel, one.device), [0, 0])
        found[0] += one.shared
        found[1] += one.seen
    return [
        Survival(channel, device, shared, seen, seen / shared, *_wilson(seen, shared))
        for (channel, device), (shared, seen) in sorted(sums.items())
    ]


def as_rows(seeds: Iterable[Seeded]) -> list[dict[str, Any]]:
    """Return the survival as JSON holds it."""
    return [asdict(one) for one in survival(seeds)]


def _rows(one: Survival) -> list[dict[str, Any]]:
    """Return a channel as the statement `estimate/channels` has them: links dealt out evenly to the
    groups of the jackknife, since they belong to no page."""
    deal = np.arange(one.shared) % GROUPS
    kept = np.bincount(deal[: one.seen], minlength=GROUPS)
    lost = np.bincount(deal[one.seen :], minlength=GROUPS)
    device = DEVICES.index(one.device)
    return [
        {
            "unit": f"seeded {one.channel}",
            "device": device,
            "grp": group,
            "tagged": int(kept[group]),
            "bare": int(lost[group]),
        }
        for group in range(GROUPS)
    ]


def _wilson(seen: int, shared: int, z: float = 1.645) -> tuple[float, float]:
    p, q = seen / shared, z * z / shared
    middle, half = p + q / 2, z * np.sqrt((p * (1 - p) + q / 4) / shared)
    return float((middle - half) / (1 + q)), float((middle + half) / (1 + q))
