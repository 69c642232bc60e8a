"""Failed log-ins make the next one wait: for the account, and for the address they come from.

Kept in memory, and bounded. An account waits a minute at most, so that nobody can lock its owner
out by guessing; an address waits up to a quarter of an hour.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable

FREE = 5  # attempts before the first wait
LONGEST = {"account": 60.0, "address": 900.0}
MOST = 10_000

Name = tuple[str, str]  # account or address, and which


class Throttle:
    """Counts attempts by account and by address."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed: OrderedDict[Name, tuple[int, float]] = OrderedDict()
        self._lock = threading.Lock()

    def attempt(self, account: str, address: str) -> float:
        """Return the seconds to wait; where it is 0, count an attempt as failed already."""
        names = self._names(account, address)
        with self._lock:
            wait = max(self._wait(name) for name in names)
            if wait <= 0:
                for name in names:
                    self._count(name)
            return max(wait, 0.0)

    def succeeded(self, account: str, address: str) -> None:
        """Forget what failed before."""
        with self._lock:
            for name in self._names(account, address):
                self._failed.pop(name, None)

    def _names(self, account: str, address: str) -> tuple[Name, Name]:
        return ("account", account[:200]), ("address", _network(address))

    def _wait(self, name: Name) -> float:
        _, until = self._failed.get(name, (0, 0.0))
        return until - self._clock()

    def _count(self, name: Name) -> None:
        number = self._failed.pop(name, (0, 0.0))[0] + 1
        pause = 0.0 if number < FREE else min(2.0 ** min(number - FREE, 20), LONGEST[name[0]])
        self._failed[name] = (number, self._clock() + pause)
        if len(self._failed) > MOST:
            self._failed.popitem(last=False)


def _network(address: str) -> str:
    """Return what one client may choose its address from: 64 bits with IPv6."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if parsed.version == 6:
        return str(ipaddress.ip_network(f"{parsed}/64", strict=False))
    return str(parsed)
