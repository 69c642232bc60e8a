"""Rows of a frame of hits, as a test writes them down."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pyarrow as pa

import darksocial as ds

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
INSTAGRAM = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/22F76 Instagram 390.0.0.28.85 (iPhone15,2; iOS 18_5; en_US; en; scale=3.00)"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/141.0.0.0 Mobile Safari/537.36"
)
TELEGRAM = "TelegramBot (like TwitterBot)"
NOON = datetime(2024, 10, 22, 12, tzinfo=timezone.utc)
PAGE = "https://a.example/story"
SECONDS = int(NOON.timestamp())


def hit(minute: float = 0, visitor: str = "ann", url: str = PAGE, **fields: Any) -> dict[str, Any]:
    """Return one row: an ordinary view of a page, some minutes after noon."""
    ts = NOON + timedelta(minutes=minute)
    return {"ts": ts, "visitor": visitor, "url": url, "user_agent": FIREFOX, **fields}


def visits(rows: list[dict[str, Any]], **options: Any) -> list[dict[str, Any]]:
    found = ds.reclassify(pa.Table.from_pylist(columns_of(rows)), **options).visits
    return found.to_pylist()


def columns_of(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give every row the columns that any of them has."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [{name: row.get(name) for name in names} for row in rows]
