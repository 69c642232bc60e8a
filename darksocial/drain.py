"""From sealed segments to rows in the store.

The order makes a crash harmless at any point: rows first, then the marks of their days, then the
segment's name, and only then the file goes. A segment that is read again brings the same hit ids.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timezone
from pathlib import Path

from darksocial import daily, enrichment, reclassification, registry
from darksocial.errors import DarksocialError, SpoolError, StoreUnavailable
from darksocial.expiry import expire, expire_rejects, tidy
from darksocial.model import KINDS, Site
from darksocial.reclassification import days_around
from darksocial.reports import trees
from darksocial.settings import Settings
from darksocial.spool import segment
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import statement

log = logging.getLogger("darksocial.drain")

BATCH_BYTES = 64 * 1024 * 1024
BATCH_SEGMENTS = 500  # their names stand in one statement
LONGEST_HOLD = 60.0
EARLIEST = 946_684_800_000  # 2000-01-01: a clock that says less is wrong
FUTURE_MILLISECONDS = 24 * 3600 * 1000
IDLE_SECONDS = 0.2
LONGEST_PAUSE = 5.0
SNAPSHOT_SECONDS = 1.0
PUBLISH_SECONDS = 0.5
PUBLISH_AT_MOST = 1.0
EXPIRE_SECONDS = 3600.0
KEEP_SECONDS = 60.0
KEEP_AT_MOST = 1.0


@dataclass(frozen=True, slots=True)
class Drained:
    """What one batch was: segments, rows stored, lines refused."""

    segments: int = 0
    hits: int = 0
    rejects: int = 0


class Held:
    """Segments that could not be stored: each is tried again after a pause that grows."""

    def __init__(self) -> None:
        self._pauses: dict[Path, float] = {}
        self._due: dict[Path, float] = {}

    def ready(self, paths: Iterable[Path]) -> Iterator[Path]:
        """Yield the segments whose time has come."""
        now = time.monotonic()
        return (path for path in paths if self._due.get(path, now) <= now)

    def refuse(self, path: Path, error: Exception) -> None:
        """Hold a segment back; the first time, say why."""
        if path not in self._pauses:
            log.error("The segment %s cannot be stored and stays in the spool: %s", path, error)
        self._pauses[path] = min(2 * self._pauses.get(path, 0.5), LONGEST_HOLD)
        self._due[path] = time.monotonic() + self._pauses[path]

    def release(self, path: Path) -> None:
        self._pauses.pop(path, None)
        self._due.pop(path, None)


def drain_once(store: Store, spool: Path, rejects: Path, held: Held | None = None) -> Drained:
    """Store one batch of sealed segments; return zeros where none was waiting.

    A segment that cannot be stored stays in the spool, is held back for a while, and stops no
    other. Raises `StoreUnavailable` where the store cannot be reached, and `SpoolError` where the
    engine cannot read the directory.
    """
    if set("{}*?") & set(str(spool)):
        raise SpoolError(
            f"The spool {spool} has one of {{ }} * ? in its path, which the engine takes for a "
            "pattern: choose another directory with --home.",
            "spool-path",
        )
    held = held or Held()
    waiting = _batch(held.ready(segment.sealed(spool)))
    if len(waiting) > 1:
        try:
            return _drain(store, waiting, rejects)
        except StoreUnavailable:
            raise
        except Exception:
            log.info("A batch cannot be stored, so its segments are tried one by one")
    return _drain_each(store, waiting, rejects, held)


def _drain_each(store: Store, waiting: list[Path], rejects: Path, held: Held) -> Drained:
    total = Drained()
    for path in waiting:
        try:
            one = _drain(store, [path], rejects)
        except StoreUnavailable:
            raise
        except Exception as error:
            held.refuse(path, error)
            continue
        held.release(path)
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
        try:
            size += path.stat().st_size
        except FileNotFoundError:  # another drain of this spool was faster
            continue
        if len(chosen) == BATCH_SEGMENTS or (chosen and size > BATCH_BYTES):
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


class Drain:
    """The loop of the private process: segments, snapshot, publications, kept sums, expiry.

    Each duty has a pace of its own, and none stops the others where it fails; a store that is
    down only delays them.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._held = Held()
        self._due = dict.fromkeys(("snapshot", "publish", "keep", "expire"), 0.0)
        self._said = ""

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set; the last sealed segments are stored before the return."""
        pause = IDLE_SECONDS
        while not stop.wait(pause):
            try:
                pause = 0.0 if self.step() else IDLE_SECONDS
            except Exception as error:
                self._complain("hits stay in the spool", error)
                pause = min(max(pause, IDLE_SECONDS) * 2, LONGEST_PAUSE)
        try:
            while self.step():
                pass
        except Exception as error:
            self._complain("hits stay in the spool", error)

    def step(self) -> bool:
        """Do what is due; return whether segments were stored."""
        drained = drain_once(self._store, self._settings.spool, self._settings.rejects, self._held)
        self._when_due("snapshot", self._snapshot)
        self._when_due("publish", self._publish)
        self._when_due("keep", self._keep)
        self._when_due("expire", self._expire)
        return drained.segments > 0

    def _when_due(self, duty: str, work: Callable[[], float]) -> None:
        if time.monotonic() < self._due[duty]:
            return
        pause = LONGEST_PAUSE
        try:
            pause = work()
        except StoreUnavailable:
            raise
        except Exception as error:
            self._complain(f"the duty `{duty}` is tried again", error)
        finally:
            self._due[duty] = time.monotonic() + pause

    def _snapshot(self) -> float:
        with self._store.session() as session:
            registry.write_snapshot(session, self._settings.snapshot)
        return SNAPSHOT_SECONDS

    def _publish(self) -> float:
        """Publish what changed; what takes longer rests up to four times as long.

        Of many days, as after an import, some are done at a time: hits and links do not wait.
        Small days hardly rest, so that a visit is seen soon also on a machine that is busy.
        """
        began = time.monotonic()
        reclassification.publish_dirty(self._store, seconds=PUBLISH_AT_MOST)
        took = time.monotonic() - began
        return max(PUBLISH_SECONDS, 4 * (took - PUBLISH_SECONDS))

    def _keep(self) -> float:
        """Keep the sums of days that rest, and the share trees; where many days do, some at a time,
        with pauses as long."""
        rested = time.time() - daily.REST_SECONDS
        with self._store.session() as session:
            for site in registry.sites(session).values():
                if daily.keep(session, site, rested, KEEP_AT_MOST):
                    return 2 * KEEP_AT_MOST
                trees.keep(session, site)
        return KEEP_SECONDS

    def _expire(self) -> float:
        months, now = self._settings.retention_months, datetime.now(timezone.utc)
        with self._store.session() as session:
            expire(session, months, now)
            tidy(session, now)
            daily.tidy(session, now.timestamp() - EXPIRE_SECONDS)
            trees.tidy(session, now.timestamp())
            reclassification.sweep(session)
        expire_rejects(self._settings.rejects, months)
        return EXPIRE_SECONDS

    def _complain(self, what: str, error: Exception) -> None:
        """Say what is wrong, once as long as it is the same."""
        said = f"{what}: {error}"
        if said != self._said:
            known = isinstance(error, DarksocialError | OSError)
            log.warning("The drain waits, %s", said, exc_info=None if known else error)
            self._said = said
