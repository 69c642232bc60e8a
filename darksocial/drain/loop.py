"""The loop of the private process."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timezone

from darksocial import daily, reclassification, registry
from darksocial.drain.waiting import Held, drain_once
from darksocial.errors import DarksocialError, StoreUnavailable
from darksocial.expiry import expire, expire_rejects, tidy
from darksocial.reports import trees
from darksocial.settings import Settings
from darksocial.store.protocol import Store

log = logging.getLogger("darksocial.drain")

IDLE_SECONDS = 0.2
LONGEST_PAUSE = 5.0
SNAPSHOT_SECONDS = 1.0
PUBLISH_SECONDS = 0.5
PUBLISH_AT_MOST = 1.0
EXPIRE_SECONDS = 3600.0
KEEP_SECONDS = 60.0
KEEP_AT_MOST = 1.0


class Drain:
    """Its duties: segments, snapshot, publications, kept sums, expiry.

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
