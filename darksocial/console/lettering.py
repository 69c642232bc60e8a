"""Who gets the figures by e-mail, what was unusual of late, and texts about privacy."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from flask import Blueprint, current_app, redirect, render_template, request, url_for

from darksocial import notices
from darksocial.console import asked, pages
from darksocial.console.guard import require
from darksocial.digest import telling
from darksocial.digest.recipients import PERIODS, add, recipients, remove
from darksocial.errors import DarksocialError
from darksocial.model import Site
from darksocial.reports import Range
from darksocial.settings import Settings
from darksocial.texts import LANGUAGES

blueprint = Blueprint("lettering", __name__)

ALERT_DAYS = 28
ALERTS = 50  # on a page


@blueprint.get("/letters")
@require("analyst")
def letters() -> str:
    return _letters(asked.site_needed())


@blueprint.post("/letters")
@require("analyst")
def order() -> Any:
    """Add a recipient, or take one out."""
    site = asked.site_needed()
    try:
        if token := request.form.get("remove"):
            remove(asked.session(), token)
        else:
            add(
                asked.session(),
                site.name,
                request.form.get("email", ""),
                request.form.get("period", "weekly"),
                request.form.get("language", asked.words().code),
                "alerts" in request.form,
            )
    except DarksocialError as error:
        return _letters(site, error), 400
    return redirect(url_for("lettering.letters", site=site.name))


@blueprint.get("/privacy")
@require("analyst")
def privacy() -> str:
    """Show a text about privacy for the settings in force."""
    site = asked.site_needed()
    settings: Settings = current_app.config["SETTINGS"]
    kind = request.args.get("kind", "privacy")
    practice = notices.Practice("consent" in request.args, "survey" in request.args)
    return render_template(
        "privacy.html",
        frame=pages.frame_of("letters", site, Range()),
        kinds=notices.NOTICES,
        kind=kind,
        practice=practice,
        text=notices.notice(kind, site, settings, asked.words().code, practice),
    )


def _letters(site: Site, error: DarksocialError | None = None) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    since = datetime.now(timezone.utc) - timedelta(days=ALERT_DAYS)
    alerts = telling.recent(asked.session(), site, since)
    first = asked.place("after")
    end = first + ALERTS
    older = url_for("lettering.letters", site=site.name, after=end) if alerts[end:] else ""
    return render_template(
        "letters.html",
        frame=pages.frame_of("letters", site, Range()),
        error=error,
        orders=recipients(asked.session(), site.name),
        periods=PERIODS,
        codes=LANGUAGES,
        able=bool(settings.smtp_host),
        alerts=telling.sentences(asked.session(), site, alerts[first:end], asked.words(), 0),
        older=older,
    )
