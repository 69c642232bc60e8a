"""The pages where people plan campaigns and bring in public figures of social networks."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from darksocial import accounts, campaigns, lists, public_figures
from darksocial.campaigns import GOALS, Campaign
from darksocial.console import asked, pages
from darksocial.console.guard import account, require
from darksocial.days import today
from darksocial.errors import DarksocialError, InputError, Said
from darksocial.model import Site
from darksocial.reports import Range
from darksocial.texts.headings import Headings

blueprint = Blueprint("planning", __name__)

FIELDS = ("name", "begins", "ends", "tags", "codes", "goal", "target")


@blueprint.get("/campaigns")
@require("analyst")
def plan() -> str:
    """Show the campaigns, and a form for one: a new one, or that of the address."""
    site = asked.site_needed()
    name = request.args.get("campaign", "")
    shown = _typed(campaigns.find(asked.session(), site.name, name)) if name else {}
    return _plan(site, shown, name)


@blueprint.post("/campaigns")
@require("analyst")
def change() -> Any:
    """Add a campaign, change one (`instead` names it), or take one out."""
    site = asked.site_needed()
    typed = {name: request.form.get(name, "").strip() for name in FIELDS}
    instead, gone = request.form.get("instead", ""), request.form.get("remove", "")
    try:
        if gone:
            campaigns.remove(asked.session(), site.name, gone, account().name)
        else:
            _save(site, typed, instead)
    except DarksocialError as error:
        return _plan(site, typed, instead, error), 400
    action = "remove_campaign" if gone else "save_campaign"
    target = f"{site.name} {gone or instead or typed['name']}"
    accounts.note(asked.session(), account().name, action, target)
    return redirect(url_for("planning.plan", site=site.name), 303)


@blueprint.get("/public-figures")
@require("analyst")
def figures() -> str:
    return _figures(asked.site_needed())


@blueprint.post("/public-figures")
@require("analyst")
def enter() -> Any:
    """Enter the figures of an uploaded CSV, and say what became of each line."""
    site = asked.site_needed()
    file = request.files.get("file")
    try:
        text = lists.decoded(file.read() if file else b"")
        running = request.form.get("running", "") == "1"
        entered = public_figures.from_csv(asked.session(), text, site, running)
    except DarksocialError as error:
        return _figures(site, error=error), 400
    accounts.note(asked.session(), account().name, "import_public_figures", site.name)
    return _figures(site, entered)


def _save(site: Site, typed: dict[str, str], instead: str) -> None:
    changes: dict[str, Any] = {
        "begins": asked.day("begins", typed["begins"]) or today(site.timezone),
        "ends": asked.day("ends", typed["ends"]),
        "tags": tuple(typed["tags"].split(",")),
        "codes": tuple(typed["codes"].split(",")),
        "goal": typed["goal"] or GOALS[0],
        "target": _whole(typed["target"]),
    }
    if instead:
        campaigns.edit(asked.session(), site.name, instead, account().name, **changes)
    else:
        wanted = Campaign(site.name, typed["name"], **changes)
        campaigns.add(asked.session(), wanted, account().name)


def _whole(text: str) -> int:
    number = asked.digits(text or "0", 15)
    if number is None:
        raise InputError(
            Said("The target %(found)r is no whole number: write it in digits.", found=text)
        )
    return number


def _typed(one: Campaign) -> dict[str, str]:
    """Return a campaign as the fields of the form."""
    return {
        "name": one.name,
        "begins": one.begins.isoformat(),
        "ends": one.ends.isoformat() if one.ends else "",
        "tags": ", ".join(one.tags),
        "codes": ", ".join(one.codes),
        "goal": one.goal,
        "target": str(one.target or ""),
    }


def _plan(
    site: Site, typed: dict[str, str], instead: str, error: DarksocialError | None = None
) -> str:
    headings = Headings(asked.words())
    return render_template(
        "campaigns.html",
        frame=pages.frame_of("campaigns", site, Range()),
        known=campaigns.campaigns(asked.session(), site.name),
        typed={name: typed.get(name, "") for name in FIELDS},
        instead=instead,
        aim=headings.aim,
        goals=[(goal, headings.heading(goal)) for goal in GOALS],
        error=error,
    )


def _figures(
    site: Site,
    entered: lists.Entered | None = None,
    error: DarksocialError | None = None,
) -> str:
    return render_template(
        "public_figures.html",
        frame=pages.frame_of("public", site, Range()),
        columns=public_figures.COLUMNS,
        entered=entered,
        error=error,
    )
