"""Fits of a site in the store: made, kept, made again when they are out of date, and their scores
given to the published visits."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from datetime import date, timedelta

from darksocial import registry
from darksocial.days import span_of
from darksocial.errors import DarksocialError, InputError
from darksocial.estimator import borrowing, counts, drift, seeded, stored, validation
from darksocial.estimator.fit import Fit, fit
from darksocial.model import Site
from darksocial.reclassification import rescore_day
from darksocial.reports.model import Range
from darksocial.store.protocol import Session, Store
from darksocial.store.sql import statement

log = logging.getLogger("darksocial.fitting")

FIT_DAYS = 28
SEEDS_KEPT = timedelta(days=seeded.KEPT_DAYS)
EVERYTHING = Range()
FIRST_SECONDS, PAUSE_SECONDS = 300.0, 3600.0


def fit_site(
    session: Session, site: Site, span: Range = EVERYTHING, *, deployed: bool | None = None
) -> stored.StoredFit:
    """Fit a site's published visits of some days (the last four weeks), keep the fit and score the
    visits with it; raise `InputError` where there is nothing published."""
    first, last = _days(session, site, span)
    gathered = counts.gather(session, _sample(site, first, last))
    counts.drop(session)
    planted = seeded.stored_seeds(session, site.name, last - SEEDS_KEPT, last)
    found = _fit(session, site, seeded.with_seeds(gathered, planted), deployed)
    stored.save(session, site.name, found, first, last, deployed)
    for day in _published(session, site, first, last):
        rescore_day(session, site, day)
    return stored.newest(session, site.name)[0]


def _fit(session: Session, site: Site, gathered: counts.Counts, deployed: bool | None) -> Fit:
    """Return the fit; a site whose own channels say too little borrows from the others."""
    lent = None
    if borrowing.silent(gathered):
        lent = borrowing.borrowed(_channels_of_others(session, site), gathered.extent.lumps)
    if lent is None:
        return fit(gathered, deployed)
    found = fit(borrowing.with_borrowed(gathered, lent), deployed)
    if "propensity" not in found.estimate.sources:
        return found
    return replace(found, estimate=borrowing.said_so(found.estimate, lent))


def _channels_of_others(session: Session, site: Site) -> dict[str, borrowing.ChannelSums]:
    found: dict[str, borrowing.ChannelSums] = {}
    for name in registry.sites(session):
        fits = stored.newest(session, name) if name != site.name else []
        if fits:
            found[name] = borrowing.sums_of(fits[0].inputs)
    return found


def refit_due(session: Session, days: int = drift.REFIT_DAYS) -> list[str]:
    """Fit every site whose fit is out of date (`drift.due`); return their names.

    Each is told of the snippet what the fit before it was told.
    """
    fitted = []
    for site in registry.sites(session).values():
        why = drift.due(session, site.name, days)
        if not why:
            continue
        before = stored.newest(session, site.name)
        made = fit_site(session, site, deployed=before[0].deployed if before else None)
        log.info("%s was fitted, since %s: %s", site.name, "; ".join(why), made.estimate.status)
        for sentence in drift.alarms(stored.newest(session, site.name, 2)):
            log.warning("%s: %s", site.name, sentence)
        fitted.append(site.name)
    return fitted


class Refitter:
    """The thread of the private process that keeps fits up to date; what fails waits an hour."""

    def __init__(self, store: Store, days: int) -> None:
        self._store = store
        self._days = days

    def run(self, stop: threading.Event) -> None:
        """Look every hour until `stop` is set; never where the days are 0."""
        pause = FIRST_SECONDS
        while self._days and not stop.wait(pause):
            self.step()
            pause = PAUSE_SECONDS

    def step(self) -> list[str]:
        """Fit what is due now; return the names of the sites."""
        try:
            with self._store.session() as session:
                return refit_due(session, self._days)
        except Exception as error:
            known = isinstance(error, DarksocialError)
            log.warning("Fits wait: %s", error, exc_info=None if known else error)
            return []


def validate_site(
    session: Session, site: Site, span: Range = EVERYTHING, *, deployed: bool | None = None
) -> validation.Validation:
    """Hide tokens of a site's published visits and see what the fit finds again."""
    first, last = _days(session, site, span)
    return validation.validate(session, _sample(site, first, last), deployed)


def _sample(site: Site, first: date, last: date) -> counts.Sample:
    span = span_of(first, last, site.timezone)
    return counts.Sample("visits", site.name, span.begin, span.end, site.timezone)


def _days(session: Session, site: Site, span: Range) -> tuple[date, date]:
    row = session.query(statement("reports/range"), site=site.name).to_pylist()[0]
    if not row["days"]:
        raise InputError(
            f"Nothing is published of {site.name} yet: record or import hits, then fit again."
        )
    last = span.last or row["last"]
    first = span.first or max(row["first"], last - timedelta(days=FIT_DAYS - 1))
    if first > last:
        raise InputError(f"The range ends on {last}, before it begins on {first}.")
    return first, last


def _published(session: Session, site: Site, first: date, last: date) -> list[date]:
    rows = session.query(statement("estimate/days"), site=site.name, first=first, last=last)
    return list(rows["day"].to_pylist())
