"""Between granian's RSGI and the WSGI application, with stand-ins for granian's objects."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import granian
import pytest
from flask import Flask
from granian import _futures
from granian.rsgi import ProtocolClosed

from tracker_server import bridge
from tracker_server.bridge import Bridge, hot_environ, rest_of_environ

BATCH = b'{"k":"KEY","e":[{"i":"7","t":"pageview","u":"https://example.com/"}]}'


class Headers:
    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._pairs = pairs

    def get(self, name: str, default: str | None = None) -> str | None:
        return next((value for key, value in self._pairs if key == name), default)

    def get_all(self, name: str) -> list[str]:
        return [value for key, value in self._pairs if key == name]


class Scope:
    def __init__(self, method: str, path: str, *headers: tuple[str, str]) -> None:
        self.method, self.path, self.query_string = method, path, ""
        self.client = "203.0.113.9:4711"
        self.headers = Headers(list(headers))


class Protocol:
    """Gives the body when awaited, and remembers the answer."""

    def __init__(self, body: Callable[[], Awaitable[bytes]] | None = None) -> None:
        self._body = body
        self.status, self.headers, self.body = 0, dict[str, str](), b""

    def __call__(self) -> Awaitable[bytes]:
        assert self._body, "the body was read"
        return self._body()

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body


async def whole() -> bytes:
    return BATCH


async def endless() -> bytes:
    await asyncio.Event().wait()
    return b""


async def gone() -> bytes:
    raise ProtocolClosed("RSGI transport is closed")


@pytest.fixture
def between(create: Callable[..., Flask]) -> Bridge:
    return Bridge(create(trusted_proxies="203.0.113.0/24").extensions["front"])


def serve(between: Bridge, scope: Scope, body: Callable[[], Awaitable[bytes]] | None) -> Protocol:
    protocol = Protocol(body)
    asyncio.run(between.__rsgi__(scope, protocol))
    return protocol


def length(number: int) -> tuple[str, str]:
    return "content-length", str(number)


@pytest.mark.parametrize(
    ("scope", "body", "status", "refused"),
    [
        (Scope("GET", "/r/abc"), None, 302, None),
        (Scope("HEAD", "/r/abc"), None, 302, None),
        (Scope("GET", "/r/nope"), None, 404, "unknown-code"),
        (Scope("GET", "/r/\ufffd"), None, 404, "unknown-code"),
        (Scope("GET", "/ä"), None, 404, None),
        (Scope("GET", "/healthz", ("host", "example.com")), None, 200, None),
        (Scope("POST", "/c", length(len(BATCH))), whole, 204, None),
        (Scope("POST", "/c", length(len(BATCH) + 1)), whole, 204, "incomplete"),
        (Scope("POST", "/c", length(0)), None, 204, "bad-json"),
        (Scope("POST", "/c"), None, 411, None),
        (Scope("POST", "/c", ("transfer-encoding", "chunked")), None, 411, None),
        (Scope("POST", "/c", length(65537)), None, 413, None),
        (Scope("POST", "/c", length(65536)), endless, 408, "too-slow"),
        (Scope("POST", "/c", length(len(BATCH))), gone, 204, "incomplete"),
        (Scope("POST", "/r/abc", length(5)), whole, 405, None),
    ],
)
def test_requests_through_the_event_loop(
    between: Bridge,
    monkeypatch: pytest.MonkeyPatch,
    scope: Scope,
    body: Callable[[], Awaitable[bytes]] | None,
    status: int,
    refused: str | None,
) -> None:
    monkeypatch.setattr(bridge, "BODY_SECONDS", 0.05 if body is endless else 10)
    protocol = serve(between, scope, body)
    assert protocol.status == status
    assert protocol.headers.get("X-Darksocial-Refused") == refused


@pytest.mark.parametrize("path", ["/r/abc", "/p.gif", "/healthz", "/robots.txt", "/r/nope"])
def test_the_shortcut_answers_as_the_event_loop_does(between: Bridge, path: str) -> None:
    through_loop = serve(between, Scope("GET", path), None)
    at_once = Protocol()
    between.at_once(Scope("GET", path), "GET", at_once)
    assert (at_once.status, at_once.headers.keys(), len(at_once.body)) == (
        through_loop.status,
        through_loop.headers.keys(),
        len(through_loop.body),
    )


def test_an_error_is_shown_and_answered(
    between: Bridge, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise AttributeError("broken")

    monkeypatch.setattr(between.front.recorder, "record", fail)
    protocol = Protocol()
    between.at_once(Scope("GET", "/r/abc"), "GET", protocol)
    assert protocol.status == 500
    assert "AttributeError: broken" in capsys.readouterr().err


def test_a_name_with_underscores_is_no_forwarded_address(
    between: Bridge, hits: Callable[[], list[dict[str, Any]]]
) -> None:
    headers = (
        ("x_forwarded_for", "6.6.6.6"),
        ("x-forwarded-for", "7.7.7.7"),
        ("x-forwarded-for", "198.51.100.1"),
        ("x_forwarded_for", "8.8.8.8"),
    )
    serve(between, Scope("GET", "/r/abc", *headers), None)
    assert [hit["network"] for hit in hits()] == ["198.51.0.0/16"]


def test_the_environ() -> None:
    headers = (("host", "h"), ("dnt", "1"), ("cookie", "secret"), ("x-requested-with", "org.a"))
    scope = Scope("GET", "/ä", *headers, ("sec-ch-ua", "brands"))
    scope.client = "[2001:db8::1]:4711"
    environ = hot_environ(scope, "GET", scope.path) | rest_of_environ(scope)
    assert environ["REMOTE_ADDR"] == "2001:db8::1"
    assert environ["PATH_INFO"] == "/\xc3\xa4"
    assert environ["HTTP_DNT"] == "1"
    assert environ["HTTP_HOST"] == "h"
    assert (environ["HTTP_X_REQUESTED_WITH"], environ["HTTP_SEC_CH_UA"]) == ("org.a", "brands")
    assert "HTTP_COOKIE" not in environ
    assert environ["wsgi.input"].read() == b""


def test_this_version_of_granian_has_the_shortcut(
    between: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_futures, "_CBSchedulerAIO", _futures._CBSchedulerAIO)
    assert bridge.take_shortcut(between)


def test_a_version_that_nobody_tried_goes_through_the_event_loop(
    between: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = _futures._CBSchedulerAIO
    monkeypatch.setattr(granian, "__version__", "3.0.0")
    assert not bridge.take_shortcut(between)
    assert _futures._CBSchedulerAIO is usual
