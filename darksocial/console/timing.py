"""The page on timing: a picture of when the visits by shares arrive, and the tables behind it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from darksocial.console import asked, charts, pages
from darksocial.console.disclosure import disclosed
from darksocial.console.periods import Part, Stack
from darksocial.reports import Report
from darksocial.reports.suppression import OTHER
from darksocial.reports.timing import BOUNDS, delay_of
from darksocial.texts import Words
from darksocial.texts.headings import Headings

blueprint = Blueprint("timing", __name__)

OPEN_END = 3 * BOUNDS[-1]  # where the axis ends, of a span that does not


@dataclass(frozen=True, slots=True)
class Strip:
    """From when to when eight in ten visits came, and half of them: in per cent of the axis."""

    begin: float
    middle: float
    end: float


@dataclass(frozen=True, slots=True)
class View:
    """What the page shows: sentences, the chart with a mark at the middle, rows, strips."""

    sentence: str
    later: str
    chart: charts.Columns | None
    mark: float | None
    text: str
    strips: tuple[Strip | None, ...]


@blueprint.get("/reports/timing")
def timing() -> str:
    site = asked.site_to_show()
    if site is None:
        return pages.start()
    report = disclosed(asked.answer("timing", site))
    return render_template(
        "timing.html",
        frame=pages.frame_of("timing", site, asked.span()),
        report=report,
        example=pages.example_visits(report),
        view=view(report, asked.words()),
        headings=Headings(asked.words()),
    )


def view(report: Report, words: Words) -> View:
    """Return what the page shows of the report `timing`."""
    summary = report.summary
    spans = [row for row in summary["spans"] if row["delay"] != OTHER and row["visits"]]
    half = summary["half_seconds"]
    if not spans:
        return View("", "", None, None, "", ())
    axis = Axis([delay_of(row["delay"])[0] for row in spans])
    return View(
        sentence=_sentence(summary, words),
        later=_later(summary, words),
        chart=_chart(axis, spans, words),
        mark=None if half is None else axis.place(half),
        text=_text(summary, words),
        strips=tuple(_strip(axis, row) for row in summary["applications"]),
    )


class Axis:
    """Spans side by side, each equally wide: a logarithmic scale but for its round bounds."""

    def __init__(self, begins: list[int]) -> None:
        self.first, last = BOUNDS.index(min(begins)), BOUNDS.index(max(begins))
        self.bounds = BOUNDS[self.first : last + 1]
        self._ends = (*BOUNDS[1:], OPEN_END)[self.first : last + 1]

    def place(self, seconds: float) -> float:
        """Return where a time lies, in per cent; outside it is the nearer end."""
        inside = min(max(seconds, self.bounds[0]), self._ends[-1])
        number = max(place for place, bound in enumerate(self.bounds) if bound <= inside)
        begin, end = self.bounds[number], self._ends[number]
        part = math.log((inside + 1) / (begin + 1)) / math.log((end + 1) / (begin + 1))
        return round(100 * (number + part) / len(self.bounds), 2)


def _chart(axis: Axis, spans: list[dict[str, Any]], words: Words) -> charts.Columns:
    visits = {delay_of(row["delay"])[0]: row["visits"] for row in spans}
    stacks = [
        Stack(
            words.duration(bound) if bound else "0",
            (Part("dark", words.say("Visits"), visits.get(bound, 0)),),
        )
        for bound in axis.bounds
    ]
    return charts.columns("span", stacks, words)


def _sentence(summary: dict[str, Any], words: Words) -> str:
    half = summary["half_seconds"]
    if half is None:
        return words.say("When the visits by shares arrived")
    return words.say(
        "Half of the visits by a share come within %(time)s", time=words.duration(half)
    )


def _later(summary: dict[str, Any], words: Words) -> str:
    late, hour = summary["nine_tenths_seconds"], summary["hour_share"]
    if late is None or hour is None:
        return ""
    return words.say(
        "%(part)s of them come within the first hour, and within %(time)s nine in ten.",
        part=words.percent(hour, 1),
        time=words.duration(late),
    )


def _text(summary: dict[str, Any], words: Words) -> str:
    """Return the text alternative of the chart."""
    most = max(
        (row for row in summary["spans"] if row["delay"] != OTHER),
        key=lambda row: row["visits"] or 0,
    )
    return words.say(
        "Visits by the time since the share, on a logarithmic scale; most came after %(span)s. "
        "The table below has the figures.",
        span=words.span(most["delay"]),
    )


def _strip(axis: Axis, row: dict[str, Any]) -> Strip | None:
    names = ("tenth_seconds", "half_seconds", "nine_tenths_seconds")
    if any(row[name] is None for name in names):
        return None
    return Strip(*(axis.place(row[name]) for name in names))
