"""A web server on loopback whose answers a test writes down, and the tracker's answer to `/c`."""

from __future__ import annotations

import contextlib
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import urlsplit

SCRIPT = b"import('more.js')"
PINNED = b"import('more.9.9.9.js')"
MORE = b"more"
JAVASCRIPT = {"Content-Type": "text/javascript"}
Handler = Callable[["Request"], "Reply"]


@dataclass
class Request:
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Reply:
    """An answer; `drip` sends the body a byte at a time, this many seconds apart."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    drip: float = 0.0


class Web:
    """Answers by path; a path is looked up without its query."""

    def __init__(self, certificate: Path | None = None) -> None:
        self._scheme = "https" if certificate else "http"
        self.answers: dict[str, Reply | Handler] = {
            "/ds.js": Reply(SCRIPT, headers=JAVASCRIPT),
            "/more.js": Reply(MORE, headers=JAVASCRIPT),
            "/ds.9.9.9.js": Reply(PINNED, headers=JAVASCRIPT),
            "/more.9.9.9.js": Reply(MORE, headers=JAVASCRIPT),
            "/c": Reply(status=204, headers={"X-Darksocial-Refused": "bad-kind"}),
        }
        self.asked: list[Request] = []
        self.stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            # Each connection shakes hands in its own thread.
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def url(self, path: str = "/") -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_port}{path}"

    def page(self, head: str, headers: dict[str, str] | None = None, path: str = "/page") -> str:
        """Put a page in place and return its address; `TAG` and `ORIGIN` in it are replaced."""
        text = head.replace("TAG", TAG).replace("ORIGIN", self.url("").rstrip("/"))
        merged = {"Content-Type": "text/html; charset=utf-8", **(headers or {})}
        merged = {name: v.replace("ORIGIN", self.url("").rstrip("/")) for name, v in merged.items()}
        body = f"<!doctype html><html><head>{text}</head><body></body></html>"
        self.answers[path] = Reply(body.encode(), headers=merged)
        return self.url(path)

    def answer(self, request: Request) -> Reply:
        self.asked.append(request)
        found = self.answers.get(request.path, Reply(status=404))
        return found if isinstance(found, Reply) else found(request)

    def __enter__(self) -> Web:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


TAG = '<script defer src="/ds.js" data-site="KEY"></script>'


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Served(BaseHTTPRequestHandler):
        def handle(self) -> None:
            # A client that refuses the certificate is what a test wants.
            with contextlib.suppress(OSError):
                super().handle()

        def do_GET(self) -> None:
            self._serve()

        def do_POST(self) -> None:
            self._serve()

        def _serve(self) -> None:
            parts = urlsplit(self.path)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = web.answer(Request(self.command, parts.path, parts.query, headers, body))
            try:
                self._send(reply)
            except OSError:
                self.close_connection = True

        def _send(self, reply: Reply) -> None:
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            if reply.status != 204 and "Content-Length" not in reply.headers:
                self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            for place in range(len(reply.body)) if reply.drip else ():
                if web.stopping.wait(reply.drip):
                    return
                self.wfile.write(reply.body[place : place + 1])
            if not reply.drip:
                self.wfile.write(reply.body)

        def log_message(self, *_: object) -> None:
            pass

    return Served


def seconds(task: Callable[[], object]) -> float:
    """Return how long a task takes."""
    began = time.monotonic()
    task()
    return time.monotonic() - began
