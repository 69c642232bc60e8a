"""Answers that took long are kept a while: who turns a page back or changes a tab waits once."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from copy import deepcopy
from threading import Lock

from darksocial.reports import Report

SLOW_SECONDS = 0.3  # what is faster is asked anew each time
TIMES_AS_LONG = 10
LONGEST_SECONDS = 60.0
MOST = 64


class Recent:
    """The last slow answers, each for ten times as long as it took, a minute at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, tuple[float, Report]] = OrderedDict()

    def ask(self, key: Hashable, answer: Callable[[], Report]) -> Report:
        """Return the kept answer to a question, or a new one."""
        now = self._clock()
        with self._lock:
            until, report = self._kept.get(key, (now, None))
        if report is not None and now < until:
            return deepcopy(report)
        report = answer()
        self._keep(key, report, self._clock() - now)
        return report

    def forget(self) -> None:
        """Forget all: something was changed."""
        with self._lock:
            self._kept.clear()

    def _keep(self, key: Hashable, report: Report, took: float) -> None:
        if took < SLOW_SECONDS:
            return
        until = self._clock() + min(TIMES_AS_LONG * took, LONGEST_SECONDS)
        with self._lock:
            self._kept[key] = until, deepcopy(report)
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
