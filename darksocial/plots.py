"""Pictures of a result, for notebooks; they need matplotlib (`pip install darksocial[plot]`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from darksocial.errors import InputError
from darksocial.estimator.result import Estimate

CERTAIN, ESTIMATED, REST = "#1f6f8b", "#f2a65a", "#d9d9d9"


def axes(ax: Any = None) -> Any:
    """Return axes to draw on, new ones where none are given."""
    if ax is not None:
        return ax
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError("Pictures need matplotlib: pip install 'darksocial[plot]'.") from error
    return Figure(figsize=(8, 4), layout="constrained").subplots()


def by_day(
    days: Sequence[Any], rows: Sequence[Sequence[float]], estimate: Estimate, ax: Any
) -> Any:
    """Draw for each day (certain, estimated, all) visits that analytics calls direct, stacked, with
    the interval of the estimate."""
    ax = axes(ax)
    certain, shares, whole = (list(column) for column in zip(*rows, strict=True))
    ax.bar(days, certain, color=CERTAIN, label="dark social: token or other evidence")
    if estimate.share:
        spread = [
            [share * (1 - estimate.low / estimate.share) for share in shares],
            [share * (estimate.high / estimate.share - 1) for share in shares],
        ]
        ax.bar(
            days,
            shares,
            bottom=certain,
            yerr=spread,
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
