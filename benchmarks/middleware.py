"""How much longer a request of a site takes with the middleware in front of it.

    python benchmarks/middleware.py

Both the plain site and the wrapped one answer with an empty page at once; the difference of their
median times is what a visitor waits for us. The tracker is not running: nobody waits for it.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from bench import alternate, machine, median_of, table

from darksocial.middleware import ASGIMiddleware, Reporter, WSGIMiddleware

REQUESTS = 2000
LIMIT = 200  # microseconds
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
ENVIRON = {
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/story",
    "QUERY_STRING": "ds=T0KEN",
    "HTTP_HOST": "example.com",
    "HTTP_USER_AGENT": CHROME,
    "HTTP_SEC_FETCH_SITE": "none",
    "HTTP_SEC_FETCH_DEST": "document",
    "wsgi.url_scheme": "https",
}
HEADERS = {
    "host": "example.com",
    "user-agent": CHROME,
    "sec-fetch-site": "none",
    "sec-fetch-dest": "document",
}
SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/story",
    "raw_path": b"/story",
    "query_string": b"ds=T0KEN",
    "headers": [(name.encode(), value.encode()) for name, value in HEADERS.items()],
}
HTML = ("content-type", "text/html")


def wsgi_site(_: Any, start: Callable[..., Any]) -> Iterable[bytes]:
    start("200 OK", [HTML])
    return []


async def asgi_site(_: Any, __: Any, send: Callable[..., Awaitable[None]]) -> None:
    headers = [tuple(part.encode() for part in HTML)]
    await send({"type": "http.response.start", "headers": headers})


def wsgi(app: Callable[..., Any]) -> float:
    """Return the median time of a request in microseconds."""
    times = []
    for _ in range(REQUESTS):
        began = time.perf_counter()
        app(ENVIRON, lambda *_: None)
        times.append(time.perf_counter() - began)
    return median_of(times) * 1e6


def asgi(app: Callable[..., Any]) -> float:
    """Return the median time of a request in microseconds."""

    async def send(_: Any) -> None:
        pass

    async def ask() -> float:
        times = []
        for _ in range(REQUESTS):
            began = time.perf_counter()
            await app(SCOPE, None, send)
            times.append(time.perf_counter() - began)
        return median_of(times) * 1e6

    return asyncio.run(ask())


def main() -> int:
    reporter = Reporter("http://127.0.0.1:9", "KEY")
    wrapped_wsgi = WSGIMiddleware(wsgi_site, reporter=reporter)
    wrapped_asgi = ASGIMiddleware(asgi_site, reporter=reporter)
    measured = alternate(
        {
            "WSGI": lambda: wsgi(wsgi_site),
            "WSGI, wrapped": lambda: wsgi(wrapped_wsgi),
            "ASGI": lambda: asgi(asgi_site),
            "ASGI, wrapped": lambda: asgi(wrapped_asgi),
        }
    )
    rows = []
    for kind in ("WSGI", "ASGI"):
        plain, wrapped = median_of(measured[kind]), median_of(measured[f"{kind}, wrapped"])
        rows.append((kind, f"{plain:.1f}", f"{wrapped:.1f}", f"{wrapped - plain:.1f}", LIMIT))
    print(table(["site", "plain, µs", "wrapped, µs", "longer by, µs", "limit"], rows))
    print(machine("darksocial"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
