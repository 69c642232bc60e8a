"""The reports on what visits were worth: conversions with credit, and engagement."""

from __future__ import annotations

from typing import Any

from darksocial import daily
from darksocial.reports.question import Answer, Params, Question, Row, always, total
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, statement

MODELS = ("last_touch", "first_touch", "linear", "position_based")
LOOKBACK_DAYS = 30  # visits so many days before the range may have led to its conversions
STEPS = ("outcomes", "followed", "steps", "touches")

CONVERSIONS = (
    "reported_channel",
    "channel",
    "application",
    "currency",
    "visits",
    "conversions",
    "value",
)
ENGAGEMENT = (
    "channel",
    "application",
    "visits",
    "measured",
    "engaged_seconds",
    "scroll_percent",
    "interactions",
    "conversions",
)


def _conversions(session: Session, params: Params) -> Answer:
    """What each channel earned, with reclassification and as analytics reports it.

    Credit is shared out among the visits of the same visitor, the visit of the conversion the
    last of them. Without consent a visitor is known for one day, so ways are those of one day.
    """
    model = params["model"] or MODELS[0]
    _drop(session)
    try:
        rows = _shared_out(session, {**params, "model": model, "lookback": LOOKBACK_DAYS})
    finally:
        _drop(session)
    dark = [row for row in rows if row["channel"] == "dark_social"]
    return rows, {
        "model": model,
        "models": list(MODELS),
        "totals": _summed(rows, ("currency",)),
        "channels": _summed(rows, ("channel", "currency")),
        "reported_channels": _summed(rows, ("reported_channel", "currency")),
        "dark_social_reported_as": _summed(dark, ("reported_channel", "currency")),
    }


def _shared_out(session: Session, params: Params) -> list[Row]:
    outcomes = daily.sums(session, "outcomes", params)
    for step in STEPS[:3]:
        session.execute(statement(f"credit/{step}"), **params, outcomes=outcomes)
    if params["model"] == "last_touch":
        return list(session.query(statement("credit/last_touch")).to_pylist())
    session.execute(statement("credit/touches"))
    return list(session.query(statement("credit/shared_out"), **params).to_pylist())


def _drop(session: Session) -> None:
    for step in STEPS:
        session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(f"credit_{step}"))


def _summed(rows: list[Row], names: tuple[str, ...]) -> list[Row]:
    """Return conversions and their value by the named columns, the most first."""
    sums: dict[tuple[Any, ...], list[float]] = {}
    for row in rows:
        found = sums.setdefault(tuple(row[name] for name in names), [0.0, 0.0])
        found[0] += row["conversions"]
        found[1] += row["value"]
    ordered = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))
    return [
        dict(zip(names, key, strict=True))
        | {"conversions": round(found[0], 3), "value": round(found[1], 3)}
        for key, found in ordered
    ]


def _engagement(session: Session, params: Params) -> Answer:
    sums = daily.sums(session, "ways", params)
    rows = session.query(statement("reports/engagement"), ways=sums).to_pylist()
    names = ("visits", "measured", "interactions", "conversions")
    return rows, {name: total(rows, name) for name in names}


QUESTIONS = {
    "conversions": Question(always(*CONVERSIONS), _conversions, {"model": MODELS}),
    "engagement": Question(always(*ENGAGEMENT), _engagement),
}
