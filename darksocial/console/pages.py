"""The pages of the console: one report each, with the same frame around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, render_template, request, url_for

from darksocial import daily, demo
from darksocial.console import asked, figures
from darksocial.console.disclosure import for_page
from darksocial.days import today
from darksocial.errors import DarksocialError
from darksocial.lists import MOST_TOLD
from darksocial.model import Site
from darksocial.reports import REPORTS, Range, Report, segments
from darksocial.reports.model import EMPTY_DAY, SEGMENT
from darksocial.reports.narrowing import FILTERS
from darksocial.settings import Settings
from darksocial.store.sql import statement
from darksocial.texts import LANGUAGES, Language
from darksocial.texts.language import mark as _

blueprint = Blueprint("pages", __name__)

MENU = (
    ("overview", _("Overview")),
    ("now", _("Now")),
    ("channels", _("Channels")),
    ("pages", _("Pages")),
    ("estimate", _("Estimate")),
    ("funnel", _("Funnel")),
    ("timing", _("Timing")),
    ("tree", _("Share tree")),
    ("sharers", _("People who share")),
    ("links", _("Links")),
    ("conversions", _("Conversions")),
    ("engagement", _("Engagement")),
    ("public", _("Public and dark reach")),
    ("campaigns", _("Campaigns")),
    ("visits", _("Visits")),
    ("letters", _("E-mail and alerts")),
    ("refused", _("Refused")),
    ("setup", _("Set up")),
)
# Pages that other modules have, by their names in the menu.
ENDPOINTS = {
    "pages": "pages.landing_pages",
    "visits": "visiting.visits",
    "letters": "lettering.letters",
    "segments": "segmenting.show",
    "setup": "onboarding.show",
    "now": "live.now",
}
TABLES = (
    *("estimate", "funnel", "timing", "tree", "sharers"),
    *("conversions", "engagement", "public", "campaigns"),
)
FOR_ANALYSTS = ("visits", "letters", "setup")
# Pages that speak of no visits, so that nothing limits them.
UNLIMITED = ("refused",)
KEPT = ("from", "to", "compare", SEGMENT, *FILTERS)
PRESETS = (7, 30, 90)
YEAR = 365 * 24 * 3600
ROWS = 100
REFUSED_DAYS = 30


@dataclass(frozen=True, slots=True)
class Preset:
    """A range that one click chooses."""

    title: str
    query: dict[str, str]
    current: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the figures of every page.

    `query` is what other pages are asked with to show the same site, range and visits; `own` is
    what this page is asked with beside that. `filters` has every filter, "" where it is not set.
    """

    page: str
    site: Site
    sites: tuple[str, ...]
    query: dict[str, str]
    own: dict[str, str]
    filters: dict[str, str]
    segment: str
    segments: tuple[str, ...]
    presets: tuple[Preset, ...]
    live: bool

    @property
    def limited(self) -> bool:
        """Whether the page speaks of some visits only."""
        return bool(self.segment or any(self.filters.values()))


def add_texts(app: Flask) -> None:
    """Give the templates the words of the request's language."""
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: asked.words().say(text),
        lambda one, many, n: asked.words().plural(one, many, n),
        newstyle=True,
    )
    env.policies["ext.i18n.trimmed"] = True
    env.filters["said"] = asked.told
    env.filters["combined"] = lambda query, **more: query | more
    for name in ("number", "day", "moment", "duration", "channel", "refusal", "link_kind"):
        env.filters[name] = _filter(name)
    env.globals.update(
        percent=lambda part, whole: asked.words().percent(part, whole),
        words=asked.words,
        demo_site=demo.SITE,
        most_told=MOST_TOLD,
        menu=_menu,
        tracker_address=lambda: current_app.config["SETTINGS"].tracker_address,
        languages=[(code, Language(code).locale.display_name) for code in LANGUAGES],
    )


def _menu() -> list[tuple[str, str]]:
    """Return the pages that the asking account may see."""
    account = g.get("account")
    all_of_them = account is not None and account.may("analyst")
    return [(page, title) for page, title in MENU if all_of_them or page not in FOR_ANALYSTS]


def _filter(name: str) -> Callable[[Any], str]:
    return lambda value: str(getattr(asked.words(), name)(value))


@blueprint.after_app_request
def keep_language(response: Response) -> Response:
    """Keep the language that was chosen, for a year."""
    chosen = request.args.get("lang", "")
    if chosen in LANGUAGES:
        response.set_cookie("lang", chosen, max_age=YEAR, samesite="Lax", httponly=True, path="/")
    return response


def trouble(sentence: str, status: int) -> str:
    """Return the page that says what went wrong."""
    return render_template("trouble.html", sentence=sentence, status=status)


