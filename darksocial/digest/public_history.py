"""What pages got in social networks day by day, and what is usual there."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any

from darksocial.days import FIRST_DAY
from darksocial.digest.unlikely import Count, Usual, usual
from darksocial.model import Site
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

FIGURES = ("likes", "comments", "shares")
PAST = timedelta(days=28)
LONGEST_GAP = timedelta(days=14)  # totals that are further apart say nothing of a day
ENOUGH = 14  # counts; with fewer nobody knows what is usual

Place = tuple[str, str]  # network and page


@dataclass(frozen=True, slots=True)
class Got:
    """What a page got on a network from `begins` to `day`, both included.

    `entered` is when the last of it was (nanoseconds since 1970); `whole` says that the figures
    are differences of totals, so that they are not of a day which is not over. `firsts` has the
    first day of each of `FIGURES`: after totals that were too low it lies before `begins`.
    """

    network: str
    page: str
    begins: date
    day: date
    likes: int
    comments: int
    shares: int
    entered: int
    whole: bool
    firsts: tuple[date, ...]

    @property
    def place(self) -> Place:
        return (self.network, self.page)

    def first(self, figure: str) -> date:
        return self.firsts[FIGURES.index(figure)]

    def count(self, figure: str) -> Count:
        return Count(getattr(self, figure), (self.day - self.first(figure)).days + 1)


def history(session: Session, site: Site, first: date, last: date) -> list[Got]:
    """Return what pages got on the days of a range, in their order."""
    rows = session.query(
        statement("digest/public_history"),
        site=site.name,
        first=max(first - LONGEST_GAP, FIRST_DAY),
        last=last,
    ).to_pylist()
    days: dict[tuple[str, str, date], Got] = {}
    for got in _of_posts(rows):
        if got.day >= first:
            key = (*got.place, got.day)
            days[key] = _together(days[key], got) if key in days else got
    return sorted(days.values(), key=lambda got: (got.day, got.place))


def _of_posts(rows: Iterable[dict[str, Any]]) -> Iterable[Got]:
    """Yield what each post got; `rows` are sorted by post and day.

    A total counts without the highest one before, for the days since that was reached, so that
    neither likes that were taken back and given again nor a total that was too low by mistake are
    a burst. The first total of a post may have come in years, so it counts for nothing.
    """
    for _, of_post in groupby(rows, lambda row: (row["network"], row["post"])):
        totals = _Totals()
        for row in of_post:
            got = totals.grown(row) if row["running"] else _of_day(row)
            if got:
                yield got


def _of_day(row: dict[str, Any]) -> Got:
    day, counts = row["day"], {name: row[name] for name in FIGURES}
    place = (row["network"], row["page"])
    return Got(*place, day, day, entered=row["entered"], whole=False, firsts=(day,) * 3, **counts)


class _Totals:
    """The totals of a post so far: the highest of each figure, and when it was there last."""

    def __init__(self) -> None:
        self._last: date | None = None
        self._highest = dict.fromkeys(FIGURES, 0)
        self._reached: dict[str, date] = {}

    def grown(self, row: dict[str, Any]) -> Got | None:
        """Return what came since the totals before, `None` where that says nothing of a day."""
        day, before, firsts = row["day"], self._last, self._firsts()
        counts = {name: max(0, row[name] - self._highest[name]) for name in FIGURES}
        lower = {name for name in FIGURES if row[name] < self._highest[name]}
        self._last = day
        for name in FIGURES:
            if name not in lower:
                self._highest[name], self._reached[name] = row[name], day
        if before is None or day - before > LONGEST_GAP:
            return None
        begins = before + timedelta(days=1)
        # Nothing came of what is still below the highest: that is told of these days alone.
        days = tuple(begins if name in lower else firsts[name] for name in FIGURES)
        place = (row["network"], row["page"])
        return Got(*place, begins, day, entered=row["entered"], whole=True, firsts=days, **counts)

    def _firsts(self) -> dict[str, date]:
        return {name: day + timedelta(days=1) for name, day in self._reached.items()}


def _together(one: Got, other: Got) -> Got:
    sums = {name: getattr(one, name) + getattr(other, name) for name in FIGURES}
    return replace(
        one,
        begins=min(one.begins, other.begins),
        firsts=tuple(map(min, one.firsts, other.firsts)),
        entered=max(one.entered, other.entered),
        whole=one.whole and other.whole,
        **sums,
    )


_DAY = attrgetter("day")


class Past:
    """The four weeks before a day: what a page usually gets, or else any page of the network.

    `every` is in the order of days.

    Days that raised an alert are left out (`odd`), or one burst would hide the next for weeks.
    """

    def __init__(self, every: Iterable[Got], odd: Callable[[Got], bool]) -> None:
        self._odd = odd
        self._of: dict[str | Place, list[Got]] = defaultdict(list)
        for got in every:
            self._of[got.place].append(got)
            self._of[got.network].append(got)
        self._last: tuple[Place, date, list[Got]] | None = None
        self._whole: dict[tuple[str, date], list[Got]] = {}
        self._usual: dict[tuple[str, date, str], tuple[Usual, int]] = {}

    def of_page(self, got: Got) -> list[Got]:
        """Return what the page got before, nothing where that is not enough to know it."""
        if not self._last or self._last[:2] != (got.place, got.begins):
            found = self._before(got.place, got.begins)
            self._last = (got.place, got.begins, found if len(found) >= ENOUGH else [])
        return self._last[2]

    def of_network(self, got: Got) -> list[Got]:
        """Return what all pages got there before, nothing where that is not enough."""
        key = (got.network, got.begins)
        if key not in self._whole:
            found = self._before(got.network, got.begins)
            self._whole[key] = found if len(found) >= ENOUGH else []
        return self._whole[key]

    def usual(self, got: Got, figure: str) -> Usual | None:
        """Return what is usual for the page, or for pages of the network; `None` if unknown."""
        if own := self.of_page(got):
            return usual([one.count(figure) for one in own])
        return self._network(got, figure)[0] if self.of_network(got) else None

    def top(self, got: Got, figure: str) -> int:
        """Return what nine in ten pages of the network did not exceed on their best day."""
        return self._network(got, figure)[1] if self.of_network(got) else 0

    def _network(self, got: Got, figure: str) -> tuple[Usual, int]:
        key = (got.network, got.begins, figure)
        if key not in self._usual:
            every = self.of_network(got)
            best: dict[str, int] = {}
            for one in every:
                best[one.page] = max(best.get(one.page, 0), getattr(one, figure))
            top = sorted(best.values())[math.ceil(0.9 * len(best)) - 1]
            self._usual[key] = (usual([one.count(figure) for one in every]), top)
        return self._usual[key]

    def _before(self, place: str | Place, begins: date) -> list[Got]:
        known = self._of.get(place, [])
        first = bisect_left(known, begins - PAST, key=_DAY)
        last = bisect_left(known, begins, key=_DAY)
        return [one for one in known[first:last] if not self._odd(one)]
