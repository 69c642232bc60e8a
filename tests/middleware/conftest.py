"""A tracker on a loopback port, on a spool of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from darksocial import settings
from darksocial.middleware import Reporter
from darksocial.model import Site
from darksocial.spool import record, snapshot
from tracker_server.app import create_app

KEY = "KEY"


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing: what was asked is in the spool."""


class _Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@pytest.fixture
def tracker(tmp_path: Path) -> Iterator[str]:
    """Give the address of a tracker with the site example.com."""
    snapshot.write(tmp_path / "snapshot.json", (Site("example.com", KEY, ("example.com",)),), ())
    app = create_app(settings.load({"home": str(tmp_path)}, {}))
    server = make_server("127.0.0.1", 0, app, _Threads, _Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["front"].close()


@pytest.fixture
def reporter(tracker: str) -> Iterator[Reporter]:
    reporter = Reporter(tracker, KEY)
    yield reporter
    reporter.close()


@pytest.fixture
def hits(tmp_path: Path) -> Callable[[], list[dict[str, Any]]]:
    """Return a function that reads the hits in the spool."""

    def read() -> list[dict[str, Any]]:
        lines = [
            line
            for path in sorted((tmp_path / "spool").rglob("*"))
            if path.is_file()
            for line in path.read_bytes().splitlines(keepends=True)
        ]
        found = [record.decode(line) for line in lines]
        return [hit for hit in found if hit and "url" in hit]

    return read
