"""The estimate in a report: how many of the visits that stay direct were shares all the same."""

from __future__ import annotations

from typing import Any

from darksocial.estimator import stored
from darksocial.reports.question import Params, Row
from darksocial.store.protocol import Session
from darksocial.store.sql import statement


def estimate_of(session: Session, params: Params) -> Row | None:
    """Return what the newest fit says of the visits in a range; `None` where there is no fit.

    `shares` adds up the probabilities of single visits; `low` and `high` move with it as the
    interval of the fit lies around its share. All three are `None` where the status is
    `not identified`, and `at_most` then bounds the number.
    """
    fits = stored.newest(session, params["site"])
    if not fits:
        return None
    fit, estimate = fits[0], fits[0].estimate
    rows = session.query(statement("reports/estimate"), **params).to_pylist()
    visits = sum(row["visits"] for row in rows)
    shares = sum(row["shares"] for row in rows) if estimate.share else None
    return {
        "status": estimate.status,
        "why": estimate.why,
        "visits": visits,
        "shares": shares,
        "low": _scaled(shares, estimate.low, estimate.share),
        "high": _scaled(shares, estimate.high, estimate.share),
        "at_most": visits * estimate.upper_bound,
        "sources": estimate.sources,
        "fit": str(fit.number),
        "fitted_from": fit.first.isoformat(),
        "fitted_to": fit.last.isoformat(),
        "days": _by(rows, "day"),
        "devices": _by(rows, "device"),
    }


def estimate_text(found: Row) -> str:
    """Return it in a sentence or two for people who do not calculate."""
    if found["shares"] is None:
        return (
            f"How many of the {found['visits']:,} visits without any trace were shares cannot be "
            f"told: at most {found['at_most']:,.0f}. {found['why']}\n"
        )
    sure = "" if found["status"] == "identified" else " Take it as a rough figure."
    return (
        f"Of the {found['visits']:,} visits without any trace about {found['shares']:,.0f} were "
        f"probably links passed on as well (between {found['low']:,.0f} and "
        f"{found['high']:,.0f}).{sure} {found['why']}\n"
    )


def _scaled(shares: float | None, end: float, share: float | None) -> float | None:
    return None if shares is None or not share else shares * end / share


def _by(rows: list[Row], name: str) -> list[Row]:
    sums: dict[Any, Row] = {}
    for row in rows:
        found = sums.setdefault(row[name], {name: row[name], "visits": 0, "shares": 0.0})
        found["visits"] += row["visits"]
        found["shares"] += row["shares"]
    return list(sums.values())
