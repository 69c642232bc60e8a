"""The console: pages for people, reports as JSON and CSV, and the store for other processes.

It answers on loopback by default and checks the Host header and a secret even there, so no web
page that a browser shows can talk to it.
"""

from __future__ import annotations

import secrets
from typing import Any

from flask import Flask, Response, abort, g, redirect, request

from darksocial import reports
from darksocial.console import asked, gateway, pages
from darksocial.errors import DarksocialError, UnknownSite
from darksocial.settings import Settings
from darksocial.store.protocol import Store

COOKIE = "darksocial_console"
OPEN_PREFIXES = ("/static/", "/store/")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "table": "text/plain"}


def create_app(store: Store, settings: Settings, secret: str, hosts: frozenset[str]) -> Flask:
    """Return the console for a store; `hosts` are the Host headers that it answers to."""
    app = Flask(__name__)
    app.config.update(STORE=store, SETTINGS=settings, MAX_CONTENT_LENGTH=1024**3)
    app.extensions["sessions"] = gateway.Sessions(store)
    app.register_blueprint(gateway.blueprint(app.extensions["sessions"], secret))
    app.register_blueprint(pages.blueprint)
    _guard(app, secret, hosts)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok\n"

    @app.get("/api/reports/<name>")
    def report(name: str) -> Response:
        format_ = request.args.get("format", "json")
        answer = reports.run(asked.session(), name, asked.site(), asked.span())
        return Response(reports.render(answer, format_), mimetype=TYPES.get(format_))

    @app.errorhandler(DarksocialError)
    def trouble(error: DarksocialError) -> tuple[str, int]:
        return pages.trouble(error), 404 if isinstance(error, UnknownSite) else 400

    @app.teardown_appcontext
    def done(_: BaseException | None) -> None:
        if "session" in g:
            g.session.close()

    return app


def _guard(app: Flask, secret: str, hosts: frozenset[str]) -> None:
    @app.before_request
    def check() -> Any:
        if request.host not in hosts:
            abort(403, "This console does not answer to that host name.")
        if request.path.startswith(OPEN_PREFIXES) or request.path == "/healthz":
            return None  # the gateway asks for the secret itself, the others tell nothing
        if _same(request.args.get("key", ""), secret):
            response = redirect(request.path)
            response.set_cookie(COOKIE, secret, httponly=True, samesite="Strict", path="/")
            return response
        authorised = _same(request.cookies.get(COOKIE, ""), secret) or _same(
            request.headers.get("Authorization", ""), f"Bearer {secret}"
        )
        if not authorised:
            abort(403, "Open the console with the address that `darksocial serve` printed.")
        return None

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _same(given: str, secret: str) -> bool:
    return secrets.compare_digest(given.encode(), secret.encode())
