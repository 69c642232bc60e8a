"""The lock file of a home: who owns it, where the console answers, and its secret.

The owner holds an exclusive lock for as long as it lives, so a file left by a dead process says
nothing. Mode 0600: whoever may read the secret may work through the console.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from darksocial.errors import StoreOwned

ATTEMPTS, ATTEMPT_SECONDS = 20, 0.01


@dataclass(frozen=True, slots=True)
class Owner:
    """The process that owns a store; the addresses of its console and tracker, or "".

    `supervisor` is the process that would start it again, where there is one.
    """

    pid: int
    command: str
    address: str = ""
    secret: str = ""
    tracker: str = ""
    supervisor: int = 0


class Lock:
    """An exclusive lock on a home directory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor = -1

    def take(self, owner: Owner) -> None:
        """Become the owner, or raise `StoreOwned` with who is."""
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if not _locked(descriptor):
            os.close(descriptor)
            raise StoreOwned(owned_by(self._path.parent, read_owner(self._path)))
        self._descriptor = descriptor
        self.say(owner)

    def say(self, owner: Owner) -> None:
        """Write down who owns the home."""
        text = json.dumps(asdict(owner)).encode()
        os.pwrite(self._descriptor, text, 0)
        os.ftruncate(self._descriptor, len(text))

    def release(self) -> None:
        if self._descriptor >= 0:
            os.ftruncate(self._descriptor, 0)
            os.close(self._descriptor)
            self._descriptor = -1


def _locked(descriptor: int) -> bool:
    """Take the lock where nobody keeps it; whoever only looks has it for a moment."""
    for _ in range(ATTEMPTS):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            time.sleep(ATTEMPT_SECONDS)
    return False


def read_owner(path: Path) -> Owner | None:
    """Return the living owner of a home, or `None` where nobody owns it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except PermissionError:
        return Owner(0, "a process of another user")
    except OSError:  # there is no such file, or no such directory: whoever opens it says so
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return None
    except BlockingIOError:
        try:
            return Owner(**json.loads(os.read(descriptor, 65536)))
        except (ValueError, TypeError):
            return Owner(0, "a process that is just starting")
    finally:
        os.close(descriptor)


def owned_by(home: Path, owner: Owner | None) -> str:
    """Return the sentence that says who owns a store and what to do."""
    who = "another process"
    if owner and owner.pid:
        who = f"`{owner.command}` (process {owner.supervisor or owner.pid})"
    return (
        f"The store in {home} belongs to {who}, which does not share it: wait until it is done, "
        "or stop it."
    )
