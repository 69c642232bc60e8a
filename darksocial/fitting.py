"""Fits of a site in the store: made, kept, and their scores given to the published visits."""

from __future__ import annotations

from datetime import date, timedelta

from darksocial.errors import InputError
from darksocial.estimator import counts, stored, validation
from darksocial.estimator.fit import fit
from darksocial.model import Site
from darksocial.reclassification import day_span, rescore_day
from darksocial.reports.model import Range
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

FIT_DAYS = 28
EVERYTHING = Range()


def fit_site(
    session: Session, site: Site, span: Range = EVERYTHING, *, deployed: bool | None = None
) -> stored.StoredFit:
    """Fit a site's published visits of some days (the last four weeks), keep the fit and score the
    visits with it; raise `InputError` where there is nothing published."""
    first, last = _days(session, site, span)
    found = fit(counts.gather(session, _sample(site, first, last)), deployed)
    counts.drop(session)
    stored.save(session, site.name, found, first, last)
    for day in _published(session, site, first, last):
        rescore_day(session, site, day)
    return stored.newest(session, site.name)[0]


def validate_site(
    session: Session, site: Site, span: Range = EVERYTHING, *, deployed: bool | None = None
) -> validation.Validation:
    """Hide tokens of a site's published visits and see what the fit finds again."""
    first, last = _days(session, site, span)
    return validation.validate(session, _sample(site, first, last), deployed)


def _sample(site: Site, first: date, last: date) -> counts.Sample:
    begin = day_span(first, site.timezone).begin
    end = day_span(last, site.timezone).end
    return counts.Sample("visits", site.name, begin, end, site.timezone)


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
