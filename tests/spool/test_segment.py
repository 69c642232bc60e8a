"""Segments: what was appended survives, whoever dies, and is read once it is sealed."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from darksocial.errors import SpoolError
from darksocial.spool import record, segment
from darksocial.spool.segment import Writer, sealed


def names(directory: Path) -> list[str]:
    return sorted(path.suffix for path in directory.iterdir())


def lines_of(directory: Path) -> list[bytes]:
    return [line for path in sealed(directory) for line in path.read_bytes().splitlines()]


def test_a_segment_is_open_until_it_is_sealed(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    writer = Writer(spool)
    assert not spool.exists()
    writer.append(b"one\n")
    assert names(spool) == [".open"]
    assert list(sealed(spool)) == []
    writer.append(b"two\n")
    writer.close()
    assert names(spool) == [".sealed"]
    assert lines_of(spool) == [b"one", b"two"]


def test_a_closed_writer_may_be_used_again(tmp_path: Path) -> None:
    writer = Writer(tmp_path)
    writer.close()
    assert names(tmp_path) == []
    for line in (b"one\n", b"two\n"):
        writer.append(line)
        writer.close()
    assert names(tmp_path) == [".sealed", ".sealed"]
    assert lines_of(tmp_path) == [b"one", b"two"]


def test_a_segment_is_sealed_by_age_and_by_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = Writer(tmp_path)
    writer.append(b"one\n")
    writer.seal_if_old(60)
    assert names(tmp_path) == [".open"]
    writer.seal_if_old(0)
    assert names(tmp_path) == [".sealed"]
    monkeypatch.setattr(segment, "MAX_BYTES", 8)
    writer.append(b"two\n")
    assert names(tmp_path) == [".open", ".sealed"]
    writer.append(b"three\n")
    assert names(tmp_path) == [".sealed", ".sealed"]


def test_files_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        writer = Writer(tmp_path / "spool")
        writer.append(b"one\n")
    finally:
        os.umask(before)
    (path,) = (tmp_path / "spool").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    writer.close()


def test_threads_may_share_a_writer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segment, "MAX_BYTES", 1000)
    writer = Writer(tmp_path)
    lines = [b"%d\n" % number for number in range(5000)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(writer.append, lines))
    writer.close()
    assert sorted(lines_of(tmp_path), key=int) == [line.rstrip() for line in lines]


WRITER = """
import sys
from pathlib import Path
from darksocial.spool.segment import Writer
writer = Writer(Path(sys.argv[1]))
writer.append(b"one\\n")
print("written", flush=True)
sys.stdin.read()
"""


def test_the_segment_of_a_killed_writer_is_adopted(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=root,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"written\n"
        # Its writer is alive: nobody touches it.
        assert list(sealed(tmp_path)) == []
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert lines_of(tmp_path) == [b"one"]
    assert names(tmp_path) == [".sealed"]


def test_an_empty_segment_is_left_while_its_writer_may_be_about_to_lock_it(tmp_path: Path) -> None:
    path = tmp_path / "00000000000000000001-1-aa.open"
    path.touch()
    assert list(sealed(tmp_path)) == []
    assert path.exists()
    os.utime(path, (1, 1))
    assert list(sealed(tmp_path)) == []
    assert not path.exists()


def test_segments_are_read_oldest_first(tmp_path: Path) -> None:
    for number in (3, 1, 2):
        (tmp_path / f"{number:020d}-1-aa.sealed").write_bytes(b"%d\n" % number)
    assert lines_of(tmp_path) == [b"1", b"2", b"3"]


def test_a_directory_that_is_missing_has_no_segments(tmp_path: Path) -> None:
    assert list(sealed(tmp_path / "none")) == []


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EACCES, "spool-denied"),
        (errno.EROFS, "spool-failed"),
    ],
)
def test_trouble_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, reason: str
) -> None:
    writer = Writer(tmp_path)
    writer.append(b"one\n")

    def fail(descriptor: int, data: bytes) -> int:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", fail)
        with pytest.raises(SpoolError, match=f"The spool {tmp_path} does not take") as refused:
            writer.append(b"two\n")
    assert refused.value.reason == reason
    writer.append(b"three\n")
    writer.close()
    assert lines_of(tmp_path) == [b"one", b"three"]


@pytest.mark.parametrize("truncates", [True, False])
def test_half_a_record_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, truncates: bool
) -> None:
    writer = Writer(tmp_path)
    lines = [record.encode({"id": number}) for number in range(3)]
    writer.append(lines[0])
    write = os.write

    def fail(descriptor: int, length: int) -> None:
        raise OSError(errno.EIO, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:7]))
        if not truncates:
            patch.setattr(os, "ftruncate", fail)
        with pytest.raises(SpoolError) as refused:
            writer.append(lines[1])
    assert refused.value.reason == "disk-full"
    writer.append(lines[2])
    writer.close()
    found = [record.decode(line) for line in lines_of(tmp_path)]
    assert [hit for hit in found if hit] == [{"id": 0}, {"id": 2}]
    assert found.count(None) == (0 if truncates else 1)


def test_a_segment_whose_directory_went_away_does_no_harm(tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    writer = Writer(spool)
    writer.append(b"one\n")
    spool.rename(tmp_path / "moved")
    writer.close()
    writer.append(b"two\n")
    writer.close()
    assert lines_of(spool) == [b"two"]
    # What was written before is adopted where it went.
    assert lines_of(tmp_path / "moved") == [b"one"]


def test_a_synced_writer_forces_each_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", forced.append)
    for sync in (False, True):
        writer = Writer(tmp_path, sync)
        writer.append(b"one\n")
        writer.append(b"two\n")
        writer.close()
    assert len(forced) == 2


def test_a_reader_that_holds_a_lock_does_not_lose_the_race(tmp_path: Path) -> None:
    """A reader looks at a segment between its creation and its lock; the writer waits for it."""
    writer = Writer(tmp_path)
    writer.append(b"one\n")
    writer.close()
    (path,) = tmp_path.iterdir()
    taken = path.with_suffix(".open")
    path.rename(taken)
    with taken.open("rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_EX)
        # Somebody else's lock: the segment counts as in use.
        assert list(sealed(tmp_path)) == []
    assert lines_of(tmp_path) == [b"one"]


def test_a_task_runs_again_and_again_until_it_is_stopped() -> None:
    runs = threading.Semaphore(0)
    before = set(threading.enumerate())
    stop = segment.every(0.001, runs.release)
    (thread,) = set(threading.enumerate()) - before
    assert all(runs.acquire(timeout=10) for _ in range(3))
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
