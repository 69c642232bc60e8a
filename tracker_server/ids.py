"""Hit ids: never the same one twice from one process."""

from __future__ import annotations

import secrets
import threading

from darksocial.spool.record import LOW_BITS, make_id


class Ids:
    """Ids that sort by time; threads may share one object.

    Within one millisecond they count up from a random start. Random bits alone would give two
    hits the same id about once a second at 40,000 hits a second, and hits with the same id are
    one hit.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._start = _random_start()
        self._millisecond = -1
        self._last = 0

    def new(self, millisecond: int) -> int:
        """Return the next id for this time (milliseconds since 1970)."""
        with self._lock:
            if millisecond == self._millisecond:
                self._last += 1
                return self._last
            if millisecond < self._millisecond:
                # The clock went back to times whose ids may be in use.
                self._start = _random_start()
            self._millisecond = millisecond
            self._last = make_id(millisecond, self._start)
            return self._last


def _random_start() -> int:
    # The upper half of the low bits is room to count in.
    return secrets.randbits(LOW_BITS - 1)
