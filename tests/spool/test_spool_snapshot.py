"""The snapshot: replaced whole, and the last good one counts."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest

from darksocial.model import Link, Site
from darksocial.spool.snapshot import Snapshot, Watcher, read, write

SITES = (Site("example.com", "KEY", ("example.com", "bücher.example:8443"), "Europe/Zurich"),)
LINKS = (Link("abc", "example.com", "https://example.com/ä", "qr", "Poster", 7),)
FULL = Snapshot({"KEY": SITES[0]}, {"abc": LINKS[0]})


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "home" / "snapshot.json"


def look_again(watcher: Watcher) -> Snapshot:
    watcher._checked = float("-inf")
    return watcher.current


def test_what_was_written_is_read(path: Path) -> None:
    write(path, SITES, LINKS)
    assert read(path) == FULL
    assert [file.name for file in path.parent.iterdir()] == ["snapshot.json"]


def test_an_empty_snapshot(path: Path) -> None:
    write(path, (), ())
    assert read(path) == Snapshot()


def changed(path: Path, **body: object) -> bytes:
    import hashlib

    text = json.dumps({**json.loads(path.read_text("utf-8").split("\n")[1]), **body})
    return f"{hashlib.sha256(text.encode()).hexdigest()}\n{text}\n".encode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: b"",
        lambda path: path.read_bytes()[:-20],
        lambda path: path.read_bytes()[:64],
        lambda path: path.read_bytes().replace(b"example.com", b"example.org"),
        lambda path: path.read_bytes()[65:],
        lambda path: b"\xff\xfe" + path.read_bytes(),
        lambda path: changed(path, version=2),
        lambda path: changed(path, sites=None),
        lambda path: changed(path, sites=[{"name": "x"}]),
        lambda path: changed(path, links=[{"code": "x", "surprise": 1}]),
    ],
)
def test_a_torn_or_foreign_file_is_no_snapshot(path: Path, spoil: object) -> None:
    assert callable(spoil)
    write(path, SITES, LINKS)
    watcher = Watcher(path)
    assert watcher.current == FULL
    path.write_bytes(spoil(path))
    assert read(path) is None
    assert look_again(watcher) == FULL
    write(path, SITES, ())
    assert look_again(watcher) == Snapshot(FULL.sites, {})


def test_a_missing_file_is_no_snapshot(path: Path) -> None:
    assert read(path) is None
    watcher = Watcher(path)
    assert watcher.current == Snapshot()
    write(path, SITES, LINKS)
    assert look_again(watcher) == FULL
    path.unlink()
    assert look_again(watcher) == FULL


def test_an_unchanged_file_is_not_taken_apart_again(path: Path) -> None:
    write(path, SITES, LINKS)
    watcher = Watcher(path)
    first = watcher.current
    for spoiled in (path.read_bytes(), path.read_bytes()[:-20], path.read_bytes()):
        path.write_bytes(spoiled)
        os.utime(path, ns=(5, 5))
        assert look_again(watcher) is first


def test_what_changed_and_changed_back_is_seen(path: Path) -> None:
    watcher = Watcher(path)
    for links in (LINKS, (), LINKS):
        write(path, SITES, links)
        assert set(look_again(watcher).links) == {link.code for link in links}


def test_the_same_again_only_renews_the_time(path: Path) -> None:
    """The tracker's health says from it how long ago the drain was there."""
    write(path, SITES, LINKS)
    os.utime(path, ns=(5, 5))
    before = path.stat()
    write(path, SITES, LINKS)
    after = path.stat()
    assert after.st_ino == before.st_ino
    assert after.st_mtime_ns > before.st_mtime_ns


def test_a_watcher_looks_twice_a_second_at_most(path: Path) -> None:
    watcher = Watcher(path)
    assert watcher.current == Snapshot()
    write(path, SITES, LINKS)
    assert watcher.current == Snapshot()
    assert look_again(watcher) == FULL


def test_a_write_that_fails_leaves_the_old_snapshot(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(path, SITES, LINKS)

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space left"):
        write(path, (), ())
    assert read(path) == FULL
    assert [file.name for file in path.parent.iterdir()] == ["snapshot.json"]


def test_a_reader_beside_a_writer_sees_whole_snapshots_only(path: Path) -> None:
    write(path, SITES, LINKS)
    done = threading.Event()

    def replace() -> None:
        for number in range(100):
            write(path, SITES, [Link(f"c{number}", "example.com", "https://example.com/")] * 3)
        done.set()

    thread = threading.Thread(target=replace)
    thread.start()
    while not done.is_set():
        assert read(path) is not None
    thread.join()
