"""Who may talk to the console: the person who started it, and no web page.

A browser sends requests to loopback for any page that asks it to, so an address that only this
machine reaches protects nothing by itself. Four checks stand here instead. The Host header has
to be the console's own, which ends DNS rebinding. Every request needs the secret of the lock
file, as bearer token, or a cookie that was made from it. The cookie does not contain the
secret, since browsers send cookies to every port of a host. And what changes something has to
say that it comes from the console's own pages.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Request, Response, abort, redirect, request

OPEN_PREFIXES = ("/static/",)
GATEWAY = "/store/"  # asks for the secret itself, and takes no cookie
READING = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Guard:
    """The checks of one console; `hosts` are the Host headers that it answers to."""

    secret: str
    hosts: frozenset[str]

    def install(self, app: Flask) -> None:
        """Check every request before anything else, and add the headers to every answer."""
        app.before_request(self.check)
        app.after_request(_harden)

    def check(self) -> Any:
        if request.host not in self.hosts:
            abort(403, "This console does not answer to that host name.")
        if request.path.startswith(GATEWAY):
            return None
        bearer = self._has_bearer(request)
        if request.method not in READING and not bearer and not _own_origin(request):
            abort(403, "Only the console's own pages may change something here.")
        if request.path.startswith(OPEN_PREFIXES) or request.path == "/healthz":
            return None
        if _same(request.args.get("key", ""), self.secret):
            return self._let_in()
        if not bearer and not _same(request.cookies.get(self._name(), ""), self._cookie()):
            abort(403, "Open the console with the address that `darksocial serve` printed.")
        return None

    def _has_bearer(self, asked: Request) -> bool:
        return _same(asked.headers.get("Authorization", ""), f"Bearer {self.secret}")

    def _let_in(self) -> Any:
        """Give the browser its cookie, and take the key out of its address bar."""
        others = [item for item in request.args.items(multi=True) if item[0] != "key"]
        query = f"?{urlencode(others)}" if others else ""
        response = redirect("/" + request.path.lstrip("/") + query)
        response.set_cookie(
            self._name(), self._cookie(), httponly=True, samesite="Strict", path="/"
        )
        return response

    def _name(self) -> str:
        """Return the cookie's name: with the port, which cookies themselves do not know."""
        return f"darksocial_{request.host.rpartition(':')[2]}"

    def _cookie(self) -> str:
        return hmac.new(self.secret.encode(), b"console cookie", hashlib.sha256).hexdigest()


def _own_origin(asked: Request) -> bool:
    return asked.headers.get("Origin", "") == f"{asked.scheme}://{asked.host}"


def _same(given: str, wanted: str) -> bool:
    return secrets.compare_digest(given.encode(), wanted.encode())


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    return response
