"""The first five minutes: sites and their tags, a check of the installation, example data."""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for

from darksocial import accounts, demo, reclassification, registry
from darksocial.accounts import ANALYST, OWNER
from darksocial.checking import Finding, Known, check
from darksocial.checking.fetch import Fetcher
from darksocial.console import asked, identity, pages
from darksocial.console.guard import account, require
from darksocial.days import local
from darksocial.errors import DarksocialError, InputError, Said
from darksocial.model import Site
from darksocial.reports import Range
from darksocial.settings import Settings
from darksocial.store.sql import statement
from darksocial.texts.language import mark as _
from darksocial.version import VERSION

blueprint = Blueprint("onboarding", __name__)

SECONDS = 5.0  # that each answer may take: somebody waits for the page
LEVELS = {"ok": _("fine"), "note": _("note"), "warning": _("look at it"), "error": _("mend it")}
# What the checks look at, as they name it.
LOOKED_AT = {
    "page": _("page"),
    "tag": _("tag"),
    "key": _("key of the site"),
    "consent": _("consent"),
    "script": _("script"),
    "integrity": _("integrity hash"),
    "cache": _("cache"),
    "csp": _("security policy"),
    "tracker": _("tracker"),
    "parameter": _("parameter of tokens"),
    "blockers": _("block lists"),
    "referrer": _("referrer policy"),
    "fetch-site": _("Sec-Fetch-Site"),
}


@blueprint.get("/setup")
@require(ANALYST)
def show() -> str:
    return _page()


@blueprint.post("/setup/sites")
@require(OWNER)
def add_site() -> Any:
    """Add a site, or a further host or another time zone to one that there is."""
    name, host = (request.form.get(field, "").strip() for field in ("name", "host"))
    zone = request.form.get("timezone", "").strip()
    session = asked.session()
    try:
        before = registry.sites(session).get(registry.host_name(name))
        site = registry.add_site(session, name, (name, host) if host else (), zone)
    except DarksocialError as error:
        return _page(error=error), 400
    if before and before.timezone != site.timezone:
        reclassification.touch_all(session, site)  # its days begin at other times now
    _publish()
    accounts.note(session, account().name, "add_site", site.name)
    return redirect(url_for("onboarding.show", site=site.name), 303)


@blueprint.post("/setup/check")
@require(OWNER)
def check_installation() -> Any:
    """Look at a page of the site as a visitor's browser gets it, and say what was found."""
    site = asked.site_needed()
    url = request.form.get("url", "").strip()
    lock: threading.Lock = current_app.extensions["checking"]
    if not lock.acquire(blocking=False):
        abort(429, Said("Another check is running: try again when it is done."))
    try:
        return _page(findings=_findings(site, url), url=url)
    except InputError as error:
        return _page(error=error, url=url), 400
    finally:
        lock.release()


@blueprint.post("/setup/example")
@require(OWNER)
def change_example() -> Any:
    """Enter the example data, or take it out."""
    settings: Settings = current_app.config["SETTINGS"]
    if request.form.get("do") == "remove":
        demo.take_out(asked.session())
        if not current_app.config.get("DEMO"):
            demo.remove_site(asked.session())
        _publish()
        accounts.note(asked.session(), account().name, "remove_example", demo.SITE)
        return redirect(url_for("onboarding.show"), 303)
    demo.bring(asked.session(), settings)
    accounts.note(asked.session(), account().name, "enter_example", demo.SITE)
    return redirect(url_for("pages.overview", site=demo.SITE), 303)


def first_page(host: str) -> str:
    """Return where a host's pages probably are: on this machine, servers have no certificate."""
    name = host.split(":")[0]
    scheme = "http" if name == "localhost" or name.startswith("127.") else "https"
    return f"{scheme}://{host}/"


def page_of(site: Site, url: str) -> str:
    """Return the address of a page that may be asked for, or raise `InputError`.

    The console stands where its network trusts it, so it asks a site's own hosts alone.
    """
    url = url if "://" in url else f"https://{url}"
    refused = InputError(
        Said(
            "%(url)r is no page of %(site)s: give one on %(hosts)s, or add its host to the site "
            "first.",
            url=url,
            site=site.name,
            hosts=", ".join(site.hosts),
        )
    )
    try:
        url = registry.page_address(url)
    except InputError:
        raise refused from None
    if not Fetcher(hosts=site.hosts).may_ask(urlsplit(url)):
        raise refused
    return url


def _findings(site: Site, url: str) -> list[Finding]:
    """Check a page, asking no host but the site's own and the tracker's."""
    settings: Settings = current_app.config["SETTINGS"]
    tracker = urlsplit(settings.tracker_address).netloc
    fetcher = Fetcher(
        allow_private=_on_loopback(settings), seconds=SECONDS, hosts=(*site.hosts, tracker)
    )
    known = Known(VERSION, current_app.config.get("SCRIPTS", ()), site.key)
    return list(check(page_of(site, url), fetcher, known))


def _on_loopback(settings: Settings) -> bool:
    """Return whether the console and who asks are on this machine alone."""
    if not identity.local():
        return False
    if settings.console_host == "localhost":
        return True
    try:
        return ipaddress.ip_address(settings.console_host).is_loopback
    except ValueError:
        return False


def _publish() -> None:
    """Tell the tracker now instead of a second later."""
    settings: Settings = current_app.config["SETTINGS"]
    registry.write_snapshot(asked.session(), settings.snapshot)


def _page(
    error: DarksocialError | None = None, findings: list[Finding] | None = None, url: str = ""
) -> str:
    settings: Settings = current_app.config["SETTINGS"]
    site = asked.site_to_show()
    if site is None:
        return pages.start(error)
    return render_template(
        "setup.html",
        frame=pages.frame_of("setup", site, Range()),
        error=error,
        findings=findings,
        levels=LEVELS,
        looked_at=LOOKED_AT,
        spoken=asked.told,
        url=url or first_page(site.hosts[0]),
        tracker=settings.tracker_address,
        heard=heard(site),
        example=demo.is_entered(asked.session()),
        owner=g.account.may(OWNER),
    )


def heard(site: Site) -> Mapping[str, Any]:
    """Return the first and last time at which the tracker heard of a site, and how often it did.

    Times are in the site's time zone, `None` where it never did; imports and example data are
    not heard.
    """
    row = asked.session().query(statement("reports/heard"), site=site.name).to_pylist()[0]
    times = {
        name: local(row[name], site.timezone) if row["hits"] else None for name in ("first", "last")
    }
    return {"hits": row["hits"], **times}
