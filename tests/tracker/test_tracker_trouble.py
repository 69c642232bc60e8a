"""A spool that takes no records: visitors notice nothing, and nothing lost is acknowledged."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

Hits = Callable[[], list[dict[str, Any]]]
Counted = Callable[[Flask], dict[tuple[str, str], int]]
Break = Callable[[int], None]
PIXEL = "/p.gif?k=KEY&u=https://example.com/"


def post(client: FlaskClient, *ids: int) -> Any:
    events = [{"i": str(i), "t": "pageview", "u": "https://example.com/"} for i in ids]
    return client.post("/c", data=json.dumps({"k": "KEY", "e": events}))


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (errno.ENOSPC, "disk-full"),
        (errno.EDQUOT, "disk-full"),
        (errno.EACCES, "spool-denied"),
        (errno.EIO, "spool-failed"),
    ],
)
def test_a_disk_in_trouble(
    tracker: FlaskClient, hits: Hits, counted: Counted, break_disk: Break, number: int, reason: str
) -> None:
    assert post(tracker, 1).status_code == 204
    break_disk(number)
    redirect, pixel, events = tracker.get("/r/abc"), tracker.get(PIXEL), post(tracker, 2, 3)
    health = tracker.get("/healthz")
    break_disk(0)
    assert (redirect.status_code, pixel.status_code) == (302, 200)
    for answer in (redirect, pixel, events):
        assert answer.headers["X-Darksocial-Refused"] == reason
    # The snippet keeps what was not acknowledged and sends it again.
    assert (events.status_code, events.headers["Retry-After"]) == (503, "2")
    assert (health.status_code, health.get_json()["spool"]) == (503, reason)
    assert health.get_json()["status"] == "failing"
    assert post(tracker, 4).status_code == 204
    assert [hit["id"] for hit in hits()] == [1, 4]
    assert counted(tracker.application) == {(reason, "example.com"): 4}


def test_counters_wait_for_a_full_disk(
    tracker: FlaskClient, counted: Counted, break_disk: Break
) -> None:
    tracker.get("/r/abc", headers={"DNT": "1"})
    break_disk(errno.ENOSPC)
    assert counted(tracker.application) == {}
    tracker.get("/r/abc", headers={"DNT": "1"})
    break_disk(0)
    assert counted(tracker.application) == {("do-not-track", "example.com"): 2}


def test_a_missing_spool_is_made_again(tracker: FlaskClient, home: Path, hits: Hits) -> None:
    assert not (home / "spool").exists()
    assert post(tracker, 1).status_code == 204
    assert [hit["id"] for hit in hits()] == [1]
    shutil.rmtree(home / "spool")
    tracker.application.extensions["front"].recorder.writer.close()
    assert post(tracker, 2).status_code == 204
    assert [hit["id"] for hit in hits()] == [2]


def test_a_file_in_the_place_of_the_spool(tracker: FlaskClient, home: Path) -> None:
    (home / "spool").write_text("")
    assert tracker.get("/r/abc").headers["X-Darksocial-Refused"] == "spool-failed"
    assert tracker.get(PIXEL).headers["X-Darksocial-Refused"] == "spool-failed"
    assert post(tracker, 1).status_code == 503
    assert tracker.get("/healthz").status_code == 503


def test_without_a_salt_no_hit_is_taken(create: Callable[..., Flask], home: Path) -> None:
    (home / "salt").mkdir()
    client = create().test_client()
    assert client.get("/r/abc").headers["X-Darksocial-Refused"] == "spool-failed"
    assert post(client, 1).status_code == 503


def test_without_a_snapshot_nothing_is_known(
    create: Callable[..., Flask], home: Path, hits: Hits
) -> None:
    (home / "snapshot.json").unlink()
    client = create().test_client()
    assert client.get("/r/abc").status_code == 404
    assert client.get(PIXEL).headers["X-Darksocial-Refused"] == "unknown-site"
    assert post(client, 1).headers["X-Darksocial-Refused"] == "unknown-site"
    assert hits() == []
