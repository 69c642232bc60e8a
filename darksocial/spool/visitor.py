"""The visitor hash: it recognises a browser for one day, on one site, and nobody for longer.

The salt of the day lies in one file, shared by the workers of a node. It is replaced when the
UTC day is no longer its own, in whichever direction the clock went, so no salt outlives its day
and none comes back. A visitor who stays over midnight UTC counts twice.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
from hashlib import blake2b
from pathlib import Path

DAY_SECONDS = 86_400
SALT_BYTES = 32


def visitor_hash(salt: bytes, address: str, user_agent: str, site: str) -> int:
    """Return the 64-bit visitor hash: keyed BLAKE2b over full address, agent and site.

    0 stands for an unknown visitor and is never returned.
    """
    return _hash(_keyed(salt), address, user_agent, site)


def _keyed(salt: bytes) -> blake2b:
    return blake2b(digest_size=8, key=salt)


def _hash(keyed: blake2b, address: str, user_agent: str, site: str) -> int:
    keyed.update(f"{address}\0{user_agent}\0{site}".encode("utf-8", "replace"))
    return int.from_bytes(keyed.digest(), "little") or 1


def network(address: str) -> str:
    """Return the truncated address: IPv4 /16, IPv6 /48; empty where it is neither."""
    if ":" in address:
        import ipaddress

        try:
            parsed = ipaddress.IPv6Address(address.partition("%")[0])
        except ValueError:
            return ""
        if parsed.ipv4_mapped:
            return network(str(parsed.ipv4_mapped))
        return str(ipaddress.ip_network((parsed, 48), strict=False))
    parts = address.split(".")
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        return ""
    return f"{parts[0]}.{parts[1]}.0.0/16"


class DailySalt:
    """The salt of the current UTC day, read from the file or made anew."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._day = -1
        self._salt = b""
        self._keyed = _keyed(b"")

    def get(self, now: float | None = None) -> bytes:
        day = int((time.time() if now is None else now) // DAY_SECONDS)
        if day != self._day:
            self._take(day)
        return self._salt

    def visitor(self, address: str, user_agent: str, site: str, now: float) -> int:
        """Return the visitor hash at this time; `visitor_hash` under the day's salt."""
        if now // DAY_SECONDS != self._day:
            self._take(int(now // DAY_SECONDS))
        return _hash(self._keyed.copy(), address, user_agent, site)

    def refresh(self) -> None:
        """Take the salt from the file again.

        Around midnight, or when the clock jumps, two workers may each have made a salt; the
        file says which one holds, and a worker without visitors forgets yesterday's.
        """
        self._take(int(time.time() // DAY_SECONDS))

    def _take(self, day: int) -> None:
        self._salt = self._load(day)
        self._keyed = _keyed(self._salt)
        self._day = day

    def _load(self, day: int) -> bytes:
        self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            stored = os.read(descriptor, 4096)
            number, _, salt = stored.partition(b" ")
            if number == str(day).encode() and len(salt) == SALT_BYTES:
                return salt
            salt = secrets.token_bytes(SALT_BYTES)
            # Overwritten in place: the old salt stays in no other file.
            os.pwrite(descriptor, b"%d %b" % (day, salt), 0)
            os.ftruncate(descriptor, len(b"%d " % day) + SALT_BYTES)
            os.fsync(descriptor)
            return salt
        finally:
            os.close(descriptor)
