"""Secrets that are handed out once and kept as hashes. They are random, so one round is enough."""

from __future__ import annotations

import hashlib
import secrets
import time

from darksocial.store.protocol import Session
from darksocial.store.sql import statement

BYTES = 32


def new() -> str:
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def short() -> str:
    """Return a name for what a secret opens, to show in lists and to remove it by."""
    return secrets.token_hex(4)


def of_installation(session: Session, name: str) -> str:
    """Return a secret of this installation, which is made where there is none yet."""
    rows = session.query(statement("meta/get"), name=name)["value"].to_pylist()
    if rows:
        return str(rows[0])
    session.execute(statement("meta/put"), name=name, value=new(), version=time.time_ns())
    return of_installation(session, name)  # where two write at once, both read the same
