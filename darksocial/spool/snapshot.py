"""The snapshot: all that the tracker knows of sites and links, in one file.

The drain replaces it atomically; a tracker keeps the last good one, so a torn or foreign
file never costs a visitor a redirect.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

from darksocial.model import Link, Site

VERSION = 1
CHECK_SECONDS = 0.5
DIGEST_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Sites by public key, links by code."""

    sites: dict[str, Site] = field(default_factory=dict)
    links: dict[str, Link] = field(default_factory=dict)


def write(path: Path, sites: Iterable[Site], links: Iterable[Link]) -> None:
    """Replace the snapshot file atomically; where it says the same, only its time is renewed."""
    body = {
        "version": VERSION,
        "sites": [asdict(site) for site in sites],
        "links": [asdict(link) for link in links],
    }
    text = json.dumps(body, ensure_ascii=False, sort_keys=True)
    document = f"{_digest(text)}\n{text}\n".encode()
    if _renewed(path, document):
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _renewed(path: Path, document: bytes) -> bool:
    """Return whether the file holds just this; its time then says that it still does."""
    try:
        if path.read_bytes() != document:
            return False
        os.utime(path)
    except OSError:
        return False
    return True


def read(path: Path) -> Snapshot | None:
    """Return the file's snapshot, or `None` where it is missing, torn or of another version."""
    try:
        return _parse(path.read_bytes())
    except OSError:
        return None


def _parse(document: bytes) -> Snapshot | None:
    try:
        digest, _, text = document.decode().partition("\n")
        text = text.rstrip("\n")
        if digest != _digest(text):
            return None
        body = json.loads(text)
        if body["version"] != VERSION:
            return None
        sites = [Site(**{**row, "hosts": tuple(row["hosts"])}) for row in body["sites"]]
        links = [Link(**row) for row in body["links"]]
    except (ValueError, KeyError, TypeError):
        return None
    return Snapshot({site.key: site for site in sites}, {link.code: link for link in links})


class Watcher:
    """Keeps the last good snapshot of a file, looking for a newer one at most twice a second.

    The time of the file is renewed every second. A file that begins with the digest of the last
    good one is that again, or what is left of it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self._digest = b""
        self._checked = -CHECK_SECONDS
        self._snapshot = Snapshot()

    @property
    def current(self) -> Snapshot:
        now = time.monotonic()
        if now - self._checked >= CHECK_SECONDS:
            self._checked = now
            self._refresh()
        return self._snapshot

    def _refresh(self) -> None:
        try:
            status = self._path.stat()
            seen = (status.st_mtime_ns, status.st_ino)
            if seen == self._seen:
                return
            document = self._path.read_bytes()
        except OSError:
            return
        digest = document[:DIGEST_LENGTH]
        snapshot = None if digest == self._digest else _parse(document)
        if snapshot is not None:
            self._snapshot, self._digest = snapshot, digest
        self._seen = seen


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
