"""Whether the tracker can do its work: answered by trying."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from darksocial.errors import SpoolError
from darksocial.spool.segment import spool_error

# Names the run of `darksocial serve` that a tracker belongs to; other trackers have none.
INSTANCE_VARIABLE = "_DARKSOCIAL_INSTANCE"
# More than file systems keep inside an inode, so that a full disk shows.
_PROBE = b"\n" * 8192


def instance() -> dict[str, str]:
    """Return which run of `darksocial serve` this tracker belongs to, where it does to one."""
    name = os.environ.get(INSTANCE_VARIABLE)
    return {"instance": name} if name else {}


def check_spool(directory: Path) -> None:
    """Write into the spool's directory and take it back, or raise `SpoolError`."""
    try:
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, path = tempfile.mkstemp(dir=directory, suffix=".probe")
        try:
            if os.write(descriptor, _PROBE) != len(_PROBE):
                raise OSError(28, os.strerror(28))
        finally:
            os.close(descriptor)
            os.unlink(path)
    except OSError as error:
        raise spool_error(error, directory) from error


def spool_state(directory: Path) -> str:
    """Return "ok", or one word for what keeps the spool from taking records."""
    try:
        check_spool(directory)
    except SpoolError as error:
        return error.reason
    return "ok"


def snapshot_age(path: Path) -> float | None:
    """Return the seconds since the snapshot was written, or `None` where there is none."""
    try:
        return round(max(0.0, time.time() - path.stat().st_mtime), 1)
    except OSError:
        return None
