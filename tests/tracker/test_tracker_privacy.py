"""What the tracker does not write down, and for whom it writes down nothing."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from darksocial.spool import visitor

Hits = Callable[[], list[dict[str, Any]]]
Counted = Callable[[Flask], dict[tuple[str, str], int]]

BATCH = json.dumps(
    {
        "k": "KEY",
        "e": [
            {"i": "1", "t": "pageview", "u": "https://example.com/"},
            {"i": "2", "t": "engagement", "u": "https://example.com/"},
        ],
    }
).encode()


def visit_all(client: FlaskClient, address: str, headers: dict[str, str] | None = None) -> None:
    base = {"REMOTE_ADDR": address}
    client.get("/r/abc", headers=headers, environ_base=base)
    client.get("/p.gif?k=KEY&u=https://example.com/", headers=headers, environ_base=base)
    client.post("/c", data=BATCH, headers=headers, environ_base=base)
    client.get("/r/unknown", headers=headers, environ_base=base)
    client.get("/healthz", headers=headers, environ_base=base)


@pytest.mark.parametrize(
    ("address", "pieces", "network"),
    [
        ("203.0.113.77", (b"203.0.113", b"113.77"), "203.0.0.0/16"),
        ("2001:db8:aa:bb::cc", (b"2001:db8:aa:bb", b"bb::cc"), "2001:db8:aa::/48"),
    ],
)
def test_no_address_is_ever_on_disk(
    create: Callable[..., Flask],
    home: Path,
    hits: Hits,
    address: str,
    pieces: tuple[bytes, ...],
    network: str,
) -> None:
    visit_all(create().test_client(), address)
    behind_proxy = create(trusted_proxies="10.0.0.0/8").test_client()
    visit_all(behind_proxy, "10.0.0.1", {"X-Forwarded-For": address})
    behind_proxy.application.extensions["front"].close()
    assert {hit["network"] for hit in hits()} == {network}
    for path in home.rglob("*"):
        if path.is_file():
            written = path.read_bytes()
            assert not any(piece in written for piece in pieces), path


@pytest.mark.parametrize("header", ["DNT", "Sec-GPC"])
def test_whoever_asks_not_to_be_tracked_is_counted_only(
    tracker: FlaskClient, hits: Hits, counted: Counted, header: str
) -> None:
    headers = {header: "1"}
    redirect = tracker.get("/r/abc", headers=headers)
    pixel = tracker.get("/p.gif?k=KEY&u=https://example.com/", headers=headers)
    events = tracker.post("/c", data=BATCH, headers=headers)
    assert (redirect.status_code, pixel.status_code, events.status_code) == (302, 200, 204)
    assert redirect.headers["Location"].startswith("https://example.com/page?x=1&ds=abc")
    assert len(pixel.data) == 43
    for answer in (redirect, pixel, events):
        assert answer.headers["X-Darksocial-Refused"] == "do-not-track"
    assert hits() == []
    # One click, one pixel, two events; the counter's line has nothing else.
    assert counted(tracker.application) == {("do-not-track", "example.com"): 4}


def test_a_counter_names_nobody(tracker: FlaskClient, home: Path, counted: Counted) -> None:
    tracker.get("/r/abc", headers={"DNT": "1", "User-Agent": "secret", "Referer": "https://me/"})
    counted(tracker.application)
    (path,) = (home / "spool").glob("*-*")
    line = json.loads(path.read_bytes()[9:])
    assert sorted(line) == ["n", "recorded", "refused", "site"]


def test_files_are_for_their_owner_only(tracker: FlaskClient, home: Path) -> None:
    tracker.get("/r/abc")
    files = [home / "salt", *(home / "spool").glob("*-*")]
    assert len(files) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((home / "spool").stat().st_mode) == 0o700


def test_a_visitor_is_another_one_on_every_day_and_site(
    tracker: FlaskClient, hits: Hits, monkeypatch: pytest.MonkeyPatch
) -> None:
    other_site = json.loads(BATCH)
    other_site["k"] = "OTHER"
    other_site["e"] = [{"i": "3", "t": "pageview", "u": "https://other.net/"}]
    tracker.get("/r/abc")
    tracker.post("/c", data=json.dumps(other_site))
    day = visitor.time.time
    monkeypatch.setattr(visitor.time, "time", lambda: day() + 86_400)
    tracker.get("/r/abc")
    monkeypatch.setattr(visitor.time, "time", day)
    tracker.get("/r/abc")
    # The salt of a day that was left does not come back with the clock.
    assert len({hit["visitor"] for hit in hits()}) == 4


def test_an_idle_tracker_forgets_yesterdays_salt(
    tracker: FlaskClient, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracker.get("/r/abc")
    yesterday = (home / "salt").read_bytes()
    day = visitor.time.time
    monkeypatch.setattr(visitor.time, "time", lambda: day() + 86_400)
    front = tracker.application.extensions["front"]
    front.tick()
    assert (home / "salt").read_bytes() != yesterday
    assert front.recorder._salt._salt not in yesterday


def test_a_client_that_nobody_trusted_names_has_no_visitor(
    create: Callable[..., Flask], hits: Hits
) -> None:
    client = create(trusted_proxies="10.0.0.0/8").test_client()
    client.get(
        "/r/abc", headers={"X-Forwarded-For": "unknown"}, environ_base={"REMOTE_ADDR": "10.0.0.1"}
    )
    (hit,) = hits()
    assert "visitor" not in hit
    assert "network" not in hit
