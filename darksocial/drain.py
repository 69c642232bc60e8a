"""From sealed segments to rows in the store.

The order makes a crash harmless at any point: rows first, then the marks of their days, then the
segment's name, and only then the file goes. A segment that is read again brings the same hit ids.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path

from darksocial import enrichment, reclassification, registry
from darksocial.errors import StoreError, StoreUnavailable
from darksocial.expiry import expire
from darksocial.model import KINDS, Site
from darksocial.reclassification import days_around
from darksocial.settings import Settings
from darksocial.spool import segment
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import statement

log = logging.getLogger("darksocial.drain")

BATCH_BYTES = 64 * 1024 * 1024
FUTURE_MILLISECONDS = 24 * 3600 * 1000
TOKENS_A_QUERY = 5_000
IDLE_SECONDS = 0.2
LONGEST_PAUSE = 5.0
SNAPSHOT_SECONDS = 1.0
PUBLISH_SECONDS = 0.5
EXPIRE_SECONDS = 3600.0


@dataclass(frozen=True, slots=True)
class Drained:
    """What one batch was: segments, rows stored, lines refused."""

    segments: int = 0
    hits: int = 0
    rejects: int = 0


def drain_once(store: Store, spool: Path, rejects: Path) -> Drained:
    """Store one batch of sealed segments; return zeros where none was waiting."""
    waiting = _batch(segment.sealed(spool))
    if not waiting:
        return Drained()
    try:
        return _drain(store, waiting, rejects)
    except StoreUnavailable:
        raise
    except StoreError:
        if len(waiting) == 1:
            raise
    return _drain_each(store, waiting, rejects)


def _drain_each(store: Store, waiting: list[Path], rejects: Path) -> Drained:
    """Store segments one by one: one that the store refuses stays, and does not stop the others."""
    total = Drained()
    for path in waiting:
        try:
            one = _drain(store, [path], rejects)
        except StoreUnavailable:
            raise
        except StoreError as error:
            log.error("The segment %s cannot be stored and stays in the spool: %s", path, error)
            continue
        total = Drained(
            total.segments + one.segments, total.hits + one.hits, total.rejects + one.rejects
        )
    return total


def _drain(store: Store, waiting: list[Path], rejects: Path) -> Drained:
    with store.session() as target:
        new = _unknown(target, waiting)
        drained = _store(store, target, new, rejects) if new else Drained()
    for path in waiting:
        path.unlink(missing_ok=True)
    return drained


def _batch(paths: Iterable[Path]) -> list[Path]:
    chosen: list[Path] = []
    size = 0
    for path in paths:
        size += path.stat().st_size
        if chosen and size > BATCH_BYTES:
            break
        chosen.append(path)
    return chosen


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
        codes = {link.code for link in registry.links(target)}
        enrichment.enrich(work, sites, enrichment.site_token(int(time.time() // 3600), codes))
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
    work.execute(
        statement("drain/records"),
        files=glob,
        kinds=KINDS,
        latest=int(time.time() * 1000) + FUTURE_MILLISECONDS,
    )
    enrichment.begin(work)
    work.execute(statement("drain/raw"))


def _keep_rejects(work: Session, directory: Path) -> int:
    """Write refused lines beside the spool, one JSON object a line; repeats replace each other."""
    rows = work.query(statement("drain/rejects")).to_pylist()
    by_segment: dict[str, list[str]] = {}
    for row in rows:
        text = json.dumps({"reason": row["trouble"], "line": row["line"]}, ensure_ascii=False)
        by_segment.setdefault(Path(row["segment"]).stem, []).append(text)
    for name, lines in by_segment.items():
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        (directory / f"{name}.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(rows)


def _keep_refusals(work: Session, target: Session) -> None:
    rows = work.query(statement("drain/refusals"))
    if rows.num_rows:
        target.insert("refusals", rows)


def _touched(work: Session, target: Session, sites: dict[str, Site]) -> dict[str, set[date]]:
    """Return the days of each site whose visits may change, late shares included."""
    days: dict[str, set[date]] = {}
    for row in work.query(statement("drain/hours")).to_pylist():
        if site := sites.get(row["site"]):
            days.setdefault(site.name, set()).update(days_around(row["hour"], site))
    shared: dict[str, list[str]] = {}
    for row in work.query(statement("drain/shared")).to_pylist():
        shared.setdefault(row["site"], []).append(row["token"])
    for name, tokens in shared.items():
        if site := sites.get(name):
            for hour in _seen_hours(target, name, tokens):
                days.setdefault(name, set()).update(days_around(hour, site))
    return days


def _seen_hours(target: Session, site: str, tokens: list[str]) -> set[int]:
    hours: set[int] = set()
    for start in range(0, len(tokens), TOKENS_A_QUERY):
        some = tuple(tokens[start : start + TOKENS_A_QUERY])
        rows = target.query(statement("drain/seen_hours"), site=site, tokens=some)
        hours.update(rows["hour"].to_pylist())
    return hours


class Drain:
    """The loop of the private process: segments, snapshot, publications, expiry.

    Each duty has a pace of its own; a store that is down only delays them.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._due = dict.fromkeys(("publish", "snapshot", "expire"), 0.0)
        self._quiet = False

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; the last sealed segments are stored before the return."""
        pause = IDLE_SECONDS
        while not stop.wait(pause):
            try:
                busy = self.step()
                self._quiet = False
                pause = 0.0 if busy else IDLE_SECONDS
            except StoreError as error:
                self._complain(error)
                pause = min(max(pause, IDLE_SECONDS) * 2, LONGEST_PAUSE)
        try:
            while self.step():
                pass
        except StoreError as error:
            self._complain(error)

    def step(self) -> bool:
        """Do what is due; return whether segments were stored."""
        drained = drain_once(self._store, self._settings.spool, self._settings.rejects)
        self._when_due("snapshot", self._snapshot)
        self._when_due("publish", self._publish)
        self._when_due("expire", self._expire)
        return drained.segments > 0

    def _when_due(self, duty: str, work: Callable[[], float]) -> None:
        if time.monotonic() >= self._due[duty]:
            self._due[duty] = time.monotonic() + work()

    def _snapshot(self) -> float:
        with self._store.session() as session:
            registry.write_snapshot(session, self._settings.snapshot)
        return SNAPSHOT_SECONDS

    def _publish(self) -> float:
        """Publish what changed, and rest four times as long as that took."""
        began = time.monotonic()
        reclassification.publish_dirty(self._store)
        return max(PUBLISH_SECONDS, 4 * (time.monotonic() - began))

    def _expire(self) -> float:
        with self._store.session() as session:
            expire(session, self._settings.retention_months, datetime.now(timezone.utc))
        return EXPIRE_SECONDS

    def _complain(self, error: StoreError) -> None:
        if not self._quiet:
            log.warning("The drain waits for the store, hits stay in the spool: %s", error)
            self._quiet = True
