"""What came of every share and link, computed anew or as it was kept.

Following all shares of a busy site to their roots takes seconds. So the private process keeps the
outcome after publications, and reports read it: the same while nothing was published since. Of a
site with many shares they also read one that is a minute old, since it is published anew all the
time; what they say is as old as that then.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from darksocial import daily
from darksocial.model import Site
from darksocial.reports.question import Params, Row
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, Sql, render, statement

STEPS = ("nodes", "edges", "visited", "known", "applications")
TABLES = (
    "sharing_nodes",
    "sharing_edges",
    "sharing_visits",
    "sharing_previews",
    "sharing_applications",
    "sharing_outcome",
    "sharing_even",
    "sharing_odd",
)
MOST_PASSES = 64  # 2 to the power of that is more than any number of shares
FEW_SHARES = 20_000  # the trees of so few are computed as fast as read
MANY_SHARES = 100_000
OLDEST_SECONDS = 120.0
PAUSE_SECONDS = 60.0
DROP_SECONDS = 600.0  # who reads kept trees has done so by then


@contextmanager
def outcome(session: Session, params: Params) -> Iterator[Any]:
    """Give what stands after FROM to read the outcome of the site's shares and links.

    Where it is not kept, it is a temporary table, which goes at the end.
    """
    kept = None if params.get("narrowed") else _kept(session, params["site"])
    if kept:
        yield kept
        return
    _drop(session)
    try:
        _compute(session, params)
        yield Name("sharing_outcome")
    finally:
        _drop(session)


def keep(session: Session, site: Site) -> bool:
    """Keep the outcome of a site with many shares; return whether that was to be done."""
    state, newest = _state(session, site.name), _newest(session, site.name)
    rested = newest is None or time.time() - newest["number"] / 1e6 > PAUSE_SECONDS
    if state["shares"] <= FEW_SHARES or not rested or (newest and _same(state, newest)):
        return False
    number = time.time_ns() // 1000
    _drop(session)
    try:
        _compute(session, {"site": site.name, "timezone": site.timezone})
        session.execute(statement("sharing/keep"), site=site.name, number=number)
    finally:
        _drop(session)
    session.execute(statement("sharing/note"), site=site.name, number=number, **state)
    return True


def tidy(session: Session, now: float) -> None:
    """Let go of kept outcomes that newer ones have replaced."""
    until = int((now - DROP_SECONDS) * 1e6)
    for row in session.query(statement("sharing/old"), until=until).to_pylist():
        session.execute(statement("sharing/drop"), **row)


def forget(session: Session, site: str) -> None:
    """Begin to delete the kept outcome of a site."""
    for table in ("trees_kept", "kept_trees"):
        session.execute(statement("sharing/forget"), table=Name(table), site=site)


def follow(session: Session) -> Name:
    """Follow the pointers of `sharing_edges` to the roots; return the table that holds them.

    A pass makes every pointer as long as the two that it consists of, so that a tree that is a
    million deep takes twenty passes.
    """
    before = Name("sharing_edges")
    for number in range(MOST_PASSES):
        after = Name(("sharing_even", "sharing_odd")[number % 2])
        session.execute("DROP TABLE IF EXISTS %(after)s", after=after)
        session.execute(statement("sharing/pass"), before=before, after=after)
        before = after
        moved = session.query("SELECT toUInt64(sum(moved)) AS n FROM %(after)s", after=after)
        if not moved["n"][0].as_py():
            break
    return before


def _compute(session: Session, params: Params) -> None:
    tokens = daily.sums(session, "tokens", daily.ever(params))
    for step in STEPS:
        session.execute(statement(f"sharing/{step}"), **{**params, "tokens": tokens})
    session.execute(statement("sharing/outcome"), roots=follow(session))


def _kept(session: Session, site: str) -> Sql | None:
    newest = _newest(session, site)
    if newest is None:
        return None
    busy = newest["shares"] > MANY_SHARES
    young = time.time() - newest["number"] / 1e6 < OLDEST_SECONDS
    if not (busy and young) and not _same(_state(session, site), newest):
        return None
    wanted = {"site": site, "number": newest["number"]}
    return Sql(f"({render(statement('sharing/kept'), wanted)})")


def _state(session: Session, site: str) -> Row:
    row: Row = session.query(statement("sharing/state"), site=site).to_pylist()[0]
    return {name: value or 0 for name, value in row.items()}


def _newest(session: Session, site: str) -> Row | None:
    rows = session.query(statement("sharing/newest"), site=site).to_pylist()
    return rows[0] if rows else None


def _same(state: Row, newest: Row) -> bool:
    return all(state[name] == newest[name] for name in ("published", "changed"))


def _drop(session: Session) -> None:
    for table in TABLES:
        session.execute("DROP TABLE IF EXISTS %(table)s", table=Name(table))