def start(error: DarksocialError | None = None) -> str:
    """Return the page that says what to do first."""
    return render_template("start.html", error=error)


@blueprint.get("/")
def overview() -> str:
    return _page("overview", asked.span(), lambda report: figures.overview(report, asked.words()))


@blueprint.get("/channels")
def channels() -> str:
    return _page("channels", asked.span(), lambda report: figures.channels(report, asked.words()))


@blueprint.get("/pages")
def landing_pages() -> str:
    return _page("pages", asked.span(), lambda report: figures.pages(report.rows[:ROWS]))


@blueprint.get("/links")
def links() -> str:
    return _page("links", asked.span(), lambda report: report.rows[:ROWS])


@blueprint.get("/refused")
def refused() -> str:
    """What the tracker refused, by default in the last days: also where nothing was recorded."""
    span = asked.span()
    site = asked.site_to_show()
    if site and span == Range():
        now = today(site.timezone)
        span = Range(now - timedelta(days=REFUSED_DAYS - 1), now)
    return _page("refused", span, lambda report: report.summary["refusals"], "overview")


def _page(
    page: str, span: Range, view: Callable[[Report], Any], report_name: str | None = None
) -> str:
    """Return a page: the figures that `view` makes of a report, in the template of that name."""
    settings: Settings = current_app.config["SETTINGS"]
    site = asked.site_to_show()
    if site is None:
        return start()
    chosen = {} if page in UNLIMITED else asked.chosen_options(report_name or page)
    report = for_page(asked.report(report_name or page, site, span, **chosen))
    return render_template(
        f"{page}.html",
        frame=frame_of(page, site, span),
        report=report,
        view=view(report),
        before=_before(report, site, chosen) if page == "overview" else None,
        example=example_visits(report),
        tracker=settings.tracker_address,
    )


def _before(report: Report, site: Site, chosen: dict[str, str]) -> Report | None:
    """Return the same report of the days before, as many as the report has, where asked for."""
    if "compare" not in request.args or report.first is None or report.last is None:
        return None
    length = report.last - report.first + timedelta(days=1)
    span = Range(report.first - length, report.last - length)
    return for_page(asked.report(report.name, site, span, **chosen))


def example_visits(report: Report) -> int:
    """Return how many of a report's visits are example data."""
    params = {
        "site": report.site,
        "timezone": report.timezone,
        "first": report.first or EMPTY_DAY,
        "last": report.last or EMPTY_DAY,
        "narrowed": bool(report.limits),
    }
    site = asked.named_site(report.site)
    session = asked.fitting(site) if report.limits else asked.session()
    sums = daily.sums(session, "ways", params)
    rows = session.query(statement("reports/example"), ways=sums)
    return int(rows["n"][0].as_py())


def frame_of(page: str, site: Site, span: Range) -> Frame:
    names = tuple(asked.sites())
    keep = {"site": site.name} if len(names) > 1 else {}
    query = keep | {name: request.args[name] for name in KEPT if request.args.get(name)}
    own = _own(page)
    now = today(site.timezone)
    limits = {name: query[name] for name in (SEGMENT, *FILTERS) if name in query}
    beside = keep | limits | own
    # What was refused has no first day: there the last days are shown where none are asked for.
    everything = (
        ()
        if page == "refused"
        else (Preset(asked.words().say("Everything"), beside, span == Range()),)
    )
    return Frame(
        page=page,
        site=site,
        sites=names,
        query=query,
        own=own,
        filters={} if page in UNLIMITED else {name: limits.get(name, "") for name in FILTERS},
        segment=limits.get(SEGMENT, ""),
        segments=tuple(one.name for one in segments.segments(asked.session(), site.name)),
        presets=tuple(_presets(beside, span, now)) + everything,
        live=span.last is None or span.last >= now,
    )


def _own(page: str) -> dict[str, str]:
    """Return what the request chooses of the options that the page's report alone knows."""
    known = REPORTS[page].options if page in REPORTS else ()
    return {name: request.args[name] for name in known if request.args.get(name)}


def _presets(keep: dict[str, str], span: Range, today: date) -> list[Preset]:
    found = []
    for days in PRESETS:
        first = today - timedelta(days=days - 1)
        query = keep | {"from": first.isoformat(), "to": today.isoformat()}
        title = asked.words().say_count("%(n)s day", "%(n)s days", days)
        found.append(Preset(title, query, span == Range(first, today)))
    return found


@blueprint.app_template_global()
def page_url(page: str, query: dict[str, str]) -> str:
    """Return the address of a page that shows the same site and range."""
    values: dict[str, Any] = dict(query)
    if page in TABLES:
        return url_for("tables.table", name=page, **values)
    endpoint = ENDPOINTS.get(page, f"pages.{page}")
    return url_for(endpoint, **values)
