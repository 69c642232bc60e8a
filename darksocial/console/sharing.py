"""Shared reports: one report for whoever has its address, with everything in it fixed."""

from __future__ import annotations

from urllib.parse import parse_qs

from flask import Blueprint, Response, abort, g, render_template

from darksocial import accounts, exports, registry
from darksocial.accounts import READER, Account, Share
from darksocial.console import asked
from darksocial.console.disclosure import disclosed
from darksocial.console.exporting import report_response
from darksocial.errors import Said
from darksocial.exports import picture
from darksocial.reports import Report
from darksocial.texts.headings import Headings

blueprint = Blueprint("sharing", __name__)

FORMATS = ("xlsx", "pdf", "csv")


@blueprint.get("/shared/<token>")
def show(token: str) -> str:
    say = Headings(asked.words())
    report = picture.spoken(_report(_share(token)), say)
    return render_template(
        "shared.html",
        told=report,
        token=token,
        chart=picture.chart(report),
        figures=picture.figures(report),
        shown=say.shown,
        heading=say.heading,
        title=picture.title(report, say),
        subtitle=picture.subtitle(report, say),
        formats=FORMATS,
    )


@blueprint.get("/shared/<token>/report.<format_>")
def download(token: str, format_: str) -> Response:
    if format_ not in exports.REPORT_FORMATS:
        abort(404)
    return report_response(_report(_share(token)), format_)


def _share(token: str) -> Share:
    """Return what is shared, and be a reader of that site from here on."""
    share = accounts.share_of(asked.session(), token)
    if share is None:
        abort(404, Said("This report is not shared any more: ask for a new address."))
    g.account = Account("shared report", READER, "", share.site)
    return share


def _report(share: Share) -> Report:
    fixed = {name: values[0] for name, values in parse_qs(share.query).items()}
    site = registry.site(asked.session(), share.site)
    options = asked.chosen_options(share.report, fixed)
    return disclosed(asked.report(share.report, site, asked.span(fixed), **options))
