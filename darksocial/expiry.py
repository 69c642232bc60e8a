"""Expiry: raw hits go some months after they were recorded, shares when their tokens have died."""

from __future__ import annotations

from datetime import datetime

from darksocial.rules.tokens import LIFETIME_HOURS
from darksocial.store.protocol import Session
from darksocial.store.sql import Name, literal, statement

# Tokens live 13 months, so what explains them stays for 13 whole months and the one begun.
SHARE_MONTHS = LIFETIME_HOURS // (24 * 30)


def expire(session: Session, retention_months: int, now: datetime) -> list[str]:
    """Drop the months of recording that are too old; return them as `table month`."""
    kept = {"hits": retention_months, "shares": SHARE_MONTHS, "token_days": SHARE_MONTHS}
    dropped = []
    for table, months in kept.items():
        oldest = month_before(now, months)
        rows = session.query(statement("expire/partitions"), table=table)
        for month in sorted(rows["month"].to_pylist()):
            if int(month) < oldest:
                session.execute(f"ALTER TABLE {Name(table)} DROP PARTITION {literal(int(month))}")
                dropped.append(f"{table} {month}")
    return dropped


def month_before(now: datetime, months: int) -> int:
    """Return the month `months` before a time as the number YYYYMM."""
    count = now.year * 12 + now.month - 1 - months
    return count // 12 * 100 + count % 12 + 1
