"""The public tracker knows nothing of the console: no page, no login, no store."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from darksocial.settings import load
from darksocial.spool import snapshot
from tracker_server.app import create_app

SECRET = "the-secret-of-the-lock-file"
# The tracker has a state page of its own under the same name.
BOTH = {"/healthz"}


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[FlaskClient]:
    snapshot.write(tmp_path / "snapshot.json", (), ())
    app = create_app(load({"home": str(tmp_path)}, {}))
    yield app.test_client()
    app.extensions["front"].close()


def test_no_route_of_the_console_is_there(console: Flask, tracker: FlaskClient) -> None:
    found = []
    for rule in console.url_map.iter_rules():
        path = re.sub("<[^>]*>", "overview", rule.rule)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            headers = {"Authorization": f"Bearer {SECRET}", "Origin": "http://localhost"}
            answer = tracker.open(path, method=method, headers=headers, data={"name": "owner"})
            if answer.status_code not in (404, 405) and rule.rule not in BOTH | {"/"}:
                found.append((method, rule.rule, answer.status_code))
    assert found == []


def test_the_secret_opens_nothing_on_the_tracker(tracker: FlaskClient) -> None:
    answer = tracker.get(f"/?key={SECRET}")
    assert "Set-Cookie" not in answer.headers
    assert "console" not in answer.text.lower()
