"""Where hits and visits live: chDB in this process, or a ClickHouse server."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from urllib.parse import urlsplit

from darksocial.errors import SettingError, StoreOwned, StoreUnavailable
from darksocial.store import migrations
from darksocial.store.embedded import EmbeddedSession, EmbeddedStore, limit_memory
from darksocial.store.lock import Lock, Owner, owned_by, read_owner
from darksocial.store.protocol import Session, Store

__all__ = [
    "EmbeddedSession",
    "EmbeddedStore",
    "Lock",
    "Owner",
    "Session",
    "Store",
    "limit_memory",
    "open_embedded",
    "open_store",
    "read_owner",
]

ENGINE_DIRECTORY = "engine"
LOCK_FILE = "lock"


def open_store(url: str = "") -> Store:
    """Open a store by its address and bring its tables up to date.

    `chdb:///path` is an embedded store in a directory; where a running `darksocial serve` owns
    it, the store works through that. `clickhouse://user:pw@host:port/db` is a server. Without an
    address the settings decide. Raises `SettingError`, `StoreUnavailable` or `StoreOwned`.
    """
    if not url:
        from darksocial import settings

        url = settings.load().store
    parts = urlsplit(url)
    if parts.scheme == "chdb":
        return _open_chdb(url)
    if parts.scheme == "clickhouse":
        from darksocial.store.server import ServerStore

        return _migrated(ServerStore(url))
    shown = url.replace(parts.netloc, parts.netloc.rpartition("@")[2])  # without a password
    raise SettingError(
        f"The store {shown!r} is no store address: give chdb:///path or "
        "clickhouse://user:pw@host:port/db."
    )


def _open_chdb(url: str) -> Store:
    home = home_of(url)
    owner = read_owner(home / LOCK_FILE)
    if owner is None:
        return open_embedded(url)
    if owner.pid == os.getpid():
        return _migrated(EmbeddedStore(home / ENGINE_DIRECTORY, url))
    if not owner.address:
        raise StoreOwned(owned_by(home, owner))
    from darksocial.store.remote import RemoteStore

    return RemoteStore(url, owner)


def open_embedded(url: str, owner: Owner | None = None) -> EmbeddedStore:
    """Open an embedded store as its owner; the lock goes with the store."""
    home = home_of(url)
    lock = Lock(home / LOCK_FILE)
    try:
        lock.take(owner or Owner(os.getpid(), Path(sys.argv[0]).name or "python"))
    except OSError as error:
        raise StoreUnavailable(
            f"The directory {home} of the embedded store cannot be used ({error.strerror}): "
            "choose another with --store chdb:///path."
        ) from error
    try:
        store = EmbeddedStore(home / ENGINE_DIRECTORY, url, lock)
        _migrated(store)
    except BaseException:
        lock.release()
        raise
    return store


def home_of(url: str) -> Path:
    """Return the directory of an embedded store."""
    parts = urlsplit(url)
    odd = parts.netloc or parts.query or parts.fragment
    if odd or not parts.path.startswith("/") or parts.path == "/":
        raise SettingError(
            f"The store {url!r} needs a whole path with three slashes, and without ? or #: "
            "chdb:///path."
        )
    return Path(parts.path)


def _migrated(store: Store) -> Store:
    try:
        with store.session() as session:
            migrations.apply(session)
    except BaseException:
        store.close()
        raise
    return store
