"""Named segments: filters that analysts and owners keep under a name, for everybody's reports."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from darksocial import accounts
from darksocial.console import asked, pages
from darksocial.console.guard import account, require
from darksocial.errors import DarksocialError
from darksocial.model import CHANNELS, Site
from darksocial.reports import Range, segments
from darksocial.reports.narrowing import FILTERS, Filters
from darksocial.reports.segments import Segment
from darksocial.texts.headings import Headings

blueprint = Blueprint("segmenting", __name__)

# Reports that count more than visits: what is no visit stays whole where filters choose visits.
WHOLE_BESIDE = ("pages", "links", "tree", "funnel", "sharers", "public", "campaigns")


@blueprint.get("/segments")
@require("analyst")
def show() -> str:
    """Show the segments, and a form for one: that of the address, or of its filters."""
    site = asked.site_needed()
    named = asked.segment(site)
    return _page(site, named.name if named else "", {**(named or _NONE).filters, **asked.filters()})


@blueprint.post("/segments")
@require("analyst")
def change() -> Any:
    """Keep a segment, or take one out; show the form again where that is refused."""
    site = asked.site_needed()
    name = request.form.get("name", "").strip()
    filters = {filter_: request.form.get(filter_, "") for filter_ in FILTERS}
    instead = request.form.get("instead", "")
    try:
        if gone := request.form.get("remove"):
            segments.remove(asked.session(), site.name, gone, account().name)
            _note("remove_segment", site, gone)
            return redirect(url_for("segmenting.show", site=site.name), 303)
        wanted = Segment(site.name, name, filters, account().name)
        made = segments.save(asked.session(), wanted, instead)
    except DarksocialError as error:
        return _page(site, instead, filters, name, error), 400
    _note("save_segment", site, made.name)
    return redirect(url_for("pages.overview", site=site.name, segment=made.name), 303)


_NONE = Segment("", "", {})


def _note(action: str, site: Site, name: str) -> None:
    accounts.note(asked.session(), account().name, action, f"{site.name} {name}")


def _page(
    site: Site,
    instead: str,
    filters: Filters,
    name: str | None = None,
    error: DarksocialError | None = None,
) -> str:
    say = Headings(asked.words())
    found = segments.segments(asked.session(), site.name)
    return render_template(
        "segments.html",
        frame=pages.frame_of("segments", site, Range()),
        known=[(one, _said(one, say)) for one in found],
        instead=instead,
        name=instead if name is None else name,
        filters={filter_: filters.get(filter_, "") for filter_ in FILTERS},
        error=error,
    )


def _said(one: Segment, say: Headings) -> str:
    """Return the filters of a segment as people read them."""
    said = one.filters.items()
    return ", ".join(f"{say.heading(key)}: {say.value(key, text)}" for key, text in said)


@blueprint.app_template_global()
def channels() -> tuple[str, ...]:
    """Return the channels that a visit may have been found in."""
    return tuple(word for word in CHANNELS if word != "internal")


@blueprint.app_template_global()
def counts_more(report: str) -> bool:
    """Return whether a report counts more than visits."""
    return report in WHOLE_BESIDE
