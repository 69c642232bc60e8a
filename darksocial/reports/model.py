"""Reports by their names."""

from __future__ import annotations

from datetime import date

from darksocial.errors import InputError, Said
from darksocial.model import Site
from darksocial.reports import (
    basic,
    campaigns,
    estimate,
    outcomes,
    public,
    segments,
    sharing,
    timing,
)
from darksocial.reports.narrowing import FILTERS, Filters, checked, narrowed
from darksocial.reports.question import Params, Question, Range, Report
from darksocial.store.protocol import Session
from darksocial.store.sql import statement

__all__ = ["EMPTY_DAY", "PAGE_LIMIT", "REPORTS", "Range", "Report", "known_options", "run"]

PAGE_LIMIT = 1000
EMPTY_DAY = date(1970, 1, 1)  # where nothing was recorded yet
EVER = Range()
SEGMENT = "segment"
# What every report may be limited to, beside its own options.
LIMITS = (*FILTERS, SEGMENT)

REPORTS: dict[str, Question] = {
    **basic.QUESTIONS,
    **sharing.QUESTIONS,
    **timing.QUESTIONS,
    **outcomes.QUESTIONS,
    **public.QUESTIONS,
    **campaigns.QUESTIONS,
    **estimate.QUESTIONS,
}


def run(session: Session, name: str, site: Site, span: Range = EVER, **options: str) -> Report:
    """Answer the report `name` for a site; raise `InputError` for one that there is not.

    `options` are those that the question knows (`by` of some, `token` or `link` of tree, `model`
    of conversions), the filters of `narrowing.FILTERS`, and the `segment` by name.
    """
    try:
        question = REPORTS[name]
    except KeyError:
        raise InputError(
            Said("%(name)r is no report: there are %(known)s.", name=name, known=", ".join(REPORTS))
        ) from None
    limits = {key: value for key, value in options.items() if key in LIMITS and value}
    fitting = narrowed(session, _filters(session, site, limits))
    first, last = _bounds(session, site, span)
    params: Params = {
        "site": site.name,
        "first": first or EMPTY_DAY,
        "last": last or EMPTY_DAY,
        "timezone": site.timezone,
        "limit": PAGE_LIMIT,
        "narrowed": bool(limits),
        **_checked(name, question, {key: options[key] for key in options if key not in LIMITS}),
    }
    rows, summary = question.answer(fitting, params)
    columns = question.columns(params)
    return Report(name, site.name, site.timezone, first, last, columns, rows, summary, limits)


def known_options(name: str) -> tuple[str, ...]:
    """Return the options that a report knows; none for a report that there is not."""
    return (*REPORTS[name].options, *LIMITS) if name in REPORTS else ()


def _filters(session: Session, site: Site, limits: Filters) -> list[Filters]:
    """Return what visits have to fit: the segment that is named, and the filters beside it."""
    asked = {name: value for name, value in limits.items() if name != SEGMENT}
    beside = checked(asked, site.hosts)
    if SEGMENT not in limits:
        return [beside]
    return [segments.find(session, site.name, limits[SEGMENT]).filters, beside]


def _checked(name: str, question: Question, options: Params) -> dict[str, str]:
    """Return every option of a question, "" where it was not given."""
    for option, value in options.items():
        if value and option not in question.options:
            raise InputError(
                Said("The report %(name)s knows no option %(option)r.", name=name, option=option)
            )
        words = question.options.get(option)
        if value and words and value not in words:
            raise InputError(
                Said(
                    "%(value)r is no %(option)s of %(name)s: there are %(known)s.",
                    value=value,
                    option=option,
                    name=name,
                    known=", ".join(words),
                )
            )
    return {option: str(options.get(option) or "") for option in question.options}


def _bounds(session: Session, site: Site, span: Range) -> tuple[date | None, date | None]:
    if span.first and span.last and span.first > span.last:
        raise InputError(
            Said(
                "The range ends on %(last)s, before it begins on %(first)s.",
                last=span.last,
                first=span.first,
            )
        )
    row = session.query(statement("reports/range"), site=site.name).to_pylist()[0]
    if not row["days"]:
        return span.first, span.last
    return span.first or row["first"], span.last or row["last"]
