"""Counters of what was refused: how often and why, never who."""

from __future__ import annotations

import threading
import time
from collections import Counter

from darksocial.errors import SpoolError
from darksocial.spool.record import encode
from darksocial.spool.segment import Writer

DO_NOT_TRACK = "do-not-track"


class Counters:
    """Counts refusals by reason and site in memory; `flush` moves them to the spool.

    The line of a counter is `{"refused": reason, "site": name, "n": count, "recorded": ms}`.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, reason: str, site: str = "", number: int = 1) -> None:
        with self._lock:
            self._counts[reason, site] += number

    def flush(self, writer: Writer) -> None:
        """Write what was counted; counts that the spool does not take are kept."""
        if not self._counts:
            return
        with self._lock:
            counts, self._counts = self._counts, Counter()
        recorded = int(time.time() * 1000)
        lines = [
            encode({"refused": reason, "site": site, "n": number, "recorded": recorded})
            for (reason, site), number in counts.items()
        ]
        try:
            writer.append(b"".join(lines))
        except SpoolError:
            with self._lock:
                self._counts.update(counts)
            raise
