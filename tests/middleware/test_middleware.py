"""The middleware in a Flask and in a Starlette site: previews are reported, pages told."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, Response
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route

import darksocial as ds
from darksocial.errors import SettingError
from darksocial.middleware import ASGIMiddleware, Reporter, WSGIMiddleware
from darksocial.rules.urls import token_of

WHATSAPP = "WhatsApp/2.23.20.0 A"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
PAGE = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}

Hits = Callable[[], list[dict[str, Any]]]
# Asks a site for a path with headers; returns the answer's headers in small letters.
Ask = Callable[[str, dict[str, str]], dict[str, str]]


def flask_site(reporter: Reporter) -> Ask:
    app = Flask("site")
    app.add_url_rule("/<path:name>", view_func=lambda name: f"<p>{name}</p>", endpoint="page")
    app.add_url_rule(
        "/feed", view_func=lambda: Response("feed", mimetype="text/plain"), endpoint="feed"
    )
    app.add_url_rule(
        "/shared",
        view_func=lambda: Response("<p>", headers={"Cache-Control": "public, max-age=60"}),
        endpoint="shared",
    )
    app.wsgi_app = WSGIMiddleware(app.wsgi_app, reporter=reporter)  # type: ignore[method-assign]
    client = app.test_client()

    def ask(path: str, headers: dict[str, str]) -> dict[str, str]:
        answer = client.get(path, headers={"Host": "example.com", **headers})
        return {name.lower(): value for name, value in answer.headers.items()}

    return ask


def starlette_site(reporter: Reporter) -> Ask:
    def feed(_: Request) -> PlainTextResponse:
        return PlainTextResponse("feed")

    def shared(_: Request) -> HTMLResponse:
        return HTMLResponse("<p>", headers={"Cache-Control": "public, max-age=60"})

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse(f"<p>{request.path_params['name']}</p>")

    routes = [Route("/feed", feed), Route("/shared", shared), Route("/{name:path}", page)]
    app = Starlette(routes=routes)
    app.add_middleware(ASGIMiddleware, reporter=reporter)

    def ask(path: str, headers: dict[str, str]) -> dict[str, str]:
        return asyncio.run(_ask(app, path, {"Host": "example.com", **headers}))

    return ask


async def _ask(app: Starlette, target: str, headers: dict[str, str]) -> dict[str, str]:
    path, _, query = target.partition("?")
    started: dict[str, Any] = {}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        started.update(message)

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }
    await app(scope, receive, send)
    return {name.decode(): value.decode() for name, value in started["headers"]}


@pytest.fixture(params=[flask_site, starlette_site], ids=["flask", "starlette"])
def ask(request: pytest.FixtureRequest, reporter: Reporter) -> Ask:
    return request.param(reporter)  # type: ignore[no-any-return]


def test_a_preview_of_a_tagged_page_reaches_the_tracker(
    ask: Ask, reporter: Reporter, hits: Hits
) -> None:
    ask("/story?a=1&ds=T0KEN", {"User-Agent": WHATSAPP})
    reporter.close()
    assert [(hit["kind"], hit["url"], hit["user_agent"]) for hit in hits()] == [
        ("pixel", "http://example.com/story?a=1&ds=T0KEN", WHATSAPP)
    ]
    assert (reporter.counts.sent, reporter.counts.refused) == (1, 0)


def test_client_hints_go_along(ask: Ask, reporter: Reporter, hits: Hits) -> None:
    sent = {"Sec-CH-UA": '"Chromium";v="141", "Brave";v="141"', "X-Requested-With": "com.whatsapp"}
    ask("/story?ds=T0KEN", {"User-Agent": WHATSAPP, **sent, "Cookie": "secret=1"})
    reporter.close()
    assert [hit["hints"] for hit in hits()] == ["brand=Brave/141;app=com.whatsapp"]


@pytest.mark.parametrize(
    ("path", "agent"),
    [("/story?ds=T0KEN", CHROME), ("/story", WHATSAPP), ("/story?ads=T0KEN", WHATSAPP)],
    ids=["a person", "an untagged page", "another parameter"],
)
def test_nothing_else_is_reported(
    ask: Ask, reporter: Reporter, hits: Hits, path: str, agent: str
) -> None:
    ask(path, {"User-Agent": agent})
    reporter.close()
    assert (hits(), reporter.counts.sent) == ([], 0)


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/story", PAGE, 'sec-fetch-site;desc="cross-site"'),
        ("/story", {**PAGE, "Sec-Fetch-Site": "none"}, 'sec-fetch-site;desc="none"'),
        ("/story", {**PAGE, "Sec-Fetch-Site": 'x"; evil'}, None),
        ("/story", {**PAGE, "Sec-Fetch-Dest": "image"}, None),
        ("/story", {**PAGE, "DNT": "1"}, None),
        ("/story", {**PAGE, "Sec-GPC": "1"}, None),
        ("/story", {}, None),
        ("/feed", PAGE, None),
        ("/shared", PAGE, None),
    ],
)
def test_a_page_hands_on_where_the_request_came_from(
    ask: Ask, path: str, headers: dict[str, str], expected: str | None
) -> None:
    assert ask(path, {"User-Agent": CHROME, **headers}).get("server-timing") == expected


def test_an_origin_stands_for_what_the_proxy_hides(reporter: Reporter, hits: Hits) -> None:
    def site(_: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        start_response("200 OK", [])
        return [b""]

    app = WSGIMiddleware(site, origin="https://example.com/", reporter=reporter)
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "/blog",
        "PATH_INFO": "/\xc3\xa4",
        "QUERY_STRING": "ds=T0KEN",
        "HTTP_HOST": "10.0.0.1:8000",
        "HTTP_USER_AGENT": WHATSAPP,
        "wsgi.url_scheme": "http",
    }
    assert list(app(environ, lambda *_: None)) == [b""]
    reporter.close()
    assert [hit["url"] for hit in hits()] == ["https://example.com/blog/%C3%A4?ds=T0KEN"]


def test_a_foreign_key_is_counted(tracker: str, hits: Hits) -> None:
    reporter = Reporter(tracker, "SOME-OTHER-KEY")
    reporter.offer("https://example.com/?ds=T", WHATSAPP)
    reporter.close()
    assert (hits(), reporter.counts.refused) == ([], 1)


def test_a_tracker_that_is_down_costs_nothing_but_the_report() -> None:
    reporter = Reporter("http://127.0.0.1:9", "KEY")
    reporter.offer("https://example.com/?ds=T", WHATSAPP)
    reporter.close()
    assert reporter.counts.failed == 1


def test_a_full_queue_drops_and_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    reporter = Reporter("http://127.0.0.1:9", "KEY", capacity=2)
    monkeypatch.setattr(reporter, "_start", lambda: None)
    for _ in range(5):
        reporter.offer("https://example.com/?ds=T", WHATSAPP)
    assert reporter.counts.dropped == 3


def test_a_reporter_goes_on_after_it_was_closed(reporter: Reporter, hits: Hits) -> None:
    for token in ("ONE", "TWO"):
        reporter.offer(f"https://example.com/?ds={token}", WHATSAPP)
        reporter.close()
    assert [hit["url"][-3:] for hit in hits()] == ["ONE", "TWO"]


def test_an_address_without_a_scheme_is_refused() -> None:
    with pytest.raises(SettingError, match="begins with http"):
        Reporter("tracker.example.com", "KEY")


def test_a_tracker_that_never_answers_holds_up_no_request() -> None:
    """The report waits for an answer in its thread while the site goes on answering."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        reporter = Reporter(f"http://127.0.0.1:{silent.getsockname()[1]}", "KEY")
        for site in (flask_site, starlette_site):
            assert site(reporter)("/story?ds=T0KEN", {"User-Agent": WHATSAPP})
        connection, _ = silent.accept()
        with connection:
            assert connection.recv(1000).startswith(b"GET /p.gif?")
            assert site(reporter)("/story?ds=T0KEN", {"User-Agent": WHATSAPP})
            assert reporter.counts.sent == reporter.counts.failed == 0


def test_a_reported_fetch_is_a_preview_for_the_rules(
    ask: Ask, reporter: Reporter, hits: Hits
) -> None:
    """What the drain makes of the pixel's record: its kind is the agent's, its token the URL's."""
    ask("/story?ds=T0KEN", {"User-Agent": WHATSAPP})
    reporter.close()
    (hit,) = hits()
    assert (ds.agent(hit["user_agent"]).kind, token_of(hit["url"])) == ("preview", "T0KEN")
