"""Which devices lose more tokens: untagged visits of shares beside each tagged one, by device.

The score and the mixture bound take untagged visits of shares to look like tagged ones on the same
device; how many there are beside a tagged one, r, differs. Two things show it, each alone noisy:

- *Looks*: where a visit looks most like a share, by all features but the device, hardly any other
  visits are among the untagged ones. There r is the least of U / T, as in the mixture bound
  (`bounds.py`), with score and reading from different halves of the pages.
- *Channels* that show themselves, as in `propensity.py`: (1 - e) / e with e the mean of a device's
  channels. Which channels a device uses counts, so these are not compared within channels. Channels
  that show themselves differ more than all do, so their log ratios are drawn towards 0.

The mean of the two log ratios is taken, each relative to the average over the tagged visits.
"""

from __future__ import annotations

import numpy as np

from darksocial.estimator.counts import Counts, Floats, column
from darksocial.estimator.logistic import Design, alike, ranking
from darksocial.estimator.scoring import DEVICE

DEVICES = 4  # unknown, desktop, phone, tablet
LEAST_TAGGED = 0.2  # fraction of a device's tagged visits that its best bin must hold
FEWEST_TAGGED = 20
FEWEST_SEEN = 5
CHANNELS_COUNT = 0.7


def device_ratio(counts: Counts) -> Floats:
    """Return r for each device code, up to a factor; 1 where nothing shows it."""
    codes = counts.codes()
    tagged = np.zeros(DEVICES)
    np.add.at(tagged, codes[:, DEVICE], column(counts.cells, "tagged"))
    found = [
        _centred(by_looks(counts), tagged),
        CHANNELS_COUNT * _centred(by_channels(counts), tagged),
    ]
    known = [log for log in found if log.any()]
    return np.asarray(np.exp(np.mean(known, axis=0))) if known else np.ones(DEVICES)


def by_looks(counts: Counts) -> Floats:
    """Return log r by device code up to a constant, nan where too few tagged visits show it."""
    half = counts.cells["grp"].to_numpy() % 2
    tagged, untagged = column(counts.cells, "tagged"), column(counts.cells, "untagged")
    codes = counts.codes()
    whole = codes.copy()
    whole[:, DEVICE] = 0
    found = np.full((2, DEVICES), np.nan)
    for k in (0, 1):
        learn, read = half != k, half == k
        w = ranking(*alike(whole[learn], tagged[learn], untagged[learn]))
        for code in range(1, DEVICES):
            here = read & (codes[:, DEVICE] == code)
            cells, t, u = alike(whole[here], tagged[here], untagged[here])
            found[k, code] = _least(Design(cells).scores(w), t, u)
    return np.asarray(found.mean(axis=0))


def _least(score: Floats, tagged: Floats, untagged: Floats) -> float:
    """Return the log of the least U / T among those that score highest."""
    if tagged.sum() < FEWEST_TAGGED / 2:
        return float("nan")
    order = np.argsort(-score, kind="stable")
    above_t, above_u = np.cumsum(tagged[order]), np.cumsum(untagged[order])
    ends = np.append(np.diff(score[order]) < 0, True)
    usable = ends & (above_t >= LEAST_TAGGED * above_t[-1])
    return float(np.log(((above_u + 1) / (above_t + 1))[usable].min()))


def by_channels(counts: Counts) -> Floats:
    """Return log (1 - e) / e by device code, nan where no channel shows itself enough."""
    table = counts.channels
    names = np.unique(np.asarray(table["unit"].to_pylist(), dtype=str), return_inverse=True)[1]
    tagged, total = np.zeros((2, int(names.max(initial=-1)) + 1, DEVICES))
    where = (names, table["device"].to_numpy())
    np.add.at(tagged, where, column(table, "tagged"))
    np.add.at(total, where, column(table, "tagged") + column(table, "bare"))
    usual = (tagged.sum(1) + 0.5) / (total.sum(1) + 1)
    # A device's few visits of a channel are drawn towards what the channel does on all devices.
    e = (tagged + usual[:, None]) / (total + 1)
    weight = np.where(total >= FEWEST_SEEN, total**0.25, 0.0)
    weight[:, 0] = 0
    with np.errstate(invalid="ignore"):
        mean = (weight * e).sum(0) / weight.sum(0)
    return np.asarray(np.log((1 - mean) / mean))


def _centred(log: Floats, tagged: Floats) -> Floats:
    """Return log ratios relative to their average, 0 where there are none or fewer than two."""
    known = np.isfinite(log)
    if known.sum() < 2:
        return np.zeros(len(log))
    middle = np.average(log[known], weights=tagged[known] + 1e-9)
    return np.where(known, log - middle, 0.0)
