"""`darksocial check` of a page that carries the tag of a running tracker."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from serving import Server, hits_on_disk

from darksocial.checking.surroundings import NO_KIND, REFUSALS
from darksocial.cli.main import main
from darksocial.model import Site
from darksocial.spool import snapshot

PROBES = [
    # key, page, reason
    ("KEY", "https://example.com/page?x=1", NO_KIND),
    ("KEY", "https://www.example.com/", NO_KIND),
    ("KEY", "https://elsewhere.test/", "foreign-host"),
    ("NOBODY", "https://example.com/", "unknown-site"),
]


@pytest.mark.parametrize(("key", "url", "reason"), PROBES)
def test_what_the_tracker_says_to_the_check_s_event(
    tracker: FlaskClient, hits: Callable[[], list[Any]], key: str, url: str, reason: str
) -> None:
    answer = tracker.post("/c", data=json.dumps({"k": key, "e": [{"i": "1", "u": url}]}))
    assert (answer.status_code, answer.headers["X-Darksocial-Refused"]) == (204, reason)
    assert reason == NO_KIND or reason in REFUSALS
    assert hits() == []


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Server]:
    site = Site("local", "KEY", ("127.0.0.1",))
    snapshot.write(tmp_path / "snapshot.json", (site,), ())
    server = Server(tmp_path, tracker_workers=1).wait()
    yield server
    server.close()


@pytest.fixture
def page(running: Server) -> Iterator[str]:
    """A page on another origin, with the tag as `site add` prints it."""
    source = f"http://127.0.0.1:{running.port}/ds.js"
    html = f'<!doctype html><script defer src="{source}" data-site="KEY"></script>'.encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(html)))
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/page"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_installation_is_found_in_order_and_nothing_is_recorded(
    running: Server, page: str
) -> None:
    result = CliRunner().invoke(main, ["check", page, "--allow-private", "--format", "json"])
    told = json.loads(result.stdout)
    levels = {finding["check"]: finding["level"] for finding in told["findings"]}
    assert result.exit_code == 0, told
    assert levels["script"] == levels["tracker"] == levels["parameter"] == "ok"
    running.stop()
    assert hits_on_disk(running.home) == []
