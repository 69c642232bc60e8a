"""The pages that make and change managed links."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for

from darksocial import links, lists, registry
from darksocial.accounts import OWNER
from darksocial.console import asked, pages
from darksocial.console.guard import require
from darksocial.days import day_of
from darksocial.errors import DarksocialError, InputError, Said
from darksocial.model import LINK_KINDS, Link, Site
from darksocial.reports import Range
from darksocial.settings import Settings

blueprint = Blueprint("linking", __name__)

PICTURES = {"svg": "image/svg+xml", "png": "image/png"}


@blueprint.get("/links/new")
@require(OWNER)
def new() -> str:
    return _form(asked.site_needed())


@blueprint.post("/links/new")
def add() -> Any:
    """Make a link of the form's fields, or show the form again with what is wrong."""
    site = asked.site_needed()
    try:
        page = links.tagged(request.form.get("destination", ""), _tags())
        made = registry.add_link(
            asked.session(),
            page,
            request.form.get("kind", "campaign"),
            request.form.get("label", "").strip(),
            _expires(site),
            _who(),
        )
    except DarksocialError as error:
        return _form(site, error), 400
    _publish()
    return redirect(url_for("linking.one", code=made.code))


@blueprint.post("/links/import")
def add_many() -> Any:
    """Make the links of an uploaded CSV, and say what became of each line."""
    site = asked.site_needed()
    file = request.files.get("file")
    try:
        text = lists.decoded(file.read() if file else b"")
        made = links.from_csv(asked.session(), text, site, _who())
    except DarksocialError as error:
        return _form(site, error), 400
    _publish()
    return render_template("links_made.html", **_around(site), made=made)


@blueprint.get("/links/<code>")
def one(code: str) -> str:
    return _one(links.find(asked.session(), code))


@blueprint.post("/links/<code>")
def change(code: str) -> Any:
    """Change, switch off or on, or remove a link."""
    link = links.find(asked.session(), code)
    site = asked.sites()[link.site]
    try:
        _carry_out(request.form.get("do", "edit"), link, site)
    except DarksocialError as error:
        return _one(link, error), 400
    _publish()
    if request.form.get("do") == "remove":
        return redirect(url_for("pages.links", site=site.name))
    return redirect(url_for("linking.one", code=code))


@blueprint.get("/links/<code>/qr.<kind>")
def qr(code: str, kind: str) -> Response:
    link = links.find(asked.session(), code)
    picture = links.qr(address(link), kind)
    response = Response(picture, mimetype=PICTURES[kind])
    if kind == "png" or "save" in request.args:
        response.headers["Content-Disposition"] = f'attachment; filename="{link.code}.{kind}"'
    return response


@blueprint.app_template_global()
def address(link: Link) -> str:
    """Return the short address of a link."""
    settings: Settings = current_app.config["SETTINGS"]
    return f"{settings.tracker_address}/r/{link.code}"


def _carry_out(what: str, link: Link, site: Site) -> None:
    session = asked.session()
    if what == "remove":
        links.remove(session, link.code, _who())
    elif what in ("disable", "enable"):
        links.edit(session, link.code, _who(), disabled=what == "disable")
    else:
        links.edit(
            session,
            link.code,
            _who(),
            destination=request.form.get("destination", link.destination),
            kind=request.form.get("kind", link.kind),
            label=request.form.get("label", link.label).strip(),
            expires=_expires(site),
        )


def _tags() -> dict[str, str]:
    return {name: request.form.get(f"utm_{name}", "") for name in links.UTM}


def _expires(site: Site) -> int:
    text = request.form.get("expires", "")
    try:
        return links.end_of_day(date.fromisoformat(text), site.timezone) if text else 0
    except ValueError:
        raise InputError(Said("%(text)r is no day: give one like 2026-12-24.", text=text)) from None


def _publish() -> None:
    """Tell the tracker now instead of a second later."""
    settings: Settings = current_app.config["SETTINGS"]
    registry.write_snapshot(asked.session(), settings.snapshot)


def _who() -> str:
    account = g.get("account")
    return str(account.name) if account else ""


def _around(site: Site) -> dict[str, Any]:
    return {"frame": pages.frame_of("links", site, Range()), "kinds": LINK_KINDS, "utm": links.UTM}


def _form(site: Site, error: DarksocialError | None = None) -> str:
    around = _around(site)
    return render_template("link_new.html", **around, error=error, asked=request.form)


def _one(link: Link, error: DarksocialError | None = None) -> str:
    site = asked.sites()[link.site]
    zone = ZoneInfo(site.timezone)
    return render_template(
        "link.html",
        **_around(site),
        link=link,
        error=error,
        live=link.live(datetime.now().timestamp()),
        last_day=_last_day(link.expires, site),
        history=[
            (change.since.astimezone(zone), change, _last_day(change.expires, site))
            for change in _history(link)
        ],
    )


def _last_day(expires: int, site: Site) -> date | None:
    return day_of(expires, site.timezone) if expires else None


def _history(link: Link) -> list[links.Change]:
    return list(reversed(links.history(asked.session(), link.code)))
