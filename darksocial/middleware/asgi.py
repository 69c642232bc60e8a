"""The middleware for ASGI: FastAPI, Starlette, Django and others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import quote

from darksocial.middleware import page
from darksocial.middleware.reporter import Reporter

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class ASGIMiddleware:
    """Wraps an ASGI application; the arguments are those of `WSGIMiddleware`."""

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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = _named(scope["headers"])
        query = scope["query_string"].decode("latin-1")
        agent = headers.get("user-agent")
        if agent and page.tagged(query):
            self.reporter.offer(self._url(scope, headers, query), agent, page.hints(headers.get))
        value = page.timing(
            headers.get("sec-fetch-site", ""),
            headers.get("sec-fetch-dest", ""),
            headers.get("dnt") or headers.get("sec-gpc") or "",
        )
        await self._app(scope, receive, send if value is None else _with_timing(send, value))

    def _url(self, scope: Scope, headers: dict[str, str], query: str) -> str:
        origin = self._origin or f"{scope.get('scheme', 'http')}://{headers.get('host', '')}"
        path = scope.get("raw_path") or quote(scope["path"]).encode("ascii")
        return f"{origin}{path.decode('latin-1')}?{query}"


def _named(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


def _with_timing(send: Send, value: str) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", ()))
            named = _named(headers)
            if page.may_carry(named.get("content-type", ""), named.get("cache-control", "")):
                headers.append((b"server-timing", value.encode("latin-1")))
                message = {**message, "headers": headers}
        await send(message)

    return sent
