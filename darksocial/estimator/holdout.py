"""A holdout of tokens: do untagged visits rise by what tagged ones lose?

The snippet leaves a part h of sharers without tokens (`data-holdout`), drawn by lot per sharer and
never per page. What they pass on is clicked all the same, so their visits must turn up untagged:
tagged visits fall by some number per held act, and untagged ones rise by as much. That is
conservation. It says nothing of how many untagged visits are shares, since shares and propensity
enter it as a product; it shows whether a token changes what it measures, such as links that people
do not open because of it, or tagged visits that are counted elsewhere.

On deep page i of N_i acts H_i are held. Given N_i the lot makes H_i - h N_i pure chance, which
nothing else of the page can be related to. So with weights w_i = 1 / N_i

    effect on Y = sum w_i (H_i - h N_i) (Y_i - a - b N_i - c R_i) / sum w_i (H_i - h N_i) H_i

is the change of Y (tagged T, untagged U, or T + U) per held act: an estimate by randomisation
(Fisher 1935, "The design of experiments"). What is subtracted, fitted by weighted least squares on
the acts and on visits from public places R, only takes away noise. The standard error is that of
the delete-one jackknife over groups of pages. Acts are reported shares where those of the holdout
are among them, else page views, each of which may have been passed on.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from darksocial.estimator.counts import GROUPS, Floats, Sample, column
from darksocial.estimator.jackknife import spread
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

FEWEST_HELD = 50
DEVIATIONS = 1.645


@dataclass(frozen=True, slots=True)
class Effect:
    """A change of visits per held act, with the ends of its 90 % interval."""

    visits: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Conservation:
    """What a holdout changed: `acts` is "shares" or "page views", of which `held` were held.

    `tagged` and `untagged` are visits per held act, and `sum` is that of both: 0 where everything
    is conserved.
    """

    acts: str
    counted: int
    held: int
    tagged: Effect
    untagged: Effect
    sum: Effect

    @property
    def conserved(self) -> bool:
        """Whether 0 lies in the interval of the sum."""
        return self.sum.low <= 0 <= self.sum.high


def conservation(session: Session, sample: Sample) -> Conservation | None:
    """Return what the holdout changed, or `None` where there is none to speak of; needs the
    temporary tables of `counts.gather`."""
    rows = session.query(
        statement("estimate/holdout"),
        site=sample.site,
        begin=sample.begin,
        end=sample.end,
        groups=GROUPS,
    )
    return from_pages(rows)


def from_pages(pages: pa.Table) -> Conservation | None:
    """Return the same from rows of pages, as the statement `estimate/holdout` gives them."""
    acts = "shares" if column(pages, "held_shares").sum() >= FEWEST_HELD else "views"
    counted, held = column(pages, acts), column(pages, f"held_{acts}")
    if held.sum() < FEWEST_HELD or held.sum() == counted.sum():
        return None
    group = pages["grp"].to_numpy()
    visits = np.stack([column(pages, name) for name in ("tagged", "untagged", "public")])
    some = counted > 0
    counted, held, group, visits = counted[some], held[some], group[some], visits[:, some]
    whole = _effects(counted, held, visits)
    left_out = np.array(
        [
            _effects(counted[group != k], held[group != k], visits[:, group != k])
            for k in range(GROUPS)
        ]
    )
    tagged, untagged, both = (
        Effect(value, value - DEVIATIONS * error, value + DEVIATIONS * error)
        for value, error in zip(whole, map(spread, left_out.T), strict=True)
    )
    name = "shares" if acts == "shares" else "page views"
    return Conservation(name, int(counted.sum()), int(held.sum()), tagged, untagged, both)


def _effects(counted: Floats, held: Floats, visits: Floats) -> list[float]:
    """Return the effects on tagged and untagged visits, and on both together; `visits` has these
    and the public ones (3 x pages)."""
    weighted = (held - held.sum() / counted.sum() * counted) / counted
    strength = float(weighted @ held)
    if strength <= 0:
        return [0.0, 0.0, 0.0]
    usual = np.stack([np.ones(len(counted)), counted, visits[2]], axis=1)
    root = 1 / np.sqrt(counted)
    fitted = np.linalg.lstsq(usual * root[:, None], visits[:2].T * root[:, None], rcond=None)[0]
    tagged, untagged = (visits[:2] - (usual @ fitted).T) @ weighted / strength
    return [float(tagged), float(untagged), float(tagged + untagged)]
