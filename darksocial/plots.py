"""Pictures of a result, for notebooks; they need matplotlib (`pip install darksocial[plot]`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from darksocial.errors import InputError
from darksocial.estimator.result import Estimate, Part

CERTAIN, ESTIMATED, REST = "#1f6f8b", "#f2a65a", "#d9d9d9"


def axes(ax: Any = None) -> Any:
    """Return axes to draw on, new ones where none are given."""
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot  # notebooks show what it made, and no other figure
    except ImportError as error:
        raise InputError("Pictures need matplotlib: pip install 'darksocial[plot]'.") from error
    return pyplot.subplots(figsize=(8, 4), layout="constrained")[1]


def by_day(rows: Mapping[date, tuple[int, int]], estimate: Estimate, ax: Any) -> Any:
    """Draw for each day (certain, all) visits that analytics calls direct, and between them what is
    estimated of that day, stacked, with its interval."""
    ax = axes(ax)
    days = sorted(rows)
    certain, whole = ([rows[day][place] for day in days] for place in (0, 1))
    ax.bar(days, certain, color=CERTAIN, label="dark social: token or other evidence")
    shares = [0.0] * len(days)
    if estimate.share:
        parts = {part.part: part for part in estimate.by("day")}
        found = [_interval(parts[day.isoformat()]) for day in days]
        shares = [share for share, _, _ in found]
        ax.bar(
            days,
            shares,
            bottom=certain,
            yerr=[[low for _, low, _ in found], [high for _, _, high in found]],
            color=ESTIMATED,
            ecolor="#555555",
            label="estimated, with its 90 % interval",
        )
    below = [one + other for one, other in zip(certain, shares, strict=True)]
    rest = [all_ - low for all_, low in zip(whole, below, strict=True)]
    ax.bar(days, rest, bottom=below, color=REST, label="direct")
    ax.set_ylabel("visits that analytics calls direct")
    ax.set_title(f"{estimate.status}: {estimate.why}", fontsize=9)
    ax.tick_params(axis="x", rotation=45)
    ax.legend(fontsize=8)
    return ax


def _interval(part: Part) -> tuple[float, float, float]:
    """Return what is estimated of a part, and how far its interval reaches below and above."""
    if part.estimated is None or part.low is None or part.high is None:
        return 0.0, 0.0, 0.0
    return part.estimated, part.estimated - part.low, part.high - part.estimated
