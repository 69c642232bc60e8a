"""A small web site on loopback that carries the snippet, and the tracker that hears from it.

One server answers for every host: `site.localhost` and its subdomains are the site,
`other.localhost` is somebody else's, and `127.0.0.1` is the tracker on an origin of its own.
"""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

SNIPPET = Path(__file__).parents[2] / "js_snippet" / "dist"
SCRIPTS = ("/ds.js", "/more.js", "/survey.js")
KEY = "Zq3vT8kLmW0x"
SECONDS = 10

Event = dict[str, Any]


class Website:
    """Serves `pages` (HTML by path) and the snippet, and keeps what is posted to `/c`."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.headers: dict[str, str] = {}
        self.batches: list[Event] = []
        self.requests: list[dict[str, str]] = []
        self.asked: list[str] = []  # the scripts, as often as they were fetched
        self.held: set[str] = set()  # the scripts that do not come before `release`
        self._released = threading.Event()
        self.refusals = 0  # how many batches are answered with 503 from now on
        self.refused: list[Event] = []
        self._arrived = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Website:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.release()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def url(self, path: str = "/", host: str = "site.localhost") -> str:
        return f"http://{host}:{self._server.server_port}{path}"

    @property
    def tag(self) -> str:
        """The tag as an owner embeds it."""
        source = self.url("/ds.js", "127.0.0.1")
        return f'<script defer src="{source}" data-site="{KEY}"></script>'

    def add(self, path: str, body: str, tag: str | None = None) -> str:
        """Put a page in place and return its URL; `tag` takes the place of the usual one.

        `{origin}` in the body becomes the site's origin.
        """
        head = f"<title>{path}</title>{self.tag if tag is None else tag}"
        body = body.replace("{origin}", self.url(""))
        self.pages[path] = f"<!doctype html><html><head>{head}</head><body>{body}</body></html>"
        return self.url(path)

    def answer_later(self, path: str) -> None:
        """Wait where a script is held."""
        if path in self.held:
            self._released.wait(SECONDS)

    def release(self) -> None:
        """Let held scripts go."""
        self._released.set()

    @property
    def events(self) -> list[Event]:
        with self._arrived:
            return [event for batch in self.batches for event in batch["e"]]

    def keep(self, batch: Event, headers: dict[str, str]) -> None:
        with self._arrived:
            self.batches.append(batch)
            self.requests.append(headers)
            self._arrived.notify_all()

    def wait(self, kind: str, count: int = 1) -> list[Event]:
        """Return the events of a kind as soon as there are `count`."""

        def found() -> list[Event]:
            return [event for event in self.events if event["t"] == kind]

        with self._arrived:
            in_time = self._arrived.wait_for(lambda: len(found()) >= count, SECONDS)
        assert in_time, f"{count} {kind} events did not come, only {self.events}"
        assert len(found()) == count, found()
        return found()


def _handler(site: Website) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path in SCRIPTS:
                site.answer_later(path)
                site.asked.append(path)
                self._answer(200, "text/javascript", (SNIPPET / path[1:]).read_bytes())
            elif path in site.pages:
                self._answer(200, "text/html; charset=utf-8", site.pages[path].encode())
            elif path == "/favicon.ico":
                self._answer(204, "image/x-icon", b"")
            else:
                self._answer(404, "text/plain", b"")

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if site.refusals:
                site.refusals -= 1
                site.refused.append(json.loads(body))
                self._answer(503, "text/plain", b"")
                return
            site.keep(json.loads(body), {"path": self.path, **dict(self.headers)})
            self._answer(204, "text/plain", b"")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            headers = {"Content-Type": kind, "Access-Control-Allow-Origin": "*", **site.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler
