"""A tracker in this process, on a spool of its own, with one site and a few links."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from serving import spool_lines

from darksocial import settings
from darksocial.model import Link, Site
from darksocial.spool import record, snapshot
from tracker_server.app import create_app

SITES = (
    Site("example.com", "KEY", ("example.com", "shop.example.org:8443")),
    Site("other.net", "OTHER", ("other.net",)),
)
LINKS = (
    Link("abc", "example.com", "https://example.com/page?x=1#:~:text=hello"),
    Link("plain", "example.com", "https://www.example.com"),
    Link("away", "example.com", "https://evil.test/"),
    Link("off", "example.com", "https://example.com/", disabled=True),
    Link("over", "example.com", "https://example.com/", expires=1_000_000_000),
    Link("odd", "example.com", "https://example.com/?q=<b>\"'"),
)

Create = Callable[..., Flask]
Records = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    snapshot.write(tmp_path / "snapshot.json", SITES, LINKS)
    return tmp_path


@pytest.fixture
def create(home: Path) -> Iterator[Create]:
    """Return a function that builds trackers on `home`, with more settings by name."""
    apps = []

    def build(**flags: object) -> Flask:
        app = create_app(settings.load({"home": str(home), **flags}, {}))
        apps.append(app)
        return app

    yield build
    for app in apps:
        app.extensions["front"].close()


@pytest.fixture
def tracker(create: Create) -> FlaskClient:
    return create().test_client()


def lines_of(home: Path) -> list[dict[str, Any]]:
    """Return every line of the spool, open segments included, oldest segment first."""
    lines = []
    for line in spool_lines(home):
        found = record.decode(line)
        assert found is not None, f"a torn line: {line!r}"
        lines.append(found)
    return lines


@pytest.fixture
def hits(home: Path) -> Records:
    """Return a function that reads the hits in the spool."""
    return lambda: [line for line in lines_of(home) if "refused" not in line]


@pytest.fixture
def counted(home: Path) -> Callable[[Flask], dict[tuple[str, str], int]]:
    """Return a function that flushes a tracker's counters and adds them up by reason and site."""

    def read(app: Flask) -> dict[tuple[str, str], int]:
        app.extensions["front"].recorder.tick()
        totals: dict[tuple[str, str], int] = {}
        for line in lines_of(home):
            if "refused" in line:
                key = line["refused"], line["site"]
                totals[key] = totals.get(key, 0) + line["n"]
        return totals

    return read


@pytest.fixture
def break_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Return a function that makes writes into the spool fail with an error number, or work (0)."""
    write = os.write
    trouble = [0]

    def fake(descriptor: int, data: bytes) -> int:
        place = os.readlink(f"/proc/self/fd/{descriptor}")
        if trouble[0] and place.startswith(f"{home}/spool"):
            raise OSError(trouble[0], os.strerror(trouble[0]))
        return write(descriptor, data)

    def break_with(number: int) -> None:
        trouble[0] = number

    monkeypatch.setattr(os, "write", fake)
    return break_with
