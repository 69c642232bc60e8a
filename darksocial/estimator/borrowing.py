"""Several sites of one owner: how often links carry their token, borrowed where a site is silent.

A site may have tokens and hardly a visit from a channel that shows itself, so that its own
propensity is unknown. Sites of one owner have the same snippet and much the same readers, so the
log odds of their propensities are taken as draws from one distribution,

    logit e_j ~ N(mu, tau^2),    measured with variance v_j,

mu and tau by the moments of DerSimonian and Laird (1986). For a further site the best guess is mu,
and its variance tau^2 + var(mu) (Higgins, Thompson and Spiegelhalter 2009, "A re-evaluation of
random-effects meta-analysis"). It enters as a channel "other sites" of as many visits as a counted
channel of the same variance would have, n = 1 / (variance e (1 - e)): the less alike the sites are,
the less it weighs, and a site's own channels outweigh it as they fill. What rests on it is weakly
identified at best, and says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from darksocial.estimator.counts import GROUPS, Counts
from darksocial.estimator.propensity import FEWEST_VISITS, USUAL_SPREAD
from darksocial.estimator.result import IDENTIFIED, WEAKLY, Estimate

UNIT = "other sites"
SEEDED = "seeded "  # what the owner planted says nothing of readers elsewhere
ENOUGH = 200  # visits of channels that show: from here on a site speaks for itself
FEWEST_SITES = 2
LARGEST = 400  # visits that other sites may count for

ChannelSums = Sequence[tuple[str, int, int]]


@dataclass(frozen=True, slots=True)
class Borrowed:
    """What other `sites` say: the propensity `e`, and the variance of its log odds for a further
    site."""

    sites: tuple[str, ...]
    e: float
    variance: float

    @property
    def visits(self) -> int:
        """As how many visits of a channel it counts."""
        return min(LARGEST, int(1 / (self.variance * self.e * (1 - self.e))))


def channel_sums(counts: Counts) -> list[tuple[str, int, int]]:
    """Return the channels of a site that show themselves: name, tagged and bare visits."""
    sums: dict[str, list[int]] = {}
    for row in counts.channels.to_pylist():
        found = sums.setdefault(row["unit"], [0, 0])
        found[0] += int(row["tagged"])
        found[1] += int(row["bare"])
    own = {name: pair for name, pair in sums.items() if not name.startswith((UNIT, SEEDED))}
    return [(name, tagged, bare) for name, (tagged, bare) in sorted(own.items())]


def silent(counts: Counts) -> bool:
    """Return whether a site's own channels are too few to speak for it."""
    return sum(tagged + bare for _, tagged, bare in channel_sums(counts)) < ENOUGH


def borrowed(sites: Mapping[str, ChannelSums], lumps: float = 1.0) -> Borrowed | None:
    """Return what the channels of other sites say together; `None` where fewer than two of them
    have channels that show."""
    found = {name: pair for name, sums in sites.items() if (pair := _log_odds(sums, lumps))}
    if len(found) < FEWEST_SITES:
        return None
    y, v = np.array(list(found.values())).T
    w = 1 / v
    mean = w @ y / w.sum()
    q = float(w @ np.square(y - mean))
    tau2 = max(0.0, (q - (len(y) - 1)) / (w.sum() - np.square(w).sum() / w.sum()))
    w = 1 / (v + tau2)
    mu = float(w @ y / w.sum())
    # Alike as the sites may look, a further one may differ as channels do.
    variance = tau2 + 1 / float(w.sum()) + USUAL_SPREAD**2
    return Borrowed(tuple(found), float(1 / (1 + np.exp(-mu))), variance)


def with_borrowed(counts: Counts, found: Borrowed) -> Counts:
    """Return counts that have what other sites say as one more channel."""
    tagged = round(found.visits * found.e)
    names = counts.channels.column_names
    deal = np.arange(found.visits) % GROUPS
    kept, lost = (np.bincount(part, minlength=GROUPS) for part in (deal[:tagged], deal[tagged:]))
    rows = [
        {"unit": UNIT, "device": 0, "grp": k, "tagged": int(kept[k]), "bare": int(lost[k])}
        for k in range(GROUPS)
    ]
    table = pa.Table.from_pylist(rows).select(names).cast(counts.channels.schema)
    return replace(counts, channels=pa.concat_tables([counts.channels, table]))


def said_so(estimate: Estimate, found: Borrowed) -> Estimate:
    """Return an estimate that names what it borrowed; it is weakly identified at best."""
    why = (
        f"{estimate.why} How often links carry their token is borrowed from "
        f"{_and(found.sites)}, since too few visits of this site show it."
    )
    status = WEAKLY if estimate.status == IDENTIFIED else estimate.status
    return replace(estimate, status=status, why=why)


def _log_odds(sums: ChannelSums, lumps: float) -> tuple[float, float] | None:
    """Return the log odds of a site's propensity and their variance, channels weighted by the
    square root of their size as in `propensity`."""
    table = np.array([(t, t + b) for _, t, b in sums if t + b >= FEWEST_VISITS], dtype=np.float64)
    if not len(table):
        return None
    tagged, total = table.T
    share, weights = (tagged + 0.5) / (total + 1), np.sqrt(total) / np.sqrt(total).sum()
    e = float(weights @ share)
    chance = float(np.square(weights) @ (share * (1 - share) / total)) * max(lumps, 1.0)
    spread = float(weights @ np.square(share - e)) * float(np.square(weights).sum())
    return float(np.log(e / (1 - e))), (chance + spread) / (e * (1 - e)) ** 2


def _and(names: Sequence[str]) -> str:
    first = ", ".join(names[:-1])
    return f"{first} and {names[-1]}" if first else names[-1]


def sums_of(inputs: Mapping[str, Any]) -> list[tuple[str, int, int]]:
    """Return the channels that a stored fit saw, from its inputs."""
    return [(str(name), int(t), int(b)) for name, t, b in inputs.get("channels", ())]
