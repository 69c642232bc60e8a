"""What the estimator says in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from darksocial.errors import InputError

IDENTIFIED = "identified"
WEAKLY = "weakly identified"
NOT = "not identified"
NOTHING_LEFT = "No visit is without any trace: there is nothing to estimate."

# How an estimate is divided. `channel` is ours, `reported_channel` the one that GA4 would report.
DIVISIONS = ("day", "page_class", "device", "channel", "reported_channel")
PAGE_CLASSES = ("home", "section", "deep")


@dataclass(frozen=True, slots=True)
class Part:
    """The visits of a day, page class, device or channel, from the surest to the least sure.

    `visits` counts all arrivals. `certain` of them had the token of a share or a person's link in
    their address, `near_certain` other evidence of dark social, and `rest` evidence `model`; of
    these `unscored` lie on days that no fit has scored, and nothing is estimated of them.
    `estimated` is the sum of the probabilities of the rest: visits, with fractions. `low` and
    `high` are its 90 % interval; they and `estimated` are `None` where nothing is identified.
    `at_most` bounds it. `part` is "" where it is not known.
    """

    part: str
    visits: int
    certain: int
    near_certain: int
    rest: int
    unscored: int
    estimated: float | None
    low: float | None
    high: float | None
    at_most: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """How much of the visits with evidence `model` is dark social.

    `share`, `low`, `high` (a 90 % interval) and `upper_bound` lie between 0 and 1; `share` is
    `None` where the status is `not identified`, and the interval is then the bounds alone.
    `visits` counts the visits that this speaks of; `sources` has what each source says alone, as
    shares; `why` gives the reason of the status in words. `certain` and `near_certain` count the
    visits that need no estimate, as `Part` has them; `by` divides everything.
    """

    visits: int
    share: float | None
    low: float
    high: float
    upper_bound: float
    status: str
    why: str
    sources: dict[str, float] = field(default_factory=dict)
    certain: int | None = None
    near_certain: int | None = None
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict, repr=False, compare=False)

    def by(self, division: str) -> list[Part]:
        """Return the parts of a division, one of `DIVISIONS`; days in their order.

        A list of `Part` makes a frame at once: `pandas.DataFrame(result.estimate.by("device"))`.
        Raises `InputError` where there is no such division, or the estimate was not divided.
        """
        if division not in DIVISIONS:
            raise InputError(f"{division!r} is no division: there are {', '.join(DIVISIONS)}.")
        if division not in self.parts:
            raise InputError(
                f"This estimate was not divided by {division}: ask the result of "
                "`ds.reclassify`, or `darksocial report estimate`."
            )
        return list(self.parts[division])

    def as_dict(self) -> dict[str, Any]:
        """Return everything as JSON holds it; `parts` has rows by division."""
        rows = {name: [asdict(part) for part in parts] for name, parts in self.parts.items()}
        names = (name for name in self.__slots__ if name != "parts")
        return {name: getattr(self, name) for name in names} | {"by": rows}
