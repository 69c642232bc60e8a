"""Secrets that are handed out once and kept as hashes. They are random, so one round is enough."""

from __future__ import annotations

import hashlib
import secrets

BYTES = 32


def new() -> str:
    return secrets.token_urlsafe(BYTES)


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def short() -> str:
    """Return a name for what a secret opens, to show in lists and to remove it by."""
    return secrets.token_hex(4)
