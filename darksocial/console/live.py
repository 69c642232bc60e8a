"""The live view: the last half hour, asked for again every few seconds by a small script."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, url_for

from darksocial.console import asked, charts, pages
from darksocial.console.disclosure import minimum
from darksocial.console.periods import Part, Stack
from darksocial.model import Site
from darksocial.reports import Range, suppress
from darksocial.reports.live import MINUTES, Live, live
from darksocial.texts.headings import Headings
from darksocial.texts.language import mark as _

blueprint = Blueprint("live", __name__)

TABLES = {"page": _("Landing page"), "channel": _("Channel"), "application": _("Application")}
MINUTE, READERS_STEP = 60, 300  # readers see no single minutes, they would all be too small


@blueprint.get("/now")
def now() -> str:
    """Show the last half hour; without scripts the page is loaded again by itself."""
    site = asked.site_to_show()
    if site is None:
        return pages.start()
    frame = replace(pages.frame_of("now", site, Range()), live=False)
    query: dict[str, Any] = {**frame.query, "site": site.name}
    return render_template(
        "live.html",
        frame=frame,
        told=told(site),
        tables=TABLES,
        source=url_for("live.figures", **query),
    )


@blueprint.get("/now.json")
def figures() -> Response:
    return jsonify(told(asked.site()))


def seen(site: Site) -> Live:
    """Return the last half hour as the asking account may see it."""
    least = minimum()
    step = READERS_STEP if least else MINUTE
    found = live(asked.fitting(site), site, datetime.now(timezone.utc), step)
    if not least:
        return found
    return Live(
        visits=found.visits if found.visits >= least else 0,
        going_on=found.going_on if found.going_on >= least else 0,
        examples=found.examples if found.examples >= least else 0,
        pages=suppress(found.pages, least),
        channels=suppress(found.channels, least),
        applications=suppress(found.applications, least),
        steps=[row if row["visits"] >= least else row | {"visits": 0} for row in found.steps],
    )


def told(site: Site) -> dict[str, Any]:
    """Return it in the words of the request, with the places of the chart's columns."""
    words, found = asked.words(), seen(site)
    say = Headings(words)
    lists = {"page": found.pages, "channel": found.channels, "application": found.applications}
    return {
        "sentence": _sentence(found),
        "going_on": _going_on(found),
        "examples": found.examples,
        "chart": _chart(found),
        "text": words.say("Visits of the last half hour by the minutes since then."),
        "tables": {
            name: [
                {
                    "label": say.value(name, row[name]) or words.say("Not known"),
                    "visits": row["visits"],
                    "said": words.number(row["visits"]),
                }
                for row in rows
            ]
            for name, rows in lists.items()
        },
    }


def _sentence(found: Live) -> str:
    words = asked.words()
    if not found.visits:
        if minimum():
            return words.say("Too few visits in the last half hour to show")
        return words.say("Nobody came in the last half hour")
    return words.say_count(
        "%(n)s visit in the last half hour", "%(n)s visits in the last half hour", found.visits
    )


def _going_on(found: Live) -> str:
    if not found.going_on:
        return ""
    return asked.words().say_count(
        "%(n)s of them did something in the last five minutes.",
        "%(n)s of them did something in the last five minutes.",
        found.going_on,
    )


def _chart(found: Live) -> charts.Columns:
    words = asked.words()
    stacks = [
        Stack(
            words.duration(60 * (MINUTES - row["minute"])),
            (Part("dark", words.say("Visits"), row["visits"]),),
        )
        for row in found.steps
    ]
    return charts.columns("minute", stacks, words)
