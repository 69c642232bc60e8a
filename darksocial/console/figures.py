"""From a report to what a page shows: sentences, parts and grouped rows. No I/O here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from darksocial.console import charts
from darksocial.console.periods import Part, Period, grouped
from darksocial.reports import Report
from darksocial.texts import Words, first_weekday
from darksocial.texts.language import mark as _

DARK, OTHER, DIRECT = "dark", "other", "direct"
PARTS = {DARK: _("Dark social"), OTHER: _("Came another way"), DIRECT: _("Stays direct")}


# By unit: the chart's title, and the head of its table's first column.
UNITS = {
    "day": (_("Direct visits by day"), _("Day")),
    "week": (_("Direct visits by week"), _("Week from")),
    "month": (_("Direct visits by month"), _("Month")),
    "year": (_("Direct visits by year"), _("Year")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list of causes: what, and how often."""

    label: str
    value: int
    style: str = DARK
    key: str = ""  # the word of the vocabulary, where all of the row has one
    channel: str = ""


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
    chart_title: str
    chart_text: str
    unit: str
    periods: tuple[Period, ...]
    picture: str


def overview(report: Report, words: Words) -> Overview:
    """Return what the overview page shows of the report `overview`."""
    summary = report.summary
    parts = (
        Part(DARK, words.say(PARTS[DARK]), summary["direct_that_was_dark_social"]),
        Part(OTHER, words.say(PARTS[OTHER]), summary["direct_that_was_something_else"]),
        Part(DIRECT, words.say(PARTS[DIRECT]), summary["still_direct"]),
    )
    was = summary["direct_was"]
    shares = [row for row in was if row["channel"] == "dark_social"]
    unit, periods = _periods(report, words)
    return Overview(
        direct=summary["reported_direct"],
        dark=summary["direct_that_was_dark_social"],
        parts=parts,
        split=charts.split(parts),
        detail=_detail(shares, words),
        groups=_groups(was, words),
        applications=applications(shares, words),
        chart=charts.columns(unit, periods, words) if periods else None,
        chart_title=words.say(UNITS[unit][0]),
        chart_text=_chart_text(unit, report, words),
        unit=words.say(UNITS[unit][1]),
        periods=tuple(periods),
        picture=_picture(parts, summary["reported_direct"], words),
    )


def _chart_text(unit: str, report: Report, words: Words) -> str:
    """Return the text alternative of the chart."""
    if report.first is None or report.last is None:
        return ""
    return words.say(
        "%(title)s from %(first)s to %(last)s, divided into dark social, came another way and "
        "stays direct. The table below has the figures.",
        title=words.say(UNITS[unit][0]),
        first=words.day(report.first),
        last=words.day(report.last),
    )


def _periods(report: Report, words: Words) -> tuple[str, list[Period]]:
    if report.first is None or report.last is None or not report.summary["days"]:
        return "day", []
    days = ((row["day"], _day_parts(row, words)) for row in report.summary["days"])
    return grouped(report.first, report.last, days, words, first_weekday(report.timezone))


def _day_parts(row: Mapping[str, Any], words: Words) -> tuple[Part, ...]:
    other = row["reported_direct"] - row["dark_social"] - row["still_direct"]
    return (
        Part(DARK, words.say(PARTS[DARK]), row["dark_social"]),
        Part(OTHER, words.say(PARTS[OTHER]), other),
        Part(DIRECT, words.say(PARTS[DIRECT]), row["still_direct"]),
    )


def _picture(parts: Iterable[Part], whole: int, words: Words) -> str:
    """Return the text alternative of the split bar."""
    said = ", ".join(
        f"{part.label} {words.number(part.value)} ({words.percent(part.value, whole)})"
        for part in parts
    )
    return words.say_count(
        "%(n)s visit reported as direct: %(parts)s.",
        "%(n)s visits reported as direct: %(parts)s.",
        whole,
        parts=said,
    )


def _detail(shares: list[dict[str, Any]], words: Words) -> str:
    """Return how the shares are known, and in which applications, in sentences."""
    causes = _summed(shares, lambda row: row["evidence"])
    if not causes:
        return ""
    causes_said = words.listed([words.sentence(name, value) for name, value in causes])
    known = _summed((row for row in shares if row["application"]), lambda row: row["application"])
    if not known:
        return words.say(
            "%(causes)s. The application is not known for any of them.", causes=causes_said
        )
    return words.say(
        "%(causes)s. The application is known for %(n)s of them, most often %(most)s.",
        causes=causes_said,
        n=words.number(sum(value for _, value in known)),
        most=words.listed([f"{name} ({words.number(value)})" for name, value in known[:2]]),
    )


def _groups(was: list[dict[str, Any]], words: Words) -> tuple[Group, ...]:
    styles = {"dark_social": DARK, "direct": DIRECT}
    groups = []
    for style in (DARK, OTHER, DIRECT):
        rows = [row for row in was if styles.get(row["channel"], OTHER) == style]
        causes = _summed(rows, lambda row: words.evidence(row["channel"], row["evidence"]))
        keys = {words.evidence(row["channel"], row["evidence"]): row for row in rows}
        if causes:
            lines = tuple(
                Row(label, value, style, keys[label]["evidence"], _only(rows, keys[label]))
                for label, value in causes
            )
            groups.append(Group(words.say(PARTS[style]), style, lines))
    return tuple(groups)


def _only(rows: list[dict[str, Any]], one: Mapping[str, Any]) -> str:
    """Return the channel of a kind of evidence, "" where it led to several."""
    found = {row["channel"] for row in rows if row["evidence"] == one["evidence"]}
    return one["channel"] if len(found) == 1 else ""


def applications(shares: Iterable[Mapping[str, Any]], words: Words) -> tuple[Row, ...]:
    """Return the applications of shares, the unknown ones last."""
    sums = _summed(shares, lambda row: row["application"])
    rows = [Row(name, value, key=name) for name, value in sums if name]
    rows += [Row(words.say("Not known"), value, DIRECT) for name, value in sums if not name]
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
        """The visits that analytics calls direct, and the others."""
        return (Part(DIRECT, "", self.direct), Part(OTHER, "", self.visits - self.direct))


def channels(report: Report, words: Words) -> tuple[Channel, ...]:
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
