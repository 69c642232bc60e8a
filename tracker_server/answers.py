"""Answers that the WSGI endpoints share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from typing import Any

Header = tuple[str, str]
Environ = dict[str, Any]
StartResponse = Callable[[str, list[Header]], Any]
Body = Iterable[bytes]

NO_STORE: Header = ("Cache-Control", "no-store")
NO_SNIFF: Header = ("X-Content-Type-Options", "nosniff")
TEXT: Header = ("Content-Type", "text/plain; charset=utf-8")
HTML: Header = ("Content-Type", "text/html; charset=utf-8")
REFUSED = "X-Darksocial-Refused"

NOT_FOUND = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>Not found</title>"
    b"<meta name=viewport content='width=device-width'>"
    b"<h1>Not found</h1><p>Nothing is here. If a link brought you, it was mistyped or has ended.\n"
)

GONE = (
    b"<!doctype html><html lang=en><meta charset=utf-8><title>This link has ended</title>"
    b"<meta name=viewport content='width=device-width'>"
    b"<h1>This link has ended</h1><p>Whoever made it has switched it off, or its time is over.\n"
)
LEADS_TO = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Where this link leads</title>"
    "<meta name=viewport content='width=device-width'><meta name=robots content=noindex>"
    '<h1>Where this link leads</h1><p><a rel=noreferrer href="{address}">{address}</a>\n'
)


def answer(
    start_response: StartResponse, status: str, headers: Iterable[Header], body: bytes = b""
) -> Body:
    """Answer with a body of known length."""
    start_response(status, [*headers, ("Content-Length", str(len(body)))])
    return [body]


def not_allowed(start_response: StartResponse, allowed: str) -> Body:
    """Answer 405 to a method that the endpoint does not know."""
    sentence = f"This address answers to {allowed} only.\n".encode()
    headers = (("Allow", allowed), NO_STORE, TEXT)
    return answer(start_response, "405 Method Not Allowed", headers, sentence)


def not_found(start_response: StartResponse, reason: str) -> Body:
    """Answer 404 with a small page."""
    headers = (HTML, NO_STORE, NO_SNIFF, (REFUSED, reason))
    return answer(start_response, "404 Not Found", headers, NOT_FOUND)


def gone(start_response: StartResponse, reason: str) -> Body:
    """Answer 410 with a small page: the link was there and has ended."""
    headers = (HTML, NO_STORE, NO_SNIFF, (REFUSED, reason))
    return answer(start_response, "410 Gone", headers, GONE)


def leads_to(start_response: StartResponse, location: str) -> Body:
    """Answer with a page that says where a link leads."""
    address = escape(location)
    policy = ("Content-Security-Policy", "default-src 'none'")
    page = LEADS_TO.format(address=address).encode()
    return answer(start_response, "200 OK", (HTML, NO_STORE, NO_SNIFF, policy), page)
