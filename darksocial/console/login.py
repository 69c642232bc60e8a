"""Logging in and out, the own account, and for owners: accounts, keys and shared reports."""

from __future__ import annotations

import math
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as Answer

from darksocial import accounts, reports
from darksocial.accounts import OWNER, ROLES, Share, logins, passwords
from darksocial.console import asked, identity
from darksocial.console.guard import ROLE_NAMES, account, require
from darksocial.console.throttle import Throttle
from darksocial.errors import InputError, Said
from darksocial.texts import LANGUAGES
from darksocial.texts.headings import Headings

blueprint = Blueprint("login", __name__)


@blueprint.get("/login")
def form() -> str | Answer:
    if g.account:
        return redirect(_next(request.args.get("next", "")))
    return _form("")


@blueprint.post("/login")
def enter() -> Any:
    """Begin a log-in where name and password fit, and not more often than the throttle lets."""
    name, password = request.form.get("name", "").strip(), request.form.get("password", "")
    throttle: Throttle = current_app.extensions["throttle"]
    address = identity.client_address()
    if wait := throttle.attempt(name, address):
        said = _too_many(wait)
        return _form(said), 429, {"Retry-After": str(math.ceil(wait))}
    found = accounts.verified(asked.session(), name, password)
    if found is None:
        return _form(asked.words().say("Name and password do not fit.")), 403
    throttle.succeeded(name, address)
    accounts.note(asked.session(), found.name, "login")
    return _logged_in(redirect(_next(request.form.get("next", "")), 303), found.name)


@blueprint.post("/logout")
def leave() -> Answer:
    if "login" in g:
        accounts.end(asked.session(), g.login)
    response = redirect(url_for("login.form"), 303)
    for name in (identity.login_cookie(), identity.local_cookie()):
        response.delete_cookie(name, path="/", secure=identity.secure(), httponly=True)
    return response


@blueprint.get("/account")
def show() -> str:
    return _page()


@blueprint.post("/account/password")
def change_password() -> Any:
    """Change the own password; every other log-in of the account ends."""
    name = account().name
    throttle: Throttle = current_app.extensions["throttle"]
    address = identity.client_address()
    if wait := throttle.attempt(name, address):
        said = _too_many(wait)
        return _page(trouble=said), 429
    if accounts.verified(asked.session(), name, request.form.get("old", "")) is None:
        return _page(trouble=asked.words().say("The old password does not fit.")), 403
    throttle.succeeded(name, address)
    try:
        accounts.set_password(asked.session(), name, _typed("password"), g.get("login", ""))
    except InputError as error:
        return _page(trouble=asked.told(error)), 400
    accounts.note(asked.session(), name, "change_password", name)
    return redirect(url_for("login.show"), 303)


@blueprint.post("/account/language")
def change_language() -> Answer:
    language = request.form.get("language", "")
    if language not in ("", *LANGUAGES):
        abort(400, Said("%(code)r is no language of the console.", code=language))
    accounts.change_account(asked.session(), account().name, language=language)
    return redirect(url_for("login.show"), 303)


@blueprint.post("/account/users")
@require(OWNER)
def change_users() -> Any:
    """Add, change or remove an account."""
    name, role = request.form.get("name", "").strip(), request.form.get("role", "")
    session, do = asked.session(), request.form.get("do", "")
    if do == "add":
        return _changed(do, name, secret=accounts.add_account(session, name, role))
    if do == "role":
        accounts.change_account(session, name, role=role)
    elif do == "password":
        return _changed(do, name, secret=accounts.set_password(session, name))
    elif do == "remove":
        accounts.remove_account(session, name)
    else:
        abort(400, Said("Say what to do: add, role, password or remove."))
    return _changed(do, name)


@blueprint.post("/account/keys")
@require(OWNER)
def change_keys() -> Any:
    """Add or remove an API key."""
    if request.form.get("do") == "remove":
        id_ = request.form.get("id", "")
        accounts.remove_key(asked.session(), id_)
        return _changed("remove_key", id_)
    asked_for = (request.form.get(name, "").strip() for name in ("role", "label", "site"))
    key = accounts.add_key(asked.session(), *asked_for)
    return _changed("add_key", key.split("_")[1], secret=key)


