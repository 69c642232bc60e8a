"""Source two: how often links carry their token where the channel shows anyway (CHe).

Messengers' own browsers, webmail and documents name themselves without any token, and the sender's
device fetches a preview of the link as it was sent. In each such channel c the propensity is seen:

    e_c = tagged / (tagged + bare)

Links of the untagged rest went through channels that show nothing. Their propensity is taken to be
one more draw from where these came from: the mean of the e_c, weighted by the fourth root of their
size (they differ by far more than chance, so that large ones say little more than small ones), with
the spread between channels as its uncertainty. Then S_U = T (1 - e) / e.

That labels are missing at a rate which depends on what is seen is the SAR assumption of Bekker,
Robberechts and Davis (2019), "Beyond the selected completely at random assumption"; here the
propensity is measured, channel by channel, instead of being fitted.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from darksocial.estimator.counts import GROUPS, Counts, Floats, column
from darksocial.estimator.jackknife import spread

FEWEST_VISITS = 15
# Where one channel is all there is, others may differ by this much (on the scale of log odds).
USUAL_SPREAD = 0.2


@dataclass(frozen=True, slots=True)
class Propensity:
    """`e` with the standard error of its log odds; `channels` has each one's own."""

    e: float
    error: float
    channels: dict[str, float]


def propensity(counts: Counts) -> Propensity | None:
    """Return the mean propensity of the channels, or `None` where none shows itself enough."""
    names, tagged, total = _by_channel(counts)
    if not names:
        return None
    share, weights = _shares(tagged.sum(1), total.sum(1))
    e = float(weights @ share)
    replicates = np.array(
        [
            _mean(tagged.sum(1) - tagged[:, k], total.sum(1) - total[:, k], weights)
            for k in range(GROUPS)
        ]
    )
    slope = 1 / (e * (1 - e))
    # The spread between channels holds the chance within them already: the larger one counts.
    seen = max(_between(share, weights), spread(replicates)) * slope
    effective = 1 / float(np.square(weights).sum())
    error = float(np.hypot(seen, USUAL_SPREAD / np.sqrt(effective)))
    return Propensity(e, error, dict(zip(names, map(float, share), strict=True)))


def _by_channel(counts: Counts) -> tuple[list[str], Floats, Floats]:
    """Return the channels with enough to see: names, tagged and all (channels x groups)."""
    table = counts.channels
    units = np.asarray(table["unit"].to_pylist(), dtype=object)
    names, place = np.unique(units.astype(str), return_inverse=True)
    where = (place, table["grp"].to_numpy())
    tagged, total = np.zeros((2, len(names), GROUPS))
    np.add.at(tagged, where, column(table, "tagged"))
    np.add.at(total, where, column(table, "tagged") + column(table, "bare"))
    enough = total.sum(1) >= FEWEST_VISITS
    return [str(name) for name in names[enough]], tagged[enough], total[enough]


def _shares(tagged: Floats, total: Floats) -> tuple[Floats, Floats]:
    weights = total**0.25
    return (tagged + 0.5) / (total + 1), weights / weights.sum()


def _mean(tagged: Floats, total: Floats, weights: Floats) -> float:
    return float(weights @ _shares(tagged, total)[0])


def _between(share: Floats, weights: Floats) -> float:
    """Return the standard error of a weighted mean of channels from their spread."""
    effective = 1 / float(np.square(weights).sum())
    if len(share) < 2:
        return 0.0
    variance = weights @ np.square(share - weights @ share) * effective / max(effective - 1, 0.5)
    return float(np.sqrt(variance / effective))
