"""Literal rows in: hits as a test writes them down, on their way through spool and drain.

A row says a time, who, and which page; everything else has the values of an ordinary view of a
page in a browser, typed into the address bar.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timezone
from pathlib import Path
from typing import Any
from zlib import crc32

from darksocial import reclassification, registry
from darksocial.drain import Drained, drain_once
from darksocial.model import Site, TokenParts
from darksocial.rules import tokens
from darksocial.spool.record import encode, make_id
from darksocial.store import Session, Store

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
DAY = "2024-10-22"
_segments = itertools.count(1)
_sites = itertools.count(1)


def new_site(store: Store, **options: Any) -> Site:
    """Add a site that no other test uses."""
    with store.session() as session:
        return registry.add_site(session, f"literal-{next(_sites)}.example", **options)


def milliseconds(when: str) -> int:
    """Return a time of day on `DAY`, or a whole ISO time, as milliseconds since 1970 (UTC)."""
    text = when if "T" in when else f"{DAY}T{when}"
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return int(moment.timestamp() * 1000)


def visitor(name: str) -> int:
    """Return the hash that stands for a visitor's name."""
    return crc32(name.encode()) << 20 | 1


def hit(when: str, who: str = "ann", path: str = "/", **fields: Any) -> dict[str, Any]:
    """Return one row: fields of `model.Hit`, and `page`: a path of the site as referrer."""
    return {"when": when, "who": who, "path": path, **fields}


def records(site: Site, rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows as records of the spool; a row without `id` gets one from its place."""
    return [_record(site, place, dict(row)) for place, row in enumerate(rows)]


def _record(site: Site, place: int, row: dict[str, Any]) -> dict[str, Any]:
    ts, path, page = milliseconds(row.pop("when")), row.pop("path"), row.pop("page", None)
    if page is not None:
        row["referrer"] = f"https://{site.name}{page}"
    return {
        "id": make_id(ts, place + 1),
        "ts": ts,
        "kind": "pageview",
        "site": site.name,
        "recorded": ts + 40,
        "visitor": visitor(row.pop("who")),
        "url": f"https://{site.name}{path}",
        "user_agent": FIREFOX,
        **row,
    }


def seal(spool: Path, lines: Iterable[bytes], name: str = "") -> Path:
    """Write a sealed segment and return its path."""
    spool.mkdir(parents=True, exist_ok=True)
    path = spool / f"{name or f'{next(_segments):020d}-{time.time_ns()}'}.sealed"
    path.write_bytes(b"".join(lines))
    return path


def drain(store: Store, home: Path, site: Site, rows: Iterable[Mapping[str, Any]]) -> Drained:
    """Send rows through the spool under `home` into the store, as one segment."""
    seal(home / "spool", map(encode, records(site, rows)))
    return drain_once(store, home / "spool", home / "rejects")


def published(
    store: Store, site: Site, columns: str, where: str = "1 = 1"
) -> list[tuple[Any, ...]]:
    """Publish what changed on a site; return these columns of its visits in the order of time."""
    reclassification.publish_dirty(store, site.name)
    with store.session() as session:
        return visits(session, site, columns, where)


def visits(
    session: Session, site: Site, columns: str, where: str = "1 = 1"
) -> list[tuple[Any, ...]]:
    """Return columns of a site's visits in the order of time."""
    table = session.query(
        f"SELECT {columns} FROM visits WHERE site = %(site)s AND {where} ORDER BY ts, id",
        site=site.name,
    )
    return [tuple(row.values()) for row in table.to_pylist()]


def token(
    site: Site, number: int = 1, method: str = "copy", hours_ago: int = 1, key: str = ""
) -> str:
    """Return a share token of a site, minted some hours before now."""
    hour = int(time.time() // 3600) - hours_ago
    return tokens.encode(TokenParts(method, hour, number), key or site.key)


def day(text: str) -> date:
    return date.fromisoformat(text)
