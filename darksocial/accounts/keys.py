"""API keys: for programs. Shown once, kept as a hash, with a role and possibly one site."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from darksocial import registry
from darksocial.accounts import secret
from darksocial.accounts.account import Account, known_role
from darksocial.errors import InputError, Said
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

PREFIX = "dsk"  # by which scanners for leaked secrets can know one


@dataclass(frozen=True, slots=True)
class Key:
    """An API key without its secret; `site` is empty where it is good for all."""

    id: str
    label: str
    role: str
    site: str
    created: int


def add_key(session: Session, role: str, label: str = "", site: str = "") -> str:
    """Add a key and return it: the only time that it can be seen."""
    known_role(role)
    registry.check_label(label)
    site = registry.site(session, site).name if site else ""
    key = Key(secret.short(), label, role, site, int(time.time()))
    text = f"{PREFIX}_{key.id}_{secret.new()}"
    _put(session, key, secret.digest(text), deleted=0)
    return text


def keys(session: Session) -> list[Key]:
    """Return the keys, the newest first."""
    return [_key(row) for row in session.query(statement("accounts/keys")).to_pylist()]


def remove_key(session: Session, id_: str) -> None:
    """Make a key useless, at once."""
    found = {key.id: key for key in keys(session)}
    if id_ not in found:
        raise InputError(
            Said("There is no API key %(key)r: `darksocial user key list` shows them.", key=id_)
        )
    _put(session, found[id_], "", deleted=1)


def account_of_key(session: Session, text: str) -> Account | None:
    """Return what a key may do, or `None` for one that there is not."""
    if not text.startswith(f"{PREFIX}_"):
        return None
    wanted = secret.digest(text)
    for row in session.query(statement("accounts/keys")).to_pylist():
        if secrets.compare_digest(row["hash"], wanted):
            key = _key(row)
            return Account(f"key {key.id}", key.role, "", key.site)
    return None


def _key(row: dict[str, Any]) -> Key:
    return Key(row["id"], row["label"], row["role"], row["site"], int(row["made"]))


def _put(session: Session, key: Key, hash_: str, deleted: int) -> None:
    session.execute(
        statement("accounts/put_key"),
        id=key.id,
        hash=hash_,
        label=key.label,
        role=key.role,
        site=key.site,
        created=datetime.fromtimestamp(key.created, timezone.utc),
        deleted=deleted,
        version=time.time_ns(),
    )
