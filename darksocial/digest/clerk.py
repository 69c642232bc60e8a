"""The thread of the private process that sends letters and notices bursts.

It has a thread of its own, so that a mail server that does not answer delays no hit.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timezone

from darksocial.digest import post, telling
from darksocial.errors import DarksocialError
from darksocial.settings import Settings
from darksocial.store.protocol import Store

log = logging.getLogger("darksocial.digest")

PAUSE_SECONDS = 300.0


class Clerk:
    """Looks every few minutes for what is due, and once an hour for what is unusual."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._noticed: datetime | None = None
        self._said = ""

    def run(self, stop: threading.Event) -> None:
        """Work until `stop` is set."""
        while not stop.wait(PAUSE_SECONDS):
            self.step(datetime.now(timezone.utc))

    def step(self, now: datetime) -> None:
        """Do what is due at a time; what fails is tried again the next time."""
        self._try(lambda: self._post(now))
        hour = now.replace(minute=0, second=0, microsecond=0)
        if hour != self._noticed:
            self._try(lambda: self._notice(now, hour))

    def _post(self, now: datetime) -> None:
        with self._store.session() as session:
            post.post(session, self._settings, now)

    def _notice(self, now: datetime, hour: datetime) -> None:
        with self._store.session() as session:
            for alert in telling.notice(session, self._settings, now):
                log.info(
                    "Something unusual on %s: %d, not %.1f", alert.page, alert.found, alert.expected
                )
        self._noticed = hour

    def _try(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            said = str(error)
            if said != self._said:
                self._said = said
                known = isinstance(error, DarksocialError)
                log.warning("Letters wait: %s", said, exc_info=None if known else error)
