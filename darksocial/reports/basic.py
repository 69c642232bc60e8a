"""The reports on visits: overview, channels, pages and links."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from darksocial import daily
from darksocial.reports.estimate import estimate_of
from darksocial.reports.question import Answer, Params, Question, Row, always, total, totals
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

WAY = ("reported_channel", "channel", "evidence", "application", "application_kind")
FIGURES = ("visits", "page_views", "example_visits")


def _overview(session: Session, params: Params) -> Answer:
    """Of N visits that analytics calls direct: how many were shares, by what, in which app.

    All figures of visits come from one statement, so they fit together also while days are
    published; shares, previews and bots are counted apart, and not at all for some visits.
    """
    sums = daily.sums(session, "ways", params)
    ways = session.query(statement("reports/overview"), ways=sums).to_pylist()
    rows = _folded(ways, WAY, FIGURES)
    rows.sort(key=lambda row: (-row["visits"], *(row[name] for name in WAY)))
    arrivals = [row for row in rows if row["channel"] != "internal"]
    direct = [row for row in arrivals if row["reported_channel"] == "Direct"]
    arrived = [way for way in ways if way["channel"] != "internal"]
    refused = _folded([way for way in arrived if way["refused"]], ("refused",), ("visits",))
    counted: Row = dict.fromkeys(("shares", "previews", "bots"))
    if not params["narrowed"]:
        counted = session.query(statement("reports/totals"), **params).to_pylist()[0]
    return rows, {
        **counted,
        "page_views": total(rows, "page_views"),
        "visits": total(arrivals),
        "continued_visits": total(row for row in rows if row["channel"] == "internal"),
        "example_visits": total(arrivals, "example_visits"),
        "reported_direct": total(direct),
        "direct_that_was_dark_social": total(_of(direct, "dark_social")),
        "direct_that_was_something_else": total(
            row for row in direct if row["channel"] not in ("dark_social", "direct")
        ),
        "still_direct": total(_of(direct, "direct")),
        "dark_social": total(_of(arrivals, "dark_social")),
        "channels": _grouped(arrivals, ("channel",)),
        "reported_channels": _grouped(arrivals, ("reported_channel",)),
        "direct_was": _grouped(direct, ("channel", "evidence", "application")),
        "refused_tokens": [
            {"reason": row["refused"], "visits": row["visits"]}
            for row in sorted(refused, key=lambda row: (-row["visits"], row["refused"]))
        ],
        "refusals": session.query(statement("reports/refusals"), **params).to_pylist(),
        "days": _daily(arrived),
        "estimate": estimate_of(session, params) if counted["shares"] is not None else None,
    }


def _daily(arrived: list[Row]) -> list[Row]:
    """Return the visits of each day, and what became of those reported as direct."""
    days: dict[Any, Row] = {}
    for way in arrived:
        direct = way["reported_channel"] == "Direct"
        for day, visits in zip(way["days"], way["day_visits"], strict=True):
            row = days.setdefault(
                day,
                {"day": day, "visits": 0, "reported_direct": 0, "dark_social": 0,
                 "still_direct": 0},
            )  # fmt: skip
            row["visits"] += visits
            row["reported_direct"] += visits * direct
            row["dark_social"] += visits * (direct and way["channel"] == "dark_social")
            row["still_direct"] += visits * (direct and way["channel"] == "direct")
    return [days[day] for day in sorted(days)]


def _channels(session: Session, params: Params) -> Answer:
    sums = daily.sums(session, "ways", params)
    rows = session.query(statement("reports/channels"), ways=sums).to_pylist()
    return rows, totals(rows)


def _pages(session: Session, params: Params) -> Answer:
    """The pages with most visits; the totals are those of all pages."""
    sums = {name: daily.sums(session, name, params) for name in ("pages", "acts")}
    session.execute("DROP TABLE IF EXISTS landed_pages")
    try:
        session.execute(statement("reports/landed"), by_page=sums["pages"], acts=sums["acts"])
        rows = session.query(statement("reports/pages"), limit=params["limit"]).to_pylist()
        return rows, session.query(statement("reports/pages_totals")).to_pylist()[0]
    finally:
        session.execute("DROP TABLE IF EXISTS landed_pages")


def _links(session: Session, params: Params) -> Answer:
    parts = {name: daily.sums(session, name, params) for name in ("acts", "tokens")}
    rows = session.query(statement("reports/links"), site=params["site"], **parts).to_pylist()
    return rows, totals(rows)


def _of(rows: list[Row], channel: str) -> list[Row]:
    return [row for row in rows if row["channel"] == channel]


def _folded(rows: list[Row], names: Sequence[str], figures: Sequence[str]) -> list[Row]:
    """Return rows of the named columns, with the sums of the figures."""
    sums: dict[tuple[str, ...], list[int]] = {}
    for row in rows:
        found = sums.setdefault(tuple(row[name] for name in names), [0] * len(figures))
        for place, figure in enumerate(figures):
            found[place] += int(row[figure])
    return [
        dict(zip(names, key, strict=True)) | dict(zip(figures, found, strict=True))
        for key, found in sums.items()
    ]


def _grouped(rows: list[Row], names: tuple[str, ...]) -> list[Row]:
    """Return visits by the named columns, the largest first."""
    folded = _folded(rows, names, ("visits",))
    return sorted(folded, key=lambda row: (-row["visits"], *(row[name] for name in names)))


QUESTIONS = {
    "overview": Question(always(*WAY, *FIGURES), _overview),
    "channels": Question(
        always(
            "channel",
            "application",
            "application_kind",
            "visits",
            "page_views",
            "reported_direct",
        ),
        _channels,
    ),
    "pages": Question(
        always("page", "visits", "reported_direct", "dark_social", "page_views", "shares"),
        _pages,
    ),
    "links": Question(
        always("code", "kind", "label", "destination", "clicks", "previews", "visits"), _links
    ),
}
