"""The console: pages for people, reports as JSON and CSV, and the store for other processes.

It answers on loopback by default; `guard` says who may talk to it even there.
"""

from __future__ import annotations

import threading

from flask import Flask, Response, current_app, g, jsonify, request
from werkzeug.exceptions import HTTPException

from darksocial import reports
from darksocial.console import (
    api,
    asked,
    earning,
    exporting,
    gateway,
    leaving,
    lettering,
    linking,
    live,
    login,
    onboarding,
    pages,
    planning,
    segmenting,
    sharing,
    tables,
    timing,
    visiting,
)
from darksocial.console.disclosure import disclosed
from darksocial.console.guard import Guard
from darksocial.console.recent import Recent
from darksocial.console.throttle import Throttle
from darksocial.errors import DarksocialError, Said, StoreError, StoreUnavailable, UnknownSite
from darksocial.settings import Settings
from darksocial.store.protocol import Store
from darksocial.texts.language import mark as _

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "table": "text/plain"}
API = "/api/"
STATUS = ((UnknownSite, 404), (StoreUnavailable, 503), (StoreError, 500))
REFUSALS = {
    400: _("The request cannot be read: open the page again and send it once more."),
    403: _("This is not allowed from here."),
    404: _("There is nothing at this address: look whether it is whole."),
    405: _("This address cannot be used in this way."),
    413: _("That is too large to be sent: cut it in two."),
    415: _("That is not in the form that is expected here: JSON."),
    500: _("Something went wrong here: the log of the console says what."),
}


def create_app(store: Store, settings: Settings, secret: str, hosts: frozenset[str]) -> Flask:
    """Return the console for a store; `hosts` are the Host headers that it answers to."""
    app = Flask(__name__)
    app.config.update(STORE=store, SETTINGS=settings, MAX_CONTENT_LENGTH=1024**3)
    app.extensions["sessions"] = gateway.Sessions(store)
    app.register_blueprint(gateway.blueprint(app.extensions["sessions"], secret))
    app.extensions["throttle"] = Throttle()
    app.extensions["recent"] = Recent()
    app.extensions["checking"] = threading.Lock()
    for part in (
        pages,
        tables,
        earning,
        timing,
        visiting,
        segmenting,
        live,
        onboarding,
        linking,
        planning,
        lettering,
        leaving,
        login,
        exporting,
        sharing,
        api,
    ):
        app.register_blueprint(part.blueprint)
    app.add_url_rule("/healthz", view_func=_healthz)
    app.add_url_rule("/api/reports/<name>", "report", _report)
    app.register_error_handler(DarksocialError, _trouble)
    app.register_error_handler(HTTPException, _refused)
    app.after_request(_changed)
    app.teardown_appcontext(_done)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    pages.add_texts(app)
    Guard(secret, hosts).install(app)
    return app


def _healthz() -> str:
    return "ok\n"


def _report(name: str) -> Response:
    """A report in the format that is asked for: the same text that the command prints."""
    format_ = request.args.get("format", "json")
    answer = disclosed(asked.answer(name))
    response = Response(reports.render(answer, format_), mimetype=TYPES.get(format_))
    if format_ == "csv":
        file = f"darksocial-{answer.name}-{answer.site.replace(':', '-')}.csv"
        response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _trouble(error: DarksocialError) -> tuple[Response | str, int]:
    status = next((code for kind, code in STATUS if isinstance(error, kind)), 400)
    sentence = error.args[0]
    if isinstance(error, StoreError) and not request.path.startswith(API):
        # A statement that failed is for logs, not for those who look at a page.
        reason = str(error).partition("\n")[0]
        sentence = Said("The store could not answer: %(reason)s", reason=reason)
    return _said(sentence, status)


def _refused(error: HTTPException) -> tuple[Response | str, int]:
    """Say why; on pages, which speak languages, in our words instead of the framework's."""
    status, sentence = error.code or 500, error.description or error.name
    own = isinstance(sentence, Said) or request.path.startswith(API)
    if not own and status in REFUSALS:
        sentence = Said(REFUSALS[status])
    return _said(sentence, status)


def _said(sentence: str, status: int) -> tuple[Response | str, int]:
    """Answer programs in English, people in their language."""
    if request.path.startswith(API):
        return jsonify(error=sentence), status
    return pages.trouble(asked.told(sentence), status), status


def _changed(response: Response) -> Response:
    """Forget kept answers after whatever may have changed something."""
    if request.method not in ("GET", "HEAD"):
        current_app.extensions["recent"].forget()
    return response


def _done(_: BaseException | None) -> None:
    if "session" in g:
        g.session.close()
