"""Shared reports: an address that shows one report to whoever has it, until it expires.

Site, report and filters are fixed when it is made; the address is kept as a hash alone.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from darksocial.accounts import secret
from darksocial.errors import InputError, Said
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

LONGEST_DAYS = 366


@dataclass(frozen=True, slots=True)
class Share:
    """A shared report without its secret; `query` holds the filters as in an address."""

    id: str
    site: str
    report: str
    query: str
    account: str
    expires: int


def add_share(session: Session, share: Share, days: int) -> str:
    """Share a report for some days; return the secret part of its address.

    `id` and `expires` of the given share are set here.
    """
    if not 1 <= days <= LONGEST_DAYS:
        raise InputError(
            Said(
                "A report is shared for 1 to %(most)s days, not %(days)s.",
                most=LONGEST_DAYS,
                days=days,
            )
        )
    text = secret.new()
    until = datetime.now(timezone.utc) + timedelta(days=days)
    made = Share(secret.short(), share.site, share.report, share.query, share.account, 0)
    _put(session, made, secret.digest(text), until, deleted=0)
    return text


def shares(session: Session, now: datetime | None = None) -> list[Share]:
    """Return the shared reports in force, those that expire first at the end."""
    return [_share(row) for row in _rows(session, now)]


def share_of(session: Session, text: str, now: datetime | None = None) -> Share | None:
    """Return the report that an address shares, or `None` where it is over or never was."""
    wanted = secret.digest(text)
    return next((_share(row) for row in _rows(session, now) if row["hash"] == wanted), None)


def remove_share(session: Session, id_: str) -> None:
    """End a shared report, at once."""
    found = {share.id: share for share in shares(session)}
    if id_ not in found:
        raise InputError(
            Said("There is no shared report %(report)r: it may have expired.", report=id_)
        )
    _put(session, found[id_], "", datetime.now(timezone.utc), deleted=1)


def _rows(session: Session, now: datetime | None) -> list[dict[str, Any]]:
    now = now or datetime.now(timezone.utc)
    found: list[dict[str, Any]] = session.query(
        statement("accounts/shares"), now=int(now.timestamp())
    ).to_pylist()
    return found


def _share(row: dict[str, Any]) -> Share:
    names = ("id", "site", "report", "query", "account", "until")
    return Share(*(row[name] for name in names))


def _put(session: Session, share: Share, hash_: str, until: datetime, deleted: int) -> None:
    session.execute(
        statement("accounts/put_share"),
        id=share.id,
        hash=hash_,
        site=share.site,
        report=share.report,
        query=share.query,
        account=share.account,
        expires=until,
        deleted=deleted,
        version=time.time_ns(),
    )
