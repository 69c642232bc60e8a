"""Days put together so that a chart has few enough columns to be told apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from darksocial.texts import Words

MOST_COLUMNS = 62
LONGEST = 800


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a whole; `style` is the class that colours it."""

    style: str
    label: str
    value: int


@dataclass(frozen=True, slots=True)
class Stack:
    """Parts on top of each other over one label: a column of a chart."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True)
class Period(Stack):
    """Some days in a row, with their parts summed; `first` is the first of them."""

    first: date


def grouped(
    first: date,
    last: date,
    days: Iterable[tuple[date, tuple[Part, ...]]],
    words: Words,
    weekday: int = 0,
) -> tuple[str, list[Period]]:
    """Return the unit and the periods between two days, days without visits included.

    Few enough to be told apart: days, else weeks, months or years. Weeks begin on
    `weekday`, 0 for Monday.
    """
    values = dict(days)
    if (last - first).days > LONGEST and values:
        # Nobody has that many days of data: do not draw the centuries around them.
        first, last = max(first, min(values)), min(last, max(values))
    unit = _unit(first, last)
    kinds = next(iter(values.values()), ())
    found = []
    for begin, end in _spans(unit, first, last, weekday):
        inside = [values[day] for day in _days(begin, end) if day in values]
        parts = tuple(
            Part(kind.style, kind.label, sum(row[place].value for row in inside))
            for place, kind in enumerate(kinds)
        )
        found.append(Period(_label(unit, begin, words), parts, begin))
    return unit, found


def _unit(first: date, last: date) -> str:
    days = (last - first).days + 1
    if days <= MOST_COLUMNS:
        return "day"
    if days <= MOST_COLUMNS * 7:
        return "week"
    return "month" if days <= MOST_COLUMNS * 30 else "year"


def _spans(unit: str, first: date, last: date, weekday: int) -> Iterator[tuple[date, date]]:
    begin = first
    while begin <= last:
        end = min(_end(unit, begin, weekday), last)
        yield begin, end
        begin = end + timedelta(days=1)


def _end(unit: str, begin: date, weekday: int) -> date:
    if unit == "day":
        return begin
    if unit == "week":
        return begin + timedelta(days=6 - (begin.weekday() - weekday) % 7)
    month = 12 if unit == "year" else begin.month
    next_month = date(begin.year + month // 12, month % 12 + 1, 1)
    return next_month - timedelta(days=1)


def _days(begin: date, end: date) -> Iterator[date]:
    for number in range((end - begin).days + 1):
        yield begin + timedelta(days=number)


def _label(unit: str, begin: date, words: Words) -> str:
    if unit == "year":
        return str(begin.year)
    return words.month(begin) if unit == "month" else words.short_day(begin)
