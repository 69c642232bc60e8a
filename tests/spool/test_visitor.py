"""The visitor hash lives a day; its salt is gone with it, whichever way the clock jumps."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from darksocial.spool import visitor
from darksocial.spool.visitor import DailySalt, network, visitor_hash

DAY = 86_400
NOON = 20_775 * DAY + DAY / 2
SALT = b"s" * 32


@pytest.mark.parametrize(
    ("address", "truncated"),
    [
        ("203.0.113.7", "203.0.0.0/16"),
        ("127.0.0.1", "127.0.0.0/16"),
        ("2001:db8:aa:bb:cc::1", "2001:db8:aa::/48"),
        ("::1", "::/48"),
        ("fe80::1%eth0", "fe80::/48"),
        ("::ffff:203.0.113.7", "203.0.0.0/16"),
        ("", ""),
        ("unknown", ""),
        ("1.2.3", ""),
        ("1.2.3.x", ""),
        ("::g", ""),
    ],
)
def test_what_of_an_address_is_written(address: str, truncated: str) -> None:
    assert network(address) == truncated


def test_the_hash_depends_on_salt_address_agent_and_site() -> None:
    known = (SALT, "203.0.113.7", "Firefox", "example.com")
    others = [
        (b"t" * 32, *known[1:]),
        (SALT, "203.0.113.8", "Firefox", "example.com"),
        (SALT, "203.0.113.7", "Chrome", "example.com"),
        (SALT, "203.0.113.7", "Firefox", "example.org"),
        (SALT, "203.0.113.7F", "irefox", "example.com"),
    ]
    hashes = {visitor_hash(*known), *(visitor_hash(*other) for other in others)}
    assert len(hashes) == 6
    assert all(0 < value < 2**64 for value in hashes)
    assert visitor_hash(*known) == visitor_hash(*known)


def test_the_salt_of_the_day_hashes_as_the_function_does(tmp_path: Path) -> None:
    salt = DailySalt(tmp_path / "salt")
    known = ("203.0.113.7", "Firefox", "example.com")
    for now in (NOON, NOON + 1, NOON + DAY):
        assert salt.visitor(*known, now) == visitor_hash(salt.get(now), *known)
        assert salt.visitor(*known, now) == visitor_hash(salt.get(now), *known)


def test_a_lone_surrogate_does_no_harm() -> None:
    assert visitor_hash(SALT, "::1", "\ud83d", "example.com") > 0


def test_workers_of_a_day_share_one_salt(tmp_path: Path) -> None:
    path = tmp_path / "home" / "salt"
    first, second = DailySalt(path), DailySalt(path)
    assert first.get(NOON) == second.get(NOON) == first.get(NOON + 3600)
    assert len(first.get(NOON)) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == ["salt"]


@pytest.mark.parametrize(
    "clock",
    [
        [NOON, NOON + DAY],
        [NOON, NOON - DAY],
        [NOON, NOON + DAY, NOON],
        [NOON, NOON - DAY, NOON],
        [NOON, NOON + 400 * DAY, NOON + DAY, NOON, NOON - DAY],
        [20_775 * DAY - 0.001, 20_775 * DAY],
    ],
)
def test_no_salt_outlives_its_day_and_none_comes_back(tmp_path: Path, clock: list[float]) -> None:
    path = tmp_path / "salt"
    salt = DailySalt(path)
    seen: list[bytes] = []
    for now in clock:
        current = salt.get(now)
        assert current not in seen
        written = path.read_bytes()
        assert current in written
        assert not any(old in written for old in seen)
        # Another worker that starts now agrees.
        assert DailySalt(path).get(now) == current
        seen.append(current)


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"20775",
        b"20775 short",
        b"20775 " + b"x" * 33,
        b"20774 " + b"x" * 32,
        b"\xff" * 5000,
    ],
)
def test_a_damaged_file_is_replaced(tmp_path: Path, stored: bytes) -> None:
    path = tmp_path / "salt"
    path.write_bytes(stored)
    salt = DailySalt(path).get(NOON)
    assert path.read_bytes() == b"20775 " + salt
    assert DailySalt(path).get(NOON) == salt


def test_a_worker_that_made_a_salt_of_its_own_comes_back_to_the_shared_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visitor.time, "time", lambda: NOON)
    path = tmp_path / "salt"
    first, second = DailySalt(path), DailySalt(path)
    first.get(NOON)
    # The clock of one request was late: it wrote yesterday's number over the shared salt.
    second.get(NOON - DAY)
    second.get(NOON)
    assert first.get(NOON) != second.get(NOON)
    first.refresh()
    assert first.get(NOON) == second.get(NOON)


def test_a_refresh_drops_yesterdays_salt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "salt"
    salt = DailySalt(path)
    yesterday = salt.get(NOON)
    monkeypatch.setattr(visitor.time, "time", lambda: NOON + DAY)
    salt.refresh()
    assert yesterday not in path.read_bytes()
    assert salt._salt != yesterday
