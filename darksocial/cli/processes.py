"""Child processes that live and die with their supervisor."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from darksocial.errors import DarksocialError

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 10.0
# Not with the prefix of the settings: nobody sets this one by hand.
SECRET_VARIABLE = "_DARKSOCIAL_CONSOLE_SECRET"


def die_with_supervisor() -> None:
    """Have this process told to stop when the process that started it has died."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Child:
    """One child process: started, watched, started again when it dies."""

    name: str
    arguments: list[str]
    environment: dict[str, str]
    ready: Callable[[int], bool]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.5
    due: float = 0.0
    started: float = field(default=0.0)

    def start(self) -> None:
        """Start in a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", *self.arguments],
            env={**os.environ, **self.environment},
            start_new_session=True,
        )
        self.started = time.monotonic()

    def wait_ready(self, seconds: float, stopped: Callable[[], bool]) -> None:
        """Wait until it answers; raise where it ends or stays silent."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not stopped():
            if not self.alive():
                raise DarksocialError(f"The {self.name} did not start; its reason stands above.")
            if self.process and self.ready(self.process.pid):
                return
            time.sleep(0.05)
        if not stopped():
            raise DarksocialError(f"The {self.name} did not answer within {seconds:.0f} seconds.")

    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def revive(self) -> bool:
        """Start again what has died, with growing pauses; return whether it did so now."""
        if self.alive():
            if time.monotonic() - self.started > LONGEST_PAUSE:
                self.pause = 0.5
            return False
        if not self.due:
            self.due = time.monotonic() + self.pause
            self.pause = min(self.pause * 2, LONGEST_PAUSE)
        if time.monotonic() < self.due:
            return False
        self.due = 0.0
        self.start()
        return True

    def stop(self, seconds: float) -> None:
        """Ask it to stop, and end it where it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
