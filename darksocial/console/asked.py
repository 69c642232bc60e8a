"""What a request asks for: its session of the store, its site and its range of days."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from flask import current_app, g, request

from darksocial import registry
from darksocial.console.recent import Recent
from darksocial.errors import DarksocialError, FilterNames, InputError, Said, UnknownSite
from darksocial.model import Site
from darksocial.reports import Range, Report, known_options, run, segments
from darksocial.reports.model import SEGMENT
from darksocial.reports.narrowing import FILTERS, Filters, checked, narrowed
from darksocial.reports.segments import Segment
from darksocial.store.protocol import Session
from darksocial.texts import LANGUAGES, Words, best, words_for
from darksocial.texts.headings import Headings

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def session() -> Session:
    """Return the request's session of the store."""
    if "session" not in g:
        g.session = current_app.config["STORE"].session()
    kept: Session = g.session
    return kept


def words() -> Words:
    """Return the words of the request: as asked for, as chosen before, or as the browser says."""
    if "words" not in g:
        own = g.account.language if g.get("account") else ""
        chosen = (request.args.get("lang", ""), own, request.cookies.get("lang", ""))
        found = next((code for code in chosen if code in LANGUAGES), "")
        g.words = words_for(found or best(request.accept_languages.values()))
    kept: Words = g.words
    return kept


def speak(chosen: Words) -> None:
    """Use these words for the rest of the request."""
    g.words = chosen


def told(sentence: DarksocialError | str) -> str:
    """Return an error or a sentence in the language of the request, where it is known in it."""
    said = sentence.args[0] if isinstance(sentence, DarksocialError) else sentence
    if not isinstance(said, Said):
        return str(said)
    values = {name: _told_value(value) for name, value in said.values.items()}
    template = words().say(said.template)
    return template % values if values else template


def _told_value(value: object) -> object:
    if isinstance(value, FilterNames):
        return ", ".join(map(Headings(words()).filter, value))
    return told(value) if isinstance(value, Said) else value


def sites() -> dict[str, Site]:
    """Return the sites that the asking account may see, by name."""
    if "sites" not in g:
        scope = g.account.site if g.get("account") else ""
        every = registry.sites(session())
        g.sites = {name: one for name, one in every.items() if scope in ("", name)}
    known: dict[str, Site] = g.sites
    return known


def site() -> Site:
    """Return the site that the request names, or the only one there is."""
    if request.args.get("site"):
        return _named()
    if len(sites()) == 1:
        return next(iter(sites().values()))
    raise InputError(
        Said("Say which site, as ?site=: there are %(found)s.", found=", ".join(sites()) or "none")
    )


def site_to_show() -> Site | None:
    """Return the site that the request names, or the first by name; `None` where there is none."""
    return _named() if request.args.get("site") else next(iter(sites().values()), None)


def site_needed() -> Site:
    """Return the site to show, or raise `InputError` where there is none."""
    site = site_to_show()
    if site is None:
        raise InputError(Said("There is no site yet: `darksocial site add example.com` adds one."))
    return site


def _named() -> Site:
    return named_site(request.args["site"])


def named_site(name: str) -> Site:
    """Return a site that the asking account may see, or raise `UnknownSite`."""
    found = sites().get(name) or sites().get(registry.host_name(name))
    if found is None:
        raise UnknownSite(registry.host_name(name))
    return found


def span(given: Mapping[str, str] | None = None) -> Range:
    """Return the range that the request's address, or what is given, has as `from` and `to`."""
    values = request.args if given is None else given
    return Range(*(day(name, values.get(name, "")) for name in ("from", "to")))


def answer(name: str, of: Site | None = None) -> Report:
    """Return the report that the request asks for: its site, its range, its options.

    The site is `of` where a page has chosen one.
    """
    return report(name, of or site(), span(), **chosen_options(name))


def report(name: str, site: Site, span: Range, **options: str) -> Report:
    """Return a report; one that took long may be a little older than the request."""
    recent: Recent = current_app.extensions["recent"]
    key = (name, site, span, tuple(sorted(options.items())))
    return recent.ask(key, lambda: run(session(), name, site, span, **options))


def chosen_options(name: str, given: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what the request's address, or what is given, chooses of a report's options."""
    values = request.args if given is None else given
    return {option: values[option] for option in known_options(name) if values.get(option)}


def filters() -> dict[str, str]:
    """Return the filters of visits that the request names, beside its segment."""
    return {name: request.args[name] for name in FILTERS if request.args.get(name)}


def segment(site: Site) -> Segment | None:
    """Return the segment that the request names, `None` where it names none."""
    name = option(SEGMENT)
    return segments.find(session(), site.name, name) if name else None


def limits(site: Site) -> list[Filters]:
    """Return all that visits have to fit: the segment's filters and those of the request."""
    named, beside = segment(site), checked(filters(), site.hosts)
    return [named.filters, beside] if named else [beside]


def fitting(site: Site) -> Session:
    """Return the request's session, in which the visits are those that fit."""
    return narrowed(session(), limits(site))


def option(name: str) -> str:
    """Return what the request says of an option, "" for nothing."""
    return request.args.get(name, "")


def place(name: str) -> int:
    """Return where a list goes on, as a link under it put that into the address; else 0."""
    text = request.args.get(name, "0")
    number = digits(text, 20)
    if number is None or number >= 1 << 64:
        raise InputError(
            Said(
                "%(name)s=%(text)s is no place in this list: follow the link under it.",
                name=name,
                text=text,
            )
        )
    return number


def digits(text: str, most: int) -> int | None:
    """Return the number that a text of at most `most` digits says, `None` where it is no such."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= most else None


def day(name: str, text: str) -> date | None:
    """Return the day that a text says, `None` where it is empty."""
    try:
        if text and not _DAY.fullmatch(text):  # newer Pythons know further ways to write a day
            raise ValueError(text)
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InputError(
            Said("%(text)r is no day: give %(name)s=YYYY-MM-DD.", text=text, name=name)
        ) from None
