"""The JSON API, version 1: every route stands in `openapi.OPERATIONS`, with what it takes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timezone
from typing import Any

import pyarrow as pa
from flask import Blueprint, Response, abort, current_app, jsonify, request

from darksocial import exports, registry, reports
from darksocial.accounts import ANALYST, OWNER
from darksocial.console import asked, live, openapi
from darksocial.console.disclosure import disclosed
from darksocial.console.exporting import wanted_visits
from darksocial.console.guard import account, require
from darksocial.days import EVER
from darksocial.errors import InputError
from darksocial.exports import Cursor
from darksocial.model import Link
from darksocial.settings import Settings

blueprint = Blueprint("api", __name__, url_prefix=openapi.BASE)

MOST, USUAL = 1000, 100


@blueprint.get("/openapi.json")
def description() -> Response:
    return jsonify(openapi.document())


@blueprint.get("/sites")
def sites() -> Response:
    found = [
        {"name": one.name, "hosts": list(one.hosts), "timezone": one.timezone, "key": one.key}
        for one in asked.sites().values()
    ]
    return jsonify(sites=found)


@blueprint.get("/reports")
def report_names() -> Response:
    return jsonify(reports=[{"name": name} for name in reports.REPORTS])


@blueprint.get("/reports/<name>")
def report(name: str) -> Response:
    if name not in reports.REPORTS:
        known = ", ".join(reports.REPORTS)
        abort(404, f"{name!r} is no report: there are {known}.")
    return Response(
        reports.render(disclosed(asked.answer(name)), "json"), mimetype="application/json"
    )


@blueprint.get("/now")
def now() -> Response:
    site = asked.site()
    return jsonify(site=site.name, **asdict(live.seen(site)))


@blueprint.get("/visits")
@require(ANALYST)
def visits() -> Response:
    """A page of visits; it may be shorter than asked for where a day ends."""
    wanted = wanted_visits()
    text = request.args.get("cursor", "")
    after = Cursor.parse(text) if text else Cursor(wanted.span.first or EVER[0])
    table, following = exports.page(asked.fitting(wanted.site), wanted, after, _limit())
    return jsonify(
        site=wanted.site.name,
        visits=_plain(table),
        next=str(following) if following else None,
    )


@blueprint.get("/links")
def links() -> Response:
    """A page of links in the order in which they were made."""
    name = asked.named_site(request.args["site"]).name if request.args.get("site") else ""
    after, limit = _after(), _limit()
    found = [
        link
        for link in registry.links(asked.session(), name)
        if link.site in asked.sites() and link.number > after
    ]
    following = str(found[limit - 1].number) if len(found) > limit else None
    return jsonify(links=[_link(link) for link in found[:limit]], next=following)


@blueprint.post("/links")
@require(OWNER)
def add_link() -> tuple[Response, int]:
    """Make a link of the JSON object that is sent."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict) or not isinstance(body.get("destination"), str):
        raise InputError(
            "Send a JSON object with a text `destination`, as `Content-Type: application/json`."
        )
    texts = {name: body.get(name, usual) for name, usual in openapi.LINK_FIELDS.items()}
    if any(not isinstance(text, str) for text in texts.values()):
        raise InputError(f"{', '.join(texts)} of a link are texts.")
    if unknown := sorted(set(body) - set(texts)):
        raise InputError(f"{unknown[0]!r} is no field of a link: give {', '.join(texts)}.")
    _own_site(texts["destination"])
    settings: Settings = current_app.config["SETTINGS"]
    made = registry.add_link(asked.session(), **texts, done_by=account().name)
    registry.write_snapshot(asked.session(), settings.snapshot)
    return jsonify(_link(made)), 201


def _own_site(destination: str) -> None:
    """Refuse a page of a site that a key is not good for."""
    scope = account().site
    if scope and registry.site_of(asked.session(), destination) != scope:
        abort(403, f"This key is good for {scope} alone.")


def _limit() -> int:
    text = request.args.get("limit", str(USUAL))
    limit = asked.digits(text, 9)
    if limit is None or not 1 <= limit <= MOST:
        raise InputError(f"{text!r} is no limit: give one from 1 to {MOST}.")
    return limit


def _after() -> int:
    text = request.args.get("cursor", "0")
    number = asked.digits(text, 19)
    if number is None:
        raise InputError(f"{text!r} is no cursor: give the one that the page before ended with.")
    return number


def _link(link: Link) -> dict[str, Any]:
    settings: Settings = current_app.config["SETTINGS"]
    return {
        "code": link.code,
        "address": f"{settings.tracker_address}/r/{link.code}",
        "site": link.site,
        "destination": link.destination,
        "kind": link.kind,
        "label": link.label,
        "expires": _moment(link.expires) if link.expires else None,
        "disabled": link.disabled,
    }


def _plain(table: pa.Table) -> list[dict[str, Any]]:
    """Return rows with days and times as ISO texts."""
    return [{name: _text(value) for name, value in row.items()} for row in table.to_pylist()]


def _moment(seconds: int) -> str:
    return _stamp(datetime.fromtimestamp(seconds, timezone.utc))


def _stamp(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return _stamp(value)
    return value.isoformat() if isinstance(value, date) else value
