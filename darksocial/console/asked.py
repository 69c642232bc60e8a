"""What a request asks for: its session of the store, its site and its range of days."""

from __future__ import annotations

from datetime import date

from flask import current_app, g, request

from darksocial import registry
from darksocial.errors import InputError
from darksocial.model import Site
from darksocial.reports import Range
from darksocial.store.protocol import Session
from darksocial.texts import LANGUAGES, Words, best, words_for


def session() -> Session:
    """Return the request's session of the store."""
    if "session" not in g:
        g.session = current_app.config["STORE"].session()
    kept: Session = g.session
    return kept


def words() -> Words:
    """Return the words of the request: as asked for, as chosen before, or as the browser says."""
    if "words" not in g:
        chosen = (request.args.get("lang", ""), request.cookies.get("lang", ""))
        found = next((code for code in chosen if code in LANGUAGES), "")
        g.words = words_for(found or best(request.accept_languages.values()))
    kept: Words = g.words
    return kept


def sites() -> dict[str, Site]:
    """Return all sites by name."""
    if "sites" not in g:
        g.sites = registry.sites(session())
    known: dict[str, Site] = g.sites
    return known


def site() -> Site:
    """Return the site that the request names, or the only one there is."""
    if request.args.get("site"):
        return _named()
    if len(sites()) == 1:
        return next(iter(sites().values()))
    raise InputError(f"Say which site, as ?site=: there are {', '.join(sites()) or 'none'}.")


def site_to_show() -> Site | None:
    """Return the site that the request names, or the first by name; `None` where there is none."""
    return _named() if request.args.get("site") else next(iter(sites().values()), None)


def _named() -> Site:
    name = request.args["site"]
    return sites().get(name) or registry.site(session(), name)


def span() -> Range:
    """Return the range that the request names with `from` and `to`."""
    return Range(_day("from"), _day("to"))


def _day(name: str) -> date | None:
    text = request.args.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(f"{text!r} is no day: give {name}=YYYY-MM-DD.") from None
