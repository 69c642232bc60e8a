"""Reports preview fetches to the tracker, from a thread of its own."""

from __future__ import annotations

import http.client
import os
import queue
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlencode, urlsplit

from darksocial.errors import SettingError

CAPACITY = 1000
TIMEOUT_SECONDS = 5.0
MAX_URL = 4096
MAX_AGENT = 1024
ENDPOINT = "/p.gif"
NO_HINTS: Mapping[str, str] = MappingProxyType({})

# Address of the page, user agent, client hints by header.
_Fetch = tuple[str, str, Mapping[str, str]]


@dataclass(slots=True)
class Counts:
    """What became of the fetches of tagged pages.

    `dropped` found the queue full, `failed` did not reach the tracker, `refused` were answered
    with a reason (an unknown key, a foreign host), `skipped` were no previews.
    """

    sent: int = 0
    skipped: int = 0
    dropped: int = 0
    failed: int = 0
    refused: int = 0


class Reporter:
    """Sends previews of tagged pages to a tracker.

    `tracker_url` is the address under which the tracker answers, `site_key` the public key of
    the snippet tag. At most `capacity` fetches wait; further ones are counted and forgotten.
    The thread starts with the first fetch, in whatever process that happens.
    Raises `SettingError` where the tracker's address cannot be used.
    """

    def __init__(
        self,
        tracker_url: str,
        site_key: str,
        *,
        capacity: int = CAPACITY,
        timeout: float = TIMEOUT_SECONDS,
    ) -> None:
        parts = urlsplit(tracker_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingError(
                f"The tracker's address {tracker_url!r} cannot be used: give one that begins with "
                "http:// or https://."
            )
        self.counts = Counts()
        self._secure = parts.scheme == "https"
        self._place = parts.netloc.rpartition("@")[2]
        self._path = parts.path.rstrip("/") + ENDPOINT
        self._key = site_key
        self._timeout = timeout
        self._capacity = capacity
        self._waiting: queue.Queue[_Fetch | None] = queue.Queue(capacity)
        self._connection: http.client.HTTPConnection | None = None
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._process = 0

    def offer(self, url: str, user_agent: str, hints: Mapping[str, str] = NO_HINTS) -> None:
        """Take a fetch of a tagged page; never waits and never raises.

        `hints` are the request's client hints, by the names in `rules.headers.NAMES`.
        """
        if self._process != os.getpid():
            self._start()
        try:
            self._waiting.put_nowait((url[:MAX_URL], user_agent[:MAX_AGENT], hints))
        except queue.Full:
            self.counts.dropped += 1

    def close(self, timeout: float = TIMEOUT_SECONDS) -> None:
        """Send what waits, within `timeout` seconds, and end the thread."""
        thread = self._thread
        if thread is None or self._process != os.getpid():
            return
        with suppress(queue.Full):
            self._waiting.put(None, timeout=timeout)
        thread.join(timeout)
        self._thread, self._process = None, 0

    def _start(self) -> None:
        with self._lock:
            if self._process == os.getpid():
                return
            # After a fork the parent's thread is not here, and its connection is not ours; its
            # queue may have been locked at that moment.
            self._connection = None
            if self._process:
                self._waiting = queue.Queue(self._capacity)
            self._thread = threading.Thread(
                target=self._run, name="darksocial-reporter", daemon=True
            )
            self._process = os.getpid()
            self._thread.start()

    def _run(self) -> None:
        while fetch := self._waiting.get():
            try:
                self._report(*fetch)
            except Exception:
                # The thread outlives whatever a single fetch brings along.
                self.counts.failed += 1
                self._disconnect()
        self._disconnect()

    def _report(self, url: str, user_agent: str, hints: Mapping[str, str]) -> None:
        if not is_preview(user_agent):
            self.counts.skipped += 1
            return
        query = urlencode({"k": self._key, "u": url})
        if self._get(f"{self._path}?{query}", {**hints, "User-Agent": user_agent}):
            self.counts.refused += 1
        else:
            self.counts.sent += 1

    def _get(self, target: str, sent: Mapping[str, str]) -> str | None:
        """Return the reason why the tracker kept nothing, or `None`."""
        headers = {
            name: value.encode("latin-1", "replace").decode("latin-1")
            for name, value in sent.items()
        }
        if self._connection is None:
            self._connection = self._connect()
        try:
            self._connection.request("GET", target, headers=headers)
            answer = self._connection.getresponse()
        except (http.client.HTTPException, ConnectionError):
            # The tracker closes connections that were quiet for long: once more on a new one.
            self._disconnect()
            self._connection = self._connect()
            self._connection.request("GET", target, headers=headers)
            answer = self._connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            return str(answer.status)
        return answer.headers.get("X-Darksocial-Refused")

    def _connect(self) -> http.client.HTTPConnection:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        return kind(self._place, timeout=self._timeout)

    def _disconnect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


@lru_cache(maxsize=4096)
def is_preview(user_agent: str) -> bool:
    """Return whether an agent shows a pasted link."""
    from darksocial.rules import agents  # compiles hundreds of patterns: in the thread, not before

    return agents.resolve(user_agent).kind == "preview"
