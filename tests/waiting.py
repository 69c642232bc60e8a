"""Waiting for what can be observed, instead of sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

SECONDS = 60.0  # for machines that are busy: no test says how fast something is
PAUSE = 0.02


def wait_until(holds: Callable[[], Any], seconds: float = SECONDS, pause: float = PAUSE) -> Any:
    """Return what a condition gives as soon as that is something; fail where it never is."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, f"{holds} did not hold within {seconds} seconds"
        time.sleep(pause)
    return found
