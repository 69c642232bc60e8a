"""The hot endpoints as plain WSGI, in front of Flask: `/r/<code>`, `/p.gif` and `/c`.

Each hit is in the spool before its request is answered. A hit that cannot be recorded never
costs a visitor a redirect or an image; the reason stands in a response header.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from darksocial.errors import RecordError
from darksocial.model import FETCH_SITES
from darksocial.settings import Settings
from darksocial.spool.record import members
from darksocial.spool.segment import every
from darksocial.spool.snapshot import Snapshot, Watcher
from tracker_server import pixel
from tracker_server.answers import (
    NO_SNIFF,
    NO_STORE,
    REFUSED,
    Body,
    Environ,
    Header,
    StartResponse,
    answer,
    gone,
    leads_to,
    not_allowed,
    not_found,
)
from tracker_server.collector import Collector
from tracker_server.recorder import Recorder
from tracker_server.table import PREFIX, Table, Target, build

TICK_SECONDS = 0.5
UNKNOWN_CODE = "unknown-code"
ENDED_CODE = "ended-code"
PREVIEW = "+"  # /r/<code>+ says where the link leads, and records nothing
TOO_SLOW = "too-slow"

_READ = "GET, HEAD"
_METHODS = ("GET", "HEAD")
_REDIRECT = (
    NO_STORE,
    # The landing page shall see the referrer that it would have seen without the redirect.
    ("Referrer-Policy", "no-referrer-when-downgrade"),
)
_PIXEL = (("Content-Type", "image/gif"), NO_STORE, NO_SNIFF)

WSGI = Callable[..., Body]


class Front:
    """A WSGI application that answers the hot endpoints and leaves the rest to `rest`.

    It starts its thread with the first request, so it may be built before a fork.
    """

    def __init__(self, settings: Settings, rest: WSGI) -> None:
        self.recorder = Recorder(settings)
        self._rest = rest
        self._watcher = Watcher(settings.snapshot)
        self._snapshot: Snapshot | None = None
        self._table = Table()
        self._collector = Collector(self.recorder)
        self._endpoints: dict[str, WSGI] = {"/p.gif": self._pixel, "/c": self._collect}
        self._lock = threading.Lock()
        self._stop: threading.Event | None = None

    def __call__(self, environ: Environ, start_response: StartResponse) -> Body:
        if self._stop is None:
            self.start()
        path = environ["PATH_INFO"]
        target = self.target(environ["REQUEST_METHOD"], path)
        if target is not None:
            start_response("302 Found", self.redirect(environ, target))
            return [b""]
        endpoint = self._endpoints.get(path)
        if endpoint is not None:
            return endpoint(environ, start_response)
        if path.startswith(PREFIX):
            return self._no_redirect(environ, start_response)
        return self._rest(environ, start_response)

    def too_slow(self, environ: Environ, start_response: StartResponse) -> Body:
        """Answer a request whose body did not come in time."""
        self.recorder.counters.add(TOO_SLOW)
        return answer(start_response, "408 Request Timeout", (NO_STORE, (REFUSED, TOO_SLOW)))

    def start(self) -> None:
        """Read the snapshot and start the thread that does what is due twice a second."""
        with self._lock:
            if self._stop is None:
                self.tick()
                self._stop = every(TICK_SECONDS, self.tick)

    def tick(self) -> None:
        """Take a newer snapshot and let the recorder do what is due."""
        snapshot, now = self._watcher.current, time.time()
        if snapshot is not self._snapshot or now >= self._table.ends_at:
            self._table = build(snapshot, now)
            self._snapshot = snapshot
        self.recorder.tick()

    def close(self) -> None:
        """Stop the thread, write the counters and seal the segment."""
        if self._stop is not None:
            self._stop.set()
        self.recorder.close()

    def target(self, method: str, path: str) -> Target | None:
        """Return where a request is to be sent on to, or `None` where others answer it."""
        return self._table.targets.get(path) if method in _METHODS else None

    def redirect(self, environ: Environ, target: Target) -> list[Header]:
        """Record a click and return the headers of the 302 that answers it."""
        headers = [("Location", target.location), *_REDIRECT]
        fields = target.fields + self.recorder.referrer(environ) + _click(environ)
        reason = self.recorder.record(environ, target.site, fields)
        if reason:
            headers.append((REFUSED, reason))
        return headers

    def _no_redirect(self, environ: Environ, start_response: StartResponse) -> Body:
        if environ["REQUEST_METHOD"] not in _METHODS:
            return not_allowed(start_response, _READ)
        path = environ["PATH_INFO"]
        target = self._table.targets.get(path[:-1]) if path.endswith(PREVIEW) else None
        if target is not None:
            return leads_to(start_response, target.location)
        if path in self._table.ended:
            self.recorder.counters.add(ENDED_CODE)
            return gone(start_response, ENDED_CODE)
        self.recorder.counters.add(UNKNOWN_CODE)
        return not_found(start_response, UNKNOWN_CODE)

    def _pixel(self, environ: Environ, start_response: StartResponse) -> Body:
        if environ["REQUEST_METHOD"] not in _METHODS:
            return not_allowed(start_response, _READ)
        headers = list(_PIXEL)
        try:
            site, fields = pixel.read(environ, self._table.sites)
            reason = self.recorder.record(environ, site, members(fields))
        except RecordError as error:
            reason = error.reason
            self.recorder.counters.add(reason)
        if reason:
            headers.append((REFUSED, reason))
        return answer(start_response, "200 OK", headers, pixel.GIF)

    def _collect(self, environ: Environ, start_response: StartResponse) -> Body:
        return self._collector.answer(environ, start_response, self._table.sites)


def _click(environ: Environ) -> str:
    """Return what else a click says, as JSON members with a comma before each."""
    fetch_site = environ.get("HTTP_SEC_FETCH_SITE")
    fields = f',"fetch_site":"{fetch_site}"' if fetch_site in FETCH_SITES else ""
    return fields + ',"name":"HEAD"' if environ["REQUEST_METHOD"] == "HEAD" else fields
