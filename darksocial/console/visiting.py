"""The visits behind a figure, for owners and analysts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for

from darksocial import explanation
from darksocial.console import asked, pages
from darksocial.console.guard import require
from darksocial.errors import InputError
from darksocial.model import EVIDENCE, Site
from darksocial.store.sql import statement
from darksocial.texts.headings import Headings

blueprint = Blueprint("visiting", __name__)

ROWS = 50
OWN = ("evidence", "token")  # beside the filters that every page knows
EVER = (date(1970, 1, 1), date(2105, 12, 31))


@blueprint.get("/visits")
@require("analyst")
def visits() -> str:
    """Show the visits that fit the filters in the address, the newest first."""
    site = asked.site_needed()
    chosen = {name: request.args.get(name, "") for name in OWN}
    rows = _rows(site, chosen)
    query: dict[str, Any] = request.args.to_dict() | {"before": rows[-1]["id"] if rows else 0}
    older = url_for("visiting.visits", **query) if len(rows) == ROWS else ""
    return render_template(
        "visits.html",
        frame=pages.frame_of("visits", site, asked.span()),
        rows=rows,
        chosen=chosen,
        evidence=EVIDENCE,
        older=older,
    )


@blueprint.get("/visits/<visit>")
@require("analyst")
def one(visit: str) -> str:
    """Show why a visit has its channel."""
    site = asked.site_needed()
    return render_template(
        "visit.html",
        frame=pages.frame_of("visits", site, asked.span()),
        told=explanation.find(asked.session(), visit, site.name)[0],
        headings=Headings(asked.words()),
    )


def _rows(site: Site, chosen: dict[str, str]) -> list[dict[str, Any]]:
    span = asked.span()
    rows = asked.fitting(site).query(
        statement("reports/visit_list"),
        site=site.name,
        first=span.first or EVER[0],
        last=span.last or EVER[1],
        before=_before(),
        limit=ROWS,
        **chosen,
    )
    zone = ZoneInfo(site.timezone)
    return [row | {"ts": datetime.fromtimestamp(row["ts"], zone)} for row in rows.to_pylist()]


def _before() -> int:
    text = request.args.get("before", "0")
    if text.isascii() and text.isdecimal() and int(text) < 1 << 64:
        return int(text)
    raise InputError(f"{text!r} is no visit: follow the link under the table.")
