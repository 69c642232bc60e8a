"""The segments that wait in the spool: which come next, and which are held back."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from darksocial.drain.batch import Drained, drain_batch
from darksocial.errors import SpoolError, StoreUnavailable
from darksocial.spool import segment
from darksocial.store.protocol import Store

log = logging.getLogger("darksocial.drain")

BATCH_BYTES = 64 * 1024 * 1024
BATCH_SEGMENTS = 500  # their names stand in one statement
LONGEST_HOLD = 60.0


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
            return drain_batch(store, waiting, rejects)
        except StoreUnavailable:
            raise
        except Exception:
            log.info("A batch cannot be stored, so its segments are tried one by one")
    return _drain_each(store, waiting, rejects, held)


def _drain_each(store: Store, waiting: list[Path], rejects: Path, held: Held) -> Drained:
    total = Drained()
    for path in waiting:
        try:
            one = drain_batch(store, [path], rejects)
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
