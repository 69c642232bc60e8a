"""The tracker's Flask application: what is not hot, behind the hot endpoints."""

from __future__ import annotations

from flask import Flask, abort, current_app, jsonify, request
from werkzeug.wrappers import Response

from darksocial.errors import InputError
from darksocial.settings import Settings
from tracker_server import health, snippet
from tracker_server.answers import HTML, NO_SNIFF, NO_STORE, NOT_FOUND, TEXT, Header
from tracker_server.front import Front

# Links stay open to robots: a preview bot that fetches one is evidence of a share.
ROBOTS = "User-agent: *\nDisallow: /c\nDisallow: /p.gif\n"

_SCRIPT: tuple[Header, ...] = (
    # Without these a page cannot check the script's integrity.
    ("Access-Control-Allow-Origin", "*"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    NO_SNIFF,
)


def create_app(settings: Settings) -> Flask:
    """Return the tracker's application; `app.extensions["front"]` holds the hot endpoints."""
    app = Flask("tracker_server", static_folder=None)
    app.add_url_rule("/<name>", view_func=_snippet)
    app.add_url_rule("/healthz", view_func=_healthz)
    app.add_url_rule("/robots.txt", view_func=_robots)
    app.register_error_handler(404, _not_found)
    app.config["TRACKER"] = settings
    front = Front(settings, app.wsgi_app)
    app.extensions["front"] = front
    app.wsgi_app = front  # type: ignore[method-assign]
    return app


def _snippet(name: str) -> Response:
    try:
        built = snippet.load(name)
    except InputError as error:
        return Response(f"{error}\n", 503, [TEXT, NO_STORE])
    if built is None:
        abort(404)
    headers = [*_SCRIPT, ("Content-Type", built.kind), ("Cache-Control", built.caching)]
    if name == snippet.SCRIPT:
        # Said here, it costs the script no byte.
        headers.append(("SourceMap", f"{name}.map"))
    response = Response(built.body, headers=headers)
    response.set_etag(built.tag)
    return response.make_conditional(request)


def _healthz() -> Response:
    settings: Settings = current_app.config["TRACKER"]
    spool = health.spool_state(settings.spool)
    response: Response = jsonify(
        status="ok" if spool == "ok" else "failing",
        spool=spool,
        snapshot_age=health.snapshot_age(settings.snapshot),
        **health.instance(),
    )
    response.status_code = 200 if spool == "ok" else 503
    response.headers.extend([NO_STORE])
    return response


def _robots() -> Response:
    return Response(ROBOTS, headers=[TEXT])


def _not_found(error: Exception) -> Response:
    return Response(NOT_FOUND, 404, [HTML, NO_STORE, NO_SNIFF])
