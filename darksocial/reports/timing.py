"""The report on timing: how long after a share its visits arrive."""

from __future__ import annotations

from typing import Any

from darksocial import daily
from darksocial.days import EVER
from darksocial.reports.question import Answer, Params, Question, Row
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, statement

BY = ("delay", "application")
# Where the spans of time begin, in seconds; the last one is open.
BOUNDS = (
    *(0, 10, 30, 60, 180, 600, 1_800, 3_600, 10_800, 28_800),
    *(86_400, 259_200, 604_800, 2_592_000),
)
SPREAD = ("tenth_seconds", "half_seconds", "nine_tenths_seconds")
SPANS = ("delay", "visits", "visits_share")
APPLICATIONS = ("application", "visits", *SPREAD)
TABLE = "timing_delays"


def delay_of(delay: str) -> tuple[int, int | None]:
    """Return begin and end in seconds of a span such as `60-180`; the end of the last is `None`."""
    begin, _, end = delay.partition("-")
    return int(begin), int(end) if end else None


def _timing(session: Session, params: Params) -> Answer:
    """When the visits arrived that the shares of a range brought, also after its last day.

    Shares of the last days may still bring visits: of a range that has just ended the later
    visits are missing.
    """
    session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(TABLE))
    try:
        later = {**params, "last": EVER[1]}
        tokens = daily.sums(session, "tokens", later)
        session.execute(statement("timing/delays"), **params, tokens=tokens)
        spans = session.query(statement("timing/spans")).to_pylist()
        spread = session.query(statement("timing/spread")).to_pylist()
    finally:
        session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(TABLE))
    summary = _summary(spread)
    summary["spans"] = _spans({row["begins"]: row["visits"] for row in spans}, summary["visits"])
    return (
        summary["applications"] if params["by"] == "application" else summary["spans"],
        summary,
    )


def _summary(spread: list[Row]) -> dict[str, Any]:
    whole = next((row for row in spread if row["whole"]), None)
    visits = whole["visits"] if whole else 0
    return {
        "visits": visits,
        **{name: whole[name] if whole else None for name in SPREAD},
        "hour_share": round(whole["hour"] / visits, 4) if whole else None,
        "applications": [
            {name: row[name] for name in APPLICATIONS} for row in spread if not row["whole"]
        ],
    }


def _spans(found: dict[int, int], visits: int) -> list[Row]:
    """Return the spans from the first to the last that has visits, empty ones between them too."""
    places = [place for place, begin in enumerate(BOUNDS) if begin in found]
    if not places:
        return []
    ends = (*(str(bound) for bound in BOUNDS[1:]), "")
    return [
        {
            "delay": f"{BOUNDS[place]}-{ends[place]}",
            "visits": found.get(BOUNDS[place], 0),
            "visits_share": round(found.get(BOUNDS[place], 0) / visits, 4),
        }
        for place in range(places[0], places[-1] + 1)
    ]


def _columns(params: Params) -> tuple[str, ...]:
    return APPLICATIONS if params["by"] == "application" else SPANS


QUESTIONS = {"timing": Question(_columns, _timing, {"by": BY})}
