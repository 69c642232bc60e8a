"""Erasing on request: everything of a share token, or everything of a day.

Visits are computed from hits, so the days concerned are computed anew afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from darksocial import daily, reclassification
from darksocial.days import span_of
from darksocial.errors import InputError
from darksocial.imports.removal import wait_for_mutations
from darksocial.model import Site
from darksocial.reports import trees
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import Name, statement

TOKEN_TABLES = ("hits", "shares", "previews", "token_days")
PARENT_TABLES = ("hits", "shares")
SPAN_TABLES = ("hits", "shares", "previews")
_TOKEN = re.compile(r"[0-9A-Za-z]{1,64}")


def erase_token(store: Store, site: Site, token: str) -> tuple[date, ...]:
    """Delete all hits with a token, its share, its previews and what was passed on from it.

    Returns the days that were computed anew. May be interrupted: the same call goes on.
    """
    if not _TOKEN.fullmatch(token):
        raise InputError(f"{token!r} is no token: it has letters and digits alone.")
    with store.session() as session:
        hours = session.query(statement("erase/days"), site=site.name, token=token)["hour"]
        days = {
            day for hour in hours.to_pylist() for day in reclassification.days_around(hour, site)
        }
        reclassification.touch(session, site.name, days)
        for way, tables in (("of_token", TOKEN_TABLES), ("of_parent", PARENT_TABLES)):
            for table in tables:
                _delete(session, way, table, site=site.name, token=token)
        _forget(session, site, days)
        reclassification.touch(session, site.name, days)
    reclassification.publish_dirty(store, site.name)
    return tuple(sorted(days))


def erase_day(store: Store, site: Site, day: date) -> None:
    """Delete what was recorded on a day of the site's time zone, and compute its days anew."""
    span = span_of(day, day, site.timezone)
    around = {
        one
        for moment in (span.begin, span.end)
        for one in reclassification.days_around(int(moment.timestamp()), site)
    } | {day}
    with store.session() as session:
        reclassification.touch(session, site.name, around)
        for table in SPAN_TABLES:
            _delete(session, "of_span", table, site=site.name, begin=span.begin, end=span.end)
        _forget(session, site, around)
        reclassification.touch(session, site.name, around)
    reclassification.publish_dirty(store, site.name)


def _forget(session: Session, site: Site, days: Iterable[date]) -> None:
    """Delete what is kept of days, and the share trees: they name tokens, too."""
    daily.forget(session, site.name, days)
    trees.forget(session, site.name)
    for table in (*daily.TABLES, "kept_trees"):
        wait_for_mutations(session, table)


def _delete(session: Session, way: str, table: str, **params: object) -> None:
    session.execute(statement(f"erase/{way}"), table=Name(table), **params)
    wait_for_mutations(session, table)
