"""The middleware for WSGI: Flask, Django and others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from darksocial.middleware import page
from darksocial.middleware.reporter import Reporter

Environ = dict[str, Any]
Application = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class WSGIMiddleware:
    """Wraps a WSGI application.

    `origin` (`https://example.com`) stands for scheme and host where a proxy in front does not
    pass them on. `reporter` may be shared by several applications.
    """

    def __init__(
        self,
        app: Application,
        tracker_url: str = "",
        site_key: str = "",
        *,
        origin: str = "",
        reporter: Reporter | None = None,
    ) -> None:
        self._app = app
        self._origin = origin.rstrip("/")
        self.reporter = reporter or Reporter(tracker_url, site_key)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._app(environ, start_response)
        agent = environ.get("HTTP_USER_AGENT")
        if agent and page.tagged(environ.get("QUERY_STRING", "")):
            self.reporter.offer(self._url(environ), agent, page.hints(_header(environ)))
        value = page.timing(
            environ.get("HTTP_SEC_FETCH_SITE", ""),
            environ.get("HTTP_SEC_FETCH_DEST", ""),
            environ.get("HTTP_DNT") or environ.get("HTTP_SEC_GPC") or "",
        )
        if value is None:
            return self._app(environ, start_response)
        return self._app(environ, _with_timing(start_response, value))

    def _url(self, environ: Environ) -> str:
        origin = self._origin
        if not origin:
            host = environ.get("HTTP_HOST") or environ["SERVER_NAME"]
            origin = f"{environ['wsgi.url_scheme']}://{host}"
        path = (environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")).encode("latin-1")
        return f"{origin}{quote(path)}?{environ['QUERY_STRING']}"


def _header(environ: Environ) -> Callable[[str], str | None]:
    return lambda name: environ.get(f"HTTP_{name.upper().replace('-', '_')}")


def _with_timing(start_response: Callable[..., Any], value: str) -> Callable[..., Any]:
    def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
        named = {name.lower(): content for name, content in headers}
        if page.may_carry(named.get("content-type", ""), named.get("cache-control", "")):
            headers = [*headers, ("Server-Timing", value)]
        return start_response(status, headers, *rest)

    return start
