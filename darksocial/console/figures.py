"""From a report to what a page shows: sentences, parts and grouped rows. No I/O here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from darksocial.console import charts, words
from darksocial.console.periods import Part, Period, grouped
from darksocial.reports import Report

DARK, OTHER, DIRECT = "dark", "other", "direct"
PARTS = {DARK: "dark social", OTHER: "came another way", DIRECT: "stays direct"}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list of causes: what, and how often."""

    label: str
    value: int
    style: str = DARK


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading, the largest first."""

    title: str
    style: str
    rows: tuple[Row, ...]

    @property
    def value(self) -> int:
        return sum(row.value for row in self.rows)


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview's answer."""

    direct: int
    dark: int
    parts: tuple[Part, ...]
    split: tuple[charts.Box, ...]
    detail: str
    groups: tuple[Group, ...]
    applications: tuple[Row, ...]
    chart: charts.Columns | None
    periods: tuple[Period, ...]
    picture: str


def overview(report: Report) -> Overview:
    """Return what the overview page shows of the report `overview`."""
    summary = report.summary
    parts = (
        Part(DARK, PARTS[DARK], summary["direct_that_was_dark_social"]),
        Part(OTHER, PARTS[OTHER], summary["direct_that_was_something_else"]),
        Part(DIRECT, PARTS[DIRECT], summary["still_direct"]),
    )
    was = summary["direct_was"]
    shares = [row for row in was if row["channel"] == "dark_social"]
    unit, periods = _periods(report)
    return Overview(
        direct=summary["reported_direct"],
        dark=summary["direct_that_was_dark_social"],
        parts=parts,
        split=charts.split(parts),
        detail=_detail(shares),
        groups=_groups(was),
        applications=applications(shares),
        chart=charts.columns(unit, periods) if periods else None,
        periods=tuple(periods),
        picture=_picture(parts, summary["reported_direct"]),
    )


def _periods(report: Report) -> tuple[str, list[Period]]:
    if report.first is None or report.last is None or not report.summary["days"]:
        return "day", []
    days = ((row["day"], _day_parts(row)) for row in report.summary["days"])
    return grouped(report.first, report.last, days)


def _day_parts(row: Mapping[str, Any]) -> tuple[Part, ...]:
    other = row["reported_direct"] - row["dark_social"] - row["still_direct"]
    return (
        Part(DARK, PARTS[DARK], row["dark_social"]),
        Part(OTHER, PARTS[OTHER], other),
        Part(DIRECT, PARTS[DIRECT], row["still_direct"]),
    )


def _picture(parts: Iterable[Part], whole: int) -> str:
    """Return the text alternative of the split bar."""
    said = (
        f"{part.label} {words.number(part.value)} ({words.percent(part.value, whole)})"
        for part in parts
    )
    return f"{words.number(whole)} visits reported as direct: {', '.join(said)}."


def _detail(shares: list[dict[str, Any]]) -> str:
    """Return how the shares are known, and in which applications, in sentences."""
    causes = _summed(shares, lambda row: row["evidence"])
    if not causes:
        return ""
    said = [
        f"{words.number(value)} {words.IN_SENTENCES.get(name, words.evidence('', name))}"
        for name, value in causes
    ]
    known = _summed((row for row in shares if row["application"]), lambda row: row["application"])
    if not known:
        return f"{words.listed(said)}. The application is not known for any of them."
    count = sum(value for _, value in known)
    most = words.listed([f"{name} ({words.number(value)})" for name, value in known[:2]])
    return (
        f"{words.listed(said)}. The application is known for {words.number(count)} of them, "
        f"most often {most}."
    )


def _groups(was: list[dict[str, Any]]) -> tuple[Group, ...]:
    styles = {"dark_social": DARK, "direct": DIRECT}
    titles = {DARK: "Dark social", OTHER: "Came another way", DIRECT: "Stays direct"}
    groups = []
    for style in (DARK, OTHER, DIRECT):
        rows = [row for row in was if styles.get(row["channel"], OTHER) == style]
        causes = _summed(rows, lambda row: words.evidence(row["channel"], row["evidence"]))
        if causes:
            lines = tuple(Row(label, value, style) for label, value in causes)
            groups.append(Group(titles[style], style, lines))
    return tuple(groups)


def applications(shares: Iterable[Mapping[str, Any]]) -> tuple[Row, ...]:
    """Return the applications of shares, the unknown ones last."""
    sums = _summed(shares, lambda row: row["application"])
    rows = [Row(name, value) for name, value in sums if name]
    rows += [Row("Not known", value, DIRECT) for name, value in sums if not name]
    return tuple(rows)


def _summed(
    rows: Iterable[Mapping[str, Any]], key: Callable[[Mapping[str, Any]], str]
) -> list[tuple[str, int]]:
    """Return visits by a key, the largest first."""
    sums: dict[str, int] = {}
    for row in rows:
        sums[key(row)] = sums.get(key(row), 0) + int(row["visits"])
    return sorted(sums.items(), key=lambda item: (-item[1], item[0]))


@dataclass(frozen=True, slots=True)
class Page:
    """A landing page; `host` is empty where all pages of the report are on one."""

    host: str
    path: str
    row: Mapping[str, Any]


def pages(rows: Sequence[Mapping[str, Any]]) -> tuple[Page, ...]:
    """Return the landing pages of some rows of the report `pages`."""
    hosts = {row["page"].partition("/")[0] for row in rows}
    found = []
    for row in rows:
        host, slash, path = row["page"].partition("/")
        found.append(Page(host if len(hosts) > 1 else "", slash + path, row))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel with its applications; `direct`: visits that analytics calls direct."""

    name: str
    visits: int
    direct: int
    page_views: int
    applications: tuple[Mapping[str, Any], ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        return (
            Part(DIRECT, "called direct", self.direct),
            Part(OTHER, "called something else", self.visits - self.direct),
        )


def channels(report: Report) -> tuple[Channel, ...]:
    """Return the channels of the report `channels`, the largest first."""
    by_name: dict[str, list[dict[str, Any]]] = {}
    for row in report.rows:
        by_name.setdefault(row["channel"], []).append(row)
    found = [
        Channel(
            words.channel(name),
            sum(row["visits"] for row in rows),
            sum(row["reported_direct"] for row in rows),
            sum(row["page_views"] for row in rows),
            tuple(sorted(rows, key=lambda row: not row["application"])),
        )
        for name, rows in by_name.items()
    ]
    return tuple(sorted(found, key=lambda channel: (-channel.visits, channel.name)))
