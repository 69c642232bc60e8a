"""When a fit is out of date: visits came since, they are made up differently, or sources moved.

A fit speaks of the days that it saw, and days published later are scored by it. That is right as
long as links carry their tokens as often as before and traffic is what it was. Two looks tell:

- before a fit, at counts alone (`due`): days that came since, and tagged visits for one untagged
  then and now. Their ratio moved where it did so by a factor of 1.5 and by more than three
  standard errors of its logarithm, sqrt(lumps / T_1 + lumps / T_2 + 1 / U_1 + 1 / U_2);
- after it (`alarms`): each source against what it said before, and the two that stand for a level,
  co-movement and propensity, against each other: where they agreed and now differ by more than a
  factor of two, something changed that only one of them sees, such as a channel that began to lose
  its tokens.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from darksocial.estimator import stored
from darksocial.estimator.stored import DRIFT, StoredFit
from darksocial.store.protocol import Session
from darksocial.store.sql import statement
from darksocial.version import VERSION

REFIT_DAYS = 7
FEWEST_DAYS = 7  # before the first fit
FEWEST_UNTAGGED = 500
FEWEST_TAGGED = 50
FURTHEST = 3.0  # standard errors
APART = 2.0  # as the status `weakly identified` has it
SOURCES = ("co_movement", "propensity")
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Counted:
    """Visits of some days: how many `days` had any, the `newest`, tagged and untagged visits."""

    newest: date
    days: int
    tagged: int
    untagged: int


def due(session: Session, site: str, days: int = REFIT_DAYS) -> list[str]:
    """Return sentences on why a site should be fitted (again); none where it need not be.

    `days` is after how many newer days a fit is too old.
    """
    fits = stored.newest(session, site)
    first, last = (fits[0].first, fits[0].last) if fits else (EPOCH, EPOCH - timedelta(days=1))
    rows = session.query(statement("estimate/since"), site=site, first=first, last=last).to_pylist()
    parts = {bool(row.pop("since")): _counted(row) for row in rows}
    return reasons(fits[0] if fits else None, parts.get(False), parts.get(True), days)


def reasons(
    fit: StoredFit | None, then: Counted | None, now: Counted | None, days: int = REFIT_DAYS
) -> list[str]:
    """Return why a fit is due, from what it saw `then` and what came `now`, since then."""
    if fit is None:
        enough = now and now.days >= FEWEST_DAYS and now.untagged >= FEWEST_UNTAGGED
        return ["there was no fit yet"] if enough else []
    found = []
    if fit.library != VERSION:
        found.append(f"it was made by version {fit.library}, this is {VERSION}")
    if now is None:
        return found
    later = (now.newest - fit.last).days
    if later >= days:
        found.append(f"{later} days came since")
    if then and (moved := _moved(then, now, fit.lumps)):
        found.append(moved)
    return found


def _moved(then: Counted, now: Counted, lumps: float) -> str:
    """Return a sentence where tagged visits for one untagged moved, "" where they did not."""
    few = min(then.untagged, now.untagged) < FEWEST_UNTAGGED
    if few or max(then.tagged, now.tagged) < FEWEST_TAGGED:
        return ""
    ratios = [(part.tagged + 0.5) / part.untagged for part in (then, now)]
    distance = abs(math.log(ratios[1] / ratios[0]))
    chance = sum(lumps / (part.tagged + 0.5) + 1 / part.untagged for part in (then, now))
    if distance < max(math.log(DRIFT), FURTHEST * math.sqrt(chance)):
        return ""
    said = [f"{100 * ratio:.1f}" for ratio in ratios]
    return f"there were {said[0]} visits with a token for 100 without any trace, now {said[1]}"


def alarms(fits: Sequence[StoredFit]) -> list[str]:
    """Return sentences on what moved between the two newest fits: each source alone, and the
    sources against each other."""
    found = stored.drifted(list(fits))
    if len(fits) > 1 and _apart(fits[0]) > APART >= _apart(fits[1]):
        found.append(
            "the sources agreed and now differ by more than a factor of two: look whether an "
            "application or the site began to lose tokens"
        )
    return found


def _apart(fit: StoredFit) -> float:
    """Return by which factor the two `SOURCES` of a fit differ, 1 where there are none such."""
    levels = [fit.estimate.sources[name] for name in SOURCES if name in fit.estimate.sources]
    return max(levels) / max(min(levels), 1e-3) if len(levels) == len(SOURCES) else 1.0


def _counted(row: Mapping[str, Any]) -> Counted:
    newest = row["newest"]
    if not isinstance(newest, date):
        newest = EPOCH + timedelta(days=int(newest))
    return Counted(newest, int(row["days"]), int(row["tagged"]), int(row["untagged"]))