@blueprint.post("/account/shares")
@require(OWNER)
def change_shares() -> Any:
    """Share a report with whoever has its address, or end that."""
    if request.form.get("do") == "remove":
        id_ = request.form.get("id", "")
        accounts.remove_share(asked.session(), id_)
        return _changed("remove_share", id_)
    share, days = _asked_share()
    token = accounts.add_share(asked.session(), share, days)
    address = f"{identity.origin()}{url_for('sharing.show', token=token)}"
    return _changed("add_share", f"{share.site} {share.report}", secret=address)


def _asked_share() -> tuple[Share, int]:
    """Return the report that the form names, with its days checked."""
    name, site = request.form.get("report", ""), asked.named_site(request.form.get("site", ""))
    if name not in reports.REPORTS:
        known = ", ".join(reports.REPORTS)
        raise InputError(
            Said("%(name)r is no report: there are %(known)s.", name=name, known=known)
        )
    days = request.form.get("days", "30")
    if not (days.isascii() and days.isdigit()):
        raise InputError(Said("%(days)r is no number of days: write it in digits.", days=days))
    span, options = asked.span(request.form), asked.chosen_options(name, request.form)
    asked.report(name, site, span, **options)  # refuses what whoever opens the share could not see
    bounds = {part: request.form[part] for part in ("from", "to") if request.form.get(part)}
    query = urlencode(bounds | options)
    # More digits are too many days, whatever they are.
    return Share("", site.name, name, query, account().name, 0), int(days.lstrip("0")[:9] or 0)


def _changed(action: str, target: str, secret: str = "") -> Any:
    """Note a change; show what can be seen only now, or else the page as it is."""
    accounts.note(asked.session(), account().name, action, target)
    if secret:
        return _page(secret=secret)
    return redirect(url_for("login.show"), 303)


def _page(secret: str = "", trouble: str = "") -> str:
    owner = account().may(OWNER)
    session = asked.session()
    return render_template(
        "account.html",
        account=account(),
        own=account().name in accounts.accounts(session),
        secret=secret,
        trouble=trouble,
        roles=ROLES,
        reports=tuple(reports.REPORTS),
        sites=tuple(asked.sites()),
        wanted={name: request.args[name] for name in _shareable() if request.args.get(name)},
        users=tuple(accounts.accounts(session).values()) if owner else (),
        keys=accounts.keys(session) if owner else (),
        shares=accounts.shares(session) if owner else (),
        audit=accounts.entries(session, 20) if owner else (),
        role_name=lambda role: asked.words().say(ROLE_NAMES[role]),
        heading=Headings(asked.words()).heading,
        moment=lambda seconds: datetime.fromtimestamp(seconds, timezone.utc),
    )


def _shareable() -> tuple[str, ...]:
    """Return the fields of the form that shares a report, as its page names them."""
    name = request.args.get("report", "")
    return ("report", "site", "from", "to", *reports.known_options(name))


def _too_many(wait: float) -> str:
    return asked.words().say_count(
        "Too many attempts: wait %(n)s second.",
        "Too many attempts: wait %(n)s seconds.",
        math.ceil(wait),
    )


def _form(trouble: str) -> str:
    asked_for = request.form.get("next") or request.args.get("next", "")
    return render_template(
        "login.html", trouble=trouble, next=_next(asked_for), name=request.form.get("name", "")
    )


def _next(path: str) -> str:
    """Return where to go after the log-in: only ever a path of this console."""
    inside = path.startswith("/") and not path.startswith("//") and "\\" not in path
    return path if inside and path.isprintable() and not path.startswith("/login") else "/"


def _logged_in(response: Answer, name: str) -> Answer:
    id_ = accounts.begin(asked.session(), name)
    response.set_cookie(
        identity.login_cookie(),
        identity.signer().sign(id_).decode(),
        max_age=int(logins.LIFETIME.total_seconds()),
        httponly=True,
        secure=identity.secure(),
        # Lax, so that a link in a mail opens the console; forms are checked beyond that.
        samesite="Lax",
        path="/",
    )
    return response


def _typed(name: str) -> str:
    text = request.form.get(name, "")
    if not text:
        raise passwords.unfit()
    return text
