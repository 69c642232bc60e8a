"""The report on campaigns: what they brought, also beyond their own links, and their targets."""

from __future__ import annotations

from typing import Any

from darksocial import daily
from darksocial.days import FIRST_DAY
from darksocial.reports.question import Answer, Params, Question, Row, always, total
from darksocial.reports.trees import outcome
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, Sql, render, statement

STEPS = ("keys", "arrivals", "trees", "halo")
BROUGHT = ("tagged_visits", "halo_visits", "tagged_conversions", "halo_conversions")
COLUMNS = (
    "campaign",
    "begins",
    "ends",
    "clicks",
    "tagged_visits",
    "halo_visits",
    "visits",
    "halo_share",
    "tagged_conversions",
    "halo_conversions",
    "conversions",
    "goal",
    "target",
    "reached_share",
)
NO_END = FIRST_DAY


def _campaigns(session: Session, params: Params) -> Answer:
    """What each campaign brought in the range; a visit may belong to more than one campaign.

    Tagged visits carry the campaign's utm_campaign or came by one of its links, on its days. Halo
    visits came by shares of these, also after its last day, and are in no tagged visit.
    """
    known = session.query(statement("campaigns/all"), **params).to_pylist()
    figures, clicks = _brought(session, params) if known else ({}, {})
    rows = [_row(one, figures.get(one["name"], {}), clicks.get(one["name"], 0)) for one in known]
    names = ("clicks", "visits", "conversions", *BROUGHT)
    return rows, {name: total(rows, name) for name in names}


def _brought(session: Session, params: Params) -> tuple[dict[str, Row], dict[str, int]]:
    more: dict[str, Any] = {"all": Sql(render(statement("campaigns/all"), params))}
    parts = {name: daily.sums(session, name, daily.ever(params)) for name in ("tokens", "minted")}
    acts = daily.sums(session, "acts", params)
    _drop(session)
    try:
        with outcome(session, params) as more["outcome"]:
            for step in STEPS:
                session.execute(statement(f"campaigns/{step}"), **params, **parts, **more)
        found = session.query(statement("campaigns/figures"), **params).to_pylist()
        clicks = session.query(statement("campaigns/clicks"), acts=acts).to_pylist()
    finally:
        _drop(session)
    return (
        {row["campaign"]: row for row in found},
        {row["campaign"]: row["clicks"] for row in clicks},
    )


def _row(one: Row, brought: Row, clicks: int) -> Row:
    figures = {name: int(brought.get(name, 0)) for name in BROUGHT}
    visits = figures["tagged_visits"] + figures["halo_visits"]
    conversions = figures["tagged_conversions"] + figures["halo_conversions"]
    reached = {"visits": visits, "conversions": conversions}.get(one["goal"], 0)
    row = {
        "campaign": one["name"],
        "begins": one["begins"].isoformat(),
        "ends": "" if one["ends"] == NO_END else one["ends"].isoformat(),
        "clicks": clicks,
        **figures,
        "visits": visits,
        "halo_share": round(figures["halo_visits"] / visits, 4) if visits else None,
        "conversions": conversions,
        "goal": one["goal"],
        "target": one["target"] or None,
        "reached_share": round(reached / one["target"], 4) if one["target"] else None,
    }
    return {name: row[name] for name in COLUMNS}


def _drop(session: Session) -> None:
    for step in STEPS:
        session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(f"campaign_{step}"))


QUESTIONS = {"campaigns": Question(always(*COLUMNS), _campaigns)}
