"""Geometry of the charts: numbers to places, in per cent across and pixels down.

The SVG has no view box, so bars stretch with the page while texts keep their size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from darksocial.console.periods import Part, Stack
from darksocial.texts import Words

HEIGHT = 200
GAP = 0.22  # of a column's width
TICKS = 5
FEW_LABELS, MOST_LABELS = 5, 15  # that fit on a phone and on a wide screen


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle: `x` and `width` in per cent, `y` and `height` in pixels."""

    style: str
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """A stack of boxes over one label; `text` is what it says when pointed at."""

    x: float
    width: float
    middle: float
    label: str
    shown: str
    text: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Columns:
    """A chart of stacked columns; `unit` is what one column is: day, week, month, year or span."""

    unit: str
    height: int
    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]


def split(parts: Sequence[Part]) -> tuple[Box, ...]:
    """Return the parts side by side, as one bar of full width."""
    whole = sum(part.value for part in parts)
    boxes, at = [], 0.0
    for part in parts:
        if part.value:
            width = 100 * part.value / whole
            boxes.append(Box(part.style, round(at, 3), round(width, 3), 0, 0))
            at += width
    return tuple(boxes)


def columns(unit: str, periods: Sequence[Stack], words: Words) -> Columns:
    """Return one stacked column for each period, the first part at the bottom."""
    steps = tick_values(max((period.total for period in periods), default=0))
    top = steps[-1]
    return Columns(
        unit,
        HEIGHT,
        tuple(_column(place, period, periods, top, words) for place, period in enumerate(periods)),
        tuple(Tick(_y(step, top), words.short_number(step)) for step in steps),
    )


def _column(place: int, period: Stack, periods: Sequence[Stack], top: int, words: Words) -> Column:
    step = 100 / len(periods)
    x, width = place * step + step * GAP / 2, step * (1 - GAP)
    boxes, below = [], 0
    for part in period.parts:
        if part.value:
            y = _y(below + part.value, top)
            height = round(_y(below, top) - y, 2)
            boxes.append(Box(part.style, round(x, 3), round(width, 3), y, height))
            below += part.value
    said = ", ".join(f"{part.label} {words.number(part.value)}" for part in period.parts)
    return Column(
        x=round(place * step, 3),
        width=round(step, 3),
        middle=round(place * step + step / 2, 3),
        label=period.label,
        shown=_shown(place, len(periods)),
        text=f"{period.label}: {words.number(period.total)} ({said})",
        boxes=tuple(boxes),
    )


def _shown(place: int, count: int) -> str:
    """Return where a column's label has room: always, on wide screens, or nowhere."""
    # Counted from the last column: the newest day is the one that is looked for.
    back = count - 1 - place
    wide = -(-count // MOST_LABELS)
    always = wide * -(-count // (FEW_LABELS * wide))
    if back % always == always // 2:
        return "always"
    return "wide" if back % wide == always // 2 % wide else "never"


def _y(value: int, top: int) -> float:
    return round(HEIGHT * (1 - value / top), 2)


def tick_values(highest: int) -> list[int]:
    """Return round numbers from 0 up to at least the highest value."""
    least = max(1, -(-highest // TICKS))
    size = 10 ** (len(str(least)) - 1)
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= least)
    return [step * place for place in range(max(1, -(-highest // step)) + 1)]
