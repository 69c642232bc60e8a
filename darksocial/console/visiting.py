"""The visits behind a figure, for owners and analysts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from darksocial import explanation
from darksocial.console import asked, pages
from darksocial.console.guard import require
from darksocial.days import EVER, day_of, local
from darksocial.model import EVIDENCE, Site
from darksocial.reports import Range
from darksocial.store.sql import statement
from darksocial.texts.headings import Headings

blueprint = Blueprint("visiting", __name__)

ROWS = 50
OWN = ("evidence", "token")  # beside the filters that every page knows
LATEST = 4_000_000_000  # seconds since 1970: later than any visit
LOOKS = (1, 7, 30)  # so many days are looked at, until there are enough visits


@blueprint.get("/visits")
@require("analyst")
def visits() -> str:
    """Show the visits that fit the filters in the address, the newest first."""
    site = asked.site_needed()
    chosen = {name: request.args.get(name, "") for name in OWN}
    rows = _rows(site, chosen)
    query: dict[str, Any] = request.args.to_dict() | {"before": rows[-1]["id"] if rows else 0}
    # Not as arguments of url_for, which has names of its own.
    older = f"{url_for('visiting.visits')}?{urlencode(query)}" if len(rows) == ROWS else ""
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
    """Return the newest visits that fit; of a busy site the last days have enough of them."""
    first, last = _days(site)
    rows: list[dict[str, Any]] = []
    for length in (*LOOKS, (last - first).days + 1):
        since = max(last - timedelta(days=length - 1), first)
        rows = _listed(site, chosen, Range(since, last)) if first <= last else []
        if len(rows) == ROWS or since <= first:
            break
    return [row | {"ts": local(row["ts"], site.timezone)} for row in rows]


def _days(site: Site) -> tuple[date, date]:
    """Return the days to look at, from the range and from where the page before ended."""
    span, before = asked.span(), asked.place("before")
    known = asked.session().query(statement("reports/range"), site=site.name).to_pylist()[0]
    first, last = (known["first"], known["last"]) if known["days"] else EVER
    if before:
        seconds = min(before >> 30, LATEST)  # hit ids begin with their time
        last = min(last, day_of(seconds, site.timezone))
    return max(span.first or first, first), min(span.last or last, last)


def _listed(site: Site, chosen: dict[str, str], span: Range) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = (
        asked.fitting(site)
        .query(
            statement("reports/visit_list"),
            site=site.name,
            first=span.first,
            last=span.last,
            before=asked.place("before"),
            limit=ROWS,
            **chosen,
        )
        .to_pylist()
    )
    return rows
