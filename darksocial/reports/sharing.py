"""The reports on passing links on: share tree, funnel, sharers.

Everything is computed in the store, over all shares of the site; only the rows that are shown
leave it.
"""

from __future__ import annotations

import math
from datetime import datetime, timezone

from darksocial.errors import InputError, Said
from darksocial.reports.question import Answer, Params, Question, Row, always, total
from darksocial.reports.trees import outcome
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, statement

MOST_NODES = 10_000
# 5 % of a normal distribution lie above; of no case among n shares the chance is 5 % at 3/n.
NORMAL_95, NONE_95 = 1.645, -math.log(0.05)
DIMENSIONS = {"method": "method", "page": "page", "application": "application", "link": "token"}

TREE = (
    "generation",
    "token",
    "parent",
    "kind",
    "label",
    "method",
    "application",
    "page",
    "shared",
    "visits",
    "reshares",
    "conversions",
)
TREES = (
    "root",
    "kind",
    "label",
    "method",
    "application",
    "page",
    "began",
    "shares",
    "generations",
    "visits",
    "conversions",
)


def _tree(session: Session, params: Params) -> Answer:
    """One tree where a token or link is named, else the largest trees."""
    token = params["token"] or params["link"]
    with outcome(session, params) as found:
        if token:
            return _one_tree(session, token, found)
        asked = {**params, "outcome": found}
        rows = session.query(statement("sharing/trees"), **asked).to_pylist()
        summary = {"trees": len(rows), **_spread(session, asked)}
    return [row | {"began": _time(row["began"])} for row in rows], summary


def _one_tree(session: Session, token: str, outcome: str) -> Answer:
    found = session.query(
        statement("sharing/tree"), token=token, limit=MOST_NODES, outcome=outcome
    ).to_pylist()
    if not found:
        raise InputError(
            Said("The site knows no share or link %(token)r: look at its spelling.", token=token)
        )
    rows = [row | {"shared": _time(row["shared"])} for row in _nested(found)]
    shares = [row for row in rows if row["kind"] != "link"]
    return rows, {
        "root": rows[0]["token"],
        "shares": len(shares),
        "generations": max(row["generation"] for row in rows),
        "visits": total(rows),
        "conversions": total(rows, "conversions"),
        "cut": len(rows) == MOST_NODES,
    }


def _nested(rows: list[Row]) -> list[Row]:
    """Return the rows of a tree with each one's children right after it."""
    children: dict[str, list[Row]] = {}
    known = {row["token"] for row in rows}
    for row in reversed(rows):  # the stack below gives them back in their order
        parent = row["parent"] if row["parent"] in known else ""
        children.setdefault(parent, []).append(row)
    stack, nested = list(children.get("", [])), []
    while stack:
        row = stack.pop()
        nested.append(row)
        stack += children.get(row["token"], [])
    return nested


def _spread(session: Session, params: Params) -> Row:
    """Return the reproduction number with its interval, generations, and times to a visit."""
    found = session.query(statement("sharing/spread"), **params).to_pylist()[0]
    delays = session.query(statement("sharing/delays"), **params).to_pylist()[0]
    generations = session.query(statement("sharing/generations"), **params).to_pylist()
    return {
        "shares": found["shares"],
        "reproduction": reproduction(found["shares"], found["reshares"], found["squares"]),
        "seconds_to_visit": delays,
        "generations": generations,
    }


def reproduction(shares: int, reshares: int, squares: int) -> Row | None:
    """Return K, the further shares that a share leads to, and its 90 % interval.

    Shares are taken as independent draws of a number of reshares with mean K. The interval is
    that of the mean on a logarithmic scale, with a variance of at least K (Poisson): reshares
    come in bursts, never more evenly than by chance. Shares of the last hours may still be passed
    on, so K of a range that has just ended is a lower bound. `None` without any share.
    """
    if not shares:
        return None
    k = reshares / shares
    if not reshares:
        return {"k": 0.0, "low": 0.0, "high": round(NONE_95 / shares, 4)}
    spread = (squares - shares * k * k) / (shares - 1) if shares > 1 else k
    factor = math.exp(NORMAL_95 * math.sqrt(max(spread, k) / shares) / k)
    return {"k": round(k, 4), "low": round(k / factor, 4), "high": round(k * factor, 4)}


def _funnel(session: Session, params: Params) -> Answer:
    """How many shares were seen in a conversation, clicked, passed on and converted."""
    by = params["by"] or "method"
    with outcome(session, params) as found:
        rows = session.query(
            statement("sharing/funnel"),
            outcome=found,
            by=Name(DIMENSIONS[by]),
            kind="link" if by == "link" else "share",
            first=params["first"],
            last=params["last"],
        ).to_pylist()
    rows = [{by: row.pop("value"), **row} for row in rows]
    summed: dict[str, float] = {name: total(rows, name) for name in FUNNEL}
    minted = summed["minted"] or 1
    summed |= {f"{name}_share": round(summed[name] / minted, 4) for name in FUNNEL[1:6]}
    return rows[: params["limit"]], {"by": by, **summed}


FUNNEL = (
    "minted",
    "pasted",
    "clicked",
    "reshared",
    "converted",
    "pasted_never_clicked",
    "possible",
    "visits",
    "conversions",
)


def _funnel_columns(params: Params) -> tuple[str, ...]:
    return (params["by"] or "method", *FUNNEL)


def _sharers(session: Session, params: Params) -> Answer:
    with outcome(session, params) as found:
        rows = session.query(statement("sharing/sharers"), **params, outcome=found).to_pylist()
    return rows, {name: total(rows, name) for name in ("shares", "visits", "reshares")}


def _time(seconds: int) -> str:
    """Return a time as ISO text in UTC; "" for a link, which is older than its shares."""
    if not seconds:
        return ""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


QUESTIONS = {
    "funnel": Question(_funnel_columns, _funnel, {"by": tuple(DIMENSIONS)}),
    "tree": Question(
        lambda params: TREE if params["token"] or params["link"] else TREES,
        _tree,
        {"token": None, "link": None},
    ),
    "sharers": Question(
        always("sharer", "label", "shares", "visits", "reshares", "conversions"), _sharers
    ),
}
