"""Segments: files of records, each with one writer.

A writer holds a lock on its open segment (`*.open`) and renames it (`*.sealed`) when it is
large or old enough. The lock of a dead writer is free, so the reader seals what it left.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from darksocial.errors import SpoolError

OPEN, SEALED = ".open", ".sealed"
MAX_BYTES = 32 * 1024 * 1024
MAX_SECONDS = 0.5

_REASONS = {errno.ENOSPC: "disk-full", errno.EDQUOT: "disk-full", errno.EACCES: "spool-denied"}


class Writer:
    """Appends records for one process; threads may share it.

    Each record is one unbuffered write, so it survives the death of any process.
    With `sync`, `flush` also forces the bytes to the disk, against power loss.
    """

    def __init__(self, directory: Path, sync: bool = False) -> None:
        self.directory = directory
        self.sync = sync
        self._lock = threading.Lock()
        self._descriptor = -1
        self._path = directory
        self._size = 0
        self._opened = 0.0

    def append(self, line: bytes) -> None:
        """Write one line, or raise `SpoolError`: after that nothing of it counts."""
        with self._lock:
            try:
                if self._descriptor < 0:
                    self._open()
                written = os.write(self._descriptor, line)
                if written != len(line):
                    self._take_back()
                    raise OSError(errno.ENOSPC, "short write")
                self._size += written
                if self.sync:
                    os.fdatasync(self._descriptor)
            except OSError as error:
                raise spool_error(error, self.directory) from error
            if self._size >= MAX_BYTES:
                self._seal()

    def seal_if_old(self, age: float = MAX_SECONDS) -> None:
        """Seal the open segment where it is older than `age` seconds."""
        with self._lock:
            if self._descriptor >= 0 and time.monotonic() - self._opened >= age:
                self._seal()

    def close(self) -> None:
        """Seal what is open; the writer may be used again afterwards."""
        self.seal_if_old(0)

    def _open(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = f"{time.time_ns():020d}-{os.getpid()}-{secrets.token_hex(4)}{OPEN}"
        self._path = self.directory / name
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC
        descriptor = os.open(self._path, flags, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._descriptor, self._size, self._opened = descriptor, 0, time.monotonic()

    def _take_back(self) -> None:
        try:
            os.ftruncate(self._descriptor, self._size)
        except OSError:
            # A record behind a torn line would be unreadable: the next one opens a new segment.
            self._seal()

    def _seal(self) -> None:
        descriptor, self._descriptor = self._descriptor, -1
        try:
            if self._size:
                self._path.rename(self._path.with_suffix(SEALED))
            else:
                self._path.unlink()
        except OSError:
            # The directory went away or is read-only: the reader adopts what is left of it.
            pass
        finally:
            os.close(descriptor)


def spool_error(error: OSError, directory: Path) -> SpoolError:
    """Return the error that tells why the spool in `directory` takes no records."""
    reason = _REASONS.get(error.errno or 0, "spool-failed")
    return SpoolError(
        f"The spool {directory} does not take records ({error.strerror}): free space on its disk "
        "or make the directory writable; the hits of this time are lost.",
        reason,
    )


def every(seconds: float, task: Callable[[], object]) -> threading.Event:
    """Run `task` on a thread of its own every `seconds`, until the returned event is set."""
    stop = threading.Event()

    def loop() -> None:
        while not stop.wait(seconds):
            task()

    threading.Thread(target=loop, name="spool", daemon=True).start()
    return stop


def sealed(directory: Path) -> Iterator[Path]:
    """Yield the sealed segments, oldest first, after adopting those of dead writers."""
    if not directory.is_dir():
        return
    for path in directory.glob(f"*{OPEN}"):
        _adopt(path)
    yield from sorted(directory.glob(f"*{SEALED}"))


def _adopt(path: Path) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_size:
            path.rename(path.with_suffix(SEALED))
        elif time.time() - os.fstat(descriptor).st_mtime > 60:
            # Younger empty files may belong to a writer between creating and locking.
            path.unlink()
    except (BlockingIOError, FileNotFoundError):
        return
    finally:
        os.close(descriptor)
