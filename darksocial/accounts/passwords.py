"""Passwords, as argon2id hashes."""

from __future__ import annotations

import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from darksocial.errors import InputError, Said

LEAST, MOST = 12, 1000
# RFC 9106's second choice: 64 MiB a time. Two at a time, so that log-ins cannot fill the memory.
_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
_turns = threading.BoundedSemaphore(2)
# The hash of a password that was thrown away: takes as long to compare as a real one.
NOBODY = (
    "$argon2id$v=19$m=65536,t=3,p=4$VSHiWFE0JsjZqyuT0UYOuw$"
    "5rc0aKfENz005msNmZlGUXGXrQQ7TljNT3vI0C4DZK8"
)


def hashed(password: str) -> str:
    """Return the hash of a new password; refuse one that is too short."""
    if not LEAST <= len(password) <= MOST:
        raise unfit()
    with _turns:
        return _hasher.hash(_bytes(password))


def unfit() -> InputError:
    """Return what is said of a password that is too short or too long."""
    return InputError(
        Said(
            "A password has %(least)s to %(most)s characters: choose another.",
            least=LEAST,
            most=MOST,
        )
    )


def fits(password: str, hash_: str) -> bool:
    """Return whether a hash is that of the password."""
    try:
        with _turns:
            return len(password) <= MOST and _hasher.verify(hash_, _bytes(password))
    except (VerificationError, InvalidHashError):
        return False


def outdated(hash_: str) -> bool:
    """Return whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(hash_)


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")
