"""What was done by whom: log-ins and every change to accounts, keys and shared reports."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from darksocial.store.protocol import Session
from darksocial.store.sql import statement

MOST = 200


def note(session: Session, actor: str, action: str, target: str = "") -> None:
    """Write down an action, as a word, with whom or what it was done to."""
    session.execute(
        statement("accounts/note"),
        at=datetime.now(timezone.utc),
        actor=actor[:200],
        action=action,
        target=target[:200],
    )


def entries(session: Session, most: int = MOST) -> list[dict[str, Any]]:
    """Return the last entries, the newest first: at (seconds since 1970), actor, action, target."""
    found: list[dict[str, Any]] = session.query(
        statement("accounts/entries"), limit=most
    ).to_pylist()
    return found
