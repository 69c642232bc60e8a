"""One batch of segments, from lines to rows in the store.

The order makes a crash harmless at any point: rows first, then the marks of their days, then the
segment's name, and only then the file goes. A segment that is read again brings the same hit ids.
"""

from __future__ import annotations

import json
import logging
import os
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from darksocial import enrichment, reclassification, registry
from darksocial.model import KINDS, Site
from darksocial.reclassification import days_around
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import statement

log = logging.getLogger("darksocial.drain")

EARLIEST = 946_684_800_000  # 2000-01-01: a clock that says less is wrong
FUTURE_MILLISECONDS = 24 * 3600 * 1000


@dataclass(frozen=True, slots=True)
class Drained:
    """What one batch was: segments, rows stored, lines refused."""

    segments: int = 0
    hits: int = 0
    rejects: int = 0


def drain_batch(store: Store, waiting: list[Path], rejects: Path) -> Drained:
    """Store the segments that are not stored yet, and remove their files."""
    with store.session() as target:
        new = _unknown(target, waiting)
        drained = _store(store, target, new, rejects) if new else Drained()
    for path in waiting:
        path.unlink(missing_ok=True)
    return drained


def _unknown(target: Session, waiting: list[Path]) -> list[Path]:
    names = tuple(path.stem for path in waiting)
    rows = target.query(statement("drain/known"), names=names)
    known = set(rows["name"].to_pylist())
    return [path for path in waiting if path.stem not in known]


def _store(store: Store, target: Session, paths: list[Path], rejects: Path) -> Drained:
    sites = registry.sites(target)
    with enrichment.scratch(store, target) as work:
        _read(work, paths)
        refused = _keep_rejects(work, rejects)
        check = enrichment.site_token(int(time.time() // 3600), registry.codes(target))
        enrichment.enrich(work, sites, check)
        stored = enrichment.move(work, store, target)
        _keep_refusals(work, target)
        for name, days in _touched(work, target, sites).items():
            reclassification.touch(target, name, days)
        target.execute(statement("drain/record"), names=[path.stem for path in paths])
        work.execute("DROP TABLE records")
    return Drained(len(paths), stored, refused)


def _read(work: Session, paths: list[Path]) -> None:
    names = ",".join(path.name for path in paths)
    glob = f"{paths[0].parent}/{{{names}}}" if len(paths) > 1 else str(paths[0])
    work.execute("DROP TABLE IF EXISTS records")
    now = int(time.time() * 1000)
    latest = now + FUTURE_MILLISECONDS
    work.execute(
        statement("drain/records"), files=glob, kinds=KINDS, earliest=EARLIEST, latest=latest
    )
    enrichment.begin(work)
    work.execute(statement("drain/raw"), earliest=EARLIEST, latest=latest, now=now)


def _keep_rejects(work: Session, directory: Path) -> int:
    """Write refused lines beside the spool, one JSON object a line; repeats replace each other."""
    rows = work.query(statement("drain/rejects")).to_pylist()
    by_segment: dict[str, list[str]] = {}
    for row in rows:
        text = json.dumps({"reason": row["trouble"], "line": row["line"]}, ensure_ascii=False)
        by_segment.setdefault(Path(row["segment"]).stem, []).append(text)
    for name, lines in by_segment.items():
        _write_private(directory / f"{name}.jsonl", "\n".join(lines) + "\n")
    if rows:
        log.warning("%d lines of the spool were refused: they are in %s", len(rows), directory)
    return len(rows)


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    flags = os.O_CREAT | os.O_WRONLY | os.O_TRUNC | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _keep_refusals(work: Session, target: Session) -> None:
    rows = work.query(statement("drain/refusals"))
    if rows.num_rows:
        target.insert("refusals", rows)


def _touched(work: Session, target: Session, sites: dict[str, Site]) -> dict[str, set[date]]:
    """Return the days of each site whose visits may change, those of late reports included."""
    days: dict[str, set[date]] = {}
    for row in work.query(statement("drain/hours")).to_pylist():
        if site := sites.get(row["site"]):
            days.setdefault(site.name, set()).update(days_around(row["hour"], site))
    for name, late in reclassification.days_of_late(work, target, sites).items():
        days.setdefault(name, set()).update(late)
    return days
