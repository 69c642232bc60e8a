"""Who may talk to the console, and who may do what there.

A browser sends requests to loopback for any page that asks it to, so an address that only this
machine reaches protects nothing by itself. Every request is checked here, before any route:

- The Host header has to be the console's own, which ends DNS rebinding.
- Somebody known has to ask (`identity`): an account, a key, or the person at this machine.
- What changes something has to come from the console's own pages, by its Origin, and where a
  cookie says who asks, with the token that only these pages have.
- A route says with `require` which role it takes. What changes something takes an owner where it
  says nothing; everybody may change the own log-in.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from darksocial.accounts import OWNER, Account
from darksocial.console import asked, disclosure, identity
from darksocial.console.identity import Identity, same
from darksocial.errors import Said
from darksocial.texts.language import mark as _

F = TypeVar("F", bound=Callable[..., Any])

_PORT = re.compile(r":[0-9]{1,5}$")
_NO_CHARACTER = re.compile(r"[\x00-\x1f\x7f\\]")
UNSUBSCRIBE = "/unsubscribe/"
# A shared report and the end of a subscription ask for the secret in their address.
OPEN_PREFIXES = ("/static/", "/shared/", UNSUBSCRIBE)
OPEN = ("/healthz", "/login")
GATEWAY = "/store/"  # asks for the secret itself, and takes no cookie
API = "/api/"
# Among the hosts, these stand for themselves on any port: that is what an SSH tunnel leaves of an
# address, and no other name can be made to point at loopback with them in its Host header.
LOOPBACK = frozenset(("localhost", "127.0.0.1", "[::1]"))
READING = ("GET", "HEAD", "OPTIONS")
# What everybody may change: the own log-in.
OWN = ("login.leave", "login.change_password", "login.change_language")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # With no-referrer, browsers would leave the Origin out of the console's own forms.
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cache-Control": "no-store",
}
ROLE_NAMES = {"reader": _("Reader"), "analyst": _("Analyst"), "owner": _("Owner")}


@dataclass(frozen=True, slots=True)
class Guard:
    """The checks of one console; `hosts` are the Host headers that it answers to."""

    secret: str
    hosts: frozenset[str]

    def install(self, app: Flask) -> None:
        """Check every request before anything else, and add the headers to every answer."""
        app.before_request(self.check)
        app.after_request(_harden)
        app.jinja_env.globals.update(
            csrf_field=csrf_field,
            least_shown=disclosure.notice,
            chosen_options=asked.chosen_options,
        )

    def check(self) -> Any:
        """Set `g.account`, or answer instead of the route."""
        if not self._answers_to(request.host):
            abort(403, Said("This console does not answer to that host name."))
        if request.path.startswith(GATEWAY):
            return None if identity.local() else abort(403)
        known = None if request.path.startswith(OPEN_PREFIXES) else identity.known(self.secret)
        g.identity, g.account = known, known.account if known else None
        if request.method not in READING and not request.path.startswith(UNSUBSCRIBE):
            _may_change(known)
        if identity.local() and same(request.args.get("key", ""), self.secret):
            return self._let_in()
        if known or request.path.startswith(OPEN_PREFIXES) or request.path in OPEN:
            return None
        return _stranger()

    def _answers_to(self, host: str) -> bool:
        name = _PORT.sub("", host)
        return host in self.hosts or (name in LOOPBACK and name in self.hosts)

    def _let_in(self) -> Answer:
        """Give the browser its cookie, and take the key out of its address bar."""
        response = redirect(_here())
        response.set_cookie(
            identity.local_cookie(),
            identity.local_value(self.secret),
            httponly=True,
            samesite="Strict",
            path="/",
        )
        return response


def require(role: str) -> Callable[[F], F]:
    """Let only accounts that may do what `role` may use a route."""

    def decorate(view: F) -> F:
        @wraps(view)
        def checked(*args: Any, **kwargs: Any) -> Any:
            if not account().may(role):
                abort(403, Said("This takes the role %(role)s: ask an owner.", role=_role(role)))
            return view(*args, **kwargs)

        checked.role = role  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return decorate


def _role(role: str) -> Said:
    return Said(ROLE_NAMES[role])


def account() -> Account:
    """Return who asks; there is always somebody, but on pages that are open to everybody."""
    found: Account | None = g.get("account")
    return found or abort(401, Said("Log in first."))


def csrf_field() -> Markup:
    """Return the hidden field that every form which changes something needs."""
    known: Identity | None = g.get("identity")
    value = known.csrf if known else ""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(value)


def _may_change(known: Identity | None) -> None:
    """Refuse a change that other pages ask for, or that takes another role."""
    if known and known.bearer:
        _enough(known)
        return
    if request.headers.get("Origin", "") != identity.origin():
        abort(403, Said("Only the console's own pages may change something here."))
    if known:
        token = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
        if request.path not in OPEN and not same(token, known.csrf):
            abort(403, Said("This form is from an earlier log-in: open its page again."))
        _enough(known)


def _enough(known: Identity) -> None:
    """Refuse a change that takes another role than the asking account has."""
    if request.endpoint in OWN or request.path in OPEN:
        return
    view = current_app.view_functions.get(request.endpoint or "")
    role = getattr(view, "role", OWNER)
    if not known.account.may(role):
        abort(
            403,
            Said(
                "To change something here takes the role %(role)s: ask an owner.", role=_role(role)
            ),
        )


def _stranger() -> Answer:
    if request.path.startswith(API) or request.path.startswith("/export/"):
        abort(401, Said("Send an API key as `Authorization: Bearer ...`, or log in."))
    if request.method not in READING:
        abort(403, Said("Log in first."))
    return redirect(url_for("login.form", next=_here()), 303)


def _here() -> str:
    """Return the path and query that are asked for, without a key, on this host."""
    others = [item for item in request.args.items(multi=True) if item[0] != "key"]
    # Who follows the address may drop what is no character, and find another host behind it.
    path = _NO_CHARACTER.sub("", request.path)
    return "/" + path.lstrip("/") + (f"?{urlencode(others)}" if others else "")


def _harden(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if response.status_code == 401:
        response.headers.setdefault("WWW-Authenticate", "Bearer")
    if identity.secure():
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response
