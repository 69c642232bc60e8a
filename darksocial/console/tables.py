"""The reports that are one table: funnel, share trees, sharers, conversions, engagement."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, render_template

from darksocial.console import asked, pages
from darksocial.console.disclosure import disclosed
from darksocial.errors import Said
from darksocial.model import Site
from darksocial.reports import REPORTS, Report
from darksocial.texts import Words
from darksocial.texts.headings import MODELS, Headings
from darksocial.texts.language import mark as _

blueprint = Blueprint("tables", __name__)

ROWS = 100
# What each page answers, in one sentence.
ANSWERS = {
    "funnel": _(
        "What became of links after they were passed on: seen in a conversation (a preview was "
        "fetched), clicked, passed on again, converted. Pasted and never clicked is reach that no "
        "click counter sees."
    ),
    "timing": _(
        "How long after a share its visits arrive: soon in a conversation, later by e-mail and in "
        "documents."
    ),
    "tree": _(
        "Which shares led to further shares: the largest trees, how many generations they have, "
        "and how many further shares one share leads to."
    ),
    "sharers": _(
        "Who passes links on, by the shares that started from them. Nobody is named: a sharer is "
        "a code of one day, or the label of a person's link."
    ),
    "conversions": _(
        "What visits earned, by the channel that analytics reports and by the one that we find."
    ),
    "engagement": _(
        "How well visits went, not only how many there were: time in view, depth, interactions."
    ),
    "public": _(
        "What social networks count in public, beside what was passed on in private and what "
        "visitors did on the page."
    ),
    "estimate": _(
        "How many of the visits without any trace were probably links passed on as well, by day, "
        "kind of page, device or channel: the sum of probabilities, with what lies between its "
        "ends nine times out of ten. Beside it what needs no estimate."
    ),
    "campaigns": _(
        "What each campaign brought by its tags and links, and what came on top because people "
        "passed it on (halo), measured by its target."
    ),
}
# What to do where a page has nothing to show.
EMPTY = {
    **dict.fromkeys(
        ("funnel", "tree", "sharers"),
        _(
            "Nothing was recorded for this yet. It begins with the first link that is copied or "
            "shared on a page with the tag: try it, and open the link in another browser."
        ),
    ),
    "conversions": _(
        "Nothing was recorded for this yet. Pages tell a conversion with a line of script: "
        "darksocial('conversion', 'order', {value: 49.9, currency: 'EUR'})."
    ),
    "engagement": _(
        "Nothing was recorded for this yet. Time in view, depth and interactions come from the "
        "snippet; imported logs have none."
    ),
    "public": _(
        "Nothing was recorded for this yet. Figures of networks come in from a CSV: darksocial "
        "import public FILE --site SITE."
    ),
    "campaigns": _(
        "No campaign is planned yet. Plan one with its days, tags and links: darksocial campaign "
        "add NAME --site SITE --from DAY --utm VALUE."
    ),
}
# Words of options where people choose them.
OPTIONS = {
    "method": _("Way of sharing"),
    "page": _("Page"),
    "application": _("Application"),
    "link": _("Link"),
    "network": _("Network"),
    "campaign": _("Campaign"),
    "day": _("Day"),
    "page_class": _("Kind of page"),
    "device": _("Device"),
    "channel": _("Channel"),
    "reported_channel": _("Channel in GA4"),
    **MODELS,
    "by": _("Divided by"),
    "model": _("Model of credit"),
    "token": _("Token"),
}
PERCENT = ("_share",)
TIMES = ("began", "shared")  # texts in UTC
DAYS = ("begins", "ends")  # texts like 2026-11-30, "" where there is none
SECONDS = ("seconds", "engaged_seconds", "seconds_to_visit")


@blueprint.get("/reports/<name>")
def table(name: str) -> str:
    """Show one of these reports, with its options in the address."""
    if name not in ANSWERS or name not in REPORTS:
        abort(404, Said("There is no such report."))
    return shown(name)


def shown(
    name: str, template: str = "table.html", beside: Callable[[Report, Words], Any] | None = None
) -> str:
    """Return the page of a report; `beside` says what its template shows next to the table."""
    site = asked.site_to_show()
    if site is None:
        return pages.start()
    report = disclosed(asked.answer(name, site))
    return render_template(
        template,
        frame=pages.frame_of(name, site, asked.span()),
        report=report,
        example=pages.example_visits(report),
        rows=report.rows[:ROWS],
        answer=ANSWERS[name],
        empty=EMPTY.get(name, ""),
        headings=Headings(asked.words()),
        options=_options(name),
        numeric=_numeric(report),
        bar=_bar(report),
        facts=_facts(report),
        beside=beside and beside(report, asked.words()),
        cell=lambda column, value: cell(column, value, site),
    )


def _options(name: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the options of a report: name, what is chosen, and words to choose from."""
    words = asked.words()
    found = []
    for option, known in REPORTS[name].options.items():
        choices = [(word, words.say(OPTIONS.get(word, word))) for word in known or ()]
        found.append((option, asked.option(option), choices))
    return found


def _numeric(report: Report) -> set[str]:
    """Return the columns that hold numbers."""
    return {
        column
        for column in report.columns
        if any(isinstance(row.get(column), int | float) for row in report.rows)
    }


def _bar(report: Report) -> str:
    """Return the column that the bars show: the first of whole numbers."""
    first = (name for name in report.columns if isinstance(_value(report, name), int))
    return next((name for name in first if name not in ("generation",)), "")


def _value(report: Report, column: str) -> Any:
    return next((row[column] for row in report.rows if row.get(column) is not None), None)


def _facts(report: Report) -> list[tuple[str, str]]:
    """Return the single figures of the summary in words."""
    words, headings = asked.words(), Headings(asked.words())
    facts = []
    for name, value in report.summary.items():
        if name == "reproduction" and value:
            said = words.say(
                "%(k)s (90 %% interval: %(low)s to %(high)s)",
                **{key: words.number(round(number, 2)) for key, number in value.items()},
            )
            facts.append((headings.heading(name), said))
        elif name.endswith(PERCENT) and isinstance(value, int | float):
            facts.append((headings.heading(name), words.percent(value, 1)))
        elif isinstance(value, int | float) and not isinstance(value, bool):
            facts.append((headings.heading(name), words.number(round(value, 2))))
    return facts


def cell(column: str, value: Any, site: Site) -> str:
    """Return a value of a column as people read it."""
    words = asked.words()
    if value is None:
        return ""
    if isinstance(value, datetime):
        return words.moment(value.astimezone(ZoneInfo(site.timezone)))
    if column in TIMES and value:
        moment = datetime.fromisoformat(str(value).replace("Z", "+00:00"))
        return words.moment(moment.astimezone(ZoneInfo(site.timezone)))
    if column in DAYS and value:
        return words.day(date.fromisoformat(str(value)))
    if column in SECONDS and isinstance(value, int | float):
        return words.duration(value)
    if column.endswith(PERCENT) and isinstance(value, int | float):
        return words.percent(value, 1)
    if isinstance(value, int | float):
        return words.number(round(value, 2))
    return str(Headings(words).value(column, value))
