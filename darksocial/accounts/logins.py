"""Log-ins: what a cookie stands for. They expire, and ending one in the store ends it at once."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone

from darksocial.accounts import secret
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

LIFETIME = timedelta(days=14)


def begin(session: Session, account: str, now: datetime | None = None) -> str:
    """Begin a log-in and return its id, which the store keeps as a hash alone."""
    now = now or datetime.now(timezone.utc)
    id_ = secret.new()
    _put(session, secret.digest(id_), account, now + LIFETIME, ended=0)
    return id_


def account_of(session: Session, id_: str, now: datetime | None = None) -> str:
    """Return the name of the account that is logged in with an id, or ""."""
    now = now or datetime.now(timezone.utc)
    rows = session.query(
        statement("accounts/login"), id=secret.digest(id_), now=int(now.timestamp())
    ).to_pylist()
    return str(rows[0]["account"]) if rows else ""


def end(session: Session, id_: str) -> None:
    """End a log-in."""
    _put(session, secret.digest(id_), "", datetime.now(timezone.utc), ended=1)


def end_all(session: Session, account: str, keep: str = "") -> None:
    """End all log-ins of an account but the one with the id `keep`."""
    rows = session.query(statement("accounts/logins"), account=account)["id"].to_pylist()
    for hash_ in rows:
        if hash_ != secret.digest(keep):
            _put(session, hash_, account, datetime.now(timezone.utc), ended=1)


def tidy(session: Session, now: datetime | None = None) -> None:
    """Forget log-ins that have expired."""
    now = now or datetime.now(timezone.utc)
    session.execute(statement("accounts/tidy"), now=int(now.timestamp()))


def _put(session: Session, hash_: str, account: str, expires: datetime, ended: int) -> None:
    session.execute(
        statement("accounts/put_login"),
        id=hash_,
        account=account,
        expires=expires,
        ended=ended,
        version=time.time_ns(),
    )
