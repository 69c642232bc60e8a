"""The report on public and dark reach: what networks say of posts, beside what was passed on."""

from __future__ import annotations

from typing import Any

from darksocial import daily
from darksocial.reports.question import Answer, Params, Question, Row, total
from darksocial.rules import referrers
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, statement

BY = ("page", "network", "campaign")
REACH = ("visits", "dark_social", "social", "dark_to_public", "shares")
PUBLIC = ("posts", "likes", "comments", "public_shares")
ON_SITE = ("site_likes", "site_comments", "plays", "downloads", "interactions")
NETWORK = ("visits", "dark_social", "dark_to_public", "shares", *PUBLIC, "pages")


def _columns(params: Params) -> tuple[str, ...]:
    by = params["by"] or BY[0]
    return (by, *NETWORK) if by == "network" else (by, *REACH, *PUBLIC, *ON_SITE)


def _public(session: Session, params: Params) -> Answer:
    """Public figures beside dark shares and visits; all figures of one page, network or campaign.

    Sums are those of the rows that are shown, the largest; `cut` says whether there are more.
    """
    by = params["by"] or BY[0]
    names = _columns(params)
    _drop(session)
    try:
        session.execute(statement("public/posts"), **params)
        rows = _of_networks(session, params) if by == "network" else _of(session, params, by)
    finally:
        _drop(session)
    for row in rows:
        social = row["visits"] if by == "network" else row["social"]
        row["dark_to_public"] = ratio(row["dark_social"], social)
    figures = [name for name in names if rows and isinstance(rows[0][name], int)]
    if by == "network":  # pages that were posted on two networks count for both
        figures = [name for name in figures if name not in ("dark_social", "shares", "pages")]
    summary: dict[str, Any] = {name: total(rows, name) for name in figures}
    if "social" in summary:
        summary["dark_to_public"] = ratio(summary["dark_social"], summary["social"])
    return [{name: row[name] for name in names} for row in rows], {
        "by": by,
        **summary,
        "interaction_names": _interactions(session, params),
        "cut": len(rows) == params["limit"],
    }


def _interactions(session: Session, params: Params) -> list[Row]:
    acts = daily.sums(session, "acts", params)
    rows: list[Row] = session.query(statement("public/interactions"), acts=acts).to_pylist()
    return rows


def ratio(dark: int, public: int) -> float | None:
    """Return the visits by dark social for one from networks; `None` where none did."""
    return round(dark / public, 3) if public else None


def network_name(text: str) -> str:
    """Return a network as visits from it are named (twitter: X); an unknown one as it is said."""
    name = text.strip()
    named = (
        referrers.resolve(f"https://{name.lower()}.com/")
        if name.isalnum() and name.isascii()
        else None
    )
    return named.application if named and named.kind == "social" and named.application else name


def _of(session: Session, params: Params, by: str) -> list[Row]:
    parts = {name: daily.sums(session, name, params) for name in ("pages", "acts")}
    wanted = {**parts, "by": Name(by), "limit": params["limit"]}
    rows = session.query(statement("public/beside"), **wanted).to_pylist()
    return [{by: row.pop("value"), **row} for row in rows]


def _of_networks(session: Session, params: Params) -> list[Row]:
    pages, ways = (daily.sums(session, name, params) for name in ("pages", "ways"))
    found = session.query(statement("public/dark_of_networks"), **params, pages=pages).to_pylist()
    dark = {row.pop("value"): row for row in found}
    none = {"dark_social": 0, "shares": 0}
    rows = _named(session.query(statement("public/networks"), **params, ways=ways).to_pylist())
    return [{"network": row["value"], **row, **dark.get(row["value"], none)} for row in rows]


def _named(rows: list[Row]) -> list[Row]:
    """Put sources of tagged links together with the network that they name."""
    named: dict[str, Row] = {}
    for row in rows:
        name = network_name(row["value"])
        before = named.get(name, {})
        sums = {figure: row[figure] + before.get(figure, 0) for figure in row if figure != "value"}
        named[name] = {"value": name, **sums}
    return sorted(
        named.values(),
        key=lambda row: (*(-row[figure] for figure in (*PUBLIC[1:], "visits")), row["value"]),
    )


def _drop(session: Session) -> None:
    session.execute("DROP TABLE IF EXISTS %(table)s", table=Name("public_posts"))


QUESTIONS = {"public": Question(_columns, _public, {"by": BY})}
