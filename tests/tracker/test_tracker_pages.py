"""What Flask serves: the snippet, the state of health, robots.txt and the page for the lost."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from tracker_server import health, snippet

SCRIPT = b"(()=>{})()\n"


@pytest.fixture
def built(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the place of a built snippet, behind one where none is."""
    path = tmp_path / "dist" / "ds.js"
    path.parent.mkdir()
    path.write_bytes(SCRIPT)
    monkeypatch.setattr(snippet, "PLACES", (tmp_path / "none.js", path))
    return path


def test_the_snippet(tracker: FlaskClient, built: Path) -> None:
    answer = tracker.get("/ds.js")
    assert (answer.status_code, answer.data) == (200, SCRIPT)
    assert answer.content_type == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    # A page that checks the script's integrity has to be allowed to read it.
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_snippet_is_sent_once(tracker: FlaskClient, built: Path) -> None:
    tag = tracker.get("/ds.js").headers["ETag"]
    assert not tag.startswith("W/")
    again = tracker.get("/ds.js", headers={"If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    assert tracker.get("/ds.js", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_snippet_that_was_built_again_has_another_tag(tracker: FlaskClient, built: Path) -> None:
    old = tracker.get("/ds.js").headers["ETag"]
    built.write_bytes(b"new()\n")
    os.utime(built, ns=(1, 1))
    answer = tracker.get("/ds.js", headers={"If-None-Match": old})
    assert (answer.status_code, answer.data) == (200, b"new()\n")


def test_a_head_request_for_the_snippet(tracker: FlaskClient, built: Path) -> None:
    answer = tracker.head("/ds.js")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(SCRIPT))


def test_a_snippet_that_was_not_built_is_named(tracker: FlaskClient, built: Path) -> None:
    built.unlink()
    answer = tracker.get("/ds.js")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (503, "no-store")
    assert "is not built" in answer.text
    assert "npm run build" in answer.text
    assert answer.text.count("\n") == 1


def test_health(tracker: FlaskClient, home: Path) -> None:
    answer = tracker.get("/healthz")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.get_json()
    assert 0 <= found.pop("snapshot_age") < 60
    assert found == {"status": "ok", "spool": "ok"}
    assert list((home / "spool").glob("*probe*")) == []


def test_health_names_the_run_that_the_tracker_belongs_to(
    tracker: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "instance" not in tracker.get("/healthz").get_json()
    monkeypatch.setenv(health.INSTANCE_VARIABLE, "0a1b")
    assert tracker.get("/healthz").get_json()["instance"] == "0a1b"


def test_health_without_a_snapshot(tracker: FlaskClient, home: Path) -> None:
    (home / "snapshot.json").unlink()
    answer = tracker.get("/healthz")
    assert (answer.status_code, answer.get_json()["snapshot_age"]) == (200, None)


def test_health_makes_no_hits(
    tracker: FlaskClient, hits: Callable[[], list[dict[str, Any]]]
) -> None:
    tracker.get("/healthz")
    assert hits() == []


def test_links_are_open_to_preview_bots(tracker: FlaskClient) -> None:
    answer = tracker.get("/robots.txt")
    assert answer.status_code == 200
    assert answer.text.splitlines() == ["User-agent: *", "Disallow: /c", "Disallow: /p.gif"]


@pytest.mark.parametrize("path", ["/", "/nothing", "/%ff%fe", "/c/", "/p.gif/", "/ds.js/x", "/C"])
def test_nothing_is_there(tracker: FlaskClient, path: str) -> None:
    answer = tracker.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    assert "<title>Not found</title>" in answer.text
