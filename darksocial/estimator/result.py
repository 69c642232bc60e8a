"""What the estimator says in the end."""

from __future__ import annotations

from dataclasses import dataclass, field

IDENTIFIED = "identified"
WEAKLY = "weakly identified"
NOT = "not identified"


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much of the visits with evidence `model` is dark social.

    `share`, `low`, `high` (a 90 % interval) and `upper_bound` lie between 0 and 1; `share` is
    `None` where the status is `not identified`, and the interval is then the bounds alone.
    `visits` counts the visits that this speaks of; `sources` has what each source says alone, as
    shares; `why` gives the reason of the status in words.
    """

    visits: int
    share: float | None
    low: float
    high: float
    upper_bound: float
    status: str
    why: str
    sources: dict[str, float] = field(default_factory=dict)
